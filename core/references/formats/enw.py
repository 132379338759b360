"""EndNote's own export (.enw), the old refer format: a percent sign and a letter, entries starting at %0."""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.references.formats.assemble import TagTable
from core.references.formats.base import Entry, Format
from core.references.formats.tagged import TaggedFormat, entries, frames

TABLE = TagTable(
    kind=("0",),
    title=("T", "!"),
    journal=("J", "B"),
    container=("B", "J"),
    volume=("V",),
    issue=("N",),
    first_page=("P",),
    year=("D", "8"),
    doi=("R",),
    doi_elsewhere=("U",),
    pmid_elsewhere=("M", "U"),
    accession=("M",),
    language=("G",),
    database=("~",),
    abstract=("X",),
    notes=("Z", "O"),
    authors=("A",),
    keywords=("K",),
    urls=("U",),
    serials=("@",),
    kinds={
        "journal article": "article",
        "electronic article": "article",
        "magazine article": "article",
        "newspaper article": "article",
        "book": "book",
        "edited book": "book",
        "electronic book": "book",
        "book section": "chapter",
        "conference proceedings": "conference",
        "conference paper": "conference",
        "thesis": "thesis",
        "report": "report",
        "unpublished work": "preprint",
        "patent": "patent",
        "web page": "web",
        "dataset": "data",
        "generic": "other",
    },
    extra_prefix="enw:",
)
LAYOUT = TaggedFormat(re.compile(r"\n%([A-Z0-9@!~?+^$&*#<>\[\]()'\"=])(?:[ \t]|(?=\n|$))"), TABLE)
_START = re.compile(r"\n(?=%0(?:[ \t]|\n|$))")
_AFTER_BLANK = re.compile(r"\n[ \t]*\n(?=%[A-Z])")


def sniff(head: str) -> float:
    """Refer shows by %0, or by title and author under percent signs."""
    lead = "\n" + head
    if _START.search(lead):
        return 0.95
    return 0.8 if {"T", "A"} <= set(LAYOUT.tag.findall(lead)) else 0.0


def parse(text: str) -> Iterator[Entry]:
    """Every entry; in a text without %0 entries are separated by blank lines."""
    start = _START if _START.search("\n" + text) else _AFTER_BLANK
    return entries(frames("\n" + text if start is _AFTER_BLANK else text, start), LAYOUT)


FORMAT = Format("enw", "EndNote export (.enw)", (".enw", ".txt"), sniff, parse)
