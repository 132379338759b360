"""The data of each participant, as some papers print them, to the numbers that an analysis needs."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from core.errors import InputError
from core.language import mark, phrase
from core.pooling.conversions.base import (
    OUTCOME,
    PARTICIPANTS,
    Conversion,
    Field,
    Found,
    Group,
    Option,
    Output,
    choice,
    each,
    number,
)
from core.pooling.conversions.notes import note
from core.pooling.notes import Note

GROUP = "participants"
NONE = "none"
Cells = tuple[float | str | None, ...]
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Person:
    """One row: a participant, or a participant in one period of a crossover."""

    arm: str
    period: str
    id: str
    baseline: float | None
    followup: float | None


def _mean(values: list[float]) -> float:
    """The mean, in two passes so that a large offset costs no digits."""
    first = values[0]
    return first + math.fsum(value - first for value in values) / len(values)


def _sd(values: list[float]) -> float:
    mean = _mean(values)
    return math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1))


def _correlation(xs: list[float], ys: list[float]) -> float | None:
    """Pearson's, None when one of the two does not vary."""
    mx, my = _mean(xs), _mean(ys)
    across = math.fsum((x - mx) * (y - my) for x, y in zip(xs, ys, strict=True))
    size = math.sqrt(math.fsum((x - mx) ** 2 for x in xs)) * math.sqrt(math.fsum((y - my) ** 2 for y in ys))
    return max(-1.0, min(1.0, across / size)) if size > 0 else None


def _summary(values: list[float], suffix: str = "") -> dict[str, float]:
    """n, mean and SD of what there is."""
    found: dict[str, float] = {f"n{suffix}": float(len(values))}
    if values:
        found[f"mean{suffix}"] = _mean(values)
    if len(values) > 1:
        found[f"sd{suffix}"] = _sd(values)
    return found


def _cells(title: str, cells: Cells, codes: frozenset[str]) -> list[float | None]:
    """The numbers of a column; None where a cell is empty or holds a code for missing."""
    return [_cell(title, cell, codes, row) for row, cell in enumerate(cells, 1)]


def _cell(title: str, cell: float | str | None, codes: frozenset[str], row: int) -> float | None:
    if cell is None or cell == "":
        return None
    text = _plain(cell)
    if text in codes:
        return None
    try:
        value = float(cell)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise InputError(
            "conversion.cell",
            "{title}, row {row}: “{cell}” is not a number. Correct it (decimals with a point), or name it as a code "
            "for missing values.",
            title=title,
            row=row,
            cell=text,
        )
    return value


def _plain(cell: float | str) -> str:
    """A cell as text, numbers in one form: "99", 99 and "99.0" are one code."""
    try:
        return f"{float(cell):.15g}"
    except ValueError:
        return str(cell)


def _texts(title: str, cells: tuple[str | None, ...]) -> list[str]:
    for row, cell in enumerate(cells, 1):
        if not cell:
            raise InputError("conversion.empty-cell", "{title}, row {row}: the cell is empty.", title=title, row=row)
    return [cell or "" for cell in cells]


def _rows(
    arm: tuple[str | None, ...],
    followup: Cells,
    baseline: Cells | None,
    period: tuple[str | None, ...] | None,
    participant: tuple[str | None, ...] | None,
    missing: tuple[str | None, ...] | None,
) -> list[Person]:
    lengths = {len(column) for column in (arm, followup, baseline, period, participant) if column is not None}
    if len(lengths) > 1 or lengths == {0}:
        raise InputError(
            "conversion.table",
            "The columns need one value for each participant, at least one. Their lengths: {lengths}.",
            lengths=", ".join(map(str, sorted(lengths))),
        )
    codes = frozenset(_plain(code) for code in missing or () if code)
    nothing = [""] * len(arm)
    empty: list[float | None] = [None] * len(arm)
    rows = zip(
        _texts(ARM, arm),
        nothing if period is None else _texts(PERIOD, period),
        nothing if participant is None else _texts(ID, participant),
        empty if baseline is None else _cells(BASELINE, baseline, codes),
        _cells(FOLLOWUP, followup, codes),
        strict=True,
    )
    people = [Person(*row) for row in rows]
    _refuse_twice(people)
    return people


