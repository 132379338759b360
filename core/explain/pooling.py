"""Explanations of methods, models, estimators and intervals."""

from __future__ import annotations

from core.explain.topic import Topic
from core.language import mark

_PAGE = ("analysis",)
_RANDOM = mark("Cochrane Handbook, chapter 10, section 10.10.4; PRISMA 2020, item 13d")

TOPICS = (
    Topic(
        "method",
        mark("Method of pooling"),
        _PAGE,
        mark("How the studies are brought together: how much each counts, and what is done with zeros."),
        copse=mark("Only combinations that make sense are offered. With RevMan 5’s rules new analyses of counts start "
                   "with Mantel-Haenszel; all others start with inverse variance."),
        source=mark("Cochrane Handbook, chapter 10, sections 10.3 and 10.4"),
        related=("method.IV", "method.MH", "method.Peto", "model"),
    ),
    Topic(
        "method.IV",
        mark("Inverse variance"),
        _PAGE,
        mark("The weighted mean of the study effects. A study counts in proportion to 1 / its variance, so precise "
             "studies count more."),
        formula=mark("pooled = Σ w·y / Σ w,  w = 1 / (SE² + τ²)"),
        copse=mark("y is the effect of a study, as logarithm for ratios. τ² is 0 in the common-effect model."),
        care=mark("With few events the standard errors are poor; take Mantel-Haenszel or Peto."),
        source=mark("Cochrane Handbook, chapter 10, section 10.3"),
        related=("weight", "model", "method.MH"),
    ),
    Topic(
        "method.MH",
        mark("Mantel-Haenszel (M-H)"),
        _PAGE,
        mark("Pools tables of counts directly, with weights that stay sensible when events are few."),
        formula=mark("OR = Σ(a·d / N) / Σ(b·c / N)"),
        copse=mark("Current rules add nothing to the sums. RevMan 5 adds 0.5 to studies with a zero cell. Its random "
                   "model takes DerSimonian-Laird’s τ², with Q around the M-H estimate, and pools by inverse variance; "
                   "it exists under RevMan 5’s rules only."),
        care=mark("Without a correction, nothing can be estimated when one arm has no event in any study."),
        source=mark("Mantel and Haenszel, J Natl Cancer Inst 1959;22:719; Cochrane Handbook, section 10.4.1"),
        related=("zero_cells", "rules.revman5", "method.IV"),
    ),
    Topic(
        "method.Peto",
        mark("Peto’s method"),
        _PAGE,
        mark("Adds up observed minus expected events over all studies. No study needs a correction for zeros."),
        formula=mark("ln OR = Σ(O − E) / Σ V,  SE = 1 / √ΣV"),
        copse=mark("Common effect only. With the measure Odds ratio the rows show ordinary odds ratios; choose Peto "
                   "odds ratio to see Peto’s there too."),
        care=mark("Good for rare events with arms of like size; biased for large effects or unequal arms."),
        source=mark("Yusuf et al., Prog Cardiovasc Dis 1985;27:335; Cochrane Handbook, section 10.4.2"),
        related=("measure.PETO", "rare_events"),
    ),
    Topic(
        "model",
        mark("Common or random effects"),
        _PAGE,
        mark("A common effect: all studies estimate one true effect and differ by chance. Random effects: true effects "
             "differ from study to study, and their mean is estimated."),
        copse=mark("New analyses start with random effects, except Peto’s method. Choose by what you believe of the "
                   "studies, not by the test of heterogeneity."),
        source=_RANDOM,
        related=("model.common", "model.random", "tau2", "i2"),
        words=mark("fixed effect model"),
    ),
    Topic(
        "model.common",
        mark("Common effect (fixed effect)"),
        _PAGE,
        mark("Assumes one true effect behind all studies. The result is the best estimate of it; its interval counts "
             "chance within studies only."),
        copse=mark("Weights are 1 / SE² by inverse variance. Figures print “Fixed”, as RevMan does."),
        care=mark("When studies really differ, the interval is too narrow for anything beyond these studies."),
        source=mark("Cochrane Handbook, chapter 10, section 10.3"),
        related=("model.random", "weight"),
        words=mark("fixed"),
    ),
    Topic(
        "model.random",
        mark("Random effects"),
        _PAGE,
        mark("Assumes that the true effects of the studies scatter around a mean, with variance τ². The result is that "
             "mean, not the effect in every place."),
        formula=mark("w = 1 / (SE² + τ²)"),
        copse=mark("New work: REML for τ², the Handbook’s interval, and a prediction interval with three studies or "
                   "more. Under RevMan 5’s rules: DerSimonian-Laird and Wald."),
        care=mark("Small studies count for more than under a common effect; if they are biased, so is the result. "
                  "With few studies τ² is hardly known."),
        source=_RANDOM,
        related=("tau2", "ci", "pi", "model.common"),
    ),
    Topic(
        "tau2",
        mark("Between-study variance, τ²"),
        _PAGE,
        mark("How much the true effects differ from study to study, as a variance on the scale of analysis; τ is the "
             "standard deviation. Unlike I² it does not grow with the size of the studies."),
        copse=mark("REML unless you choose another; RevMan 5’s rules have DerSimonian-Laird only. For ratios it is the "
                   "variance of logarithms. With one study it does not apply."),
        care=mark("With few studies τ² is very uncertain: 0 does not prove that the effects are equal."),
        source=mark("Veroniki et al., Res Synth Methods 2016;7:55; Cochrane Handbook, section 10.10.4"),
        related=("tau2.REML", "tau2.DL", "i2", "pi"),
        words=mark("tau squared heterogeneity variance"),
    ),
    Topic(
        "tau2.REML",
        mark("Restricted maximum likelihood (REML)"),
        _PAGE,
        mark("The value of τ² under which the observed scatter is most likely, allowing for the mean being estimated "
             "from the same data. Widely advised as the usual choice."),
        copse=mark("The default for new work. Copse looks at every maximum and takes the highest; it cannot fail to "
                   "converge."),
        care=mark("It rests on effects that scatter like a normal distribution."),
        source=mark("Viechtbauer, J Educ Behav Stat 2005;30:261; Langan et al., Res Synth Methods 2019;10:83"),
        related=("tau2", "tau2.PM", "tau2.ML"),
    ),
    Topic(
        "tau2.DL",
        mark("DerSimonian-Laird (DL)"),
        _PAGE,
        mark("τ² from how far Q exceeds what chance alone would give. The oldest estimator, and RevMan 5’s only one."),
        formula=mark("τ² = max(0, (Q − df) / (S₁ − S₂ / S₁))"),
        copse=mark("S₁ and S₂ are the sums of the weights 1 / SE² and of their squares."),
        care=mark("Often too low when studies differ much or are few, so that intervals become too narrow."),
        source=mark("DerSimonian and Laird, Control Clin Trials 1986;7:177"),
        related=("tau2", "q", "tau2.REML"),
    ),
    Topic(
        "tau2.PM",
        mark("Paule-Mandel (PM)"),
        _PAGE,
        mark("The τ² at which the scatter, weighted with it, is just what chance would give. It assumes no particular "
             "distribution of the effects."),
        formula=mark("Q(τ²) = k − 1"),
        copse=mark("k is the number of studies; 0 when the scatter is no larger than chance gives."),
        source=mark("Paule and Mandel, J Res Natl Bur Stand 1982;87:377; Veroniki et al., Res Synth Methods 2016;7:55"),
        related=("tau2", "tau2.REML", "q"),
    ),
    Topic(
        "tau2.ML",
        mark("Maximum likelihood (ML)"),
        _PAGE,
        mark("The value of τ² under which the data are most likely, without allowing for the mean being estimated "
             "from them."),
        copse=mark("Offered for comparison with other programs."),
        care=mark("Too low with few studies; REML corrects this."),
        source=mark("Viechtbauer, J Educ Behav Stat 2005;30:261"),
        related=("tau2", "tau2.REML"),
    ),
    Topic(
        "ci",
        mark("Confidence interval"),
        _PAGE,
        mark("The range of effects that agree with the data. Of many such 95% intervals, 95 in 100 hold the true "
             "value: the one effect, or under random effects the mean of the effects."),
        copse=mark("Common effect: Wald. Random effects in new work: Hartung-Knapp where the Handbook advises it, else "
                   "Wald."),
        care=mark("Under random effects it says where the mean is, not what a new study would show. That is the "
                  "prediction interval."),
        source=_RANDOM,
        related=("ci.handbook", "ci.wald", "ci.hksj", "pi"),
        words=mark("CI 95% uncertainty"),
    ),
    Topic(
        "ci.handbook",
        mark("Hartung-Knapp where advised, else Wald"),
        _PAGE,
        mark("The rule of the Cochrane Handbook: Hartung-Knapp for random effects with three studies or more and some "
             "heterogeneity, otherwise Wald."),
        copse=mark("The default under random effects. “Some heterogeneity” means an estimate of τ² above 0. A note "
                   "says which it was, when the two disagree on significance, and when Hartung-Knapp is the "
                   "narrower."),
        source=_RANDOM,
        related=("ci.hksj", "ci.wald", "tau2"),
    ),
    Topic(
        "ci.wald",
        mark("Wald interval"),
        _PAGE,
        mark("The estimate plus and minus 1.96 standard errors, from the normal distribution."),
        formula=mark("estimate ± 1.96 × SE"),
        copse=mark("Always used for a common effect, and under RevMan 5’s rules."),
        care=mark("With few studies under random effects it is too narrow, since it takes τ² as known."),
        source=mark("Cochrane Handbook, chapter 10, sections 10.3 and 10.10.4"),
        related=("ci.hksj", "ci", "z_p"),
        words=mark("normal"),
    ),
    Topic(
        "ci.hksj",
        mark("Hartung-Knapp interval (HKSJ)"),
        _PAGE,
        mark("Lets the scatter of the studies set the standard error, and takes a t distribution. It keeps its 95% far "
             "better than Wald when studies are few."),
        formula=mark("SE × √q,  q = Σ w·(y − pooled)² / (k − 1),  t with k − 1 df"),
        care=mark("With two studies it is very wide. When effects happen to lie close together it can be narrower than "
                  "Wald, even without width; Copse warns."),
        copse=mark("The test beside it is T with k − 1 degrees of freedom."),
        source=mark("Hartung and Knapp, Stat Med 2001;20:3875; IntHout et al., BMC Med Res Methodol 2014;14:25"),
        related=("ci.hksj-adhoc", "ci.wald", "ci.handbook"),
        words=mark("Sidik Jonkman Knapp Hartung"),
    ),
    Topic(
        "ci.hksj-adhoc",
        mark("Hartung-Knapp, never below Wald’s standard error"),
        _PAGE,
        mark("Hartung-Knapp with a floor: its standard error is never smaller than Wald’s."),
        formula=mark("SE × √max(1, q),  t with k − 1 df"),
        copse=mark("Choose it when Hartung-Knapp turns out narrower than Wald."),
        care=mark("With few studies that are alike it is wide."),
        source=mark("Röver, Knapp and Friede, BMC Med Res Methodol 2015;15:99"),
        related=("ci.hksj", "ci.wald"),
    ),
    Topic(
        "ci.t",
        mark("t distribution, without rescaling"),
        _PAGE,
        mark("Wald’s standard error with the wider t distribution in place of the normal."),
        formula=mark("estimate ± t(k − 1) × SE"),
        copse=mark("Offered for comparison with other programs."),
        source=mark("Veroniki et al., Res Synth Methods 2019;10:23"),
        related=("ci.hksj", "ci.wald"),
    ),
    Topic(
        "pi",
        mark("Prediction interval"),
        _PAGE,
        mark("Where the true effect of a new, similar study would lie in 95 of 100 cases. It says how differently the "
             "treatment may work in other places, which I² does not."),
        formula=mark("estimate ± c × √(τ² + SE²)"),
        copse=mark("For random effects with three studies or more. c comes from a t distribution with k − 1 degrees of "
                   "freedom unless you choose another; figures name it. Choose None to leave it out."),
        care=mark("With few studies it is rough. It takes the true effects as normally distributed."),
        source=mark("Higgins et al., J R Stat Soc A 2009;172:137; Riley et al., BMJ 2011;342:d549"),
        related=("tau2", "ci", "pi.t(k-1)", "pi.t(k-2)"),
        words=mark("PI new study"),
    ),
    Topic(
        "pi.t(k-1)",
        mark("Prediction with t, k − 1 degrees of freedom"),
        _PAGE,
        mark("A prediction interval whose quantile comes from a t distribution with one degree of freedom less than "
             "there are studies."),
        formula=mark("estimate ± t(k − 1) × √(τ² + SE²)"),
        copse=mark("The default for new work, and Cochrane’s choice since 2024."),
        source=mark("Cochrane Handbook, chapter 10, section 10.10.4"),
        related=("pi", "pi.t(k-2)"),
    ),
    Topic(
        "pi.t(k-2)",
        mark("Prediction with t, k − 2 degrees of freedom"),
        _PAGE,
        mark("The prediction interval as first proposed, slightly wider."),
        formula=mark("estimate ± t(k − 2) × √(τ² + SE²)"),
        copse=mark("k is the number of studies pooled."),
        source=mark("Higgins, Thompson and Spiegelhalter, J R Stat Soc A 2009;172:137"),
        related=("pi", "pi.t(k-1)"),
    ),
    Topic(
        "pi.z",
        mark("Prediction with the normal distribution"),
        _PAGE,
        mark("A prediction interval that takes 1.96, as if τ² were known exactly."),
        formula=mark("estimate ± 1.96 × √(τ² + SE²)"),
        copse=mark("Offered for comparison with metafor’s default."),
        care=mark("Too narrow with few studies; take a t distribution."),
        source=mark("Riley et al., BMJ 2011;342:d549"),
        related=("pi", "pi.t(k-1)"),
    ),
    Topic(
        "rules",
        mark("Whose rules: current or RevMan 5"),
        _PAGE,
        mark("Programs follow different conventions for zeros, small samples, τ² and I², and so print different "
             "numbers from the same data."),
        copse=mark("Current recommendations agree with the R package metafor. RevMan 5 gives what RevMan 5 would "
                   "print. New analyses of counts follow RevMan 5, all others current recommendations."),
        care=mark("Say in the review which you followed."),
        source=mark("Cochrane Handbook, chapter 10; Deeks and Higgins, Statistical algorithms in Review Manager 5, "
                    "2010"),
        related=("rules.revman5", "zero_cells", "i2"),
        words=mark("conventions metafor compatibility"),
    ),
    Topic(
        "rules.revman5",
        mark("RevMan 5 compatibility"),
        _PAGE,
        mark("Gives the numbers of RevMan 5, so that an older Cochrane review can be continued and checked."),
        copse=mark("0.5 inside Mantel-Haenszel sums where a cell is zero, τ² by DerSimonian-Laird, Wald intervals, "
                   "I² from Q, Hedges’ g with the approximate correction, and no prediction interval."),
        care=mark("For new work current recommendations are the better choice."),
        source=mark("Deeks and Higgins, Statistical algorithms in Review Manager 5, 2010"),
        related=("rules", "method.MH", "tau2.DL"),
        words=mark("RevMan conventions"),
    ),
)  # fmt: skip
