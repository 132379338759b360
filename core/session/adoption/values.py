"""The numbers of a review file as settled values of the extraction: outcomes, arms, populations and results.

Analyses share a place of the extraction where they hold the same numbers of the same study, outcome and arms. Numbers
that differ get a place of their own, so that none is overwritten: told apart by the subgroup where the study stands in
the analysis more than once, else by the number of the analysis.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from core import pooling
from core.extraction.compare import Value
from core.extraction.statistics import CONTRAST_MEASURES
from core.interchange.model import DataKind, DataRow, Outcome, ReviewFile
from core.model import ArmRole, Id, OutcomeKind, Period, ValueKind
from core.session.adoption.rows import Rows
from core.store.queries.synthesis import RowPlaces

EXPERIMENTAL, CONTROL, CONTRAST = "experimental", "control", "contrast"

_SUMS: Final = {"total_1": "total_1", "total_2": "total_2"}
_UNKNOWN_AS_ZERO: Final = (*_SUMS, "se", "var")
"""Numbers of an effect that RevMan writes as 0 where nobody has entered them: such a row is not estimable there."""
STATISTICS: Final[Mapping[DataKind, Mapping[str, Mapping[str, str]]]] = {
    DataKind.DICHOTOMOUS: {
        EXPERIMENTAL: {"events": "events_1", "total": "total_1"},
        CONTROL: {"events": "events_2", "total": "total_2"},
    },
    DataKind.CONTINUOUS: {
        EXPERIMENTAL: {"mean": "mean_1", "sd": "sd_1", "total": "total_1"},
        CONTROL: {"mean": "mean_2", "sd": "sd_2", "total": "total_2"},
    },
    DataKind.GENERIC: {CONTRAST: {"effect": "estimate", "log_effect": "estimate", "se": "se", **_SUMS}},
    DataKind.O_E: {
        CONTRAST: {"o_e": "o_e", "variance": "var", "events_1": "events_1", "events_2": "events_2", **_SUMS},
    },
    DataKind.OTHER: {CONTRAST: {}},
}
"""Side of a row -> statistic of the extraction -> number of the file's row, by kind of data."""
_LABELS: Final[Mapping[str, str]] = {
    "mean difference": "MD",
    "standardised mean difference": "SMD",
    "standardized mean difference": "SMD",
    "std. mean difference": "SMD",
    "risk difference": "RD",
    "odds ratio": "OR",
    "risk ratio": "RR",
    "relative risk": "RR",
    "hazard ratio": "HR",
    "rate ratio": "IRR",
    "incidence rate ratio": "IRR",
    "ratio of means": "ROM",
}
"""Names of generic effects as people write them -> measures in which a contrast may be reported."""


@dataclass(slots=True)
class _Place:
    """A place of the extraction: the results of one study in one outcome, population and time point, by arm."""

    results: dict[str, tuple[Id, Mapping[str, Value]]] = field(
        default_factory=dict[str, tuple[Id, Mapping[str, Value]]]
    )
    analyses: set[str] = field(default_factory=set[str])


