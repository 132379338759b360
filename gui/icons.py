"""Lucide icons as QIcons that take the colour of the theme, and as pixmaps for painted widgets.

An icon is drawn with `currentColor`; the colour is put in at paint time, so an icon made once serves both schemes.
"""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from typing_extensions import override

from gui import theme

FOLDER = Path(__file__).resolve().parent.parent / "resources" / "icons"
_STROKE = "1.75"
_SMALL_STROKE = "2.25"
_SMALL = 13


def icon(name: str, ink: str = "muted") -> QIcon:
    """The icon `name`, painted with token `ink` (disabled ink when its widget is disabled)."""
    return QIcon(_Engine(name, ink))


def paint(painter: QPainter, name: str, rect: QRect | QRectF, ink: QColor) -> None:
    """Draw icon `name` in the colour `ink`, centred in `rect` and as large as its shorter side allows."""
    area = QRectF(rect)
    size = int(min(area.width(), area.height()))
    ratio = painter.device().devicePixelRatioF()
    image = pixmap(name, ink.name(QColor.NameFormat.HexArgb), size, ratio)
    painter.drawPixmap(QPointF(area.center().x() - size / 2, area.center().y() - size / 2), image)


@lru_cache(maxsize=512)
def pixmap(name: str, ink: str, size: int, ratio: float = 1.0) -> QPixmap:
    """A transparent square pixmap of `size` logical pixels with the icon in colour `ink`."""
    result = QPixmap(QSize(round(size * ratio), round(size * ratio)))
    result.fill(Qt.GlobalColor.transparent)
    painter = QPainter(result)
    renderer = QSvgRenderer(QByteArray(_svg(name, QColor(ink), size)))
    renderer.render(painter, QRectF(0, 0, result.width(), result.height()))
    painter.end()
    result.setDevicePixelRatio(ratio)
    return result


@cache
def _source(name: str) -> str:
    path = FOLDER / f"{name}.svg"
    if not path.is_file():
        raise KeyError(f"no icon named {name!r} in {FOLDER.name}/")
    return path.read_text(encoding="utf-8")


def _svg(name: str, ink: QColor, size: int) -> bytes:
    stroke = _SMALL_STROKE if size <= _SMALL else _STROKE
    text = _source(name).replace("currentColor", ink.name()).replace('stroke-width="2"', f'stroke-width="{stroke}"')
    return text.encode()


class _Engine(QIconEngine):
    """Recolours an icon from the theme whenever Qt asks for it."""

    def __init__(self, name: str, ink: str) -> None:
        super().__init__()
        _source(name)
        self._name = name
        self._ink = ink

    def _colour(self, mode: QIcon.Mode) -> QColor:
        return theme.color("disabled" if mode == QIcon.Mode.Disabled else self._ink)

    @override
    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        paint(painter, self._name, rect, self._colour(mode))

    @override
    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    @override
    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:
        # Qt gives `size` in device pixels here.
        canvas = QPixmap(size)
        canvas.fill(Qt.GlobalColor.transparent)
        side = min(size.width(), size.height())
        image = pixmap(
            self._name, self._colour(mode).name(QColor.NameFormat.HexArgb), max(1, round(side / scale)), scale
        )
        painter = QPainter(canvas)
        painter.drawPixmap(QPoint((size.width() - image.width()) // 2, (size.height() - image.height()) // 2), image)
        painter.end()
        canvas.setDevicePixelRatio(scale)
        return canvas

    @override
    def clone(self) -> QIconEngine:
        return _Engine(self._name, self._ink)

    @override
    def key(self) -> str:
        return "copse-svg"
