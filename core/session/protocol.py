"""Protocol and team: what the review set out to do, and who does it."""

from __future__ import annotations

from typing import Any

from core.errors import InputError
from core.language import mark
from core.model import Direction, Id, OutcomeKind, Reveal, Stage, new_id
from core.policy import Right
from core.session.base import Part, operation
from core.store.log import Transaction
from core.store.queries import own_tools, studies, team
from core.store.queries.positions import next_position
from core.store.queries.team import Criterion, Outcome, Protocol, Reason, Term


class ProtocolPart(Part):
    """The protocol of the review; the lead's to change, everybody's to read."""

    # --- reading -----------------------------------------------------------------------------------------------------

    def protocol(self) -> Protocol:
        """Title, question and settings."""
        return team.protocol(self._reader)

    def criteria(self) -> tuple[Criterion, ...]:
        """Eligibility criteria, shown beside every record."""
        return team.criteria(self._reader)

    def reasons(self, stage: Stage) -> tuple[Reason, ...]:
        """Exclusion reasons of a stage, in the order of their number keys."""
        return team.reasons(self._reader, stage)

    def terms(self) -> tuple[Term, ...]:
        """Terms highlighted in abstracts."""
        return team.terms(self._reader)

    def outcomes(self) -> tuple[Outcome, ...]:
        """Outcomes the review wants."""
        return team.outcomes(self._reader)

    def tools(self) -> tuple[tuple[str, str], ...]:
        """The risk-of-bias tools there are, with those of the team's own: id and title."""
        return own_tools.titles(self._reader, self._sight.tool)

    # --- writing -----------------------------------------------------------------------------------------------------

    @operation("protocol.describe", "Change of the protocol", Right.LEAD)
    def describe(self, tx: Transaction, **texts: str) -> None:
        """Set title, registration, population, intervention, comparator, outcomes, designs or notice, or choose the
        risk-of-bias tool. InputError for a tool that there is not, or that cannot be read."""
        allowed = {
            "title", "registration", "population", "intervention", "comparator", "outcomes", "designs", "notice",
            "risk_of_bias_tool",
        }  # fmt: skip
        unknown = texts.keys() - allowed
        if unknown:
            raise KeyError(", ".join(sorted(unknown)))
        if "title" in texts and not texts["title"].strip():
            raise InputError("protocol.no_title", "A review needs a title. The old one was kept.")
        if "risk_of_bias_tool" in texts:
            own_tools.tool(tx.connection, texts["risk_of_bias_tool"])
        tx.put("review", team.protocol(tx.connection).id, **texts)

    @operation("protocol.settings", "Change of the review's settings", Right.LEAD)
    def settings(
        self,
        tx: Transaction,
        *,
        reveal_screening: Reveal | None = None,
        reveal_extraction: Reveal | None = None,
        screeners_per_record: int | None = None,
    ) -> None:
        """Set when judgements are revealed and how many each record needs (1 to 5)."""
        fields: dict[str, Any] = {}
        if reveal_screening is not None:
            fields["reveal_screening"] = reveal_screening.value
        if reveal_extraction is not None:
            fields["reveal_extraction"] = reveal_extraction.value
        if screeners_per_record is not None:
            if not 1 <= screeners_per_record <= 5:
                raise InputError(
                    "protocol.screeners", "A record can be judged by 1 to 5 reviewers. The setting was not changed."
                )
            fields["screeners_per_record"] = screeners_per_record
        tx.put("review", team.protocol(tx.connection).id, **fields)

    @operation("protocol.add_criterion", "New criterion “{text}”", Right.LEAD)
    def add_criterion(self, tx: Transaction, kind: str, text: str) -> Id:
        """Add an eligibility criterion ('include' or 'exclude')."""
        tx.name(text=text)
        position = next_position(tx.connection, "criterion")
        return tx.put("criterion", new_id(), kind=kind, text=_filled(text, "criterion"), position=position)

    @operation("protocol.add_reason", "New exclusion reason “{text}”", Right.LEAD)
    def add_reason(self, tx: Transaction, stage: Stage, text: str) -> Id:
        """Add an exclusion reason at the end of a stage's list."""
        tx.name(text=text)
        position = next_position(tx.connection, "exclusion_reason", stage=stage.value)
        filled = _filled(text, "exclusion reason")
        return tx.put("exclusion_reason", new_id(), stage=stage.value, text=filled, position=position)

    @operation("protocol.add_term", "New highlight term “{text}”", Right.LEAD)
    def add_term(self, tx: Transaction, kind: str, text: str) -> Id:
        """Add a term to highlight ('include' or 'exclude')."""
        tx.name(text=text)
        position = next_position(tx.connection, "highlight_term")
        return tx.put("highlight_term", new_id(), kind=kind, text=_filled(text, "term"), position=position)

    @operation("protocol.add_outcome", "New outcome “{label}”", Right.LEAD)
    def add_outcome(
        self,
        tx: Transaction,
        label: str,
        kind: OutcomeKind,
        *,
        unit: str = "",
        better: Direction | None = None,
        time_window: str = "",
        definition: str = "",
    ) -> Id:
        """Add an outcome; ``better`` says which direction of its scale is good."""
        tx.name(label=label)
        return tx.put(
            "outcome",
            new_id(),
            label=_filled(label, "outcome"),
            kind=kind.value,
            unit=unit,
            better=better.value if better else "",
            time_window=time_window,
            definition=definition,
            position=next_position(tx.connection, "outcome"),
        )

    @operation("protocol.change_outcome", "Change of “{label}”", Right.LEAD)
    def change_outcome(
        self,
        tx: Transaction,
        outcome_id: Id,
        *,
        kind: OutcomeKind,
        unit: str = "",
        better: Direction | None = None,
        time_window: str = "",
    ) -> None:
        """Set what an outcome's results are made of, their unit, the good direction and when they are wanted.

        InputError when results of another kind have been laid out for it: their numbers would lose their meaning.
        """
        row = tx.live("outcome", outcome_id)
        if row is None:
            raise InputError("protocol.gone", "This line was removed in the meantime. Nothing was changed.")
        tx.name(label=row["label"])
        if kind.value != row["kind"] and studies.results_using(tx.connection, "outcome_id", outcome_id):
            raise InputError(
                "protocol.outcome_in_use",
                "“{label}” has {kind} results in the extraction, so it stays {kind}. Add an outcome of its own for "
                "results of the other kind.",
                label=row["label"],
                kind=OutcomeKind(row["kind"]).adjective,
            )
        tx.put(
            "outcome",
            outcome_id,
            kind=kind.value,
            unit=unit.strip(),
            better=better.value if better else "",
            time_window=time_window.strip(),
        )

    @operation("protocol.reword", "Change of “{text}”", Right.LEAD)
    def reword(self, tx: Transaction, table: str, row_id: Id, text: str) -> None:
        """Change the wording of a criterion, exclusion reason, highlight term or outcome."""
        field = _wording_field(table)
        if tx.live(table, row_id) is None:
            raise InputError("protocol.gone", "This line was removed in the meantime. Nothing was changed.")
        tx.name(text=text)
        tx.put(table, row_id, **{field: _filled(text, table.replace("_", " "))})

    @operation("protocol.move", "Move of “{text}”", Right.LEAD)
    def move(self, tx: Transaction, table: str, row_id: Id, by: int) -> None:
        """Move a criterion, exclusion reason, highlight term or outcome up (-1) or down (1) among its like; nothing
        happens at an end."""
        field = _wording_field(table)
        row = tx.live(table, row_id)
        if row is None:
            raise InputError("protocol.gone", "This line was removed in the meantime. Nothing was changed.")
        tx.name(text=row[field])
        like = team.in_order(tx.connection, table, row)
        here = next(n for n, (other, _position) in enumerate(like) if other == row_id)
        there = min(max(here + by, 0), len(like) - 1)
        ids = [other for other, _position in like]
        ids.insert(there, ids.pop(here))
        # Positions are given anew from the first: two copies that were merged may have given one of them twice.
        first = min(position for _other, position in like)
        for position, other in enumerate(ids, start=first):
            tx.put(table, other, position=position)

    @operation("protocol.remove", "Removal of “{text}”", Right.LEAD)
    def remove(self, tx: Transaction, table: str, row_id: Id) -> None:
        """Remove a criterion, exclusion reason, highlight term or outcome."""
        field = _wording_field(table)
        row = tx.live(table, row_id)
        tx.name(text=row[field] if row else "")
        tx.delete(table, row_id)

    @operation("team.add", "New reviewer {name}", Right.LEAD)
    def add_reviewer(self, tx: Transaction, name: str, *, is_adjudicator: bool = False, is_screener: bool = True) -> Id:
        """Add a reviewer to the team."""
        tx.name(name=name)
        return put_reviewer(tx, name, is_adjudicator=is_adjudicator, is_screener=is_screener)

    @operation("team.roles", "Change of the roles of {name}", Right.LEAD)
    def set_roles(
        self, tx: Transaction, reviewer_id: Id, *, is_lead: bool, is_adjudicator: bool, is_screener: bool
    ) -> None:
        """Give a reviewer their roles; a review keeps at least one lead and one who judges."""
        people = {p.id: p for p in team.reviewers(tx.connection)}
        others = [p for p in people.values() if p.id != reviewer_id]
        if reviewer_id not in people:
            raise InputError("team.unknown", "This reviewer is no longer in the team. Nothing was changed.")
        if not is_lead and not any(p.is_lead for p in others):
            raise InputError("team.no_lead", "A review needs a lead. Make somebody else the lead first.")
        if not is_screener and not any(p.is_screener for p in others):
            raise InputError("team.no_screener", "Somebody has to screen. Give that role to another reviewer first.")
        tx.name(name=people[reviewer_id].name)
        tx.put("reviewer", reviewer_id, is_lead=is_lead, is_adjudicator=is_adjudicator, is_screener=is_screener)


