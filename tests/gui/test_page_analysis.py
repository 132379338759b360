"""The analysis page by clicks and keys: tree, grid, settings, plot, export."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication, QCheckBox, QLineEdit, QListWidget, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from core.model import Direction, Id, OutcomeKind
from core.review import Review
from gui.pages import PAGES
from gui.pages.analysis.numbers import parse_number
from gui.widgets.buttons import Button
from gui.widgets.fields import Combo
from gui.widgets.messages import EmptyState
from tests.gui.analysis_driver import Driver, Key, texts
from tests.gui.conftest import Answers, MakeWindow
from tests.gui.layout_checks import faults
from tests.reviews import new_review
from tests.session.trials import PTSD, SAD, add_outcome, analysis, contrast, counts, told, two_arms

SAD_POOLED = "28.94 [3.45, 242.57]"
SAD_WITH_SEVEN = "24.74 [2.97, 206.26]"
"""RevMan 5's result with 8 responders of Glue 2017, and with 7 (metafor 3.8-1 gives the same)."""

Open = Callable[[Review | Path], Driver]


@pytest.fixture
def opened(make_window: MakeWindow, qtbot: QtBot) -> Open:
    """Open a review in a window that has the analysis page alone."""

    def open_it(review: Review | Path) -> Driver:
        path = review if isinstance(review, Path) else review.path
        if isinstance(review, Review):
            review.close()
        window = make_window(tuple(spec for spec in PAGES if spec.id == "analysis"))
        window.resize(1280, 800)
        with qtbot.waitSignal(window.review_shown):
            window.open_review(path)
        return Driver(window, qtbot)

    return open_it


def extracted(folder: Path, rows: tuple[tuple[str, int, int, int, int], ...] = SAD) -> tuple[Review, Id]:
    """A review with responders by arm, entered twice and settled; the outcome's id."""
    review = new_review(folder)
    outcome = add_outcome(review, "Response")
    for row in rows:
        counts(review, outcome, *row)
    return review, outcome


