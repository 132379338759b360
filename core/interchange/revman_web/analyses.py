"""The tables of "analysis data" in a data package: settings and overall results, subgroups, the studies' rows.

Rows have a column for every kind of number, and 0 (in newer packages: nothing) in those that do not apply: which apply
is the kind of data's matter. Where the table of settings is not there, what it would say is found from the numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from core.interchange import inferred, words
from core.interchange.model import (
    ComparisonItem,
    DataKind,
    DataRow,
    Numbers,
    Outcome,
    Remark,
    SubgroupItem,
    Totals,
)
from core.interchange.revman_web.headings import OVERALL_RESULTS, ROW_DATA, ROW_RESULTS, SUBGROUP_RESULTS
from core.interchange.tables import Row, Table, key_of
from core.language import phrase

DECIMALS: Final = 6
_KEY: Final = ("analysisgroup", "analysisnumber")
_USUAL: Final = {"PETO": "Peto", "O-E": "Peto", "RR": "MH", "OR": "MH", "RD": "MH"}
"""The method that RevMan has for a measure when nobody chose another."""
_TRUE: Final = ("true", "yes", "1")

Key = tuple[str, str]


@dataclass(slots=True)
class _Lines:
    """The lines of the three tables that are of one analysis."""

    settings: Row | None = None
    subgroups: list[Row] = field(default_factory=list[Row])
    rows: list[Row] = field(default_factory=list[Row])


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of analysis data; each may be missing."""

    overall: Table | None = None
    subgroups: Table | None = None
    rows: Table | None = None

    def present(self) -> list[Table]:
        """Those that are there."""
        return [table for table in (self.overall, self.subgroups, self.rows) if table]


def comparisons_of(tables: Tables, remarks: list[Remark]) -> tuple[ComparisonItem, ...]:
    """All comparisons with their analyses, in the order of the file; what was found from numbers is told."""
    found: dict[str, ComparisonItem] = {}
    guessed: list[str] = []
    for (group, number), lines in _by_analysis(tables).items():
        outcome = _outcome(tables, (group, number), lines, remarks)
        if lines.settings is None:
            guessed.append(f"{group}.{number}")
        name = lines.settings.text("analysisgroupname") if lines.settings else ""
        known = found.setdefault(
            group, ComparisonItem(words.comparison_id(group), group, name or f"Comparison {group}")
        )
        found[group] = replace(known, outcomes=(*known.outcomes, outcome))
    if guessed:
        what = phrase(
            "The file says nothing of measure, method and model of these analyses. They were found from the effects and"
            " weights in it; look at them before you use them."
        )
        remarks.append(Remark(", ".join(guessed[:20]), what, kept=False))
    return tuple(found.values())


def _by_analysis(tables: Tables) -> dict[Key, _Lines]:
    found: dict[Key, _Lines] = {}
    for table in tables.present():
        for row in table.rows:
            group, number = (row.text(key).removesuffix(".0") for key in _KEY)
            if not group or not number:
                table.remark(row, phrase("The line names no analysis. It was not read."))
                continue
            lines = found.setdefault((group, number), _Lines())
            if table is tables.rows and not row.text("study"):
                table.remark(row, phrase("The line names no study. It was not read."))
            elif table is tables.rows:
                lines.rows.append(row)
            elif table is tables.subgroups:
                lines.subgroups.append(row)
            elif lines.settings is None:
                lines.settings = row
            else:
                table.remark(row, phrase("The analysis is in the table twice. The second line was not read."))
    return found


# --- one analysis -----------------------------------------------------------------------------------------------------


def _outcome(tables: Tables, key: Key, lines: _Lines, remarks: list[Remark]) -> Outcome:
    identity = words.outcome_id(*key)
    numbers = [_row_numbers(tables.rows, row) for row in lines.rows] if tables.rows else []
    settings = lines.settings
    first = next(iter([*([settings] if settings else []), *lines.rows]), None)
    name = first.text("analysisname") if first else ""
    blank = Outcome(identity, key[1], name or f"{key[0]}.{key[1]}", DataKind.DICHOTOMOUS, "")
    if settings is None or tables.overall is None:
        outcome = _from_numbers(blank, lines, numbers, remarks)
    else:
        outcome = _from_settings(tables.overall, blank, settings, numbers)
        outcome = _placed(outcome, lines, numbers, remarks)
        if not tables.overall.has("studyci"):  # version 2 says one level only, that of the total
            found = _tried(outcome, (outcome.measure,))
            outcome = replace(outcome, ci_study=found.level if found.fits else outcome.ci_study)
    return _with_results(outcome, tables, lines)


