"""Analyses that leave studies out, add them one by one, or look at their influence; the interval of tau2."""

from __future__ import annotations

from collections.abc import Sequence

from core import pooling
from core.cli.pool import text
from core.cli.pool.plain import plain
from core.cli.pool.request import Analysis, Request, Shown
from core.pooling import Refit

ORDERS = ("given", "precision", "effect")


def leave_one_out(request: Request, _value: str) -> Shown:
    found = pooling.leave_one_out(request.effects, **request.settings)
    return Shown(_refits("without", found.refits), plain(found), found.notes)


def cumulative(request: Request, value: str) -> Shown:
    """In an order of its own, or by a column: numbers from small to large, texts by the alphabet."""
    order: str | list[int] = value
    if value not in ORDERS:
        table = request.table
        keys = table.numbers(value) if table.is_numeric(value) else table.names(value)
        # What is empty comes last.
        order = sorted(range(len(keys)), key=lambda row: (keys[row] in (None, ""), keys[row] or 0, row))
    found = pooling.cumulative(request.effects, order=order, **request.settings)
    return Shown(_refits("added", found.steps), plain(found), found.notes)


def _refits(head: str, refits: Sequence[Refit]) -> list[str]:
    rows = [
        [
            refit.label,
            str(refit.pooled.k),
            text.effect(refit.pooled.display()),
            text.p(refit.pooled.p),
            text.number(refit.pooled.tau2),
            text.percent(refit.pooled.i2),
            ", ".join(refit.changes),
        ]
        for refit in refits
    ]
    return text.table([head, "k", "effect", "P", "Tau²", "I²", "changes"], rows)


def influence(request: Request, _value: str) -> Shown:
    found = pooling.influence(request.effects, **request.only("model", "method", "tau2", "ci"))
    head = ["study", "rstudent", "DFFITS", "Cook's D", "cov. ratio", "Tau² without", "Q without", "hat", "weight", ""]
    rows = [
        [
            each.label,
            text.number(each.rstudent),
            text.number(each.dffits),
            text.number(each.cooks_distance),
            text.number(each.cov_ratio),
            text.number(each.tau2_deleted),
            text.number(each.q_deleted),
            text.number(each.hat),
            text.percent(each.weight),
            "*" if each.influential else "",
        ]
        for each in found.studies
    ]
    return Shown(text.table(head, rows), plain(found), found.notes)


def baujat(request: Request, _value: str) -> Shown:
    found = pooling.baujat(request.effects, **request.only("model", "method", "tau2", "ci"))
    rows = [[point.label, text.number(point.x), text.number(point.y)] for point in found.points]
    return Shown(text.table(["study", "share of heterogeneity", "influence"], rows), plain(found), found.notes)


def tau2_interval(request: Request, _value: str) -> Shown:
    found = pooling.tau2_interval(request.effects, **request.only("tau2", "level"))
    measures = (("Tau²", found.tau2), ("Tau", found.tau), ("I² (%)", found.i2), ("H²", found.h2))
    rows = [[name, text.number(each.estimate), text.interval(each.ci)] for name, each in measures if each is not None]
    head = ["", "estimate", f"{100 * found.level:g}% interval"]
    return Shown(text.table(head, rows) if rows else ["not estimable"], plain(found), found.notes)


ANALYSES = (
    Analysis("leave-one-out", "Leave-one-out", "the result without each study in turn", leave_one_out),
    Analysis(
        "cumulative",
        "Cumulative meta-analysis",
        "add the studies one by one, in the order given, by precision or effect, or by a column such as year",
        cumulative,
        "COL|precision|effect",
        "given",
    ),
    Analysis(
        "influence",
        "Influence",
        "case deletion diagnostics of each study, by Wald's standard errors unless --ci is hksj",
        influence,
    ),
    Analysis("baujat", "Baujat plot", "each study's share of heterogeneity, and its influence", baujat),
    Analysis(
        "interval-of-tau2",
        "Q-profile intervals",
        "confidence intervals of Tau², I² and H² (Q-profile)",
        tau2_interval,
    ),
)
