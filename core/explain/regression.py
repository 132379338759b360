"""Explanations of meta-regression and of the regression tests for small-study effects."""

from __future__ import annotations

from core.explain.topic import Topic
from core.language import mark

_PAGE = ("analysis",)

TOPICS = (
    Topic(
        "metaregression",
        mark("Meta-regression"),
        _PAGE,
        mark(
            "Asks whether effects change with characteristics of the studies, such as dose or year: a regression in "
            "which precise studies weigh more."
        ),
        formula=mark("effect = b₀ + b₁ x₁ + …,  weights 1 / (SE² + τ²)"),
        copse=mark(
            "Random effects with REML and Knapp-Hartung tests unless you choose otherwise. Categories are "
            "compared with a reference level. Terms that follow from others are dropped and named."
        ),
        care=mark(
            "Plan it beforehand, with few moderators and ten studies or more for each. It compares studies, not"
            " patients: an association may have other causes."
        ),
        source=mark(
            "Thompson and Higgins, Stat Med 2002;21:1559; Knapp and Hartung, Stat Med 2003;22:2693; Cochrane "
            "Handbook, section 10.11.4"
        ),
        related=("r2", "permutation", "tau2", "subgroups.common"),
        words=mark("moderator covariate bubble plot QM QE"),
    ),
    Topic(
        "r2",
        mark("R²"),
        _PAGE,
        mark("The share of the between-study variance that the moderators explain, from 0% to 100%."),
        formula=mark("R² = 1 − τ² with moderators / τ² without"),
        copse=mark(
            "Not shown when τ² without moderators is 0: there is nothing to explain. Under a common effect it "
            "is the adjusted R² of the weighted regression."
        ),
        care=mark("With few studies it is very uncertain, and may be 0% or 100% by chance."),
        source=mark("Raudenbush, in Cooper, Hedges and Valentine, Handbook of Research Synthesis, 2009, chapter 16"),
        related=("metaregression", "tau2"),
        words=mark("R squared explained variance"),
    ),
    Topic(
        "permutation",
        mark("Permutation test"),
        _PAGE,
        mark(
            "Deals the moderators’ values out to the studies anew, many times, and counts how often chance explains "
            "as much as the real order does."
        ),
        copse=mark(
            "All arrangements when there are at most 10,000, otherwise random ones from a seed, so that the "
            "result can be repeated. Without moderators the signs of the effects are changed instead."
        ),
        care=mark(
            "Use it when there are few studies or several moderators. With five studies no P value can be very small."
        ),
        source=mark("Higgins and Thompson, Stat Med 2004;23:1663; Follmann and Proschan, Biometrics 1999;55:732"),
        related=("metaregression",),
        words=mark("randomisation test exact P value"),
    ),
    Topic(
        "subgroups.common",
        mark("Subgroups with a common τ²"),
        _PAGE,
        mark(
            "Each subgroup has its own pooled effect, but all share one between-study variance: a meta-regression on"
            " the subgroup."
        ),
        copse=mark(
            "The test of differences is that of the regression (QM). Subgroups without an estimable study drop out."
        ),
        care=mark(
            "Steadier than a τ² of their own when subgroups are small; misleading when one scatters far more "
            "than the others."
        ),
        source=mark(
            "Borenstein et al., Introduction to Meta-Analysis, 2009, chapter 19; Cochrane Handbook, section 10.11.3"
        ),
        related=("metaregression", "tau2"),
        words=mark("subgroup differences pooled variance"),
    ),
    Topic(
        "egger",
        mark("Egger’s regression test"),
        _PAGE,
        mark(
            "Asks whether small studies show other effects than large ones, by regressing the effects on their "
            "standard error or on another measure of size."
        ),
        copse=mark(
            "Weighted regression with t(k − 2), or a meta-regression with τ². The limit is the effect expected"
            " of an infinitely large study. Not available for fewer than three studies; a caution below ten."
        ),
        care=mark(
            "Asymmetry has many causes besides missing studies. For odds ratios and standardised differences "
            "the standard error depends on the effect, which alone can make the test positive."
        ),
        source=mark("Egger et al., BMJ 1997;315:629; Sterne and Egger 2005; Cochrane Handbook, chapter 13"),
        related=("pet-peese", "metaregression"),
        words=mark("funnel plot asymmetry publication bias small-study effects"),
    ),
    Topic(
        "pet-peese",
        mark("PET-PEESE"),
        _PAGE,
        mark(
            "The effect corrected for small-study effects: the intercept of a weighted regression on the standard "
            "error (PET) or on its square (PEESE)."
        ),
        copse=mark(
            "PEESE is reported when PET’s intercept differs from 0 at P < 0.10 (two-sided), PET otherwise. "
            "Both are shown."
        ),
        care=mark(
            "An extrapolation beyond the largest study: unreliable with few studies, with studies of similar "
            "size and with much heterogeneity."
        ),
        source=mark("Stanley and Doucouliagos, Res Synth Methods 2014;5:60"),
        related=("egger",),
        words=mark("publication bias correction small-study effects"),
    ),
)
