"""Is what a file holds as results what its own numbers give? Every stored number beside the one that Copse computes.

found = verify(read_review_file(path))
found.matches, found.outcomes.agree, found.differences
"""

from __future__ import annotations

import enum
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from core.errors import CopseError, InputError
from core.interchange.model import ComparisonItem, DataKind, Outcome, ReviewFile
from core.interchange.verify_effects import Recomputed, has_effect, recomputed
from core.interchange.verify_numbers import Check, Place, What, checks
from core.interchange.verify_reasons import Reasons
from core.language import Phrase, mark, phrase

Progress = Callable[[float], None]
Cancelled = Callable[[], bool]

TITLES: Final[Mapping[str, str]] = {
    "estimable": mark("Estimable"),
    "effect_size": mark("Effect"),
    "log_effect_size": mark("Logarithm of the effect"),
    "ci_start": mark("Lower confidence limit"),
    "ci_end": mark("Upper confidence limit"),
    "log_ci_start": mark("Logarithm of the lower confidence limit"),
    "log_ci_end": mark("Logarithm of the upper confidence limit"),
    "pi_start": mark("Lower prediction limit"),
    "pi_end": mark("Upper prediction limit"),
    "se": mark("Standard error"),
    "o_e": mark("O - E"),
    "var": mark("Variance"),
    "weight": mark("Weight (%)"),
    "z": mark("Z"),
    "t": mark("T"),
    "p_z": mark("P of the effect"),
    "tau2": mark("Tau²"),
    "tau2_ci_start": mark("Lower limit of tau²"),
    "tau2_ci_end": mark("Upper limit of tau²"),
    "chi2": mark("Chi²"),
    "df": mark("Degrees of freedom"),
    "p_chi2": mark("P of heterogeneity"),
    "i2": mark("I² (%)"),
    "q": mark("Chi² of subgroup differences"),
    "p_q": mark("P of subgroup differences"),
    "i2_q": mark("I² of subgroup differences (%)"),
    "studies": mark("Studies"),
    "events_1": mark("Events, experimental group"),
    "total_1": mark("Total, experimental group"),
    "events_2": mark("Events, control group"),
    "total_2": mark("Total, control group"),
}
"""The stored numbers in words."""
_COUNTS: Final = frozenset({What.STUDIES, What.DF, What.SUMS})


class VerifyCancelled(CopseError):
    """The comparison was stopped by whoever asked for it."""


class State(enum.StrEnum):
    """How an analysis came out."""

    AGREES = "agrees"
    DIFFERS = "differs"
    UNCHECKED = "unchecked"
    """It holds results that cannot be computed again; the reason says why."""
    NOTHING = "nothing"
    """It holds no results, or texts only."""


@dataclass(frozen=True, slots=True)
class Count:
    """So many of so many."""

    agree: int = 0
    total: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(self.agree + other.agree, self.total + other.total)


@dataclass(frozen=True, slots=True)
class Where:
    """Where a number stands. What does not apply is empty: a total has no subgroup and no study."""

    outcome_id: str
    number: str
    outcome: str
    subgroup_id: str = ""
    subgroup: str = ""
    study_id: str = ""
    study: str = ""

    @property
    def text(self) -> str:
        """Such as "1.2 Response, subgroup Adults, Copse 2001"."""
        said = f"{self.number} {self.outcome}".strip()
        if self.subgroup or self.subgroup_id:
            said = phrase("{said}, subgroup {subgroup}", said=said, subgroup=self.subgroup or self.subgroup_id)
        return phrase("{said}, {study}", said=said, study=self.study) if self.study else said


@dataclass(frozen=True, slots=True)
class Difference:
    """A stored number that is not the one computed; ``stored_text`` and ``computed_text`` have as many decimals as it
    takes to see the difference. ``computed`` is None where Copse has no value. ``name`` is the number's in the file."""

    where: Where
    name: str
    what: str
    stored: float
    computed: float | None
    stored_text: str
    computed_text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Unchecked:
    """Something that could not be computed again, with the reason. ``study`` of the place is empty when it is all of
    an analysis."""

    where: Where
    reason: str


