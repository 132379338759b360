"""What tables of studies say, line by line, gathered into a review: studies, arms, results, risk of bias.

Results come in three kinds: of both groups at once, of one arm (paired here into comparisons), or of an arm against a
reference. Every other arm is compared with the control: the arm that is called one, else the last of the study.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from core.interchange import words
from core.interchange.model import (
    Characteristic,
    ComparisonItem,
    DataKind,
    DataRow,
    Identifier,
    Outcome,
    Remark,
    ReviewFile,
    RobItem,
    RobJudgement,
    RobLevel,
    StudyItem,
    SubgroupItem,
)
from core.language import Phrase, phrase
from core.model import StudyStatus

_CONTROL = re.compile(
    r"\b(?:control|controls|placebo|sham|comparator|comparison|usual care|standard care|standard of care|no treatment|"
    r"no intervention|wait(?:ing)?[ -]?list|vehicle|kontrolle|plazebo)\b",
    re.IGNORECASE,
)
_USUAL: Final = {
    DataKind.DICHOTOMOUS: ("RR", "MH"),
    DataKind.CONTINUOUS: ("MD", "IV"),
    DataKind.GENERIC: ("GEN", "IV"),
}
_LEVELS: Final = {"low": RobLevel.LOW, "unclear": RobLevel.UNCLEAR, "high": RobLevel.HIGH}


@dataclass(frozen=True, slots=True)
class Result:
    """One line of results. ``where`` is its place in the file.

    ``numbers`` are those of `model.Numbers`: of both groups (events_1 ... , estimate, se), or with ``arm`` of that arm
    alone (events, total, mean, sd), or with ``reference`` of the arm against that one (estimate, se). ``measure`` is a
    measure of `core.interchange.words` or empty, GENLOG for a logarithm; ``label`` names a generic effect.
    """

    where: str
    study: str
    outcome: str
    numbers: Mapping[str, float | None]
    comparison: str = ""
    subgroup: str = ""
    time_point: str = ""
    arm: str = ""
    reference: str = ""
    groups: tuple[str, str] = ("", "")
    measure: str = ""
    label: str = ""
    footnote: str = ""


@dataclass(slots=True)
class _Study:
    name: str
    year: str = ""
    data_source: str = ""
    footnotes: str = ""
    identifiers: list[Identifier] = field(default_factory=list[Identifier])
    characteristics: list[Characteristic] = field(default_factory=list[Characteristic])
    interventions: dict[str, str] = field(default_factory=dict[str, str])


@dataclass(slots=True)
class _Analysis:
    kind: DataKind
    measure: str
    label: str
    groups: tuple[str, str]
    rows: dict[str, list[DataRow]] = field(default_factory=dict[str, list[DataRow]])


class StudyTables:
    """Gathers lines; `review_file` gives the review."""

    def __init__(self, format: str, name: str) -> None:
        self._format, self._name = format, name
        self._studies: dict[str, _Study] = {}
        self._results: list[Result] = []
        self._analyses: dict[str, dict[str, _Analysis]] = {}
        self._domains: dict[str, dict[str, RobJudgement]] = {}
        self.remarks: list[Remark] = []

    # --- gathering ---------------------------------------------------------------------------------------------------

    def study(self, name: str, *, year: str = "", data_source: str = "", footnote: str = "") -> None:
        """Name a study; what is said again replaces what was empty."""
        one = self._studies.setdefault(name, _Study(name))
        one.year, one.data_source = one.year or year, one.data_source or data_source
        one.footnotes = "\n".join(filter(None, (one.footnotes, footnote if footnote not in one.footnotes else "")))

    def identify(self, study: str, kind: str, value: str) -> None:
        """Add a number under which the study is known elsewhere."""
        self.study(study)
        identifier = Identifier(kind, value)
        if identifier not in self._studies[study].identifiers:
            self._studies[study].identifiers.append(identifier)

    def characterise(self, study: str, label: str, text: str) -> None:
        """Say something of a study, under the title of its column; the first text under a title stands."""
        self.study(study)
        known = self._studies[study].characteristics
        if text and all(one.label != label for one in known):
            known.append(Characteristic(label.strip().lower().replace(" ", "_"), label, text))

    def arm(self, study: str, arm: str, intervention: str, description: str = "") -> None:
        """Name an arm of a study and what was given in it."""
        self.study(study)
        self._studies[study].interventions[arm] = intervention or arm
        if description:
            self.characterise(study, arm, description)

    def judge(self, study: str, domain: str, word: str, support: str = "") -> None:
        """A judgement on risk of bias; "Not applicable" and the like are none."""
        self.study(study)
        bare = re.sub(r"\s*risk(?: of bias)?$", "", word.strip(), flags=re.IGNORECASE).casefold()
        if not support and bare in ("", "not applicable", "na", "n/a", "#n/a"):
            return
        level = _LEVELS.get(bare)
        judgement = RobJudgement(
            words.study_id(study), "", level, support, word="" if level or not bare else word.strip()
        )
        self._domains.setdefault(domain, {}).setdefault(study, judgement)

    def result(self, one: Result) -> None:
        """Add a line of results."""
        self.study(one.study)
        self._results.append(one)

    def remark(self, where: str, what: Phrase) -> None:
        """Tell of something that was left out."""
        self.remarks.append(Remark(where, what, kept=False))

    # --- the review --------------------------------------------------------------------------------------------------

    def review_file(self, title: str = "") -> ReviewFile:
        """All that was gathered."""
        arms: dict[tuple[str, ...], list[Result]] = {}
        for one in self._results:
            if one.arm and not one.reference:
                key = (one.study, one.comparison, one.outcome, one.subgroup, one.time_point)
                arms.setdefault(key, []).append(one)
        for one in self._results:
            if not one.arm:
                self._place(one)
            elif one.reference:
                self._place(self._against(one))
            else:
                key = (one.study, one.comparison, one.outcome, one.subgroup, one.time_point)
                self._pair(arms.pop(key, []))
        comparisons = enumerate(self._analyses.items(), start=1)
        return ReviewFile(
            format=self._format,
            file_name=self._name,
            title=title,
            studies=tuple(map(_study, self._studies.values())),
            risk_of_bias=tuple(_domain(n, name, found) for n, (name, found) in enumerate(self._domains.items(), 1)),
            comparisons=tuple(_comparison(n, name, found) for n, (name, found) in comparisons),
            remarks=tuple(self.remarks),
        )

    def _intervention(self, study: str, arm: str) -> str:
        return self._studies[study].interventions.get(arm, arm)

    def _against(self, one: Result) -> Result:
        sides = (self._intervention(one.study, one.arm), self._intervention(one.study, one.reference))
        return replace(one, comparison=one.comparison or f"{sides[0]} versus {sides[1]}", groups=sides)

    def _pair(self, arms: Sequence[Result]) -> None:
        """Compare each arm of a study's result with the control."""
        if not arms:
            return
        named = [(one, f"{one.arm} {self._intervention(one.study, one.arm)}") for one in arms]
        controls = [one for one, name in named if _CONTROL.search(name)]
        control = controls[0] if controls else arms[-1]
        if len(arms) < 2:
            what = phrase("“{study}” has one arm only in “{outcome}”, so nothing can be compared. It was left out.",
                          study=control.study, outcome=control.outcome)  # fmt: skip
            self.remark(control.where, what)
            return
        for one in arms:
            if one is control:
                continue
            first = {f"{name}_1": value for name, value in one.numbers.items()}
            second = {f"{name}_2": value for name, value in control.numbers.items()}
            footnote = "\n".join(dict.fromkeys(filter(None, (one.footnote, control.footnote))))
            paired = replace(one, reference=control.arm, numbers=first | second, footnote=footnote)
            self._place(self._against(paired))

    def _place(self, one: Result) -> None:
        """Add the line to its analysis."""
        numbers = {name: value for name, value in one.numbers.items() if value is not None}
        kind = _kind(numbers)
        if kind is None:
            what = phrase("“{study}” has no complete data for “{outcome}”. The line was left out.", study=one.study,
                          outcome=one.outcome)  # fmt: skip
            self.remark(one.where, what)
            return
        usual = _USUAL[kind][0]
        if not _is_possible(numbers):
            what = phrase(
                "“{study}” has numbers in “{outcome}” that cannot be (below zero, more events than people, or a "
                "standard error of zero). The line was left out.",
                study=one.study,
                outcome=one.outcome,
            )
            self.remark(one.where, what)
            return
        fitting = bool(one.measure) and (one.measure in ("GEN", "GENLOG")) == (kind is DataKind.GENERIC)
        measure = one.measure if fitting else usual
        name = f"{one.outcome} ({one.time_point})" if one.time_point else one.outcome
        found = self._analyses.setdefault(one.comparison, {})
        analysis = found.setdefault(name, _Analysis(kind, measure, one.label, one.groups))
        if (analysis.kind, analysis.measure, analysis.label) != (kind, measure, one.label):
            # A generic estimate beside counts, or a ratio beside a difference, is an analysis of its own.
            analysis = found.setdefault(
                f"{name}: {one.label or measure}", _Analysis(kind, measure, one.label, one.groups)
            )
        rows = analysis.rows.setdefault(one.subgroup, [])
        id = words.study_id(one.study)
        if any(row.study_id == id for row in rows):
            what = phrase(
                "“{study}” stands twice in “{outcome}”, and nothing tells the two apart (time point, subgroup, arm). "
                "The second was left out.",
                study=one.study,
                outcome=name,
            )
            self.remark(one.where, what)
            return
        data = {name: numbers.get(name) for name in words.DATA_OF[kind]}
        rows.append(DataRow(id, data, footnote=one.footnote))