@pytest.fixture(scope="module")
def sad_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed review with the two trials in social anxiety, analysed."""
    review, outcome = extracted(tmp_path_factory.mktemp("sad"))
    analysis(review, outcome)
    review.close()
    return review.path


@pytest.fixture
def sad(sad_file: Path, tmp_path: Path, opened: Open) -> Driver:
    """A copy of that review, open."""
    return opened(Path(shutil.copy(sad_file, tmp_path)))


# --- from nothing to a plot ------------------------------------------------------------------------------------------


def test_from_an_empty_tree_to_a_forest_plot_by_keys(tmp_path: Path, opened: Open) -> None:
    review, _ = extracted(tmp_path)
    driver = opened(review)
    assert driver.find(EmptyState, "analysis.empty").title.text() == "No analyses yet"
    assert not driver.page.right.isVisible()
    driver.click("analysis.empty.new_comparison")
    driver.qtbot.waitUntil(lambda: isinstance(QApplication.focusWidget(), QLineEdit))
    driver.type("Ketamine v control", Key.Key_Tab)
    driver.type("Ketamine", Key.Key_Tab)
    driver.type("Placebo", Key.Key_Return)
    driver.qtbot.waitUntil(lambda: isinstance(QApplication.focusWidget(), Combo))
    assert driver.tree_labels() == ["1 Ketamine v control"]
    driver.press(Key.Key_Return)  # the outcome there is, with all its studies
    assert driver.tree_labels() == ["1 Ketamine v control", "1.1 Response"]
    assert driver.page.tree.currentItem().text(0) == "1.1 Response"
    assert driver.cell("Glue 2017", 1) == "8"
    assert {SAD_POOLED, "Ketamine", "Placebo", "Favours Ketamine"} <= set(driver.plot())
    assert faults(driver.window) == []
    driver.undo()
    assert driver.find(EmptyState, "analysis.empty").title.text() == "No analyses in “Ketamine v control” yet"


def test_a_comparison_needs_a_name(tmp_path: Path, opened: Open) -> None:
    driver = opened(new_review(tmp_path))
    driver.click("analysis.add")
    driver.menu("analysis.add.menu", "New comparison")
    driver.click("analysis.form.apply")
    assert any("Give the comparison a name." in label for label in texts(driver.page))
    driver.press(Key.Key_Escape)
    assert driver.tree_labels() == []


def test_a_review_without_outcomes_says_where_they_are_made(tmp_path: Path, opened: Open) -> None:
    review = new_review(tmp_path)
    review.session(review.reviewers()[0].id).synthesis.add_comparison("Ketamine v control")
    driver = opened(review)
    driver.click("analysis.empty.new_analysis")
    assert any("no outcome yet" in text for text in texts(driver.page))


def test_an_analysis_of_an_outcome_without_results_points_to_extraction(tmp_path: Path, opened: Open) -> None:
    review = new_review(tmp_path)
    analysis(review, add_outcome(review, "Response"))
    driver = opened(review)
    state = driver.find(EmptyState, "analysis.empty")
    assert state.title.text() == "No studies yet"
    assert driver.find(QPushButton, "analysis.go_to_extraction").isEnabled()


# --- the grid --------------------------------------------------------------------------------------------------------


def test_typing_over_a_number_changes_the_plot_and_delete_takes_it_back(sad: Driver) -> None:
    assert sad.sees(SAD_POOLED)
    sad.click_cell("Glue 2017", 1)
    sad.type("7", Key.Key_Return)
    assert sad.cell("Glue 2017", 1) == "7"
    assert sad.sees(SAD_WITH_SEVEN)
    assert sad.page.grid.currentIndex() == sad.index("Taylor 2018", 1)
    sad.click_cell("Glue 2017", 1)
    assert "typed over by Asha Menon" in sad.strip()
    assert sad.find(Button, "analysis.back_to_settled").text() == "Back to 8"
    sad.press(Key.Key_Delete)
    assert sad.cell("Glue 2017", 1) == "8"
    assert sad.sees(SAD_POOLED)
    sad.undo()
    assert sad.sees(SAD_WITH_SEVEN)
    sad.undo()
    assert sad.sees(SAD_POOLED)


def test_f2_edits_and_the_mouse_takes_back(sad: Driver) -> None:
    sad.click_cell("Taylor 2018", 1)
    sad.press(Key.Key_F2)
    editor = sad.find(QLineEdit, "analysis.cell_editor")
    assert editor.text() == "6"
    sad.qtbot.keyClicks(editor, "5")
    sad.qtbot.keyClick(editor, Key.Key_Tab)
    sad.rest()
    assert sad.cell("Taylor 2018", 1) == "5"
    assert sad.page.grid.currentIndex() == sad.index("Taylor 2018", 2)
    sad.click_cell("Taylor 2018", 1)
    sad.click("analysis.back_to_settled")
    assert sad.cell("Taylor 2018", 1) == "6"


def test_escape_leaves_a_number_as_it_was(sad: Driver) -> None:
    sad.click_cell("Glue 2017", 1, double=True)
    sad.type("3", Key.Key_Escape)
    assert sad.cell("Glue 2017", 1) == "8"
    assert sad.desk.workspace.session.undo_state().undo_label == "New analysis “Response”"


@pytest.mark.parametrize(
    ("typed", "said"),
    [("31", "More events (31) than participants (12)"), ("many", "“many” is not a number. Nothing was changed.")],
)
def test_a_refused_number_says_why_in_the_strip(sad: Driver, typed: str, said: str) -> None:
    sad.click_cell("Glue 2017", 1)
    sad.press(Key.Key_F2)
    sad.type(typed, Key.Key_Return)
    assert said in sad.strip()
    assert sad.cell("Glue 2017", 1) == "8"
    assert sad.page.grid.currentIndex() == sad.index("Glue 2017", 1)
    assert sad.sees(SAD_POOLED)
    assert sad.page.messages.messages() == []
    sad.press(Key.Key_Delete)
    assert "settled as equal" in sad.strip()


def test_a_number_is_pasted_and_a_table_is_refused(sad: Driver) -> None:
    sad.click_cell("Glue 2017", 1)
    QApplication.clipboard().setText("7\r\n")
    sad.press(Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert sad.cell("Glue 2017", 1) == "7"
    QApplication.clipboard().setText("5\t12")
    sad.press(Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert sad.cell("Glue 2017", 1) == "7"
    assert "One number at a time" in sad.strip()
    sad.press(Key.Key_Escape)
    assert "One number" not in sad.strip()
    assert sad.page.model.refused is None


def test_what_is_missing_in_a_form_is_said_below_the_field(sad: Driver) -> None:
    sad.page.tree.setFocus()
    sad.press(Key.Key_F2)
    sad.press(Key.Key_Delete)
    sad.press(Key.Key_Return)
    assert "Give the analysis a name." in texts(sad.window)
    assert faults(sad.window) == []


def test_an_export_that_succeeds_takes_the_failure_away(sad: Driver, answers: Answers, tmp_path: Path) -> None:
    answers.target = tmp_path / "nowhere" / "plot.svg"
    sad.window.registry.trigger("analysis.export_svg")
    sad.rest()
    assert len(sad.page.messages.messages()) == 1
    answers.target = tmp_path / "plot.svg"
    sad.window.registry.trigger("analysis.export_svg")
    sad.rest()
    assert answers.target.exists()
    assert sad.page.messages.messages() == []


def test_the_number_that_is_there_takes_a_refusal_away(sad: Driver) -> None:
    sad.click_cell("Glue 2017", 1)
    sad.press(Key.Key_F2)
    sad.type("3", Key.Key_Return)
    for typed in ("many", "3"):
        sad.click_cell("Glue 2017", 1)
        sad.press(Key.Key_F2)
        sad.type(typed, Key.Key_Return)
    assert sad.page.model.refused is None


def test_selecting_a_number_shows_where_it_came_from(sad: Driver) -> None:
    sad.click_cell("Glue 2017", 1)
    sad.qtbot.waitUntil(lambda: "settled as equal" in sad.strip())
    assert sad.strip().startswith("8, Glue 2017, Ketamine, events, ←, Asha Menon, 8, Tom Brandt, 8, settled as equal, ")
    sad.click_cell("Taylor 2018", 5)
    assert sad.strip() == "18.20 [0.94, 353.55], Taylor 2018, odds ratio"


def test_a_reason_is_kept_with_the_number(sad: Driver) -> None:
    sad.click_cell("Glue 2017", 1)
    sad.type("7", Key.Key_Tab)
    sad.click_cell("Glue 2017", 1)
    sad.click("analysis.override_reason")
    sad.qtbot.waitUntil(lambda: isinstance(QApplication.focusWidget(), QLineEdit))
    sad.type("erratum of 2018", Key.Key_Return)
    sad.qtbot.waitUntil(lambda: "“erratum of 2018”" in sad.strip())


def test_arrow_keys_go_through_numbers_and_tab_leaves_at_the_end(sad: Driver) -> None:
    sad.click_cell("Glue 2017", 1)
    sad.press(Key.Key_Right)
    sad.press(Key.Key_Down)
    assert sad.page.grid.currentIndex() == sad.index("Taylor 2018", 2)
    for _ in range(2):
        sad.press(Key.Key_Tab)
    assert sad.page.grid.currentIndex() == sad.index("Taylor 2018", 4)
    sad.press(Key.Key_Tab)
    assert not sad.page.grid.hasFocus()


# --- rows and subgroups ----------------------------------------------------------------------------------------------


def test_studies_are_added_moved_and_removed(tmp_path: Path, opened: Open) -> None:
    review, outcome = extracted(tmp_path)
    made = analysis(review, outcome)
    counts(review, outcome, *PTSD[0])
    driver = opened(review)
    driver.click("analysis.add_studies")
    offered = driver.find(QListWidget, "analysis.form.studies")
    assert [offered.item(n).text() for n in range(offered.count())] == ["Feder 2014"]
    assert driver.find(Button, "analysis.form.apply").text() == "Add 1 study"
    driver.click("analysis.form.apply")
    studies = [row.study for row in driver.desk.workspace.session.synthesis.grid(made).rows]
    assert studies == ["Glue 2017", "Taylor 2018", "Feder 2014"]
    driver.click_cell("Feder 2014", 1)
    driver.press(Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    studies = [row.study for row in driver.desk.workspace.session.synthesis.grid(made).rows]
    assert studies == ["Glue 2017", "Feder 2014", "Taylor 2018"]
    driver.click_cell("Feder 2014", 1)
    driver.click("analysis.row_menu")
    driver.menu("analysis.row.menu", "Remove from the analysis")
    assert driver.desk.status_bar.line() == "Removed Feder 2014."
    assert driver.sees(SAD_POOLED)


def test_rows_move_into_subgroups_by_mouse(tmp_path: Path, opened: Open) -> None:
    review, outcome = extracted(tmp_path, (*SAD, *PTSD))
    analysis(review, outcome)
    driver = opened(review)
    for label in ("SAD", "PTSD"):
        driver.click("analysis.add")
        driver.menu("analysis.add.menu", "New subgroup")
        driver.qtbot.waitUntil(lambda: isinstance(QApplication.focusWidget(), QLineEdit))
        driver.type(label, Key.Key_Return)
    for row in (*SAD, *PTSD):
        place = driver.page.grid.visualRect(driver.index(row[0], 0)).center()
        driver.qtbot.mouseClick(driver.page.grid.viewport(), Qt.MouseButton.LeftButton, pos=place)
        driver.click("analysis.row_menu")
        driver.menu("analysis.row.menu", "Move to subgroup", "SAD" if row in SAD else "PTSD")
    assert {SAD_POOLED, "2.03 [0.67, 6.15]", "1.1.1 SAD", "1.1.2 PTSD"} <= set(driver.plot())
    shown = [driver.page.model.index(n, 0).data() for n in range(driver.page.model.rowCount())]
    assert shown == ["SAD", "Glue 2017", "Taylor 2018", "PTSD", "Feder 2014", "Dadabayev 2020", "Pradhan 2017"]
    assert driver.cell("Pradhan 2017", 5) == "Not estimable"
    assert any("Pradhan 2017: not estimable" in note for note in driver.page.notes.notes())
    driver.click_cell("SAD", 0)
    shown = [driver.page.model.index(n, 0).data() for n in range(driver.page.model.rowCount())]
    assert shown == ["SAD", "PTSD", "Feder 2014", "Dadabayev 2020", "Pradhan 2017"]
    assert "Glue 2017" in driver.plot()
    driver.click_cell("Feder 2014", 1)
    driver.page.registry.trigger("analysis.fold")
    driver.rest()
    assert driver.page.model.rowCount() == 2
    driver.page.tree.choose(next(group.id for group in driver.page.current().data.subgroups if group.label == "PTSD"))
    driver.rest()
    assert driver.page.model.name(driver.page.model.line(driver.page.grid.currentIndex().row())) == "Feder 2014"


def test_an_analysis_is_renamed_moved_and_removed(tmp_path: Path, opened: Open) -> None:
    review, outcome = extracted(tmp_path)
    analysis(review, outcome)
    analysis(review, outcome)
    driver = opened(review)
    driver.page.tree.setFocus()
    driver.press(Key.Key_F2)
    driver.qtbot.waitUntil(lambda: isinstance(QApplication.focusWidget(), QLineEdit))
    driver.type("Response in SAD", Key.Key_Return)
    assert driver.tree_labels()[1:] == ["1.1 Response in SAD", "1.2 Response"]
    driver.page.tree.setFocus()
    driver.press(Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert driver.tree_labels()[1:] == ["1.1 Response", "1.2 Response in SAD"]
    driver.click("analysis.tree_menu")
    driver.menu("analysis.tree.menu", "Remove")
    assert driver.tree_labels()[1:] == ["1.1 Response"]
    assert driver.desk.status_bar.line() == "Removed “Response in SAD”."
    driver.undo()
    assert driver.tree_labels()[1:] == ["1.1 Response", "1.2 Response in SAD"]


def test_arrow_keys_choose_an_analysis(tmp_path: Path, opened: Open) -> None:
    review, outcome = extracted(tmp_path)
    analysis(review, outcome)
    analysis(review, outcome, measure="RR")
    driver = opened(review)
    driver.page.tree.setFocus()
    driver.press(Key.Key_Down)
    assert driver.page.tree.currentItem().text(0) == "1.2 Response"
    assert driver.page.model.columns[5].title == "RR [95% CI]"
    assert "Risk Ratio" in driver.plot()


# --- settings --------------------------------------------------------------------------------------------------------


def test_each_setting_is_one_operation_and_only_what_is_legal_is_offered(sad: Driver) -> None:
    assert sad.offers("measure") == ["Odds ratio", "Risk ratio", "Risk difference", "Peto odds ratio"]
    assert sad.offers("tau2") == ["DerSimonian-Laird"]
    sad.combo("measure", "Risk ratio")
    assert "Risk Ratio" in sad.plot()
    assert sad.offers("method") == ["Inverse variance", "Mantel-Haenszel"]
    sad.combo("model", "Common effect (fixed effect)")
    assert "M-H, Fixed, 95% CI" in sad.plot()
    sad.undo()
    assert "M-H, Random, 95% CI" in sad.plot()
    sad.undo()
    assert sad.sees(SAD_POOLED)


def test_what_moves_along_is_said(sad: Driver) -> None:
    sad.combo("measure", "Peto odds ratio")
    assert "IV, Random, 95% CI" in sad.plot()
    said = "Method: Inverse variance instead of Mantel-Haenszel, which does not exist with the new choice."
    assert said in texts(sad.page.settings_panel)
    assert sad.offers("method") == ["Inverse variance", "Peto"]
    sad.combo("method", "Peto")
    assert "Peto, Fixed, 95% CI" in sad.plot()
    assert not sad.page.findChild(Combo, "analysis.tau2").isVisible()


def test_columns_and_axis_follow_the_settings(sad: Driver) -> None:
    assert "Weight" in sad.plot()
    sad.page.findChild(QWidget, "analysis.show_weights").setFocus()
    sad.press(Key.Key_Space)
    assert "Weight" not in sad.plot()
    sad.page.findChild(QLineEdit, "analysis.favours_left").setFocus()
    sad.type("Better with placebo", Key.Key_Return)
    assert "Better with placebo" in sad.plot()
    sad.page.findChild(QLineEdit, "analysis.axis_upper").setFocus()
    sad.type("500", Key.Key_Return)
    assert "500" in sad.plot()


def test_what_analyses_of_revman_have_can_be_set_beside_the_figure(sad: Driver) -> None:
    def fill(name: str, text: str) -> None:
        sad.find(QLineEdit, f"analysis.{name}").setFocus()
        sad.type(text, Key.Key_Return)

    sad.combo("study_level", "99%")
    assert "M-H, Random, 99% CI (total 95%)" in sad.plot()
    sad.combo("level", "90%")
    assert "Total (90% CI)" in sad.plot()
    assert sad.find(QLineEdit, "analysis.control").placeholderText() == "Control"
    fill("control", "Midazolam")
    assert "Midazolam" in sad.plot()
    sad.find(QWidget, "analysis.swap_events").setFocus()
    sad.press(Key.Key_Space)
    assert sad.plot().count("Non-events") == 2
    assert sad.cell("Glue 2017", 1) == "8"  # as it was extracted
    sad.find(QWidget, "analysis.show_total").setFocus()
    sad.press(Key.Key_Space)
    assert "Weight" not in sad.plot()
    for _ in range(5):
        sad.undo()
    assert sad.sees(SAD_POOLED)
    assert "M-H, Random, 95% CI" in sad.plot()


def test_a_generic_effect_is_named_and_its_participants_are_shown(tmp_path: Path, opened: Open) -> None:
    review = new_review(tmp_path)
    outcome = add_outcome(review, "Survival", OutcomeKind.GENERIC)
    contrast(review, outcome, "Okafor 2011", "HR", {"log_effect": -0.25, "se": 0.1, "total_1": 20, "total_2": 22})
    analysis(review, outcome)
    page = opened(review)
    name = page.find(QLineEdit, "analysis.effect_label")
    assert name.placeholderText() == "Hazard ratio"
    name.setFocus()
    page.type("Hazard ratio, adjusted", Key.Key_Return)
    assert page.plot().count("Hazard ratio, adjusted") == 2
    assert page.plot().count("Total") == 2
    assert not page.page.findChild(QWidget, "analysis.swap_events").isVisible()
    participants = page.find(QCheckBox, "analysis.show_events")
    assert participants.text() == "Participants"
    participants.setFocus()
    page.press(Key.Key_Space)
    assert "Total" not in page.plot()


def test_an_analysis_of_texts_is_a_table(tmp_path: Path, opened: Open, answers: Answers) -> None:
    review = new_review(tmp_path)
    outcome = add_outcome(review, "Adverse effects in words", OutcomeKind.OTHER)
    made = analysis(review, outcome, columns=("Findings", "Comments"))
    told(review, outcome, "Okafor 2011", "Three had nausea", "Passed within a day")
    review.session(review.reviewers()[0].id).synthesis.fill_rows(made)
    page = opened(review)
    assert [page.cell("Okafor 2011", n) for n in (1, 2)] == ["Three had nausea", "Passed within a day"]
    assert {"Findings", "Comments", "Three had nausea"} <= set(page.plot())
    assert not page.page.findChild(Combo, "analysis.measure").isVisible()
    headings = page.find(QLineEdit, "analysis.columns")
    assert headings.text() == "Findings; Comments"
    headings.setFocus()
    headings.selectAll()
    page.type("What was seen; Comments", Key.Key_Return)
    assert "What was seen" in page.plot()
    page.click_cell("Okafor 2011", 1, double=True)
    assert not page.page.grid.is_editing()
    assert "settled" in page.strip()
    target = tmp_path / "table.csv"
    answers.target = target
    page.window.registry.trigger("analysis.export_csv")
    page.rest()
    with target.open(encoding="utf-8-sig", newline="") as file:
        assert next(csv.DictReader(file))["What was seen"] == "Three had nausea"


def test_an_impossible_axis_is_refused_beside_it(sad: Driver) -> None:
    field = sad.page.findChild(QLineEdit, "analysis.axis_lower")
    assert field is not None
    field.setFocus()
    sad.type("-1", Key.Key_Return)
    assert "The axis of a ratio lies above 0. Nothing was changed." in texts(sad.page.settings_panel)
    assert field.property("error") is True
    field.selectAll()
    sad.type("0.01", Key.Key_Return)
    assert "The axis of a ratio lies above 0. Nothing was changed." not in texts(sad.page.settings_panel)
    assert "0.01" in sad.plot()


# --- what stands in the way ------------------------------------------------------------------------------------------


def test_one_study_is_said_in_words(tmp_path: Path, opened: Open) -> None:
    review, outcome = extracted(tmp_path, SAD[:1])
    analysis(review, outcome)
    driver = opened(review)
    assert "One study. Copse shows its result; pooling needs at least two." in driver.page.notes.notes()


def test_opposite_directions_are_refused_until_one_is_chosen(tmp_path: Path, opened: Open) -> None:
    review = new_review(tmp_path)
    outcome = add_outcome(review, "Anxiety", OutcomeKind.CONTINUOUS, better=None)
    arms = ({"mean": 10, "sd": 4, "total": 20}, {"mean": 14, "sd": 5, "total": 21})
    two_arms(review, outcome, "Lower 2010", *arms, instrument="HAM-A", better=Direction.LOWER)
    two_arms(review, outcome, "Higher 2012", *reversed(arms), instrument="Wellbeing", better=Direction.HIGHER)
    analysis(review, outcome, measure="SMD")
    driver = opened(review)
    assert driver.page.figure.trouble().startswith("These measurements run in opposite directions")
    assert "Not pooled; see the message beside the plot" in driver.plot()
    driver.combo("better", "Lower is better")
    assert driver.page.figure.trouble() == ""
    assert any("sign of Higher 2012 was changed" in note for note in driver.page.notes.notes())


# --- figures as files ------------------------------------------------------------------------------------------------


def test_the_plot_is_exported_as_svg_png_pdf_and_numbers(sad: Driver, tmp_path: Path, answers: Answers) -> None:
    answers.target = tmp_path / "forest.svg"
    sad.click("analysis.export")
    sad.menu("analysis.export.menu", "SVG")
    assert SAD_POOLED in (tmp_path / "forest.svg").read_text(encoding="utf-8")
    assert sad.desk.status_bar.line() == "Saved forest.svg"
    assert Path(answers.asked[-1]).name == "forest-1.1-response.svg"
    answers.target = tmp_path / "plot"
    sad.press(Key.Key_S, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    sad.menu("analysis.export.menu", "PNG, 600 dpi")
    figure = sad.page.figure.figure()
    assert figure is not None
    with Image.open(tmp_path / "plot.png") as image:
        assert image.size == (round(figure.width * 600 / 72), round(figure.height * 600 / 72))
        assert round(image.info["dpi"][0]) == 600
    answers.target = tmp_path / "forest.pdf"
    sad.click("analysis.export")
    sad.menu("analysis.export.menu", "PDF")
    assert (tmp_path / "forest.pdf").read_bytes().startswith(b"%PDF")
    answers.target = tmp_path / "numbers.csv"
    sad.click("analysis.export")
    sad.menu("analysis.export.menu", "Numbers as CSV")
    lines = list(csv.DictReader((tmp_path / "numbers.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert [line["study"] for line in lines] == ["Glue 2017", "Taylor 2018", ""]
    assert float(lines[2]["estimate"]) == pytest.approx(28.94, abs=0.005)


@pytest.mark.parametrize("entry", ["SVG", "Numbers as CSV"])
@pytest.mark.parametrize("name", ["missing/forest", "n" * 300])
def test_a_file_that_cannot_be_written_is_told_in_place(
    sad: Driver, tmp_path: Path, answers: Answers, entry: str, name: str
) -> None:
    answers.target = tmp_path / f"{name}.svg"
    sad.click("analysis.export")
    sad.menu("analysis.export.menu", entry)
    (message,) = sad.page.messages.messages()
    assert "could not be written to" in message.text()
    answers.target = tmp_path / "forest"
    sad.qtbot.mouseClick(message.buttons[0], Qt.MouseButton.LeftButton)
    sad.rest()
    assert sad.desk.status_bar.line().startswith("Saved forest.")
    assert sad.page.messages.messages() == []


def test_the_figure_is_copied_on_white_paper(sad: Driver) -> None:
    sad.click("analysis.copy_figure")
    image = QApplication.clipboard().image()
    assert image.pixelColor(1, 1).name() == "#ffffff"
    assert image.width() > 1000


# --- looks -----------------------------------------------------------------------------------------------------------


def test_on_a_narrow_window_tree_and_settings_open_from_the_header(sad: Driver) -> None:
    sad.window.resize(1024, 700)
    sad.rest()
    assert not sad.page.tree.isVisible()
    assert not sad.page.settings_panel.isVisible()
    assert sad.find(Button, "analysis.show_tree").text() == "1.1 Response"
    assert faults(sad.window) == []
    sad.click("analysis.show_settings")
    sad.combo("measure", "Risk ratio")
    assert "Risk Ratio" in sad.plot()
    sad.press(Key.Key_Escape)
    assert not sad.page.settings_panel.isVisible()
    sad.click("analysis.show_tree")
    item = sad.page.tree.currentItem()
    place = sad.page.tree.visualItemRect(item).center()
    sad.qtbot.mouseClick(sad.page.tree.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert not sad.page.tree.isVisible()
    sad.window.resize(1280, 800)
    sad.rest()
    assert sad.page.tree.isVisible()
    assert sad.page.settings_panel.isVisible()


def test_the_panes_are_hidden_by_their_buttons(sad: Driver) -> None:
    sad.press(Key.Key_B, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert not sad.page.settings_panel.isVisible()
    assert sad.page.settings_panel not in sad.page.panes()
    sad.click("analysis.show_settings")
    assert sad.page.settings_panel.isVisible()


@pytest.mark.parametrize("size", [QSize(1024, 700), QSize(1280, 800), QSize(1920, 1080)])
def test_a_page_with_much_on_it_fits(tmp_path: Path, opened: Open, size: QSize) -> None:
    review, outcome = extracted(tmp_path, (*SAD, *PTSD))
    made = analysis(review, outcome)
    lead = review.session(review.reviewers()[0].id).synthesis
    group = lead.add_subgroup(made, "Social anxiety disorder").value
    lead.move_row(lead.grid(made).rows[0].id, group)
    lead.override(lead.grid(made).rows[0].id, "ai", 7)
    driver = opened(review)
    driver.window.resize(size)
    driver.rest()
    assert driver.window.size() == size
    assert faults(driver.window) == []
    grid = driver.page.grid
    assert grid.height() <= driver.page.stack.height() * 0.41


# --- numbers as people type them -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "number"), [("7", 7), ("−1.5", -1.5), ("-2", -2), ("0,25", 0.25), ("1 234", 1234), ("1e-3", 0.001)]
)
def test_numbers_are_read(text: str, number: float) -> None:
    assert parse_number(text) == number


@pytest.mark.parametrize("text", ["", "seven", "nan", "inf", "1,2,3", "1,234", "3 4", "1\t4", "1_5"])
def test_what_is_no_number_or_two_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"not a number|two ways"):
        parse_number(text)
