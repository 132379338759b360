"""Why a number of a file is another than ours: likely explanations, each tried out before it is given.

An explanation is given only where it turns the file's numbers into ours, or where the file contradicts itself (a row
that does not have its own stored effect, sums of other studies). Otherwise the honest answer is that there is none.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from core import pooling
from core.errors import InputError
from core.interchange.model import DataKind, DataRow, Outcome, SubgroupItem, Totals
from core.interchange.verify_effects import Recomputed, recomputed
from core.interchange.verify_numbers import LN10, SUMS, Check, Place, What, checks
from core.language import mark, phrase

NO_EXPLANATION: Final = mark("No explanation was found.")
ROUNDED: Final = mark("The number is rounded in the file.")
EDITED: Final = mark(
    "The effect that the file holds for this row does not belong to the row's numbers: they were changed after the "
    "results were computed, or the results were."
)
FEW_ENOUGH: Final = 60
"""Rows up to which leaving out each in turn is tried."""

_OWN: Final = frozenset({What.EFFECT, What.SE, What.ESTIMATE, What.LIMITS, What.O_E})
"""What a row's numbers alone decide."""
_LEVELS: Final = (0.9, 0.95, 0.99)
_EFFECT_MEASURES: Final[Mapping[DataKind, tuple[str, ...]]] = {
    DataKind.DICHOTOMOUS: ("OR", "RR", "RD"),
    DataKind.CONTINUOUS: ("MD", "SMD"),
    DataKind.GENERIC: ("GEN", "GENLOG"),
}
_OF_WEIGHTS: Final = (
    mark("The weights that the file holds are percent of the subtotal, not of the total."),
    mark("The weights that the file holds are percent of the total, not of what the file shows."),
)
_MODEL_WORDS: Final = {"common": mark("fixed effects"), "random": mark("random effects")}
_EXCHANGED: Final = {
    f"{name}_{one}": f"{name}_{other}" for name in ("events", "total", "mean", "sd") for one, other in ((1, 2), (2, 1))
}

Alternative = tuple[str, Outcome]
"""How an analysis might have been read instead, in words, and the analysis so read."""


