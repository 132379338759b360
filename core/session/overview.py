"""Overview: the PRISMA flow as it stands, what is left for the reviewer, how far the team is, and a search over all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from core.figures.prisma_model import Count, Live, PreviousReview, PrismaFlow, removed_before_screening
from core.language import counted, tr
from core.model import Id, RetrievalState, SourceKind, Stage
from core.policy import Right, may
from core.session.base import Part
from core.store.queries import finding, overview, records, screening, studies, team
from core.store.queries.finding import FoundAnalysis
from core.store.queries.records import RecordView
from core.store.queries.screening import Standings

Add = Callable[[str, int, str, str, str], None]
"""Takes code, count, page, and the sentence for one and for more."""


@dataclass(frozen=True, slots=True)
class Todo:
    """One thing that waits for the reviewer. ``page`` is the page that leads there: screening, conflicts, fulltext,
    fulltext-conflicts, extraction, compare, riskofbias, riskofbias-compare, analysis, references."""

    code: str
    text: str
    count: int
    page: str


@dataclass(frozen=True, slots=True)
class Done:
    """How much of something is done."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class ReviewerProgress:
    """How far one reviewer is: counts, never what was judged."""

    reviewer_id: Id
    name: str
    title_abstract: Done
    full_text: Done
    extraction: Done
    risk_of_bias: Done


@dataclass(frozen=True, slots=True)
class Found:
    """What a few typed words may mean, best first."""

    studies: tuple[tuple[Id, str], ...]
    """(id, label)."""
    analyses: tuple[FoundAnalysis, ...]
    records: tuple[RecordView, ...]


