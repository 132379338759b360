"""Records: which ones count, and what is shown of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import ColumnElement, Connection, Select, and_, case, exists, func, literal, not_, or_, select

from core.model import Id, SourceKind, Stage, Standing, Verdict
from core.store import search
from core.store.schema import decision, duplicate, import_batch, record, rejected_entry, resolution, source

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class RecordView:
    """A record as it is shown; text is as imported, year is None where the source gave none."""

    id: Id
    number: int
    title: str
    abstract: str
    authors: tuple[str, ...]
    journal: str
    year: int | None
    volume: str
    issue: str
    pages: str
    doi: str
    pmid: str
    accession: str
    kind: str
    language: str
    keywords: tuple[str, ...]
    urls: tuple[str, ...]
    sources: tuple[str, ...]
    primary_id: Id | None


@dataclass(frozen=True, slots=True)
class SourceView:
    """A source with what its files brought."""

    id: Id
    name: str
    kind: str
    platform: str
    searched_on: str
    query: str
    hits: int | None
    notice: str
    records: int
    rejected: int
    duplicates: int


@dataclass(frozen=True, slots=True)
class RejectedView:
    """An entry of an imported file that could not be taken."""

    position: int
    line: int | None
    reason: str
    raw: str


@dataclass(frozen=True, slots=True)
class RecordFilter:
    """Which records a table shows. Empty values do not filter."""

    text: str = ""
    source_id: Id | None = None
    year_from: int | None = None
    year_to: int | None = None
    duplicates: bool = False
    """Whether records that follow another one are listed too."""
    verdict: str = ""
    """What is shown of its screening (see `screening.shown_verdict`), "none" for nothing yet."""


SORT_KEYS = ("number", "title", "year", "journal", "author")


def _batch_is_live(batch_id: ColumnElement[bytes]) -> ColumnElement[bool]:
    return exists().where(import_batch.c.id == batch_id, import_batch.c.deleted.is_(False))


@cache
def is_live() -> ColumnElement[bool]:
    """Condition on ``record``: its import has not been taken back."""
    dead = select(import_batch.c.id).where(import_batch.c.deleted)
    return record.c.batch_id.not_in(dead)


@cache
def is_duplicate() -> ColumnElement[bool]:
    """Condition on ``record``: it follows another record that is itself there."""
    primary = record.alias("primary_record")
    return exists().where(
        duplicate.c.record_id == record.c.id,
        duplicate.c.deleted.is_(False),
        # A record that a reviewer keeps apart is marked by pointing at itself.
        duplicate.c.primary_id != record.c.id,
        primary.c.id == duplicate.c.primary_id,
        _batch_is_live(primary.c.batch_id),
    )


@cache
def counts() -> ColumnElement[bool]:
    """Condition on ``record``: it is there and stands for its duplicate group, so it is screened."""
    return and_(is_live(), not_(is_duplicate()))


@cache
def is_new() -> ColumnElement[bool]:
    """Condition on ``record``: it came by a search, not with an earlier version of the review."""
    return record.c.batch_id.not_in(from_previous())


def from_previous() -> Select[tuple[bytes]]:
    """The imports that are an earlier version of the review."""
    return (
        select(import_batch.c.id)
        .join(source, source.c.id == import_batch.c.source_id)
        .where(source.c.kind == SourceKind.PREVIOUS.value, source.c.deleted.is_(False))
    )


def standing_of(
    stage: Stage, needed: int, record_id: ColumnElement[bytes], shown: ColumnElement[bool] | None = None
) -> ColumnElement[str]:
    """Where a record stands at a stage: the one place that says how judgements combine.

    A resolution decides. Otherwise all needed judgements must be in; at title/abstract include and maybe both carry a
    record forward, so only one of them against exclude is a conflict; at full text any difference is one, and so is
    excluding for different reasons. ``shown`` limits it to what the viewer may see: the rest is open to them.
    """
    d = decision.alias()
    mine = (d.c.record_id == record_id, d.c.stage == stage.value, d.c.deleted.is_(False))

    def number(what: ColumnElement[int]) -> ColumnElement[int]:
        return select(what).where(*mine).scalar_subquery()

    total = number(func.count())
    excluded = number(func.count(case((d.c.verdict == Verdict.EXCLUDE, 1))))
    settled = (
        select(resolution.c.verdict)
        .where(resolution.c.record_id == record_id, resolution.c.stage == stage.value, resolution.c.deleted.is_(False))
        .scalar_subquery()
    )
    agreed_exclude = excluded == total
    agreed_include = excluded == 0
    if stage is Stage.FULL_TEXT:
        reasons = number(func.count(func.distinct(func.coalesce(d.c.reason_id, literal(b"")))))
        included = number(func.count(case((d.c.verdict == Verdict.INCLUDE, 1))))
        agreed_exclude = and_(agreed_exclude, reasons == 1)
        agreed_include = included == total
    # Two copies merged may leave more judgements than needed; none may be overlooked.
    combined = case(
        (total < needed, Standing.OPEN.value),
        (agreed_exclude, Standing.EXCLUDED.value),
        (agreed_include, Standing.INCLUDED.value),
        else_=Standing.CONFLICT.value,
    )
    if shown is not None:
        combined = case((shown, combined), else_=Standing.OPEN.value)
    return case(
        (settled == Verdict.EXCLUDE, Standing.EXCLUDED.value),
        (settled.is_not(None), Standing.INCLUDED.value),
        else_=combined,
    )


def in_stage(stage: Stage, needed: int, shown: ColumnElement[bool] | None = None) -> ColumnElement[bool]:
    """Condition on ``record``: it is screened at this stage."""
    if stage is Stage.TITLE_ABSTRACT:
        return counts()
    passed = standing_of(Stage.TITLE_ABSTRACT, needed, record.c.id, shown) == Standing.INCLUDED
    # Deciding at title/abstract comes first in the query: few records have any judgement that could carry them on.
    carried = or_(
        exists().where(
            decision.c.record_id == record.c.id,
            decision.c.stage == Stage.TITLE_ABSTRACT.value,
            decision.c.verdict != Verdict.EXCLUDE.value,
            decision.c.deleted.is_(False),
        ),
        exists().where(
            resolution.c.record_id == record.c.id,
            resolution.c.stage == Stage.TITLE_ABSTRACT.value,
            resolution.c.verdict != Verdict.EXCLUDE.value,
            resolution.c.deleted.is_(False),
        ),
    )
    return and_(counts(), carried, passed)


def count_records(connection: Connection) -> int:
    """Records that are screened: imports taken back and duplicates do not count."""
    return connection.execute(select(func.count()).select_from(record).where(counts())).scalar_one()


def record_ids(
    connection: Connection,
    where: RecordFilter,
    sort: str = "number",
    *,
    down: bool = False,
    verdict: ColumnElement[str] | None = None,
) -> list[Id]:
    """Ids of the records a table shows, in its order; ``verdict`` is what the filter's word is compared with."""
    columns = {
        "number": record.c.n,
        "title": record.c.sort_title,
        "year": record.c.year,
        "journal": record.c.journal,
        "author": record.c.first_author,
    }
    key = columns[sort]
    statement = select(record.c.id).where(is_live() if where.duplicates else counts())
    if where.source_id is not None:
        batches = select(import_batch.c.id).where(import_batch.c.source_id == where.source_id)
        statement = statement.where(record.c.batch_id.in_(batches))
    if where.year_from is not None:
        statement = statement.where(record.c.year >= where.year_from)
    if where.year_to is not None:
        statement = statement.where(record.c.year <= where.year_to)
    if where.verdict and verdict is not None:
        statement = statement.where(verdict == ("" if where.verdict == "none" else where.verdict))
    if where.text.strip():
        found = search.matching(where.text)
        statement = statement.where(record.c.n.in_(found))
    statement = statement.order_by(key.desc() if down else key, record.c.n)
    return list(connection.execute(statement).scalars())


