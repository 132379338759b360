"""Texts in tables that a spreadsheet would take for a formula: written behind an apostrophe, read without it.

A formula can fetch or send, and names and titles come from files of others. A text that begins with = + - @ (or a tab)
is written behind an apostrophe, one that begins with apostrophes and then such a sign behind one more; reading takes
one off again. So a spreadsheet shows the text, and what was written is read.
"""

from __future__ import annotations

import re

_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_HIDDEN = re.compile(r"'+[=+\-@\t\r]")


def harmless(text: str) -> str:
    """A text that a spreadsheet does not take for a formula; `readable` gives the text again."""
    return f"'{text}" if _FORMULA.match(text) else text


def readable(cell: str) -> str:
    """A cell's text, without space around it, as it was before `harmless`."""
    text = cell.strip()
    return text[1:] if _HIDDEN.match(text) else text
