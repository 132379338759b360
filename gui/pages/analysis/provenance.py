"""Where a number came from, in words: value, study, arm, both entries, how they were settled, what was typed over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from core import language
from core.language import inside, said, tr
from core.model import Reviewer, Settlement
from gui.pages.analysis.grid_model import GridModel, Section, Spot, effect_words
from gui.pages.analysis.picture import Picture

if TYPE_CHECKING:
    from core.session.history import Trace, TracedCell, TracedEntry, TracedSettlement, TracedValue


_LONGEST = 40


@dataclass(frozen=True)
class Piece:
    """A part of the line: a text in an ink, or (with `reviewer`) a reviewer's avatar, or an icon."""

    text: str
    ink: str = "muted"
    strong: bool = False
    reviewer: Reviewer | None = None
    icon: str = ""


def day(milliseconds: int) -> str:
    """12 November, with the year when it is another one."""
    when = datetime.fromtimestamp(milliseconds / 1000).astimezone()
    return language.day(when, year=when.year != datetime.now().astimezone().year)


def pieces(
    model: GridModel, picture: Picture, trace: Trace | None, spot: Spot, team: Mapping[str, Reviewer]
) -> tuple[Piece, ...]:
    """The line for a cell. Without a trace (it is still being read) the line ends after the place."""
    index = model.index_of(spot)
    line = model.line(index.row()) if index.isValid() else None
    if line is None or isinstance(line, Section):
        return ()
    column = model.columns[index.column()]
    cell = model.cell(spot)
    if cell is None:
        return tuple(_of_result(model, picture, spot))
    side = model.groups[column.arm - 1] if column.arm else ""
    place = ", ".join(part for part in (model.name(line), side, inside(column.title)) if part)
    start = (Piece(_short(cell.shown) or tr("No value"), "text", strong=True), Piece(place))
    traced = _find(trace, spot)
    return start if traced is None else (*start, *_of_cell(traced, team))


def _short(text: str) -> str:
    """The beginning of a text; numbers are shorter than that."""
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rstrip()}…"


def spoken(line: Iterable[Piece]) -> str:
    """The line for a screen reader."""
    return ", ".join(piece.reviewer.name if piece.reviewer else piece.text for piece in line if piece.text)


def _find(trace: Trace | None, spot: Spot) -> TracedCell | None:
    for row in trace.rows if trace is not None else ():
        if row.row_id == spot[0]:
            return next((cell for cell in row.cells if cell.column == spot[1]), None)
    return None


def _of_result(model: GridModel, picture: Picture, spot: Spot) -> Iterator[Piece]:
    """The effect, the weight, or the study itself."""
    found = model.result(spot[0])
    if found is None:
        return
    if spot[1] == "weight":
        known = found.weight is not None
        text = f"{found.weight:.1f}%" if known else tr("No weight")
        yield Piece(text, "text", strong=True)
        yield Piece(tr("{study}, share of the pooled result", study=found.study) if known else found.study)
        return
    yield Piece(effect_words(found), "text", strong=True)
    yield Piece(f"{found.study}, {inside(tr(picture.result.effect_label))}")
    if found.reason:
        yield Piece(said(found.reason))
    if found.turned:
        yield Piece(tr("sign changed: the measurement runs the other way"))
    if found.reported is not None and found.reported.differs:
        yield Piece(
            tr(
                "reported interval {lower} to {upper}",
                lower=f"{found.reported.lower:g}",
                upper=f"{found.reported.upper:g}",
            ),
            "warn",
        )


def _of_cell(cell: TracedCell, team: Mapping[str, Reviewer]) -> Iterator[Piece]:
    if cell.override is not None:
        over = cell.override
        yield Piece("←", icon="pencil", ink="warn")
        yield Piece(tr("typed over by {reviewer}, {day}", reviewer=over.reviewer, day=day(over.at)), "warn")
        if over.reason:
            yield Piece(f"“{over.reason}”")
    for value in cell.values:
        yield from _of_value(value, team, named=len(cell.values) > 1)
    if cell.conversion:
        yield Piece(said(cell.conversion))
    if not cell.values and cell.override is None:
        yield Piece(tr("no place in the extraction"))


def _of_value(value: TracedValue, team: Mapping[str, Reviewer], *, named: bool) -> Iterator[Piece]:
    yield Piece("←", icon="arrow-left")
    if named:
        yield Piece(tr(value.statistic))
    for entry in value.entries:
        yield Piece(entry.reviewer, reviewer=team.get(entry.reviewer))
        yield Piece(_short(tr(entry.shown)), "text")
    yield Piece(_settled(value.settled) if value.settled is not None else tr("not settled yet"))
    source = value.settled.source if value.settled is not None else _first_source(value.entries)
    if source:
        yield Piece(source)


def _first_source(entries: Iterable[TracedEntry]) -> str:
    return next((entry.source for entry in entries if entry.source), "")


def _settled(found: TracedSettlement) -> str:
    when = day(found.at)
    if found.how is Settlement.EQUAL:
        return tr("settled as equal, {when}", when=when)
    if found.how is Settlement.IMPORTED:
        return tr("imported as {shown}, {when}", shown=found.shown, when=when)
    if found.how is Settlement.SINGLE:
        return tr(
            "{shown} settled from one entry by {reviewer}, {when}",
            shown=_short(found.shown),
            reviewer=found.reviewer,
            when=when,
        )
    note = f": {found.note}" if found.note else ""
    return tr(
        "settled at {shown} by {reviewer}, {when}{note}",
        shown=_short(found.shown),
        reviewer=found.reviewer,
        when=when,
        note=note,
    )
