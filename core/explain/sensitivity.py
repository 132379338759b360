"""Explanations of leave-one-out, influence and tests for small-study effects."""

from __future__ import annotations

from core.explain.topic import Topic
from core.language import mark

_PAGE = ("analysis",)
_ASYMMETRY = mark("funnel plot asymmetry publication bias small-study effects")

TOPICS = (
    Topic(
        "leave_one_out",
        mark("Leave-one-out"),
        _PAGE,
        mark("The pool is computed again without each study in turn. If the conclusion holds every time, no single "
             "study decides it."),
        copse=mark("τ² is estimated anew each time. Studies without which significance or direction would be another "
                   "are named."),
        care=mark("It does not show what two or more studies do together; a GOSH plot does."),
        source=mark("Cochrane Handbook, chapter 10, section 10.14"),
        related=("influence", "cumulative", "gosh"),
        words=mark("sensitivity analysis robustness"),
    ),
    Topic(
        "cumulative",
        mark("Cumulative meta-analysis"),
        _PAGE,
        mark("The pool after the first study, the first two, and so on, for instance by year: it shows when the "
             "evidence became clear and whether it has drifted since."),
        copse=mark("τ² is estimated anew at every step. The last step is the pool of all studies."),
        care=mark("Many looks at growing data find a significant result too often; P values of single steps are not "
                  "to be taken at face value."),
        source=mark("Lau et al., N Engl J Med 1992;327:248"),
        related=("leave_one_out",),
        words=mark("over time order year"),
    ),
    Topic(
        "influence",
        mark("Influential studies"),
        _PAGE,
        mark("What happens to the fit when a study is left out: whether it lies far from the others (studentised "
             "residual), how far it moves the result (DFFITS, DFBETAS, Cook’s distance), and how it changes precision "
             "and τ²."),
        formula=mark("Cook’s distance = (pooled − pooled without it)² / SE²"),
        copse=mark("Flagged when |DFFITS| > 3 / √(k − 1), Cook’s distance > 0.455, the hat value > 3 / k or "
                   "|DFBETAS| > 1."),
        care=mark("An influential study is a reason to look for errors and differences, not to drop it."),
        source=mark("Viechtbauer and Cheung, Res Synth Methods 2010;1:112"),
        related=("leave_one_out", "baujat"),
        words=mark("outlier Cook residual leverage"),
    ),
    Topic(
        "baujat",
        mark("Baujat plot"),
        _PAGE,
        mark("One point for each study. Far to the right: it adds much to heterogeneity. High up: it moves the "
             "result."),
        copse=mark("Across, the squared residual in standard errors; up, the squared shift of the result without the "
                   "study, in standard errors."),
        source=mark("Baujat et al., Stat Med 2002;21:2641"),
        related=("influence", "heterogeneity"),
    ),
    Topic(
        "gosh",
        mark("GOSH plot"),
        _PAGE,
        mark("The pooled effect and I² of all subsets of the studies, as a cloud. One round cloud: the studies belong "
             "together. Two clouds or a tail: some of them tell another story."),
        copse=mark("Subsets have two studies or more. When there are too many, a random sample is drawn, the same each "
                   "time."),
        source=mark("Olkin et al., Res Synth Methods 2012;3:214"),
        related=("leave_one_out", "heterogeneity"),
        words=mark("graphical display of study heterogeneity subsets"),
    ),
    Topic(
        "rank_test",
        mark("Rank test (Begg and Mazumdar)"),
        _PAGE,
        mark("Whether effects rise or fall with their variances, by Kendall’s rank correlation."),
        copse=mark("Below 50 studies without ties P is exact, otherwise from the normal distribution, corrected for "
                   "ties."),
        care=mark("Weak with few studies, and not to be used with fewer than 10. Asymmetry has other causes than "
                  "missing studies."),
        source=mark("Begg and Mazumdar, Biometrics 1994;50:1088; Cochrane Handbook, section 13.3.5.4"),
        related=("harbord_test", "peters_test", "trim_and_fill"),
        words=_ASYMMETRY,
    ),
    Topic(
        "harbord_test",
        mark("Harbord’s test"),
        _PAGE,
        mark("A test for asymmetry made for odds ratios: the score of each table, (O − E) / √V, against √V. Its "
             "intercept is the asymmetry."),
        copse=mark("Tables without information drop out; no zero is corrected."),
        care=mark("An odds ratio and its standard error hang together, so Egger’s test finds asymmetry that is not "
                  "there; this test does so less. Not with fewer than 10 studies."),
        source=mark("Harbord et al., Stat Med 2006;25:3443; Cochrane Handbook, section 13.3.5.4"),
        related=("peters_test", "rank_test"),
        words=_ASYMMETRY,
    ),
    Topic(
        "peters_test",
        mark("Peters’ test"),
        _PAGE,
        mark("A test for asymmetry made for odds ratios: ln OR against 1 / N, so that the size of a study and not its "
             "standard error is the measure of precision. Its slope is the asymmetry."),
        copse=mark("Weighted with 1 / (1 / events + 1 / non-events), counts as given."),
        care=mark("Not with fewer than 10 studies."),
        source=mark("Peters et al., JAMA 2006;295:676; Cochrane Handbook, section 13.3.5.4"),
        related=("harbord_test", "rank_test"),
        words=_ASYMMETRY,
    ),
    Topic(
        "trim_and_fill",
        mark("Trim and fill"),
        _PAGE,
        mark("Estimates how many studies a symmetric funnel plot would lack, fills in their mirror images and pools "
             "again."),
        copse=mark("The number comes from the ranks of the deviations (L0 or R0). The side is opposite to the small "
                   "studies, unless one is chosen. Model, estimator and interval are those of the pool."),
        care=mark("The filled studies are not real, and asymmetry has other causes than missing studies. Unreliable "
                  "when studies differ much."),
        source=mark("Duval and Tweedie, Biometrics 2000;56:455; Cochrane Handbook, section 13.3.5"),
        related=("rank_test", "fail_safe_n"),
        words=_ASYMMETRY,
    ),
    Topic(
        "fail_safe_n",
        mark("Fail-safe N"),
        _PAGE,
        mark("How many studies without an effect would make a result not significant (Rosenthal, Rosenberg) or bring "
             "the mean down to a target (Orwin)."),
        copse=mark("Rounded up. Orwin’s mean is unweighted, its target half of the mean unless one is given."),
        care=mark("Not recommended: it rests on P values or one chosen effect, and ignores how studies differ."),
        source=mark("Rosenthal, Psychol Bull 1979;86:638; Orwin, J Educ Stat 1983;8:157; Rosenberg, Evolution "
                    "2005;59:464"),
        related=("trim_and_fill",),
        words=mark("file drawer publication bias"),
    ),
)  # fmt: skip
