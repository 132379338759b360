"""From one effect measure to another."""

from __future__ import annotations

import math

import numpy as np

from core.errors import InputError
from core.language import mark
from core.pooling.conversions.base import (
    LOGARITHM,
    OUTCOME,
    Conversion,
    Found,
    Output,
    correlation,
    number,
    p_value,
    positive,
    proportion,
    size,
    spread,
)
from core.pooling.conversions.quantiles_of import of_p
from core.pooling.conversions.sources import BORENSTEIN, FISHER, HASSELBLAD_HEDGES, HEDGES, handbook
from core.pooling.conversions.spread import N1, N2, TWO_SIDED
from core.pooling.measures.continuous import exact_j

GROUP = "between_measures"
LOGISTIC = mark("Behind the two groups stands one continuous outcome with a logistic distribution and equal SDs.")
BIVARIATE = mark("The correlation is between the outcome and the group, in groups cut from a normal variable.")
SMD, SE = Output("smd", mark("Standardised mean difference")), Output("se", mark("Standard error"))
R = Output("r", mark("Correlation"))
LOG_OR = Output("yi", mark("Logarithm of the odds ratio"), LOGARITHM)
_SMD = number("smd", mark("Standardised mean difference"), "")
_SE = positive("se", mark("Standard error"), required=False)
_MAYBE_SE = Output("se", mark("Standard error"), always=False)
RISK = proportion("risk", mark("Risk in the control group"), ends=False)
FACTOR = math.pi / math.sqrt(3)


def _scaled(estimate: float, se: float | None, factor: float, key: str) -> Found:
    return Found({key: estimate * factor} | ({} if se is None else {"se": se * factor}))


def _smd_to_log_or(smd: float, se: float | None) -> Found:
    return _scaled(smd, se, FACTOR, "yi")


def _log_or_to_smd(yi: float, se: float | None) -> Found:
    return _scaled(yi, se, 1 / FACTOR, "smd")


def _smd_to_md(smd: float, se: float | None, sd: float) -> Found:
    return _scaled(smd, se, sd, "md")


def _log10(yi: float, se: float | None) -> Found:
    return _scaled(yi, se, math.log(10), "yi")


def _j(df: float) -> float:
    return float(exact_j(np.array([df]))[0])


def _hedges(d: float, n1: float, n2: float, se: float | None) -> Found:
    """g = J d, SE = J SE (Hedges 1981; Borenstein 2009, equations 4.22 to 4.24, with the exact J)."""
    df = n1 + n2 - 2
    if df < 2:
        raise InputError(
            "conversion.hedges-few", "Hedges’ correction needs at least four participants in the two groups together."
        )
    return _scaled(d, se, _j(df), "smd")


def _smd_from_t(t: float, n1: float, n2: float) -> Found:
    """d = t sqrt(1/n1 + 1/n2), an identity for the t test of two groups; variance 1/n1 + 1/n2 + d^2 / (2 (n1 + n2))."""
    if n1 + n2 <= 2:
        raise InputError("conversion.p-few", "A t test needs more than two participants in the two groups together.")
    d = t * math.sqrt(1 / n1 + 1 / n2)
    return Found({"smd": d, "se": math.sqrt(1 / n1 + 1 / n2 + d * d / (2 * (n1 + n2)))})


def _smd_from_p(p: float, n1: float, n2: float, sign: float) -> Found:
    if n1 + n2 <= 2:
        raise InputError("conversion.p-few", "A t test needs more than two participants in the two groups together.")
    if sign == 0:
        raise InputError(
            "conversion.no-sign",
            "A P value does not say which group had the higher mean. Enter a number above 0 if it was the experimental "
            "group, below 0 if it was the control group.",
        )
    return _smd_from_t(math.copysign(of_p(p, n1 + n2 - 2), sign), n1, n2)


def _r_to_z(r: float, n: float | None) -> Found:
    """z = atanh r, SE = 1 / sqrt(n - 3) (Fisher 1921)."""
    return Found({"z": math.atanh(r)} | ({} if n is None else {"se": 1 / math.sqrt(n - 3)}))


def _z_to_r(z: float) -> Found:
    return Found({"r": math.tanh(z)})


