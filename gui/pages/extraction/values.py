"""Between what is typed or pasted and a value: numbers as papers print them, "NR" for not reported, blocks of cells."""

from __future__ import annotations

import math
import re

from core.errors import InputError
from core.extraction.checks import plain
from core.extraction.compare import Value
from core.extraction.forms import FieldKind
from core.language import figure
from gui.pages.extraction.words import NOT_REPORTED
from gui.pages.numbers import without_spaces

_NOT_REPORTED_WORDS = ("nr", "n.r.", "not reported")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_COMMA_FOR_POINT = re.compile(r"([+-]?\d*),(\d+)")
_SHOWN_LENGTH = 9


def read_value(text: str, kind: FieldKind) -> Value:
    """What a cell of this kind is to hold; a blank value when nothing is there.

    InputError when a number is wanted and the text is none, or could be one of two.
    """
    text = text.strip()
    if text.casefold() in _NOT_REPORTED_WORDS:
        return Value(not_reported=True)
    if not text:
        return Value()
    return Value(read_number(text)) if kind is FieldKind.NUMBER else Value(text=text)


def read_number(text: str) -> float:
    """A number as papers and spreadsheets write it: any minus sign, groups of thousands, point or comma."""
    plainer = without_spaces(text).replace("−", "-").replace("–", "-")
    decimal = _COMMA_FOR_POINT.fullmatch(plainer)
    if decimal is not None:
        whole, part = decimal.groups()
        if len(part) == 3 and whole.lstrip("+-") not in ("", "0") and len(whole.lstrip("+-")) <= 3:
            raise InputError(
                "extraction.two_readings",
                "“{typed}” may stand for {one} or for {other}. Type it without the comma or with a point.",
                typed=text,
                one=whole + part,
                other=f"{whole}.{part}",
            )
        plainer = f"{whole or '0'}.{part}"
    elif _GROUPED.fullmatch(plainer):
        plainer = plainer.replace(",", "")
    if not _NUMBER.fullmatch(plainer) or not math.isfinite(float(plainer)):
        raise InputError(
            "extraction.not_typed_number",
            "“{typed}” is not a number. The value before was kept. Type NR where the paper does not report it.",
            typed=text,
        )
    return float(plainer)


def shown(value: Value | None) -> str:
    """A value as a cell shows it; long fractions are rounded for the eye only."""
    if value is None:
        return ""
    if value.not_reported:
        return NOT_REPORTED
    if value.number is None:
        return value.text
    text = plain(value.number)
    return text if len(text) <= _SHOWN_LENGTH else plain(float(f"{value.number:.6g}"))


def typed(value: Value | None) -> str:
    """A value as it is edited: in full, without groups of thousands."""
    if value is None or value.is_blank:
        return ""
    if value.not_reported:
        return NOT_REPORTED
    return value.text if value.number is None else _without_groups(plain(value.number))


def _without_groups(number: str) -> str:
    return number.replace(figure(1000)[1:-3], "")


def read_block(text: str) -> list[list[str]]:
    """The cells of a block copied from a spreadsheet or a table: rows by line, columns by tab."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n").split("\n")
    return [line.split("\t") for line in lines]