@dataclass(frozen=True, slots=True)
class AnalysisCheck:
    """One analysis of the file: how it came out, and how many of its numbers agree. ``reason`` is empty when it agrees,
    otherwise the first of its reasons."""

    where: Where
    state: State
    subgroups: Count
    rows: Count
    values: Count
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Verification:
    """What came of comparing a file's results with ours.

    ``outcomes`` counts analyses of which everything agrees: total, subtotals and rows. Analyses that could not be
    computed again count as not agreeing, those without results not at all. ``subgroups`` and ``rows`` count by their
    own numbers, ``values`` single numbers.
    """

    file_name: str
    title: str
    analyses: tuple[AnalysisCheck, ...]
    differences: tuple[Difference, ...]
    unchecked: tuple[Unchecked, ...]

    @property
    def outcomes(self) -> Count:
        told = [one.state for one in self.analyses if one.state is not State.NOTHING]
        return Count(told.count(State.AGREES), len(told))

    @property
    def subgroups(self) -> Count:
        return sum((one.subgroups for one in self.analyses), Count())

    @property
    def rows(self) -> Count:
        return sum((one.rows for one in self.analyses), Count())

    @property
    def values(self) -> Count:
        return sum((one.values for one in self.analyses), Count())

    @property
    def holds_results(self) -> bool:
        """Whether there was anything to compare."""
        return self.outcomes.total > 0

    @property
    def matches(self) -> bool:
        """Whether everything that the file holds was computed again and agrees; also when it holds nothing."""
        return self.outcomes.agree == self.outcomes.total


def verify(file: ReviewFile, progress: Progress | None = None, cancelled: Cancelled | None = None) -> Verification:
    """Compute every result that the file holds from the file's own rows and settings, and compare.

    ``progress`` is given the share done (0 to 1); when ``cancelled`` says so, ``VerifyCancelled`` is raised. Nothing in
    the file raises: what cannot be computed is listed with its reason.
    """
    names = {study.id: study.name for study in file.studies}
    listed = [(comparison, outcome) for comparison in file.comparisons for outcome in comparison.outcomes]
    some_results = any(_holds_effects(outcome) for _, outcome in listed)
    found: list[_Verified] = []
    for number, (comparison, outcome) in enumerate(listed, start=1):
        if cancelled and cancelled():
            raise VerifyCancelled(
                "verify.cancelled", "Comparing the results of {file} was stopped.", file=file.file_name
            )
        one = _Verified(comparison, outcome, names, file.decimals)
        one.run(some_results)
        found.append(one)
        if progress:
            progress(number / len(listed))
    return Verification(
        file.file_name,
        file.title,
        tuple(one.analysis() for one in found),
        tuple(difference for one in found for difference in one.differences),
        tuple(entry for one in found for entry in one.unchecked),
    )


def _holds_effects(outcome: Outcome) -> bool:
    """Whether the file holds an effect anywhere in the analysis."""
    stored = [outcome.stored, *(group.stored for group in outcome.subgroups), *(row.stored for row in outcome.all_rows)]
    return any(map(has_effect, stored))


