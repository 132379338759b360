"""How long the window takes: from the start of the process to the first paint of the first page.

    python tests/benchmarks/bench_startup.py [REVIEW] [--runs N]

With REVIEW, until the review's first page has been painted; without, until the start page has. Prints the median and
every run. Each run is a process of its own with settings of its own; caches of the file system are warm from the first
run on. Run it on an idle machine.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]

DRIVER = """
import gc, os, sys, time, traceback
from pathlib import Path
gc.disable()  # as main.py does
from gui import app as gui_app
from PySide6.QtCore import QEvent, QObject, QTimer

class FirstPaint(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self.report)
        return False
    def report(self):
        print(f"painted {time.time()}", flush=True)
        window.close()
        application.quit()

def fail(kind, error, trace):
    traceback.print_exception(error)
    os._exit(1)

sys.excepthook = fail
application = gui_app.make_application()
window = gui_app.make_window()
watch = FirstPaint()
if sys.argv[1]:
    def shown():
        page = window.desk().current_page()
        page.installEventFilter(watch)
        page.update()
    window.review_shown.connect(shown)
    window.show()
    window.open_review(Path(sys.argv[1]))
else:
    window.start.installEventFilter(watch)
    window.show()
application.exec()
"""


def one_run(review: str) -> float:
    """Seconds from the start of the process to the paint."""
    with tempfile.TemporaryDirectory() as home:
        environment = {
            **os.environ,
            "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen"),
            "XDG_CONFIG_HOME": home,
            "XDG_DATA_HOME": home,
            "APPDATA": home,
        }
        started = time.time()
        done = subprocess.run(
            [sys.executable, "-c", DRIVER, review],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    for line in done.stdout.splitlines():
        if line.startswith("painted "):
            return float(line.split()[1]) - started
    raise SystemExit(f"the window was not painted:\n{done.stderr}")


def measure(review: str, runs: int) -> list[float]:
    """The times of `runs` processes, after one that warms the caches."""
    one_run(review)
    return [one_run(review) for _ in range(runs)]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("review", nargs="?", default="")
    parser.add_argument("--runs", type=int, default=7)
    options = parser.parse_args()
    times = measure(str(Path(options.review).resolve()) if options.review else "", options.runs)
    print(f"median {statistics.median(times) * 1000:.0f} ms of {', '.join(f'{t * 1000:.0f}' for t in sorted(times))}")


if __name__ == "__main__":
    main()
