"""Crossover trials, and other pairs: paired results from what is reported of both periods.

Each result is an estimate with a standard error, to be entered as such (generic inverse variance). Where only the
first period can be used, its groups are those of a parallel trial and need no conversion.
"""

from __future__ import annotations

import math

from core.errors import InputError
from core.language import mark
from core.pooling.conversions.base import (
    LOGARITHM,
    OUTCOME,
    Conversion,
    Found,
    Output,
    confidence_level,
    correlation,
    count,
    number,
    p_value,
    shown,
    size,
    spread,
    whole,
)
from core.pooling.conversions.change import IMPUTED, correlation_of, sd_of_difference
from core.pooling.conversions.quantiles_of import central, choice_notes, degrees, distribution, of_p
from core.pooling.conversions.sources import BECKER_BALAGTAS, ELBOURNE, handbook
from core.pooling.conversions.spread import LOWER, UPPER, half_width

GROUP = "crossover"
PAIRED = mark("Every participant counted has both values, and there is no carry-over from the first period.")
PAIRED_T = mark("The test was a paired t test.")
N = size("n", mark("Participants with both values"))
SD_E, SD_C = spread("sd1", mark("SD, experimental")), spread("sd2", mark("SD, control"))
MEAN_E, MEAN_C = number("mean1", mark("Mean, experimental")), number("mean2", mark("Mean, control"))
R = correlation(mark("Correlation of the two values of a participant"))
MEAN_DIFFERENCE = number("md", mark("Mean difference within participants"))
MD = Output("md", mark("Mean difference"), OUTCOME)
SE = Output("se", mark("Standard error"), OUTCOME)
SD_DIFF = Output("sd", mark("SD of the differences"), OUTCOME)
LOG_OR = (Output("yi", mark("Logarithm of the odds ratio"), LOGARITHM), Output("se", mark("Standard error"), LOGARITHM))


def _means(mean1: float, sd1: float, mean2: float, sd2: float, n: float, r: float) -> Found:
    """SD of differences sqrt(s1^2 + s2^2 - 2 r s1 s2), SE = SD / sqrt(n) (Handbook 23.2.7; Elbourne 2002)."""
    sd = sd_of_difference(sd1, sd2, r)
    return Found({"md": mean1 - mean2, "se": sd / math.sqrt(n), "sd": sd})


def _from_sd(mean1: float, mean2: float, sd_difference: float, n: float) -> Found:
    return Found({"md": mean1 - mean2, "se": sd_difference / math.sqrt(n)})


def _from_t(md: float, t: float, n: float) -> Found:
    if t == 0 or md == 0:
        raise InputError(
            "conversion.no-paired-difference",
            "No standard error follows from a difference or a statistic of 0. Take it from an interval.",
        )
    se = abs(md / t)
    return Found({"md": md, "se": se, "sd": se * math.sqrt(n)})


def _from_p(md: float, p: float, n: float) -> Found:
    return _from_t(md, of_p(p, n - 1), n)


def _from_ci(lower: float, upper: float, n: float, md: float | None, level: float, distribution: str) -> Found:
    half, notes = half_width(lower, upper, md)
    df = degrees(distribution, (n,))
    se = half / central(level, df)
    notes += choice_notes(distribution, df, (n,), half / central(level, None))
    return Found({"md": lower + half if md is None else md, "se": se, "sd": se * math.sqrt(n)}, notes)


def _correlation(sd1: float, sd2: float, sd_difference: float) -> Found:
    return Found({"r": correlation_of(sd1, sd2, sd_difference, mark("An SD of differences"))})


def _smd(mean1: float, sd1: float, mean2: float, sd2: float, n: float, r: float) -> Found:
    """SMD = MD / sqrt((s1^2 + s2^2) / 2), SE = sqrt(1/n + SMD^2 / (2 n)) sqrt(2 (1 - r)) (Handbook 23.2.7)."""
    smd = (mean1 - mean2) / math.sqrt((sd1 * sd1 + sd2 * sd2) / 2)
    return Found({"smd": smd, "se": math.sqrt((1 + smd * smd / 2) / n) * math.sqrt(2 * (1 - r))})


