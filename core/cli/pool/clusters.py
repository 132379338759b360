"""Other models for the same studies: generalised linear mixed models, effects in clusters."""

from __future__ import annotations

from core import pooling
from core.cli.pool import text
from core.cli.pool.plain import plain
from core.cli.pool.request import Analysis, Option, Request, Shown
from core.figures.wording import overall_line
from core.pooling import ThreeLevel

ONLY = "only"
"""--glmm without a value: the likelihood that the measure has, or the usual one."""


def glmm(request: Request, value: str) -> Shown:
    likelihood = None if value == ONLY else value
    settings = request.only("model", "pi", "level")
    ci = request.settings["ci"]
    found = pooling.glmm(request.effects, likelihood=likelihood, **settings, **({} if ci is None else {"ci": ci}))
    lines = [f"{found.settings.likelihood or 'random intercepts'}: {text.effect(found.display())}, k = {found.k}"]
    if found.estimable:
        if found.tau2 is not None:
            lines.append(f"Tau² = {text.number(found.tau2)}, I² = {text.percent(found.i2)}")
        lines.append(overall_line(found.stat, found.p, df=found.ddf))
        lines.append(
            f"heterogeneity: {text.test('Wald', found.q_wald, found.df, found.q_wald_p)}; "
            f"{text.test('LRT', found.q_lrt, found.df, found.q_lrt_p)}"
        )
        lines.append(f"log-likelihood {text.number(found.log_likelihood)}")
    return Shown(lines, plain(found), found.notes)


def cluster(request: Request, value: str) -> Shown:
    """A three-level model, and its cluster-robust test where that is asked for."""
    names: list[object] = [name or None for name in request.table.names(value)]
    ci = request.settings["ci"]
    fit = pooling.three_level(
        request.effects, names, **request.only("pi", "level"), **({} if ci is None else {"ci": ci})
    )
    lines, json, notes = _three_level(fit), plain(fit), list(fit.notes)
    kind = request.options.robust
    if kind is not None and fit.estimable:
        found = pooling.robust(request.effects, fit, kind=kind, level=fit.level)
        lines.append(
            f"{kind}: {text.effect(found.display())}, SE {text.number(found.se)}; "
            f"{text.test('t', found.stat, f'{found.df:.2f}', found.p)}"
        )
        json["robust"] = plain(found)
        notes += found.notes
    return Shown(lines, json, notes)


def _three_level(fit: ThreeLevel) -> list[str]:
    lines = [f"{text.effect(fit.display())}, {fit.k} effects in {fit.clusters} clusters"]
    if not fit.estimable:
        return lines
    lines.append(overall_line(fit.stat, fit.p, df=fit.ddf))
    for name, variance, limits, share in (
        ("between clusters", fit.between, fit.between_ci, fit.i2_between),
        ("within clusters", fit.within, fit.within_ci, fit.i2_within),
    ):
        if variance is not None:
            more = "" if limits is None else f" [{text.number(limits.low)}, {text.number(limits.high)}]"
            lines.append(f"variance {name} {text.number(variance)}{more}, I² = {text.percent(share)}")
    shown = fit.display()
    if shown is not None and shown.pi is not None:
        lines.append(f"prediction interval {text.interval(shown.pi)}")
    return lines


ANALYSES = (
    Analysis(
        "glmm",
        "Generalised linear mixed model",
        "counts without a correction: UM.FS (usual), UM.RS, CM.EL or CM.AL (OR, IRR); no value for PLO, IRLN",
        glmm,
        "MODEL",
        ONLY,
        (ONLY, *(choice.key for choice in pooling.GLMM_LIKELIHOODS)),
    ),
    Analysis(
        "cluster",
        "Three-level model",
        "several effects come from one cluster, which this column names",
        cluster,
        "COL",
        options=(Option("robust", "cluster-robust inference as well", choices=("CR1", "CR2")),),
    ),
)
