"""Widths read by hand are those that a font library reads."""

from __future__ import annotations

import subprocess
import sys

import pytest
from fontTools.ttLib import TTFont

from core.figures.fonts import covers, font_file, font_widths, text_width


@pytest.mark.parametrize("bold", [False, True])
def test_every_advance_is_the_fonts_own(bold: bool) -> None:
    with TTFont(font_file(bold)) as font:
        metrics, names = font["hmtx"].metrics, font.getBestCmap() or {}
        expected = {code: metrics[name][0] / 2048 for code, name in names.items()}
    assert font_widths(bold).advances == pytest.approx(expected)


def test_a_run_is_as_wide_as_its_letters_without_kerning() -> None:
    assert text_width("11", 14) == pytest.approx(2 * text_width("1", 14))
    assert text_width("Total", 20, True) == pytest.approx(2 * text_width("Total", 10, True))
    assert text_width("", 14) == 0


def test_characters_the_font_lacks_get_room() -> None:
    assert covers("Tau² = 0.98; I² ≥ 50% – Müller Łukasz Πέτρος Иванов")
    assert not covers("王 2019")
    assert text_width("王", 10) == 10
    assert not covers("\N{COMBINING DOUBLED CIRCUMFLEX ACCENT}")
    assert text_width("e\N{COMBINING DOUBLED CIRCUMFLEX ACCENT}", 10) == text_width("e", 10)


def test_measuring_loads_no_font_library() -> None:
    script = (
        "import sys; import core.figures.prisma, core.figures.forest, core.figures.painter;"
        "from core.figures.fonts import text_width;"
        "text_width('Records screened', 13);"
        "heavy = {'fontTools', 'matplotlib', 'numpy', 'pandas', 'scipy', 'PySide6'} & set(sys.modules);"
        "sys.exit(', '.join(sorted(heavy)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
