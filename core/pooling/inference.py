"""Quantiles, P values, confidence and prediction intervals.

scipy.special is imported when first needed, so that importing the pooling module stays cheap.
"""

from __future__ import annotations

import math
from functools import cache, lru_cache
from types import ModuleType
from typing import NamedTuple


class Interval(NamedTuple):
    """Two limits on one scale."""

    low: float
    high: float


@cache
def special() -> ModuleType:
    """scipy.special; an import statement costs more than a P value, even when the module is there already."""
    import scipy.special

    return scipy.special


@lru_cache(maxsize=512)
def quantile(level: float, df: float | None) -> float:
    """Two-sided quantile at ``level`` (0.95: the 97.5th percentile) of Student's t, of the normal when df is None."""
    upper = 0.5 + level / 2
    return float(special().ndtri(upper) if df is None else special().stdtrit(df, upper))


def two_sided_p(stat: float, df: float | None) -> float:
    """P(|T| >= |stat|)."""
    size = -abs(stat)
    return 2 * float(special().ndtr(size) if df is None else special().stdtr(df, size))


def chi_squared_p(q: float, df: int) -> float:
    """P(chi-squared >= q), df >= 1."""
    return float(special().chdtrc(df, q))


@lru_cache(maxsize=512)
def chi_squared_quantile(p: float, df: int) -> float:
    """The x with P(chi-squared <= x) = p, 0 < p < 1."""
    return 2 * float(special().gammaincinv(df / 2, p))


def normal_interval(estimate: float, se: float, level: float) -> Interval:
    """Wald's interval."""
    return interval(estimate, se, quantile(level, None))


def interval(estimate: float, se: float, quantile_: float) -> Interval:
    """estimate -/+ quantile x se."""
    half = quantile_ * se
    return Interval(estimate - half, estimate + half)


def statistic(estimate: float, se: float) -> float | None:
    """estimate / se; None when se is 0: nothing is left to test against."""
    return estimate / se if se > 0 else None


def prediction_df(kind: str, k: int) -> int | None:
    """Degrees of freedom of a prediction interval of this kind with k studies; None for the normal quantile."""
    return {"t(k-1)": k - 1, "t(k-2)": k - 2, "z": None}[kind]


def prediction_interval(
    estimate: float, se: float, tau2: float, k: int, kind: str, level: float = 0.95
) -> Interval | None:
    """The interval for the effect of a new study: estimate -/+ c sqrt(tau2 + se^2).

    ``kind`` names c: "t(k-2)" (Higgins, Thompson & Spiegelhalter 2009), "t(k-1)" (Cochrane since 2024) or "z". None
    when there are no degrees of freedom. ``pool`` shows none below three studies; this function leaves that to its
    caller.
    """
    df = prediction_df(kind, k)
    if df is not None and df < 1:
        return None
    return interval(estimate, math.sqrt(tau2 + se * se), quantile(level, df))