def _kind(numbers: Mapping[str, float]) -> DataKind | None:
    for kind, needed in (
        (DataKind.GENERIC, ("estimate", "se")),
        (DataKind.DICHOTOMOUS, ("events_1", "total_1", "events_2", "total_2")),
        (DataKind.CONTINUOUS, ("mean_1", "sd_1", "total_1", "mean_2", "sd_2", "total_2")),
    ):
        if all(name in numbers for name in needed):
            return kind
    return None


def _is_possible(numbers: Mapping[str, float]) -> bool:
    if any(value < 0 for name, value in numbers.items() if name.startswith(("events", "total", "sd"))):
        return False
    sides = [(numbers.get(f"events_{n}"), numbers.get(f"total_{n}")) for n in (1, 2)]
    if any(events is not None and total is not None and events > total for events, total in sides):
        return False
    return numbers.get("se", 1.0) > 0


def _study(one: _Study) -> StudyItem:
    return StudyItem(
        words.study_id(one.name),
        one.name,
        StudyStatus.INCLUDED,
        one.year,
        one.data_source,
        identifiers=tuple(one.identifiers),
        characteristics=tuple(one.characteristics),
        footnotes=one.footnotes,
    )


def _domain(number: int, name: str, found: Mapping[str, RobJudgement]) -> RobItem:
    return RobItem(f"QIT-{number:02}", str(number), name, judgements=tuple(found.values()))


