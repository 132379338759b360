"""How long a window stood still: the time each turn of its event loop took, and where in the program it went.

Whoever drives a window in this process hands events over within `WATCH.turn()`. What the driver does between two turns
does not count. While a turn lasts long, a thread looks again and again at what the main thread is doing.
"""

from __future__ import annotations

import faulthandler
import os
import re
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

KEPT = 12
GOAL_MS = 50
_ROOT = f"{Path(__file__).parents[2]}{os.sep}"
_PROGRAM = (f"{_ROOT}gui{os.sep}", f"{_ROOT}core{os.sep}")
_LOOK_EVERY_S = 0.005
_LONG_S = 0.02
_FRAME = re.compile(r'^  File "(.+)", line (\d+) in (.+)$', re.MULTILINE)
_Place = tuple[str, int, str]
"""File, line, function."""


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
        self.over_goal = 0
        """How many turns took longer than the goal,"""
        self.worked_over_goal = 0
        """and how many of them because of what the window did, not because others had the processor."""

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
        self.over_goal += took > GOAL_MS
        self.worked_over_goal += worked > GOAL_MS
        told, place = seen[0][0] if seen else ("", "within Qt")
        self._stalls.append(Stall(took, worked, doing or told, place))
        self._stalls.sort(key=lambda stall: -stall.milliseconds)
        del self._stalls[KEPT:]

    def _look(self) -> None:
        with TemporaryFile() as notes:
            while True:
                time.sleep(_LOOK_EVERY_S)
                began = self._began
                if began and time.perf_counter() - began > _LONG_S / 2:
                    self._seen[_where(_stack(self._main, notes), self._told_by)] += 1


def _stack(thread: int, notes: IO[bytes]) -> list[_Place]:
    """Where `thread` is now, the innermost place first.

    Read from what faulthandler writes in one go: frames of a thread that runs on must not be looked at one by one.
    """
    notes.seek(0)
    notes.truncate()
    faulthandler.dump_traceback(notes, all_threads=True)
    notes.seek(0)
    blocks = notes.read().decode(errors="replace").split("\n\n")
    own = next((block for block in blocks if f"0x{thread:016x} " in block.partition("\n")[0]), "")
    return [(file, int(line), function) for file, line, function in _FRAME.findall(own)]


def _where(stack: Sequence[_Place], told_by: str) -> tuple[str, str]:
    """The part of the story that is told, and the innermost three places in the program ("within Qt" if none)."""
    places = [
        f"{file.removeprefix(_ROOT)}:{line} {function}" for file, line, function in stack if file.startswith(_PROGRAM)
    ]
    told = [function for file, _, function in stack if file.endswith(told_by)]
    # The outermost function of the story is the whole of it; the one within is its part.
    return (told[-2] if len(told) > 1 else "".join(told), " < ".join(places[:3]) or "within Qt")


WATCH = StallWatch("story.py")
