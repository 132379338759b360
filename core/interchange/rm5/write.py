"""A `ReviewFile` as a file of RevMan 5.

A file that was read is changed where the review says something else, and in nothing more; without one the whole of
what RevMan expects is written, empty where there is nothing to say.
"""

from __future__ import annotations

from datetime import datetime

from lxml import etree

from core.interchange.model import ReviewFile
from core.interchange.rm5.elements import attribute, child
from core.interchange.rm5.read import FORMAT, read
from core.interchange.rm5.vocabulary import SECTIONS, YES
from core.interchange.rm5.write_analyses import analyses
from core.interchange.rm5.write_merge import merge
from core.interchange.rm5.write_nodes import Node, Stamp, element, leaf, node
from core.interchange.rm5.write_ready import Labels, ready
from core.interchange.rm5.write_skeleton import ORDER, REVIEW, skeleton
from core.interchange.rm5.write_studies import characteristics, quality_items, studies_and_references
from core.interchange.rm5.write_texts import cover_sheet, fill_texts
from core.interchange.rm5.xml import Element, parse


def write(file: ReviewFile, *, now: datetime | None = None) -> bytes:
    """The bytes of an .rm5 file in UTF-8.

    With ``file.original`` of this format that document is changed so that reading it gives ``file``; everything that
    the model has no place for, and texts, tables and figures, stay. Elements that are written or changed get the time
    ``now``; without it none is told. Reading the result gives the same review, but that: what is no plain word of
    RevMan's on risk of bias comes back as Unclear with the word in the text; ids, numbers and settings that RevMan
    does not do without are there; abstracts and the footnotes of analyses have no place in RevMan 5.
    """
    stamp = None if now is None else Stamp((now if now.tzinfo else now.astimezone()).strftime("%Y-%m-%d %H:%M:%S %z"))
    if file.format == FORMAT and file.original:
        return _bytes(_changed(file, stamp))
    return _bytes(_whole(file, stamp))


def _changed(file: ReviewFile, stamp: Stamp | None) -> Element:
    root = parse(file.original, file.file_name).getroot()
    known = read(file.original, file.file_name)
    labels = _labels(root)
    before, after = ready(known, known, labels), ready(file, known, labels)
    merge(root, _owned(before, labels, changing=True), _owned(after, labels, changing=True), ORDER, stamp)
    return root


def _whole(file: ReviewFile, stamp: Stamp | None) -> Element:
    owned = {part.tag: part for part in _owned(ready(file, None, {}), {}, changing=False).children}
    made = skeleton("COCHRANE_REVIEW")
    made.attributes = dict(REVIEW)
    made.children = [owned.get(part.tag, part) for part in made.children]
    made.children[0] = cover_sheet(file)
    fill_texts(made, file.parts)
    return element(made, stamp)


def _owned(file: ReviewFile, labels: Labels, *, changing: bool) -> Node:
    """What the model says of a document."""
    return node(
        "COCHRANE_REVIEW",
        node("COVER_SHEET", leaf("TITLE", file.title)),
        studies_and_references(file),
        characteristics(file, labels, changing=changing),
        quality_items(file),
        analyses(file),
    )


def _labels(root: Element) -> Labels:
    """The user-defined fields that a document has."""
    found: dict[str, dict[str, str]] = {}
    for section in SECTIONS:
        table = child(root, "CHARACTERISTICS_OF_STUDIES", section.characteristics)
        numbers = [n for n in (1, 2, 3) if attribute(table, f"USER_DEF_{n}_ENABLED") == YES]
        found[section.characteristics] = {f"user_{n}": attribute(table, f"USER_DEF_{n}_NAME") for n in numbers}
    return found


def _bytes(root: Element) -> bytes:
    """The document in UTF-8, with comments that stand outside of the root, without a document type."""
    ahead = [
        etree.tostring(found, encoding="UTF-8", xml_declaration=False, with_tail=False)
        for found in root.itersiblings(preceding=True)
    ]
    behind = [
        etree.tostring(found, encoding="UTF-8", xml_declaration=False, with_tail=False) for found in root.itersiblings()
    ]
    parts = [*reversed(ahead), etree.tostring(root, encoding="UTF-8", xml_declaration=False, with_tail=False), *behind]
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + b"\n".join(parts) + b"\n"