class Reasons:
    """The reasons for the numbers of one analysis that differ. ``names`` are those of the studies by id."""

    def __init__(
        self, computed: Recomputed, found: Sequence[Check], names: Mapping[str, str], decimals: int | None = None
    ) -> None:
        self.computed = computed
        self.found = found
        self.names = names
        self.decimals = decimals
        self.rows_agree = _rows_agree(found)
        self.alternatives = list(_alternatives(computed.outcome, self.rows_agree))
        self.read: dict[int, dict[Key, Check]] = {}
        self.all_at: dict[Place, list[Check]] = {}
        self.at: dict[Place, list[Check]] = {}
        for check in found:
            self.all_at.setdefault(check.place, []).append(check)
            if not check.agrees:
                self.at.setdefault(check.place, []).append(check)
        self.edited = [place.row for place in self.at if place.row is not None and self._is_edited(place)]

    def by_check(self) -> dict[Check, str]:
        """A reason for every number that differs."""
        whole = self._alternative(self.found)
        return {check: whole or self._of_place(place, check) for place, found in self.at.items() for check in found}

    def _alternative(self, scope: Sequence[Check]) -> str | None:
        """The first other way of reading the analysis under which all of these numbers agree."""
        weights_differ = any(check.what is What.WEIGHT and not check.agrees for check in scope)
        for number, (words, outcome) in enumerate(self.alternatives):
            if words in _OF_WEIGHTS and not weights_differ:
                continue
            if number not in self.read:
                self.read[number] = _by_number(outcome, self.names, self.decimals, not self.rows_agree)
            numbers = self.read[number]
            again = [(check, numbers.get(_key(check))) for check in scope]
            if all(check.agrees if other is None else other.agrees for check, other in again):
                return words
        return None

    def _of_place(self, place: Place, check: Check) -> str:
        differing = self.at[place]
        if place.row is not None:
            return self._of_row(place.row, check)
        return (
            self._alternative(self.all_at[place])
            or self._without_one(place)
            or self._edited_rows(place)
            or _other_sums(differing)
            or self._rows_of_fault(place)
            or _rounded(check, differing)
            or NO_EXPLANATION
        )

    # --- rows --------------------------------------------------------------------------------------------------------

    def _own(self, place: Place) -> list[Check]:
        """What the row's numbers alone decide."""
        return [check for check in self.all_at[place] if check.what in _OWN]

    def _of_row(self, row: int, check: Check) -> str:
        if check.what is What.WEIGHT:
            return self._of_weight(check)
        unusable = [note.message for note in self.computed.effects.row_notes(row)]
        if check.what is What.ESTIMABLE and unusable:
            return unusable[0]
        own = self._own(check.place)
        return (
            self._alternative(own)
            or self._effect_of_another(row, own)
            or _rounded(check, [found for found in own if not found.agrees])
            or (EDITED if row in self.edited else NO_EXPLANATION)
        )

    def _of_weight(self, check: Check) -> str:
        weights = [found for found in self.found if found.what is What.WEIGHT and found.place.row is not None]
        return (
            self._alternative(weights)
            or self._weight_of_another(check, weights)
            or self._edited_rows(None)
            or _rounded(check, [check])
            or NO_EXPLANATION
        )

    def _is_edited(self, place: Place) -> bool:
        """Whether the row's numbers give another effect than the file holds for it, whatever the settings."""
        own = self._own(place)
        told = [check for check in own if not check.agrees]
        effect = any(check.what in (What.EFFECT, What.ESTIMATE) for check in told)
        return effect and self._alternative(own) is None and _rounded(told[0], told) is None

    def _effect_of_another(self, row: int, own: Sequence[Check]) -> str | None:
        """The results in this row may be those of another row."""
        shown = [check for check in own if check.what in (What.ESTIMATE, What.LIMITS) and _is_shown(check)]
        level = self.computed.outcome.ci_study
        for other in range(len(self.computed.rows)):
            display = self.computed.effects.display(other, level)
            if other == row or display is None or len(shown) < 3:
                continue
            values = {"effect_size": display.estimate, "ci_start": display.ci.low, "ci_end": display.ci.high}
            if all(replace(check, computed=values[check.name]).agrees for check in shown):
                return phrase(
                    "The results that the file holds for this row are those of {study}.", study=self._name(other)
                )
        return None

    def _weight_of_another(self, check: Check, weights: Sequence[Check]) -> str | None:
        """The weight in this row may be that of another row."""
        for other in weights if 0 < check.stored < 100 else ():
            row = other.place.row
            if row is not None and other is not check and replace(check, computed=other.computed).agrees:
                return phrase("The weight that the file holds for this row is that of {study}.", study=self._name(row))
        return None

    # --- totals and subtotals ----------------------------------------------------------------------------------------

    def _members(self, place: Place | None) -> list[int]:
        if place is None or place.group is None:
            return list(range(len(self.computed.rows)))
        return self.computed.rows_of(place.group)

    def _rows_of_fault(self, place: Place) -> str | None:
        """Rows with impossible numbers are not in our total."""
        found = [row for row in self._members(place) if row in self.computed.faults]
        return self.computed.faults[found[0]] if found else None

    def _without_one(self, place: Place) -> str | None:
        row = self._leaving_out(place)
        if row is None:
            return None
        return phrase(
            "The file's total is of other studies than its rows: it is the total without {study}.",
            study=self._name(row),
        )

    def _leaving_out(self, place: Place) -> int | None:
        """The row without which the total or subtotal agrees."""
        members = self._members(place)
        effect = [check for check in self.all_at[place] if check.what in (What.ESTIMATE, What.LIMITS)]
        shown = [check for check in effect if _is_shown(check)]
        if all(check.agrees for check in shown) or not 2 < len(members) <= FEW_ENOUGH:
            return None
        for left_out in members:
            display = self.computed.pool([row for row in members if row != left_out]).display()
            if display is None:
                continue
            values = {"effect_size": display.estimate, "ci_start": display.ci.low, "ci_end": display.ci.high}
            if all(replace(check, computed=values[check.name]).agrees for check in shown):
                return left_out
        return None

    def _edited_rows(self, place: Place | None) -> str | None:
        members = set(self._members(place))
        found = [self._name(row) for row in self.edited if row in members]
        if not found:
            return None
        return phrase(
            "The file's results are from before a row was edited: the effect that it holds for {studies} differs too.",
            studies=", ".join(found),
        )

    def _name(self, row: int) -> str:
        study = self.computed.rows[row].study_id
        return self.names.get(study, study)


