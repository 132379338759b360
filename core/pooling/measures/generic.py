"""Effects that are entered as such: an estimate with its standard error, or O - E with its variance."""

from __future__ import annotations

import numpy as np

from core.language import mark
from core.pooling.measures.base import Column, Computed, EffectOptions, Measure, Table, exponential

COLUMNS = (Column("yi", mark("Estimate"), "number"), Column("sei", mark("SE"), "positive"))
LOG_COLUMNS = (Column("yi", mark("log estimate"), "number"), Column("sei", mark("SE"), "positive"))
VARIANCE = (Column("vi", mark("Variance"), "positive"),)
O_E_COLUMNS = (Column("oei", mark("O - E"), "number"), Column("vi", mark("Variance"), "positive"))


def _standard_error(table: Table) -> None:
    if "vi" in table and "sei" not in table:
        table["sei"] = np.sqrt(table["vi"])


def _generic(table: Table, labels: tuple[str, ...], options: EffectOptions) -> Computed:
    """As given; a variance that was given is used to its last digit."""
    variance = table["vi"] if "vi" in table else table["sei"] ** 2
    return Computed(table["yi"].copy(), variance.copy())


def _observed_expected(table: Table, labels: tuple[str, ...], options: EffectOptions) -> Computed:
    """log hazard (or odds) ratio (O - E) / V with variance 1 / V."""
    return Computed(table["oei"] / table["vi"], 1 / table["vi"])


MEASURES = (
    Measure(
        "GEN",
        mark("Generic effect"),
        mark("Effect"),
        "generic",
        COLUMNS,
        _generic,
        ("IV",),
        other_inputs=VARIANCE,
        derive=_standard_error,
    ),
    Measure(
        "GENLOG",
        mark("Generic ratio (entered as logarithm)"),
        mark("Ratio"),
        "generic",
        LOG_COLUMNS,
        _generic,
        ("IV",),
        log_scale=True,
        back=exponential,
        other_inputs=VARIANCE,
        derive=_standard_error,
    ),
    Measure(
        "O-E",
        mark("Peto odds ratio or hazard ratio from O - E"),
        mark("exp[(O-E)/V]"),
        "o-e",
        O_E_COLUMNS,
        _observed_expected,
        ("Peto", "IV"),
        log_scale=True,
        back=exponential,
    ),
)
