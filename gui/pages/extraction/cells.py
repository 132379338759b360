"""The cells of a study: what they are, what they hold, and what is being done to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from core.extraction.forms import FieldKind
from core.extraction.statistics import CONTRAST_MEASURES, Nature, Statistic
from core.extraction.statistics import statistic_topic as about_statistic
from core.language import tr
from core.model import OutcomeKind
from core.store.queries.extraction import FormField, ResultView
from core.store.queries.studies import StudyView
from gui.pages.extraction.reading import CellKey, Held, Sheet, Team
from gui.pages.extraction.words import contrast_name, result_facts
from gui.widgets.marks import reviewer_ink


@dataclass(frozen=True)
class CellSpec:
    """One cell: what it takes and how it is called."""

    key: CellKey
    kind: FieldKind
    name: str
    options: tuple[str, ...] = ()
    optional: bool = False
    """Nobody waits for it to be filled in."""


@dataclass(frozen=True)
class GridRow:
    """A row of a grid."""

    label: str
    cells: tuple[CellSpec, ...]
    detail: str = ""
    tip: str = ""


@dataclass(frozen=True)
class GridSpec:
    """A grid: its name for screen readers, the titles of its columns (empty where they say nothing), its rows."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[GridRow, ...]
    kind: FieldKind = FieldKind.NUMBER

    def cells(self) -> Iterable[CellSpec]:
        """All cells, row by row."""
        return (cell for row in self.rows for cell in row.cells)


@dataclass(frozen=True)
class ResultGroup:
    """Results of one outcome that stand in one grid: they differ by arm and time point only."""

    name: str
    title: str
    facts: str
    notices: tuple[str, ...]
    results: tuple[ResultView, ...]
    grid: GridSpec


@dataclass(frozen=True)
class Refused:
    """What was typed into a cell and why it was not taken."""

    typed: str
    why: str


def statistic_topic(cell: CellSpec | None) -> str:
    """What the explanation of a number is about."""
    return "" if cell is None else about_statistic(cell.key[1])


class CellBook(QObject):
    """What the cells of the study in front hold. Grids and strip show it; `changed` tells them to look again."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.current: CellSpec | None = None
        self.is_editable = False
        self._held: Mapping[CellKey, Held] = {}
        self._pending: dict[CellKey, str] = {}
        self._refused: dict[CellKey, Refused] = {}
        self._cautions: dict[CellKey, str] = {}
        self._team: Team | None = None

    def load(self, sheet: Sheet, team: Team) -> None:
        """Hold what a sheet says; what is under way or refused stays, as long as it can be changed."""
        self._held, self._team = sheet.held, team
        self.is_editable = team.may_judge and not sheet.is_finished and not sheet.is_closed
        if not self.is_editable:
            self._refused.clear()  # there is nothing to correct any more
        self._cautions = {(c.subject_id, field): c.text for c in sheet.cautions for field in c.fields}
        self.changed.emit()

    def forget(self) -> None:
        """Another study comes: drop what was refused in the one before."""
        self.current = None
        self._refused.clear()

    def set_current(self, spec: CellSpec | None) -> None:
        """Say which cell one is at."""
        if spec != self.current:
            self.current = spec
            self.changed.emit()

    def begin(self, typed: Mapping[CellKey, str]) -> None:
        """These texts are on their way to the file."""
        self._pending |= typed
        for key in typed:
            self._refused.pop(key, None)
        self.changed.emit()

    def end(self, typed: Mapping[CellKey, str], why_refused: str = "") -> None:
        """They have been kept, or refused."""
        for key, text in typed.items():
            if self._pending.get(key) == text:
                del self._pending[key]
            if why_refused:
                self._refused[key] = Refused(text, why_refused)
        self.changed.emit()

    def keep(self, held: Mapping[CellKey, Held | None]) -> None:
        """What has just been written is what the cells hold, before it is read again."""
        merged = {**self._held, **{key: value for key, value in held.items() if value is not None}}
        self._held = {key: value for key, value in merged.items() if held.get(key, value) is not None}

    def drop_refusal(self, key: CellKey) -> None:
        """Give up what was refused."""
        if self._refused.pop(key, None) is not None:
            self.changed.emit()

    def held(self, key: CellKey) -> Held | None:
        """What a cell holds, None when it is empty."""
        return self._held.get(key)

    def is_writing(self) -> bool:
        """Whether anything is on its way to the file."""
        return bool(self._pending)

    def pending(self, key: CellKey) -> str | None:
        """A text on its way to the file."""
        return self._pending.get(key)

    def refused(self, key: CellKey) -> Refused | None:
        """What was typed here last and not taken."""
        return self._refused.get(key)

    def last_refused(self) -> tuple[CellKey, Refused] | None:
        """The latest refusal that still stands."""
        return next(reversed(self._refused.items()), None)

    def caution(self, key: CellKey) -> str:
        """What is unlikely about a cell's number, "" when nothing is."""
        return self._cautions.get(key, "")

    def is_empty(self, key: CellKey) -> bool:
        """Whether a cell waits to be filled in."""
        return key not in self._held and key not in self._pending

    def filled(self, cells: Iterable[CellSpec]) -> tuple[int, int]:
        """How many of these cells are filled in, and how many there are."""
        every = [cell for cell in cells if not (cell.optional and self.is_empty(cell.key))]
        return sum(not self.is_empty(cell.key) for cell in every), len(every)

    def ink(self, key: CellKey) -> str:
        """The token of the colour of who entered a cell's value, "" when it is empty."""
        held = self._held.get(key)
        who = self._team.person(held.by) if held is not None and self._team is not None else None
        return reviewer_ink(who.position, adjudicator=who.is_adjudicator) if who is not None else ""


