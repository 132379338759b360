"""Reading RevMan 5's export of analysis data."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from core.interchange import inferred, words
from core.interchange.model import (
    ComparisonItem,
    DataKind,
    DataRow,
    Numbers,
    Outcome,
    Remark,
    ReviewFile,
    StudyItem,
    SubgroupItem,
    Totals,
)
from core.interchange.revman_csv.columns import DECIMALS, HEADINGS, NUMBERS, RESULTS
from core.interchange.tables import Row, Table, heading_keys, key_of, read_table
from core.language import phrase
from core.model import StudyStatus

FORMAT: Final = "revman_csv"
_FEWEST_DECIMALS: Final = 6
_NEEDED: Final = ("comparisonnumber", "outcomenumber", "name")
_COUNTS: Final = ("events_1", "total_1", "events_2", "total_2")
_SHOWN: Final = ("effect_size", "ci_start", "ci_end")


def recognise(head: bytes) -> bool:
    """Whether a file that begins so is such an export."""
    keys = heading_keys(head)
    return keys.issuperset(_NEEDED) and len(keys & set(map(key_of, HEADINGS))) > len(_NEEDED)


def read(path: Path) -> ReviewFile:
    """The analyses in such a file. Raises InputError for what is none, naming the line."""
    return read_bytes(path.read_bytes(), path.name)


def read_bytes(data: bytes, name: str) -> ReviewFile:
    """As read, for content that is in memory; ``name`` is the file's name."""
    table = read_table(data, name, _NEEDED)
    table.unknown(map(key_of, (*HEADINGS, "I2 (Q)", "I (Q)", "I (Qint)", "Tau")))
    studies: dict[str, StudyItem] = {}
    decimals = _decimals(table)
    comparisons = tuple(_comparison(table, one, studies, decimals) for one in _lines(table))
    return ReviewFile(
        FORMAT,
        name,
        Path(name).stem,
        studies=tuple(studies.values()),
        comparisons=comparisons,
        remarks=tuple(table.remarks),
        decimals=decimals,
    )


def _decimals(table: Table) -> int:
    """How many decimals the results have: eight, or fewer where they came from a program that writes six."""
    keys = [key_of(heading) for heading in RESULTS if heading not in ("Effect Estimate", "SE")]  # these may be data
    cells = (row.text(key) for row in table.rows for key in keys)
    found = max((len(cell.replace(",", ".").partition(".")[2]) for cell in cells), default=DECIMALS)
    return min(max(found, _FEWEST_DECIMALS), DECIMALS)


# --- which line is what ----------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Group:
    """A subgroup, or with number 0 the rows of none: its own line, and its rows."""

    head: Row | None = None
    rows: list[Row] = field(default_factory=list[Row])


@dataclass(slots=True)
class _Comparison:
    number: str
    head: Row | None = None
    outcomes: dict[str, dict[str, _Group]] = field(default_factory=dict[str, dict[str, _Group]])


def _lines(table: Table) -> list[_Comparison]:
    """Every line of the table under its comparison, outcome and subgroup."""
    found: dict[str, _Comparison] = {}
    for row in table.rows:
        number, outcome, subgroup = (
            _whole(row.text(key)) for key in ("comparisonnumber", "outcomenumber", "subgroupnumber")
        )
        if not number:
            table.remark(row, phrase("The line names no comparison. It was not read."))
            continue
        comparison = found.setdefault(number, _Comparison(number))
        if not outcome:
            comparison.head = row
            continue
        group = comparison.outcomes.setdefault(outcome, {}).setdefault(subgroup, _Group())
        if group.head is None and not group.rows and _is_head(table, row, subgroup):
            group.head = row
        elif row.text("name"):
            group.rows.append(row)
        else:
            table.remark(row, phrase("The line names no study. It was not read."))
    return list(found.values())


def _whole(text: str) -> str:
    """A number of a comparison, outcome or subgroup; empty for none, which is written as 0."""
    return (text.removesuffix(".0").lstrip("0") if text.removesuffix(".0").isdigit() else text).strip()


def _is_head(table: Table, row: Row, subgroup: str) -> bool:
    """Whether the first line of a group is the group's own. That of an outcome has a kind of data, if any line has."""
    return bool(subgroup) or not table.has("datatype") or bool(row.text("datatype"))


# --- reading ---------------------------------------------------------------------------------------------------------


def _comparison(table: Table, one: _Comparison, studies: dict[str, StudyItem], decimals: int) -> ComparisonItem:
    plain = (_outcome(table, one.number, number, groups, studies) for number, groups in one.outcomes.items())
    outcomes = (_completed(table, outcome, decimals) for outcome in plain)
    name = one.head.text("name") if one.head else ""
    return ComparisonItem(
        words.comparison_id(one.number), one.number, name or f"Comparison {one.number}", tuple(outcomes)
    )


