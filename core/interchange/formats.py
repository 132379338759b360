"""The formats of whole reviews that Copse opens, and the one that a file is in by what it holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from core.errors import FileProblem, InputError
from core.interchange.model import ReviewFile
from core.language import mark, tr

HEAD: Final = 65_536
"""Bytes of a file that are looked at to tell its format."""
_DATABASE: Final = b"SQLite format 3\x00"


@dataclass(frozen=True, slots=True)
class Format:
    """A format. ``recognise`` gets the first bytes (none for a folder) and the path, and answers at once; ``read``
    raises InputError for what cannot be read.
    """

    key: str
    label: str
    suffixes: tuple[str, ...]
    recognise: Callable[[bytes, Path], bool]
    read: Callable[[Path], ReviewFile]


def bytes_of(path: Path, size: int = -1) -> bytes:
    """What is in a file, or its first `size` bytes. Raises FileProblem when it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(size)
    except OSError as error:
        raise FileProblem(
            "interchange.unreadable",
            "{file} cannot be read: {reason}. Nothing was opened.",
            file=path.name,
            reason=error.strerror or str(error),
        ) from error


def _is_rm5(head: bytes, _: Path) -> bool:
    return b"<COCHRANE_REVIEW" in head.replace(b"\x00", b"")  # in UTF-16 every other byte is empty


def _read_rm5(path: Path) -> ReviewFile:
    from core.interchange.rm5.read import read  # only here: lxml is not wanted at the start of the program

    return read(bytes_of(path), path.name)


def _is_revman_csv(head: bytes, _: Path) -> bool:
    from core.interchange import revman_csv

    return revman_csv.recognise(head)


def _read_revman_csv(path: Path) -> ReviewFile:
    from core.interchange import revman_csv

    return revman_csv.read_bytes(bytes_of(path), path.name)


def _is_revman_web(head: bytes, path: Path) -> bool:
    from core.interchange import revman_web

    return revman_web.recognise(head, path)


def _read_revman_web(path: Path) -> ReviewFile:
    from core.interchange import revman_web

    return revman_web.read(path)


def _is_study_csv(head: bytes, path: Path) -> bool:
    from core.interchange import covidence

    return covidence.recognise(head, path)


def _read_study_csv(path: Path) -> ReviewFile:
    from core.interchange import covidence

    return covidence.read(path)


def _is_metaview(head: bytes, _: Path) -> bool:
    from core.interchange import metaview

    return metaview.recognise(head)


def _read_metaview(path: Path) -> ReviewFile:
    from core.interchange import metaview

    return metaview.read(path)


FORMATS: Final = (
    Format("rm5", mark("RevMan 5 review"), (".rm5",), _is_rm5, _read_rm5),
    Format("revman_csv", mark("RevMan 5 analysis data"), (".csv",), _is_revman_csv, _read_revman_csv),
    Format("study_csv", mark("RevMan Web or Covidence study data"), (".csv",), _is_study_csv, _read_study_csv),
    Format("revman_web", mark("RevMan Web data package"), (".zip", ".csv"), _is_revman_web, _read_revman_web),
    Format("metaview", mark("MetaView file of RevMan 4"), (".mtv",), _is_metaview, _read_metaview),
)
"""In the order in which they are asked whether a file is theirs."""


def recognised(path: Path) -> bool:
    """Whether Copse knows the format of a file or folder, by the first of its bytes; False when it cannot be read."""
    try:
        return _format_of(path) is not None
    except FileProblem:
        return False


def meant(path: Path) -> bool:
    """Whether a file that is a review's by its name or content: `read_review_file` reads it, or says what is wrong.

    FileProblem when it cannot be read.
    """
    return (_format_of(path) or _by_name(path)) is not None


def read_review_file(path: Path) -> ReviewFile:
    """The review in a file or folder of any known format.

    Raises InputError for a file of another kind or one that is broken, FileProblem when it cannot be read.
    """
    found = _format_of(path) or _by_name(path)
    if not path.is_dir() and bytes_of(path, len(_DATABASE)) == _DATABASE:
        raise InputError(
            "interchange.database",
            "{file} is not a file of another program but a Copse review (or another database) under its name. Give it "
            "a name that ends in .copse, then open it. Nothing was changed.",
            file=path.name,
        )
    if found is None:
        raise InputError(
            "interchange.unknown-format",
            "{file} is in no format that Copse can open as a review. It opens: {formats}. Nothing was opened.",
            file=path.name,
            formats=", ".join(f"{tr(one.label)} ({', '.join(one.suffixes)})" for one in FORMATS),
        )
    return found.read(path)


def _format_of(path: Path) -> Format | None:
    head = b"" if path.is_dir() else bytes_of(path, HEAD)
    return next((one for one in FORMATS if one.recognise(head, path)), None)


def _by_name(path: Path) -> Format | None:
    """The format that the file's name promises, and whose reader can say what is wrong with it."""
    candidates = [one for one in FORMATS if path.suffix.lower() in one.suffixes and not path.is_dir()]
    return candidates[0] if len(candidates) == 1 else None
