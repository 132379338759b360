"""Which way of each measurement is good, which rows are turned, and when pooling is refused for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from core.errors import InputError
from core.model import Direction, Id, OutcomeKind
from core.synthesis.model import AnalysisData, Row

_OTHER: Mapping[str, str] = {Direction.LOWER: "higher", Direction.HIGHER: "lower"}
COUNTED = (OutcomeKind.DICHOTOMOUS, OutcomeKind.O_E)
"""The kinds of data that count events, which cannot be turned."""


@dataclass(frozen=True, slots=True)
class Directions:
    """``better``: the direction of the effects as analysed, '' when not known; ``turned``: rows whose sign is changed;
    ``refusal``: why they must not be pooled."""

    better: str
    turned: frozenset[Id] = frozenset()
    refusal: InputError | None = None


def direction_of(row: Row, kind: OutcomeKind) -> str:
    """Which direction of the row's effect is good: 'lower', 'higher' or '' when nobody has said.

    Of means and of differences between them it is the measurement's; a count of events and a ratio have the direction
    of the outcome, since a responder is a responder whichever way the scale runs.
    """
    source = row.source
    if source is None:
        return ""
    if kind in COUNTED or source.is_ratio:
        return source.outcome_better
    return source.better or source.outcome_better


def directions(data: AnalysisData, rows: Iterable[Row]) -> Directions:
    """What the directions of these rows (those with data) mean for pooling them.

    Where those without the event are analysed, the effect has the opposite direction of the event's.
    """
    found = _of_events(data, rows)
    return replace(found, better=_OTHER.get(found.better, "")) if data.settings.swap_events else found


def _of_events(data: AnalysisData, rows: Iterable[Row]) -> Directions:
    counted = data.settings.kind in COUNTED
    found = [(row, direction_of(row, data.settings.kind)) for row in rows]
    known = {direction for _, direction in found if direction}
    better = data.better or (next(iter(known)) if len(known) == 1 else "")
    opposite = [row for row, direction in found if direction and better and direction != better]
    unknown = [row for row, direction in found if not direction]
    if len(found) < 2 and not (opposite and counted):
        return Directions(better, frozenset(row.id for row in opposite))
    if len(known) > 1 and not data.better:
        return Directions("", refusal=_opposite(found))
    if unknown and (known or len({_instrument(row) for row, _ in found}) > 1) and not counted:
        return Directions(better, refusal=_unknown(unknown))
    if opposite and counted:
        return Directions(better, refusal=_events(opposite, better))
    return Directions(better, frozenset(row.id for row in opposite))


def _instrument(row: Row) -> str:
    return row.source.instrument.casefold() if row.source else ""


def _names(rows: Iterable[Row]) -> str:
    words: list[str] = []
    for row in rows:
        instrument = row.source.instrument if row.source else ""
        words.append(f"{row.study.label} ({instrument})" if instrument else row.study.label)
    return ", ".join(dict.fromkeys(words))


def _opposite(found: list[tuple[Row, str]]) -> InputError:
    return InputError(
        "analysis.opposite_directions",
        "These measurements run in opposite directions and cannot be pooled as they are. Lower is better in {lower}; "
        "higher is better in {higher}. The rows are kept. Set the direction of the analysis, and Copse turns the "
        "others round.",
        lower=_names(row for row, direction in found if direction == Direction.LOWER),
        higher=_names(row for row, direction in found if direction == Direction.HIGHER),
    )


def _unknown(rows: list[Row]) -> InputError:
    return InputError(
        "analysis.unknown_direction",
        "Nobody has said which direction is better in {studies}, so these results cannot be pooled with other "
        "measurements. The rows are kept. Set the direction of the measurement under Extraction.",
        studies=_names(rows),
    )


def _events(rows: list[Row], better: str) -> InputError:
    return InputError(
        "analysis.opposite_events",
        "The analysis counts events of which {better} is better, but {studies} counts an event of which {other} is "
        "better. Counts are not turned. The rows are kept. Extract the opposite event for it, or take it out.",
        better="more" if better == Direction.HIGHER else "fewer",
        other="fewer" if better == Direction.HIGHER else "more",
        studies=_names(rows),
    )
