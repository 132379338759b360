"""What an entry of the gallery is, and how a widget is held in a state it would have only for a moment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QFocusEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractButton, QAbstractScrollArea, QApplication, QGridLayout, QWidget

from gui.theme import Type
from gui.widgets.labels import Label
from gui.widgets.panes import column, row


class State(Enum):
    """The states of UI.md section 4. REST is alive: it can be pointed at, pressed and typed into."""

    REST = "Rest"
    HOVER = "Hover"
    PRESSED = "Pressed"
    FOCUSED = "Focused"
    SELECTED = "Selected"
    ERROR = "Error"
    DISABLED = "Disabled"


@dataclass(frozen=True)
class Entry:
    """One thing of the gallery. `make(stage)` builds its samples, in which each class of `shows` must be found."""

    title: str
    shows: tuple[type[QWidget], ...]
    make: Callable[[Stage], QWidget]
    note: str = ""


@dataclass(frozen=True)
class Section:
    """A page of the gallery."""

    id: str
    title: str
    icon: str
    entries: tuple[Entry, ...]


@dataclass
class Stage:
    """Where samples are held in a state. They show their focus while `holder` has it."""

    holder: QWidget
    held: list[QWidget] = field(default_factory=list)
    settled_after: int = 0
    """Milliseconds until every sample shows what it is there to show."""

    def hold(self, widget: QWidget, state: State, spot: QPointF | None = None) -> QWidget:
        """Hold `widget` in `state`; `spot` is where the pointer is said to be. Returns the widget."""
        if state is State.REST:
            return widget
        for part in (widget, *widget.findChildren(QWidget)):
            part.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        widget.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.held.append(widget)
        if state is State.HOVER:
            _point_at(widget, spot)
        elif state is State.PRESSED and isinstance(widget, QAbstractButton):
            widget.setDown(True)
        elif state is State.FOCUSED:
            self.focus(widget)
        elif state is State.SELECTED and isinstance(widget, QAbstractButton):
            widget.setCheckable(True)
            widget.setChecked(True)
        elif state is State.DISABLED:
            widget.setDisabled(True)
        return widget

    def focus(self, widget: QWidget) -> None:
        """Show `widget` as Tab would have left it."""
        widget.setFocusProxy(self.holder)
        QApplication.sendEvent(widget, QFocusEvent(QEvent.Type.FocusIn, Qt.FocusReason.TabFocusReason))

    def repaint_held(self) -> None:
        """Paint all held samples anew: the holder has got or lost the focus."""
        for widget in self.held:
            widget.update()


def _point_at(widget: QWidget, spot: QPointF | None) -> None:
    target = widget.viewport() if isinstance(widget, QAbstractScrollArea) else widget
    widget.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)
    if spot is not None:
        no_button = Qt.MouseButton.NoButton
        move = QMouseEvent(
            QEvent.Type.MouseMove, spot, QPointF(target.mapToGlobal(spot)), no_button, no_button,
            Qt.KeyboardModifier.NoModifier,
        )  # fmt: skip
        QApplication.sendEvent(target, move)


MakeSample = Callable[[State], QWidget]


def grid(
    stage: Stage,
    states: Sequence[State],
    kinds: Sequence[tuple[str, MakeSample]],
    *,
    spot: QPointF | None = None,
    upright: bool = False,
) -> QWidget:
    """A table of samples: a line for each kind, a column for each state (the other way round if `upright`).

    `spot` is where the pointer is said to be in the samples that show HOVER.
    """
    place = QWidget()
    cells = QGridLayout(place)
    cells.setContentsMargins(0, 0, 0, 0)
    cells.setHorizontalSpacing(16)
    cells.setVerticalSpacing(8)

    def put(widget: QWidget, kind: int, state: int) -> None:
        line, across = (state, kind) if upright else (kind, state)
        cells.addWidget(widget, line, across, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)

    for number, state in enumerate(states, 1):
        put(Label(state.value, Type.SMALL, "muted"), 0, number)
    for kind, (name, make) in enumerate(kinds, 1):
        put(Label(name, Type.SMALL, "muted"), kind, 0)
        for number, state in enumerate(states, 1):
            put(stage.hold(make(state), state, spot), kind, number)
    cells.setColumnMinimumWidth(0, 88)
    cells.setColumnStretch(max(len(states), len(kinds)) + 1, 1)
    return place


def line(*samples: QWidget | int | None) -> QWidget:
    """Samples side by side, an int being space between them."""
    place = QWidget()
    place.setLayout(row(*samples, None, spacing=12))
    return place


def stack(*samples: QWidget) -> QWidget:
    """Samples one below the other."""
    place = QWidget()
    place.setLayout(column(*samples, spacing=12))
    return place


def named(name: str, sample: QWidget, width: int | None = None) -> QWidget:
    """A sample under its name, `width` wide if given."""
    if width is not None:
        sample.setFixedWidth(width)
    place = QWidget()
    place.setLayout(column(Label(name, Type.SMALL, "muted"), sample, None, spacing=4))
    return place
