"""Small-study effects: tests for asymmetry of the funnel plot, and what missing studies could do."""

from __future__ import annotations

from core import pooling
from core.cli.pool import text
from core.cli.pool.plain import plain
from core.cli.pool.request import Analysis, Option, Request, Shown
from core.pooling import AsymmetryTest, PrecisionLine

PREDICTORS = ("sei", "vi", "ni", "ninv", "sqrtni", "sqrtninv")


def egger(request: Request, value: str) -> Shown:
    """Egger's test, or that on another measure of size; "rma" is the mixed-effects form."""
    model = request.options.egger_model or "lm"
    estimation = request.only("tau2", "ci") if model == "rma" else {}
    found = pooling.regression_test(
        request.effects, model=model, predictor=value, level=request.settings["level"], **estimation
    )
    if found.slope is None:
        return Shown(["not available"], plain(found), found.notes)
    name = "t" if found.df is not None else "z"
    slope = f"bias (slope on {value}) {text.number(found.slope)} (SE {text.number(found.slope_se)})"
    lines = [f"{slope}; {text.test(name, found.stat, found.df, found.p)}, k = {found.k}"]
    limit = found.display_limit()
    if limit is not None:
        lines.append(f"effect of an infinitely large study: {text.effect(limit)}")
    return Shown(lines, plain(found), found.notes)


def begg(request: Request, _value: str) -> Shown:
    found = pooling.rank_test(request.effects)
    if found.tau is None or found.p is None:
        return Shown(["not available"], plain(found), found.notes)
    how = "exact" if found.exact else "normal approximation"
    line = f"Kendall's tau = {found.tau:.4f}, k = {found.k} (P {_equals(text.p(found.p))}, {how})"
    return Shown([line], plain(found), found.notes)


def _equals(value: str) -> str:
    return value if value.startswith("<") else f"= {value}"


def harbord(request: Request, _value: str) -> Shown:
    return _asymmetry(pooling.harbord_test(request.effects, **request.only("level")), "bias (intercept)")


def peters(request: Request, _value: str) -> Shown:
    return _asymmetry(pooling.peters_test(request.effects, **request.only("level")), "bias (slope)")


def _asymmetry(found: AsymmetryTest, name: str) -> Shown:
    if found.bias is None:
        return Shown(["not available"], plain(found), found.notes)
    limits = "" if found.ci is None else f" [{text.number(found.ci.low)}, {text.number(found.ci.high)}]"
    line = f"{name} {text.number(found.bias)}{limits}; {text.test('t', found.t, found.df, found.p)}, k = {found.k}"
    return Shown([line], plain(found), found.notes)


def pet_peese(request: Request, _value: str) -> Shown:
    found = pooling.pet_peese(request.effects, **request.only("level"))
    if found.pet is None or found.peese is None:
        return Shown(["not available"], plain(found), found.notes)
    back = request.effects.definition.back

    def row(name: str, line: PrecisionLine) -> list[str]:
        shown = pooling.Displayed(back(line.intercept), pooling.Interval(back(line.ci.low), back(line.ci.high)))
        chosen = "reported" if name == found.chosen else ""
        return [name, text.effect(shown), text.p(line.p), text.number(line.slope), chosen]

    rows = [row("PET", found.pet), row("PEESE", found.peese)]
    return Shown(text.table(["", "corrected effect", "P", "slope", ""], rows), plain(found), found.notes)


def trim_and_fill(request: Request, value: str) -> Shown:
    found = pooling.trim_and_fill(
        request.effects,
        estimator="R0" if value == "R0" else "L0",
        side=request.options.side or "auto",
        **request.only("model", "method", "tau2", "ci", "pi", "level"),
    )
    if found.adjusted is None:
        return Shown([text.NOT_ESTIMABLE], plain(found), found.notes)
    more = "" if found.k0_se is None else f" (SE {text.number(found.k0_se)})"
    lines = [f"missing on the {found.side} side by {found.estimator}: {found.k0}{more}"]
    lines.append(f"adjusted: {text.effect(found.adjusted.display())}, k = {found.adjusted.k}")
    back = request.effects.definition.back
    lines += [f"  filled: {study.label} {text.number(back(study.yi))}" for study in found.filled]
    return Shown(lines, plain(found), found.notes)


def fail_safe(request: Request, _value: str) -> Shown:
    """The three kinds, or the one that was asked for."""
    target = request.options.fail_safe_target
    found = [
        pooling.fail_safe_n(request.effects, kind=kind, target=target if kind == "Orwin" else None)
        for kind in ("Rosenthal", "Orwin", "Rosenberg")
    ]
    rows = [
        [
            each.kind,
            "" if each.n is None else str(each.n),
            text.p(each.p),
            text.number(each.mean),
            text.number(each.target),
        ]
        for each in found
    ]
    notes = list({note.message: note for each in found for note in each.notes}.values())
    return Shown(text.table(["", "studies", "P now", "mean now", "target"], rows), plain(found), notes)


ANALYSES = (
    Analysis(
        "egger",
        "Regression test for asymmetry",
        "Egger's test (sei), or that on vi, ni, ninv, sqrtni or sqrtninv",
        egger,
        "PREDICTOR",
        "sei",
        PREDICTORS,
        (Option("egger-model", "lm (default) or rma, mixed effects", choices=("lm", "rma")),),
    ),
    Analysis("begg", "Begg and Mazumdar's test", "rank correlation of effects with their variances", begg),
    Analysis("harbord", "Harbord's test", "asymmetry for odds ratios, by the score", harbord),
    Analysis("peters", "Peters' test", "asymmetry for odds ratios, by 1 / participants", peters),
    Analysis(
        "trim-and-fill",
        "Trim and fill",
        "studies missing from a symmetric funnel plot, by L0 (default) or R0",
        trim_and_fill,
        "ESTIMATOR",
        "L0",
        ("L0", "R0"),
        (Option("side", "where studies are missing (default: auto)", choices=("auto", "left", "right")),),
    ),
    Analysis("pet-peese", "PET-PEESE", "the effect corrected for small-study effects", pet_peese),
    Analysis(
        "fail-safe",
        "Fail-safe N",
        "studies without effect that would undo the result (Rosenthal, Orwin, Rosenberg)",
        fail_safe,
        options=(
            Option("fail-safe-target", "Orwin's target, on the analysis scale (default: half the mean)", "X", float),
        ),
    ),
)