def put_reviewer(
    tx: Transaction, name: str, *, is_lead: bool = False, is_adjudicator: bool = False, is_screener: bool = True
) -> Id:
    """Write a reviewer at the end of the team; InputError when the name is empty or taken."""
    name = _filled(name, "reviewer")
    people = team.reviewers(tx.connection)
    if any(p.name.casefold() == name.casefold() for p in people):
        raise InputError(
            "team.name_taken", "{name} is in the team already. Give each reviewer a name of their own.", name=name
        )
    return tx.put(
        "reviewer",
        new_id(),
        name=name,
        initials=initials_of(name),
        position=next_position(tx.connection, "reviewer"),
        is_lead=is_lead,
        is_adjudicator=is_adjudicator,
        is_screener=is_screener,
    )


def initials_of(name: str) -> str:
    """Initials of the first and last name."""
    words = name.split()
    letters = [words[0][0], words[-1][0]] if len(words) > 1 else [words[0][0]]
    return "".join(letters).upper()


def _filled(text: str, thing: str) -> str:
    if not text.strip():
        raise InputError("protocol.empty", "The {thing} has no text, so it was not added.", thing=mark(thing))
    return text.strip()


def _wording_field(table: str) -> str:
    return {"criterion": "text", "exclusion_reason": "text", "highlight_term": "text", "outcome": "label"}[table]
