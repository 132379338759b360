"""The example review: a published review rebuilt through the public door from files in real export formats.

`open_example` gives a copy of the finished file that ships with the program; `build_example` makes it anew.
"""

from __future__ import annotations

import contextlib
import lzma
import os
from pathlib import Path

from core.errors import FileProblem
from core.example.data import FOLDER
from core.example.workbench import ProgressReport

FILE_NAME = "example.copse"
FINISHED = FOLDER / f"{FILE_NAME}.xz"


def open_example(target_dir: Path) -> Path:
    """The path of the example review in a folder. One that is there already is kept: somebody may have worked on it.

    FileProblem when the folder cannot be written; nothing is left half-way.
    """
    target = target_dir / FILE_NAME
    if target.exists():
        return target
    part = target.with_suffix(f".part{os.getpid()}")
    try:
        target_dir.mkdir(parents=True, exist_ok=True)
        part.write_bytes(lzma.decompress(FINISHED.read_bytes()))
        part.replace(target)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink()
        raise FileProblem(
            "example.folder",
            "The example review could not be put into {folder} ({reason}). Choose a folder you may write to.",
            folder=str(target_dir),
            reason=error.strerror or type(error).__name__,
        ) from error
    return target


def build_example(target: Path, progress: ProgressReport | None = None) -> Path:
    """Make the example review in a new file ``target``, from the exports on; its path.

    ``progress`` is called with what is being done, how far, and out of how many (0 when unknown). InputError when the
    file exists, FileProblem when its folder cannot be written; a build that stops half-way leaves no file.
    """
    from core.example.builder import build

    return build(target, progress)


def pack(built: Path) -> None:
    """Make a built example the finished file that ships. For those who change its data; run after every change."""
    FINISHED.write_bytes(lzma.compress(built.read_bytes(), preset=9 | lzma.PRESET_EXTREME))
