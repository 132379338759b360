"""MEDLINE as PubMed, PubMed Central and ERIC write it (.nbib): tags of up to four letters, a dash in column five, long
values wrapped over indented lines, a blank line between entries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from core.references.formats.assemble import TagTable, assemble
from core.references.formats.base import Entry, Format
from core.references.formats.tagged import Frame, TaggedFormat, split_tags

_KINDS = {
    "journal article": "article",
    "book": "book",
    "books": "book",
    "book chapter": "chapter",
    "congress": "conference",
    "preprint": "preprint",
    "dissertations": "thesis",
    "reports - research": "article",
    "dataset": "data",
    "patent": "patent",
}
TABLE = TagTable(
    kind=("PT",),
    title=("TI", "BTI", "TT"),
    journal=("JT", "TA", "BTI", "CTI"),
    volume=("VI",),
    issue=("IP",),
    first_page=("PG",),
    year=("DP", "DEP", "EDAT"),
    doi_elsewhere=("LID", "AID", "SO"),
    pmid=("PMID",),
    accession=("PMID", "PMC", "OID"),
    language=("LA",),
    database=("OWN",),
    abstract=("AB", "OAB"),
    authors=("AU", "CN"),
    keywords=("MH", "OT", "DE"),
    urls=("URL",),
    serials=("IS", "ISBN"),
    kinds=_KINDS,
    extra_prefix="nbib:",
)
LAYOUT = TaggedFormat(
    re.compile(r"\n(?=[A-Z][A-Z0-9 ]{3}-)([A-Z][A-Z0-9]{1,3}) {0,2}-(?: |(?=\n)|$)"), TABLE, wrapped=True
)
_EDGE = re.compile(r"\n[ \t]*(?=\n)|\n(?=PMID-)")
_OWN_TAGS = frozenset({"PMID", "PMC", "OWN", "TI", "BTI", "TT", "FAU", "AU", "OID"})
_HEAD_TAGS = frozenset({"PMID", "TI", "BTI", "TT"})
_FULL_NAMES = replace(TABLE, authors=("FAU", "CN"))


def sniff(head: str) -> float:
    """MEDLINE shows by PMID, or by OWN with a title, in the tag column."""
    tags = set(LAYOUT.tag.findall("\n" + head))
    return 0.95 if "PMID" in tags else 0.9 if {"OWN", "TI"} <= tags else 0.0


def parse(text: str) -> Iterator[Entry]:
    """Every entry of a MEDLINE text."""
    for frame in _frames(text):
        fields = split_tags(frame.raw, LAYOUT)
        if fields:
            record = assemble(fields, _FULL_NAMES if "FAU" in fields else TABLE)
            yield Entry(record, frame.begin, frame.end)


def _frames(text: str) -> Iterator[Frame]:
    """The pieces between blank lines and before each PMID; one that begins no entry belongs to the piece before it."""
    begin, at, complete = 0, 0, False
    for end in [*(found.start() for found in _EDGE.finditer(text)), len(text)]:
        tags = set(LAYOUT.tag.findall("\n" + text[at:end].lstrip("\n")))
        if complete and not tags.isdisjoint(_OWN_TAGS):
            yield Frame(text[begin:at].strip("\n"), begin + 1, at)
            begin, complete = at, False
        complete = complete or not tags.isdisjoint(_HEAD_TAGS)
        at = end
    yield Frame(text[begin:].strip("\n"), begin, len(text))


FORMAT = Format("nbib", "PubMed (MEDLINE, .nbib)", (".nbib", ".txt"), sniff, parse)
