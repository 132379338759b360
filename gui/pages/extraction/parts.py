"""Small parts of the extraction form: sections that fold, fields that keep what is typed when one leaves them."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QBoxLayout,
    QLayout,
    QLineEdit,
    QMenu,
    QScrollArea,
    QSizePolicy,
    QWidget,
)
from typing_extensions import override

from core.language import inside, tr
from gui import icons, theme
from gui.theme import Type
from gui.widgets.fields import Combo, LineEdit
from gui.widgets.focus import FocusRing
from gui.widgets.panes import Surface, column

W = TypeVar("W", bound=QWidget)


class SectionHead(FocusRing, QAbstractButton):
    """The line one clicks to fold a section: chevron, title, and a figure at the right."""

    def __init__(
        self, title: str, object_name: str, parent: QWidget | None = None, *, role: Type = Type.STRONG
    ) -> None:
        super().__init__(parent)
        self._role = role
        self.setObjectName(object_name)
        self.setText(title)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._figure = ""
        self.toggled.connect(lambda _open: self._name())
        self._name()

    def set_title(self, title: str) -> None:
        """What the line says."""
        self.setText(title)
        self._name()

    def set_figure(self, text: str) -> None:
        """What stands at the right: "9 of 9"."""
        self._figure = text
        self._name()
        self.update()

    def figure(self) -> str:
        """What stands at the right."""
        return self._figure

    def _name(self) -> None:
        state = tr("open") if self.isChecked() else tr("folded")
        self.setAccessibleName(", ".join(filter(None, (self.text(), self._figure, state))))
        self.setToolTip(tr("Fold") if self.isChecked() else tr("Unfold"))

    @override
    def sizeHint(self) -> QSize:
        return QSize(200, theme.scaled(36))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(120, theme.scaled(36))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = self.rect()
        if self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("hover"))
            painter.drawRoundedRect(QRectF(box), 6, 6)
        if self.shows_ring:
            painter.setPen(QPen(theme.color("focus"), theme.focus_width()))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(box).adjusted(1, 1, -1, -1), 6, 6)
        chevron = "chevron-down" if self.isChecked() else "chevron-right"
        icons.paint(painter, chevron, QRect(2, box.center().y() - 7, 16, 16), theme.color("muted"))
        painter.setFont(theme.font(self._role))
        painter.setPen(theme.color("text"))
        painter.drawText(box.adjusted(26, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, self.text())
        painter.setFont(theme.font(Type.SMALL))
        painter.setPen(theme.color("muted"))
        side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(box.adjusted(0, 0, -6, 0), side, self._figure)
        painter.end()


class Section(Surface):
    """A heading and what it folds away. Fill it through `box`."""

    def __init__(self, title: str, object_name: str, parent: QWidget | None = None) -> None:
        super().__init__("surface", "bottom", parent)
        self.head = SectionHead(title, object_name)
        self._content = QWidget()
        self.box = column(spacing=8, margins=(2, 4, 2, 16))
        self._content.setLayout(self.box)
        self._content.hide()
        self.head.toggled.connect(self._content.setVisible)
        self.setLayout(column(self.head, self._content, spacing=0, margins=(0, 2, 0, 3)))

    def is_open(self) -> bool:
        """Whether the content shows."""
        return self.head.isChecked()

    def set_open(self, is_open: bool) -> None:
        """Show or fold the content."""
        self.head.setChecked(is_open)


def fit_rows(box: QBoxLayout, rows: list[W], wanted: int, make: Callable[[int], W]) -> None:
    """Have as many widgets in `rows` (and so in `box`) as wanted; `make(number)` makes another, 1 being the first."""
    while len(rows) > wanted:
        gone = rows.pop()
        box.removeWidget(gone)
        gone.hide()
        gone.deleteLater()
    while len(rows) < wanted:
        rows.append(make(len(rows) + 1))
        box.addWidget(rows[-1])


def order_tabs(part: QWidget) -> None:
    """Let Tab go through the controls of `part` in the order of its layouts."""
    controls = list(_controls(part))
    for one, following in itertools.pairwise(controls):
        QWidget.setTabOrder(one, following)


def _controls(part: QWidget) -> Iterator[QWidget]:
    if part.focusPolicy() & Qt.FocusPolicy.TabFocus:
        yield part
    inner = part.widget() if isinstance(part, QScrollArea) else None
    if inner is not None:
        yield from _controls(inner)
    layout = part.layout()
    if layout is not None:
        yield from _controls_in(layout)


def _controls_in(layout: QLayout) -> Iterator[QWidget]:
    for number in range(layout.count()):
        item = layout.itemAt(number)
        widget, nested = item.widget() if item else None, item.layout() if item else None
        if widget is not None:
            yield from _controls(widget)
        elif nested is not None:
            yield from _controls_in(nested)


def turn(line: QBoxLayout, *, wide: bool) -> None:
    """Let a line run from left to right, or where there is no room for it from top to bottom."""
    direction = QBoxLayout.Direction
    line.setDirection(direction.LeftToRight if wide else direction.TopToBottom)


def set_width(combo: Combo, width: int) -> Combo:
    """Give a combo a width of its own, where its place gives it none."""
    combo.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    combo.setFixedWidth(theme.scaled(width))
    return combo


class KeptEdit(LineEdit):
    """A field that says `kept(text)` when one leaves it with another text than before; Esc takes the old one back."""

    kept = Signal(str)

    def __init__(self, placeholder: str, name: str, object_name: str, parent: QWidget | None = None) -> None:
        super().__init__(placeholder, name, parent=parent)
        self.setObjectName(object_name)
        self._text = ""
        self.editingFinished.connect(self._leave)

    def show_text(self, text: str) -> None:
        """Show what is true now, unless the user is in the middle of typing."""
        was, self._text = self._text, text
        if self.hasFocus() and self.text() != was:
            return
        if self.text() != text:
            self.setText(text)
            self.setCursorPosition(0)

    def give_up(self) -> None:
        """Show the text before."""
        self.setText(self._text)

    def _leave(self) -> None:
        text = self.text().strip()
        if text != self._text:
            self._text = text
            self.kept.emit(text)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text() != self._text:
            self.give_up()
            return
        super().keyPressEvent(event)


class ChoiceEdit(KeptEdit):
    """A field with usual answers to choose from; any other may be typed."""

    def __init__(self, choices: Sequence[str], name: str, object_name: str, parent: QWidget | None = None) -> None:
        super().__init__("", name, object_name, parent)
        self._menu = QMenu(self)
        for choice in choices:
            self._menu.addAction(choice).triggered.connect(lambda _checked=False, text=choice: self._choose(text))
        opener = self.addAction(icons.icon("chevron-down"), QLineEdit.ActionPosition.TrailingPosition)
        opener.setToolTip(tr("Usual answers for {name} (↓)", name=inside(name)))
        opener.triggered.connect(self.open_menu)

    def open_menu(self) -> None:
        """Show the usual answers."""
        self._menu.popup(self.mapToGlobal(self.rect().bottomLeft()))

    def _choose(self, text: str) -> None:
        self.setText(text)
        self._leave()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down:
            self.open_menu()
            return
        super().keyPressEvent(event)
