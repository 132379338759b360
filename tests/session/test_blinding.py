"""Blinding as non-interference: whatever B answers where A may not look, everything A can read stays the same.

The reads are found, not listed: a new one is covered as soon as it exists, and the test says when it does not know how
to call it.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from core.errors import CopseError
from core.model import Id, OpResult, Reveal, Stage, Standing, Verdict
from core.review import Review, Session
from core.store.log import Row
from core.store.queries.records import RecordFilter
from tests.reviews import record_ids, sessions
from tests.session.any_operation import PARTS, live_state
from tests.session.test_undo import furnished

WRITES_IN_STEPS = {"import_file", "import_staged"}
"""Not reads: they stage first and then call an operation."""


@pytest.fixture(autouse=True)
def _own_register(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPSE_DATA_DIR", str(tmp_path_factory.mktemp("data")))


def choices_for(name: str, review: Review, state: dict[str, dict[Id, Row]], ids: list[Id]) -> list[Any]:
    """Every value worth passing for a parameter of this name."""
    table = name.removesuffix("_id")
    if table in ("study", "analysis", "result", "source", "attachment"):
        return list(state[table])
    known: dict[str, list[Any]] = {
        "record_id": ids,
        "ids": [ids],
        "stage": list(Stage),
        "standing": list(Standing),
        "number": ["1.1", "1.2"],
        "result_ids": [list(state["result"])],
        "subject_id": [*state["result"], *state["study"]],
        "field": ["events", "total", *(i.hex() for i in state["form_field"])],
        "text": ["secret"],
        "bookmark": ["{}"],
        "form": ["copse", "rayyan", "covidence", "ris"],
        "target": [review.path.with_name("written")],
    }
    return known[name]


def reads(session: Session, review: Review) -> Iterator[tuple[str, Any]]:
    """What every read of the session gives, with every combination of its required arguments."""
    state, ids = live_state(review), record_ids(review)
    yield "undo", session.undo_state()
    for part_name in (*PARTS, "overview", "history"):
        part: Any = getattr(session, part_name)
        for name in dir(part):
            if name.startswith("_") or name in WRITES_IN_STEPS:
                continue
            member = getattr(part, name)
            if not inspect.ismethod(member) or hasattr(member, "__wrapped__"):
                continue
            where = f"{part_name}.{name}"
            if where == "history.history":
                yield from histories(part, review)
                continue
            required = [
                p.name for p in inspect.signature(member).parameters.values() if p.default is inspect.Parameter.empty
            ]
            for given_values in product(*(choices_for(p, review, state, ids) for p in required)):
                yield f"{where}{given_values}", attempt(member, *given_values)
    yield "search", session.references.ids(RecordFilter(text="secret"))


def histories(part: Any, review: Review) -> Iterator[tuple[str, Any]]:
    for table, rows in live_state(review).items():
        for row_id in rows:
            yield f"history of {table} {row_id.hex()}", attempt(part.history, table, row_id)


def attempt(read: Any, *values: Any) -> str:
    """What the read gives, or how it refuses, in words that can be compared."""
    try:
        return repr(read(*values))
    except CopseError as error:
        return f"{error.code}: {error.message}"


def answer(session: Session, what: str, index: int, value: int) -> OpResult[Any] | None:
    """One of B's hidden answers is changed: what was said, never whether something was said."""
    review = session.review
    state = live_state(review)
    try:
        done = sorted(session.screening.decided())
        if what == "screening":
            return session.screening.decide(done[index % len(done)], list(Verdict)[value % 3])
        if what == "note":
            return session.screening.set_note(done[index % len(done)], f"secret {value}")
        table = "entry" if what == "entry" else "judgement"
        mine = sorted(i for i, r in state[table].items() if r["reviewer_id"] == session.reviewer.id)
        row = state[table][mine[index % len(mine)]]
        if what == "entry":
            if row["number"] is None:
                return session.extraction.enter(row["subject_id"], row["field"], text=f"secret {value}")
            return session.extraction.enter(row["subject_id"], row["field"], 10.0 + value % 10, note=f"secret {value}")
        levels = session.riskofbias.tool.levels
        level = levels[value % len(levels)].id
        return session.riskofbias.judge(row["study_id"], row["domain"], level, f"secret {value}", row["outcome_group"])
    except CopseError:
        return None


@pytest.fixture(scope="module")
def blinded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Review]:
    """A review with work of every kind under way that nobody has unblinded."""
    folder = tmp_path_factory.mktemp("blinded")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COPSE_DATA_DIR", str(folder))
        review = furnished(folder)
        asha, tom, _ = sessions(review)
        for study in asha.studies.list():
            for session in (asha, tom):
                for part in (session.extraction, session.riskofbias):
                    attempt(part.reopen, study.id)
        for session in (asha, tom):
            for record_id in session.screening.decided():
                session.screening.set_note(record_id, "secret")
        asha.protocol.settings(reveal_screening=Reveal.AT_END)
        yield review
        review.close()


ANSWERS = st.lists(
    st.tuples(st.sampled_from(["screening", "note", "entry", "judgement"]), st.integers(0, 50), st.integers(0, 50)),
    min_size=3,
    max_size=10,
)


LARGE = (Phase.explicit, Phase.reuse, Phase.generate)
"""Without making a failing example smaller: each takes seconds, and the reads that differ tell enough."""


@pytest.mark.parametrize("a", [0, 1], ids=["the lead reads", "a reviewer reads"])
@settings(max_examples=3, phases=LARGE, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(answers=ANSWERS)
def test_nothing_a_reads_depends_on_what_b_answers(
    blinded: Review, a: int, answers: list[tuple[str, int, int]]
) -> None:
    people = sessions(blinded)
    reader, other = people[a], people[1 - a]
    before = dict(reads(reader, blinded))
    changed = [answer(other, *one) for one in answers]
    after = dict(reads(reader, blinded))
    assert before.keys() == after.keys()
    assert {k: v for k, v in after.items() if v != before[k]} == {}
    for result in changed:
        if result is not None and result.operation is not None:
            other.undo()


def test_b_really_changes_something(blinded: Review) -> None:
    """The test above would be empty if all answers were refused."""
    tom = sessions(blinded)[1]
    for what in ("screening", "note", "entry", "judgement"):
        results = [answer(tom, what, index, value) for index in range(4) for value in (1, 2)]
        assert any(r is not None and r.operation is not None for r in results), what
        for result in results:
            if result is not None and result.operation is not None:
                tom.undo()
