"""How much the studies differ beyond chance: Q, I2, H2."""

from __future__ import annotations

from typing import Literal, NamedTuple

from core.pooling.inference import chi_squared_p
from core.pooling.measures.base import FloatArray
from core.pooling.tau2 import projection_trace


class Heterogeneity(NamedTuple):
    """Cochran's Q with df and P; I2 in percent with its kind; H2. None throughout when there is a single study."""

    q: float | None
    df: int
    q_p: float | None
    i2: float | None
    i2_kind: Literal["q", "tau2"] | None
    h2: float | None


def typical_variance(v: FloatArray) -> float:
    """The typical within-study variance s2 of Higgins & Thompson 2002, eq. 9: (k - 1) S1 / (S1^2 - S2)."""
    return (len(v) - 1) / projection_trace(1 / v)


def i2_from_q(q: float, df: int) -> float:
    """max(0, (Q - df) / Q) in percent (Higgins & Thompson 2002); 0 when Q is 0."""
    return max(0.0, 100 * (q - df) / q) if q > 0 else 0.0


def heterogeneity(q: float | None, df: int, tau2: float | None, v: FloatArray | None) -> Heterogeneity:
    """I2 and H2 from tau2 when ``v``, the variances of the studies, is given; from Q otherwise."""
    if q is None or df < 1:
        return Heterogeneity(None, max(df, 0), None, None, None, None)
    p = chi_squared_p(q, df)
    if tau2 is None or v is None:
        return Heterogeneity(q, df, p, i2_from_q(q, df), "q", q / df)
    s2 = typical_variance(v)
    return Heterogeneity(q, df, p, 100 * tau2 / (tau2 + s2), "tau2", tau2 / s2 + 1)
