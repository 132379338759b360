"""How long a window stood still: the time each turn of its event loop took, and where in the program it went.

Whoever drives a window in this process hands events over within `WATCH.turn()`. What the driver does between two turns
does not count. While a turn lasts long, a thread looks again and again at what the main thread is doing.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

KEPT = 12
_ROOT = f"{Path(__file__).parents[2]}{os.sep}"
_PROGRAM = (f"{_ROOT}gui{os.sep}", f"{_ROOT}core{os.sep}")
_LOOK_EVERY_S = 0.005
_LONG_S = 0.02


@dataclass(frozen=True)
class Stall:
    """One long turn: what it took, how much of that this thread worked, what the driver did, where the program was."""

    milliseconds: float
    worked: float
    doing: str
    place: str

    def __str__(self) -> str:
        return f"{self.milliseconds:.0f} ms ({self.worked:.0f} ms of it at work): {self.doing}, {self.place}"


class StallWatch:
    """Keeps the longest turns of the thread that calls `turn`. Idle until `start`."""

    def __init__(self, told_by: str) -> None:
        self._told_by = told_by
        self._main = threading.get_ident()
        self._began = 0.0
        self._seen: Counter[tuple[str, str]] = Counter()
        self._running = False
        self._stalls: list[Stall] = []

    def start(self) -> None:
        """Begin to look, until the process ends; the calling thread is the one that is watched."""
        self._main = threading.get_ident()
        self._running = True
        threading.Thread(target=self._look, name="stall-watch", daemon=True).start()

    def take(self) -> list[Stall]:
        """The longest turns since the last call, the worst first."""
        taken, self._stalls = self._stalls, []
        return taken

    @contextmanager
    def turn(self, asleep_ms: float = 0, doing: str = "") -> Iterator[None]:
        """The window works within; for `asleep_ms` of that it had been asked to wait."""
        self._seen.clear()
        worked = time.thread_time()
        self._began = began = time.perf_counter()
        try:
            yield
        finally:
            took = (time.perf_counter() - began) * 1000 - asleep_ms
            self._began = 0.0
            if self._running and took > _LONG_S * 1000:
                self._keep(took, (time.thread_time() - worked) * 1000, doing)

    def _keep(self, took: float, worked: float, doing: str) -> None:
        seen = self._seen.most_common(1)
        told, place = seen[0][0] if seen else ("", "within Qt")
        self._stalls.append(Stall(took, worked, doing or told, place))
        self._stalls.sort(key=lambda stall: -stall.milliseconds)
        del self._stalls[KEPT:]

    def _look(self) -> None:
        while True:
            time.sleep(_LOOK_EVERY_S)
            began = self._began
            if began and time.perf_counter() - began > _LONG_S / 2:
                self._seen[_where(sys._current_frames().get(self._main), self._told_by)] += 1


def _where(frame: FrameType | None, told_by: str) -> tuple[str, str]:
    """The part of the story that is told, and the innermost three places in the program ("within Qt" if none).

    No frame outlives this call: kept any longer it would keep the painter of a paint event from ending in time.
    """
    told: list[str] = []
    places: list[str] = []
    while frame is not None:
        code = frame.f_code
        if code.co_filename.startswith(_PROGRAM):
            places.append(f"{code.co_filename.removeprefix(_ROOT)}:{frame.f_lineno} {code.co_name}")
        elif code.co_filename.endswith(told_by):
            told.append(code.co_name)
        frame = frame.f_back
    # The outermost function of the story is the whole of it; the one within is its part.
    return (told[-2] if len(told) > 1 else "".join(told), " < ".join(places[:3]) or "within Qt")


WATCH = StallWatch("story.py")
