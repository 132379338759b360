"""From a file to its records: what kind of file it is, its encoding, its format, and what could not be used.

Files are recognised by what they hold, never by their name. What is no reference file is refused with a sentence that
says what it is and what to do; nothing of it is imported. Of a reference file every entry is imported or reported.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

from core.errors import CopseError, InputError
from core.references import encodings
from core.references.encodings import file_bytes
from core.references.formats import FORMATS, Entry, Format, delimited
from core.references.guess import guess_database
from core.references.record import ParsedFile, ReferenceRecord, RejectedEntry

HEAD = 65_536
"""Characters of a text that formats are recognised by."""

REPORT_EVERY = 500
"""Entries between two calls of ``progress`` and ``cancelled``."""

Progress = Callable[[float], None]
Cancelled = Callable[[], bool]


class ImportCancelled(CopseError):
    """The person stopped the import; nothing of the file was imported."""


def read_file(path: str | Path, progress: Progress | None = None, cancelled: Cancelled | None = None) -> ParsedFile:
    """All entries of a reference file.

    ``progress`` is called with the share of the file read (0 to 1), ``cancelled`` asked now and then whether to stop.
    Raises InputError for what is no reference file, and ImportCancelled.
    """
    path = Path(path)
    return read_bytes(file_bytes(path), path.name, progress, cancelled)


def read_bytes(
    data: bytes, name: str, progress: Progress | None = None, cancelled: Cancelled | None = None
) -> ParsedFile:
    """As read_file, for content that is in memory; ``name`` is the file's name for messages."""
    encodings.refuse_other_files(data, name)
    text, encoding = encodings.decode(data, name)
    del data
    found = recognise(text, name)
    with _no_cycle_search():
        records, rejected = _read(found, text, name, progress, cancelled)
    if not records and not rejected:
        raise InputError(
            "import.no-records",
            "{file} looks like {format}, but holds no reference. Export the search again. Nothing was imported.",
            file=name,
            format=found.label,
        )
    if progress:
        progress(1.0)
    return ParsedFile(name, found.key, encoding, tuple(records), tuple(rejected), guess_database(found.key, records))


@contextmanager
def _no_cycle_search() -> Generator[None]:
    """Keep Python from looking for reference cycles among the records again and again: they have none, and it costs a
    fifth of the time."""
    searching = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searching:
            gc.enable()


def _read(
    found: Format, text: str, name: str, progress: Progress | None, cancelled: Cancelled | None
) -> tuple[list[ReferenceRecord], list[RejectedEntry]]:
    """Every entry of the text, as imported or reported."""
    records: list[ReferenceRecord] = []
    rejected: list[RejectedEntry] = []
    line, counted = 1, 0
    for position, entry in enumerate(found.parse(text), start=1):
        fault = entry.fault or _missing(entry)
        if fault:
            line, counted = line + text.count("\n", counted, entry.begin), entry.begin
            rejected.append(RejectedEntry(position, line, *fault, text[entry.begin : entry.end].rstrip()))
        else:
            records.append(entry.record)
        if position % REPORT_EVERY == 0:
            if cancelled and cancelled():
                raise ImportCancelled(
                    "import.cancelled", "Reading {file} was stopped. Nothing was imported.", file=name
                )
            if progress:
                progress(entry.end / len(text))
    return records, rejected


def recognise(text: str, name: str) -> Format:
    """The format a text is in; InputError when it is in none that Copse reads."""
    head = text[:HEAD]
    score, best = max(((format.sniff(head), format) for format in FORMATS), key=lambda found: found[0])
    if score <= 0 and Path(name).suffix.lower() in delimited.FORMAT.suffixes[:2]:
        raise InputError(
            "import.no-heading",
            "{file} has no line of headings Copse knows. Name the columns Title, Authors, Year, Journal, Abstract, DOI"
            " and so on, and import it again. Nothing was imported.",
            file=name,
        )
    if score <= 0:
        raise InputError(
            "import.unknown-format",
            "{file} is not in a format Copse reads. It reads: {formats}. Export the search in one of these and import"
            " that. Nothing was imported.",
            file=name,
            formats=", ".join(format.label for format in FORMATS),
        )
    return best


def _missing(entry: Entry) -> tuple[str, str] | None:
    """Why an entry cannot be used, as code and sentence; None when it can."""
    if entry.record.usable:
        return None
    return "entry.untitled", "The entry has no title, no abstract and no DOI, so nobody could screen it."
