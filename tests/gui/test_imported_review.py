"""A review taken from another program, on the pages where people work: what came settled asks nothing of anybody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from core.interchange.model import ReviewFile
from core.model import StudyStatus
from gui.desk import Desk
from gui.pages import PAGES
from gui.pages.analysis.page import AnalysisPage
from gui.pages.analysis.tree import two_lines
from gui.pages.base import Page
from gui.pages.extraction.page import ExtractionPage
from gui.pages.extraction.study_list import StudyList
from gui.pages.riskofbias.compare import CompareTable
from tests.gui.conftest import MakeWindow
from tests.session.adopted import adopt, review_file

W = TypeVar("W", bound=QWidget)


class Imported:
    """The window on the adopted review."""

    def __init__(self, desk: Desk, qtbot: QtBot) -> None:
        self.desk, self.qtbot = desk, qtbot

    def settle(self) -> None:
        self.qtbot.waitUntil(lambda: self.desk.workspace.runner.pending == 0)
        QApplication.processEvents()
        self.qtbot.waitUntil(lambda: self.desk.workspace.runner.pending == 0)

    @property
    def page(self) -> Page:
        """The page in front."""
        page = self.desk.current_page()
        assert page is not None
        return page

    def go(self, page: str, tab: str = "") -> Page:
        self.desk.show_page(page)
        self.settle()
        shown = self.page
        if tab:
            shown.header.tabs.set_current(tab)
            self.settle()
        return shown

    def texts(self) -> list[str]:
        """What stands on the page."""
        labels = self.page.findChildren(QLabel)
        return [each.text() for each in labels if each.isVisible() and each.text()]

    def is_there(self, name: str) -> bool:
        return any(each.isVisible() for each in self.page.findChildren(QWidget, name))

    def find(self, kind: type[W], name: str) -> W:
        return next(each for each in self.page.findChildren(kind, name) if each.isVisible())

    def study(self, label: str) -> ExtractionPage:
        page = self.go("extraction", "extract")
        assert isinstance(page, ExtractionPage)
        page.show_place(study=next(each.id for each in page.session.studies.list() if each.label == label))
        self.settle()
        return page


OpenFile = Callable[[ReviewFile], Imported]


@pytest.fixture
def open_file(make_window: MakeWindow, qtbot: QtBot, tmp_path: Path) -> OpenFile:
    def open_it(file: ReviewFile) -> Imported:
        review = adopt(tmp_path, file)
        review.close()
        window = make_window(PAGES)
        window.resize(1280, 800)
        with qtbot.waitSignal(window.review_shown):
            window.open_review(review.path)
        desk = window.desk()
        assert desk is not None
        made = Imported(desk, qtbot)
        made.settle()
        return made

    return open_it


@pytest.fixture
def tea(open_file: OpenFile) -> Imported:
    return open_file(review_file())


@pytest.mark.parametrize("tab", ["screen", "decided", "conflicts"])
def test_screening_says_that_all_came_settled_and_leads_to_a_search_update(tea: Imported, tab: str) -> None:
    tea.go("screening", tab)
    assert any("4 records came settled with the imported review." in text for text in tea.texts())
    assert not any("Continue" in text for text in tea.texts())
    tea.qtbot.mouseClick(tea.find(QWidget, "screening.to_import"), Qt.MouseButton.LeftButton)
    assert tea.page.ID == "references"


def test_a_settled_report_offers_no_decision(open_file: OpenFile) -> None:
    file = review_file()
    tea = open_file(replace(file, studies=tuple(s for s in file.studies if s.status is not StudyStatus.ONGOING)))
    tea.go("fulltext", "reports")
    assert any(text.startswith("Settled: ") for text in tea.texts())
    assert not tea.is_there("fulltext.include")
    assert not any(text in ("Exclude because", "Your note") for text in tea.texts())
    tea.go("fulltext", "conflicts")
    assert any("reports came settled with the imported review." in text for text in tea.texts())


def test_the_list_of_studies_waits_for_nobody(tea: Imported) -> None:
    page = tea.go("extraction", "extract")
    studies = page.findChild(StudyList)
    assert isinstance(studies, StudyList)
    spoken = [line.spoken for n in range(studies.rows.rowCount()) if (line := studies.line_at(n)) is not None]
    assert [text.split(",")[0] for text in spoken] == ["Berg 2001", "Díaz 2003", "New 2030", "Old 1950"]
    assert not any("Tom" in text for text in spoken)
    assert "all came settled" in tea.texts()


def test_an_outcome_of_counts_says_nothing_of_a_time_point(tea: Imported) -> None:
    tea.study("Berg 2001")
    assert "Cure" in tea.texts()
    assert not any("time point" in text for text in tea.texts())


def test_an_excluded_study_shows_its_reason_and_asks_for_no_arms(tea: Imported) -> None:
    page = tea.study("Old 1950")
    tab = page.extract_tab
    assert not any(section.isVisible() for section in (tab.arms, tab.populations, tab.outcomes))
    shown = [tab.book.held(cell.key) for grid in tab.grids() for cell in grid.grid.spec.cells()]
    assert "Not randomised." in [held.value.text for held in shown if held is not None]
    assert "Excluded from the review, so there is nothing to extract." in tea.texts()
    assert not tea.is_there("extraction.finish")


def test_what_came_settled_is_compared_and_mended(tea: Imported) -> None:
    page = tea.study("Díaz 2003")
    page.header.tabs.set_current("compare")
    tea.settle()
    table = page.compare_tab.table
    line = next(each for each in page.compare_tab.lines if each.is_imported)
    assert line.key is not None
    table.go(line.key)
    tea.qtbot.mouseClick(tea.find(QWidget, "compare.own"), Qt.MouseButton.LeftButton)
    editor = QApplication.focusWidget()
    assert isinstance(editor, QLineEdit)
    editor.setText("2")
    tea.qtbot.keyClick(editor, Qt.Key.Key_Return)
    tea.settle()
    mended = page.session.extraction.value(*line.key)
    assert mended is not None
    assert mended.value.number == 2
    assert "2" in next(each for each in page.compare_tab.lines if each.key == line.key).outcome


def test_settled_judgements_of_nobody_here_take_the_width_of_their_table(tea: Imported) -> None:
    page = tea.go("riskofbias", "consensus")
    table = next(each for each in page.findChildren(CompareTable) if each.isVisible())
    assert table.horizontalHeader().length() >= table.viewport().width() - 1
    tea.go("riskofbias", "assess")
    assert not any(text.startswith("of 0 ") for text in tea.texts())
    assert any("came settled" in text for text in tea.texts())


def renamed(file: ReviewFile, *names: str) -> ReviewFile:
    """The file with the outcomes of its second comparison called so."""
    first, second = file.comparisons
    outcomes = (replace(each, name=name) for each, name in zip(second.outcomes, names, strict=True))
    return replace(file, comparisons=(first, replace(second, outcomes=tuple(outcomes))))


def test_names_that_begin_alike_are_told_apart_in_the_tree(open_file: OpenFile) -> None:
    beginning = "Symptom of sore throat on day three of the illness: "
    tea = open_file(renamed(review_file(), beginning + "blinded", beginning + "unblinded", "Days"))
    page = tea.go("analysis")
    assert isinstance(page, AnalysisPage)
    tree = page.tree
    top = tree.topLevelItem(1)
    assert top is not None
    nodes = [node for number in range(3) if (node := top.child(number)) is not None]
    blinded, unblinded, days = (tree.lines_of(node) for node in nodes)
    assert blinded[0].startswith("2.1 Symptom of")
    assert blinded[1].removeprefix("…").split()[-1] == "blinded"
    assert unblinded[1].removeprefix("…").split()[-1] == "unblinded"
    assert blinded[1].startswith("…")
    assert days == ["2.3 Days"]
    heights = [tree.visualItemRect(node).height() for node in nodes]
    assert heights[0] == heights[1] > heights[2]
    for node in nodes:
        tree.setCurrentItem(node)
    tea.settle()
    assert [tree.visualItemRect(node).height() for node in nodes] == heights, "becoming current moves nothing"


def test_the_second_line_of_a_name_begins_where_it_differs() -> None:
    one, two, three, four = names = [
        "1.1 Severe diarrhoea up to one year (all countries, by any test)",
        "1.2 Severe diarrhoea up to two years (all countries, by any test)",
        "1.3 Severe diarrhoea of whatever cause",
        "1.4 Pneumonoultramicroscopicsilicovolcanoconiosis",
    ]

    def lines(name: str) -> list[str]:
        return two_lines(name, [each for each in names if each != name], lambda text: len(text) <= 23)

    assert lines(one) == ["1.1 Severe diarrhoea up", "…one year (all countries, by any test)"]
    assert lines(two) == ["1.2 Severe diarrhoea up", "…two years (all countries, by any test)"]
    assert lines(three) == ["1.3 Severe diarrhoea of", "whatever cause"]
    assert lines(four) == [four]


def test_the_ends_of_an_axis_are_shown_with_four_digits_and_kept_as_they_are(open_file: OpenFile) -> None:
    file = review_file()
    first, second = file.comparisons
    outcomes = tuple(replace(each, scale=45.69) for each in first.outcomes)
    tea = open_file(replace(file, comparisons=(replace(first, outcomes=outcomes), second)))
    page = tea.go("analysis")
    assert isinstance(page, AnalysisPage)
    field = tea.find(QLineEdit, "analysis.axis_lower")
    assert field.text() == "0.02189"
    field.setFocus()
    field.editingFinished.emit()
    tea.settle()
    assert page.picture is not None
    assert page.picture.data.look.axis_lower == pytest.approx(1 / 45.69, rel=1e-9)
