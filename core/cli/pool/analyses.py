"""Every further analysis of `pool`, in the order of the help: one entry each in the module of its kind."""

from __future__ import annotations

from core.cli.pool import bias, clusters, compared, regression, selection, sensitivity, subsets
from core.cli.pool.request import Analysis

GROUPS: tuple[tuple[str, tuple[Analysis, ...]], ...] = (
    ("moderators", regression.ANALYSES),
    ("one study more or less", (*sensitivity.ANALYSES, *subsets.ANALYSES)),
    ("small-study effects", (*bias.ANALYSES, *selection.ANALYSES)),
    ("other models", (*clusters.ANALYSES, *compared.ANALYSES)),
)
"""Analyses by what they are for."""

ANALYSES: tuple[Analysis, ...] = tuple(analysis for _, group in GROUPS for analysis in group)
