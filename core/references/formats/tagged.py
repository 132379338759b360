"""The tolerant reader all tagged formats share: text to entries, entry to tags.

A format says by a pattern how a tag looks at the start of a line and how an entry starts; what the patterns do not match
is the continuation of the value above it, blank lines included.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from core.references.formats.assemble import Fields, TagTable, assemble
from core.references.formats.base import Entry


@dataclass(frozen=True, slots=True)
class Frame:
    """The text of one entry with the line it starts in (from 1) and where it ends in the file."""

    raw: str
    line: int
    end: int

    def upto(self, mark: re.Pattern[str]) -> Frame:
        """The same frame without what follows the first match of ``mark``."""
        found = mark.search(self.raw)
        return Frame(self.raw[: found.start()], self.line, self.end) if found else self


@dataclass(frozen=True, slots=True)
class TaggedFormat:
    """``tag`` matches a line feed and a tag, its group 1; ``wrapped`` formats break long values over indented lines,
    except those of the tags in ``lists``, where each line is a value."""

    tag: re.Pattern[str]
    table: TagTable
    wrapped: bool = False
    lists: frozenset[str] = frozenset()


def split_tags(raw: str, layout: TaggedFormat) -> Fields:
    """The tags of an entry's text with their values; values that are empty or blank are left out."""
    fields: Fields = {}
    pieces = layout.tag.split("\n" + raw)
    for tag, value in zip(pieces[1::2], pieces[2::2], strict=True):
        text = value.strip()
        if not text:
            continue
        if layout.wrapped and "\n" in text and tag not in layout.lists:
            text = _WRAP.sub(" ", text)
        if tag in fields:
            fields[tag].append(text)
        else:
            fields[tag] = [text]
    return fields


_WRAP = re.compile(r"[ \t]*\n[ \t]+")


def frames(text: str, start: re.Pattern[str]) -> Iterator[Frame]:
    """The pieces of a text from one match of ``start`` to the next; what precedes the first is no entry.

    ``start`` begins with a line feed; an entry may stand in the first line of the text.
    """
    lead = "\n" + text
    line, before = 1, 0
    begin = None
    for found in start.finditer(lead):
        if begin is not None:
            line, before = line + text.count("\n", before, begin), begin
            yield Frame(text[begin : found.start()], line, found.start())
        begin = found.start()
    if begin is not None:
        yield Frame(text[begin:], line + text.count("\n", before, begin), len(text))


def entries(found: Iterator[Frame], layout: TaggedFormat) -> Iterator[Entry]:
    """The entries of frames that hold any tag."""
    for frame in found:
        fields = split_tags(frame.raw, layout)
        if fields:
            yield Entry(assemble(fields, layout.table), frame.line, frame.raw, frame.end)
