"""Explanations of models for dependent effects and for selection by P values."""

from __future__ import annotations

from core.explain.topic import Topic
from core.language import mark

_PAGE = ("analysis",)

TOPICS = (
    Topic(
        "three_level",
        mark("Three-level model"),
        _PAGE,
        mark("For several effects from one study or group, which are more alike than effects of different ones. It has "
             "a variance between clusters and one within them, so that a study with many effects does not count many "
             "times over."),
        copse=mark("Both variances by REML or ML, with profile-likelihood intervals, an I² for each and a test of "
                   "leaving one out. Sampling errors are taken as independent."),
        care=mark("Effects measured in the same people have dependent sampling errors; take cluster-robust inference "
                  "too. With few clusters the variance between them is uncertain."),
        source=mark("Konstantopoulos, Res Synth Methods 2011;2:61; Van den Noortgate et al., Behav Res Methods "
                    "2013;45:576"),
        related=("robust", "tau2", "i2"),
        words=mark("multilevel nested dependent cluster hierarchical"),
    ),
    Topic(
        "robust",
        mark("Cluster-robust inference"),
        _PAGE,
        mark("A standard error that stays right however the effects of one cluster depend on each other. The estimate "
             "itself does not change."),
        copse=mark("CR2, the default, corrects for few clusters and has Satterthwaite’s degrees of freedom. CR1 has "
                   "one degree of freedom less than clusters."),
        care=mark("Below 4 degrees of freedom its P is not to be relied on. CR1 needs about 40 clusters."),
        source=mark("Hedges, Tipton and Johnson, Res Synth Methods 2010;1:39; Pustejovsky and Tipton, J Bus Econ Stat "
                    "2018;36:672; Tipton, Psychol Methods 2015;20:375"),
        related=("three_level", "ci.hksj"),
        words=mark("sandwich RVE CR1 CR2 dependent"),
    ),
    Topic(
        "selection_model",
        mark("Selection model"),
        _PAGE,
        mark("Asks what all studies would show, seen or not, if the chance that a study is published depended on its "
             "P value. It estimates that chance together with the effect."),
        copse=mark("Step: the chance is constant between chosen P values, or fixed as a “what if”. Beta: it follows a "
                   "smooth curve. By maximum likelihood; the test compares with no selection."),
        care=mark("A sensitivity analysis, not a correction. It needs many studies, some in every interval of P, and "
                  "effects that scatter like a normal distribution."),
        source=mark("Vevea and Hedges, Psychometrika 1995;60:419; Vevea and Woods, Psychol Methods 2005;10:428; "
                    "Citkowicz and Vevea, Psychol Methods 2017;22:28"),
        related=("tau2.ML", "three_level"),
        words=mark("publication bias weight function small-study beta step Vevea Hedges"),
    ),
)  # fmt: skip
