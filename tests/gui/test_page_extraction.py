"""The extraction page, driven as a person would: studies, arms, grids, two reviewers, comparison, the form."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QMenu, QPushButton, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from core.errors import InputError
from core.extraction.compare import Value
from core.extraction.forms import FieldKind
from core.model import ArmRole, Direction, Id, OutcomeKind, Settlement, ValueKind, ValueStatus, Verdict
from core.review import Review, Session
from gui.main_window import MainWindow
from gui.pages import PAGES
from gui.pages.extraction.compare_table import CompareTable
from gui.pages.extraction.grid import DataGrid
from gui.pages.extraction.page import ExtractionPage
from gui.pages.extraction.parts import SectionHead
from gui.pages.extraction.study_list import StudyList
from gui.pages.extraction.values import read_block, read_number, read_value, shown, typed
from gui.pages.progress import extraction as extraction_progress
from gui.settings import Settings
from gui.theme import Theme
from gui.widgets.rail import StageProgress
from tests.gui.conftest import MakeWindow
from tests.gui.layout_checks import faults
from tests.reviews import new_review, record_ids, sessions

SPEC = next(spec for spec in PAGES if spec.id == "extraction")
W = TypeVar("W", bound=QWidget)


@dataclass
class Desk:
    """The page in a window, with hands and eyes."""

    window: MainWindow
    qtbot: QtBot

    @property
    def page(self) -> ExtractionPage:
        desk = self.window.desk()
        assert desk is not None
        page = desk.current_page()
        assert isinstance(page, ExtractionPage)
        return page

    @property
    def session(self) -> Session:
        return self.page.session

    @property
    def study(self) -> Id:
        assert self.page.study_id is not None
        return self.page.study_id

    def settle(self) -> None:
        """Until nothing is under way and what was read is shown."""
        desk = self.window.desk()
        assert desk is not None
        self.qtbot.waitUntil(lambda: desk.workspace.runner.pending == 0)
        QApplication.processEvents()
        self.qtbot.waitUntil(lambda: desk.workspace.runner.pending == 0)

    def find(self, name: str, kind: type[W] = QWidget) -> W:  # type: ignore[assignment]
        found = [each for each in self.page.findChildren(kind, name) if each.isVisible()]
        assert found, f"no visible {name}"
        return found[0]

    def is_there(self, name: str) -> bool:
        return any(each.isVisible() for each in self.page.findChildren(QWidget, name))

    def click(self, name: str) -> None:
        self.qtbot.mouseClick(self.find(name), Qt.MouseButton.LeftButton)
        self.settle()

    def write(self, name: str, text: str, *, enter: bool = True) -> None:
        """Replace what is in a field, as one does with a click, select all, and typing."""
        field = self.find(name, QLineEdit)
        self.qtbot.mouseClick(field, Qt.MouseButton.LeftButton)
        field.selectAll()
        self.qtbot.keyClicks(field, text)
        if enter:
            self.qtbot.keyClick(field, Qt.Key.Key_Return)
        self.settle()

    def choose(self, name: str, text: str) -> None:
        """Choose an entry of a combo box with the keyboard."""
        combo = self.find(name, QComboBox)
        combo.setFocus()
        place = next(n for n in range(combo.count()) if combo.itemText(n).startswith(text))
        combo.setCurrentIndex(place)
        combo.activated.emit(place)
        self.settle()

    def keys(self, text: str) -> None:
        """Type at whatever has the focus; \\t and \\n are the keys Tab and Return."""
        for letter in text:
            at = QApplication.focusWidget()
            assert at is not None
            if letter == "\t":
                QTest.keyClick(at, Qt.Key.Key_Tab)
            elif letter == "\n":
                QTest.keyClick(at, Qt.Key.Key_Return)
            else:
                QTest.keyClicks(at, letter)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        at = QApplication.focusWidget()
        QTest.keyClick(at if at is not None else self.page, key, modifier)
        self.settle()

    def cell(self, grid_name: str, row: int, column: int) -> DataGrid:
        """Click a cell of a grid."""
        grid = self.find(grid_name, DataGrid)
        middle = grid.visualRect(grid.model().index(row, column)).center()
        self.qtbot.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=middle)
        return grid

    def tab(self, name: str) -> None:
        tabs = self.page.header.tabs
        self.qtbot.mouseClick(tabs, Qt.MouseButton.LeftButton, pos=tabs.tab_rect(name).center())
        self.settle()

    def text(self, name: str) -> str:
        return self.find(name, QLabel).text()

    def work_as(self, person: int) -> None:
        desk = self.window.desk()
        assert desk is not None
        self.window.work_as(desk.workspace.review.reviewers()[person].id)
        self.settle()

    def numbers(self) -> dict[str, float | None]:
        """One's own entries: "arm: statistic" and the number."""
        entries = self.session.extraction.my_entries(self.study)
        cells = self.session.extraction.cells(self.study)
        return {
            cell.label: entries[cell.subject_id, cell.field].value.number
            for cell in cells
            if (cell.subject_id, cell.field) in entries
        }

    def messages(self) -> list[str]:
        return [message.text() for message in self.page.messages.messages()]


OpenDesk = Callable[..., Desk]


