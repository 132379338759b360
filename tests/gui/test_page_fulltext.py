"""Full text in the window: assessing reports, retrieval, conflicts over reasons, studies of included reports."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from core.model import Id, RetrievalState, Stage, Standing, Verdict
from core.review import Review
from gui.pages.fulltext.page import FullTextPage
from gui.pages.screening.side import Note, ReasonButton
from gui.widgets.buttons import Button
from gui.widgets.fields import Combo, LineEdit
from gui.widgets.messages import EmptyState
from tests.gui.conftest import MakeWindow
from tests.gui.judging_driver import Judging, Reviews, judge_all, open_in, specs
from tests.gui.layout_checks import faults
from tests.reviews import record_ids, sessions

Open = Callable[..., "FullText"]


class FullText(Judging):
    """The full-text page."""

    @property
    def full(self) -> FullTextPage:
        page = self.page
        assert isinstance(page, FullTextPage)
        return page

    def shown(self) -> Id | None:
        """The report on the card of the tab in front."""
        cards = (self.full.reports_tab.card, self.full.conflicts_tab.card, self.full.studies_tab.card)
        return next((card.record().id for card in cards if card.isVisible() and card.record() is not None), None)

    def rows(self) -> list[str]:
        """What the list of reports says, without the titles."""
        listed = self.full.reports_tab.list
        rows = [listed.row_at(number) for number in range(listed.count())]
        return [row.spoken.removeprefix(f"{row.title}, ") for row in rows if row is not None]

    def empty(self) -> EmptyState:
        found = [each for each in self.page.findChildren(EmptyState) if each.isVisible()]
        assert len(found) == 1
        return found[0]

    def choose(self, name: str, text: str) -> None:
        """Choose an entry of a combo box by keyboard."""
        combo = self.find(Combo, name)
        combo.setFocus()
        while combo.currentText() != text:
            before = combo.currentIndex()
            QTest.keyClick(combo, Qt.Key.Key_Down)
            assert combo.currentIndex() != before, f"no {text} in {name}"
        self.settle()


def included(review: Review) -> None:
    """Asha and Tom include the first three of four records; there are two reasons at full text."""
    asha, tom, _ = sessions(review)
    for text in ("Wrong population", "No usable data"):
        asha.protocol.add_reason(Stage.FULL_TEXT, text)
    wanted = dict.fromkeys(record_ids(review)[:3], Verdict.INCLUDE)
    judge_all(asha, wanted)
    judge_all(tom, wanted)


def assess(review: Review, who: int, *verdicts: Verdict | int) -> None:
    """A reviewer's answers on the reports: a verdict, or the number of the reason that excludes."""
    session = sessions(review)[who]
    reasons = session.protocol.reasons(Stage.FULL_TEXT)
    for record, answer in zip(record_ids(review), verdicts, strict=False):
        if isinstance(answer, Verdict):
            session.fulltext.decide(record, answer)
        else:
            session.fulltext.decide(record, Verdict.EXCLUDE, reasons[answer - 1].id)


def all_included(review: Review) -> None:
    """All three reports are included by both."""
    included(review)
    for who in (0, 1):
        assess(review, who, *[Verdict.INCLUDE] * 3)


@pytest.fixture(scope="module")
def reviews(tmp_path_factory: pytest.TempPathFactory) -> Reviews:
    return Reviews(tmp_path_factory.mktemp("reviews"))


@pytest.fixture
def open_fulltext(make_window: MakeWindow, reviews: Reviews, tmp_path: Path, qtbot: QtBot) -> Open:
    """Open a review of four records; `prepare(review)` sets it up before."""

    def make(prepare: Callable[[Review], object] | None = included, others: tuple[str, ...] = ()) -> FullText:
        path = reviews.copy(tmp_path, 4, prepare)
        window = make_window(specs("fulltext", *others))
        window.resize(1280, 800)
        return FullText(open_in(window, path, qtbot), "fulltext", qtbot)

    return make


# assessing


def test_the_reports_of_the_stage_are_listed(open_fulltext: Open) -> None:
    it = open_fulltext()
    assert it.rows() == ["To assess, Sought"] * 3
    assert it.shown() == record_ids(it.review)[0]
    assert it.full.reports_tab.line.text() == "0 of 3 assessed, 0 included"


