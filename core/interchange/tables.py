"""Tables as text (CSV and its kin): read whatever their separator, quotes, decimal sign and encoding, and written so
that a spreadsheet takes no text for a formula.

A heading is known by its key: small letters and digits only, so that "CI start", "CI.start" and "Ci Start" are one.
What a spreadsheet would take for a formula is written and read as `core.references.formulas` says.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.errors import InputError
from core.interchange.model import Remark
from core.language import Phrase, phrase
from core.references import encodings
from core.references.formulas import harmless, readable

SEPARATORS = ",;\t|"
_QUOTES = "\"'"
_NUMBER = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d{1,4})?")
_MISSING = frozenset(
    ("", "#n/a", "n/a", "na", "#na", "nan", "null", "not estimable", "-", "inf", "-inf", "infinity", "-infinity")
)
_NO_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_HINT = re.compile(r"sep=(.)\n", re.IGNORECASE)
_LARGEST_CELL = 10_000_000


def key_of(heading: str) -> str:
    """A heading as keys are compared: "Heterogeneity Tau²" and "Heterogeneity.Tau2" are both heterogeneitytau2."""
    return re.sub(r"[^a-z0-9]", "", heading.replace("²", "2").lower())


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table: where it stands in the file, and its cells by key; an empty cell may be absent."""

    line: int
    cells: Mapping[str, str]

    def text(self, *keys: str) -> str:
        """The first of these cells that says something, without surrounding space; "#N/A" says nothing."""
        found = (self.cells.get(key, "") for key in keys)
        return next((text for text in found if text and text != "#N/A"), "")


class Table:
    """A table that was read. What could not be used gathers in ``remarks``."""

    def __init__(self, name: str, headings: Sequence[str], rows: Sequence[Row]) -> None:
        self.name = name
        self.headings = tuple(headings)
        self.keys = tuple(map(key_of, headings))
        self.rows = tuple(rows)
        self.remarks: list[Remark] = []

    def has(self, *keys: str) -> bool:
        """Whether all these columns are there."""
        return set(keys) <= set(self.keys)

    def where(self, row: Row) -> str:
        """The place of a row, for remarks."""
        return f"{self.name}, line {row.line}"

    def remark(self, row: Row, what: Phrase, *, kept: bool = False) -> None:
        """Tell of something in a row."""
        self.remarks.append(Remark(self.where(row), what, kept))

    def number(self, row: Row, *keys: str) -> float | None:
        """The number in the first of these cells that says something; None when there is none, or a text (told)."""
        text = row.text(*keys)
        value = number(text)
        if value is None and text.lower() not in _MISSING:
            self.remark(row, phrase("“{text}” is not a number. It was left out.", text=text[:60]))
        return value

    def unknown(self, known: Iterable[str]) -> None:
        """Tell of the columns beyond ``known`` that hold something: there is no place for them."""
        beyond = set(self.keys) - set(known)
        for heading, key in zip(self.headings, self.keys, strict=True):
            if key in beyond and any(row.text(key) for row in self.rows):
                what = phrase("Copse has no place for the column “{column}”. It was not read.", column=heading[:80])
                self.remarks.append(Remark(self.name, what, kept=False))


def number(text: str) -> float | None:
    """The number a cell holds, with a decimal point or comma, with or without a percent sign; None when it is none."""
    bare = text.strip().replace("\u2212", "-").removesuffix("%").rstrip()
    if bare.count(",") == 1 and "." not in bare:
        bare = bare.replace(",", ".")
    if not _NUMBER.fullmatch(bare):
        return None
    value = float(bare)
    return value if math.isfinite(value) else None