def _outcome(
    table: Table, comparison: str, number: str, groups: Mapping[str, _Group], studies: dict[str, StudyItem]
) -> Outcome:
    """An outcome: its settings as the file says them, and what it does not say from the numbers."""
    head = (groups.get("") or _Group()).head
    cells = {id(row): _numbers(table, row) for group in groups.values() for row in group.rows}
    word = head.text("datatype") if head else ""
    kind = words.kind_of(word) or _likeliest(cells.values())
    if word and words.kind_of(word) is None and head:
        table.remark(head, phrase("“{word}” is no kind of data Copse knows. It was told by the numbers.", word=word))
    measure = _measure(head, kind, list(cells.values()))
    identity = words.outcome_id(comparison, number)
    rows = {
        key: tuple(_row(row, cells[id(row)], kind, measure, studies) for row in group.rows)
        for key, group in groups.items()
    }
    return Outcome(
        identity,
        number,
        (head.text("name") if head else "") or f"Outcome {comparison}.{number}",
        kind,
        measure,
        method=words.METHODS.get(key_of(head.text("statisticalmethod")), "") if head else "",
        model=words.model_of(head.text("analysismodel")) if head else "",
        effect_label=head.text("effectmeasure") if head and kind in (DataKind.GENERIC, DataKind.O_E) else "",
        group_labels=_labels(head, "grouplabel1", "grouplabel2"),
        graph_labels=_labels(head, "leftgraphlabel", "rightgraphlabel"),
        stored=_results(_numbers(table, head) if head else {}),
        rows=rows.get("", ()),
        subgroups=tuple(_subgroup(table, identity, key, groups[key], rows[key]) for key in groups if key),
    )


def _likeliest(rows: Iterable[dict[str, float | None]]) -> DataKind:
    """The kind of data by the numbers. A standard error stands in rows of every kind, and tells nothing here unless
    nothing else is there."""
    without = [{**row, "se": None} for row in rows]
    kind = inferred.kinds_of_data(without)[0]
    counted = any(row.get(name) for row in without for name in (*words.DATA_OF[kind],))
    return kind if counted else DataKind.GENERIC


def _labels(head: Row | None, first: str, second: str) -> tuple[str, str]:
    return (head.text(first), head.text(second)) if head else ("", "")


def _numbers(table: Table, row: Row) -> dict[str, float | None]:
    """All numbers of a line; those of cells without one are not there."""
    found = {name: table.number(row, key_of(heading), *_ALSO.get(name, ())) for heading, name in NUMBERS.items()}
    return {name: value for name, value in found.items() if value is not None}


_ALSO: Final[Mapping[str, tuple[str, ...]]] = {"i2": ("iq",), "i2_q": ("iqint",), "tau2": ("tau",)}
"""The superscript is lost where a file was saved in an encoding without it."""


def _measure(head: Row | None, kind: DataKind, rows: list[dict[str, float | None]]) -> str:
    word = head.text("effectmeasure") if head else ""
    if kind in (DataKind.DICHOTOMOUS, DataKind.CONTINUOUS):
        known = words.MEASURES.get(key_of(word), "")
        return known if known in inferred.CANDIDATES[kind] else ""
    if kind is DataKind.GENERIC:
        ratio = words.MEASURES.get(key_of(word), "") in words.RATIOS or "ratio" in word.lower()
        return "GENLOG" if _logarithms(rows, ratio) else "GEN"
    return "O-E" if kind is DataKind.O_E else ""


def _logarithms(rows: list[dict[str, float | None]], otherwise: bool) -> bool:
    """Whether standard errors are those of logarithms: the interval says on which scale it is symmetrical."""
    for row in rows:
        low, high, se = (row.get(name) or 0.0 for name in ("ci_start", "ci_end", "se"))
        if inferred.level_of(high - low, se):
            return False
        if low > 0 and inferred.level_of(math.log(high / low) if high > low else 0.0, se):
            return True
    return otherwise


def _row(
    row: Row, numbers: dict[str, float | None], kind: DataKind, measure: str, studies: dict[str, StudyItem]
) -> DataRow:
    name = row.text("name")
    identity = words.study_id(name)
    studies.setdefault(identity, StudyItem(identity, name, StudyStatus.INCLUDED, row.text("yearofstudy")))
    stored = {key: value for key, value in numbers.items() if key in RESULTS.values() or key in ("o_e", "var")}
    data = {key: numbers.get(key) for key in words.DATA_OF[kind]}
    estimable = inferred.was_computed(stored)
    if kind is DataKind.GENERIC:
        effect = stored.get("effect_size")
        data["estimate"] = math.log(effect) if effect and effect > 0 and measure == "GENLOG" else effect
        data["se"] = stored.pop("se", None)
    if kind is DataKind.O_E:
        stored = {key: value for key, value in stored.items() if key not in data}
    return DataRow(identity, data, stored if estimable else {}, estimable=estimable, order=row.text("userdefinedorder"))