@pytest.mark.parametrize("by", ["key", "mouse"])
def test_including_goes_on_to_the_next_report(open_fulltext: Open, by: str) -> None:
    it = open_fulltext()
    first, second = record_ids(it.review)[:2]
    if by == "key":
        it.press("I")
    else:
        it.click("fulltext.include")
    decision = it.session("Asha").fulltext.my_decision(first)
    assert decision is not None
    assert decision.verdict is Verdict.INCLUDE
    assert it.shown() == second
    assert it.rows()[0] == "Include, Sought"
    assert it.status() == "Included. U takes it back."
    assert it.full.reports_tab.line.text() == "1 of 3 assessed, 1 included"


@pytest.mark.parametrize("by", ["key", "mouse"])
def test_excluding_asks_for_the_one_reason(open_fulltext: Open, by: str) -> None:
    it = open_fulltext()
    first, second = record_ids(it.review)[:2]
    if by == "key":
        it.press("E")
    else:
        it.click("fulltext.exclude")
    assert it.session("Asha").fulltext.my_decision(first) is None
    assert it.status() == "Choose the reason: a report excluded at full text carries exactly one."
    assert not it.find(Button, "fulltext.exclude").isChecked()
    reason = it.find(ReasonButton, "reason.1")
    assert reason.hasFocus()
    if by == "key":
        it.press("2")
        wanted = "No usable data"
    else:
        it.click_on(reason)
        wanted = "Wrong population"
    decision = it.session("Asha").fulltext.my_decision(first)
    assert decision is not None
    assert (decision.verdict, decision.reason) == (Verdict.EXCLUDE, wanted)
    assert it.shown() == second


def test_without_reasons_the_lead_is_asked_for_one(open_fulltext: Open) -> None:
    def prepare(review: Review) -> None:
        asha, tom, _ = sessions(review)
        for session in (asha, tom):
            judge_all(session, {}, Verdict.INCLUDE)

    it = open_fulltext(prepare)
    it.press("E")
    field = it.find(LineEdit, "reasons.field")
    assert field.hasFocus()
    QTest.keyClicks(field, "Wrong population")
    it.press(Qt.Key.Key_Return, "1")
    decision = it.session("Asha").fulltext.my_decision(record_ids(it.review)[0])
    assert decision is not None
    assert decision.reason == "Wrong population"


def test_maybe_is_no_answer_at_full_text(open_fulltext: Open) -> None:
    it = open_fulltext()
    it.press("M")
    assert it.session("Asha").fulltext.progress().done == 0


def test_the_last_decision_says_so_and_u_takes_it_back(open_fulltext: Open) -> None:
    it = open_fulltext()
    ids = record_ids(it.review)
    it.press("I", "2", "I")
    assert it.status() == "Included. U takes it back. All reports have your decision."
    it.press("U")
    assert it.shown() == ids[2]
    assert it.rows() == ["Include, Sought", "Exclude, Sought", "To assess, Sought"]
    it.click("fulltext.take_back.small")
    assert it.shown() == ids[1]
    assert it.full.reports_tab.line.text() == "1 of 3 assessed, 1 included"


def test_undo_brings_the_report_back(open_fulltext: Open) -> None:
    it = open_fulltext()
    ids = record_ids(it.review)
    it.press("I", "I")
    it.window.registry.trigger("edit.undo")
    it.settle()
    assert it.shown() == ids[1]
    assert it.rows()[1] == "To assess, Sought"


