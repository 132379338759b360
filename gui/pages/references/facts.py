"""What is shown of a record, as lines of name and text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from core.language import counted, figure, mark, tr

if TYPE_CHECKING:
    from core.store.queries.records import RecordView

_AUTHORS = 6
_AUTHORS_IN_A_ROW = 4


def facts(record: RecordView) -> dict[str, str]:
    """Every line there is room for, in order; a line that the source left empty is an empty text."""
    return {
        mark("Title"): record.title,
        mark("Authors"): "; ".join(record.authors),
        mark("Published"): published(record),
        "DOI": record.doi,
        "PubMed": record.pmid,
        mark("Accession"): record.accession,
        mark("Kind"): record.kind.capitalize(),
        mark("Language"): record.language,
        mark("Abstract"): record.abstract,
        mark("Keywords"): "; ".join(record.keywords),
        mark("Links"): " ".join(record.urls),
    }


def published(record: RecordView) -> str:
    """Journal, year, volume, issue and pages in one line: "JAMA Psychiatry 2014; 71(6): 681-688"."""
    place = " ".join(part for part in (record.journal, str(record.year or "")) if part)
    volume = f"{record.volume}({record.issue})" if record.issue else record.volume
    detail = ": ".join(part for part in (volume, record.pages) if part)
    return "; ".join(part for part in (place, detail) if part)


def short_authors(authors: Sequence[str], shown: int = _AUTHORS) -> str:
    """The first authors, and how many more there are."""
    if len(authors) <= shown + 1:
        return "; ".join(authors)
    return counted(
        "{authors}; and {n} other",
        "{authors}; and {n} others",
        len(authors) - shown,
        authors="; ".join(authors[:shown]),
    )


def first_author(record: RecordView) -> str:
    """The first authors, given names as initials: "Feder A, Parides MK"."""
    return ", ".join(with_initials(name) for name in record.authors[:_AUTHORS_IN_A_ROW])


def with_initials(name: str) -> str:
    """A name as reference lists have it: "Park, José P" and "Park J.P." are "Park JP"; other names stay."""
    family, comma, given = name.partition(",")
    if comma:
        initials = "".join(part[0].upper() for part in re.split(r"[\s.]+", given) if part)
        return f"{family.strip()} {initials}".rstrip()
    family, _, last = name.rpartition(" ")
    return f"{family} {last.replace('.', '')}" if family and "." in last else name


def source_text(record: RecordView) -> str:
    """The source, or how many there are."""
    return record.sources[0] if len(record.sources) == 1 else counted("{n} source", "{n} sources", len(record.sources))


def number(record: RecordView) -> str:
    """The record's name in a heading."""
    return tr("Record {number}", number=figure(record.number))
