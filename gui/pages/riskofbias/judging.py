"""What judging and settling share: one button for each level, and the field for what supports a judgement."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QPlainTextEdit, QSizePolicy, QWidget
from typing_extensions import override

from core.language import tr
from core.model import Id
from core.riskofbias.tools import Cell, Level, Tool
from gui import theme
from gui.actions import Registry
from gui.explaining import explain
from gui.pages.riskofbias.discs import DIAMETER, paint_disc
from gui.pages.riskofbias.words import short, topic
from gui.theme import Type
from gui.widgets.focus import FocusRing
from gui.widgets.keys import CapTone, cap_size, cap_text, paint_cap
from gui.widgets.panes import Scroll, row

KEYS = {"+": "+", "?": "?", "−": "-", "–": "-", "!": "!"}
"""The key for a level is the sign it is known by."""
_LEAST_FOOT = 90


class Foot(Scroll):
    """What stands below a text or table: as high as it needs, scrolled when the window has no room for it."""

    def __init__(self, content: QWidget, least: int = _LEAST_FOOT) -> None:
        super().__init__(content)
        self._content, self._least = content, least
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    def _height(self) -> int:
        layout = self._content.layout()
        if layout is not None and layout.hasHeightForWidth() and self.width() > 100:
            return layout.totalHeightForWidth(self.width())
        return self._content.sizeHint().height()

    @override
    def sizeHint(self) -> QSize:
        return QSize(self._content.sizeHint().width(), self._height())

    @override
    def minimumSizeHint(self) -> QSize:
        # With room for the bar that comes when it scrolls.
        bar = self.verticalScrollBar().sizeHint().width()
        return QSize(self._content.minimumSizeHint().width() + bar, min(self._height(), self._least))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)


class LevelButton(FocusRing, QAbstractButton):
    """Disc, word and key of a level; stays marked while it is the judgement shown."""

    _PAD = 10

    def __init__(self, level: Level, registry: Registry, action: str, object_name: str) -> None:
        super().__init__()
        self.level = level
        self._key = registry.get(action).key
        self.setObjectName(object_name)
        self.setText(short(level))
        label = tr(level.label)
        self.setAccessibleName(f"{label} ({self._key})" if self._key else label)
        self.setToolTip(f"{label} ({cap_text(self._key)})" if self._key else label)
        self.setCheckable(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.clicked.connect(lambda: registry.trigger(action))
        self._registry, self._action = registry, action
        registry.changed.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        self.setEnabled(self._registry.is_enabled(self._action))

    @override
    def nextCheckState(self) -> None:
        """A click asks for the judgement; it is marked when it has been kept."""

    @override
    def sizeHint(self) -> QSize:
        text = theme.metrics(Type.SECTION).horizontalAdvance(self.text())
        cap = cap_size(cap_text(self._key)).width()
        return QSize(2 * self._PAD + theme.scaled(DIAMETER) + 8 + text + 10 + cap, theme.scaled(40))

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on, chosen = self.isEnabled(), self.isChecked()
        fill = "press" if self.isDown() else "hover" if self.underMouse() and on and not chosen else "raised"
        painter.setBrush(theme.color("selection" if chosen else fill if on else "sunken"))
        if self.shows_ring:
            pen = QPen(theme.color("focus"), theme.focus_width())
        elif chosen:
            pen = QPen(theme.color("accent"), 2)
        else:
            pen = QPen(theme.color("outline" if on else "border"), 1)
        painter.setPen(pen)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 5, 5)
        if self.shows_ring and chosen:
            painter.setPen(QPen(theme.color("accent"), 1))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(4, 4, -4, -4), 3, 3)
        self._paint_contents(painter, on=on, chosen=chosen)
        painter.end()

    def _paint_contents(self, painter: QPainter, *, on: bool, chosen: bool) -> None:
        side = theme.scaled(DIAMETER)
        middle = self.height() / 2
        spare = self.width() - self.sizeHint().width()
        x = self._PAD + max(0, spare // 2)
        if not on and not chosen:
            painter.setOpacity(0.45)
        paint_disc(painter, QPointF(x + side / 2, middle), self.level, side)
        painter.setOpacity(1.0)
        x += side + 8
        role = Type.SECTION if chosen else Type.LABEL
        painter.setFont(theme.font(role))
        painter.setPen(theme.color("text" if on or chosen else "disabled"))
        width = theme.metrics(Type.SECTION).horizontalAdvance(self.text())
        painter.drawText(QRect(x, 0, width + 2, self.height()), Qt.AlignmentFlag.AlignVCenter, self.text())
        if not self._key:
            return
        size = cap_size(cap_text(self._key))
        spot = QRect(x + width + 10, round(middle - size.height() / 2), size.width(), size.height())
        paint_cap(painter, spot, cap_text(self._key), CapTone.PLAIN if on else CapTone.DISABLED)


class LevelButtons(QWidget):
    """The levels of the tool in a row."""

    def __init__(self, levels: Sequence[Level], registry: Registry, page: str, place: str) -> None:
        super().__init__()
        self.buttons = [
            LevelButton(level, registry, f"{page}.level_{level.id}", f"{place}.{level.id}") for level in levels
        ]
        self.setLayout(row(*self.buttons))

    def explain_levels(self, tool: Tool) -> None:
        """Say what the buttons are about: the levels of this tool."""
        for button in self.buttons:
            explain(button, topic(tool, "level", button.level.id))

    def show_level(self, level_id: str | None) -> None:
        """Mark the judgement that is kept."""
        for button in self.buttons:
            button.setChecked(button.level.id == level_id)
            button.update()

    def focus_button(self) -> QWidget:
        """The one that is marked, else the first."""
        return next((each for each in self.buttons if each.isChecked()), self.buttons[0])


class SupportEdit(QPlainTextEdit):
    """What supports a judgement: `written(text)` when one leaves it with another text than before."""

    written = Signal(str)
    left = Signal()
    """Esc: what is typed is kept, the focus goes back to the table."""

    def __init__(self, name: str, object_name: str, lines: int = 4, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kept = ""
        self._place: tuple[Id, Cell] | None = None
        self.setObjectName(object_name)
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        self.setFixedHeight(theme.scaled(16 + lines * 17))

    def show_text(self, place: tuple[Id, Cell], text: str, hint: str, *, enabled: bool) -> None:
        """Show the text kept at `place` (study and domain); what is being typed there stays."""
        being_typed = place == self._place and self.hasFocus() and self.is_changed()
        self._place = place
        self.setReadOnly(not enabled)
        self.setProperty("shut", not enabled)
        self.setPlaceholderText(hint)
        if being_typed:
            return
        self._kept = text
        if self.toPlainText() != text:
            self.setPlainText(text)

    def place(self) -> tuple[Id, Cell] | None:
        """Study and domain the text belongs to."""
        return self._place

    def text(self) -> str:
        """What stands in the field."""
        return self.toPlainText().strip()

    def is_changed(self) -> bool:
        """Whether something is typed that is not kept yet."""
        return not self.isReadOnly() and self.text() != self._kept.strip()

    def commit(self) -> None:
        """Hand over what is typed, if it is something new."""
        if self.is_changed():
            self._kept = self.text()
            self.document().clearUndoRedoStacks()
            self.written.emit(self._kept)

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and not self.is_changed():
            keys = QKeySequence.StandardKey
            if event.matches(keys.Undo) or event.matches(keys.Redo):
                event.ignore()  # nothing typed to undo: the window undoes what was written
                return True
        return super().event(event)

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.commit()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.commit()
            self.left.emit()
            return
        super().keyPressEvent(event)
