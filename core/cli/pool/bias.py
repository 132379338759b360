"""Small-study effects: tests for asymmetry of the funnel plot, and what missing studies could do."""

from __future__ import annotations

from core import pooling
from core.cli.pool import text
from core.cli.pool.plain import plain
from core.cli.pool.request import Analysis, Option, Request, Shown
from core.pooling import AsymmetryTest


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
    Analysis("begg", "Begg and Mazumdar's test", "rank correlation of effects with their variances", begg),
    Analysis("harbord", "Harbord's test", "asymmetry for odds ratios, by the score", harbord),
    Analysis("peters", "Peters' test", "asymmetry for odds ratios, by 1 / participants", peters),
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
