"""The figure and its numbers as files. Called on a worker; nothing of the statistics is imported with the module."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from core.errors import FileProblem, InputError
from core.language import tr
from gui.pages.analysis.picture import Picture

DPI = (300, 600, 1200)


@dataclass(frozen=True)
class Kind:
    """A way to export: the ending of the file, and of a PNG its dots per inch."""

    ending: str
    dpi: int = 300

    @property
    def filter(self) -> str:
        """For the dialog of the system."""
        return f"{tr('CSV table') if self.ending == 'csv' else self.ending.upper()} (*.{self.ending})"


def suggested_name(picture: Picture, kind: Kind) -> str:
    """Such as forest-1.1-response.svg."""
    words = re.sub(r"[^a-z0-9]+", "-", picture.data.label.casefold()).strip("-")
    start = "table" if picture.grid.of_texts else "numbers" if kind.ending == "csv" else "forest"
    return f"{'-'.join(part for part in (start, picture.data.number, words[:60]) if part)}.{kind.ending}"


def write(picture: Picture, target: Path, kind: Kind) -> Path:
    """Write the figure, or for "csv" its numbers; the path written, with the ending of its kind.

    FileProblem when the file cannot be written, InputError when there is no figure or it would be too large.
    """
    path = target if target.suffix.lower() == f".{kind.ending}" else target.with_name(f"{target.name}.{kind.ending}")
    if kind.ending == "csv":
        return _write_numbers(picture, path)
    if picture.figure is None:
        raise InputError("analysis.no_figure", "There is no figure to export yet. Nothing was written.")
    from core.figures.painter import save

    return save(picture.figure, path, dpi=kind.dpi)


def _write_numbers(picture: Picture, path: Path) -> Path:
    """The studies, then a line for each pool. The byte-order mark lets spreadsheets read the names as UTF-8."""
    from core.report.tables import csv_text, results_table, rows_table

    lines = [*rows_table(picture.data, picture.result), *results_table([(picture.data, picture.result)])]
    columns = list(dict.fromkeys(name for line in lines for name in line))
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_text("\ufeff" + csv_text(lines, columns), encoding="utf-8")
        part.replace(path)
    except OSError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise FileProblem(
            "analysis.numbers_not_written",
            "The numbers could not be written to {path}: {reason}. Nothing there was changed. Choose another folder or "
            "file name and export them again.",
            path=str(path),
            reason=(error.strerror or str(error)).lower(),
        ) from error
    return path
