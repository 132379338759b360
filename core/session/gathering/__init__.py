"""The review as it stands, in the terms of exchange files.

What came with the file that the review was made from, and has not been changed, is given exactly as it stood there:
the same ids, numbers and stored results.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from core.interchange.model import Person, ReviewFile
from core.session.gathering import riskofbias
from core.session.gathering.analyses import Analyses
from core.session.gathering.state import State
from core.session.gathering.studies import Studies

OWN_FORMAT = "copse"


def gather(connection: Connection, file_name: str, *, classic: bool) -> ReviewFile:
    """The whole review; ``file_name`` is the review's own, for one that came from no other program.

    ``classic``: as RevMan 5 can hold it, with remarks on what it cannot; else with the estimators and intervals that
    RevMan Web has too.
    """
    state = State(connection)
    review = next(iter(state.live("review").values()))
    studies = Studies(state)
    items = studies.all()
    analyses = Analyses(state, studies.ids, classic=classic)
    comparisons = analyses.all()
    judged = riskofbias.gather(state, studies.ids, analyses.ids)
    base = state.base
    if base is None:
        people = tuple(
            Person(f"AU-{n}", row["name"], is_contact=row["is_lead"])
            for n, row in enumerate(state.live("reviewer").values(), start=1)
        )
        base = ReviewFile(OWN_FORMAT, file_name, review["title"], authors=people)
    elif state.same("review", review["id"], ["title"]):
        review = {**review, "title": base.title}
    return replace(
        base,
        title=review["title"],
        studies=items,
        risk_of_bias=judged,
        comparisons=comparisons,
        remarks=(*base.remarks, *analyses.remarks),
    )
