"""What the writer of .rm5 makes: plain nodes, their numbers and words, and the XML elements that come of them.

Nodes rather than elements, because a file that was read is changed in place: the nodes of what was read and of what is
to be written are compared, and only where they differ is the file's own element touched.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from lxml import etree

from core.interchange.rm5.elements import tag
from core.interchange.rm5.xml import Element

_FORBIDDEN: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(slots=True)
class Node:
    """An element as it shall be. ``attributes`` whose value is None are not written.

    ``key`` tells it from its siblings of the same name, where the file's own attributes cannot (a reference of a study
    has no id there). ``text`` None: not ours to say. ``whole``: text and children stand for one content, replaced at
    once (formatted text); ``tail`` is text after it, in such content only.
    """

    tag: str
    attributes: dict[str, str] = field(default_factory=dict[str, str])
    children: list[Node] = field(default_factory=list["Node"])
    key: str = ""
    text: str | None = None
    whole: bool = False
    tail: str = ""


def node(tag: str, *children: Node, key: str = "", **attributes: str | None) -> Node:
    """A node of elements; attributes that are None are left out."""
    given = {name: value for name, value in attributes.items() if value is not None}
    return Node(tag, given, list(children), key)


def leaf(tag: str, text: str) -> Node:
    """A node of plain text."""
    return Node(tag, text=text)


def clean(text: str) -> str:
    """The text without the characters that XML cannot hold."""
    return _FORBIDDEN.sub("", text)


def yes_no(value: bool) -> str:
    """RevMan's word for yes or no."""
    return "YES" if value else "NO"


def decimal(value: float | None) -> str:
    """A number as RevMan writes one that can have decimals: the shortest that reads the same, "0.0", "1.2E-5"."""
    if value is None or math.isnan(value):
        return ""
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0 or 1e-3 <= abs(value) < 1e7:
        return repr(float(value))
    sign, digits, exponent = Decimal(repr(float(value))).as_tuple()
    assert isinstance(exponent, int)
    power = exponent + len(digits) - 1
    written = "".join(map(str, digits)).rstrip("0")
    return f"{'-' if sign else ''}{written[0]}.{written[1:] or '0'}E{power}"


def count(value: float | None) -> str:
    """A number as RevMan writes one that has no decimals; with them when it has some all the same."""
    if value is not None and math.isfinite(value) and value == math.floor(value):
        return str(int(value))
    return decimal(value)


def element(made_from: Node, stamp: Stamp | None = None) -> Element:
    """The element of a node with all it holds, one element a line where the content is not text."""
    made = etree.Element(made_from.tag)
    for name, value in made_from.attributes.items():
        made.set(name, clean(value))
    if stamp is not None:
        stamp.put(made)
    fill(made, made_from, stamp)
    return made


def fill(target: Element, content: Node, stamp: Stamp | None = None) -> None:
    """Give an empty element the text and children of a node."""
    text = clean(content.text or "")
    if text:
        target.text = text
    elif content.children and not content.whole:
        target.text = "\n"
    for child in content.children:
        made = element(child, stamp)
        tail = clean(child.tail) if content.whole else "\n"
        made.tail = tail or None
        target.append(made)


STAMPED: Final = frozenset((
    "COCHRANE_REVIEW", "COVER_SHEET", "TITLE", "STUDIES_AND_REFERENCES", "STUDIES", "INCLUDED_STUDIES",
    "EXCLUDED_STUDIES", "STUDY", "REFERENCE", "OTHER_REFERENCES", "ADDITIONAL_REFERENCES",
    "OTHER_VERSIONS_REFERENCES", "CHARACTERISTICS_OF_STUDIES", "CHARACTERISTICS_OF_INCLUDED_STUDIES",
    "CHARACTERISTICS_OF_EXCLUDED_STUDIES", "INCLUDED_CHAR", "EXCLUDED_CHAR", "QUALITY_ITEMS", "QUALITY_ITEM",
    "QUALITY_ITEM_DATA_ENTRY", "ANALYSES_AND_DATA", "COMPARISON", "DICH_OUTCOME", "CONT_OUTCOME", "DICH_SUBGROUP",
    "DICH_DATA", "CONT_DATA",
))  # fmt: skip
"""Elements that are seen with the time of their last change."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """The time of a change as RevMan writes it; by whom is not told."""

    moment: str

    def put(self, target: Element) -> None:
        """Say that this element was changed now."""
        if tag(target) in STAMPED:
            target.set("MODIFIED", self.moment)
            target.set("MODIFIED_BY", "[Empty name]")
