"""RevMan 5's "Export analysis data": one CSV with a line for every comparison, analysis, subgroup and study's row.

The person who exports chooses columns, separator and quotes. What a line is shows by its numbers: a comparison has
outcome 0, the first line of an outcome is its result, the first line of each subgroup above 0 the subgroup's, all
others are rows. Settings that the file has no column for (totals, confidence level, whether effects are logarithms) are
found from its numbers. Columns and their meaning: headings of a real export; numbers have eight decimals.
"""

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
    ReviewFile,
    StudyItem,
    SubgroupItem,
    Totals,
)
from core.interchange.tables import Row, Table, heading_keys, key_of, read_table, write_table
from core.language import phrase
from core.model import StudyStatus

FORMAT: Final = "revman_csv"
DECIMALS: Final = 8
_NEEDED: Final = ("comparisonnumber", "outcomenumber", "name")
_DATA: Final = {
    "Events 1": "events_1",
    "Mean 1": "mean_1",
    "SD 1": "sd_1",
    "Total 1": "total_1",
    "Events 2": "events_2",
    "Mean 2": "mean_2",
    "SD 2": "sd_2",
    "Total 2": "total_2",
    "O-E": "o_e",
    "Variance": "var",
}
_RESULTS: Final = {
    "Effect Estimate": "effect_size",
    "SE": "se",
    "CI Start": "ci_start",
    "CI End": "ci_end",
    "Weight": "weight",
    "Q": "chi2",
    "P(Q)": "p_chi2",
    "I²(Q)": "i2",
    "Tau²": "tau2",
    "Z": "z",
    "P(Z)": "p_z",
    "Qint": "q",
    "P(Qint)": "p_q",
    "I²(Qint)": "i2_q",
    "df": "df",
}
_SETTINGS: Final = ("Data Type", "Statistical Method", "Effect Measure", "Analysis Model")
_LABELS: Final = ("Group Label 1", "Group Label 2", "Left Graph Label", "Right Graph Label")
_OF_ROWS: Final = ("Year of study", "User defined order")
HEADINGS: Final = (
    *("Comparison Number", "Outcome Number", "Subgroup Number", "Name"),
    *_SETTINGS,
    *_DATA,
    *_RESULTS,
    *_LABELS,
    *_OF_ROWS,
)
"""All columns, as RevMan 5 names and orders them."""

_NUMBERS: Final = {**_DATA, **_RESULTS}
_COUNTS: Final = ("events_1", "total_1", "events_2", "total_2")
_SHOWN: Final = ("effect_size", "ci_start", "ci_end")
_KIND_WORDS: Final = {
    DataKind.DICHOTOMOUS: "DIC",
    DataKind.CONTINUOUS: "CON",
    DataKind.GENERIC: "IV",
    DataKind.O_E: "O_E",
    DataKind.OTHER: "OTH",
}


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
    comparisons = tuple(_comparison(table, one, studies) for one in _lines(table))
    return ReviewFile(
        FORMAT,
        name,
        Path(name).stem,
        studies=tuple(studies.values()),
        comparisons=comparisons,
        remarks=tuple(table.remarks),
        decimals=DECIMALS,
    )


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
        else:
            group.rows.append(row)
    return list(found.values())


def _whole(text: str) -> str:
    """A number of a comparison, outcome or subgroup; empty for none, which is written as 0."""
    return (text.removesuffix(".0").lstrip("0") if text.removesuffix(".0").isdigit() else text).strip()


def _is_head(table: Table, row: Row, subgroup: str) -> bool:
    """Whether the first line of a group is the group's own. That of an outcome has a kind of data, if any line has."""
    return bool(subgroup) or not table.has("datatype") or bool(row.text("datatype"))


# --- reading ---------------------------------------------------------------------------------------------------------


