"""Mean and SD from a median with the range, the quartiles, or both."""

from __future__ import annotations

import math
from itertools import pairwise

from core.errors import InputError
from core.language import mark
from core.pooling.conversions.base import (
    OUTCOME,
    Conversion,
    Found,
    Option,
    Output,
    choice,
    number,
    shown,
    size,
)
from core.pooling.conversions.notes import note
from core.pooling.conversions.sources import HOZO, LUO, SHI_SD, SHI_SKEWNESS, WAN, handbook
from core.pooling.notes import Note

GROUP = "quantiles"
NORMAL = mark("The values of the participants are close to normally distributed.")
SKEWNESS = (
    Output("skewness", mark("Skewness test statistic")),
    Output("critical", mark("Skewed above (5% level)")),
)
MEAN, SD = Output("mean", mark("Mean"), OUTCOME), Output("sd", mark("SD"), OUTCOME)
MINIMUM, MEDIAN, MAXIMUM = mark("Minimum"), mark("Median"), mark("Maximum")
FIRST, THIRD = mark("First quartile"), mark("Third quartile")
FEW = mark("With fewer participants this says nothing about mean and SD; ask for the data of each participant.")
_LUO = Option("luo", mark("Luo 2018 for the mean"))
_WAN = Option("wan", mark("Wan 2014 for the mean"))


def half_range(n: float) -> float:
    """Expected half range of n standard normal values: Phi^-1((n - 0.375) / (n + 0.25)) (Wan 2014, equation 9)."""
    from scipy.special import ndtri

    return float(ndtri((n - 0.375) / (n + 0.25)))


def half_quartiles(n: float) -> float:
    """Expected half distance of the quartiles: Phi^-1((0.75 n - 0.125) / (n + 0.25)) (Wan 2014, equation 16)."""
    from scipy.special import ndtri

    return float(ndtri((0.75 * n - 0.125) / (n + 0.25)))


def in_order(**values: float) -> None:
    """Refuse values that do not rise, or all of which are the same."""
    pairs = list(values.items())
    for (low_name, low), (high_name, high) in pairwise(pairs):
        if low > high:
            raise InputError(
                "conversion.order",
                "{low_name} ({low}) is greater than {high_name} ({high}). Correct one of the two.",
                low_name=_TITLES[low_name],
                low=shown(low),
                high_name=_TITLES[high_name],
                high=shown(high),
            )
    if pairs[0][1] == pairs[-1][1] or values.get("q1", 0.0) == values.get("q3", 1.0):
        raise InputError(
            "conversion.no-spread",
            "The values do not differ, so no standard deviation can be estimated. Check the paper.",
        )


_TITLES = {"minimum": MINIMUM, "q1": FIRST, "median": MEDIAN, "q3": THIRD, "maximum": MAXIMUM}


def _lopsided(low: float, median: float, high: float) -> float:
    """|low + high - 2 median| / (high - low)."""
    return abs((high - median) - (median - low)) / (high - low)


def _tested(statistic: float, critical: float) -> tuple[dict[str, float], tuple[Note, ...]]:
    values = {"skewness": statistic, "critical": critical}
    if statistic <= critical:
        return values, ()
    return values, (note("conversion.skewed", statistic=f"{statistic:.3f}", critical=f"{critical:.3f}"),)


def range_skewness(n: float, minimum: float, median: float, maximum: float) -> tuple[float, float]:
    """(statistic, 5 % critical value) of Shi 2023 for the range: 1.01 / ln(n + 9) + 2.43 / (n + 1)."""
    return _lopsided(minimum, median, maximum), 1.01 / math.log(n + 9) + 2.43 / (n + 1)


def quartile_skewness(n: float, q1: float, median: float, q3: float) -> tuple[float, float]:
    """(statistic, 5 % critical value) of Shi 2023 for the quartiles: 2.65 / sqrt(n) - 6 / n^2."""
    return _lopsided(q1, median, q3), 2.65 / math.sqrt(n) - 6 / n**2


