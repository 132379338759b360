"""How long an analysis takes to compute, from settled values to pooled results: 30 studies in 3 subgroups.

python -m tests.benchmarks.bench_compute
"""

from __future__ import annotations

import time
from dataclasses import replace
from statistics import median

from core.model import new_id
from core.synthesis.compute import compute
from core.synthesis.model import Subgroup
from tests.synthesis.test_compute import data, trials

RUNS = 50


def main() -> None:
    """Print the median."""
    groups = tuple(Subgroup(new_id(), f"1.1.{n}", f"Group {n}") for n in range(3))
    rows = [
        replace(one, subgroup_id=groups[n % 3].id)
        for n, one in enumerate(trials([(4 + n % 5, 40, 2 + n % 3, 41) for n in range(30)]))
    ]
    one = data(sorted(rows, key=lambda r: r.subgroup_id or b""), groups, compatibility="", ci="handbook")
    compute(one)
    times: list[float] = []
    for _ in range(RUNS):
        start = time.perf_counter()
        compute(one)
        times.append(time.perf_counter() - start)
    print(f"compute, 30 studies in 3 subgroups: median {1000 * median(times):.1f} ms of {RUNS} runs")


if __name__ == "__main__":
    main()
