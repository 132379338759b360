"""Formatted text: the HTML of the model as the elements that RevMan has for it."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Final

from core.interchange.rm5.texts import plain
from core.interchange.rm5.write_nodes import Node, element

_INLINE: Final = {name: name.upper() for name in ("b", "i", "u", "sup", "sub", "br", "a")}
_BLOCKS: Final = {name: name.upper() for name in ("p", "ul", "ol", "li", "table", "tr", "th", "td")}
_HEADINGS: Final = {f"h{level}": level for level in range(1, 6)}
_INSIDE: Final = {"li": ("ul", "ol"), "tr": ("table",), "th": ("tr",), "td": ("tr",)}
_LINKS: Final = {
    "STD": "STUDY",
    "REF": "REFERENCE",
    "CMP": "ANALYSIS",
    "FIG": "FIGURE",
    "TBL": "TABLE",
    "SOF": "TABLE",
    "APP": "APPENDIX",
}
_LINED: Final = frozenset({"P", "UL", "OL", "LI", "TABLE", "TR", "TH", "TD", "SUBSECTION", "HEADING"})


def paragraphs(text: str) -> list[Node]:
    """Plain text, a paragraph for each line."""
    return [_paragraph(line) for line in text.split("\n") if line.strip()]


def formatted(html: str) -> list[Node]:
    """The elements of an HTML text as the model has it."""
    parser = _Parser()
    parser.feed(html)
    parser.close()
    return _lined(parser.content())


def same_text(text: str, html: str) -> list[Node]:
    """A text with its formatting; without it where the two no longer say the same, as when the text was changed."""
    bare = paragraphs(text)
    with_form = formatted(html) if html else []
    return with_form if with_form and _said(with_form) == _said(bare) else bare


def _said(content: list[Node]) -> str:
    return "".join(plain(element(rich("P", content))).split())


def rich(tag: str, content: list[Node]) -> Node:
    """An element of formatted text."""
    return Node(tag, text="\n" if content else "", children=content, whole=True)


def _paragraph(text: str) -> Node:
    return Node("P", text=text, whole=True, tail="\n")


class _Parser(HTMLParser):
    """Builds nodes of what it knows; of other elements only their text is kept."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._root = Node("", whole=True)
        self._open: list[tuple[str, Node]] = [("", self._root)]

    def content(self) -> list[Node]:
        """What was read, text that stands in no paragraph in one of its own."""
        return self._root.children

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in _HEADINGS:
            self._heading(tag)
        elif tag == "img":
            self.handle_data(given.get("alt", ""))
        elif tag == "br":
            self._top_inline().children.append(Node("BR", whole=True))
        elif tag in _INLINE:
            made = _link(given.get("href", "")) if tag == "a" else Node(_INLINE[tag], whole=True)
            self._push(tag, made, self._top_inline())
        elif tag in _BLOCKS:
            self._close_paragraph()
            self._push(tag, _block(tag, given), self._open[-1][1])

    def handle_endtag(self, tag: str) -> None:
        if any(name == tag for name, _ in self._open[1:]):
            while self._open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        parent = self._open[-1][1]
        if not data.strip() and parent.tag in ("", "UL", "OL", "TABLE", "TR", "SUBSECTION"):
            return
        parent = self._top_inline()
        if parent.children:
            parent.children[-1].tail += data
        else:
            parent.text = (parent.text or "") + data

    def _push(self, tag: str, made: Node, parent: Node) -> None:
        parent.children.append(made)
        self._open.append((tag, made))

    def _top_inline(self) -> Node:
        """Where running text goes: a paragraph is opened where there is none."""
        parent = self._open[-1][1]
        if parent.tag in ("", "SUBSECTION"):
            self._push("p", Node("P", whole=True), parent)
        return self._open[-1][1]

    def _close_paragraph(self) -> None:
        """A block ends the paragraph that stands before it."""
        for index in range(len(self._open) - 1, 0, -1):
            if self._open[index][0] == "p":
                del self._open[index:]
                return
            if self._open[index][0] in _BLOCKS:
                return

    def _heading(self, tag: str) -> None:
        """A heading opens a section, which the next one of its level or above closes."""
        level = _HEADINGS[tag]
        while len(self._open) > 1 and not (
            self._open[-1][0].startswith("section") and int(self._open[-1][0][len("section") :]) < level
        ):
            self._open.pop()
        parent = self._open[-1][1]
        self._push(f"section{level}", Node("SUBSECTION", whole=True), parent)
        self._push(tag, Node("HEADING", {"LEVEL": str(level)}, whole=True), self._open[-1][1])


def _block(tag: str, given: dict[str, str]) -> Node:
    spans = {name: given.get(name.lower(), "") for name in ("COLSPAN", "ROWSPAN")}
    made = {name: value for name, value in spans.items() if value} if tag in ("th", "td") else {}
    return Node(_BLOCKS[tag], made, whole=True)


def _link(address: str) -> Node:
    if not address.startswith("#"):
        return Node("A", {"HREF": address}, whole=True)
    target = address[1:]
    return Node("LINK", {"REF": target, "TYPE": _LINKS.get(target.partition("-")[0], "STUDY")}, whole=True)


def _lined(content: list[Node]) -> list[Node]:
    """One block a line, tables counted and the text of their cells in paragraphs, as RevMan writes them."""
    for child in content:
        _lined(child.children)
        if child.tag == "TABLE":
            rows = [row for row in child.children if row.tag == "TR"]
            child.attributes = {"COLS": str(max(map(_width, rows), default=0)), "ROWS": str(len(rows))}
        if child.tag in ("TH", "TD") and not any(inner.tag in _LINED for inner in child.children):
            child.children = [Node("P", text=child.text, children=child.children, whole=True, tail="\n")]
            child.text = "\n"
        if child.tag in _LINED:
            child.tail = child.tail or "\n"
            if any(inner.tag in _LINED for inner in child.children):
                child.text = child.text or "\n"
    return content


def _width(row: Node) -> int:
    return sum(
        int(cell.attributes.get("COLSPAN", "1")) if cell.attributes.get("COLSPAN", "1").isdigit() else 1
        for cell in row.children
    )
