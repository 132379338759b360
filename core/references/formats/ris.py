"""RIS, as databases and reference managers really write it.

Real files have ``TY  -  JOUR`` (Cochrane), tags with one space or indented, no TY at all, no ER, counters and links
between records, tags after ER (Ovid), lists of keywords under one KW, blank lines inside a value, texts with lines that
start with "ER ". A line is a tag when it starts with two capitals or digits, two or three spaces and a dash, or with a
tag RIS knows, one space and a dash.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from core.references.formats.assemble import Fields, TagTable, assemble, one_line
from core.references.formats.base import Entry, Format
from core.references.formats.tagged import collect
from core.references.record import ReferenceRecord

_KNOWN = (
    "A1|A2|A3|A4|A5|A6|AB|AD|AN|AU|AV|BT|C1|C2|C3|C4|C5|C6|C7|C8|CA|CN|CP|CT|CY|DA|DB|DI|DO|DP|ED|EP|ER|ET|ID|IS|J1|J2|J9|"
    "JA|JF|JI|JO|K1|KW|L1|L2|L3|L4|LA|LB|LK|M1|M2|M3|N1|N2|NL|NV|OP|PB|PG|PP|PY|RI|RN|RP|SE|SN|SP|ST|SV|T1|T2|T3|TA|TI|TT|"
    "TY|U1|U2|U3|U4|U5|UR|VL|VO|Y1|Y2"
)

KINDS = {
    "jour": "article",
    "ejour": "article",
    "jfull": "article",
    "mgzn": "article",
    "news": "article",
    "inpr": "article",
    "abst": "article",
    "book": "book",
    "ebook": "book",
    "edbook": "book",
    "ser": "book",
    "chap": "chapter",
    "echap": "chapter",
    "encyc": "chapter",
    "cpaper": "conference",
    "conf": "conference",
    "thes": "thesis",
    "rprt": "report",
    "govdoc": "report",
    "stand": "report",
    "unpb": "preprint",
    "pat": "patent",
    "elec": "web",
    "web": "web",
    "blog": "web",
    "icomm": "web",
    "data": "data",
    "dbase": "data",
    "aggr": "data",
    "gen": "other",
}

_JOURNAL = ("JF", "T2", "JO", "JA", "J1", "J2", "TA", "JI", "J9", "NL", "BT")
TABLE = TagTable(
    kind=("TY",),
    title=("TI", "T1", "CT", "ST", "BT", "TT"),
    journal=_JOURNAL,
    container=("T2", "BT", *(tag for tag in _JOURNAL if tag not in {"T2", "BT"})),
    volume=("VL", "VO"),
    issue=("IS", "CP"),
    first_page=("SP", "PG", "PP", "C7"),
    last_page=("EP",),
    year=("PY", "Y1", "DA", "Y2"),
    doi=("DO", "DI"),
    doi_elsewhere=("M3", "L3", "C1", "C2", "C3", "C4", "C5", "C6", "C7", "C8", "L2", "LK", "UR", "L1", "N1"),
    pmid=("C5", "C2"),
    pmid_elsewhere=("C3", "AN", "U2", "N1", "UR", "L2"),
    accession=("AN", "U2", "ID"),
    language=("LA",),
    database=("DB",),
    abstract=("AB", "N2"),
    notes=("N1", "RN"),
    authors=("AU", "A1"),
    keywords=("KW", "K1"),
    urls=("UR",),
    serials=("SN",),
    kinds=KINDS,
)

_TAG = re.compile(
    # group 1 is all before the value, group 2 the tag; an ER with text behind it is a line of the value above
    r"(\n[ \t]{0,4}("
    r"(?!ER)[A-Z][A-Z0-9](?=[ \t]{2,3}-"
    rf"|(?<={_KNOWN})[ \t]-(?:[ \t\n]|$))"
    r"|ER(?=[ \t]{1,3}-[ \t]*(?:\n|$))"
    r")[ \t]+-[ \t]*)"
)
_EDGES = frozenset({"TY", "ER"})
_OWN_TAGS = frozenset({"TI", "T1", "AU", "A1", "AB", "N2", "DO"})
_BETWEEN = re.compile(
    r"ER|<?\d+\.[ >]*|Record #\d+ of \d+|(?:Provider|Content|Database|Datenbank): .*|Link to the (?:Ovid|External) .*"
)
_BLOCK = 1 << 20


def sniff(head: str) -> float:
    """RIS shows by a TY or ER line, or by several lines that look like tags."""
    tags = _TAG.split("\n" + head)[2::3]
    return 0.9 if not _EDGES.isdisjoint(tags) else 0.4 if len(tags) > 3 else 0.0


def parse(text: str) -> Iterator[Entry]:
    """Every entry of a RIS text."""
    closed: _Piece | None = None
    for piece in _pieces(text):
        if closed and piece.is_tail():
            for tag, values in piece.fields.items():
                closed.fields.setdefault(tag, []).extend(value.split("\n", 1)[0] for value in values)
            continue
        if closed:
            yield Entry(assemble(closed.fields, TABLE), closed.begin, closed.end)
        closed = piece
    if closed:
        yield Entry(assemble(closed.fields, TABLE), closed.begin, closed.end)


class _Piece(NamedTuple):
    """The tags up to the next TY or ER, whether TY opens them, and where in the text they stand."""

    fields: Fields
    opens: bool
    begin: int
    end: int

    def is_tail(self) -> bool:
        """Whether these are only the tags Ovid puts between ER and the next entry (NL), and no entry of their own."""
        return not self.opens and self.fields.keys().isdisjoint(_OWN_TAGS)


def _pieces(text: str) -> Iterator[_Piece]:
    """The text cut before every TY and after every ER. Pieces without tags are left out."""
    begin = -1  # of the line feed before the piece
    for block in _blocks(text):
        parts = _TAG.split("\n" + block)
        starts, tags, values = parts[1::3], parts[2::3], parts[3::3]
        begin += len(parts[0])
        first = 0
        for edge in [place for place, tag in enumerate(tags) if tag in _EDGES] + [len(tags)]:
            end = begin + sum(map(len, starts[first:edge])) + sum(map(len, values[first:edge]))
            found = values[first:edge]
            if found and (edge == len(tags) or tags[edge] == "TY"):
                found[-1] = _without_trailing(found[-1])
            fields = collect(tags[first:edge], found)
            opens = first < edge and tags[first] == "TY"
            if fields or opens:
                yield _Piece(fields, opens, begin + 1, end)
            begin, first = end, edge
            if edge < len(tags) and tags[edge] == "ER":
                begin, first = end + len(starts[edge]) + len(values[edge]), edge + 1


def _blocks(text: str) -> Iterator[str]:
    """The text in parts that begin with TY, so that a large file is not held in pieces all at once."""
    begin = 0
    while begin < len(text):
        end = text.find("\nTY  - ", begin + _BLOCK) + 1 or len(text)
        yield text[begin : end - 1] if end < len(text) else text[begin:]
        begin = end


def _without_trailing(value: str) -> str:
    """The last value of an entry that no ER ends, without the counters, links and headings before the next entry."""
    kept = value.rstrip()
    while "\n" in kept:
        head, _, last = kept.rpartition("\n")
        if not _BETWEEN.fullmatch(last.strip()):
            break
        kept = head.rstrip()
    return kept


def write(records: Iterable[ReferenceRecord]) -> str:
    """The records as RIS. What ``extra`` keeps under tags of other formats is not written."""
    return "".join(map(_entry, records))


def _entry(record: ReferenceRecord) -> str:
    extra = {tag: values for tag, values in record.extra.items() if _WRITABLE.fullmatch(tag)}
    delivered = extra.pop("TY", None)
    plain = next(name for name, kind in KINDS.items() if kind == record.kind).upper()
    lines = [_line("TY", one_line(value)) for value in delivered or (plain,)]
    lines += [_line(tag, one_line(value)) for tag, value in _single(record, extra) if value]
    lines += [_line("AU", one_line(author)) for author in record.authors]
    lines += [_line(tag, _folded(prose)) for tag, prose in (("AB", record.abstract), ("N1", record.notes)) if prose]
    lines += [_line("KW", one_line(keyword)) for keyword in record.keywords]
    lines += [_line("UR", one_line(url)) for url in record.urls]
    lines += [_line(tag, one_line(value)) for tag, values in extra.items() for value in values]
    return "".join(lines) + "ER  - \n\n"


_WRITABLE = re.compile(r"(?!ER)[A-Z][A-Z0-9]")
_RANGE = re.compile(r"([^-\s]+)-([^-\s]+)")


def _single(record: ReferenceRecord, extra: dict[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    """The tags of the fields with one value. Journals go under JF, which all read first, and T2, which most expect."""
    first, last = record.pages, ""
    found = _RANGE.fullmatch(record.pages)
    if found and found.group(1) != found.group(2) and "EP" not in extra:
        first, last = found.groups()
    return [
        ("TI", record.title),
        ("JF", record.journal if record.kind == "article" else ""),
        ("T2", record.journal if record.kind != "article" or "T2" not in extra else ""),
        ("PY", "" if record.year is None else str(record.year)),
        ("VL", record.volume),
        ("IS", record.issue),
        ("SP", first),
        ("EP", last),
        ("DO", record.doi),
        ("C5", record.pmid),
        ("AN", record.accession),
        ("SN", record.issn),
        ("SN", record.isbn),
        ("LA", record.language),
        ("DB", record.database),
    ]


def _line(tag: str, value: str) -> str:
    return f"{tag}  - {value}\n"


def _folded(prose: str) -> str:
    """Paragraphs as continuation lines, indented so far that none of them can look like a tag."""
    return "\n      ".join(prose.split("\n"))


FORMAT = Format("ris", "RIS", (".ris", ".txt"), sniff, parse, write)
