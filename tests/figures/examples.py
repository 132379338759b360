"""Figures to test with: the example review's response analysis as published, and a flow."""

from __future__ import annotations

import math

from core.figures.forest_model import (
    Axis,
    ForestPlot,
    ForestPooled,
    ForestStudy,
    ForestSubgroup,
    Interval,
    RiskOfBiasColumns,
    dichotomous_columns,
)
from core.figures.prisma_model import Count, PrismaFlow, removed_before_screening
from core.figures.wording import effect_text, heterogeneity_line, overall_line, subgroup_line

_DOMAINS = (
    "Random sequence generation (selection bias)",
    "Allocation concealment (selection bias)",
    "Blinding of participants and personnel (performance bias)",
    "Blinding of outcome assessment (detection bias)",
    "Incomplete outcome data (attrition bias)",
    "Selective reporting (reporting bias)",
    "Other bias",
)
_JUDGEMENTS = {"+": "low", "?": "unclear", "-": "high"}


def ratio(estimate: float, lo: float, hi: float) -> Interval:
    """A ratio and its limits, on the log scale."""
    return Interval(math.log(estimate), math.log(lo), math.log(hi))


def study(
    label: str, cells: str, numbers: tuple[float, float, float] | None, weight: float | None, rob: str
) -> ForestStudy:
    """A row from its cells ("8 12 0 12"), its odds ratio and its judgements ("??--++-")."""
    return ForestStudy(
        label,
        tuple(cells.split()),
        ratio(*numbers) if numbers else None,
        effect_text(*numbers) if numbers else "Not estimable",
        weight,
        tuple(_JUDGEMENTS[sign] for sign in rob),
    )


def pooled(
    label: str, totals: tuple[int, int], events: tuple[int, int], numbers: tuple[float, float, float], weight: float
) -> ForestPooled:
    """A subtotal or total of a dichotomous plot."""
    return ForestPooled(
        ("", str(totals[0]), "", str(totals[1])),
        ratio(*numbers),
        effect_text(*numbers),
        weight,
        label,
        (str(events[0]), "", str(events[1]), ""),
    )


def response_plot() -> ForestPlot:
    """Response to ketamine in SAD and PTSD, odds ratios, Mantel-Haenszel, random effects."""
    sad = ForestSubgroup(
        "1.1.1 SAD",
        (
            study("Glue 2017", "8 12 0 12", (47.22, 2.24, 996.02), 16.2, "??--++-"),
            study("Taylor 2018", "6 18 0 17", (18.20, 0.94, 353.55), 16.8, "+?-?++-"),
        ),
        pooled("Subtotal (95% CI)", (30, 29), (14, 0), (28.94, 3.45, 242.57), 33.0),
        (heterogeneity_line(0.19, 1, 0.66, 0, 0.0), overall_line(3.10, 0.002)),
    )
    ptsd = ForestSubgroup(
        "1.1.2 PTSD",
        (
            study("Feder 2014", "9 22 4 19", (2.60, 0.65, 10.45), 37.1, "+++?++-"),
            study("Dadabayev 2020", "4 11 3 10", (1.33, 0.21, 8.29), 29.8, "++?++++"),
            study("Pradhan 2017", "5 5 5 5", None, None, "??--?+-"),
        ),
        pooled("Subtotal (95% CI)", (38, 34), (18, 12), (2.03, 0.67, 6.15), 67.0),
        (heterogeneity_line(0.32, 1, 0.57, 0, 0.0), overall_line(1.26, 0.21)),
    )
    levels = (("low", "Low risk of bias"), ("unclear", "Unclear risk of bias"), ("high", "High risk of bias"))
    return ForestPlot(
        "dichotomous",
        dichotomous_columns("Ketamine", "Control"),
        ("Odds Ratio", "M-H, Random, 95% CI"),
        Axis(log=True),
        subgroups=(sad, ptsd),
        overall=pooled("Total (95% CI)", (68, 63), (32, 12), (4.73, 1.10, 20.22), 100.0),
        overall_lines=(
            heterogeneity_line(5.51, 3, 0.14, 46, 0.98),
            overall_line(2.09, 0.04),
            subgroup_line(4.71, 1, 0.03, 79),
        ),
        favours=("Favours control", "Favours ketamine"),
        rob=RiskOfBiasColumns(tuple(zip("ABCDEFG", _DOMAINS, strict=True)), levels),
        footnotes=("Responder definitions differ by study.",),
    )


FLOW = PrismaFlow(
    databases=(Count("MEDLINE (Ovid)", 1212), Count("Embase (Ovid)", 1684), Count("Cochrane Library", 1333)),
    removed=removed_before_screening(1102),
    screened=3127,
    excluded=3090,
    sought=37,
    not_retrieved=3,
    assessed=34,
    reports_excluded=(Count("Wrong population", 20), Count("Wrong design", 6)),
    included_studies=8,
    included_reports=9,
)
