"""References in the window: importing, searching, sources, duplicates; by mouse and by keys."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from core.model import OpResult, Verdict
from core.review import Review
from core.session.references import ImportReport, ReferencesPart
from core.store.queries.records import RecordFilter
from core.store.staging import StagedFile
from gui.main_window import MainWindow
from gui.pages import PAGES
from gui.pages.references.import_queue import FileState
from gui.pages.references.page import ReferencesPage
from gui.pages.references.word_diff import differing
from gui.widgets.messages import Level, Message
from tests.gui.conftest import Answers, MakeWindow
from tests.reviews import new_review, record_ids, ris_file, sessions, titles

LEFT = Qt.MouseButton.LeftButton
LONG = 30_000
SPECS = tuple(spec for spec in PAGES if spec.id == "references")

Open = Callable[[Review], ReferencesPage]


@pytest.fixture
def open_page(make_window: MakeWindow, qtbot: QtBot) -> Open:
    """Show the references of a review in the window."""

    def show(review: Review) -> ReferencesPage:
        review.close()
        window = make_window(SPECS)
        with qtbot.waitSignal(window.review_shown):
            window.open_review(review.path)
        page = page_of(window)
        settle(page, qtbot)
        return page

    return show


def page_of(window: MainWindow) -> ReferencesPage:
    desk = window.desk()
    assert desk is not None
    page = desk.current_page()
    assert isinstance(page, ReferencesPage)
    return page


def settle(page: ReferencesPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: page.workspace.runner.pending == 0 and not page.queue.is_busy, timeout=LONG)


def click(page: ReferencesPage, name: str, qtbot: QtBot) -> None:
    qtbot.mouseClick(page.findChild(QWidget, name), LEFT)
    settle(page, qtbot)


def press(page: ReferencesPage, key: Qt.Key, qtbot: QtBot) -> None:
    qtbot.keyClick(QApplication.focusWidget(), key)
    settle(page, qtbot)


def shown_titles(page: ReferencesPage) -> list[str]:
    model = page.records.model
    return [model.row(n).title for n in range(model.rowCount())]


def messages(page: ReferencesPage) -> list[Message]:
    return page.messages.messages()


def twins(folder: Path) -> Review:
    """Four records, of which the last is the same report as the first, and was merged with it."""
    review = new_review(folder)
    lead = sessions(review)[0]
    lead.references.import_file(ris_file(folder / "one.ris", titles(3)))
    text = (folder / "one.ris").read_text().split("ER  - ")[0].replace("DB  - MEDLINE", "DB  - Embase")
    (folder / "two.ris").write_text(text.replace("AB  - Abstract of", "AB  - Summary of") + "ER  - \n")
    assert lead.references.import_file(folder / "two.ris").value.duplicates == 1
    return review


# importing


def test_files_chosen_on_the_empty_page_are_imported(
    open_page: Open, answers: Answers, tmp_path: Path, qtbot: QtBot
) -> None:
    page = open_page(new_review(tmp_path))
    answers.files = [
        ris_file(tmp_path / "medline.ris", titles(5)),
        ris_file(tmp_path / "embase.ris", titles(4), database="Embase"),
    ]
    click(page, "references.choose", qtbot)
    assert shown_titles(page) == titles(5)
    assert [m.text() for m in messages(page)] == ["2 files: 9 read: 5 new, 4 duplicates merged."]
    assert [item.state for item in page.queue.items()] == [FileState.DONE, FileState.DONE]
    assert [row.text() for row in page.empty.files.rows()] == ["5 read", "4 read"]
    assert page.session.references.count() == 5
    assert page.isAncestorOf(QApplication.focusWidget())
    assert QApplication.focusWidget() is page.records.table


def test_an_import_can_be_taken_back(open_page: Open, answers: Answers, tmp_path: Path, qtbot: QtBot) -> None:
    page = open_page(new_review(tmp_path))
    answers.files = [ris_file(tmp_path / "one.ris", titles(2))]
    page.registry.trigger("references.import")
    settle(page, qtbot)
    assert page.records.isVisible()
    assert [each.text() for each in messages(page)] == ["one.ris: 2 read: 2 new, 0 duplicates merged."]
    press(page, Qt.Key.Key_U, qtbot)
    assert page.session.references.count() == 0
    assert page.empty.isVisible()
    assert messages(page) == []


def test_a_pdf_is_refused_by_name_and_the_other_files_are_imported(
    open_page: Open, answers: Answers, tmp_path: Path, qtbot: QtBot
) -> None:
    page = open_page(new_review(tmp_path))
    wrong = tmp_path / "search.ris"
    wrong.write_bytes(b"%PDF-1.7\n" + bytes(200))
    answers.files = [wrong, ris_file(tmp_path / "one.ris", titles(2))]
    click(page, "references.choose", qtbot)
    assert page.session.references.count() == 2
    done, refused = messages(page)
    assert done.text() == "one.ris: 2 read: 2 new, 0 duplicates merged."
    assert refused.level is Level.DANGER
    assert "search.ris is a PDF" in refused.text()
    assert "Nothing was imported" in refused.text()
    assert [source.name for source in page.session.references.sources()] == ["MEDLINE"]


def test_a_defect_in_one_file_does_not_hold_up_the_others(
    open_page: Open, answers: Answers, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page(new_review(tmp_path))
    answers.files = [
        ris_file(tmp_path / "first.ris", titles(2)),
        ris_file(tmp_path / "second.ris", titles(3), database="Embase"),
    ]
    take_in = ReferencesPart.import_staged

    def broken_for_the_first(part: ReferencesPart, staged: StagedFile) -> OpResult[ImportReport]:
        if staged.file_name == "first.ris":
            raise RuntimeError("broken")
        return take_in(part, staged)

    monkeypatch.setattr(ReferencesPart, "import_staged", broken_for_the_first)
    click(page, "references.choose", qtbot)
    assert [item.state for item in page.queue.items()] == [FileState.FAILED, FileState.DONE]
    assert page.session.references.count() == 3
    assert [m.text() for m in messages(page) if m.level is Level.DANGER] == [
        "Something went wrong in importing first.ris. Your last saved work is safe."
    ]


def test_entries_set_aside_can_be_looked_at(open_page: Open, answers: Answers, tmp_path: Path, qtbot: QtBot) -> None:
    page = open_page(new_review(tmp_path))
    path = ris_file(tmp_path / "some.ris", titles(2))
    path.write_text(path.read_text() + "\nTY  - JOUR\nAU  - Nobody, N\nER  - \nTY  - JOUR\nAU  - Noone, N\nER  - \n")
    answers.files = [path]
    click(page, "references.choose", qtbot)
    said = messages(page)[1]
    assert said.text() == "2 entries of some.ris could not be used and were set aside. Nothing else was skipped."
    assert said.buttons[0].text() == "Show the 2"
    qtbot.mouseClick(said.buttons[0], LEFT)
    settle(page, qtbot)
    panel = page.sources.rejected
    assert panel.isVisible()
    assert panel.model.rowCount() == 2
    assert "no title" in panel.model.row(0).reason
    assert "Nobody, N" in panel.raw.toPlainText()
    panel.table.choose(1)
    assert "Noone, N" in panel.raw.toPlainText()


def test_reading_can_be_cancelled(open_page: Open, answers: Answers, tmp_path: Path, qtbot: QtBot) -> None:
    page = open_page(new_review(tmp_path))
    page.import_files([ris_file(tmp_path / "long.ris", titles(3000))])
    task = page.queue.items()[0].task
    assert task is not None
    page.workspace.runner.cancel(task.id)
    settle(page, qtbot)
    assert page.queue.items()[0].state is FileState.CANCELLED
    assert page.session.references.sources() == ()
    assert messages(page) == []


def test_files_can_be_dropped_on_the_page(open_page: Open, tmp_path: Path, qtbot: QtBot) -> None:
    page = open_page(new_review(tmp_path, 2))
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(ris_file(tmp_path / "more.ris", titles(3, start=50))))])
    copy, none = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
    page.dropEvent(QDropEvent(QPointF(100, 100), copy, data, LEFT, none))
    settle(page, qtbot)
    assert page.session.references.count() == 5


# the table


def test_the_table_is_searched_as_one_types(open_page: Open, tmp_path: Path, qtbot: QtBot) -> None:
    page = open_page(new_review(tmp_path, 30))
    press(page, Qt.Key.Key_Slash, qtbot)
    assert QApplication.focusWidget() is page.records.search
    qtbot.keyClicks(page.records.search, "phobia cohort num")
    settle(page, qtbot)
    expected = [title for title in titles(30) if "phobia" in title.casefold()]
    assert shown_titles(page) == expected
    assert page.records.fact.text() == f"{len(expected)} of 30 records"


def test_a_filter_that_finds_nothing_offers_to_drop_the_year(open_page: Open, tmp_path: Path, qtbot: QtBot) -> None:
    page = open_page(new_review(tmp_path, 30))
    qtbot.keyClicks(page.records.search, "midazolam")
    qtbot.keyClicks(page.records.year_from, "1950")
    qtbot.keyClicks(page.records.year_to, "1950")
    settle(page, qtbot)
    found = sum("midazolam" in title.casefold() for title in titles(30))
    empty = page.findChild(QWidget, "references.drop_filter")
    assert empty.isVisible()
    said = page.records._none.text.text()
    assert said == f"No record matches “midazolam” in 1950. {found} match without the year."
    click(page, "references.drop_filter", qtbot)
    assert page.records.model.rowCount() == found


def test_a_click_on_a_header_sorts(open_page: Open, tmp_path: Path, qtbot: QtBot) -> None:
    page = open_page(new_review(tmp_path, 12))
    header = page.records.table.horizontalHeader()
    spot = header.sectionViewportPosition(2) + 30
    for expected in (sorted(titles(12), key=str.casefold), sorted(titles(12), key=str.casefold, reverse=True)):
        qtbot.mouseClick(header.viewport(), LEFT, pos=QPointF(spot, 10).toPoint())
        settle(page, qtbot)
        assert shown_titles(page) == expected


def test_the_keyboard_sorts_too(open_page: Open, tmp_path: Path, qtbot: QtBot) -> None:
    page = open_page(new_review(tmp_path, 12))
    page.records.table.setFocus()
    press(page, Qt.Key.Key_O, qtbot)
    assert shown_titles(page) == sorted(titles(12), key=str.casefold)
    qtbot.keyClick(page.records.table, Qt.Key.Key_O, Qt.KeyboardModifier.ShiftModifier)
    settle(page, qtbot)
    assert shown_titles(page) == sorted(titles(12), key=str.casefold, reverse=True)
    assert page.records.table.horizontalHeader().sortIndicatorSection() == 2


def test_records_of_one_source_and_duplicates_can_be_shown(open_page: Open, tmp_path: Path, qtbot: QtBot) -> None:
    page = open_page(twins(tmp_path))
    assert page.records.model.rowCount() == 3
    page.records.duplicates.click()
    settle(page, qtbot)
    assert page.records.model.rowCount() == 4
    page.records.source.setCurrentIndex(2)
    settle(page, qtbot)
    assert [page.records.model.row(0).number] == [4]
    page.records.table.choose(0)
    assert page.records.panel.fact.text() == "Merged: Record 1 stands for it"


def test_the_chosen_record_is_shown_and_return_goes_to_it(open_page: Open, tmp_path: Path, qtbot: QtBot) -> None:
    page = open_page(new_review(tmp_path, 3))
    page.records.table.setFocus()
    page.records.table.choose(0)
    press(page, Qt.Key.Key_Down, qtbot)
    assert page.records.panel.heading.text() == "Record 2"
    assert page.records.panel.record.text("Title") == titles(3)[1]
    assert page.records.panel.record.text("Abstract") == f"Abstract of {titles(3)[1]}."
    assert page.records.panel.record.text("Published") == "J Affect Trials 2019; 2: 21-29"
    press(page, Qt.Key.Key_Return, qtbot)
    assert page.records.panel.isAncestorOf(QApplication.focusWidget())


def test_two_records_are_merged_by_keys_and_taken_apart_again(open_page: Open, tmp_path: Path, qtbot: QtBot) -> None:
    page = open_page(new_review(tmp_path, 4))
    page.records.table.setFocus()
    page.records.table.choose(2)
    assert not page.registry.is_enabled("references.merge")
    page.records.table.setCurrentIndex(page.records.model.index(2, 0))
    first = page.records.model.id_at(2)
    qtbot.keyClick(page.records.table, Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    press(page, Qt.Key.Key_Space, qtbot)
    assert page.records.panel.heading.text() == "Same report?"
    press(page, Qt.Key.Key_M, qtbot)
    assert page.session.references.count() == 3
    assert page.session.references.rows([first])[first].primary_id == page.records.model.id_at(1)
    assert page.records.panel.heading.text() == "Record 2"
    press(page, Qt.Key.Key_U, qtbot)
    assert page.session.references.count() == 4


def test_two_records_are_merged_by_mouse(open_page: Open, tmp_path: Path, qtbot: QtBot) -> None:
    page = open_page(new_review(tmp_path, 3))
    table = page.records.table
    for row, modifier in ((2, Qt.KeyboardModifier.NoModifier), (0, Qt.KeyboardModifier.ControlModifier)):
        spot = table.visualRect(page.records.model.index(row, 2)).center()
        qtbot.mouseClick(table.viewport(), LEFT, modifier, spot)
    click(page, "references.merge", qtbot)
    groups = page.session.references.duplicate_groups()
    numbers = [[page.session.references.rows([each])[each].number for each in group] for group in groups]
    assert numbers == [[1, 3]]


# duplicates


def test_what_differs_between_duplicates_is_marked(open_page: Open, tmp_path: Path, qtbot: QtBot) -> None:
    page = open_page(twins(tmp_path))
    page.header.tabs.set_current("duplicates")
    settle(page, qtbot)
    pair = page.duplicates.panel.pair
    assert page.duplicates.panel.fact.text() == "Pair 1 of 1"
    assert [text.marked() for text in pair.texts("Abstract")] == [["Abstract"], ["Summary"]]
    assert [text.marked() for text in pair.texts("Title")] == [[], []]
    assert pair.texts("Abstract")[0].accessibleName().endswith("Differs: Abstract")


def test_a_duplicate_is_kept_apart_and_taken_back(open_page: Open, tmp_path: Path, qtbot: QtBot) -> None:
    page = open_page(twins(tmp_path))
    page.header.tabs.set_current("duplicates")
    settle(page, qtbot)
    press(page, Qt.Key.Key_K, qtbot)
    assert page.session.references.count() == 4
    assert page.duplicates.model.rowCount() == 0
    assert not page.registry.is_enabled("references.apart")
    press(page, Qt.Key.Key_U, qtbot)
    assert page.session.references.count() == 3
    click(page, "references.apart", qtbot)
    assert page.session.references.count() == 4


# sources


def test_a_source_is_renamed_and_its_facts_are_kept(open_page: Open, tmp_path: Path, qtbot: QtBot) -> None:
    page = open_page(new_review(tmp_path, 3))
    page.header.tabs.set_current("sources")
    settle(page, qtbot)
    form = page.sources.form
    form.name.selectAll()
    qtbot.keyClicks(form.name, "MEDLINE (Ovid)")
    qtbot.keyClick(form.name, Qt.Key.Key_Return)
    qtbot.keyClicks(form.searched_on, "4 May")
    qtbot.keyClick(form.searched_on, Qt.Key.Key_Return)
    assert form.date_field.error() == "Write the date as 2026-05-04."
    form.searched_on.selectAll()
    qtbot.keyClicks(form.searched_on, "2026-05-04")
    qtbot.keyClicks(form.hits, "1,212")
    qtbot.keyClick(form.hits, Qt.Key.Key_Return)
    settle(page, qtbot)
    (source,) = page.session.references.sources()
    assert (source.name, source.searched_on, source.hits) == ("MEDLINE (Ovid)", "2026-05-04", 1212)
    assert page.sources.model.row(0).name == "MEDLINE (Ovid)"


def test_a_source_is_added_by_hand(open_page: Open, tmp_path: Path, qtbot: QtBot) -> None:
    page = open_page(new_review(tmp_path))
    click(page, "references.by_hand", qtbot)
    assert QApplication.focusWidget() is page.sources.form.name
    qtbot.keyClicks(page.sources.form.name, "Hand search")
    qtbot.keyClick(page.sources.form.name, Qt.Key.Key_Return)
    settle(page, qtbot)
    assert [source.name for source in page.session.references.sources()] == ["Hand search"]
    assert page.sources.form.source_id == page.session.references.sources()[0].id


def test_another_page_can_lead_to_a_record_and_to_the_duplicates(open_page: Open, tmp_path: Path, qtbot: QtBot) -> None:
    page = open_page(twins(tmp_path))
    wanted = page.session.references.ids(RecordFilter())[2]
    page.workspace.go("references", record=wanted)
    assert page.records.panel.heading.text() == "Record 3"
    page.workspace.go("references", tab="duplicates")
    settle(page, qtbot)
    assert page.duplicates.isVisible()


# differing words


def test_case_accents_and_punctuation_make_no_difference() -> None:
    one = "Ketamine's dose–related effects, naïve group."
    other = "ketamine’s dose related effects: naive group"
    assert differing(one, one.upper()) == ((), ())
    marked, _ = differing(one, other)
    assert [one[a:b] for a, b in marked] == []


def test_words_that_differ_are_marked_as_stretches() -> None:
    one, other = "treatment of chronic posttraumatic stress", "treatment of severe post-traumatic stress"
    left, right = differing(one, other)
    assert [one[a:b] for a, b in left] == ["chronic posttraumatic"]
    assert [other[a:b] for a, b in right] == ["severe post-traumatic"]


words = st.lists(st.sampled_from(["a", "bee", "Cé", "dose", "é", "x1"]), max_size=12).map(" ".join)


@given(words, words)
def test_what_is_not_marked_is_equal(one: str, other: str) -> None:
    left, right = differing(one, other)

    def rest(text: str, spans: tuple[tuple[int, int], ...]) -> list[str]:
        kept = [c for n, c in enumerate(text) if not any(a <= n < b for a, b in spans)]
        return "".join(kept).split()

    assert rest(one, left) == rest(other, right)


def test_what_came_of_the_records_is_shown_and_filtered_as_far_as_one_may_see(
    open_page: Open, tmp_path: Path, qtbot: QtBot
) -> None:
    review = new_review(tmp_path, 3)
    ids = record_ids(review)
    asha, tom, _ = sessions(review)
    asha.screening.decide(ids[0], Verdict.INCLUDE)
    asha.screening.decide(ids[1], Verdict.MAYBE)
    tom.screening.decide(ids[0], Verdict.EXCLUDE)
    page = open_page(review)
    view = page.records
    column = [each.id for each in view.model.columns].index("verdict")

    def shown() -> list[str]:
        return [view.model.index(row, column).data() for row in range(view.model.rowCount())]

    assert shown() == ["Include", "Maybe", "—"]
    combo = view.verdict
    combo.setFocus()
    for left in (["Include"], [], ["Maybe"], [], ["—"]):
        qtbot.keyClick(combo, Qt.Key.Key_Down)
        settle(page, qtbot)
        assert shown() == left, combo.currentText()
    qtbot.keyClick(combo, Qt.Key.Key_Home)
    settle(page, qtbot)
    assert shown() == ["Include", "Maybe", "—"]
    assert page.session.references.verdicts(ids) == {ids[0]: "include", ids[1]: "maybe"}