@pytest.fixture
def open_desk(make_window: MakeWindow, qtbot: QtBot, settings: Settings) -> OpenDesk:
    """Open the page as one of the team: 0 is Asha, who leads; 1 Tom, 2 Rosa, who settles."""

    def open_at(review: Review, person: int = 0) -> Desk:
        path = review.path
        settings.set_reviewer(path, review.reviewers()[person].id.hex())
        review.close()
        window = make_window((SPEC,))
        with qtbot.waitSignal(window.review_shown):
            window.open_review(path)
        desk = Desk(window, qtbot)
        desk.settle()
        return desk

    return open_at


def trial(folder: Path, *, contrast: bool = False) -> Review:
    """Feder 2014 with two arms and a result of Response in each (and a reported odds ratio)."""
    review = new_review(folder)
    lead = sessions(review)[0]
    response = lead.protocol.add_outcome("Response", OutcomeKind.DICHOTOMOUS, better=Direction.HIGHER).value
    study = lead.studies.create(label="Feder 2014", design="crossover", randomised=41).value
    for label, role in (("Ketamine", ArmRole.EXPERIMENTAL), ("Midazolam", ArmRole.CONTROL)):
        arm = lead.studies.add_arm(study, label, role).value
        lead.extraction.add_result(study, response, arm_id=arm)
    if contrast:
        dizzy = lead.protocol.add_outcome("Dizziness", OutcomeKind.GENERIC, better=Direction.LOWER).value
        lead.extraction.add_result(study, dizzy, effect_measure="OR")
    return review


def twice_entered(folder: Path) -> Review:
    """The trial entered and finished by Asha (9 of 22, 4 of 19) and by Tom, who read 3 of 19."""
    review = trial(folder)
    asha, tom, _rosa = sessions(review)
    study = asha.studies.list()[0].id
    places = asha.extraction.results(study)
    for person, control in ((asha, 4), (tom, 3)):
        for place, events, total in zip(places, (9, control), (22, 19), strict=True):
            source = "Table 2" if person is asha else "Text, p. 3"
            person.extraction.enter(place.id, "events", events, source=source)
            person.extraction.enter(place.id, "total", total)
        person.extraction.finish(study)
    return review


# studies


def test_an_empty_review_says_where_studies_come_from(tmp_path: Path, open_desk: OpenDesk) -> None:
    desk = open_desk(new_review(tmp_path))
    texts = [label.text() for label in desk.page.findChildren(QLabel) if label.isVisible()]
    assert "No studies yet" in texts
    assert "A study appears here when its report is included at full text." in texts
    assert desk.is_there("extraction.to_fulltext")


def test_a_study_is_added_by_its_label_alone(tmp_path: Path, open_desk: OpenDesk) -> None:
    desk = open_desk(new_review(tmp_path))
    desk.click("extraction.add_first_study")
    desk.click("study.create")
    assert desk.session.studies.list() == ()
    desk.write("study.new_label", "Feder 2014", enter=False)
    desk.write("study.new_design", "crossover", enter=False)
    desk.click("study.create")
    (study,) = desk.session.studies.list()
    assert (study.label, study.design) == ("Feder 2014", "crossover")
    assert desk.page.study_id == study.id
    assert desk.text("extraction.label") == "Feder 2014"


def test_a_label_that_is_taken_is_refused_and_the_form_stays(tmp_path: Path, open_desk: OpenDesk) -> None:
    desk = open_desk(trial(tmp_path))
    desk.click("extraction.add_study")
    desk.keys("Feder 2014\n")
    desk.settle()
    assert len(desk.session.studies.list()) == 1
    assert "already" in desk.messages()[0]
    assert desk.find("study.new_label", QLineEdit).text() == "Feder 2014"
    desk.click("study.cancel")
    assert desk.text("extraction.label") == "Feder 2014"


def test_an_included_report_becomes_a_study(tmp_path: Path, open_desk: OpenDesk) -> None:
    review = new_review(tmp_path, 2)
    asha, tom, _rosa = sessions(review)
    first, second = record_ids(review)
    for parts in ((asha.screening, tom.screening), (asha.fulltext, tom.fulltext)):
        for part in parts:
            part.decide(first, Verdict.INCLUDE)
            part.decide(second, Verdict.INCLUDE)
    desk = open_desk(review)
    desk.click("study.from_report.1")
    (study,) = desk.session.studies.list()
    assert study.label == "Okafor 2019"
    assert [report.record_id for report in study.reports] == [first]
    desk.click("extraction.make_study")
    assert [each.label for each in desk.session.studies.list()] == ["Okafor 2019", "Okafor 2019b"]
    assert not desk.is_there("extraction.make_study")


