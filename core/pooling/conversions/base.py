"""What a conversion is: one ``Conversion`` entry says all that a calculator page or a command needs to know.

Inputs are checked here, once for all conversions; a conversion's own function gets numbers that are possible in
themselves and looks only at what cannot stand together.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, SupportsFloat, cast

from core.errors import InputError
from core.language import Phrase, mark
from core.pooling.notes import Note

Kind = Literal["number", "count", "size", "spread", "p", "choice", "text", "cell"]
Input = SupportsFloat | str | Iterable[SupportsFloat | str | None] | None
LARGEST, SMALLEST, LARGEST_COUNT = 1e25, 1e-25, 1e15

OUTCOME = mark("unit of the outcome")
PARTICIPANTS = mark("participants")
EVENTS = mark("events")
LOGARITHM = mark("natural logarithm")
PERCENT = "%"


@dataclass(frozen=True, slots=True)
class Option:
    """One entry of a choice: the key used in calls and its label."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Field:
    """One input. Its value lies between ``low`` and ``high``, the ends included unless ``open``; ``advice`` says what
    to do when it does not. ``many``: a list of such values. A "cell" is a number or a text as it stands in a table of
    raw data. ``default`` is what an input left out counts as; without one, and not ``required``, it is unknown."""

    key: str
    title: str
    kind: Kind
    unit: str = ""
    low: float | None = None
    high: float | None = None
    open: bool = False
    required: bool = True
    many: bool = False
    default: float | str | None = None
    options: tuple[Option, ...] = ()
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Output:
    """One number that a conversion gives. ``always`` is False when it depends on which inputs were given."""

    key: str
    title: str
    unit: str = ""
    always: bool = True


@dataclass(frozen=True, slots=True)
class Group:
    """One row of a result with several: its label ("Placebo, period 1") and its numbers."""

    label: str
    values: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Found:
    """What a conversion's function hands back; an empty ``citation`` is the entry's own."""

    values: Mapping[str, float]
    notes: tuple[Note, ...] = ()
    citation: str = ""
    groups: tuple[Group, ...] = ()


@dataclass(frozen=True, slots=True)
class Converted:
    """The result of a conversion, with all that belongs beside the number: how it was got, from what, and why that is
    allowed. ``values`` holds what could be computed, by the keys of the entry's outputs; ``inputs`` what was used,
    defaults filled in."""

    conversion: str
    values: Mapping[str, float]
    method: str
    citation: str
    assumptions: tuple[str, ...]
    notes: tuple[Note, ...]
    inputs: Mapping[str, object]
    groups: tuple[Group, ...] = ()

    def __getitem__(self, key: str) -> float:
        return self.values[key]


@dataclass(frozen=True, slots=True)
class Conversion:
    """One entry of the registry. ``function`` takes the inputs by their keys and gives a ``Found``."""

    id: str
    group: str
    label: str
    inputs: tuple[Field, ...]
    outputs: tuple[Output, ...]
    method: str
    citation: str
    function: Callable[..., Found] = field(repr=False)
    assumptions: tuple[str, ...] = ()

    def field(self, key: str) -> Field:
        """The input with this key (``KeyError`` when there is none)."""
        return {each.key: each for each in self.inputs}[key]

    def run(self, inputs: Mapping[str, Input]) -> Converted:
        """Check the inputs and convert. ``InputError`` names the input that cannot be, and what to do."""
        given = checked(self, inputs)
        try:
            found = self.function(**given)
        except (OverflowError, ZeroDivisionError) as problem:
            raise _beyond(self) from problem
        numbers = [*found.values.values(), *(number for each in found.groups for number in each.values.values())]
        if not all(map(math.isfinite, numbers)):
            raise _beyond(self)
        return Converted(
            self.id,
            found.values,
            self.method,
            found.citation or self.citation,
            self.assumptions,
            found.notes,
            {key: value for key, value in given.items() if value is not None},
            found.groups,
        )


def _beyond(conversion: Conversion) -> InputError:
    return InputError(
        "conversion.beyond",
        "{label}: these numbers are beyond what can be computed reliably. Check them, or use a sensible unit.",
        label=conversion.label,
    )


