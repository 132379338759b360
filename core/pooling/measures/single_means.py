"""Means of one group, as they are and as logarithm."""

from __future__ import annotations

import numpy as np

from core.language import mark
from core.pooling.measures.base import Column, Computed, EffectOptions, Measure, Table, exponential, row_notes

COLUMNS = (Column("mi", mark("Mean"), "mean"), Column("sdi", mark("SD"), "sd"), Column("ni", mark("Total"), "size"))


def _of_mean(table: Table, labels: tuple[str, ...], logarithm: bool) -> Computed:
    m, sd, n = table["mi"], table["sdi"], table["ni"]
    with np.errstate(divide="ignore", invalid="ignore"):
        yi, vi = (np.log(m), sd**2 / n / m**2) if logarithm else (m.copy(), sd**2 / n)
    result = Computed(yi, vi)
    nobody = n == 0
    few = ~nobody & (n < 2)
    flat = ~nobody & ~few & (sd == 0)
    row_notes(result.notes, labels, "row.nobody", nobody)
    row_notes(result.notes, labels, "row.few-in-group", few)
    row_notes(result.notes, labels, "row.flat", flat)
    unusable = nobody | few | flat
    if logarithm:
        row_notes(result.notes, labels, "row.mean-not-positive", m <= 0)
        unusable |= m <= 0
    yi[unusable] = vi[unusable] = np.nan
    return result


def _mn(table: Table, labels: tuple[str, ...], options: EffectOptions) -> Computed:
    """m, s^2 / n."""
    return _of_mean(table, labels, logarithm=False)


def _mnln(table: Table, labels: tuple[str, ...], options: EffectOptions) -> Computed:
    """log m, s^2 / (n m^2)."""
    return _of_mean(table, labels, logarithm=True)


MEASURES = (
    Measure("MN", mark("Mean"), mark("Mean"), "mean", COLUMNS, _mn, ("IV",), null=None, compatibility=(None,)),
    Measure(
        "MNLN",
        mark("Mean, as logarithm"),
        mark("Mean"),
        "mean",
        COLUMNS,
        _mnln,
        ("IV",),
        log_scale=True,
        back=exponential,
        null=None,
        compatibility=(None,),
    ),
)
