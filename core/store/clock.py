"""Hybrid logical clock: time stamps that order operations across copies even where the wall clocks disagree.

After Kulkarni, Demirbas et al., "Logical Physical Clocks" (OPODIS 2014): the upper 48 bits are Unix milliseconds, the
lower 16 count operations within one millisecond or behind a clock that runs ahead.
"""

from __future__ import annotations

import time

_COUNTER_BITS = 16


class Clock:
    """Gives out stamps that only ever grow, and never fall behind a stamp already seen."""

    def __init__(self, last: int = 0) -> None:
        self.last = last

    def tick(self) -> int:
        """The next stamp."""
        now = (time.time_ns() // 1_000_000) << _COUNTER_BITS
        self.last = max(now, self.last + 1)
        return self.last

    def observe(self, stamp: int) -> None:
        """Take note of a stamp made elsewhere."""
        self.last = max(self.last, stamp)


def milliseconds(stamp: int) -> int:
    """Unix milliseconds of a stamp."""
    return stamp >> _COUNTER_BITS
