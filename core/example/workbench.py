"""What the steps of building share: the review, a session per reviewer, and the ids of what was made, by key."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from core.example import data
from core.model import Id
from core.review import NewReviewer, Review, Session

ProgressReport = Callable[[str, int, int], None]
"""Called with what is being done, how far, and out of how many."""


@dataclass
class Workbench:
    """A review being built. ``made`` holds ids by (kind, key ...), keys as in the data files."""

    review: Review
    sessions: dict[str, Session]
    progress: ProgressReport
    made: dict[tuple[str, ...], Id] = field(default_factory=dict[tuple[str, ...], Id])

    @property
    def lead(self) -> Session:
        """The lead's session; the lead is one of the two who judge."""
        return self.sessions["asha"]

    @property
    def adjudicator(self) -> Session:
        """The session of who settles differences."""
        return self.sessions["rosa"]

    @property
    def judges(self) -> dict[str, Session]:
        """The sessions of the two who judge, by key."""
        return {key: self.sessions[key] for key in ("asha", "tom")}

    def find(self, *key: str) -> Id | None:
        """The id made under this key; None when its last part is empty (a thing that was left out)."""
        return self.made[key] if key[-1] else None


def team() -> list[NewReviewer]:
    """The reviewers of the example."""
    return [
        NewReviewer(r["name"], is_lead=r["lead"], is_adjudicator=r["adjudicator"], is_screener=r["screener"])
        for r in data.toml("protocol")["reviewer"]
    ]


def workbench(review: Review, progress: ProgressReport) -> Workbench:
    """A bench for a review with the example's team."""
    people = {p.name: p.id for p in review.reviewers()}
    sessions = {r["key"]: review.session(people[r["name"]]) for r in data.toml("protocol")["reviewer"]}
    return Workbench(review, sessions, progress)
