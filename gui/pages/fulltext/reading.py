"""What the full-text page reads, put together on a worker thread and handed over as plain values."""

from __future__ import annotations

from dataclasses import dataclass, replace

from core.model import Id, RetrievalState, Standing, StudyStatus, Verdict
from core.review import Session
from core.session.screening import Progress, RecordView, ScreeningPart
from gui.pages.screening import reading
from gui.pages.screening.reading import Setting


@dataclass(frozen=True)
class Report:
    """A report of the stage: one's own verdict, its retrieval, and where it stands as far as one may see.

    ``why`` is what was written when it was settled without one's own verdict, such as in another program.
    """

    view: RecordView
    verdict: Verdict | None
    standing: Standing
    retrieval: RetrievalState
    retrieval_note: str
    why: str = ""

    @property
    def is_closed(self) -> bool:
        """Whether what comes of it is settled and nobody waits for one's own verdict."""
        return self.verdict is None and self.standing in (Standing.INCLUDED, Standing.EXCLUDED)

    @property
    def id(self) -> Id:
        """The record's id."""
        return self.view.id

    def decided(self, verdict: Verdict | None) -> Report:
        """The report with another verdict of one's own."""
        return replace(self, verdict=verdict)


@dataclass(frozen=True)
class ReportsState:
    """What the Reports tab shows."""

    setting: Setting
    progress: Progress
    reports: tuple[Report, ...]
    recent: tuple[Id, ...]
    conflicts: int | None
    is_title_abstract_over: bool


def read_reports(session: Session, part: ScreeningPart) -> ReportsState:
    """All reports of the stage, in the order of their numbers."""
    setting = reading.read_setting(session, part)
    standings = {i: standing for standing in Standing for i in part.with_standing(standing)}
    views = sorted(session.references.rows(list(standings)).values(), key=lambda view: view.number)
    verdicts = reading.read_verdicts(part)
    reports: list[Report] = []
    for view in views:
        state, note = part.retrieval(view.id)
        report = Report(view, verdicts.get(view.id), standings[view.id], state, note)
        reports.append(replace(report, why=_why(part, view.id)) if report.is_closed else report)
    return ReportsState(
        setting,
        part.progress(),
        tuple(reports),
        tuple(i for i in verdicts if i in standings),
        reading.conflict_count(setting, part),
        session.screening.is_over(),
    )


def _why(part: ScreeningPart, record_id: Id) -> str:
    settled = part.resolution(record_id)
    return "" if settled is None else settled.note or settled.reason


@dataclass(frozen=True)
class StudiesState:
    """What the tab of included reports without a study shows."""

    setting: Setting
    waiting: tuple[RecordView, ...]
    studies: tuple[tuple[Id, str], ...]
    """The included studies there are, to link a report to."""
    conflicts: int | None


def read_studies(session: Session, part: ScreeningPart) -> StudiesState:
    """Included reports that belong to no study, and the studies there are."""
    setting = reading.read_setting(session, part)
    ids = session.studies.awaiting_study()
    views = session.references.rows(ids)
    studies = tuple((each.id, each.label) for each in session.studies.list(StudyStatus.INCLUDED))
    return StudiesState(
        setting, tuple(views[i] for i in ids if i in views), studies, reading.conflict_count(setting, part)
    )
