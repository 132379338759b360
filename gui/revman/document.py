"""The texts of a review made ready for reading, on a worker: what stands under each heading, pictures apart."""

from __future__ import annotations

import base64
import binascii
import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.interchange.model import Part, PartKind

_PICTURE = re.compile(r'src="data:image/[\w.+-]+;base64,([^"]*)"')
_TAG = re.compile(r"<[^>]*>")
WIDE = frozenset((PartKind.SUMMARY_OF_FINDINGS, PartKind.TABLE, PartKind.FIGURE))
"""Parts that take all the width there is; texts keep to lines that can be read."""
PICTURE = "picture:"


@dataclass(frozen=True)
class Section:
    """A part of the file: ``html`` names its pictures instead of holding them, ``words`` is what can be searched."""

    id: str
    title: str
    level: int
    html: str
    words: str
    wide: bool


@dataclass(frozen=True)
class Document:
    """All sections in order, and the pictures in them by the name that the text gives them."""

    sections: Sequence[Section]
    pictures: Mapping[str, bytes]

    def below(self, number: int) -> Sequence[Section]:
        """A section and all that stand under its heading."""
        level = self.sections[number].level
        end = number + 1
        while end < len(self.sections) and self.sections[end].level > level:
            end += 1
        return self.sections[number:end]


def document(parts: Sequence[Part]) -> Document:
    """Make the texts of a file ready."""
    pictures: dict[str, bytes] = {}

    def take_out(match: re.Match[str]) -> str:
        name = f"{PICTURE}{len(pictures)}"
        try:
            pictures[name] = base64.b64decode(match[1])
        except binascii.Error:
            pictures[name] = b""
        return f'src="{name}"'

    sections: list[Section] = []
    for part in parts:
        text = _PICTURE.sub(take_out, part.html).replace("</p><img", "</p><p><img")  # below its caption
        words = f"{part.title} {html.unescape(_TAG.sub(' ', text))}".casefold()
        sections.append(Section(part.id, part.title, part.level, text, words, part.kind in WIDE))
    return Document(sections, pictures)
