"""``accuracy``: the summary of studies of a diagnostic test."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from core.errors import InputError
from core.language import mark
from core.pooling.accuracy.models import Bivariate, binomial_normal, normal_normal
from core.pooling.accuracy.results import Accuracy, AccuracySettings
from core.pooling.accuracy.summary import PERFECT, area, curve, hsroc, probability, ratios, region
from core.pooling.accuracy.tables import PROPORTION_INTERVALS, StudyAccuracy, Tables, Values, of_studies, tables
from core.pooling.measures.base import FloatArray
from core.pooling.notes import Note, note
from core.pooling.rules import Choice

ACCURACY_METHODS = (
    Choice("binomial", mark("Bivariate model, binomial within studies"), mark("binomial")),
    Choice("normal", mark("Bivariate model, normal within studies"), mark("normal")),
)
ESTIMATORS = {"binomial": ("ML",), "normal": ("REML", "ML")}
FEWEST, WEAK = 3, 5


def accuracy(
    *,
    labels: Sequence[str] | None = None,
    method: str = "binomial",
    estimator: str | None = None,
    ci: str = "exact",
    level: float = 0.95,
    **columns: Values,
) -> Accuracy:
    """Summary sensitivity and specificity with their bivariate distribution over studies.

    ``columns`` are ``tp fp fn tn``, or ``tp np tn nn`` (true positives of those with the condition, true negatives of
    those without). ``method`` "binomial": exact counts, maximum likelihood by Laplace's approximation as lme4's glmer
    (Chu & Cole 2006); "normal": logits with their variances by ``estimator`` "REML" (default) or "ML", 0.5 added to the
    cells of studies with a zero (Reitsma et al. 2005). ``ci`` is the interval of each study's own results, "exact"
    (Clopper-Pearson) or "wilson"; summaries have Wald intervals on the logit or log scale. Raises ``InputError`` for
    impossible counts and settings; what cannot be estimated is None, with a note.
    """
    settings = _settings(method, estimator, ci, level)
    found = tables(labels, columns)
    studies = of_studies(found, ci, level)
    alone = method == "binomial"
    notes = [*found.notes, *_about_rows(found, alone)]
    k = int((found.used | found.partial).sum() if alone else found.used.sum())
    problem = _problem(settings, found)
    if problem is not None:
        return Accuracy(settings, k, studies, (*notes, problem))
    if method == "normal":
        fit, corrected = normal_normal(found, settings.estimator == "REML")
        if corrected:
            notes.append(note("accuracy.corrected", count=corrected))
    else:
        fit = binomial_normal(found)
    if fit.covariance is None:
        return Accuracy(settings, k, studies, (*notes, note("accuracy.flat")))
    if k < WEAK:
        notes.append(note("accuracy.weak", count=k))
    return _summary(settings, found, studies, fit, fit.covariance, k, notes)


def _settings(method: str, estimator: str | None, ci: str, level: float) -> AccuracySettings:
    if not 0 < level < 1:
        raise InputError("pooling.level", "The confidence level must lie between 0 and 1 (0.95 for 95%).", level=level)
    known = ESTIMATORS.get(method, ("ML",))
    chosen = known[0] if estimator is None else estimator
    for kind, asked, choices in (
        ("method", method, tuple(ESTIMATORS)),
        ("interval", ci, tuple(PROPORTION_INTERVALS)),
        ("estimator", chosen, known),
    ):
        if asked not in choices:
            raise InputError(
                "accuracy.choice",
                "Test accuracy has no {kind} {asked} here. Choose one of: {known}.",
                kind=kind,
                asked=asked,
                known=", ".join(choices),
            )
    return AccuracySettings(method, chosen, ci, level)


def _about_rows(found: Tables, alone: bool) -> list[Note]:
    """Studies that do not count, or (``alone``) count for one of the two groups."""
    out = np.flatnonzero(~(found.used | found.partial) if alone else ~found.used)
    notes = [note("accuracy.incomplete", int(row), study=found.labels[int(row)]) for row in out]
    if alone:
        rows = np.flatnonzero(found.partial)
        notes += [note("accuracy.one-group", int(row), study=found.labels[int(row)]) for row in rows]
    return notes


def _problem(settings: AccuracySettings, found: Tables) -> Note | None:
    if not len(found.labels):
        return note("pool.no-studies")
    k = int(found.used.sum())
    if k < FEWEST:
        return note("accuracy.few", count=k)
    if settings.method == "normal":
        return None
    for values, what in (
        (found.tp, mark("a true positive")),
        (found.fn, mark("a false negative")),
        (found.tn, mark("a true negative")),
        (found.fp, mark("a false positive")),
    ):
        if not np.nansum(values[found.used | found.partial]):
            return note("accuracy.perfect", what=what)
    return None


def _summary(
    settings: AccuracySettings,
    found: Tables,
    studies: tuple[StudyAccuracy, ...],
    fit: Bivariate,
    covariance: FloatArray,
    k: int,
    notes: list[Note],
) -> Accuracy:
    level = settings.level
    positive, negative, odds = ratios(fit.means, covariance, level)
    parameters = hsroc(fit)
    tn, fp = found.tn[found.used], found.fp[found.used]
    correlation = None
    if parameters is not None:
        correlation = float(fit.between[0, 1] / math.sqrt(fit.between[0, 0] * fit.between[1, 1]))
        correlation = max(-1.0, min(1.0, correlation))
        if abs(correlation) > 1 - PERFECT:
            correlation = math.copysign(1.0, correlation)
            notes.append(note("accuracy.correlation", value=f"{correlation:+.0f}"))
    for number, what in ((0, mark("sensitivity")), (1, mark("specificity"))):
        if fit.between[number, number] == 0:
            notes.append(note("accuracy.no-spread", what=what))
    return Accuracy(
        settings,
        k,
        studies,
        tuple(notes),
        sensitivity=probability(float(fit.means[0]), math.sqrt(covariance[0, 0]), level),
        specificity=probability(float(fit.means[1]), math.sqrt(covariance[1, 1]), level),
        covariance=float(covariance[0, 1]),
        sensitivity_variance=float(fit.between[0, 0]),
        specificity_variance=float(fit.between[1, 1]),
        correlation=correlation,
        log_likelihood=fit.log_likelihood,
        positive_ratio=positive,
        negative_ratio=negative,
        odds_ratio=odds,
        hsroc=parameters,
        curve=None if parameters is None else curve(parameters, tn / (tn + fp)),
        auc=None if parameters is None else area(parameters),
        confidence_region=region(fit.means, covariance, k, level),
        prediction_region=region(fit.means, covariance + fit.between, k, level),
    )