def checked(conversion: Conversion, inputs: Mapping[str, Input]) -> dict[str, object]:
    """The inputs as numbers, lists of numbers or keys of choices, defaults filled in; each possible in itself."""
    known = {each.key: each for each in conversion.inputs}
    unknown = [key for key in inputs if key not in known]
    if unknown:
        raise InputError(
            "conversion.unknown-input",
            "{label} has no input {inputs}. Its inputs are {known}.",
            label=conversion.label,
            inputs=", ".join(unknown),
            known=", ".join(known),
        )
    return {key: _checked(entry, inputs.get(key)) for key, entry in known.items()}


def _checked(entry: Field, value: Input) -> object:
    if entry.many:
        return _checked_list(entry, value)
    single = _single(entry, cast("SupportsFloat | str | None", value))
    if single is not None:
        return single
    if entry.default is not None or not entry.required:
        return entry.default
    raise InputError("conversion.missing", "{title} is missing. Enter it.", title=entry.title, input=entry.key)


def _checked_list(entry: Field, value: Input) -> object:
    if value is None and not entry.required:
        return None
    if value is None or isinstance(value, str) or not isinstance(value, Iterable):
        raise InputError(
            "conversion.not-a-list", "{title} must be a list of values.", title=entry.title, input=entry.key
        )
    return tuple(_single(entry, each) for each in value)


def _single(entry: Field, value: SupportsFloat | str | None) -> float | str | None:
    """One value of this field, None when it was not given."""
    if entry.kind == "text":
        return None if value is None else str(value).strip()
    if entry.kind == "choice":
        return _chosen(entry, value)
    if value is None:
        return None
    if entry.kind == "cell" and isinstance(value, str):
        return value.strip()
    number = _float(entry, value)
    if math.isnan(number):
        return None
    _check_range(entry, number)
    return number


def _float(entry: Field, value: SupportsFloat | str) -> float:
    """The value as a number; refuses words and truth values, also where types were not checked."""
    try:
        if not isinstance(value, str | bool):
            return float(value)
    except (TypeError, ValueError, OverflowError):
        pass
    raise InputError(
        "conversion.not-a-number",
        "{title} must be a number; it is “{value}”.",
        title=entry.title,
        input=entry.key,
        value=value,
    )


def _chosen(entry: Field, value: SupportsFloat | str | None) -> str | None:
    if value is None or value in {each.key for each in entry.options}:
        return value
    raise InputError(
        "conversion.choice",
        "{title} cannot be {value}. Choose one of: {known}.",
        title=entry.title,
        input=entry.key,
        value=value,
        known=", ".join(each.key for each in entry.options),
    )


def _check_range(entry: Field, number: float) -> None:
    too_low = entry.low is not None and (number < entry.low or (entry.open and number == entry.low))
    too_high = entry.high is not None and (number > entry.high or (entry.open and number == entry.high))
    if too_low or too_high:
        raise InputError(
            "conversion.out-of-range",
            "{title} must be {range}; it is {value}. {advice}",
            title=entry.title,
            input=entry.key,
            range=_range(entry),
            value=shown(number),
            advice=entry.advice or mark("Correct it."),
        )
    largest = LARGEST_COUNT if entry.kind in ("count", "size") else LARGEST
    smallest = SMALLEST if entry.low == 0 and entry.high is None else 0.0
    if abs(number) > largest or 0 < abs(number) < smallest:
        raise InputError(
            "conversion.magnitude",
            "{title} ({value}) is beyond what can be computed reliably. Use a sensible unit.",
            title=entry.title,
            input=entry.key,
            value=shown(number),
        )


def _range(entry: Field) -> Phrase:
    """The range of a field in words; every range has a lower end."""
    low = "" if entry.low is None else shown(entry.low)
    if entry.high is None:
        text = mark("greater than {low}") if entry.open else mark("{low} or more")
        return Phrase(text, {"low": low})
    text = mark("greater than {low} and less than {high}") if entry.open else mark("between {low} and {high}")
    return Phrase(text, {"low": low, "high": shown(entry.high)})


