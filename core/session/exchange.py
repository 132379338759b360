"""Screening that was done, or goes on, in another program: its decisions taken in, and records given to it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from core.errors import InputError
from core.interchange.screening_exports import CovidenceList, Decision, decisions_of, is_unnamed_list, listed_in
from core.language import mark, tr
from core.model import Id, Reviewer, Stage, Verdict, derived_id, new_id
from core.policy import Right
from core.session.base import Part, operation
from core.session.protocol import put_reviewer
from core.store.clock import milliseconds
from core.store.log import Transaction
from core.store.queries import exchange, records, team
from core.store.queries.positions import next_position


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """Somebody whose decisions a source carries.

    ``name`` is empty for what is said without a name. ``reviewer_id`` is who of the team they seem to be; None: nobody
    with a like name.
    """

    name: str
    decisions: int
    notes: int
    reviewer_id: Id | None


@dataclass(frozen=True, slots=True)
class FoundDecisions:
    """What a source carries of decisions made elsewhere; of each person only how many, never what.

    ``records`` are those with a decision. ``says_stage``: the files say at which stage they were made.
    ``is_unnamed_list``: a list of Covidence is among them of which nothing tells what came of its records.
    """

    source_id: Id
    source_name: str
    people: tuple[FoundPerson, ...]
    records: int
    says_stage: bool
    is_unnamed_list: bool


@dataclass(frozen=True, slots=True)
class NotTaken:
    """A decision of the file that was left out, and why."""

    record_id: Id
    title: str
    reviewer: str
    why: str


@dataclass(frozen=True, slots=True)
class DecisionsReport:
    """What came of the decisions of a source."""

    taken: int
    notes: int
    records: int
    people_added: tuple[str, ...]
    reasons_added: tuple[str, ...]
    not_taken: tuple[NotTaken, ...]


_BETWEEN_WORDS = re.compile(r"[._,;|]")

_Placed = tuple[Id, Decision]
"""A decision of a file, and the record of the review that it is on."""

OWN_KEPT = mark("The reviewer has decided on this record already; that decision was kept.")


class ExchangePart(Part):
    """Decisions to and from other screening programs."""

    def decisions_in(self, source_id: Id, listed: CovidenceList | None = None) -> FoundDecisions:
        """What the files of a source carry of decisions; the lead's to ask. InputError when the source has gone."""
        self._context.require(Right.LEAD)
        source = next((one for one in records.sources(self._reader) if one.id == source_id), None)
        if source is None:
            raise _gone()
        files = exchange.delivered_files(self._reader, source_id)
        placed = _placed(files, listed)
        judges = [one for one in team.reviewers(self._reader) if one.is_screener]
        names = list(dict.fromkeys(one.reviewer for _, one in placed))
        meant = match_people(names, judges)
        people = tuple(
            FoundPerson(
                name,
                sum(one.reviewer == name and one.verdict is not None for _, one in placed),
                sum(one.reviewer == name and bool(one.note) for _, one in placed),
                meant[name],
            )
            for name in names
        )
        return FoundDecisions(
            source_id,
            source.name,
            people,
            len({record_id for record_id, one in placed if one.verdict is not None}),
            all(one.stage is not None for _, one in placed),
            any(is_unnamed_list(file.delivered, file.name) for file in files),
        )

    def exported(self, form: str, ids: Sequence[Id] | None = None, stage: Stage = Stage.TITLE_ABSTRACT) -> str:
        """Records as the text of a file in one of `screening_tables.FORMS`: these, or all that are screened, with the
        decisions on them that one may see. For forms without stages those of ``stage``."""
        from core.interchange.screening_tables import Exported, write

        kept = exchange.kept_records(self._reader, ids)
        names = {one.id: one.name for one in team.reviewers(self._reader)}
        seen = exchange.seen_decisions(self._reader, self._sight, names)
        views = records.record_views(self._reader, [record_id for record_id, _, _ in kept]) if form == "copse" else {}
        exported = [
            Exported(
                number,
                record,
                views[record_id].sources if record_id in views else (),
                tuple(
                    Decision(0, one.reviewer, one.stage, one.verdict, (one.reason,) if one.reason else (), (), one.note)
                    for one in seen.get(record_id, ())
                ),
            )
            for record_id, number, record in kept
        ]
        return write(exported, form, stage)

    @operation("references.decisions", "Decisions that came with {name}", Right.LEAD)
    def import_decisions(
        self,
        tx: Transaction,
        source_id: Id,
        people: Mapping[str, Sequence[Id | str]],
        *,
        stage: Stage = Stage.TITLE_ABSTRACT,
        listed: CovidenceList | None = None,
    ) -> DecisionsReport:
        """Write the decisions that a source's files carry as those reviewers' own.

        ``people`` says for each name in the files (empty: said without a name) whose decisions they become: reviewers
        of the team, or a text, the name of a reviewer to be added; a name with none, or not named, is left out.
        ``stage`` is for decisions that do not say theirs, ``listed`` for a list of Covidence that does not say what it
        holds. A decision that a reviewer has made here is kept. A reason the review lacks is added to its list.
        InputError when the source has gone, when nothing of it is chosen, or somebody chosen does not screen.
        """
        source = tx.live("source", source_id)
        if source is None:
            raise _gone()
        tx.name(name=source["name"])
        placed = _placed(exchange.delivered_files(tx.connection, source_id), listed)
        chosen, added = _chosen(tx, people)
        todo = [(record_id, one, who) for record_id, one in placed for who in chosen.get(one.reviewer, ())]
        if not todo:
            raise InputError(
                "decisions.nobody",
                "No decision of “{name}” was chosen, so none was taken in. Say whose decisions they are.",
                name=source["name"],
            )
        return _Writing(tx, stage).write(todo, added)