def test_the_list_goes_from_study_to_study(tmp_path: Path, open_desk: OpenDesk) -> None:
    review = trial(tmp_path)
    second = sessions(review)[0].studies.create(label="Taylor 2018").value
    desk = open_desk(review)
    studies = desk.find("extraction.studies", StudyList)
    first = desk.study
    desk.qtbot.mouseClick(
        studies.viewport(),
        Qt.MouseButton.LeftButton,
        pos=studies.visualRect(studies.rows.index(1, 0)).center(),
    )
    desk.settle()
    assert (desk.study, desk.text("extraction.label")) == (second, "Taylor 2018")
    desk.press(Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert desk.study == first


def test_in_a_narrow_window_the_studies_open_from_a_button(tmp_path: Path, open_desk: OpenDesk) -> None:
    review = trial(tmp_path)
    sessions(review)[0].studies.create(label="Glue 2017")
    desk = open_desk(review)
    assert desk.is_there("extraction.studies")
    assert not desk.is_there("extraction.show_studies")
    desk.window.resize(1024, 700)
    desk.settle()
    assert not desk.is_there("extraction.studies")
    desk.click("extraction.show_studies")
    studies = desk.find("extraction.studies", StudyList)
    second = studies.visualRect(studies.model().index(1, 0)).center()
    desk.qtbot.mouseClick(studies.viewport(), Qt.MouseButton.LeftButton, pos=second)
    desk.settle()
    assert not desk.is_there("extraction.studies")
    assert desk.text("extraction.label") == "Glue 2017"
    assert desk.find("extraction.show_studies", QPushButton).text() == "Glue 2017"
    desk.click("extraction.show_studies")
    desk.press(Qt.Key.Key_Up)
    desk.press(Qt.Key.Key_Return)
    assert not desk.is_there("extraction.studies")
    assert desk.text("extraction.label") == "Feder 2014"
    desk.tab("form")
    assert not desk.is_there("extraction.show_studies")


def test_a_study_is_renamed_described_and_removed(tmp_path: Path, open_desk: OpenDesk) -> None:
    review = new_review(tmp_path)
    sessions(review)[0].studies.create(label="Feder")
    desk = open_desk(review)
    desk.click("extraction.rename")
    desk.write("extraction.label_edit", "Feder 2014")
    desk.write("study.design", "crossover")
    desk.write("study.randomised", "4l")
    desk.write("study.registration", "NCT00749203")
    study = desk.session.studies.one(desk.study)
    assert (study.label, study.design, study.randomised) == ("Feder 2014", "crossover", None)
    desk.write("study.randomised", "41")
    study = desk.session.studies.one(desk.study)
    assert (study.randomised, study.registration) == (41, "NCT00749203")
    desk.choose("study.status", "Awaiting")
    assert desk.session.studies.one(desk.study).status == "awaiting"
    desk.window.registry.trigger("extraction.remove_study")
    desk.settle()
    assert desk.session.studies.list() == ()
    assert desk.is_there("extraction.add_first_study")


# arms, populations, outcomes


def test_arms_are_added_with_their_usual_roles_and_put_in_order(tmp_path: Path, open_desk: OpenDesk) -> None:
    review = new_review(tmp_path)
    sessions(review)[0].studies.create(label="Feder 2014")
    desk = open_desk(review)
    desk.write("arms.new", "Ketamine")
    desk.write("arms.new", "Midazolam", enter=False)
    desk.click("arms.add")
    desk.write("arms.new", "Saline")

    def arms() -> list[tuple[str, ArmRole]]:
        return [(arm.label, arm.role) for arm in desk.session.studies.one(desk.study).arms]

    assert arms() == [
        ("Ketamine", ArmRole.EXPERIMENTAL),
        ("Midazolam", ArmRole.CONTROL),
        ("Saline", ArmRole.OTHER),
    ]
    desk.click("arms.3.up")
    desk.choose("arms.2.role", "Control")
    desk.write("arms.1.label", "Ketamine 0.5 mg/kg")
    desk.write("arms.1.description", "IV over 40 min")
    desk.click("arms.3.remove")
    assert arms() == [("Ketamine 0.5 mg/kg", ArmRole.EXPERIMENTAL), ("Saline", ArmRole.CONTROL)]
    assert desk.session.studies.one(desk.study).arms[0].description == "IV over 40 min"
    assert desk.page.extract_tab.arms.head.figure() == "2 arms"


def test_one_click_adds_rows_for_both_arms(tmp_path: Path, open_desk: OpenDesk) -> None:
    review = trial(tmp_path)
    sessions(review)[0].protocol.add_outcome("Symptoms", OutcomeKind.CONTINUOUS)
    desk = open_desk(review)
    desk.click("outcomes.quick.1")
    added = [r for r in desk.session.extraction.results(desk.study) if r.outcome_label == "Symptoms"]
    assert [(r.arm_label, r.kind) for r in added] == [("Ketamine", ValueKind.POST), ("Midazolam", ValueKind.POST)]
    assert desk.find("results.grid.2", DataGrid).model().rowCount() == 2
    assert QApplication.focusWidget() is desk.find("results.grid.2")


def of_many_outcomes(folder: Path, with_data: int, without: int) -> Review:
    """Feder 2014 with two arms; it has data of so many outcomes, of so many it has none."""
    review = new_review(folder)
    lead = sessions(review)[0]
    study = lead.studies.create(label="Feder 2014").value
    arms = [lead.studies.add_arm(study, label).value for label in ("Ketamine", "Midazolam")]
    for number in range(with_data + without):
        outcome = lead.protocol.add_outcome(f"Outcome {number + 1}", OutcomeKind.DICHOTOMOUS).value
        if number < with_data:
            for arm in arms:
                lead.extraction.add_result(study, outcome, arm_id=arm)
    return review


@pytest.mark.parametrize("number", [1, 10, 70])
def test_the_grids_of_a_study_keep_their_height_however_many_there_are(
    tmp_path: Path, open_desk: OpenDesk, number: int
) -> None:
    desk = open_desk(of_many_outcomes(tmp_path, with_data=number, without=2))
    views = desk.page.extract_tab.outcomes.groups
    assert len(views) == number
    QApplication.processEvents()
    assert all(view.height() >= view.minimumSizeHint().height() for view in views)
    assert all(one.geometry().bottom() < other.geometry().top() for one, other in itertools.pairwise(views))
    button = desk.find("outcomes.quick.2")
    assert button.height() >= button.minimumSizeHint().height()
    assert not faults(desk.page)


def test_many_outcomes_without_data_are_folded_into_one_line_below_the_values(
    tmp_path: Path, open_desk: OpenDesk
) -> None:
    desk = open_desk(of_many_outcomes(tmp_path, with_data=2, without=12))
    head = desk.find("outcomes.missing", SectionHead)
    assert head.text() == "12 outcomes without data"
    assert head.accessibleName() == "12 outcomes without data, folded"
    assert not desk.is_there("outcomes.quick.1")
    assert all(view.isVisible() for view in desk.page.extract_tab.outcomes.groups)
    desk.click("outcomes.missing")
    desk.click("outcomes.quick.12")
    added = [r for r in desk.session.extraction.results(desk.study) if r.outcome_label == "Outcome 14"]
    assert [r.arm_label for r in added] == ["Ketamine", "Midazolam"]
    assert desk.find("outcomes.missing", SectionHead).text() == "11 outcomes without data"
    assert desk.is_there("outcomes.quick.11"), "the list one works in stays open"


def test_a_reported_effect_is_added_with_population_and_instrument(tmp_path: Path, open_desk: OpenDesk) -> None:
    review = trial(tmp_path)
    desk = open_desk(review)
    desk.click("extraction.section.populations")
    desk.write("populations.new", "With PTSD")
    desk.click("extraction.add_outcome_data")
    desk.click("outcome.open")
    desk.write("outcome.name", "PTSD symptoms", enter=False)
    desk.choose("outcome.kind", "Means")
    desk.choose("outcome.better", "Lower")
    desk.click("outcome.add")
    assert desk.find("result.outcome", QComboBox).currentText() == "PTSD symptoms"
    shape = desk.page.extract_tab.outcomes.panel.shape
    desk.qtbot.mouseClick(shape, Qt.MouseButton.LeftButton, pos=shape.segment_rect("contrast").center())
    desk.choose("result.measure", "Standardised")
    desk.choose("result.population", "With PTSD")
    desk.choose("result.period", "First")
    desk.choose("result.instrument", "Another")
    desk.click("result.submit")
    assert len(desk.session.extraction.results(desk.study)) == 2, "an instrument without a name is refused"
    desk.write("result.instrument_name", "CAPS", enter=False)
    desk.choose("result.better", "Higher")
    desk.write("result.time", "24 hours")
    (added,) = [r for r in desk.session.extraction.results(desk.study) if r.is_contrast]
    assert (added.outcome_label, added.population_label) == ("PTSD symptoms", "With PTSD")
    assert (added.effect_measure, added.instrument, added.better) == ("SMD", "CAPS", Direction.HIGHER)
    assert (added.time_point, added.period, added.kind) == ("24 hours", "first", ValueKind.DIFFERENCE)
    assert desk.page.extract_tab.outcomes.groups[1].grid.model().index(0, 0).data() == "Ketamine v Midazolam"


def test_results_are_changed_and_removed_from_their_menu(tmp_path: Path, open_desk: OpenDesk) -> None:
    desk = open_desk(trial(tmp_path))
    menu = desk.page.extract_tab.outcomes.groups[0].menu

    def choose(word: str) -> None:
        menu.aboutToShow.emit()
        next(action for action in menu.actions() if action.text().startswith(word)).trigger()
        desk.settle()

    assert isinstance(menu, QMenu)
    grid = desk.cell("results.grid.1", 1, 1)
    QApplication.sendEvent(
        grid, QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(1, 1), grid.mapToGlobal(QPoint(1, 1)))
    )
    desk.qtbot.waitUntil(menu.isVisible)
    menu.close()
    choose("Change all 2")
    desk.write("result.time", "7 days")
    assert {r.time_point for r in desk.session.extraction.results(desk.study)} == {"7 days"}
    desk.cell("results.grid.1", 1, 1)
    choose("Remove “Midazolam”")
    assert [r.arm_label for r in desk.session.extraction.results(desk.study)] == ["Ketamine"]
    desk.window.registry.trigger("edit.undo")
    desk.settle()
    assert len(desk.session.extraction.results(desk.study)) == 2


