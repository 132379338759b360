"""History: what was changed, by whom and when, and the way of every number of an analysis back to its sources."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from core import pooling
from core.extraction.statistics import known_statistics
from core.language import mark
from core.model import Id, Settlement, Stage
from core.session.base import Part, in_words
from core.store.queries import extraction, history, records, screening, studies, synthesis, team
from core.store.queries.history import FieldChange, OperationView, SettledView
from core.store.queries.records import RecordView
from core.synthesis.cells import Cell, Origin, analysis_cells, columns_of, detail, places, shown_number
from core.synthesis.model import Row

_STATISTICS = known_statistics()


@dataclass(frozen=True, slots=True)
class TracedDecision:
    """One reviewer's decision on a report, or (``settled``) how their conflict was settled."""

    stage: Stage
    reviewer: str
    verdict: str
    reason: str
    note: str
    at: int
    settled: bool = False


@dataclass(frozen=True, slots=True)
class TracedReport:
    """A report of the study: the record it came as, and the decisions on it that one may see."""

    record_id: Id
    number: int
    title: str
    sources: tuple[str, ...]
    decisions: tuple[TracedDecision, ...]


@dataclass(frozen=True, slots=True)
class TracedEntry:
    """What one reviewer entered; ``shown`` is the number, or that it is not reported."""

    reviewer: str
    shown: str
    status: str
    source: str
    note: str
    at: int


@dataclass(frozen=True, slots=True)
class TracedValue:
    """A value of the extraction behind a cell: both entries, and how it was settled (None: it is not).

    ``where`` names arm, population and time point.
    """

    statistic: str
    where: str
    entries: tuple[TracedEntry, ...]
    settled: TracedSettlement | None


@dataclass(frozen=True, slots=True)
class TracedSettlement:
    """The settled value: who settled it, when, how, and the name of that operation."""

    shown: str
    status: str
    source: str
    how: Settlement
    reviewer: str
    note: str
    at: int
    operation: str


@dataclass(frozen=True, slots=True)
class TracedOverride:
    """What was typed over a cell."""

    shown: str
    reviewer: str
    reason: str
    at: int


@dataclass(frozen=True, slots=True)
class TracedCell:
    """A cell of the analysis. ``conversion`` says how the number was computed from the values."""

    column: str
    title: str
    shown: str
    number: float | None
    origin: Origin
    status: str
    conversion: str
    values: tuple[TracedValue, ...]
    override: TracedOverride | None


@dataclass(frozen=True, slots=True)
class TracedRow:
    """A row of the analysis: its study with the reports, and its cells."""

    row_id: Id
    study: str
    detail: str
    reports: tuple[TracedReport, ...]
    cells: tuple[TracedCell, ...]


@dataclass(frozen=True, slots=True)
class Trace:
    """Every number of an analysis with the way it came."""

    number: str
    label: str
    rows: tuple[TracedRow, ...]