class Values:
    """Lays the rows of all analyses out in the extraction, one analysis after the other."""

    def __init__(self, rows: Rows, file: ReviewFile, studies: Mapping[str, Id]) -> None:
        self._rows = rows
        self._studies = studies
        self._roles = _roles(file)
        self._numbers = {
            outcome.id: f"{n}.{m}"
            for n, comparison in enumerate(file.comparisons, start=1)
            for m, outcome in enumerate(comparison.outcomes, start=1)
        }
        self._places: dict[tuple[str, str, str, str], _Place] = {}
        self._positions: Counter[tuple[str, str]] = Counter()

    def outcome(self, outcome: Outcome) -> Id:
        """The outcome of the protocol that an analysis is of: one for each name and kind of data."""
        row_id = self._rows.id("outcome", _outcome_key(outcome))
        label, unit = outcome.name.strip() or outcome.id, outcome.units.strip()
        position = self._rows.count("outcome") + 1
        return self._rows.put("outcome", row_id, label=label, kind=outcome.kind.value, unit=unit, position=position)

    def places(self, outcome: Outcome, row: DataRow, subgroup: str, *, repeated: bool) -> RowPlaces:
        """Where the numbers of a row stand; ``repeated`` when its study has several rows in the analysis."""
        sides = dict(self._sides(outcome, row))
        place, population, time_point = self._place_for(outcome, row.study_id, sides, subgroup if repeated else "")
        place.analyses.add(outcome.id)
        found: dict[str, Id] = {}
        for side, (arm, values) in sides.items():
            if arm not in place.results:
                result_id = self._put_result(outcome, row.study_id, side, arm, population, time_point)
                self._settle(row.study_id, result_id, values)
                place.results[arm] = result_id, values
            found[f"{side}_id"] = place.results[arm][0]
        return RowPlaces(self._studies[row.study_id], **found)

    def _place_for(
        self, outcome: Outcome, study: str, sides: Mapping[str, tuple[str, Mapping[str, Value]]], population: str
    ) -> tuple[_Place, str, str]:
        """The plainest place that holds nothing else for these arms, with its population and time point."""
        for told in _candidates(self._numbers[outcome.id], population):
            place = self._places.setdefault((study, _outcome_key(outcome), *told), _Place())
            free = outcome.id not in place.analyses
            if free and all(arm not in place.results or place.results[arm][1] == v for arm, v in sides.values()):
                return place, *told
        raise AssertionError("there is always another place")

    def _sides(self, outcome: Outcome, row: DataRow) -> Iterator[tuple[str, tuple[str, Mapping[str, Value]]]]:
        """Side of the row -> name of its arm (of a contrast what it reports) and its values."""
        arms: dict[str, str] = dict(zip((EXPERIMENTAL, CONTROL), side_names(outcome), strict=True))
        reported = effect_measure(outcome)
        skipped = "effect" if reported and CONTRAST_MEASURES[reported].ratio else "log_effect"
        for side, statistics in STATISTICS[outcome.kind].items():
            values = {
                statistic: Value(number)
                for statistic, name in statistics.items()
                if statistic != skipped
                and (number := row.data.get(name)) is not None
                and not (side == CONTRAST and number == 0 and name in _UNKNOWN_AS_ZERO)
            }
            if outcome.kind is DataKind.OTHER:
                texts = enumerate(row.texts, start=1)
                values = {f"text_{n}": Value(text=text.strip()) for n, text in texts if text.strip()}
            yield side, (arms.get(side, reported), values)

    def _put_result(
        self, outcome: Outcome, study: str, side: str, arm: str, population: str, time_point: str
    ) -> Id:  # fmt: skip
        key = _outcome_key(outcome)
        self._positions[study, "result"] += 1
        return self._rows.put(
            "result",
            self._rows.id("result", study, key, population, time_point, arm),
            study_id=self._studies[study],
            outcome_id=self._rows.id("outcome", key),
            arm_id=self._put_arm(study, arm) if side != CONTRAST else None,
            population_id=self._put_population(study, population) if population else None,
            time_point=time_point,
            period=Period.ONLY.value,
            kind=_value_kind(outcome, side).value,
            effect_measure=effect_measure(outcome) if side == CONTRAST else "",
            position=self._positions[study, "result"],
        )

    def _put_arm(self, study: str, name: str) -> Id:
        arm_id = self._rows.id("arm", study, name)
        position = self._positions[study, "arm"] + 1
        role = self._roles.get(name, ArmRole.OTHER)
        before = self._rows.count("arm")
        self._rows.put("arm", arm_id, study_id=self._studies[study], label=name, role=role.value, position=position)
        self._positions[study, "arm"] += self._rows.count("arm") - before
        return arm_id

    def _put_population(self, study: str, name: str) -> Id:
        population_id = self._rows.id("population", study, name)
        position = self._positions[study, "population"] + 1
        before = self._rows.count("population")
        self._rows.put("population", population_id, study_id=self._studies[study], label=name, position=position)
        self._positions[study, "population"] += self._rows.count("population") - before
        return population_id

    def _settle(self, study: str, result_id: Id, values: Mapping[str, Value]) -> None:
        for statistic, value in values.items():
            self._rows.settle(self._studies[study], result_id, statistic, value)


def side_names(outcome: Outcome) -> tuple[str, str]:
    """The names of the two sides as arms; never empty, and never the same."""
    first, second = (label.strip() for label in outcome.group_labels)
    first, second = first or "Experimental", second or "Control"
    return (first, second) if first != second else (f"{first} (experimental)", f"{second} (control)")


def effect_measure(outcome: Outcome) -> str:
    """What the contrasts of an analysis report; empty for texts."""
    if outcome.kind is DataKind.GENERIC:
        named = _LABELS.get(outcome.effect_label.strip().casefold(), outcome.measure)
        # A name that does not go with the scale of the numbers is only a name.
        log_scale = pooling.measure(outcome.measure).log_scale
        return named if CONTRAST_MEASURES[named].ratio == log_scale else outcome.measure
    return "O-E" if outcome.kind is DataKind.O_E else ""


def _value_kind(outcome: Outcome, side: str) -> ValueKind:
    """What the numbers of a side measure: the same as where results are entered by hand."""
    if side == CONTRAST:
        return ValueKind.DIFFERENCE
    return ValueKind.RESPONDER if outcome.kind is DataKind.DICHOTOMOUS else ValueKind.POST


def _outcome_key(outcome: Outcome) -> str:
    kind = OutcomeKind(outcome.kind.value).value
    return f"{kind}:{outcome.name.strip().casefold() or outcome.id}"


def _candidates(number: str, population: str) -> Iterator[tuple[str, str]]:
    """Population and time point under which a row of the analysis with this number may stand, the plainest first."""
    population = population.strip()
    yield population, ""
    yield population, f"Analysis {number}"
    again = 2
    while True:
        yield population, f"Analysis {number}, {again}"
        again += 1


def _roles(file: ReviewFile) -> dict[str, ArmRole]:
    """The side on which an arm of this name stands; `ArmRole.OTHER` when it stands on both in different analyses."""
    sides: dict[str, set[ArmRole]] = {}
    for outcome in file.outcomes:
        for name, role in zip(side_names(outcome), (ArmRole.EXPERIMENTAL, ArmRole.CONTROL), strict=True):
            sides.setdefault(name, set()).add(role)
    return {name: next(iter(roles)) if len(roles) == 1 else ArmRole.OTHER for name, roles in sides.items()}
