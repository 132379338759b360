"""Widths of the figures' own font, Liberation Sans, read straight from the bundled files.

Every figure is laid out with these widths, so it looks the same on every machine; Arial has the same ones. Only the
tables that hold widths are read, by hand: a font library takes a tenth of a second to import, and Overview paints its
flow at start-up. Letters are set without kerning, so that numbers align in columns and all painters place them alike.
"""

from __future__ import annotations

import struct
import sys
import unicodedata
from array import array
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FAMILY = "Liberation Sans"
ASCENT = 0.905
"""Highest letter (with its accent) above the baseline, in parts of the size."""
DESCENT = 0.212
"""Lowest letter below the baseline, in parts of the size."""

_FOLDER = Path(__file__).resolve().parents[2] / "resources" / "fonts"


@dataclass(frozen=True, slots=True)
class FontWidths:
    """Advance of each character, in parts of the font size."""

    advances: dict[int, float]
    missing: float
    units_per_em: int

    def of(self, character: str) -> float:
        """The advance of one character; one the font lacks is given the room a substitute will need."""
        advance = self.advances.get(ord(character))
        if advance is not None:
            return advance
        if unicodedata.combining(character):
            return 0.0
        return 1.0 if unicodedata.east_asian_width(character) in "WF" else self.missing


def font_file(bold: bool = False) -> Path:
    """The bundled TrueType file."""
    return _FOLDER / ("LiberationSans-Bold.ttf" if bold else "LiberationSans-Regular.ttf")


@lru_cache(maxsize=2)
def font_widths(bold: bool = False) -> FontWidths:
    """The widths of the regular or bold face, read once."""
    data = font_file(bold).read_bytes()
    tables = _tables(data)
    units = struct.unpack_from(">H", data, tables["head"] + 18)[0]
    count = struct.unpack_from(">H", data, tables["hhea"] + 34)[0]
    metrics = _words(data, tables["hmtx"], 2 * count)[::2]
    advances = {
        code: metrics[min(glyph, count - 1)] / units for code, glyph in _character_map(data, tables["cmap"]).items()
    }
    return FontWidths(advances, metrics[0] / units, units)


def advances(text: str, size: float, bold: bool = False) -> list[float]:
    """The advance of each character of ``text`` at ``size`` (same unit as ``size``)."""
    widths = font_widths(bold)
    return [widths.of(character) * size for character in text]


def text_width(text: str, size: float, bold: bool = False) -> float:
    """The width of ``text`` at ``size``, in the unit of ``size``: the ``Measure`` that core lays figures out with."""
    return _em_width(text, bold) * size


@lru_cache(maxsize=4096)
def covers(text: str, bold: bool = False) -> bool:
    """Whether the bundled font has every character of ``text``."""
    known = font_widths(bold).advances
    return all(ord(character) in known for character in text)


@lru_cache(maxsize=4096)
def _em_width(text: str, bold: bool) -> float:
    widths = font_widths(bold)
    return sum(widths.of(character) for character in text)


def _tables(data: bytes) -> dict[str, int]:
    """Name and offset of each table of a TrueType file."""
    count = struct.unpack_from(">H", data, 4)[0]
    records = (struct.unpack_from(">4sLLL", data, 12 + 16 * index) for index in range(count))
    return {tag.decode("ascii"): offset for tag, _checksum, offset, _length in records}


def _words(data: bytes, offset: int, count: int) -> array[int]:
    """``count`` unsigned 16-bit numbers."""
    words = array("H", data[offset : offset + 2 * count])
    if sys.byteorder == "little":
        words.byteswap()
    return words


def _character_map(data: bytes, table: int) -> dict[int, int]:
    """Character to glyph, from the format 4 subtable (Windows, Unicode) that both bundled files have."""
    count = struct.unpack_from(">H", data, table + 2)[0]
    records = (struct.unpack_from(">HHL", data, table + 4 + 8 * index) for index in range(count))
    start = table + next(offset for platform, encoding, offset in records if (platform, encoding) == (3, 1))
    segments = struct.unpack_from(">H", data, start + 6)[0] // 2
    ends = _words(data, start + 14, segments)
    starts = _words(data, start + 16 + 2 * segments, segments)
    deltas = _words(data, start + 16 + 4 * segments, segments)
    ranges_at = start + 16 + 6 * segments
    ranges = _words(data, ranges_at, segments)
    glyphs: dict[int, int] = {}
    for segment in range(segments):
        for code in range(starts[segment], min(ends[segment], 0xFFFE) + 1):
            glyph = code
            if ranges[segment]:
                where = ranges_at + 2 * segment + ranges[segment] + 2 * (code - starts[segment])
                glyph = struct.unpack_from(">H", data, where)[0]
                if glyph == 0:
                    continue
            glyphs[code] = (glyph + deltas[segment]) & 0xFFFF
    return {code: glyph for code, glyph in glyphs.items() if glyph}
