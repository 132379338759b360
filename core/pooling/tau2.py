"""How the between-study variance is estimated, every way O(k); ``estimators`` lists them.

y are effects, v their variances; effects are shifted by a common constant beforehand (see ``models.centred``), which
changes no estimate and makes identical effects exactly identical.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from core.pooling.measures.base import FloatArray
from core.pooling.vectors import dot

Estimated = tuple[float, float]
# Studies up to which the likelihood is looked at for all tau2 of a grid at once.
AT_ONCE = 2000
Curve = Callable[[float], tuple[float, float]]


def _largest_and_rest(w: FloatArray) -> tuple[int, float, FloatArray]:
    """Where the largest weight is, the largest weight, and the weights with 0 in its place. In sums like S1 - S2/S1 it
    is kept apart: they would lose all digits when one study has nearly all the weight."""
    top = int(w.argmax())
    rest = w.copy()
    rest[top] = 0.0
    return top, float(w[top]), rest


def projection_trace(w: FloatArray) -> float:
    """tr(P) = S1 - S2/S1 of P = W - ww'/1'w."""
    _, first, rest = _largest_and_rest(w)
    others = float(rest.sum())
    return others + (first * others - dot(rest, rest)) / (first + others)


def projection_square_trace(w: FloatArray, d: FloatArray | None = None) -> float:
    """tr(PDPD) = sum w^2 d^2 - 2 sum w^3 d^2 / S1 + (sum w^2 d / S1)^2 of P = W - ww'/1'w and a diagonal matrix D, the
    identity when none is given."""
    top, first, rest = _largest_and_rest(w)
    scaled, first_scaled = (rest, first) if d is None else (rest * d, first * float(d[top]))
    others = float(rest.sum())
    cross, total = dot(rest, scaled), first + others
    squares = scaled * scaled
    on_diagonal = total * (total * float(squares.sum()) - 2 * dot(squares, rest))
    pairs = cross * (cross + 2 * first * first_scaled)
    return ((first_scaled * others) ** 2 + on_diagonal + pairs) / (total * total)


def generalised_q(y: FloatArray, v: FloatArray, centre: float | None = None) -> float:
    """Q = sum w (y - centre)^2 with w = 1/v, around the weighted mean when no centre is given (Cochran 1954)."""
    w = 1 / v
    r = y - (dot(w, y) / float(w.sum()) if centre is None else centre)
    return dot(w, r * r)


def _spread_of_scatter(w: FloatArray, variance: FloatArray) -> float:
    """The standard deviation of y'Py when the effects have these variances: sqrt(2 tr(PDPD)), D = diag(variance)
    (quadratic forms of normal variables, e.g. Searle 1971, section 2.5, corollary 1.3).

    Every moment estimator is a linear function of such a form, which gives its standard error.
    """
    return math.sqrt(2 * projection_square_trace(w, variance))


def moment_estimate(q: float, v: FloatArray) -> Estimated:
    """max(0, (Q - df) / (S1 - S2/S1)) and its standard error, for the Q that is given (around any common centre)."""
    w = 1 / v
    trace = projection_trace(w)
    tau2 = max(0.0, (q - (len(v) - 1)) / trace)
    return tau2, _spread_of_scatter(w, v + tau2) / trace


def dersimonian_laird(y: FloatArray, v: FloatArray) -> Estimated:
    """DerSimonian & Laird 1986, eq. 8, truncated at 0."""
    return moment_estimate(generalised_q(y, v), v)


def hedges(y: FloatArray, v: FloatArray) -> Estimated:
    """Hedges 1983 (Hedges & Olkin 1985, section 9.C): the variance of the effects less their mean sampling variance,
    truncated at 0."""
    df = len(y) - 1
    r = y - float(y.mean())
    tau2 = max(0.0, dot(r, r) / df - float(v.mean()))
    return tau2, _spread_of_scatter(np.ones_like(v), v + tau2) / df


def hunter_schmidt(y: FloatArray, v: FloatArray) -> Estimated:
    """Hunter & Schmidt 1990 as in Viechtbauer 2005, eq. 9: (Q - k) / sum w, truncated at 0. Biased downwards."""
    return _hunter_schmidt(y, v, 1.0)


def hunter_schmidt_corrected(y: FloatArray, v: FloatArray) -> Estimated:
    """Hunter & Schmidt with k / (k - 1) Q in place of Q, which takes most of its bias away (Brannick, Potter, Benitez &
    Morris 2019, Organ Res Methods 22:490)."""
    return _hunter_schmidt(y, v, len(y) / (len(y) - 1))


def _hunter_schmidt(y: FloatArray, v: FloatArray, factor: float) -> Estimated:
    w = 1 / v
    total = float(w.sum())
    tau2 = max(0.0, (factor * generalised_q(y, v) - len(y)) / total)
    return tau2, factor * _spread_of_scatter(w, v + tau2) / total


def sidik_jonkman(y: FloatArray, v: FloatArray) -> Estimated:
    """Sidik & Jonkman 2005, eq. 4, from the variance of the effects tau0 with divisor k: tau0 sum w (y - b)^2 / (k - 1)
    with w = 1 / (v + tau0). Never truncated: it is 0 only when all effects are equal."""
    r = y - float(y.mean())
    start = dot(r, r) / len(y)
    scale = start / (len(y) - 1)
    tau2 = scale * generalised_q(y, v + start)
    return tau2, scale * _spread_of_scatter(1 / (v + start), v + tau2)


def tau2_at_q(y: FloatArray, v: FloatArray, target: float) -> float:
    """The tau2 >= 0 at which the generalised Q equals ``target`` > 0; 0 when Q is no larger than that at tau2 = 0.

    In the eigenvectors of V within the contrasts, Q(tau2) = sum q_i / (l_i + tau2): it falls, 1 / Q is concave, so that
    Newton's steps on 1 - target / Q cannot pass the root from the left; and it lies below sum q_i / target.
    """

    def excess(tau2: float) -> tuple[float, float]:
        w = 1 / (v + tau2)
        r = y - dot(w, y) / float(w.sum())
        wr = w * r
        q = dot(wr, r)
        return 1 - target / q, -dot(wr, wr) / q * (target / q)

    if generalised_q(y, v) <= target:
        return 0.0
    r = y - float(y.mean())
    return root(excess, 0.0, dot(r, r) / target, 0.0)


def paule_mandel(y: FloatArray, v: FloatArray) -> Estimated:
    """Paule & Mandel 1982: the tau2 at which the generalised Q equals k - 1, its expectation. The empirical Bayes
    estimator (Morris 1983; Berkey et al. 1995) is the root of the same equation (Viechtbauer, Lopez-Lopez,
    Sanchez-Meca & Marin-Martinez 2015, Psychol Methods 20:360). Standard error sqrt(2 k^2 / (k - 1)) / sum w: Q varies
    by 2 (k - 1), and falls by (k - 1) sum w / k with tau2 when the weights are equal."""
    k = len(y)
    tau2 = tau2_at_q(y, v, k - 1)
    return tau2, math.sqrt(2 * k * k / (k - 1)) / float((1 / (v + tau2)).sum())


def restricted_likelihood(y: FloatArray, v: FloatArray) -> Estimated:
    """REML (Viechtbauer 2005, eq. 14); the standard error from the expected information."""
    tau2 = _likelihood_maximum(y, v, restricted=True)
    return tau2, math.sqrt(2 / projection_square_trace(1 / (v + tau2)))


def maximum_likelihood(y: FloatArray, v: FloatArray) -> Estimated:
    """ML (Viechtbauer 2005, eq. 12); the standard error from the expected information."""
    tau2 = _likelihood_maximum(y, v, restricted=False)
    w = 1 / (v + tau2)
    return tau2, math.sqrt(2 / dot(w, w))


def log_likelihood(y: FloatArray, v: FloatArray, tau2: float, restricted: bool) -> float:
    """The (restricted) log-likelihood of the random-effects model at tau2, profiled over the mean, with constants."""
    k = len(y)
    w = 1 / (v + tau2)
    value = -0.5 * (math.log(2 * math.pi) * (k - restricted) - float(np.log(w).sum()) + generalised_q(y, v + tau2))
    if restricted:
        value += 0.5 * (math.log(k) - math.log(float(w.sum())))
    return value


def score_curve(y: FloatArray, v: FloatArray, restricted: bool) -> Curve:
    """1 - T / R and its derivative in tau2, where (R - T) / 2 is the derivative of the (restricted) log-likelihood:
    R = sum w^2 (y - mean)^2, T = tr(P) or, without restriction, tr(W). T / R is a straight line when all variances are
    equal, and nearly one otherwise. The most precise study comes first: it is kept apart as in ``projection_trace``."""
    ones = np.ones(len(v) - 1)

    def score(tau2: float) -> tuple[float, float]:
        w = 1 / (v + tau2)
        first, rest = float(w[0]), w[1:]
        others, squares = dot(rest, ones), dot(rest, rest)
        s1, s2 = first + others, first * first + squares
        wr = w * (y - dot(w, y) / s1)
        wwr = w * wr
        size = dot(wr, wr)
        fall = 2 * (dot(wwr, wr) - dot(wr, w) ** 2 / s1)
        if restricted:
            trace = others + (first * others - squares) / s1
            trace_fall = s2 - 2 * dot(w * w, w) / s1 + (s2 / s1) ** 2
        else:
            trace, trace_fall = s1, s2
        ratio = trace / size
        return 1 - ratio, trace_fall / size - ratio * (fall / size)

    return score


def score_on_grid(y: FloatArray, v: FloatArray, grid: FloatArray, restricted: bool) -> FloatArray:
    """The values of ``score_curve`` at many tau2 at once: quicker than one by one as long as it all stays near the
    processor."""
    w = 1 / (v + grid[:, None])
    ones, first, rest = np.ones(len(v)), w[:, 0], w[:, 1:]
    others = rest.dot(ones[1:])
    s1 = first + others
    wr = w * (y - (w.dot(y) / s1)[:, None])
    size = (wr * wr).dot(ones)
    if not restricted:
        return 1 - s1 / size
    return 1 - (others + (first * others - (rest * rest).dot(ones[1:])) / s1) / size


def _likelihood_maximum(y: FloatArray, v: FloatArray, restricted: bool) -> float:
    """The tau2 >= 0 of highest likelihood: every sign change of the score is bracketed on a grid, then polished.

    The score is smooth in log(v + tau2), so steps of a factor of two from an eighth of the smallest variance cannot
    jump over a pair of roots that matters. No root lies above the squared range of the effects: there each term
    w_i^2 r_i^2 is below its part of the trace, w_i (1 - w_i / sum(w)), because |r_i| <= (1 - w_i / sum(w)) x range.
    Nothing can fail to converge: a bracket is halved if need be.
    """
    bound = (float(y.max()) - float(y.min())) ** 2
    # By the same bound there is none at all when the effects scatter less than the most precise study errs.
    if bound <= float(v.min()):
        return 0.0
    top = int(v.argmin())
    if top:
        y, v = y.copy(), v.copy()
        y[0], y[top], v[0], v[top] = y[top], y[0], v[top], v[0]
    lowest = min(float(v[0]) / 8, bound)
    grid = np.zeros(math.ceil(math.log2(bound / lowest)) + 2)
    grid[1:] = np.ldexp(lowest, np.arange(len(grid) - 1))
    score = score_curve(y, v, restricted)
    if len(v) <= AT_ONCE:
        values = score_on_grid(y, v, grid, restricted)
    else:
        values = np.array([score(tau2)[0] for tau2 in grid.tolist()])
    positive = values > 0
    found = [] if positive[0] else [0.0]
    for i in (positive[:-1] & ~positive[1:]).nonzero()[0].tolist():
        low, high, a, b = float(grid[i]), float(grid[i + 1]), float(values[i]), float(values[i + 1])
        found.append(root(score, low, high, low + (high - low) * a / (a - b)))
    if len(found) == 1:
        return found[0]
    return max(found, key=lambda tau2: log_likelihood(y, v, tau2, restricted))


def root(curve: Curve, low: float, high: float, start: float) -> float:
    """The root of a curve that is positive at ``low`` and not positive at ``high``: Newton's steps inside the bracket,
    halving it whenever a step would leave it. A step of Newton's squares the error, hence it may end with a step that
    still moves the eighth digit."""
    x = start
    for _ in range(200):
        value, slope = curve(x)
        low, high = (x, high) if value > 0 else (low, x)
        before, x = x, x - value / slope if slope < 0 else math.inf
        if not low <= x <= high:
            x = (low + high) / 2
        elif abs(x - before) <= 1e-8 * x:
            break
    return x
