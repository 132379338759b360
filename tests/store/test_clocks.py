"""Computers whose clocks are wrong: nothing is lost, and what comes later stays later."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.model import Verdict
from core.review import Review
from core.store import clock
from tests.reviews import record_ids, sessions
from tests.store.test_merge import two_copies, whole

YEAR = 365 * 86_400 * 10**9
NOW = 1_760_000_000 * 10**9


@pytest.fixture(autouse=True)
def _own_register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPSE_DATA_DIR", str(tmp_path / "data"))


@pytest.mark.parametrize("years", [-1, 10, -55])
def test_a_clock_that_is_years_off_keeps_the_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, years: int) -> None:
    monkeypatch.setattr(clock.time, "time_ns", lambda: NOW)
    first, second = two_copies(tmp_path)
    (one, *_) = record_ids(first)
    monkeypatch.setattr(clock.time, "time_ns", lambda: NOW + years * YEAR)
    lead, tom = sessions(second)[0], sessions(second)[1]
    tom.screening.decide(one, Verdict.INCLUDE)
    tom.screening.decide(one, Verdict.EXCLUDE)
    lead.protocol.describe(title="Written with the wrong clock")
    monkeypatch.setattr(clock.time, "time_ns", lambda: NOW + 1)
    first.merge(second.path)
    asha, tom = sessions(first)[0], sessions(first)[1]
    decision = tom.screening.my_decision(one)
    assert decision is not None
    assert decision.verdict is Verdict.EXCLUDE
    # What is written now, knowing of the other, is later than it, whatever the clocks said.
    asha.protocol.describe(title="Written afterwards")
    tom.screening.decide(one, Verdict.INCLUDE)
    second.merge(first.path)
    assert second.title == first.title == "Written afterwards"
    assert whole(first) == whole(second)
    tom.undo()
    asha.undo()
    assert first.title == "Written with the wrong clock"
    asha.redo()
    assert first.title == "Written afterwards"
    assert first.check() == second.check() == []
    first.close()
    again = Review.open(first.path)
    sessions(again)[0].protocol.describe(title="After opening again")
    second.merge(again.path)
    assert second.title == "After opening again"
    again.close()
    second.close()
