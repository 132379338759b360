"""How far each stage is, for the rail: the reviewer's own work, or what is settled for who does not judge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.errors import CopseError
from core.language import figure
from core.model import Stage, StudyStatus
from gui.widgets.rail import StageProgress

if TYPE_CHECKING:
    from core.review import Session
    from core.session.screening import ScreeningPart


def overview(_session: Session) -> StageProgress | None:
    """The overview is never done."""
    return None


def protocol(session: Session) -> StageProgress | None:
    """How many of the protocol's parts are written; what of them is enough is the team's to say."""
    part = session.protocol
    text = part.protocol()
    written = (
        text.registration, text.population, text.intervention, text.comparator, text.outcomes, text.designs,
        part.criteria(), part.reasons(Stage.TITLE_ABSTRACT), part.reasons(Stage.FULL_TEXT), part.outcomes(),
    )  # fmt: skip
    return _of(sum(bool(each) for each in written), len(written))


def references(session: Session) -> StageProgress | None:
    """Done once something has been imported; the figure is the records."""
    count = session.references.count()
    return StageProgress(1.0, figure(count)) if count else StageProgress(0.0, "")


def screening(session: Session) -> StageProgress | None:
    """Decisions at title and abstract."""
    return _decisions(session, session.screening, percent=True)


def fulltext(session: Session) -> StageProgress | None:
    """Decisions on full texts."""
    return _decisions(session, session.fulltext, percent=False)


def extraction(session: Session) -> StageProgress | None:
    """Studies whose extraction one has finished; for who does not extract, those in which nothing is left to settle."""
    included = {each.id for each in session.studies.list(StudyStatus.INCLUDED)}
    work = [each for each in session.studies.work().values() if each.study_id in included]
    if not session.reviewer.is_screener:
        part = session.extraction
        return _of(len(set(part.revealed()) - set(part.to_settle())), len(work))
    return _of(sum(each.extraction_finished or each.came_extracted for each in work), len(work))


def riskofbias(session: Session) -> StageProgress | None:
    """Studies whose assessment one has finished, of those that are assessed."""
    try:
        rows = [row for row in session.riskofbias.table() if row.applies]
    except CopseError:  # the tool of the team's own cannot be read: the page says so
        return None
    judges = session.reviewer.is_screener
    return _of(sum(row.finished or row.imported if judges else row.settled for row in rows), len(rows))


def analysis(session: Session) -> StageProgress | None:
    """The number of analyses; there is no telling when they are done."""
    count = sum(len(each.analyses) for each in session.synthesis.tree())
    return StageProgress(None, figure(count) if count else "")


def _decisions(session: Session, stage: ScreeningPart, *, percent: bool) -> StageProgress:
    if session.reviewer.is_screener:
        progress = stage.progress()
        done, total = progress.done, progress.total
        if not total and stage.standings().total:
            return StageProgress(1.0, "")  # all of it came settled with a review from another program
    else:
        standings = stage.standings()
        done, total = standings.included + standings.excluded, standings.total
    if percent and total:
        return StageProgress(done / total, f"{done / total:.0%}")
    return _of(done, total)


def _of(done: int, total: int) -> StageProgress:
    return StageProgress(done / total if total else 0.0, f"{figure(done)} / {figure(total)}" if total else "")
