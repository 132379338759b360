"""Cluster-randomised trials analysed as if people had been randomised: design effect, effective sample, wider SE."""

from __future__ import annotations

import math

from core.errors import InputError
from core.language import mark
from core.pooling.conversions.base import (
    EVENTS,
    PARTICIPANTS,
    Conversion,
    Field,
    Found,
    Output,
    complete,
    count,
    each,
    positive,
    proportion,
    size,
    whole,
)
from core.pooling.conversions.sources import ELDRIDGE, handbook

GROUP = "cluster"
LIST_OF_CLUSTERS = mark("Participants of each cluster")
M = Field("m", mark("Mean cluster size"), "size", PARTICIPANTS, low=1)
ICC = proportion("icc", mark("Intracluster correlation"))
CV = Field("cv", mark("Coefficient of variation of cluster sizes"), "number", low=0, default=0.0)
DESIGN_EFFECT = Output("design_effect", mark("Design effect"))
IGNORED = mark("The paper’s analysis ignored the clusters; one that allowed for them needs no correction.")
BORROWED = mark(
    "The intracluster correlation is that of a similar trial, unless this one reports it: vary it in a sensitivity "
    "analysis."
)


def design_effect(m: float, icc: float, cv: float) -> float:
    """1 + ((cv^2 + 1) m - 1) icc (Eldridge 2006); 1 + (m - 1) icc with equal clusters (Handbook 23.1.4)."""
    return 1 + ((cv * cv + 1) * m - 1) * icc


def _design_effect(m: float, icc: float, cv: float) -> Found:
    return Found({"design_effect": design_effect(m, icc, cv)})


def _effective(n: float, events: float | None, m: float, icc: float, cv: float) -> Found:
    effect = design_effect(m, icc, cv)
    values = {"n": n / effect, "design_effect": effect}
    if events is not None:
        whole(events, n, mark("Events"), mark("Participants"))
        values["events"] = events / effect
    return Found(values)


def _inflate(se: float, m: float, icc: float, cv: float) -> Found:
    effect = design_effect(m, icc, cv)
    return Found({"se": se * math.sqrt(effect), "design_effect": effect})


def _icc(design_effect: float, m: float) -> Found:
    """The intracluster correlation that gives this design effect with clusters of equal size."""
    if m <= 1:
        raise InputError("conversion.clusters-of-one", "With clusters of one participant there is no correlation.")
    icc = (design_effect - 1) / (m - 1)
    if icc > 1:
        raise InputError(
            "conversion.design-effect",
            "A design effect cannot exceed the mean cluster size ({m}). Correct one of the two.",
            m=f"{m:.15g}",
        )
    return Found({"icc": icc})


def _sizes(sizes: tuple[float | None, ...]) -> Found:
    """Mean and coefficient of variation (with k in the variance, so that the design effect is exact)."""
    found = complete(LIST_OF_CLUSTERS, sizes, 2)
    mean = math.fsum(found) / len(found)
    variance = math.fsum((m - mean) ** 2 for m in found) / len(found)
    return Found({"m": mean, "cv": math.sqrt(variance) / mean})


CONVERSIONS = (
    Conversion(
        "design_effect",
        GROUP,
        mark("Cluster trial: design effect"),
        (M, ICC, CV),
        (DESIGN_EFFECT,),
        mark("1 + ((CV² + 1)·M − 1)·ICC, which is 1 + (M − 1)·ICC when all clusters have the same size"),
        f"{handbook('23.1.4')} {ELDRIDGE}",
        _design_effect,
        (IGNORED, BORROWED),
    ),
    Conversion(
        "effective_sample",
        GROUP,
        mark("Cluster trial: effective sample size"),
        (
            size("n", mark("Participants"), least=1),
            count("events", mark("Events"), required=False),
            M,
            ICC,
            CV,
        ),
        (
            Output("n", mark("Effective participants"), PARTICIPANTS),
            Output("events", mark("Effective events"), EVENTS, always=False),
            DESIGN_EFFECT,
        ),
        mark("Participants and events divided by the design effect; means and SDs unchanged"),
        f"{handbook('23.1.4')} {ELDRIDGE}",
        _effective,
        (IGNORED, BORROWED),
    ),
    Conversion(
        "inflate_se",
        GROUP,
        mark("Cluster trial: wider standard error"),
        (positive("se", mark("Standard error, clusters ignored")), M, ICC, CV),
        (Output("se", mark("Standard error")), DESIGN_EFFECT),
        mark("SE × √(design effect)"),
        f"{handbook('23.1.5')} {ELDRIDGE}",
        _inflate,
        (IGNORED, BORROWED),
    ),
    Conversion(
        "icc_from_design_effect",
        GROUP,
        mark("Cluster trial: intracluster correlation from a design effect"),
        (Field("design_effect", mark("Design effect"), "number", low=1), M),
        (Output("icc", mark("Intracluster correlation")),),
        mark("ICC = (design effect − 1) / (M − 1)"),
        handbook("23.1.4"),
        _icc,
        (mark("All clusters have the same size."),),
    ),
    Conversion(
        "cluster_sizes",
        GROUP,
        mark("Cluster trial: mean and variation of cluster sizes"),
        (each(Field("sizes", LIST_OF_CLUSTERS, "size", PARTICIPANTS, low=1)),),
        (Output("m", mark("Mean cluster size"), PARTICIPANTS), Output("cv", mark("Coefficient of variation"))),
        mark("Mean, and SD / mean with the number of clusters as divisor"),
        ELDRIDGE,
        _sizes,
    ),
)
