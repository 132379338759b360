"""The parts a page is put together from: rows and columns, surfaces, header, sub-bar, cards, splitters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLayout,
    QScrollArea,
    QSizePolicy,
    QSplitter,
    QSplitterHandle,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from core.language import tr
from gui import theme
from gui.theme import Type
from gui.widgets.labels import ElidedLabel, Label

Part = QWidget | QLayout | int | None
Margins = tuple[int, int, int, int]
_Box = TypeVar("_Box", bound=QBoxLayout)


def row(*parts: Part, spacing: int = 8, margins: Margins = (0, 0, 0, 0)) -> QHBoxLayout:
    """A horizontal layout of widgets and layouts; an int is that much space, None a stretch."""
    return _fill(QHBoxLayout(), parts, spacing, margins)


def column(*parts: Part, spacing: int = 8, margins: Margins = (0, 0, 0, 0)) -> QVBoxLayout:
    """A vertical layout of widgets and layouts; an int is that much space, None a stretch."""
    return _fill(QVBoxLayout(), parts, spacing, margins)


def _fill(box: _Box, parts: Sequence[Part], spacing: int, margins: Margins) -> _Box:
    box.setSpacing(spacing)
    box.setContentsMargins(*margins)
    for part in parts:
        if part is None:
            box.addStretch(1)
        elif isinstance(part, int):
            box.addSpacing(part)
        elif isinstance(part, QLayout):
            box.addLayout(part)
        else:
            box.addWidget(part)
    return box


def widgets_of(layout: QLayout) -> list[QWidget]:
    """The widgets directly in `layout`, in order."""
    items = (layout.itemAt(n) for n in range(layout.count()))
    widgets = (item.widget() for item in items if item is not None)
    return [widget for widget in widgets if widget is not None]


class Surface(QWidget):
    """A plain area in one of the greys, with lines on the sides named in `lines` ("left right top bottom")."""

    def __init__(self, fill: str = "surface", lines: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fill = fill
        self._lines = frozenset(lines.split())

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), theme.color(self._fill))
        ink = theme.color("border")
        width, height = self.width(), self.height()
        for side, edge in {
            "left": QRect(0, 0, 1, height),
            "right": QRect(width - 1, 0, 1, height),
            "top": QRect(0, 0, width, 1),
            "bottom": QRect(0, height - 1, width, 1),
        }.items():
            if side in self._lines:
                painter.fillRect(edge, ink)
        painter.end()


def paint_rounded(widget: QWidget, fill: str, edge: str) -> None:
    """Paint a widget as one rounded area in the tokens named; to be called from its paintEvent."""
    painter = QPainter(widget)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.color(edge), 1))
    painter.setBrush(theme.color(fill))
    painter.drawRoundedRect(QRectF(widget.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
    painter.end()


class Card(QWidget):
    """A rounded, outlined area for a thing one can act on as a whole. Fill it through `box`."""

    def __init__(self, fill: str = "surface", edge: str = "border", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fill, self._edge = fill, edge
        self.box = column(margins=(14, 12, 14, 12))
        self.setLayout(self.box)

    def set_tone(self, fill: str, edge: str) -> None:
        """Change the tokens of fill and edge."""
        self._fill, self._edge = fill, edge
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        paint_rounded(self, self._fill, self._edge)


class SubBar(Surface):
    """The 36 px bar under the header: facts at the left, controls at the right."""

    def __init__(
        self, *left: Part, right: Sequence[Part] = (), fill: str = "sunken", parent: QWidget | None = None
    ) -> None:
        super().__init__(fill, "bottom", parent)
        self.setFixedHeight(theme.scaled(36))
        self.setLayout(row(*left, None, *right, margins=(20, 0, 16, 1)))


class Scroll(QScrollArea):
    """A scroll area without a frame around one widget that takes its width."""

    def __init__(self, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(content)
        # What lies below shows through; setWidget has switched the content's own background on.
        content.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)


class Splitter(QSplitter):
    """A splitter with a 1 px line that can be grabbed 3 px on either side."""

    def __init__(self, *panes: QWidget, vertical: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Vertical if vertical else Qt.Orientation.Horizontal, parent)
        self.setHandleWidth(1)
        self.setChildrenCollapsible(False)
        for pane in panes:
            self.addWidget(pane)

    @override
    def createHandle(self) -> QSplitterHandle:
        return _Handle(self.orientation(), self)


class _Handle(QSplitterHandle):
    def __init__(self, orientation: Qt.Orientation, parent: QSplitter) -> None:
        super().__init__(orientation, parent)
        wide = (3, 0, 3, 0) if orientation == Qt.Orientation.Horizontal else (0, 3, 0, 3)
        self.setContentsMargins(*wide)
        self.setAttribute(Qt.WidgetAttribute.WA_MouseNoMask)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.contentsRect(), theme.color("border"))
        painter.end()


@dataclass(frozen=True)
class Tab:
    """One view of a page: stable id, text, and the small count after it ("" for none)."""

    id: str
    text: str
    count: str = ""


class TabLine(QWidget):
    """Tabs as words on the header's lower edge; the current one has the accent line."""

    ACCESSIBLE_ROLE = QAccessible.Role.PageTabList

    chosen = Signal(str)

    _PADDING = 4
    _GAP = 14

    def __init__(self, tabs: Sequence[Tab], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tabs = list(tabs)
        self._current = self._tabs[0].id if self._tabs else ""
        self._hover = ""
        self._with_counts = True
        self.setMouseTracking(True)
        self.setProperty("movesByKeys", True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self._name()

    def current(self) -> str:
        """The id of the tab in front."""
        return self._current

    def set_current(self, tab: str) -> None:
        """Put tab `tab` in front and say so."""
        if tab != self._current:
            self._current = tab
            self._name()
            self.update()
            self.chosen.emit(tab)

    def count(self, tab: str) -> str:
        """What stands after the text of a tab."""
        return next(each.count for each in self._tabs if each.id == tab)

    def set_count(self, tab: str, count: str) -> None:
        """Show `count` after the text of a tab."""
        self._tabs = [Tab(each.id, each.text, count) if each.id == tab else each for each in self._tabs]
        self.updateGeometry()
        self.update()

    def show_counts(self, shown: bool) -> None:
        """With or without the counts."""
        if shown != self._with_counts:
            self._with_counts = shown
            self.updateGeometry()
            self.update()

    def width_with_counts(self) -> int:
        """How wide the tabs are with their counts, whether these are shown or not."""
        rects = self._rects(with_counts=True)
        return rects[-1][1].right() + 1 if rects else 0

    def tab_rect(self, tab: str) -> QRect:
        """Where a tab stands, in this widget's coordinates."""
        return dict(self._rects())[tab]

    def _name(self) -> None:
        text = next((tab.text for tab in self._tabs if tab.id == self._current), "")
        self.setAccessibleName(tr("Tab {text}", text=text))

    def _rects(self, *, with_counts: bool | None = None) -> list[tuple[str, QRect]]:
        """Where the tabs stand; without their counts they also stand closer."""
        with_counts = self._with_counts if with_counts is None else with_counts
        padding, gap = (self._PADDING, self._GAP) if with_counts else (self._PADDING // 2, self._GAP // 4)
        result: list[tuple[str, QRect]] = []
        x = 0
        strong, small = theme.metrics(Type.STRONG), theme.metrics(Type.SMALL)
        for tab in self._tabs:
            width = strong.horizontalAdvance(tab.text) + 2 * padding
            if tab.count and with_counts:
                width += small.horizontalAdvance(tab.count) + 6
            result.append((tab.id, QRect(x, 0, width, self.height())))
            x += width + gap
        return result

    def _at(self, point: QPoint) -> str:
        return next((tab for tab, rect in self._rects() if rect.contains(point)), "")

    @override
    def sizeHint(self) -> QSize:
        rects = self._rects()
        return QSize(rects[-1][1].right() + 1 if rects else 0, theme.scaled(48))

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover = self._at(event.position().toPoint())
        self.update()

    @override
    def leaveEvent(self, event: object) -> None:
        self._hover = ""
        self.update()

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        tab = self._at(event.position().toPoint())
        if tab:
            self.set_current(tab)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        ids = [tab.id for tab in self._tabs]
        self.set_current(ids[(ids.index(self._current) + step) % len(ids)])

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        plain, quiet = ("text", "muted") if self.isEnabled() else ("disabled", "disabled")
        for (name, rect), tab in zip(self._rects(), self._tabs, strict=True):
            current = name == self._current
            painter.setFont(theme.font(Type.STRONG if current else Type.LABEL))
            painter.setPen(theme.color(plain if current or name == self._hover else quiet))
            inner = rect.adjusted(self._PADDING if self._with_counts else self._PADDING // 2, 0, 0, 0)
            painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter, tab.text)
            if tab.count and self._with_counts:
                inner.setLeft(inner.left() + painter.fontMetrics().horizontalAdvance(tab.text) + 6)
                painter.setFont(theme.font(Type.SMALL))
                painter.setPen(theme.color(quiet))
                painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter, tab.count)
            if current:
                edge = theme.color("accent" if self.isEnabled() else "disabled")
                painter.fillRect(rect.left(), self.height() - 2, rect.width(), 2, edge)
                if self.hasFocus():
                    painter.setPen(QPen(theme.color("focus"), theme.focus_width()))
                    painter.drawRoundedRect(QRectF(rect).adjusted(1, 8, -1, -8), 5, 5)
        painter.end()


class PageHeader(Surface):
    """Title, tabs on the same line, facts, and the page's actions at the right."""

    def __init__(self, title: str, tabs: Sequence[Tab] = (), parent: QWidget | None = None) -> None:
        super().__init__("surface", "bottom", parent)
        self.setFixedHeight(theme.scaled(48))
        self._title = Label(title, Type.PAGE_TITLE)
        self.fact = ElidedLabel("", Type.BODY, "muted")
        self.fact.hide()
        self.tabs = TabLine(tabs)
        self._tabs_shown = bool(tabs)
        if not tabs:  # never shown before it has a parent: it would be a window of its own for a moment
            self.tabs.hide()
        self._actions = row()
        self._last = row()
        box = row(self._title, 8, self.tabs, self.fact, None, self._actions, self._last, margins=(20, 0, 16, 0))
        self.setLayout(box)

    @override
    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest, QEvent.Type.Show):
            self._fit()
        return done

    def _fit(self) -> None:
        """Large text in a narrow window: the title goes first, since the rail says it too, then the tabs' counts."""
        if not self._tabs_shown or not self.isVisible():
            return
        box = self.layout()
        assert box is not None
        taken = self.tabs.sizeHint().width() + (0 if self._title.isHidden() else self._title.minimumSizeHint().width())
        room = self.width() - (box.minimumSize().width() - taken)
        self._title.setVisible(self._title.sizeHint().width() + self.tabs.width_with_counts() <= room)
        self.tabs.show_counts(self.tabs.width_with_counts() <= room)

    def set_fact(self, text: str) -> None:
        """One muted line after the title, such as the registration number."""
        self.fact.setText(text)
        self.fact.setVisible(bool(text))

    def add(self, *parts: QWidget) -> None:
        """Add controls at the right, in order."""
        for part in parts:
            self._actions.addWidget(part)

    def add_last(self, part: QWidget) -> None:
        """Add a control that stays right of all others."""
        self._last.addWidget(part)
