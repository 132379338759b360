"""Explanations of further measures of means, of change within participants, and of correlations."""

from __future__ import annotations

from core.explain.topic import Topic
from core.language import mark

_PAGE = ("analysis",)
_PAIRED = mark("Measurement 1 is the later or experimental one, 2 the other; r is the correlation between the two.")
_ABOVE_ZERO = mark("It makes sense only for scales on which all values are above 0.")
_NAKAGAWA = mark("Nakagawa et al., Methods Ecol Evol 2015;6:143")
_BECKER = mark("Becker, Br J Math Stat Psychol 1988;41:257; Morris & DeShon, Psychol Methods 2002;7:105")

TOPICS = (
    Topic(
        "measure.SMDH",
        mark("SMD with unequal variances"),
        _PAGE,
        mark("The mean difference in units of the average of both arms’ variances, for arms that spread differently."),
        formula=mark("g = J × (m₁ − m₂) / √((s₁² + s₂²) / 2)"),
        copse=mark("J corrects small samples."),
        source=mark("Bonett, Psychol Methods 2008;13:99 and 2009;14:225"),
        related=("measure.SMD", "measure.SMD1"),
    ),
    Topic(
        "measure.SMD1",
        mark("SMD by the control arm’s SD"),
        _PAGE,
        mark("The mean difference in units of the control arm’s standard deviation, for treatments that change the "
             "spread."),
        formula=mark("Δ = J × (m₁ − m₂) / s₂"),
        copse=mark("J corrects small samples, by the control arm’s n₂ − 1 degrees of freedom."),
        source=mark("Glass, Educ Res 1976;5:3; Hedges, J Educ Stat 1981;6:107"),
        related=("measure.SMD", "measure.SMDH"),
        words=mark("Glass delta"),
    ),
    Topic(
        "measure.CVR",
        mark("Ratio of coefficients of variation"),
        _PAGE,
        mark("How much people differ, relative to their mean, in the experimental arm compared with the control arm."),
        formula=mark("ln CVR = ln ((s₁ / m₁) / (s₂ / m₂)) + 1 / (2 (n₁ − 1)) − 1 / (2 (n₂ − 1))"),
        copse=mark("Shown as a ratio; 1 is no difference."),
        care=_ABOVE_ZERO,
        source=_NAKAGAWA,
        related=("measure.VR", "measure.ROM"),
    ),
    Topic(
        "measure.VR",
        mark("Ratio of standard deviations"),
        _PAGE,
        mark("How much people differ in the experimental arm compared with the control arm: above 1 they differ more."),
        formula=mark("ln VR = ln (s₁ / s₂) + 1 / (2 (n₁ − 1)) − 1 / (2 (n₂ − 1))"),
        copse=mark("Shown as a ratio; 1 is no difference. The means are not needed."),
        care=mark("Spread often grows with the mean; compare the ratio of coefficients of variation."),
        source=_NAKAGAWA,
        related=("measure.CVR", "measure.MD"),
        words=mark("variability"),
    ),
    Topic(
        "measure.MN",
        mark("Mean"),
        _PAGE,
        mark("The mean of one group, in the unit of the instrument."),
        formula=mark("m,  SE² = s² / n"),
        copse=mark("Pooled as it is. The P value tests against 0, which is seldom a question."),
        source=mark("Borenstein et al., Introduction to Meta-Analysis, 2009, chapter 4"),
        related=("measure.MNLN", "measure.MD"),
    ),
    Topic(
        "measure.MNLN",
        mark("Mean, as logarithm"),
        _PAGE,
        mark("The mean of one group, pooled as logarithms and shown as a mean: for scales on which studies differ by "
             "factors."),
        formula=mark("ln m,  SE² = s² / (n m²)"),
        copse=mark("A mean of 0 or below has no logarithm and is left out with a note."),
        source=mark("Nakagawa et al., Methods Ecol Evol 2015;6:143"),
        related=("measure.MN", "measure.ROM"),
    ),
    Topic(
        "measure.MC",
        mark("Mean change"),
        _PAGE,
        mark("The mean difference between two measurements of the same people or of matched pairs."),
        formula=mark("MC = m₁ − m₂,  SE² = (s₁² + s₂² − 2 r s₁ s₂) / n"),
        copse=_PAIRED,
        care=mark("A change without a control arm is not an effect of treatment. Of a crossover trial it is the paired "
                  "difference."),
        source=mark("Cochrane Handbook, section 23.2.7.1"),
        related=("measure.MD", "measure.SMCR", "period"),
        words=mark("paired crossover pre post"),
    ),
    Topic(
        "measure.SMCC",
        mark("Standardised change, by the SD of changes"),
        _PAGE,
        mark("The mean change in units of the standard deviation of the changes."),
        formula=mark("g = J × (m₁ − m₂) / s of the changes"),
        copse=_PAIRED,
        care=mark("Not comparable with other SMDs: the higher the correlation, the larger it gets."),
        source=mark("Gibbons et al., J Educ Stat 1993;18:271"),
        related=("measure.SMCR", "measure.MC"),
    ),
    Topic(
        "measure.SMCR",
        mark("Standardised change, by SD 1"),
        _PAGE,
        mark("The mean change in units of the standard deviation of one measurement, so that it is comparable with "
             "other SMDs."),
        formula=mark("g = J × (m₁ − m₂) / s₁,  SE² = 2 (1 − r) / n + g² / (2 n)"),
        copse=mark("SD 1 is the one divided by, usually the standard deviation before treatment; r is the correlation "
                   "between the two measurements. SD 2 is not needed."),
        source=_BECKER,
        related=("measure.SMCRH", "measure.SMCC", "measure.SMD"),
    ),
    Topic(
        "measure.SMCRH",
        mark("Standardised change, unequal variances"),
        _PAGE,
        mark("The mean change in units of the standard deviation of one measurement, when the two spread differently."),
        formula=mark("g = J × (m₁ − m₂) / s₁"),
        copse=_PAIRED,
        source=mark("Bonett, Psychol Methods 2008;13:99"),
        related=("measure.SMCR", "measure.SMDH"),
    ),
    Topic(
        "measure.SMDX",
        mark("SMD of crossover trials"),
        _PAGE,
        mark("The paired mean difference in units of the standard deviation between people, so that crossover trials "
             "can join parallel ones."),
        formula=mark("d = (m₁ − m₂) / √((s₁² + s₂²) / 2),  SE² = (1 / n + d² / (2 n)) × 2 (1 − r)"),
        copse=_PAIRED,
        care=mark("r must often be borrowed from another study; try several."),
        source=mark("Elbourne et al., Int J Epidemiol 2002;31:140; Cochrane Handbook, section 23.2.7.2"),
        related=("measure.MC", "measure.SMD", "period"),
        words=mark("crossover"),
    ),
    Topic(
        "measure.ROMC",
        mark("Ratio of means, paired"),
        _PAGE,
        mark("The mean of one measurement divided by the mean of the other, in the same people or matched pairs."),
        formula=mark("ln (m₁ / m₂)"),
        copse=_PAIRED,
        care=_ABOVE_ZERO,
        source=mark("Lajeunesse, Ecology 2011;92:2049"),
        related=("measure.ROM", "measure.MC"),
    ),
    Topic(
        "measure.COR",
        mark("Correlation"),
        _PAGE,
        mark("The correlation of two measurements, pooled as it is."),
        formula=mark("r,  SE² = (1 − r²)² / (n − 1)"),
        copse=mark("Limits are shown as computed and may pass 1."),
        care=mark("High correlations get too much weight; Fisher’s z avoids that."),
        source=mark("Borenstein, in: Handbook of Research Synthesis, 2009, chapter 12"),
        related=("measure.ZCOR", "measure.UCOR"),
        words=mark("Pearson"),
    ),
    Topic(
        "measure.UCOR",
        mark("Correlation, corrected for bias"),
        _PAGE,
        mark("A correlation is slightly too close to 0 in small samples; this one is corrected."),
        copse=mark("Olkin and Pratt’s exact factor; at least five participants are needed."),
        source=mark("Olkin & Pratt, Ann Math Stat 1958;29:201"),
        related=("measure.COR", "measure.ZCOR"),
    ),
    Topic(
        "measure.ZCOR",
        mark("Correlation, by Fisher’s z"),
        _PAGE,
        mark("Correlations, stretched so that their precision depends on the sample size alone, pooled and turned back "
             "into a correlation."),
        formula=mark("z = atanh r,  SE² = 1 / (n − 3)"),
        copse=mark("A correlation of exactly 1 or −1, or fewer than four participants, are not estimable."),
        source=mark("Fisher, Metron 1921;1:3"),
        related=("measure.COR", "measure.UCOR"),
    ),
)  # fmt: skip