class HistoryPart(Part):
    """The log of the review, as far as one may read it."""

    def history(self, table: str, row_id: Id, field: str | None = None) -> tuple[FieldChange, ...]:
        """The changes of a row, or of one field of it, the latest first; nothing of a colleague's hidden row."""
        return history.history(self._reader, self._sight, table, row_id, field)

    def recent(self, limit: int = 50, since: int = 0) -> tuple[OperationView, ...]:
        """The latest operations, own and those of others that touch nothing hidden; after ``since`` (milliseconds)."""
        return _in_words(history.recent(self._reader, self._sight, limit, since))

    def began(self) -> int:
        """When the review was begun (milliseconds)."""
        return history.began(self._reader)

    def bookmark(self) -> str:
        """How far the log goes now, as far as one may see it, to be given to `news` later."""
        return json.dumps({device.hex(): last for device, last in history.seen(self._reader, self._sight).items()})

    def news(self, bookmark: str, limit: int = 50) -> tuple[OperationView, ...]:
        """What others did that was not in the log at the bookmark, as far as one may see it, the latest first."""
        seen = {bytes.fromhex(device): last for device, last in json.loads(bookmark).items()}
        return _in_words(history.recent(self._reader, self._sight, limit, seen=seen))

    def trace(self, analysis_id: Id) -> Trace:
        """The way of every number of an analysis: record, decisions, entries, settlement, conversion, typing over."""
        data = synthesis.analysis_data(self._reader, analysis_id)
        cells = analysis_cells(data)
        wanted = [
            (source.id, field)
            for row in data.rows
            for cell in cells[row.id].values()
            for source, field in places(row, cell.key, _below(cell))
        ]
        settled = history.settled_values(self._reader, wanted)
        names = {one.id: one.name for one in team.reviewers(self._reader)}
        reports = self._reports({row.study.id for row in data.rows}, names)
        columns = {column.key: _title(column) for column in columns_of(data)}
        rows = tuple(
            TracedRow(
                row.id,
                row.study.label,
                detail(row),
                reports.get(row.study.id, ()),
                tuple(self._cell(row, cell, columns[cell.key], settled, names) for cell in cells[row.id].values()),
            )
            for row in data.rows
        )
        return Trace(data.number, data.label, rows)

    def _cell(
        self,
        row: Row,
        cell: Cell,
        title: str,
        settled: Mapping[tuple[Id, str], SettledView],
        names: Mapping[Id, str],
    ) -> TracedCell:
        values = tuple(
            TracedValue(
                _STATISTICS.get(field, field),
                ", ".join(part for part in (source.arm, source.population, source.time_point) if part),
                self._entries(source.id, field, names),
                _settlement(settled.get((source.id, field)), names),
            )
            for source, field in places(row, cell.key, _below(cell))
        )
        over = row.overrides.get(cell.key)
        override = None
        if over is not None:
            number = shown_number(over.number) or mark("empty")
            override = TracedOverride(number, names.get(over.reviewer_id, ""), over.reason, over.entered_at)
        return TracedCell(
            cell.key, title, cell.shown, cell.number, cell.origin, cell.status, cell.conversion, values, override
        )

    def _entries(self, subject_id: Id, field: str, names: Mapping[Id, str]) -> tuple[TracedEntry, ...]:
        found = extraction.entries_of_cell(self._reader, self._sight, subject_id, field)
        return tuple(
            TracedEntry(
                names.get(one.reviewer_id, ""),
                mark("not reported") if one.value.not_reported else _answer(one.value.number, one.value.text),
                one.status.value,
                one.source,
                one.note,
                one.entered_at,
            )
            for one in found
        )

    def _reports(self, study_ids: set[Id], names: Mapping[Id, str]) -> dict[Id, tuple[TracedReport, ...]]:
        found = studies.studies(self._reader, sorted(study_ids))
        views = records.record_views(self._reader, [link.record_id for study in found for link in study.reports])
        return {
            study.id: tuple(
                self._report(views[link.record_id], names) for link in study.reports if link.record_id in views
            )
            for study in found
        }

    def _report(self, view: RecordView, names: Mapping[Id, str]) -> TracedReport:
        decisions: list[TracedDecision] = []
        for stage in Stage:
            for one in screening.decisions(self._reader, self._sight, stage, view.id):
                name = names.get(one.reviewer_id, "")
                decisions.append(TracedDecision(stage, name, one.verdict.value, one.reason, one.note, one.decided_at))
            end = screening.resolution_of(self._reader, stage, view.id)
            if end is not None:
                name = names.get(end.resolver_id, "")
                decisions.append(
                    TracedDecision(stage, name, end.verdict.value, end.reason, end.note, end.resolved_at, settled=True)
                )
        return TracedReport(view.id, view.number, view.title, view.sources, tuple(decisions))


def _in_words(found: Sequence[OperationView]) -> tuple[OperationView, ...]:
    return tuple(replace(one, label=in_words(one.kind, one.label)) for one in found)


def _answer(number: float | None, text: str) -> str:
    """A number, or a text of the extraction in quotation marks."""
    return f"“{text}”" if text else shown_number(number)


def _below(cell: Cell) -> Origin:
    """The origin without what was typed over it."""
    if cell.origin != "override":
        return cell.origin
    return "computed" if len(cell.value_ids) > 1 else "consensus"


def _title(column: pooling.Column) -> str:
    side = {1: "experimental", 2: "control"}.get(column.arm or 0, "")
    return f"{column.title}, {side}" if side else column.title


def _settlement(found: SettledView | None, names: Mapping[Id, str]) -> TracedSettlement | None:
    if found is None:
        return None
    return TracedSettlement(
        mark("not reported") if found.not_reported else _answer(found.number, found.text),
        found.status,
        found.source,
        found.how,
        names.get(found.settled_by, ""),
        found.note,
        found.settled_at,
        found.operation,
    )
