"""What all pages share in reading numbers as people type and paste them."""

from __future__ import annotations

import re

_SPACE_OF_THOUSANDS = re.compile(r"(?<=\d)[ \u00a0\u2009\u202f](?=\d{3}(?!\d))")


def without_spaces(text: str) -> str:
    """A number without the spaces that group thousands or stand beside its sign.

    Other white space stays, so that two numbers beside each other never become one: "3 4" is not 34.
    """
    plainer = re.sub(r"^([+−–-])\s+", r"\1", text.strip())
    return _SPACE_OF_THOUSANDS.sub("", plainer)
