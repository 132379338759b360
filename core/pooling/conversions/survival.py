"""Hazard ratios from what papers print, and the log-rank numbers O - E and V behind them.

Reconstructing participants from a printed survival curve is not offered: it needs the digitised curve and the numbers
at risk, not two or three numbers.
"""

from __future__ import annotations

import math

from core.errors import InputError
from core.language import mark
from core.pooling.conversions.base import (
    EVENTS,
    LOGARITHM,
    Conversion,
    Field,
    Found,
    Option,
    Output,
    confidence_level,
    number,
    p_value,
    positive,
    proportion,
    size,
)
from core.pooling.conversions.quantiles_of import central, of_p
from core.pooling.conversions.sources import PARMAR, TIERNEY, handbook
from core.pooling.conversions.spread import LOG_NORMAL, RATIO_LOWER, TWO_SIDED, UPPER, half_width
from core.pooling.notes import Note

GROUP = "survival"
PROPORTIONAL = mark("The hazards of the two groups are proportional over time.")
LOG_RANK = mark("The P value is of a log-rank test, or of a Cox model without other covariates.")
APPROXIMATE_V = mark("V is approximate: it is exact only when the groups lose participants at like rates.")
HR = positive("hr", mark("Hazard ratio"))
LOG_HR = Output("yi", mark("Logarithm of the hazard ratio"), LOGARITHM)
LOG_HR_SE = Output("se", mark("Standard error of the logarithm"), LOGARITHM)
RATIO = Output("hr", mark("Hazard ratio"))
O_E, V = Output("o_e", mark("Observed minus expected events"), EVENTS), Output("v", mark("Variance of O − E"))
ALL = (LOG_HR, LOG_HR_SE, O_E, V)
DIRECTION = Field(
    "favours",
    mark("Group with the lower hazard"),
    "choice",
    options=(Option("experimental", mark("Experimental group")), Option("control", mark("Control group"))),
)
"""A P value does not say which group did better, so there is no default."""


def from_o_e(o_e: float, v: float) -> dict[str, float]:
    """ln HR = (O - E) / V, SE = 1 / sqrt(V) (Parmar 1998; Tierney 2007)."""
    logarithm = o_e / v
    return {"yi": logarithm, "se": 1 / math.sqrt(v), "hr": math.exp(logarithm), "o_e": o_e, "v": v}


def _from_o_e(o_e: float, v: float) -> Found:
    found = from_o_e(o_e, v)
    return Found({key: found[key] for key in ("yi", "se", "hr")})


def _from_log_hr(logarithm: float, se: float, notes: tuple[Note, ...] = ()) -> Found:
    """V = 1 / SE^2, O - E = ln HR x V."""
    v = 1 / (se * se)
    return Found({"yi": logarithm, "se": se, "o_e": logarithm * v, "v": v}, notes)


def _from_se(hr: float, se: float) -> Found:
    return _from_log_hr(math.log(hr), se)


def _from_ci(hr: float | None, lower: float, upper: float, level: float) -> Found:
    """SE = (ln U - ln L) / (2 z) (Parmar 1998; Tierney 2007)."""
    low, high = math.log(lower), math.log(upper)
    middle = (low + high) / 2 if hr is None else math.log(hr)
    half, notes = half_width(low, high, middle, ratio=(lower, upper, hr))
    return _from_log_hr(middle, half / central(level, None), notes)


def _from_p(hr: float, p: float) -> Found:
    """SE = |ln HR| / z."""
    logarithm = math.log(hr)
    if logarithm == 0:
        raise InputError(
            "conversion.p-of-hr-1",
            "No standard error follows from the P value of a hazard ratio of 1. Take it from an interval.",
        )
    return _from_log_hr(logarithm, abs(logarithm) / of_p(p, None))


def _by_p_and_v(p: float, v: float, favours: str) -> Found:
    """O - E = z sqrt(V), negative when the experimental group does better."""
    o_e = of_p(p, None) * math.sqrt(v)
    return Found(from_o_e(-o_e if favours == "experimental" else o_e, v))


def _from_p_and_events(p: float, events1: float, events2: float, favours: str) -> Found:
    """V = O1 O2 / (O1 + O2) (Parmar 1998; Tierney 2007)."""
    return _by_p_and_v(p, events1 / (events1 + events2) * events2, favours)


def _from_p_and_total(p: float, events: float, n1: float, n2: float, favours: str) -> Found:
    """V = O n1 n2 / (n1 + n2)^2, which is O / 4 with groups of one size (Parmar 1998; Tierney 2007)."""
    share = n1 / (n1 + n2)
    return _by_p_and_v(p, events * share * (1 - share), favours)