# the grid


def test_numbers_are_typed_as_in_a_spreadsheet(tmp_path: Path, open_desk: OpenDesk) -> None:
    desk = open_desk(trial(tmp_path))
    desk.cell("results.grid.1", 0, 1)
    desk.keys("9\t22\n4\t19\n")
    desk.settle()
    assert desk.numbers() == {
        "Ketamine: Events": 9,
        "Ketamine: Total": 22,
        "Midazolam: Events": 4,
        "Midazolam: Total": 19,
    }
    assert desk.text("extraction.progress") == "4 of 4"
    assert desk.text("extraction.left") == "All filled in"
    assert desk.session.undo_state().undo_label == "Entry “Midazolam: Total” of Feder 2014"


def test_arrows_move_and_f2_edits_what_is_there(tmp_path: Path, open_desk: OpenDesk) -> None:
    desk = open_desk(trial(tmp_path))
    grid = desk.cell("results.grid.1", 0, 1)
    desk.keys("9\n")
    desk.settle()
    desk.press(Qt.Key.Key_Up)
    assert (grid.currentIndex().row(), grid.currentIndex().column()) == (0, 1)
    desk.press(Qt.Key.Key_F2)
    editor = desk.find("extraction.cell_editor", QLineEdit)
    editor.deselect()
    editor.end(False)
    desk.keys("1")
    desk.press(Qt.Key.Key_Down)
    assert desk.numbers() == {"Ketamine: Events": 91}
    assert grid.currentIndex().row() == 1
    desk.keys("7")
    desk.press(Qt.Key.Key_Escape)
    desk.press(Qt.Key.Key_Up)
    desk.press(Qt.Key.Key_Delete)
    assert desk.numbers() == {}