def shown(value: float) -> str:
    """A number as a person would write it."""
    return f"{value:.15g}"


def number(key: str, title: str, unit: str = OUTCOME, *, required: bool = True) -> Field:
    """Any number."""
    return Field(key, title, "number", unit, required=required)


def positive(key: str, title: str, unit: str = "", *, required: bool = True, advice: str = "") -> Field:
    """A number above 0: a ratio, a standard error, a time."""
    return Field(key, title, "number", unit, low=0, open=True, required=required, advice=advice)


def spread(key: str, title: str, *, required: bool = True, zero: bool = False) -> Field:
    """A standard deviation; ``zero`` when participants may all be alike."""
    return Field(key, title, "spread", OUTCOME, low=0, open=not zero, required=required)


_FEWER = mark("A standard deviation needs at least two participants. Correct the number of participants.")
_P_ADVICE = mark("For a P value reported as less than a limit, enter the limit: that errs on the side of caution.")


def size(key: str, title: str, *, least: float = 2, required: bool = True, advice: str = "") -> Field:
    """A number of participants; it may be broken (an effective sample size)."""
    return Field(
        key, title, "size", PARTICIPANTS, low=least, required=required, advice=advice or (_FEWER if least == 2 else "")
    )


def count(key: str, title: str, *, required: bool = True) -> Field:
    """A number of events."""
    return Field(key, title, "count", EVENTS, low=0, required=required)


def p_value(key: str = "p") -> Field:
    """A two-sided P value."""
    return Field(key, mark("P value (two-sided)"), "p", low=0, high=1, open=True, advice=_P_ADVICE)


def proportion(key: str, title: str, *, ends: bool = True, required: bool = True, advice: str = "") -> Field:
    """A proportion, with 0 and 1 unless ``ends`` is False."""
    return Field(key, title, "number", low=0, high=1, open=not ends, required=required, advice=advice)


def correlation(title: str) -> Field:
    """A correlation coefficient; -1 and 1 would leave nothing to vary."""
    return Field("r", title, "number", low=-1, high=1, open=True)


def confidence_level() -> Field:
    """The level of a confidence interval; 0.95 unless said otherwise."""
    advice = mark("Write a level of 95% as 0.95.")
    return Field("level", mark("Confidence level"), "number", low=0, high=1, open=True, default=0.95, advice=advice)


def choice(key: str, title: str, *options: Option) -> Field:
    """One of ``options``; the first is the default."""
    return Field(key, title, "choice", default=options[0].key, options=options)


def each(entry: Field) -> Field:
    """The same input, as a list of values."""
    return replace(entry, many=True)


def complete(title: str, values: tuple[float | None, ...], least: int) -> tuple[float, ...]:
    """The values of a list, none missing and at least ``least`` of them."""
    if len(values) < least:
        raise InputError(
            "conversion.too-few",
            "{title} needs at least {least} values; there are {found}.",
            title=title,
            least=least,
            found=len(values),
        )
    numbers = [value for value in values if value is not None]
    if len(numbers) < len(values):
        raise InputError(
            "conversion.gap",
            "{title}: value {position} is missing. Enter it, or leave its whole row out.",
            title=title,
            position=values.index(None) + 1,
        )
    return tuple(numbers)


def same_length(**lists: tuple[float, ...]) -> None:
    """Refuse lists that should have one value per group and have not."""
    if len({len(values) for values in lists.values()}) > 1:
        raise InputError(
            "conversion.lengths",
            "All lists need one value per group, but they differ in length: {lengths}.",
            lengths=", ".join(f"{key} {len(values)}" for key, values in lists.items()),
        )


def whole(events: float, total: float, events_title: str, total_title: str) -> None:
    """Refuse more events than participants."""
    if events > total:
        raise InputError(
            "conversion.events-exceed-total",
            "{events_title} ({events}) cannot exceed {total_title} ({total}). Correct one of the two.",
            events_title=events_title,
            total_title=total_title,
            events=shown(events),
            total=shown(total),
        )
