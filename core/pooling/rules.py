"""Which settings go together: the table of legal combinations as data, the words for them, and the refusals.

A window builds its combo boxes from ``combinations`` and the ``Choice`` tuples; ``resolve`` fills in the defaults and
refuses everything else with a message that names what would work.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from core.errors import InputError
from core.language import mark
from core.pooling.estimators import ESTIMATORS, REPRODUCTIONS, estimator
from core.pooling.measures import check_compatibility
from core.pooling.measures import measure as measure_of
from core.pooling.measures.base import CORRECTIONS, Compatibility, Correction, Measure
from core.pooling.results import EffectSizes, Model, PoolSettings

AUTO: Literal["auto"] = "auto"


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a combo box: the key used in calls, its label, and the short form that figures print."""

    key: str
    label: str
    short: str


METHODS = (
    Choice("IV", mark("Inverse variance"), mark("IV")),
    Choice("MH", mark("Mantel-Haenszel"), mark("M-H")),
    Choice("Peto", mark("Peto"), mark("Peto")),
)
MODELS = (
    Choice("common", mark("Common effect (fixed effect)"), mark("Fixed")),
    Choice("random", mark("Random effects"), mark("Random")),
)
TAU2_ESTIMATORS = tuple(Choice(entry.key, entry.label, entry.key) for entry in ESTIMATORS)
INTERVALS = (
    Choice("handbook", mark("Hartung-Knapp where the Handbook advises it, else Wald"), mark("HKSJ or Wald")),
    Choice("wald", mark("Wald (normal quantile)"), mark("Wald")),
    Choice("hksj", mark("Hartung-Knapp"), mark("HKSJ")),
    Choice("hksj-adhoc", mark("Hartung-Knapp, never narrower than Wald's standard error"), mark("HKSJ, ad hoc")),
    Choice("t", mark("t distribution, without rescaling"), mark("t")),
)
PREDICTION_INTERVALS = (
    Choice("t(k-1)", mark("t distribution, k - 1 degrees of freedom"), mark("t, k - 1 df")),
    Choice("t(k-2)", mark("t distribution, k - 2 degrees of freedom"), mark("t, k - 2 df")),
    Choice("z", mark("Normal distribution"), mark("normal")),
)
COMPATIBILITIES = (
    Choice("", mark("Current recommendations (as metafor)"), mark("current")),
    Choice("revman5", mark("RevMan 5"), mark("RevMan 5")),
)

_ALL_TAU2 = tuple(entry.key for entry in TAU2_ESTIMATORS)
_ALL_CI = tuple(entry.key for entry in INTERVALS)
_ALL_PI = tuple(entry.key for entry in PREDICTION_INTERVALS)


@dataclass(frozen=True, slots=True)
class Combination:
    """One legal way to pool, for the measures whose ``methods`` name its method. The first estimator, interval and
    prediction interval of each tuple are the defaults; an empty tuple means that it does not apply."""

    method: str
    model: Model
    compatibility: tuple[Compatibility, ...]
    tau2: tuple[str, ...] = ()
    ci: tuple[str, ...] = ("wald",)
    pi: tuple[str, ...] = ()


LEGAL: tuple[Combination, ...] = (
    Combination("IV", "random", (None,), _ALL_TAU2, _ALL_CI, _ALL_PI),
    Combination("IV", "random", ("revman5",), ("DL",)),
    Combination("IV", "common", (None, "revman5")),
    Combination("MH", "random", ("revman5",), ("DL",)),
    Combination("MH", "common", (None, "revman5")),
    Combination("Peto", "common", (None, "revman5")),
)


def combinations(measure: str, compatibility: Compatibility = None) -> tuple[Combination, ...]:
    """The legal combinations for this measure under these conventions."""
    definition = measure_of(measure)
    if compatibility not in definition.compatibility:
        return ()
    return tuple(
        entry for entry in LEGAL if entry.method in definition.methods and compatibility in entry.compatibility
    )


def recommended(measure: str, compatibility: Compatibility = None) -> PoolSettings:
    """The defaults for new work: random effects with REML, the Handbook's interval and a t(k-1) prediction interval; in
    a review that follows RevMan 5, Mantel-Haenszel where it exists, with DerSimonian-Laird. Peto's measures: Peto."""
    definition = measure_of(measure)
    if definition.methods[0] == "Peto":
        return _settings(definition, compatibility, "Peto", "common")
    method = "MH" if compatibility == "revman5" and "MH" in definition.methods else "IV"
    return _settings(definition, compatibility, method, "random")


def resolve(
    effects: EffectSizes,
    *,
    model: str = "random",
    method: str = "IV",
    tau2: str | None = None,
    ci: str | None = None,
    pi: str | None = AUTO,
    level: float = 0.95,
    add: float = 0.0,
    to: Correction = "none",
) -> PoolSettings:
    """The settings with defaults (tau2 and ci None, pi "auto") filled in; ``InputError`` if they do not go together."""
    return _resolved(effects.measure, effects.compatibility, method, model, tau2, ci, pi, level, add, to)


@lru_cache(maxsize=1024)
def _resolved(
    measure: str,
    compatibility: Compatibility,
    method: str,
    model: str,
    tau2: str | None,
    ci: str | None,
    pi: str | None,
    level: float,
    add: float,
    to: Correction,
) -> PoolSettings:
    if not 0 < level < 1:
        raise InputError("pooling.level", "The confidence level must lie between 0 and 1 (0.95 for 95%).", level=level)
    settings = _settings(measure_of(measure), compatibility, method, model, tau2, ci, pi, level)
    return _with_correction(settings, add, to)


