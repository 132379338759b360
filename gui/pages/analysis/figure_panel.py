"""The forest plot with its toolbar: zoom, paper, copy, export."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from core.language import tr
from gui import theme
from gui.explaining import explain
from gui.pages.analysis.picture import Picture
from gui.theme import Type
from gui.widgets.buttons import Button, Kind
from gui.widgets.fields import SegmentedControl
from gui.widgets.figure_view import FigureView
from gui.widgets.labels import Label
from gui.widgets.layout_painter import paint_layout
from gui.widgets.messages import Level, Message
from gui.widgets.panes import Surface, column, row

if TYPE_CHECKING:
    from core.figures.primitives import Layout

_COPY_SCALE = 2.0
_PIXELS_PER_POINT = 96 / 72


class FigurePanel(QWidget):
    """Keeps the last good figure until the next is ready."""

    def __init__(self, *buttons: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = FigureView()
        self.view.setObjectName("analysis.figure")
        explain(self, "forest_plot")
        self.zoom = SegmentedControl((("fit", tr("Fit")), ("actual", "100%")), tr("Size of the figure"))
        self.zoom.setObjectName("analysis.zoom")
        self.zoom.chosen.connect(lambda zoom: self.view.set_zoom("fit" if zoom == "fit" else "actual"))
        self.paper = Button(
            tr("Paper"), kind=Kind.QUIET, height=26, tip=tr("Show the white paper of the exported file")
        )
        self.paper.setObjectName("analysis.paper")
        self.paper.setCheckable(True)
        self.paper.toggled.connect(self.view.set_export_paper)
        bar = Surface("sunken", "bottom")
        bar.setFixedHeight(theme.scaled(36))
        self._title = Label(tr("Forest plot"), Type.STRONG)
        bar.setLayout(row(self._title, 4, self.zoom, self.paper, None, *buttons, spacing=6, margins=(16, 0, 8, 1)))
        self._message: Message | None = None
        self._place = column(margins=(0, 0, 0, 0), spacing=0)
        frame = Surface("surface", "left right top bottom")
        frame.setLayout(column(self.view, margins=(1, 1, 1, 1)))
        sheet = Surface("sunken")
        sheet.setLayout(column(self._place, frame, spacing=8, margins=(6, 6, 6, 6)))
        box = column(bar, sheet, spacing=0)
        box.setStretch(1, 1)
        self.setLayout(box)
        self._fit_scheme()

    def show_picture(self, picture: Picture) -> None:
        """Show the figure of an analysis and what stands in the way of pooling."""
        of_texts = picture.grid.of_texts
        self._title.setText(tr("Table") if of_texts else tr("Forest plot"))
        if picture.figure is not None and picture.figure != self.view.figure():
            name = f"{picture.data.number} {picture.data.label}"
            self.view.show_figure(
                picture.figure,
                tr("Table of {analysis}", analysis=name)
                if of_texts
                else tr("Forest plot of {analysis}", analysis=name),
            )
        self._say(picture.trouble)

    def figure(self) -> Layout | None:
        """The figure shown."""
        return self.view.figure()

    def trouble(self) -> str:
        """What is said to stand in the way."""
        return self._message.text() if self._message is not None else ""

    def copy(self) -> bool:
        """Put the figure, on white paper, on the clipboard; False when there is none."""
        figure = self.view.figure()
        if figure is None:
            return False
        scale = _COPY_SCALE * _PIXELS_PER_POINT
        image = QImage(round(figure.width * scale), round(figure.height * scale), QImage.Format.Format_RGB32)
        image.fill(QColor(Qt.GlobalColor.white))
        painter = QPainter(image)
        paint_layout(painter, figure, zoom=_COPY_SCALE)
        painter.end()
        QGuiApplication.clipboard().setImage(image)
        return True

    def _say(self, text: str) -> None:
        if text == self.trouble():
            return
        if self._message is not None:
            self._place.removeWidget(self._message)
            self._message.hide()
            self._message.deleteLater()
            self._message = None
        if text:
            self._message = Message(text, Level.WARN)
            self._message.setObjectName("analysis.trouble")
            self._place.addWidget(self._message)

    def _fit_scheme(self) -> None:
        """On a light window the paper is white anyway."""
        self.paper.setVisible(theme.tokens().scheme == "dark")

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._fit_scheme()
