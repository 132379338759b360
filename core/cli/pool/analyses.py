"""Every further analysis of `pool`, in the order of the help: one entry each in the module of its kind."""

from __future__ import annotations

from core.cli.pool import bias, sensitivity
from core.cli.pool.request import Analysis

GROUPS: tuple[tuple[str, tuple[Analysis, ...]], ...] = (
    ("one study more or less", sensitivity.ANALYSES),
    ("small-study effects", bias.ANALYSES),
)
"""Analyses by what they are for."""

ANALYSES: tuple[Analysis, ...] = tuple(analysis for _, group in GROUPS for analysis in group)
