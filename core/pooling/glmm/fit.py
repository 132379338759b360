"""``glmm``: pooling counts by generalised linear mixed models."""

from __future__ import annotations

import numpy as np

from core.errors import InputError
from core.pooling.glmm.likelihoods import LARGEST, OFFERED, SMALL, Counts, Likelihood, likelihood
from core.pooling.glmm.results import Glmm, GlmmSettings
from core.pooling.glmm.search import Peak, first_standard_error, highest, observed_information
from core.pooling.heterogeneity import typical_variance
from core.pooling.inference import (
    chi_squared_p,
    interval,
    prediction_interval,
    quantile,
    statistic,
    two_sided_p,
)
from core.pooling.measures.base import BoolArray
from core.pooling.notes import Note, note
from core.pooling.results import EffectSizes
from core.pooling.rules import AUTO, INTERVALS, MODELS, PREDICTION_INTERVALS, label

COLUMNS = {
    "OR": ("binomial", ("ai", "ci"), ("n1i", "n2i")),
    "IRR": ("poisson", ("x1i", "x2i"), ("t1i", "t2i")),
    "PLO": ("binomial", ("xi",), ("ni",)),
    "IRLN": ("poisson", ("xi",), ("ti",)),
}
# A standard deviation below this is reported as 0: the likelihood is flat there.
NOTHING = 1e-4


def glmm(
    effects: EffectSizes,
    *,
    likelihood: str | None = None,
    model: str = "random",
    ci: str = "wald",
    pi: str | None = AUTO,
    level: float = 0.95,
) -> Glmm:
    """Pool counts by a generalised linear mixed model, by maximum likelihood (Stijnen, Hamza & Ozdemir 2010, Stat Med
    29:3046; Simmonds & Higgins 2016, Stat Methods Med Res 25:2858). No zero cell is corrected.

    ``effects`` of measure OR, IRR (two groups), PLO or IRLN (one group). ``likelihood`` for two groups: "UM.FS"
    (default), "UM.RS", "CM.EL", "CM.AL" (the last for OR only); None for one group. Integrals: adaptive Gauss-Hermite
    quadrature with 7 nodes (25 for the exact conditional model of OR), Laplace's approximation for UM.RS. ``model``
    "random" or "common"; ``ci`` "wald" or "t" (k - 1 degrees of freedom); ``pi`` "t(k-1)" (default), "t(k-2)", "z" or
    None. Studies where neither group has an event, or all have, count in UM.RS only and only when the effects were
    computed with drop00=False. Raises ``InputError`` for settings that do not go together; what cannot be estimated is
    None, with a note.
    """
    settings = _settings(effects, likelihood, model, ci, pi, level)
    kind, events, sizes = COLUMNS[effects.measure]
    everyone = Counts(
        "binomial" if kind == "binomial" else "poisson",
        tuple(effects.table[key] for key in events),
        tuple(effects.table[key] for key in sizes),
    )
    complete = np.isfinite(sum((*everyone.x, *everyone.n), np.zeros(len(effects))))
    complete &= np.all([size > 0 for size in everyone.n], axis=0)
    used = complete & ~_without_information(effects, settings, everyone)
    counts, k, listed = everyone.rows(used), int(used.sum()), int(complete.sum())
    notes = _about_rows(effects, settings, used, counts)
    if not k:
        reason = note("pool.none-estimable") if len(effects) else note("pool.no-studies")
        return Glmm(effects.measure, settings, 0, listed, (*notes, reason))
    _whole_counts(effects, settings, used)
    problem = _problem(settings, counts)
    if problem is not None:
        return Glmm(effects.measure, settings, 0, listed, (*notes, problem))
    return _fitted(effects, settings, used, counts, listed, notes)


