"""What a meta-regression returns: frozen results on the analysis scale; None where something does not apply."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from core.pooling.inference import Interval
from core.pooling.measures.base import FloatArray
from core.pooling.notes import Note
from core.pooling.regression.design import Design, Moderator
from core.pooling.results import Model


@dataclass(frozen=True, slots=True)
class RegressionSettings:
    """What was asked of ``meta_regression``, with every default filled in."""

    model: Model
    tau2: str | None
    ci: str
    level: float
    intercept: bool


@dataclass(frozen=True, slots=True)
class Coefficient:
    """One coefficient. ``moderator`` is None for the intercept, ``level`` None unless the moderator is categorical.
    ``stat`` follows Student's t with ``ddf`` degrees of freedom, the normal distribution when that is None."""

    name: str
    moderator: str | None
    level: str | None
    estimate: float
    se: float
    stat: float | None
    ddf: int | None
    p: float | None
    ci: Interval


@dataclass(frozen=True, slots=True)
class ModeratorTest:
    """A joint test that coefficients are 0: chi-squared with ``df`` degrees of freedom when ``ddf`` is None, F with
    ``df`` and ``ddf`` otherwise. ``stat`` and ``p`` are None when it is not defined. ``moderator`` None: all of them.
    """

    moderator: str | None
    stat: float | None
    df: int
    ddf: int | None
    p: float | None


@dataclass(frozen=True, slots=True, eq=False)
class MetaRegression:
    """A meta-regression.

    ``rows`` are the studies used, by their position in the effect sizes; ``y``, ``v``, ``x`` (the design matrix, one
    column per coefficient), ``fitted``, ``residuals``, ``hat`` (leverages) and ``weights`` (percent) have one entry for
    each of them. ``vcov`` is ``factor`` times its transpose. ``q``, ``df``, ``q_p`` are the test of residual
    heterogeneity (QE), ``omnibus`` the test of all moderators together (QM) and ``tests`` those of each; None and empty
    when no moderator is left. ``i2_kind`` as in ``Pooled``. ``r2`` (percent) is None when there is nothing to explain
    (tau2 is 0 without moderators) or no intercept. ``tau2`` and ``tau2_se`` are None under a common effect. ``dropped``
    names redundant terms.
    """

    measure: str
    settings: RegressionSettings
    k: int
    coefficients: tuple[Coefficient, ...]
    vcov: FloatArray
    factor: FloatArray
    tau2: float | None
    tau2_se: float | None
    q: float
    df: int
    q_p: float
    i2: float
    i2_kind: Literal["q", "tau2"]
    h2: float
    r2: float | None
    omnibus: ModeratorTest | None
    tests: tuple[ModeratorTest, ...]
    rows: tuple[int, ...]
    y: FloatArray
    v: FloatArray
    x: FloatArray
    fitted: FloatArray
    residuals: FloatArray
    hat: FloatArray
    weights: FloatArray
    moderators: tuple[Moderator, ...]
    design: Design
    dropped: tuple[str, ...]
    notes: tuple[Note, ...]

    @property
    def tau(self) -> float | None:
        """Residual between-study standard deviation."""
        return None if self.tau2 is None else self.tau2**0.5

    @property
    def ddf(self) -> int | None:
        """Degrees of freedom of the coefficients' t distribution; None for the normal."""
        return self.df if self.settings.ci != "wald" else None

    def coefficient(self, name: str) -> Coefficient:
        """The coefficient of this name (``KeyError`` when there is none)."""
        return {each.name: each for each in self.coefficients}[name]