class _Writing:
    """The rows of one import of decisions."""

    def __init__(self, tx: Transaction, stage: Stage) -> None:
        self._tx = tx
        self._stage = stage
        self._names = {one.id: one.name for one in team.reviewers(tx.connection)}
        self._reasons = {
            (each, _folded(reason.text)): reason.id for each in Stage for reason in team.reasons(tx.connection, each)
        }
        self._reasons_added: list[str] = []

    def write(self, todo: Sequence[tuple[Id, Decision, Id]], added: Sequence[str]) -> DecisionsReport:
        """Put what is not there yet."""
        tx = self._tx
        titles = records.titles(tx.connection, list({record_id for record_id, _, _ in todo}))
        for table in ("decision", "screening_note"):
            tx.preload(table, [self._row_id(table, *each) for each in todo])
        taken: set[Id] = set()
        notes = 0
        not_taken: list[NotTaken] = []
        for record_id, one, who in todo:
            if one.verdict is not None:
                if tx.live("decision", self._row_id("decision", record_id, one, who)) is not None:
                    why = tr(OWN_KEPT)
                    not_taken.append(NotTaken(record_id, titles[record_id], self._names[who], why))
                    continue
                self._decide(record_id, one, one.verdict, who)
                taken.add(self._row_id("decision", record_id, one, who))
            notes += self._note(record_id, one, who)
        return DecisionsReport(
            len(taken),
            notes,
            len({record_id for record_id, one, who in todo if self._row_id("decision", record_id, one, who) in taken}),
            tuple(added),
            tuple(self._reasons_added),
            tuple(not_taken),
        )

    def _row_id(self, table: str, record_id: Id, one: Decision, who: Id) -> Id:
        return derived_id(table, record_id, (one.stage or self._stage).value, who)

    def _decide(self, record_id: Id, one: Decision, verdict: Verdict, who: Id) -> None:
        stage = one.stage or self._stage
        self._tx.put(
            "decision",
            self._row_id("decision", record_id, one, who),
            record_id=record_id,
            stage=stage.value,
            reviewer_id=who,
            verdict=verdict.value,
            reason_id=self._reason(stage, one) if verdict is Verdict.EXCLUDE else None,
            decided_at=milliseconds(self._tx.stamp.hlc),
        )

    def _reason(self, stage: Stage, one: Decision) -> Id | None:
        """The first reason in the review's list, added to it where it lacks; at full text there is always one."""
        if not one.reasons and stage is Stage.TITLE_ABSTRACT:
            return None
        text = one.reasons[0] if one.reasons else tr("No reason given")
        known = self._reasons.get((stage, _folded(text)))
        if known is None:
            position = next_position(self._tx.connection, "exclusion_reason", stage=stage.value)
            known = self._tx.put("exclusion_reason", new_id(), stage=stage.value, text=text, position=position)
            self._reasons[stage, _folded(text)] = known
            self._reasons_added.append(text)
        return known

    def _note(self, record_id: Id, one: Decision, who: Id) -> bool:
        """Write the note with labels and further reasons, unless the reviewer has one; whether it was written."""
        lines = [one.note] if one.note else []
        if one.labels:
            lines.append(tr("Labels: {labels}", labels=", ".join(one.labels)))
        if one.reasons[1:]:
            lines.append(tr("Further reasons: {reasons}", reasons=", ".join(one.reasons[1:])))
        row_id = self._row_id("screening_note", record_id, one, who)
        if not lines or self._tx.live("screening_note", row_id) is not None:
            return False
        stage = (one.stage or self._stage).value
        text = "\n".join(lines)
        self._tx.put("screening_note", row_id, record_id=record_id, stage=stage, reviewer_id=who, text=text)
        return True


