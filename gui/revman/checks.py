"""The check of a review's file, computed once: the file kept in a review never changes while it is open."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from core.interchange.verify import Verification
    from core.review import Review

_known: WeakKeyDictionary[Review, Verification] = WeakKeyDictionary()


def remember(review: Review, verification: Verification) -> None:
    """Keep what came of the check as long as the review is open."""
    _known[review] = verification


def known(review: Review) -> Verification | None:
    """What came of the check; None when it was not computed yet."""
    return _known.get(review)