def _marginal_or(events1: float, events2: float, n: float, r: float) -> Found:
    """ln OR of the margins; its variance V1 + V2 - 2 r sqrt(V1 V2) with V = 1/events + 1/(n - events).

    This is Becker and Balagtas' variance written with the correlation (phi) of the two treatments.
    """
    whole(events1, n, mark("Events, experimental"), mark("participants"))
    whole(events2, n, mark("Events, control"), mark("participants"))
    _check_margins(events1, events2, n)
    _check_correlation(events1 / (n - events1), events2 / (n - events2), r)
    v1, v2 = 1 / events1 + 1 / (n - events1), 1 / events2 + 1 / (n - events2)
    log_or = math.log(events1 / (n - events1)) - math.log(events2 / (n - events2))
    variance = (math.sqrt(v1) - math.sqrt(v2)) ** 2 + 2 * (1 - r) * math.sqrt(v1 * v2)
    return Found({"yi": log_or, "se": math.sqrt(variance)})


def _check_margins(events1: float, events2: float, n: float) -> None:
    if not (0 < events1 < n and 0 < events2 < n):
        raise InputError(
            "conversion.marginal-zero",
            "The marginal odds ratio needs participants with and without the event under both treatments. Enter the "
            "numbers of discordant pairs as a matched-pair measure instead.",
        )


def _check_correlation(odds1: float, odds2: float, r: float) -> None:
    """Refuse a correlation that no table of pairs with these margins has: with more of it than the margins leave room
    for, a cell would be negative and the standard error too small."""
    ratio, product = math.sqrt(odds1 / odds2), math.sqrt(odds1 * odds2)
    low, high = -min(product, 1 / product), min(ratio, 1 / ratio)
    if not low - 1e-3 <= r <= high + 1e-3:
        raise InputError(
            "conversion.margins-correlation",
            "With these numbers of events the correlation of the two treatments lies between {low} and {high}; it "
            "cannot be {r}. Enter one in this range.",
            low=f"{low:.3f}",
            high=f"{high:.3f}",
            r=shown(r),
        )


def _paired_or(both: float, only1: float, only2: float, neither: float) -> Found:
    """ln OR of the margins with the delta-method variance (Becker & Balagtas 1993): the sum over the four cells of
    cell x (derivative of ln OR)^2, in which nothing cancels when few pairs are discordant."""
    events1, others1, events2, others2 = both + only1, only2 + neither, both + only2, only1 + neither
    _check_margins(events1, events2, events1 + others1)
    if only1 + only2 == 0:
        raise InputError(
            "conversion.no-discordant",
            "Every participant had the same result under both treatments, so the odds ratio has no standard error.",
        )
    apart = only2 - only1
    variance = (
        both * (apart / events1 / events2) ** 2
        + only1 * (1 / events1 + 1 / others2) ** 2
        + only2 * (1 / others1 + 1 / events2) ** 2
        + neither * (apart / others1 / others2) ** 2
    )
    phi = (both * neither - only1 * only2) / math.sqrt(events1 * others1) / math.sqrt(events2 * others2)
    log_or = math.log(events1 / others1) - math.log(events2 / others2)
    return Found({"yi": log_or, "se": math.sqrt(variance), "r": max(-1.0, min(1.0, phi))})


