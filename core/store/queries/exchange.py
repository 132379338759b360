"""What is exchanged with other screening programs: what the records of a source carry, and records as they are kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from core.model import Id, Stage, Verdict
from core.references.record import ReferenceRecord
from core.store.queries.records import counts, live_parents
from core.store.schema import decision, exclusion_reason, import_batch, record, screening_note
from core.store.sight import Sight
from core.store.staging import reference

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class DeliveredFile:
    """A file as it was imported: its name, for every record the one that stands for it, and what the file said in its
    notes and under what Copse has no field for."""

    name: str
    records: tuple[Id, ...]
    delivered: tuple[ReferenceRecord, ...]


@dataclass(frozen=True, slots=True)
class SeenDecision:
    """A reviewer's decision on a record with their note; ``verdict`` None where there is but a note."""

    reviewer: str
    stage: Stage
    verdict: Verdict | None
    reason: str
    note: str


def delivered_files(connection: Connection, source_id: Id) -> tuple[DeliveredFile, ...]:
    """The files of a source whose import stands, in the order they came."""
    parents = live_parents(connection)

    def stands_for(record_id: Id) -> Id:
        while record_id in parents:
            record_id = parents[record_id]
        return record_id

    rows = connection.execute(
        select(import_batch.c.id, import_batch.c.file_name, record.c.id, record.c.notes, record.c.extra)
        .join(record, record.c.batch_id == import_batch.c.id)
        .where(import_batch.c.source_id == source_id, import_batch.c.deleted.is_(False))
        .order_by(record.c.n)
    )
    files: dict[Id, tuple[str, list[Id], list[ReferenceRecord]]] = {}
    for batch_id, name, record_id, notes, extra in rows:
        _, ids, delivered = files.setdefault(batch_id, (name, [], []))
        ids.append(stands_for(record_id))
        delivered.append(ReferenceRecord(notes=notes, extra={tag: tuple(values) for tag, values in extra.items()}))
    return tuple(DeliveredFile(name, tuple(ids), tuple(delivered)) for name, ids, delivered in files.values())


def kept_records(connection: Connection, ids: Sequence[Id] | None) -> list[tuple[Id, int, ReferenceRecord]]:
    """Records as they were imported with their numbers: these, in their order, or all that are screened."""
    if ids is None:
        rows = connection.execute(select(record).where(counts()).order_by(record.c.n))
        return [(row.id, row.n, reference(row)) for row in rows]
    found: dict[Id, tuple[Id, int, ReferenceRecord]] = {}
    for start in range(0, len(ids), _CHUNK):
        rows = connection.execute(select(record).where(record.c.id.in_(list(ids[start : start + _CHUNK]))))
        found |= {row.id: (row.id, row.n, reference(row)) for row in rows}
    return [found[one] for one in ids if one in found]


def seen_decisions(connection: Connection, sight: Sight, names: dict[Id, str]) -> dict[Id, list[SeenDecision]]:
    """All decisions and notes that the viewer may see, by record, in the order of ``names`` (the team's)."""
    found: dict[Id, list[SeenDecision]] = {}
    for stage in Stage:
        said = _notes(connection, sight, stage)
        rows = connection.execute(
            select(decision.c.record_id, decision.c.reviewer_id, decision.c.verdict, exclusion_reason.c.text)
            .join(exclusion_reason, exclusion_reason.c.id == decision.c.reason_id, isouter=True)
            .where(sight.decisions(connection, stage))
        )
        decided = {(who, of): (Verdict(verdict), reason or "") for of, who, verdict, reason in rows}
        for reviewer_id, name in names.items():
            mine = {of for who, of in (*decided, *said) if who == reviewer_id}
            for record_id in mine:
                key = (reviewer_id, record_id)
                verdict, reason = decided.get(key, (None, ""))
                one = SeenDecision(name, stage, verdict, reason, said.get(key, ""))
                found.setdefault(record_id, []).append(one)
    return found


def _notes(connection: Connection, sight: Sight, stage: Stage) -> dict[tuple[Id, Id], str]:
    """The notes of a stage that the viewer may see: {(reviewer, record): text}."""
    note = screening_note.c
    own = note.reviewer_id == sight.viewer.id
    rows = connection.execute(
        select(note.reviewer_id, note.record_id, note.text).where(
            note.stage == stage.value,
            note.deleted.is_(False),
            own | sight.others_shown(connection, stage, note.record_id),
        )
    )
    return {(who, of): text for who, of, text in rows}