def form_grids(fields: Sequence[FormField], study: StudyView) -> list[GridSpec]:
    """The team's form: a grid for each section, in the order of their first fields."""
    sections: dict[str, list[FormField]] = {}
    for field in fields:
        sections.setdefault(field.section, []).append(field)
    return [
        GridSpec(
            section or tr("Form"),
            ("",),
            tuple(
                GridRow(
                    field.label,
                    (CellSpec((study.id, field.key), field.kind, field.label, field.options),),
                    ", ".join(filter(None, (field.unit, tr("required") if field.required else ""))),
                    field.help,
                )
                for field in group
            ),
            FieldKind.TEXT,
        )
        for section, group in sections.items()
    ]


def result_groups(results: Sequence[ResultView], study: StudyView) -> list[ResultGroup]:
    """The results of a study in grids, outcome by outcome."""
    groups: dict[tuple[object, ...], list[ResultView]] = {}
    for one in results:
        key = (one.outcome_id, one.measurement_id, one.population_id, one.period, one.kind, one.statistics)
        groups.setdefault(key, []).append(one)
    return [_group(members, study) for members in groups.values()]


def _group(members: list[ResultView], study: StudyView) -> ResultGroup:
    first = members[0]
    times = {one.time_point for one in members}
    measures = {one.effect_measure for one in members}
    title = ", ".join(filter(None, (first.outcome_label, first.time_point if len(times) == 1 else "")))
    name = ", ".join(filter(None, (title, result_facts(first))))
    rows = tuple(_row(one, study, several_times=len(times) > 1, measures=measures) for one in members)
    columns = tuple(_column(s, measures, contrast=first.is_contrast) for s in first.statistics)
    notices = tuple(dict.fromkeys(one.notice for one in members if one.notice))
    kind = _kind(first.statistics[0]) if first.statistics else FieldKind.NUMBER
    return ResultGroup(name, title, result_facts(first), notices, tuple(members), GridSpec(name, columns, rows, kind))


def _row(one: ResultView, study: StudyView, *, several_times: bool, measures: set[str]) -> GridRow:
    texts = one.outcome_kind is OutcomeKind.OTHER
    base = tr("In words") if texts else contrast_name(study.arms) if one.is_contrast else one.arm_label
    detail = one.effect_measure if one.is_contrast and len(measures) > 1 else ""
    label = ", ".join(filter(None, (base, one.time_point if several_times else "")))
    cells = tuple(
        CellSpec((one.id, s.id), _kind(s), f"{label}: {_spoken(s, one)}", optional=s.optional) for s in one.statistics
    )
    return GridRow(label, cells, detail)


def _kind(statistic: Statistic) -> FieldKind:
    return FieldKind.TEXT if statistic.nature is Nature.TEXT else FieldKind.NUMBER


def _spoken(statistic: Statistic, one: ResultView) -> str:
    if one.is_contrast and statistic.id == "effect" and one.effect_measure in CONTRAST_MEASURES:
        return tr(CONTRAST_MEASURES[one.effect_measure].label)
    return tr(statistic.label)


def _column(statistic: Statistic, measures: set[str], *, contrast: bool) -> str:
    if contrast and statistic.id == "effect" and len(measures) == 1:
        (measure,) = measures
        return tr(CONTRAST_MEASURES[measure].label if measure in CONTRAST_MEASURES else statistic.label)
    return tr(statistic.label)