def _row_numbers(table: Table, row: Row) -> dict[str, float | None]:
    return {name: table.number(row, key_of(heading)) for heading, name in (*ROW_DATA.items(), *ROW_RESULTS.items())}


def _from_settings(table: Table, blank: Outcome, row: Row, numbers: Sequence[Numbers]) -> Outcome:
    """The outcome's settings, as its line in the first table says them."""
    kind = words.kind_of(row.text("datatype"))
    if kind is None:
        kind = inferred.kinds_of_data(numbers)[0]
        table.remark(row, phrase("“{word}” is no kind of data Copse knows.", word=row.text("datatype")))
    method = words.METHODS.get(key_of(row.text("statisticalmethod")), "")
    word = row.text("effectmeasure")
    measure = words.MEASURES.get(key_of(word), "")
    if kind is DataKind.GENERIC:
        measure = "GENLOG" if _said(row, "logscaledata", otherwise=measure in words.RATIOS) else "GEN"
    elif kind is DataKind.O_E:
        measure = "O-E"
    elif measure not in inferred.CANDIDATES.get(kind, ()):
        measure = inferred.CANDIDATES.get(kind, ("",))[0]
        table.remark(row, phrase("“{word}” is no measure of this kind of data that Copse knows.", word=word))
    overall, subtotals = (_said(row, key, otherwise=True) for key in ("overallestimates", "subgroupestimates"))
    level = table.number(row, "studyci", "cipilevel")
    return replace(
        blank,
        kind=kind,
        measure="PETO" if measure == "OR" and method == "Peto" else measure,
        method=method,
        model=words.model_of(row.text("analysismodel")),
        tau2=words.ESTIMATORS.get(key_of(row.text("heterogeneityestimator")), ""),
        ci=words.INTERVALS.get(key_of(row.text("cimethod")), ""),
        pi="t(k-1)" if _said(row, "predictioninterval", otherwise=False) else "",
        effect_label=word if kind in (DataKind.GENERIC, DataKind.O_E) else "",
        group_labels=(row.text("experimentalgrouplabel"), row.text("controlgrouplabel")),
        graph_labels=(row.text("graphlabelleft"), row.text("graphlabelright")),
        units=row.text("unitofeffectmeasure"),
        totals=Totals.ALL if overall else Totals.SUBTOTALS if subtotals else Totals.NONE,
        subgroup_test=_said(row, "testforsubgroupdifferences", otherwise=True),
        swap_events=_said(row, "swapeventandnonevent", otherwise=False),
        ci_study=_share(level),
        ci_total=_share(table.number(row, "estimateci", "cipilevel") or level),
        sort_by=words.ORDERS.get(key_of(row.text("sortby")), ""),
        scale=table.number(row, "graphscale"),
    )


def _said(row: Row, key: str, *, otherwise: bool) -> bool:
    text = row.text(key).lower()
    return text in _TRUE if text else otherwise


def _share(percent: float | None) -> float:
    return percent / 100 if percent and 0 < percent < 100 else 0.95


def _from_numbers(blank: Outcome, lines: _Lines, numbers: Sequence[Numbers], remarks: list[Remark]) -> Outcome:
    """The outcome of a file without settings: the first kind of data under which a measure fits all effects."""
    kinds = inferred.kinds_of_data(numbers)
    tried = {kind: _tried(_placed(replace(blank, kind=kind), lines, numbers, [])) for kind in kinds}
    kind = next((kind for kind in kinds if tried[kind].fits), kinds[0])
    found = tried[kind]
    outcome = _placed(replace(blank, kind=kind), lines, numbers, remarks)
    told = any(row.stored for row in outcome.all_rows)
    if told and not found.fits:
        what = phrase("No measure gives the effects that the file holds for this analysis. Choose its measure.")
        remarks.append(Remark(f"{outcome.id} {outcome.name}", what, kept=False))
    weights = [row.stored.get("weight") for row in outcome.all_rows]
    pooled = not weights or any(weights) or not told
    return replace(
        outcome,
        measure=found.measure,
        method=found.method or _USUAL.get(found.measure, "IV"),
        model=found.model or ("common" if found.measure in ("PETO", "O-E") or len(weights) < 2 else "random"),
        tau2=found.tau2,
        swap_events=found.swapped,
        ci_study=found.level,
        ci_total=found.level,
        totals=_totals(outcome, sum(weight or 0.0 for weight in weights)) if pooled else Totals.NONE,
    )


