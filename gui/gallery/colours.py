"""Colours with what they must contrast with, and icons with their names."""

from __future__ import annotations

from dataclasses import fields

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QWidget
from typing_extensions import override

from gui import icons, theme
from gui.contrast import DISABLED, MARK, PAIRS, TEXT
from gui.gallery.entries import Entry, Section, Stage
from gui.theme import Type
from gui.tokens import Tokens
from gui.widgets.labels import Label
from gui.widgets.messages import Glyph

_ELIDE = Qt.TextElideMode.ElideRight
_HEIGHT = 24


class Swatches(QWidget):
    """Every token as a patch with its name and value, in four columns."""

    def __init__(self) -> None:
        super().__init__()
        self._names = [each.name for each in fields(Tokens) if each.name != "scheme"]
        self._lines = -(-len(self._names) // 4)
        self.setMinimumWidth(4 * 240)
        self.setFixedHeight(self._lines * _HEIGHT)
        self.setAccessibleName("Colours of the scheme")

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for number, name in enumerate(self._names):
            x, y = number // self._lines * 240, number % self._lines * _HEIGHT
            painter.setPen(QPen(theme.color("outline"), 1))
            painter.setBrush(theme.color(name))
            painter.drawRoundedRect(QRectF(x + 0.5, y + 4.5, 28, 16), 4, 4)
            painter.setFont(theme.font(Type.SMALL))
            painter.setPen(theme.color("text"))
            painter.drawText(x + 38, y + 17, name.replace("_", " "))
            painter.setPen(theme.color("muted"))
            painter.drawText(x + 170, y + 17, getattr(theme.tokens(), name))
        painter.end()


class Contrasts(QWidget):
    """Every pair of `gui.contrast` drawn as it is used, with its ratio and what is asked, in four columns."""

    def __init__(self) -> None:
        super().__init__()
        self._lines = -(-len(PAIRS) // 4)
        self.setMinimumWidth(4 * 240)
        self.setFixedHeight(self._lines * _HEIGHT)
        self.setAccessibleName("Contrast of ink on ground")

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font(Type.SMALL))
        for number, pair in enumerate(PAIRS):
            x, y = number // self._lines * 240, number % self._lines * _HEIGHT
            painter.setPen(QPen(theme.color("border"), 1))
            painter.setBrush(theme.color(pair.ground))
            painter.drawRoundedRect(QRectF(x + 0.5, y + 1.5, 196, _HEIGHT - 3), 4, 4)
            painter.setPen(theme.color(pair.ink))
            name = f"{pair.ink} on {pair.ground}".replace("_", " ")
            painter.drawText(x + 8, y + 17, theme.metrics(Type.SMALL).elidedText(name, _ELIDE, 182))
            ratio = pair.ratio(theme.tokens())
            painter.setPen(theme.color("muted" if ratio >= pair.least else "danger"))
            painter.drawText(x + 204, y + 17, f"{ratio:.1f}")
        painter.end()


def _icons(stage: Stage) -> QWidget:
    place = QWidget()
    cells = QGridLayout(place)
    cells.setContentsMargins(0, 0, 0, 0)
    cells.setHorizontalSpacing(4)
    cells.setVerticalSpacing(10)
    for number, path in enumerate(sorted(icons.FOLDER.glob("*.svg"))):
        line, across = divmod(number, 5)
        cells.addWidget(Glyph(path.stem, "text", 16), line, 3 * across)
        cells.addWidget(Glyph(path.stem, "muted", 20), line, 3 * across + 1)
        cells.addWidget(Label(path.stem, Type.SMALL, "muted"), line, 3 * across + 2)
        cells.setColumnStretch(3 * across + 2, 1)
    return place


COLOURS = Section(
    "colours",
    "Colours",
    "sun",
    (
        Entry("Tokens", (Swatches,), lambda _stage: Swatches()),
        Entry(
            "Contrast",
            (Contrasts,),
            lambda _stage: Contrasts(),
            f"At least {TEXT} for text, {MARK:g} for icons, marks and edges, {DISABLED} for what is disabled.",
        ),
    ),
)

ICONS = Section("icons", "Icons", "image", (Entry("Icons", (Glyph,), _icons, "16 px in controls, 20 px in the rail."),))
