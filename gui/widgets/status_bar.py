"""The line at the bottom: the newest task with its progress at the left, what was just done, and the saved time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from time import monotonic

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QMenu, QWidget

from core.language import counted, tr
from gui import theme
from gui.explaining import explain
from gui.operations import TaskState
from gui.theme import Type
from gui.widgets.buttons import Button, Kind, icon_button
from gui.widgets.labels import ElidedLabel, Label
from gui.widgets.marks import ProgressBar
from gui.widgets.messages import Glyph
from gui.widgets.panes import Surface, row

_LINE_MS = 6000
_SHOW_TASK_AFTER_MS = 1000
_TELL_TIME_AFTER_S = 10
_SURE_FROM = 0.02
"""An estimate from less than this share of the work would be a guess."""


class StatusBar(Surface):
    """Tasks, done facts and the saved time. `cancelled(task id)` asks for a task to stop."""

    cancelled = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("window", "top", parent)
        self.setFixedHeight(theme.scaled(26))
        explain(self, "saved")
        self._tasks: dict[int, TaskState] = {}
        self._visible: set[int] = set()
        self._began: dict[int, float] = {}
        self._step: dict[int, tuple[float, int]] = {}
        self._tick = QTimer(self)
        self._tick.setInterval(1000)
        self._tick.timeout.connect(self._show_tasks)
        self._trouble = ""
        self._task_part = self._make_task_part()
        self._line = ElidedLabel("", Type.SMALL, "muted")
        self._undo = Button(tr("Undo"), kind=Kind.QUIET, height=24)
        self._undo.hide()
        self._undo.clicked.connect(self._undo_line)
        self._on_undo: Callable[[], object] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_LINE_MS)
        self._timer.timeout.connect(self._clear_line)
        self._sign = Glyph("check", "success", 14)
        self._saved = Label("", Type.SMALL, "muted")
        self._show = Button(tr("Show"), kind=Kind.QUIET, height=24)
        self._show.hide()
        self._on_show: Callable[[str], object] | None = None
        self._show.clicked.connect(self._show_trouble)
        self._sign.hide()
        self.setLayout(
            row(
                self._task_part, self._line, self._undo, None, self._sign, self._saved, self._show,
                margins=(12, 1, 12, 0),
            )
        )  # fmt: skip

    def _make_task_part(self) -> QWidget:
        self._name = Label("", Type.SMALL, "muted")
        self._bar = ProgressBar(96, tr("Task"))
        self._figure = Label("", Type.SMALL, "muted")
        self._cancel = icon_button("x", tr("Cancel"), small=True)
        self._cancel.clicked.connect(self._cancel_newest)
        self._more = Button("", kind=Kind.QUIET, height=24)
        self._more.clicked.connect(self._list_tasks)
        part = QWidget()
        part.setLayout(row(self._name, self._bar, self._figure, self._cancel, self._more))
        part.hide()
        return part

    # tasks

    def task_changed(self, state: TaskState) -> None:
        """A task began or moved on. It is shown once it has lasted a second."""
        if state.id not in self._tasks:
            self._began[state.id] = monotonic()
            QTimer.singleShot(_SHOW_TASK_AFTER_MS, self, lambda: self._reveal(state.id))
        before = self._tasks.get(state.id)
        if before is None or before.total != state.total or before.done > state.done:
            self._step[state.id] = (monotonic(), state.done)  # a new step of the work, with a pace of its own
        self._tasks[state.id] = state
        self._show_tasks()

    def task_ended(self, task: int) -> None:
        """A task ended, whatever came of it."""
        self._tasks.pop(task, None)
        self._began.pop(task, None)
        self._step.pop(task, None)
        self._visible.discard(task)
        self._show_tasks()

    def tasks(self) -> list[str]:
        """Names of the tasks shown, newest last."""
        return [self._tasks[task].name for task in sorted(self._visible & self._tasks.keys())]

    def _reveal(self, task: int) -> None:
        if task in self._tasks:
            self._visible.add(task)
            self._show_tasks()

    def _newest(self) -> TaskState | None:
        shown = self._visible & self._tasks.keys()
        return self._tasks[max(shown)] if shown else None

    def _show_tasks(self) -> None:
        state = self._newest()
        self._task_part.setVisible(state is not None)
        if state is None:
            self._tick.stop()
            return
        if not self._tick.isActive():
            self._tick.start()
        self._bar.setVisible(state.share is not None)
        self._bar.set_share(state.share or 0.0)
        self._figure.setText(self._told(state))
        # Never narrower while the task lasts: the button beside it stays where it is.
        before = self._figure.minimumWidth() if self._name.text() == state.name else 0
        self._figure.setMinimumWidth(max(before, self._figure.sizeHint().width()))
        self._name.setText(state.name)
        self._cancel.setAccessibleName(tr("Cancel {task}", task=state.name))
        others = len(self._visible & self._tasks.keys()) - 1
        self._more.setVisible(others > 0)
        self._more.set_label(counted("and {n} more", "and {n} more", others))

    def _told(self, state: TaskState) -> str:
        """The figure; from 10 s on also how much longer it takes, or where that is unknown, how long it has taken."""
        lasted = monotonic() - self._began[state.id]
        if lasted < _TELL_TIME_AFTER_S:
            return state.figure
        since, done_then = self._step[state.id]
        done = state.done - done_then
        if not state.total or done < _SURE_FROM * state.total:
            time = _duration(lasted) if state.figure else tr("{time} so far", time=_duration(lasted))
        else:
            time = tr("about {time} left", time=_duration((monotonic() - since) * (state.total - state.done) / done))
        return f"{state.figure} · {time}" if state.figure else time

    def _cancel_newest(self) -> None:
        state = self._newest()
        if state is not None:
            self.cancelled.emit(state.id)

    def _list_tasks(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for task in sorted(self._visible & self._tasks.keys()):
            state = self._tasks[task]
            entry = menu.addAction(tr("Cancel {task}", task=f"{state.name}  {self._told(state)}"))
            entry.triggered.connect(lambda _checked=False, task=task: self.cancelled.emit(task))
        menu.popup(self._more.mapToGlobal(self._more.rect().topLeft()))

    # done facts

    def say(self, text: str, on_undo: Callable[[], object] | None = None) -> None:
        """Show a done fact for 6 s, with Undo when `on_undo` is given."""
        self._line.setText(text)
        self._on_undo = on_undo
        self._undo.setVisible(on_undo is not None)
        self._timer.start()

    def line(self) -> str:
        """The fact now shown."""
        return self._line.text()

    def _clear_line(self) -> None:
        self._line.setText("")
        self._undo.hide()

    def _undo_line(self) -> None:
        self._clear_line()
        if self._on_undo is not None:
            self._on_undo()

    # saved

    def saved(self) -> None:
        """A change has just been committed."""
        self._trouble = ""
        self._show.hide()
        self._sign.set("check", "success")
        self._sign.show()
        self._saved.set_ink("muted")
        self._saved.setText(tr("Saved {time}", time=f"{datetime.now().astimezone():%H:%M}"))

    def not_saved(self, why: str, on_show: Callable[[str], object]) -> None:
        """A change could not be committed; `on_show(why)` tells more."""
        self._trouble, self._on_show = why, on_show
        self._sign.set("circle-x", "danger")
        self._sign.show()
        self._saved.set_ink("danger")
        self._saved.setText(tr("Not saved"))
        self._show.show()

    def saved_text(self) -> str:
        """What stands at the right."""
        return self._saved.text()

    def _show_trouble(self) -> None:
        if self._on_show is not None:
            self._on_show(self._trouble)


def _duration(seconds: float) -> str:
    """A length of time as one says it: 20 s, 4 min."""
    if seconds < 60:
        return tr("{n} s", n=max(1, round(seconds)) if seconds < 10 else round(seconds / 5) * 5)
    return tr("{n} min", n=round(seconds / 60))