def _refuse_twice(people: list[Person]) -> None:
    seen: set[tuple[str, str, str]] = set()
    for person in people:
        key = (person.id, person.arm, person.period)
        if person.id and key in seen:
            raise InputError(
                "conversion.twice",
                "The participant {id} stands twice in {arm}. Give the period too, or take one row out.",
                id=person.id,
                arm=person.arm,
            )
        seen.add(key)


Rule = Callable[[Person, float], bool | None]


def _fall_percent(person: Person, threshold: float) -> bool | None:
    if person.baseline is None or person.followup is None or person.baseline <= 0:
        return None
    return person.baseline - person.followup >= (threshold / 100 - _ROUNDING) * person.baseline


def _fall(person: Person, threshold: float) -> bool | None:
    if person.baseline is None or person.followup is None:
        return None
    return _reaches(person.baseline - person.followup, threshold, person.baseline)


def _rise(person: Person, threshold: float) -> bool | None:
    if person.baseline is None or person.followup is None:
        return None
    return _reaches(person.followup - person.baseline, threshold, person.baseline)


def _reaches(value: float, threshold: float, size: float) -> bool:
    """value >= threshold, allowing for the rounding of a difference."""
    return value >= threshold - _ROUNDING * max(abs(threshold), abs(size))


def _at_most(person: Person, threshold: float) -> bool | None:
    return None if person.followup is None else person.followup <= threshold


def _at_least(person: Person, threshold: float) -> bool | None:
    return None if person.followup is None else person.followup >= threshold


RULES: Mapping[str, Rule] = {
    "fall_percent": _fall_percent,
    "fall": _fall,
    "rise": _rise,
    "at_most": _at_most,
    "at_least": _at_least,
}
_OF_CHANGE = ("fall_percent", "fall", "rise")


def _participants(
    arm: tuple[str | None, ...],
    followup: Cells,
    baseline: Cells | None,
    period: tuple[str | None, ...] | None,
    participant: tuple[str | None, ...] | None,
    missing: tuple[str | None, ...] | None,
    rule: str,
    threshold: float | None,
) -> Found:
    if rule != NONE and threshold is None:
        raise InputError("conversion.no-threshold", "The rule for responders needs a threshold. Enter it.")
    if rule in _OF_CHANGE and baseline is None:
        raise InputError(
            "conversion.no-baseline", "This rule for responders needs the baseline. Enter it, or choose another rule."
        )
    people = _rows(arm, followup, baseline, period, participant, missing)
    groups: list[Group] = []
    notes: list[Note] = []
    for arm_, period_ in dict.fromkeys((person.arm, person.period) for person in people):
        members = [person for person in people if (person.arm, person.period) == (arm_, period_)]
        label = phrase("{arm}, period {period}", arm=arm_, period=period_) if period_ else arm_
        groups.append(Group(label, _of_group(label, members, rule, threshold, baseline is not None, notes)))
    pairs = _paired(people, notes)
    groups += pairs
    return Found({"rows": float(len(people))}, tuple(notes), groups=tuple(groups))


def _of_group(
    label: str, members: list[Person], rule: str, threshold: float | None, changes: bool, notes: list[Note]
) -> dict[str, float]:
    """The numbers of one arm (in one period)."""
    final = [person.followup for person in members if person.followup is not None]
    found = {"rows": float(len(members))} | _summary(final)
    if len(final) < len(members):
        notes.append(
            note("conversion.without-value", group=label, missing=len(members) - len(final), rows=len(members))
        )
    if len(final) < 2:
        notes.append(note("conversion.arm-few", group=label))
    if changes:
        found |= _changes(label, members, notes)
    if rule != NONE and threshold is not None:
        judged = [RULES[rule](person, threshold) for person in members]
        found["responders"] = float(sum(answer is True for answer in judged))
        found["n_responders"] = float(sum(answer is not None for answer in judged))
    return found


def _changes(label: str, members: list[Person], notes: list[Note]) -> dict[str, float]:
    """Baseline, paired change and change in percent of one group."""
    found = _summary([person.baseline for person in members if person.baseline is not None], "_baseline")
    pairs = [
        (person.baseline, person.followup)
        for person in members
        if person.baseline is not None and person.followup is not None
    ]
    found |= _summary([after - before for before, after in pairs], "_change")
    if len(pairs) > 1:
        r = _correlation([before for before, _ in pairs], [after for _, after in pairs])
        found |= {} if r is None else {"r": r}
    sensible = [(before, after) for before, after in pairs if before > 0]
    if len(sensible) < len(pairs):
        notes.append(note("conversion.percent-of-zero", group=label, count=len(pairs) - len(sensible)))
    return found | _summary([100 * (after - before) / before for before, after in sensible], "_percent")


