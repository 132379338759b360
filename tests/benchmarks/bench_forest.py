"""How long a forest plot takes: laid out and painted on screen after a change, and written to files.

    python tests/benchmarks/bench_forest.py [STUDIES]

The screen must follow an edit within 50 ms with 30 studies. Every run changes the numbers, so that only single
letters are remembered. Prints medians and 95th percentiles in milliseconds; not collected by pytest.
"""

from __future__ import annotations

import math
import os
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parents[2]))

from PySide6.QtGui import QGuiApplication, QImage, QPainter

from core.figures.forest import layout_forest
from core.figures.forest_model import (
    Axis,
    ForestPlot,
    ForestPooled,
    ForestStudy,
    Interval,
    RiskOfBiasColumns,
    dichotomous_columns,
)
from core.figures.painter import render
from core.figures.primitives import Layout
from core.figures.wording import effect_text, heterogeneity_line, overall_line
from gui.widgets.layout_painter import paint_layout

_GOAL_MS = 50.0
_DOMAINS = tuple((letter, f"Domain {letter}") for letter in "ABCDEFG")


def plot(studies: int, source: random.Random) -> ForestPlot:
    """A dichotomous plot with weights, seven domains of risk of bias and a total."""
    rows = tuple(_study(number, studies, source) for number in range(studies))
    total = _interval(source)
    return ForestPlot(
        "dichotomous",
        dichotomous_columns("Experimental", "Control"),
        ("Odds Ratio", "M-H, Random, 95% CI"),
        Axis(True, 0.01, 100),
        rows,
        overall=ForestPooled(("", "4711", "", "4689"), total, _text(total), 100.0, events=("815", "", "1002", "")),
        overall_lines=(
            heterogeneity_line(source.random() * 90, studies - 1, source.random(), 40, source.random()),
            overall_line(source.random() * 4, source.random()),
        ),
        favours=("Favours experimental", "Favours control"),
        rob=RiskOfBiasColumns(_DOMAINS, (("low", "Low risk"), ("some", "Some concerns"), ("high", "High risk"))),
    )


def _study(number: int, studies: int, source: random.Random) -> ForestStudy:
    effect = _interval(source)
    cells = tuple(str(source.randrange(1, 400)) for _ in range(4))
    rob = tuple(source.choice(("low", "some", "high")) for _ in _DOMAINS)
    name = f"{source.choice(('Feder', 'Dadabayev', 'Rodriguez', 'Taylor', 'Truppman Lattie'))} {1990 + number}"
    return ForestStudy(name, cells, effect, _text(effect), 100 / studies, rob)


def _interval(source: random.Random) -> Interval:
    centre, half = source.gauss(0, 1), abs(source.gauss(0.6, 0.4)) + 0.05
    return Interval(centre, centre - half, centre + half)


def _text(effect: Interval) -> str:
    return effect_text(math.exp(effect.estimate), math.exp(effect.lo), math.exp(effect.hi))


def paint(layout: Layout) -> None:
    """One repaint of the whole figure at true size."""
    image = QImage(round(layout.width * 4 / 3), round(layout.height * 4 / 3), QImage.Format.Format_RGB32)
    image.fill(0xFFFFFFFF)
    painter = QPainter(image)
    paint_layout(painter, layout)
    painter.end()


def timed(runs: int, work: Callable[[], object]) -> tuple[float, float]:
    """Median and 95th percentile in milliseconds, after one run that does not count."""
    work()
    times: list[float] = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - start))
    times.sort()
    return times[len(times) // 2], times[min(math.ceil(len(times) * 0.95) - 1, len(times) - 1)]


def main(studies: int) -> int:
    """Print the figures; 1 when the screen is slower than the goal."""
    app = QGuiApplication.instance() or QGuiApplication([])
    source = random.Random(7)
    plots = [plot(studies, source) for _ in range(20)]
    turn = iter(range(10**6))

    def next_plot() -> ForestPlot:
        return plots[next(turn) % len(plots)]

    layout = layout_forest(plots[0])
    print(f"{studies} studies, {len(layout.items)} primitives, {app.platformName()}")
    screen = timed(100, lambda: paint(layout_forest(next_plot())))
    rows = {
        "layout": timed(100, lambda: layout_forest(next_plot())),
        "layout and paint": screen,
        "paint alone": timed(100, lambda: paint(layout)),
        "PNG, 300 dpi": timed(10, lambda: render(layout_forest(next_plot()), "png", dpi=300)),
        "PDF": timed(5, lambda: render(layout_forest(next_plot()), "pdf")),
        "SVG": timed(20, lambda: render(layout_forest(next_plot()), "svg")),
    }
    for name, (median, high) in rows.items():
        print(f"{name:18} median {median:7.1f} ms   p95 {high:7.1f} ms")
    met = screen[1] < _GOAL_MS
    print(f"goal: layout and paint under {_GOAL_MS:.0f} ms at p95: {'met' if met else 'missed'}")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 30))
