"""Estimators of the residual between-study variance of a meta-regression; the same keys as without moderators.

Each is the general form of the estimator in core.pooling.tau2, with the residuals and the matrix P of the regression in
place of deviations from a mean (Thompson & Sharp 1999, Stat Med 18:2693; Viechtbauer et al. 2015, Psychol Methods
20:360, with the standard errors). ``tau2`` works on many designs at once, ``error`` on the first.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from core.errors import InputError
from core.pooling import reproduction
from core.pooling.measures.base import FloatArray
from core.pooling.regression.space import Curve, IntArray, Projection, Space, at, on_grid, project, roots, upper_bound


@dataclass(frozen=True, slots=True)
class Estimator:
    """``tau2`` gives one estimate per design; ``error`` the standard error of an estimate in the first design."""

    key: str
    tau2: Callable[[Space], FloatArray]
    error: Callable[[Space, float], float]


def _moment_error(p: Projection, df: int, tau2: float) -> float:
    """The standard deviation of y'Py when the variances are v + tau2 and P has the weights 1 / v."""
    return math.sqrt(2 * df + 4 * tau2 * float(p.trace()[0]) + 2 * tau2 * tau2 * p.trace2())


def dersimonian_laird(of: Space) -> FloatArray:
    """(Q - df) / tr(P), truncated at 0 (Raudenbush 2009; DerSimonian & Laird 1986)."""
    p = at(of, 0.0)
    return np.maximum(0.0, (p.quadratic - of.df) / p.trace())


def dersimonian_laird_error(of: Space, tau2: float) -> float:
    p = at(of, 0.0)
    return _moment_error(p, of.df, tau2) / float(p.trace()[0])


def hedges(of: Space) -> FloatArray:
    """From the unweighted residuals (Hedges & Olkin 1985; Raudenbush 2009)."""
    p = project(of, np.ones(of.free.shape))
    return np.maximum(0.0, (p.quadratic - p.trace(of.v)) / of.df)


def hedges_error(of: Space, tau2: float) -> float:
    p = project(of, np.ones(of.free.shape))
    variance = 2 * p.trace2(of.v, of.v) + 4 * tau2 * float(p.trace(of.v)[0]) + 2 * tau2 * tau2 * of.df
    return math.sqrt(variance) / of.df


def hunter_schmidt(of: Space) -> FloatArray:
    """(Q - k) / sum(w) (Hunter & Schmidt 1990; Viechtbauer et al. 2015)."""
    return np.maximum(0.0, (at(of, 0.0).quadratic - len(of.v)) / float((1 / of.v).sum()))


def hunter_schmidt_error(of: Space, tau2: float) -> float:
    return _moment_error(at(of, 0.0), of.df, tau2) / float((1 / of.v).sum())


def hunter_schmidt_small(of: Space) -> FloatArray:
    """Hunter and Schmidt's with the factor k / (k - p) for Q (Brannick et al. 2019, Psychol Methods 24:490)."""
    k = len(of.v)
    return np.maximum(0.0, (k / of.df * at(of, 0.0).quadratic - k) / float((1 / of.v).sum()))


def hunter_schmidt_small_error(of: Space, tau2: float) -> float:
    return len(of.v) / of.df * hunter_schmidt_error(of, tau2)


def sidik_jonkman(of: Space) -> FloatArray:
    """tau0^2 y'Py / df with P at tau0^2, the variance of the effects (Sidik & Jonkman 2005, J R Stat Soc C 54:367)."""
    return of.scatter * at(of, of.scatter).quadratic / of.df


def sidik_jonkman_error(of: Space, tau2: float) -> float:
    p = at(of, of.scatter)
    variance = 2 * p.trace2(of.v, of.v) + 4 * tau2 * p.trace2(1.0, of.v) + 2 * tau2 * tau2 * p.trace2()
    return float(of.scatter[0]) / of.df * math.sqrt(variance)


def paule_mandel(of: Space) -> FloatArray:
    """The tau2 at which the generalised Q equals k - p (Paule & Mandel 1982; empirical Bayes: Morris 1983)."""

    def excess(part: Space, tau2: FloatArray) -> FloatArray:
        return at(part, tau2).quadratic - of.df

    tau2 = np.zeros(len(of.basis))
    at_zero = excess(of, tau2)
    above = np.flatnonzero(at_zero > 0)
    if len(above):
        part, low = of.take(above), tau2[above]
        high = np.full(len(above), upper_bound(of))
        tau2[above] = roots(part, excess, low, high, at_zero[above], excess(part, high))
    return tau2


def paule_mandel_error(of: Space, tau2: float) -> float:
    """Viechtbauer et al. 2015, for the empirical Bayes estimator."""
    return math.sqrt(2 / of.df) * len(of.v) / float((1 / (of.v + tau2)).sum())


def restricted_likelihood(of: Space) -> FloatArray:
    """REML: the root of y'PPy = tr(P) of highest restricted likelihood (Harville 1977; Viechtbauer 2005)."""
    return _likelihood_maximum(of, lambda p: p.squares - p.trace(), restricted=True)


def restricted_likelihood_error(of: Space, tau2: float) -> float:
    return math.sqrt(2 / at(of, tau2).trace2())


def restricted_likelihood_as_metafor(of: Space) -> FloatArray:
    """REML, stopped where metafor stops (see core.pooling.reproduction)."""
    starts = hedges(of)
    return np.array([_scored(of.take(np.array([one])), float(start)) for one, start in enumerate(starts)])


