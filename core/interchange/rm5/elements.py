"""Small questions to the elements of a file, and the notes taken while it is read."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from core.interchange.model import Remark
from core.interchange.rm5.xml import Element
from core.language import phrase

_BLANK = re.compile(r"[ \t\r\n]+")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
NOT_COMPUTED = ("", "NaN", "Infinity", "-Infinity", "+Infinity")
"""How RevMan writes that there is no number."""


def tag(element: Element) -> str:
    """The name of an element; empty for comments and processing instructions."""
    return element.tag if isinstance(element.tag, str) else ""  # pyright: ignore[reportUnnecessaryIsInstance]


def children(parent: Element | None, *tags: str) -> Iterator[Element]:
    """The children that are elements, or those of them with these names, in order."""
    for child in () if parent is None else parent:
        if tag(child) and (not tags or tag(child) in tags):
            yield child


def child(parent: Element | None, *path: str) -> Element | None:
    """The element at the end of a path of names, the first of each."""
    for name in path:
        parent = next(children(parent, name), None)
    return parent


def attribute(element: Element | None, name: str) -> str:
    """An attribute without blanks around it; empty when it is not there."""
    return "" if element is None else (element.get(name) or "").strip()


def pieces(element: Element) -> Iterator[str]:
    """All text within an element, without comments and processing instructions."""
    yield element.text or ""
    for inner in element:
        if tag(inner):
            yield from pieces(inner)
        yield inner.tail or ""


def one_line(text: str) -> str:
    """`text` with its blanks and line ends as single spaces, and none around it."""
    return _BLANK.sub(" ", text).strip()


def words(parent: Element | None, *path: str) -> str:
    """The text of an element, or of the one at the end of a path, on one line; empty when it is not there."""
    found = child(parent, *path)
    return "" if found is None else one_line("".join(pieces(found)))


def where(element: Element) -> str:
    """How a remark names an element: its name, and its id or else the line."""
    own = attribute(element, "ID") or attribute(element, "STUDY_ID")
    return f"{tag(element)} {own}" if own else f"{tag(element)}, line {element.sourceline}"


@dataclass(slots=True)
class Notes:
    """What is remarked while a file is read; each kind of thing once."""

    remarks: list[Remark] = field(default_factory=list[Remark])
    _said: set[str] = field(default_factory=set[str])

    def add(self, where: str, what: str, *, kept: bool = True, kind: str = "") -> None:
        """Remark `what`; of things of one `kind` only the first."""
        if kind and kind in self._said:
            return
        self._said.add(kind)
        self.remarks.append(Remark(where, what, kept))

    def number(self, element: Element, name: str) -> float | None:
        """The number in an attribute; None where RevMan computed none, and with a remark for what is no number."""
        text = attribute(element, name)
        if text in NOT_COMPUTED:
            return None
        value = float(text) if _NUMBER.fullmatch(text) else math.nan
        if math.isfinite(value):
            return value
        self.add(
            where(element), phrase("{name} is “{text}”, which is no number; it was left out.", name=name, text=text)
        )
        return None

    def numbers(self, element: Element, names: Iterable[str]) -> dict[str, float | None]:
        """The numbers in those of the attributes that are there, by their names in small letters."""
        return {name.lower(): self.number(element, name) for name in names if element.get(name) is not None}
