"""What the Compare tab says while the entries on a study are not to be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.model import Id
from core.store.queries.studies import WorkState
from gui.pages.extraction.reading import Board
from gui.pages.screening.words import first_name, listed
from gui.widgets.messages import EmptyState, primary

if TYPE_CHECKING:
    from gui.pages.extraction.page import ExtractionPage


def hidden_state(page: ExtractionPage, board: Board, study_id: Id) -> EmptyState:
    """Why nothing is compared yet, and where to go on."""
    team, label = board.team, next(s.label for s in board.studies if s.id == study_id)
    if not team.may_judge:
        return EmptyState("lock", f"{label} is not ready to compare", _for_settlers(board, study_id))
    others = [first_name(each.name) for each in team.other_judges]
    finished = board.work[study_id].extraction_finished
    if not others:
        text = "Your entries are settled here once you have marked this study finished."
    else:
        names = listed([f"{name}’s" for name in others])
        both = "both" if len(others) == 1 else "all"
        text = f"{names} answers stay hidden until {both} of you have finished this study."
        if finished:
            text += " You have."
    if finished:
        return EmptyState("lock", "Hidden for now", text)
    button = primary("Continue extracting", lambda: page.header.tabs.set_current("extract"), icon="table-2")
    button.setObjectName("compare.to_extract")
    return EmptyState("lock", "Hidden for now", text, [button])


def _for_settlers(board: Board, study_id: Id) -> str:
    work = board.work[study_id]
    states = {other.reviewer_id: other.extraction for other in work.others}
    done = [first_name(p.name) for p in board.team.judges if states.get(p.id) is WorkState.FINISHED]
    left = [first_name(p.name) for p in board.team.judges if states.get(p.id) is not WorkState.FINISHED]
    verb = "have" if len(left) > 1 else "has"
    first = f"{listed(done)} {'have' if len(done) > 1 else 'has'} finished it. " if done else ""
    return f"{first}{listed(left)} {verb} not finished it yet; their entries show here once all have."
