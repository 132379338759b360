"""``meta_regression``: settings and moderators checked, the model fitted, then tests and what moderators explain."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.errors import InputError
from core.pooling.heterogeneity import i2_from_q
from core.pooling.inference import chi_squared_p, interval, quantile, statistic, two_sided_p
from core.pooling.measures.base import FloatArray
from core.pooling.models import centred
from core.pooling.notes import Note, note
from core.pooling.regression.design import Design, Moderator, Moderators, build, read
from core.pooling.regression.estimators import Estimator, estimator
from core.pooling.regression.results import Coefficient, MetaRegression, ModeratorTest, RegressionSettings
from core.pooling.regression.space import IntArray, Space, at, reduced, space
from core.pooling.results import EffectSizes

INTERVALS = ("hksj", "hksj-adhoc", "t", "wald")
STUDIES_PER_MODERATOR = 10


def meta_regression(
    effects: EffectSizes,
    moderators: Moderators,
    *,
    model: str = "random",
    tau2: str | None = None,
    ci: str | None = None,
    level: float = 0.95,
    intercept: bool = True,
    categorical: Collection[str] = (),
    reference: Mapping[str, str | float] | None = None,
) -> MetaRegression:
    """Regress effects on characteristics of the studies, weights 1 / (v + tau2) (Thompson & Higgins 2002).

    ``moderators`` maps names to one value per study: numbers are continuous, texts (and numbers of moderators named in
    ``categorical``) are categories, coded against the first level in sorted order or the one named in ``reference``.
    ``model`` "random" or "common"; ``tau2`` "REML" (default), "DL", "PM", "ML", "EB", "HE", "SJ", "HS", "HSk";
    ``ci`` "hksj" (Knapp & Hartung 2003; default under random effects), "hksj-adhoc" (never below Wald's), "t" (k - p
    degrees of freedom, no rescaling) or "wald" (default under a common effect, and the only one there). Studies
    without an estimable effect or without a moderator are left out, redundant terms dropped, each named in a note.
    Raises ``InputError`` for settings that make no sense and when there are not more studies than coefficients.
    """
    settings = _settings(model, tau2, ci, level, intercept)
    found = read(moderators, effects.labels, categorical, reference or {})
    rows, notes = _rows(effects, found)
    design = build(found, rows, intercept)
    return fit_design(effects, rows, design, settings, found, [*notes, *design.notes, *_few(rows, design)])


def check_level(level: float) -> None:
    """Refuse what is no confidence level."""
    if not 0 < level < 1:
        raise InputError("pooling.level", "The confidence level must lie between 0 and 1 (0.95 for 95%).", level=level)


def _settings(model: str, tau2: str | None, ci: str | None, level: float, intercept: bool) -> RegressionSettings:
    check_level(level)
    if model == "common":
        if tau2 is not None or ci not in (None, "wald"):
            raise InputError(
                "regression.common",
                "A meta-regression with a common effect takes Wald's interval and no estimator of the between-study "
                "variance. Leave out tau2 and ci, or choose random effects.",
            )
        return RegressionSettings("common", None, "wald", level, intercept)
    if model != "random":
        raise unknown("model", model, ("common", "random"))
    if ci is not None and ci not in INTERVALS:
        raise unknown("confidence interval of a meta-regression", ci, INTERVALS)
    return RegressionSettings("random", estimator(tau2 or "REML").key, ci or INTERVALS[0], level, intercept)


def unknown(kind: str, key: str, known: Sequence[str]) -> InputError:
    """The refusal of a key that is none of those known."""
    return InputError(
        "pooling.unknown-choice",
        "There is no {kind} {key}. Choose one of: {known}.",
        kind=kind,
        key=key,
        known=", ".join(known),
    )


def _rows(effects: EffectSizes, moderators: Sequence[Moderator]) -> tuple[IntArray, list[Note]]:
    """The studies with an estimable effect and all moderators, and notes naming the others."""
    used, notes = effects.estimable.copy(), list[Note]()
    if not used.all():
        names = [effects.labels[row] for row in np.flatnonzero(~used)]
        notes.append(note("pool.left-out", count=len(names), total=len(effects), studies=", ".join(names)))
    for row in np.flatnonzero(used):
        lacking = [each.name for each in moderators if each.missing[row]]
        if lacking:
            used[row] = False
            params = {"study": effects.labels[row], "moderators": ", ".join(lacking)}
            notes.append(note("regression.missing", int(row), **params))
    return np.flatnonzero(used), notes


def _few(rows: IntArray, design: Design) -> list[Note]:
    count = len({term.moderator for term in design.terms} - {None})
    if count and len(rows) < STUDIES_PER_MODERATOR * count:
        return [note("regression.few", k=len(rows), count=count, least=STUDIES_PER_MODERATOR)]
    return []


@dataclass(frozen=True, slots=True)
class Prepared:
    """Studies by descending precision (``order`` are positions among those given), effects less ``shift``. Residuals up
    to ``rounding`` are what effects and moderators leave open in their last digits."""

    order: IntArray
    shift: float
    y: FloatArray
    v: FloatArray
    basis: FloatArray
    residual: Space
    rounding: float


def prepare(yi: FloatArray, vi: FloatArray, design: Design) -> Prepared:
    """The space that tau2 is estimated in; needs more studies than coefficients."""
    order = np.argsort(vi, kind="stable")
    y, v, basis = yi[order], vi[order], design.basis[order]
    rest, free = reduced(basis)
    loose = free > 0
    rounding = float(np.abs(y[loose]).max(initial=0.0))
    shift = 0.0
    if design.intercept and loose.any():
        # What all effects share concerns the intercept alone, and would cost the others digits.
        shift, moved = centred(y[loose], v[loose])
        y = y - shift
        y[loose] = moved
    slopes = np.abs(np.linalg.solve(design.triangle, basis.T @ y))
    for i, term in enumerate(design.terms):
        if term.moderator is not None and term.level is None:
            rounding += float(slopes[i]) * float(np.abs(design.matrix[order[loose], i]).max(initial=0.0))
    rounding *= 64 * float(np.finfo(np.float64).eps)
    residual = space(rest[None], free[None], y[None], v, len(v) - basis.shape[1], rounding)
    return Prepared(order, shift, y, v, basis, residual, rounding)


def fit_design(
    effects: EffectSizes,
    rows: IntArray,
    design: Design,
    settings: RegressionSettings,
    moderators: Sequence[Moderator] = (),
    notes: Sequence[Note] = (),
) -> MetaRegression:
    """The regression for a design that is there already; ``InputError`` when it has no fewer columns than rows."""
    k, p = len(rows), len(design.terms)
    if k <= p:
        raise InputError(
            "regression.too-few",
            "There are too few studies: {k} with an effect and all moderators, for {p} coefficients. A meta-regression "
            "needs more studies than coefficients, and better ten for each moderator. Leave out moderators.",
            k=k,
            p=p,
        )
    if not p:
        raise InputError(
            "regression.nothing-to-fit", "Without an intercept a meta-regression needs a moderator that varies."
        )
    prepared = prepare(effects.yi[rows], effects.vi[rows], design)
    tau2 = tau2_se = None
    if settings.tau2 is not None:
        tau2, tau2_se = _estimated(prepared.residual, estimator(settings.tau2))
    return _finish(effects, rows, design, settings, prepared, (tau2, tau2_se), tuple(moderators), list(notes))


def _estimated(of: Space, how: Estimator) -> tuple[float, float | None]:
    tau2 = float(how.tau2(of)[0])
    return tau2, how.error(of, tau2) or None


@dataclass(frozen=True, slots=True)
class Solution:
    """Coefficients with a root of their covariance matrix (``factor`` times its transpose), residuals, leverages and
    weights of the studies by descending precision, and the factor that Knapp and Hartung put on the variances."""

    estimates: FloatArray
    factor: FloatArray
    residuals: FloatArray
    hat: FloatArray
    w: FloatArray
    scale: float


def solve(prepared: Prepared, design: Design, tau2: float, ci: str) -> Solution:
    """Weighted least squares at tau2."""
    weighted = at(prepared.residual, tau2)
    w = 1 / (prepared.v + tau2)
    root = np.sqrt(w)
    q, triangle = np.linalg.qr(root[:, None] * prepared.basis)
    inverse = np.linalg.solve(triangle @ design.triangle, np.eye(q.shape[1]))
    spread = np.asarray(inverse, dtype=np.float64)
    estimates = spread @ (q.T @ (root * prepared.y))
    estimates[0] += prepared.shift
    scale = _scale(ci, float(weighted.quadratic[0]) / prepared.residual.df)
    hat = np.einsum("kp,kp->k", q, q)
    return Solution(estimates, math.sqrt(scale) * spread, weighted.e[0] / root, hat, w, scale)


def _finish(
    effects: EffectSizes,
    rows: IntArray,
    design: Design,
    settings: RegressionSettings,
    prepared: Prepared,
    tau2: tuple[float | None, float | None],
    moderators: tuple[Moderator, ...],
    notes: list[Note],
) -> MetaRegression:
    solution = solve(prepared, design, tau2[0] or 0.0, settings.ci)
    common = at(prepared.residual, 0.0)
    q, df = float(common.quadratic[0]), prepared.residual.df
    if q == 0:
        notes.append(note("regression.perfect-fit"))
    i2, h2 = _i2_h2(q, df, tau2[0], float(common.trace()[0]))
    ddf = None if settings.ci == "wald" else df
    vcov = solution.factor @ solution.factor.T
    omnibus, tests = _tests(Tests(prepared, design, np.sqrt(solution.w), solution.scale, ddf))
    back = np.empty(len(rows), dtype=np.intp)
    back[prepared.order] = np.arange(len(rows))
    y, residuals = effects.yi[rows], solution.residuals[back]
    return MetaRegression(
        measure=effects.measure,
        settings=settings,
        k=len(rows),
        coefficients=_coefficients(design, solution.estimates, np.sqrt(np.diag(vcov)), ddf, settings.level),
        vcov=_kept(vcov),
        factor=_kept(solution.factor),
        tau2=tau2[0],
        tau2_se=tau2[1],
        q=q,
        df=df,
        q_p=chi_squared_p(q, df),
        i2=i2,
        i2_kind="q" if tau2[0] is None else "tau2",
        h2=h2,
        r2=explained(prepared, settings, tau2[0], q),
        omnibus=omnibus,
        tests=tests,
        rows=tuple(int(row) for row in rows),
        y=_kept(y),
        v=_kept(effects.vi[rows]),
        x=_kept(design.matrix.copy()),
        fitted=_kept(y - residuals),
        residuals=_kept(residuals),
        hat=_kept(solution.hat[back]),
        weights=_kept((100 * solution.w / float(solution.w.sum()))[back]),
        moderators=moderators,
        design=design,
        dropped=tuple(term.name for term in design.dropped),
        notes=tuple(notes),
    )


def _kept(array: FloatArray) -> FloatArray:
    """The array, read-only from now on."""
    array.flags.writeable = False
    return array


def _scale(ci: str, q: float) -> float:
    """Knapp and Hartung's factor of the variances: y'Py / (k - p), ad hoc at least 1."""
    return {"hksj": q, "hksj-adhoc": max(1.0, q)}.get(ci, 1.0)


def _i2_h2(q: float, df: int, tau2: float | None, trace: float) -> tuple[float, float]:
    """From Q under a common effect; from tau2 and the typical variance df / tr(P) otherwise (Higgins & Thompson 2002,
    for regressions as in Viechtbauer 2010)."""
    if tau2 is None:
        return i2_from_q(q, df), q / df
    ratio = tau2 * trace / df
    return 100 * ratio / (1 + ratio), 1 + ratio


def _coefficients(
    design: Design, estimates: FloatArray, errors: FloatArray, ddf: int | None, level: float
) -> tuple[Coefficient, ...]:
    found: list[Coefficient] = []
    for term, estimate, se in zip(design.terms, estimates.tolist(), errors.tolist(), strict=True):
        stat = statistic(estimate, se)
        p = None if stat is None else two_sided_p(stat, ddf)
        ci = interval(estimate, se, quantile(level, ddf))
        found.append(Coefficient(term.name, term.moderator, term.level, estimate, se, stat, ddf, p, ci))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Tests:
    """Wald's tests of several coefficients, each as the fall of the weighted residual sum of squares that they bring;
    F under Knapp and Hartung's or Student's distribution."""

    prepared: Prepared
    design: Design
    root: FloatArray
    scale: float
    ddf: int | None

    def of(self, moderator: str | None, columns: list[int]) -> ModeratorTest:
        before = [i for i in range(len(self.design.terms)) if i not in columns]
        turned = np.linalg.qr(self.design.triangle[:, before + columns])[0]
        q = np.linalg.qr(self.root[:, None] * (self.prepared.basis @ turned))[0]
        part = q[:, len(before) :].T @ (self.root * self.prepared.y)
        wald, m = float(part @ part), len(columns)
        if self.scale == 0:
            return ModeratorTest(moderator, None, m, self.ddf, None)
        if self.ddf is None:
            return ModeratorTest(moderator, wald / self.scale, m, None, chi_squared_p(wald / self.scale, m))
        f = wald / (self.scale * m)
        return ModeratorTest(moderator, f, m, self.ddf, f_p(f, m, self.ddf))


def _tests(tests: Tests) -> tuple[ModeratorTest | None, tuple[ModeratorTest, ...]]:
    """Of all moderators together (None when there is none), and of each."""
    design = tests.design
    names = [name for name in dict.fromkeys(term.moderator for term in design.terms) if name is not None]
    if not names:
        return None, ()
    every = [i for i, term in enumerate(design.terms) if term.moderator is not None]
    return tests.of(None, every), tuple(tests.of(name, design.columns_of(name)) for name in names)


def f_p(f: float, df: int, ddf: int) -> float:
    """P(F >= f)."""
    from scipy.special import fdtrc

    return float(fdtrc(df, ddf, f))


def explained(prepared: Prepared, settings: RegressionSettings, tau2: float | None, q: float) -> float | None:
    """R2 in percent: the share of tau2 that moderators explain, 100 max(0, 1 - tau2 / tau2 without them) (Raudenbush
    2009); under a common effect the adjusted R2 of the weighted regression. None when there is nothing to explain."""
    k, df = len(prepared.y), prepared.residual.df
    if not settings.intercept or df == k - 1:
        return None
    ones = np.full((k, 1), 1 / math.sqrt(k))
    without = space(ones[None], np.ones((1, k)), prepared.y[None], prepared.v, k - 1, prepared.rounding)
    if settings.tau2 is None:
        total = float(at(without, 0.0).quadratic[0])
        left = (q / df) / (total / (k - 1)) if total > 0 else None
    else:
        total = float(estimator(settings.tau2).tau2(without)[0])
        left = (tau2 or 0.0) / total if total > 0 else None
    return None if left is None else 100 * max(0.0, 1 - left)