def _scored(of: Space, start: float) -> float:
    def step(tau2: float) -> float:
        p = at(of, tau2)
        return float(p.squares[0] - p.trace()[0]) / p.trace2()

    return reproduction.fisher_scoring(start, step)


def paule_mandel_as_metafor(of: Space) -> FloatArray:
    """Paule-Mandel, stopped where metafor stops (see core.pooling.reproduction)."""
    found = np.zeros(len(of.basis))
    for one in range(len(found)):
        part = of.take(np.array([one]))

        def excess(tau2: float, part: Space = part) -> float:
            return float(at(part, tau2).quadratic[0]) - of.df

        found[one] = reproduction.stopped_root(excess, upper_bound(of))
    return found


def maximum_likelihood(of: Space) -> FloatArray:
    """ML: the root of y'PPy = sum(w) of highest likelihood (Hardy & Thompson 1996, with moderators)."""
    return _likelihood_maximum(of, lambda p: p.squares - p.w.sum(axis=1), restricted=False)


def maximum_likelihood_error(of: Space, tau2: float) -> float:
    return math.sqrt(2 / float(((of.v + tau2) ** -2).sum()))


def _likelihood_maximum(of: Space, score: Callable[[Projection], FloatArray], restricted: bool) -> FloatArray:
    """Every fall of the score through 0 is bracketed on a grid by factors of two from an eighth of the smallest
    variance, then polished; the highest likelihood wins. Nothing can fail to converge."""

    def curve(part: Space, tau2: FloatArray) -> FloatArray:
        return score(at(part, tau2))

    n, bound = len(of.basis), upper_bound(of)
    if bound == 0:
        return np.zeros(n)
    lowest = min(float(of.v[0]) / 8, bound)
    grid = np.zeros(math.ceil(math.log2(bound / lowest)) + 2)
    grid[1:] = np.ldexp(lowest, np.arange(len(grid) - 1))
    values = on_grid(of, curve, grid)
    design, i = np.nonzero((values[:, :-1] > 0) & (values[:, 1:] <= 0))
    found = _polished(of, curve, design, grid[i], grid[i + 1], values[design, i], values[design, i + 1])
    at_zero = np.flatnonzero(values[:, 0] <= 0)
    design, found = np.concatenate([at_zero, design]), np.concatenate([np.zeros(len(at_zero)), found])
    return _most_likely(of, n, design, found, restricted)


def _polished(
    of: Space, curve: Curve, design: IntArray, low: FloatArray, high: FloatArray, a: FloatArray, b: FloatArray
) -> FloatArray:
    return roots(of.take(design), curve, low, high, a, b) if len(design) else np.empty(0)


def _most_likely(of: Space, n: int, design: IntArray, found: FloatArray, restricted: bool) -> FloatArray:
    """One tau2 per design out of its candidates."""
    tau2 = np.zeros(n)
    tau2[design] = found
    several = np.flatnonzero(np.bincount(design, minlength=n) > 1)
    for one in several:
        candidates = found[design == one]
        likelihood = log_likelihood(of.take(np.repeat(one, len(candidates))), candidates, restricted)
        tau2[one] = candidates[likelihood.argmax()]
    return tau2


def log_likelihood(of: Space, tau2: FloatArray, restricted: bool) -> FloatArray:
    """The (restricted) log-likelihood of every design at its tau2, profiled over the coefficients, but for a constant.
    A study that fits exactly cancels out of the restricted one."""
    p = at(of, tau2)
    logarithms = np.log(p.w)
    if not restricted:
        return 0.5 * (logarithms.sum(axis=1) - p.quadratic)
    diagonal = np.abs(np.einsum("nqq->nq", p.triangle))
    return 0.5 * ((logarithms * of.free).sum(axis=1) - p.quadratic) - np.log(diagonal).sum(axis=1)


ESTIMATORS = (
    Estimator("REML", restricted_likelihood, restricted_likelihood_error),
    Estimator("DL", dersimonian_laird, dersimonian_laird_error),
    Estimator("PM", paule_mandel, paule_mandel_error),
    Estimator("ML", maximum_likelihood, maximum_likelihood_error),
    Estimator("EB", paule_mandel, paule_mandel_error),
    Estimator("HE", hedges, hedges_error),
    Estimator("SJ", sidik_jonkman, sidik_jonkman_error),
    Estimator("HS", hunter_schmidt, hunter_schmidt_error),
    Estimator("HSk", hunter_schmidt_small, hunter_schmidt_small_error),
)
REPRODUCTIONS = (
    Estimator("REML" + reproduction.SUFFIX, restricted_likelihood_as_metafor, restricted_likelihood_error),
    Estimator("PM" + reproduction.SUFFIX, paule_mandel_as_metafor, paule_mandel_error),
)
_BY_KEY = {entry.key: entry for entry in (*ESTIMATORS, *REPRODUCTIONS)}


def estimator(key: str) -> Estimator:
    """The estimator with this key; ``InputError`` naming the known ones when there is none."""
    if key not in _BY_KEY:
        raise InputError(
            "pooling.unknown-tau2",
            "There is no estimator {tau2} of the between-study variance. Known estimators: {known}.",
            tau2=key,
            known=", ".join(entry.key for entry in ESTIMATORS),
        )
    return _BY_KEY[key]
