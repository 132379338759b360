"""The protocol in the window: written by the lead, read by the others."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from core.model import OutcomeKind, Reveal, Stage
from core.review import Review
from gui.pages import PAGES
from gui.pages.protocol.page import ProtocolPage
from gui.pages.protocol.text_field import TextField
from gui.widgets.messages import Level
from tests.gui.conftest import Answers, MakeWindow
from tests.reviews import new_review, sessions

LEFT = Qt.MouseButton.LeftButton
SPECS = tuple(spec for spec in PAGES if spec.id == "protocol")

Open = Callable[..., ProtocolPage]


@pytest.fixture
def open_page(make_window: MakeWindow, qtbot: QtBot) -> Open:
    """Show the protocol of a review, as its lead or as another reviewer."""

    def show(review: Review, tab: str = "question", reviewer: int = 0) -> ProtocolPage:
        people = review.reviewers()
        review.close()
        window = make_window(SPECS)
        with qtbot.waitSignal(window.review_shown):
            window.open_review(review.path)
        window.work_as(people[reviewer].id)
        desk = window.desk()
        assert desk is not None
        page = desk.current_page()
        assert isinstance(page, ProtocolPage)
        page.header.tabs.set_current(tab)
        settle(page, qtbot)
        return page

    return show


def settle(page: ProtocolPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: page.workspace.runner.pending == 0)


def field(page: ProtocolPage, name: str) -> TextField:
    found = page.findChild(TextField, name)
    assert found is not None
    return found


def write(page: ProtocolPage, name: str, text: str, qtbot: QtBot) -> None:
    """Replace what stands in a field, and press Return."""
    edit = field(page, name)
    edit.setFocus()
    edit.selectAll()
    qtbot.keyClicks(edit, text)
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    settle(page, qtbot)


def test_the_question_is_written_when_editing_is_finished(open_page: Open, tmp_path: Path, qtbot: QtBot) -> None:
    page = open_page(new_review(tmp_path))
    write(page, "protocol.registration", "CRD42020190282", qtbot)
    population = field(page, "protocol.population")
    population.setFocus()
    qtbot.keyClicks(population, "Adults")
    assert not page.is_at_rest()
    assert page.session.protocol.protocol().population == ""
    field(page, "protocol.comparator").setFocus()
    settle(page, qtbot)
    written = page.session.protocol.protocol()
    assert (written.registration, written.population) == ("CRD42020190282", "Adults")
    assert page.is_at_rest()


def test_what_was_written_can_be_undone_from_within_the_field(open_page: Open, tmp_path: Path, qtbot: QtBot) -> None:
    page = open_page(new_review(tmp_path))
    write(page, "protocol.registration", "One", qtbot)
    write(page, "protocol.registration", "Two", qtbot)
    edit = field(page, "protocol.registration")
    qtbot.keyClick(edit, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settle(page, qtbot)
    assert page.session.protocol.protocol().registration == "One"
    assert edit.text() == "One"


def test_escape_gives_up_what_was_typed(open_page: Open, tmp_path: Path, qtbot: QtBot) -> None:
    page = open_page(new_review(tmp_path))
    edit = field(page, "protocol.title")
    edit.setFocus()
    qtbot.keyClicks(edit, "Other")
    qtbot.keyClick(edit, Qt.Key.Key_Escape)
    assert edit.text() == "Ketamine for anxiety"


def test_a_review_keeps_its_title(open_page: Open, tmp_path: Path, qtbot: QtBot) -> None:
    page = open_page(new_review(tmp_path))
    edit = field(page, "protocol.title")
    edit.setFocus()
    edit.selectAll()
    qtbot.keyClick(edit, Qt.Key.Key_Delete)
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    settle(page, qtbot)
    (message,) = page.messages.messages()
    assert message.level is Level.DANGER
    assert message.text() == "A review needs a title. The old one was kept."
    assert edit.text() == "Ketamine for anxiety"


def test_criteria_reasons_and_terms_are_added_reworded_and_removed(
    open_page: Open, tmp_path: Path, qtbot: QtBot
) -> None:
    page = open_page(new_review(tmp_path), "eligibility")
    write(page, "protocol.include.add", "Adults", qtbot)
    assert field(page, "protocol.include.add").hasFocus()
    write(page, "protocol.include.add", "Randomised trials", qtbot)
    write(page, "protocol.exclude.add", "Animals", qtbot)
    write(page, "protocol.terms_include.add", "ketamine", qtbot)
    write(page, "protocol.reasons_full_text.add", "Wrong population", qtbot)
    write(page, "protocol.reasons_title_abstract.add", "Wrong design", qtbot)
    part = page.session.protocol
    assert [(c.kind, c.text) for c in part.criteria()] == [
        ("include", "Adults"),
        ("include", "Randomised trials"),
        ("exclude", "Animals"),
    ]
    assert [r.text for r in part.reasons(Stage.FULL_TEXT)] == ["Wrong population"]
    assert [r.text for r in part.reasons(Stage.TITLE_ABSTRACT)] == ["Wrong design"]
    assert [t.text for t in part.terms()] == ["ketamine"]
    line = page.lists["include"].rows()[0]
    line.field.setFocus()
    line.field.selectAll()
    qtbot.keyClicks(line.field, "Adults of any age")
    qtbot.keyClick(line.field, Qt.Key.Key_Return)
    settle(page, qtbot)
    qtbot.mouseClick(page.lists["exclude"].rows()[0].remove, LEFT)
    settle(page, qtbot)
    assert page.lists["include"].texts() == ["Adults of any age", "Randomised trials"]
    assert [c.text for c in part.criteria()] == ["Adults of any age", "Randomised trials"]
    page.workspace.registry.trigger("edit.undo")
    settle(page, qtbot)
    assert page.lists["exclude"].texts() == ["Animals"]


def test_typing_in_one_field_outlives_a_change_of_another(open_page: Open, tmp_path: Path, qtbot: QtBot) -> None:
    page = open_page(new_review(tmp_path), "eligibility")
    edit = field(page, "protocol.include.add")
    edit.setFocus()
    qtbot.keyClicks(edit, "Adul")
    page.write(lambda s: s.protocol.add_criterion("include", "Trials")).run()
    settle(page, qtbot)
    assert page.lists["include"].texts() == ["Trials"]
    assert edit.text() == "Adul"
    assert edit.hasFocus()


def test_outcomes_have_kind_unit_and_direction(open_page: Open, tmp_path: Path, qtbot: QtBot) -> None:
    page = open_page(new_review(tmp_path), "outcomes")
    table = page.outcomes
    qtbot.keyClicks(table.add_field, "Response")
    qtbot.mouseClick(table.add_button, LEFT)
    settle(page, qtbot)
    line = table.rows()[0]
    line.kind.setFocus()
    qtbot.keyClick(line.kind, Qt.Key.Key_Home)  # emits activated, as a click in the list does
    qtbot.keyClicks(line.unit, "patients")
    qtbot.keyClick(line.unit, Qt.Key.Key_Return)
    settle(page, qtbot)
    line.better.setFocus()
    qtbot.keyClick(line.better, Qt.Key.Key_End)
    settle(page, qtbot)
    (outcome,) = page.session.protocol.outcomes()
    assert (outcome.label, outcome.kind, outcome.unit, outcome.better) == (
        "Response",
        OutcomeKind.DICHOTOMOUS,
        "patients",
        "higher",
    )
    qtbot.mouseClick(line.remove, LEFT)
    settle(page, qtbot)
    assert page.session.protocol.outcomes() == ()
    assert table.rows() == []


def test_the_team_and_its_roles(open_page: Open, tmp_path: Path, qtbot: QtBot) -> None:
    page = open_page(new_review(tmp_path), "team")
    qtbot.keyClicks(page.team.add_field, "Ida Holm")
    qtbot.keyClick(page.team.add_field, Qt.Key.Key_Return)
    settle(page, qtbot)
    ida = page.review.reviewers()[3]
    assert ida.name == "Ida Holm"
    _, screens, settles = page.team.boxes(ida.id)
    qtbot.mouseClick(settles, LEFT, pos=QPoint(8, settles.height() // 2))
    settle(page, qtbot)
    assert page.review.reviewers()[3].is_adjudicator
    lead = page.review.reviewers()[0]
    leads, *_ = page.team.boxes(lead.id)
    leads.click()
    settle(page, qtbot)
    assert "needs a lead" in page.messages.messages()[0].text()
    assert leads.isChecked()
    assert page.review.reviewers()[0].is_lead
    page.team.screening.setFocus()
    qtbot.keyClick(page.team.screening, Qt.Key.Key_Down)
    settle(page, qtbot)
    assert page.session.protocol.protocol().reveal_screening is Reveal.AT_ONCE
    assert screens.accessibleName() == "Ida Holm: Screens and extracts"


def test_who_does_not_lead_reads(open_page: Open, tmp_path: Path, qtbot: QtBot) -> None:
    review = new_review(tmp_path)
    lead = review.session(review.reviewers()[0].id)
    lead.protocol.add_criterion("include", "Adults")
    lead.protocol.add_outcome("Response", OutcomeKind.DICHOTOMOUS)
    page = open_page(review, "eligibility", reviewer=1)
    assert page.header.fact.text() == "Only Asha Menon may change it"
    assert page.lists["include"].texts() == ["Adults"]
    line = page.lists["include"].rows()[0]
    assert line.field.isReadOnly()
    assert not line.remove.isVisible()
    assert not field(page, "protocol.include.add").isVisible()
    page.header.tabs.set_current("outcomes")
    assert not page.outcomes.add_field.isVisible()
    assert not page.outcomes.rows()[0].kind.isEnabled()
    page.header.tabs.set_current("team")
    assert not any(box.isEnabled() for box in page.team.boxes(page.review.reviewers()[0].id))


def test_hidden_typing_is_written(open_page: Open, tmp_path: Path, qtbot: QtBot) -> None:
    page = open_page(new_review(tmp_path))
    edit = field(page, "protocol.designs")
    edit.setFocus()
    qtbot.keyClicks(edit, "Trials")
    tabs = page.findChild(QWidget, "protocol.tabs")
    tabs.setFocus()
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Right)
    settle(page, qtbot)
    assert page.session.protocol.protocol().designs == "Trials"


def test_reasons_are_put_in_order_and_the_tool_is_told(open_page: Open, tmp_path: Path, qtbot: QtBot) -> None:
    review = new_review(tmp_path)
    for text in ("One", "Two", "Three"):
        sessions(review)[0].protocol.add_reason(Stage.TITLE_ABSTRACT, text)
    page = open_page(review, "eligibility")
    lines = page.lists["reasons_title_abstract"]
    assert not lines.rows()[0].up.isEnabled()
    assert not lines.rows()[2].down.isEnabled()
    qtbot.mouseClick(lines.rows()[2].up, LEFT)
    settle(page, qtbot)
    assert lines.texts() == ["One", "Three", "Two"]
    lines.rows()[0].down.setFocus()
    qtbot.keyClick(lines.rows()[0].down, Qt.Key.Key_Space)
    settle(page, qtbot)
    assert [(r.number, r.text) for r in page.session.protocol.reasons(Stage.TITLE_ABSTRACT)] == [
        (1, "Three"),
        (2, "One"),
        (3, "Two"),
    ]
    page.header.tabs.set_current("question")
    assert page.tool.currentText() == "Cochrane risk-of-bias tool for randomised trials"


def test_the_tool_is_written_as_a_file_and_another_made_of_it_is_added(
    open_page: Open, tmp_path: Path, qtbot: QtBot, answers: Answers
) -> None:
    page = open_page(new_review(tmp_path))
    answers.target = tmp_path / "ours.toml"
    button(page, "protocol.save_tool", qtbot)
    text = answers.target.read_text(encoding="utf-8")
    title = "Cochrane risk-of-bias tool for randomised trials"
    answers.target.write_text(text.replace(title, "What our team asks"), encoding="utf-8")
    answers.files = [answers.target]
    button(page, "protocol.add_tool", qtbot)
    assert page.tool.currentText() == "What our team asks"
    assert page.session.riskofbias.tool.title == "What our team asks"
    page.tool.setCurrentIndex(0)
    page.tool.activated.emit(0)
    settle(page, qtbot)
    assert page.session.riskofbias.tool.id == "rob1"
    assert [page.tool.itemText(n) for n in range(page.tool.count())] == [title, "What our team asks"]


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"id = ", "bad.toml cannot be used"), (b"\xff\xfe", "not a text file in UTF-8"), (None, "could not be read")],
)
def test_a_file_that_is_no_tool_is_refused(
    open_page: Open, tmp_path: Path, qtbot: QtBot, answers: Answers, content: bytes | None, said: str
) -> None:
    page = open_page(new_review(tmp_path))
    answers.files = [tmp_path / "bad.toml"]
    if content is not None:
        answers.files[0].write_bytes(content)
    button(page, "protocol.add_tool", qtbot)
    (message,) = page.messages.messages()
    assert said in message.text()
    assert page.tool.count() == 1


def test_only_the_lead_adds_a_tool(open_page: Open, tmp_path: Path) -> None:
    page = open_page(new_review(tmp_path), reviewer=1)
    assert not page.add_tool.isEnabled()


def button(page: ProtocolPage, name: str, qtbot: QtBot) -> None:
    found = page.findChild(QWidget, name)
    assert isinstance(found, QWidget)
    qtbot.mouseClick(found, LEFT)
    settle(page, qtbot)
