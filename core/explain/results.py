"""Explanations of the results: heterogeneity, tests, weights, the figure, and where numbers come from."""

from __future__ import annotations

from core.explain.topic import Topic
from core.language import mark

_PAGE = ("analysis",)
_HETEROGENEITY = mark("Cochrane Handbook, chapter 10, section 10.10; PRISMA 2020, items 13e and 20c")

TOPICS = (
    Topic(
        "heterogeneity",
        mark("Heterogeneity"),
        _PAGE,
        mark("Studies differ more than chance explains: other patients, doses, times or risks of bias. The line below "
             "a pool says how much, by τ², Chi², its P value and I²."),
        copse=mark("Printed for each pool of two studies or more; with one study it is not applicable."),
        care=mark("First look for reasons and errors in the data. A number cannot say whether pooling makes sense."),
        source=_HETEROGENEITY,
        related=("i2", "q", "tau2", "pi"),
        words=mark("inconsistency Chi² I² tau²"),
    ),
    Topic(
        "i2",
        mark("I²"),
        _PAGE,
        mark("The share of the observed scatter that is not chance, from 0% to 100%."),
        formula=mark("I² = (Q − df) / Q,  or  τ² / (τ² + typical SE²)"),
        copse=mark("Under current rules random effects take it from τ²; a common effect, Mantel-Haenszel and "
                   "RevMan 5’s rules take it from Q."),
        care=mark("It is a share, not an amount: very large studies give a high I² for differences that do not matter. "
                  "With few studies it is very uncertain. See τ² and the prediction interval."),
        source=mark("Higgins and Thompson, Stat Med 2002;21:1539; Borenstein et al., Res Synth Methods 2017;8:5"),
        related=("q", "tau2", "h2", "pi"),
        words=mark("I squared heterogeneity inconsistency"),
    ),
    Topic(
        "q",
        mark("Chi² (Cochran’s Q)"),
        _PAGE,
        mark("The weighted scatter of the studies around their pooled effect. When all have the same true effect, it "
             "is about as large as its degrees of freedom, k − 1."),
        formula=mark("Q = Σ (y − pooled)² / SE²"),
        copse=mark("Weighted with 1 / SE² in every model. For Mantel-Haenszel it is taken around the M-H estimate."),
        care=mark("With few studies the test misses real differences, with many it finds trifles. A P value above 0.05 "
                  "does not show that studies agree."),
        source=mark("Cochran, Biometrics 1954;10:101; Cochrane Handbook, section 10.10.2"),
        related=("i2", "tau2", "heterogeneity"),
        words=mark("Chi squared heterogeneity test df"),
    ),
    Topic(
        "h2",
        mark("H²"),
        _PAGE,
        mark("The observed scatter as a multiple of what chance alone would give; 1 is no heterogeneity."),
        formula=mark("H² = Q / df,  or  τ² / typical SE² + 1"),
        copse=mark("Computed like I² and belongs to it; figures print I²."),
        source=mark("Higgins and Thompson, Stat Med 2002;21:1539"),
        related=("i2", "q"),
    ),
    Topic(
        "z_p",
        mark("Test for overall effect: Z and P"),
        _PAGE,
        mark("Z is the pooled effect divided by its standard error. P says how often chance alone would give one at "
             "least as far from no effect."),
        formula=mark("Z = estimate / SE"),
        copse=mark("Two-sided, on the log scale for ratios. With Hartung-Knapp or t it is T with k − 1 degrees of "
                   "freedom. It always agrees with the interval beside it."),
        care=mark("P says nothing of how large or how important an effect is. Above 0.05 is no proof of no effect: "
                  "look at the interval."),
        source=mark("Cochrane Handbook, chapter 10; chapter 15"),
        related=("ci", "ci.hksj"),
        words=mark("significance p value T"),
    ),
    Topic(
        "weight",
        mark("Weight"),
        _PAGE,
        mark("How much a study counts in the pooled result, in percent. Precise studies, usually large ones, count "
             "more."),
        formula=mark("w = 1 / SE²,  random effects: 1 / (SE² + τ²)"),
        copse=mark("Mantel-Haenszel and Peto have weights of their own kind. Percentages are of the total, or of the "
                   "subgroup when no total is shown. A study that cannot be estimated has none."),
        care=mark("A weight says how precise a study is, not how good it is."),
        source=mark("Cochrane Handbook, chapter 10, sections 10.3 and 10.4"),
        related=("method", "model", "not_estimable"),
    ),
    Topic(
        "subgroups",
        mark("Subgroups"),
        _PAGE,
        mark("Studies in groups, each with its own result, to see whether the effect differs between kinds of "
             "patients, doses or studies."),
        copse=mark("Each is pooled by itself, with a τ² of its own; the total pools all studies. Every study needs a "
                   "subgroup: pooling waits until it has one."),
        care=mark("Plan few, beforehand. Comparing one subgroup’s P value with another’s is no test of a difference. "
                  "Differences between studies are not randomised."),
        source=mark("Cochrane Handbook, chapter 10, section 10.11; PRISMA 2020, items 13e and 20c"),
        related=("subgroup_test", "population"),
    ),
    Topic(
        "subgroup_test",
        mark("Test for subgroup differences"),
        _PAGE,
        mark("Asks whether the results of the subgroups differ more than chance explains. I² beside it is the share of "
             "their scatter that is not chance."),
        formula=mark("Q = Σ (bⱼ − mean)² / SEⱼ²,  J − 1 df"),
        copse=mark("The subgroup results are taken as if they were studies. It needs two subgroups with a result; "
                   "others drop out, and a note says so."),
        care=mark("It rarely finds a difference when subgroups hold few studies."),
        source=mark("Deeks and Higgins, Statistical algorithms in Review Manager 5, 2010; Cochrane Handbook, section "
                    "10.11.3"),
        related=("subgroups", "q"),
        words=mark("interaction"),
    ),
    Topic(
        "total",
        mark("Overall total"),
        _PAGE,
        mark("One result over all subgroups."),
        copse=mark("It pools the studies, not the subgroup results. Switch it off where subgroups must not be "
                   "combined, such as several time points of the same studies; weights are then shares of the "
                   "subgroup."),
        care=mark("A study in two subgroups is counted twice in the total; Copse warns."),
        related=("subgroups", "overlap", "weight"),
    ),
    Topic(
        "confidence_level",
        mark("Confidence level"),
        _PAGE,
        mark("How often intervals made in this way would hold the true value. At 99% they are wider than at 95%."),
        copse=mark("The pooled results have one level; the studies may have another, as in RevMan. The head of the "
                   "figure says both."),
        source=mark("Cochrane Handbook, chapter 15, section 15.3"),
        related=("ci", "z_p"),
        words=mark("90% 95% 99%"),
    ),
    Topic(
        "non_events",
        mark("Non-events in place of events"),
        _PAGE,
        mark("Those without the event are counted: participants minus events on both sides, such as the survivors "
             "where deaths were extracted."),
        copse=mark("The data grid keeps the events as they were extracted; the figure shows what is analysed. The good "
                   "direction turns round."),
        care=mark("Odds ratios and risk differences only turn round. A risk ratio of non-events is another number, "
                  "with another weight for each study."),
        source=mark("Cochrane Handbook, chapter 10, section 10.4.3"),
        related=("measure.RR", "statistic.events"),
        words=mark("swap"),
    ),
    Topic(
        "not_estimable",
        mark("Not estimable"),
        _PAGE,
        mark("No effect can be computed for the study, so it has no weight in the result."),
        copse=mark("The notes say why: a missing number, no events in either arm, a standard deviation or standard "
                   "error of 0, a group with nobody or (for means) fewer than two people. The study stays in the "
                   "table. A pool is not estimable when none of its studies is."),
        care=mark("No events is information too: say in the text how many such studies there were."),
        source=mark("Cochrane Handbook, chapter 10, section 10.4.4"),
        related=("zero_cells", "weight"),
    ),
    Topic(
        "forest_plot",
        mark("Forest plot"),
        _PAGE,
        mark("A line for each study: the square is its effect, larger for more weight, the line its confidence "
             "interval. The diamond is the pooled effect, as wide as its interval. The upright line is no effect."),
        copse=mark("Drawn like RevMan’s and redrawn with every change. Ratios stand on a log scale, so that 0.5 and 2 "
                   "are equally far from 1. Arrows mark intervals that leave the axis."),
        source=mark("Cochrane Handbook, chapter 10; PRISMA 2020, items 13d and 20b"),
        related=("ci", "weight", "favours", "axis"),
        words=mark("figure diamond square"),
    ),
    Topic(
        "favours",
        mark("Favours …"),
        _PAGE,
        mark("The words under the axis: which treatment an effect on that side speaks for."),
        copse=mark("They follow the direction of benefit and the names of the comparison. You can type your own."),
        care=mark("Events that are good turn the sides round. Check this before you publish."),
        related=("direction", "axis"),
    ),
    Topic(
        "axis",
        mark("Range of the axis"),
        _PAGE,
        mark("From where to where the plot is drawn. It changes the picture only, never a number."),
        copse=mark("auto finds a range that shows the intervals. Ratios take values above 0 and the axis is "
                   "logarithmic."),
        related=("forest_plot", "favours"),
        words=mark("scale"),
    ),
    Topic(
        "figure_columns",
        mark("Columns of the figure"),
        _PAGE,
        mark("Which columns the forest plot shows: weights, the row of total events, discs of risk of bias."),
        copse=mark("The discs are the settled judgements. Hiding a column changes no result."),
        related=("weight", "traffic_light", "forest_plot"),
        words=mark("weights total events risk of bias"),
    ),
    Topic(
        "comparison",
        mark("Comparison and analysis"),
        _PAGE,
        mark("A comparison names two sides, such as ketamine v placebo. An analysis pools one outcome under it, with "
             "its own settings; subgroups part an analysis."),
        copse=mark("Numbers count on: comparison 1, analysis 1.2, subgroup 1.2.3, as in RevMan. Rows come from the "
                   "settled extraction."),
        source=mark("Cochrane Handbook, chapters 9 and 10; PRISMA 2020, item 13a"),
        related=("measure", "model", "subgroups"),
        words=mark("tree"),
    ),
    Topic(
        "provenance",
        mark("Where a number comes from"),
        _PAGE,
        mark("The line under the grid follows the chosen number back: the study and arm, what each reviewer entered, "
             "how it was settled, by whom and when, and where it stands in the paper."),
        copse=mark("An arrow leads to the entries, a pencil says that the number was typed over. If it was computed, "
                   "the line says how."),
        source=mark("PRISMA 2020, items 9 and 27"),
        related=("typed_over", "entry", "settlement", "conversion"),
        words=mark("trace source strip origin"),
    ),
    Topic(
        "typed_over",
        mark("Number typed over"),
        _PAGE,
        mark("A number of the grid that somebody typed in place of the settled one, for this analysis only."),
        copse=mark("The settled value stays in the extraction and is one key away (Delete). A pencil and the colour of "
                   "the reviewer mark the cell, a reason can be given, and the notes say so."),
        care=mark("A wrong number is better mended under Extraction, where it counts for all analyses."),
        related=("provenance", "entry"),
        words=mark("override edit"),
    ),
    Topic(
        "conversion",
        mark("Computed numbers"),
        ("analysis", "extraction"),
        mark("Numbers that follow from others which the paper does report."),
        copse=mark("A reported ratio becomes its natural logarithm. A missing standard error is computed from the 95% "
                   "interval; a reported one is used as it is. The line under the grid shows what was computed. "
                   "Nothing else is converted."),
        formula=mark("SE = (upper − lower) / (2 × 1.96), of logarithms for ratios"),
        source=mark("Cochrane Handbook, chapter 6, section 6.3"),
        related=("contrast", "asymmetric", "provenance"),
        words=mark("calculator standard error from interval logarithm"),
    ),
    Topic(
        "notes",
        mark("Notes on the result"),
        _PAGE,
        mark("What a reader should know and no formula says: studies left out, corrections made, doubtful values, "
             "people who may be counted twice."),
        copse=mark("Cautions come first. Those about single studies go into the footnotes of the figure."),
        related=("unit_of_analysis", "overlap", "not_estimable"),
        words=mark("warnings cautions advice"),
    ),
    Topic(
        "overlap",
        mark("People counted twice"),
        ("analysis", "extraction"),
        mark("The same participants in two rows of one pool: a study at two times, a control group shared by two arms, "
             "two studies with common patients. The result looks more certain than it is."),
        copse=mark("Copse warns when a study stands in a pool more than once, and when studies that are known to share "
                   "participants do. It changes nothing by itself."),
        care=mark("Combine the rows, choose one, or split the shared group."),
        source=mark("Cochrane Handbook, chapter 6, section 6.2 and chapter 23, section 23.3"),
        related=("unit_of_analysis", "report"),
        words=mark("double counting shared control"),
    ),
    Topic(
        "unit_of_analysis",
        mark("Unit of analysis: crossover and cluster trials"),
        ("analysis", "extraction"),
        mark("In crossover trials everybody is in both arms; in cluster trials whole groups are randomised. Counting "
             "them as independent people gives intervals that are too wide or too narrow."),
        copse=mark("Copse warns by the design and the period given in the extraction. It does not correct anything."),
        care=mark("Crossover: use the first period or the paired analysis. Cluster: use adjusted results or effective "
                  "sample sizes."),
        source=mark("Cochrane Handbook, chapter 6, section 6.2 and chapter 23"),
        related=("period", "design", "contrast"),
    ),
    Topic(
        "level",
        mark("Confidence level"),
        _PAGE,
        mark("How often such an interval would hold the true value: 95% unless said otherwise."),
        copse=mark("Analyses use 95%. The figure prints the level in the heads of its columns."),
        related=("ci",),
    ),
)  # fmt: skip
