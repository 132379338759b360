"""Ovid's own tagged export (.txt, .cgi, .ovd): entries numbered ``<7. >``, two-letter tags, long values wrapped."""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.references.formats.assemble import Fields, TagTable, assemble
from core.references.formats.base import Entry, Format
from core.references.formats.tagged import TaggedFormat, frames, split_tags

_KINDS = {
    "journal article": "article",
    "article": "article",
    "review": "article",
    "journal": "article",
    "peer reviewed journal": "article",
    "conference abstract": "conference",
    "conference paper": "conference",
    "meeting abstract": "conference",
    "chapter": "chapter",
    "book": "book",
    "edited book": "book",
    "authored book": "book",
    "dissertation": "thesis",
    "dissertation abstract": "thesis",
    "patent": "patent",
    "preprint": "preprint",
}
TABLE = TagTable(
    kind=("DT", "PT", "ST"),
    title=("TI", "OT"),
    journal=("JN", "JT", "JA"),
    volume=("VO", "VL"),
    issue=("IP",),
    first_page=("PG", "PP"),
    year=("YR", "DP", "DG", "SO"),
    doi=("DO", "DI"),
    doi_elsewhere=("XL", "SO"),
    pmid=("PM",),
    pmid_elsewhere=("UI",),
    accession=("AN", "UI"),
    language=("LG",),
    database=("DB",),
    abstract=("AB",),
    authors=("AU", "FA"),
    keywords=("MH", "KW", "SH"),
    urls=("UR", "OU"),
    serials=("IS", "IB"),
    kinds=_KINDS,
    extra_prefix="ovid:",
)
LAYOUT = TaggedFormat(re.compile(r"\n([A-Z][A-Z0-9]) {1,2}- "), TABLE, wrapped=True)
_START = re.compile(r"\n<\d+\. ?>")
_JOURNAL = re.compile(r"^(.{2,200}?)\.(?= (?:Conference|Vol|\d)|Vol)")
_PLACE = re.compile(r"(?:Vol\.? ?)?\b(\d+) ?\(([^()]*(?:\([^()]*\))?[^()]*)\)[:,] ?(?:pp\. ?)?([A-Za-z]?\d[\w-]*)?")


def sniff(head: str) -> float:
    """Ovid shows by its counters and its VN line."""
    lead = "\n" + head
    return 0.95 if _START.search(lead) and LAYOUT.tag.search(lead) else 0.0


def parse(text: str) -> Iterator[Entry]:
    """Every entry of an Ovid export."""
    for frame in frames(text, _START):
        fields = split_tags(frame.raw, LAYOUT)
        _read_source(fields)
        yield Entry(assemble(fields, TABLE), frame.begin, frame.end)


def _read_source(fields: Fields) -> None:
    """Journal, volume, issue and pages out of the one line that Ovid gives: "Circulation. 12(3):45-51, 2018"."""
    source = fields.get("SO", [""])[0]
    journal = _JOURNAL.match(source)
    if journal and "JN" not in fields and "JT" not in fields:
        fields["JN"] = [journal.group(1)]
    place = _PLACE.search(source)
    if place:
        for tag, value in zip(("VO", "IP", "PG"), place.groups(), strict=True):
            if value and tag not in fields:
                fields[tag] = [value]


FORMAT = Format("ovid", "Ovid tagged", (".txt", ".cgi", ".ovd"), sniff, parse)
