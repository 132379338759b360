"""Comparisons and analyses, with the settled values their rows stand on. Settled values are open to the whole team."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, and_, func, select

from core.errors import InputError
from core.extraction.statistics import ARM_STATISTICS
from core.model import ArmRole, Id, OutcomeKind, StudyStatus
from core.store.queries import own_tools, team
from core.store.schema import (
    STATE_TABLES,
    analysis,
    analysis_row,
    arm,
    comparison,
    consensus,
    judgement_consensus,
    measurement,
    outcome,
    overlap,
    override,
    population,
    result,
    study,
    subgroup,
)
from core.synthesis.model import AnalysisData, Look, Overlap, Override, Row, Source, Study, Subgroup, Value
from core.synthesis.settings import Settings


@dataclass(frozen=True, slots=True)
class SubgroupView:
    """A subgroup in the tree; ``studies`` counts the studies in its rows."""

    id: Id
    number: str
    label: str
    studies: int


@dataclass(frozen=True, slots=True)
class AnalysisView:
    """An analysis in the tree. ``number`` is its place, such as 1.2; ``studies`` counts the studies in its rows."""

    id: Id
    number: str
    label: str
    outcome_id: Id | None
    kind: OutcomeKind
    measure: str
    method: str
    model: str
    studies: int
    subgroups: tuple[SubgroupView, ...]


@dataclass(frozen=True, slots=True)
class ComparisonView:
    """A comparison in the tree with its analyses; ``experimental`` and ``control`` name the arms in figures."""

    id: Id
    number: str
    label: str
    experimental: str
    control: str
    analyses: tuple[AnalysisView, ...]


@dataclass(frozen=True, slots=True)
class RowPlaces:
    """What a row of an analysis is made of: two arms, or one contrast, of a study."""

    study_id: Id
    experimental_id: Id | None = None
    control_id: Id | None = None
    contrast_id: Id | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """A row that an analysis could have. ``settled``: whether all its values are; ``used``: whether it has it."""

    places: RowPlaces
    study: str
    detail: str
    settled: bool
    used: bool


def _live(connection: Connection, table: Table, *where: Any):
    order = (table.c.position, table.c.id) if "position" in table.c else (table.c.id,)
    return connection.execute(select(table).where(table.c.deleted.is_(False), *where).order_by(*order)).all()


def tree(connection: Connection) -> tuple[ComparisonView, ...]:
    """All comparisons with their analyses and subgroups, numbered by their places."""
    counts = _study_counts(connection)
    subgroups: dict[Id, list[Any]] = defaultdict(list)
    for r in _live(connection, subgroup):
        subgroups[r.analysis_id].append(r)
    analyses: dict[Id, list[Any]] = defaultdict(list)
    for r in _live(connection, analysis):
        analyses[r.comparison_id].append(r)
    return tuple(
        ComparisonView(
            c.id,
            str(n),
            c.label,
            c.experimental,
            c.control,
            tuple(
                _analysis_view(a, f"{n}.{m}", subgroups[a.id], counts) for m, a in enumerate(analyses[c.id], start=1)
            ),
        )
        for n, c in enumerate(_live(connection, comparison), start=1)
    )


def _analysis_view(a: Any, number: str, groups: list[Any], counts: Mapping[tuple[Id, Id | None], int]) -> AnalysisView:
    views = tuple(
        SubgroupView(g.id, f"{number}.{n}", g.label, counts.get((a.id, g.id), 0)) for n, g in enumerate(groups, start=1)
    )
    return AnalysisView(
        a.id, number, a.label, a.outcome_id, OutcomeKind(a.kind), a.measure, a.method, a.model,
        counts.get((a.id, None), 0), views,
    )  # fmt: skip


def _study_counts(connection: Connection) -> dict[tuple[Id, Id | None], int]:
    """Studies by (analysis, subgroup); (analysis, None) counts those of the whole analysis."""
    row = analysis_row.c
    found: dict[tuple[Id, Id | None], int] = {}
    whole = select(row.analysis_id, func.count(func.distinct(row.study_id))).where(row.deleted.is_(False))
    for analysis_id, number in connection.execute(whole.group_by(row.analysis_id)):
        found[analysis_id, None] = number
    parts = select(row.analysis_id, row.subgroup_id, func.count(func.distinct(row.study_id)))
    parts = parts.where(row.deleted.is_(False), row.subgroup_id.is_not(None))
    for analysis_id, subgroup_id, number in connection.execute(parts.group_by(row.analysis_id, row.subgroup_id)):
        found[analysis_id, subgroup_id] = number
    return found


def ids_of(connection: Connection, table: str, **of: Id) -> list[Id]:
    """Ids of the live rows of a table in their order, of those whose columns hold these ids."""
    source = STATE_TABLES[table]
    return [r.id for r in _live(connection, source, *(source.c[name] == value for name, value in of.items()))]


def contrasts_of(connection: Connection, outcome_id: Id) -> tuple[Source, ...]:
    """The effects that studies report of an outcome."""
    rows = _live(connection, result, result.c.outcome_id == outcome_id, result.c.arm_id.is_(None))
    return tuple(source_results(connection, [r.id for r in rows]).values())


# --- one analysis ----------------------------------------------------------------------------------------------------


def gone() -> InputError:
    """The refusal for an analysis that is not there (any more)."""
    return InputError("analysis.gone", "This analysis is no longer in the review. Choose another one.")


def analysis_data(connection: Connection, analysis_id: Id) -> AnalysisData:
    """Everything about an analysis, frozen; InputError when it has been removed."""
    found = (
        connection.execute(
            select(
                analysis,
                comparison.c.label.label("comparison"),
                comparison.c.experimental.label("left_side"),
                comparison.c.control.label("right_side"),
            )
            .join(comparison, comparison.c.id == analysis.c.comparison_id)
            .where(analysis.c.id == analysis_id, analysis.c.deleted.is_(False), comparison.c.deleted.is_(False))
        )
        .mappings()
        .first()
    )
    if found is None:
        raise gone()
    row = {str(name): value for name, value in found.items()}
    number = _number_of(connection, row["comparison_id"], analysis_id)
    groups = tuple(
        Subgroup(g.id, f"{number}.{n}", g.label)
        for n, g in enumerate(_live(connection, subgroup, subgroup.c.analysis_id == analysis_id), start=1)
    )
    tool = team.protocol(connection).risk_of_bias_tool
    rows = _rows(connection, analysis_id, groups, tool, row["outcome_group"])
    return AnalysisData(
        analysis_id, number, row["label"], row["comparison"], row["experimental"] or row["left_side"],
        row["control"] or row["right_side"], row["outcome_id"],
        settings_of(row), row["better"], look_of(row), row["footnote"], row["notice"], groups, rows,
        _overlaps(connection, {r.study.id for r in rows}), own_tools.readable(connection, tool),
        (row["left_side"], row["right_side"]), _outcome_groups(connection, tool),
    )  # fmt: skip


def settings_of(row: Mapping[str, Any]) -> Settings:
    """The settings in a row of the table of analyses."""
    # O - E was once a measure of generic effects.
    kind = OutcomeKind.O_E if row["measure"] == "O-E" else OutcomeKind(row["kind"])
    return Settings(
        kind, row["measure"], row["method"], row["model"], row["tau2"], row["ci"], row["pi"],
        row["compatibility"], row["level"], row["study_level"], row["swap_events"],
    )  # fmt: skip


def look_of(row: Mapping[str, Any]) -> Look:
    """How the analysis in a row of the table is drawn."""
    return Look(
        row["subgroup_test"], row["show_total"], row["show_weights"], row["show_events"], row["show_risk_of_bias"],
        row["axis_lower"], row["axis_upper"], row["favours_left"], row["favours_right"], row["show_subtotals"],
        row["experimental"], row["control"], row["effect_label"], row["outcome_group"], tuple(row["columns"]),
    )  # fmt: skip


def _number_of(connection: Connection, comparison_id: Id, analysis_id: Id) -> str:
    first = ids_of(connection, "comparison").index(comparison_id) + 1
    second = ids_of(connection, "analysis", comparison_id=comparison_id).index(analysis_id) + 1
    return f"{first}.{second}"


def _rows(
    connection: Connection, analysis_id: Id, groups: tuple[Subgroup, ...], tool: str, outcome_group: str
) -> tuple[Row, ...]:
    place = {group.id: n for n, group in enumerate(groups)}
    statement = (
        select(analysis_row, study.c.label, study.c.design, study.c.notice)
        .join(study, study.c.id == analysis_row.c.study_id)
        .where(analysis_row.c.analysis_id == analysis_id, analysis_row.c.deleted.is_(False), study.c.deleted.is_(False))
        .order_by(analysis_row.c.position, analysis_row.c.id)
    )
    found = connection.execute(statement).all()
    sources = source_results(connection, [i for r in found for i in (r.experimental_id, r.control_id, r.contrast_id)])
    typed_over = _overrides(connection, [r.id for r in found])
    levels = _levels(connection, {r.study_id for r in found}, tool, outcome_group)
    rows = [
        Row(
            r.id, Study(r.study_id, r.label, r.design, r.notice), r.subgroup_id if r.subgroup_id in place else None,
            sources.get(r.experimental_id), sources.get(r.control_id), sources.get(r.contrast_id), r.footnote,
            typed_over.get(r.id, {}), levels.get(r.study_id, {}),
        )
        for r in found
    ]  # fmt: skip
    return tuple(sorted(rows, key=lambda row: place.get(row.subgroup_id or b"", -1)))


def source_results(connection: Connection, ids: Iterable[Id | None]) -> dict[Id, Source]:
    """The places of extraction with these ids, with their settled values."""
    wanted = {i for i in ids if i is not None}
    values: dict[Id, dict[str, Value]] = defaultdict(dict)
    for r in _live(connection, consensus, consensus.c.subject_id.in_(wanted)):
        values[r.subject_id][r.field] = Value(
            r.id, None if r.not_reported else r.number, r.status, r.source, "" if r.not_reported else r.text
        )
    statement = (
        select(
            result, arm.c.label.label("arm"), population.c.label.label("population"), measurement.c.instrument,
            measurement.c.better, measurement.c.definition, outcome.c.label.label("outcome"),
            outcome.c.better.label("outcome_better"),
        )
        .join(outcome, outcome.c.id == result.c.outcome_id)
        .join(arm, arm.c.id == result.c.arm_id, isouter=True)
        .join(population, population.c.id == result.c.population_id, isouter=True)
        .join(measurement, measurement.c.id == result.c.measurement_id, isouter=True)
        .where(result.c.id.in_(wanted), result.c.deleted.is_(False))
    )  # fmt: skip
    return {
        r.id: Source(
            r.id, r.arm or "", r.population or "", r.instrument or "", r.better or "", r.definition or "", r.outcome,
            r.outcome_better, r.time_point, r.period, r.kind, r.effect_measure, r.notice, values.get(r.id, {}),
        )
        for r in connection.execute(statement)
    }  # fmt: skip


def _overrides(connection: Connection, row_ids: list[Id]) -> dict[Id, dict[str, Override]]:
    found: dict[Id, dict[str, Override]] = defaultdict(dict)
    for r in _live(connection, override, override.c.row_id.in_(row_ids)):
        found[r.row_id][r.cell] = Override(r.number, r.reason, r.reviewer_id, r.entered_at)
    return found


def _levels(connection: Connection, study_ids: set[Id], tool: str, group: str) -> dict[Id, dict[str, str]]:
    """The settled levels by study and domain; of a domain judged by group of outcomes that of the analysis' group, else
    the one that stands for all. Without a group of its own it takes what all groups agree on."""
    found: dict[Id, dict[str, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    assessed = select(study.c.id).where(study.c.id.in_(study_ids), study.c.risk_of_bias_applies)
    where = (judgement_consensus.c.study_id.in_(assessed), judgement_consensus.c.tool == tool)
    for r in _live(connection, judgement_consensus, *where):
        found[r.study_id][r.domain][r.outcome_group] = r.level
    return {
        study_id: {
            domain: level for domain, by_group in domains.items() if (level := _level(by_group, group)) is not None
        }
        for study_id, domains in found.items()
    }


def _level(by_group: Mapping[str, str], group: str) -> str | None:
    for name in (group, ""):
        if name in by_group:
            return by_group[name]
    agreed = set(by_group.values())
    return agreed.pop() if not group and len(agreed) == 1 else None


def _outcome_groups(connection: Connection, tool: str) -> tuple[str, ...]:
    """The groups of outcomes that settled judgements with this tool tell apart."""
    row = judgement_consensus.c
    where = (row.tool == tool, row.outcome_group != "", row.deleted.is_(False))
    return tuple(
        connection.execute(select(row.outcome_group).where(*where).distinct().order_by(row.outcome_group)).scalars()
    )


def _overlaps(connection: Connection, study_ids: set[Id]) -> tuple[Overlap, ...]:
    where = (overlap.c.study_id.in_(study_ids), overlap.c.other_id.in_(study_ids))
    return tuple(Overlap(r.study_id, r.other_id, r.note) for r in _live(connection, overlap, *where))


# --- rows an analysis could have -------------------------------------------------------------------------------------


def proposals(connection: Connection, analysis_id: Id) -> tuple[Proposal, ...]:
    """The rows that the extraction offers to an analysis: of included studies with results of its outcome, each
    experimental arm against each control arm of the same population, measurement, time point, period and kind; or each
    contrast or text, where the kind of data has no arms."""
    found = connection.execute(
        select(analysis).where(analysis.c.id == analysis_id, analysis.c.deleted.is_(False))
    ).first()
    if found is None:
        raise gone()
    if found.outcome_id is None:
        return ()
    statement = (
        select(result, study.c.label.label("study"), arm.c.role, arm.c.label.label("arm"), population.c.label)
        .join(study, study.c.id == result.c.study_id)
        .join(arm, and_(arm.c.id == result.c.arm_id, arm.c.deleted.is_(False)), isouter=True)
        .join(population, population.c.id == result.c.population_id, isouter=True)
        .where(
            result.c.outcome_id == found.outcome_id,
            result.c.deleted.is_(False),
            study.c.deleted.is_(False),
            study.c.status.in_((StudyStatus.INCLUDED.value, "")),
        )
        .order_by(study.c.position, study.c.id, result.c.position, result.c.id)
    )
    results = connection.execute(statement).all()
    kind = OutcomeKind(found.kind)
    pairs = _pairs(results) if kind in ARM_STATISTICS else _contrasts(results)
    return _described(connection, analysis_id, pairs, kind)


def _contrasts(results: Iterable[Any]) -> list[tuple[RowPlaces, Any, str]]:
    return [(RowPlaces(r.study_id, contrast_id=r.id), r, "") for r in results if r.arm_id is None]


def _pairs(results: Iterable[Any]) -> list[tuple[RowPlaces, Any, str]]:
    """Each experimental arm with each control arm; the names of the arms tell rows apart where there are several."""
    places: dict[tuple[Any, ...], list[Any]] = defaultdict(list)
    for r in results:
        if r.arm_id is not None:
            key = (r.study_id, r.population_id, r.measurement_id, r.time_point, r.period, r.kind)
            places[key].append(r)
    found: list[tuple[RowPlaces, Any, str]] = []
    for members in places.values():
        experimental = [r for r in members if r.role == ArmRole.EXPERIMENTAL]
        control = [r for r in members if r.role == ArmRole.CONTROL]
        several = len(experimental) * len(control) > 1
        found += [
            (RowPlaces(e.study_id, e.id, c.id), e, f"{e.arm} v {c.arm}" if several else "")
            for e in experimental
            for c in control
        ]
    return found


_NEEDED: Mapping[OutcomeKind, tuple[set[str], ...]] = {
    OutcomeKind.DICHOTOMOUS: ({"events", "total"},),
    OutcomeKind.CONTINUOUS: ({"mean", "sd", "total"},),
    OutcomeKind.GENERIC: ({"effect"}, {"log_effect"}),
    OutcomeKind.O_E: ({"o_e", "variance"},),
    OutcomeKind.OTHER: ({"text_1"},),
}
"""What must be settled of a result for an analysis of each kind: one of these."""


def _described(
    connection: Connection, analysis_id: Id, pairs: list[tuple[RowPlaces, Any, str]], kind: OutcomeKind
) -> tuple[Proposal, ...]:
    rows = _live(connection, analysis_row, analysis_row.c.analysis_id == analysis_id)
    used = {RowPlaces(r.study_id, r.experimental_id, r.control_id, r.contrast_id) for r in rows}
    ids = [i for p, _, _ in pairs for i in (p.experimental_id, p.control_id, p.contrast_id) if i is not None]
    settled: dict[Id, set[str]] = defaultdict(set)
    for r in _live(connection, consensus, consensus.c.subject_id.in_(ids)):
        settled[r.subject_id].add(r.field)
    return tuple(
        Proposal(
            places,
            r.study,
            ", ".join(part for part in (r.label, r.time_point, arms) if part),
            all(
                any(needed <= settled[i] for needed in _NEEDED[kind])
                for i in (places.experimental_id, places.control_id, places.contrast_id)
                if i is not None
            ),
            places in used,
        )
        for places, r, arms in pairs
    )
