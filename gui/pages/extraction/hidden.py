"""What the Compare tab says while the entries on a study are not to be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.language import counted, tr
from core.model import Id
from core.store.queries.studies import WorkState
from gui.pages.extraction.reading import Board
from gui.pages.screening.words import first_name, listed, possessives
from gui.widgets.messages import EmptyState, primary

if TYPE_CHECKING:
    from gui.pages.extraction.page import ExtractionPage


def hidden_state(page: ExtractionPage, board: Board, study_id: Id) -> EmptyState:
    """Why nothing is compared yet, and where to go on."""
    team, label = board.team, next(s.label for s in board.studies if s.id == study_id)
    if not team.may_judge:
        return EmptyState("lock", tr("{label} is not ready to compare", label=label), _for_settlers(board, study_id))
    others = [first_name(each.name) for each in team.other_judges]
    finished = board.work[study_id].extraction_finished
    if not others:
        text = tr("Your entries are settled here once you have marked this study finished.")
    else:
        names = possessives(others)
        text = (
            tr("{names} answers stay hidden until both of you have finished this study.", names=names)
            if len(others) == 1
            else tr("{names} answers stay hidden until all of you have finished this study.", names=names)
        )
        if finished:
            text = f"{text} {tr('You have.')}"
    if finished:
        return EmptyState("lock", tr("Hidden for now"), text)
    button = primary(tr("Continue extracting"), lambda: page.header.tabs.set_current("extract"), icon="table-2")
    button.setObjectName("compare.to_extract")
    return EmptyState("lock", tr("Hidden for now"), text, [button])


def _for_settlers(board: Board, study_id: Id) -> str:
    work = board.work[study_id]
    states = {other.reviewer_id: other.extraction for other in work.others}
    done = [first_name(p.name) for p in board.team.judges if states.get(p.id) is WorkState.FINISHED]
    left = [first_name(p.name) for p in board.team.judges if states.get(p.id) is not WorkState.FINISHED]
    told = (
        counted("{names} has finished it.", "{names} have finished it.", len(done), names=listed(done)) if done else ""
    )
    rest = counted(
        "{names} has not finished it yet; their entries show here once all have.",
        "{names} have not finished it yet; their entries show here once all have.",
        len(left),
        names=listed(left),
    )
    return f"{told} {rest}".strip()
