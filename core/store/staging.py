"""Import in two steps: a file is read and compared in a scratch database, then taken in by one short transaction.

The first step is the long one. It may run in a process of its own, because reading text holds Python's lock and would
make a window stutter; it looks for the records that are there in a copy of them.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import tempfile
from collections.abc import Callable, Generator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from sqlalchemy import URL, ColumnElement, Connection, Engine, create_engine, func, insert, select
from sqlalchemy.pool import NullPool

from core.errors import InputError, readable
from core.language import mark
from core.model import Id, SourceKind, derived_id, new_id
from core.references.record import ParsedFile, ReferenceRecord
from core.store.database import explain_errors, problem_of
from core.store.queries.records import is_duplicate, is_live
from core.store.schema import duplicate, import_batch, metadata, record, rejected_entry

if TYPE_CHECKING:
    from core.references.columns import ReferenceColumns
    from core.references.dedupe import DedupeKey

ProgressReport = Callable[[str, int, int], None]
_SLICE = 1000


@dataclass(frozen=True, slots=True)
class StagedFile:
    """A reference file that has been read: its counts, and where its rows wait.

    ``pairs`` are (record, primary) among what there was up to record number ``known``; ``decisions`` were made in
    another screening program and came with the records.
    """

    scratch: str
    batch_id: Id
    file_name: str
    file_hash: str
    format: str
    encoding: str
    guessed_source: str
    guessed_kind: str
    guessed_platform: str
    records: int
    rejected: int
    content_hash: str
    pairs: tuple[tuple[Id, Id], ...]
    known: int
    decisions: int = 0


@contextmanager
def scratch_file() -> Generator[Path]:
    """A place for staged rows, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="copse-import-", ignore_cleanup_errors=True) as folder:
        yield Path(folder) / "staged.sqlite"


