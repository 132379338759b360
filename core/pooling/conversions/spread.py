"""Standard deviations and standard errors from each other and from intervals, t statistics and P values."""

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
    number,
    p_value,
    positive,
    shown,
    size,
    spread,
)
from core.pooling.conversions.notes import note
from core.pooling.conversions.quantiles_of import central, choice_notes, degrees, distribution, of_p, of_test
from core.pooling.conversions.sources import ALTMAN_BLAND_P, handbook
from core.pooling.notes import Note

GROUP = "spread"
SD = Output("sd", mark("SD"), OUTCOME)
SE = Output("se", mark("Standard error"), OUTCOME)
MEAN = Output("mean", mark("Mean"), OUTCOME)
MD = Output("md", mark("Mean difference"), OUTCOME)
T = Output("t", mark("t statistic"))
POOLED_SD = Output("sd", mark("SD, the same for both groups"), OUTCOME, always=False)
LOG_ESTIMATE = Output("yi", mark("Logarithm of the ratio"), LOGARITHM)
LOG_SE = Output("se", mark("Standard error of the logarithm"), LOGARITHM)

N = size("n", mark("Participants"))
N1 = size("n1", mark("Participants, experimental group"), least=1)
N2 = size("n2", mark("Participants, control group"), least=1)
MAYBE_N1 = size("n1", mark("Participants, experimental group"), least=1, required=False)
MAYBE_N2 = size("n2", mark("Participants, control group"), least=1, required=False)
LOWER, UPPER = mark("Lower limit"), mark("Upper limit")
RATIO_LOWER = positive("lower", LOWER, advice=mark("Limits of ratios lie above 0; ask for more digits."))

RANDOM_SAMPLE = mark("The standard error belongs to the mean of this group, not to a difference between groups.")
NORMAL_MEAN = mark("The interval was computed as mean ± quantile × standard error, on the original scale.")
SYMMETRIC = mark("The interval was computed as estimate ± quantile × standard error, on the original scale.")
EQUAL_SD = mark("The two groups have the same SD; it is entered for both.")
TWO_SAMPLE_T = mark("The test was a t test of two independent groups with a pooled SD.")
LOG_NORMAL = mark("The interval is symmetric on the logarithmic scale.")
TWO_SIDED = mark("The P value is two-sided and exact, not rounded from a limit.")


def _sd_from_se(se: float, n: float) -> Found:
    return Found({"sd": se * math.sqrt(n)})


def _se_from_sd(sd: float, n: float) -> Found:
    return Found({"se": sd / math.sqrt(n)})


def _sd_from_ci(lower: float, upper: float, n: float, mean: float | None, level: float, distribution: str) -> Found:
    """SD = sqrt(n) (U - L) / (2 q), q of t(n - 1) or normal (Cochrane Handbook 6.5.2.2)."""
    half, notes = half_width(lower, upper, mean)
    df = degrees(distribution, (n,))
    se = half / central(level, df)
    sd = se * math.sqrt(n)
    other = half / central(level, None) * math.sqrt(n)
    middle = lower + half if mean is None else mean
    return Found({"sd": sd, "se": se, "mean": middle}, (*notes, *choice_notes(distribution, df, (n,), other)))


def _se_from_ci(
    lower: float,
    upper: float,
    md: float | None,
    n1: float | None,
    n2: float | None,
    level: float,
    distribution: str,
) -> Found:
    """SE = (U - L) / (2 q), q normal or of t(n1 + n2 - 2) (Cochrane Handbook 6.3.1 and 6.5.2.3)."""
    half, notes = half_width(lower, upper, md)
    df = degrees(distribution, (n1, n2))
    se = half / central(level, df)
    values = {"se": se, "md": lower + half if md is None else md} | _pooled_sd(se, n1, n2)
    notes += choice_notes(distribution, df, (n1, n2), half / central(level, None))
    return Found(values, notes)


def _se_from_t(md: float, t: float, n1: float | None, n2: float | None) -> Found:
    """SE = MD / t (Cochrane Handbook 6.5.2.3)."""
    if t == 0 or md == 0:
        raise InputError(
            "conversion.no-difference",
            "No standard error follows from a difference or a t statistic of 0. Take it from an interval, or from the "
            "SDs of the groups.",
        )
    if (t > 0) != (md > 0):
        raise InputError(
            "conversion.t-sign",
            "The mean difference ({md}) and the t statistic ({t}) differ in sign. Write both as experimental minus "
            "control.",
            md=shown(md),
            t=shown(t),
        )
    if n1 is not None and n2 is not None:
        degrees("t", (n1, n2))
    se = md / t
    return Found({"se": se} | _pooled_sd(se, n1, n2))


def _se_from_p(md: float, p: float, n1: float | None, n2: float | None, distribution: str) -> Found:
    """t from a two-sided P value with n1 + n2 - 2 degrees of freedom, then SE = |MD| / t (Handbook 6.5.2.3)."""
    se, stat = _from_p(md, p, degrees(distribution, (n1, n2)))
    return Found({"se": se, "t": math.copysign(stat, md)} | _pooled_sd(se, n1, n2))


