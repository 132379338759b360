"""Egger's family of regression tests for small-study effects, and PET-PEESE."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, SupportsFloat

import numpy as np

from core.errors import InputError
from core.language import mark
from core.pooling.inference import Interval
from core.pooling.measures import measure as measure_of
from core.pooling.measures.base import FloatArray
from core.pooling.notes import Note, note
from core.pooling.regression.design import Term, independent
from core.pooling.regression.estimators import estimator
from core.pooling.regression.fit import INTERVALS, check_level, fit_design, unknown
from core.pooling.regression.results import MetaRegression, RegressionSettings
from core.pooling.regression.space import IntArray
from core.pooling.results import Displayed, EffectSizes
from core.pooling.rules import Choice

PREDICTORS = (
    Choice("sei", mark("Standard error"), mark("SE")),
    Choice("vi", mark("Variance"), mark("variance")),
    Choice("ni", mark("Sample size"), mark("n")),
    Choice("ninv", mark("Inverse of the sample size"), mark("1 / n")),
    Choice("sqrtni", mark("Square root of the sample size"), mark("√n")),
    Choice("sqrtninv", mark("Inverse square root of the sample size"), mark("1 / √n")),
)
WITH_LIMIT = ("sei", "vi", "ninv", "sqrtninv")
"""Predictors that are 0 for a study of infinite size, so that the intercept is the effect expected there."""
REGRESSION_TEST_MODELS = (
    Choice("lm", mark("Weighted regression (Egger)"), mark("Egger")),
    Choice("rma", mark("Meta-regression with between-study variance"), mark("mixed effects")),
)
LEAST, ENOUGH = 3, 10
PET_LEVEL = 0.10

Sizes = Sequence[SupportsFloat | None] | FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class RegressionTest:
    """A regression test for funnel plot asymmetry: ``stat`` tests the slope on the predictor, Student's t with ``df``
    degrees of freedom or z when that is None. ``limit`` is the effect expected of an infinitely large study, with
    ``limit_ci`` (None for predictors that have no such limit). ``fit`` is the regression, for drawing its line. All
    are None when the test is not available, for the reason in ``notes``. ``k`` counts the studies used."""

    model: Literal["lm", "rma"]
    predictor: str
    measure: str
    k: int
    notes: tuple[Note, ...]
    slope: float | None = None
    slope_se: float | None = None
    intercept: float | None = None
    intercept_se: float | None = None
    stat: float | None = None
    df: int | None = None
    p: float | None = None
    limit: float | None = None
    limit_ci: Interval | None = None
    tau2: float | None = None
    fit: MetaRegression | None = None

    def display_limit(self) -> Displayed | None:
        """The limit estimate on the scale that readers see."""
        return (
            None if self.limit is None or self.limit_ci is None else _displayed(self.measure, self.limit, self.limit_ci)
        )


def regression_test(
    effects: EffectSizes,
    *,
    model: str = "lm",
    predictor: str = "sei",
    tau2: str | None = None,
    ci: str | None = None,
    level: float = 0.95,
    ni: Sizes | None = None,
) -> RegressionTest:
    """Test whether small studies show other effects than large ones, by regressing effects on a measure of size.

    ``model`` "lm": weights 1 / v with a multiplicative dispersion, t(k - 2); with predictor "sei" this is the test of
    Egger et al. 1997 (its intercept is this slope). "rma": mixed-effects meta-regression with ``tau2`` (default "REML")
    and ``ci`` "wald" (default), "t", "hksj" or "hksj-adhoc" (Sterne & Egger 2005). ``predictor``: the standard error,
    "vi" the variance, "ni" the sample size, "ninv", "sqrtni", "sqrtninv" its inverse and roots (Macaskill et al. 2001;
    Moreno et al. 2009); sizes come from the groups' numbers of participants or from ``ni``. Fewer than three studies:
    not available. Raises ``InputError`` when the predictor is the same in all studies, or sizes are not known.
    """
    settings = _settings(model, predictor, tau2, ci, level)
    kind: Literal["lm", "rma"] = "lm" if model == "lm" else "rma"
    used = effects.estimable.copy()
    notes: list[Note] = []
    if not used.all():
        names = [effects.labels[row] for row in np.flatnonzero(~used)]
        notes.append(note("pool.left-out", count=len(names), total=len(effects), studies=", ".join(names)))
    sizes = np.ones(len(effects))
    if predictor not in ("sei", "vi"):
        sizes = sample_sizes(effects, ni)
        lacking = np.flatnonzero(used & np.isnan(sizes))
        used[lacking] = False
        notes += [note("regtest.no-size", int(row), study=effects.labels[row]) for row in lacking]
    rows = np.flatnonzero(used)
    fit = _line(effects, rows, _values(predictor, effects.vi[rows], sizes[rows]), predictor, settings, notes)
    if fit is None:
        return RegressionTest(kind, predictor, effects.measure, len(rows), tuple(notes))
    intercept, slope = fit.coefficients
    limit = intercept if predictor in WITH_LIMIT else None
    return RegressionTest(
        kind,
        predictor,
        effects.measure,
        fit.k,
        tuple(notes),
        slope.estimate,
        slope.se,
        intercept.estimate,
        intercept.se,
        slope.stat,
        slope.ddf,
        slope.p,
        None if limit is None else limit.estimate,
        None if limit is None else limit.ci,
        fit.tau2,
        fit,
    )


def _settings(model: str, predictor: str, tau2: str | None, ci: str | None, level: float) -> RegressionSettings:
    models = [choice.key for choice in REGRESSION_TEST_MODELS]
    if model not in models:
        raise unknown("model of a regression test", model, models)
    predictors = [choice.key for choice in PREDICTORS]
    if predictor not in predictors:
        raise unknown("predictor", predictor, predictors)
    check_level(level)
    if model == "lm":
        if tau2 is not None or ci is not None:
            raise InputError(
                "regtest.lm",
                "The weighted regression (model lm) has no between-study variance and one kind of interval. Leave out "
                "tau2 and ci, or choose the model rma.",
            )
        return RegressionSettings("common", None, "hksj", level, True)
    if ci is not None and ci not in INTERVALS:
        raise unknown("confidence interval of a meta-regression", ci, INTERVALS)
    return RegressionSettings("random", estimator(tau2 or "REML").key, ci or "wald", level, True)


def _line(
    effects: EffectSizes,
    rows: IntArray,
    values: FloatArray,
    predictor: str,
    settings: RegressionSettings,
    notes: list[Note],
) -> MetaRegression | None:
    """The regression of the effects on one predictor; None, with a note, when there is none."""
    if len(rows) < LEAST:
        notes.append(note("regtest.too-few", k=len(rows), least=LEAST))
        return None
    terms = (Term("intercept"), Term(predictor, predictor))
    design = independent(terms, [np.ones(len(rows)), values], True)
    if design.dropped:
        raise _all_alike(predictor)
    fit = fit_design(effects, rows, design, settings)
    if settings.model == "common" and fit.q == 0:
        notes.append(note("regtest.perfect-fit"))
        return None
    if len(rows) < ENOUGH:
        notes.append(note("regtest.few", k=len(rows), least=ENOUGH))
    return fit


def _all_alike(predictor: str) -> InputError:
    if predictor in ("sei", "vi"):
        return InputError(
            "regtest.equal-se",
            "All studies have the same standard error, so a regression on it is not defined. Nothing can be said about "
            "small studies here.",
        )
    return InputError(
        "regtest.equal-sizes",
        "All studies have the same sample size, so a regression on it is not defined. Nothing can be said about small "
        "studies here.",
    )


def _values(predictor: str, v: FloatArray, sizes: FloatArray) -> FloatArray:
    values = {
        "sei": lambda: np.sqrt(v),
        "vi": lambda: v,
        "ni": lambda: sizes,
        "ninv": lambda: 1 / sizes,
        "sqrtni": lambda: np.sqrt(sizes),
        "sqrtninv": lambda: 1 / np.sqrt(sizes),
    }
    return values[predictor]()


def sample_sizes(effects: EffectSizes, ni: Sizes | None = None) -> FloatArray:
    """The size of every study, from ``ni`` when given, else from the data: participants, pairs of matched tables, time
    at risk of rates; NaN where it is not known. ``InputError`` when the measure has no such numbers, and for sizes that
    are not positive."""
    if ni is None:
        keys = _size_columns(effects)
        if not keys:
            raise InputError(
                "regtest.no-sizes",
                "{measure} has no numbers of participants. Give the sample sizes (ni), or choose the standard error as "
                "predictor.",
                measure=effects.definition.label,
            )
        return np.sum([effects.table[key] for key in keys], axis=0)
    try:
        sizes = np.array(ni, dtype=np.float64)
    except (TypeError, ValueError) as problem:
        raise InputError(
            "pooling.not-a-number", "The input {column} holds something that is not a number.", column="ni"
        ) from problem
    if sizes.shape != (len(effects),):
        raise InputError(
            "pooling.lengths",
            "All inputs need one value per study, but they differ in length: {lengths}.",
            lengths=f"effects {len(effects)}, ni {sizes.size}",
        )
    bad = np.flatnonzero((sizes <= 0) | np.isinf(sizes)).tolist()
    if bad:
        raise InputError(
            "regtest.bad-size",
            "{study}: a sample size must be a positive number; it is {value}.",
            study=effects.labels[bad[0]],
            value=f"{sizes[bad[0]]:.15g}",
            row=bad[0],
        )
    return sizes


def _size_columns(effects: EffectSizes) -> list[str]:
    columns = effects.definition.columns
    totals = [column.key for column in columns if column.kind in ("total", "size")]
    if not totals and all(column.kind == "count" for column in columns):
        return [column.key for column in columns]
    return totals or [column.key for column in columns if column.key in ("ti", "t1i", "t2i")]


@dataclass(frozen=True, slots=True)
class PrecisionLine:
    """One regression of PET-PEESE: ``intercept`` is the effect corrected for small-study effects, ``stat`` and ``p``
    (t with ``df`` degrees of freedom) test whether it is 0."""

    intercept: float
    intercept_se: float
    slope: float
    slope_se: float
    stat: float | None
    p: float | None
    df: int
    ci: Interval


@dataclass(frozen=True, slots=True)
class PetPeese:
    """Both regressions and the one that the conditional rule picks; all None when not available (see ``notes``)."""

    measure: str
    k: int
    notes: tuple[Note, ...]
    pet: PrecisionLine | None = None
    peese: PrecisionLine | None = None
    chosen: Literal["PET", "PEESE"] | None = None

    @property
    def line(self) -> PrecisionLine | None:
        """The regression that is reported."""
        return self.peese if self.chosen == "PEESE" else self.pet

    def display(self) -> Displayed | None:
        """The corrected effect on the scale that readers see."""
        return None if self.line is None else _displayed(self.measure, self.line.intercept, self.line.ci)


def pet_peese(effects: EffectSizes, *, level: float = 0.95) -> PetPeese:
    """The effect corrected for small-study effects: the intercept of the weighted regression (1 / v, multiplicative
    dispersion, t(k - 2)) on the standard error (PET) or on the variance (PEESE).

    Conditional rule: PEESE when PET's intercept differs from 0 at P < 0.10, two-sided; PET otherwise (Stanley &
    Doucouliagos 2014, Res Synth Methods 5:60). Not available for fewer than three studies and for perfect fits; raises
    ``InputError`` when all standard errors are equal.
    """
    pet = regression_test(effects, predictor="sei", level=level)
    peese = regression_test(effects, predictor="vi", level=level)
    lines = _precision_line(pet), _precision_line(peese)
    if lines[0] is None or lines[1] is None:
        return PetPeese(effects.measure, pet.k, pet.notes if lines[0] is None else peese.notes)
    p = lines[0].p
    chosen: Literal["PET", "PEESE"] = "PEESE" if p is not None and p < PET_LEVEL else "PET"
    notes = (*pet.notes, note(f"pet-peese.{chosen.lower()}", p=1.0 if p is None else p))
    return PetPeese(effects.measure, pet.k, notes, *lines, chosen)


def _precision_line(test: RegressionTest) -> PrecisionLine | None:
    if test.fit is None:
        return None
    intercept, slope = test.fit.coefficients
    return PrecisionLine(
        intercept.estimate,
        intercept.se,
        slope.estimate,
        slope.se,
        intercept.stat,
        intercept.p,
        test.fit.df,
        intercept.ci,
    )


def _displayed(measure: str, estimate: float, ci: Interval) -> Displayed:
    back = measure_of(measure).back
    return Displayed(back(estimate), Interval(back(ci.low), back(ci.high)))
