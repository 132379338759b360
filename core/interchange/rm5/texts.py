"""Formatted text: as plain text, and as the few elements of HTML that the model has."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import escape
from html.parser import HTMLParser
from typing import Final

from typing_extensions import override

from core.interchange.rm5.elements import attribute, children, one_line, pieces, tag
from core.interchange.rm5.xml import Element

INLINE: Final = {"B": "b", "I": "i", "U": "u", "SUP": "sup", "SUB": "sub", "STRONG": "b", "EM": "i"}
BLOCKS: Final = {"P": "p", "OL": "ol", "UL": "ul", "LI": "li", "TABLE": "table", "TR": "tr", "TD": "td", "TH": "th"}
DELETED: Final = ("DEL", "DELETE", "DELETED", "DELETION")
"""Marks of changes that are not in the text as it would be accepted."""
THROUGH: Final = ("SUBSECTION", "INS", "INSERT", "INSERTED", "INSERTION", "MARKER", "FLAG", "SPAN", "THEAD", "TBODY")
"""Elements of which only the content is shown."""
RICH: Final = (*INLINE, *BLOCKS, *DELETED, *THROUGH, "BR", "A", "LINK", "HEADING")

_SPACE = re.compile(r"[ \t\r\n]+")
_ADDRESS = re.compile(r"(?:https?|ftp)://|mailto:", re.IGNORECASE)
_HOLDS: Final = {
    "OL": (("LI", "OL", "UL"), "<li>", "</li>"),
    "UL": (("LI", "OL", "UL"), "<li>", "</li>"),
    "TABLE": (("TR", "THEAD", "TBODY"), "<tr><td>", "</td></tr>"),
    "TR": (("TD", "TH"), "<td>", "</td>"),
}
_OPENS_BLOCK = (*BLOCKS, "HEADING", "SUBSECTION")


def plain(element: Element | None) -> str:
    """The text: paragraphs, items and rows of tables a line each, cells apart by tabs."""
    if element is None:
        return ""
    lines = "".join(_plain(element)).replace("\t\n", "\n").split("\n")
    return "\n".join(line.strip(" \t") for line in lines if line.strip())


def _plain(element: Element) -> list[str]:
    found = [_SPACE.sub(" ", element.text or "")]
    for inner in element:
        name = tag(inner)
        if name == "BR":
            found += ["\n", *_plain(inner)]
        elif name in ("TD", "TH"):
            found += [one_line("".join(_plain(inner)).replace("\n", " ")), "\t"]
        elif name and not deleted(inner):
            found += ["\n", *_plain(inner), "\n"] if name in _OPENS_BLOCK else _plain(inner)
        found.append(_SPACE.sub(" ", inner.tail or ""))
    return found


def deleted(element: Element) -> bool:
    """Whether a mark says that this text has been taken out."""
    return tag(element) in DELETED or attribute(element, "CLASS").lower() == "deleted"


def name_links(root: Element, labels: Mapping[str, str]) -> None:
    """Give links that have no words those of what they lead to."""
    for link in root.iter("LINK"):
        if not any(piece.strip() for piece in pieces(link)):
            link.text = labels.get(attribute(link, "REF")) or attribute(link, "REF")


class Html:
    """Elements of the file as HTML. ``labels`` are what ids are called, for links that have no text of their own."""

    def __init__(self, labels: Mapping[str, str]) -> None:
        self._labels = labels

    def called(self, id: str) -> str:
        """What an id is called; the id itself where the file has nothing of it."""
        return self._labels.get(id) or id

    def of(self, element: Element | None, leave: Callable[[Element], bool] = lambda _: False) -> str:
        """What is in an element, as blocks, but for the children that `leave` says; empty when it holds nothing."""
        if element is None:
            return ""
        return self._blocks(element, leave)

    def _blocks(self, element: Element, leave: Callable[[Element], bool]) -> str:
        """Text between blocks becomes paragraphs of its own."""
        found: list[str] = []
        line = [_text(element.text)]
        for inner in element:
            if tag(inner) and not leave(inner) and not deleted(inner):
                if _has_blocks(inner):
                    found += [_paragraph(line), self._block(inner)]
                    line = []
                else:
                    line.append(self._inline(inner))
            line.append(_text(inner.tail))
        return "".join([*found, _paragraph(line)])

    def _block(self, element: Element) -> str:
        name = tag(element)
        if name == "P":
            return _paragraph([self._inside(element)])
        if name == "HEADING":
            level = attribute(element, "LEVEL")
            size = min(max(int(level), 1), 5) if level.isdecimal() and level.isascii() else 3
            return f"<h{size}>{self._inside(element).strip()}</h{size}>"
        if name in ("TD", "TH"):
            return f"<{name.lower()}{_spans(element)}>{self._blocks(element, _none)}</{name.lower()}>"
        if name in _HOLDS:
            return f"<{name.lower()}>{self._held(element)}</{name.lower()}>"
        if name == "LI":
            return f"<li>{self._inside(element).strip()}</li>"
        return self._blocks(element, _none)

    def _held(self, element: Element) -> str:
        """The rows, cells or items in an element; anything else in it becomes one of them."""
        wanted, start, end = _HOLDS[tag(element)]
        found = [(_text(element.text), False)]
        for inner in element:
            if tag(inner) and not deleted(inner):
                own = tag(inner) in wanted
                found.append((self._block(inner) if own or _has_blocks(inner) else self._inline(inner), own))
            found.append((_text(inner.tail), False))
        return "".join(text if own else f"{start}{text}{end}" for text, own in found if own or text.strip())

    def _inside(self, element: Element) -> str:
        found = [_text(element.text)]
        for inner in element:
            if tag(inner) and not deleted(inner):
                found.append(self._block(inner) if _has_blocks(inner) else self._inline(inner))
            found.append(_text(inner.tail))
        return "".join(found)

    def _inline(self, element: Element) -> str:
        name = tag(element)
        inside = self._inside(element)
        if name == "BR":
            return f"<br>{inside}"
        if name in INLINE:
            return f"<{INLINE[name]}>{inside}</{INLINE[name]}>"
        if name == "LINK":
            target = attribute(element, "REF")
            inside = inside.strip() or escape(self.called(target))
            return f'<a href="#{escape(target)}">{inside}</a>' if target else inside
        address = attribute(element, "HREF")
        if name == "A" and _ADDRESS.match(address):
            return f'<a href="{escape(address)}">{inside.strip() or escape(address)}</a>'
        return inside


def _none(_: Element) -> bool:
    return False


def _has_blocks(element: Element) -> bool:
    return tag(element) in _OPENS_BLOCK or any(_has_blocks(inner) for inner in children(element))


def _text(text: str | None) -> str:
    return escape(_SPACE.sub(" ", text or ""), quote=False)


def _paragraph(parts: list[str]) -> str:
    inside = "".join(parts).strip(" ")
    return f"<p>{inside}</p>" if inside.replace("<br>", "").strip() else ""


def _spans(cell: Element) -> str:
    found = ((name, attribute(cell, name.upper())) for name in ("colspan", "rowspan"))
    return "".join(f' {name}="{size}"' for name, size in found if re.fullmatch(r"[1-9][0-9]{0,2}", size))


def paragraphs(text: str) -> str:
    """Plain text as HTML, a paragraph for each line."""
    return "".join(f"<p>{escape(line, quote=False)}</p>" for line in text.split("\n") if line.strip())


class _Reader(HTMLParser):
    """The text of a piece of HTML as RevMan keeps it in an attribute."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._open: list[bool] = []

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("br", "p", "li"):
            self.found.append("\n")
        elif tag == "span":
            self._open.append(("class", "deleted") in attrs)

    @override
    def handle_endtag(self, tag: str) -> None:
        if tag == "span" and self._open:
            self._open.pop()

    @override
    def handle_data(self, data: str) -> None:
        if not any(self._open):
            self.found.append(_SPACE.sub(" ", data))


def plain_of_html(text: str) -> str:
    """The text of NOTES, which hold escaped HTML, without what is marked as deleted."""
    if not text:
        return ""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    lines = "".join(reader.found).replace("\ufeff", "").split("\n")
    return "\n".join(line.strip() for line in lines if line.strip())