def _from_p(estimate: float, p: float, df: float | None) -> tuple[float, float]:
    """(standard error, statistic without sign) of an estimate with this two-sided P value."""
    if estimate == 0:
        raise InputError(
            "conversion.p-of-nothing",
            "No standard error follows from the P value of an estimate of no effect. Take it from an interval.",
        )
    stat = of_p(p, df)
    return abs(estimate) / stat, stat


def _sd_from_difference(se: float, n1: float, n2: float) -> Found:
    return Found(_pooled_sd(se, n1, n2))


def _pooled_sd(se: float, n1: float | None, n2: float | None) -> dict[str, float]:
    """SD = SE / sqrt(1/n1 + 1/n2) (Cochrane Handbook 6.5.2.3); nothing when a size is unknown."""
    return {} if n1 is None or n2 is None else {"sd": se / math.sqrt(1 / n1 + 1 / n2)}


def _ci_from_se(estimate: float, se: float, level: float, df: float | None) -> Found:
    half = central(level, df) * se
    return Found({"lower": estimate - half, "upper": estimate + half})


def _ratio_from_ci(lower: float, upper: float, estimate: float | None, level: float) -> Found:
    """SE = (ln U - ln L) / (2 z) (Cochrane Handbook 6.3.2)."""
    low, high = math.log(lower), math.log(upper)
    middle = (low + high) / 2 if estimate is None else math.log(estimate)
    half, notes = half_width(low, high, middle, ratio=(lower, upper, estimate))
    return Found({"yi": middle, "se": half / central(level, None)}, notes)


def _ratio_from_p(estimate: float, p: float) -> Found:
    """SE = |ln ratio| / z (Cochrane Handbook 6.3.2)."""
    logarithm = math.log(estimate)
    return Found({"yi": logarithm, "se": _from_p(logarithm, p, None)[0]})


def _estimate_from_p(yi: float, p: float, df: float | None) -> Found:
    return Found({"se": _from_p(yi, p, df)[0]})


def half_width(
    lower: float,
    upper: float,
    estimate: float | None,
    *,
    ratio: tuple[float, float, float | None] | None = None,
) -> tuple[float, tuple[Note, ...]]:
    """Half the width of an interval; refuses one that runs backwards, or does not hold its estimate, or is lopsided.

    A difference is refused when its estimate lies off the middle by more than rounding explains and more than 2 % of
    the width: such an interval was not computed as estimate ± quantile × SE. A ratio (``ratio``: the limits and the
    estimate as printed) gets a note instead, because small ratios lose much by rounding.
    """
    shown_lower, shown_upper, shown_estimate = ratio or (lower, upper, estimate)
    params: dict[str, str] = {"lower": shown(shown_lower), "upper": shown(shown_upper)}
    if lower >= upper:
        raise InputError(
            "conversion.interval",
            "The interval runs backwards or has no width: {lower} to {upper}. Enter the lower limit first.",
            **params,
        )
    half = upper / 2 - lower / 2
    if estimate is None or shown_estimate is None:
        return half, ()
    params["estimate"] = shown(shown_estimate)
    if not lower <= estimate <= upper:
        raise InputError(
            "conversion.outside",
            "The estimate {estimate} lies outside its interval, {lower} to {upper}. Correct one of the three.",
            **params,
        )
    off = abs((upper - estimate) - (estimate - lower)) / 2
    if ratio:
        return half, (note("conversion.lopsided-ratio", **params),) if off > 0.1 * half else ()
    if off > max(0.04 * half, 1.01 * min(map(_last_digit, (lower, upper, estimate)))):
        raise InputError(
            "conversion.lopsided",
            "The estimate {estimate} is not in the middle of its interval, {lower} to {upper}. If it is a ratio, use "
            "the conversion for ratios; if the interval was computed in another way (bootstrap, transformed data), "
            "leave the estimate out to take the middle of the interval.",
            **params,
        )
    return half, ()


def _last_digit(value: float) -> float:
    """The unit of the last digit with which a number was printed, as far as it shows; 0 with an exponent."""
    text = repr(value)
    return 0.0 if "e" in text else 10.0 ** -len(text.partition(".")[2].rstrip("0"))


