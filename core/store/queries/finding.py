"""What a person means by a few typed words, over the whole review: records, studies and analyses.

Only what the team shares is looked at: records as they were delivered, labels and numbers. No judgement takes part.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from core.model import Id
from core.store import search
from core.store.queries import records
from core.store.queries.records import RecordView
from core.store.schema import analysis, comparison, record, study

_YEAR = re.compile(r"(19|20)\d\d")


@dataclass(frozen=True, slots=True)
class FoundAnalysis:
    """An analysis with its number, such as 1.2, and the label of the comparison it belongs to."""

    id: Id
    number: str
    label: str
    comparison: str


def found_records(connection: Connection, text: str, limit: int) -> tuple[RecordView, ...]:
    """Records that are screened and have this number, or hold all words: best first. A year among other words may
    also be the year of the record, as in “Okafor 2019”.
    """
    ids = [*_with_number(connection, text), *_holding(connection, text, None, limit)]
    words = text.split()
    years = [word for word in words if _YEAR.fullmatch(word)]
    if years and len(words) > 1 and len(ids) < limit:
        others = " ".join(word for word in words if word != years[-1])
        ids += _holding(connection, others, int(years[-1]), limit)
    wanted = list(dict.fromkeys(ids))[:limit]
    views = records.record_views(connection, wanted)
    return tuple(views[each] for each in wanted)


def _with_number(connection: Connection, text: str) -> list[Id]:
    digits = text.strip().removeprefix("#").replace(",", "")
    if not re.fullmatch(r"[0-9]{1,9}", digits):
        return []
    return list(connection.execute(select(record.c.id).where(record.c.n == int(digits), records.counts())).scalars())


def _holding(connection: Connection, text: str, year: int | None, limit: int) -> list[Id]:
    found = search.best(text)
    if found is None:
        return []
    statement = select(record.c.id).join(found, found.c.n == record.c.n).where(records.counts())
    if year is not None:
        statement = statement.where(record.c.year == year)
    return list(connection.execute(statement.order_by(found.c.rank, record.c.n).limit(limit)).scalars())


def found_studies(connection: Connection, text: str, limit: int) -> tuple[tuple[Id, str], ...]:
    """(id, label) of the studies whose label or registration number has words beginning with all that is typed; those
    whose label begins with the text first."""
    rows = connection.execute(
        select(study.c.id, study.c.label, func.coalesce(study.c.registration, "").label("registration"))
        .where(study.c.deleted.is_(False))
        .order_by(study.c.position, study.c.id)
    )
    found = [row for row in rows if _begins(text, f"{row.label} {row.registration}")]
    found.sort(key=lambda row: not row.label.casefold().startswith(text.strip().casefold()))
    return tuple((row.id, row.label) for row in found[:limit])


def found_analyses(connection: Connection, text: str, limit: int) -> tuple[FoundAnalysis, ...]:
    """The analyses with this number, or whose label or comparison has words beginning with all that is typed; those
    with the number or the words in their own label first."""
    typed = text.strip()
    found: list[tuple[bool, FoundAnalysis]] = []
    for one in _analyses(connection):
        own = (bool(typed) and one.number.startswith(typed)) or _begins(typed, one.label)
        if own or _begins(typed, f"{one.comparison} {one.label}"):
            found.append((not own, one))
    found.sort(key=lambda each: each[0])
    return tuple(one for _, one in found[:limit])


def _analyses(connection: Connection) -> Iterator[FoundAnalysis]:
    """All analyses, numbered by their places as in the tree, but read without what makes them up."""
    comparisons = connection.execute(
        select(comparison.c.id, comparison.c.label)
        .where(comparison.c.deleted.is_(False))
        .order_by(comparison.c.position, comparison.c.id)
    ).all()
    within: dict[Id, list[tuple[Id, str]]] = defaultdict(list)
    for row in connection.execute(
        select(analysis.c.id, analysis.c.label, analysis.c.comparison_id)
        .where(analysis.c.deleted.is_(False))
        .order_by(analysis.c.position, analysis.c.id)
    ):
        within[row.comparison_id].append((row.id, row.label))
    for n, of in enumerate(comparisons, start=1):
        for m, (analysis_id, label) in enumerate(within[of.id], start=1):
            yield FoundAnalysis(analysis_id, f"{n}.{m}", label, of.label)


def _begins(typed: str, text: str) -> bool:
    """Whether each typed word begins a word of the text."""
    words: Sequence[str] = re.findall(r"\w+", text.casefold())
    wanted = re.findall(r"\w+", typed.casefold())
    return bool(wanted) and all(any(word.startswith(each) for word in words) for each in wanted)
