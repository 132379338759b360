"""What is wrong, or suspicious, about the numbers entered for a result.

An impossible number is refused when it is entered; one that is only unlikely is kept, with a warning. The numbers of
one result are checked together, since most slips show only beside their neighbours.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from core.errors import InputError
from core.extraction.statistics import CONTRAST_MEASURES, Nature, Statistic
from core.language import Phrase, figure, mark


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with a result. ``fields`` are the statistics it is about; ``{place}`` is left for the caller."""

    code: str
    text: str
    fields: tuple[str, ...]
    refused: bool
    params: Mapping[str, str] = field(default_factory=dict[str, str])

    def error(self, place: str) -> InputError:
        """The refusal, naming the study and arm."""
        said = self.message(place)
        return InputError(self.code, "{said} Nothing was changed.", said=said, place=place, **self.params)

    def message(self, place: str) -> Phrase:
        """The sentence of a warning, naming the study and arm."""
        return Phrase(self.text, {"place": place, **self.params})


def plain(value: float) -> str:
    """A number as a sentence shows it: whole numbers without a point, a real minus sign."""
    text = figure(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(value)
    return text.replace("-", "−")


def check_result(
    statistics: tuple[Statistic, ...], values: Mapping[str, float], effect_measure: str = ""
) -> tuple[Finding, ...]:
    """All that is wrong with a result; ``values`` holds the statistics that are there (by id)."""
    return (*_each(statistics, values), *_events(values), *_contrast(values, effect_measure))


def _each(statistics: tuple[Statistic, ...], values: Mapping[str, float]) -> Iterator[Finding]:
    for statistic in statistics:
        value = values.get(statistic.id)
        if value is None:
            continue
        params = {"cell": statistic.label, "value": plain(value)}

        def finding(code: str, text: str, *, refused: bool = True, about: Statistic = statistic) -> Finding:
            return Finding(f"extraction.{code}", text, (about.id,), refused, params)  # noqa: B023 - used at once

        if not math.isfinite(value):
            yield finding("not_a_number", mark("“{value}” is not a number that {cell} in {place} can have."))
            continue
        counted = statistic.nature in (Nature.COUNT, Nature.PARTICIPANTS)
        if value < 0 and (counted or statistic.nature is Nature.SPREAD):
            yield finding("negative", mark("{cell} cannot be below 0 ({value}) in {place}."))
        elif counted and value != int(value):
            text = mark(
                "{cell} of {place} is {value}, not a whole number. Check it, unless it is an adjusted sample size."
            )
            yield finding("not_whole", text, refused=False)
        if statistic.nature is Nature.PARTICIPANTS and value == 0:
            yield finding("no_participants", mark("A group without participants has no result ({cell} 0 in {place})."))
        if statistic.nature is Nature.SPREAD and value == 0:
            text = mark("{cell} is 0 in {place}: all participants would have had the same value. Check the paper.")
            yield finding("no_spread", text, refused=False)
        if statistic.nature is Nature.ERROR and value <= 0:
            yield finding("standard_error", mark("{cell} must be more than 0, not {value}, in {place}."))


def _events(values: Mapping[str, float]) -> Iterator[Finding]:
    for side in ("", "_1", "_2"):
        events, total = values.get(f"events{side}"), values.get(f"total{side}")
        if events is None or total is None or events <= total:
            continue
        text = mark(
            "More events ({events}) than participants ({total}) in {place}. Correct the one that is wrong; where both "
            "change, the total comes first."
        )
        params = {"events": plain(events), "total": plain(total)}
        yield Finding("extraction.events", text, (f"events{side}", f"total{side}"), True, params)


def _contrast(values: Mapping[str, float], effect_measure: str) -> Iterator[Finding]:
    effect, lower, upper = (values.get(name) for name in ("effect", "ci_lower", "ci_upper"))
    ratio = effect_measure in CONTRAST_MEASURES and CONTRAST_MEASURES[effect_measure].ratio
    given = {n: v for n, v in (("effect", effect), ("ci_lower", lower), ("ci_upper", upper)) if v is not None}
    if not all(math.isfinite(v) for v in given.values()):
        return
    refused = list(_ratio_problems(given, effect_measure)) if ratio else []
    refused += _order_problems(given)
    yield from refused
    if not refused and effect is not None and lower is not None and upper is not None:
        yield from _asymmetry(effect, lower, upper, ratio=ratio)


def _ratio_problems(given: Mapping[str, float], effect_measure: str) -> Iterator[Finding]:
    for name, value in given.items():
        # A lower limit that rounds to 0.00 is what papers print.
        if value < 0 or (value == 0 and name != "ci_lower"):
            text = mark("A ratio ({measure}) and its interval are above 0, not {value}, in {place}.")
            yield Finding("extraction.ratio", text, (name,), True, {"measure": effect_measure, "value": plain(value)})


def _order_problems(given: Mapping[str, float]) -> Iterator[Finding]:
    params = {name: plain(value) for name, value in given.items()}
    effect, lower, upper = (given.get(name) for name in ("effect", "ci_lower", "ci_upper"))
    if lower is not None and upper is not None and lower > upper:
        text = mark("The interval of {place} runs backwards: {ci_lower} to {ci_upper}.")
        yield Finding("extraction.interval", text, ("ci_lower", "ci_upper"), True, params)
        return
    below = effect is not None and lower is not None and effect < lower
    above = effect is not None and upper is not None and effect > upper
    if below or above:
        text = mark(
            "The effect {effect} of {place} lies above its interval's upper limit {ci_upper}. Where all of them "
            "change, clear the limits first or paste the three together."
        )
        if below:
            text = mark(
                "The effect {effect} of {place} lies below its interval's lower limit {ci_lower}. Where all of them "
                "change, clear the limits first or paste the three together."
            )
        fields = ("effect", "ci_lower" if below else "ci_upper")
        yield Finding("extraction.outside", text, fields, True, params)


def _asymmetry(effect: float, lower: float, upper: float, *, ratio: bool) -> Iterator[Finding]:
    """A warning when the estimate is not in the middle of its interval, allowing for the rounding of all three.

    Wald and t intervals are symmetric on the scale of analysis; exact and bootstrap ones need not be, so it is for the
    reader of the paper to say whether a figure was misprinted.
    """
    fields = ("effect", "ci_lower", "ci_upper")
    params = {"effect": plain(effect), "ci_lower": plain(lower), "ci_upper": plain(upper)}
    if ratio and lower == 0:
        text = mark(
            "The lower limit of {place} is 0, so its interval cannot be checked against {effect}. Check the paper."
        )
        yield Finding("extraction.lower_zero", text, fields, False, params)
        return
    (e0, e1), (l0, l1), (u0, u1) = (
        _rounded(value, places, ratio=ratio) for value, places in _with_places(effect, lower, upper)
    )
    if (l1 + u1) / 2 < e0 or (l0 + u0) / 2 > e1:
        text = mark("The interval {ci_lower} to {ci_upper} is not symmetric around {effect}. Check the paper.")
        if ratio:
            text = mark(
                "The interval {ci_lower} to {ci_upper} is not symmetric around {effect} on the log scale. Check the "
                "paper."
            )
        yield Finding("extraction.asymmetric", text, fields, False, params)


def _with_places(*values: float) -> list[tuple[float, int]]:
    """Each number with the last place it was printed to.

    Papers print all three to the same place, and a final zero is lost in a number; or all to as many digits, and then
    larger numbers have fewer places.
    """

    def own(value: float) -> int:
        digits = repr(value)
        return len(digits.partition(".")[2]) if "e" not in digits and value != int(value) else 0

    def order(value: float) -> int:
        return math.floor(math.log10(abs(value))) if abs(value) > 1 else 0

    finest = max(own(v) for v in values)
    smallest = min(order(v) for v in values if own(v) == finest)
    return [(v, max(own(v), min(finest, finest - (order(v) - smallest)))) for v in values]


def _rounded(value: float, places: int, *, ratio: bool) -> tuple[float, float]:
    """The values that may stand behind a printed one, give or take one unit of its last place."""
    unit = 10.0**-places
    low, high = value - unit, value + unit
    if not ratio:
        return low, high
    return (math.log(low) if low > 0 else -math.inf), math.log(high)