def _d_to_r(smd: float, n1: float, n2: float, se: float | None) -> Found:
    """r = d / sqrt(d^2 + a), a = (n1 + n2)^2 / (n1 n2), V = a^2 V_d / (d^2 + a)^3 (Borenstein 2009, 7.7 to 7.9)."""
    a = (n1 + n2) / n1 * ((n1 + n2) / n2)
    root = math.hypot(smd, math.sqrt(a))
    return Found({"r": smd / root} | ({} if se is None else {"se": a * se / root / root / root}))


def _r_to_d(r: float, se: float | None) -> Found:
    """d = 2 r / sqrt(1 - r^2), V = 4 V_r / (1 - r^2)^3 (Borenstein 2009, 7.5 and 7.6)."""
    rest = math.sqrt((1 - r) * (1 + r))
    return Found({"smd": 2 * r / rest} | ({} if se is None else {"se": 2 * se / rest**3}))


def _r_from_t(t: float, df: float) -> Found:
    """r = t / sqrt(t^2 + df): the correlation whose test against 0 gives this t."""
    return Found({"r": t / math.hypot(t, math.sqrt(df))})


def _risks(risk: float, treated: float, what: str) -> Found:
    """Both risks and what follows from them; refuses a risk that the ratio would push beyond 1."""
    if treated > 1:
        raise InputError(
            "conversion.risk-above-one",
            "{what} and a control risk of {risk} would make a risk above 1 in the experimental group. Correct one of "
            "the two, or use the odds ratio.",
            what=what,
            risk=f"{risk:.4g}",
        )
    difference = treated - risk
    values = {"risk": treated, "rd": difference, "rr": treated / risk}
    if treated < 1:
        values["or"] = treated / (1 - treated) * ((1 - risk) / risk)
    if difference:
        values["nnt"] = 1 / abs(difference)
    return Found(values)


def _or_to_risks(odds_ratio: float, risk: float) -> Found:
    """Risk = OR p / (1 - p + OR p) (Cochrane Handbook 15.4.4)."""
    return _risks(risk, odds_ratio * risk / (1 - risk + odds_ratio * risk), mark("This odds ratio"))


def _rr_to_risks(risk_ratio: float, risk: float) -> Found:
    return _risks(risk, risk_ratio * risk, mark("This risk ratio"))


_RISK_OUTPUTS = (
    Output("risk", mark("Risk in the experimental group")),
    Output("rd", mark("Risk difference")),
    Output("rr", mark("Risk ratio")),
    Output("or", mark("Odds ratio"), always=False),
    Output("nnt", mark("Number needed to treat, or to harm"), always=False),
)
_SAME_RATIO = mark("The ratio holds at this control risk too.")

