"""A review survives kill -9 at any moment: what was acknowledged is there, and the log explains the state."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import select

from core.review import Review
from core.store.log_tables import operation
from tests.reviews import new_review

ROOT = Path(__file__).resolve().parents[2]
KILLS = 200
MILLISECONDS = {"decide": 5, "many": 15, "undo": 8, "import": 60, "checkpoint": 2}
"""How far into a write of each kind the kill may come: somewhat less than it usually takes."""
KINDS = tuple(MILLISECONDS)


def run_until_killed(path: Path, seed: int, kind: str, after: int, delay: float) -> list[str]:
    """Kill a worker ``delay`` seconds into its ``after``-th write of a kind; what it said."""
    worker = subprocess.Popen(
        [sys.executable, "-m", "tests.soak.worker", str(path), str(seed)],
        cwd=ROOT, stdout=subprocess.PIPE, text=True, bufsize=1, env={**os.environ},
    )  # fmt: skip
    assert worker.stdout is not None
    said: list[str] = []
    for line in worker.stdout:
        said.append(line.strip())
        if line.strip() == f"begin {kind}":
            after -= 1
            if after <= 0:
                time.sleep(delay)
                os.kill(worker.pid, signal.SIGKILL)
                break
    said += [line.strip() for line in worker.stdout]
    worker.wait()
    worker.stdout.close()
    return said


@pytest.mark.soak
def test_nothing_acknowledged_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPSE_DATA_DIR", str(tmp_path / "data"))
    chance = random.Random(20260504)
    in_flight: dict[str, int] = {}
    acknowledged: set[bytes] = set()
    started = time.monotonic()
    new_review(tmp_path, records=120).close()
    path = tmp_path / "review.copse"
    for kill in range(KILLS):
        if kill and kill % 25 == 0:
            # A fresh review now and then, so that imports do not make it grow without end.
            path = tmp_path / f"review-{kill}.copse"
            new_review(tmp_path, records=120, name=path.name).close()
            acknowledged.clear()
        kind = KINDS[kill % len(KINDS)]
        said = run_until_killed(path, kill, kind, chance.randint(1, 3), chance.uniform(0, MILLISECONDS[kind] / 1000))
        assert said[0] == "synchronous 2"
        acknowledged |= {bytes.fromhex(s.split()[2]) for s in said if s.startswith("done") and not s.endswith("-")}
        if said[-1].startswith("begin"):
            kind = said[-1].split()[1]
            in_flight[kind] = in_flight.get(kind, 0) + 1
        review = Review.open(path)
        there = set(review.store.reader.execute(select(operation.c.id)).scalars())
        assert acknowledged <= there, f"kill {kill}: {len(acknowledged - there)} acknowledged changes are gone"
        assert review.check() == []
        review.close()
    share = sum(in_flight.values()) / KILLS
    print(f"\n{KILLS} kills in {time.monotonic() - started:.0f} s, a write in flight in {share:.0%}: {in_flight}")
    assert share >= 0.8
    assert set(in_flight) == set(KINDS)
