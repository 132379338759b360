"""The overview in the window: the flow, what is left to do, and the flow diagram as a file."""

from __future__ import annotations

import importlib
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from core.model import SourceKind, Verdict
from core.review import Review
from gui.desk import Desk
from gui.pages import PAGES
from gui.pages.overview.page import LEADS, OverviewPage
from gui.pages.overview.todo_panel import PLACES, PersonProgress
from gui.widgets.buttons import Button
from gui.widgets.flow_view import FlowBox
from gui.widgets.messages import Level
from gui.widgets.rail import Rail
from tests.gui.conftest import Answers, MakeWindow
from tests.gui.layout_checks import faults
from tests.reviews import new_review, record_ids, ris_file, sessions, titles

LEFT = Qt.MouseButton.LeftButton
SPECS = tuple(spec for spec in PAGES if spec.id in ("overview", "protocol", "references", "screening"))

Open = Callable[..., OverviewPage]


@pytest.fixture
def open_page(make_window: MakeWindow, qtbot: QtBot) -> Open:
    """Show the overview of a review to one of its reviewers."""

    def show(review: Review, reviewer: int = 0) -> OverviewPage:
        people = review.reviewers()
        review.close()
        window = make_window(SPECS)
        with qtbot.waitSignal(window.review_shown):
            window.open_review(review.path)
        window.work_as(people[reviewer].id)
        desk = window.desk()
        assert desk is not None
        page = desk.current_page()
        assert isinstance(page, OverviewPage)
        settle(page, qtbot)
        return page

    return show


def settle(page: OverviewPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: page.workspace.runner.pending == 0, timeout=20_000)


def desk_of(page: OverviewPage) -> Desk:
    desk = page.window().findChild(Desk)
    assert desk is not None
    return desk


def box(page: OverviewPage, name: str) -> FlowBox:
    return page.flow.boxes()[name]


def under_way(folder: Path) -> Review:
    """Ten records; Asha has judged six, Tom four of them, and they differ on one."""
    review = new_review(folder, records=10)
    asha, tom, _ = sessions(review)
    ids = record_ids(review)
    for each in ids[:6]:
        asha.screening.decide(each, Verdict.INCLUDE)
    for each in ids[:4]:
        tom.screening.decide(each, Verdict.EXCLUDE if each == ids[0] else Verdict.INCLUDE)
    return review


# the flow


def test_an_empty_review_leads_to_protocol_and_references(open_page: Open, tmp_path: Path, qtbot: QtBot) -> None:
    page = open_page(new_review(tmp_path))
    assert not page.flow.isVisible()
    assert not page.registry.is_enabled("overview.export_svg")
    qtbot.mouseClick(page.findChild(QWidget, "overview.start_protocol"), LEFT)
    assert desk_of(page).current_id() == "protocol"
    page.workspace.go("overview")
    qtbot.mouseClick(page.findChild(QWidget, "overview.start_import"), LEFT)
    assert desk_of(page).current_id() == "references"


def test_the_flow_says_its_numbers(open_page: Open, tmp_path: Path) -> None:
    page = open_page(under_way(tmp_path))
    assert box(page, "identified").accessibleName() == "Records identified: 10; MEDLINE: 10"
    assert box(page, "screened").accessibleName() == "Records screened: 6 of 10; 4 wait for your decision"
    assert "Records screened: 6 of 10" in page.flow.accessibleDescription()
    for each in page.flow.boxes().values():
        assert page.flow.rect().contains(each.geometry())
        assert min(each.width(), each.height()) >= 24


def test_the_flow_follows_a_decision(open_page: Open, tmp_path: Path, qtbot: QtBot) -> None:
    page = open_page(under_way(tmp_path))
    record = record_ids(page.review)[7]
    page.write(lambda s: s.screening.decide(record, Verdict.INCLUDE)).run()
    settle(page, qtbot)
    assert "7 of 10" in box(page, "screened").accessibleName()
    assert page.todo.texts() == ["3 records to screen"]