def _paired(people: list[Person], notes: list[Note]) -> Iterable[Group]:
    """The differences within participants who had both of two treatments; none without identifiers."""
    arms = list(dict.fromkeys(person.arm for person in people))
    by_id: dict[str, dict[str, float]] = {}
    for person in people:
        if person.id and person.followup is not None:
            values = by_id.setdefault(person.id, {})
            if person.arm in values:
                raise InputError(
                    "conversion.same-arm-twice",
                    "The participant {id} has values of {arm} in two periods. Take one of them out.",
                    id=person.id,
                    arm=person.arm,
                )
            values[person.arm] = person.followup
    pairs = [values for values in by_id.values() if len(values) == 2]
    if len(arms) != 2 or not pairs:
        return []
    if len(pairs) < len(by_id):
        notes.append(note("conversion.unpaired", count=len(by_id) - len(pairs)))
    first, second = arms
    found = _summary([values[first] - values[second] for values in pairs])
    if len(pairs) > 1:
        found["se"] = found["sd"] / math.sqrt(len(pairs))
        r = _correlation([values[first] for values in pairs], [values[second] for values in pairs])
        found |= {} if r is None else {"r": r}
    return [Group(phrase("{first} minus {second}, within participants", first=first, second=second), found)]


ARM, FOLLOWUP, BASELINE = mark("Arm"), mark("Value at follow-up"), mark("Value at baseline")
PERIOD, ID = mark("Period"), mark("Participant")

CONVERSIONS = (
    Conversion(
        "participants",
        GROUP,
        mark("Numbers of each arm from the data of each participant"),
        (
            each(Field("arm", ARM, "text")),
            each(Field("followup", FOLLOWUP, "cell", OUTCOME)),
            each(Field("baseline", BASELINE, "cell", OUTCOME, required=False)),
            each(Field("period", PERIOD, "text", required=False)),
            each(Field("participant", ID, "text", required=False)),
            each(Field("missing", mark("Codes for missing values"), "text", required=False)),
            choice(
                "rule",
                mark("Who counts as a responder"),
                Option(NONE, mark("nobody: no responders are counted")),
                Option("fall_percent", mark("a fall from baseline of at least so many percent")),
                Option("fall", mark("a fall from baseline of at least so much")),
                Option("rise", mark("a rise from baseline of at least so much")),
                Option("at_most", mark("a value at follow-up of at most so much")),
                Option("at_least", mark("a value at follow-up of at least so much")),
            ),
            number("threshold", mark("Threshold for responders"), required=False),
        ),
        (
            Output("rows", mark("Participants listed"), PARTICIPANTS),
            Output("n", mark("Participants with a value"), PARTICIPANTS, always=False),
            Output("mean", mark("Mean"), OUTCOME, always=False),
            Output("sd", mark("SD"), OUTCOME, always=False),
            Output("se", mark("Standard error of the paired difference"), OUTCOME, always=False),
            Output("n_baseline", mark("Participants with a baseline"), PARTICIPANTS, always=False),
            Output("mean_baseline", mark("Mean at baseline"), OUTCOME, always=False),
            Output("sd_baseline", mark("SD at baseline"), OUTCOME, always=False),
            Output("n_change", mark("Participants with both values"), PARTICIPANTS, always=False),
            Output("mean_change", mark("Mean change"), OUTCOME, always=False),
            Output("sd_change", mark("SD of change"), OUTCOME, always=False),
            Output("n_percent", mark("Participants with a change in percent"), PARTICIPANTS, always=False),
            Output("mean_percent", mark("Mean change in percent"), "%", always=False),
            Output("sd_percent", mark("SD of change in percent"), "%", always=False),
            Output("r", mark("Correlation"), always=False),
            Output("responders", mark("Responders"), PARTICIPANTS, always=False),
            Output("n_responders", mark("Participants who could be judged"), PARTICIPANTS, always=False),
        ),
        mark("Mean and SD (divisor n − 1) of each arm; change is follow-up minus baseline of the same participant"),
        mark("Computed directly from the printed data of each participant."),
        _participants,
        (mark("All participants randomised are listed; those without a value are neither imputed nor counted in n."),),
    ),
)