def match_people(names: Sequence[str], people: Sequence[Reviewer]) -> dict[str, Id | None]:
    """Who of the team each name means: the same name, else the same words (the surname first), else the one
    with these words in the name, else the one with these initials; nobody twice."""
    tests: tuple[Callable[[str, Reviewer], bool], ...] = (
        lambda name, one: _folded(name) == _folded(one.name),
        lambda name, one: sorted(_folded(name).split()) == sorted(_folded(one.name).split()),
        lambda name, one: bool(words := set(_folded(name).split())) and words < set(_folded(one.name).split()),
        lambda name, one: set(_folded(one.name).split()) < set(_folded(name).split()),
        lambda name, one: bool(one.initials) and _folded(name) == _folded(one.initials),
    )
    meant: dict[str, Id | None] = dict.fromkeys(names)
    for fits in tests:
        for name in names:
            free = [one for one in people if one.id not in meant.values()]
            fitting = [one for one in free if name and meant[name] is None and fits(name, one)]
            if len(fitting) == 1:
                meant[name] = fitting[0].id
    return meant


def _chosen(tx: Transaction, people: Mapping[str, Sequence[Id | str]]) -> tuple[dict[str, tuple[Id, ...]], list[str]]:
    """The reviewers each name stands for, new ones added; and the names of those."""
    known = {one.id: one for one in team.reviewers(tx.connection)}
    made: dict[str, Id] = {}
    chosen: dict[str, tuple[Id, ...]] = {}
    for name, targets in people.items():
        ids: list[Id] = []
        for target in targets:
            if isinstance(target, str):
                key = target.strip().casefold()
                made[key] = made.get(key) or put_reviewer(tx, target)
                ids.append(made[key])
            elif target not in known:
                raise InputError("team.unknown", "This reviewer is no longer in the team. Nothing was changed.")
            elif not known[target].is_screener:
                raise InputError(
                    "decisions.no_screener",
                    "{name} does not screen in this review, so no decision can be theirs. Nothing was changed. Choose "
                    "somebody else, or let them screen under Protocol, Team.",
                    name=known[target].name,
                )
            else:
                ids.append(target)
        chosen[name] = tuple(dict.fromkeys(ids))
    return chosen, [one.name for one in team.reviewers(tx.connection) if one.id not in known]


def _placed(files: Sequence[exchange.DeliveredFile], listed: CovidenceList | None) -> list[_Placed]:
    """The decisions of these files; what is said of a record twice in the same way (a file that was imported again, a
    record with its duplicate) is one."""
    found = (
        (file.records[one.position], replace(one, position=0))
        for file in files
        for one in decisions_of(file.delivered, file.name, None if listed_in(file.name) else listed)
    )
    return list(dict.fromkeys(found))


def _folded(text: str) -> str:
    """As names and reasons are compared: some programs write no comma or semicolon within one, or accents apart."""
    return " ".join(_BETWEEN_WORDS.sub(" ", unicodedata.normalize("NFC", text).casefold()).split())


def _gone() -> InputError:
    return InputError("source.gone", "This source is no longer in the review. Nothing was changed.")
