"""A table of rows that are all there: for lists of some hundreds of lines that come from no database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar

from gui.widgets.table import Column, IdTableModel, Table

R = TypeVar("R")


class PlainTable(Table, Generic[R]):
    """See the module."""

    def __init__(self, columns: Sequence[Column[R]], name: str) -> None:
        self._rows: Sequence[R] = ()
        self.plain: IdTableModel[R] = IdTableModel(columns, self._fetch)
        super().__init__(self.plain, name)

    def _fetch(self, ids: Sequence[bytes]) -> Sequence[R]:
        return [self._rows[int.from_bytes(each, "big")] for each in ids]

    def show_rows(self, rows: Sequence[R]) -> None:
        """Show these rows in this order."""
        self._rows = rows
        self.plain.set_ids([number.to_bytes(4, "big") for number in range(len(rows))])

    def rows(self) -> Sequence[R]:
        """The rows shown."""
        return self._rows