class OverviewPart(Part):
    """The overview, as far as one may see."""

    def flow(self) -> PrismaFlow:
        """The numbers of the PRISMA flow: own and revealed judgements only, so exclusions show when a stage is over.

        The records of all sources are screened together, so all stand in one column; registers are named apart. What
        came with an earlier version of the review is counted there and in the total only.
        """
        sources = [s for s in records.sources(self._reader) if s.kind != SourceKind.PREVIOUS]
        previous = self._previous()
        is_update = previous is not None
        first = screening.standings(self._reader, self._sight, Stage.TITLE_ABSTRACT, only_new=is_update)
        second = screening.standings(self._reader, self._sight, Stage.FULL_TEXT, only_new=is_update)
        retrieval = screening.retrieval_counts(self._reader, self._sight, only_new=is_update)
        lost = retrieval.get(RetrievalState.NOT_RETRIEVED, 0)
        reasons = screening.excluded_by_reason(self._reader, self._sight, Stage.FULL_TEXT, only_new=is_update)
        included = overview.included(self._reader, self._sight)
        register = SourceKind.REGISTER.value
        return PrismaFlow(
            databases=tuple(Count(s.name, s.records) for s in sources if s.kind != register),
            registers=tuple(Count(s.name, s.records) for s in sources if s.kind == register),
            removed=removed_before_screening(sum(s.duplicates for s in sources)),
            screened=first.total,
            excluded=first.excluded,
            sought=second.total,
            not_retrieved=lost,
            assessed=second.total - lost,
            reports_excluded=tuple(Count(text or "No reason given", n) for text, n in reasons),
            included_studies=included.studies,
            included_reports=included.reports,
            previous=previous,
            meta_analysis_studies=included.in_meta_analysis,
            live=(*self._live(first, second), *self._waiting(first, second, lost, retrieval)),
        )

    def _previous(self) -> PreviousReview | None:
        """What an earlier version had included; None without one."""
        if not overview.is_update(self._reader):
            return None
        return PreviousReview(*overview.previously_included(self._reader))

    def _live(self, first: Standings, second: Standings) -> tuple[Live, ...]:
        """How far the two stages are: one's own progress, else what is settled."""
        found: list[Live] = []
        for box, stage, standings in (
            ("screened", Stage.TITLE_ABSTRACT, first),
            ("assessed", Stage.FULL_TEXT, second),
        ):
            if self._sight.viewer.is_screener:
                own = screening.progress(self._reader, self._sight, stage)
                if own.left:
                    said = counted("{n} wait for your decision", "{n} wait for your decision", own.left)
                    found.append(Live(box, said, own.done, own.total))
            elif standings.open:
                settled = standings.total - standings.open
                said = counted("{n} not decided yet", "{n} not decided yet", standings.open)
                found.append(Live(box, said, settled, standings.total))
        return tuple(found)

    def _waiting(
        self, first: Standings, second: Standings, lost: int, retrieval: Mapping[RetrievalState, int]
    ) -> tuple[Live, ...]:
        """What keeps records from going on between the stages, as far as one may see it."""
        found: list[Live] = []
        for box, standings in (("excluded", first), ("reports_excluded", second)):
            if standings.conflict:
                note = counted(
                    "{n} conflict waits for a decision", "{n} conflicts wait for a decision", standings.conflict
                )
                found.append(Live(box, note))
        at_hand = retrieval.get(RetrievalState.RETRIEVED, 0)
        if second.open and second.total > lost + at_hand:
            note = counted("{n} full text at hand", "{n} full texts at hand", at_hand)
            found.append(Live("sought", note, at_hand + lost, second.total, in_number=False))
        return tuple(found)

    def todo(self) -> tuple[Todo, ...]:
        """What waits for this reviewer, in the order of a review; empty when nothing does."""
        found: list[Todo] = []

        def add(code: str, count: int, page: str, one: str, many: str) -> None:
            if count:
                found.append(Todo(code, counted(one, many, count), count, page))

        if not records.sources(self._reader):
            found.append(Todo("references.import", tr("Import the search results"), 1, "references"))
        self._screening_todo(add)
        waiting = len(studies.awaiting_study(self._reader, self._sight))
        add("studies.create", waiting, "fulltext", "{n} included report belongs to no study yet",
            "{n} included reports belong to no study yet")  # fmt: skip
        work = overview.study_work(self._reader, self._sight)
        add("extraction.enter", work.to_extract, "extraction", "{n} study to extract", "{n} studies to extract")
        add("riskofbias.judge", work.to_assess, "riskofbias", "Risk of bias of {n} study to judge",
            "Risk of bias of {n} studies to judge")  # fmt: skip
        if self._may_settle():
            add("extraction.settle", work.values_to_settle, "compare", "{n} extracted value to settle",
                "{n} extracted values to settle")  # fmt: skip
            add("riskofbias.settle", work.judgements_to_settle, "riskofbias-compare",
                "{n} risk-of-bias judgement to settle", "{n} risk-of-bias judgements to settle")  # fmt: skip
        return tuple(found)

    def _screening_todo(self, add: Add) -> None:
        first = screening.standings(self._reader, self._sight, Stage.TITLE_ABSTRACT)
        second = screening.standings(self._reader, self._sight, Stage.FULL_TEXT)
        judges = self._sight.viewer.is_screener
        if judges:
            left = screening.progress(self._reader, self._sight, Stage.TITLE_ABSTRACT).left
            add("screening.decide", left, "screening", "{n} record to screen", "{n} records to screen")
        if self._may_settle():
            add("screening.resolve", first.conflict, "conflicts", "{n} conflict to settle",
                "{n} conflicts to settle")  # fmt: skip
        if judges:
            left = screening.progress(self._reader, self._sight, Stage.FULL_TEXT).left
            add("fulltext.decide", left, "fulltext", "{n} full text to assess", "{n} full texts to assess")
        if self._may_settle():
            add("fulltext.resolve", second.conflict, "fulltext-conflicts", "{n} full-text conflict to settle",
                "{n} full-text conflicts to settle")  # fmt: skip

    def find(self, text: str, limit: int = 6) -> Found:
        """Studies, analyses and records that are meant by what is typed, at most ``limit`` of each: words may be
        begun only, numbers are those of records (57) and analyses (1.2). Nothing is found by an empty text."""
        return Found(
            finding.found_studies(self._reader, text, limit),
            finding.found_analyses(self._reader, text, limit),
            finding.found_records(self._reader, text, limit),
        )

    def _may_settle(self) -> bool:
        people = team.reviewers(self._reader)
        return may(self._context.reviewer, Right.SETTLE, has_adjudicator=any(p.is_adjudicator for p in people))

    def team(self) -> tuple[ReviewerProgress, ...]:
        """How far each of the team is, counts only; NotAllowed for who is not the lead."""
        self._context.require(Right.LEAD)
        sight = self._sight
        decided = {
            stage: screening.team_progress(self._reader, sight, stage)
            for stage in (Stage.TITLE_ABSTRACT, Stage.FULL_TEXT)
        }
        totals = {stage: screening.number_to_judge(self._reader, sight, stage) for stage in decided}
        extracted, assessed = overview.finished(self._reader, sight)
        included = overview.included(self._reader, self._sight)

        def screened(reviewer_id: Id, stage: Stage) -> Done:
            return Done(decided[stage].get(reviewer_id, 0), totals[stage])

        return tuple(
            ReviewerProgress(
                one.id,
                one.name,
                screened(one.id, Stage.TITLE_ABSTRACT),
                screened(one.id, Stage.FULL_TEXT),
                Done(extracted.get(one.id, 0), included.to_extract),
                Done(assessed.get(one.id, 0), included.to_assess),
            )
            for one in team.reviewers(self._reader)
            if one.is_screener
        )