def five_number_skewness(
    n: float, minimum: float, q1: float, median: float, q3: float, maximum: float
) -> tuple[float, float]:
    """(statistic, 5 % critical value) of Shi 2023 for all five numbers: 3 / sqrt(n) - 40 / n^3."""
    of_range = 2.65 * math.log(0.6 * n) / math.sqrt(n) * _lopsided(minimum, median, maximum)
    return max(of_range, _lopsided(q1, median, q3)), 3 / math.sqrt(n) - 40 / n**3


def _range(n: float, minimum: float, median: float, maximum: float, mean: str) -> Found:
    """Luo 2018 (equation 7): w = 4 / (4 + n^0.75); Wan 2014: mean (a + 2m + b) / 4 and SD (b - a) / (2 Phi^-1)."""
    in_order(minimum=minimum, median=median, maximum=maximum)
    w = 4 / (4 + n**0.75) if mean == "luo" else 0.5
    tested, notes = _tested(*range_skewness(n, minimum, median, maximum))
    values = {
        "mean": w * (minimum / 2 + maximum / 2) + (1 - w) * median,
        "sd": (maximum - minimum) / (2 * half_range(n)),
    }
    return Found(values | tested, notes, citation=_citation(mean))


def _quartiles(n: float, q1: float, median: float, q3: float, mean: str) -> Found:
    """Luo 2018 (equation 11): w = 0.7 + 0.39 / n; Wan 2014: mean (q1 + m + q3) / 3 and SD (q3 - q1) / (2 Phi^-1)."""
    in_order(q1=q1, median=median, q3=q3)
    w = 0.7 + 0.39 / n if mean == "luo" else 2 / 3
    tested, notes = _tested(*quartile_skewness(n, q1, median, q3))
    values = {"mean": w * (q1 / 2 + q3 / 2) + (1 - w) * median, "sd": (q3 - q1) / (2 * half_quartiles(n))}
    return Found(values | tested, notes, citation=_citation(mean))


def _five_numbers(
    n: float, minimum: float, q1: float, median: float, q3: float, maximum: float, mean: str, sd: str
) -> Found:
    """Luo 2018 (equation 15): w1 = 2.2 / (2.2 + n^0.75), w2 = 0.7 - 0.72 / n^0.55; Wan 2014 for both.

    SD of Shi 2020: (b - a) / theta1 + (q3 - q1) / theta2 with theta1 = (2 + 0.14 n^0.6) Phi^-1((n - 0.375) / (n +
    0.25)) and theta2 = (2 + 2 / (0.07 n^0.6)) Phi^-1((0.75 n - 0.125) / (n + 0.25)); Wan's is the mean of the two
    SDs from range and quartiles.
    """
    in_order(minimum=minimum, q1=q1, median=median, q3=q3, maximum=maximum)
    w1, w2 = (2.2 / (2.2 + n**0.75), 0.7 - 0.72 / n**0.55) if mean == "luo" else (0.25, 0.5)
    of_range, of_quartiles = (maximum - minimum) / half_range(n), (q3 - q1) / half_quartiles(n)
    if sd == "shi":
        power = n**0.6
        spread = of_range / (2 + 0.14 * power) + of_quartiles / (2 + 2 / (0.07 * power))
    else:
        spread = of_range / 4 + of_quartiles / 4
    middle = w1 * (minimum / 2 + maximum / 2) + w2 * (q1 / 2 + q3 / 2) + (1 - w1 - w2) * median
    tested, notes = _tested(*five_number_skewness(n, minimum, q1, median, q3, maximum))
    citation = f"{_citation(mean)} {SHI_SD}." if sd == "shi" else _citation(mean)
    return Found({"mean": middle, "sd": spread} | tested, notes, citation=citation)


def _citation(mean: str) -> str:
    first = f"{LUO}. " if mean == "luo" else ""
    return f"{first}{WAN}. {SHI_SKEWNESS}"


