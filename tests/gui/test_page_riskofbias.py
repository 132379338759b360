"""The risk-of-bias page by mouse and by keys: judging beside the guide, blinding, comparing, settling, the figure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from core.model import Id, Settlement
from core.review import Review, Session
from core.riskofbias.own import Item, to_toml, tool_of
from core.riskofbias.tools import Cell, Tool, tool
from core.session.riskofbias_rows import put_settled
from core.store.log import Transaction
from core.store.schema import own_tool
from gui.main_window import MainWindow
from gui.pages import PAGES, PageSpec
from gui.pages.riskofbias.page import RiskOfBiasPage
from gui.pages.riskofbias.table import LightTable
from gui.theme import Theme
from tests.gui.conftest import Answers, MakeWindow
from tests.gui.layout_checks import faults
from tests.reviews import new_review, sessions

SPECS = (
    *(spec for spec in PAGES if spec.id == "riskofbias"),
    PageSpec("fulltext", "Full text", "file-text", "tests.gui.probe_page:ProbePage"),
)
DOMAINS = (
    "sequence", "concealment", "blinding_participants", "blinding_assessment", "attrition", "reporting", "other",
)  # fmt: skip
STUDIES = ("Taylor 2018", "Feder 2014", "Glue 2018")


@dataclass
class Desk:
    """The open page, with the sessions of the three reviewers beside it."""

    window: MainWindow
    qtbot: QtBot

    @property
    def page(self) -> RiskOfBiasPage:
        desk = self.window.desk()
        assert desk is not None
        page = desk.current_page()
        assert isinstance(page, RiskOfBiasPage)
        return page

    @property
    def review(self) -> Review:
        return self.page.review

    @property
    def people(self) -> list[Session]:
        return sessions(self.review)

    def settle(self) -> None:
        desk = self.window.desk()
        assert desk is not None
        self.qtbot.waitUntil(lambda: desk.workspace.runner.pending == 0)
        QApplication.processEvents()  # widgets that were just made show when the loop comes round

    def work_as(self, number: int) -> None:
        self.window.work_as(self.review.reviewers()[number].id)
        self.settle()

    def reload(self) -> None:
        self.page.reload()
        self.settle()

    def find(self, name: str, kind: type[Any] = QWidget) -> Any:
        found = [each for each in self.page.findChildren(kind, name) if each.isVisible()]
        assert len(found) == 1, f"{name}: {len(found)} shown"
        return found[0]

    def is_shown(self, name: str) -> bool:
        return any(each.isVisible() for each in self.page.findChildren(QWidget, name))

    def study(self, label: str) -> Id:
        return next(s.id for s in self.people[0].studies.list() if s.label == label)

    def table(self) -> LightTable:
        return self.page.tab().pane.table

    def click(self, name: str) -> None:
        self.qtbot.mouseClick(self.find(name), Qt.MouseButton.LeftButton)
        self.settle()

    def click_cell(self, label: str, domain: str) -> None:
        rect = self.table().cell_rect(self.study(label), Cell(domain))
        self.qtbot.mouseClick(self.table().viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
        self.settle()

    def key(self, key: str | Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        focus = QApplication.focusWidget()
        assert focus is not None
        if isinstance(key, str):
            self.qtbot.keyClicks(focus, key)
        else:
            self.qtbot.keyClick(focus, key, modifier)
        self.settle()

    def tab(self, name: str) -> None:
        tabs = self.page.header.tabs
        self.qtbot.mouseClick(tabs, Qt.MouseButton.LeftButton, pos=tabs.tab_rect(name).center())
        self.settle()

    def spoken(self, label: str, domain: str) -> str:
        lights = self.table().lights
        index = lights.index(lights.row_of(self.study(label)), lights.cells.index(Cell(domain)) + 1)
        return str(index.data(Qt.ItemDataRole.AccessibleTextRole))

    def place(self) -> tuple[str, str]:
        page = self.page
        assert page.board is not None
        assert page.cell is not None
        row = page.board.row(page.study_id)
        return (row.label if row else "", page.cell.domain)

    def mine(self, person: int, label: str) -> dict[str, tuple[str, str]]:
        found = self.people[person].riskofbias.mine(self.study(label))
        return {cell.domain: (j.level, j.support) for cell, j in found.items()}

    def said(self) -> list[str]:
        return [message.text() for message in self.page.messages.messages()]


Open = Callable[..., Desk]


@pytest.fixture
def open_page(make_window: MakeWindow, tmp_path: Path, qtbot: QtBot) -> Open:
    """Open the page on a review that `furnish` has been given; `person` is who works."""

    def make(furnish: Callable[[Review], object] = lambda _review: None, person: int = 0) -> Desk:
        review = new_review(tmp_path)
        lead = sessions(review)[0]
        for label in STUDIES:
            lead.studies.create(label=label, design="open label" if label == "Glue 2018" else "crossover")
        furnish(review)
        review.close()
        window = make_window(SPECS)
        with qtbot.waitSignal(window.review_shown):
            window.open_review(review.path)
        desk = Desk(window, qtbot)
        desk.settle()
        if person:
            desk.work_as(person)
        return desk

    return make


def judge_all(session: Session, label: str, level: str = "low", **other: str) -> None:
    study = next(s.id for s in session.studies.list() if s.label == label)
    for domain in DOMAINS:
        session.riskofbias.judge(study, domain, other.get(domain, level), f"{domain} by {session.reviewer.initials}")
    session.riskofbias.finish(study)


def both_judged(review: Review) -> None:
    """Taylor 2018 is finished by both, who differ on two domains."""
    asha, tom, _ = sessions(review)
    judge_all(asha, "Taylor 2018")
    judge_all(tom, "Taylor 2018", attrition="unclear", other="high")


# --- looking ---------------------------------------------------------------------------------------------------------


def test_the_table_names_every_cell(open_page: Open) -> None:
    def furnish(review: Review) -> None:
        asha = sessions(review)[0]
        feder = next(s.id for s in asha.studies.list() if s.label == "Feder 2014")
        asha.riskofbias.judge(feder, "concealment", "high", "An open list")
        glue = next(s.id for s in asha.studies.list() if s.label == "Glue 2018")
        asha.studies.describe(glue, risk_of_bias_applies=False)

    desk = open_page(furnish)
    assert desk.spoken("Feder 2014", "concealment") == "Feder 2014, domain 2: high"
    assert desk.spoken("Feder 2014", "sequence") == "Feder 2014, domain 1: not judged yet"
    assert desk.spoken("Glue 2018", "other") == "Glue 2018, domain 7: not assessed"
    lights = desk.table().lights
    states = [str(lights.index(n, 8).data(Qt.ItemDataRole.AccessibleTextRole)) for n in range(3)]
    assert states[1] == "Feder 2014: Asha Menon: under way, Tom Brandt: not begun"  # the lead may know
    bars = [bar.accessibleName() for bar in desk.page.assess.pane.summary.bars]
    assert bars[1] == "Domain 2, Concealment: 0 low, 0 unclear, 1 high, 1 not judged"


def test_a_click_opens_the_guide_at_that_domain(open_page: Open) -> None:
    desk = open_page()
    desk.click_cell("Feder 2014", "blinding_participants")
    assert desk.place() == ("Feder 2014", "blinding_participants")
    guide = desk.page.assess.guide
    assert guide.head.study.text() == "Feder 2014"
    assert guide.head.domain.text() == "D3  Blinding of participants and personnel"
    for words in ("Performance bias", "Low risk when", "High risk when", "Unclear risk when", "was no blinding"):
        assert words in guide.guidance.text()
    labels = [label.text() for label in guide.findChildren(QLabel)]
    assert any("Wording: Copse's own" in text for text in labels)
    assert desk.find("riskofbias.site").toolTip() == "https://handbook-5-1.cochrane.org/"


def test_the_name_of_a_study_stands_for_its_row(open_page: Open) -> None:
    desk = open_page()
    desk.click_cell("Taylor 2018", "attrition")
    table = desk.table()
    name = table.visualRect(table.lights.index(1, 0)).center()
    desk.qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=name)
    assert desk.place() == ("Feder 2014", "attrition")


def test_arrows_move_between_domains_and_studies(open_page: Open) -> None:
    desk = open_page()
    assert desk.table().hasFocus()
    for _ in range(9):
        desk.key(Qt.Key.Key_Right)
    assert desk.place() == ("Taylor 2018", "other")
    desk.key(Qt.Key.Key_Down)
    desk.key(Qt.Key.Key_Home)
    assert desk.place() == ("Feder 2014", "sequence")
    desk.key(Qt.Key.Key_Left)
    assert desk.place() == ("Feder 2014", "sequence")
    desk.key("[")
    assert desk.place() == ("Taylor 2018", "other")
    desk.key("]")
    assert desk.place() == ("Feder 2014", "sequence")
    desk.key(Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert desk.place() == ("Glue 2018", "sequence")
    desk.key(Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert desk.place() == ("Feder 2014", "sequence")
    desk.click("riskofbias.next_domain")
    assert desk.place() == ("Feder 2014", "concealment")


def test_no_studies_lead_to_full_text(make_window: MakeWindow, review_file: Path, qtbot: QtBot) -> None:
    window = make_window(SPECS)
    with qtbot.waitSignal(window.review_shown):
        window.open_review(review_file)
    desk = Desk(window, qtbot)
    desk.settle()
    assert desk.page.stack.currentWidget() is desk.page.empty
    assert not desk.page.export.isEnabled()
    button = desk.find("riskofbias.to_fulltext")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    shown = window.desk()
    assert shown is not None
    assert shown.current_id() == "fulltext"


def test_another_page_leads_to_study_domain_and_tab(open_page: Open) -> None:
    desk = open_page(both_judged)
    shown = desk.window.desk()
    assert shown is not None
    shown.show_page("riskofbias", study=desk.study("Feder 2014"), domain="other", tab="consensus")
    desk.settle()
    assert desk.place() == ("Feder 2014", "other")
    assert desk.page.header.tabs.current() == "consensus"


# --- judging ---------------------------------------------------------------------------------------------------------


def test_keys_judge_and_ask_for_the_support(open_page: Open) -> None:
    desk = open_page()
    desk.key("+")
    assert desk.find("riskofbias.support").hasFocus()
    desk.key("A computer-made list? Yes - and more+")
    desk.key(Qt.Key.Key_Escape)
    assert desk.table().hasFocus()
    assert desk.mine(0, "Taylor 2018") == {"sequence": ("low", "A computer-made list? Yes - and more+")}
    assert desk.spoken("Taylor 2018", "sequence") == "Taylor 2018, domain 1: low"
    desk.key("?")
    assert desk.mine(0, "Taylor 2018")["sequence"][0] == "unclear"
    assert desk.table().hasFocus()  # the support is there: nothing is asked
    desk.key("]")
    desk.key("-")
    assert desk.mine(0, "Taylor 2018")["concealment"] == ("high", "")
    assert [b.isChecked() for b in desk.page.assess.guide.levels.buttons] == [False, False, True]


def test_buttons_judge_and_what_is_typed_is_kept_where_it_was_typed(open_page: Open) -> None:
    desk = open_page()
    desk.click_cell("Feder 2014", "other")
    assert desk.find("riskofbias.support").isReadOnly()
    desk.click("riskofbias.high")
    desk.key("Carry-over")
    desk.click_cell("Taylor 2018", "sequence")
    assert desk.mine(0, "Feder 2014") == {"other": ("high", "Carry-over")}
    assert desk.mine(0, "Taylor 2018") == {}
    assert desk.find("riskofbias.support").toPlainText() == ""
    desk.click_cell("Feder 2014", "other")
    assert desk.find("riskofbias.support").toPlainText() == "Carry-over"
    desk.click("riskofbias.clear")
    assert desk.mine(0, "Feder 2014") == {}


def test_return_goes_into_the_guide_and_the_keyboard_alone_judges(open_page: Open) -> None:
    desk = open_page()
    desk.key(Qt.Key.Key_Return)
    assert desk.find("riskofbias.low").hasFocus()
    desk.key(Qt.Key.Key_Space)
    assert desk.mine(0, "Taylor 2018") == {"sequence": ("low", "")}
    desk.key("Dice")
    desk.key(Qt.Key.Key_Tab)
    assert desk.mine(0, "Taylor 2018") == {"sequence": ("low", "Dice")}
    desk.page.assess.take_focus_back()
    desk.key(Qt.Key.Key_Return)
    assert desk.find("riskofbias.support").hasFocus()


def test_undo_takes_a_judgement_back_and_shows_it(open_page: Open) -> None:
    desk = open_page()
    desk.click("riskofbias.low")
    desk.key(Qt.Key.Key_Escape)
    desk.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert desk.mine(0, "Taylor 2018") == {}
    assert desk.spoken("Taylor 2018", "sequence").endswith("not judged yet")
    assert not any(b.isChecked() for b in desk.page.assess.guide.levels.buttons)


def test_finishing_names_what_is_missing_and_closes_the_study(open_page: Open) -> None:
    desk = open_page()
    desk.click("riskofbias.low")
    desk.click("riskofbias.finish")
    (said,) = desk.said()
    assert said.startswith("Taylor 2018 is not finished. Still to be judged: Allocation concealment")
    for domain in DOMAINS:
        desk.people[0].riskofbias.judge(desk.study("Taylor 2018"), domain, "low", "x")
    desk.reload()
    desk.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert desk.people[0].riskofbias.is_finished(desk.study("Taylor 2018"))
    assert desk.said() == []
    assert not desk.find("riskofbias.low").isEnabled()
    assert desk.find("riskofbias.support").isReadOnly()
    assert (
        "Tom’s judgements stay hidden until both of you have finished Taylor 2018."
        in desk.find("riskofbias.state", QLabel).text()
    )
    desk.click("riskofbias.reopen")
    assert desk.find("riskofbias.low").isEnabled()


def test_what_is_typed_is_kept_before_the_study_is_finished(open_page: Open) -> None:
    desk = open_page()
    for domain in DOMAINS:
        desk.people[0].riskofbias.judge(desk.study("Taylor 2018"), domain, "low")
    desk.reload()
    desk.key(Qt.Key.Key_Return)
    desk.key("Written last")
    desk.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert desk.people[0].riskofbias.is_finished(desk.study("Taylor 2018"))
    assert desk.mine(0, "Taylor 2018")["sequence"] == ("low", "Written last")


def test_a_study_the_tool_does_not_fit_is_left_out_and_taken_in_again(open_page: Open) -> None:
    desk = open_page()
    desk.click_cell("Glue 2018", "sequence")
    desk.click("riskofbias.leave_out")
    assert desk.spoken("Glue 2018", "sequence") == "Glue 2018, domain 1: not assessed"
    assert desk.find("riskofbias.state", QLabel).text() == "Glue 2018 is not assessed with this tool: open label."
    assert not desk.find("riskofbias.low").isEnabled()
    assert not desk.is_shown("riskofbias.finish")
    desk.key("+")
    assert desk.mine(0, "Glue 2018") == {}
    desk.click("riskofbias.take_in")
    desk.key("+")
    assert desk.mine(0, "Glue 2018") == {"sequence": ("low", "")}


def test_a_refusal_is_shown_and_the_state_read_anew(open_page: Open) -> None:
    desk = open_page()
    for domain in DOMAINS:
        desk.people[0].riskofbias.judge(desk.study("Taylor 2018"), domain, "low", "x")
    desk.people[0].riskofbias.finish(desk.study("Taylor 2018"))  # the page has not been told
    desk.key("-")
    assert desk.said() == [
        "You have marked Taylor 2018 as finished. Reopen it to change your judgements; nothing was changed."
    ]
    assert desk.spoken("Taylor 2018", "sequence") == "Taylor 2018, domain 1: low"
    assert desk.is_shown("riskofbias.reopen")


# --- blinding --------------------------------------------------------------------------------------------------------


def everything_shown(desk: Desk) -> list[str]:
    """All that the page says of the first study, on both tabs."""
    found: list[str] = []
    for tab in ("assess", "consensus"):
        desk.tab(tab)
        lights = desk.table().lights
        roles = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole)
        found += [
            str(lights.index(row, column).data(role))
            for row in range(lights.rowCount())
            for column in range(lights.columnCount())
            for role in roles
        ]
        found += sorted(label.text() for label in desk.page.findChildren(QLabel) if label.isVisible())
        found += [bar.accessibleName() for bar in desk.page.tab().pane.summary.bars]
        found += [tab.count for tab in desk.page.header.tabs._tabs]
    return found


@pytest.mark.parametrize("finish", [False, True])
def test_a_colleagues_judgements_leave_no_trace(open_page: Open, finish: bool) -> None:
    desk = open_page(person=1)
    before = everything_shown(desk)
    asha = desk.people[0]
    for domain in DOMAINS:
        asha.riskofbias.judge(desk.study("Taylor 2018"), domain, "high", "hidden")
    if finish:
        asha.riskofbias.finish(desk.study("Taylor 2018"))
    desk.reload()
    assert everything_shown(desk) == before
    assert any("Tom Brandt: not begun, Asha Menon: hidden" in text for text in before)
    assert "Asha’s judgements stay hidden until both of you have finished Taylor 2018." in before
    assert desk.page.header.tabs.current() == "consensus"
    desk.click("riskofbias.to_assess")
    assert desk.page.header.tabs.current() == "assess"


# --- settling --------------------------------------------------------------------------------------------------------


def settled(desk: Desk) -> dict[str, tuple[str, str, Settlement]]:
    found = desk.people[0].riskofbias.consensus().get(desk.study("Taylor 2018"), {})
    return {cell.domain: (j.level, j.support, j.how) for cell, j in found.items()}


@pytest.fixture
def rosas(open_page: Open) -> Desk:
    """The page of who settles, on a study that both have finished."""
    return open_page(both_judged, person=2)


def test_who_settles_begins_with_what_waits(rosas: Desk) -> None:
    assert rosas.page.header.tabs.current() == "consensus"
    assert rosas.place() == ("Taylor 2018", "sequence")
    compare = rosas.page.consensus.panel.compare.comparing
    assert [compare.title(n) for n in range(4)] == ["Domain", "Asha Menon", "Tom Brandt", "Settled"]
    spoken = [str(compare.index(n, 0).data(Qt.ItemDataRole.AccessibleTextRole)) for n in range(7)]
    assert spoken[0] == "Domain 1, Sequence. Asha Menon: low, Tom Brandt: low; equal, to be settled"
    assert spoken[6] == "Domain 7, Other. Asha Menon: low, Tom Brandt: high; differs"
    assert rosas.spoken("Taylor 2018", "other") == "Taylor 2018, domain 7: differs"
    rosas.tab("assess")
    assert not rosas.find("riskofbias.low").isEnabled()
    assert "is judged by Asha Menon and Tom Brandt" in rosas.find("riskofbias.state", QLabel).text()


def test_equal_judgements_are_settled_and_the_next_difference_comes(rosas: Desk) -> None:
    rosas.key("E")
    assert {domain: how for domain, (_, _, how) in settled(rosas).items()} == dict.fromkeys(
        (d for d in DOMAINS if d not in ("attrition", "other")), Settlement.EQUAL
    )
    assert rosas.place() == ("Taylor 2018", "attrition")
    assert rosas.spoken("Taylor 2018", "sequence") == "Taylor 2018, domain 1: low, agreed"
    assert not rosas.find("riskofbias.settle_equal").isEnabled()


def test_left_and_right_take_a_reviewers_judgement(rosas: Desk) -> None:
    rosas.click("riskofbias.settle_equal")
    assert rosas.find("riskofbias.compare").hasFocus()
    rosas.key(Qt.Key.Key_Right)
    assert settled(rosas)["attrition"] == ("unclear", "attrition by TB", Settlement.ADJUDICATED)
    assert rosas.place() == ("Taylor 2018", "other")
    rosas.key(Qt.Key.Key_Left)
    assert settled(rosas)["other"] == ("low", "other by AM", Settlement.ADJUDICATED)
    assert rosas.spoken("Taylor 2018", "other") == "Taylor 2018, domain 7: low, adjudicated"
    assert rosas.page.header.tabs._tabs[1].count == ""
    rosas.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert "other" not in settled(rosas)


def test_the_buttons_settle_and_the_support_can_be_written(rosas: Desk) -> None:
    rosas.click_cell("Taylor 2018", "other")
    assert [card.accessibleName() for card in rosas.page.consensus.panel.cards] == [
        "Asha Menon: Low risk. other by AM",
        "Tom Brandt: High risk. other by TB",
    ]
    rosas.click("riskofbias.settle.unclear")
    assert settled(rosas)["other"] == ("unclear", "", Settlement.ADJUDICATED)
    assert rosas.find("riskofbias.settled_support").hasFocus()
    rosas.key("After talking to both")
    rosas.key(Qt.Key.Key_Escape)
    assert settled(rosas)["other"][1] == "After talking to both"
    assert "Adjudicated, by Rosa Lindqvist" in rosas.find("riskofbias.settled_state", QLabel).text()
    rosas.click("riskofbias.take_last")
    assert settled(rosas)["other"][:2] == ("high", "other by TB")
    rosas.click_cell("Taylor 2018", "other")
    rosas.click("riskofbias.unsettle")
    assert "other" not in settled(rosas)
    assert rosas.spoken("Taylor 2018", "other") == "Taylor 2018, domain 7: differs"


def test_a_level_takes_the_support_of_those_who_gave_it(rosas: Desk) -> None:
    rosas.click_cell("Taylor 2018", "other")
    rosas.key("-")
    assert settled(rosas)["other"] == ("high", "other by TB", Settlement.ADJUDICATED)


def test_f8_goes_round_what_waits(rosas: Desk) -> None:
    rosas.click("riskofbias.settle_equal")
    rosas.key(Qt.Key.Key_F8)
    assert rosas.place() == ("Taylor 2018", "other")
    rosas.key(Qt.Key.Key_F8)
    assert rosas.place() == ("Taylor 2018", "attrition")
    rosas.key(Qt.Key.Key_F8, Qt.KeyboardModifier.ShiftModifier)
    assert rosas.place() == ("Taylor 2018", "other")


def test_a_study_that_is_not_finished_stays_hidden(rosas: Desk) -> None:
    rosas.click_cell("Feder 2014", "sequence")
    shown = [label.text() for label in rosas.page.findChildren(QLabel) if label.isVisible()]
    assert "Asha’s and Tom’s judgements on Feder 2014 stay hidden until they have finished it." in shown
    assert not rosas.is_shown("riskofbias.settle.low")
    rosas.key("+")
    assert settled(rosas) == {}


def test_who_may_not_settle_is_told_who_does(open_page: Open) -> None:
    desk = open_page(both_judged, person=1)
    desk.tab("consensus")
    desk.click_cell("Taylor 2018", "other")
    text = desk.find("riskofbias.settled_state", QLabel).text()
    assert text == "Differences in this review are settled by Rosa Lindqvist."
    assert len(desk.page.consensus.panel.cards) == 2
    for name in ("riskofbias.settle.low", "riskofbias.settle_equal", "riskofbias.take_first"):
        assert not desk.is_shown(name)
    desk.key("+")
    assert settled(desk) == {}


# --- the figure ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["svg", "png", "pdf"])
def test_the_table_is_exported_as_a_figure(rosas: Desk, answers: Answers, tmp_path: Path, ending: str) -> None:
    rosas.key("E")
    answers.target = tmp_path / "figure"
    rosas.window.registry.trigger(f"riskofbias.export_{ending}")
    rosas.settle()
    content = (tmp_path / f"figure.{ending}").read_bytes()
    signs = {"svg": b"<svg", "png": b"\x89PNG", "pdf": b"%PDF"}
    assert signs[ending] in content[:200]
    if ending == "svg":
        text = content.decode()
        assert "Taylor 2018" in text
        assert "Allocation concealment (selection bias)" in text
    assert answers.asked[-1].endswith(f"risk-of-bias-settled.{ending}")


def test_a_figure_that_cannot_be_written_is_said(rosas: Desk, answers: Answers, tmp_path: Path) -> None:
    answers.target = tmp_path / "nowhere" / "figure.svg"
    rosas.window.registry.trigger("riskofbias.export_svg")
    rosas.settle()
    (said,) = rosas.said()
    assert "its folder does not exist" in said


def test_ones_own_table_is_exported_from_the_assess_tab(open_page: Open, answers: Answers, tmp_path: Path) -> None:
    desk = open_page()
    answers.target = tmp_path / "mine.svg"
    desk.window.registry.trigger("riskofbias.export_svg")
    desk.settle()
    assert answers.asked[-1].endswith("risk-of-bias-asha-menon.svg")
    assert "Feder 2014" in (tmp_path / "mine.svg").read_text(encoding="utf-8")


# --- the window ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("person", [0, 2])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_cut_off(open_page: Open, theme: Theme, scheme: Any, person: int) -> None:
    desk = open_page(both_judged, person)
    theme.set_scheme(scheme)
    for size in (QSize(1024, 700), QSize(1280, 800), QSize(1920, 1080)):
        desk.window.resize(size)
        for tab in ("assess", "consensus"):
            desk.tab(tab)
            desk.click_cell("Taylor 2018", "blinding_assessment")
            assert desk.window.size() == size
            assert faults(desk.window) == [], f"{tab} at {size.width()}x{size.height()}"
            assert not desk.window.grab().isNull()
    theme.set_scheme("light")


def test_panes_can_be_reached_one_after_the_other(open_page: Open) -> None:
    desk = open_page()
    shown = desk.window.desk()
    assert shown is not None
    desk.table().setFocus()
    shown.next_pane(1)
    focused = QApplication.focusWidget()
    assert focused is not None
    assert desk.page.assess.guide.isAncestorOf(focused)
    shown.next_pane(-1)
    assert desk.table().hasFocus()


def test_wide_tables_scroll_and_keep_the_current_cell_in_sight(open_page: Open) -> None:
    def furnish(review: Review) -> None:
        asha = sessions(review)[0]
        for number in range(40):
            asha.studies.create(label=f"Author {1980 + number}")

    desk = open_page(furnish)
    desk.key(Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    assert desk.place() == ("Author 2019", "other")
    table = desk.table()
    rect = table.cell_rect(desk.study("Author 2019"), Cell("other"))
    assert table.viewport().rect().contains(rect.center())


# --- tools of the team's own, and what came with an imported review ---------------------------------------------------

TITLES = (
    "Random sequence generation (selection bias)",
    "Blinding (performance bias and detection bias)",
    "Was the study adequately protected against contamination by the other treatment?",
    *(f"Item {number} of the review" for number in range(4, 13)),
)


def made_tool(number: int) -> Tool:
    """A tool with this many domains; the second is judged for two groups of outcomes, the third for others."""
    items = [Item(str(n), name) for n, name in enumerate(TITLES[:number], 1)]
    items[1] = replace(
        items[1], by_group=True, groups=(("a", "Objective outcomes"), ("b", "Patient-reported outcomes"))
    )
    items[2] = replace(items[2], by_group=True, groups=(("a", "Objective outcomes"), ("c", "Death")))
    made = tool_of(items)
    assert made is not None
    return made.tool


def adopted(number: int = 3, studies: tuple[str, ...] = ("Taylor 2018",)) -> Callable[[Review], object]:
    """Judgements on these studies came with an imported review and its tool."""

    def furnish(review: Review) -> None:
        lead = sessions(review)[0]
        lead.riskofbias.add_tool(to_toml(made_tool(number)))
        ids = {study.label: study.id for study in lead.studies.list()}
        tool = lead.riskofbias.tool

        def act(tx: Transaction) -> None:
            for label in studies:
                for cell in tool.cells():
                    put_settled(tx, ids[label], tool, cell, "high" if cell.group == "Death" else "low", "As imported")

        review.store.write(lead.reviewer.id, "test", "Test", act)

    return furnish


def heads(desk: Desk) -> list[str]:
    lights = desk.table().lights
    return [str(lights.headerData(n, Qt.Orientation.Horizontal)) for n in range(1, len(lights.cells) + 1)]


def test_columns_of_a_domain_are_told_apart(open_page: Open) -> None:
    desk = open_page(adopted())
    assert heads(desk) == [
        "D1 Sequence",
        "D2a Blinding, Objective outcomes",
        "D2b Blinding, Patient-reported outcomes",
        "D3a Was the study adequately, Objective outcomes",
        "D3b Was the study adequately, Death",
    ]


def test_one_begins_with_a_study_that_did_not_come_settled(open_page: Open) -> None:
    desk = open_page(adopted())
    assert desk.page.header.tabs.current() == "assess"
    assert desk.place() == ("Feder 2014", "sequence")
    desk.click_cell("Taylor 2018", "sequence")
    assert "came settled with the imported review" in desk.find("riskofbias.state", QLabel).text()
    assert "of 2 studies finished by you" in " ".join(
        each.text() for each in desk.page.assess.pane.findChildren(QLabel)
    )
    desk.page.go_to(desk.study("Feder 2014"), Cell("item_3", "Death"))
    desk.settle()
    guidance = desk.page.assess.guide.guidance.text()
    assert "protected against contamination" in guidance
    assert "What in the report speaks for the judgement?" in guidance
    assert not desk.is_shown("riskofbias.site")


def test_what_came_settled_is_shown_to_all_and_corrected_by_who_settles(open_page: Open) -> None:
    desk = open_page(adopted(studies=STUDIES), person=1)
    assert desk.page.header.tabs.current() == "consensus"
    assert desk.spoken("Feder 2014", "sequence") == "Feder 2014, domain 1: low, imported"
    desk.click_cell("Feder 2014", "sequence")
    said = desk.find("riskofbias.settled_state", QLabel).text()
    assert "Imported with the review it comes from, by Asha Menon" in said
    assert not desk.is_shown("riskofbias.settle.high")
    desk.work_as(2)
    desk.click_cell("Feder 2014", "sequence")
    desk.click("riskofbias.settle.high")
    assert desk.spoken("Feder 2014", "sequence") == "Feder 2014, domain 1: high, adjudicated"
    settled = desk.people[0].riskofbias.consensus()[desk.study("Feder 2014")][Cell("sequence")]
    assert (settled.level, settled.support) == ("high", "As imported")


def test_another_tool_brings_its_own_buttons_and_columns(open_page: Open) -> None:
    desk = open_page()
    assert len(heads(desk)) == 7
    text = to_toml(tool("rob1")).replace("Unclear risk", "Some concern").replace('symbol = "?"', 'symbol = "!"')
    desk.people[0].riskofbias.add_tool(text)
    desk.reload()
    assert desk.page.session.riskofbias.tool.id != "rob1"
    assert desk.find("riskofbias.unclear").text() == "Some concern"
    desk.click_cell("Feder 2014", "sequence")
    desk.key("!")
    assert desk.mine(0, "Feder 2014")["sequence"][0] == "unclear"
    desk.people[0].riskofbias.add_tool(to_toml(made_tool(3)))
    desk.reload()
    assert len(heads(desk)) == 5
    desk.people[0].protocol.describe(risk_of_bias_tool="rob1")
    desk.reload()
    assert desk.find("riskofbias.unclear").text() == "Unclear"
    assert desk.mine(0, "Feder 2014") == {}


def test_two_levels_with_signs_of_one_key_can_both_be_given(open_page: Open) -> None:
    desk = open_page()
    desk.people[0].riskofbias.add_tool(to_toml(tool("rob1")).replace('symbol = "?"', 'symbol = "–"'))
    desk.reload()
    desk.click_cell("Feder 2014", "sequence")
    desk.key("-")
    assert desk.mine(0, "Feder 2014")["sequence"][0] == "unclear"
    assert desk.find("riskofbias.high").accessibleName() == "High risk"
    desk.click("riskofbias.high")
    assert desk.mine(0, "Feder 2014")["sequence"][0] == "high"


@pytest.mark.parametrize("before", [True, False])
def test_a_tool_that_cannot_be_read_is_said(open_page: Open, before: bool) -> None:
    def break_tool(review: Review) -> None:
        row = review.store.reader.execute(select(own_tool.c.id)).scalar_one()
        lead = sessions(review)[0].reviewer.id
        review.store.write(lead, "test", "Test", lambda tx: tx.put("own_tool", row, definition="levels = 7"))

    def furnish(review: Review) -> None:
        adopted()(review)
        if before:
            break_tool(review)

    desk = open_page(furnish)
    if not before:
        break_tool(desk.review)
        desk.reload()
    assert "cannot be used" in " ".join(label.text() for label in desk.page.unreadable.findChildren(QLabel))
    assert desk.is_shown("riskofbias.to_protocol")
    assert not desk.page.export.isEnabled()
    desk.people[0].protocol.describe(risk_of_bias_tool="rob1")
    desk.reload()
    assert len(heads(desk)) == 7
    assert desk.page.export.isEnabled()


@pytest.mark.parametrize("number", [3, 7, 12])
def test_nothing_of_a_large_tool_is_cut_off(open_page: Open, number: int) -> None:
    desk = open_page(adopted(number))
    for size in (QSize(1024, 700), QSize(1280, 800), QSize(1920, 1080)):
        desk.window.resize(size)
        for tab in ("assess", "consensus"):
            desk.tab(tab)
            desk.page.go_to(desk.study("Taylor 2018"), desk.table().lights.cells[-1])
            desk.settle()
            assert desk.window.size() == size
            assert faults(desk.window) == [], f"{tab} at {size.width()}x{size.height()}"
            table = desk.table()
            rect = table.cell_rect(desk.study("Taylor 2018"), table.lights.cells[-1])
            assert table.viewport().rect().contains(rect.center())


def test_the_figure_of_another_tool_is_exported(open_page: Open, answers: Answers, tmp_path: Path) -> None:
    desk = open_page(adopted(12, STUDIES))
    answers.target = tmp_path / "figure.svg"
    desk.window.registry.trigger("riskofbias.export_svg")
    desk.settle()
    text = answers.target.read_text(encoding="utf-8")
    assert "Blinding (performance bias and detection bias): Patient-reported outcomes" in text
    assert "Item 12 of the review" in text
