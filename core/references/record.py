"""What a reference file holds once read: records, the entries that could not be used, and the file they came in."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields

KINDS = ("article", "book", "chapter", "conference", "thesis", "report", "preprint", "patent", "web", "data", "other")
"""What a record may be; formats map their types onto these, and ``extra`` keeps a delivered type that says more."""


def _empty() -> dict[str, tuple[str, ...]]:
    return {}


@dataclass(frozen=True, slots=True)
class ReferenceRecord:
    """One reference as a source delivered it. Text is as delivered but for surrounding space and line breaks.

    ``kind`` is one of KINDS; ``doi`` is the bare DOI; ``pages`` is "first-last" or as delivered; ``database`` names the
    database as the file does. ``extra`` keeps what stood under tags that have no field here, and the delivered text
    wherever a field holds a cleaned form of it. Empty text, empty tuple and None mean: the file does not say.
    """

    kind: str = "other"
    title: str = ""
    abstract: str = ""
    authors: tuple[str, ...] = ()
    journal: str = ""
    year: int | None = None
    volume: str = ""
    issue: str = ""
    pages: str = ""
    doi: str = ""
    pmid: str = ""
    accession: str = ""
    issn: str = ""
    isbn: str = ""
    language: str = ""
    keywords: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    database: str = ""
    notes: str = ""
    extra: Mapping[str, tuple[str, ...]] = field(default_factory=_empty, hash=False)

    @property
    def usable(self) -> bool:
        """Whether a person could screen or find the report: it has a title, an abstract or a DOI."""
        return bool(self.title or self.abstract or self.doi)

    def content_hash(self) -> str:
        """SHA-256 (hex) over every field: equal for equal records, in every run and on every machine."""
        parts: list[str] = []
        for name in _FIELD_NAMES:
            texts = _texts(getattr(self, name))
            parts.append(f"{name} {len(texts)}")
            parts.extend(f"{len(text)} {text}" for text in texts)
        return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _texts(value: str | int | tuple[str, ...] | Mapping[str, tuple[str, ...]] | None) -> tuple[str, ...]:
    """A field's value as texts; tags of a mapping in alphabetical order, each with the number of its values."""
    if isinstance(value, tuple):
        return value
    if isinstance(value, Mapping):
        return tuple(text for tag in sorted(value) for text in (tag, str(len(value[tag])), *value[tag]))
    return ("" if value is None else str(value),)


_FIELD_NAMES = tuple(f.name for f in fields(ReferenceRecord))


@dataclass(frozen=True, slots=True)
class RejectedEntry:
    """An entry of a file that could not be imported: where it stands, why it was set aside, and its text.

    ``position`` counts all entries of the file from 1, imported ones included; ``line`` is its first line, from 1.
    ``reason`` is a stable code (``"entry.empty"``), ``text`` the English sentence.
    """

    position: int
    line: int
    reason: str
    text: str
    raw: str


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """A reference file, read whole: every entry of it is either in ``records`` or in ``rejected``.

    ``format`` is the key of the format, ``encoding`` the character encoding found, ``database`` the database or
    platform the file seems to come from ("" when it does not show).
    """

    name: str
    format: str
    encoding: str
    records: tuple[ReferenceRecord, ...]
    rejected: tuple[RejectedEntry, ...]
    database: str = ""

    @property
    def entries(self) -> int:
        """How many entries the file holds: imported and set aside."""
        return len(self.records) + len(self.rejected)
