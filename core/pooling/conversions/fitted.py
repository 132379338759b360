"""Mean and SD of the distribution that fits printed quantiles best: the quantile estimation of McGrath et al. 2020.

Candidates are the normal, log-normal, gamma and Weibull distributions (the paper's beta distribution, for outcomes
between 0 and 1, is left out). Each has a shape and a scale; for a given shape the scale that minimises the sum of
squares follows directly, so that only the shape is searched.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from core.errors import InputError
from core.language import mark
from core.pooling.conversions.base import Conversion, Found, number, size
from core.pooling.conversions.notes import note
from core.pooling.conversions.quantiles import (
    FEW,
    FIRST,
    GROUP,
    MAXIMUM,
    MEAN,
    MEDIAN,
    MINIMUM,
    SD,
    THIRD,
    in_order,
)
from core.pooling.conversions.sources import MCGRATH
from core.pooling.measures.base import FloatArray

_STEPS, _PASSES = 80, 90
_GOLDEN = (math.sqrt(5) - 1) / 2


@dataclass(frozen=True, slots=True)
class Family:
    """A distribution above 0: its quantiles and its mean and SD for scale 1, and the log(shape) searched: from
    ``skewed``, as skewed as data can sensibly be, to ``symmetric``, where it is as good as normal."""

    name: str
    quantiles: Callable[[FloatArray, float], FloatArray]
    moments: Callable[[float], tuple[float, float]]
    skewed: float
    symmetric: float


def _log_normal_quantiles(p: FloatArray, shape: float) -> FloatArray:
    from scipy.special import ndtri

    return np.exp(shape * ndtri(p))


def _log_normal_moments(shape: float) -> tuple[float, float]:
    mean = math.exp(shape * shape / 2)
    return mean, mean * math.sqrt(math.expm1(shape * shape))


def _gamma_quantiles(p: FloatArray, shape: float) -> FloatArray:
    from scipy.special import gammaincinv

    return np.asarray(gammaincinv(shape, p), dtype=np.float64)


def _gamma_moments(shape: float) -> tuple[float, float]:
    return shape, math.sqrt(shape)


def _weibull_quantiles(p: FloatArray, shape: float) -> FloatArray:
    return (-np.log1p(-p)) ** (1 / shape)


def _weibull_moments(shape: float) -> tuple[float, float]:
    mean = math.gamma(1 + 1 / shape)
    return mean, math.sqrt(max(0.0, math.gamma(1 + 2 / shape) - mean * mean))


FAMILIES = (
    Family(mark("log-normal"), _log_normal_quantiles, _log_normal_moments, math.log(3), math.log(1e-3)),
    Family(mark("gamma"), _gamma_quantiles, _gamma_moments, math.log(0.05), math.log(1e5)),
    Family(mark("Weibull"), _weibull_quantiles, _weibull_moments, math.log(0.15), math.log(1e3)),
)


@dataclass(frozen=True, slots=True)
class Fit:
    """A fitted distribution: the sum of squared distances of its quantiles, its mean and its SD; ``extreme`` when the
    best shape lies beyond what is searched."""

    name: str
    distance: float
    mean: float
    sd: float
    extreme: bool = False


def _normal(p: FloatArray, x: FloatArray) -> Fit:
    """Least squares of the quantiles on those of the standard normal distribution, which lie evenly around 0."""
    from scipy.special import ndtri

    z = ndtri(p)
    mean, sd = float(np.mean(x)), float(z @ x / (z @ z))
    return Fit(mark("normal"), float(np.sum((x - mean - sd * z) ** 2)), mean, sd)


def _best(family: Family, p: FloatArray, x: FloatArray) -> Fit:
    """The best shape on a grid, then by golden section between its neighbours."""

    def scale(shape: float) -> tuple[float, FloatArray]:
        unit = family.quantiles(p, shape)
        return float(unit @ x / (unit @ unit)), unit

    def distance(log_shape: float) -> float:
        factor, unit = scale(math.exp(log_shape))
        return float(np.sum((x - factor * unit) ** 2))

    grid = np.linspace(family.skewed, family.symmetric, _STEPS)
    best = int(np.argmin([distance(float(each)) for each in grid]))
    low, high = float(grid[max(best - 1, 0)]), float(grid[min(best + 1, _STEPS - 1)])
    for _ in range(_PASSES):
        inner, outer = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
        if distance(inner) <= distance(outer):
            high = outer
        else:
            low = inner
    shape = math.exp((low + high) / 2)
    factor, _ = scale(shape)
    mean, sd = family.moments(shape)
    return Fit(family.name, distance((low + high) / 2), factor * mean, factor * sd, best == 0)


def _fitted(
    n: float, median: float, minimum: float | None, q1: float | None, q3: float | None, maximum: float | None
) -> Found:
    """Minimise the squared distances of the quantiles 1/n, 1/4, 1/2, 3/4, 1 - 1/n that are known (McGrath 2020)."""
    if (minimum is None) != (maximum is None) or (q1 is None) != (q3 is None):
        raise InputError("conversion.half-a-pair", "Quartiles, and minimum and maximum, are entered in pairs.")
    known = {"minimum": minimum, "q1": q1, "median": median, "q3": q3, "maximum": maximum}
    given = {key: value for key, value in known.items() if value is not None}
    if len(given) == 1:
        raise InputError(
            "conversion.median-alone",
            "A median alone gives no SD. Enter the quartiles, the minimum and maximum, or both.",
        )
    in_order(**given)
    chances = {"minimum": 1 / n, "q1": 0.25, "median": 0.5, "q3": 0.75, "maximum": 1 - 1 / n}
    p, x = np.array([chances[key] for key in given]), np.array(list(given.values()))
    unit = float(np.max(np.abs(x)))
    fits = [_normal(p, x / unit)]
    if x[0] > 0:
        fits += [_best(family, p, x / unit) for family in FAMILIES]
    chosen = min(fits, key=lambda fit: fit.distance)
    if chosen.extreme:
        raise InputError(
            "conversion.too-skewed",
            "These values are too skewed for a mean and an SD to be estimated from them. Ask the authors for the data "
            "of each participant, or analyse the outcome in another way.",
        )
    return Found({"mean": chosen.mean * unit, "sd": chosen.sd * unit}, (note("conversion.fitted", name=chosen.name),))


CONVERSIONS = (
    Conversion(
        "mean_sd_fitted",
        GROUP,
        mark("Mean and SD from median and quantiles of skewed data, by the best fitting distribution"),
        (
            size("n", mark("Participants"), least=5, advice=FEW),
            number("median", MEDIAN),
            number("minimum", MINIMUM, required=False),
            number("q1", FIRST, required=False),
            number("q3", THIRD, required=False),
            number("maximum", MAXIMUM, required=False),
        ),
        (MEAN, SD),
        mark("Mean and SD of the normal, log-normal, gamma or Weibull distribution whose quantiles are nearest"),
        MCGRATH,
        _fitted,
        (mark("The outcome follows one of these four distributions."),),
    ),
)
