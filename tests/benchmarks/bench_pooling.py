"""How fast core.pooling is beside metafor: the same data, in the same run, with the results compared.

    python -m tests.benchmarks.bench_pooling [--full]

Prints a Markdown table. metafor runs through Rscript (Debian and Ubuntu: apt install r-cran-metafor); without it the
comparisons are left out and Copse's own times remain. ``--full`` adds what takes metafor minutes: one REML fit of 5000
studies and leave-one-out of 500. Times are the processor's, medians of several runs (of one for single fits in R),
reading excluded: other programs that run meanwhile hardly count. A ratio within one run says more than the seconds,
which depend on the machine.
"""

from __future__ import annotations

import argparse
import math
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np

from core import pooling

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = Path(__file__).with_suffix(".R")
HINT = "metafor was not found: its half is left out. Debian and Ubuntu: apt install r-cran-metafor."
SEED = 20260
Data = dict[str, np.ndarray]
Found = np.ndarray


@dataclass(frozen=True, slots=True)
class Task:
    """One line of the table: the data sets, what Copse does with one, and the goal (times faster, or seconds)."""

    key: str
    title: str
    sets: int
    k: int
    run: Callable[[Data], Found]
    faster: float | None = None
    below: float | None = None
    full: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """The processor's seconds of both, and the largest difference between their estimates, standard errors and tau2."""

    ours: float
    theirs: float | None = None
    difference: float | None = None
    failed: int = 0


# --- what Copse does -------------------------------------------------------------------------------------------------


def reml(data: Data) -> Found:
    """One random-effects fit by REML, from effects and variances."""
    effects = pooling.effect_sizes("GEN", yi=data["yi"], vi=data["vi"])
    return _numbers([pooling.pool(effects, tau2="REML", ci="wald", pi=None)])


def mantel_haenszel(data: Data) -> Found:
    """One Mantel-Haenszel odds ratio, from counts."""
    effects = pooling.effect_sizes("OR", ai=data["ai"], n1i=data["n1i"], ci=data["ci"], n2i=data["n2i"])
    return _numbers([pooling.pool(effects, model="common", method="MH")])


def leave_one_out(data: Data) -> Found:
    """A fit by REML without each study in turn."""
    effects = pooling.effect_sizes("GEN", yi=data["yi"], vi=data["vi"])
    found = pooling.leave_one_out(effects, tau2="REML", ci="wald", pi=None)
    return _numbers([refit.pooled for refit in found.refits])


def _numbers(fits: Sequence[pooling.Pooled]) -> Found:
    return np.array([[fit.estimate, fit.se, math.nan if fit.tau2 is None else fit.tau2] for fit in fits], dtype=float)


TASKS = (
    Task("reml_many", "2000 REML fits, k = 20", 2000, 20, reml, faster=20),
    Task("reml_1000", "one REML fit, k = 1000", 1, 1000, reml),
    Task("reml_2000", "one REML fit, k = 2000", 1, 2000, reml),
    Task("reml_5000", "one REML fit, k = 5000", 1, 5000, reml, below=0.02, full=True),
    Task("leave1out_100", "leave-one-out by REML, k = 100", 1, 100, leave_one_out),
    Task("leave1out_500", "leave-one-out by REML, k = 500", 1, 500, leave_one_out, below=1.0, full=True),
    Task("mh_many", "1000 Mantel-Haenszel odds ratios, k = 200", 1000, 200, mantel_haenszel, faster=10),
)


# --- the data --------------------------------------------------------------------------------------------------------


def effects_data(rng: np.random.Generator, k: int) -> Data:
    """Effects with variances over a hundredfold range and a between-study variance of 0.05."""
    vi = 10 ** rng.uniform(-2, 0, k)
    return {"yi": rng.normal(0.3, np.sqrt(vi + 0.05)), "vi": vi}


def counts_data(rng: np.random.Generator, k: int) -> Data:
    """Trials of 20 to 200 participants in each group with a true odds ratio near 0.6."""
    n1i, n2i = rng.integers(20, 201, k), rng.integers(20, 201, k)
    risk = rng.uniform(0.02, 0.4, k)
    odds = 0.6 * risk / (1 - risk)
    data = {"ai": rng.binomial(n1i, odds / (1 + odds)), "n1i": n1i, "ci": rng.binomial(n2i, risk), "n2i": n2i}
    return {key: values.astype(float) for key, values in data.items()}


def sets_of(task: Task) -> list[Data]:
    rng = np.random.default_rng([SEED, task.k, task.sets])
    make = counts_data if task.run is mantel_haenszel else effects_data
    return [make(rng, task.k) for _ in range(task.sets)]


def write_sets(path: Path, sets: Sequence[Data]) -> None:
    """All sets in one file, at full precision."""
    columns = list(sets[0])
    with path.open("w", encoding="utf-8") as file:
        file.write(",".join(["set", *columns]) + "\n")
        for number, data in enumerate(sets):
            for values in zip(*(data[name] for name in columns), strict=True):
                file.write(",".join([str(number), *(repr(float(value)) for value in values)]) + "\n")


