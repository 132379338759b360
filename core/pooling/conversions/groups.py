"""Combining groups of a study, and splitting a group that two comparisons share."""

from __future__ import annotations

import math

from core.errors import InputError
from core.language import mark
from core.pooling.conversions.base import (
    EVENTS,
    OUTCOME,
    PARTICIPANTS,
    Conversion,
    Field,
    Found,
    Output,
    complete,
    count,
    each,
    number,
    same_length,
    shown,
    size,
    spread,
    whole,
)
from core.pooling.conversions.sources import BORENSTEIN, handbook

GROUP = "groups"
LIST_OF_SIZES = mark("Participants of each group")
LIST_OF_EVENTS = mark("Events of each group")
WITHIN = mark("Nobody is counted in more than one of the groups.")
SPLIT = mark(
    "Splitting avoids counting the shared group twice; the comparisons still are not fully independent, because the "
    "same people stand behind both."
)


def _combine_means(n: tuple[float | None, ...], mean: tuple[float | None, ...], sd: tuple[float | None, ...]) -> Found:
    """The mean and SD as if all participants had been one group (Cochrane Handbook 6.5.2.10, table 6.5.a, iterated).

    N = sum n; M = sum n m / N; SD^2 = (sum (n - 1) s^2 + sum n (m - M)^2) / (N - 1), which is the table's formula for
    two groups and its repeated use for more.
    """
    sizes, means, sds = (
        complete(LIST_OF_SIZES, n, 2),
        complete(mark("Mean of each group"), mean, 2),
        complete(mark("SD of each group"), sd, 2),
    )
    same_length(n=sizes, mean=means, sd=sds)
    total = math.fsum(sizes)
    start = means[0]
    middle = start + math.fsum(n_ * (m - start) for n_, m in zip(sizes, means, strict=True)) / total
    within = math.fsum((n_ - 1) * s * s for n_, s in zip(sizes, sds, strict=True))
    between = math.fsum(n_ * (m - middle) ** 2 for n_, m in zip(sizes, means, strict=True))
    return Found({"n": total, "mean": middle, "sd": math.sqrt((within + between) / (total - 1))})


def _pool_sds(n: tuple[float | None, ...], sd: tuple[float | None, ...]) -> Found:
    """SD within groups: sqrt(sum (n - 1) s^2 / sum (n - 1))."""
    sizes, sds = complete(LIST_OF_SIZES, n, 2), complete(mark("SD of each group"), sd, 2)
    same_length(n=sizes, sd=sds)
    within = math.fsum((n_ - 1) * s * s for n_, s in zip(sizes, sds, strict=True))
    return Found({"sd": math.sqrt(within / math.fsum(n_ - 1 for n_ in sizes))})


def _combine_events(events: tuple[float | None, ...], n: tuple[float | None, ...]) -> Found:
    found, sizes = complete(LIST_OF_EVENTS, events, 2), complete(LIST_OF_SIZES, n, 2)
    same_length(events=found, n=sizes)
    for number_, (events_, n_) in enumerate(zip(found, sizes, strict=True), 1):
        if events_ > n_:
            raise InputError(
                "conversion.events-exceed-group",
                "Group {number}: more events ({events}) than participants ({total}). Correct one of the two.",
                number=number_,
                events=shown(events_),
                total=shown(n_),
            )
    return Found({"events": math.fsum(found), "n": math.fsum(sizes)})


def _split_means(n: float, comparisons: float) -> Found:
    return Found({"n": _share(n, comparisons)})


def _split_events(events: float, n: float, comparisons: float) -> Found:
    whole(events, n, mark("Events"), mark("Participants"))
    return Found({"events": events / comparisons, "n": _share(n, comparisons)})


def _share(n: float, comparisons: float) -> float:
    """One part of a group; refuses parts that are not whole in number, or too many."""
    if comparisons != int(comparisons):
        raise InputError(
            "conversion.parts",
            "The number of comparisons must be whole; it is {comparisons}.",
            comparisons=shown(comparisons),
        )
    if n < comparisons:
        raise InputError(
            "conversion.too-many-parts",
            "A group of {n} cannot be split among {comparisons} comparisons. Combine the other groups instead.",
            n=shown(n),
            comparisons=shown(comparisons),
        )
    return n / comparisons


_COMPARISONS = Field("comparisons", mark("Comparisons that share the group"), "count", low=2, default=2)
_SHARED = size("n", mark("Participants of the shared group"), least=1)

CONVERSIONS = (
    Conversion(
        "combine_means",
        GROUP,
        mark("Combine groups: means and SDs"),
        (
            each(size("n", LIST_OF_SIZES, least=1)),
            each(number("mean", mark("Mean of each group"))),
            each(spread("sd", mark("SD of each group"), zero=True)),
        ),
        (
            Output("n", mark("Participants"), PARTICIPANTS),
            Output("mean", mark("Mean"), OUTCOME),
            Output("sd", mark("SD"), OUTCOME),
        ),
        mark("N = Σn, M = Σn·m / N, SD = √{[Σ(n − 1)·SD² + Σn·(m − M)²] / (N − 1)}"),
        f"{handbook('6.5.2.10')} Table 6.5.a.",
        _combine_means,
        (WITHIN, mark("The groups are treated as one: the SD includes the differences between their means.")),
    ),
    Conversion(
        "pool_sds",
        GROUP,
        mark("Pooled SD of groups"),
        (
            each(size("n", LIST_OF_SIZES)),
            each(spread("sd", mark("SD of each group"), zero=True)),
        ),
        (Output("sd", mark("SD within groups"), OUTCOME),),
        mark("SD = √[Σ(n − 1)·SD² / Σ(n − 1)]"),
        f"{BORENSTEIN}, chapter 4.",
        _pool_sds,
        (mark("The groups have the same SD in the population; their means may differ."),),
    ),
    Conversion(
        "combine_events",
        GROUP,
        mark("Combine groups: events"),
        (each(count("events", LIST_OF_EVENTS)), each(size("n", LIST_OF_SIZES, least=1))),
        (Output("events", mark("Events"), EVENTS), Output("n", mark("Participants"), PARTICIPANTS)),
        mark("Sums of events and of participants"),
        handbook("23.3.4"),
        _combine_events,
        (WITHIN,),
    ),
    Conversion(
        "split_shared_means",
        GROUP,
        mark("Split a shared control group: means"),
        (_SHARED, _COMPARISONS),
        (Output("n", mark("Participants for each comparison"), PARTICIPANTS),),
        mark("Participants divided by the number of comparisons; mean and SD unchanged"),
        handbook("23.3.4"),
        _split_means,
        (SPLIT,),
    ),
    Conversion(
        "split_shared_events",
        GROUP,
        mark("Split a shared control group: events"),
        (count("events", mark("Events of the shared group")), _SHARED, _COMPARISONS),
        (
            Output("events", mark("Events for each comparison"), EVENTS),
            Output("n", mark("Participants for each comparison"), PARTICIPANTS),
        ),
        mark("Events and participants divided by the number of comparisons"),
        handbook("23.3.4"),
        _split_events,
        (SPLIT,),
    ),
)