CONVERSIONS = (
    Conversion(
        "smd_to_log_or",
        GROUP,
        mark("Standardised mean difference to odds ratio"),
        (_SMD, _SE),
        (LOG_OR, Output("se", mark("Standard error of the logarithm"), LOGARITHM, always=False)),
        mark("ln OR = SMD × π/√3, and its standard error likewise"),
        HASSELBLAD_HEDGES,
        _smd_to_log_or,
        (LOGISTIC,),
    ),
    Conversion(
        "log_or_to_smd",
        GROUP,
        mark("Odds ratio to standardised mean difference"),
        (number("yi", mark("Logarithm of the odds ratio"), LOGARITHM), _SE),
        (SMD, _MAYBE_SE),
        mark("SMD = ln OR × √3/π, and its standard error likewise"),
        HASSELBLAD_HEDGES,
        _log_or_to_smd,
        (LOGISTIC,),
    ),
    Conversion(
        "smd_to_md",
        GROUP,
        mark("Standardised mean difference to the units of a scale"),
        (_SMD, _SE, spread("sd", mark("SD on the scale"))),
        (Output("md", mark("Mean difference"), OUTCOME), _MAYBE_SE),
        mark("MD = SMD × SD"),
        handbook("15.5.3"),
        _smd_to_md,
        (mark("The SD is typical of the people the result is for; it is taken as known."),),
    ),
    Conversion(
        "hedges_correction",
        GROUP,
        mark("Cohen’s d to Hedges’ g"),
        (number("d", mark("Cohen’s d"), ""), N1, N2, _SE),
        (Output("smd", mark("Hedges’ g")), _MAYBE_SE),
        mark("g = J·d, J exact with n1 + n2 − 2 degrees of freedom"),
        HEDGES,
        _hedges,
    ),
    Conversion(
        "smd_from_t",
        GROUP,
        mark("Standardised mean difference from a t statistic"),
        (number("t", mark("t statistic"), ""), N1, N2),
        (SMD, SE),
        mark("d = t·√(1/n1 + 1/n2), SE = √(1/n1 + 1/n2 + d²/(2(n1 + n2)))"),
        f"{BORENSTEIN}, chapter 4.",
        _smd_from_t,
        (mark("The test was a t test of two independent groups with a pooled SD."),),
    ),
    Conversion(
        "smd_from_p",
        GROUP,
        mark("Standardised mean difference from a P value"),
        (p_value(), N1, N2, number("sign", mark("A number with the sign of the difference"), "")),
        (SMD, SE),
        mark("t from the two-sided P value with n1 + n2 − 2 degrees of freedom, d = t·√(1/n1 + 1/n2)"),
        f"{BORENSTEIN}, chapter 4.",
        _smd_from_p,
        (mark("The test was a t test of two independent groups with a pooled SD."), TWO_SIDED),
    ),
    Conversion(
        "r_to_z",
        GROUP,
        mark("Correlation to Fisher’s z"),
        (correlation(mark("Correlation")), size("n", mark("Participants"), least=4, required=False)),
        (Output("z", mark("Fisher’s z")), _MAYBE_SE),
        mark("z = artanh r, SE = 1/√(n − 3)"),
        FISHER,
        _r_to_z,
        (mark("Both variables are normally distributed."),),
    ),
    Conversion(
        "z_to_r",
        GROUP,
        mark("Fisher’s z to correlation"),
        (number("z", mark("Fisher’s z"), ""),),
        (R,),
        mark("r = tanh z"),
        FISHER,
        _z_to_r,
    ),
    Conversion(
        "d_to_r",
        GROUP,
        mark("Standardised mean difference to correlation"),
        (_SMD, N1, N2, _SE),
        (R, _MAYBE_SE),
        mark("r = d/√(d² + a), a = (n1 + n2)²/(n1·n2)"),
        f"{BORENSTEIN}, chapter 7.",
        _d_to_r,
        (BIVARIATE,),
    ),
    Conversion(
        "r_to_d",
        GROUP,
        mark("Correlation to standardised mean difference"),
        (correlation(mark("Correlation")), _SE),
        (SMD, _MAYBE_SE),
        mark("d = 2r/√(1 − r²)"),
        f"{BORENSTEIN}, chapter 7.",
        _r_to_d,
        (BIVARIATE, mark("The groups are of equal size.")),
    ),
    Conversion(
        "r_from_t",
        GROUP,
        mark("Correlation from a t statistic"),
        (number("t", mark("t statistic"), ""), positive("df", mark("Degrees of freedom"))),
        (R,),
        mark("r = t/√(t² + degrees of freedom)"),
        f"{BORENSTEIN}, chapter 6.",
        _r_from_t,
    ),
    Conversion(
        "or_to_risks",
        GROUP,
        mark("Odds ratio to risks, risk ratio, risk difference and number needed to treat"),
        (positive("odds_ratio", mark("Odds ratio")), RISK),
        _RISK_OUTPUTS,
        mark("Experimental risk = OR·p / (1 − p + OR·p), p the risk in the control group"),
        handbook("15.4.4"),
        _or_to_risks,
        (_SAME_RATIO,),
    ),
    Conversion(
        "rr_to_risks",
        GROUP,
        mark("Risk ratio to risks, odds ratio, risk difference and number needed to treat"),
        (positive("risk_ratio", mark("Risk ratio")), RISK),
        _RISK_OUTPUTS,
        mark("Experimental risk = RR·p, p the risk in the control group"),
        handbook("15.4.4"),
        _rr_to_risks,
        (_SAME_RATIO,),
    ),
    Conversion(
        "log10_to_ln",
        GROUP,
        mark("Logarithm to base 10 to natural logarithm"),
        (number("yi", mark("Logarithm to base 10"), ""), _SE),
        (
            Output("yi", mark("Natural logarithm"), LOGARITHM),
            Output("se", mark("Standard error"), LOGARITHM, always=False),
        ),
        mark("ln x = log10 x × ln 10"),
        mark("An identity of logarithms."),
        _log10,
    ),
)
