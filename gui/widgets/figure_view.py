"""Shows a figure as it will be exported: fitted to the width within limits, scrolled beyond them."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QAccessible, QKeyEvent, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QScrollBar, QWidget
from typing_extensions import override

from core.figures.primitives import Layout
from gui import theme
from gui.widgets.layout_painter import DARK_PAPER, LIGHT_PAPER, Colours, paint_layout, paper_colour

Zoom = Literal["fit", "actual"]

_SMALLEST_FIT = 0.70
_LARGEST_FIT = 1.12
_PIXELS_PER_POINT = 96 / 72
_STEP = 20


class FigureView(QAbstractScrollArea):
    """One figure on its paper. Arrow keys, Page Up and Down, Home and End scroll it.

    On dark windows the paper is dark; ``set_export_paper(True)`` shows the white paper of the exported file. What is
    painted is kept until the figure, its size or the scheme changes.
    """

    ACCESSIBLE_ROLE = QAccessible.Role.Graphic

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._figure: Layout | None = None
        self._zoom: Zoom = "fit"
        self._export_paper = False
        self._painted: QPixmap | None = None
        self._painted_as: tuple[object, ...] = ()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        for bar in (self.horizontalScrollBar(), self.verticalScrollBar()):
            bar.setSingleStep(_STEP)
        self.setAccessibleName(self.tr("Figure"))

    def show_figure(self, figure: Layout | None, name: str = "") -> None:
        """Show ``figure`` (None: empty paper); ``name`` is what a screen reader calls it, its numbers are described."""
        self._figure = figure
        self.setAccessibleName(name or self.tr("Figure"))
        self.setAccessibleDescription(figure.alt_text if figure else "")
        self._refresh()

    def figure(self) -> Layout | None:
        """The figure shown."""
        return self._figure

    def set_zoom(self, zoom: Zoom) -> None:
        """Fit the width of the view, or show true size."""
        self._zoom = zoom
        self._refresh()

    def set_export_paper(self, on: bool) -> None:
        """Whether to show the white paper of the file even on a dark window."""
        self._export_paper = on
        self._refresh()

    def zoom_factor(self) -> float:
        """The size shown, 1 being true size."""
        if self._figure is None or self._zoom == "actual":
            return 1.0
        room = self.contentsRect().size()
        zoom = self._fitting_zoom(self._figure, room.width())
        if self._size_at(zoom).height() > room.height():
            zoom = self._fitting_zoom(self._figure, room.width() - _bar_extent(self.verticalScrollBar()))
        return zoom

    @override
    def sizeHint(self) -> QSize:
        if self._figure is None:
            return QSize(400, 200)
        return self._size_at(1.0)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_scroll_bars()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        colours = self._colours()
        painter.fillRect(event.rect(), paper_colour(colours))
        if self._figure is not None:
            painter.drawPixmap(self._origin(), self._picture(self._figure, colours))
        if self.hasFocus():
            painter.setPen(QPen(theme.color("focus"), theme.focus_width()))
            painter.drawRect(self.viewport().rect().adjusted(1, 1, -1, -1))

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self.verticalScrollBar()
        if event.key() == Qt.Key.Key_Home:
            bar.setValue(bar.minimum())
        elif event.key() == Qt.Key.Key_End:
            bar.setValue(bar.maximum())
        else:
            super().keyPressEvent(event)

    def _refresh(self) -> None:
        self._painted = None
        self._place_scroll_bars()
        self.updateGeometry()
        self.viewport().update()

    def _colours(self) -> Colours:
        dark = theme.tokens().scheme == "dark" and not self._export_paper
        return DARK_PAPER if dark else LIGHT_PAPER

    def _size_at(self, zoom: float) -> QSize:
        if self._figure is None:
            return QSize()
        scale = zoom * _PIXELS_PER_POINT
        return QSize(round(self._figure.width * scale), round(self._figure.height * scale))

    def _fitting_zoom(self, figure: Layout, width: float) -> float:
        return min(max(width / (figure.width * _PIXELS_PER_POINT), _SMALLEST_FIT), _LARGEST_FIT)

    def _place_scroll_bars(self) -> None:
        """Show the bars that are needed. Left to itself, a bar that makes room for another stays for ever."""
        shown, room = self._size_at(self.zoom_factor()), self.contentsRect().size()
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        tall = shown.height() > room.height()
        wide = shown.width() > room.width() - (_bar_extent(down) if tall else 0)
        tall = shown.height() > room.height() - (_bar_extent(across) if wide else 0)
        self.setHorizontalScrollBarPolicy(_policy(wide))
        self.setVerticalScrollBarPolicy(_policy(tall))
        page = QSize(
            room.width() - (_bar_extent(down) if tall else 0), room.height() - (_bar_extent(across) if wide else 0)
        )
        for bar, length, part in ((across, shown.width(), page.width()), (down, shown.height(), page.height())):
            bar.setPageStep(part)
            bar.setRange(0, max(length - part, 0))

    def _origin(self) -> QPoint:
        """Where the figure's corner lies in the viewport: centred sideways when there is room."""
        spare = max(self.viewport().width() - self._size_at(self.zoom_factor()).width(), 0)
        return QPoint(spare // 2 - self.horizontalScrollBar().value(), -self.verticalScrollBar().value())

    def _picture(self, figure: Layout, colours: Colours) -> QPixmap:
        zoom, ratio = self.zoom_factor(), self.devicePixelRatioF()
        wanted = (zoom, ratio, colours is DARK_PAPER)
        if self._painted is None or self._painted_as != wanted:
            self._painted = QPixmap(self._size_at(zoom) * ratio)
            self._painted.setDevicePixelRatio(ratio)
            self._painted.fill(paper_colour(colours))
            painter = QPainter(self._painted)
            paint_layout(painter, figure, zoom=zoom, colours=colours)
            painter.end()
            self._painted_as = wanted
        return self._painted


def _bar_extent(bar: QScrollBar) -> int:
    """The thickness of a scroll bar."""
    return min(bar.sizeHint().width(), bar.sizeHint().height())


def _policy(needed: bool) -> Qt.ScrollBarPolicy:
    return Qt.ScrollBarPolicy.ScrollBarAlwaysOn if needed else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