def test_a_click_on_a_box_leads_to_its_page(open_page: Open, tmp_path: Path, qtbot: QtBot) -> None:
    page = open_page(under_way(tmp_path))
    qtbot.mouseClick(box(page, "screened"), LEFT)
    assert desk_of(page).current_id() == "screening"
    page.workspace.go("overview")
    qtbot.mouseClick(box(page, "removed"), LEFT)
    assert desk_of(page).current_id() == "references"
    references = desk_of(page).current_page()
    assert references is not None
    assert references.header.tabs.current() == "duplicates"


def test_arrow_keys_go_from_box_to_box(open_page: Open, tmp_path: Path, qtbot: QtBot) -> None:
    page = open_page(under_way(tmp_path))
    box(page, "identified").setFocus(Qt.FocusReason.TabFocusReason)
    path = []
    keys = Qt.Key
    for key in (keys.Key_Down, keys.Key_Right, keys.Key_Down, keys.Key_Left, keys.Key_Up, keys.Key_Up, keys.Key_Up):
        qtbot.keyClick(QApplication.focusWidget(), key)
        focused = QApplication.focusWidget()
        assert isinstance(focused, FlowBox)
        path.append(focused.box_id)
    assert path == ["screened", "excluded", "not_retrieved", "sought", "screened", "identified", "identified"]
    qtbot.keyClick(QApplication.focusWidget(), keys.Key_Return)
    assert desk_of(page).current_id() == "references"


# what is left


def test_the_adjudicator_is_led_to_the_conflicts(open_page: Open, tmp_path: Path, qtbot: QtBot) -> None:
    page = open_page(under_way(tmp_path), reviewer=2)
    assert page.todo.texts() == ["1 conflict to settle"]
    settle_button = page.findChild(Button, "overview.todo.screening.resolve")
    assert settle_button is not None
    assert settle_button.accessibleName() == "Settle: 1 conflict to settle"
    qtbot.mouseClick(settle_button, LEFT)
    screening = desk_of(page).current_page()
    assert screening is not None
    assert screening.ID == "screening"
    assert screening.header.tabs.current() == "conflicts"


def test_the_lead_sees_how_far_each_reviewer_is(open_page: Open, tmp_path: Path) -> None:
    page = open_page(under_way(tmp_path))
    found = page.todo.findChildren(PersonProgress)
    assert [each.figures["title_abstract"] for each in found] == ["4 left", "6 left"]
    assert [each.figures["extraction"] for each in found] == ["nothing to do", "nothing to do"]


def test_who_does_not_lead_sees_no_other(open_page: Open, tmp_path: Path) -> None:
    page = open_page(under_way(tmp_path), reviewer=1)
    assert page.todo.findChildren(PersonProgress) == []
    assert page.todo.texts() == ["6 records to screen"]
    assert "4 of 10; 6 wait for your decision" in box(page, "screened").accessibleName()


def test_a_review_that_has_an_earlier_version_shows_it_before_anything_is_searched(
    open_page: Open, tmp_path: Path, qtbot: QtBot
) -> None:
    review = new_review(tmp_path)
    lead = sessions(review)[0]
    earlier = lead.references.put_source(name="Review of 2015", kind=SourceKind.PREVIOUS).value
    lead.references.import_file(ris_file(tmp_path / "earlier.ris", titles(2)), earlier)
    page = open_page(review)
    assert next(iter(page.flow.boxes())) == "previous"
    assert set(page.flow.boxes()) <= set(LEADS)
    assert box(page, "new_included").isVisible()
    assert page.registry.is_enabled("overview.export_svg")


def test_every_place_one_is_led_to_exists() -> None:
    pages = {spec.id: spec for spec in PAGES}
    places = [(place.page, place.where) for place in PLACES.values()] + list(LEADS.values())
    for page, where in places:
        module, name = pages[page].factory.split(":")
        tabs = {tab.id for tab in getattr(importlib.import_module(module), name).TABS}
        assert set(where.values()) <= tabs, f"{page} has no {where}"


# the diagram as a file


