"""Screening in the window: deciding by key and by mouse, taking back, browsing, notes, blinding, conflicts."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.errors import FileProblem
from core.model import Id, Reveal, Stage, Standing, Verdict
from core.review import Review
from core.session.screening import Order, ScreeningPart
from gui import theme
from gui.pages.screening.page import ScreeningPage
from gui.pages.screening.side import Note, ReasonButton
from gui.theme import Theme, color
from gui.widgets.buttons import Button
from gui.widgets.fields import Combo, LineEdit, SegmentedControl
from gui.widgets.marked_text import MarkedText, Paragraph, Terms, paragraphs
from gui.widgets.messages import EmptyState, Message
from gui.widgets.record_card import authors_line, doi_url, journal_line
from tests.gui.conftest import MakeWindow
from tests.gui.judging_driver import Judging, Reviews, judge_all, open_in, specs
from tests.gui.layout_checks import faults
from tests.reviews import new_review, record_ids, sessions

Open = Callable[..., "Screening"]


class Screening(Judging):
    """The screening page."""

    @property
    def screening(self) -> ScreeningPage:
        page = self.page
        assert isinstance(page, ScreeningPage)
        return page

    def shown(self) -> Id | None:
        """The record on the card, None when there is something else to see."""
        card = self.screening.screen_tab.card
        record = card.record()
        return record.id if record is not None and card.isVisible() else None

    def conflict(self) -> Id | None:
        """The record on the Conflicts tab."""
        card = self.screening.conflicts_tab.card
        record = card.record()
        return record.id if record is not None and card.isVisible() else None

    def progress(self) -> str:
        return self.screening.screen_tab.line.text()

    def empty(self) -> EmptyState:
        """What stands where nothing is to be done."""
        found = [each for each in self.page.findChildren(EmptyState) if each.isVisible()]
        assert len(found) == 1
        return found[0]


@pytest.fixture(scope="module")
def reviews(tmp_path_factory: pytest.TempPathFactory) -> Reviews:
    return Reviews(tmp_path_factory.mktemp("reviews"))


@pytest.fixture
def open_screening(make_window: MakeWindow, reviews: Reviews, tmp_path: Path, qtbot: QtBot) -> Open:
    """Open a review of so many records; `prepare(review)` sets it up before."""

    def make(
        records: int = 4, prepare: Callable[[Review], object] | None = None, others: tuple[str, ...] = ()
    ) -> Screening:
        path = reviews.copy(tmp_path, records, prepare)
        window = make_window(specs("screening", *others))
        window.resize(1280, 800)
        return Screening(open_in(window, path, qtbot), "screening", qtbot)

    return make


def with_reasons(review: Review) -> None:
    lead = sessions(review)[0]
    for text in ("Wrong population", "Wrong intervention", "Wrong design"):
        lead.protocol.add_reason(Stage.TITLE_ABSTRACT, text)


def verdict_of(driver: Judging, name: str, record: Id) -> Verdict | None:
    decision = driver.session(name).screening.my_decision(record)
    return decision.verdict if decision else None


# deciding


@pytest.mark.parametrize(
    ("key", "verdict", "line"),
    [
        ("I", Verdict.INCLUDE, "Included. U takes it back."),
        ("M", Verdict.MAYBE, "Kept as maybe. U takes it back."),
        ("E", Verdict.EXCLUDE, "Excluded. U takes it back."),
    ],
)
@pytest.mark.parametrize("by", ["key", "mouse"])
def test_a_decision_is_kept_and_the_next_record_shows(
    open_screening: Open, key: str, verdict: Verdict, line: str, by: str
) -> None:
    it = open_screening()
    first, second = record_ids(it.review)[:2]
    assert it.shown() == first
    if by == "key":
        it.press(key)
    else:
        it.click(f"screening.{verdict.value}")
    assert verdict_of(it, "Asha", first) is verdict
    assert it.shown() == second
    assert it.progress() == f"1 of 4 screened, {int(verdict is Verdict.INCLUDE)} included"
    assert it.status() == line


def test_a_number_excludes_for_that_reason(open_screening: Open) -> None:
    it = open_screening(prepare=with_reasons)
    first = record_ids(it.review)[0]
    it.press("3")
    decision = it.session("Asha").screening.my_decision(first)
    assert decision is not None
    assert (decision.verdict, decision.reason) == (Verdict.EXCLUDE, "Wrong design")
    assert it.status() == "Excluded: wrong design. U takes it back."


def test_a_reason_can_be_clicked_and_is_marked_when_one_comes_back(open_screening: Open) -> None:
    it = open_screening(prepare=with_reasons)
    first = record_ids(it.review)[0]
    it.click_on(it.find(ReasonButton, "reason.2"))
    assert it.shown() != first
    it.click("screening.previous")
    assert it.shown() == first
    assert it.find(ReasonButton, "reason.2").is_chosen()
    assert it.find(Button, "screening.exclude").isChecked()
    assert "You: exclude" in it.texts()


def test_a_number_without_a_reason_does_nothing(open_screening: Open) -> None:
    it = open_screening(prepare=with_reasons)
    first = record_ids(it.review)[0]
    it.press("4")
    assert it.shown() == first
    assert it.progress() == "0 of 4 screened, 0 included"


def test_a_key_held_down_decides_once(open_screening: Open) -> None:
    it = open_screening()
    first, second = record_ids(it.review)[:2]
    it.press("E")
    for _ in range(5):
        target = it.window.focusWidget()
        assert target is not None
        held = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_E, Qt.KeyboardModifier.NoModifier, "e", True)
        QApplication.sendEvent(target, held)
        it.settle()
    assert it.shown() == second
    assert it.session("Asha").screening.decided() == [first]


def test_two_keys_before_the_first_is_kept_decide_one_record(open_screening: Open) -> None:
    it = open_screening()
    first, second = record_ids(it.review)[:2]
    target = it.window.focusWidget()
    assert target is not None
    QTest.keyClick(target, "I")
    QTest.keyClick(target, "E")
    it.settle()
    assert it.shown() == second
    assert verdict_of(it, "Asha", first) is Verdict.INCLUDE
    assert it.session("Asha").screening.progress().done == 1


def test_many_records_come_one_after_the_other(open_screening: Open) -> None:
    it = open_screening(70)
    ids = record_ids(it.review)
    seen: list[Id | None] = []
    for _ in range(70):
        seen.append(it.shown())
        it.press("E")
    assert seen == ids
    assert it.session("Asha").screening.progress().done == 70
    assert it.empty().title.text() == "All 70 records have your decision."


def test_a_record_closed_meanwhile_is_refused_in_words_and_the_next_comes(open_screening: Open) -> None:
    it = open_screening()
    ids = record_ids(it.review)
    it.session("Tom").references.merge(ids[1], ids[0])
    it.press("I")
    assert len(it.messages()) == 1
    assert "not (or no longer) to be screened" in it.messages()[0]
    assert it.shown() == ids[1]
    assert it.progress() == "0 of 3 screened, 0 included"


# taking back, browsing, changing


def test_u_takes_back_one_decision_after_the_other(open_screening: Open) -> None:
    it = open_screening()
    ids = record_ids(it.review)
    it.press("I", "E", "U")
    assert it.shown() == ids[1]
    assert verdict_of(it, "Asha", ids[1]) is None
    assert it.progress() == "1 of 4 screened, 1 included"
    it.click("screening.take_back")
    assert it.shown() == ids[0]
    assert it.session("Asha").screening.progress().done == 0
    assert not it.find(Button, "screening.take_back").isEnabled()
    it.press("M", "M")
    assert it.shown() == ids[2]


def test_undo_brings_the_record_back_and_redo_goes_on(open_screening: Open) -> None:
    it = open_screening()
    ids = record_ids(it.review)
    it.press("I", "E")
    it.window.registry.trigger("edit.undo")
    it.settle()
    assert it.shown() == ids[1]
    assert it.progress() == "1 of 4 screened, 1 included"
    it.window.registry.trigger("edit.redo")
    it.settle()
    assert it.shown() == ids[2]
    assert it.progress() == "2 of 4 screened, 1 included"


def test_what_u_took_back_can_be_undone_too(open_screening: Open) -> None:
    it = open_screening()
    ids = record_ids(it.review)
    it.press("I", "U")
    it.window.registry.trigger("edit.undo")
    it.settle()
    assert verdict_of(it, "Asha", ids[0]) is Verdict.INCLUDE
    assert it.shown() == ids[1]


def test_arrows_browse_and_a_decision_can_be_changed(open_screening: Open) -> None:
    it = open_screening()
    ids = record_ids(it.review)
    it.press("I", "I", Qt.Key.Key_Left, Qt.Key.Key_Left)
    assert it.shown() == ids[0]
    assert it.find(Button, "screening.include").isChecked()
    it.press("E")
    assert verdict_of(it, "Asha", ids[0]) is Verdict.EXCLUDE
    assert it.progress() == "2 of 4 screened, 1 included"
    assert it.shown() == ids[1]
    it.press(Qt.Key.Key_Right)
    assert it.shown() == ids[2]


def test_a_record_passed_over_comes_again_at_the_end(open_screening: Open) -> None:
    it = open_screening()
    ids = record_ids(it.review)
    it.press(Qt.Key.Key_Right)
    assert it.shown() == ids[1]
    it.press("E", "E", "E")
    assert it.shown() == ids[0]
    it.press("E")
    assert it.empty().title.text() == "All 4 records have your decision."


def test_a_long_record_is_laid_out_at_once_and_scrolled_by_key(open_screening: Open, tmp_path: Path) -> None:
    def prepare(review: Review) -> None:
        long = tmp_path / "long.ris"
        long.write_text(f"TY  - JOUR\nTI  - Long\nPY  - 2020\nAB  - {'Many words. ' * 600}\nER  - \n", encoding="utf-8")
        sessions(review)[0].references.import_file(long)

    it = open_screening(1, prepare)
    it.window.resize(1024, 700)
    it.settle()
    bar = it.screening.screen_tab.scroll_bar()
    assert bar.maximum() == 0
    ranges: list[int] = []
    text = it.screening.screen_tab.card.abstract
    text.textChanged.connect(lambda: QTimer.singleShot(0, lambda: ranges.append(bar.maximum())))
    it.press("E")
    assert text.height() == text.heightForWidth(text.width()) > 2000
    assert ranges[0] == bar.maximum() > 1500
    it.press(Qt.Key.Key_Down)
    line = bar.value()
    it.press(Qt.Key.Key_PageDown)
    assert 0 < line < bar.value() - line
    it.press(Qt.Key.Key_PageUp, Qt.Key.Key_Up)
    assert bar.value() == 0
    it.press(Qt.Key.Key_PageDown, Qt.Key.Key_Left)
    assert bar.value() == 0


def test_decisions_of_earlier_days_can_be_browsed(open_screening: Open) -> None:
    it = open_screening(
        prepare=lambda review: sessions(review)[0].screening.decide(record_ids(review)[0], Verdict.MAYBE)
    )
    ids = record_ids(it.review)
    assert it.shown() == ids[1]
    it.press(Qt.Key.Key_Left)
    assert it.shown() == ids[0]
    assert it.find(Button, "screening.maybe").isChecked()


def test_the_order_can_be_chosen_and_is_remembered(open_screening: Open) -> None:
    it = open_screening(12)
    combo = it.find(Combo, "screening.order")
    combo.setFocus()
    QTest.keyClick(combo, Qt.Key.Key_End)
    it.settle()
    assert combo.value() == Order.ALPHABETICAL.value
    line = it.screening.screen_tab.line
    least = line.minimumSizeHint().width()
    line.set_narrow(True, tight=True)
    assert line.minimumSizeHint().width() < least - theme.scaled(200)  # bar, words and their gaps give way
    assert combo.isVisible()
    line.set_narrow(False)
    wanted = it.session("Asha").screening.queue(Order.ALPHABETICAL)
    assert wanted != record_ids(it.review)
    seen: list[Id | None] = []
    for _ in wanted:
        seen.append(it.shown())
        it.press("E")
    assert seen == wanted
    it.work_as("Tom")
    assert it.find(Combo, "screening.order").value() == Order.ALPHABETICAL.value
    it.press("E")
    assert it.shown() == wanted[1]


# notes


def test_keys_go_into_the_note_while_it_is_written(open_screening: Open) -> None:
    it = open_screening()
    ids = record_ids(it.review)
    it.press("N")
    note = it.find(Note, "note")
    assert note.hasFocus()
    QTest.keyClicks(note, "Maybe 11 in all; ask E.M.")
    it.press(Qt.Key.Key_Escape)
    assert it.shown() == ids[0]
    assert it.session("Asha").screening.my_note(ids[0]) == "Maybe 11 in all; ask E.M."
    it.press("I")
    assert it.shown() == ids[1]
    assert it.find(Note, "note").toPlainText() == ""
    it.press(Qt.Key.Key_Left)
    assert it.find(Note, "note").toPlainText() == "Maybe 11 in all; ask E.M."


@pytest.mark.parametrize("by", ["mouse", "command"])
def test_a_note_under_way_is_kept_with_a_decision(open_screening: Open, by: str) -> None:
    it = open_screening()
    first = record_ids(it.review)[0]
    it.click("screening.note")
    QTest.keyClicks(it.find(Note, "note"), "n = 6")
    if by == "mouse":
        it.click("screening.include")
    else:  # leaves the focus in the note, as buttons do where they take none
        it.window.registry.trigger("screening.include")
        it.settle()
    assert it.session("Asha").screening.my_note(first) == "n = 6"
    assert verdict_of(it, "Asha", first) is Verdict.INCLUDE


def test_a_note_that_could_not_be_saved_stays_in_its_field(
    open_screening: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    it = open_screening()
    first = record_ids(it.review)[0]

    def full(*_what: object) -> None:
        raise FileProblem("file.full", "The disk is full, so the last change was not kept.")

    with monkeypatch.context() as patched:
        patched.setattr(ScreeningPart, "set_note", full)
        it.press("N")
        QTest.keyClicks(it.find(Note, "note"), "n = 6")
        it.press(Qt.Key.Key_Escape)
        assert it.messages() == ["The disk is full, so the last change was not kept."]
        it.press(Qt.Key.Key_Right, Qt.Key.Key_Left)
        assert it.find(Note, "note").toPlainText() == "n = 6"
    it.press("I")
    assert it.session("Asha").screening.my_note(first) == "n = 6"
    assert it.messages() == []
    it.press(Qt.Key.Key_Left)
    assert it.find(Note, "note").toPlainText() == "n = 6"


def test_a_note_that_could_not_be_saved_and_is_cleared_stays_cleared(
    open_screening: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    it = open_screening()

    def full(*_what: object) -> None:
        raise FileProblem("file.full", "The disk is full, so the last change was not kept.")

    with monkeypatch.context() as patched:
        patched.setattr(ScreeningPart, "set_note", full)
        it.press("N")
        QTest.keyClicks(it.find(Note, "note"), "n = 6")
        it.press(Qt.Key.Key_Escape)
    it.press("N")
    note = it.find(Note, "note")
    QTest.keyClick(note, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    it.press(Qt.Key.Key_Delete, Qt.Key.Key_Escape, Qt.Key.Key_Right, Qt.Key.Key_Left)
    assert note.toPlainText() == ""


def test_a_decision_that_found_the_disk_full_can_be_tried_again(
    open_screening: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    it = open_screening()
    first = record_ids(it.review)[0]

    def full(*_what: object) -> None:
        raise FileProblem("file.full", "The disk is full, so the last change was not kept.")

    def fail() -> Message:
        with monkeypatch.context() as patched:
            patched.setattr(ScreeningPart, "decide", full)
            it.press("I")
        (message,) = it.page.messages.messages()
        assert verdict_of(it, "Asha", first) is None
        return message

    it.click_on(fail().buttons[0])
    assert verdict_of(it, "Asha", first) is Verdict.INCLUDE
    assert it.messages() == []
    it.press("U")
    fail()
    it.press("E")  # decided otherwise: what failed is not offered any more
    assert verdict_of(it, "Asha", first) is Verdict.EXCLUDE
    assert it.messages() == []


def test_a_note_under_way_is_kept_when_the_review_is_closed(open_screening: Open) -> None:
    it = open_screening()
    first = record_ids(it.review)[0]
    path = it.review.path
    it.press("N")
    QTest.keyClicks(it.find(Note, "note"), "check")
    it.window.registry.trigger("file.close")
    it.qtbot.waitUntil(lambda: it.window.desk() is None)
    review = Review.open(path)
    assert sessions(review)[0].screening.my_note(first) == "check"
    review.close()


# what stands beside the record


def test_the_question_criteria_and_terms_are_shown(open_screening: Open) -> None:
    def prepare(review: Review) -> None:
        lead = sessions(review)[0].protocol
        lead.describe(population="Adults with PTSD", intervention="Ketamine")
        lead.add_criterion("exclude", "Animals")
        lead.add_term("include", "ketamine")
        lead.add_term("exclude", "abstract of")

    it = open_screening(prepare=prepare)
    assert {"P", "Adults with PTSD", "I", "Ketamine", "Animals"} <= set(it.texts())
    text = it.screening.screen_tab.card.abstract
    assert text.marked()[0] == "Abstract of"
    it.press("H")
    assert text.marked() == []
    it.click("screening.highlights")
    assert text.marked()[0] == "Abstract of"


def test_the_lead_adds_a_reason_on_the_spot(open_screening: Open) -> None:
    it = open_screening()
    first = record_ids(it.review)[0]
    it.click("reasons.add")
    field = it.find(LineEdit, "reasons.field")
    QTest.keyClicks(field, "Wrong design")
    it.press(Qt.Key.Key_Return)
    assert it.find(ReasonButton, "reason.1").text() == "Wrong design"
    it.press("1")
    decision = it.session("Asha").screening.my_decision(first)
    assert decision is not None
    assert decision.reason == "Wrong design"


def test_others_cannot_add_reasons(open_screening: Open) -> None:
    it = open_screening()
    it.work_as("Tom")
    assert [each for each in it.page.findChildren(Button, "reasons.add") if each.isVisible()] == []
    assert "There are none yet; Asha adds them." in it.texts()


def test_a_wide_window_lists_what_was_just_decided(open_screening: Open) -> None:
    it = open_screening(prepare=with_reasons)
    ids = record_ids(it.review)
    it.window.resize(1600, 900)
    it.press("I", "2")
    recent = it.screening.screen_tab.recent
    assert recent.isVisible()
    assert [recent.row_at(n).spoken.split(", ")[1:] for n in range(2)] == [
        ["Exclude", "Wrong intervention"],
        ["Include"],
    ]
    it.qtbot.mouseClick(
        recent.viewport(), Qt.MouseButton.LeftButton, pos=recent.visualRect(recent.rows.index(1, 0)).center()
    )
    it.settle()
    assert it.shown() == ids[0]


# nothing to do


def test_without_records_the_page_leads_to_references(open_screening: Open) -> None:
    it = open_screening(0, others=("references",))
    assert it.empty().text.text() == "Screening starts when references are in."
    it.click("screening.to_references")
    assert it.desk.current_id() == "references"


def test_while_blinded_nothing_tells_what_the_other_decided(
    make_window: MakeWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    seen: list[list[str]] = []
    for name, theirs in (("agrees", Verdict.INCLUDE), ("differs", Verdict.EXCLUDE)):
        review = new_review(tmp_path, 3, name=f"{name}.copse")
        sessions(review)[1].screening.decide(record_ids(review)[0], theirs)
        review.close()
        it = Screening(open_in(make_window(specs("screening")), review.path, qtbot), "screening", qtbot)
        texts: list[str] = []
        for _ in range(3):
            texts += [*it.texts(), it.status()]
            assert tab_count(it) == ""
            it.press("I")
        for tab in ("decided", "conflicts", "screen"):
            texts += [*it.texts(), it.status()]
            it.tab(tab)
        seen.append([*texts, *it.texts()])
        it.window.close()
    assert seen[0] == seen[1]
    assert "All 3 records have your decision." in seen[0]
    assert any("hidden" in text for text in seen[0])


def test_while_blinded_a_conflict_settled_early_stays_hidden(open_screening: Open) -> None:
    def prepare(review: Review) -> None:
        asha, tom, rosa = sessions(review)
        first = record_ids(review)[0]
        asha.screening.decide(first, Verdict.INCLUDE)
        tom.screening.decide(first, Verdict.EXCLUDE)
        rosa.screening.resolve(first, Verdict.EXCLUDE)

    it = open_screening(prepare=prepare)
    it.tab("conflicts")
    it.screening.conflicts_tab.which.set_current("settled")
    it.settle()
    assert it.screening.conflicts_tab.list.count() == 0
    assert it.empty().title.text() == "Conflicts are hidden for now"


def test_when_all_have_screened_the_differences_are_counted(open_screening: Open) -> None:
    def prepare(review: Review) -> None:
        judge_all(sessions(review)[1], {record_ids(review)[1]: Verdict.INCLUDE})

    it = open_screening(3, prepare, others=("fulltext",))
    it.press("E", "E", "E")
    assert it.empty().text.text() == "1 differs from Tom’s and waits for Rosa."
    it.click("screening.to_fulltext")
    assert it.desk.current_id() == "fulltext"


def test_who_settles_goes_from_screening_to_the_conflicts(
    make_window: MakeWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    review = new_review(tmp_path, 1, team=("Asha Menon", "Tom Okafor"))
    sessions(review)[1].screening.decide(record_ids(review)[0], Verdict.INCLUDE)
    review.close()
    it = Screening(open_in(make_window(specs("screening")), review.path, qtbot), "screening", qtbot)
    it.press("E")
    assert it.empty().text.text() == "1 differs from Tom’s and waits for you and Tom."
    it.click("screening.to_conflicts")
    assert it.page.header.tabs.current() == "conflicts"


def test_who_does_not_screen_begins_with_the_conflicts(open_screening: Open) -> None:
    it = open_screening()
    it.work_as("Rosa")
    assert it.page.header.tabs.current() == "conflicts"
    assert it.empty().text.text() == "Both reviewers agree on all records that both have screened."
    it.tab("screen")
    assert it.empty().title.text() == "You do not screen in this review"
    it.press("I")
    it.click("screening.to_conflicts")
    assert it.page.header.tabs.current() == "conflicts"


def test_a_single_reviewer_has_no_conflicts(make_window: MakeWindow, tmp_path: Path, qtbot: QtBot) -> None:
    review = new_review(tmp_path, 1, team=("Asha Menon",))
    review.close()
    it = Screening(open_in(make_window(specs("screening")), review.path, qtbot), "screening", qtbot)
    it.press("I")
    assert it.empty().text.text() == "What you included or kept as maybe goes on to full text."
    it.tab("conflicts")
    assert it.empty().text.text() == "One reviewer decides, so no decisions can differ."


# own decisions


def test_own_decisions_are_listed_filtered_and_changed(open_screening: Open) -> None:
    it = open_screening()
    ids = record_ids(it.review)
    it.press("I", "E", "M")
    it.tab("decided")
    table = it.screening.decided_tab.model
    assert list(table.ids()) == [ids[2], ids[1], ids[0]]
    which = it.find(SegmentedControl, "decided.which")
    it.qtbot.mouseClick(which, Qt.MouseButton.LeftButton, pos=which.segment_rect("exclude").center())
    assert list(table.ids()) == [ids[1]]
    it.click("decided.open")
    assert it.page.header.tabs.current() == "screen"
    assert it.shown() == ids[1]
    it.press("I")
    assert verdict_of(it, "Asha", ids[1]) is Verdict.INCLUDE
    it.tab("decided")
    assert table.rowCount() == 0
    assert it.empty().title.text() == "No decisions here"


# conflicts


def in_conflict(review: Review) -> None:
    """Asha and Tom are through; they differ on the first two of five."""
    with_reasons(review)
    asha, tom, _ = sessions(review)
    ids = record_ids(review)
    reasons = asha.protocol.reasons(Stage.TITLE_ABSTRACT)
    judge_all(asha, {ids[0]: Verdict.INCLUDE, ids[1]: Verdict.MAYBE, ids[2]: Verdict.INCLUDE})
    tom.screening.set_note(ids[0], "Carryover cannot be excluded.")
    tom.screening.decide(ids[0], Verdict.EXCLUDE, reasons[2].id)
    judge_all(tom, {ids[2]: Verdict.INCLUDE})


@pytest.fixture
def rosa(open_screening: Open) -> Screening:
    """The adjudicator before two conflicts."""
    it = open_screening(5, prepare=in_conflict)
    it.work_as("Rosa")
    return it


def tab_count(it: Judging) -> str:
    return it.page.header.tabs.count("conflicts")


def test_a_conflict_shows_both_verdicts_reasons_and_notes(rosa: Screening) -> None:
    ids = record_ids(rosa.review)
    assert rosa.conflict() == ids[0]
    assert tab_count(rosa) == "2"
    assert {"Asha Menon", "Tom Brandt", "3  Wrong design", "none needed", "Carryover cannot be excluded."} <= set(
        rosa.texts()
    )


def test_a_conflict_is_settled_by_key_for_the_reason_given(rosa: Screening) -> None:
    ids = record_ids(rosa.review)
    rosa.press("E")
    settled = rosa.session("Rosa").screening.resolution(ids[0])
    assert settled is not None
    assert (settled.verdict, settled.reason) == (Verdict.EXCLUDE, "Wrong design")
    assert rosa.status() == "Settled. Excluded: wrong design."
    assert rosa.conflict() == ids[1]
    assert tab_count(rosa) == "1"
    rosa.press("I")
    assert rosa.session("Rosa").screening.standing(ids[1]) is Standing.INCLUDED
    assert tab_count(rosa) == ""
    assert rosa.empty().title.text() == "No conflicts"


def test_a_conflict_is_settled_by_mouse_with_reason_and_note(rosa: Screening) -> None:
    ids = record_ids(rosa.review)
    rosa.press(Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Down)
    assert rosa.conflict() == ids[1]
    combo = rosa.find(Combo, "conflicts.reason")
    combo.setCurrentIndex(1)
    note = rosa.find(LineEdit, "conflicts.note")
    rosa.click_on(note)
    QTest.keyClicks(note, "Not adults")
    rosa.click("conflicts.exclude")
    settled = rosa.session("Rosa").screening.resolution(ids[1])
    assert settled is not None
    assert (settled.reason, settled.note) == ("Wrong population", "Not adults")
    assert rosa.conflict() == ids[0]


def test_a_number_settles_for_that_reason(rosa: Screening) -> None:
    ids = record_ids(rosa.review)
    rosa.press("2")
    settled = rosa.session("Rosa").screening.resolution(ids[0])
    assert settled is not None
    assert settled.reason == "Wrong intervention"


def test_settling_can_be_undone_and_settled_otherwise(rosa: Screening) -> None:
    ids = record_ids(rosa.review)
    rosa.press("E")
    rosa.window.registry.trigger("edit.undo")
    rosa.settle()
    assert tab_count(rosa) == "2"
    rosa.press("E")
    which = rosa.find(SegmentedControl, "conflicts.which")
    rosa.qtbot.mouseClick(which, Qt.MouseButton.LeftButton, pos=which.segment_rect("settled").center())
    rosa.settle()
    assert rosa.conflict() == ids[0]
    assert "Rosa Lindqvist" in rosa.texts()
    rosa.press("I")
    assert rosa.session("Rosa").screening.standing(ids[0]) is Standing.INCLUDED


def test_who_may_not_settle_reads_who_does(open_screening: Open) -> None:
    it = open_screening(5, prepare=in_conflict)
    it.work_as("Tom")
    it.tab("conflicts")
    first = record_ids(it.review)[0]
    assert it.conflict() == first
    assert "Conflicts in this review are settled by Rosa." in it.texts()
    it.press("I", "1")
    assert it.session("Rosa").screening.conflicts()[0] == first
    assert it.messages() == []


def test_with_reveal_at_once_a_conflict_shows_while_others_stay_hidden(open_screening: Open) -> None:
    def prepare(review: Review) -> None:
        asha, tom, _ = sessions(review)
        asha.protocol.settings(reveal_screening=Reveal.AT_ONCE)
        for record in record_ids(review)[:2]:
            tom.screening.decide(record, Verdict.EXCLUDE)

    it = open_screening(prepare=prepare)
    it.press("I")
    it.tab("conflicts")
    assert it.conflict() == record_ids(it.review)[0]
    assert it.screening.conflicts_tab.list.count() == 1


def test_arrows_move_between_tabs_that_have_the_focus(open_screening: Open) -> None:
    it = open_screening()
    tabs = it.page.header.tabs
    tabs.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(tabs, Qt.Key.Key_Right)
    it.settle()
    assert tabs.current() == "decided"
    assert it.session("Asha").screening.progress().done == 0


@pytest.mark.parametrize("width", [1024, 1280, 1920])
def test_every_state_of_the_page_fits(open_screening: Open, width: int) -> None:
    it = open_screening(5, prepare=in_conflict)
    height = {1024: 700, 1280: 800, 1920: 1080}[width]
    for person in ("Asha", "Rosa"):
        it.work_as(person)
        it.window.resize(width, height)
        for tab in ("screen", "decided", "conflicts"):
            it.tab(tab)
            assert it.window.width() == width
            assert faults(it.window) == [], f"{person}, {tab}"


# the text of a record


@pytest.mark.parametrize(
    ("abstract", "expected"),
    [
        ("Plain words.", [("", "Plain words.")]),
        ("BACKGROUND: Why. METHODS: How.", [("Background", "Why."), ("Methods", "How.")]),
        ("Objective: To see. Results: 3 of 4 (P = 0.02). Conclusion: So.",
         [("Objective", "To see."), ("Results", "3 of 4 (P = 0.02)."), ("Conclusion", "So.")]),
        ("We asked: why? AIMS AND METHODS: Two.", [("", "We asked: why?"), ("Aims and methods", "Two.")]),
        ("First line.\nSecond line.", [("", "First line."), ("", "Second line.")]),
        ("Ketamine (RESULTS: not a heading) helped.", [("", "Ketamine (RESULTS: not a heading) helped.")]),
        ("", []),
    ],
)  # fmt: skip
def test_an_abstract_is_split_at_its_headings(abstract: str, expected: list[tuple[str, str]]) -> None:
    assert paragraphs(abstract) == [Paragraph(*each) for each in expected]


@pytest.mark.parametrize(
    ("terms", "text", "expected"),
    [
        ([("include", "dose"), ("include", "dose response")], "Dose responses, dose", ["Dose responses", "dose"]),
        ([("exclude", "rats")], "Strategies in rats", ["rats"]),
        ([("include", "random*")], "a randomised, Randomly chosen", ["randomised", "Randomly"]),
        ([("include", "obsessive-compulsive")], "obsessive compulsive", ["obsessive compulsive"]),
        ([("include", "C++ (trial)")], "C++ (trial) C", ["C++ (trial)"]),
        ([("include", "  ")], "anything", []),
        ([], "anything", []),
    ],
)  # fmt: skip
def test_terms_are_found_as_words(terms: list[tuple[str, str]], text: str, expected: list[str]) -> None:
    assert [text[mark.start : mark.end] for mark in Terms(terms).find(text)] == expected


@given(
    st.lists(st.tuples(st.sampled_from(["include", "exclude"]), st.text("ab-*s(", max_size=4)), max_size=5),
    st.text("abs -(", max_size=30),
)
@settings(max_examples=60)
def test_marks_stand_in_order_within_the_text_and_never_overlap(terms: list[tuple[str, str]], text: str) -> None:
    end = 0
    for mark in Terms(terms).find(text):
        assert end <= mark.start < mark.end <= len(text)
        end = mark.end


def test_lines_of_a_record(open_screening: Open) -> None:
    it = open_screening(1)
    record = it.screening.screen_tab.card.record()
    assert record is not None
    assert journal_line(record) == "J Affect Trials 2019; 1: 11-19"
    assert authors_line(record.authors) == "Okafor N, Marsh P"
    assert authors_line(["A, B", "C", "D"], 2) == "A B, C and 1 more"
    assert doi_url("10.1002/(SICI)1<2>3.0;4#5").toString() == "https://doi.org/10.1002/(SICI)1%3C2%3E3.0;4%235"


def test_marks_are_painted_where_the_words_stand(theme: Theme, qtbot: QtBot) -> None:
    text = MarkedText("Abstract")
    qtbot.addWidget(text)
    text.set_terms(Terms([("include", "ketamine")]))
    text.show_paragraphs([Paragraph("Methods", "Of all who were given it, those on ketamine slept. " * 6)])
    text.show()
    for width in (620, 300, 450):
        text.resize(width, 400)
        text.heightForWidth(width // 2)  # what a layout asks meanwhile changes nothing on screen
        image = text.grab().toImage()
        painted = text.toPlainText()
        for hit in re.finditer("ketamine", painted):
            cursor = text.textCursor()
            cursor.setPosition(hit.start())
            spot = text.cursorRect(cursor)
            below = image.pixelColor(spot.left() + 3, spot.bottom() - 1)  # no letter of it goes so low
            assert below == color("include_term"), (width, hit.start())
    heights = [text.heightForWidth(width) for width in (300, 450, 620)]
    assert heights == sorted(heights, reverse=True)
    assert len(set(heights)) == 3