def _other_sums(differing: Sequence[Check]) -> str | None:
    """Sums that are not those of the rows: the file's total is of other studies, or of other numbers."""
    told = [check for check in differing if check.what is What.STUDIES or check.name in SUMS]
    if not told:
        return None
    words = {"studies": mark("studies"), "events_1": mark("events"), "events_2": mark("events")}
    return phrase(
        "The file's total is of other studies than its rows, or of other numbers ({what} {stored} v {computed}).",
        what=words.get(told[0].name, mark("participants")),
        stored=f"{told[0].stored:g}",
        computed=f"{told[0].computed or 0:g}",
    )


Key = tuple[Place, What, str]


def _key(check: Check) -> Key:
    return check.place, check.what, check.name


def _is_shown(check: Check) -> bool:
    """Whether the number is one that people see, not its logarithm."""
    return not check.name.startswith("log_")


def _by_number(outcome: Outcome, names: Mapping[str, str], decimals: int | None, own: bool) -> dict[Key, Check]:
    """All checks of an analysis that is read in another way; none when it cannot be read so."""
    try:
        return {_key(check): check for check in checks(recomputed(outcome, names), decimals, own=own)}
    except InputError:
        return {}


def _rounded(check: Check, together: Sequence[Check]) -> str | None:
    """Whether these numbers are ours with fewer decimals; logarithms follow what is shown."""
    shown = [one for one in together if _is_shown(one)] or [check]
    return ROUNDED if all(map(_is_rounded, shown)) else None


def _is_rounded(check: Check) -> bool:
    if check.computed is None or not math.isfinite(check.computed) or check.what is What.ESTIMABLE:
        return False
    stored = check.stored / LN10 if check.name in ("log_ci_start", "log_ci_end") else check.stored
    decimals = next((n for n in range(1, 7) if math.isclose(round(stored, n), stored, rel_tol=1e-12)), None)
    if decimals is None or (decimals == 1 and abs(stored) < 10 and stored == int(stored)):
        return False
    return abs(stored - check.computed) <= 0.5 * 10.0**-decimals * (1 + 1e-9)


# --- other ways of reading an analysis --------------------------------------------------------------------------------


def _read_with(words: str) -> str:
    return phrase(
        "Copse's value agrees when the analysis is read with {words}: the file's settings and its results do not "
        "belong together.",
        words=words,
    )


def _rows_agree(found: Sequence[Check]) -> bool:
    """Whether the file holds effects of rows, and ours are the same."""
    rows = [check for check in found if check.place.row is not None and check.what in _OWN]
    return bool(rows) and all(check.agrees for check in rows)


def _alternatives(outcome: Outcome, rows_agree: bool) -> Iterator[Alternative]:
    """Other settings, one at a time, then another model together with one of the others. Where the effects of the rows
    agree, what would change them is not the reason."""
    model = replace(outcome, model=_other_model(outcome))
    model_words = _MODEL_WORDS[model.model]
    others = list(_methods(outcome))
    if not rows_agree:
        others += [*_peto(outcome), *_measures(outcome), *_counts(outcome)]
    yield _read_with(model_words), model
    for words, other in (*others, *_levels(outcome), *_web(outcome)):
        yield _read_with(words), other
    yield from _totals(outcome)
    for words, other in others:
        both = phrase("{one} and {other}", one=words, other=model_words)
        yield _read_with(both), replace(other, model=model.model)


