"""Tokens, fonts and icons."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QFont, QIcon, QPalette, QPixmap
from PySide6.QtWidgets import QApplication

from gui import icons, theme
from gui.contrast import PAIRS, Pair
from gui.theme import Theme, Type, style_sheet
from gui.tokens import DARK, LIGHT, Tokens, with_strong_edges
from gui.widgets.labels import Label

SCHEMES = pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
GROUNDS = ("surface", "window", "sunken", "raised")


def luminance(name: str) -> float:
    def channel(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    colour = QColor(name)
    return 0.2126 * channel(colour.redF()) + 0.7152 * channel(colour.greenF()) + 0.0722 * channel(colour.blueF())


def contrast(one: str, other: str) -> float:
    """WCAG 2.1, contrast ratio."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@SCHEMES
@pytest.mark.parametrize("ink", ["text", "muted", "placeholder"])
def test_text_is_readable_on_every_ground(tokens: Tokens, ink: str) -> None:
    for ground in GROUNDS if ink != "placeholder" else ("surface",):
        assert contrast(getattr(tokens, ink), getattr(tokens, ground)) >= 4.5, ground


@SCHEMES
@pytest.mark.parametrize("ink", ["include", "exclude", "maybe", "success", "warn", "danger", "info", "accent"])
def test_inks_are_readable_on_their_tint_and_on_the_page(tokens: Tokens, ink: str) -> None:
    assert contrast(getattr(tokens, ink), getattr(tokens, f"{ink}_soft")) >= 4.5
    assert contrast(getattr(tokens, ink), tokens.surface) >= 4.5


@SCHEMES
@pytest.mark.parametrize("disc", ["rob_low", "rob_some", "rob_high", "rob_critical", "rob_none"])
def test_signs_are_readable_on_risk_of_bias_discs(tokens: Tokens, disc: str) -> None:
    assert contrast(getattr(tokens, disc), getattr(tokens, f"{disc}_ink")) >= 4.5


@SCHEMES
def test_marks_and_edges_of_controls_stand_out(tokens: Tokens) -> None:
    for mark in ("strong", "accent", "focus"):
        assert contrast(getattr(tokens, mark), tokens.surface) >= 3
    assert contrast(tokens.on_accent, tokens.accent) >= 4.5


@SCHEMES
def test_who_wants_contrast_gets_strong_edges_and_no_tints(tokens: Tokens) -> None:
    strong = with_strong_edges(tokens)
    track = Pair("accent", "outline", 3.0)  # of a progress bar, which has its figure beside it
    assert [str(pair) for pair in PAIRS if pair.ratio(strong) < pair.least and pair != track] == []
    for name in ("border", "outline", "include_border", "warn_border", "accent_border"):
        assert contrast(getattr(strong, name), strong.surface) >= 3
    assert strong.include_soft == strong.warn_soft == strong.surface


@SCHEMES
def test_every_token_is_a_colour(tokens: Tokens) -> None:
    for each in fields(tokens):
        if each.name != "scheme":
            assert QColor(getattr(tokens, each.name)).isValid(), each.name


def test_a_switch_of_scheme_reaches_palette_labels_and_painted_colours(theme: Theme, qapp: QApplication) -> None:
    from gui.theme import color

    label = Label("units", Type.SMALL, "muted")
    label.show()
    try:
        theme.set_scheme("dark")
        assert qapp.palette().color(QPalette.ColorRole.Base) == QColor(DARK.surface)
        assert color("accent") == QColor(DARK.accent)
        assert label.palette().color(QPalette.ColorRole.WindowText) == QColor(DARK.muted)
    finally:
        theme.set_scheme("light")
    assert label.palette().color(QPalette.ColorRole.WindowText) == QColor(LIGHT.muted)


def test_contrast_is_switched_like_a_scheme(theme: Theme) -> None:
    from gui import theme as module

    theme.set_contrast(True)
    assert module.color("border") == module.color("strong")
    assert module.focus_width() == 3
    assert f"border: 3px solid {LIGHT.focus}" in style_sheet()
    theme.set_contrast(None)
    assert module.color("border") == QColor(LIGHT.border)
    assert module.focus_width() == 2


def test_the_base_is_never_below_13_and_sizes_follow_it(theme: Theme) -> None:
    from gui import theme as module

    assert module.base_px() >= 13
    assert module.font(Type.CAPTION).pixelSize() == module.base_px() - 2
    assert module.font(Type.RECORD_TITLE).pixelSize() == module.base_px() + 7
    assert module.font(Type.STRONG).weight() == QFont.Weight.DemiBold


def test_figures_have_one_width(theme: Theme) -> None:
    from gui import theme as module

    widths = {module.metrics().horizontalAdvance(digit * 6) for digit in "0123456789"}
    assert len(widths) == 1


def strongest(pixmap: QPixmap) -> QColor:
    """The colour of the most opaque pixel."""
    image = pixmap.toImage()
    pixels = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    return max(pixels, key=lambda pixel: pixel.alpha())


def is_near(colour: QColor, name: str) -> bool:
    """Equal but for the rounding of premultiplied alpha."""
    wanted = QColor(name)
    return colour.alpha() > 128 and all(
        abs(one - other) <= 2
        for one, other in zip(colour.getRgb()[:3], wanted.getRgb()[:3], strict=True)  # type: ignore[index]
    )


def names_of_icons() -> list[str]:
    return sorted(path.stem for path in icons.FOLDER.glob("*.svg"))


@pytest.mark.parametrize("name", names_of_icons())
def test_every_icon_draws_in_the_colour_asked_for(theme: Theme, name: str) -> None:
    assert is_near(strongest(icons.pixmap(name, "#ff1e6b52", 24)), "#1e6b52")


def test_an_icon_follows_the_scheme_and_greys_when_disabled(theme: Theme) -> None:
    made = icons.icon("plus", "text")

    def ink(mode: QIcon.Mode) -> QColor:
        return strongest(made.pixmap(24, 24, mode))

    assert is_near(ink(QIcon.Mode.Normal), LIGHT.text)
    assert is_near(ink(QIcon.Mode.Disabled), LIGHT.disabled)
    theme.set_scheme("dark")
    try:
        assert is_near(ink(QIcon.Mode.Normal), DARK.text)
    finally:
        theme.set_scheme("light")


def test_an_unknown_icon_is_refused_when_it_is_asked_for(theme: Theme) -> None:
    with pytest.raises(KeyError, match="no icon named 'unicorn'"):
        icons.icon("unicorn")


def test_the_notices_of_the_icons_are_shipped() -> None:
    text = (icons.FOLDER / "LICENSE").read_text(encoding="utf-8")
    assert "ISC License" in text
    assert "Cole Bemis" in text


def test_glyphs_of_the_style_sheet_exist(theme: Theme) -> None:
    import re

    paths = re.findall(r"url\((.+?)\)", style_sheet())
    assert paths
    assert all(Path(path).is_file() for path in paths)


def test_no_widget_names_a_colour_of_its_own() -> None:
    import re

    allowed = {"tokens.py", "layout_painter.py", "figure_view.py"}
    for path in Path(theme.__file__).parent.rglob("*.py"):
        if path.name not in allowed:
            found = set(re.findall(r'"#[0-9A-Fa-f]{6}"', path.read_text(encoding="utf-8"))) - {'"#FFFFFF"'}
            assert not found, f"{path.name} names {found}"