def _hozo(n: float, minimum: float, median: float, maximum: float) -> Found:
    """The rules of thumb of Hozo 2005.

    Mean: (a + 2m + b) / 4 up to 25 participants, the median above. SD: sqrt([(a - 2m + b)^2 / 4 + (b - a)^2] / 12) up
    to 15, (b - a) / 4 up to 70, (b - a) / 6 above.
    """
    in_order(minimum=minimum, median=median, maximum=maximum)
    width = maximum - minimum
    mean = (minimum + 2 * median + maximum) / 4 if n <= 25 else median
    if n <= 15:
        sd = math.sqrt(((minimum - 2 * median + maximum) ** 2 / 4 + width**2) / 12)
    else:
        sd = width / 4 if n <= 70 else width / 6
    tested, notes = _tested(*range_skewness(n, minimum, median, maximum))
    return Found({"mean": mean, "sd": sd} | tested, notes)


def _iqr(q1: float, q3: float) -> Found:
    """SD = IQR / 1.35 (Cochrane Handbook 6.5.2.5)."""
    in_order(q1=q1, q3=q3)
    return Found({"sd": (q3 - q1) / 1.35})


_N3 = size("n", mark("Participants"), least=3, advice=FEW)
_N5 = size("n", mark("Participants"), least=5, advice=FEW)
_RANGE = (number("minimum", MINIMUM), number("median", MEDIAN), number("maximum", MAXIMUM))
_QUARTILES = (number("q1", FIRST), number("median", MEDIAN), number("q3", THIRD))
_MEAN = choice("mean", mark("Formula for the mean"), _LUO, _WAN)

CONVERSIONS = (
    Conversion(
        "mean_sd_from_range",
        GROUP,
        mark("Mean and SD from median and range"),
        (_N3, *_RANGE, _MEAN),
        (MEAN, SD, *SKEWNESS),
        mark("Mean: mid-range and median weighted by sample size; SD: range / expected range of normal values"),
        _citation("luo"),
        _range,
        (NORMAL,),
    ),
    Conversion(
        "mean_sd_from_quartiles",
        GROUP,
        mark("Mean and SD from median and quartiles"),
        (_N5, *_QUARTILES, _MEAN),
        (MEAN, SD, *SKEWNESS),
        mark("Mean: mid-quartile and median weighted by sample size; SD: interquartile range / that of normal values"),
        _citation("luo"),
        _quartiles,
        (NORMAL,),
    ),
    Conversion(
        "mean_sd_from_five_numbers",
        GROUP,
        mark("Mean and SD from median, quartiles and range"),
        (
            _N5,
            number("minimum", MINIMUM),
            *_QUARTILES,
            number("maximum", MAXIMUM),
            _MEAN,
            choice(
                "sd",
                mark("Formula for the SD"),
                Option("shi", mark("Shi 2020 for the SD")),
                Option("wan", mark("Wan 2014 for the SD")),
            ),
        ),
        (MEAN, SD, *SKEWNESS),
        mark("Mean and SD from mid-range, mid-quartile and median, weighted by sample size"),
        f"{_citation('luo')} {SHI_SD}.",
        _five_numbers,
        (NORMAL,),
    ),
    Conversion(
        "mean_sd_hozo",
        GROUP,
        mark("Mean and SD from median and range, after Hozo 2005 (older reviews)"),
        (_N3, *_RANGE),
        (MEAN, SD, *SKEWNESS),
        mark("Hozo’s rules of thumb, which change at 15, 25 and 70 participants"),
        f"{HOZO} {SHI_SKEWNESS}",
        _hozo,
        (mark("Kept to reproduce older reviews; the newer formulas use the sample size better."),),
    ),
    Conversion(
        "sd_from_iqr",
        GROUP,
        mark("SD from quartiles of a large group"),
        (number("q1", FIRST), number("q3", THIRD)),
        (SD,),
        mark("SD = (third quartile − first quartile) / 1.35"),
        handbook("6.5.2.5"),
        _iqr,
        (NORMAL, mark("The group is large, so that its quartiles are close to those of the population.")),
    ),
)