def _known(kind: str, key: str, choices: Iterable[Choice]) -> None:
    known = [choice.key for choice in choices]
    if key not in known:
        raise InputError(
            "pooling.unknown-choice",
            "There is no {kind} {key}. Choose one of: {known}.",
            kind=kind,
            key=key,
            known=", ".join(known),
        )


def check_seed(seed: int | None) -> None:
    """InputError for a start of random numbers that no generator takes."""
    if seed is not None and seed < 0:
        raise InputError(
            "pooling.seed", "Random numbers start at a whole number from 0 on, not at {seed}. Choose 1.", seed=seed
        )


def label(choices: Iterable[Choice], key: str) -> str:
    """The label of the choice with this key."""
    return next(choice.label for choice in choices if choice.key == key)


def _conventions(compatibility: Compatibility) -> str:
    return "RevMan 5's conventions" if compatibility == "revman5" else "current conventions"


def _settings(
    definition: Measure,
    compatibility: Compatibility,
    method: str,
    model: str,
    tau2: str | None = None,
    ci: str | None = None,
    pi: str | None = AUTO,
    level: float = 0.95,
) -> PoolSettings:
    _known("method", method, METHODS)
    _known("model", model, MODELS)
    check_compatibility(definition, compatibility)
    legal = combinations(definition.key, compatibility)
    found = next((entry for entry in legal if (entry.method, entry.model) == (method, model)), None)
    if found is None:
        raise _not_legal(definition, compatibility, method, model)
    if tau2 is not None:
        estimator(tau2)
    if ci is not None:
        _known("confidence interval", ci, INTERVALS)
    if pi not in (None, AUTO):
        _known("prediction interval", pi, PREDICTION_INTERVALS)
    context = (definition, compatibility, found)
    return PoolSettings(
        found.model,
        method,
        _one_of("between-study variance estimator", tau2, found.tau2 + _reproductions(found), context),
        _one_of("confidence interval", ci, found.ci, context) or "wald",
        None if pi is None else _one_of("prediction interval", None if pi == AUTO else pi, found.pi, context),
        level,
        compatibility,
    )


def _reproductions(found: Combination) -> tuple[str, ...]:
    """Where every estimator is legal, those that repeat another program's digits are too."""
    return tuple(entry.key for entry in REPRODUCTIONS) if found.tau2 == _ALL_TAU2 else ()


def _one_of(
    kind: str, asked: str | None, legal: tuple[str, ...], context: tuple[Measure, Compatibility, Combination]
) -> str | None:
    """What was asked for if it is legal, the default when nothing was asked for."""
    if asked is None:
        return legal[0] if legal else None
    if asked in legal:
        return asked
    definition, compatibility, found = context
    raise InputError(
        "pooling.option",
        "{method}, {model} under {conventions} for {measure} takes {works} as {kind}, not {asked}.",
        method=label(METHODS, found.method),
        model=label(MODELS, found.model).lower(),
        conventions=_conventions(compatibility),
        measure=definition.inside,
        works=" or ".join(legal) if legal else "none",
        kind=kind,
        asked=asked,
    )


def describe(entries: Iterable[Combination]) -> str:
    """The combinations in words: "Inverse variance (random effects or common effect), Peto (common effect)"."""
    models: dict[str, list[str]] = {}
    for entry in entries:
        models.setdefault(entry.method, []).append("random effects" if entry.model == "random" else "common effect")
    return "; ".join(f"{label(METHODS, method)} ({' or '.join(found)})" for method, found in models.items())


def _not_legal(definition: Measure, compatibility: Compatibility, method: str, model: str) -> InputError:
    other: Compatibility = None if compatibility == "revman5" else "revman5"
    elsewhere = any((entry.method, entry.model) == (method, model) for entry in combinations(definition.key, other))
    return InputError(
        "pooling.combination",
        "{method} with {model} is not available for {measure} under {conventions}. What works: {works}.{elsewhere}",
        method=label(METHODS, method),
        model="random effects" if model == "random" else "a common effect",
        measure=definition.inside,
        conventions=_conventions(compatibility),
        works=describe(combinations(definition.key, compatibility)),
        elsewhere=f" It exists under {_conventions(other)}." if elsewhere else "",
    )


def _with_correction(settings: PoolSettings, add: float, to: Correction) -> PoolSettings:
    """The correction inside Mantel-Haenszel sums: none unless asked for; RevMan 5 always adds 0.5 where a cell is 0."""
    if to not in CORRECTIONS:
        raise InputError(
            "pooling.correction",
            "There is no zero-cell correction {asked}. Choose one of: {known}.",
            asked=to,
            known=", ".join(CORRECTIONS),
        )
    asked = add > 0 and to != "none"
    revman_mh = settings.method == "MH" and settings.compatibility == "revman5"
    if asked and (settings.method != "MH" or settings.compatibility == "revman5"):
        raise InputError(
            "pooling.mh-correction",
            "A correction inside the sums exists for Mantel-Haenszel under current conventions only; "
            "leave add and to out.",
        )
    if not 0 <= add <= 1:
        raise InputError("pooling.add", "The zero-cell correction must lie between 0 and 1; it is {add}.", add=add)
    add, to = (0.5, "only0") if revman_mh else (add, to)
    return replace(settings, add=add, to=to)
