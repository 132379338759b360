"""Figures on screen: the same picture as in the file, fitted, scrolled by keys, described."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QBuffer, QIODevice, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.figures.forest import layout_forest
from core.figures.painter import render
from core.figures.primitives import Layout, Line, Rect, Text
from core.figures.prisma import layout_prisma
from core.figures.traffic_light import JudgedStudy, TrafficLight, layout_traffic_light
from gui.theme import Theme
from gui.widgets.figure_view import FigureView
from gui.widgets.layout_painter import DARK_PAPER, LIGHT_PAPER, Colours, paint_layout, paper_colour
from tests.figures.examples import FLOW, response_plot

_INK = 128
"""Darker than this is ink."""


@pytest.fixture(scope="module")
def layout() -> Layout:
    """The response plot of the example."""
    return layout_forest(response_plot())


def _array(image: QImage) -> np.ndarray:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return np.asarray(Image.open(BytesIO(buffer.data().data())).convert("RGB")).astype(int)


def _on_screen(layout: Layout, zoom: float = 1.0, ratio: float = 1.0, colours: Colours = LIGHT_PAPER) -> np.ndarray:
    size = [round(length * 96 / 72 * zoom * ratio) for length in (layout.width, layout.height)]
    image = QImage(*size, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(paper_colour(colours))
    painter = QPainter(image)
    paint_layout(painter, layout, zoom=zoom, colours=colours)
    painter.end()
    return _array(image)


def _in_file(layout: Layout, dpi: int = 96) -> np.ndarray:
    return np.asarray(Image.open(BytesIO(render(layout, "png", dpi=dpi))).convert("RGB")).astype(int)


def _ink_box(picture: np.ndarray, box: tuple[float, float, float, float]) -> tuple[int, int, int, int] | None:
    left, top, right, bottom = (max(round(v), 0) for v in box)
    ys, xs = np.where(picture[top:bottom, left:right].min(axis=2) < _INK)
    return (xs.min() + left, ys.min() + top, xs.max() + left, ys.max() + top) if len(xs) else None


@pytest.mark.parametrize("ratio", [1, 2])
def test_every_run_of_text_has_its_ink_at_the_same_place_on_screen_and_in_the_file(
    qapp: QApplication, layout: Layout, ratio: int
) -> None:
    screen, file = _on_screen(layout, ratio=ratio), _in_file(layout, 96 * ratio)
    assert screen.shape == file.shape
    compared = 0
    for text in layout.texts():
        if text.colour != "#000000":
            continue
        box = tuple(v * 96 / 72 * ratio for v in text.bounds())
        ours, theirs = _ink_box(screen, box), _ink_box(file, box)  # type: ignore[arg-type]
        assert ours is not None, text.text
        assert theirs is not None, text.text
        assert np.abs(np.subtract(ours, theirs)).max() <= ratio, text.text
        compared += 1
    assert compared > 80


@pytest.mark.parametrize("kind", ["forest", "prisma", "overview", "traffic light"])
def test_screen_and_file_are_the_same_picture(qapp: QApplication, layout: Layout, kind: str) -> None:
    figure = {
        "forest": layout,
        "prisma": layout_prisma(FLOW),
        "overview": layout_prisma(FLOW, style="overview"),
        "traffic light": layout_traffic_light(TrafficLight(("D1", "D2"), (JudgedStudy("X 2020", ("low", "high")),))),
    }[kind]
    screen, file = _on_screen(figure, ratio=2), _in_file(figure, 192)
    # Ink in one picture has ink within one (true-size) pixel in the other.
    for one, other in ((screen, file), (file, screen)):
        dark = one.min(axis=2) < _INK // 2
        near = np.zeros_like(dark)
        ink = other.min(axis=2) < 200
        for dy in range(-2, 3):
            for dx in range(-2, 3):
                near |= np.roll(ink, (dy, dx), axis=(0, 1))
        assert dark.sum() > 500
        assert (dark & ~near).sum() == 0


def test_thin_lines_are_one_crisp_pixel(qapp: QApplication) -> None:
    sheet = Layout(75, 75, (Line(7.5, 37.5, 67.5, 37.5), Line(37.5, 7.5, 37.5, 30)), "")
    shown = _on_screen(sheet).min(axis=2)
    assert (shown[:, 20] < 255).sum() == 1
    assert (shown[20, :] < 255).sum() == 1
    assert shown[:, 20].min() == 0


def test_dark_paper_swaps_paper_ink_and_squares(qapp: QApplication) -> None:
    sheet = Layout(75, 75, (Rect(0, 0, 30, 30, fill="#0000CC"), Rect(40, 40, 20, 20, fill="#000000")), "")
    shown = _on_screen(sheet, colours=DARK_PAPER)
    named = [f"#{r:02X}{g:02X}{b:02X}" for r, g, b in (shown[10, 10], shown[60, 60], shown[5, 90])]
    assert named == [DARK_PAPER["#0000CC"], DARK_PAPER["#000000"], DARK_PAPER["#FFFFFF"]]


def test_names_in_other_scripts_keep_to_their_room(qapp: QApplication) -> None:
    text = Text(10, 20, "\N{PILE OF POO} 2019", 10.5, 40)
    shown = _on_screen(Layout(100, 30, (text,), ""))
    _ys, xs = np.where(shown.min(axis=2) < 250)
    assert len(xs)
    assert xs.min() >= 12
    assert xs.max() <= 68


@pytest.fixture
def view(qtbot: QtBot, layout: Layout) -> FigureView:
    """A view with the response plot."""
    view = FigureView()
    qtbot.addWidget(view)
    view.resize(700, 400)
    view.show_figure(layout, "Forest plot")
    view.show()
    return view


@pytest.mark.parametrize(("width", "zoom"), [(300, 0.70), (5000, 1.12)])
def test_fit_stays_between_its_limits(view: FigureView, width: int, zoom: float) -> None:
    view.resize(width, 400)
    assert view.zoom_factor() == pytest.approx(zoom)


def test_fit_fills_the_width_beside_the_scroll_bar(view: FigureView, layout: Layout) -> None:
    view.resize(900, 300)
    shown = layout.width * 96 / 72 * view.zoom_factor()
    assert shown == pytest.approx(view.viewport().width(), abs=1)
    assert view.verticalScrollBar().maximum() > 0
    assert view.horizontalScrollBar().maximum() == 0
    assert not view.horizontalScrollBar().isVisible()


def test_true_size_scrolls(view: FigureView, layout: Layout) -> None:
    view.set_zoom("actual")
    assert view.zoom_factor() == 1
    assert view.horizontalScrollBar().maximum() == round(layout.width * 96 / 72) - view.viewport().width()


def test_keys_scroll(view: FigureView, qtbot: QtBot) -> None:
    bar = view.verticalScrollBar()
    for key, moved in ((Qt.Key.Key_Down, bar.singleStep()), (Qt.Key.Key_End, bar.maximum())):
        qtbot.keyClick(view, key)
        assert bar.value() == moved
    qtbot.keyClick(view, Qt.Key.Key_PageUp)
    assert bar.value() == max(bar.maximum() - bar.pageStep(), 0)
    qtbot.keyClick(view, Qt.Key.Key_Home)
    assert bar.value() == 0


def test_scrolling_shows_the_lower_part(view: FigureView) -> None:
    top = _array(view.grab().toImage())
    view.verticalScrollBar().setValue(40)
    scrolled = _array(view.grab().toImage())
    assert (scrolled[:200, :600] == top[40:240, :600]).mean() > 0.99
    assert (scrolled != top).any()


def test_a_screen_reader_gets_the_numbers(view: FigureView) -> None:
    assert view.accessibleName() == "Forest plot"
    assert "28.94 [3.45, 242.57]" in view.accessibleDescription()
    view.show_figure(None)
    assert view.accessibleName() == "Figure"
    assert view.accessibleDescription() == ""
    assert view.verticalScrollBar().maximum() == 0


def test_the_paper_follows_the_theme_unless_the_exports_is_asked_for(view: FigureView, theme: Theme) -> None:
    def paper() -> int:
        return int(_array(view.grab().toImage())[2, 350].max())

    theme.set_scheme("dark")
    try:
        assert paper() < 64
        view.set_export_paper(True)
        assert paper() == 255
        view.set_export_paper(False)
        assert paper() < 64
    finally:
        theme.set_scheme("light")
    assert paper() == 255
