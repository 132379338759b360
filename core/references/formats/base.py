"""What a reference format is: a key, how to recognise it, how to read it and, for some, how to write it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from core.references.record import ReferenceRecord


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a file: its record, complete or not, and where in the text it begins and ends.

    ``fault`` is a code and a sentence for an entry whose form is broken and which is therefore not imported.
    """

    record: ReferenceRecord
    begin: int
    end: int
    fault: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Format:
    """A file format. Texts have LF line ends and no byte order mark.

    ``sniff`` gets the beginning of a text and says from 0 (is not) to 1 (is) how much it looks like the format;
    ``parse`` yields every entry of a text in order and never raises for what a text holds; ``write`` makes a text.
    """

    key: str
    label: str
    suffixes: tuple[str, ...]
    sniff: Callable[[str], float]
    parse: Callable[[str], Iterator[Entry]]
    write: Callable[[Iterable[ReferenceRecord]], str] | None = None
