"""Who may do what, and when one reviewer may see another's judgement. Rules only; the queries apply them."""

from __future__ import annotations

import enum

from core.errors import NotAllowed
from core.language import mark
from core.model import Reviewer


class Right(enum.StrEnum):
    """What an action asks of the person who takes it."""

    JUDGE = "judge"
    SETTLE = "settle"
    LEAD = "lead"
    WORK = "work"


_REFUSALS = {
    Right.JUDGE: mark(
        "{name} does not screen or extract in this review. The lead can change that under Protocol, Team."
    ),
    Right.SETTLE: mark("Differences in this review are settled by its adjudicator or lead, not by {name}."),
    Right.LEAD: mark("Only the lead of the review may change this."),
}


def may(reviewer: Reviewer, right: Right, *, has_adjudicator: bool = True) -> bool:
    """Whether the reviewer has the right. Without an adjudicator the reviewers settle differences between them."""
    if right is Right.JUDGE:
        return reviewer.is_screener
    if right is Right.SETTLE:
        return reviewer.is_adjudicator or reviewer.is_lead or not has_adjudicator
    if right is Right.LEAD:
        return reviewer.is_lead
    return True


def require(reviewer: Reviewer, right: Right, *, has_adjudicator: bool = True) -> None:
    """NotAllowed, with who can help, unless the reviewer has the right."""
    if not may(reviewer, right, has_adjudicator=has_adjudicator):
        raise NotAllowed(f"policy.{right}", _REFUSALS[right], name=reviewer.name)
