"""The review's file: is it one of ours, may we write it, and does nobody else have it open."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import sqlite3
import stat
from pathlib import Path
from typing import cast

from filelock import FileLock, Timeout
from platformdirs import user_data_path

from core.errors import FileProblem, InputError
from core.store.schema import APPLICATION_ID, SCHEMA_VERSION

logger = logging.getLogger(__name__)

SUFFIX = ".copse"
_SQLITE_MAGIC = b"SQLite format 3\x00"


def lock(path: Path) -> FileLock:
    """Hold the review against a second Copse; FileProblem when somebody has it."""
    guard = FileLock(str(path) + ".lock", timeout=0)
    try:
        guard.acquire()
    except Timeout as error:
        raise FileProblem(
            "file.open_elsewhere",
            "{name} is already open in another Copse window, or on another computer. Nothing was changed. "
            "Close it there and open it again.",
            name=path.name,
        ) from error
    except OSError as error:
        raise _folder_readonly(path) from error
    return guard


def release(guard: FileLock) -> None:
    """Give the review back and leave no lock file behind."""
    # Removed while it is held: who has opened it already finds it gone and makes another. Removed afterwards, it could
    # be somebody's by then, and a third would make one beside it. (Windows removes it when it is released.)
    with contextlib.suppress(OSError):
        Path(guard.lock_file).unlink(missing_ok=True)
    guard.release()


def write_whole(path: Path, data: bytes) -> None:
    """Write a file in one step: what was there before stays until all is written. FileProblem when not possible."""
    draft = path.with_name(f"{path.name}.part{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(data)
        draft.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            draft.unlink()
        raise FileProblem(
            "file.not_written",
            "{path} could not be written ({reason}). Choose another folder or name.",
            path=str(path),
            reason=error.strerror or type(error).__name__,
        ) from error


def check_writable(path: Path) -> None:
    """FileProblem unless the file (or, for a new one, its folder) and the folder can be written."""
    folder = path.parent
    if not folder.is_dir():
        raise FileProblem(
            "file.no_folder",
            "The folder {folder} does not exist, so {name} was not made. Choose another folder.",
            folder=str(folder),
            name=path.name,
        )
    if not _writable(folder):
        raise _folder_readonly(path)
    if path.exists() and not _writable(path):
        raise FileProblem(
            "file.readonly_file",
            "{name} is marked read-only. Copse writes every decision into the file as you make it. Nothing was "
            "changed. Remove the mark, or copy the file and open the copy.",
            name=path.name,
        )


def check_is_review(path: Path) -> None:
    """FileProblem unless the file is a Copse review of a version this program knows."""
    if path.is_dir():
        raise FileProblem(
            "file.folder", "{name} is a folder, not a review. Open the .copse file within it.", name=path.name
        )
    if not path.is_file():
        raise FileProblem(
            "file.missing", "There is no file {path}. Look for it with Open, or make a new review.", path=str(path)
        )
    try:
        with path.open("rb") as stream:
            head = stream.read(100)
    except OSError as error:
        raise FileProblem(
            "file.unreadable",
            "{name} cannot be read: {reason}. Nothing was changed. Ask whoever owns it for the right to read it.",
            name=path.name,
            reason=(error.strerror or str(error)).lower(),
        ) from error
    # Read from the header bytes: opening the file with SQLite could already write a journal beside it.
    application = int.from_bytes(head[68:72], "big")
    version = int.from_bytes(head[60:64], "big")
    if head[:16] != _SQLITE_MAGIC or application != APPLICATION_ID:
        raise FileProblem(
            "file.not_a_review",
            "{name} is not a Copse review. Nothing was changed. A review's file ends in .copse; search results are "
            "imported on the References page of a review.",
            name=path.name,
        )
    if version > SCHEMA_VERSION:
        raise FileProblem(
            "file.newer",
            "{name} was written by a newer Copse (file version {version}, this program knows {known}). Nothing was "
            "changed. Update Copse to open it.",
            name=path.name,
            version=version,
            known=SCHEMA_VERSION,
        )


def check_is_free(path: Path) -> None:
    """InputError when a new review would overwrite something."""
    if path.exists():
        raise InputError(
            "file.exists",
            "{name} exists already and was not touched. Choose another name for the new review.",
            name=path.name,
        )


def check_readable(path: Path) -> None:
    """FileProblem when SQLite finds the file damaged at its first look."""
    try:
        connection = sqlite3.connect(path)
        try:
            connection.execute("SELECT count(*) FROM operation").fetchone()
        finally:
            connection.close()
    except sqlite3.DatabaseError as error:
        raise FileProblem(
            "file.damaged",
            "{name} is damaged and cannot be opened. Nothing was changed. Open your latest copy of it, and keep this "
            "file for repair.",
            name=path.name,
        ) from error


def _folder_readonly(path: Path) -> FileProblem:
    return FileProblem(
        "file.readonly_folder",
        "{name} is in a folder that cannot be written ({folder}). Copse writes every decision into the file as you "
        "make it. Nothing was changed. Copy the file to a folder of your own and open that copy.",
        name=path.name,
        folder=str(path.parent),
    )


def _writable(path: Path) -> bool:
    # An administrator may write anything; a place without any write bit is still meant to be left alone.
    any_write_bit = path.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH)
    return os.access(path, os.W_OK) and bool(any_write_bit)


class CopyRegister:
    """What this installation remembers of each copy outside the file: where it lay and how far its log had come.

    A file copied by hand, restored from a backup or carried to another computer continues under the same device id
    unless we notice; two copies would then write different operations under one number. When path or sequence do not
    agree with what is remembered here, the copy gets an id of its own.
    """

    def __init__(self, folder: Path | None = None) -> None:
        override = os.environ.get("COPSE_DATA_DIR")
        self._file = (folder or (Path(override) if override else user_data_path("copse"))) / "copies.json"

    def agrees(self, device: bytes, path: Path, sequence: int) -> bool:
        """Whether this copy is the one last closed here."""
        return self._read().get(device.hex()) == [str(path.resolve()), sequence]

    def remember(self, device: bytes, path: Path, sequence: int) -> None:
        """Note where the copy lies and how far it has come.

        What cannot be noted (a full disk, a locked home folder) only means that the copy gets an id of its own when it
        is next opened; nobody is kept from working for it.
        """
        known = self._read()
        known[device.hex()] = [str(path.resolve()), sequence]
        draft = self._file.with_suffix(f".{os.getpid()}.tmp")
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            draft.write_text(json.dumps(known), encoding="utf-8")
            draft.replace(self._file)
        except OSError:
            with contextlib.suppress(OSError):
                draft.unlink(missing_ok=True)
            logger.warning("%s could not be written", self._file.name, exc_info=True)

    def _read(self) -> dict[str, list[str | int]]:
        try:
            known = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return cast("dict[str, list[str | int]]", known) if isinstance(known, dict) else {}
