"""A review of another program arrives in a window: every way in, what is shown, what may go wrong, every way out."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from core.errors import InputError
from core.interchange.formats import read_review_file
from core.interchange.writers import WRITERS
from gui.main_window import MainWindow
from gui.pages import PAGES
from gui.settings import Settings
from gui.widgets.messages import Level
from tests.gui.arrivals import LEFT, LONG_MS, arrived, opened, refused, rest, rm5, with_a_wrong_total
from tests.gui.conftest import Answers, MakeWindow
from tests.gui.test_dropping import carrying, drop, hold
from tests.interchange import rm5_files

Key = Qt.Key
CSV = "Record ID,Title\n1,Tea for colds\n"


def focused_name() -> str:
    focused = QApplication.focusWidget()
    return focused.objectName() if focused is not None else ""


def said(window: MainWindow) -> list[str]:
    """The messages of the page in front."""
    desk = window.desk()
    front = window.arrival.page or (desk.current_page() if desk is not None else window.start)
    assert front is not None
    return [message.text() for message in front.messages.messages()]


@pytest.fixture
def window(make_window: MakeWindow) -> MainWindow:
    """A window with all pages, and no review."""
    return make_window(PAGES)


# every way in


def test_a_file_dropped_on_the_start_page_is_read_checked_and_opened(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    source = rm5(tmp_path)
    before = source.read_bytes()
    drop(window.start, source)
    page = arrived(window, qtbot)
    assert page.header.fact.text() == "Tea for the common cold"
    assert page.card.title.text() == "Matches RevMan: 5 of 5"
    read = {row.key: row.number for row in page.contents.table.rows()}
    assert (read["included"], read["rows"], read["comparisons"]) == (3, 7, 2)
    desk = opened(window, qtbot)
    assert desk.current_id() == "overview"
    assert said(window) == ["Matches RevMan: 5 of 5."]
    assert desk.workspace.review.path == tmp_path / "tea.copse"
    assert desk.workspace.review.title == "Tea for the common cold"
    assert source.read_bytes() == before
    assert [Path(each.path).name for each in window.settings.recent()] == ["tea.copse"]


def test_the_message_leads_to_the_check_and_goes(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    window.open_review(rm5(tmp_path))
    desk = opened(window, qtbot)
    overview = desk.current_page()
    assert overview is not None
    (message,) = overview.messages.messages()
    assert message.level is Level.SUCCESS
    qtbot.mouseClick(message.buttons[0], LEFT)
    rest(desk, qtbot)
    assert desk.current_id() == "report"
    page = desk.current_page()
    assert page is not None
    assert page.header.tabs.current() == "check"
    assert overview.messages.messages() == []


def test_a_file_may_be_chosen_in_the_dialog(window: MainWindow, answers: Answers, tmp_path: Path, qtbot: QtBot) -> None:
    answers.files = [rm5(tmp_path)]
    window.registry.trigger("file.open")
    assert arrived(window, qtbot).path == answers.files[0]


def test_a_file_may_be_named_on_the_command_line(
    window: MainWindow, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    rm5(tmp_path)
    monkeypatch.chdir(tmp_path)
    window.open_review(Path("tea.rm5"))  # what is given there goes to the window as it is
    assert arrived(window, qtbot).form.target == tmp_path / "tea.copse"


def test_a_file_dropped_on_an_open_review_comes_beside_it(
    window: MainWindow, review_file: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(window.review_shown):
        window.open_review(review_file)
    desk = window.desk()
    assert desk is not None
    drop(desk, rm5(tmp_path))
    assert window.arrival.page is None
    beside = window.windows.all()[1]
    assert arrived(beside, qtbot).header.fact.text() == "Tea for the common cold"
    beside.close()


def test_opened_in_a_window_with_a_review_it_stands_before_it_until_it_is_given_up(
    window: MainWindow, review_file: Path, answers: Answers, tmp_path: Path, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(window.review_shown):
        window.open_review(review_file)
    answers.files = [rm5(tmp_path)]
    window.registry.trigger("file.open")
    page = arrived(window, qtbot)
    assert not window.registry.get("go.references").enabled_when()
    assert not window.registry.get("edit.undo").enabled_when()
    qtbot.keyClick(page, Key.Key_Escape)
    desk = window.desk()
    assert desk is not None
    assert desk.isVisible()
    assert desk.workspace.review.path == review_file
    assert window.registry.get("go.references").enabled_when()


def test_a_second_file_takes_the_place_of_the_first(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    drop(window.start, rm5(tmp_path))
    first = arrived(window, qtbot)
    drop(first, rm5(tmp_path, "old.rm5", rm5_files.old()))
    second = arrived(window, qtbot)
    assert second is not first
    assert second.header.fact.text() == "Thé"


def test_the_same_file_once_more_changes_nothing(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    source = rm5(tmp_path)
    drop(window.start, source)
    page = arrived(window, qtbot)
    page.form.name.setText("Ada Byron")
    drop(page, source)
    assert window.arrival.page is page
    assert page.form.name.text() == "Ada Byron"


def test_of_several_files_each_gets_a_window(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    drop(window.start, rm5(tmp_path), rm5(tmp_path, "old.rm5", rm5_files.old()))
    assert arrived(window, qtbot).path.name == "tea.rm5"
    beside = window.windows.all()[1]
    assert arrived(beside, qtbot).path.name == "old.rm5"
    beside.close()


def test_a_copse_review_dropped_meanwhile_is_opened(
    window: MainWindow, review_file: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    drop(window.start, rm5(tmp_path))
    page = arrived(window, qtbot)
    with qtbot.waitSignal(window.review_shown):
        drop(page, review_file)
    assert window.arrival.page is None


def test_what_is_wrong_with_a_copse_review_is_said_where_it_is_seen(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    drop(window.start, rm5(tmp_path))
    page = arrived(window, qtbot)
    (tmp_path / "broken.copse").write_bytes(b"no review")
    drop(page, tmp_path / "broken.copse")
    qtbot.waitUntil(lambda: len(page.messages.messages()) == 1)
    assert "broken.copse" in said(window)[0]


def test_a_table_of_analyses_is_known_by_its_content(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    source = tmp_path / "data.csv"
    source.write_bytes(WRITERS["revman_csv"].data(read_review_file(rm5(tmp_path)), "data"))
    drop(window.start, source)
    page = arrived(window, qtbot)
    assert page.path == source
    assert {row.key: row.number for row in page.contents.table.rows()}["comparisons"] == 2


def test_a_table_of_search_results_waits_for_a_review(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "search.csv").write_text(CSV, encoding="utf-8")
    drop(window.start, tmp_path / "search.csv")
    qtbot.waitUntil(lambda: bool(said(window)), timeout=LONG_MS)
    assert said(window)[0].startswith("search.csv holds search results, and no review is open to take them.")
    assert window.arrival.page is None


def test_nothing_is_read_while_files_are_held_over_the_window(window: MainWindow, tmp_path: Path) -> None:
    hint = window._drops.hint
    hold(window.start, carrying([tmp_path / "not_there.csv"]))
    assert hint.text() == "Drop to see what this file holds"
    hold(window.start, carrying([tmp_path / "not_there.rm5"]))
    assert hint.text() == "Drop to open the review"


# what is asked


def test_the_contact_author_is_proposed_only_to_who_has_no_name_yet(
    window: MainWindow, settings: Settings, tmp_path: Path, qtbot: QtBot
) -> None:
    window.open_review(rm5(tmp_path))
    assert arrived(window, qtbot).form.name.text() == "Anna B Berg"
    window.registry.trigger("file.new")
    settings.set_text("own_name", "Ada Byron")
    window.open_review(rm5(tmp_path, "again.rm5"))
    assert arrived(window, qtbot).form.name.text() == "Ada Byron"


def test_by_keys_alone(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    window.open_review(rm5(tmp_path))
    page = arrived(window, qtbot)
    qtbot.waitUntil(lambda: focused_name() == "arrival.name")
    page.form.name.selectAll()
    qtbot.keyClicks(page.form.name, "Ada Byron")
    order = [focused_name()]
    for _ in range(2):
        qtbot.keyClick(QApplication.focusWidget(), Key.Key_Tab)
        order.append(focused_name())
    assert order == ["arrival.name", "arrival.others", "arrival.change"]
    page.form.others.setFocus()
    qtbot.keyClicks(page.form.others, "Tom Brandt, Ida Roe")
    with qtbot.waitSignal(window.review_shown, timeout=LONG_MS):
        qtbot.keyClick(page.form.others, Key.Key_Return)
    desk = window.desk()
    assert desk is not None
    assert [each.name for each in desk.workspace.review.reviewers()] == ["Ada Byron", "Tom Brandt", "Ida Roe"]
    assert window.settings.text("own_name") == "Ada Byron"


@pytest.mark.parametrize(
    ("name", "others", "error"),
    [
        ("", "", "Decisions are kept under your name."),
        ("Ada", "Tom, ada", "ada is named twice. Tell them apart, for example by an initial."),
    ],
)
def test_missing_or_doubled_names_are_said_at_their_field(
    window: MainWindow, tmp_path: Path, qtbot: QtBot, name: str, others: str, error: str
) -> None:
    window.open_review(rm5(tmp_path))
    page = arrived(window, qtbot)
    page.form.name.setText(name)
    page.form.others.setText(others)
    qtbot.mouseClick(page.open, LEFT)
    assert error in (page.form.name_field.error(), page.form.others_field.error())
    assert focused_name() == ("arrival.others" if name else "arrival.name")
    assert not (tmp_path / "tea.copse").exists()


def test_a_name_that_is_taken_gets_a_number(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "tea.copse").write_bytes(b"mine")
    window.open_review(rm5(tmp_path))
    assert arrived(window, qtbot).form.target == tmp_path / "tea 2.copse"


def test_a_place_that_cannot_be_written_leads_to_another(
    window: MainWindow, answers: Answers, tmp_path: Path, qtbot: QtBot
) -> None:
    window.open_review(rm5(tmp_path))
    page = arrived(window, qtbot)
    answers.target = tmp_path / "gone" / "tea.copse"
    qtbot.mouseClick(page.form.change, LEFT)
    qtbot.mouseClick(page.open, LEFT)
    qtbot.waitUntil(lambda: bool(page.messages.messages()), timeout=LONG_MS)
    (message,) = page.messages.messages()
    assert message.text().startswith(f"The folder {tmp_path / 'gone'} does not exist")
    assert page.open.isEnabled()
    answers.target = tmp_path / "elsewhere"
    with qtbot.waitSignal(window.review_shown, timeout=LONG_MS):
        qtbot.mouseClick(message.buttons[0], LEFT)
    assert window.open_path() == tmp_path / "elsewhere.copse"


def test_a_target_that_exists_is_never_replaced(
    window: MainWindow, answers: Answers, tmp_path: Path, qtbot: QtBot
) -> None:
    answers.target = tmp_path / "mine.copse"
    answers.target.write_bytes(b"mine")
    window.open_review(rm5(tmp_path))
    page = arrived(window, qtbot)
    qtbot.mouseClick(page.form.change, LEFT)
    qtbot.mouseClick(page.open, LEFT)
    qtbot.waitUntil(lambda: bool(page.messages.messages()), timeout=LONG_MS)
    assert answers.target.read_bytes() == b"mine"


def test_a_file_in_a_folder_that_cannot_be_written_is_to_be_kept_at_home(
    window: MainWindow, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setattr(Path, "home", lambda: home)
    monkeypatch.setattr(os, "access", lambda path, _mode: Path(path) != tmp_path)
    window.open_review(rm5(tmp_path))
    assert arrived(window, qtbot).form.target == home / "tea.copse"


# the check


def test_a_number_that_differs_is_shown_with_both_values_and_a_reason(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    window.open_review(rm5(tmp_path, data=with_a_wrong_total()))
    page = arrived(window, qtbot)
    assert page.card.title.text() == "4 of 5 analyses match"
    qtbot.mouseClick(page.card.details, LEFT)
    assert page.header.tabs.current() == "check"
    table = page.differences.table
    assert table.isVisible()
    row = table.rows()[0]
    assert (row.where.number, row.stored, row.computed) == ("1.1", "2.90", "2.40")
    assert page.differences.reason.text()
    opened(window, qtbot)
    assert said(window)[0].startswith("4 of 5 analyses match RevMan.")


def test_a_file_without_results_says_so(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    window.open_review(rm5(tmp_path, data=rm5_files.full(analyses="")))
    page = arrived(window, qtbot)
    assert page.card.title.text() == "The file holds no results to compare."
    assert not page.card.details.isVisibleTo(page)


def test_the_result_is_announced(
    window: MainWindow, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gui.revman.arrival_page import ArrivalPage

    heard: list[str] = []
    monkeypatch.setattr(ArrivalPage, "announce", lambda _page, text: heard.append(text))
    window.open_review(rm5(tmp_path))
    arrived(window, qtbot)
    assert heard == ["Matches RevMan: 5 of 5"]


# files that are something else


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("broken.rm5", rm5_files.full()[:3000], "line"),
        ("empty.rm5", b"", "empty.rm5"),
        ("text.rm5", b"Dear colleague", "text.rm5"),
        ("archive.zip", b"PK\x05\x06" + bytes(18), "archive.zip"),
        ("noise.zip", b"no archive", "noise.zip"),
        ("noise.mtv", b"no table", "noise.mtv"),
        ("noise.xlsx", b"no table", "noise.xlsx"),
        (
            "bomb.rm5",
            b'<?xml version="1.0"?><!DOCTYPE COCHRANE_REVIEW [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
            b"<COCHRANE_REVIEW>&b;</COCHRANE_REVIEW>",
            "bomb.rm5",
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(
    window: MainWindow, tmp_path: Path, qtbot: QtBot, name: str, data: bytes, words: str
) -> None:
    window.open_review(rm5(tmp_path, name, data))
    reason = refused(window, qtbot)
    assert words in reason
    page = window.arrival.page
    assert page is not None
    assert not page.open.isVisible()
    assert said(window) == []
    qtbot.waitUntil(lambda: focused_name() == "arrival.cancel")
    qtbot.keyClick(page, Key.Key_Escape)
    assert window.arrival.page is None
    assert window.start.isVisible()


def test_a_review_of_copse_under_another_name_is_told_from_one_of_revman(
    window: MainWindow, review_file: Path, qtbot: QtBot
) -> None:
    renamed = review_file.with_suffix(".rm5")
    review_file.rename(renamed)
    window.open_review(renamed)
    assert "Give it a name that ends in .copse, then open it." in refused(window, qtbot)


def test_a_file_that_is_not_there_is_named(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    window.open_review(tmp_path / "gone.rm5")
    assert "gone.rm5" in refused(window, qtbot)


# leaving


def test_giving_up_leaves_nothing(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    window.open_review(rm5(tmp_path))
    page = arrived(window, qtbot)
    qtbot.mouseClick(page.cancel, LEFT)
    assert window.start.isVisible()
    assert sorted(path.suffix for path in tmp_path.iterdir() if path.stem == "tea") == [".rm5"]


@pytest.mark.parametrize("moment", ["reading", "checking", "making"])
def test_leaving_in_the_middle_waits_for_nothing_and_leaves_nothing(
    window: MainWindow, tmp_path: Path, qtbot: QtBot, moment: str
) -> None:
    window.open_review(rm5(tmp_path))
    page = window.arrival.page
    assert page is not None
    if moment != "reading":
        arrived(window, qtbot, checked=False)
    if moment == "making":
        qtbot.mouseClick(page.open, LEFT)
        assert page.is_making
    qtbot.keyClick(page, Key.Key_Escape)
    assert window.arrival.page is None
    assert window.start.isVisible()
    qtbot.waitUntil(lambda: not shiboken6.isValid(page), timeout=LONG_MS)
    assert not (tmp_path / "tea.copse").exists()
    assert window.desk() is None


@pytest.mark.parametrize("moment", ["reading", "making"])
def test_the_window_may_be_closed_in_the_middle(window: MainWindow, tmp_path: Path, qtbot: QtBot, moment: str) -> None:
    window.open_review(rm5(tmp_path))
    page = window.arrival.page
    assert page is not None
    if moment == "making":
        arrived(window, qtbot)
        qtbot.mouseClick(page.open, LEFT)
    window.close()
    qtbot.waitUntil(lambda: not shiboken6.isValid(page), timeout=LONG_MS)
    assert not (tmp_path / "tea.copse").exists()


def test_a_new_review_may_be_begun_instead(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    window.open_review(rm5(tmp_path))
    arrived(window, qtbot)
    window.registry.trigger("file.new")
    assert window.start.form.isVisible()


def test_settings_in_front_lead_back_to_the_page(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    window.open_review(rm5(tmp_path))
    page = arrived(window, qtbot)
    window.registry.trigger("app.settings")
    assert not page.isVisible()
    window.program.leave()
    assert page.isVisible()
    assert window.arrival.page is page


def test_another_size_of_text_keeps_what_was_typed(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    window.open_review(rm5(tmp_path))
    arrived(window, qtbot).form.others.setText("Tom Brandt")
    window.build_anew()
    page = arrived(window, qtbot)
    assert page.isVisible()
    assert page.form.others.text() == "Tom Brandt"


def test_nothing_that_fails_is_shown_as_a_trace(
    window: MainWindow, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    from core.interchange import verify

    def refuse(*_args: object) -> None:
        raise InputError("test.refused", "The numbers of {file} cannot be compared.", file="tea.rm5")

    monkeypatch.setattr(verify, "verify", refuse)
    window.open_review(rm5(tmp_path))
    page = arrived(window, qtbot, checked=False)
    qtbot.waitUntil(lambda: bool(page.messages.messages()))
    assert said(window) == ["The numbers of tea.rm5 cannot be compared."]
    assert "Traceback" not in " ".join(label.text() for label in page.findChildren(QLabel))
    opened_desk = opened(window, qtbot)
    assert opened_desk.current_id() == "overview"
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
