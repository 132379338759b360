"""Explanations of generalised linear mixed models and of the accuracy of tests."""

from __future__ import annotations

from core.explain.topic import Topic
from core.language import mark

_PAGE = ("analysis",)
_TWO_GROUPS = mark("Stijnen et al., Stat Med 2010;29:3046; Jackson et al., Stat Med 2018;37:1059")

TOPICS = (
    Topic(
        "method.GLMM",
        mark("Generalised linear mixed model (GLMM)"),
        _PAGE,
        mark(
            "Models the counts themselves, binomial or Poisson, instead of a logarithm with its standard error. Zero "
            "cells need no correction."
        ),
        copse=mark(
            "Random or common effect, by maximum likelihood, for odds ratios, rate ratios, proportions and "
            "rates. Heterogeneity is tested by the likelihood ratio."
        ),
        care=mark(
            "Maximum likelihood tends to give too small a τ² with few studies. When one group has no event in "
            "any study there is no finite estimate."
        ),
        source=_TWO_GROUPS,
        related=("glmm.UM.FS", "rare_events", "zero_cells", "tau2.ML"),
        words=mark("rare events logistic Poisson mixed"),
    ),
    Topic(
        "glmm.UM.FS",
        mark("Unconditional model, fixed study effects"),
        _PAGE,
        mark(
            "Each study has its own level of risk, estimated from its two groups; the effects scatter around their "
            "mean."
        ),
        copse=mark(
            "The default. Half of the scatter is put into each group. Integrals by adaptive quadrature with 7 "
            "nodes. Studies without any event, or with events only, say nothing and are left out."
        ),
        source=_TWO_GROUPS,
        related=("method.GLMM", "glmm.UM.RS", "glmm.CM.EL"),
    ),
    Topic(
        "glmm.UM.RS",
        mark("Unconditional model, random study effects"),
        _PAGE,
        mark("The levels of risk are drawn from a normal distribution too, so that studies lend each other strength."),
        copse=mark(
            "Levels and effects are taken as independent. Integrals by Laplace’s approximation. Studies without "
            "any event count when the effect sizes keep them."
        ),
        care=mark(
            "Information between studies leaks into the comparison of groups when levels and effects are related."
        ),
        source=_TWO_GROUPS,
        related=("method.GLMM", "glmm.UM.FS"),
    ),
    Topic(
        "glmm.CM.EL",
        mark("Conditional model, exact"),
        _PAGE,
        mark(
            "Takes the total of events of each study as given, so that its level of risk drops out. What remains "
            "depends on the effect only."
        ),
        copse=mark(
            "Odds ratios: noncentral hypergeometric, 25 nodes. Rate ratios: binomial, which is exact too. Needs "
            "whole numbers."
        ),
        source=_TWO_GROUPS,
        related=("method.GLMM", "glmm.CM.AL"),
    ),
    Topic(
        "glmm.CM.AL",
        mark("Conditional model, approximate"),
        _PAGE,
        mark("As the exact conditional model, with a binomial in place of the hypergeometric distribution."),
        copse=mark("Odds ratios only. A note says when events are not rare."),
        care=mark("For rare events; otherwise it estimates a risk ratio rather than an odds ratio."),
        source=_TWO_GROUPS,
        related=("method.GLMM", "glmm.CM.EL"),
    ),
    Topic(
        "accuracy",
        mark("Accuracy of a test: the bivariate model"),
        _PAGE,
        mark(
            "Pools sensitivity and specificity together, on the logit scale, with their correlation over studies: a "
            "lower threshold raises one and lowers the other."
        ),
        copse=mark(
            "Binomial within studies (exact counts, Laplace’s approximation), or normal, where 0.5 is added to "
            "studies with a zero cell. Three studies or more."
        ),
        care=mark("Five parameters are estimated; with few studies variances and correlation are hardly known."),
        source=mark("Reitsma et al., J Clin Epidemiol 2005;58:982; Chu and Cole, J Clin Epidemiol 2006;59:1331"),
        related=("accuracy.hsroc", "accuracy.regions"),
        words=mark("diagnostic sensitivity specificity DTA"),
    ),
    Topic(
        "accuracy.hsroc",
        mark("Summary ROC curve (HSROC)"),
        _PAGE,
        mark(
            "The same model told by accuracy Λ, threshold Θ and shape β. The curve shows how sensitivity changes with "
            "specificity as the threshold moves."
        ),
        formula=mark("logit sensitivity = Λ·exp(−β/2) + exp(−β)·logit(1 − specificity)"),
        copse=mark("Drawn over the observed specificities. It is not defined when a between-study variance is 0."),
        care=mark("The area under the whole curve also counts parts where no study lies."),
        source=mark("Rutter and Gatsonis, Stat Med 2001;20:2865; Harbord et al., Biostatistics 2007;8:239"),
        related=("accuracy", "accuracy.regions"),
    ),
    Topic(
        "accuracy.regions",
        mark("Confidence and prediction region"),
        _PAGE,
        mark(
            "Where the summary point lies with 95% confidence, and where the true point of a new study would lie with "
            "95% probability."
        ),
        copse=mark("Ellipses on the logit scale, with the F distribution on 2 and k − 2 degrees of freedom."),
        source=mark("Harbord et al., Biostatistics 2007;8:239"),
        related=("accuracy", "pi"),
    ),
)
