"""RefWorks tagged format (.txt): two-letter tags and a space, entries starting at RT."""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.references.formats.assemble import TagTable
from core.references.formats.base import Entry, Format
from core.references.formats.tagged import TaggedFormat, entries, frames

TABLE = TagTable(
    kind=("RT",),
    title=("T1", "OT"),
    journal=("JF", "JO", "T2"),
    container=("T2", "JF", "JO"),
    volume=("VO",),
    issue=("IS",),
    first_page=("SP",),
    last_page=("OP",),
    year=("YR", "FD"),
    doi=("DO",),
    doi_elsewhere=("LK", "UL"),
    pmid_elsewhere=("AN", "NO", "LK"),
    accession=("AN", "ID"),
    language=("LA",),
    database=("DB", "DS"),
    abstract=("AB",),
    notes=("NO",),
    authors=("A1",),
    keywords=("K1",),
    urls=("LK", "UL"),
    serials=("SN",),
    kinds={
        "journal article": "article",
        "journal": "article",
        "journal, electronic": "article",
        "abstract": "article",
        "magazine article": "article",
        "newspaper article": "article",
        "book, whole": "book",
        "book, edited": "book",
        "book, section": "chapter",
        "conference proceeding": "conference",
        "conference proceedings": "conference",
        "dissertation": "thesis",
        "dissertation/thesis": "thesis",
        "report": "report",
        "unpublished material": "preprint",
        "patent": "patent",
        "web page": "web",
        "generic": "other",
    },
    extra_prefix="refworks:",
)
LAYOUT = TaggedFormat(re.compile(r"\n([A-Z][A-Z0-9])(?: (?! ?-)|(?=\n|$))"), TABLE)
_START = re.compile(r"\n(?=RT (?! ?-))")


def sniff(head: str) -> float:
    """RefWorks shows by RT and a title tag without dashes."""
    return 0.9 if _START.search("\n" + head) and "T1" in LAYOUT.tag.findall("\n" + head) else 0.0


def parse(text: str) -> Iterator[Entry]:
    """Every entry of a RefWorks export."""
    return entries(frames(text, _START), LAYOUT)


FORMAT = Format("refworks", "RefWorks tagged", (".txt",), sniff, parse)
