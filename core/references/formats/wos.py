"""Web of Science plain text (.txt, .ciw, .isi): two-letter tags in the first column, continuation indented."""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.references.formats.assemble import TagTable
from core.references.formats.base import Entry, Format
from core.references.formats.tagged import TaggedFormat, entries, frames

TABLE = TagTable(
    kind=("PT",),
    title=("TI",),
    journal=("SO", "J9", "JI"),
    volume=("VL",),
    issue=("IS",),
    first_page=("BP", "AR"),
    last_page=("EP",),
    year=("PY", "PD", "EA"),
    doi=("DI",),
    pmid=("PM",),
    accession=("UT",),
    language=("LA",),
    abstract=("AB",),
    authors=("AU", "CA"),
    keywords=("DE", "ID"),
    serials=("SN", "EI", "BN"),
    kinds={"j": "article", "b": "book", "s": "book", "c": "conference", "p": "patent"},
    extra_prefix="wos:",
)
LAYOUT = TaggedFormat(
    re.compile(r"\n([A-Z][A-Z0-9])(?: (?!-)|(?=\n|$))"),
    TABLE,
    wrapped=True,
    lists=frozenset({"AU", "AF", "CA", "CR", "C1", "BE"}),
)
_START = re.compile(r"\nPT (?=[JBSCP]\s*\n)")
_END = re.compile(r"\n(?:ER|EF)[ \t]*(?=\n|$)")


def sniff(head: str) -> float:
    """Web of Science shows by PT with a one-letter type."""
    return 0.95 if _START.search("\n" + head) else 0.0


def parse(text: str) -> Iterator[Entry]:
    """Every entry of a Web of Science export."""
    return entries((frame.upto(_END) for frame in frames(text, _START)), LAYOUT)


FORMAT = Format("wos", "Web of Science plain text", (".txt", ".ciw", ".isi"), sniff, parse)
