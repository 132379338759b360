"""Explanations of the effect measures."""

from __future__ import annotations

from core.explain.topic import Topic
from core.language import mark

_PAGE = ("analysis",)
_REPORTED = ("analysis", "extraction")
_RATIOS = mark("Cochrane Handbook, chapter 6, section 6.4.1; PRISMA 2020, item 12")

TOPICS = (
    Topic(
        "measure",
        mark("Effect measure"),
        _REPORTED,
        mark("The number in which the two arms are compared. Ratios compare risks or odds and are 1 when there is no "
             "difference; differences are 0 then."),
        copse=mark("The experimental arm always comes first: experimental / control, experimental − control. New "
                   "analyses start with OR for counts, MD for means, and a generic effect for reported ones. Ratios "
                   "are analysed as logarithms and shown as ratios."),
        source=mark("Cochrane Handbook, chapter 6 and chapter 10, section 10.4.3; PRISMA 2020, item 12"),
        related=("measure.OR", "measure.RR", "measure.RD", "measure.MD", "measure.SMD"),
        words=mark("effect size outcome"),
    ),
    Topic(
        "measure.OR",
        mark("Odds ratio (OR)"),
        _REPORTED,
        mark("The odds of the event in the experimental arm, divided by the odds in the control arm. Odds are events "
             "divided by non-events."),
        formula=mark("OR = (a / b) / (c / d)"),
        copse=mark("a and b are events and non-events of the experimental arm, c and d of the control. 0.5 is added to "
                   "the four cells of a study with a zero. Studies without any event are left out."),
        care=mark("Not a risk ratio: when events are common, the OR lies much further from 1."),
        source=_RATIOS,
        related=("measure.RR", "measure.PETO", "zero_cells", "method.MH"),
        words=mark("odds"),
    ),
    Topic(
        "measure.RR",
        mark("Risk ratio (RR)"),
        _REPORTED,
        mark("The risk of the event in the experimental arm, divided by the risk in the control arm. 0.5 means half "
             "the risk."),
        formula=mark("RR = (a / n₁) / (c / n₂)"),
        copse=mark("a and c are the events, n₁ and n₂ the totals of the arms. 0.5 is added to the four cells of a "
                   "study with a zero. Studies without any event are left out."),
        care=mark("Counting survivors instead of deaths gives another RR, not its inverse. It says nothing without "
                  "the risk it starts from."),
        source=_RATIOS,
        related=("measure.OR", "measure.RD", "zero_cells"),
        words=mark("relative risk"),
    ),
    Topic(
        "measure.RD",
        mark("Risk difference (RD)"),
        _REPORTED,
        mark("The risk in the experimental arm minus the risk in the control arm. Its inverse is the number needed to "
             "treat."),
        formula=mark("RD = a / n₁ − c / n₂"),
        copse=mark("Studies without any event are kept: their difference is 0. For a study with a zero cell, RevMan 5 "
                   "adds 0.5 for the standard error only; current rules add it for the difference too."),
        care=mark("It often differs more between studies than ratios do, because the risk one starts from differs."),
        source=mark("Cochrane Handbook, chapter 6, section 6.4.1 and chapter 10, section 10.4.3"),
        related=("measure.RR", "zero_cells"),
        words=mark("absolute risk reduction NNT number needed to treat"),
    ),
    Topic(
        "measure.PETO",
        mark("Peto odds ratio"),
        _PAGE,
        mark("An odds ratio from observed minus expected events. It needs no correction for zeros and does well when "
             "events are rare."),
        formula=mark("ln OR = (O − E) / V"),
        copse=mark("O are the events of the experimental arm, E those expected if treatment made no difference, V the "
                   "hypergeometric variance. Nothing is added to zeros. Studies in which all outcomes are alike add "
                   "nothing."),
        care=mark("It is biased when arms differ much in size or the effect is large."),
        source=mark("Yusuf et al., Prog Cardiovasc Dis 1985;27:335; Cochrane Handbook, section 10.4.2"),
        related=("method.Peto", "measure.OR", "rare_events"),
    ),
    Topic(
        "measure.MD",
        mark("Mean difference (MD)"),
        _REPORTED,
        mark("The mean of the experimental arm minus the mean of the control arm, in the unit of the instrument."),
        formula=mark("MD = m₁ − m₂,  SE² = s₁² / n₁ + s₂² / n₂"),
        copse=mark("Groups may have different standard deviations. Values at the time point and changes from baseline "
                   "may stand in one pool."),
        care=mark("All studies must use the same unit and scale; otherwise the pooled number has no meaning. Copse "
                  "warns when instruments differ."),
        source=mark("Cochrane Handbook, chapter 6, section 6.5.1.1"),
        related=("measure.SMD", "statistic.sd", "value_kind"),
    ),
    Topic(
        "measure.SMD",
        mark("Standardised mean difference (SMD)"),
        _REPORTED,
        mark("The mean difference in units of the standard deviation, so that studies with different scales for the "
             "same thing can be pooled. Here it is Hedges’ g."),
        formula=mark("g = J × (m₁ − m₂) / pooled SD"),
        copse=mark("J corrects small samples: exactly under current rules, by 1 − 3 / (4N − 9) under RevMan 5. Scales "
                   "that run the other way must be turned."),
        care=mark("A narrow range of patients gives a small SD and so a large SMD. Do not mix final values with "
                  "changes."),
        source=mark("Hedges, J Educ Stat 1981;6:107; Cochrane Handbook, section 6.5.1.2"),
        related=("measure.MD", "direction", "value_kind"),
        words=mark("Hedges g Cohen d effect size"),
    ),
    Topic(
        "measure.GEN",
        mark("Generic effect"),
        _REPORTED,
        mark("An effect with its standard error as the paper gives it, of any kind that is a difference: adjusted "
             "differences, paired analyses of crossover trials."),
        copse=mark("Pooled as entered, weighted by its standard error. Effects of different measures are refused in "
                   "one pool."),
        care=mark("Be sure that all studies report the same measure in the same unit."),
        source=mark("Cochrane Handbook, chapter 10, section 10.3"),
        related=("measure.GENLOG", "contrast", "method.IV"),
        words=mark("generic inverse variance GIV"),
    ),
    Topic(
        "measure.GENLOG",
        mark("Generic ratio, as logarithm"),
        _PAGE,
        mark("A reported ratio, such as a hazard ratio or an adjusted odds ratio, with the standard error of its "
             "logarithm."),
        formula=mark("estimate = ln(ratio),  SE = (ln upper − ln lower) / (2 × 1.96)"),
        copse=mark("The extraction holds the ratio as printed; the grid shows its natural logarithm. Result and "
                   "figure are ratios again."),
        care=mark("The logarithm is the natural one. One to base 10 would be 2.3 times too small."),
        source=mark("Cochrane Handbook, chapter 6, section 6.3 and chapter 10, section 10.3"),
        related=("measure.GEN", "measure.HR", "conversion"),
    ),
    Topic(
        "measure.O-E",
        mark("O − E and its variance"),
        _PAGE,
        mark("Observed minus expected events with their variance, as trials with times to an event or individual data "
             "give them. From it comes a Peto odds ratio or a hazard ratio."),
        formula=mark("ln ratio = (O − E) / V,  SE = 1 / √V"),
        copse=mark("Pooled by Peto’s method unless you choose inverse variance."),
        care=mark("Whether the ratio is one of odds or of hazards depends on where the numbers come from."),
        source=mark("Yusuf et al., Prog Cardiovasc Dis 1985;27:335; Cochrane Handbook, section 10.4.2"),
        related=("method.Peto", "measure.HR"),
        words=mark("observed expected log rank"),
    ),
    Topic(
        "measure.HR",
        mark("Hazard ratio (HR)"),
        _REPORTED,
        mark("How much faster the event happens in the experimental arm at any moment, people who drop out taken "
             "into account. 1 is no difference."),
        copse=mark("Entered as reported, with its interval or the standard error of its logarithm; pooled as a "
                   "generic ratio."),
        care=mark("One number for the whole time assumes that the ratio stays the same throughout."),
        source=mark("Cochrane Handbook, chapter 6, section 6.8"),
        related=("measure.GENLOG", "measure.O-E"),
        words=mark("survival time to event Cox"),
    ),
    Topic(
        "measure.IRR",
        mark("Rate ratio"),
        _REPORTED,
        mark("Events per person-time in the experimental arm, divided by the same in the control arm. For things that "
             "can happen more than once."),
        copse=mark("Entered as reported, with its interval or the standard error of its logarithm; pooled as a "
                   "generic ratio."),
        care=mark("Not the same as a risk ratio, which counts people."),
        source=mark("Cochrane Handbook, chapter 6, section 6.7"),
        related=("measure.GENLOG", "measure.RR"),
        words=mark("incidence person-time"),
    ),
    Topic(
        "measure.ROM",
        mark("Ratio of means"),
        _REPORTED,
        mark("The mean of the experimental arm divided by the mean of the control arm: 0.8 means 20% lower."),
        copse=mark("Entered as reported, with its interval or the standard error of its logarithm; pooled as a "
                   "generic ratio."),
        care=mark("It makes sense only where values are above 0, and not for changes from baseline."),
        source=mark("Cochrane Handbook, chapter 6, section 6.5.1.3"),
        related=("measure.GENLOG", "measure.MD"),
    ),
    Topic(
        "zero_cells",
        mark("Zero cells and the 0.5"),
        _PAGE,
        mark("With no event (or only events) in an arm, a ratio cannot be computed. Adding 0.5 to all four cells makes "
             "it possible, at the price of a little bias."),
        copse=mark("OR and RR: 0.5 goes to studies with a zero cell, for their own row. In the pool, Mantel-Haenszel "
                   "adds it under RevMan 5 only; Peto never does. Studies without an event in either arm have no OR "
                   "or RR. Notes name every study touched."),
        care=mark("With rare events compare Peto, and Mantel-Haenszel without the 0.5."),
        source=mark("Sweeting et al., Stat Med 2004;23:1351; Cochrane Handbook, section 10.4.4"),
        related=("rare_events", "method.MH", "not_estimable"),
        words=mark("continuity correction double zero"),
    ),
    Topic(
        "rare_events",
        mark("Rare events"),
        _PAGE,
        mark("When risks are about 1% or less, methods that rest on large samples mislead, inverse variance with 0.5 "
             "most of all."),
        copse=mark("Copse offers Peto’s method, and Mantel-Haenszel without a correction under current rules."),
        care=mark("Peto suits arms of like size and effects that are not large; otherwise take Mantel-Haenszel."),
        source=mark("Bradburn et al., Stat Med 2007;26:53; Cochrane Handbook, section 10.4.4"),
        related=("zero_cells", "method.Peto", "method.MH"),
    ),
)  # fmt: skip