class _Verified:
    """One analysis, while it is compared."""

    def __init__(
        self, comparison: ComparisonItem, outcome: Outcome, names: Mapping[str, str], decimals: int | None
    ) -> None:
        self.outcome, self.names, self.decimals = outcome, names, decimals
        number = outcome.number
        self.number = number if "." in number or not comparison.number else f"{comparison.number}.{number}"
        self.checks: tuple[Check, ...] = ()
        self.differences: list[Difference] = []
        self.unchecked: list[Unchecked] = []
        self.not_checked: set[Place] = set()

    def run(self, some_results: bool) -> None:
        """Compare. ``some_results``: whether the file holds results at all."""
        outcome = self.outcome
        if outcome.kind is DataKind.OTHER or not some_results:
            return
        try:
            computed = recomputed(outcome, self.names)
            found = checks(computed, self.decimals)
        except InputError as error:
            if _holds_effects(outcome):
                self.not_checked = set(_places(outcome))
                self.unchecked.append(Unchecked(self._where(), Phrase(error.text, error.params)))
            return
        missing = computed.missing()
        self.not_checked = _touched(computed, missing)
        self.unchecked += [
            Unchecked(self._where(computed.group_of[row], row), reason) for row, reason in missing.items()
        ]
        self.checks = tuple(
            check
            for check in found
            if check.place not in self.not_checked and not (missing and check.what is What.WEIGHT)
        )
        if not all(check.agrees for check in self.checks):
            self.differences = list(self._differences(computed))

    def analysis(self) -> AnalysisCheck:
        """How it came out."""
        reasons = [one.reason for one in (*self.differences, *self.unchecked)]
        if not self.checks and not self.not_checked:
            state = State.NOTHING
            texts = self.outcome.kind is DataKind.OTHER
            reasons = [mark("It holds texts only.") if texts else mark("The file holds no results of it.")]
        elif any(not check.agrees for check in self.checks):
            state = State.DIFFERS
        else:
            state = State.UNCHECKED if self.not_checked else State.AGREES
        agree = sum(check.agrees for check in self.checks)
        values = Count(agree, len(self.checks))
        return AnalysisCheck(
            self._where(), state, self._count("subgroup"), self._count("row"), values, next(iter(reasons), "")
        )

    def _count(self, unit: str) -> Count:
        agrees = {place: False for place in self.not_checked if place.unit == unit}
        for check in self.checks:
            if check.place.unit == unit:
                agrees[check.place] = agrees.get(check.place, True) and check.agrees
        return Count(sum(agrees.values()), len(agrees))

    def _where(self, group: int | None = None, row: int | None = None) -> Where:
        outcome = self.outcome
        subgroup = None if group is None else outcome.subgroups[group]
        study = "" if row is None else outcome.all_rows[row].study_id
        return Where(
            outcome.id,
            self.number,
            outcome.name,
            "" if subgroup is None else subgroup.id,
            "" if subgroup is None else subgroup.name,
            study,
            self.names.get(study, study),
        )

    def _differences(self, computed: Recomputed) -> Iterator[Difference]:
        reasons = Reasons(computed, self.checks, self.names, self.decimals).by_check()
        for check in _once(reasons):
            stored, ours = _texts(check)
            yield Difference(
                self._where(check.place.group, check.place.row),
                check.name,
                TITLES[check.name],
                check.stored,
                check.computed,
                stored,
                ours,
                reasons[check],
            )


def _places(outcome: Outcome) -> Iterator[Place]:
    yield Place("outcome", outcome.id)
    for number in range(len(outcome.subgroups)):
        yield Place("subgroup", outcome.id, number)
    groups = [None] * len(outcome.rows) + [n for n, group in enumerate(outcome.subgroups) for _ in group.rows]
    for row, group in enumerate(groups):
        yield Place("row", outcome.id, group, row)


def _touched(computed: Recomputed, rows: Iterable[int]) -> set[Place]:
    """These rows and all that they are a part of."""
    found: set[Place] = set()
    for row in rows:
        group = computed.group_of[row]
        found |= {Place("outcome", computed.outcome.id), Place("row", computed.outcome.id, group, row)}
        if group is not None:
            found.add(Place("subgroup", computed.outcome.id, group))
    return found


def _once(differing: Iterable[Check]) -> Iterator[Check]:
    """Each number once: what is shown stands for its logarithm, and for itself on the scale of pooling."""
    shown = {(check.place, check.name): check for check in differing}
    for (place, name), check in shown.items():
        if not (name.startswith("log_") and (place, name.removeprefix("log_")) in shown):
            yield check


def _texts(check: Check) -> tuple[str, str]:
    """Both numbers with as many decimals as it takes to see their difference, two at least."""
    if check.what is What.ESTIMABLE:
        words = {True: mark("estimable"), False: mark("not estimable")}
        return words[bool(check.stored)], words[bool(check.computed)]
    whole = check.what in _COUNTS and check.stored == int(check.stored)
    decimals = 0 if whole else 2
    if check.computed is None or not math.isfinite(check.computed):
        return f"{check.stored:.{decimals}f}", mark("not estimable")
    distance = abs(check.stored - check.computed)
    if 0 < distance < 1:
        decimals = max(decimals, min(15, math.ceil(-math.log10(distance))))
    return f"{check.stored:.{decimals}f}", f"{check.computed:.{decimals}f}"