def _settings(
    effects: EffectSizes, likelihood: str | None, model: str, ci: str, pi: str | None, level: float
) -> GlmmSettings:
    measure = effects.definition.label
    if effects.measure not in OFFERED or effects.compatibility is not None:
        raise InputError(
            "glmm.measure",
            "A generalised linear mixed model pools counts of the measures {known} under current conventions; these "
            "are {measure} under {conventions}. Choose inverse variance, or compute one of these.",
            known=", ".join(OFFERED),
            measure=measure,
            conventions="RevMan 5's" if effects.compatibility == "revman5" else "current ones",
        )
    if not 0 < level < 1:
        raise InputError("pooling.level", "The confidence level must lie between 0 and 1 (0.95 for 95%).", level=level)
    offered = OFFERED[effects.measure]
    chosen = offered[0] if likelihood is None else likelihood
    if chosen not in offered:
        raise InputError(
            "glmm.likelihood",
            "There is no likelihood {asked} for {measure}. Choose one of: {known}.",
            asked=chosen,
            measure=measure,
            known=", ".join(str(entry) for entry in offered),
        )
    predictions = [entry.key for entry in PREDICTION_INTERVALS]
    for name, asked, known in (
        ("model", model, [entry.key for entry in MODELS]),
        ("confidence interval", ci, ["wald", "t"]),
        ("prediction interval", pi, [*predictions, AUTO, None]),
    ):
        if asked not in known:
            raise InputError(
                "glmm.choice",
                "A generalised linear mixed model has no {kind} {asked}. Choose one of: {known}.",
                kind=name,
                asked=asked,
                known=", ".join(str(entry) for entry in known),
            )
    if model == "common" and pi not in (AUTO, None):
        raise InputError(
            "glmm.no-prediction",
            "A common-effect model has no prediction interval. Leave out pi, or choose random effects.",
        )
    default = predictions[0] if model == "random" else None
    return GlmmSettings(
        chosen,
        "random" if model == "random" else "common",
        "t" if ci == "t" else "wald",
        default if pi == AUTO else pi,
        level,
    )


def _without_information(effects: EffectSizes, settings: GlmmSettings, counts: Counts) -> BoolArray:
    """Studies of two groups where neither has an event, or all have."""
    if len(counts.x) == 1 or (settings.likelihood == "UM.RS" and not effects.options.drop00):
        return np.zeros(len(counts), dtype=np.bool_)
    none = np.all([x == 0 for x in counts.x], axis=0)
    if counts.kind == "poisson":
        return none
    return none | np.all([x == n for x, n in zip(counts.x, counts.n, strict=True)], axis=0)


def _about_rows(effects: EffectSizes, settings: GlmmSettings, used: BoolArray, counts: Counts) -> list[Note]:
    notes: list[Note] = []
    if not used.all():
        names = [effects.labels[row] for row in np.flatnonzero(~used)]
        notes.append(note("pool.left-out", count=len(names), total=len(effects), studies=", ".join(names)))
    if settings.likelihood == "CM.AL" and len(counts):
        share = sum(counts.x, np.zeros(len(counts))) / sum(counts.n, np.zeros(len(counts)))
        if (share > 0.1).any():
            notes.append(note("glmm.not-rare", count=int((share > 0.1).sum()), total=len(counts)))
    return notes


def _whole_counts(effects: EffectSizes, settings: GlmmSettings, used: BoolArray) -> None:
    """The exact conditional model counts possible tables; ``InputError`` when a number is not whole."""
    if settings.likelihood != "CM.EL" or effects.measure != "OR":
        return
    whole = np.all([effects.table[key] == np.floor(effects.table[key]) for key in ("ai", "n1i", "ci", "n2i")], axis=0)
    for row in np.flatnonzero(used & ~whole)[:1]:
        raise InputError(
            "glmm.whole-counts",
            "{study}: the exact conditional model needs whole numbers of events and participants. Correct the counts, "
            "or choose an unconditional model.",
            study=effects.labels[int(row)],
        )


def _problem(settings: GlmmSettings, counts: Counts) -> Note | None:
    """Why there is no finite estimate: all studies at an edge of what is possible for them."""
    x, n = counts.x, counts.n
    bounded = counts.kind == "binomial" and settings.likelihood != "CM.AL"
    if len(x) == 1:
        low, high = x[0] == 0, (x[0] == n[0]) & bounded
    elif bounded:
        low, high = (x[0] == 0) | (x[1] == n[1]), (x[0] == n[0]) | (x[1] == 0)
    else:
        low, high = x[0] == 0, x[1] == 0
    if low.all() or high.all():
        return note("glmm.one-sided")
    if settings.model == "random" and settings.likelihood != "UM.RS" and len(counts) > 1 and np.all(low | high):
        return note("glmm.all-extreme")
    return None


