"""The rows of an analysis in a file as effect sizes, pooled as the file says."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from core import pooling
from core.errors import InputError
from core.interchange.model import DataKind, DataRow, Numbers, Outcome
from core.language import Phrase
from core.pooling.fit import finish, fitted
from core.pooling.rules import resolve

COLUMNS: Final[Mapping[DataKind, Mapping[str, str]]] = {
    DataKind.DICHOTOMOUS: {"ai": "events_1", "n1i": "total_1", "ci": "events_2", "n2i": "total_2"},
    DataKind.CONTINUOUS: {
        "m1i": "mean_1", "sd1i": "sd_1", "n1i": "total_1", "m2i": "mean_2", "sd2i": "sd_2", "n2i": "total_2",
    },
    DataKind.GENERIC: {"yi": "estimate", "sei": "se"},
    DataKind.O_E: {"oei": "o_e", "vi": "var"},
}  # fmt: skip
"""Which of a row's data are which input of `pooling.effect_sizes`."""
_EFFECT: Final = ("effect_size", "log_effect_size")
_MISSING: Final = ("row.missing", "row.missing-sd")


@dataclass(frozen=True, slots=True)
class Recomputed:
    """An analysis with its rows in one list, as effect sizes.

    ``faults`` are the rows whose numbers are impossible, each with the reason; they count as if nothing stood there.
    """

    outcome: Outcome
    rows: tuple[DataRow, ...]
    group_of: tuple[int | None, ...]
    effects: pooling.EffectSizes
    faults: Mapping[int, str]

    @property
    def log_scale(self) -> bool:
        """Whether effects are pooled as logarithms."""
        return self.effects.definition.log_scale

    @property
    def model(self) -> str:
        """The model; a file that names none means the common-effect model, as RevMan 5 does."""
        return self.outcome.model or "common"

    def rows_of(self, group: int) -> list[int]:
        """The rows of a subgroup."""
        return [row for row, found in enumerate(self.group_of) if found == group]

    def missing(self) -> dict[int, str]:
        """The rows for which the file holds a result but not all numbers that it needs, each with the reason."""
        notes = self.effects.notes
        found: dict[int, str] = {n.row: n.message for n in notes if n.row is not None and n.code in _MISSING}
        found |= self.faults
        return {row: reason for row, reason in found.items() if has_effect(self.rows[row].stored)}

    def pool(self, rows: Sequence[int] | None = None) -> pooling.Pooled:
        """All studies, or these rows only, pooled as the file says: RevMan 5's conventions, and RevMan Web's choice of
        estimator and intervals where the file names one. Raises ``InputError`` for settings that do not go together."""
        part = self.effects if rows is None else self.effects.select(rows)
        outcome = self.outcome
        settings = resolve(part, model=self.model, method=_method(outcome, self.model), level=outcome.ci_total)
        if self.model == "random":
            tau2, ci = outcome.tau2 or "DL", _known(outcome.ci, pooling.INTERVALS) or "wald"
            pi = _known(outcome.pi, pooling.PREDICTION_INTERVALS) or None
            if tau2 != "DL":
                settings = replace(settings, method="IV")
            settings = replace(settings, tau2=tau2, ci=ci, pi=pi)
        return finish(part, settings, fitted(part, settings))


def _known(asked: str, choices: Sequence[pooling.Choice]) -> str:
    known = [choice.key for choice in choices]
    if asked and asked not in known:
        raise InputError(
            "verify.setting",
            "The file asks for an interval {asked} that Copse does not know. Known: {known}.",
            asked=asked,
            known=", ".join(known),
        )
    return asked


def _method(outcome: Outcome, model: str) -> str:
    """Counts alone have a choice of methods."""
    if outcome.kind is DataKind.DICHOTOMOUS:
        return outcome.method or ("Peto" if outcome.measure == "PETO" else "MH")
    return "Peto" if outcome.kind is DataKind.O_E and model == "common" else "IV"


def has_effect(stored: Numbers) -> bool:
    """Whether an effect is stored: an interval of zeros is none, nor is a zero without an interval."""
    found = [value for name in _EFFECT if (value := stored.get(name)) is not None and math.isfinite(value)]
    limits = [stored.get("ci_start"), stored.get("ci_end")]
    return limits != [0.0, 0.0] and any(found)


def recomputed(outcome: Outcome, names: Mapping[str, str] | None = None) -> Recomputed:
    """The rows of an analysis as effect sizes under RevMan's conventions; exchanged events are the non-events.

    ``names`` are those of the studies by id. Raises ``InputError`` for texts and an unknown measure.
    """
    if outcome.kind is DataKind.OTHER:
        raise InputError("verify.texts", "An analysis of texts holds no numbers to compute.")
    rows = outcome.all_rows
    group_of = [None] * len(outcome.rows) + [n for n, group in enumerate(outcome.subgroups) for _ in group.rows]
    columns: dict[str, Any] = {key: [row.data.get(name) for row in rows] for key, name in COLUMNS[outcome.kind].items()}
    if outcome.swap_events and outcome.kind is DataKind.DICHOTOMOUS:
        for events, total in (("ai", "n1i"), ("ci", "n2i")):
            columns[events] = [
                None if found is None or whole is None else whole - found
                for whole, found in zip(columns[total], columns[events], strict=True)
            ]
    labels = [(names or {}).get(row.study_id, row.study_id) for row in rows]
    faults: dict[int, str] = {}
    while True:
        try:
            effects = pooling.effect_sizes(outcome.measure, labels=labels, compatibility="revman5", **columns)
        except InputError as error:
            row = error.params.get("row")
            if not isinstance(row, int) or row in faults:
                raise
            faults[row] = Phrase(error.text, error.params)
            for values in columns.values():
                values[row] = None
        else:
            return Recomputed(outcome, rows, tuple(group_of), effects, faults)
