"""Numbers as people type them."""

from __future__ import annotations

import math
import re

from core.language import tr
from gui.pages.numbers import without_spaces

_TWO_WAYS = re.compile(r"-?\d{1,3},\d{3}")


def parse_number(text: str) -> float:
    """The number typed, with a real minus sign or a hyphen, a decimal point or comma.

    ValueError, with a sentence for the user, when it is none or can be read in two ways.
    """
    plain = without_spaces(text).replace("−", "-")
    if _TWO_WAYS.fullmatch(plain):
        whole, decimal = plain.replace(",", ""), plain.replace(",", ".")
        raise ValueError(
            tr("“{text}” can be read in two ways. Write {whole} or {decimal}.", text=text, whole=whole, decimal=decimal)
        )
    if plain.count(",") == 1 and "." not in plain:
        plain = plain.replace(",", ".")
    try:
        value = float(plain.replace("_", "no figure"))  # which Python would read over
    except ValueError as error:
        raise ValueError(tr("“{text}” is not a number.", text=text)) from error
    if not math.isfinite(value):
        raise ValueError(tr("“{text}” is not a number.", text=text))
    return value
