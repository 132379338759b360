"""How well a text answers what is typed: by words and by initials."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

_WORDS = re.compile(r"\w+")
_SMALL_WORDS = frozenset({"a", "an", "and", "as", "at", "by", "for", "in", "of", "on", "or", "the", "to", "with"})


def plain(text: str) -> str:
    """`text` without case and accents."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(each for each in parts if not unicodedata.combining(each))


def distance(typed: str, text: str) -> int | None:
    """0 for the best answer, more for a lesser one, None for none: the text itself, its beginning, its words in their
    order, in any order, its initials (those of "of", "the" and the like may be left out)."""
    wanted, words = _words_of(typed), _words_of(text)
    if not wanted:
        return None
    if wanted == words:
        return 0
    if _begins(" ".join(wanted), words):
        return 1
    if _in_order(wanted, words):
        return 2
    if all(any(word.startswith(each) for word in words) for each in wanted):
        return 3
    initials = "".join(wanted)
    told = [word for word in words if word not in _SMALL_WORDS]
    if len(wanted) == 1 and len(initials) > 1 and any(_begin_with(initials, each) for each in (words, told)):
        return 4
    return None


def marked(typed: str, text: str) -> list[tuple[int, int]]:
    """Where `text` answers what is typed, as (start, length) in order: in each word its beginning, or the initials."""
    wanted = _WORDS.findall(plain(typed))
    found: list[tuple[int, int]] = []
    for word in _WORDS.finditer(text):
        letters = plain(word[0])
        hits = [(letters.find(each), len(each)) for each in wanted if each in letters]
        if hits:
            start, length = min(hits, key=lambda hit: (hit[0], -hit[1]))
            found.append((word.start() + start, min(length, len(word[0]) - start)))
    if found or len(wanted) != 1:
        return found
    initials, left = [], wanted[0]
    for word in _WORDS.finditer(text):
        if left and plain(word[0]).startswith(left[0]):
            initials.append((word.start(), 1))
            left = left[1:]
    return [] if left else initials


@lru_cache(maxsize=2048)
def _words_of(text: str) -> tuple[str, ...]:
    """Asked anew for the same commands and explanations with every letter that is typed."""
    return tuple(_WORDS.findall(plain(text)))


def _begins(typed: str, words: Sequence[str]) -> bool:
    return " ".join(words).startswith(typed)


def _in_order(wanted: Sequence[str], words: Sequence[str]) -> bool:
    left = iter(words)
    return all(any(word.startswith(each) for word in left) for each in wanted)


def _begin_with(initials: str, words: Sequence[str]) -> bool:
    return "".join(word[0] for word in words).startswith(initials)
