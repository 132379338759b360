"""Explanations of studies, results, values and how they are settled."""

from __future__ import annotations

from core.explain.topic import Topic
from core.language import mark

_PAGE = ("extraction",)
_COLLECTING = mark("Cochrane Handbook, chapter 5; PRISMA 2020, item 9")

TOPICS = (
    Topic(
        "study_status",
        mark("Place in the review"),
        ("extraction", "fulltext"),
        mark("Included: the study belongs to the review. Excluded: it does not after all. Awaiting classification: "
             "too little is known yet. Ongoing: it has no results yet."),
        copse=mark("Only included studies count in the PRISMA flow, in what is left to do and in risk of bias. "
                   "Entries of the others are kept."),
        source=mark("Cochrane Handbook, chapter 4, section 4.6; PRISMA 2020, item 16b"),
        related=("study", "flow.included"),
        words=mark("status included excluded awaiting ongoing"),
    ),
    Topic(
        "design",
        mark("Design of the study"),
        _PAGE,
        mark("How participants came into the groups: parallel, crossover, cluster-randomised and so on. It decides "
             "what one participant’s result stands for."),
        copse=mark("Where the design says crossover or cluster, the analysis warns if the numbers are entered as for "
                   "separate groups of individuals."),
        source=mark("Cochrane Handbook, chapter 23; PRISMA 2020, item 17"),
        related=("period", "unit_of_analysis"),
        words=mark("parallel crossover cluster"),
    ),
    Topic(
        "randomised",
        mark("Participants randomised"),
        _PAGE,
        mark("How many people were allotted to the groups at the start, whatever became of them."),
        copse=mark("It describes the study. No analysis is computed from it; analyses use the totals of each result."),
        care=mark("Totals below it mean that people are missing from the result. Judge that under attrition."),
        related=("statistic.total", "domain.rob1.attrition"),
    ),
    Topic(
        "form_field",
        mark("Fields of the team’s form"),
        _PAGE,
        mark("What the team wants to know of every study beyond the outcomes: setting, funding, age and the like. A "
             "field takes text, a number or one of several choices."),
        copse=mark("The lead designs the form. A required field must be filled in, or marked not reported, before a "
                   "study can be marked finished."),
        source=_COLLECTING,
        related=("finish", "not_reported"),
        words=mark("form custom required"),
    ),
    Topic(
        "arm",
        mark("Arms"),
        _PAGE,
        mark("The groups of a study. Experimental is the treatment in question, Control what it is compared with, "
             "Other anything else."),
        copse=mark("A row of an analysis sets one experimental arm against one control arm. A study with three arms "
                   "can give two rows."),
        care=mark("If the same control group stands in two rows of one pool, its people are counted twice."),
        source=mark("Cochrane Handbook, chapter 23, section 23.3"),
        related=("overlap", "comparison", "population"),
        words=mark("experimental control group"),
    ),
    Topic(
        "population",
        mark("Populations"),
        _PAGE,
        mark("A part of the participants for whom the paper gives results apart, such as those with one diagnosis."),
        copse=mark("Without one, a result is of all participants. Results of different populations are different "
                   "rows of an analysis."),
        care=mark("Pooling a part together with the whole counts its people twice."),
        related=("arm", "overlap", "subgroups"),
        words=mark("subgroup of participants"),
    ),
    Topic(
        "time_point",
        mark("Time point"),
        _PAGE,
        mark("When the outcome was measured, in the words of the paper."),
        copse=mark("The grey text is the time the protocol wants. Results at different times are different rows; "
                   "choose one per study for an analysis."),
        care=mark("Two times of one study in one pool count the same people twice."),
        source=mark("Cochrane Handbook, chapter 6, section 6.2.4"),
        related=("outcome", "overlap"),
        words=mark("follow-up weeks"),
    ),
    Topic(
        "period",
        mark("Period of a crossover trial"),
        _PAGE,
        mark("In a crossover trial everybody gets both treatments. First period is that period alone, as in a "
             "parallel trial. Both periods adds them up as if people were different. Paired analysis compares "
             "everybody with themselves."),
        copse=mark("Parallel trials stay at Not a crossover. The analysis warns when a crossover trial enters by its "
                   "arms other than with the first period."),
        care=mark("Both periods loses the pairing: the interval tends to be too wide, and carry-over may hide in it. "
                  "Enter a paired analysis as a difference between arms."),
        source=mark("Cochrane Handbook, chapter 23, section 23.2"),
        related=("design", "contrast", "unit_of_analysis"),
        words=mark("crossover first both paired"),
    ),
    Topic(
        "value_kind",
        mark("What the values are"),
        _PAGE,
        mark("The value at the time point, its change from baseline, its change in percent, how many participants had "
             "the event, or a difference between arms."),
        copse=mark("Values at the time point and changes may be pooled as mean differences. In standardised mean "
                   "differences the analysis warns, because their standard deviations do not mean the same. Percent "
                   "changes are in a unit of their own."),
        source=mark("Cochrane Handbook, chapter 10, section 10.5.2"),
        related=("measure.MD", "measure.SMD", "statistic.sd"),
        words=mark("post change from baseline responder percent difference"),
    ),
    Topic(
        "instrument",
        mark("Measured with"),
        _PAGE,
        mark("The scale or count a study used for an outcome, such as HAM-A. Studies often measure one outcome with "
             "different instruments."),
        copse=mark("An instrument may have a direction of its own. Mean differences on several instruments draw a "
                   "warning in the analysis."),
        source=mark("Cochrane Handbook, chapter 6, section 6.5.1"),
        related=("direction", "measure.SMD"),
        words=mark("scale questionnaire measurement"),
    ),
    Topic(
        "contrast",
        mark("Difference between arms"),
        _PAGE,
        mark("A result the paper gives for the comparison instead of for each arm: an effect with its standard error "
             "or interval, often adjusted."),
        copse=mark("Enter effect and limits as printed, on the scale of the paper. Ratios are analysed as logarithms. "
                   "Without a standard error it is computed from the 95% interval."),
        formula=mark("SE = (upper − lower) / (2 × 1.96), of logarithms for ratios"),
        care=mark("The standard error is on the scale of analysis: for a ratio, that of its logarithm."),
        source=mark("Cochrane Handbook, chapter 6, section 6.3"),
        related=("measure.GEN", "measure.GENLOG", "conversion", "asymmetric"),
        words=mark("effect estimate adjusted reported standard error interval"),
    ),
    Topic(
        "statistic.events",
        mark("Events"),
        ("extraction", "analysis"),
        mark("How many participants of the arm had the event. People are counted, not how often it happened."),
        copse=mark("More events than participants are refused. A number that is not whole is kept with a warning, "
                   "since adjusted counts exist."),
        source=mark("Cochrane Handbook, chapter 6, section 6.4"),
        related=("statistic.total", "zero_cells", "measure.RR"),
    ),
    Topic(
        "statistic.total",
        mark("Total"),
        ("extraction", "analysis"),
        mark("How many participants this number is about: those analysed in the arm for this outcome at this time."),
        copse=mark("A group without participants is refused; weights and standard errors come from it."),
        care=mark("Papers may count all who were randomised, or those who stayed. Take what belongs to the number "
                  "beside it, and note which it is."),
        related=("randomised", "statistic.events"),
    ),
    Topic(
        "statistic.mean",
        mark("Mean"),
        ("extraction", "analysis"),
        mark("The average of the arm, in the unit of the instrument."),
        copse=mark("Taken as entered. If the paper gives a median, Copse does not turn it into a mean."),
        care=mark("Medians usually mean skewed data, for which means mislead."),
        source=mark("Cochrane Handbook, chapter 6, section 6.5.2"),
        related=("statistic.sd", "value_kind"),
    ),
    Topic(
        "statistic.sd",
        mark("Standard deviation (SD)"),
        ("extraction", "analysis"),
        mark("How much participants differ from each other. It does not shrink with more participants, unlike the "
             "standard error of a mean."),
        formula=mark("SD = SE × √n"),
        copse=mark("An SD of 0 draws a warning, a negative one is refused."),
        care=mark("Papers write ± for both. An SD much smaller than in other studies is often a standard error."),
        source=mark("Cochrane Handbook, chapter 6, section 6.5.2.2"),
        related=("statistic.mean", "measure.MD"),
    ),
    Topic(
        "statistic.effect",
        mark("Effect as reported"),
        _PAGE,
        mark("The ratio or difference between the arms that the paper prints."),
        copse=mark("Entered as printed. It must lie between its limits, and a ratio above 0, or it is refused."),
        related=("contrast", "measure"),
    ),
    Topic(
        "statistic.log_effect",
        mark("Logarithm of a ratio"),
        _PAGE,
        mark("The natural logarithm of the ratio, where that is what is given, as other programs keep it."),
        copse=mark("It is analysed as it stands, to its last digit, in place of the logarithm of the printed ratio. "
                   "Leave it empty where the paper prints the ratio."),
        care=mark("The natural logarithm, not the one to base 10."),
        related=("statistic.effect", "measure.GENLOG"),
    ),
    Topic(
        "statistic.o_e",
        mark("Observed minus expected (O − E)"),
        ("extraction", "analysis"),
        mark("How many events the experimental arm had beyond those it would have had if the arms were alike. Below 0: "
             "fewer than expected."),
        copse=mark("Taken as entered and divided by its variance."),
        source=mark("Cochrane Handbook, chapter 6, section 6.8.2"),
        related=("statistic.variance", "measure.O-E"),
    ),
    Topic(
        "statistic.variance",
        mark("Variance of O − E"),
        ("extraction", "analysis"),
        mark("How much O − E would vary by chance alone, from the log-rank test or the exact counts."),
        copse=mark("It must be more than 0, and is the study’s weight in Peto’s method."),
        source=mark("Cochrane Handbook, chapter 6, section 6.8.2"),
        related=("statistic.o_e", "method.Peto"),
    ),
    Topic(
        "statistic.text",
        mark("Texts of an outcome"),
        ("extraction", "analysis"),
        mark("What the paper says of this outcome in words, under the headings of the analysis that shows it."),
        copse=mark("Two reviewers enter it and it is settled as numbers are. It is shown in a table and not pooled."),
        related=("outcome_kind", "not_reported"),
        words=mark("other data narrative"),
    ),
    Topic(
        "statistic.se",
        mark("Standard error (SE)"),
        ("extraction", "analysis"),
        mark("How precisely an effect is known; it shrinks with more participants. It decides the study’s weight."),
        copse=mark("It must be more than 0. Left empty, it is computed from the 95% interval. For ratios it is the "
                   "one of the logarithm."),
        formula=mark("weight = 1 / SE² (common effect)"),
        source=mark("Cochrane Handbook, chapter 6, section 6.3"),
        related=("contrast", "conversion", "weight"),
    ),
    Topic(
        "statistic.ci_lower",
        mark("Limits of the reported interval"),
        _PAGE,
        mark("The 95% confidence interval around the effect, as printed."),
        copse=mark("An interval that runs backwards is refused. One whose effect does not stand in its middle, on the "
                   "log scale for ratios, is kept with a warning."),
        care=mark("Only 95% intervals go here. A 90% or 99% one must be converted first."),
        source=mark("Cochrane Handbook, chapter 6, section 6.3"),
        related=("asymmetric", "conversion"),
        words=mark("confidence interval upper lower"),
    ),
    Topic(
        "asymmetric",
        mark("Interval that is not symmetric"),
        ("extraction", "analysis"),
        mark("Most intervals lie evenly around their estimate, for ratios on the log scale. One that does not may be "
             "a misprint, or come from an exact or bootstrap method."),
        copse=mark("Rounding of all three numbers is allowed for. The number is kept; the analysis says so and draws "
                   "the limits that follow from the standard error."),
        care=mark("Look at the paper before you pool it: a slip of the decimal point shows here."),
        source=mark("Cochrane Handbook, chapter 6, section 6.3"),
        related=("statistic.ci_lower", "conversion"),
    ),
    Topic(
        "not_reported",
        mark("Not reported"),
        _PAGE,
        mark("You have looked and the paper does not say. That is an answer; an empty cell is not."),
        copse=mark("Type NR, or press Not reported. It counts as filled in, and two reviewers can agree on it. An "
                   "analysis treats the value as missing."),
        related=("value_status", "finish"),
        words=mark("NR missing"),
    ),
    Topic(
        "value_status",
        mark("How a value is known"),
        _PAGE,
        mark("Published, from the authors, from raw data, read from a figure, computed, imputed, reconstructed from "
             "other results, or illustrative. With the page or table, anyone can check it."),
        copse=mark("A new value is Published. Values that are read from a figure, imputed, reconstructed or "
                   "illustrative carry a caution in the notes and below the forest plot."),
        care=mark("Illustrative numbers are no data. Take them out before you publish."),
        source=mark("Cochrane Handbook, chapter 5, section 5.5; chapter 6, section 6.5.2"),
        related=("provenance", "conversion"),
        words=mark("status source published authors raw data figure computed imputed reconstructed illustrative"),
    ),
    Topic(
        "entry",
        mark("Entry and settled value"),
        _PAGE,
        mark("An entry is what one reviewer read from the paper. The settled value is what the team agreed on; only "
             "settled values reach an analysis."),
        copse=mark("Entries stay as they were when a value is settled, so both can always be seen."),
        source=_COLLECTING,
        related=("settlement", "blinding", "provenance"),
        words=mark("consensus double extraction"),
    ),
    Topic(
        "finish",
        mark("Mark finished"),
        ("extraction", "riskofbias"),
        mark("Says that your own work on a study is complete. It is the moment from which answers may be compared."),
        copse=mark("When all who are needed have finished, the study is revealed. Reopen "
                   "lets you change your answers again; what was settled stays settled and is marked as changed."),
        related=("blinding", "reveal"),
        words=mark("reopen done"),
    ),
    Topic(
        "compare_state",
        mark("Equal, differs, waiting, changed"),
        _PAGE,
        mark("Where a cell stands once the study is revealed. Equal: numbers are the same number, texts the same but "
             "for spaces around them. Differs: somebody has to look. One answer only: another is missing. Changed: an "
             "entry was changed after it was settled."),
        copse=mark("Settle what is equal settles all equal cells at once. F8 goes to the next that needs a person."),
        related=("settlement", "entry"),
        words=mark("compare difference"),
    ),
    Topic(
        "settlement",
        mark("How a value was settled"),
        ("extraction", "riskofbias", "analysis"),
        mark("Equal: the reviewers gave the same answer. Adjudicated: somebody chose one of several answers, or "
             "another value. Single: the review asks for one answer, and that was taken. Imported: it came with the "
             "file that the review was made from."),
        copse=mark("The adjudicator or the lead settles; without an adjudicator the reviewers do. A note can say why. "
                   "Open again takes a settlement back."),
        source=mark("Cochrane Handbook, chapter 5, section 5.5"),
        related=("compare_state", "entry", "roles"),
        words=mark("equal adjudicated single consensus settle"),
    ),
)  # fmt: skip
