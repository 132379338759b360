"""Risk of bias of a review file: the tool its items make, and its judgements as settled ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from core.interchange.model import Remark, ReviewFile, RobItem, RobJudgement
from core.language import phrase
from core.model import Id
from core.riskofbias import own
from core.riskofbias.own import MadeTool
from core.riskofbias.tools import USUAL_TOOL, Cell
from core.session.adoption.rows import Rows
from core.session.riskofbias_rows import consensus_id, put_settled, put_tool
from core.store.log import Transaction
from core.store.queries.own_tools import id_of

__all__ = ["USUAL_TOOL", "groups_of", "made_tool", "put_judgements", "tool_for", "unplaced"]

_OWN: Final = "own_tool"


def tool_for(rows: Rows, file: ReviewFile) -> MadeTool | None:
    """The tool that the items of a file make in the review it is placed in."""
    return made_tool(file, rows.id(_OWN))


def made_tool(file: ReviewFile, row_id: Id) -> MadeTool | None:
    """The tool that the items of a file make; ``row_id`` is where it is kept when it is none that Copse ships."""
    judged = {item.id for item in file.risk_of_bias if any(j.level is not None for j in item.judgements)}
    items = [
        own.Item(
            item.id,
            item.name,
            item.description,
            item.by_group,
            tuple((group.id, group.name) for group in item.groups),
            item.id in judged,
        )
        for item in file.risk_of_bias
    ]
    return own.tool_of(items, id_of(row_id)) if items else None


def groups_of(made: MadeTool | None, file: ReviewFile) -> dict[str, str]:
    """The name of the group of outcomes whose judgements belong to an analysis, by the analysis' id."""
    found: dict[str, str] = {}
    for item in file.risk_of_bias if made else ():
        for group in item.groups:
            name = made.groups.get((item.id, group.id), "") if made else ""
            for outcome in group.outcome_ids if name else ():
                found.setdefault(outcome, name)
    return found


def placed(made: MadeTool, file: ReviewFile) -> Iterator[tuple[RobItem, RobJudgement, Cell | None]]:
    """Every judgement of a file with its cell; None where the tool has none for it."""
    for item in file.risk_of_bias:
        for one in item.judgements:
            yield item, one, made.cell(item.id, one.group_id)


def put_judgements(
    tx: Transaction, rows: Rows, made: MadeTool | None, file: ReviewFile, ids: Mapping[str, Id]
) -> None:  # fmt: skip
    """Write the tool, where it is not one that Copse ships, and what is judged by it."""
    if made is None:
        return
    tool = made.tool
    if made.is_own:
        tool = put_tool(tx, rows.id(_OWN), tool)
    todo = [
        (ids[one.study_id], cell, one.level.value, one.support)
        for _, one, cell in placed(made, file)
        if cell is not None and one.level is not None and one.study_id in ids
    ]
    tx.preload("judgement_consensus", [consensus_id(study, tool, cell) for study, cell, _, _ in todo])
    for study, cell, level, support in todo:
        put_settled(tx, study, tool, cell, level, support)


def unplaced(made: MadeTool | None, file: ReviewFile, ids: Mapping[str, Id]) -> list[Remark]:
    """Judgements without a place: of a study or group that the file does not have, or without a level."""
    if made is None:
        return []
    found: list[Remark] = []
    for item, one, cell in placed(made, file):
        if one.study_id not in ids or cell is None:
            text = phrase(
                "“{item}” is judged for {study}, which the file does not have in this place. The judgement was left "
                "out.",
                item=item.name,
                study=one.study_id,
            )
            found.append(Remark(item.id, text))
        elif one.level is None and one.support.strip():
            text = phrase(
                "“{item}” has a text for {study} but no judgement. The text stays in the kept file.",
                item=item.name,
                study=one.study_id,
            )
            found.append(Remark(item.id, text))
    return found
