"""Any table (CSV, TSV, Excel) as rows of cells, before anybody has said what its columns mean."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from core.errors import InputError
from core.references import encodings
from core.references.encodings import file_bytes
from core.references.formulas import readable

_SEPARATORS = ",;\t|"
_SAMPLE = 30
_LARGEST_CELL = 10_000_000


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: its rows as texts, all of one width, blank rows and columns left out; ``numbers`` are those the rows
    have in the file, from 1."""

    name: str
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...]

    @property
    def width(self) -> int:
        """How many columns there are."""
        return len(self.rows[0]) if self.rows else 0


def read_sheet(path: Path, first: int | None = None) -> Sheet:
    """The table in a file, of a workbook its first sheet that holds anything; with ``first`` only so many rows of a
    workbook. InputError when it holds none."""
    return sheet_of(file_bytes(path), path.name, first)


def sheet_of(data: bytes, name: str, first: int | None = None) -> Sheet:
    """As `read_sheet`, for content that is in memory."""
    if data[:4] == b"PK\x03\x04" and b"xl/" in data:
        found = _workbook(data, name, first)
    else:
        encodings.refuse_other_files(data, name)
        text, _ = encodings.decode(data, name)
        found = _text(text)
    held = [(n, row) for n, row in enumerate(found, start=1) if any(row)]
    filled = sorted({at for _, row in held for at, cell in enumerate(row) if cell})
    if len(filled) < 2 or len(held) < 2:
        raise InputError(
            "sheet.none",
            "{file} holds no table: at least two columns and two rows are needed. Nothing was imported.",
            file=name,
        )
    rows = tuple(tuple(row[at] if at < len(row) else "" for at in filled) for _, row in held)
    return Sheet(name, rows, tuple(n for n, _ in held))


def _text(text: str) -> list[list[str]]:
    csv.field_size_limit(_LARGEST_CELL)
    lines = text.split("\n", _SAMPLE)[:_SAMPLE]
    separator = max(_SEPARATORS, key=lambda sign: _evenness(lines, sign))
    return [[readable(cell) for cell in row] for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator)]


def _evenness(lines: list[str], separator: str) -> tuple[int, int]:
    """How many lines are cut into one number of cells by the separator, and into how many: its own cuts most."""
    counts = [len(row) for row in csv.reader(lines, delimiter=separator) if row]
    several = [count for count in counts if count > 1]
    most = max(set(several), key=several.count, default=0)
    return several.count(most), most


def _workbook(data: bytes, name: str, first: int | None) -> list[list[str]]:
    from zipfile import BadZipFile

    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError) as error:
        raise InputError(
            "sheet.workbook",
            "{file} is an Excel workbook that cannot be opened ({reason}). Save it as CSV and import that. Nothing was"
            " imported.",
            file=name,
            reason=type(error).__name__,
        ) from error
    for sheet in book.worksheets:
        rows = [[_shown(value) for value in row] for row in sheet.iter_rows(max_row=first, values_only=True)]
        if any(any(row) for row in rows):
            return rows
    return []


def _shown(value: object) -> str:
    """A cell of a workbook as text; whole numbers without a point, dates as 2026-05-04."""
    if value is None:
        return ""
    if isinstance(value, float):
        return repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value).strip().removesuffix(" 00:00:00")