def test_arrows_and_the_list_choose_a_report_and_its_decision_can_be_changed(open_fulltext: Open) -> None:
    it = open_fulltext()
    ids = record_ids(it.review)
    it.press("2", Qt.Key.Key_Left)
    assert it.shown() == ids[0]
    assert it.find(ReasonButton, "reason.2").is_chosen()
    it.press("1")
    decision = it.session("Asha").fulltext.my_decision(ids[0])
    assert decision is not None
    assert decision.reason == "Wrong population"
    listed = it.full.reports_tab.list
    spot = listed.visualRect(listed.rows.index(2, 0)).center()
    it.qtbot.mouseClick(listed.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    it.settle()
    assert it.shown() == ids[2]
    it.press("I")  # single letters act while the list has the focus
    assert it.session("Asha").fulltext.progress().done == 2


def test_a_note_is_kept_with_its_report(open_fulltext: Open) -> None:
    it = open_fulltext()
    first = record_ids(it.review)[0]
    it.press("N")
    QTest.keyClicks(it.find(Note, "note"), "Table 2")
    it.press(Qt.Key.Key_Escape, Qt.Key.Key_Right)
    assert it.find(Note, "note").toPlainText() == ""
    assert it.session("Asha").fulltext.my_note(first) == "Table 2"
    it.press(Qt.Key.Key_Left)
    assert it.find(Note, "note").toPlainText() == "Table 2"


# retrieval


def test_retrieval_is_set_with_a_note_and_undone(open_fulltext: Open) -> None:
    it = open_fulltext()
    first = record_ids(it.review)[0]
    it.choose("fulltext.retrieval", "Not retrieved")
    note = it.find(LineEdit, "fulltext.retrieval_note")
    note.setFocus()
    QTest.keyClicks(note, "Authors did not answer")
    it.press(Qt.Key.Key_Return)
    assert it.session("Asha").fulltext.retrieval(first) == (RetrievalState.NOT_RETRIEVED, "Authors did not answer")
    assert it.rows()[0] == "To assess, Not retrieved"
    for _ in range(3):
        it.window.registry.trigger("edit.undo")
        it.settle()
    assert it.session("Asha").fulltext.retrieval(first) == (RetrievalState.SOUGHT, "")
    assert it.rows()[0] == "To assess, Sought"
    assert it.find(Combo, "fulltext.retrieval").currentText() == "Sought"


def test_retrieval_belongs_to_the_report_it_was_set_on(open_fulltext: Open) -> None:
    it = open_fulltext()
    ids = record_ids(it.review)
    it.choose("fulltext.retrieval", "Retrieved")
    it.page.give_focus_back()
    it.press(Qt.Key.Key_Right)
    assert it.find(Combo, "fulltext.retrieval").currentText() == "Sought"
    assert it.session("Tom").fulltext.retrieval(ids[0])[0] is RetrievalState.RETRIEVED
    assert it.session("Tom").fulltext.retrieval(ids[1])[0] is RetrievalState.SOUGHT


# nothing to assess, and blinding


def test_before_title_and_abstract_is_done_the_page_leads_back(open_fulltext: Open) -> None:
    it = open_fulltext(None, others=("screening",))
    assert it.empty().title.text() == "No reports to assess yet"
    it.click("fulltext.to_screening")
    assert it.desk.current_id() == "screening"


def test_reports_wait_until_decisions_may_be_seen(open_fulltext: Open) -> None:
    def prepare(review: Review) -> None:
        asha, tom, _ = sessions(review)
        asha.screening.decide(record_ids(review)[0], Verdict.INCLUDE)
        tom.screening.decide(record_ids(review)[0], Verdict.INCLUDE)

    it = open_fulltext(prepare)
    assert "once its record is included and all decisions" in it.empty().text.text()


def test_while_blinded_neither_conflicts_nor_studies_show(open_fulltext: Open) -> None:
    def prepare(review: Review) -> None:
        included(review)
        assess(review, 0, Verdict.INCLUDE, Verdict.INCLUDE)
        assess(review, 1, Verdict.INCLUDE, 1)

    it = open_fulltext(prepare)
    assert it.rows() == ["Include, Sought", "Include, Sought", "To assess, Sought"]
    it.tab("conflicts")
    assert (
        it.empty().text.text()
        == "Tom’s decisions stay hidden until all reports have been assessed. Conflicts show then."
    )
    assert it.page.header.tabs.count("conflicts") == ""
    it.tab("studies")
    assert it.empty().title.text() == "No included report waits for a study"
    assert it.page.header.tabs.count("studies") == ""


# conflicts


def test_different_reasons_are_a_conflict_that_needs_one_of_them(open_fulltext: Open) -> None:
    def prepare(review: Review) -> None:
        included(review)
        assess(review, 0, 1, Verdict.INCLUDE, Verdict.INCLUDE)
        assess(review, 1, 2, 2, Verdict.INCLUDE)

    it = open_fulltext(prepare)
    it.work_as("Rosa")
    ids = record_ids(it.review)
    assert it.page.header.tabs.current() == "conflicts"
    assert it.page.header.tabs.count("conflicts") == "2"
    combo = it.find(Combo, "conflicts.reason")
    assert combo.currentText() == "Choose a reason"
    it.press("E")
    assert combo.view().isVisible()
    combo.hidePopup()
    assert it.session("Rosa").fulltext.resolution(ids[0]) is None
    it.page.give_focus_back()
    it.press("2")
    settled = it.session("Rosa").fulltext.resolution(ids[0])
    assert settled is not None
    assert settled.reason == "No usable data"
    assert it.shown() == ids[1]
    assert combo.currentText() == "2  No usable data"
    it.press("E")
    assert it.session("Rosa").fulltext.standing(ids[1]) is Standing.EXCLUDED
    assert it.page.header.tabs.count("conflicts") == ""


# studies


def test_included_reports_become_studies(open_fulltext: Open) -> None:
    it = open_fulltext(all_included)
    it.tab("studies")
    ids = record_ids(it.review)
    assert it.page.header.tabs.count("studies") == "3"
    label = it.find(LineEdit, "studies.label")
    assert label.text() == "Okafor 2019"
    label.selectAll()
    QTest.keyClicks(label, "Okafor 2019 (main)")
    it.click("studies.make")
    studies = it.session("Asha").studies.list()
    assert [study.label for study in studies] == ["Okafor 2019 (main)"]
    assert it.session("Asha").studies.of_report(ids[0]) == (studies[0].id,)
    assert it.status() == "Study Okafor 2019 (main) created."
    assert it.shown() == ids[1]
    it.click("studies.make_all")
    assert [study.label for study in it.session("Asha").studies.list()][1:] == ["Okafor 2019", "Okafor 2019b"]
    assert it.empty().title.text() == "Every included report has a study"


def test_a_report_is_linked_to_a_study_there_is(open_fulltext: Open) -> None:
    it = open_fulltext(all_included)
    it.tab("studies")
    ids = record_ids(it.review)
    it.click("studies.make")
    study = it.session("Asha").studies.list()[0]
    assert not it.find(Button, "studies.link").isEnabled()
    it.choose("studies.existing", study.label)
    it.click("studies.link")
    assert it.session("Asha").studies.of_report(ids[1]) == (study.id,)
    assert it.shown() == ids[2]
    it.window.registry.trigger("edit.undo")
    it.settle()
    assert it.session("Asha").studies.of_report(ids[1]) == ()
    assert it.page.header.tabs.count("studies") == "2"


def test_a_label_that_is_taken_is_refused_in_words(open_fulltext: Open) -> None:
    it = open_fulltext(all_included)
    it.tab("studies")
    it.click("studies.make")
    label = it.find(LineEdit, "studies.label")
    label.selectAll()
    QTest.keyClicks(label, "Okafor 2019")
    it.click("studies.make")
    assert len(it.messages()) == 1
    assert "called “Okafor 2019” already" in it.messages()[0]
    assert len(it.session("Asha").studies.list()) == 1


def test_who_does_not_judge_sees_where_reports_stand(open_fulltext: Open) -> None:
    it = open_fulltext(all_included)
    it.work_as("Rosa")
    it.tab("reports")
    assert it.rows() == ["Included, Sought"] * 3
    assert not it.page.findChild(Button, "fulltext.include").isVisible(), "what is settled asks for no decision"
    it.press("I")
    assert it.messages() == []


@pytest.mark.parametrize("width", [1024, 1280, 1920])
def test_every_state_of_the_page_fits(open_fulltext: Open, width: int) -> None:
    def prepare(review: Review) -> None:
        included(review)
        assess(review, 0, Verdict.INCLUDE, 1, Verdict.INCLUDE)
        assess(review, 1, Verdict.INCLUDE, 2, 1)
        sessions(review)[0].fulltext.set_retrieval(record_ids(review)[0], RetrievalState.NOT_RETRIEVED, "Gone")

    it = open_fulltext(prepare)
    height = {1024: 700, 1280: 800, 1920: 1080}[width]
    for person in ("Asha", "Rosa"):
        it.work_as(person)
        it.window.resize(width, height)
        for tab in ("reports", "conflicts", "studies"):
            it.tab(tab)
            assert it.window.width() == width
            assert faults(it.window) == [], f"{person}, {tab}"


# a narrow window


def test_in_a_narrow_window_the_reports_open_from_a_button(open_fulltext: Open) -> None:
    it = open_fulltext()
    it.window.resize(1024, 700)
    it.settle()
    listed = it.full.reports_tab.list
    button = it.find(Button, "fulltext.show_list")
    assert not listed.isVisible()
    assert button.text() == "Report 1 of 3"
    it.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    it.settle()
    assert listed.isVisible()
    third = listed.visualRect(listed.model().index(2, 0)).center()
    it.qtbot.mouseClick(listed.viewport(), Qt.MouseButton.LeftButton, pos=third)
    it.settle()
    assert not listed.isVisible()
    assert button.text() == "Report 3 of 3"
    it.qtbot.keyClick(it.page, Qt.Key.Key_I)  # single keys work at once
    it.settle()
    assert it.rows()[2].startswith("Include")
    it.full.header.tabs.set_current("conflicts")
    it.settle()
    assert not button.isVisible()
