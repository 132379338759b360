"""The rows of an analysis, as an exchange file holds them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from core.interchange.model import DataKind, DataRow, Numbers, Outcome, SubgroupItem
from core.model import Id
from core.session.adoption.analyses import row_id
from core.session.gathering.numbers import next_number
from core.session.gathering.state import State
from core.store.log import Row as Stored
from core.synthesis.cells import analysis_cells
from core.synthesis.model import AnalysisData, Row

COLUMNS: Final[Mapping[DataKind, Mapping[str, str]]] = {
    DataKind.DICHOTOMOUS: {"ai": "events_1", "n1i": "total_1", "ci": "events_2", "n2i": "total_2"},
    DataKind.CONTINUOUS: {
        "m1i": "mean_1", "sd1i": "sd_1", "n1i": "total_1", "m2i": "mean_2", "sd2i": "sd_2", "n2i": "total_2",
    },
    DataKind.GENERIC: {"yi": "estimate", "sei": "se", "n1i": "total_1", "n2i": "total_2"},
    DataKind.O_E: {
        "oei": "o_e", "vi": "var", "ai": "events_1", "n1i": "total_1", "ci": "events_2", "n2i": "total_2",
    },
}  # fmt: skip
"""Cell of an analysis -> number of a file's row."""
_SIGNED: Final = frozenset({"m1i", "m2i", "yi"})
LOOSE: Final = "In no subgroup"
"""The subgroup of a file for rows that stand in none beside others that do."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of an analysis without subgroups, or the subgroups with theirs; whether they stand in an order of the
    team's own; and how many stand in no subgroup though there are some: they are in one of their own."""

    rows: tuple[DataRow, ...]
    subgroups: tuple[SubgroupItem, ...]
    ordered: bool
    loose: int = 0


class RowsOf:
    """Gathers the rows of one analysis. ``turned`` are rows whose sign the analysis changes."""

    def __init__(
        self, state: State, data: AnalysisData, base: Outcome | None, studies: Mapping[Id, str], turned: frozenset[Id]
    ) -> None:
        self._state = state
        self._data = data
        self._base = base
        self._studies = studies
        self._turned = turned
        self._kind = DataKind(data.settings.kind.value)
        self._cells = analysis_cells(data)
        self._known = dict(_base_rows(state, base)) if base else {}

    def gather(self, outcome_id: str) -> Rows:
        """All rows; ``outcome_id`` begins the ids of new subgroups."""
        ordered = not self._in_the_files_order()
        subgroups = self._subgroups(outcome_id, ordered=ordered)
        rows = self._rows_of(None, ordered=ordered)
        if not rows or not subgroups:
            return Rows(rows, subgroups, ordered)
        # RevMan has rows or subgroups, never both: a file with both is none that it opens.
        number = next_number(_numbers((*subgroups, *(self._base.subgroups if self._base else ()))))
        last = SubgroupItem(f"{outcome_id}.{number:02}", str(number), LOOSE, rows)
        return Rows((), (*subgroups, last), ordered, len(rows))

    def _in_the_files_order(self) -> bool:
        return all(
            self._state.same("analysis_row", row.id, ["position", "subgroup_id"])
            for row in self._data.rows
            if row.id in self._known
        ) and bool(self._known)

    def _subgroups(self, outcome_id: str, *, ordered: bool) -> tuple[SubgroupItem, ...]:
        known = {self._state.id("subgroup", g.id): g for g in (self._base.subgroups if self._base else ())}
        taken = _numbers(known.values())
        found: list[SubgroupItem] = []
        for group in self._data.subgroups:
            item = known.get(group.id)
            if item is None:
                number = next_number(taken)
                taken.add(number)
                item = SubgroupItem(f"{outcome_id}.{number:02}", str(number), group.label)
            elif not self._state.same("subgroup", group.id, ["label"]):
                item = replace(item, name=group.label)
            rows = self._rows_of(group.id, ordered=ordered)
            found.append(item if rows == item.rows else replace(item, rows=rows))
        return tuple(found)

    def _rows_of(self, subgroup_id: Id | None, *, ordered: bool) -> tuple[DataRow, ...]:
        listed = self._data.rows_of(subgroup_id)
        if not ordered:
            last = len(self._known)
            listed = sorted(listed, key=lambda row: self._known[row.id][0] if row.id in self._known else last)
        places = {row.id: n for n, row in enumerate(self._data.rows, start=1)}
        return tuple(self._row(row, str(places[row.id]) if ordered else "") for row in listed)

    def _row(self, row: Row, order: str) -> DataRow:
        base = self._known[row.id][1] if row.id in self._known else DataRow(self._studies[row.study.id])
        data = self._data_of(row, base.data)
        changes: dict[str, object] = {}
        if data != base.data:
            changes["data"] = data
        if self._kind is DataKind.OTHER and (texts := self._texts_of(row, base.texts)) != base.texts:
            changes["texts"] = texts
        if order and order != base.order:
            changes["order"] = order
        if row.footnote != base.footnote.strip():
            changes["footnote"] = row.footnote
        return replace(base, **changes) if changes else base

    def _data_of(self, row: Row, base: Numbers) -> Numbers:
        cells, found = self._cells[row.id], dict(base)
        for key, name in COLUMNS.get(self._kind, {}).items():
            number = cells[key].number if key in cells else None
            if number is not None and key in _SIGNED and row.id in self._turned:
                number = 0.0 - number
            # Participants and errors of 0 beside an effect are RevMan's way to say that they are not known.
            unknown = number is None and base.get(name) == 0 and self._kind in (DataKind.GENERIC, DataKind.O_E)
            if number != base.get(name) and not unknown:
                found[name] = number
        return found

    def _texts_of(self, row: Row, base: tuple[str, ...]) -> tuple[str, ...]:
        found = tuple(cell.text for cell in self._cells[row.id].values())
        kept = tuple(text.strip() for text in base)
        longest = max(len(found), len(kept))
        same = found + ("",) * (longest - len(found)) == kept + ("",) * (longest - len(kept))
        return base if same else found


