"""Subsets of the studies (GOSH)."""

from __future__ import annotations

import numpy as np

from core import pooling
from core.cli.pool import text
from core.cli.pool.plain import plain
from core.cli.pool.request import Analysis, Option, Request, Shown
from core.errors import InputError

SHARES = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)


def gosh(request: Request, value: str) -> Shown:
    """Quantiles of the subsets' results; in JSON every subset, its members as 0 and 1 in the order of the lines."""
    if not value.isdigit():
        raise InputError("pool.gosh", "--gosh takes a number of subsets, not “{value}”.", value=value)
    seed = request.options.gosh_seed
    found = pooling.gosh(
        request.effects,
        subsets=int(value),
        seed=1 if seed is None else seed,
        **request.only("model", "method", "tau2"),
    )
    json = {
        "overall": plain(found.overall),
        "complete": found.complete,
        "members": ["".join("1" if flag else "0" for flag in subset) for subset in found.members.tolist()],
        **{name: plain(getattr(found, name)) for name in ("estimates", "i2", "q", "tau2")},
    }
    if not len(found):
        return Shown([text.NOT_ESTIMABLE], json, found.notes)
    shown = request.effects.definition.shown
    size = found.overall.size
    estimates, i2 = (np.quantile(values, SHARES) for values in (found.estimates, found.i2))
    rows = [
        [f"{share:.0%}", text.number(shown(float(estimate), size)), text.percent(float(spread))]
        for share, estimate, spread in zip(SHARES, estimates, i2, strict=True)
    ]
    which = "all" if found.complete else "a sample"
    return Shown(
        [f"{len(found)} subsets ({which})", *text.table(["quantile", "effect", "I²"], rows)], json, found.notes
    )


ANALYSES = (
    Analysis(
        "gosh",
        "GOSH",
        "pool all subsets of the studies, or a random sample of this many (default 50000)",
        gosh,
        "N",
        "50000",
        options=(Option("gosh-seed", "where the random numbers start (default 1)", "N", int),),
    ),
)
