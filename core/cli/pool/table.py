"""The table of `pool`: a CSV file with a header line, one line for each study."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from core.errors import FileProblem, InputError

LABELS = ("study", "label", "labels", "slab", "author", "trial")
"""Columns whose names say that they hold the studies' names."""
EMPTY = ("", "nan", "na", "none")


@dataclass(frozen=True, slots=True)
class Table:
    """The cells as text, by column, and a label for each line."""

    name: str
    columns: dict[str, list[str]]
    labels: list[str]

    def __len__(self) -> int:
        return len(self.labels)

    def names(self, column: str) -> list[str]:
        """A column as text, "" where nothing is entered; InputError names the columns there are."""
        if column not in self.columns:
            raise InputError(
                "pool.no_column",
                "The table has no column {name}. It has: {known}.",
                name=column,
                known=", ".join(self.columns),
            )
        return ["" if value.casefold() in EMPTY else value for value in self.columns[column]]

    def numbers(self, column: str) -> list[float | None]:
        """A column as numbers, None where nothing is entered; InputError names what is no number, and where."""
        found: list[float | None] = []
        for label, value in zip(self.labels, self.names(column), strict=True):
            try:
                found.append(float(value) if value else None)
            except ValueError:
                raise InputError(
                    "pool.no_number",
                    "{study}: “{value}” in the column {column} is not a number. Correct it, or leave it empty.",
                    study=label,
                    value=value,
                    column=column,
                ) from None
        return found

    def is_numeric(self, column: str) -> bool:
        """Whether all that is entered in a column are numbers."""
        try:
            self.numbers(column)
        except InputError:
            return column not in self.columns
        return True


def read(path: Path, labels: str | None) -> Table:
    """The table of a file; ``labels`` names the column with the studies' names, None looks for one."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = [line for line in csv.reader(file, skipinitialspace=True, strict=True) if any(line)]
    except OSError as error:
        raise FileProblem(
            "pool.unreadable",
            "{path} cannot be read ({reason}).",
            path=str(path),
            reason=error.strerror or type(error).__name__,
        ) from error
    except (csv.Error, UnicodeDecodeError) as error:
        raise _no_table(path) from error
    if not lines or len(set(lines[0])) < len(lines[0]) or any(len(line) != len(lines[0]) for line in lines):
        raise _no_table(path)
    columns = {name.strip(): [line[n].strip() for line in lines[1:]] for n, name in enumerate(lines[0])}
    table = Table(path.name, columns, [f"Study {n}" for n in range(1, len(lines))])
    for name in [labels] if labels else [column for column in columns if column.casefold() in LABELS]:
        named = zip(table.names(name), table.labels, strict=True)
        return Table(path.name, columns, [given or number for given, number in named])
    return table


def _no_table(path: Path) -> InputError:
    return InputError(
        "pool.no_table",
        "{name} is not a table Copse can read: it takes UTF-8 text with a header line that names every column once, "
        "commas between columns, and as many cells in every line.",
        name=path.name,
    )
