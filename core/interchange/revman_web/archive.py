"""The files of a data package, taken safely from a zip, a folder or a single file.

A zip comes from elsewhere: it may claim to be small, name places outside, hold a password or be cut off. Only the files
that are wanted are unpacked, into memory, never to disk, and never more than the limits here.
"""

from __future__ import annotations

import io
import os
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Final

from core.errors import InputError
from core.interchange.formats import bytes_of

MOST_MEMBERS: Final = 5_000
LARGEST_FILE: Final = 64 * 1024 * 1024
LARGEST_PACKAGE: Final = 256 * 1024 * 1024
TELLING: Final = ("data-rows.csv", "overall-estimates-and-settings.csv", "study-information.csv")
"""How names of files end that only a data package has."""

_WANTED: Final = (".csv", ".ris")
_RATIO: Final = 500
_RATIO_FROM: Final = 1024 * 1024
_ENCRYPTED: Final = 0x1
_DEEPEST: Final = 2
_OUTSIDE: Final = re.compile(r"^[/\\]|^[A-Za-z]:|(?:^|[/\\])\.\.(?:[/\\]|$)")


def looks_like_package(head: bytes, path: Path) -> bool:
    """Whether this is a zip or folder whose members are named as those of a data package; also one that is damaged."""
    if path.is_dir():
        return any(file.name.endswith(TELLING) or file.name.endswith("-data.zip") for file in _walk(path))
    if not head.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            return _names_a_package(archive, 1)
    except (zipfile.BadZipFile, OSError, NotImplementedError):
        return any(ending.encode() in head for ending in (*TELLING, "-data.zip"))


def _names_a_package(archive: zipfile.ZipFile, depth: int) -> bool:
    if any(info.filename.endswith(TELLING) for info in archive.infolist()):
        return True
    inner = [info for info in archive.infolist() if info.filename.endswith("-data.zip")]
    if depth >= _DEEPEST or not inner:
        return False
    if inner[0].flag_bits & _ENCRYPTED or inner[0].file_size > LARGEST_FILE:
        return True  # reading it says what is wrong
    with zipfile.ZipFile(io.BytesIO(_unpacked(archive, inner[0], inner[0].filename))) as nested:
        return _names_a_package(nested, depth + 1)


def files_of(path: Path) -> dict[str, bytes]:
    """The tables (.csv) and lists of references (.ris) of a package by their names without folders; zips within it are
    opened too. Raises InputError for a zip that is broken, encrypted, names places outside itself, or is too large.
    """
    found: dict[str, bytes] = {}
    unpacked = 0
    for place, data in _members(path):
        found.setdefault(PurePosixPath(place.replace("\\", "/")).name, data)
        unpacked += len(data)
        if unpacked > LARGEST_PACKAGE:
            raise _too_large(path.name)
    return found


def _members(path: Path) -> Iterator[tuple[str, bytes]]:
    if not path.is_dir():
        data = _content(path)
        yield from _zipped(data, path.name, 1) if data.startswith(b"PK\x03\x04") else [(path.name, data)]
        return
    files = sorted(_walk(path), key=lambda file: (file.suffix.lower() == ".zip", str(file)))
    for file in files:
        if file.suffix.lower() == ".zip":
            yield from _zipped(_content(file), file.name, _DEEPEST)
        else:
            yield file.name, _content(file)


def _content(file: Path) -> bytes:
    """What is in a file, unless that is more than a package can be."""
    data = bytes_of(file, LARGEST_PACKAGE + 1)
    if len(data) > LARGEST_PACKAGE:
        raise _too_large(file.name)
    return data


def _walk(folder: Path) -> Iterator[Path]:
    """The wanted files of a folder; links are not followed, and hidden files left out. Of a folder that holds far more
    than a package, only the first files are looked at."""
    seen = 0
    for root, _, names in os.walk(folder):
        seen += 1 + len(names)
        if seen > MOST_MEMBERS:
            return
        for name in names:
            file = Path(root) / name
            if file.suffix.lower() in (*_WANTED, ".zip") and not name.startswith(".") and not file.is_symlink():
                yield file


def _zipped(data: bytes, name: str, depth: int) -> Iterator[tuple[str, bytes]]:
    """The wanted members of a zip, files before zips."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise _broken(name) from error
    with archive:
        _refuse_unsafe(archive, name)
        inner: list[zipfile.ZipInfo] = []
        for info in archive.infolist():
            if info.is_dir() or info.filename.startswith("__MACOSX/"):
                continue
            if info.filename.lower().endswith(_WANTED):
                yield info.filename, _unpacked(archive, info, name)
            elif info.filename.lower().endswith(".zip"):
                inner.append(info)
        for info in inner if depth < _DEEPEST else ():
            yield from _zipped(_unpacked(archive, info, name), info.filename, depth + 1)


def _refuse_unsafe(archive: zipfile.ZipFile, name: str) -> None:
    members = archive.infolist()
    if len(members) > MOST_MEMBERS:
        raise _too_large(name)
    for info in members:
        if _OUTSIDE.search(info.filename):
            raise InputError(
                "zip.outside",
                "{file} holds a file named “{member}”, which lies outside it. Such a zip can do harm and is not opened."
                " Export the data package again.",
                file=name,
                member=info.filename[:120],
            )
        if info.flag_bits & _ENCRYPTED:
            raise InputError(
                "zip.encrypted",
                "{file} is protected by a password. Unpack it with the password, and open the folder instead. Nothing"
                " was read.",
                file=name,
            )
        if info.file_size > _RATIO_FROM and info.file_size > _RATIO * max(info.compress_size, 1):
            raise _too_large(name)


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> bytes:
    """A member's bytes; never more than `LARGEST_FILE`, whatever the zip says of its size."""
    try:
        with archive.open(info) as stream:
            data = stream.read(LARGEST_FILE + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        raise _broken(name) from error
    if len(data) > LARGEST_FILE:
        raise _too_large(name)
    return data


def _broken(name: str) -> InputError:
    return InputError(
        "zip.broken",
        "{file} is a damaged zip, perhaps a download that was cut off. Download or export it again. Nothing was read.",
        file=name,
    )


def _too_large(name: str) -> InputError:
    return InputError(
        "zip.too_large",
        "{file} would unpack to more than any data package holds, and is not opened. If it is your own, unpack it and"
        " open the one package in it.",
        file=name,
    )
