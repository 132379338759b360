"""Events per person-time: rates, their ratio and difference."""

from __future__ import annotations

import math

from core.language import mark
from core.pooling.conversions.base import (
    EVENTS,
    LOGARITHM,
    Conversion,
    Field,
    Found,
    Output,
    positive,
)
from core.pooling.conversions.sources import handbook

GROUP = "rates"
POISSON = mark("Events happen independently of each other at a constant rate (Poisson); repeated events of one person "
               "make the standard error too small.")  # fmt: skip
TIME = mark("person-time")
_ZERO = mark("With no event in a group enter the counts as they are, with the measure Rate ratio, which corrects them.")


def _events(key: str, title: str) -> Field:
    return Field(key, title, "count", EVENTS, low=0, open=True, advice=_ZERO)


_E1, _T1 = (
    _events("events1", mark("Events, experimental group")),
    positive("time1", mark("Person-time, experimental group"), TIME),
)
_E2, _T2 = (
    _events("events2", mark("Events, control group")),
    positive("time2", mark("Person-time, control group"), TIME),
)


def _ratio(events1: float, time1: float, events2: float, time2: float) -> Found:
    """ln(rate ratio), SE = sqrt(1/E1 + 1/E2) (Cochrane Handbook 6.7)."""
    log_ratio = math.log(events1 / time1) - math.log(events2 / time2)
    return Found({"yi": log_ratio, "se": math.sqrt(1 / events1 + 1 / events2), "ratio": math.exp(log_ratio)})


def _difference(events1: float, time1: float, events2: float, time2: float) -> Found:
    """Rate difference, SE = sqrt(E1/T1^2 + E2/T2^2)."""
    return Found(
        {
            "difference": events1 / time1 - events2 / time2,
            "se": math.hypot(math.sqrt(events1) / time1, math.sqrt(events2) / time2),
        }
    )


def _rate(events: float, time: float) -> Found:
    return Found({"rate": events / time, "yi": math.log(events / time), "se": 1 / math.sqrt(events)})


def _events_from_rate(rate: float, per: float, time: float) -> Found:
    return Found({"events": rate / per * time})


def _person_time(n: float, followup: float) -> Found:
    return Found({"time": n * followup})


CONVERSIONS = (
    Conversion(
        "rate_ratio",
        GROUP,
        mark("Rate ratio from events and person-time"),
        (_E1, _T1, _E2, _T2),
        (
            Output("yi", mark("Logarithm of the rate ratio"), LOGARITHM),
            Output("se", mark("Standard error of the logarithm"), LOGARITHM),
            Output("ratio", mark("Rate ratio")),
        ),
        mark("ln[(E1/T1) / (E2/T2)], SE = √(1/E1 + 1/E2)"),
        handbook("6.7"),
        _ratio,
        (POISSON,),
    ),
    Conversion(
        "rate_difference",
        GROUP,
        mark("Rate difference from events and person-time"),
        (_E1, _T1, _E2, _T2),
        (Output("difference", mark("Rate difference")), Output("se", mark("Standard error"))),
        mark("E1/T1 − E2/T2, SE = √(E1/T1² + E2/T2²)"),
        handbook("6.7"),
        _difference,
        (POISSON,),
    ),
    Conversion(
        "log_rate",
        GROUP,
        mark("Rate of one group from events and person-time"),
        (_events("events", mark("Events")), positive("time", mark("Person-time"), TIME)),
        (
            Output("rate", mark("Rate")),
            Output("yi", mark("Logarithm of the rate"), LOGARITHM),
            Output("se", mark("Standard error of the logarithm"), LOGARITHM),
        ),
        mark("ln(E/T), SE = 1/√E"),
        handbook("6.7"),
        _rate,
        (POISSON,),
    ),
    Conversion(
        "events_from_rate",
        GROUP,
        mark("Events from a rate and person-time"),
        (
            positive("rate", mark("Rate")),
            positive("per", mark("The rate is per so much person-time (1, 100, 1000)"), TIME),
            positive("time", mark("Person-time"), TIME),
        ),
        (Output("events", mark("Events"), EVENTS),),
        mark("Events = rate / per × person-time"),
        handbook("6.7"),
        _events_from_rate,
        (mark("Rate and person-time are in the same unit of time."),),
    ),
    Conversion(
        "person_time",
        GROUP,
        mark("Person-time from participants and mean follow-up"),
        (
            Field("n", mark("Participants"), "size", mark("participants"), low=0, open=True),
            positive("followup", mark("Mean follow-up")),
        ),
        (Output("time", mark("Person-time"), TIME),),
        mark("Participants × mean follow-up"),
        handbook("6.7"),
        _person_time,
        (mark("The follow-up is a mean over participants, not a median."),),
    ),
)