def _other_model(outcome: Outcome) -> str:
    return "common" if outcome.model == "random" else "random"


def _methods(outcome: Outcome) -> Iterator[Alternative]:
    """Inverse variance for Mantel-Haenszel, and the reverse."""
    if outcome.kind is DataKind.DICHOTOMOUS and outcome.measure != "PETO":
        for method, words in (("MH", mark("Mantel-Haenszel's method")), ("IV", mark("inverse variance"))):
            if outcome.method != method:
                yield words, replace(outcome, method=method)


def _peto(outcome: Outcome) -> Iterator[Alternative]:
    """Peto's odds ratio for another measure, and the reverse."""
    if outcome.kind is not DataKind.DICHOTOMOUS:
        return
    if outcome.measure != "PETO":
        yield mark("Peto's odds ratio"), replace(outcome, measure="PETO", method="Peto", model="common")
        return
    yield mark("Mantel-Haenszel's odds ratio"), replace(outcome, measure="OR", method="MH")
    yield mark("the odds ratio by inverse variance"), replace(outcome, measure="OR", method="IV")


def _measures(outcome: Outcome) -> Iterator[Alternative]:
    for measure in _EFFECT_MEASURES.get(outcome.kind, ()):
        if measure != outcome.measure and outcome.measure != "PETO":
            yield pooling.measure(measure).inside, replace(outcome, measure=measure)


def _counts(outcome: Outcome) -> Iterator[Alternative]:
    """Events for non-events, and one group for the other."""
    if outcome.kind is DataKind.DICHOTOMOUS:
        yield mark("events and non-events exchanged"), replace(outcome, swap_events=not outcome.swap_events)
    if outcome.kind in (DataKind.DICHOTOMOUS, DataKind.CONTINUOUS):
        yield mark("the two groups exchanged"), _with_rows(outcome, _groups_exchanged)


def _levels(outcome: Outcome) -> Iterator[Alternative]:
    for level in _LEVELS:
        words = phrase("confidence intervals of {percent}%", percent=round(100 * level))
        if {outcome.ci_study, outcome.ci_total} != {level}:
            yield words, replace(outcome, ci_study=level, ci_total=level)
        if level not in (outcome.ci_study, outcome.ci_total):
            yield words, replace(outcome, ci_total=level)
            yield words, replace(outcome, ci_study=level)


def _web(outcome: Outcome) -> Iterator[Alternative]:
    """The estimators and intervals among which RevMan Web has a choice."""
    if outcome.model != "random":
        return
    for tau2, ci in itertools.product(("DL", "REML"), ("wald", "hksj")):
        if (tau2, ci) != (outcome.tau2 or "DL", outcome.ci or "wald"):
            interval = mark("Hartung-Knapp's interval") if ci == "hksj" else mark("Wald's interval")
            words = phrase("the estimator {tau2} and {interval}", tau2=tau2, interval=interval)
            yield words, replace(outcome, tau2=tau2, ci=ci)


def _totals(outcome: Outcome) -> Iterator[Alternative]:
    """Weights of the total, or of the subtotals."""
    of_subtotal, of_total = _OF_WEIGHTS
    if outcome.totals is not Totals.ALL:
        yield of_total, replace(outcome, totals=Totals.ALL)
    if outcome.totals is not Totals.SUBTOTALS and outcome.subgroups:
        yield of_subtotal, replace(outcome, totals=Totals.SUBTOTALS)


def _with_rows(outcome: Outcome, change: Callable[[DataRow], DataRow]) -> Outcome:
    def changed(group: SubgroupItem) -> SubgroupItem:
        return replace(group, rows=tuple(map(change, group.rows)))

    return replace(outcome, rows=tuple(map(change, outcome.rows)), subgroups=tuple(map(changed, outcome.subgroups)))


def _groups_exchanged(row: DataRow) -> DataRow:
    return replace(row, data={name: row.data.get(_EXCHANGED.get(name, name)) for name in row.data})