def stage_file(
    path: Path,
    scratch: Path,
    *,
    review: Path | None = None,
    columns: ReferenceColumns | None = None,
    progress: ProgressReport | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> StagedFile:
    """Read ``path``, find its sure duplicates within itself and against ``review``, and lay its rows in ``scratch``.

    ``columns`` say what those of a table mean whose headings are not known. InputError when it is no reference file, or
    holds nothing that could be imported.
    """
    from core.interchange.screening_exports import decisions_of
    from core.references.columns import read_columns
    from core.references.reading import read_file

    report = progress or _silent
    report(mark("Reading"), 0, 0)
    if columns is not None:
        parsed = read_columns(path, columns)
    else:
        parsed = read_file(path, lambda share: report(mark("Reading"), round(100 * share), 100), cancelled)
    if not parsed.records:
        raise InputError(
            "import.nothing",
            "{name} holds no entry that can be used ({number} were set aside: no title, abstract or DOI). "
            "Nothing was imported. Export the search again with titles and abstracts.",
            name=path.name,
            number=len(parsed.rejected),
        )
    batch_id = new_id()
    ids = [derived_id("record", batch_id, position) for position in range(len(parsed.records))]
    report(mark("Looking for duplicates"), 0, len(ids))
    pairs, known = _sure_pairs(parsed, ids, review)
    report(mark("Laying out"), 0, len(ids))
    content_hash = _lay_out(scratch, parsed, batch_id, ids)
    name, kind, platform = _guess_source(parsed, path)
    return StagedFile(
        str(scratch), batch_id, readable(path.name), hashlib.sha256(path.read_bytes()).hexdigest(), parsed.format,
        parsed.encoding, name, kind, platform, len(parsed.records), len(parsed.rejected), content_hash, pairs, known,
        len(decisions_of(parsed.records, path.name)),
    )  # fmt: skip


def copy_known(review: Path, target: Path) -> None:
    """Copy to the new file ``target`` what `stage_file` asks of a review, so that it can be asked instead of it."""
    with closing(sqlite3.connect(target, isolation_level=None, uri=True)) as copy:
        try:
            copy.execute("PRAGMA journal_mode=OFF")
            copy.execute("PRAGMA synchronous=OFF")
            copy.execute("ATTACH ? AS review", (f"file:{quote(os.fsencode(review))}?mode=ro",))
            copy.execute("BEGIN")  # one state of the review for all tables
            for table, key in ((import_batch, "id"), (record, "id"), (duplicate, "record_id")):
                copy.execute(f"CREATE TABLE {table.name} AS SELECT * FROM review.{table.name}")
                copy.execute(f"CREATE INDEX {table.name}_known ON {table.name} ({key})")
            copy.execute("COMMIT")
        except sqlite3.Error as error:
            raise problem_of(error, review) from error


def bring_in(connection: Connection, staged: StagedFile) -> None:
    """Copy the staged rows into the review."""
    engine = _scratch_engine(Path(staged.scratch))
    columns = [c for c in record.c if c.name != "n"]
    with engine.connect() as rows:
        for table, selected in (
            (record, select(*columns).order_by(record.c.n)),
            (rejected_entry, select(rejected_entry)),
        ):
            for part in rows.execute(selected).mappings().partitions(_SLICE):
                connection.execute(insert(table), [dict(r) for r in part])
    engine.dispose()


def reference(row: Any) -> ReferenceRecord:
    """A stored record as the reference it was imported from."""
    return ReferenceRecord(
        kind=row.kind,
        title=row.title,
        abstract=row.abstract,
        authors=tuple(row.authors),
        journal=row.journal,
        year=row.year,
        volume=row.volume,
        issue=row.issue,
        pages=row.pages,
        doi=row.doi,
        pmid=row.pmid,
        accession=row.accession,
        issn=row.issn,
        isbn=row.isbn,
        language=row.language,
        keywords=tuple(row.keywords),
        urls=tuple(row.urls),
        database=row.database,
        notes=row.notes,
        extra={tag: tuple(values) for tag, values in row.extra.items()},
    )


def _lay_out(scratch: Path, parsed: ParsedFile, batch_id: Id, ids: list[Id]) -> str:
    """Write the rows; the hash over all records' contents."""
    engine = _scratch_engine(scratch)
    digest = hashlib.sha256()
    rows: list[dict[str, Any]] = []
    for position, (row_id, one) in enumerate(zip(ids, parsed.records, strict=True)):
        content = one.content_hash()
        digest.update(content.encode())
        rows.append(record_row(one, content, row_id, batch_id, position))
    with engine.begin() as connection:
        metadata.create_all(connection, tables=[record, rejected_entry])
        for start in range(0, len(rows), _SLICE):
            connection.execute(insert(record), rows[start : start + _SLICE])
        if parsed.rejected:
            connection.execute(
                insert(rejected_entry),
                [
                    {"batch_id": batch_id, "position": r.position, "line": r.line, "reason": r.text, "raw": r.raw}
                    for r in parsed.rejected
                ],
            )
    engine.dispose()
    return digest.hexdigest()


def record_row(one: ReferenceRecord, content: str, row_id: Id, batch_id: Id, position: int) -> dict[str, Any]:
    """A record as the table holds it; ``content`` is its hash."""
    return {
        "id": row_id,
        "batch_id": batch_id,
        "position": position,
        "kind": one.kind,
        "title": one.title,
        "sort_title": sort_title(one.title),
        "abstract": one.abstract,
        "authors": list(one.authors),
        "first_author": one.authors[0].casefold() if one.authors else "",
        "journal": one.journal,
        "year": one.year,
        "volume": one.volume,
        "issue": one.issue,
        "pages": one.pages,
        "doi": one.doi,
        "pmid": one.pmid,
        "accession": one.accession,
        "issn": one.issn,
        "isbn": one.isbn,
        "language": one.language,
        "database": one.database,
        "notes": one.notes,
        "keywords": list(one.keywords),
        "urls": list(one.urls),
        "extra": {tag: list(values) for tag, values in one.extra.items()},
        "content_hash": content,
    }


def sort_title(title: str) -> str:
    """A title as a list is sorted by it: without case, leading article or bracket."""
    key = title.casefold().lstrip("[(\"'“‘ ")
    for article in ("the ", "an ", "a "):
        if key.startswith(article):
            return key[len(article) :]
    return key


def pairs_now(connection: Connection, staged: StagedFile) -> tuple[tuple[Id, Id], ...]:
    """The pairs of a file that has been brought in, looked for again if other records came while it was read."""
    newest = select(func.max(record.c.n)).where(record.c.batch_id != staged.batch_id)
    if (connection.execute(newest).scalar() or 0) <= staged.known:
        return staged.pairs
    before = _keys(connection, is_live(), ~is_duplicate(), record.c.batch_id != staged.batch_id)
    return _pairs(before, _keys(connection, record.c.batch_id == staged.batch_id))


def _sure_pairs(parsed: ParsedFile, ids: list[Id], review: Path | None) -> tuple[tuple[tuple[Id, Id], ...], int]:
    """The pairs of a file, and the number of the last record of the review that was looked at."""
    from core.references.dedupe import dedupe_key

    before: list[tuple[Id, DedupeKey]] = []
    known = 0
    if review is not None:
        engine = _scratch_engine(review)
        with engine.connect() as connection:
            known = connection.execute(select(func.max(record.c.n))).scalar() or 0
            before = _keys(connection, is_live(), ~is_duplicate(), record.c.n <= known)
        engine.dispose()
    return _pairs(before, [(row_id, dedupe_key(one)) for row_id, one in zip(ids, parsed.records, strict=True)]), known


def _keys(connection: Connection, *where: ColumnElement[bool]) -> list[tuple[Id, DedupeKey]]:
    from core.references.dedupe import dedupe_key

    rows = connection.execute(select(record).where(*where).order_by(record.c.n))
    return [(row.id, dedupe_key(reference(row))) for row in rows]


def _pairs(before: Sequence[tuple[Id, DedupeKey]], new: Sequence[tuple[Id, DedupeKey]]) -> tuple[tuple[Id, Id], ...]:
    """(new record, record it duplicates): one that was there before if there is one, so that decisions keep."""
    from core.references.dedupe import exact_groups

    ids = [row_id for row_id, _ in (*before, *new)]
    pairs: list[tuple[Id, Id]] = []
    for group in exact_groups([key for _, key in (*before, *new)]):
        earlier = [m for m in group.members if m < len(before)]
        primary = earlier[0] if earlier else group.primary
        pairs += [(ids[m], ids[primary]) for m in group.members if m >= len(before) and m != primary]
    return tuple(pairs)


def _guess_source(parsed: ParsedFile, path: Path) -> tuple[str, str, str]:
    """(name, kind, platform) of the source, to be corrected by the user where wrong."""
    name = parsed.database or readable(path.stem)
    registers = ("clinicaltrials.gov", "ictrp", "isrctn", "euctr")
    kind = SourceKind.REGISTER if name.casefold().startswith(registers) else SourceKind.DATABASE
    platform = name[name.index("(") + 1 : -1] if name.endswith(")") and "(" in name else ""
    return name, kind.value, platform


def _scratch_engine(path: Path) -> Engine:
    # Not written as an address: a file may have ? or # in its name.
    engine = create_engine(URL.create("sqlite", database=str(path)), poolclass=NullPool)
    explain_errors(engine, path, is_new=True)
    return engine


def _silent(_what: str, _done: int, _total: int) -> None:
    """Progress nobody listens to."""