CONVERSIONS = (
    Conversion(
        "sd_from_se",
        GROUP,
        mark("SD from a standard error"),
        (positive("se", mark("Standard error of the mean"), OUTCOME), N),
        (SD,),
        mark("SD = SE × √n"),
        handbook("6.5.2.2"),
        _sd_from_se,
        (RANDOM_SAMPLE,),
    ),
    Conversion(
        "se_from_sd",
        GROUP,
        mark("Standard error from an SD"),
        (spread("sd", mark("SD")), N),
        (SE,),
        mark("SE = SD / √n"),
        handbook("6.5.2.2"),
        _se_from_sd,
    ),
    Conversion(
        "sd_from_ci",
        GROUP,
        mark("SD from the confidence interval of a mean"),
        (
            number("lower", LOWER),
            number("upper", UPPER),
            N,
            number("mean", mark("Mean"), required=False),
            confidence_level(),
            distribution(),
        ),
        (SD, SE, MEAN),
        mark("SD = √n × (upper − lower) / (2 × quantile), the quantile of t with n − 1 degrees of freedom or normal"),
        handbook("6.5.2.2"),
        _sd_from_ci,
        (NORMAL_MEAN,),
    ),
    Conversion(
        "se_from_ci",
        GROUP,
        mark("Standard error from the confidence interval of a difference"),
        (
            number("lower", LOWER),
            number("upper", UPPER),
            number("md", mark("Difference"), required=False),
            MAYBE_N1,
            MAYBE_N2,
            confidence_level(),
            distribution(),
        ),
        (SE, MD, POOLED_SD),
        mark("SE = (upper − lower) / (2 × quantile), the quantile normal or of t with n1 + n2 − 2 degrees of freedom"),
        handbook("6.5.2.3"),
        _se_from_ci,
        (SYMMETRIC, EQUAL_SD),
    ),
    Conversion(
        "se_from_t",
        GROUP,
        mark("Standard error of a mean difference from its t statistic"),
        (number("md", mark("Mean difference")), number("t", mark("t statistic"), ""), MAYBE_N1, MAYBE_N2),
        (SE, POOLED_SD),
        mark("SE = MD / t"),
        handbook("6.5.2.3"),
        _se_from_t,
        (TWO_SAMPLE_T, EQUAL_SD),
    ),
    Conversion(
        "se_from_p",
        GROUP,
        mark("Standard error of a mean difference from its P value"),
        (number("md", mark("Mean difference")), p_value(), MAYBE_N1, MAYBE_N2, of_test()),
        (SE, T, POOLED_SD),
        mark("t (or z) from the two-sided P value, with n1 + n2 − 2 degrees of freedom, then SE = |MD| / t"),
        handbook("6.5.2.3"),
        _se_from_p,
        (TWO_SAMPLE_T, TWO_SIDED, EQUAL_SD),
    ),
    Conversion(
        "sd_from_se_of_difference",
        GROUP,
        mark("SD of the groups from the standard error of their difference"),
        (positive("se", mark("Standard error of the mean difference"), OUTCOME), N1, N2),
        (SD,),
        mark("SD = SE / √(1/n1 + 1/n2)"),
        handbook("6.5.2.3"),
        _sd_from_difference,
        (EQUAL_SD,),
    ),
    Conversion(
        "ci_from_se",
        GROUP,
        mark("Confidence interval from a standard error"),
        (
            number("estimate", mark("Estimate")),
            positive("se", mark("Standard error"), OUTCOME),
            confidence_level(),
            positive("df", mark("Degrees of freedom, for t"), required=False),
        ),
        (Output("lower", LOWER, OUTCOME), Output("upper", UPPER, OUTCOME)),
        mark("estimate ± quantile × SE, the quantile normal, or of t with the degrees of freedom given"),
        handbook("6.3.1"),
        _ci_from_se,
        (SYMMETRIC,),
    ),
    Conversion(
        "ratio_from_ci",
        GROUP,
        mark("Logarithm and standard error of a ratio from its confidence interval"),
        (
            RATIO_LOWER,
            positive("upper", UPPER),
            positive("estimate", mark("Ratio"), required=False),
            confidence_level(),
        ),
        (LOG_ESTIMATE, LOG_SE),
        mark("SE = (ln upper − ln lower) / (2 × normal quantile); the middle of the interval when no ratio is given"),
        handbook("6.3.2"),
        _ratio_from_ci,
        (LOG_NORMAL,),
    ),
    Conversion(
        "ratio_from_p",
        GROUP,
        mark("Logarithm and standard error of a ratio from its P value"),
        (positive("estimate", mark("Ratio")), p_value()),
        (LOG_ESTIMATE, LOG_SE),
        mark("SE = |ln ratio| / z, z the normal quantile of the two-sided P value"),
        f"{handbook('6.3.2')} {ALTMAN_BLAND_P}",
        _ratio_from_p,
        (TWO_SIDED, mark("The test was a Wald test of the logarithm of the ratio, or close to one.")),
    ),
    Conversion(
        "estimate_from_p",
        GROUP,
        mark("Standard error of an estimate from its P value"),
        (
            number("yi", mark("Estimate on the scale of analysis (ratios as logarithms)"), ""),
            p_value(),
            positive("df", mark("Degrees of freedom, for t"), required=False),
        ),
        (Output("se", mark("Standard error")),),
        mark("SE = |estimate| / quantile of the two-sided P value, normal, or of t with the degrees of freedom given"),
        f"{handbook('6.3.1')} {ALTMAN_BLAND_P}",
        _estimate_from_p,
        (TWO_SIDED,),
    ),
)
