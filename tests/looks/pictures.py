"""What the picture of a window tells: whether its texts stand out from their ground, and whether it is blank."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage, QPalette
from PySide6.QtWidgets import QAbstractItemView, QLabel, QWidget

from gui.pages.base import Page
from gui.widgets.buttons import Button
from gui.widgets.fields import SegmentedControl
from gui.widgets.marks import Chip
from gui.widgets.panes import TabLine
from gui.widgets.rail import RailItem
from tests.gui.layout_checks import Parts, only, visible

Pixels = NDArray[np.uint32]
TEXT_CONTRAST = 4.5
LARGE_CONTRAST = 3.0
_LARGE_PX, _LARGE_BOLD_PX = 24, 18.66
_ROWS_LOOKED_AT = 12
_BLANK_SHARE = 0.002
_PAINTED = (Button, Chip, RailItem, TabLine, SegmentedControl)


@dataclass(frozen=True)
class _Text:
    """A text to look at: where, and the ink if it is known (else the colour farthest from the ground is taken)."""

    name: str
    rect: QRect
    ink: int | None
    least: float


def picture_faults(window: QWidget, image: QImage) -> list[str]:
    """Sentences on texts that stand out too little from their ground, and on a page where nothing is drawn."""
    pixels, ratio, parts = _pixels(image), image.devicePixelRatio(), visible(window)
    found = [fault for text in _texts(parts) if (fault := _contrast_fault(pixels, ratio, text))]
    return [*found, *_blank(parts, pixels, ratio)]


def contrast(one: int, other: int) -> float:
    """The contrast ratio of WCAG 2.2 between two colours 0xRRGGBB."""
    dark, light = sorted(_luminance(np.array([one, other], np.uint32)))
    return float((light + 0.05) / (dark + 0.05))


def _luminance(colours: Pixels) -> NDArray[np.float64]:
    parts = np.stack([colours >> shift & 255 for shift in (16, 8, 0)]) / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return np.array([0.2126, 0.7152, 0.0722]) @ linear


def _pixels(image: QImage) -> Pixels:
    plain = image.convertToFormat(QImage.Format.Format_RGB32)
    whole = np.frombuffer(plain.constBits(), np.uint32).reshape(plain.height(), plain.bytesPerLine() // 4)
    return whole[:, : plain.width()] & np.uint32(0xFFFFFF)


def _crop(pixels: Pixels, ratio: float, rect: QRect) -> Pixels:
    left, top = int(rect.left() * ratio), int(rect.top() * ratio)
    return pixels[top : int((rect.bottom() + 1) * ratio), left : int((rect.right() + 1) * ratio)]


def _contrast_fault(pixels: Pixels, ratio: float, text: _Text) -> str:
    colours, counts = np.unique(_crop(pixels, ratio, text.rect), return_counts=True)
    if not len(colours):
        return ""
    ground = int(colours[counts.argmax()])
    ink = text.ink
    if ink is None:
        light = _luminance(colours)  # the colour farthest from the ground is the lightest or the darkest
        ends = (int(colours[light.argmin()]), int(colours[light.argmax()]))
        ink = max(ends, key=lambda each: contrast(each, ground))
    reached = contrast(ink, ground)
    if reached >= text.least:
        return ""
    return f"{text.name} has a contrast of {reached:.1f}: #{ink:06X} on #{ground:06X}"


def _texts(parts: Parts) -> Iterator[_Text]:
    for label in only(parts, QLabel):
        seen = _seen(label)
        if label.text() and label.isEnabled() and seen.height() >= label.fontMetrics().height() // 2:
            ink = _rgb(label.palette().color(QPalette.ColorRole.WindowText))
            yield _Text(f"label “{label.text()}”", seen, ink, _least(label))
    for kind in _PAINTED:
        for widget in only(parts, kind):
            seen = _seen(widget)
            if widget.isEnabled() and seen.size() == widget.size():
                icon_only = isinstance(widget, Button) and not widget.text()
                least = LARGE_CONTRAST if icon_only else TEXT_CONTRAST
                yield _Text(f"{kind.__name__} “{widget.accessibleName()}”", seen, None, least)
    for view in only(parts, QAbstractItemView):
        yield from _cells(view)


def _cells(view: QAbstractItemView) -> Iterator[_Text]:
    model, port = view.model(), view.viewport()
    seen = _seen(port)
    for row in range(min(_ROWS_LOOKED_AT, model.rowCount(view.rootIndex())) if model is not None else 0):
        for column in range(model.columnCount(view.rootIndex())):
            index = model.index(row, column, view.rootIndex())
            rect = view.visualRect(index)
            place = QRect(port.mapTo(port.window(), rect.topLeft()), rect.size())
            if index.data() and rect.width() > 20 and seen.contains(place):
                place.adjust(4, 3, -4, -3)
                yield _Text(f"cell “{index.data()}” of {view.accessibleName()}", place, None, LARGE_CONTRAST)


def _least(label: QLabel) -> float:
    size, bold = label.fontInfo().pixelSize(), label.font().bold()
    return LARGE_CONTRAST if size >= _LARGE_PX or (bold and size >= _LARGE_BOLD_PX) else TEXT_CONTRAST


def _rgb(colour: QColor) -> int:
    return colour.rgb() & 0xFFFFFF


def _seen(widget: QWidget) -> QRect:
    """The part of a widget that nothing scrolls away, in the window's coordinates."""
    rect = widget.visibleRegion().boundingRect()
    return QRect(widget.mapTo(widget.window(), rect.topLeft()), rect.size()) if not rect.isEmpty() else QRect()


def _blank(parts: Parts, pixels: Pixels, ratio: float) -> Iterator[str]:
    pages = list(only(parts, Page)) or [parts[0]]
    for page in pages:
        colours, counts = np.unique(_crop(pixels, ratio, _seen(page)), return_counts=True)
        if 1 - counts.max() / counts.sum() < _BLANK_SHARE:
            yield f"{page.accessibleName() or 'the window'} is blank: all of it is #{int(colours[counts.argmax()]):06X}"
