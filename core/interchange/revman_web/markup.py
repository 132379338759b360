"""Texts with markup, as RevMan Web keeps them in cells: to plain text, and to the few elements that are kept."""

from __future__ import annotations

import re
from html import escape
from html.parser import HTMLParser
from typing import Final

from typing_extensions import override

from core.interchange.model import HTML_ELEMENTS

_TAG = re.compile(r"</?(?:p|br|div|span|b|i|u|strong|em|ul|ol|li|sup|sub|a|h[1-6]|table|tbody|tr|th|td)\b[^<>]*>", re.I)
_SAME: Final = {"strong": "b", "em": "i", "h6": "h5"}
_BREAKS: Final = frozenset(("p", "br", "div", "li", "ul", "ol", "tr", "table", "h1", "h2", "h3", "h4", "h5"))
_ALONE: Final = frozenset(("br",))
_SILENT: Final = frozenset(("script", "style"))
_HREF = re.compile(r"(?:https?://|mailto:|#)", re.IGNORECASE)


def has_markup(text: str) -> bool:
    """Whether a cell's text is HTML rather than plain."""
    return bool(_TAG.search(text))


def plain_and_html(text: str) -> tuple[str, str]:
    """A cell's text as plain text, and as HTML of `HTML_ELEMENTS` only; the HTML is empty when the text is plain."""
    if not has_markup(text):
        return text, ""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    lines = (re.sub(r"[ \t\xa0]+", " ", line).strip() for line in "".join(reader.plain).split("\n"))
    return "\n".join(line for line in lines if line), "".join([*reader.html, *reader.closing()])


def as_cell(text: str, html: str) -> str:
    """A text as such a cell: with its markup if it has any; a plain text that would be taken for markup is escaped."""
    if html:
        return html
    if not has_markup(text):
        return text
    return "".join(f"<p>{escape(line, quote=False)}</p>" for line in text.split("\n"))


class _Reader(HTMLParser):
    """Keeps what is known, drops all other elements and attributes, and closes what was left open."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.plain: list[str] = []
        self.html: list[str] = []
        self._open: list[str] = []
        self._silent = 0

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in _SILENT
        tag = _SAME.get(tag, tag)
        self._break(tag)
        if tag not in HTML_ELEMENTS or tag == "img":
            return
        kept = "".join(f' {name}="{escape(value)}"' for name, value in attrs if value and _allowed(tag, name, value))
        self.html.append(f"<{tag}{kept}>")
        if tag not in _ALONE:
            self._open.append(tag)

    @override
    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in _SILENT and self._silent > 0
        tag = _SAME.get(tag, tag)
        self._break(tag)
        while tag in self._open:
            last = self._open.pop()
            self.html.append(f"</{last}>")
            if last == tag:
                return

    @override
    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.plain.append(data.replace("\r", "").replace("\n", " "))
            self.html.append(escape(data, quote=False))

    def _break(self, tag: str) -> None:
        if tag in _BREAKS:
            self.plain.append("\n")
        elif tag in ("td", "th"):
            self.plain.append(" ")

    def closing(self) -> list[str]:
        """The ends of the elements that the text left open."""
        return [f"</{tag}>" for tag in reversed(self._open)]


def _allowed(tag: str, name: str, value: str) -> bool:
    if tag == "a" and name == "href":
        return bool(_HREF.match(value.strip()))
    return tag in ("td", "th") and name in ("colspan", "rowspan") and value.isdigit()
