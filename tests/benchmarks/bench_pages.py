"""How long it takes to change pages: from asking for one until it has been painted, on the first visit and later ones.

    python tests/benchmarks/bench_pages.py [--records N] [--rounds N]

With the example review (3,127 records), then with as many more records as asked for. Prints for each page the first
visit, the median and the slowest of the later ones, and where in the program the longest turns of the event loop were;
ends with 1 when a later visit took longer than the goal (100 ms with the example, 200 ms with 50,000 records). The
first visit imports and builds the page. Run it on an idle machine; not collected by pytest.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parents[2]))

from PySide6.QtCore import QEvent, QEventLoop, QObject, QTimer
from PySide6.QtWidgets import QApplication
from typing_extensions import override

from core.example import open_example
from gui.app import make_application
from gui.pages import PAGES
from gui.theme import Theme
from tests.looks.stage import Stage
from tests.reviews import new_review
from tests.tools.stalls import WATCH

EXAMPLE_GOAL_MS = 100.0
MANY_GOAL_MS = 200.0
_LIMIT_MS = 10_000


class Painted(QObject):
    """Tells when a page has been painted."""

    def __init__(self, app: QApplication) -> None:
        super().__init__()
        self._loop = QEventLoop()
        self._page: QObject | None = None
        app.installEventFilter(self)

    def wait_for(self, page: QObject | None) -> None:
        """Let the window work until `page` has been painted."""
        self._page = page
        QTimer.singleShot(_LIMIT_MS, self._loop, self._loop.quit)
        with WATCH.turn():
            self._loop.exec()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._page and event.type() == QEvent.Type.Paint:
            self._page = None
            QTimer.singleShot(0, self._loop.quit)  # the filter comes before the painting
        return False


def visit(stage: Stage, painted: Painted, page: str) -> float:
    """Milliseconds until `page` has been painted."""
    begin = time.perf_counter()
    with WATCH.turn(doing=f"go to {page}"):
        stage.window.registry.trigger(f"go.{page}")
    desk = stage.window.desk()
    assert desk is not None
    painted.wait_for(desk.current_page())
    return (time.perf_counter() - begin) * 1000


def measure(stage: Stage, painted: Painted, rounds: int, goal: float) -> bool:
    """Go round all pages; whether every later visit met the goal."""
    times: dict[str, list[float]] = {spec.id: [] for spec in PAGES}
    for _ in range(rounds):
        for page in (*list(times)[1:], next(iter(times))):  # the first page is in front already
            times[page].append(visit(stage, painted, page))
            stage.settle()
    for page, (first, *later) in times.items():
        p50 = statistics.median(later)
        print(f"{page:12s} first {first:6.0f} ms   then p50 {p50:6.1f} ms   max {max(later):6.1f} ms")
    worst = max(max(later) for _, *later in times.values())
    print(f"goal: later visits under {goal:.0f} ms: {'met' if worst < goal else 'missed'}")
    return worst < goal


def main(arguments: list[str]) -> int:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=8)
    options = parser.parse_args(arguments)
    app = make_application()
    painted = Painted(app)
    met: list[bool] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        many = new_review(folder, options.records)
        many.close()
        stage = Stage(Theme(app, "light"), folder)
        WATCH.start()
        for path, goal in ((open_example(folder), EXAMPLE_GOAL_MS), (many.path, MANY_GOAL_MS)):
            print(path.name)
            stage.open(path)
            met.append(measure(stage, painted, options.rounds, goal))
            print("\n".join(map(str, WATCH.take())))
        stage.close()
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
