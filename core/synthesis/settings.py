"""The settings of an analysis: the defaults for each kind of data, and which changes move other settings along."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Final, cast

from core import pooling
from core.errors import InputError
from core.language import mark
from core.model import OutcomeKind
from core.pooling import Note
from core.pooling.measures.base import Compatibility

_KINDS: Final = {
    OutcomeKind.DICHOTOMOUS: (("dichotomous",), "OR", "revman5"),
    OutcomeKind.CONTINUOUS: (("continuous",), "MD", ""),
    OutcomeKind.GENERIC: (("generic",), "GEN", ""),
    OutcomeKind.O_E: (("o-e",), "O-E", ""),
    OutcomeKind.OTHER: ((), "", ""),
}
"""Kind of data -> families of measures, the measure a new analysis starts with, and whose conventions it follows."""

_TITLES: Final = {
    "measure": mark("Effect measure"),
    "method": mark("Method"),
    "model": mark("Model"),
    "tau2": mark("Between-study variance"),
    "ci": mark("Confidence interval"),
    "pi": mark("Prediction interval"),
}
_CHOICES: Final = {
    "method": pooling.METHODS,
    "model": pooling.MODELS,
    "tau2": pooling.TAU2_ESTIMATORS,
    "ci": pooling.INTERVALS,
    "pi": pooling.PREDICTION_INTERVALS,
}


@dataclass(frozen=True, slots=True)
class Settings:
    """How an analysis is pooled; the words are those of `core.pooling`, '' where a setting does not apply.

    ``study_level`` is the confidence level of the studies, None when it is that of the pools; ``swap_events`` analyses
    the participants without the event in place of those with it.
    """

    kind: OutcomeKind
    measure: str
    method: str
    model: str
    tau2: str
    ci: str
    pi: str
    compatibility: str
    level: float = 0.95
    study_level: float | None = None
    swap_events: bool = False

    @property
    def level_of_studies(self) -> float:
        """The confidence level of the studies."""
        return self.level if self.study_level is None else self.study_level

    @property
    def conventions(self) -> Compatibility:
        """Whose conventions are followed, as `core.pooling` takes it."""
        return "revman5" if self.compatibility == "revman5" else None

    def arguments(self) -> dict[str, Any]:
        """The settings as `pooling.pool` takes them."""
        return {
            "model": self.model,
            "method": self.method,
            "tau2": self.tau2 or None,
            "ci": self.ci or None,
            "pi": self.pi or None,
            "level": self.level,
        }


SETTINGS: Final = frozenset(item.name for item in fields(Settings)) - {"kind"}
"""The names of the settings that can be changed."""


@dataclass(frozen=True, slots=True)
class Option:
    """One choice a setting offers."""

    key: str
    label: str


def measures_of(kind: OutcomeKind) -> tuple[Option, ...]:
    """The effect measures for this kind of data."""
    families = _KINDS[kind][0]
    return tuple(Option(m.key, m.label) for m in pooling.MEASURES if m.family in families)


def kind_of(measure: str) -> OutcomeKind:
    """The kind of data a measure is for; InputError for a measure that does not exist, or that is for none of them."""
    definition = pooling.measure(measure)
    for kind, (families, _, _) in _KINDS.items():
        if definition.family in families:
            return kind
    raise InputError(
        "analysis.no_kind",
        "The analyses of a review take counts, means and reported effects of two arms; {measure} is for none of these. "
        "Choose one of: {known}.",
        measure=definition.label,
        known=", ".join(option.key for kind in _KINDS for option in measures_of(kind)),
    )


def options(settings: Settings) -> Mapping[str, tuple[Option, ...]]:
    """What each setting can be set to without being refused; other settings may move along (see `changed`). Texts have
    nothing to be set."""
    if settings.kind is OutcomeKind.OTHER:
        return dict.fromkeys((*_CHOICES, "compatibility", "measure"), ())
    legal = pooling.combinations(settings.measure, settings.conventions)
    here = [entry for entry in legal if (entry.method, entry.model) == (settings.method, settings.model)]
    known = {
        "method": {entry.method for entry in legal},
        "model": {entry.model for entry in legal},
        "tau2": {key for entry in here for key in entry.tau2},
        "ci": {key for entry in here for key in entry.ci},
        "pi": {key for entry in here for key in entry.pi},
    }
    found = {
        name: tuple(Option(choice.key, choice.label) for choice in _CHOICES[name] if choice.key in keys)
        for name, keys in known.items()
    }
    if found["pi"]:
        found["pi"] = (Option("", mark("None")), *found["pi"])
    conventions = pooling.measure(settings.measure).compatibility
    found["compatibility"] = tuple(
        Option(choice.key, choice.label) for choice in pooling.COMPATIBILITIES if (choice.key or None) in conventions
    )
    found["measure"] = measures_of(settings.kind)
    return found


def default_settings(kind: OutcomeKind, measure: str = "", compatibility: str | None = None) -> Settings:
    """The settings a new analysis starts with: for counts RevMan 5's conventions, otherwise current recommendations.

    Raises InputError for a measure that does not exist for this kind of data.
    """
    if kind is OutcomeKind.OTHER and not measure:
        return Settings(kind, "", "", "", "", "", "", "")
    _, usual, conventions = _KINDS[kind]
    measure = measure or usual
    _check_kind(kind, measure)
    compatibility = conventions if compatibility is None else compatibility
    return _filled(kind, measure, compatibility, 0.95)


def _filled(kind: OutcomeKind, measure: str, compatibility: str, level: float) -> Settings:
    advised = pooling.recommended(measure, "revman5" if compatibility == "revman5" else None)
    return Settings(
        kind,
        measure,
        advised.method,
        advised.model,
        advised.tau2 or "",
        advised.ci,
        advised.pi or "",
        compatibility,
        level,
    )


def changed(current: Settings, wanted: Mapping[str, Any]) -> tuple[Settings, tuple[Note, ...]]:
    """The settings after a change, and what moved along with it.

    A change of the measure or of the conventions moves the method, model, estimator and intervals that do not exist
    there to the nearest that do; a change of the method moves the model, and so on. What was asked for itself is never
    moved: InputError says what would work instead.
    """
    unknown = wanted.keys() - SETTINGS
    if unknown:
        raise KeyError(", ".join(sorted(unknown)))
    if current.kind is OutcomeKind.OTHER and replace(current, **wanted) == current:
        return current, ()
    asked = replace(current, **wanted)
    _check_known(asked)
    entry = _nearest(asked, wanted)
    if entry is None:
        _check(asked)
        raise AssertionError(f"neither legal nor refused: {asked}")
    settled = replace(asked, method=entry.method, model=entry.model)
    chose_none = "pi" not in wanted and not current.pi and bool(options(current)["pi"])
    for setting in ("tau2", "ci", "pi"):
        legal = cast("tuple[str, ...]", getattr(entry, setting))
        if setting not in wanted and getattr(asked, setting) not in legal and not (setting == "pi" and chose_none):
            settled = replace(settled, **{setting: legal[0] if legal else ""})
    _check(settled)
    moved = tuple(
        _moved(setting, getattr(current, setting), getattr(settled, setting))
        for setting in ("method", "model", "tau2", "ci", "pi")
        if setting not in wanted
        and getattr(current, setting) != getattr(settled, setting)
        and getattr(current, setting)
        and getattr(settled, setting)
    )
    return settled, moved


def _nearest(asked: Settings, wanted: Mapping[str, Any]) -> pooling.Combination | None:
    """The legal combination nearest to the settings, None when there is none. What was asked for itself must be so;
    then the model counts more than the method, because it is what the result means; then what is recommended."""
    advised = pooling.recommended(asked.measure, asked.conventions)

    def nearness(entry: pooling.Combination) -> tuple[bool, ...]:
        return (
            entry.model == asked.model,
            entry.method == asked.method,
            entry.method == advised.method,
            entry.model == advised.model,
        )

    fixed = [name for name in ("method", "model") if name in wanted]
    legal = pooling.combinations(asked.measure, asked.conventions)
    candidates = [entry for entry in legal if all(getattr(entry, name) == getattr(asked, name) for name in fixed)]
    return max(candidates, key=nearness, default=None)


def _moved(setting: str, before: str, after: str) -> Note:
    text = mark("{setting}: {after} instead of {before}, which does not exist with the new choice.")
    return Note(
        "settings.moved",
        text,
        "info",
        {"setting": _TITLES[setting], "before": _label(setting, before), "after": _label(setting, after)},
    )


def _label(setting: str, key: str) -> str:
    return next((choice.label for choice in _CHOICES[setting] if choice.key == key), mark("none"))


def _check_kind(kind: OutcomeKind, measure: str) -> None:
    known = measures_of(kind)
    if not known:
        raise InputError(
            "analysis.not_pooled", "Texts are not pooled, so they have no effect measure. Nothing was changed."
        )
    if measure not in {option.key for option in known}:
        raise InputError(
            "analysis.measure",
            "There is no effect measure {measure} for {kind} data. Choose one of: {known}. Nothing was changed.",
            measure=measure,
            kind=kind.adjective,
            known=", ".join(f"{option.key} ({option.label.lower()})" for option in known),
        )


def _check_known(settings: Settings) -> None:
    _check_kind(settings.kind, settings.measure)
    if settings.compatibility not in {choice.key for choice in pooling.COMPATIBILITIES}:
        raise InputError(
            "analysis.compatibility",
            "There are no conventions called {asked}. Choose one of: {known}. Nothing was changed.",
            asked=settings.compatibility,
            known=", ".join(repr(choice.key) for choice in pooling.COMPATIBILITIES),
        )
    if settings.swap_events and settings.kind is not OutcomeKind.DICHOTOMOUS:
        raise InputError(
            "analysis.no_events",
            "Only counts of events can be analysed as counts of those without the event. Nothing was changed.",
        )


def _check(settings: Settings) -> None:
    """The refusal of `core.pooling` for what does not go together."""
    nothing = effect_sizes(settings, [], [])
    for level in {settings.level, settings.level_of_studies}:
        pooling.pool(nothing, **replace(settings, level=level).arguments())


def effect_sizes(
    settings: Settings, labels: Sequence[str], rows: Sequence[Mapping[str, float | None]]
) -> pooling.EffectSizes:
    """The effects of rows given by column of the measure; InputError names the row and cell that is impossible."""
    columns: dict[str, Any] = {
        column.key: [row[column.key] for row in rows] for column in pooling.measure(settings.measure).columns
    }
    return pooling.effect_sizes(settings.measure, labels=labels, compatibility=settings.conventions, **columns)
