"""How long a decision takes while screening: from the key press until the next record has been painted.

    python tests/benchmarks/bench_screening.py [--records N] [--decisions N]

Real key events go to the real window on a review of 3,127 records, and the next record is drawn only when the decision
has been committed; after the run every decision is looked up in the file. Two paces: as fast as the window answers,
and with a pause, in which the window also does what it does between decisions. Prints medians, 95th percentiles and
the slowest; ends with 1 when a 95th percentile is above 50 ms. Run it on an idle machine; not collected by pytest.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parents[2]))

from PySide6.QtCore import QEvent, QEventLoop, QObject, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from typing_extensions import override

from core.model import Id, Stage, Verdict
from core.review import Review
from gui.main_window import MainWindow
from gui.pages import PAGES
from gui.pages.base import SystemAsk
from gui.pages.screening.page import ScreeningPage
from gui.settings import Settings
from gui.theme import Theme
from gui.widgets.record_card import RecordCard

GOAL_MS = 50.0
REVIEW_RECORDS = 3127
PAUSE_MS = 700
WORDS = (
    *("anxiety", "depression", "ketamine", "placebo", "controlled", "trial", "of", "treatment", "effect", "patients"),
    *(
        "symptoms",
        "scale",
        "response",
        "dose",
        "week",
        "baseline",
        "group",
        "outcome",
        "clinical",
        "severe",
        "resistant",
    ),
    *("disorder", "randomised", "blinded", "crossover", "session", "remission", "rating", "before", "after", "with"),
)
TERMS = ("ketamine", "anxiety", "randomised", "crossover", "placebo", "refractory", "maintenance", "PTSD")
KEYS = (("E", Verdict.EXCLUDE), ("1", Verdict.EXCLUDE), ("I", Verdict.INCLUDE), ("M", Verdict.MAYBE))


def make_review(folder: Path, records: int) -> Path:
    """A review with two who judge, highlight terms and reasons, and records with abstracts of usual length."""
    source = random.Random(1)
    path = folder / "search.ris"
    path.write_text("".join(entry(number, source) for number in range(records)), encoding="utf-8")
    review = Review.create(folder / "bench.copse", title="Benchmark", reviewers=["Asha Menon", "Tom Brandt"])
    lead = review.session(review.reviewers()[0].id)
    for number, term in enumerate(TERMS):
        lead.protocol.add_term("exclude" if number % 3 == 2 else "include", term)
    for text in ("Wrong population", "Wrong intervention", "Wrong design"):
        lead.protocol.add_reason(Stage.TITLE_ABSTRACT, text)
    lead.references.import_file(path)
    assert lead.references.count() == records
    review.close()
    return review.path


def entry(number: int, source: random.Random) -> str:
    """One RIS entry with a structured abstract of 200 words."""
    text = [source.choice(WORDS) for _ in range(200)]
    title = f"{' '.join(source.choice(WORDS) for _ in range(14))} in cohort {number}".capitalize()
    parts = zip(("BACKGROUND", "METHODS", "RESULTS", "CONCLUSIONS"), range(0, 200, 50), strict=True)
    abstract = " ".join(f"{name}: {' '.join(text[start : start + 50]).capitalize()}." for name, start in parts)
    lines = ["TY  - JOUR", f"TI  - {title}", f"AB  - {abstract}", f"PY  - {1980 + number % 45}", "DB  - MEDLINE"]
    lines += [f"AU  - {source.choice(WORDS).capitalize()}, {chr(65 + number % 26)}." for _ in range(6)]
    lines += [f"JO  - Journal of {text[3]}", f"VL  - {number % 60}", f"SP  - {number}", f"DO  - 10.5555/bench.{number}"]
    return "\n".join([*lines, "ER  - ", "", ""])


class Painted(QObject):
    """Knows which record was painted last, and waits for another."""

    def __init__(self, card: RecordCard) -> None:
        super().__init__()
        self._card = card
        self._loop = QEventLoop()
        self._old: Id | None = None
        self.record: Id | None = None
        card.abstract.viewport().installEventFilter(self)

    def wait_for_another(self, old: Id | None) -> None:
        """Until a record other than `old` has been painted."""
        self._old = old
        if self.record in (old, None):
            self._loop.exec()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            # The filter comes before the painting: believe it in the next round of the loop.
            QTimer.singleShot(0, self, self._believe)
        return False

    def _believe(self) -> None:
        record = self._card.record()
        self.record = record.id if record else None
        if self.record not in (self._old, None):
            self._loop.quit()


def measure(page: ScreeningPage, painted: Painted, decisions: int, pause: int) -> tuple[list[float], dict[Id, Verdict]]:
    """Press keys; milliseconds for each, and what was decided."""
    times: list[float] = []
    decided: dict[Id, Verdict] = {}
    worked = time.process_time()
    for number in range(decisions):
        key, verdict = KEYS[number % len(KEYS)]
        record = page.screen_tab.deck.current_id()
        assert record is not None
        assert painted.record == record
        begin = time.perf_counter()
        QTest.keyClick(page.window().focusWidget(), key)
        painted.wait_for_another(record)
        times.append((time.perf_counter() - begin) * 1000)
        decided[record] = verdict
        rest(pause)
    print(f"processor time {(time.process_time() - worked) * 1000 / decisions:.1f} ms a decision, with what follows it")
    return times, decided


def rest(milliseconds: int) -> None:
    """Let the window do its other work."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def open_window(path: Path, folder: Path) -> MainWindow:
    """The window on the screening page of a review."""
    specs = [spec for spec in PAGES if spec.id == "screening"]
    window = MainWindow(Settings(folder / "settings.ini"), SystemAsk(), "1.0", specs)
    window.resize(1280, 800)
    window.show()
    window.activateWindow()
    loop = QEventLoop()
    window.review_shown.connect(loop.quit)
    window.open_review(path)
    loop.exec()
    return window


def report(name: str, times: list[float]) -> bool:
    """Print a line; whether the goal is met."""
    p95 = statistics.quantiles(times, n=20)[-1]
    print(f"{name:28s} p50 {statistics.median(times):6.1f} ms   p95 {p95:6.1f} ms   max {max(times):6.1f} ms")
    return p95 <= GOAL_MS


def main(arguments: list[str]) -> int:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=REVIEW_RECORDS)
    parser.add_argument("--decisions", type=int, default=300)
    options = parser.parse_args(arguments)
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    Theme(app, "light")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["COPSE_DATA_DIR"] = str(folder / "data")
        window = open_window(make_review(folder, options.records), folder)
        desk = window.desk()
        assert desk is not None
        page = desk.current_page()
        assert isinstance(page, ScreeningPage)
        painted = Painted(page.screen_tab.card)
        painted.wait_for_another(None)
        rest(1000)
        print(f"{options.records:,} records, {options.decisions:,} decisions at each pace")
        fast, first = measure(page, painted, options.decisions, 0)
        slow, second = measure(page, painted, options.decisions // 4, PAUSE_MS)
        for record, verdict in (first | second).items():
            decision = page.session.screening.my_decision(record)
            assert decision is not None
            assert decision.verdict is verdict
        met = [report("as fast as it answers", fast), report(f"with a pause of {PAUSE_MS} ms", slow)]
        window.close()
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
