"""An analysis as the page shows it, read and computed on a worker and handed over as plain values.

The statistics are loaded by the first call, so nothing of `core.synthesis` is imported with the module.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.errors import InputError
from core.language import tr
from core.model import OutcomeKind

if TYPE_CHECKING:
    from core.figures.primitives import Layout
    from core.pooling import Note
    from core.review import Session
    from core.store.queries.synthesis import ComparisonView
    from core.synthesis.advice import Advice
    from core.synthesis.cells import GridView
    from core.synthesis.compute import AnalysisResult
    from core.synthesis.model import AnalysisData
    from core.synthesis.settings import Option

ONE_STUDY = tr("One study. Copse shows its result; pooling needs at least two.")
_OWN_WORDS = {"pool.one-study": ONE_STUDY}
"""Notes that the window words itself, by code."""


@dataclass(frozen=True)
class NoteLine:
    """One quiet sentence about the result."""

    text: str
    caution: bool


@dataclass(frozen=True)
class Picture:
    """All that the page shows of one analysis. `figure` is None, and `trouble` says why, when it cannot be drawn;
    `offers` counts the rows that the extraction has beyond those of the analysis."""

    data: AnalysisData
    grid: GridView
    result: AnalysisResult
    options: Mapping[str, tuple[Option, ...]]
    figure: Layout | None
    favours: tuple[str, str]
    effect_header: str
    notes: tuple[NoteLine, ...]
    trouble: str
    offers: int


def tree(session: Session) -> tuple[ComparisonView, ...]:
    """The comparisons with their analyses."""
    return session.synthesis.tree()


def compose(session: Session, analysis_id: bytes) -> Picture:
    """The present state of an analysis. InputError when it is no longer in the review."""
    from core.report.figure import analysis_figure
    from core.report.forest import favours
    from core.synthesis.cells import grid
    from core.synthesis.compute import compute
    from core.synthesis.settings import options

    data = session.synthesis.snapshot(analysis_id)
    result = compute(data)
    figure, trouble = None, result.refusal.message if result.refusal is not None else ""
    try:
        figure = analysis_figure(data, result)
    except InputError as error:
        trouble = error.message
    offers = sum(not offer.used for offer in session.synthesis.proposals(analysis_id))
    return Picture(
        data,
        grid(data),
        result,
        options(data.settings),
        figure,
        favours(data, result),
        "" if data.settings.kind is OutcomeKind.OTHER else _effect_header(data, result),
        tuple(dict.fromkeys(_notes(data, result))),
        trouble,
        offers,
    )


def _effect_header(data: AnalysisData, result: AnalysisResult) -> str:
    from core import pooling

    own = result.effect_measure == data.settings.measure
    short = pooling.measure(data.settings.measure).short_label if own else result.effect_measure
    level = f"{100 * data.settings.level_of_studies:g}"
    return tr("{measure} [{level}% CI]", measure=data.effect_label or tr(short), level=level)


def _notes(data: AnalysisData, result: AnalysisResult) -> Iterator[NoteLine]:
    """Cautions first; what a pool says of itself carries the name of its subgroup."""
    lines = [*_of_pools(data, result), *map(_line, result.advice)]
    if data.notice:
        lines.insert(0, NoteLine(data.notice, caution=True))
    yield from (line for line in lines if line.caution)
    yield from (line for line in lines if not line.caution)


def _of_pools(data: AnalysisData, result: AnalysisResult) -> Iterator[NoteLine]:
    yield from map(_line, result.notes)
    overall = result.overall.notes if result.overall is not None else ()
    yield from map(_line, overall)
    said = {note.code for note in overall}
    for group in result.subgroups:
        for note in _news(group.pool.notes if group.pool is not None else (), said):
            yield _line(note, f"{group.subgroup.label}: ")


def _news(notes: Iterable[Note], said: set[str]) -> Iterator[Note]:
    return (note for note in notes if note.code not in said)


def _line(note: Note | Advice, before: str = "") -> NoteLine:
    return NoteLine(before + _OWN_WORDS.get(note.code, tr(note.message)), note.level == "caution")
