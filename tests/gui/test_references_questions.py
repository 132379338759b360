"""What References asks: what the columns of a table mean, and whose decisions came with a file; and its exports."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from core.interchange.screening_exports import CovidenceList, decisions_of
from core.model import Stage, Verdict
from core.references.reading import read_file
from core.review import Review
from gui.main_window import MainWindow
from gui.pages import PAGES
from gui.pages.references.decisions_panel import DecisionsPanel
from gui.pages.references.page import ReferencesPage
from gui.widgets.column_meanings import ColumnMeanings
from tests.gui.conftest import Answers, MakeWindow
from tests.reviews import new_review, ris_file, sessions, titles

LEFT = Qt.MouseButton.LeftButton
NOTES = 'RAYYAN-INCLUSION: {"Tom"=>"Excluded", "Noa"=>"Included"} | RAYYAN-EXCLUSION-REASONS: wrong population'
SPECS = tuple(spec for spec in PAGES if spec.id == "references")
Open = Callable[[Review], ReferencesPage]


@pytest.fixture
def open_page(make_window: MakeWindow, qtbot: QtBot) -> Open:
    def show(review: Review) -> ReferencesPage:
        review.close()
        window: MainWindow = make_window(SPECS)
        with qtbot.waitSignal(window.review_shown):
            window.open_review(review.path)
        desk = window.desk()
        assert desk is not None
        page = desk.current_page()
        assert isinstance(page, ReferencesPage)
        settle(page, qtbot)
        return page

    return show


def settle(page: ReferencesPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: page.workspace.runner.pending == 0 and not page.queue.is_busy, timeout=30_000)


def click(page: ReferencesPage, name: str, qtbot: QtBot) -> None:
    qtbot.mouseClick(page.findChild(QWidget, name), LEFT)
    settle(page, qtbot)


def bring(page: ReferencesPage, path: Path, qtbot: QtBot) -> None:
    page.import_files([path])
    settle(page, qtbot)


def said(page: ReferencesPage) -> list[str]:
    return [message.text() for message in page.messages.messages()]


def table(folder: Path, name: str = "liste.csv") -> Path:
    path = folder / name
    path.write_text("Werk,Wer,Wann,Hut\nKetamine,Okafor N,2019,x\nMidazolam,Li N,2020,y\n", encoding="utf-8")
    return path


def meanings(page: ReferencesPage) -> ColumnMeanings:
    panel = page.questions.panel
    assert isinstance(panel, ColumnMeanings)
    assert panel.isVisible()
    return panel


def asked(page: ReferencesPage) -> DecisionsPanel:
    panel = page.questions.panel
    assert isinstance(panel, DecisionsPanel)
    assert panel.isVisible()
    return panel


# --- columns ---------------------------------------------------------------------------------------------------------


def test_a_table_with_unknown_headings_is_imported_once_its_columns_are_known(
    open_page: Open, tmp_path: Path, qtbot: QtBot
) -> None:
    page = open_page(new_review(tmp_path))
    bring(page, table(tmp_path), qtbot)
    panel = meanings(page)
    assert said(page) == []
    assert panel.keys() == ("", "authors", "year", "")
    assert not panel.accept.isEnabled()
    assert "which column is the title" in panel.outcome.text()
    assert QApplication.focusWidget() is panel.combos[0]
    panel.combos[0].set_value("title")
    panel.combos[0].activated.emit(panel.combos[0].currentIndex())
    assert panel.outcome.text() == "2 rows will be imported."
    click(page, "meanings.accept", qtbot)
    assert page.questions.panel is None
    assert page.session.references.count() == 2
    assert page.records.isVisible()
    assert said(page) == ["liste.csv: 2 read: 2 new, 0 duplicates merged."]


def test_escape_gives_the_table_up_and_the_next_is_asked(open_page: Open, tmp_path: Path, qtbot: QtBot) -> None:
    page = open_page(new_review(tmp_path))
    page.import_files([table(tmp_path), ris_file(tmp_path / "one.ris", titles(2)), table(tmp_path, "zwei.csv")])
    settle(page, qtbot)
    first = meanings(page)
    assert page.session.references.count() == 2
    qtbot.keyClick(first.combos[0], Qt.Key.Key_Escape)
    settle(page, qtbot)
    second = meanings(page)
    assert second is not first
    assert "liste.csv was not imported." in said(page)
    click(page, "meanings.cancel", qtbot)
    assert page.questions.panel is None
    assert page.records.isVisible()


def test_a_workbook_is_asked_about_too(open_page: Open, tmp_path: Path, qtbot: QtBot) -> None:
    from openpyxl import Workbook

    book = Workbook()
    page_of_book = book.active
    assert page_of_book is not None
    page_of_book.append(["Title", "Authors", "Year"])
    page_of_book.append(["Ketamine", "Okafor N", 2019])
    book.save(tmp_path / "table.xlsx")
    page = open_page(new_review(tmp_path))
    bring(page, tmp_path / "table.xlsx", qtbot)
    assert meanings(page).keys() == ("title", "authors", "year")
    click(page, "meanings.accept", qtbot)
    assert page.session.references.count() == 1


def leave_out(page: ReferencesPage, name: str) -> None:
    combo = asked(page).whose[name]
    combo.set_value(None)
    combo.activated.emit(combo.currentIndex())


# --- decisions -------------------------------------------------------------------------------------------------------


def test_the_lead_is_asked_whose_decisions_came_and_takes_them_in(
    open_page: Open, tmp_path: Path, qtbot: QtBot
) -> None:
    page = open_page(new_review(tmp_path))
    bring(page, ris_file(tmp_path / "rayyan.ris", titles(3), notes=NOTES), qtbot)
    panel = asked(page)
    second = page.review.reviewers()[1]
    assert panel.people() == {"Tom": [second.id], "Noa": []}
    assert not panel.accept.isEnabled()
    noa = panel.whose["Noa"]
    assert QApplication.focusWidget() is noa
    noa.set_value("Noa")
    noa.activated.emit(noa.currentIndex())
    click(page, "decisions.accept", qtbot)
    assert page.questions.panel is None
    assert any("6 decisions on 3 records were taken in. New in the team: Noa." in text for text in said(page))
    assert page.session.screening.decided() == []
    page.registry.trigger("edit.undo")
    settle(page, qtbot)
    assert len(page.review.reviewers()) == 3
    assert page.session.references.count() == 3


def test_not_now_leaves_them_to_be_taken_in_from_the_sources(open_page: Open, tmp_path: Path, qtbot: QtBot) -> None:
    page = open_page(new_review(tmp_path))
    bring(page, ris_file(tmp_path / "rayyan.ris", titles(1), notes=NOTES), qtbot)
    click(page, "decisions.cancel", qtbot)
    assert page.records.isVisible()
    page.header.tabs.set_current("sources")
    settle(page, qtbot)
    page.registry.trigger("references.decisions")
    settle(page, qtbot)
    leave_out(page, "Noa")
    click(page, "decisions.accept", qtbot)
    assert any("1 decision on 1 record was taken in." in text for text in said(page))
    page.header.tabs.set_current("sources")
    page.registry.trigger("references.decisions")
    settle(page, qtbot)
    leave_out(page, "Noa")
    click(page, "decisions.accept", qtbot)
    assert any("1 decision was left out, because the reviewer has decided already" in text for text in said(page))


def test_what_a_list_of_covidence_holds_is_asked(open_page: Open, tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "export.csv"
    path.write_text("Title,Authors,Abstract,Covidence #\nKetamine,A,Text,#1\n", encoding="utf-8")
    page = open_page(new_review(tmp_path))
    bring(page, path, qtbot)
    assert page.questions.panel is None
    page.header.tabs.set_current("sources")
    settle(page, qtbot)
    page.registry.trigger("references.decisions")
    settle(page, qtbot)
    panel = asked(page)
    assert not panel.accept.isEnabled()
    panel.list.set_value(CovidenceList.SELECT)
    panel.list.activated.emit(panel.list.currentIndex())
    settle(page, qtbot)
    panel = asked(page)
    assert panel.chosen_list() is CovidenceList.SELECT
    whose = panel.whose[""]
    whose.set_value(True)
    whose.activated.emit(whose.currentIndex())
    click(page, "decisions.accept", qtbot)
    judges = [one for one in page.review.reviewers() if one.is_screener]
    assert any(f"{len(judges)} decisions on 1 record were taken in." in text for text in said(page))


def test_somebody_who_does_not_lead_is_told_who_can(
    make_window: MakeWindow, open_page: Open, tmp_path: Path, qtbot: QtBot
) -> None:
    review = new_review(tmp_path)
    lead, second = review.reviewers()[:2]
    asha = sessions(review)[0]
    asha.protocol.set_roles(second.id, is_lead=True, is_adjudicator=False, is_screener=True)
    sessions(review)[1].protocol.set_roles(lead.id, is_lead=False, is_adjudicator=False, is_screener=True)
    page = open_page(review)
    if page.session.reviewer.is_lead:
        pytest.skip("the window opened as the lead")
    bring(page, ris_file(tmp_path / "rayyan.ris", titles(1), notes=NOTES), qtbot)
    assert page.questions.panel is None
    assert any("The lead can take them in" in text for text in said(page))
    assert not page.registry.is_enabled("references.decisions")


# --- exports ---------------------------------------------------------------------------------------------------------


def test_records_are_exported_from_the_menu(open_page: Open, answers: Answers, tmp_path: Path, qtbot: QtBot) -> None:
    review = new_review(tmp_path, records=2)
    asha, tom, _ = sessions(review)
    asha.protocol.add_reason(Stage.TITLE_ABSTRACT, "Wrong population")
    for session in (asha, tom):
        session.screening.decide(asha.references.ids()[0], Verdict.INCLUDE)
    page = open_page(review)
    for form, name in (("copse", "a.csv"), ("ris", "b.ris"), ("rayyan", "c.csv"), ("covidence", "d.csv")):
        answers.target = tmp_path / name
        page.registry.trigger(f"references.export_{form}")
        settle(page, qtbot)
        records = read_file(tmp_path / name).records
        assert len(records) == 2
        assert {one.reviewer for one in decisions_of(records)} == {page.session.reviewer.name}
    qtbot.mouseClick(page.more, LEFT)
    menu = page.findChild(QMenu, "references.more.menu")
    assert next(action.text() for action in menu.actions() if action.text()) == "Export records as a table (CSV)"
    menu.close()


def test_an_export_that_cannot_be_written_says_so(
    open_page: Open, answers: Answers, tmp_path: Path, qtbot: QtBot
) -> None:
    page = open_page(new_review(tmp_path, records=1))
    answers.target = tmp_path / "absent" / "a.csv"
    page.registry.trigger("references.export_copse")
    settle(page, qtbot)
    assert any("could not be written" in text for text in said(page))


def test_decisions_are_taken_in_once_however_often_it_is_pressed(open_page: Open, tmp_path: Path, qtbot: QtBot) -> None:
    page = open_page(new_review(tmp_path))
    page.import_files([ris_file(tmp_path / "rayyan.ris", titles(2), notes=NOTES), table(tmp_path)])
    settle(page, qtbot)
    leave_out(page, "Noa")
    panel = asked(page)
    for _ in range(2):
        qtbot.mouseClick(panel.accept, LEFT)
    qtbot.keyClick(panel, Qt.Key.Key_Escape)
    settle(page, qtbot)
    assert [text for text in said(page) if "taken in" in text or "left out" in text] == [
        "2 decisions on 2 records were taken in. New exclusion reasons: wrong population."
    ]
    assert meanings(page) is page.questions.panel


def test_what_is_refused_can_be_chosen_differently(open_page: Open, tmp_path: Path, qtbot: QtBot) -> None:
    review = new_review(tmp_path)
    lead = review.reviewers()[0]
    sessions(review)[0].protocol.set_roles(
        review.reviewers()[2].id, is_lead=False, is_adjudicator=True, is_screener=False
    )
    page = open_page(review)
    notes = NOTES.replace("Noa", "Rosa Lindqvist")
    bring(page, ris_file(tmp_path / "rayyan.ris", titles(1), notes=notes), qtbot)
    panel = asked(page)
    whose = panel.whose["Rosa Lindqvist"]
    whose.set_value("Rosa Lindqvist")
    whose.activated.emit(whose.currentIndex())
    click(page, "decisions.accept", qtbot)
    assert any("is in the team already" in text for text in said(page))
    assert asked(page) is panel
    assert QApplication.focusWidget() is panel.accept
    whose.set_value(lead.id)
    whose.activated.emit(whose.currentIndex())
    click(page, "decisions.accept", qtbot)
    assert page.questions.panel is None
    assert any("2 decisions on 1 record were taken in." in text for text in said(page))