def heading_keys(head: bytes) -> set[str]:
    """The keys of the columns that the first line of a file names, by the separator that finds most; empty for a file
    that is no table. For recognising a format by its content; ``head`` may be cut off anywhere."""
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in head[:2]  # UTF-16
    if not head.strip() or (not wide and _NO_TEXT.search(head)):
        return set()
    text = _decoded(head[: len(head) // 2 * 2])
    if text is None:
        return set()
    line = _beyond_hint(text).lstrip("\n").split("\n", 1)[0]
    best = max((_cells(line, separator) for separator in SEPARATORS), key=len)
    return {key_of(cell) for cell in best} - {""} if len(best) > 1 else set()


def read_table(data: bytes, name: str, needed: Sequence[str] = ()) -> Table:
    """The table in a file. Raises InputError when it is no text, has no heading with the columns ``needed`` (keys), or
    its quotation marks do not close."""
    text = _decoded(data)
    if text is None:
        raise InputError(
            "table.encoding",
            "{file} is not text in an encoding Copse knows. Save it again as CSV in UTF-8 and open that. Nothing was"
            " read.",
            file=name,
        )
    text = _beyond_hint(text)
    above = len(text) - len(text.lstrip("\n"))
    line = text[above:].split("\n", 1)[0]
    separator = max(SEPARATORS, key=lambda sign: len(set(needed) & set(map(key_of, _cells(line, sign)))))
    (_, headings), *rows = _told_apart(text, separator, _quote(line, separator), name) or [(1, list[str]())]
    missing = set(needed) - set(map(key_of, headings))
    if missing or not headings:
        raise InputError(
            "table.heading",
            "{file} has no line of headings with the columns this kind of file has. Export it again with its headings."
            " Nothing was read.",
            file=name,
        )
    return _table(name, headings, rows)


def _decoded(data: bytes) -> str | None:
    """The text; None for what is none. A few letters beyond ASCII in a table of numbers say little of its encoding: it
    is Windows' Western one then."""
    try:
        return encodings.decode(data, "")[0]
    except InputError:
        if not data or _NO_TEXT.search(data):
            return None
        return data.decode("cp1252", errors="replace").replace("\r\n", "\n").replace("\r", "\n")


def _told_apart(text: str, separator: str, quote: str, name: str) -> list[tuple[int, list[str]]]:
    """The lines with their cells. Where headings need no quotes, the sign shows by lines with cells too many."""
    rows = list(_rows(text, separator, quote, name))
    if not any(len(cells) > len(rows[0][1]) for _, cells in rows):
        return rows
    try:
        others = list(_rows(text, separator, next(sign for sign in _QUOTES if sign != quote), name))
    except InputError:
        return rows
    return rows if any(len(cells) > len(others[0][1]) for _, cells in others) else others


def _table(name: str, headings: list[str], rows: Iterable[tuple[int, list[str]]]) -> Table:
    keys = list(map(key_of, headings))
    first = {key: n for n, key in reversed(list(enumerate(keys))) if key}
    found: list[Row] = []
    remarks: list[Remark] = []
    for line, cells in rows:
        if any(cell.strip() for cell in cells[len(keys) :]):
            what = phrase("The line has more cells than the heading. The cells beyond it were left out.")
            remarks.append(Remark(f"{name}, line {line}", what, kept=False))
        held = {key: readable(cells[n]) for key, n in first.items() if n < len(cells) and cells[n].strip()}
        if held:
            found.append(Row(line, held))
    table = Table(name, headings, found)
    table.remarks.extend(remarks)
    return table


def _rows(text: str, separator: str, quote: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """Every line that is not blank, with its number."""
    csv.field_size_limit(_LARGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, quotechar=quote, strict=True)
    last = 0
    while True:
        begin = last + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise InputError(
                "table.broken",
                "{file}: the line {line} cannot be told apart into cells ({reason}); a quotation mark may be missing."
                " Mend the line, or export the file again. Nothing was read.",
                file=name,
                line=begin,
                reason=str(error),
            ) from error
        if cells is None:
            return
        last = reader.line_num
        if any(cell.strip() for cell in cells):
            yield begin, cells


def _cells(line: str, separator: str) -> list[str]:
    quote = _quote(line, separator)
    try:
        return next(csv.reader([line], delimiter=separator, quotechar=quote), list[str]())
    except csv.Error:  # the line is too long, or ends within quotes: no heading
        return []


def _quote(line: str, separator: str) -> str:
    """The sign that cells of this line are quoted by."""
    return max(_QUOTES, key=lambda sign: line.count(sign + separator + sign) + line.startswith(sign))


def _beyond_hint(text: str) -> str:
    """The text without Excel's line about the separator; an empty line stands for it, so lines keep their numbers."""
    return "\n" + text[found.end() :] if (found := _HINT.match(text)) else text


def numbers_within(given: Sequence[str]) -> list[str]:
    """The numbers ("2" or "1.2") of parts within their whole: the given ones ("2"), or those of their places where one
    is missing or there twice: two parts of one number would be read as one."""
    found = [number.rsplit(".", 1)[-1].lstrip("0") for number in given]
    if all(found) and len(set(found)) == len(found):
        return found
    return [str(place) for place in range(1, len(found) + 1)]


def figures(value: float | None, decimals: int | None) -> str:
    """A number to at most these decimals (None: all), empty for None. Whole numbers have no point."""
    if value is None or not math.isfinite(value):
        return ""
    if decimals is None:
        return f"{value:.17g}" if float(f"{value:.15g}") != value else f"{value:.15g}"
    text = f"{value:.{decimals}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


class Exact(float):
    """A number that is written with all its digits."""


def write_table(headings: Sequence[str], rows: Iterable[Mapping[str, str | float]], decimals: int) -> str:
    """Comma-separated text with these columns in this order; texts are made `harmless`, numbers have ``decimals``,
    but `Exact` ones all their digits."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(headings)
    writer.writerows([_cell(row.get(heading, ""), decimals) for heading in headings] for row in rows)
    return out.getvalue()


def _cell(value: str | float, decimals: int) -> str:
    if isinstance(value, str):
        return harmless(value)
    return figures(value, None if isinstance(value, Exact) else decimals)