def record_views(connection: Connection, ids: Sequence[Id]) -> dict[Id, RecordView]:
    """The records with these ids."""
    views: dict[Id, RecordView] = {}
    for start in range(0, len(ids), _CHUNK):
        part = ids[start : start + _CHUNK]
        names = _source_names(connection, part)
        primary = (
            select(duplicate.c.primary_id)
            .where(
                duplicate.c.record_id == record.c.id,
                duplicate.c.deleted.is_(False),
                duplicate.c.primary_id != record.c.id,
            )
            .scalar_subquery()
        )
        for r in connection.execute(select(record, primary.label("primary_id")).where(record.c.id.in_(part))):
            views[r.id] = RecordView(
                id=r.id,
                number=r.n,
                title=r.title,
                abstract=r.abstract,
                authors=tuple(r.authors),
                journal=r.journal,
                year=r.year,
                volume=r.volume,
                issue=r.issue,
                pages=r.pages,
                doi=r.doi,
                pmid=r.pmid,
                accession=r.accession,
                kind=r.kind,
                language=r.language,
                keywords=tuple(r.keywords),
                urls=tuple(r.urls),
                sources=names.get(r.id, ()),
                primary_id=r.primary_id,
            )
    return views


def titles(connection: Connection, ids: Sequence[Id]) -> dict[Id, str]:
    """The titles of the records with these ids."""
    found: dict[Id, str] = {}
    for start in range(0, len(ids), _CHUNK):
        part = ids[start : start + _CHUNK]
        rows = connection.execute(select(record.c.id, record.c.title).where(record.c.id.in_(part)))
        found |= {row.id: row.title for row in rows}
    return found


