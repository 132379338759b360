"""Explanations of the less common estimators of the between-study variance, and of its interval."""

from __future__ import annotations

from core.explain.topic import Topic
from core.language import mark

_PAGE = ("analysis",)

TOPICS = (
    Topic(
        "tau2.EB",
        mark("Empirical Bayes (EB)"),
        _PAGE,
        mark("The τ² under which the studies’ scatter, weighted with it, is just what it should be. It is the root of "
             "the same equation as Paule-Mandel’s, and so the same number."),
        copse=mark("Offered because papers name it. Estimate and interval are those of Paule-Mandel."),
        source=mark("Morris, J Am Stat Assoc 1983;78:47; Viechtbauer et al., Psychol Methods 2015;20:360"),
        related=("tau2", "tau2.PM"),
        words=mark("Morris"),
    ),
    Topic(
        "tau2.HE",
        mark("Hedges (HE)"),
        _PAGE,
        mark("The plain variance of the study effects, less the mean of their squared standard errors. Every study "
             "counts the same, however small."),
        formula=mark("τ² = max(0, Σ(y − mean)² / (k − 1) − Σ SE² / k)"),
        copse=mark("The mean is unweighted; k is the number of studies."),
        care=mark("Uncertain when the studies differ much in size; 0 more often than others."),
        source=mark("Hedges, Psychol Bull 1983;93:388; Veroniki et al., Res Synth Methods 2016;7:55"),
        related=("tau2", "tau2.DL", "tau2.SJ"),
        words=mark("variance component Cochran"),
    ),
    Topic(
        "tau2.SJ",
        mark("Sidik-Jonkman (SJ)"),
        _PAGE,
        mark("Starts from the plain variance of the effects, τ₀², and corrects it by the weighted scatter."),
        formula=mark("τ² = τ₀² × Σ w(y − mean)² / (k − 1),  w = 1 / (SE² + τ₀²)"),
        copse=mark("τ₀² is the variance of the effects with divisor k. τ² is above 0 unless all effects are equal."),
        care=mark("Much too high when the studies differ little; take another estimator then."),
        source=mark("Sidik and Jonkman, J R Stat Soc C 2005;54:367; Veroniki et al., Res Synth Methods 2016;7:55"),
        related=("tau2", "tau2.HE", "tau2.REML"),
    ),
    Topic(
        "tau2.HS",
        mark("Hunter-Schmidt (HS)"),
        _PAGE,
        mark("τ² from Q, as used in psychology to join correlations."),
        formula=mark("τ² = max(0, (Q − k) / Σ w),  w = 1 / SE²"),
        copse=mark("k is the number of studies. Offered for comparison with older work."),
        care=mark("Too low, most of all with few studies."),
        source=mark("Hunter and Schmidt, Methods of Meta-Analysis, 1990; Viechtbauer, J Educ Behav Stat 2005;30:261"),
        related=("tau2", "tau2.HSk", "q"),
    ),
    Topic(
        "tau2.HSk",
        mark("Corrected Hunter-Schmidt (HSk)"),
        _PAGE,
        mark("Hunter-Schmidt’s estimator with Q enlarged by k / (k − 1), which takes most of its bias away."),
        formula=mark("τ² = max(0, (Q·k / (k − 1) − k) / Σ w),  w = 1 / SE²"),
        copse=mark("k is the number of studies."),
        source=mark("Brannick et al., Organ Res Methods 2019;22:490"),
        related=("tau2", "tau2.HS"),
    ),
    Topic(
        "q_profile",
        mark("Interval of τ² and I² (Q-profile)"),
        _PAGE,
        mark("Every τ² under which the weighted scatter Q of the studies would not be surprising. I², H² and τ follow "
             "from the same limits."),
        formula=mark("Q(lower) = χ²(0.975),  Q(upper) = χ²(0.025),  k − 1 degrees of freedom"),
        copse=mark("A limit is 0 where Q is below its quantile even without any τ². When both are, the studies differ "
                   "less than chance, and the interval holds only 0."),
        care=mark("With two or three studies the upper limit can be enormous: so few say hardly anything about τ²."),
        source=mark("Viechtbauer, Stat Med 2007;26:37"),
        related=("tau2", "i2", "q"),
        words=mark("confidence interval heterogeneity"),
    ),
)  # fmt: skip