# --- both halves -----------------------------------------------------------------------------------------------------


def timed(run: Callable[[], object], runs: int = 3) -> float:
    """The median of the processor's seconds, of all threads."""
    times: list[float] = []
    for _ in range(runs):
        start = time.process_time()
        run()
        times.append(time.process_time() - start)
    return median(times)


def measure(task: Task, folder: Path, metafor: bool) -> Result:
    """Run one task, in Copse and in metafor."""
    sets = sets_of(task)
    task.run(sets[0])
    ours = timed(lambda: [task.run(data) for data in sets], 3 if len(sets) > 1 else 9)
    if not metafor:
        return Result(ours)
    write_sets(folder / f"{task.key}.csv", sets)
    subprocess.run(["Rscript", "--vanilla", str(SCRIPT), str(folder), task.key], check=True)
    theirs = np.genfromtxt(folder / f"{task.key}.out", ndmin=2)
    found = np.vstack([task.run(data) for data in sets])
    failed = np.isnan(theirs[:, 0])
    difference = float(np.nanmax(np.abs(found - theirs)[~failed][:, : 2 if task.run is mantel_haenszel else 3]))
    seconds = float((folder / f"{task.key}.seconds").read_text(encoding="utf-8"))
    return Result(ours, seconds, difference, int(failed.sum()))


def has_metafor() -> bool:
    """Whether Rscript is there and knows metafor."""
    if shutil.which("Rscript") is None:
        return False
    asked = ["Rscript", "--vanilla", "-e", 'quit(status = !requireNamespace("metafor", quietly = TRUE))']
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0


# --- the table -------------------------------------------------------------------------------------------------------


def seconds(value: float) -> str:
    """Three digits, in the unit that suits."""
    return f"{value:.3g} s" if value >= 1 else f"{1000 * value:.3g} ms"


def line(task: Task, result: Result) -> str:
    """A row of the table."""
    goals: list[str] = []
    if task.faster is not None:
        goals.append(f"{task.faster:g} times faster")
    if task.below is not None:
        goals.append(f"under {seconds(task.below)}")
    theirs = "not run" if result.theirs is None else seconds(result.theirs)
    ratio = "" if result.theirs is None else f"{result.theirs / result.ours:,.0f}"
    difference = "" if result.difference is None else f"{result.difference:.0e}"
    if result.failed:
        difference += f" ({result.failed} did not converge there)"
    return f"| {task.title} | {seconds(result.ours)} | {theirs} | {ratio} | {difference} | {', '.join(goals)} |"


def linear_lines() -> list[str]:
    """Copse's time of one fit over four powers of ten of k: a cost linear in k grows tenfold at most."""
    rng = np.random.default_rng(SEED)
    lines = ["| k | REML fit | Mantel-Haenszel odds ratio |", "|---:|---:|---:|"]
    for k in (100, 1000, 10_000, 100_000):
        one, other = effects_data(rng, k), counts_data(rng, k)
        times = [timed(partial(reml, one)), timed(partial(mantel_haenszel, other))]
        lines.append(f"| {k:,} | " + " | ".join(map(seconds, times)) + " |")
    return lines


def import_seconds() -> float:
    """Importing core.pooling in a fresh process, numpy included."""
    code = "import time; t = time.process_time(); import core.pooling; print(time.process_time() - t)"
    found = [
        float(subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True).stdout)
        for _ in range(5)
    ]
    return median(found)


def machine(versions: Sequence[str]) -> str:
    """In words."""
    import scipy

    there = [f"Python {platform.python_version()}", f"numpy {np.__version__}", f"scipy {scipy.__version__}"]
    if versions:
        there += [versions[0].split(" (")[0].replace(" version", ""), f"metafor {versions[1]}"]
    return f"{os.cpu_count()} cores, {platform.system()} on {platform.machine()}; {', '.join(there)}."


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--full", action="store_true", help="metafor's slowest tasks as well (about ten minutes)")
    options = parser.parse_args()
    metafor = has_metafor()
    if not metafor:
        print(HINT, file=sys.stderr)
    rows: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for task in TASKS:
            print(task.title, file=sys.stderr)
            rows.append(line(task, measure(task, folder, metafor and (options.full or not task.full))))
        told = folder / "versions.txt"
        versions = told.read_text(encoding="utf-8").splitlines() if told.exists() else []
    print(machine(versions))
    print("\n| task | Copse | metafor | times faster | largest difference | goal |\n|---|---:|---:|---:|---:|---|")
    print("\n".join(rows))
    print(f"| importing core.pooling | {seconds(import_seconds())} | | | | under 0.6 s |\n")
    print("\n".join(linear_lines()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
