"""Tables with a heading (CSV, TSV): Covidence, Rayyan, Embase, Scopus, Lens, Zotero, PubMed, Publish or Perish, ...

Headings differ everywhere, so one table of synonyms serves all; columns it does not know are kept under their heading.
The heading is looked for in the first lines, because Embase writes its search above it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator

from core.references.formats.assemble import Fields, TagTable, assemble
from core.references.formats.base import Entry, Format
from core.references.formulas import harmless, readable
from core.references.record import ReferenceRecord

TABLE = TagTable(
    kind=("item type", "publication type", "document type", "type"),
    title=("title", "article title", "document title", "primary title", "titles", "ti", "original title"),
    journal=(
        "source title",
        "journal",
        "journal title",
        "publication title",
        "journal/book",
        "publication",
        "so",
        "abbreviated source title",
    ),
    volume=("volume", "vol", "vl"),
    issue=("issue", "issue number", "number", "is"),
    first_page=("pages", "page range", "first page", "start page", "page start", "startpage", "bp", "art. no."),
    last_page=("last page", "end page", "page end", "endpage", "ep"),
    year=(
        "year",
        "publication year",
        "published year",
        "py",
        "date",
        "date published",
        "publication date",
        "date of publication",
        "cited source",
    ),
    doi=("doi", "dois", "di"),
    doi_elsewhere=("full text link", "external url", "link", "url", "articleurl", "urls"),
    pmid=("pmid", "pubmed id", "pubmed_id", "medline pmid", "pm"),
    accession=("accession number", "accession", "pui", "eid", "lens id", "key", "an", "ut"),
    language=("language", "article language", "language of original document", "la"),
    database=("database", "databases"),
    abstract=("abstract", "abstract note", "ab"),
    notes=("notes", "note"),
    authors=("authors", "author", "author names", "author(s)", "author/s", "au"),
    keywords=("keywords", "author keywords", "index keywords", "mesh terms", "manual tags", "de"),
    urls=("url", "urls", "link", "embase link", "source urls", "articleurl"),
    serials=("issn", "issns", "isbn", "isbns", "sn"),
    kinds={
        "article": "article",
        "journal article": "article",
        "journalarticle": "article",
        "review": "article",
        "letter": "article",
        "editorial": "article",
        "note": "article",
        "erratum": "article",
        "article in press": "article",
        "magazinearticle": "article",
        "book": "book",
        "chapter": "chapter",
        "book chapter": "chapter",
        "booksection": "chapter",
        "conference": "conference",
        "conference paper": "conference",
        "conference abstract": "conference",
        "conference review": "conference",
        "conference proceedings": "conference",
        "conferencepaper": "conference",
        "thesis": "thesis",
        "dissertation": "thesis",
        "report": "report",
        "preprint": "preprint",
        "patent": "patent",
        "web": "web",
        "webpage": "web",
        "data": "data",
        "dataset": "data",
        "other": "other",
    },
    extra_prefix="csv:",
)

_TELLING = frozenset(
    (*TABLE.journal, *TABLE.year, *TABLE.doi, *TABLE.abstract, *TABLE.authors, *TABLE.accession, *TABLE.pmid)
)
_HEADING_WITHIN = 30
_ABSENT = frozenset({"NA", "N/A", "NaN", "NULL", "null"})
_AND = re.compile(r"\s+and\s+")
_LONGEST_HEADING = 50_000
csv.field_size_limit(10_000_000)  # Python's own limit is shorter than some abstracts with their references
UNNAMED = "column without heading"


def heading(text: str) -> tuple[int, str, list[str]] | None:
    """Lines above the heading, the delimiter and the headings in lower case; None when no line looks like a heading."""
    begin = 0
    for above in range(_HEADING_WITHIN):
        end = text.find("\n", begin)
        line = text[begin : end if end >= 0 else len(text)][:_LONGEST_HEADING]
        for delimiter in ",;\t":
            cells = next(csv.reader([line], delimiter=delimiter)) if delimiter in line else list[str]()
            names = [cell.strip().lower() for cell in cells]
            if not _TELLING.isdisjoint(names) and any(name in TABLE.title for name in names):
                return above, delimiter, _told_apart(names)
        if end < 0:
            return None
        begin = end + 1
    return None


def _told_apart(names: list[str]) -> list[str]:
    """The headings; "source" is the journal only where no other column is (Publish or Perish)."""
    source = "cited source" if not set(names).isdisjoint(TABLE.journal) else "publication"
    return [(source if name == "source" else name) or UNNAMED for name in names]


def sniff(head: str) -> float:
    """A table shows by a heading with a title column and another known one."""
    return 0.8 if heading(head) else 0.0


def parse(text: str) -> Iterator[Entry]:
    """Every row below the heading."""
    found = heading(text)
    if found is None:
        return
    above, delimiter, names = found
    source = _Lines(text, above + 1)
    rows = csv.reader(source, delimiter=delimiter)
    while True:
        begin = source.at
        try:
            row = next(rows, None)
        except csv.Error as error:
            yield Entry(ReferenceRecord(), begin, source.at, _broken(str(error)))
            continue
        if row is None:
            return
        if any(cell.strip() for cell in row):
            several_lines = text.count("\n", begin, source.at - 1) > 0
            cut = several_lines and len(row) < len(names)
            fault = _broken(f"it has {len(row)} cells where the heading has {len(names)}") if cut else None
            yield Entry(assemble(fields_of([*map(readable, row)], names), TABLE), begin, source.at, fault)


def _broken(what: str) -> tuple[str, str]:
    return "entry.broken-row", f"The row cannot be told apart into cells ({what}); a quotation mark may be missing."


def fields_of(row: list[str], names: list[str]) -> Fields:
    """The cells of a row under the headings of their columns (small letters), cells that say nothing left out."""
    fields: Fields = {}
    for name, cell in zip([*names, *[UNNAMED] * (len(row) - len(names))], row, strict=False):
        text = cell.strip()
        if text and text not in _ABSENT:
            fields.setdefault(name, []).append(text)
    for tag in TABLE.authors:
        if tag in fields and ";" not in fields[tag][0]:
            fields[tag] = _AND.split(fields[tag][0])
    for tag in [tag for tag in fields if tag.startswith("emtree ")]:
        fields.setdefault("keywords", []).extend(fields.pop(tag)[0].split(", "))
    return fields


class _Lines:
    """The lines of a text after the first ``skip``, with the place in the text that has been reached."""

    def __init__(self, text: str, skip: int) -> None:
        self._text = text
        self.at = 0
        for _ in range(skip):
            next(self)

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        begin = self.at
        if begin >= len(self._text):
            raise StopIteration
        self.at = self._text.find("\n", begin) + 1 or len(self._text)
        return self._text[begin : self.at]


def write(records: Iterable[ReferenceRecord]) -> str:
    """The records as a comma-separated table that this module reads back; ``extra`` is not written."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(_HEADINGS)
    table.writerows([harmless(cell) for cell in _cells(record)] for record in records)
    return out.getvalue()


_HEADINGS = (
    *("Type", "Title", "Authors", "Year", "Journal", "Volume", "Issue", "Pages", "DOI", "PMID", "Accession Number"),
    *("ISSN", "ISBN", "Language", "Keywords", "URLs", "Database", "Abstract", "Notes"),
)


def _cells(record: ReferenceRecord) -> tuple[str, ...]:
    return (
        record.kind,
        record.title,
        "; ".join(record.authors),
        "" if record.year is None else str(record.year),
        record.journal,
        record.volume,
        record.issue,
        record.pages,
        record.doi,
        record.pmid,
        record.accession,
        record.issn,
        record.isbn,
        record.language,
        "; ".join(record.keywords),
        " ".join(record.urls),
        record.database,
        record.abstract,
        record.notes,
    )


FORMAT = Format("csv", "CSV or TSV with headings", (".csv", ".tsv", ".txt"), sniff, parse, write)