def _source_names(connection: Connection, ids: Sequence[Id]) -> dict[Id, tuple[str, ...]]:
    """The sources that delivered each record or a duplicate of it."""
    member = select(record.c.id.label("of_id"), record.c.batch_id).where(record.c.id.in_(ids))
    follower = (
        select(duplicate.c.primary_id.label("of_id"), record.c.batch_id)
        .join(record, record.c.id == duplicate.c.record_id)
        .where(duplicate.c.primary_id.in_(ids), duplicate.c.deleted.is_(False))
    )
    delivered = member.union(follower).subquery()
    rows = connection.execute(
        select(delivered.c.of_id, source.c.name)
        .join(import_batch, import_batch.c.id == delivered.c.batch_id)
        .join(source, source.c.id == import_batch.c.source_id)
        .where(import_batch.c.deleted.is_(False))
        .distinct()
        .order_by(source.c.position, source.c.name)
    )
    names: dict[Id, tuple[str, ...]] = {}
    for of_id, name in rows:
        names[of_id] = (*names.get(of_id, ()), name)
    return names


def sources(connection: Connection) -> tuple[SourceView, ...]:
    """All sources in order, with the counts of their live imports."""
    batches = (
        select(
            import_batch.c.source_id,
            func.sum(import_batch.c.records).label("records"),
            func.sum(import_batch.c.rejected).label("rejected"),
        )
        .where(import_batch.c.deleted.is_(False))
        .group_by(import_batch.c.source_id)
        .subquery()
    )
    followers = (
        select(import_batch.c.source_id, func.count().label("duplicates"))
        .select_from(record.join(import_batch, import_batch.c.id == record.c.batch_id))
        .where(is_live(), is_duplicate())
        .group_by(import_batch.c.source_id)
        .subquery()
    )
    rows = connection.execute(
        select(
            source,
            func.coalesce(batches.c.records, 0).label("records"),
            func.coalesce(batches.c.rejected, 0).label("rejected"),
            func.coalesce(followers.c.duplicates, 0).label("duplicates"),
        )
        .join(batches, batches.c.source_id == source.c.id, isouter=True)
        .join(followers, followers.c.source_id == source.c.id, isouter=True)
        .where(source.c.deleted.is_(False))
        .order_by(source.c.position, source.c.name)
    )
    return tuple(
        SourceView(
            r.id, r.name, r.kind, r.platform, r.searched_on, r.query, r.hits, r.notice, r.records, r.rejected,
            r.duplicates,
        )
        for r in rows
    )  # fmt: skip


def rejected_entries(connection: Connection, source_id: Id) -> tuple[RejectedView, ...]:
    """Entries of the source's files that were set aside, with the reason."""
    rows = connection.execute(
        select(rejected_entry)
        .join(import_batch, import_batch.c.id == rejected_entry.c.batch_id)
        .where(import_batch.c.source_id == source_id, import_batch.c.deleted.is_(False))
        .order_by(rejected_entry.c.batch_id, rejected_entry.c.position)
    )
    return tuple(RejectedView(r.position, r.line, r.reason, r.raw) for r in rows)


def live_parents(connection: Connection) -> dict[Id, Id]:
    """{record: the record it follows}, as far as in force: one whose import was taken back stands for nothing."""
    rows = connection.execute(
        select(duplicate.c.record_id, duplicate.c.primary_id)
        .join(record, record.c.id == duplicate.c.primary_id)
        .where(duplicate.c.deleted.is_(False), duplicate.c.primary_id != duplicate.c.record_id, is_live())
    )
    return {row[0]: row[1] for row in rows}


def duplicate_groups(connection: Connection, limit: int = 10_000) -> tuple[tuple[Id, ...], ...]:
    """Merged groups: the primary first, then the records that follow it."""
    rows = connection.execute(
        select(duplicate.c.primary_id, record.c.id)
        .join(record, record.c.id == duplicate.c.record_id)
        .where(duplicate.c.deleted.is_(False), duplicate.c.primary_id != duplicate.c.record_id, is_live())
        .order_by(duplicate.c.primary_id, record.c.n)
        .limit(limit)
    )
    groups: dict[Id, list[Id]] = {}
    for primary_id, record_id in rows:
        groups.setdefault(primary_id, [primary_id]).append(record_id)
    return tuple(tuple(g) for g in groups.values())
