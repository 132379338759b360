"""Percentages to counts, and proportions to the scales on which they are pooled and back."""

from __future__ import annotations

import math

from core.errors import InputError
from core.language import mark
from core.pooling.conversions.base import (
    EVENTS,
    PERCENT,
    Conversion,
    Field,
    Found,
    Output,
    count,
    number,
    shown,
    size,
    whole,
)
from core.pooling.conversions.notes import note
from core.pooling.conversions.sources import FREEMAN_TUKEY, MILLER
from core.pooling.notes import Note

GROUP = "proportions"
ARITHMETIC = mark("By definition of a percentage, an odds or a logit.")
N = size("n", mark("Participants"), least=1)
X = count("events", mark("Events"))
PROPORTION = Output("proportion", mark("Proportion"))
VALUE, SE = Output("yi", mark("Transformed proportion")), Output("se", mark("Standard error"))
BINOMIAL = mark("Participants are independent of each other (binomial counts).")


def _from_percent(percent: float, n: float, decimals: float | None) -> Found:
    """The whole number of events nearest to n x percent / 100, and the whole numbers that round to this percentage."""
    exact = n * percent / 100
    events = float(min(math.floor(exact + 0.5), math.floor(n)))
    notes: tuple[Note, ...] = ()
    if decimals is not None:
        if decimals != int(decimals):
            raise InputError("conversion.decimals", "The number of decimals must be whole, such as 0 or 1.")
        half = n * 0.5 * 10.0**-decimals / 100 * (1 + 1e-9)
        least, most = math.ceil(max(exact - half, 0)), math.floor(min(exact + half, n))
        notes = _how_sure(percent, n, least, most)
    return Found({"events": events, "exact": exact}, notes)


def _how_sure(percent: float, n: float, least: int, most: int) -> tuple[Note, ...]:
    if least > most:
        return (note("conversion.no-count", percent=shown(percent), n=shown(n)),)
    if least < most:
        return (note("conversion.several-counts", percent=shown(percent), n=shown(n), least=least, most=most),)
    return ()


def _odds(events: float, n: float) -> Found:
    _inside(events, n)
    return Found({"proportion": events / n, "odds": events / (n - events)})


def _inside(events: float, n: float) -> None:
    """Refuse more events than participants, and 0 or all, which have no logit."""
    whole(events, n, mark("Events"), mark("Participants"))
    if not 0 < events < n:
        raise InputError(
            "conversion.no-logit",
            "The odds of {events} of {n} are not defined. Use the arcsine or the Freeman-Tukey transformation, or "
            "enter the counts as they are: the measure then corrects them.",
            events=shown(events),
            n=shown(n),
        )


def _logit(events: float, n: float) -> Found:
    """ln(x / (n - x)), SE = sqrt(1/x + 1/(n - x))."""
    _inside(events, n)
    return Found({"yi": math.log(events / (n - events)), "se": math.sqrt(1 / events + 1 / (n - events))})


def _from_logit(yi: float) -> Found:
    return Found({"proportion": 1 / (1 + math.exp(-yi)) if yi > -700 else math.exp(yi)})


def _arcsine(events: float, n: float) -> Found:
    """asin sqrt(x / n), SE = 1 / sqrt(4 n)."""
    whole(events, n, mark("Events"), mark("Participants"))
    return Found({"yi": math.asin(math.sqrt(events / n)), "se": 1 / math.sqrt(4 * n)})


def _from_arcsine(yi: float) -> Found:
    return Found({"proportion": math.sin(yi) ** 2})


def _freeman_tukey(events: float, n: float) -> Found:
    """(asin sqrt(x / (n + 1)) + asin sqrt((x + 1) / (n + 1))) / 2, SE = 1 / sqrt(4 n + 2)."""
    whole(events, n, mark("Events"), mark("Participants"))
    return Found({"yi": _double_arcsine(events, n), "se": 1 / math.sqrt(4 * n + 2)})