def test_an_impossible_number_is_refused_in_the_strip_and_the_old_value_kept(
    tmp_path: Path, open_desk: OpenDesk
) -> None:
    desk = open_desk(trial(tmp_path))
    desk.cell("results.grid.1", 0, 2)
    desk.keys("22\n")
    desk.settle()
    grid = desk.cell("results.grid.1", 0, 1)
    desk.keys("31\n")
    desk.settle()
    message = desk.text("extraction.strip.message")
    assert message.startswith("More events (31) than participants (22) in Feder 2014, Ketamine.")
    assert desk.numbers() == {"Ketamine: Total": 22}
    assert grid.model().index(0, 1).data() == ""
    desk.click("extraction.strip.correct")
    assert desk.find("extraction.cell_editor", QLineEdit).text() == "31"
    desk.find("extraction.cell_editor", QLineEdit).selectAll()
    desk.keys("13\n")
    desk.settle()
    assert desk.numbers() == {"Ketamine: Total": 22, "Ketamine: Events": 13}
    assert not desk.is_there("extraction.strip.correct")


def test_what_is_no_number_is_refused_before_it_is_written(tmp_path: Path, open_desk: OpenDesk) -> None:
    desk = open_desk(trial(tmp_path))
    desk.cell("results.grid.1", 0, 1)
    desk.keys("nine\n")
    desk.settle()
    assert desk.text("extraction.strip.message").startswith("“nine” is not a number.")
    assert desk.numbers() == {}


def test_a_suspicious_interval_is_kept_with_a_caution(tmp_path: Path, open_desk: OpenDesk) -> None:
    desk = open_desk(trial(tmp_path, contrast=True))
    desk.cell("results.grid.2", 0, 1)
    desk.keys("104.13\t\t13.92\t799.06\n")
    desk.settle()
    desk.cell("results.grid.2", 0, 1)
    assert desk.text("extraction.strip.message").startswith(
        "The interval 13.92 to 799.06 is not symmetric around 104.13 on the log scale."
    )
    assert desk.numbers() == {"Odds ratio": 104.13, "95% CI, lower": 13.92, "95% CI, upper": 799.06}


