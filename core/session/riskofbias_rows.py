"""Rows of risk of bias as they are written: judgements, what is settled, and tools of the team's own."""

from __future__ import annotations

from core.model import Id, Settlement, derived_id
from core.riskofbias import own
from core.riskofbias.tools import Cell, Tool, load_own
from core.store.clock import milliseconds
from core.store.log import Transaction
from core.store.queries.own_tools import id_of
from core.store.queries.riskofbias import ALONE


def judgement_id(study_id: Id, tool: Tool, cell: Cell, reviewer_id: Id) -> Id:
    """The id of a reviewer's judgement, derived from what it is on."""
    return derived_id("judgement", study_id, tool.id, cell.domain, cell.group, reviewer_id)


def consensus_id(study_id: Id, tool: Tool, cell: Cell) -> Id:
    """The id of a settled judgement, derived from what it is on."""
    return derived_id("judgement_consensus", study_id, tool.id, cell.domain, cell.group)


def put_consensus(
    tx: Transaction, study_id: Id, tool: Tool, cell: Cell, level: str, support: str, how: Settlement, on: str
) -> Id:
    """Write a settled judgement; ``on`` is the digest of the judgements it rests on."""
    return tx.put(
        "judgement_consensus",
        consensus_id(study_id, tool, cell),
        study_id=study_id,
        tool=tool.id,
        domain=cell.domain,
        outcome_group=cell.group,
        level=level,
        support=support,
        how=how.value,
        settled_by=tx.reviewer_id,
        basis=on,
        settled_at=milliseconds(tx.stamp.hlc),
    )


def put_settled(tx: Transaction, study_id: Id, tool: Tool, cell: Cell, level: str, support: str = "") -> Id:
    """Settle a cell as an imported review has it, without a judgement by anybody here; the row's id.

    InputError for a level or cell the tool does not have. The caller sees to the study being there.
    """
    place = tool.cell(cell.domain, cell.group)
    chosen = tool.level(level).id
    return put_consensus(tx, study_id, tool, place, chosen, support.strip(), Settlement.IMPORTED, ALONE)


def put_tool(tx: Transaction, row_id: Id, tool: Tool, *, name: str = "") -> Tool:
    """Keep a tool of the team's own in the review, under ``name`` (else its title), as the tool with its id there.

    InputError when its text would not be read back.
    """
    kept = name.strip() or tool.title
    definition = own.to_toml(tool)
    made = load_own(definition, kept, id_of(row_id))
    tx.put("own_tool", row_id, name=kept, definition=definition)
    return made
