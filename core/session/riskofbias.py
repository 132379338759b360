"""Risk of bias: two reviewers judge each domain of a study, compare, and settle."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from core.errors import Conflict, InputError
from core.figures.traffic_light import JudgedStudy, TrafficLight
from core.model import Id, Settlement, derived_id, new_id
from core.policy import Right
from core.riskofbias import summary
from core.riskofbias.summary import DomainCounts
from core.riskofbias.tools import Cell, Tool, load_own
from core.session.base import Part, operation
from core.session.riskofbias_rows import consensus_id, judgement_id, put_consensus, put_tool
from core.session.study_setup import live
from core.store.clock import milliseconds
from core.store.log import Transaction
from core.store.queries import own_tools, riskofbias, studies, team
from core.store.queries.comparison import RowState
from core.store.queries.riskofbias import (
    AssessmentComparison,
    AssessmentRow,
    IncludedStudy,
    JudgementConsensus,
    JudgementView,
)
from core.store.queries.studies import WorkState
from core.store.schema import assessment_finish


@dataclass(frozen=True, slots=True)
class StudyAssessment:
    """One study's row of the traffic-light table: one's own judgements and the settled ones, by cell.

    Unless ``applies``, the tool is not made for the study and there are none. ``missing`` are the cells one has not
    judged. ``finished`` by oneself; ``closed`` by as many others as it needs; ``settled`` in every domain.
    ``imported``: judgements came settled with an imported review, so that nobody has to judge it. ``others`` says what
    one may know of the colleagues' work.
    """

    study_id: Id
    label: str
    design: str
    applies: bool
    mine: Mapping[Cell, JudgementView]
    missing: tuple[Cell, ...]
    consensus: Mapping[Cell, JudgementConsensus]
    finished: bool
    closed: bool
    revealed: bool
    settled: bool
    imported: bool
    others: Mapping[Id, WorkState]


class RiskOfBiasPart(Part):
    """Assessment of studies by the review's risk-of-bias tool."""

    # --- reading -----------------------------------------------------------------------------------------------------

    @property
    def tool(self) -> Tool:
        """The tool the review uses, with its domains and levels; InputError when it cannot be read."""
        return own_tools.tool(self._reader, self._sight.tool)

    def table(self) -> tuple[StudyAssessment, ...]:
        """The traffic-light table: every included study in order with one's own judgements and the settled ones."""
        tool, own, settled = self.tool, self._own(), self.consensus()
        revealed = set(self.revealed())
        work = studies.finish_states(self._reader, self._sight, assessment_finish)

        def assessed(study: IncludedStudy) -> StudyAssessment:
            consensus, mine = settled.get(study.id, {}), own.get(study.id, {})
            finished, shown = work[study.id].finished, study.id in revealed
            return StudyAssessment(
                study.id,
                study.label,
                study.design,
                study.applies,
                mine,
                _missing(tool, mine),
                consensus,
                finished,
                shown and not finished,
                shown,
                bool(consensus) and not _missing(tool, consensus),
                any(one.alone for one in consensus.values()),
                work[study.id].others,
            )

        return tuple(assessed(study) for study in riskofbias.included_studies(self._reader))

    def cells(self) -> tuple[Cell, ...]:
        """The columns of the table: the tool's domains, once for each group of outcomes that the judgements one may see
        tell apart. Where some of them tell no groups apart, their column stands before those of the groups."""
        used = {j.cell for j in self.judgements()} | {c for cells in self.consensus().values() for c in cells}
        return self.tool.columns(used)

    def judgements(self, study_id: Id | None = None) -> tuple[JudgementView, ...]:
        """The judgements (on one study) that one may see, own first."""
        return riskofbias.judgements(self._reader, self._sight, self.tool, study_id)

    def mine(self, study_id: Id) -> dict[Cell, JudgementView]:
        """One's own judgements on a study."""
        me = self._context.reviewer.id
        return {j.cell: j for j in self.judgements(study_id) if j.reviewer_id == me}

    def is_finished(self, study_id: Id) -> bool:
        """Whether one has marked one's own assessment of the study finished."""
        return riskofbias.has_finished(self._reader, self._sight, self.tool, study_id)

    def revealed(self) -> tuple[Id, ...]:
        """Studies whose judgements one may compare, in order."""
        return riskofbias.revealed_studies(self._reader, self._sight)

    def comparison(self, study_id: Id) -> AssessmentComparison:
        """The study's domains side by side. Before it is revealed, own and settled judgements only."""
        return riskofbias.comparison(self._reader, self._sight, self.tool, study_id)

    def comparisons(self) -> dict[Id, AssessmentComparison]:
        """The domains of each study side by side that is revealed, or that came settled with an imported review."""
        imported = [i for i, found in self.consensus().items() if any(one.alone for one in found.values())]
        wanted = dict.fromkeys((*self.revealed(), *imported))
        return riskofbias.comparisons(self._reader, self._sight, self.tool, wanted)

    def consensus(self) -> dict[Id, dict[Cell, JudgementConsensus]]:
        """The settled judgements: {study: {cell: judgement}}; open to all."""
        found: dict[Id, dict[Cell, JudgementConsensus]] = {}
        for one in riskofbias.consensus(self._reader, self.tool):
            found.setdefault(one.study_id, {})[one.cell] = one
        return found

    def counts(self, study_ids: Iterable[Id] | None = None) -> tuple[DomainCounts, ...]:
        """The summary bars over settled judgements, of these studies or of all that have one."""
        settled = self.consensus()
        wanted = settled.keys() if study_ids is None else list(study_ids)
        return self._bars([{c: j.level for c, j in settled.get(i, {}).items()} for i in wanted])

    def my_counts(self, study_ids: Iterable[Id] | None = None) -> tuple[DomainCounts, ...]:
        """The summary bars over one's own judgements, of these studies or of all one has judged."""
        mine = self._own()
        wanted = mine.keys() if study_ids is None else list(study_ids)
        return self._bars([{c: j.level for c, j in mine.get(i, {}).items()} for i in wanted])

    def traffic_light(self, *, settled: bool = True) -> TrafficLight:
        """The table as a figure: the settled judgements, or one's own; studies that are not assessed are left out."""
        tool, rows = self.tool, [row for row in self.table() if row.applies]
        levels = [
            {cell: j.level for cell, j in (row.consensus if settled else row.mine).items()} for row in rows
        ]  # fmt: skip
        cells = tool.columns(cell for judged in levels for cell in judged)
        names = [tool.domain(cell.domain).title + (f": {cell.group}" if cell.group else "") for cell in cells]
        judged = (
            JudgedStudy(row.label, tuple(given.get(cell) for cell in cells))
            for row, given in zip(rows, levels, strict=True)
        )
        return TrafficLight(tuple(names), tuple(judged), tuple((level.id, level.label) for level in tool.levels))

    # --- tools of the team's own -------------------------------------------------------------------------------------

    @operation("riskofbias.add_tool", "New risk-of-bias tool {name}", Right.LEAD)
    def add_tool(self, tx: Transaction, definition: str, file: str = "") -> str:
        """Keep a tool of the team's own, given as the text of a tool file, and assess by it from now on; its id.

        InputError names the file, the place in it and what is wrong there.
        """
        made = put_tool(tx, new_id(), load_own(definition, file or "the file", ""))
        tx.name(name=made.title)
        tx.put("review", team.protocol(tx.connection).id, risk_of_bias_tool=made.id)
        return made.id

    # --- judging -----------------------------------------------------------------------------------------------------

    @operation("riskofbias.judge", "{level} for {domain} of {study}", Right.JUDGE)
    def judge(
        self, tx: Transaction, study_id: Id, domain: str, level: str, support: str = "", outcome_group: str = ""
    ) -> None:
        """Give one's judgement on a domain, with what supports it; ``domain`` and ``level`` are ids of the tool.

        InputError for a domain, level or group the tool does not have; Conflict when one has finished the study.
        """
        tool = self.tool
        cell = tool.cell(domain, outcome_group)
        chosen = tool.level(level)
        tx.name(level=chosen.label, domain=tool.domain(domain).name, study=self._open_study(tx, study_id))
        tx.put(
            "judgement",
            judgement_id(study_id, self.tool, cell, tx.reviewer_id),
            study_id=study_id,
            tool=tool.id,
            domain=cell.domain,
            outcome_group=cell.group,
            reviewer_id=tx.reviewer_id,
            level=chosen.id,
            support=support.strip(),
            judged_at=milliseconds(tx.stamp.hlc),
        )

    @operation("riskofbias.clear", "Clearing {domain} of {study}", Right.JUDGE)
    def clear(self, tx: Transaction, study_id: Id, domain: str, outcome_group: str = "") -> None:
        """Take one's judgement on a domain back."""
        cell = self.tool.cell(domain, outcome_group)
        tx.name(domain=self.tool.domain(domain).name, study=self._open_study(tx, study_id))
        tx.delete("judgement", judgement_id(study_id, self.tool, cell, tx.reviewer_id))

    @operation("riskofbias.finish", "Assessment of {study} finished", Right.JUDGE)
    def finish(self, tx: Transaction, study_id: Id) -> None:
        """Mark one's own assessment of a study finished; when all needed have, it is revealed.

        InputError while a domain has no judgement.
        """
        tool = self.tool
        label = self._open_study(tx, study_id)
        tx.name(study=label)
        mine = {
            j.cell
            for j in riskofbias.judgements(tx.connection, self._sight, tool, study_id)
            if j.reviewer_id == tx.reviewer_id
        }
        missing = _missing(tool, mine)
        if missing:
            names = [tool.domain(c.domain).name + (f" ({c.group})" if c.group else "") for c in missing]
            raise InputError(
                "riskofbias.unfinished",
                "{study} is not finished. Still to be judged: {domains}.",
                study=label,
                domains=", ".join(names),
            )
        tx.put(
            "assessment_finish",
            derived_id("assessment_finish", study_id, tool.id, tx.reviewer_id),
            study_id=study_id,
            tool=tool.id,
            reviewer_id=tx.reviewer_id,
        )

    @operation("riskofbias.reopen", "Assessment of {study} reopened", Right.JUDGE)
    def reopen(self, tx: Transaction, study_id: Id) -> None:
        """Take back that one has finished a study, to change one's judgements. What was settled stays settled."""
        tx.name(study=live(tx, "study", study_id)["label"])
        tx.delete("assessment_finish", derived_id("assessment_finish", study_id, self.tool.id, tx.reviewer_id))

    # --- settling ----------------------------------------------------------------------------------------------------

    @operation("riskofbias.settle_equal", "Settling equal judgements on {study}", Right.SETTLE)
    def settle_equal(self, tx: Transaction, study_id: Id) -> int:
        """Settle every domain on which the reviewers agree; how many were settled. Conflict until it is revealed."""
        done = 0
        for row in self._revealed(tx, study_id).rows:
            levels = {j.level for j in row.judgements}
            # A judgement was brought in line with what had been settled: it now rests on agreement.
            joined = row.state is RowState.CHANGED and row.consensus is not None and levels == {row.consensus.level}
            if row.state is RowState.EQUAL or (joined and len(row.judgements) >= self._sight.needed):
                support = row.consensus.support if row.consensus else joint_support(row.judgements)
                self._put_consensus(tx, study_id, row, row.judgements[0].level, support)
                done += 1
        return done

    @operation("riskofbias.settle", "Settling {domain} of {study}: {level}", Right.SETTLE)
    def settle(
        self, tx: Transaction, study_id: Id, domain: str, level: str, support: str = "", outcome_group: str = ""
    ) -> None:
        """Settle a domain with this judgement. Conflict until the study is revealed to who settles, unless the domain
        came settled with an imported review."""
        cell = self.tool.cell(domain, outcome_group)
        chosen = self.tool.level(level)
        row = self._to_settle(tx, study_id, cell)
        tx.name(domain=self.tool.domain(domain).name, level=chosen.label)
        self._put_consensus(tx, study_id, row, chosen.id, support.strip())

    @operation("riskofbias.unsettle", "Opening {domain} of {study} again", Right.SETTLE)
    def unsettle(self, tx: Transaction, study_id: Id, domain: str, outcome_group: str = "") -> None:
        """Take a settled judgement back; the domain is open again."""
        cell = self.tool.cell(domain, outcome_group)
        self._to_settle(tx, study_id, cell)
        tx.name(domain=self.tool.domain(domain).name)
        row_id = consensus_id(study_id, self.tool, cell)
        if tx.live("judgement_consensus", row_id) is None:
            raise InputError("riskofbias.not_settled", "This domain is not settled, so nothing was taken back.")
        tx.delete("judgement_consensus", row_id)

    # --- rules -------------------------------------------------------------------------------------------------------

    def _own(self) -> dict[Id, dict[Cell, JudgementView]]:
        """One's own judgements by study and cell."""
        me = self._context.reviewer.id
        own: dict[Id, dict[Cell, JudgementView]] = {}
        for one in self.judgements():
            if one.reviewer_id == me:
                own.setdefault(one.study_id, {})[one.cell] = one
        return own

    def _bars(self, judged: list[dict[Cell, str]]) -> tuple[DomainCounts, ...]:
        groups = riskofbias.groups_of(cell for levels in judged for cell in levels)
        return summary.count(self.tool, judged, groups)

    def _open_study(self, tx: Transaction, study_id: Id) -> str:
        """The study's label; Conflict when it is finished by oneself, or by as many others as it needs."""
        label = _assessed(tx, study_id)
        if riskofbias.has_finished(tx.connection, self._sight, self.tool, study_id):
            raise Conflict(
                "riskofbias.finished",
                "You have marked {study} as finished. Reopen it to change your judgements; nothing was changed.",
                study=label,
            )
        if study_id in riskofbias.finished_reviewers(tx.connection, self._sight, self.tool):
            raise Conflict(
                "riskofbias.closed",
                "{study} has been assessed by as many reviewers as it needs, so it is closed. Nothing was changed.",
                study=label,
            )
        return label

    def _revealed(self, tx: Transaction, study_id: Id) -> AssessmentComparison:
        label = _assessed(tx, study_id)
        tx.name(study=label)
        found = riskofbias.comparison(tx.connection, self._sight, self.tool, study_id)
        if not found.revealed:
            raise _blinded(label)
        return found

    def _to_settle(self, tx: Transaction, study_id: Id, cell: Cell) -> AssessmentRow:
        """A cell's row, if it may be settled now. What anybody judged on a study not revealed plays no part in it."""
        label = _assessed(tx, study_id)
        tx.name(study=label)
        found = riskofbias.comparison(tx.connection, self._sight, self.tool, study_id)
        row = next((row for row in found.rows if row.cell == cell), AssessmentRow(cell, (), None, RowState.EMPTY))
        if found.revealed:
            return row
        if row.consensus is None or not row.consensus.alone:
            raise _blinded(label)
        return AssessmentRow(cell, (), row.consensus, RowState.SETTLED)

    def _put_consensus(self, tx: Transaction, study_id: Id, row: AssessmentRow, level: str, support: str) -> None:
        how = Settlement.ADJUDICATED
        if len(row.judgements) >= self._sight.needed and {j.level for j in row.judgements} == {level}:
            how = Settlement.EQUAL if len(row.judgements) > 1 else Settlement.SINGLE
        put_consensus(tx, study_id, self.tool, row.cell, level, support, how, row.basis)


def joint_support(judgements: Iterable[JudgementView]) -> str:
    """What several reviewers wrote in support of the same judgement, each different text once."""
    return "\n".join(dict.fromkeys(j.support for j in judgements if j.support))


def _missing(tool: Tool, judged: Collection[Cell]) -> tuple[Cell, ...]:
    """What is left to judge on a study, for the groups of outcomes that its judgements tell apart."""
    return tuple(cell for cell in tool.cells(riskofbias.groups_of(judged)) if cell not in judged)


def _blinded(study: str) -> Conflict:
    return Conflict(
        "riskofbias.blinded",
        "Judgements on {study} stay hidden until all who assess it have finished, so nothing can be settled yet.",
        study=study,
    )


def _assessed(tx: Transaction, study_id: Id) -> str:
    """The study's label; Conflict when it is not assessed with the review's tool."""
    row = live(tx, "study", study_id)
    if not row["risk_of_bias_applies"]:
        raise Conflict(
            "riskofbias.not_assessed",
            "{study} is marked as not assessed with this tool. Take the mark back to judge it; nothing was changed.",
            study=row["label"],
        )
    return row["label"]