def _double_arcsine(events: float, n: float) -> float:
    return (math.asin(math.sqrt(events / (n + 1))) + math.asin(math.sqrt((events + 1) / (n + 1)))) / 2


def _from_freeman_tukey(yi: float, n: float) -> Found:
    """Miller 1978, here for half the sum of the two angles, t = 2 yi: p = (1 - sign(cos t) sqrt(1 - q^2)) / 2 with
    q = sin t + (sin t - 1 / sin t) / n; 0 and 1 beyond the values that counts of n can have."""
    if yi <= _double_arcsine(0, n):
        return Found({"proportion": 0.0})
    if yi >= _double_arcsine(n, n):
        return Found({"proportion": 1.0})
    sine = math.sin(2 * yi)
    inner = sine + (sine - 1 / sine) / n
    root = math.sqrt(max(0.0, (1 - inner) * (1 + inner)))
    return Found({"proportion": (1 - math.copysign(root, math.cos(2 * yi))) / 2})


_ANGLE = Field("yi", mark("Transformed proportion"), "number", low=0, high=math.pi / 2)

CONVERSIONS = (
    Conversion(
        "events_from_percent",
        GROUP,
        mark("Events from a percentage"),
        (
            Field("percent", mark("Percentage"), "number", PERCENT, low=0, high=100),
            N,
            Field("decimals", mark("Decimals printed"), "number", low=0, high=10, required=False),
        ),
        (Output("events", mark("Events"), EVENTS), Output("exact", mark("Participants × percentage / 100"), EVENTS)),
        mark("Events = participants × percentage / 100, rounded to a whole number"),
        ARITHMETIC,
        _from_percent,
        (mark("The percentage is of these participants, not of those followed up or of another number."),),
    ),
    Conversion(
        "odds",
        GROUP,
        mark("Proportion and odds"),
        (X, N),
        (PROPORTION, Output("odds", mark("Odds"))),
        mark("odds = events / non-events"),
        ARITHMETIC,
        _odds,
    ),
    Conversion(
        "logit",
        GROUP,
        mark("Logit of a proportion"),
        (X, N),
        (VALUE, SE),
        mark("ln(x/(n − x)), SE = √(1/x + 1/(n − x))"),
        ARITHMETIC,
        _logit,
        (BINOMIAL,),
    ),
    Conversion(
        "from_logit",
        GROUP,
        mark("Proportion from a logit"),
        (number("yi", mark("Logit"), ""),),
        (PROPORTION,),
        mark("1/(1 + e^−logit)"),
        ARITHMETIC,
        _from_logit,
    ),
    Conversion(
        "arcsine",
        GROUP,
        mark("Arcsine of a proportion"),
        (X, N),
        (VALUE, SE),
        mark("arcsin √(x/n), SE = 1/√(4n)"),
        FREEMAN_TUKEY,
        _arcsine,
        (BINOMIAL,),
    ),
    Conversion(
        "from_arcsine",
        GROUP,
        mark("Proportion from an arcsine"),
        (_ANGLE,),
        (PROPORTION,),
        mark("sin² of the value"),
        FREEMAN_TUKEY,
        _from_arcsine,
    ),
    Conversion(
        "freeman_tukey",
        GROUP,
        mark("Freeman-Tukey double arcsine of a proportion"),
        (X, N),
        (VALUE, SE),
        mark("½·[arcsin √(x/(n + 1)) + arcsin √((x + 1)/(n + 1))], SE = 1/√(4n + 2)"),
        FREEMAN_TUKEY,
        _freeman_tukey,
        (BINOMIAL,),
    ),
    Conversion(
        "from_freeman_tukey",
        GROUP,
        mark("Proportion from a Freeman-Tukey double arcsine"),
        (_ANGLE, N),
        (PROPORTION,),
        mark("Miller’s inverse, for this number of participants"),
        MILLER,
        _from_freeman_tukey,
        (mark("Of a pooled value no single number of participants is right; the result depends on the one chosen."),),
    ),
)
