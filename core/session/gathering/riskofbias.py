"""Settled judgements on risk of bias, as an exchange file holds them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from core.interchange.model import RobGroup, RobItem, RobJudgement, RobLevel
from core.model import Id
from core.riskofbias.own import MadeTool
from core.riskofbias.tools import USUAL_TOOL, Cell, Level, Scope, Tool
from core.session.adoption.riskofbias import made_tool
from core.session.gathering.state import State
from core.session.riskofbias_rows import consensus_id
from core.store.log import Row
from core.store.queries import own_tools

_LEVELS = {level.value: level for level in RobLevel}


def gather(state: State, studies: Mapping[Id, str], analyses: Mapping[Id, str]) -> tuple[RobItem, ...]:
    """The items with their judgements; ``studies`` and ``analyses`` are ids of the file by row."""
    tool_id = next(iter(state.live("review").values()))["risk_of_bias_tool"] or USUAL_TOOL
    made = made_tool(state.base, state.id("own_tool")) if state.base is not None else None
    if state.base is not None and made is None and not _settled(state, tool_id):
        return state.base.risk_of_bias
    if made is not None and state.base is not None and made.tool.id == tool_id:
        items = _changed(state, made, state.base.risk_of_bias, studies)
        return tuple(_regrouped(state, made, item, analyses) for item in items)
    tool = own_tools.readable(state.connection, tool_id)
    return () if tool is None else _new(state, tool, studies, analyses)


# --- items of the file -----------------------------------------------------------------------------------------------


def _changed(
    state: State, made: MadeTool, base: tuple[RobItem, ...], studies: Mapping[Id, str]
) -> tuple[RobItem, ...]:  # fmt: skip
    """The file's items with the judgements as they now are."""
    rows = {row["id"]: row for row in _settled(state, made.tool.id)}
    study_rows = {file_id: row_id for row_id, file_id in studies.items()}
    placed: set[Id] = set()
    found: dict[str, list[RobJudgement]] = {item.id: [] for item in base}
    for item in base:
        for one in item.judgements:
            cell = made.cell(item.id, one.group_id)
            study = study_rows.get(one.study_id)
            if cell is None or one.level is None or study is None:
                if study is not None or one.study_id not in {s.id for s in (state.base.studies if state.base else ())}:
                    found[item.id].append(one)
                continue
            row_id = consensus_id(study, made.tool, cell)
            placed.add(row_id)
            row = rows.get(row_id)
            if row is None:
                continue
            same = state.same("judgement_consensus", row_id, ["level", "support"])
            found[item.id].append(one if same else _judged(one, row, made.tool))
    for row in rows.values():
        if row["id"] not in placed and row["study_id"] in studies:
            item_id, group_id = _place_of(made, Cell(row["domain"], row["outcome_group"]))
            if item_id in found:
                found[item_id].append(_judged(RobJudgement(studies[row["study_id"]], group_id, None), row, made.tool))
    return tuple(
        item if tuple(found[item.id]) == item.judgements else replace(item, judgements=tuple(found[item.id]))
        for item in base
    )


def _regrouped(state: State, made: MadeTool, item: RobItem, analyses: Mapping[Id, str]) -> RobItem:
    """The item with its groups of the analyses that are there and were put to them."""
    known = {outcome.id for outcome in (state.base.outcomes if state.base else ())} - set(analyses.values())
    moved = {
        analyses[row["id"]]: row["outcome_group"]
        for row in state.live("analysis").values()
        if row["id"] in analyses and not state.same("analysis", row["id"], ["outcome_group"])
    }
    groups: list[RobGroup] = []
    for group in item.groups:
        name = made.groups.get((item.id, group.id), "")
        kept = tuple(i for i in group.outcome_ids if i not in known and i not in moved)
        new = tuple(i for i, wanted in moved.items() if name and wanted == name)
        same = kept + new == group.outcome_ids
        groups.append(group if same else replace(group, outcome_ids=kept + new))
    return item if tuple(groups) == item.groups else replace(item, groups=tuple(groups))


def _place_of(made: MadeTool, cell: Cell) -> tuple[str, str]:
    """Item and group of a cell."""
    item = next((i for i, domain in made.domains.items() if domain == cell.domain), "")
    groups = [group for (owner, group), name in made.groups.items() if owner == item and name == cell.group]
    return item, next(iter(groups), "")


def _judged(before: RobJudgement, row: Row, tool: Tool) -> RobJudgement:
    level = tool.level(row["level"])
    same = row["support"].strip() == before.support.strip()
    word = "" if level.id in _LEVELS else level.label
    return replace(
        before,
        level=_nearest(tool, level),
        support=before.support if same else row["support"],
        html=before.html if same else "",
        word=word,
    )


# --- items of another tool -------------------------------------------------------------------------------------------


def _new(state: State, tool: Tool, studies: Mapping[Id, str], analyses: Mapping[Id, str]) -> tuple[RobItem, ...]:
    """An item for each domain of the tool with what is settled by it; nothing where nothing is."""
    rows = [row for row in _settled(state, tool.id) if row["study_id"] in studies]
    if not rows:
        return ()
    order = {study: n for n, study in enumerate(studies.values())}
    found: list[RobItem] = []
    for number, domain in enumerate(tool.domains, start=1):
        judged = [row for row in rows if row["domain"] == domain.id]
        names = sorted({row["outcome_group"] for row in judged} - {""})
        if "" in {row["outcome_group"] for row in judged} and names:
            names.insert(0, "")
        ids = {name: f"QIG-{number:02}.{n:02}" for n, name in enumerate(names, start=1)}
        by_group = domain.scope is Scope.GROUP and bool(names)
        judgements = [
            _judged(RobJudgement(studies[r["study_id"]], ids.get(r["outcome_group"], ""), None), r, tool)
            for r in judged
        ]
        found.append(
            RobItem(
                id=f"QIT-{number:02}",
                number=str(number),
                name=domain.title,
                description=domain.support,
                core=tool.id == USUAL_TOOL,
                by_group=by_group,
                groups=tuple(_group(state, ids[name], name, analyses) for name in names) if by_group else (),
                judgements=tuple(sorted(judgements, key=lambda one: (order[one.study_id], one.group_id))),
            )
        )
    return tuple(found)


def _group(state: State, group_id: str, name: str, analyses: Mapping[Id, str]) -> RobGroup:
    of = [row["id"] for row in state.live("analysis").values() if row["outcome_group"] == name]
    return RobGroup(group_id, name or "All outcomes", tuple(analyses[i] for i in of if i in analyses))


def _settled(state: State, tool_id: str) -> list[Row]:
    return [row for row in state.live("judgement_consensus").values() if row["tool"] == tool_id]


def _nearest(tool: Tool, level: Level) -> RobLevel:
    """RevMan's level: its own where the tool has it, else low for the least serious, high for the most."""
    if level.id in _LEVELS:
        return _LEVELS[level.id]
    ranks = sorted(one.rank for one in tool.levels)
    if level.rank == ranks[0]:
        return RobLevel.LOW
    return RobLevel.HIGH if level.rank == ranks[-1] else RobLevel.UNCLEAR