def test_a_block_is_pasted_as_one_operation(tmp_path: Path, open_desk: OpenDesk) -> None:
    desk = open_desk(trial(tmp_path))
    desk.cell("results.grid.1", 0, 1)
    QApplication.clipboard().setText("9\t22\t41%\r\n4\tNR\r\n")
    desk.press(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert desk.numbers() == {
        "Ketamine: Events": 9,
        "Ketamine: Total": 22,
        "Midazolam: Events": 4,
        "Midazolam: Total": None,
    }
    assert desk.messages() == ["1 value of the table does not fit into this grid. The others were entered."]
    assert desk.session.undo_state().undo_label == "4 entries of Feder 2014"
    desk.window.registry.trigger("edit.undo")
    desk.settle()
    assert desk.numbers() == {}
    assert desk.find("results.grid.1", DataGrid).model().index(0, 1).data() == ""


def test_a_field_keeps_its_own_paste(tmp_path: Path, open_desk: OpenDesk) -> None:
    desk = open_desk(trial(tmp_path))
    desk.cell("results.grid.1", 0, 1)
    desk.click("extraction.rename")
    field = desk.find("extraction.label_edit", QLineEdit)
    QApplication.clipboard().setText("Feder 2014b")
    field.selectAll()
    desk.press(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert field.text() == "Feder 2014b"
    assert desk.numbers() == {}


def test_a_block_with_one_impossible_number_enters_nothing(tmp_path: Path, open_desk: OpenDesk) -> None:
    desk = open_desk(trial(tmp_path))
    desk.cell("results.grid.1", 0, 1)
    QApplication.clipboard().setText("9\t22\n31\t19")
    desk.click("extraction.paste")
    assert desk.text("extraction.strip.message").startswith("More events (31) than participants (19)")
    assert desk.numbers() == {}


def test_what_is_no_number_in_a_block_is_said_with_what_became_of_the_rest(tmp_path: Path, open_desk: OpenDesk) -> None:
    desk = open_desk(trial(tmp_path))
    desk.cell("results.grid.1", 0, 1)
    QApplication.clipboard().setText("9\tx\t41%\n4\t19")
    desk.click("extraction.paste")
    assert desk.text("extraction.strip.message").startswith("“x” is not a number.")
    assert desk.text("extraction.strip.message").endswith("Nothing of the table was entered.")
    assert desk.messages() == [], "nothing says that others were entered"
    assert desk.numbers() == {}
    desk.cell("results.grid.1", 1, 1)
    desk.press(Qt.Key.Key_Escape)
    assert "x" not in desk.text("extraction.strip.message").split()[0], "Escape gives up what was refused elsewhere"


def test_cells_pasted_into_an_open_cell_do_not_run_together(tmp_path: Path, open_desk: OpenDesk) -> None:
    desk = open_desk(trial(tmp_path))
    desk.cell("results.grid.1", 0, 1)
    desk.press(Qt.Key.Key_F2)
    QApplication.clipboard().setText("1\t4")
    desk.press(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert desk.numbers() == {"Ketamine: Events": 1, "Ketamine: Total": 4}
    desk.press(Qt.Key.Key_Delete)
    assert desk.numbers() == {"Ketamine: Total": 4}
    assert desk.session.undo_state().undo_label == "Clearing “Ketamine: Events” of Feder 2014"


def test_a_page_left_at_once_makes_nothing_afterwards(tmp_path: Path, open_desk: OpenDesk) -> None:
    desk = open_desk(trial(tmp_path))
    left, made = desk.page, list[str]()
    left.soon(lambda: made.append("made"))
    left.workspace.runner.close()  # as when the desk is closed; the page itself is deleted a moment later
    QApplication.processEvents()
    assert made == []


def test_how_a_value_is_known_and_where_it_stands_is_kept_with_it(tmp_path: Path, open_desk: OpenDesk) -> None:
    desk = open_desk(trial(tmp_path))
    desk.cell("results.grid.1", 0, 1)
    desk.keys("9\n")
    desk.settle()
    desk.cell("results.grid.1", 0, 1)
    desk.choose("extraction.strip.status", "From the authors")
    desk.write("extraction.strip.source", "Letter of 3 May")
    desk.cell("results.grid.1", 0, 1)
    desk.keys("8\n")
    desk.settle()
    (entry,) = desk.session.extraction.my_entries(desk.study).values()
    assert (entry.value.number, entry.status, entry.source) == (8, ValueStatus.AUTHORS, "Letter of 3 May")
    desk.cell("results.grid.1", 1, 1)
    desk.click("extraction.strip.not_reported")
    assert desk.find("results.grid.1", DataGrid).model().index(1, 1).data() == "NR"


def test_f8_goes_to_the_next_empty_cell_and_unfolds_its_section(tmp_path: Path, open_desk: OpenDesk) -> None:
    review = trial(tmp_path)
    sessions(review)[0].extraction.add_field("Country", FieldKind.TEXT)
    desk = open_desk(review)
    assert not desk.is_there("form.grid.1")
    desk.press(Qt.Key.Key_F8)
    assert desk.text("extraction.strip.cell") == "Country"
    assert desk.is_there("form.grid.1")
    desk.keys("New Zealand")
    desk.press(Qt.Key.Key_F8)
    assert desk.text("extraction.strip.cell") == "Ketamine: Events"
    desk.click("extraction.next_empty")
    assert desk.text("extraction.strip.cell") == "Ketamine: Total"
    desk.press(Qt.Key.Key_F8, Qt.KeyboardModifier.ShiftModifier)
    assert desk.text("extraction.strip.cell") == "Ketamine: Events"
    assert [e.value.text for e in desk.session.extraction.my_entries(desk.study).values()] == ["New Zealand"]


# finishing


def test_a_required_field_holds_up_finishing(tmp_path: Path, open_desk: OpenDesk) -> None:
    review = trial(tmp_path)
    lead = sessions(review)[0]
    lead.extraction.add_field("Funding", FieldKind.CHOICE, options=["public", "industry"], required=True)
    desk = open_desk(review)
    assert desk.text("extraction.left") == "1 required field empty"
    desk.click("extraction.finish")
    assert desk.messages()[0].startswith("Feder 2014 is not finished: “Funding” must be filled in")
    desk.click("extraction.next_empty")
    desk.press(Qt.Key.Key_F2)
    desk.choose("extraction.cell_editor", "industry")
    desk.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert desk.session.extraction.is_finished(desk.study)
    (entry,) = desk.session.extraction.my_entries(desk.study).values()
    assert entry.value.text == "industry"


def test_a_finished_study_is_closed_until_reopened(tmp_path: Path, open_desk: OpenDesk) -> None:
    desk = open_desk(trial(tmp_path))
    desk.click("extraction.finish")
    assert desk.session.extraction.is_finished(desk.study)
    desk.cell("results.grid.1", 0, 1)
    desk.keys("9\n")
    desk.settle()
    assert desk.numbers() == {}
    desk.click("extraction.reopen")
    desk.cell("results.grid.1", 0, 1)
    desk.keys("9\n")
    desk.settle()
    assert desk.numbers() == {"Ketamine: Events": 9}


def test_a_number_that_is_refused_on_finishing_leaves_the_study_open(tmp_path: Path, open_desk: OpenDesk) -> None:
    desk = open_desk(trial(tmp_path))
    desk.cell("results.grid.1", 0, 2)
    desk.keys("22\n")
    desk.settle()
    desk.cell("results.grid.1", 0, 1)
    desk.keys("31")
    desk.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert not desk.session.extraction.is_finished(desk.study)
    assert desk.text("extraction.strip.message").startswith("More events (31) than participants (22)")


def test_tab_goes_through_the_form_as_one_reads_it(tmp_path: Path, open_desk: OpenDesk) -> None:
    desk = open_desk(trial(tmp_path))
    desk.click("extraction.section.arms")
    wanted = ["arms.1.label", "arms.2.remove", "arms.add", "results.grid.1", "extraction.strip.status"]
    wanted.append("extraction.finish")
    names: list[str] = []
    at = desk.find("arms.1.label")
    while at is not None and len(names) < 200 and at.objectName() not in names[:1]:
        names.append(at.objectName())
        at = at.nextInFocusChain()
    assert [name for name in names if name in wanted] == wanted


# two reviewers, compare, settle


def test_two_reviewers_enter_apart_then_see_and_settle(tmp_path: Path, open_desk: OpenDesk) -> None:
    desk = open_desk(trial(tmp_path))
    for person, control in ((0, "4"), (1, "3")):
        desk.work_as(person)
        desk.cell("results.grid.1", 0, 1)
        assert desk.find("results.grid.1", DataGrid).model().index(0, 1).data() == "", "the other's stays hidden"
        desk.keys(f"9\t22\n{control}\t19\n")
        desk.settle()
        if person == 0:
            desk.click("extraction.finish")
            desk.click("extraction.to_compare")
            texts = " ".join(label.text() for label in desk.page.findChildren(QLabel) if label.isVisible())
            assert "Tom’s answers stay hidden until both of you have finished this study." in texts
            desk.tab("extract")
    desk.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    desk.work_as(2)
    table = desk.find("compare.table", CompareTable)
    assert desk.text("compare.facts") == "3 equal, 1 to settle"
    line = table.current_line()
    assert line is not None
    assert line.title == "Midazolam: Events", "the first difference is at hand"
    desk.click("compare.settle_equal")
    desk.write("compare.note", "Table 2 says 4", enter=False)
    desk.click("compare.take_left")
    value = desk.session.extraction.value(*(line.key or (b"", "")))
    assert value is not None
    assert (value.value.number, value.how, value.note) == (4, Settlement.ADJUDICATED, "Table 2 says 4")
    assert desk.text("compare.facts") == "3 equal, 1 settled"


def test_settling_by_keys_alone(tmp_path: Path, open_desk: OpenDesk) -> None:
    desk = open_desk(twice_entered(tmp_path), 2)
    table = desk.find("compare.table", CompareTable)
    table.setFocus()
    line = table.current_line()
    assert line is not None
    assert line.key is not None

    def settled() -> float | None:
        value = desk.session.extraction.value(*(line.key or (b"", "")))
        return value.value.number if value is not None else None

    desk.press(Qt.Key.Key_Right)
    assert settled() == 3
    desk.keys("5\n")
    desk.settle()
    assert settled() == 5
    desk.press(Qt.Key.Key_Delete)
    assert settled() is None
    desk.press(Qt.Key.Key_Left)
    assert settled() == 4
    desk.keys("four\n")
    desk.settle()
    assert desk.text("compare.message").startswith("“four” is not a number.")
    assert settled() == 4


def test_the_next_difference_may_be_in_another_study(tmp_path: Path, open_desk: OpenDesk) -> None:
    review = twice_entered(tmp_path)
    asha, tom, _rosa = sessions(review)
    other = asha.studies.create(label="Glue 2017").value
    arm = asha.studies.add_arm(other, "Ketamine", ArmRole.EXPERIMENTAL).value
    response = asha.protocol.outcomes()[0].id
    place = asha.extraction.add_result(other, response, arm_id=arm).value
    for person, events in ((asha, 8), (tom, 10)):
        person.extraction.enter(place, "events", events)
        person.extraction.enter(place, "total", 12)
        person.extraction.finish(other)
    desk = open_desk(review, 2)
    studies = desk.find("extraction.studies", StudyList)
    lines = [studies.line_at(number) for number in range(2)]
    assert [line.spoken.rpartition(", ")[2] for line in lines if line] == ["4 to settle", "2 to settle"]
    desk.click("compare.settle_equal")
    desk.press(Qt.Key.Key_F8)
    desk.press(Qt.Key.Key_Left)
    assert desk.page.compare_tab.label.text() == "Feder 2014"
    desk.press(Qt.Key.Key_F8)
    assert desk.page.compare_tab.label.text() == "Glue 2017"


def test_a_settled_value_that_cannot_be_is_refused(tmp_path: Path, open_desk: OpenDesk) -> None:
    desk = open_desk(twice_entered(tmp_path), 2)
    desk.click("compare.settle_equal")
    table = desk.find("compare.table", CompareTable)
    desk.click("compare.own")
    desk.keys("31\n")
    desk.settle()
    assert desk.text("compare.message").startswith("More events (31) than participants (19)")
    line = table.current_line()
    assert line is not None
    assert line.is_open


def test_the_keys_come_back_to_the_rows_and_what_is_settled_counts_as_done(tmp_path: Path, open_desk: OpenDesk) -> None:
    desk = open_desk(twice_entered(tmp_path), 2)
    assert extraction_progress(desk.session) == StageProgress(0.0, "0 / 1")
    desk.tab("compare")
    assert desk.find("compare.table", CompareTable).hasFocus()
    desk.click("compare.settle_equal")
    while desk.session.extraction.to_settle():
        desk.press(Qt.Key.Key_F8)
        desk.press(Qt.Key.Key_Left)
    assert extraction_progress(desk.session) == StageProgress(1.0, "1 / 1")


def test_who_may_not_settle_is_told_who_does(tmp_path: Path, open_desk: OpenDesk) -> None:
    desk = open_desk(twice_entered(tmp_path), 1)
    desk.tab("compare")
    assert desk.text("compare.why").startswith("Differences are settled by Rosa.")
    assert not desk.is_there("compare.take_left")
    table = desk.find("compare.table", CompareTable)
    table.setFocus()
    desk.press(Qt.Key.Key_Left)
    desk.keys("5")
    assert desk.session.extraction.values(desk.study) == ()


def test_who_settles_but_does_not_extract_begins_with_the_comparison(tmp_path: Path, open_desk: OpenDesk) -> None:
    desk = open_desk(trial(tmp_path), 2)
    texts = " ".join(label.text() for label in desk.page.findChildren(QLabel) if label.isVisible())
    assert "Feder 2014 is not ready to compare" in texts
    assert "Asha and Tom have not finished it yet" in texts
    desk.tab("extract")
    assert desk.text("extraction.left") == "Entered by Asha and Tom; settled values show here."
    desk.cell("results.grid.1", 0, 1)
    desk.keys("9")
    assert not desk.is_there("extraction.cell_editor")


# the form


def test_the_lead_designs_the_form(tmp_path: Path, open_desk: OpenDesk) -> None:
    desk = open_desk(trial(tmp_path))
    desk.tab("form")
    desk.write("form.new", "Country")
    desk.choose("form.new_kind", "Choice")
    desk.write("form.new", "Funding", enter=False)
    desk.write("form.new_options", "public", enter=False)
    desk.click("form.add")
    assert desk.messages() == ["“Funding” is a choice, so it needs two different options or more. Nothing was changed."]
    desk.write("form.new_options", "public, industry")
    desk.click("field.2.up")
    desk.write("field.1.label", "Sponsor")
    desk.click("field.2.required")
    assert [(f.label, f.kind, f.options, f.required) for f in desk.session.extraction.fields()] == [
        ("Sponsor", FieldKind.CHOICE, ("public", "industry"), False),
        ("Country", FieldKind.TEXT, (), True),
    ]
    desk.click("field.1.remove")
    assert [f.label for f in desk.session.extraction.fields()] == ["Country"]


def test_who_does_not_lead_reads_the_form(tmp_path: Path, open_desk: OpenDesk) -> None:
    review = trial(tmp_path)
    sessions(review)[0].extraction.add_field("Country", FieldKind.TEXT)
    desk = open_desk(review, 1)
    desk.tab("form")
    assert desk.find("field.1.label", QLineEdit).isReadOnly()
    assert not desk.is_there("form.new")
    assert not desk.is_there("field.1.remove")


# values


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", 12),
        (" −3.4 ", -3.4),
        ("–0.34", -0.34),
        ("12,5", 12.5),
        ("0,125", 0.125),
        ("1,234,567", 1234567),
        ("1,234.5", 1234.5),
        ("1 302", 1302),
        ("− 3.5", -3.5),
        ("1\u202f234\u202f567", 1234567),
        ("1e-3", 0.001),
        (".5", 0.5),
    ],
)
def test_numbers_are_read_as_papers_print_them(text: str, number: float) -> None:
    assert read_number(text) == number


@pytest.mark.parametrize(
    "text", ["1,234", "3 4", "1\t4", "12 34", "twelve", "3/4", "nan", "inf", "12%", "-", "", "1e400"]
)
def test_what_may_be_read_in_two_ways_or_in_none_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        read_number(text)


@pytest.mark.parametrize("number", [0.0, 8.0, -0.34, 1234567.0, 5.178625345, 1e-7])
def test_a_number_survives_being_edited(number: float) -> None:
    assert read_number(typed(Value(number))) == number


def test_values_are_shown_short_and_blocks_read_by_cell() -> None:
    assert shown(Value(5.178625345678)) == "5.17863"
    assert shown(Value(-0.34)) == "−0.34"
    assert shown(Value(not_reported=True)) == "NR"
    assert read_value("nr", FieldKind.TEXT) == Value(not_reported=True)
    assert read_value("  ", FieldKind.NUMBER).is_blank
    assert read_block("9\t22\r\n4\t19\r\n") == [["9", "22"], ["4", "19"]]


# what must hold of any page


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest, theme: Theme) -> Iterator[str]:
    theme.set_scheme(request.param)
    yield request.param
    theme.set_scheme("light")


