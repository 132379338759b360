"""The files that a review is handed on in to other programs: one entry for each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from core.interchange.model import ReviewFile
from core.language import mark


@dataclass(frozen=True, slots=True)
class Writer:
    """A format to write. ``classic``: it holds what RevMan 5 can, without the estimators and intervals of RevMan Web.

    ``data`` gives the bytes of the file, from the review and the name of the file without its suffix.
    """

    label: str
    suffix: str
    classic: bool
    data: Callable[[ReviewFile, str], bytes]


def _rm5(file: ReviewFile, _: str) -> bytes:
    from core.interchange.rm5.write import write

    return write(file, now=datetime.now(UTC))


def _revman_csv(file: ReviewFile, _: str) -> bytes:
    from core.interchange.revman_csv import write

    return write(file)


def _revman_web(file: ReviewFile, stem: str) -> bytes:
    """Its files are named as the zip, without the "-data" that such a zip's name ends with."""
    from core.interchange.revman_web import write_package

    return write_package(file, stem.removesuffix("-data"))


WRITERS: Final[Mapping[str, Writer]] = {
    "rm5": Writer(mark("RevMan 5 file (.rm5)"), ".rm5", True, _rm5),
    "revman_web": Writer(mark("RevMan Web data package (.zip)"), ".zip", False, _revman_web),
    "revman_csv": Writer(mark("table of analysis data as of RevMan 5 (.csv)"), ".csv", True, _revman_csv),
}
"""By key."""
