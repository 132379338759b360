"""Comparisons and their analyses as nodes of .rm5."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from core.interchange.model import ComparisonItem, DataKind, DataRow, Numbers, Outcome, ReviewFile, SubgroupItem
from core.interchange.rm5.vocabulary import (
    CELL,
    COLUMN,
    KIND_OF,
    MEASURES,
    METHODS,
    MODELS,
    SORTINGS,
    TOTALS,
    Kind,
)
from core.interchange.rm5.write_nodes import Node, count, decimal, leaf, node, yes_no

_COUNTED: Final = frozenset({"EVENTS_1", "TOTAL_1", "EVENTS_2", "TOTAL_2", "DF", "STUDIES"})
_OF_DIFFERENCES: Final = frozenset({"Q", "P_Q", "I2_Q"})
_LOGARITHMS: Final = frozenset({"LOG_EFFECT_SIZE", "LOG_CI_START", "LOG_CI_END"})


def analyses(file: ReviewFile) -> Node:
    """ANALYSES_AND_DATA."""
    made = node("ANALYSES_AND_DATA", *map(_comparison, file.comparisons))
    made.attributes["CALCULATED_DATA"] = yes_no(any(_calculated(outcome) for outcome in file.outcomes))
    return made


def _calculated(outcome: Outcome) -> bool:
    sets = (outcome.stored, *(group.stored for group in outcome.subgroups), *(row.stored for row in outcome.all_rows))
    return any(numbers.get("effect_size") is not None for numbers in sets)


def _comparison(comparison: ComparisonItem) -> Node:
    made = node("COMPARISON", key=comparison.id, ID=comparison.id, NO=comparison.number)
    made.children = [leaf("NAME", comparison.name), *map(_outcome, comparison.outcomes)]
    return made


def _outcome(outcome: Outcome) -> Node:
    kind = KIND_OF[outcome.kind]
    made = node(f"{kind.prefix}_OUTCOME", key=outcome.id, ID=outcome.id, NO=outcome.number)
    made.attributes |= _settings(outcome) | _numbers(kind.results, outcome.stored, _optional(kind))
    texts = {
        "NAME": outcome.name,
        "GROUP_LABEL_1": outcome.group_labels[0],
        "GROUP_LABEL_2": outcome.group_labels[1],
        "GRAPH_LABEL_1": outcome.graph_labels[0],
        "GRAPH_LABEL_2": outcome.graph_labels[1],
    }
    if outcome.kind in (DataKind.GENERIC, DataKind.O_E):
        texts["EFFECT_MEASURE"] = outcome.effect_label
    made.children = [leaf(tag, text) for tag, text in texts.items()]
    made.children += [leaf(COLUMN, heading) for heading in outcome.columns]
    made.children += [_row(kind, row) for row in outcome.rows]
    made.children += [_subgroup(kind, group) for group in outcome.subgroups]
    return made


def _settings(outcome: Outcome) -> dict[str, str]:
    made = {
        "CI_STUDY": f"{100 * outcome.ci_study:.10g}",
        "CI_TOTAL": f"{100 * outcome.ci_total:.10g}",
        "SORT_BY": _word(SORTINGS, outcome.sort_by),
        "SUBGROUPS": yes_no(outcome.has_subgroups),
        "SUBGROUP_TEST": yes_no(outcome.subgroup_test),
        "TOTALS": _word(TOTALS, outcome.totals),
        "RANDOM": _word(MODELS, outcome.model),
        "SCALE": decimal(outcome.scale),
        "ESTIMABLE": _estimable(outcome.estimable),
    }
    match outcome.kind:
        case DataKind.OTHER:
            return {name: made[name] for name in ("SORT_BY", "SUBGROUPS", "ESTIMABLE") if made[name]}
        case DataKind.DICHOTOMOUS:
            made["METHOD"] = _word(METHODS, outcome.method)
            made["SWAP_EVENTS"] = yes_no(outcome.swap_events)
            made["EFFECT_MEASURE"] = _word(MEASURES[outcome.kind], outcome.measure)
        case DataKind.CONTINUOUS:
            made["UNITS"] = outcome.units
            made["EFFECT_MEASURE"] = _word(MEASURES[outcome.kind], outcome.measure)
        case DataKind.GENERIC:
            made["LOG_DATA"] = yes_no(outcome.measure == "GENLOG")
            made["SHOW_PARTICIPANTS"] = yes_no(outcome.show_participants)
        case DataKind.O_E:
            pass
    return {name: value for name, value in made.items() if value or name == "UNITS"}


def _subgroup(kind: Kind, group: SubgroupItem) -> Node:
    made = node(f"{kind.prefix}_SUBGROUP", key=group.id, ID=group.id, NO=group.number)
    made.attributes |= _numbers(kind.results, group.stored, _optional(kind) | _OF_DIFFERENCES)
    if estimable := _estimable(group.estimable):
        made.attributes["ESTIMABLE"] = estimable
    made.children = [leaf("NAME", group.name), *(_row(kind, row) for row in group.rows)]
    return made


def _row(kind: Kind, row: DataRow) -> Node:
    made = node(f"{kind.prefix}_DATA", key=row.study_id, STUDY_ID=row.study_id)
    made.attributes |= _numbers(kind.data, row.data) | _numbers(kind.row_results, row.stored, _optional(kind))
    given = {"ESTIMABLE": _estimable(row.estimable), "ORDER": row.order}
    made.attributes |= {name: value for name, value in given.items() if value}
    made.children = [leaf(CELL, text) for text in row.texts]
    if row.footnote:
        made.children.append(leaf("FOOTNOTE", row.footnote))
    return made


def _optional(kind: Kind) -> frozenset[str]:
    """Results that are written where there are any, and not as empty otherwise."""
    if kind.kind is DataKind.CONTINUOUS:
        return _LOGARITHMS
    return frozenset({"O_E", "VAR"}) if kind.kind is DataKind.O_E else frozenset()


def _numbers(names: tuple[str, ...], numbers: Numbers, optional: frozenset[str] = frozenset()) -> dict[str, str]:
    made = {name: (count if name in _COUNTED else decimal)(numbers.get(name.lower())) for name in names}
    return {name: value for name, value in made.items() if value or name not in optional}


def _estimable(value: bool | None) -> str:
    return "" if value is None else yes_no(value)


def _word(words: Mapping[str, object], meant: object) -> str:
    """The file's word: the first of those that mean the same."""
    return next((word for word, meaning in words.items() if meaning == meant), "")
