"""Predictions from a meta-regression: what effect to expect at given values of the moderators, and how surely."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from numbers import Real

import numpy as np

from core.errors import InputError
from core.pooling.inference import Interval, interval, quantile
from core.pooling.measures import measure as measure_of
from core.pooling.measures.base import FloatArray
from core.pooling.regression.design import Moderator, level_name
from core.pooling.regression.fit import check_level, unknown
from core.pooling.regression.results import MetaRegression
from core.pooling.results import Displayed

Value = str | float
PREDICTION_DF = ("t(k-p)", "t(k-p-1)", "z")


@dataclass(frozen=True, slots=True)
class Prediction:
    """The mean effect expected at ``values`` of the moderators, on the analysis scale, with its confidence interval and
    the prediction interval for the effect of one new study (None under a common effect). ``values`` holds what was
    asked for; the other moderators are at their means."""

    values: Mapping[str, Value]
    estimate: float
    se: float
    ci: Interval
    pi: Interval | None
    measure: str

    def display(self) -> Displayed:
        """The prediction on the scale that readers see."""
        back = measure_of(self.measure).back
        pi = None if self.pi is None else Interval(back(self.pi.low), back(self.pi.high))
        return Displayed(back(self.estimate), Interval(back(self.ci.low), back(self.ci.high)), pi)


def predict(
    fit: MetaRegression,
    at: Mapping[str, Value | Sequence[Value]] | None = None,
    *,
    pi: str | None = "t(k-p)",
    level: float | None = None,
) -> tuple[Prediction, ...]:
    """Predictions at given values of the moderators: one value each, or equally long sequences of values.

    Moderators that ``at`` does not name are held at their means over the studies; a categorical one at the shares of
    its levels. Standard error: sqrt(x'Vx) with the fit's covariance matrix V, quantile as for its coefficients;
    prediction interval: estimate -/+ c sqrt(tau2 + se^2) (Higgins, Thompson & Spiegelhalter 2009, with moderators),
    ``pi`` naming c: "t(k-p)", "t(k-p-1)" (Higgins's, p coefficients), "z" or None for no interval. Raises
    ``InputError`` for unknown moderators and levels, and for moderators that were dropped from the model.
    """
    if pi is not None and pi not in PREDICTION_DF:
        raise unknown("prediction interval", pi, PREDICTION_DF)
    level = fit.settings.level if level is None else level
    check_level(level)
    columns = {name: _as_list(value) for name, value in (at or {}).items()}
    sizes = {len(values) for values in columns.values()} - {1}
    if len(sizes) > 1:
        raise InputError(
            "regression.prediction-lengths",
            "The moderators to predict at differ in length: {lengths}. Give one value each, or equally many.",
            lengths=", ".join(f"{name} {len(values)}" for name, values in columns.items()),
        )
    size = next(iter(sizes), 1)
    places = [{name: values[i if len(values) > 1 else 0] for name, values in columns.items()} for i in range(size)]
    means = fit.x.mean(axis=0)
    moderators = {each.name: each for each in fit.moderators}
    return tuple(_prediction(fit, _row(fit, means, moderators, place), place, pi, level) for place in places)


def predict_line(
    fit: MetaRegression,
    moderator: str,
    *,
    over: tuple[float, float] | None = None,
    points: int = 101,
    at: Mapping[str, Value] | None = None,
    pi: str | None = "t(k-p)",
    level: float | None = None,
) -> tuple[Prediction, ...]:
    """The line and bands of a bubble plot: predictions over a grid of one continuous moderator, from its smallest to
    its largest value unless ``over`` says otherwise; the other moderators as for ``predict``."""
    column = [i for i in fit.design.columns_of(moderator) if fit.design.terms[i].level is None]
    if not column:
        raise InputError(
            "regression.not-continuous",
            "{name} is not a continuous moderator of this meta-regression, so there is no line over it.",
            name=moderator,
        )
    values = fit.x[:, column[0]]
    low, high = over or (float(values.min()), float(values.max()))
    grid = np.linspace(low, high, max(points, 2)).tolist()
    return predict(fit, {**(at or {}), moderator: grid}, pi=pi, level=level)


def _as_list(value: Value | Sequence[Value]) -> list[Value]:
    if isinstance(value, str):
        return [value]
    return list(value) if isinstance(value, Sequence | np.ndarray) else [value]


def _row(
    fit: MetaRegression, means: FloatArray, moderators: Mapping[str, Moderator], place: Mapping[str, Value]
) -> FloatArray:
    """The row of the design matrix that belongs to this place."""
    row = means.copy()
    for name, value in place.items():
        if name not in moderators:
            raise InputError(
                "regression.unknown-moderator",
                "There is no moderator {name}. The moderators are {known}.",
                name=name,
                known=", ".join(moderators),
            )
        if moderators[name].categorical:
            _set_level(fit, row, moderators[name], level_name(value))
        else:
            _set_number(fit, row, name, value)
    return row


def _set_number(fit: MetaRegression, row: FloatArray, name: str, value: Value) -> None:
    columns = fit.design.columns_of(name)
    if not columns:
        raise _dropped(name)
    if not isinstance(value, Real) or not math.isfinite(value):
        raise InputError(
            "regression.not-a-number", "The moderator {name} needs a number to predict at, not {value}.",
            name=name, value=str(value),
        )  # fmt: skip
    row[columns[0]] = value


def _set_level(fit: MetaRegression, row: FloatArray, moderator: Moderator, level: str) -> None:
    present = {moderator.values[i] for i in fit.rows}
    if level not in present:
        raise InputError(
            "regression.unknown-level",
            "The moderator {name} has no level {level} among the studies used. Its levels are {known}.",
            name=moderator.name,
            level=level,
            known=", ".join(each for each in moderator.levels if each in present),
        )
    name = f"{moderator.name}: {level}"
    if name in fit.dropped:
        raise _dropped(name)
    for i in fit.design.columns_of(moderator.name):
        row[i] = float(fit.design.terms[i].level == level)


def _dropped(name: str) -> InputError:
    return InputError(
        "regression.dropped-term",
        "{name} was dropped from this meta-regression, so there is no prediction for it. Leave it out.",
        name=name,
    )


def _prediction(
    fit: MetaRegression, row: FloatArray, place: Mapping[str, Value], pi: str | None, level: float
) -> Prediction:
    estimate = float(row @ np.array([each.estimate for each in fit.coefficients]))
    se = float(np.linalg.norm(row @ fit.factor))
    ci = interval(estimate, se, quantile(level, fit.ddf))
    df = {"t(k-p)": fit.df, "t(k-p-1)": fit.df - 1}.get(pi or "z")
    drawn = None
    if pi is not None and fit.tau2 is not None and (df is None or df > 0):
        drawn = interval(estimate, math.sqrt(fit.tau2 + se * se), quantile(level, df))
    return Prediction(dict(place), estimate, se, ci, drawn, fit.measure)
