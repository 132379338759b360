"""Weighted least squares seen from the residuals: Q, the traces of P, and roots in tau2, for many designs at once.

P = W - WX (X'WX)^-1 X'W with weights w = 1 / (v + tau2). Everything is computed from an orthonormal basis of the
weighted design (Householder's QR decomposition, rows by descending precision), O(k p^2) each. The first axis of every
array counts designs, so that thousands of permutations of one design are computed together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.pooling.measures.base import FloatArray

IntArray = NDArray[np.intp]
HIGH_LEVERAGE = 0.5
SATURATED = 1 - 1e-12
MOST_NUMBERS = 2_000_000
"""Numbers in one array while many tau2 are tried at once."""


@dataclass(frozen=True, slots=True)
class Space:
    """What the residuals of a regression live in, for one or more designs of the same k studies.

    ``basis`` (n, k, q) are orthonormal columns; studies that the design fits exactly whatever the weights (the only
    study of a category) have ``free`` 0 and are zero rows of it, because P is 0 there. ``y`` (n, k) are the residuals
    of the unweighted regression, ``v`` (k) the variances, ascending; ``df`` = k - p; ``scatter`` (n) is the variance of
    the effects themselves (divisor k).
    """

    basis: FloatArray
    free: FloatArray
    y: FloatArray
    v: FloatArray
    df: int
    scatter: FloatArray

    def take(self, index: IntArray) -> Space:
        """Some of the designs, in the order given, repeated if need be."""
        return replace(
            self, basis=self.basis[index], free=self.free[index], y=self.y[index], scatter=self.scatter[index]
        )


def reduced(basis: FloatArray) -> tuple[FloatArray, FloatArray]:
    """(basis, free) of ``Space`` for one orthonormal basis (k, p): rows of leverage 1 taken out with their columns."""
    free = np.einsum("ij,ij->i", basis, basis) < SATURATED
    if free.all():
        return basis, np.ones(len(basis))
    left = np.linalg.svd(basis[free], full_matrices=False)[0]
    rest = np.zeros((len(basis), basis.shape[1] - int((~free).sum())))
    rest[free] = left[:, : rest.shape[1]]
    return rest, free.astype(np.float64)


def space(basis: FloatArray, free: FloatArray, effects: FloatArray, v: FloatArray, df: int, rounding: float) -> Space:
    """The space of residuals of ``effects`` (n, k); ``basis`` (n, k, q) and ``free`` (n, k) from ``reduced``.

    When no residual exceeds ``rounding`` all are exactly 0, so that a perfect fit has exactly Q = 0 and tau2 = 0.
    """
    y = residuals(basis, free * effects)
    y[np.abs(y).max(axis=1) <= rounding] = 0.0
    return Space(basis, free, y, v, df, np.var(effects, axis=1))


def residuals(basis: FloatArray, z: FloatArray) -> FloatArray:
    """z (n, k) without its part in the span of the basis; done twice, which leaves nothing but rounding there."""
    for _ in range(2):
        inside = np.einsum("nkq,nk->nq", basis, z)
        z = z - np.einsum("nkq,nq->nk", basis, inside)
    return z


@dataclass(frozen=True, slots=True)
class Projection:
    """P of every design at given weights. ``q`` is the basis of the weighted design, ``e`` the weighted residuals,
    ``slack`` 1 - leverage."""

    w: FloatArray
    q: FloatArray
    triangle: FloatArray
    e: FloatArray
    leverage: FloatArray
    slack: FloatArray

    @property
    def quadratic(self) -> FloatArray:
        """y'Py, the generalised Q."""
        return np.einsum("nk,nk->n", self.e, self.e)

    @property
    def squares(self) -> FloatArray:
        """y'PPy."""
        return np.einsum("nk,nk,nk->n", self.w, self.e, self.e)

    def trace(self, d: FloatArray | float = 1.0) -> FloatArray:
        """tr(PD) for D = diag(d)."""
        return (self.w * self.slack * d).sum(axis=1)

    def trace2(self, a: FloatArray | float = 1.0, b: FloatArray | float = 1.0) -> float:
        """tr(PAPB) of the first design, A = diag(a) and B = diag(b).

        The sum over pairs is (Q'AQ, Q'BQ) less its diagonal; rows of high leverage are summed one by one, because
        nothing would be left of the others' digits in that difference.
        """
        q, h, slack, w = self.q[0], self.leverage[0], self.slack[0], self.w[0]
        wa, wb = w * a, w * b
        high = h > HIGH_LEVERAGE
        top, rest = q[high], q[~high]
        ra, rb = wa[~high], wb[~high]
        inner = np.einsum("kp,k,kq->pq", rest, ra, rest), np.einsum("kp,k,kq->pq", rest, rb, rest)
        value = float((wa * wb) @ slack**2) + float((inner[0] * inner[1]).sum()) - float((ra * rb) @ h[~high] ** 2)
        mixed = (top @ rest.T) ** 2
        value += float(wa[high] @ mixed @ rb) + float(wb[high] @ mixed @ ra)
        among = (top @ top.T) ** 2
        np.fill_diagonal(among, 0.0)
        return value + float(wa[high] @ among @ wb[high])