def test_the_filled_page_fits_at_every_size(tmp_path: Path, open_desk: OpenDesk, scheme: str) -> None:
    review = twice_entered(tmp_path)
    sessions(review)[0].extraction.add_field("Funding", FieldKind.CHOICE, options=["public", "industry"])
    desk = open_desk(review)
    for size in (QSize(1024, 700), QSize(1280, 800), QSize(1920, 1080)):
        desk.window.resize(size)
        desk.tab("extract")
        for section in desk.page.extract_tab.sections():
            section.set_open(True)
        desk.window.registry.trigger("extraction.add_outcome_data")
        desk.settle()
        for tab in ("extract", "compare", "form"):
            desk.tab(tab)
            assert faults(desk.window) == [], f"{tab} at {size.width()}x{size.height()}, {scheme}"


def test_the_models_keep_the_rules_of_qt(tmp_path: Path, open_desk: OpenDesk, qtmodeltester: ModelTester) -> None:
    desk = open_desk(twice_entered(tmp_path))
    qtmodeltester.check(desk.find("results.grid.1", DataGrid).model())
    desk.tab("compare")
    qtmodeltester.check(desk.find("compare.table", CompareTable).model())


def test_every_button_of_the_page_has_a_tooltip_or_a_text(tmp_path: Path, open_desk: OpenDesk) -> None:
    desk = open_desk(twice_entered(tmp_path))
    for tab in ("extract", "compare", "form"):
        desk.tab(tab)
        for button in desk.page.findChildren(QPushButton):
            assert button.text() or button.toolTip(), button.objectName()
    assert desk.page.rect().contains(QPoint(0, 0))