def _results(numbers: dict[str, float | None]) -> dict[str, float | None]:
    """The results of an outcome or subgroup; of one that was not computed only how many took part."""
    found = {key: value for key, value in numbers.items() if key in _COUNTS or key in RESULTS.values()}
    return dict(inferred.without_remains(found))


def _subgroup(table: Table, outcome: str, number: str, group: _Group, rows: tuple[DataRow, ...]) -> SubgroupItem:
    numbers = _numbers(table, group.head) if group.head else {}
    name = group.head.text("name") if group.head else ""
    return SubgroupItem(
        words.subgroup_id(outcome, number),
        number,
        name or number,
        rows,
        _results(numbers),
        inferred.was_computed(numbers),
    )


def _completed(table: Table, outcome: Outcome, decimals: int) -> Outcome:
    """The outcome with what the file has no column for."""
    shown = table.has("effectestimate")
    known = (outcome.measure,) if outcome.measure else ()
    parts = [outcome.rows, *(group.rows for group in outcome.subgroups)]
    found = inferred.settings_of(outcome.kind, parts, decimals, known)
    measure = outcome.measure or found.measure
    _tell(table, outcome, found, measure)
    total = _total_level(outcome.stored, measure in words.RATIOS) or found.level
    computed = any(row.estimable for row in outcome.all_rows)
    totals = _totals(outcome) if shown else Totals.ALL
    rows = _told(outcome.all_rows, computed)
    estimable = False if totals is Totals.NONE else inferred.is_estimable(outcome.stored, rows)
    return replace(
        outcome,
        measure=measure,
        method=outcome.method or found.method,
        model=outcome.model or found.model,
        has_subgroups=bool(outcome.subgroups),
        subgroup_test=not outcome.subgroups or bool(outcome.stored.get("q") or outcome.stored.get("p_q")),
        totals=totals,
        swap_events=found.swapped,
        ci_study=found.level,
        ci_total=total,
        estimable=estimable if shown else None,
        stored=inferred.without_remains(outcome.stored, estimable),
        rows=_told(outcome.rows, computed),
        subgroups=tuple(_subgroup_told(group, computed) for group in outcome.subgroups),
    )


def _subgroup_told(group: SubgroupItem, computed: bool) -> SubgroupItem:
    rows = _told(group.rows, computed)
    return replace(group, rows=rows, estimable=inferred.is_estimable(group.stored, rows))


def _tell(table: Table, outcome: Outcome, found: inferred.Inferred, measure: str) -> None:
    """Tell of what was found from the numbers and changes what the analysis says."""
    where = f"{outcome.id} {outcome.name}"
    if found.swapped:
        what = phrase("The effects in the file are those of participants without the event: events were exchanged.")
        table.remarks.append(Remark(where, what, kept=False))
    if measure and not outcome.measure:
        what = phrase(
            "The file does not say the measure of this analysis. It was found from the effects in it: {measure}.",
            measure=measure,
        )
        table.remarks.append(Remark(where, what, kept=False))


def _told(rows: tuple[DataRow, ...], computed: bool) -> tuple[DataRow, ...]:
    """Rows without an effect cannot be estimated; but where no row has one, nobody computed them."""
    return rows if computed else tuple(replace(row, estimable=None) for row in rows)


def _totals(outcome: Outcome) -> Totals:
    """What is pooled: the weights say. With subtotals only, each subgroup's add up to 100; with none, all are 0."""
    computed = [row.stored.get("weight") for row in outcome.all_rows if row.estimable]
    weights = [weight for weight in computed if weight is not None]
    if len(outcome.subgroups) > 1 and sum(weights) > 150:
        return Totals.SUBTOTALS
    if any(group.estimable for group in outcome.subgroups):
        return Totals.ALL if outcome.stored.get("weight") else Totals.SUBTOTALS
    if weights:
        return Totals.ALL if any(weights) else Totals.NONE
    return Totals.NONE if computed and not inferred.was_computed(outcome.stored) else Totals.ALL


def _total_level(stored: Numbers, ratio: bool) -> float | None:
    """The level of a pooled interval, by the standard error that Z and the effect give."""
    effect, low, high, z = (stored.get(name) or 0.0 for name in (*_SHOWN, "z"))
    if not z or (ratio and min(effect, low, high) <= 0):
        return None
    if ratio:
        effect, low, high = math.log(effect), math.log(low), math.log(high)
    return inferred.level_of(high - low, abs(effect / z))
