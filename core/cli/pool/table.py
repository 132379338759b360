"""The table of `pool`: a CSV file with a header line, one line for each study."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from core.cli.pool.reading import Cells, cells
from core.errors import InputError

LABELS = ("study", "studies", "studlab", "studie", "label", "labels", "slab", "author", "authors", "trial")
"""Columns whose names say that they hold the studies' names."""
EMPTY = ("", "nan", "na")
NO_NUMBER = (*EMPTY, "none")


@dataclass(frozen=True, slots=True)
class Table:
    """The cells as text, by column, and a label for each line; ``comma`` is whether decimals have one."""

    name: str
    columns: dict[str, list[str]]
    labels: list[str]
    comma: bool = False

    def __len__(self) -> int:
        return len(self.labels)

    def has(self, column: str) -> bool:
        """Whether there is such a column, in capitals or not."""
        return self._find(column) is not None

    def names(self, column: str) -> list[str]:
        """A column as text, "" where nothing is entered; InputError names the columns there are."""
        found = self._find(column)
        if found is None:
            raise InputError(
                "pool.no_column",
                "The table has no column {name}. It has: {known}.",
                name=column,
                known=", ".join(self.columns),
            )
        return ["" if value.casefold() in EMPTY else value for value in self.columns[found]]

    def numbers(self, column: str) -> list[float | None]:
        """A column as numbers, None where nothing is entered; InputError names what is no number, and where."""
        return [
            self._number(column, label, value) if value.casefold() not in NO_NUMBER else None
            for label, value in zip(self.labels, self.names(column), strict=True)
        ]

    def is_numeric(self, column: str) -> bool:
        """Whether all that is entered in a column are numbers."""
        try:
            self.numbers(column)
        except InputError:
            return not self.has(column)
        return True

    def _find(self, column: str) -> str | None:
        """The column by its name as written, or else in other letters; InputError when that could be two."""
        if column in self.columns:
            return column
        alike = [name for name in self.columns if name.casefold() == column.casefold()]
        if len(alike) > 1:
            raise InputError(
                "pool.column_alike",
                "The table has no column {name}, but {alike}. Name it exactly so.",
                name=column,
                alike=", ".join(alike),
            )
        return alike[0] if alike else None

    def _number(self, column: str, label: str, value: str) -> float:
        written = value.replace("\N{MINUS SIGN}", "-")
        if self.comma and "." in written:
            raise InputError(
                "pool.point_and_comma",
                "{study}: “{value}” in the column {column} has a point, while decimals in this table have a comma. "
                "Write all numbers in one way, without separators of thousands.",
                study=label,
                value=value,
                column=column,
            )
        if self.comma and written.count(",") == 1:
            written = written.replace(",", ".")
        try:
            number = float(written) if "_" not in written else math.nan
        except ValueError:
            number = math.nan
        if math.isnan(number):
            raise InputError(
                "pool.no_number",
                "{study}: “{value}” in the column {column} is not a number. Correct it, or leave it empty.",
                study=label,
                value=value,
                column=column,
            )
        return number


def read(path: Path, labels: str | None) -> Table:
    """The table of a file; ``labels`` names the column with the studies' names, None looks for one.

    Without a column that is named so, the first one is taken if it holds a text in every line.
    """
    found = cells(path)
    table = Table(path.name, found.columns, [f"Study {n}" for n in range(1, found.lines + 1)], found.comma)
    column = labels or _column_of_labels(table, found)
    if column is None:
        return table
    named = zip(table.names(column), table.labels, strict=True)
    return Table(path.name, found.columns, [given or number for given, number in named], found.comma)


def _column_of_labels(table: Table, found: Cells) -> str | None:
    for name in found.columns:
        if name.casefold() in LABELS:
            return name
    first = next(iter(found.columns), None)
    return first if first is not None and found.lines and _are_names(table, first) else None


def _are_names(table: Table, column: str) -> bool:
    """Whether a column holds a text of its own in every line."""
    values: Collection[str] = table.names(column)
    return len(set(values)) == len(values) and all(value and not _is_number(value) for value in values)


def _is_number(value: str) -> bool:
    try:
        float(value.replace(",", "."))
    except ValueError:
        return False
    return True