def _numbers(groups: Iterable[SubgroupItem]) -> set[int]:
    return {int(last) for group in groups if (last := group.id.rpartition(".")[2]).isdecimal()}


def _base_rows(state: State, base: Outcome) -> Iterable[tuple[Id, tuple[int, DataRow]]]:
    """The rows that the file's rows became, each with its place among all of the file."""
    groups: Sequence[tuple[Id | None, Sequence[DataRow]]] = [
        (None, base.rows), *((state.id("subgroup", g.id), g.rows) for g in base.subgroups)
    ]  # fmt: skip
    place = 0
    for subgroup_id, rows in groups:
        for index, row in enumerate(rows):
            yield row_id(state.content_hash, base.id, subgroup_id, index), (place, row)
            place += 1


def rows_same(state: State, analysis_id: Id, rows: Iterable[Stored]) -> bool:
    """Whether the rows of an analysis are those that the file had put there, with the numbers that it gave them."""
    listed = list(rows)
    if {row["id"] for row in listed} != state.placed_by("analysis_row", "analysis_id").get(analysis_id, set()):
        return False
    if any(state.by("override", "row_id").get(row["id"]) for row in listed):
        return False
    results = {row[name] for row in listed for name in ("experimental_id", "control_id", "contrast_id")} - {None}
    return all(state.same("analysis_row", row["id"]) for row in listed) and all(
        values_same(state, result) for result in results
    )


def values_same(state: State, result_id: Id) -> bool:
    """Whether the settled values of a result are those of the file."""
    settled = state.by("consensus", "subject_id").get(result_id, ())
    placed = state.placed_by("consensus", "subject_id").get(result_id, set())
    return {row["id"] for row in settled} == placed and all(
        state.same("consensus", row["id"], ["number", "text", "not_reported"]) for row in settled
    )
