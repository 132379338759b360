"""What is shown of a record, as lines of name and text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.store.queries.records import RecordView

_AUTHORS = 6


def facts(record: RecordView) -> dict[str, str]:
    """Every line there is room for, in order; a line that the source left empty is an empty text."""
    return {
        "Title": record.title,
        "Authors": "; ".join(record.authors),
        "Published": published(record),
        "DOI": record.doi,
        "PubMed": record.pmid,
        "Accession": record.accession,
        "Kind": record.kind.capitalize(),
        "Language": record.language,
        "Abstract": record.abstract,
        "Keywords": "; ".join(record.keywords),
        "Links": " ".join(record.urls),
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
    return f"{'; '.join(authors[:shown])}; and {len(authors) - shown} others"


def first_author(record: RecordView) -> str:
    """The first author, with a sign that there are more: "Glue P; Medlicott NJ", "Feder A et al."."""
    if len(record.authors) <= 2:
        return "; ".join(record.authors)
    return f"{record.authors[0]} et al."


def source_text(record: RecordView) -> str:
    """The source, or how many there are."""
    return record.sources[0] if len(record.sources) == 1 else f"{len(record.sources)} sources"


def number(record: RecordView) -> str:
    """The record's name in a heading."""
    return f"Record {record.number:,}"
