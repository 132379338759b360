"""Calls off the main thread: results, refusals, defects, order, progress, cancel, closing."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from core.errors import FileProblem, InputError
from core.model import Area, OpResult
from core.review import Session
from gui import operations
from gui.main_window import MainWindow
from gui.operations import Cancel, Runner, TaskState
from gui.widgets import status_bar
from gui.widgets.messages import Level
from tests.gui.probe_page import ProbePage
from tests.gui.test_actions import probe


def runner_of(window: MainWindow) -> Runner:
    desk = window.desk()
    assert desk is not None
    return desk.workspace.runner


def test_a_write_runs_elsewhere_and_comes_back_here(window: MainWindow, qtbot: QtBot) -> None:
    page, here = probe(window), threading.get_ident()
    threads: list[int] = []
    values: list[object] = []

    def add(session: object) -> OpResult[bytes]:
        threads.append(threading.get_ident())
        return page.session.protocol.add_criterion("include", "Adults")

    def done(value: bytes) -> None:
        threads.append(threading.get_ident())
        values.append(value)

    with qtbot.waitSignal(runner_of(window).wrote):
        page.write(add).done(done).run()
    assert threads[0] != here
    assert threads[1] == here
    assert values == [page.session.protocol.criteria()[0].id]


def test_writes_run_in_the_order_asked(window: MainWindow, qtbot: QtBot) -> None:
    page = probe(window)
    texts = [f"Criterion {n}" for n in range(20)]
    with qtbot.waitSignals([runner_of(window).wrote] * len(texts)):
        for text in texts:
            page.add_criterion(text)
    assert [each.text for each in page.session.protocol.criteria()] == texts


def test_the_saved_time_is_shown_after_a_write(window: MainWindow, qtbot: QtBot) -> None:
    desk = window.desk()
    assert desk is not None
    assert desk.status_bar.saved_text() == ""
    with qtbot.waitSignal(runner_of(window).wrote):
        probe(window).add_criterion("Adults")
    assert desk.status_bar.saved_text().startswith("Saved ")


def test_a_refusal_is_said_on_the_page(window: MainWindow, qtbot: QtBot) -> None:
    page = probe(window)
    with qtbot.waitSignal(runner_of(window)._back):
        page.add_criterion("   ")
    qtbot.waitUntil(lambda: bool(page.messages.messages()))
    message = page.messages.messages()[0]
    assert message.level is Level.DANGER
    assert message.isVisible()
    assert page.session.protocol.criteria() == ()


def test_the_same_refusal_twice_is_one_message(window: MainWindow, qtbot: QtBot) -> None:
    page = probe(window)
    with qtbot.waitSignals([runner_of(window)._back] * 2):
        page.add_criterion("  ")
        page.add_criterion("  ")
    qtbot.waitUntil(lambda: runner_of(window).pending == 0)
    assert len(page.messages.messages()) == 1


def test_failed_takes_the_refusal_instead(window: MainWindow, qtbot: QtBot) -> None:
    page, errors = probe(window), list[str]()

    def refuse(_session: object) -> OpResult[None]:
        raise InputError("test.no", "No.")

    page.write(refuse).failed(lambda error: errors.append(error.code)).run()
    qtbot.waitUntil(lambda: errors == ["test.no"])
    assert page.messages.messages() == []


def test_a_file_that_cannot_be_written_says_not_saved(window: MainWindow, qtbot: QtBot) -> None:
    page, desk = probe(window), window.desk()
    assert desk is not None

    def full(_session: object) -> OpResult[None]:
        raise FileProblem("file.full", "The disk is full, so your last decision was not kept.")

    page.write(full).run()
    qtbot.waitUntil(lambda: desk.status_bar.saved_text() == "Not saved")
    assert "disk is full" in page.messages.messages()[0].text()


def test_a_write_that_found_the_disk_full_can_be_tried_again(window: MainWindow, qtbot: QtBot) -> None:
    page, desk = probe(window), window.desk()
    assert desk is not None
    room = threading.Event()

    def add(session: Session) -> OpResult[bytes]:
        if not room.is_set():
            raise FileProblem("file.full", "The disk is full, so your last decision was not kept.")
        return session.protocol.add_criterion("include", "Adults")

    page.write(add).run()
    qtbot.waitUntil(lambda: bool(page.messages.messages()))
    room.set()
    with qtbot.waitSignal(runner_of(window).wrote):
        page.messages.messages()[0].buttons[0].click()
    assert page.messages.messages() == []
    assert desk.status_bar.saved_text().startswith("Saved ")
    assert [each.text for each in page.session.protocol.criteria()] == ["Adults"]


def test_a_defect_is_logged_and_offers_its_details(window: MainWindow, qtbot: QtBot, caplog, qapp) -> None:
    page = probe(window)

    def broken(_session: object) -> OpResult[None]:
        raise ZeroDivisionError("nought")

    page.write(broken, "saving a decision").run()
    qtbot.waitUntil(lambda: bool(page.messages.messages()))
    message = page.messages.messages()[0]
    assert message.text() == "Something went wrong in saving a decision. Your last saved work is safe."
    message.buttons[0].click()
    assert "builtins.ZeroDivisionError" in qapp.clipboard().text()
    assert "nought" not in qapp.clipboard().text()  # it could be a title or a number of the review
    assert "defect while saving a decision" in caplog.text


def test_what_comes_back_to_a_page_that_has_gone_is_dropped(window: MainWindow, qtbot: QtBot) -> None:
    page = ProbePageHolder(window)
    gate = threading.Event()
    called: list[str] = []
    call = page.read(lambda _s: gate.wait(5)).done(lambda _v: called.append("done"))
    call.run()
    page.drop()
    gate.set()
    qtbot.waitUntil(lambda: runner_of(window).pending == 0)
    assert called == []


class ProbePageHolder:
    """A widget that can be deleted while its call is under way."""

    def __init__(self, window: MainWindow) -> None:
        from PySide6.QtWidgets import QWidget

        self._runner = runner_of(window)
        self._widget = QWidget(window)
        self.read = lambda fn: self._runner.read(self._widget, fn)

    def drop(self) -> None:
        import shiboken6

        shiboken6.delete(self._widget)


def test_a_task_shows_progress_after_a_second_and_can_be_cancelled(window: MainWindow, qtbot: QtBot) -> None:
    page, desk = probe(window), window.desk()
    assert desk is not None
    seen: list[str] = []

    def work(_session: object, report, cancelled) -> int:
        report(1, 4)
        while not cancelled():
            threading.Event().wait(0.01)
        seen.append("stopped")
        raise Cancel

    page.task("Ranking 1,204 records", work).run()
    assert desk.status_bar.tasks() == []
    qtbot.waitUntil(lambda: desk.status_bar.tasks() == ["Ranking 1,204 records"], timeout=3000)
    assert desk.status_bar._figure.text() == "25%"
    desk.status_bar._cancel.click()
    qtbot.waitUntil(lambda: desk.status_bar.tasks() == [])
    assert seen == ["stopped"]
    assert page.messages.messages() == []


def test_a_long_task_tells_how_much_longer_it_takes(theme: object, qtbot: QtBot, monkeypatch) -> None:
    moment = [1000.0]
    monkeypatch.setattr(status_bar, "monotonic", lambda: moment[0])
    bar = status_bar.StatusBar()
    qtbot.addWidget(bar)
    for task, name in enumerate(("Reading a.ris", "Reading b.ris", "Ranking"), 1):
        bar.task_changed(TaskState(task, name, 250, 1000 if task < 3 else None))
        bar._reveal(task)
    assert (bar._name.text(), bar._figure.text()) == ("Ranking", "250 so far")
    assert bar._more.accessibleName() == "and 2 more"
    moment[0] += 20
    bar.task_changed(TaskState(3, "Ranking", 400))
    assert bar._figure.text() == "400 so far · 20 s"
    bar.task_changed(TaskState(3, "Ranking", 0, 1000))  # another step: what went before says nothing of its pace
    assert bar._figure.text() == "0% · 20 s"
    moment[0] += 20
    for task in (1, 2):
        bar.task_changed(TaskState(task, bar._tasks[task].name, 500, 1000))
    bar.task_changed(TaskState(3, "Ranking", 500, 1000))
    assert bar._figure.text() == "50% · about 20 s left"
    qtbot.mouseClick(bar._more, Qt.MouseButton.LeftButton)
    menu = bar.findChild(QMenu)
    assert [each.text() for each in menu.actions()] == [
        "Cancel Reading a.ris  50% · about 1 min left",
        "Cancel Reading b.ris  50% · about 1 min left",
        "Cancel Ranking  50% · about 20 s left",
    ]
    with qtbot.waitSignal(bar.cancelled, check_params_cb=lambda task: task == 2):
        menu.actions()[1].trigger()
    menu.close()
    for task in (1, 2, 3):
        bar.task_ended(task)
    assert bar.tasks() == []


def test_a_task_may_write_and_the_hub_is_told(window: MainWindow, qtbot: QtBot) -> None:
    page = probe(window)
    page.refreshed.clear()
    page.task("Adding", lambda s, _report, _cancelled: s.protocol.add_criterion("include", "Adults")).run()
    qtbot.waitUntil(lambda: page.refreshed != [])
    assert page.refreshed[0] & Area.PROTOCOL


def test_closing_waits_for_writes(window: MainWindow, review_file) -> None:
    from core.review import Review

    page = probe(window)
    for n in range(10):
        page.add_criterion(f"Criterion {n}")
    window.close_review()
    again = Review.open(review_file)
    try:
        assert len(again.session(again.reviewers()[0].id).protocol.criteria()) == 10
    finally:
        again.close()


def test_a_button_is_never_busy_for_a_call_that_was_quick(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operations, "_BUSY_AFTER_MS", 200)
    page = probe(window)
    page.read(lambda _s: None).busy(page.include).run()
    qtbot.waitUntil(lambda: runner_of(window).pending == 0)
    later = QTimer()
    later.setSingleShot(True)
    with qtbot.waitSignal(later.timeout):  # the call is long forgotten when its time would have come
        later.start(300)
    assert page.include.isEnabled()


def test_a_button_is_busy_while_its_call_runs(window: MainWindow, qtbot: QtBot) -> None:
    page = probe(window)
    gate = threading.Event()
    page.read(lambda _s: gate.wait(5)).busy(page.include).run()
    assert page.include.isEnabled()
    qtbot.waitUntil(lambda: not page.include.isEnabled(), timeout=2000)
    gate.set()
    qtbot.waitUntil(page.include.isEnabled)


def test_the_hub_refreshes_who_is_visible_and_marks_the_others(window: MainWindow, qtbot: QtBot) -> None:
    first = probe(window)
    window.registry.trigger("go.other")
    second = probe(window)
    assert isinstance(second, ProbePage)
    first.refreshed.clear()
    second.refreshed.clear()
    with qtbot.waitSignal(runner_of(window).wrote):
        second.add_criterion("Adults")
    assert first.refreshed == []
    assert second.refreshed == [Area.PROTOCOL]
    window.registry.trigger("go.probe")
    assert first.refreshed == [Area.PROTOCOL]


def test_the_initiator_is_not_refreshed(window: MainWindow, qtbot: QtBot) -> None:
    page = probe(window)
    page.refreshed.clear()
    with qtbot.waitSignal(runner_of(window).wrote):
        page.add_criterion("Adults", initiator=page)
    assert page.refreshed == []