def _comparison(number: int, name: str, found: Mapping[str, _Analysis]) -> ComparisonItem:
    outcomes = tuple(_outcome(str(number), n, title, one) for n, (title, one) in enumerate(found.items(), start=1))
    return ComparisonItem(words.comparison_id(str(number)), str(number), name, outcomes)


def _outcome(comparison: str, number: int, name: str, one: _Analysis) -> Outcome:
    id = words.outcome_id(comparison, str(number))
    groups = enumerate(((title, rows) for title, rows in one.rows.items() if title), start=1)
    subgroups = tuple(SubgroupItem(words.subgroup_id(id, str(n)), str(n), title, tuple(r)) for n, (title, r) in groups)
    return Outcome(
        id=id,
        number=str(number),
        name=name,
        kind=one.kind,
        measure=one.measure,
        method=_USUAL[one.kind][1] if one.measure != "PETO" else "Peto",
        model="random" if one.measure != "PETO" else "common",
        tau2="DL" if one.measure != "PETO" else "",
        effect_label=one.label,
        group_labels=one.groups,
        has_subgroups=bool(subgroups),
        rows=tuple(one.rows.get("", ())),
        subgroups=subgroups,
    )


RATIO_WORDS: Final = {
    "or": "Odds Ratio",
    "oddsratio": "Odds Ratio",
    "rr": "Risk Ratio",
    "riskratio": "Risk Ratio",
    "relativerisk": "Risk Ratio",
    "hr": "Hazard Ratio",
    "hazardratio": "Hazard Ratio",
    "irr": "Rate Ratio",
    "rateratio": "Rate Ratio",
    "incidencerateratio": "Rate Ratio",
    "petoor": "Peto Odds Ratio",
    "petooddsratio": "Peto Odds Ratio",
    "rom": "Ratio of Means",
    "ratioofmeans": "Ratio of Means",
}
"""Names of effects that are ratios, by their key: pooled as logarithms."""

DIFFERENCE_WORDS: Final = {
    "rd": "Risk Difference",
    "riskdifference": "Risk Difference",
    "md": "Mean Difference",
    "meandifference": "Mean Difference",
    "smd": "Std. Mean Difference",
    "stdmeandifference": "Std. Mean Difference",
    "standardisedmeandifference": "Std. Mean Difference",
    "standardizedmeandifference": "Std. Mean Difference",
}
"""Names of effects that are differences, by their key."""
