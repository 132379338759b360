"""References: sources, imports, the table of records, duplicates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import InputError
from core.model import Id, OpResult, SourceKind, Stage, derived_id, new_id
from core.session.base import Context, operation
from core.session.exchange import ExchangePart
from core.session.screening import short_title
from core.store import search, staging
from core.store.log import Transaction
from core.store.queries import records, screening
from core.store.queries.positions import next_position
from core.store.queries.records import RecordFilter, RecordView, RejectedView, SourceView
from core.store.sight import last_round, rounds_over
from core.store.staging import StagedFile

if TYPE_CHECKING:
    from core.references.columns import ReferenceColumns

ProgressReport = Callable[[str, int, int], None]
"""Called with what is being done, how far, and out of how many (0 when unknown)."""


_EVERYTHING = RecordFilter()


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import brought: entries read = new + duplicates + rejected. ``decisions`` made in another program came
    with them; they wait for `ReferencesPart.import_decisions`."""

    source_id: Id
    source_name: str
    file_name: str
    format: str
    read: int
    rejected: int
    duplicates: int
    decisions: int = 0

    @property
    def new(self) -> int:
        """Records that were not in the review before."""
        return self.read - self.rejected - self.duplicates


class ReferencesPart(ExchangePart):
    """Import and upkeep of records."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._verdicts = screening.Verdicts()

    # --- reading -----------------------------------------------------------------------------------------------------

    def sources(self) -> tuple[SourceView, ...]:
        """The sources with what they brought."""
        return records.sources(self._reader)

    def rejected(self, source_id: Id) -> tuple[RejectedView, ...]:
        """Entries of a source's files that were set aside."""
        return records.rejected_entries(self._reader, source_id)

    def count(self) -> int:
        """Records that are screened."""
        return records.count_records(self._reader)

    def ids(self, where: RecordFilter = _EVERYTHING, sort: str = "number", *, down: bool = False) -> list[Id]:
        """Ids of the records that pass the filter, sorted by number, title, year, journal or author."""
        verdict = self._verdicts.shown(self._reader, self._sight) if where.verdict else None
        return records.record_ids(self._reader, where, sort, down=down, verdict=verdict)

    def rows(self, ids: Sequence[Id]) -> dict[Id, RecordView]:
        """The records with these ids."""
        return records.record_views(self._reader, ids)

    def verdicts(self, ids: Sequence[Id]) -> dict[Id, str]:
        """What came of these records at title and abstract as far as one may see: "include", "exclude", "conflict";
        else one's own verdict ("maybe" too). Records without any are left out.

        What one may see is found out once after every change of the review, which takes long in a large one: ask off
        the window's thread first.
        """
        return self._verdicts.of(self._reader, self._sight, ids)

    def duplicate_groups(self) -> tuple[tuple[Id, ...], ...]:
        """Merged groups, the primary first."""
        return records.duplicate_groups(self._reader)

    # --- sources and imports -----------------------------------------------------------------------------------------

    @operation("references.source", "Source “{name}”")
    def put_source(
        self,
        tx: Transaction,
        source_id: Id | None = None,
        *,
        name: str,
        kind: SourceKind = SourceKind.DATABASE,
        platform: str = "",
        searched_on: str = "",
        query: str = "",
        hits: int | None = None,
        notice: str = "",
    ) -> Id:
        """Add a source, or change one."""
        return _put_source(
            tx, source_id, name=name, kind=kind.value, platform=platform, searched_on=searched_on, query=query,
            hits=hits, notice=notice,
        )  # fmt: skip

    def import_file(
        self,
        path: Path,
        source_id: Id | None = None,
        *,
        source_name: str = "",
        columns: ReferenceColumns | None = None,
        progress: ProgressReport | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> OpResult[ImportReport]:
        """Read a reference file and import it: stage, then `import_staged`.

        ``columns`` say what those of a table mean whose headings are not known. InputError when it is no reference
        file; nothing is changed then. To keep a window free, stage in a process of its own
        (`core.store.staging.stage_file`) and call `import_staged`.
        """
        with staging.scratch_file() as scratch:
            review = self._context.store.path
            staged = staging.stage_file(
                path, scratch, review=review, columns=columns, progress=progress, cancelled=cancelled
            )
            return self.import_staged(staged, source_id, source_name=source_name)

    def import_staged(
        self, staged: StagedFile, source_id: Id | None = None, *, source_name: str = ""
    ) -> OpResult[ImportReport]:
        """Take a staged file in, merge its sure duplicates with what is there, and index it for search."""
        result = self._import_staged(staged, source_id, source_name=source_name)
        store = self._context.store
        more = True
        while more:
            # In slices, so that decisions made meanwhile get their turn.
            with store.database.transaction() as connection:
                more = search.index_slice(connection)
        return result

    @operation("references.import", "Import of {file}")
    def _import_staged(
        self, tx: Transaction, staged: StagedFile, source_id: Id | None, *, source_name: str
    ) -> ImportReport:
        tx.name(file=staged.file_name)
        if source_id is None:
            known = {s.name.casefold(): s.id for s in records.sources(tx.connection)}
            name = source_name.strip() or staged.guessed_source
            source_id = known.get(name.casefold()) or _put_source(
                tx, None, name=name, kind=staged.guessed_kind, platform=staged.guessed_platform
            )
        source = tx.live("source", source_id)
        if source is None:
            raise InputError("source.gone", "This source is no longer in the review. Nothing was imported.")
        tx.put(
            "import_batch",
            staged.batch_id,
            source_id=source_id,
            file_name=staged.file_name,
            file_hash=staged.file_hash,
            format=staged.format,
            encoding=staged.encoding,
            records=staged.records,
            rejected=staged.rejected,
            content_hash=staged.content_hash,
            round=self._round(tx),
        )
        staging.bring_in(tx.connection, staged)
        merged = _merge_pairs(tx, staging.pairs_now(tx.connection, staged), how="sure")
        return ImportReport(
            source_id,
            source["name"],
            staged.file_name,
            staged.format,
            staged.records + staged.rejected,
            staged.rejected,
            len(merged),
            staged.decisions,
        )

    def _round(self, tx: Transaction) -> int:
        """The round of imports a file joins: a new one when all that came before has been screened."""
        last = last_round(tx.connection)
        over = rounds_over(tx.connection, Stage.TITLE_ABSTRACT, self._sight.needed)
        return max(1, last + 1 if over == last else last)

    # --- duplicates --------------------------------------------------------------------------------------------------

    @operation("references.merge", "Merging “{title}” with its duplicate")
    def merge(self, tx: Transaction, primary_id: Id, record_id: Id) -> None:
        """Say that a record is a duplicate of another, which stands for both."""
        views = records.record_views(tx.connection, [primary_id, record_id])
        if primary_id == record_id or len(views) < 2:
            raise InputError("duplicates.pair", "Two different records make a pair. Nothing was changed.")
        tx.name(title=short_title(views[primary_id].title))
        _merge_pairs(tx, [(record_id, primary_id)], how="reviewer")

    @operation("references.split", "Keeping “{title}” apart")
    def split(self, tx: Transaction, record_id: Id) -> None:
        """Take a record out of its duplicate group; it is screened on its own again."""
        view = records.record_views(tx.connection, [record_id])[record_id]
        tx.name(title=short_title(view.title))
        tx.put("duplicate", derived_id("duplicate", record_id), record_id=record_id, primary_id=record_id, how="apart")


def _put_source(tx: Transaction, source_id: Id | None, *, name: str, **fields: object) -> Id:
    if not name.strip():
        raise InputError("source.no_name", "A source needs a name, such as MEDLINE (Ovid). Nothing was changed.")
    tx.name(name=name.strip())
    position = next_position(tx.connection, "source")
    existing = tx.live("source", source_id) if source_id is not None else None
    if source_id is not None and existing is None:
        raise InputError("source.gone", "This source is no longer in the review. Nothing was changed.")
    return tx.put(
        "source",
        source_id or new_id(),
        name=name.strip(),
        position=existing["position"] if existing else position,
        **fields,
    )


def _merge_pairs(tx: Transaction, pairs: Sequence[tuple[Id, Id]], *, how: str) -> list[Id]:
    """Write (record, primary) pairs, each group under one primary; the records that now follow."""
    before = records.live_parents(tx.connection)
    parents = dict(before)

    def root(record_id: Id) -> Id:
        while record_id in parents:
            record_id = parents[record_id]
        return record_id

    merged: list[Id] = []
    for record_id, primary_id in pairs:
        child, primary = root(record_id), root(primary_id)
        if child != primary:
            parents[child] = primary
            merged.append(child)
    moved = [r for r in parents if root(r) != before.get(r)]
    tx.preload("duplicate", [derived_id("duplicate", r) for r in moved])
    for record_id in moved:
        row_id = derived_id("duplicate", record_id)
        tx.put("duplicate", row_id, record_id=record_id, primary_id=root(record_id), how=how)
    return merged
