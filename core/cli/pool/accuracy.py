"""The accuracy of a diagnostic test, from tables of true and false positives and negatives."""

from __future__ import annotations

import argparse
from typing import Any

from core import pooling
from core.cli.pool import text
from core.cli.pool.plain import plain
from core.cli.pool.request import Shown
from core.cli.pool.table import Table
from core.errors import InputError
from core.figures.wording import effect_text
from core.pooling import Accuracy, Interval

COLUMNS = ("tp", "fp", "fn", "tn", "np", "nn")
METHODS = ("binomial", "normal")


def accuracy(options: argparse.Namespace, table: Table) -> Shown:
    """Sensitivity and specificity with their summary, and the parameters of the summary curve."""
    given: dict[str, Any] = {key: table.numbers(key) for key in COLUMNS if table.has(key)}
    if not given:
        raise InputError(
            "pool.no_accuracy_columns",
            "{name} has none of the columns that accuracy needs: tp fp fn tn (or tp np tn nn). It has: {has}.",
            name=table.name,
            has=", ".join(table.columns),
        )
    found = pooling.accuracy(labels=table.labels, method=options.accuracy, level=options.level, **given)
    rows = [
        [
            study.label,
            *(
                _share(each.estimate, each.ci) if each else text.NOT_ESTIMABLE
                for each in (study.sensitivity, study.specificity)
            ),
        ]
        for study in found.studies
    ]
    lines = [
        f"Diagnostic accuracy ({found.settings.method}, {found.settings.estimator}), {text.studies(len(table))}",
        "",
    ]
    lines += text.table(["study", "sensitivity", "specificity"], rows)
    lines += ["", *_summary(found)]
    return Shown(lines, plain(found), found.notes)


def _share(estimate: float, limits: Interval) -> str:
    return effect_text(estimate, *limits, decimals=4)


def _summary(found: Accuracy) -> list[str]:
    named = (
        ("sensitivity", found.sensitivity),
        ("specificity", found.specificity),
        ("positive likelihood ratio", found.positive_ratio),
        ("negative likelihood ratio", found.negative_ratio),
        ("diagnostic odds ratio", found.odds_ratio),
    )
    lines = [f"{name}: {_share(each.estimate, each.ci)}" for name, each in named if each is not None]
    if not lines:
        return [f"All: {text.NOT_ESTIMABLE}"]
    variances = (
        ("variance of logit sensitivity", found.sensitivity_variance),
        ("variance of logit specificity", found.specificity_variance),
        ("their correlation", found.correlation),
    )
    lines = [f"All, k = {found.k}", *(f"  {line}" for line in lines)]
    lines.append("  " + ", ".join(f"{name} {text.number(value)}" for name, value in variances if value is not None))
    if found.hsroc is not None:
        h = found.hsroc
        values = {"accuracy": h.accuracy, "threshold": h.threshold, "shape": h.shape}
        lines.append("  HSROC: " + ", ".join(f"{name} {text.number(value)}" for name, value in values.items()))
    if found.auc is not None:
        lines.append(f"  area under the summary curve {text.number(found.auc)}")
    return lines