def project(of: Space, w: FloatArray) -> Projection:
    """P at the weights w (n, k)."""
    root = np.sqrt(w) * of.free
    q, triangle = np.linalg.qr(root[:, :, None] * of.basis)
    leverage = np.einsum("nkq,nkq->nk", q, q)
    slack = of.free * (1 - leverage)
    high = leverage > HIGH_LEVERAGE
    for row in np.flatnonzero(high.any(axis=0)):
        # h (1 - h) is the sum of the squares beside the diagonal: 1 - h without cancellation.
        which = np.flatnonzero(high[:, row])
        beside = np.einsum("nkq,nq->nk", q[which], q[which, row])
        beside[:, row] = 0.0
        slack[which, row] = (beside * beside).sum(axis=1) / leverage[which, row]
    return Projection(w, q, triangle, residuals(q, root * of.y), leverage, slack)


def at(of: Space, tau2: FloatArray | float) -> Projection:
    """P at w = 1 / (v + tau2), tau2 one number per design or one for all."""
    per_design = np.broadcast_to(np.asarray(tau2, dtype=np.float64), (len(of.basis),))
    return project(of, 1 / (of.v + per_design[:, None]))


Curve = Callable[[Space, FloatArray], FloatArray]
"""A function of tau2 (one per design) whose root is looked for."""


def upper_bound(of: Space) -> float:
    """No root of the estimating equations of any design lies above.

    With m = RSS / df of the unweighted regression: y'Py <= RSS / tau2 bounds Paule and Mandel's root by m; y'PPy <=
    RSS / tau2^2 and tr(P) >= df / (tau2 + max v) bound those of the likelihoods by m + sqrt(m max v).
    """
    m = float(np.einsum("nk,nk->n", of.y, of.y).max()) / of.df
    return 1.001 * (m + np.sqrt(m * float(of.v[-1])))


def on_grid(of: Space, curve: Curve, grid: FloatArray) -> FloatArray:
    """The curve of every design at every tau2 of the grid: (n, number of tau2)."""
    n, k, q = of.basis.shape
    step = max(1, MOST_NUMBERS // (n * k * (q + 1)))
    parts: list[FloatArray] = []
    for start in range(0, len(grid), step):
        part = grid[start : start + step]
        index: IntArray = np.repeat(np.arange(n, dtype=np.intp), len(part))
        parts.append(curve(of.take(index), np.tile(part, n)).reshape(n, len(part)))
    return np.concatenate(parts, axis=1)


def roots(
    of: Space, curve: Curve, low: FloatArray, high: FloatArray, at_low: FloatArray, at_high: FloatArray
) -> FloatArray:
    """The root of the curve of every design between ``low`` and ``high``, where it has different signs: inverse
    quadratic interpolation where that is safe, halving where it is not (Chandrupatla 1997, Adv Eng Softw 28:145)."""
    x1, f1, x2, f2 = high, at_high, low, at_low
    best = np.where(np.abs(f1) < np.abs(f2), x1, x2)
    done = (f1 == 0) | (f2 == 0)
    t = np.clip(f1 / np.where(done, 1.0, f1 - f2), 0.01, 0.99)
    for _ in range(200):
        x = x1 + t * (x2 - x1)
        f = curve(of, x)
        same = np.sign(f) == np.sign(f1)
        x3, f3 = np.where(same, x1, x2), np.where(same, f1, f2)
        x2, f2 = np.where(same, x2, x1), np.where(same, f2, f1)
        x1, f1 = x, f
        best = np.where(done, best, np.where(np.abs(f1) < np.abs(f2), x1, x2))
        width = np.abs(x2 - x1)
        done |= (width <= 1e-13 * best) | (f1 == 0) | (f2 == 0)
        if done.all():
            break
        with np.errstate(all="ignore"):
            xi, phi = (x1 - x2) / (x3 - x2), (f1 - f2) / (f3 - f2)
            t = f1 / (f2 - f1) * f3 / (f2 - f3) + (x3 - x1) / (x2 - x1) * f1 / (f3 - f1) * f2 / (f3 - f2)
            safe = (phi * phi < xi) & ((1 - phi) ** 2 < 1 - xi) & np.isfinite(t)
            least = np.minimum(0.5, np.nan_to_num(5e-14 * best / width, nan=0.5))
        t = np.clip(np.where(safe, t, 0.5), least, 1 - least)
    return best