def _tried(outcome: Outcome, measures: Sequence[str] = ()) -> inferred.Inferred:
    parts = [outcome.rows, *(group.rows for group in outcome.subgroups)]
    return inferred.settings_of(outcome.kind, parts, DECIMALS, measures)


def _totals(outcome: Outcome, weight: float) -> Totals:
    """With subtotals only, the weights of each subgroup add up to 100."""
    return Totals.SUBTOTALS if weight > 150 and len(outcome.subgroups) > 1 else Totals.ALL


# --- rows and results -------------------------------------------------------------------------------------------------


def _placed(outcome: Outcome, lines: _Lines, numbers: Sequence[Numbers], remarks: list[Remark]) -> Outcome:
    """The outcome with its rows under their subgroups, these in the order of their numbers where they have some."""
    groups: dict[str, list[DataRow]] = {}
    places: dict[str, str] = {}
    for line in (*lines.subgroups, *lines.rows):
        if name := line.text("subgroup"):
            groups.setdefault(name, [])
            places.setdefault(name, line.text("subgroupnumber").removesuffix(".0"))
    alone: list[DataRow] = []
    kinds = {row.text("applicability") for row in lines.rows}
    for row, values in zip(lines.rows, numbers, strict=True):
        if row.text("applicability") == "OVERALL" and "SUBGROUP" in kinds:
            # The same study once for its subgroup and once for the total: RevMan 5 and Copse have it once.
            what = phrase("The row of {study} counts in the total only. It was left out.", study=row.text("study"))
            remarks.append(Remark(f"{outcome.id}, line {row.line}", what, kept=False))
            continue
        groups.get(row.text("subgroup"), alone).append(_data_row(outcome.kind, row, values))
    if not any(row.estimable for rows in (alone, *groups.values()) for row in rows):
        # Where no row has an effect, nobody computed them.
        alone = [replace(row, estimable=None) for row in alone]
        groups = {name: [replace(row, estimable=None) for row in rows] for name, rows in groups.items()}
    order = sorted(groups, key=lambda name: int(places[name]) if places[name].isdecimal() else 0)
    subgroups = tuple(
        SubgroupItem(words.subgroup_id(outcome.id, str(n)), str(n), name, tuple(groups[name]))
        for n, name in enumerate(order, start=1)
    )
    return replace(outcome, rows=tuple(alone), subgroups=subgroups, has_subgroups=bool(subgroups))


def _data_row(kind: DataKind, row: Row, numbers: Numbers) -> DataRow:
    stored = {name: numbers[name] for name in ROW_RESULTS.values() if numbers.get(name) is not None}
    computed = inferred.was_computed(stored)
    return DataRow(
        words.study_id(row.text("study")),
        {name: numbers.get(name) for name in words.DATA_OF[kind]},
        stored if computed else {},
        # An empty effect is one that cannot be estimated; zeros are what was never computed.
        estimable=True if computed else None if stored else False,
        footnote=row.text("footnotes"),
    )


def _with_results(outcome: Outcome, tables: Tables, lines: _Lines) -> Outcome:
    """The outcome with the results that the tables hold for it and its subgroups."""
    stored: Numbers = {}
    if lines.settings is not None and tables.overall:
        stored, zeros = _results(tables.overall, lines.settings, OVERALL_RESULTS)
        if zeros:
            what = phrase("The results of this analysis had not been computed when the file was written.")
            tables.overall.remark(lines.settings, what)
    by_name = {row.text("subgroup"): row for row in lines.subgroups}
    subgroups = tuple(_subgroup(tables.subgroups, one, by_name.get(one.name)) for one in outcome.subgroups)
    estimable = inferred.is_estimable(stored, outcome.all_rows)
    return replace(outcome, stored=stored, estimable=estimable, subgroups=subgroups)


def _subgroup(table: Table | None, one: SubgroupItem, row: Row | None) -> SubgroupItem:
    if table is None or row is None:
        return one
    stored, _ = _results(table, row, SUBGROUP_RESULTS)
    return replace(one, stored=stored, estimable=inferred.is_estimable(stored, one.rows))


def _results(table: Table, row: Row, columns: Mapping[str, str]) -> tuple[Numbers, bool]:
    """The results in a line, and whether there are only the zeros of results that nobody computed."""
    found = {name: table.number(row, key_of(heading)) for heading, name in columns.items()}
    stored = {name: value for name, value in found.items() if value is not None}
    return inferred.without_remains(stored), "effect_size" in stored and not inferred.was_computed(stored)
