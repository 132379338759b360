"""Conversions: from ratios with intervals or P values to estimates with standard errors."""

from __future__ import annotations

from core.pooling import conversions
from tests.reference.runners.values import Case, Values, numbers


def ratio_intervals(case: Case) -> Values:
    data = case["data"]
    found = [
        conversions.convert("ratio_from_ci", lower=lower, upper=upper, estimate=estimate)
        for lower, upper, estimate in zip(data["lower"], data["upper"], data["est"], strict=True)
    ]
    return {"yi": numbers([each["yi"] for each in found]), "sei": numbers([each["se"] for each in found])}


def p_values(case: Case) -> Values:
    data = case["data"]
    found = [conversions.convert("estimate_from_p", yi=yi, p=p) for yi, p in zip(data["yi"], data["p"], strict=True)]
    return {"sei": numbers([each["se"] for each in found])}


KINDS = {
    "ratio CI (95%) to log estimate and SE": ratio_intervals,
    "two-sided p + estimate to SE (normal)": p_values,
}


def convert(case: Case) -> Values:
    kind = case["options"]["kind"]
    return KINDS[kind](case) if kind in KINDS else {"error": f"the conversion {kind} is not built"}


METHODS = {"convert": convert}
