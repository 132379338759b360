"""References as RIS with the study they are of: in a data package each begins with its study's name, under NS."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from core.interchange.model import Reference

_TYPES: Final = {
    "journal_article": "JOUR",
    "cochrane_review": "JOUR",
    "cochrane_protocol": "JOUR",
    "book": "BOOK",
    "book_section": "CHAP",
    "conference_proc": "CONF",
    "correspondence": "PCOMM",
    "computer_program": "COMP",
    "unpublished": "UNPB",
}
_RANGE: Final = re.compile(r"([^-\s]+)-([^-\s]+)")


def ris_of(study: str, references: Sequence[Reference]) -> str:
    """The references of a study; one without any has an entry that only names it."""
    entries = [list(_lines(reference)) for reference in references] or [[("TY", "JOUR")]]
    return "".join(_entry([entry[0], ("NS", study), *entry[1:]]) for entry in entries)


def _entry(lines: Sequence[tuple[str, str]]) -> str:
    written = (f"{tag}  - {' '.join(value.split())}\n" for tag, value in lines if value.strip())
    return "".join(written) + "ER  - \n\n"


def _lines(reference: Reference) -> Iterator[tuple[str, str]]:
    article = reference.kind not in ("book", "book_section", "conference_proc")
    pages = _RANGE.fullmatch(reference.pages.replace("\u2010", "-"))
    yield "TY", _TYPES.get(reference.kind, "GEN")
    for author in filter(None, (author.strip() for author in reference.authors.split(","))):
        yield "AU", author
    yield "TI", reference.title or reference.original_title
    yield "JO" if article else "T2", reference.source
    yield "PY", reference.year
    yield "VL", reference.volume
    yield "IS", reference.issue
    yield "SP", pages.group(1) if pages else reference.pages
    yield "EP", pages.group(2) if pages else ""
    yield "ED", reference.editors
    yield "PB", reference.publisher
    yield "CY", reference.city
    yield "ET", reference.edition
    for one in reference.identifiers:
        plain = {"DOI": "DO", "MEDLINE": "C5", "PUBMED": "C5"}.get(one.kind.upper())
        yield (plain, one.value) if plain else ("C1", f"{one.kind}: {one.value}")
    yield "AB", reference.abstract
    yield "N1", reference.notes
