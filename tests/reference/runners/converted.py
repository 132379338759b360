"""Conversions: from ratios with intervals or P values to estimates with standard errors."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.errors import InputError
from core.pooling import conversions
from tests.reference.runners.values import Case, Values

INTERVAL = re.compile(r"ratio CI \((?P<percent>[\d.]+)%\) to log estimate and SE")
P_VALUE = "two-sided p + estimate to SE (normal)"
Row = tuple[float | None, ...]


def converted(conversion: str, names: Sequence[str], rows: Sequence[Row], **options: float) -> list[Row]:
    """(estimate, standard error) of each row, None where a number is missing or cannot be."""
    found: list[Row] = []
    for row in rows:
        try:
            result = conversions.convert(conversion, **dict(zip(names, row, strict=True)), **options)
        except InputError:
            found.append((None, None))
        else:
            found.append((result.values.get("yi"), result["se"]) if None not in row else (None, None))
    return found


def convert(case: Case) -> Values:
    kind, data = case["options"]["kind"], case["data"]
    interval = INTERVAL.fullmatch(kind)
    if interval:
        rows = list(zip(data["lower"], data["upper"], data["est"], strict=True))
        level = float(interval["percent"]) / 100
        found = converted("ratio_from_ci", ("lower", "upper", "estimate"), rows, level=level)
        return {"yi": [each[0] for each in found], "sei": [each[1] for each in found]}
    if kind == P_VALUE:
        rows = list(zip(data["yi"], data["p"], strict=True))
        return {"sei": [each[1] for each in converted("estimate_from_p", ("yi", "p"), rows)]}
    return {"error": f"the conversion {kind} is not built"}


METHODS = {"convert": convert}
