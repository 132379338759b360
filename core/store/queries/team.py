"""The people of a review and its protocol."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row, Table, select

from core.model import Id, Reveal, Reviewer, Stage
from core.store.schema import STATE_TABLES, criterion, exclusion_reason, highlight_term, outcome, review, reviewer


@dataclass(frozen=True, slots=True)
class Protocol:
    """What the review set out to do."""

    id: Id
    title: str
    registration: str
    population: str
    intervention: str
    comparator: str
    outcomes: str
    designs: str
    notice: str
    reveal_screening: Reveal
    reveal_extraction: Reveal
    risk_of_bias_tool: str
    screeners_per_record: int


@dataclass(frozen=True, slots=True)
class Criterion:
    """An eligibility criterion; ``kind`` is 'include' or 'exclude'."""

    id: Id
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Reason:
    """An exclusion reason; its number is the key that chooses it while screening."""

    id: Id
    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Term:
    """A term to highlight in abstracts; ``kind`` is 'include' or 'exclude'."""

    id: Id
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """An outcome the review wants; ``better`` says which direction is good ('lower' or 'higher')."""

    id: Id
    label: str
    kind: str
    unit: str
    better: str
    time_window: str
    definition: str


def protocol(connection: Connection) -> Protocol:
    """The review's protocol."""
    r = connection.execute(select(review).where(review.c.deleted.is_(False)).order_by(review.c.id).limit(1)).one()
    return Protocol(
        r.id, r.title, r.registration, r.population, r.intervention, r.comparator, r.outcomes, r.designs, r.notice,
        Reveal(r.reveal_screening or Reveal.AT_END), Reveal(r.reveal_extraction or Reveal.AT_END),
        r.risk_of_bias_tool, r.screeners_per_record,
    )  # fmt: skip


def reviewers(connection: Connection) -> tuple[Reviewer, ...]:
    """The team in its order. Somebody always leads: the first, where undoing or merging has left nobody who does."""
    rows = connection.execute(
        select(reviewer).where(reviewer.c.deleted.is_(False)).order_by(reviewer.c.position, reviewer.c.id)
    )
    people = tuple(
        Reviewer(r.id, r.name, r.initials, r.position, r.is_lead, r.is_adjudicator, r.is_screener) for r in rows
    )
    if people and not any(p.is_lead for p in people):
        return (replace(people[0], is_lead=True), *people[1:])
    return people


def criteria(connection: Connection) -> tuple[Criterion, ...]:
    """Eligibility criteria in order."""
    return tuple(Criterion(r.id, r.kind, r.text) for r in _ordered(connection, criterion))


def reasons(connection: Connection, stage: Stage) -> tuple[Reason, ...]:
    """Exclusion reasons of a stage, numbered from 1 in their order."""
    rows = [r for r in _ordered(connection, exclusion_reason) if r.stage == stage.value]
    return tuple(Reason(r.id, i, r.text) for i, r in enumerate(rows, start=1))


def terms(connection: Connection) -> tuple[Term, ...]:
    """Terms to highlight."""
    return tuple(Term(r.id, r.kind, r.text) for r in _ordered(connection, highlight_term))


def outcomes(connection: Connection) -> tuple[Outcome, ...]:
    """The review's outcomes in order."""
    return tuple(
        Outcome(r.id, r.label, r.kind, r.unit, r.better, r.time_window, r.definition)
        for r in _ordered(connection, outcome)
    )


def in_order(connection: Connection, table: str, like: Mapping[str, Any]) -> list[tuple[Id, int]]:
    """Id and position of the lines that stand in one list with a line: of its kind or stage, if it has one."""
    among = STATE_TABLES[table]
    same = [among.c[name] == like[name] for name in ("kind", "stage") if name in among.c and table != "outcome"]
    rows = connection.execute(
        select(among.c.id, among.c.position)
        .where(among.c.deleted.is_(False), *same)
        .order_by(among.c.position, among.c.id)
    )
    return [(row.id, row.position) for row in rows]


def _ordered(connection: Connection, table: Table) -> Sequence[Row[Any]]:
    return connection.execute(
        select(table).where(table.c.deleted.is_(False)).order_by(table.c.position, table.c.id)
    ).all()
