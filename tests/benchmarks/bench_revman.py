"""How long it takes from dropping a RevMan file on the window to its review on screen.

    python tests/benchmarks/bench_revman.py FILE...

For each FILE (such as a full review of 400 KB): the seconds for reading, checking all its numbers, making the review
and showing it, what they come to (goal: under 3 s), and the longest time that the window did not answer meanwhile.
Wall time, in a window that is not drawn on a screen; the page is left as soon as it can be. Not collected by pytest.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parents[2]))

from PySide6.QtCore import QEventLoop, QTimer

from gui.app import make_application, make_window
from gui.pages.base import SystemAsk
from gui.settings import Settings

_TICK_MS = 5


class Pulse:
    """Beats as long as the window answers; the longest time between two beats is what somebody would feel."""

    def __init__(self) -> None:
        self.longest = 0.0
        self._last = time.perf_counter()
        self._timer = QTimer()
        self._timer.timeout.connect(self._beat)
        self._timer.start(_TICK_MS)

    def _beat(self) -> None:
        now = time.perf_counter()
        self.longest = max(self.longest, now - self._last)
        self._last = now

    def take(self) -> float:
        """The longest pause since this was last asked."""
        longest, self.longest = self.longest, 0.0
        return longest


def until(condition: Callable[[], bool]) -> float:
    """Let the window work until this holds; the seconds it took."""
    began = time.perf_counter()
    loop = QEventLoop()
    while not condition():
        loop.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    return time.perf_counter() - began


def measure(source: Path, folder: Path) -> None:
    """Drop one file."""
    copy = shutil.copyfile(source, folder / source.name)
    window = make_window(Settings(folder / "settings.ini"), SystemAsk())
    window.show()
    pulse = Pulse()
    until(lambda: pulse.take() > 0)
    window.open_review(copy)
    parts = {"read": until(lambda: window.arrival.page is not None and window.arrival.page.open.isEnabled())}
    page = window.arrival.page
    assert page is not None
    waits = {"read": pulse.take()}
    parts["check"] = until(lambda: page.is_checked)
    waits["check"] = pulse.take()
    result = page.card.title.text()
    page.form.name.setText("A")
    page.open.click()
    parts["make"] = until(lambda: not page.is_making or window.desk() is not None)
    waits["make"] = pulse.take()
    desk = window.desk()
    assert desk is not None
    parts["open"] = until(lambda: desk.workspace.runner.pending == 0)
    waits["open"] = pulse.take()
    print(f"{source.name}, {source.stat().st_size / 1024:,.0f} KB: {result}")
    for name, seconds in parts.items():
        print(f"  {name:6} {seconds:6.2f} s   longest without an answer {waits[name] * 1000:5.0f} ms")
    print(f"  in all {sum(parts.values()):6.2f} s   (goal: under 3 s)")
    window.close()


def main() -> None:
    """Measure every file named."""
    make_application()
    for name in sys.argv[1:]:
        with tempfile.TemporaryDirectory() as folder:
            measure(Path(name), Path(folder))


if __name__ == "__main__":
    main()
