"""Cautions as data: a code, the parameters of the sentence and its English text, never a log line or a silent choice.

Every note the pooling module can give stands in ``TEXTS``, those of conversions in ``conversions.notes``; the command
line prints ``Note.message``, the window says it in its language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from core.language import Phrase, mark

Level = Literal["info", "caution"]


@dataclass(frozen=True, slots=True)
class Note:
    """Something a reader of the result should know. ``row`` is the study it concerns, None when it is about all."""

    code: str
    text: str
    level: Level
    params: Mapping[str, object] = field(default_factory=dict[str, object])
    row: int | None = None

    @property
    def message(self) -> Phrase:
        """The English sentence with its parameters filled in."""
        return Phrase(self.text, self.params)


TEXTS: dict[str, tuple[Level, str]] = {
    # About one study.
    "row.missing": ("caution", mark("{study}: not estimable, because {missing} missing.")),
    "row.missing-sd": (
        "caution",
        mark(
            "{study}: not estimable, because {missing} missing. It may be computed from a standard error, a confidence "
            "interval, a P value or an interquartile range, or be imputed."
        ),
    ),
    "row.no-participants": ("caution", mark("{study}: not estimable, because a group has no participants.")),
    "row.double-zero": ("caution", mark("{study}: not estimable, because neither group has an event.")),
    "row.all-events": (
        "caution",
        mark("{study}: not estimable, because every participant of both groups has the event."),
    ),
    "row.zero-cell": (
        "caution",
        mark(
            "{study}: not estimable, because a cell is zero and no correction is made. Add 0.5 to studies with a zero "
            "cell."
        ),
    ),
    "row.no-variation": (
        "caution",
        mark("{study}: adds nothing to Peto's method, because all its outcomes are alike."),
    ),
    "row.zero-variance": ("caution", mark("{study}: not estimable, because its standard error is zero.")),
    "row.zero-sd": ("caution", mark("{study}: not estimable, because the standard deviation is zero in both groups.")),
    "row.few-participants": (
        "caution",
        mark("{study}: not estimable, because a standard deviation needs at least two participants in each group."),
    ),
    "row.corrected": ("info", mark("{study}: {add} was added to each of the four cells, because one of them is zero.")),
    "row.corrected-se": (
        "info",
        mark("{study}: for the standard error 0.5 was added to each of the four cells, because one of them is zero."),
    ),
    "row.not-integer": (
        "caution",
        mark("{study}: {column} is not a whole number ({value}). That is right only for adjusted (effective) counts."),
    ),
    # About the pooled result.
    "pool.no-studies": ("caution", mark("There are no studies to pool.")),
    "pool.none-estimable": ("caution", mark("Not estimable: no study has an estimable effect.")),
    "pool.no-information": (
        "caution",
        mark("Not estimable: in every study all outcomes are alike, so that none tells the groups apart."),
    ),
    "pool.left-out": ("caution", mark("{count} of {total} studies do not contribute to the pooled result: {studies}.")),
    "pool.one-study": ("info", mark("One study: its own result is shown; heterogeneity is not applicable.")),
    "pool.heterogeneity-of-fewer": (
        "caution",
        mark("Heterogeneity is computed from the {count} studies that have an effect of their own, of {total} pooled."),
    ),
    "mh.one-arm": (
        "caution",
        mark(
            "Not estimable: Mantel-Haenszel without a correction is not defined, because no study has {what} in the "
            "{group} group. RevMan 5's conventions (0.5 added to studies with a zero cell){peto} give an estimate."
        ),
    ),
    "mh.undefined": (
        "caution",
        mark(
            "Not estimable: Mantel-Haenszel without a correction is not defined for these tables (one of its two sums "
            "is 0). RevMan 5's conventions (0.5 added to studies with a zero cell){peto} give an estimate."
        ),
    ),
    "mh.corrected-se": (
        "caution",
        mark(
            "No study has both events and non-events, so the standard error was computed with 0.5 added to each cell, "
            "as RevMan 5 does."
        ),
    ),
    "peto.study-effects": (
        "info",
        mark(
            "Peto's method was applied to the counts; the studies' own rows show ordinary odds ratios. Choose the "
            "measure Peto odds ratio to see Peto's there too."
        ),
    ),
    "ci.one-study": (
        "caution",
        mark("With one study {asked} is not defined; the interval is Wald's (normal quantile)."),
    ),
    "ci.zero-width": (
        "caution",
        mark(
            "All studies have the same effect, so the Hartung-Knapp interval has no width. With the ad hoc correction "
            "it is {low:.4g} to {high:.4g}."
        ),
    ),
    "ci.handbook-few": ("info", mark("The interval is Wald's, because Hartung-Knapp needs three studies or more.")),
    "ci.handbook-homogeneous": (
        "info",
        mark("The interval is Wald's, because the between-study variance is estimated as 0."),
    ),
    "ci.disagree": (
        "caution",
        mark(
            "The Hartung-Knapp interval and Wald's disagree on whether the result is significant (P = {p_hksj:.3g} and "
            "P = {p_wald:.3g})."
        ),
    ),
    "ci.narrower": ("caution", mark("The Hartung-Knapp interval is narrower than Wald's here; take it with care.")),
    "pi.few": ("info", mark("No prediction interval: it needs three studies or more.")),
    "subgroups.dropped": ("caution", mark("The test of differences leaves out {groups}: nothing estimable in it.")),
    "subgroups.one": ("info", mark("The test of differences needs at least two subgroups with an estimable result.")),
    "subgroups.zero-se": (
        "caution",
        mark("The test of differences is not defined, because the standard error of {groups} is zero."),
    ),
    # About measures.
    "row.undefined": (
        "caution",
        mark("{study}: not estimable; with its numbers {measure} has no value, or no standard error above zero."),
    ),
    "row.nobody": ("caution", mark("{study}: not estimable, because it has no participants.")),
    "row.few-in-group": (
        "caution",
        mark("{study}: not estimable, because a standard deviation needs at least two participants."),
    ),
    "row.few-pairs": ("caution", mark("{study}: not estimable, because it needs at least {least} participants.")),
    "row.small-sample": (
        "caution",
        mark("{study}: not estimable, because the control group needs at least {least} participants."),
    ),
    "row.small-correlation": (
        "caution",
        mark("{study}: not estimable, because a correlation needs at least {least} participants."),
    ),
    "row.flat": (
        "caution",
        mark("{study}: not estimable, because the standard deviation that it needs is zero."),
    ),
    "row.one-zero-sd": (
        "caution",
        mark("{study}: not estimable, because a standard deviation is zero that the measure divides by."),
    ),
    "row.perfect-correlation": (
        "caution",
        mark("{study}: not estimable, because a correlation of exactly 1 or -1 has no standard error."),
    ),
    "row.opposite-means": (
        "caution",
        mark("{study}: not estimable, because the ratio of two means of opposite sign is undefined."),
    ),
    "row.zero-mean": ("caution", mark("{study}: not estimable, because a ratio with a mean of zero is undefined.")),
    "row.negative-means": (
        "caution",
        mark("{study}: both means are negative. A ratio of means is meant for scales on which all values are above 0."),
    ),
    "row.mean-not-positive": (
        "caution",
        mark("{study}: not estimable, because only a mean above zero has a logarithm."),
    ),
    "row.cv-means": (
        "caution",
        mark("{study}: not estimable, because a coefficient of variation needs a mean above 0 in both groups."),
    ),
    "row.zero-count": (
        "caution",
        mark(
            "{study}: not estimable, because a count is zero and no correction is made. Add 0.5 to studies with a zero "
            "count."
        ),
    ),
    "row.zero-proportion": (
        "caution",
        mark(
            "{study}: not estimable, because none or all have the event and no correction is made. Add 0.5 to such "
            "studies."
        ),
    ),
    "row.corrected-counts": (
        "info",
        mark("{study}: {add} was added to both numbers of events."),
    ),
    "row.corrected-count": ("info", mark("{study}: {add} was added to the number of events.")),
    "row.corrected-proportion": ("info", mark("{study}: {add} was added to events and to non-events.")),
    "row.double-zero-pairs": (
        "caution",
        mark("{study}: left out as asked, because no pair has the event under treatment 2."),
    ),
    "row.all-events-pairs": (
        "caution",
        mark("{study}: left out as asked, because every pair has the event under treatment 2."),
    ),
    "pool.freeman-tukey": (
        "caution",
        mark(
            "The Freeman-Tukey proportion is turned back with one typical sample size (the harmonic mean) and can "
            "mislead when samples differ much in size. Compare the logit (PLO) or a generalised linear mixed model."
        ),
    ),
    "mh.rates-one-arm": (
        "caution",
        mark(
            "Not estimable: the Mantel-Haenszel rate ratio is not defined, because no study has an event in the "
            "{group} group. Inverse variance (0.5 added where a count is zero) gives an estimate."
        ),
    ),
    "mh.rates-none": ("caution", mark("Not estimable: no study has an event in either group.")),
    # About the interval of tau2.
    "tau2.only-zero": (
        "caution",
        mark(
            "The studies differ less than chance alone would lead one to expect, so the interval of the between-study "
            "variance holds only 0."
        ),
    ),
    "tau2.outside": (
        "info",
        mark(
            "The estimate of the between-study variance lies outside its interval: the interval does not rest on the "
            "estimator."
        ),
    ),
    # About comparing methods.
    # About meta-regression.
    "regression.missing": ("caution", mark("{study}: left out, because it has no value for {moderators}.")),
    "regression.constant": ("caution", mark("{term} was dropped: it is the same in all studies.")),
    "regression.collinear": (
        "caution",
        mark("{term} was dropped: it follows from the other terms ({others}); their effects cannot be told apart."),
    ),
    "regression.reference-missing": (
        "caution",
        mark("No study used has {name} {level}, so the other levels are compared with {other}."),
    ),
    "regression.few": (
        "caution",
        mark(
            "Studies: {k}; moderators: {count}. With fewer than {least} studies for each moderator, a meta-regression "
            "may find what is not there and miss what is."
        ),
    ),
    "regression.perfect-fit": (
        "caution",
        mark(
            "The regression fits the effects exactly: nothing is left to judge its uncertainty by. Hartung-Knapp "
            "intervals have no width; use Wald's."
        ),
    ),
    "permutation.perfect-fit": (
        "caution",
        mark("Not defined: the regression fits the effects exactly, so its Hartung-Knapp statistics have no value."),
    ),
    "permutation.few": (
        "caution",
        mark("There are only {count} different arrangements, so that no P value can be below {least:.3g}."),
    ),
    # About leave-one-out, cumulative, influence.
    "leave-one-out.one": ("info", mark("With one study there is nothing to compare: leaving it out leaves none.")),
    "leave-one-out.significance": (
        "caution",
        mark("Whether the result is significant depends on single studies. It changes without: {studies}."),
    ),
    "leave-one-out.direction": (
        "caution",
        mark("The direction of the effect depends on single studies. It turns round without: {studies}."),
    ),
    "leave-one-out.estimability": (
        "caution",
        mark("Whether anything can be estimated depends on single studies. It changes without: {studies}."),
    ),
    "leave-one-out.stable": (
        "info",
        mark("No single study decides whether the result is significant, nor its direction."),
    ),
    "influence.one": ("info", mark("With one study there is nothing to compare: leaving it out leaves none.")),
    "influence.two": ("caution", mark("With two studies each is compared with the other alone.")),
    "influence.influential": ("caution", mark("Influential by the usual limits: {studies}.")),
    "influence.undefined": (
        "caution",
        mark("Some measures of influence are not defined, because the standard error they are divided by is 0."),
    ),
    "gosh.few": ("caution", mark("Subsets need two studies or more that contribute; here there are {count}.")),
    "gosh.sample": ("info", mark("A random sample of {count} of the {total} subsets of two studies or more.")),
    "gosh.not-estimable": (
        "caution",
        mark("{count} subsets are left out: the result or its heterogeneity cannot be estimated in them."),
    ),
    # About small-study effects.
    "asymmetry.few": (
        "caution",
        mark(
            "Only {count} studies: with fewer than 10 a test for funnel plot asymmetry should not be used, because it "
            "cannot tell chance from real asymmetry (Cochrane Handbook 13.3.5.4)."
        ),
    ),
    "asymmetry.unavailable": (
        "caution",
        mark("The test needs three studies or more; {count} can be used, so it is not available."),
    ),
    "asymmetry.sparse": (
        "caution",
        mark("In {count} of {total} studies a cell is zero. With data as sparse as this the test can mislead."),
    ),
    "asymmetry.equal": (
        "caution",
        mark("The test is not defined, because all studies have the same precision ({what})."),
    ),
    "asymmetry.equal-effects": ("caution", mark("The test is not defined, because all studies have the same effect.")),
    "asymmetry.perfect-fit": (
        "caution",
        mark("The test is not defined, because the studies lie exactly on the fitted line."),
    ),
    "trim-and-fill.about": (
        "info",
        mark(
            "The filled studies are not real. The adjusted result shows how sensitive the pooled one is to asymmetry; "
            "it assumes that asymmetry comes from missing studies, and is unreliable when studies differ much."
        ),
    ),
    "trim-and-fill.few": ("caution", mark("Only {count} studies: with fewer than 10 trim and fill says little.")),
    "trim-and-fill.none": ("info", mark("No study appears to be missing on the {side} side.")),
    "trim-and-fill.no-se": ("info", mark("The number of missing studies has no standard error here.")),
    "trim-and-fill.not-settled": (
        "caution",
        mark(
            "Not estimable: trimming does not settle on a number of missing studies. Try the other estimator or side."
        ),
    ),
    "fail-safe.about": (
        "info",
        mark(
            "Fail-safe N is not recommended (Cochrane Handbook 5.1, 10.4.4.3): it rests on P values or on one chosen "
            "effect, ignores how studies differ, and cannot show that there is no reporting bias."
        ),
    ),
    "fail-safe.not-significant": ("info", mark("The result is not significant, so no study is needed to make it so.")),
    "fail-safe.within-target": ("info", mark("The mean effect is already no larger than the target.")),
    "regtest.too-few": (
        "caution",
        mark("Not available: a regression test for small-study effects needs {least} studies or more; there are {k}."),
    ),
    "regtest.few": (
        "caution",
        mark(
            "With {k} studies (fewer than {least}) the test for small-study effects has too little power to tell "
            "chance from asymmetry."
        ),
    ),
    "regtest.perfect-fit": (
        "caution",
        mark("Not defined: the effects lie exactly on the regression line, so there is nothing to test against."),
    ),
    "regtest.no-size": ("caution", mark("{study}: left out, because its number of participants is not known.")),
    "pet-peese.pet": (
        "info",
        mark(
            "PET is reported: its corrected effect does not differ from 0 at P < 0.10, two-sided (P = {p:.3g}). "
            "Otherwise it would be PEESE."
        ),
    ),
    "pet-peese.peese": (
        "info",
        mark(
            "PEESE is reported: PET's corrected effect differs from 0 at P < 0.10, two-sided (P = {p:.3g}). Otherwise "
            "it would be PET."
        ),
    ),
    # About generalised linear mixed models.
    "glmm.not-rare": (
        "caution",
        mark(
            "The approximate conditional model is meant for rare events; in {count} of {total} studies more than 10% "
            "of the participants have one. Choose the exact conditional model."
        ),
    ),
    "glmm.one-sided": (
        "caution",
        mark(
            "Not estimable: all studies point to an infinite effect, because a group without events (or with events "
            "only) is on the same side in each of them. Methods with a correction for zero cells give an estimate."
        ),
    ),
    "glmm.all-extreme": (
        "caution",
        mark(
            "Not estimable: no study has a finite effect of its own, so the between-study variance has no estimate. "
            "Choose a common effect, or a method with a correction for zero cells."
        ),
    ),
    "glmm.unbounded": (
        "caution",
        mark(
            "Not estimable: the likelihood keeps rising as the between-study variance grows. Choose a common effect, "
            "or inverse variance."
        ),
    ),
    "glmm.flat": (
        "caution",
        mark(
            "Not estimable: the likelihood is flat around its highest point, so there is no standard error. Choose "
            "another model."
        ),
    ),
    "glmm.no-spread": (
        "info",
        mark("The between-study variance is estimated as 0; the result is that of a common effect."),
    ),
    # About diagnostic accuracy.
    "accuracy.incomplete": (
        "caution",
        mark(
            "{study}: left out of the summary, because sensitivity and specificity are not both known (a number is "
            "missing, or nobody has, or nobody lacks, the condition)."
        ),
    ),
    "accuracy.one-group": (
        "info",
        mark("{study}: counts for one of sensitivity and specificity, because the other is not known."),
    ),
    "accuracy.few": (
        "caution",
        mark("No summary: the bivariate model needs three studies or more with both groups; there are {count}."),
    ),
    "accuracy.weak": (
        "caution",
        mark(
            "{count} studies are few for the five parameters of the bivariate model; take variances and correlation "
            "with care."
        ),
    ),
    "accuracy.perfect": (
        "caution",
        mark(
            "Not estimable: no study has {what}, so the binomial model has no finite estimate. The normal model, which "
            "adds 0.5 to studies with a zero cell, gives one."
        ),
    ),
    "accuracy.corrected": (
        "info",
        mark("0.5 was added to all four cells of {count} studies, because one of their cells is zero."),
    ),
    "accuracy.flat": (
        "caution",
        mark(
            "Not estimable: the likelihood is flat around its highest point, so there are no standard errors. Choose "
            "the normal model."
        ),
    ),
    "accuracy.no-spread": (
        "info",
        mark(
            "The between-study variance of {what} is estimated as 0; correlation, HSROC parameters and summary curve "
            "are not defined."
        ),
    ),
    "accuracy.correlation": (
        "caution",
        mark("The correlation of sensitivity and specificity is estimated at its limit ({value})."),
    ),
    # About multilevel models.
    "multilevel.one-cluster": (
        "caution",
        mark(
            "All effects come from one cluster, so the variance between clusters cannot be estimated. The result is "
            "about this cluster only."
        ),
    ),
    "multilevel.one-each": (
        "info",
        mark(
            "Every cluster has one effect, so the variances between and within clusters cannot be told apart; only "
            "their sum is estimated. This is the ordinary random-effects model."
        ),
    ),
    "multilevel.few-clusters": (
        "caution",
        mark("There are only {clusters} clusters; the variance between them is very uncertain."),
    ),
    "robust.few-clusters": (
        "caution",
        mark("With {clusters} clusters CR1 makes intervals too narrow (it needs about 40). Choose CR2."),
    ),
    "robust.few-df": (
        "caution",
        mark(
            "The test has only {df:.1f} degrees of freedom, too few to rely on: the clusters are few, or one of them "
            "has most of the weight."
        ),
    ),
    "robust.zero-width": (
        "caution",
        mark("The residuals of every cluster add up to 0, so the robust interval has no width. Do not use it."),
    ),
    "multilevel.pi-few": ("info", mark("No prediction interval: it needs three clusters or more.")),
    # About selection models.
    "selection.one-study": ("caution", mark("Not estimable: a selection model needs several studies; there is one.")),
    "selection.too-few": (
        "caution",
        mark("Not estimable: {studies} studies are too few for the {parameters} parameters of this selection model."),
    ),
    "selection.empty-interval": (
        "caution",
        mark(
            "Not estimable: no study has a P value in {intervals}. Choose steps such that every interval has studies."
        ),
    ),
    "selection.few-in-interval": (
        "caution",
        mark("Three studies or fewer have a P value in {intervals}; the result hangs on them."),
    ),
    "selection.few-studies": (
        "caution",
        mark("With {studies} studies a selection model is rarely reliable; it is advised for ten or more."),
    ),
    "selection.no-maximum": (
        "caution",
        mark(
            "Not estimable: the likelihood of this selection model has no maximum, because the data fit ever more "
            "extreme selection ever better. Try other steps, or fixed weights."
        ),
    ),
    "selection.rival": (
        "caution",
        mark(
            "The likelihood has another maximum that is higher (by {gain:.2f} on the log scale), with an effect of "
            "{effect:.3g}. The result shown continues the model without selection; rely on neither."
        ),
    ),
    "selection.rises": (
        "caution",
        mark("The likelihood rises again towards extreme selection; the result shown is a local maximum only."),
    ),
    "selection.tau2-zero": (
        "info",
        mark("The between-study variance is estimated as 0; the standard errors take it as known."),
    ),
}


def note(code: str, row: int | None = None, **params: object) -> Note:
    """The note of this code with its sentence from ``TEXTS``."""
    level, text = TEXTS[code]
    return Note(code, text, level, params, row)
