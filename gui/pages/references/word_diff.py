"""Which words of two texts differ. Case, accents, spacing and punctuation alone make no difference."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher

Span = tuple[int, int]
"""Where a marked stretch begins and ends, in characters."""

_WORD = re.compile(r"\w+(?:[-‐‑'’]\w+)*")
_LIKE = str.maketrans({"‐": "-", "‑": "-", "’": "'"})


def differing(one: str, other: str) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """The stretches of each text that the other does not have in the same order."""
    ours, theirs = _words(one), _words(other)
    matcher = SequenceMatcher(None, [w.key for w in ours], [w.key for w in theirs], autojunk=False)
    left: list[Span] = []
    right: list[Span] = []
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag != "equal":
            left.extend(_span(ours[a:b]))
            right.extend(_span(theirs[c:d]))
    return tuple(left), tuple(right)


class _Word:
    def __init__(self, found: re.Match[str]) -> None:
        self.start, self.end = found.span()
        plain = unicodedata.normalize("NFKD", found.group().translate(_LIKE))
        self.key = "".join(c for c in plain if not unicodedata.combining(c)).casefold()


def _words(text: str) -> list[_Word]:
    return [_Word(found) for found in _WORD.finditer(text)]


def _span(words: Sequence[_Word]) -> list[Span]:
    return [(words[0].start, words[-1].end)] if words else []