def _from_survival(survival1: float, survival2: float) -> Found:
    """HR = ln S1(t) / ln S2(t), which holds at every t when hazards are proportional."""
    ratio = math.log(survival1) / math.log(survival2)
    return Found({"hr": ratio, "yi": math.log(ratio)})


def _events(key: str, title: str) -> Field:
    return Field(key, title, "count", EVENTS, low=0, open=True)


_EVENTS_E = _events("events1", mark("Events, experimental group"))
_EVENTS_C = _events("events2", mark("Events, control group"))
_N_E = size("n1", mark("Participants, experimental group"), least=1)
_N_C = size("n2", mark("Participants, control group"), least=1)

CONVERSIONS = (
    Conversion(
        "hr_from_o_e",
        GROUP,
        mark("Hazard ratio from O − E and V"),
        (number("o_e", mark("Observed minus expected events"), EVENTS), positive("v", mark("Variance of O − E"))),
        (LOG_HR, LOG_HR_SE, RATIO),
        mark("ln HR = (O − E) / V, SE = 1 / √V"),
        f"{TIERNEY}; {PARMAR}.",
        _from_o_e,
        (PROPORTIONAL,),
    ),
    Conversion(
        "o_e_from_hr",
        GROUP,
        mark("O − E and V from a hazard ratio and its standard error"),
        (HR, positive("se", mark("Standard error of the logarithm"), LOGARITHM)),
        ALL,
        mark("V = 1 / SE², O − E = ln HR × V"),
        f"{TIERNEY}; {PARMAR}.",
        _from_se,
        (PROPORTIONAL,),
    ),
    Conversion(
        "hr_from_ci",
        GROUP,
        mark("Hazard ratio, O − E and V from a confidence interval"),
        (
            positive("hr", mark("Hazard ratio"), required=False),
            RATIO_LOWER,
            positive("upper", UPPER),
            confidence_level(),
        ),
        ALL,
        mark("SE = (ln upper − ln lower) / (2 × normal quantile), V = 1 / SE², O − E = ln HR × V"),
        f"{TIERNEY}; {PARMAR}; {handbook('6.8.2')}",
        _from_ci,
        (PROPORTIONAL, LOG_NORMAL),
    ),
    Conversion(
        "hr_from_p",
        GROUP,
        mark("Standard error, O − E and V from a hazard ratio and its P value"),
        (HR, p_value()),
        ALL,
        mark("SE = |ln HR| / z, V = 1 / SE², O − E = ln HR × V"),
        f"{TIERNEY}; {PARMAR}.",
        _from_p,
        (PROPORTIONAL, TWO_SIDED),
    ),
    Conversion(
        "hr_from_p_and_events",
        GROUP,
        mark("Hazard ratio from a log-rank P value and the events of each group"),
        (p_value(), _EVENTS_E, _EVENTS_C, DIRECTION),
        (*ALL, RATIO),
        mark("V = O1·O2 / (O1 + O2), O − E = ± z·√V, ln HR = (O − E) / V"),
        f"{TIERNEY}; {PARMAR}.",
        _from_p_and_events,
        (PROPORTIONAL, LOG_RANK, TWO_SIDED, APPROXIMATE_V),
    ),
    Conversion(
        "hr_from_p_and_total",
        GROUP,
        mark("Hazard ratio from a log-rank P value and the events of both groups together"),
        (p_value(), _events("events", mark("Events of both groups")), _N_E, _N_C, DIRECTION),
        (*ALL, RATIO),
        mark("V = O·n1·n2 / (n1 + n2)², O − E = ± z·√V, ln HR = (O − E) / V"),
        f"{TIERNEY}; {PARMAR}.",
        _from_p_and_total,
        (PROPORTIONAL, LOG_RANK, TWO_SIDED, APPROXIMATE_V),
    ),
    Conversion(
        "hr_from_survival",
        GROUP,
        mark("Hazard ratio from the proportions surviving at one time (no standard error)"),
        (
            proportion("survival1", mark("Surviving, experimental group"), ends=False),
            proportion("survival2", mark("Surviving, control group"), ends=False),
        ),
        (RATIO, LOG_HR),
        mark("HR = ln S1 / ln S2"),
        f"{PARMAR}.",
        _from_survival,
        (PROPORTIONAL, mark("Take the standard error from a P value or an interval: it does not follow from these.")),
    ),
)
