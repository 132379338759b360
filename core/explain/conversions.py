"""Explanations of the conversions: from the numbers of a paper to those of an analysis."""

from __future__ import annotations

from core.explain.topic import Topic
from core.language import mark

_PAGES = ("extraction", "analysis")

TOPICS = (
    Topic(
        "conversion.spread",
        mark("SD and standard error"),
        _PAGES,
        mark(
            "An SD says how much people differ, a standard error how uncertain an estimate is. Papers print one, or "
            "an interval, a t statistic or a P value; each leads to the other."
        ),
        formula=mark("SD = SE × √n,  SE = (upper − lower) / (2 × quantile)"),
        copse=mark(
            "With fewer than 60 participants in a group the quantile is of the t distribution, unless you "
            "choose the normal one. Ratios are converted as logarithms."
        ),
        care=mark(
            "Find out whether a paper’s “±” is an SD or a standard error: taking one for the other makes a study "
            "count far too much or too little."
        ),
        source=mark("Cochrane Handbook, chapter 6, sections 6.3 and 6.5.2"),
        related=("conversion", "conversion.quantiles"),
        words=mark("confidence interval to SD t P value"),
    ),
    Topic(
        "conversion.groups",
        mark("Combining and splitting groups"),
        _PAGES,
        mark(
            "Two doses of one drug may be combined into one group. A control group that serves two comparisons is "
            "split, so that nobody is counted twice."
        ),
        formula=mark("SD² = [Σ(n − 1)·SD² + Σn·(m − M)²] / (N − 1)"),
        copse=mark(
            "The combined mean and SD are those of all participants as one group. Splitting divides "
            "participants and events; mean and SD stay."
        ),
        care=mark("Combining is better than splitting: comparisons that share people are not independent."),
        source=mark("Cochrane Handbook, sections 6.5.2.10 and 23.3.4"),
        related=("conversion",),
        words=mark("multiple arms shared control"),
    ),
    Topic(
        "conversion.change",
        mark("Change from baseline"),
        _PAGES,
        mark("The SD of a change depends on how closely follow-up goes with baseline, which few papers report."),
        formula=mark("SD = √(SD1² + SD2² − 2·r·SD1·SD2)"),
        copse=mark(
            "Copse shows the SD for your correlation and for 0.5, 0.7 and 0.9. The correlation can be computed "
            "from a study that reports all three SDs. Change in percent is taken as reported or from the data "
            "of each participant, never from means."
        ),
        care=mark("Do not mix changes and final values in a standardised mean difference."),
        source=mark("Cochrane Handbook, section 6.5.2.8"),
        related=("conversion", "conversion.participants"),
    ),
    Topic(
        "conversion.quantiles",
        mark("Medians, quartiles and ranges"),
        _PAGES,
        mark(
            "When values are close to normally distributed, mean and SD can be estimated from a median with "
            "quartiles, range or both."
        ),
        copse=mark(
            "Luo’s formula gives the mean, Wan’s or Shi’s the SD. Shi’s test looks for skewness first and "
            "warns. For skewed data the best fitting of four distributions can be taken."
        ),
        care=mark("Authors often print medians because the data are skewed: then these means mislead."),
        source=mark(
            "Wan et al., BMC Med Res Methodol 2014;14:135; Luo et al., Stat Methods Med Res 2018;27:1785; Shi "
            "et al., Res Synth Methods 2020;11:641"
        ),
        related=("conversion", "conversion.spread"),
        words=mark("interquartile range IQR skewed"),
    ),
    Topic(
        "conversion.crossover",
        mark("Crossover trials"),
        _PAGES,
        mark(
            "In a crossover everyone gets both treatments. What counts is the difference within people, which is more "
            "precise than two groups would be."
        ),
        formula=mark("SE = √(SD1² + SD2² − 2·r·SD1·SD2) / √n"),
        copse=mark(
            "The result is an estimate with its standard error, entered as such. It comes from a paired t, P "
            "value or interval, or from means, SDs and a correlation."
        ),
        care=mark("Where an effect carries over, take the first period alone, as a parallel trial."),
        source=mark("Elbourne et al., Int J Epidemiol 2002;31:140; Cochrane Handbook, section 23.2"),
        related=("conversion", "conversion.change"),
        words=mark("paired within participants Becker Balagtas"),
    ),
    Topic(
        "conversion.cluster",
        mark("Cluster-randomised trials"),
        _PAGES,
        mark(
            "When practices or schools were randomised, people within one are alike, and the trial knows less than "
            "its number of people suggests."
        ),
        formula=mark("design effect = 1 + (M − 1)·ICC"),
        copse=mark(
            "Participants and events are divided by the design effect, or the standard error is multiplied by "
            "its root. Cluster sizes that vary make it larger."
        ),
        care=mark("Use it only when the paper’s analysis ignored the clusters, and vary the ICC."),
        source=mark("Cochrane Handbook, section 23.1"),
        related=("conversion",),
        words=mark("intracluster correlation ICC effective sample size"),
    ),
    Topic(
        "conversion.survival",
        mark("Hazard ratios"),
        _PAGES,
        mark(
            "A hazard ratio and its standard error can be had from an interval, a log-rank P value with the numbers "
            "of events, or observed minus expected events."
        ),
        formula=mark("ln HR = (O − E) / V,  SE = 1 / √V"),
        copse=mark("From P and events V is approximated by O1·O2 / (O1 + O2). Curves are not digitised."),
        care=mark("Say which group did better: a P value does not."),
        source=mark("Parmar et al., Stat Med 1998;17:2815; Tierney et al., Trials 2007;8:16"),
        related=("conversion", "measure.HR"),
        words=mark("time to event log-rank"),
    ),
    Topic(
        "conversion.rates",
        mark("Rates"),
        _PAGES,
        mark("Events per person-time. Two rates are compared by their ratio or difference."),
        formula=mark("ln RR = ln[(E1/T1) / (E2/T2)],  SE = √(1/E1 + 1/E2)"),
        copse=mark("Events can be computed from a printed rate and the person-time."),
        care=mark("When one person can have many events, the standard error is too small."),
        source=mark("Cochrane Handbook, section 6.7"),
        related=("conversion",),
        words=mark("incidence person-years"),
    ),
    Topic(
        "conversion.between_measures",
        mark("From one measure to another"),
        _PAGES,
        mark(
            "Studies that report the same thing in different measures can be brought to one: odds ratio and "
            "standardised mean difference, correlation and Fisher’s z, ratios and risks."
        ),
        formula=mark("ln OR = SMD × π / √3"),
        copse=mark(
            "Standard errors are converted along. Risks and the number needed to treat depend on the control "
            "risk you enter."
        ),
        care=mark("Each step rests on an assumption, which is shown beside the result."),
        source=mark(
            "Borenstein et al., Introduction to Meta-Analysis, 2009, chapter 7; Cochrane Handbook, sections "
            "10.6 and 15.4.4"
        ),
        related=("conversion", "measure.SMD", "measure.OR"),
        words=mark("Chinn NNT Hedges correction"),
    ),
    Topic(
        "conversion.proportions",
        mark("Percentages and proportions"),
        _PAGES,
        mark(
            "A printed percentage becomes a number of events; a proportion becomes a logit or an arcsine and comes "
            "back from it."
        ),
        copse=mark("Given the printed decimals Copse says when several numbers of events fit, or none."),
        care=mark("Check of how many participants the percentage is."),
        source=mark("Freeman and Tukey, Ann Math Stat 1950;21:607; Miller, Am Stat 1978;32:138"),
        related=("conversion",),
        words=mark("percent to counts logit arcsine"),
    ),
    Topic(
        "conversion.accuracy",
        mark("Two-by-two tables of tests"),
        _PAGES,
        mark(
            "True and false positives and negatives, from sensitivity and specificity with the numbers of people with "
            "and without the condition, or from predictive values."
        ),
        copse=mark("Cells are rounded to whole numbers; a cell that is far from one is reported."),
        care=mark("Printed proportions may leave out people with unclear results."),
        source=mark("Altman and Bland, BMJ 1994;308:1552 and 309:102"),
        related=("conversion",),
        words=mark("diagnostic sensitivity specificity likelihood ratio"),
    ),
    Topic(
        "conversion.participants",
        mark("Data of each participant"),
        _PAGES,
        mark(
            "Small trials sometimes print the values of everyone. From them follow means, SDs, paired changes, "
            "correlations and responders without any assumption."
        ),
        copse=mark(
            "Paste the table with arm, value and, where known, baseline, period and participant. Codes for "
            "missing values are named by you. In a crossover each period stands alone, and the paired "
            "difference is added."
        ),
        care=mark("Those without a value are not counted in n; decide how your review treats them."),
        source=mark("Cochrane Handbook, section 6.5"),
        related=("conversion", "conversion.change", "conversion.crossover"),
        words=mark("individual patient data raw responders"),
    ),
)