def _fitted(
    effects: EffectSizes, settings: GlmmSettings, used: BoolArray, counts: Counts, listed: int, notes: list[Note]
) -> Glmm:
    k = len(counts)
    found = likelihood(settings.likelihood, counts, k > 1)
    random = settings.model == "random" and k > 1
    peak = highest(found.objective, found.common, 1, SMALL, LARGEST) if random else found.common
    if peak is None:
        return Glmm(effects.measure, settings, 0, listed, (*notes, note("glmm.unbounded")))
    if abs(peak.at[1]) < NOTHING:
        peak = found.common
    se = _standard_error(found, peak)
    if se is None:
        return Glmm(effects.measure, settings, 0, listed, (*notes, note("glmm.flat")))
    tau2 = float(peak.at[1]) ** 2 if random else None
    estimate, ddf = float(peak.at[0]), k - 1 if settings.ci == "t" and k > 1 else None
    stat = statistic(estimate, se)
    pi = None
    if settings.pi is not None and tau2 is not None and k >= 3:
        pi = prediction_interval(estimate, se, tau2, k, settings.pi, settings.level)
    i2, h2 = _inconsistency(effects, used, tau2)
    found.objective(peak.at)
    q = max(0.0, 2 * (found.best - found.saturated - found.common.height)) if k > 1 else None
    return Glmm(
        effects.measure,
        settings,
        k,
        listed,
        (*notes, *_about_fit(settings, k, tau2)),
        estimate=estimate,
        se=se,
        ci=interval(estimate, se, quantile(settings.level, ddf)),
        ci_method="wald" if ddf is None else "t",
        test="z" if ddf is None else "t",
        stat=stat,
        ddf=ddf,
        p=None if stat is None else two_sided_p(stat, ddf),
        pi=pi,
        tau2=tau2,
        sigma2=_variance(float(peak.at[3])) if found.random_studies else None,
        df=k - 1,
        q_lrt=q,
        q_lrt_p=None if q is None else chi_squared_p(q, k - 1),
        q_wald=found.wald,
        q_wald_p=None if found.wald is None else chi_squared_p(found.wald, k - 1),
        i2=i2,
        i2_kind=None if i2 is None else "tau2",
        h2=h2,
        log_likelihood=peak.height + found.saturated,
        conditional_log_likelihood=found.objective.conditional() + found.saturated,
    )


def _variance(deviation: float) -> float:
    """The square of a standard deviation, exactly 0 where that is next to nothing."""
    return 0.0 if abs(deviation) < NOTHING else deviation * deviation


def _standard_error(found: Likelihood, peak: Peak) -> float | None:
    """From the observed information of all parameters that are not at the border of their range."""
    free = [0, 2] if found.random_studies else [0]
    free += [number for number in (1, 3) if number < len(peak.at) and abs(peak.at[number]) >= NOTHING]
    return first_standard_error(observed_information(found.objective, peak, free))


def _inconsistency(effects: EffectSizes, used: BoolArray, tau2: float | None) -> tuple[float | None, float | None]:
    """I2 in percent and H2 beside the typical variance of the studies' own effects."""
    rows = used & effects.estimable
    if tau2 is None or rows.sum() < 2:
        return None, None
    s2 = typical_variance(effects.vi[rows])
    return 100 * tau2 / (tau2 + s2), tau2 / s2 + 1


def _about_fit(settings: GlmmSettings, k: int, tau2: float | None) -> list[Note]:
    notes: list[Note] = []
    if k == 1:
        notes.append(note("pool.one-study"))
        if settings.ci == "t":
            notes.append(note("ci.one-study", asked=label(INTERVALS, "t")))
    if tau2 == 0:
        notes.append(note("glmm.no-spread"))
    if settings.pi is not None and k < 3:
        notes.append(note("pi.few"))
    return notes
