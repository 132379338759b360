"""The data grid of an analysis: each cell from the settled extraction, typed over, computed from what was reported, or
missing."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

from core import pooling
from core.extraction.checks import check_result
from core.extraction.statistics import CONTRAST_STATISTICS
from core.language import mark, phrase
from core.model import Id, OutcomeKind
from core.pooling import Column
from core.pooling.inference import quantile
from core.synthesis.model import AnalysisData, Row, Source, Value
from core.synthesis.settings import Settings

Origin = Literal["consensus", "computed", "override", "missing"]

_ARMS: Final = {
    "ai": ("experimental", "events"),
    "n1i": ("experimental", "total"),
    "ci": ("control", "events"),
    "n2i": ("control", "total"),
    "m1i": ("experimental", "mean"),
    "sd1i": ("experimental", "sd"),
    "m2i": ("control", "mean"),
    "sd2i": ("control", "sd"),
}
"""Column of the pooling module -> arm of the row and statistic of the extraction."""

COMPANIONS: Final[Mapping[OutcomeKind, Mapping[str, str]]] = {
    OutcomeKind.GENERIC: {"n1i": "total_1", "n2i": "total_2"},
    OutcomeKind.O_E: {"ai": "events_1", "n1i": "total_1", "ci": "events_2", "n2i": "total_2"},
}
"""What contrasts give beside the numbers that are pooled: column -> statistic of the extraction."""
_O_E: Final = {"oei": "o_e", "vi": "variance"}
_COUNTS: Final = pooling.measure("OR").columns


@dataclass(frozen=True, slots=True)
class Cell:
    """One number of the grid, or a ``text``. ``value_ids`` are the settled values behind it; ``conversion`` says how it
    was computed from them; ``reason`` why it was typed over; ``replaced`` what stands there without the typing over."""

    key: str
    number: float | None
    origin: Origin
    status: str = ""
    value_ids: tuple[Id, ...] = ()
    conversion: str = ""
    reason: str = ""
    replaced: float | None = None
    text: str = ""

    @property
    def shown(self) -> str:
        """The number as the grid shows it; empty when there is none."""
        return self.text or shown_number(self.number)


@dataclass(frozen=True, slots=True)
class Reported:
    """The interval that a study reports, beside the one that follows from its stored standard error.

    ``differs``: not the same at two decimals, as figures show them. ``asymmetric``: the estimate does not lie in its
    middle (on the log scale for ratios), even allowing for rounding: probably a misprint.
    """

    estimate: float
    lower: float
    upper: float
    computed_lower: float | None
    computed_upper: float | None
    differs: bool
    asymmetric: bool


@dataclass(frozen=True, slots=True)
class GridRow:
    """A row of the grid; ``detail`` tells it from other rows of its study (population, time point, period)."""

    id: Id
    study_id: Id
    study: str
    detail: str
    subgroup_id: Id | None
    cells: tuple[Cell, ...]
    footnote: str
    reported: Reported | None


@dataclass(frozen=True, slots=True)
class GridView:
    """The data grid of an analysis: its columns, and its rows in the order of the plot. Texts are not typed over."""

    analysis_id: Id
    columns: tuple[Column, ...]
    groups: tuple[str, str]
    rows: tuple[GridRow, ...]
    of_texts: bool = False


def shown_number(number: float | None) -> str:
    """A number in up to four decimals, without trailing zeros, with a real minus sign."""
    if number is None:
        return ""
    text = f"{number:.4f}".rstrip("0").rstrip(".")
    if float(text) == 0 and number != 0:
        text = f"{number:.3g}"
    return text.replace("-", "−")


def grid(data: AnalysisData) -> GridView:
    """The data grid."""
    cells = analysis_cells(data)
    rows = tuple(
        GridRow(
            row.id,
            row.study.id,
            row.study.label,
            detail(row),
            row.subgroup_id,
            tuple(cells[row.id].values()),
            row.footnote,
            reported_interval(row, data.settings.measure),
        )
        for row in data.rows
    )
    of_texts = data.settings.kind is OutcomeKind.OTHER
    return GridView(data.id, columns_of(data), (data.experimental, data.control), rows, of_texts)


def columns_of(data: AnalysisData) -> tuple[Column, ...]:
    """The columns of an analysis: those of its measure, with the events and participants of both sides that contrasts
    give beside them (before O − E, after a generic effect, as RevMan has them); of texts its headings."""
    kind = data.settings.kind
    if kind is OutcomeKind.OTHER:
        headings = data.look.columns or (mark("Text"),)
        return tuple(Column(f"text_{n}", heading, "number") for n, heading in enumerate(headings, start=1))
    own = pooling.measure(data.settings.measure).columns
    beside = tuple(column for column in _COUNTS if column.key in COMPANIONS.get(kind, {}))
    if not any(_has(row, column.key, kind) for row in data.rows for column in beside):
        return own
    return (*beside, *own) if kind is OutcomeKind.O_E else (*own, *beside)


def _has(row: Row, key: str, kind: OutcomeKind) -> bool:
    return key in row.overrides or (row.contrast is not None and COMPANIONS[kind][key] in row.contrast.values)


def analysis_cells(data: AnalysisData) -> dict[Id, dict[str, Cell]]:
    """The cells of every row, by row id and column, in the order of the columns."""
    columns = columns_of(data)
    return {row.id: row_cells(row, data.settings, columns) for row in data.rows}


def is_complete(cells: Mapping[str, Cell], settings: Settings) -> bool:
    """Whether a row has all the numbers that its effect is computed from."""
    return all(cells[column.key].number is not None for column in pooling.measure(settings.measure).columns)


_PERIODS = {"first": mark("first period"), "both": mark("both periods"), "paired": mark("paired analysis")}


def detail(row: Row) -> str:
    """Population, time point and period of a row in words; empty when nothing is said of them."""
    source = row.source
    if source is None:
        return ""
    period = _PERIODS.get(source.period, "")
    told = ", ".join(part for part in (source.population, source.time_point) if part)
    return phrase("{told}, {period}", told=told, period=period) if told and period else told or period


def row_cells(row: Row, settings: Settings, columns: Iterable[Column]) -> dict[str, Cell]:
    """The cells of a row in the order of these columns; what was typed over stands before all else."""
    if settings.kind is OutcomeKind.OTHER:
        return {column.key: _text_cell(row.contrast, column.key) for column in columns}
    found = _contrast_cells(row.contrast, settings.kind) if row.contrast else {}
    cells: dict[str, Cell] = {}
    for column in columns:
        below = found.get(column.key) or _arm_cell(row, column.key)
        over = row.overrides.get(column.key)
        if over is None:
            cells[column.key] = below
        else:
            cells[column.key] = Cell(
                column.key, over.number, "override", "", below.value_ids, "", over.reason, below.number
            )
    return cells


def places(row: Row, key: str, origin: Origin) -> tuple[tuple[Source, str], ...]:
    """Where the number of a cell comes from: results of the extraction with their statistics."""
    if row.contrast is not None:
        fields = _contrast_fields(row.contrast, key, origin)
        return tuple((row.contrast, field) for field in fields)
    side, field = _ARMS.get(key, ("", ""))
    source: Source | None = getattr(row, side) if side else None
    return () if source is None else ((source, field),)


def _contrast_fields(source: Source, key: str, origin: Origin) -> tuple[str, ...]:
    if key == "yi":
        return ("log_effect" if _number(source.values, "log_effect") is not None else "effect",)
    if key == "sei":
        return ("ci_lower", "ci_upper") if origin == "computed" else ("se",)
    return (COMPANIONS[OutcomeKind.O_E].get(key) or _O_E.get(key) or key,)


def _text_cell(source: Source | None, key: str) -> Cell:
    value = source.values.get(key) if source is not None else None
    if value is None or not value.text:
        return _from_value(key, value)
    return Cell(key, None, "consensus", value.status, (value.id,), text=value.text)


def _arm_cell(row: Row, key: str) -> Cell:
    side, field = _ARMS.get(key, ("", ""))
    source: Source | None = getattr(row, side) if side else None
    value = source.values.get(field) if source else None
    return _from_value(key, value)


def _from_value(key: str, value: Value | None) -> Cell:
    if value is None or value.number is None:
        return Cell(key, None, "missing", "" if value is None else value.status, () if value is None else (value.id,))
    return Cell(key, value.number, "consensus", value.status, (value.id,))


def _contrast_cells(source: Source, kind: OutcomeKind) -> dict[str, Cell]:
    fields = {**COMPANIONS.get(kind, {}), **(_O_E if kind is OutcomeKind.O_E else {})}
    found = {key: _from_value(key, source.values.get(field)) for key, field in fields.items()}
    if kind is OutcomeKind.GENERIC:
        found |= {"yi": _effect_cell(source), "sei": _error_cell(source)}
    return found


def _effect_cell(source: Source) -> Cell:
    """The reported effect, of a ratio its logarithm; a logarithm that was given stands as it is."""
    given = _from_value("yi", source.values.get("log_effect"))
    if given.number is not None:
        return replace(given, conversion=mark("natural logarithm, as it was given"))
    cell = _from_value("yi", source.values.get("effect"))
    if cell.number is None or not source.is_ratio:
        return cell
    if cell.number <= 0:
        return Cell("yi", None, "missing", cell.status, cell.value_ids)
    conversion = phrase(
        "natural logarithm of the reported {measure} {value}",
        measure=source.effect_measure,
        value=shown_number(cell.number),
    )
    return Cell("yi", math.log(cell.number), "computed", cell.status, cell.value_ids, conversion)


def _error_cell(source: Source) -> Cell:
    """The standard error as settled, or from the limits of the reported 95% interval (Handbook 6.3.1, 6.3.2)."""
    cell = _from_value("sei", source.values.get("se"))
    limits = [source.values.get("ci_lower"), source.values.get("ci_upper")]
    numbers = [limit.number for limit in limits if limit is not None and limit.number is not None]
    if cell.number is not None or len(numbers) < 2:
        return cell
    lower, upper = numbers
    if source.is_ratio:
        if lower <= 0 or upper <= 0:
            return cell
        lower, upper = math.log(lower), math.log(upper)
    width = "ln U − ln L" if source.is_ratio else "U − L"
    conversion = phrase("({width}) / (2 × 1.96) from the reported 95% interval", width=width)
    ids = tuple(limit.id for limit in limits if limit is not None)
    return Cell("sei", (upper - lower) / (2 * quantile(0.95, None)), "computed", "computed", ids, conversion)


def reported_interval(row: Row, measure: str) -> Reported | None:
    """The interval a contrast reports (as reported, never turned), beside that from its standard error."""
    source = row.contrast
    if source is None or measure not in ("GEN", "GENLOG"):
        return None
    numbers = [_number(source.values, name) for name in ("effect", "ci_lower", "ci_upper")]
    estimate, lower, upper = numbers
    if estimate is None or lower is None or upper is None:
        return None
    computed = _computed_limits(row, source, estimate)
    differs = computed is not None and any(
        f"{ours:.2f}" != f"{theirs:.2f}" for ours, theirs in zip(computed, (lower, upper), strict=True)
    )
    low, high = computed or (None, None)
    values = {"effect": estimate, "ci_lower": lower, "ci_upper": upper}
    findings = check_result(CONTRAST_STATISTICS, values, source.effect_measure)
    return Reported(
        estimate,
        lower,
        upper,
        low,
        high,
        differs,
        asymmetric=any(finding.code == "extraction.asymmetric" for finding in findings),
    )


def _number(values: Mapping[str, Value], name: str) -> float | None:
    value = values.get(name)
    return None if value is None else value.number


def _computed_limits(row: Row, source: Source, estimate: float) -> tuple[float, float] | None:
    """The 95% limits that follow from the effect and its standard error, on the scale that is reported."""
    over = row.overrides.get("sei")
    error = over.number if over is not None else _error_cell(source).number
    if error is None or (source.is_ratio and estimate <= 0):
        return None
    half = quantile(0.95, None) * error
    if source.is_ratio:
        return estimate * math.exp(-half), estimate * math.exp(half)
    return estimate - half, estimate + half