def _comparison(table: Table, one: _Comparison, studies: dict[str, StudyItem]) -> ComparisonItem:
    outcomes = (_outcome(table, one.number, number, groups, studies) for number, groups in one.outcomes.items())
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
    plain = Outcome(
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
    return _completed(plain, said=bool(head and head.text("effectmeasure")), shown=table.has("effectestimate"))


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
    found = {name: table.number(row, key_of(heading), *_ALSO.get(name, ())) for heading, name in _NUMBERS.items()}
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
    stored = {key: value for key, value in numbers.items() if key in _RESULTS.values() or key in ("o_e", "var")}
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
    kept = numbers if inferred.was_computed(numbers) else {key: numbers[key] for key in _COUNTS if numbers.get(key)}
    return {key: value for key, value in kept.items() if key in _COUNTS or key in _RESULTS.values()}


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


def _completed(outcome: Outcome, *, said: bool, shown: bool) -> Outcome:
    """The outcome with what the file has no column for. ``said``: it names the measure; ``shown``: it has effects."""
    known = (outcome.measure,) if said and outcome.measure else ()
    parts = [outcome.rows, *(group.rows for group in outcome.subgroups)]
    found = inferred.settings_of(outcome.kind, parts, DECIMALS, known)
    measure = outcome.measure or found.measure
    total = _total_level(outcome.stored, measure in words.RATIOS) or found.level
    estimable = inferred.was_computed(outcome.stored)
    totals = Totals.ALL
    if shown and not estimable:
        subtotals = any(group.estimable for group in outcome.subgroups)
        rows = any(row.estimable for row in outcome.all_rows)
        totals = Totals.SUBTOTALS if subtotals else Totals.NONE if rows else Totals.ALL
    return replace(
        outcome,
        measure=measure,
        method=outcome.method or found.method,
        model=outcome.model or found.model,
        has_subgroups=bool(outcome.subgroups),
        subgroup_test=not outcome.subgroups or bool(outcome.stored.get("q") or outcome.stored.get("p_q")),
        totals=totals,
        ci_study=found.level,
        ci_total=total,
        estimable=estimable if shown else None,
    )


def _total_level(stored: Numbers, ratio: bool) -> float | None:
    """The level of a pooled interval, by the standard error that Z and the effect give."""
    effect, low, high, z = (stored.get(name) or 0.0 for name in (*_SHOWN, "z"))
    if not z or (ratio and min(effect, low, high) <= 0):
        return None
    if ratio:
        effect, low, high = math.log(effect), math.log(low), math.log(high)
    return inferred.level_of(high - low, abs(effect / z))


# --- writing ---------------------------------------------------------------------------------------------------------


def write(file: ReviewFile) -> bytes:
    """The analyses of a review as RevMan 5 exports them (UTF-8, commas, eight decimals): what is stored with them is
    written, nothing is computed. The columns of observed minus expected events are there where an analysis has them.
    """
    with_o_e = any(outcome.kind is DataKind.O_E for outcome in file.outcomes)
    headings = [heading for heading in HEADINGS if with_o_e or _DATA.get(heading) not in ("o_e", "var")]
    return write_table(headings, _written(file), DECIMALS).encode()


def _written(file: ReviewFile) -> Iterable[dict[str, str | float]]:
    studies = {study.id: study for study in file.studies}
    for n, comparison in enumerate(file.comparisons, start=1):
        place = {"Comparison Number": _last(comparison.number, n), "Outcome Number": "0", "Subgroup Number": "0"}
        yield {**place, "Name": comparison.name}
        for m, outcome in enumerate(comparison.outcomes, start=1):
            place = {**place, "Outcome Number": _last(outcome.number, m), "Subgroup Number": "0"}
            yield {**place, **_written_outcome(outcome)}
            yield from (_written_row(place, outcome, row, studies) for row in outcome.rows)
            for k, group in enumerate(outcome.subgroups, start=1):
                place = {**place, "Subgroup Number": _last(group.number, k)}
                yield {**place, "Name": group.name, **_given(group.stored)}
                yield from (_written_row(place, outcome, row, studies) for row in group.rows)


def _last(number: str, position: int) -> str:
    """A number within its parent: "2" of "1.2"."""
    return number.rsplit(".", 1)[-1].lstrip("0") or str(position)


def _written_outcome(outcome: Outcome) -> dict[str, str | float]:
    measure = "PETO_OR" if outcome.measure == "PETO" else outcome.measure
    if outcome.kind in (DataKind.GENERIC, DataKind.O_E):
        measure = outcome.effect_label
    return {
        "Name": outcome.name,
        "Data Type": _KIND_WORDS[outcome.kind],
        "Statistical Method": outcome.method.upper(),
        "Effect Measure": measure,
        "Analysis Model": {"common": "Fixed", "random": "Random"}.get(outcome.model, ""),
        **_given(outcome.stored),
        **dict(zip(_LABELS, (*outcome.group_labels, *outcome.graph_labels), strict=True)),
    }


def _given(numbers: Numbers) -> dict[str, str | float]:
    """The cells of these numbers."""
    found = {heading: numbers.get(name) for heading, name in _NUMBERS.items()}
    return {heading: value for heading, value in found.items() if value is not None}


def _written_row(
    place: Mapping[str, str], outcome: Outcome, row: DataRow, studies: Mapping[str, StudyItem]
) -> dict[str, str | float]:
    study = studies.get(row.study_id)
    stored = dict(row.stored)
    if outcome.kind is DataKind.GENERIC:
        stored["se"] = row.data.get("se")
        estimate = row.data.get("estimate")
        if stored.get("effect_size") is None and estimate is not None:
            stored["effect_size"] = math.exp(estimate) if outcome.measure == "GENLOG" else estimate
    # What does not apply to a kind of data is 0 in RevMan's export.
    data = {heading: row.data.get(name, 0.0) for heading, name in _DATA.items() if name not in ("o_e", "var")}
    if outcome.kind is DataKind.O_E:
        data |= {"O-E": row.data.get("o_e"), "Variance": row.data.get("var")}
    return {
        **place,
        "Name": study.name if study else row.study_id,
        **_given(stored),
        **{heading: "" if value is None else value for heading, value in data.items()},
        "Year of study": study.year if study else "",
        "User defined order": row.order,
    }
