"""The cells of a table: a CSV file as programs in any country write it, or the first sheet of an Excel workbook."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from core.errors import FileProblem, InputError

WORKBOOK, OLD_SPREADSHEET = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
"""How files of Excel and LibreOffice begin: a zip archive, and the older form."""
SEPARATORS = (",", ";", "\t")
_COMMA = re.compile(r"[-+\u2212]?\d*,\d+([eE][-+]?\d+)?")
_THOUSANDS = re.compile(r"[-+\u2212]?[1-9]\d{0,2}(,\d{3})+")


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells as text by column, how many lines there are, and whether decimals have a comma."""

    columns: dict[str, list[str]]
    lines: int
    comma: bool


def cells(path: Path) -> Cells:
    """The cells of a file. FileProblem when it cannot be read; InputError says what makes it no table, and where.

    Columns may be separated by commas, semicolons or tabs. Decimal commas are understood where they cannot be meant to
    separate: with semicolons, and with tabs unless all could be separators of thousands.
    """
    content = _content(path)
    if content.startswith(WORKBOOK):
        separator, lines = "", _sheet(path, content)
    else:
        text = _decoded(path, content)
        head = text.lstrip("\r\n").split("\n", 1)[0]
        separator = max(SEPARATORS, key=head.count)
        lines = _lines(path, text, separator)
    if not lines:
        raise InputError(
            "pool.empty",
            "{name} is not a table: it is empty. It should have a header line, then one line for each study.",
            name=path.name,
        )
    (_number, header), *rest = lines
    width = max((n for n, name in enumerate(header, start=1) if name), default=0)
    _check_header(path, header[:width])
    for number, line in rest:
        _check_line(path, number, line, width, separator)
    columns = {name: [line[n] for _, line in rest] for n, name in enumerate(header[:width]) if name}
    numbers = [cell for _, line in rest for cell in line if separator in (";", "\t") and _COMMA.fullmatch(cell)]
    comma = bool(numbers) and (separator == ";" or not all(_THOUSANDS.fullmatch(cell) for cell in numbers))
    return Cells(columns, len(rest), comma)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise FileProblem(
            "pool.unreadable",
            "{path} cannot be read ({reason}).",
            path=str(path),
            reason=error.strerror or type(error).__name__,
        ) from error


def _sheet(path: Path, content: bytes) -> list[tuple[int, list[str]]]:
    """The lines of a workbook's first sheet in which anything is written, with their numbers there."""
    import pandas as pd

    try:
        frame = pd.read_excel(io.BytesIO(content), header=None, dtype=str, keep_default_na=False, engine="openpyxl")
    except (ValueError, KeyError, OSError, SyntaxError, zipfile.BadZipFile) as error:
        raise _spreadsheet(path) from error
    lines = frame.fillna("").to_numpy(dtype=object).tolist()
    trimmed = [[str(cell).strip() for cell in line] for line in lines]
    return [(number, line) for number, line in enumerate(trimmed, start=1) if any(line)]


def _spreadsheet(path: Path) -> InputError:
    return InputError(
        "pool.spreadsheet",
        "{name} is not a table in text form, nor a workbook of Excel (.xlsx) that can be read. "
        "Open it where it was made and save the sheet as CSV (UTF-8).",
        name=path.name,
    )


def _decoded(path: Path, content: bytes) -> str:
    """The text of a file: UTF-8, UTF-16 where it says so, or else the usual encoding of Windows."""
    if content.startswith(OLD_SPREADSHEET):
        raise _spreadsheet(path)
    utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if utf16 else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text.replace("\r\n", "\n").replace("\r", "\n")
    raise InputError(
        "pool.no_text",
        "{name} is not a table: it is no text. Save the table as CSV (UTF-8).",
        name=path.name,
    )


def _lines(path: Path, text: str, separator: str) -> list[tuple[int, list[str]]]:
    """The lines in which anything is written, with their numbers in the file."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True, strict=True)
    found: list[tuple[int, list[str]]] = []
    start = 1
    try:
        for line in reader:
            trimmed = [cell.strip() for cell in line]
            if any(trimmed):
                found.append((start, trimmed))
            start = reader.line_num + 1
    except csv.Error as error:
        raise InputError(
            "pool.bad_quotes",
            "{name} is not a table Copse can read: line {line} has a quotation mark that does not open or close a "
            "cell. Write it twice inside a cell in quotation marks.",
            name=path.name,
            line=start,
        ) from error
    return found


def _check_header(path: Path, header: list[str]) -> None:
    twice = [name for name, count in Counter(filter(None, header)).items() if count > 1]
    if twice:
        raise InputError(
            "pool.column_twice",
            "{name} has more than one column {twice}. The header line names every column once: rename or delete one.",
            name=path.name,
            twice=", ".join(twice),
        )


def _check_line(path: Path, number: int, line: list[str], width: int, separator: str) -> None:
    """A line may be longer than the header only by empty cells."""
    if len(line) >= width and not any(line[width:]):
        return
    raise InputError(
        "pool.ragged",
        "{name}, line {line} ({first}): {cells} cells, but the header line names {columns} columns. There must be as "
        "many cells in every line."
        if separator != ","
        else "{name}, line {line} ({first}): {cells} cells, but the header line names {columns} columns. There must be "
        "as many cells in every line. If decimals have a comma, put semicolons between the columns.",
        name=path.name,
        line=number,
        first=line[0],
        cells=len(line),
        columns=width,
    )