CONVERSIONS = (
    Conversion(
        "crossover_md",
        GROUP,
        mark("Crossover: mean difference from means, SDs and a correlation"),
        (MEAN_E, SD_E, MEAN_C, SD_C, N, R),
        (MD, SE, SD_DIFF),
        mark("SD of differences = √(SD1² + SD2² − 2·r·SD1·SD2), SE = SD / √n"),
        f"{handbook('23.2.7')} {ELBOURNE}",
        _means,
        (PAIRED, IMPUTED),
    ),
    Conversion(
        "crossover_from_sd_of_differences",
        GROUP,
        mark("Crossover: mean difference from the SD of differences"),
        (MEAN_E, MEAN_C, spread("sd_difference", mark("SD of the differences")), N),
        (MD, SE),
        mark("SE = SD of differences / √n"),
        f"{handbook('23.2.7')} {ELBOURNE}",
        _from_sd,
        (PAIRED,),
    ),
    Conversion(
        "crossover_from_t",
        GROUP,
        mark("Crossover: standard error from a paired t statistic"),
        (MEAN_DIFFERENCE, number("t", mark("Paired t statistic"), ""), N),
        (MD, SE, SD_DIFF),
        mark("SE = |MD / t|, SD of differences = SE × √n"),
        f"{handbook('23.2.6')} {ELBOURNE}",
        _from_t,
        (PAIRED, PAIRED_T),
    ),
    Conversion(
        "crossover_from_p",
        GROUP,
        mark("Crossover: standard error from the P value of a paired t test"),
        (MEAN_DIFFERENCE, p_value(), N),
        (MD, SE, SD_DIFF),
        mark("t from the two-sided P value with n − 1 degrees of freedom, SE = |MD| / t"),
        f"{handbook('23.2.6')} {ELBOURNE}",
        _from_p,
        (PAIRED, PAIRED_T),
    ),
    Conversion(
        "crossover_from_ci",
        GROUP,
        mark("Crossover: standard error from the interval of a paired difference"),
        (
            number("lower", LOWER),
            number("upper", UPPER),
            N,
            number("md", mark("Mean difference within participants"), required=False),
            confidence_level(),
            distribution(),
        ),
        (MD, SE, SD_DIFF),
        mark("SE = (upper − lower) / (2 × quantile), the quantile of t with n − 1 degrees of freedom or normal"),
        f"{handbook('23.2.6')} {ELBOURNE}",
        _from_ci,
        (PAIRED,),
    ),
    Conversion(
        "crossover_correlation",
        GROUP,
        mark("Crossover: correlation from the SD of differences"),
        (SD_E, SD_C, spread("sd_difference", mark("SD of the differences"), zero=True)),
        (Output("r", mark("Correlation")),),
        mark("r = (SD1² + SD2² − SD of differences²) / (2·SD1·SD2)"),
        f"{handbook('23.2.7')} {ELBOURNE}",
        _correlation,
        (PAIRED,),
    ),
    Conversion(
        "crossover_smd",
        GROUP,
        mark("Crossover: standardised mean difference"),
        (MEAN_E, SD_E, MEAN_C, SD_C, N, R),
        (Output("smd", mark("Standardised mean difference")), Output("se", mark("Standard error"))),
        mark("SMD = MD / √[(SD1² + SD2²)/2], SE = √(1/n + SMD²/(2n)) × √(2(1 − r))"),
        f"{handbook('23.2.7')} {ELBOURNE}",
        _smd,
        (PAIRED, IMPUTED),
    ),
    Conversion(
        "crossover_or_paired",
        GROUP,
        mark("Crossover: marginal odds ratio from paired results"),
        (
            count("both", mark("Event under both treatments")),
            count("only1", mark("Event under the experimental treatment only")),
            count("only2", mark("Event under the control treatment only")),
            count("neither", mark("Event under neither treatment")),
        ),
        (*LOG_OR, Output("r", mark("Correlation of the two treatments"))),
        mark("Odds ratio of the margins with the Becker-Balagtas variance"),
        BECKER_BALAGTAS,
        _paired_or,
        (PAIRED,),
    ),
    Conversion(
        "crossover_or_marginal",
        GROUP,
        mark("Crossover: marginal odds ratio from totals and a correlation"),
        (
            count("events1", mark("Events, experimental")),
            count("events2", mark("Events, control")),
            size("n", mark("Participants with both values"), least=1),
            R,
        ),
        LOG_OR,
        mark("Odds ratio of the margins; variance V1 + V2 − 2·r·√(V1·V2), V = 1/events + 1/non-events"),
        BECKER_BALAGTAS,
        _marginal_or,
        (PAIRED, IMPUTED),
    ),
)