def test_the_flow_diagram_is_exported(open_page: Open, answers: Answers, tmp_path: Path, qtbot: QtBot) -> None:
    page = open_page(under_way(tmp_path))
    answers.target = tmp_path / "flow"
    page.registry.trigger("overview.export_svg")
    settle(page, qtbot)
    assert answers.asked == [str(tmp_path / "review-prisma.svg")]
    words = " ".join(ElementTree.parse(tmp_path / "flow.svg").getroot().itertext())
    assert "Records screened (n = 10)" in words
    answers.target = tmp_path / "flow.png"
    menu = page.export.menu()
    [action] = [each for each in menu.actions() if each.objectName() == "overview.export_png"]
    action.trigger()
    settle(page, qtbot)
    assert (tmp_path / "flow.png").read_bytes().startswith(b"\x89PNG")


def test_a_folder_that_is_gone_is_said(open_page: Open, answers: Answers, tmp_path: Path, qtbot: QtBot) -> None:
    page = open_page(under_way(tmp_path))
    answers.target = tmp_path / "gone" / "flow.svg"
    page.registry.trigger("overview.export_svg")
    settle(page, qtbot)
    (message,) = page.messages.messages()
    assert message.level is Level.DANGER
    assert "folder does not exist" in message.text()


def test_the_first_page_loads_nothing_heavy() -> None:
    code = (
        "import gui.main_window, gui.pages.overview.page, sys;"
        "print([m for m in ('numpy', 'matplotlib', 'pandas', 'scipy', 'fontTools') if m in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"


def test_the_page_is_in_the_rail_and_first(open_page: Open, tmp_path: Path) -> None:
    page = open_page(new_review(tmp_path))
    assert page.window().findChild(Rail).item("overview").isChecked()
    assert [spec.id for spec in PAGES][:3] == ["overview", "protocol", "references"]


def test_what_others_did_since_the_last_visit_is_told_and_all_changes_on_request(
    open_page: Open, tmp_path: Path, qtbot: QtBot
) -> None:
    review = new_review(tmp_path, 2)
    page = open_page(review)
    changes = page.todo.changes
    assert changes.heading() == "Latest changes"
    assert changes.texts() == ["Import of search.ris", "New review"]
    page.window().close()
    again = Review.open(review.path)
    asha, tom, _ = sessions(again)
    for text in ("Adults", "Trials", "Ketamine"):
        asha.protocol.add_criterion("include", text)
    tom.references.put_source(name="Embase")
    page = open_page(again, reviewer=0)
    changes = page.todo.changes
    assert changes.heading().startswith("Since you were last here, today ")
    assert changes.texts() == ["Source “Embase”"]
    assert not faults(page.window())
    qtbot.mouseClick(changes.more, LEFT)
    settle(page, qtbot)
    assert changes.texts()[:2] == ["Source “Embase”", "3 × New criterion “Ketamine”"]
    qtbot.mouseClick(changes.more, LEFT)
    settle(page, qtbot)
    assert changes.texts() == ["Source “Embase”"]


def test_the_header_tells_registration_and_beginning(open_page: Open, tmp_path: Path) -> None:
    review = new_review(tmp_path)
    sessions(review)[0].protocol.describe(registration="PROSPERO CRD42020190282")
    said = open_page(review).header.fact.text()
    today = date.today()
    assert said == f"PROSPERO CRD42020190282, started {today.day} {today:%B %Y}"


def test_a_colleagues_copy_is_merged_from_the_file_menu(
    open_page: Open, tmp_path: Path, qtbot: QtBot, answers: Answers
) -> None:
    review = new_review(tmp_path, 2)
    review.save_copy(tmp_path / "tom.copse")
    copy = Review.open(tmp_path / "tom.copse")
    sessions(copy)[1].references.put_source(name="Embase")
    copy.close()
    page = open_page(review)
    answers.files = [tmp_path / "tom.copse"]
    for said in (
        "1 change from tom.copse merged. No field was changed on both sides.",
        "tom.copse holds nothing that is not here already. Nothing was changed.",
    ):
        page.workspace.registry.trigger("file.merge")
        settle(page, qtbot)
        assert page.messages.messages()[-1].text() == said
    assert page.todo.changes.texts()[0] == "Source “Embase”"
