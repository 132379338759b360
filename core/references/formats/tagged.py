"""The tolerant reader all tagged formats share: text to entries, entry to tags.

A format says by a pattern how a tag looks at the start of a line and how an entry starts; what the patterns do not
match is the continuation of the value above it, blank lines included.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from core.references.formats.assemble import Fields, TagTable, assemble
from core.references.formats.base import Entry


class Frame(NamedTuple):
    """The text of one entry and where in the file it begins and ends."""

    raw: str
    begin: int
    end: int

    def upto(self, mark: re.Pattern[str]) -> Frame:
        """The same frame without what follows the first match of ``mark``."""
        found = mark.search(self.raw)
        return self._replace(raw=self.raw[: found.start()]) if found else self


@dataclass(frozen=True, slots=True)
class TaggedFormat:
    """``tag`` matches a line feed and a tag, its group 1; ``wrapped`` formats break long values over indented lines,
    except those of the tags in ``lists``, where each line is a value."""

    tag: re.Pattern[str]
    table: TagTable
    wrapped: bool = False
    lists: frozenset[str] = frozenset()


def split_tags(raw: str, layout: TaggedFormat) -> Fields:
    """The tags of an entry's text with their values."""
    pieces = layout.tag.split("\n" + raw)
    fields = collect(pieces[1::2], pieces[2::2])
    if layout.wrapped:
        for tag in fields.keys() - layout.lists:
            fields[tag] = [_WRAP.sub(" ", value) for value in fields[tag]]
    return fields


_WRAP = re.compile(r"[ \t]*\n[ \t]+")


def collect(tags: list[str], values: list[str]) -> Fields:
    """The values of each tag in their order, stripped; blank ones are left out."""
    fields: Fields = {}
    for tag, value in zip(tags, map(str.strip, values), strict=True):
        if value:
            if tag in fields:
                fields[tag].append(value)
            else:
                fields[tag] = [value]
    return fields


def frames(text: str, start: re.Pattern[str]) -> Iterator[Frame]:
    """The pieces of a text from one match of ``start`` to the next; what precedes the first is no entry.

    ``start`` begins with a line feed; an entry may stand in the first line of the text.
    """
    begin = None
    for found in start.finditer("\n" + text):
        if begin is not None:
            yield Frame(text[begin : found.start()], begin, found.start())
        begin = found.start()
    if begin is not None:
        yield Frame(text[begin:], begin, len(text))


def entries(found: Iterator[Frame], layout: TaggedFormat) -> Iterator[Entry]:
    """The entries of frames that hold any tag."""
    for frame in found:
        fields = split_tags(frame.raw, layout)
        if fields:
            yield Entry(assemble(fields, layout.table), frame.begin, frame.end)
