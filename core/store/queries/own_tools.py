"""The risk-of-bias tools of a review: those that Copse ships, and those of the team's own, kept in the review."""

from __future__ import annotations

from functools import lru_cache

from sqlalchemy import Connection, select

from core.errors import CopseError, InputError
from core.model import Id
from core.riskofbias import own, tools
from core.riskofbias.tools import Tool
from core.store.schema import own_tool

_load = lru_cache(maxsize=16)(tools.load_own)


def tool(connection: Connection, tool_id: str) -> Tool:
    """The tool with this id; InputError where there is none, or where the kept one cannot be read.

    One that was taken back can still be read: a colleague may have gone on with it in another copy.
    """
    if not tool_id.startswith(own.PREFIX):
        return tools.tool(tool_id)
    for row in connection.execute(select(own_tool)):
        if id_of(row.id) == tool_id:
            return _load(row.definition, row.name, tool_id)
    raise InputError(
        "riskofbias.tool_gone",
        "The risk-of-bias tool that this review uses is not kept in it. The judgements are; choose a tool in Protocol.",
    )


def readable(connection: Connection, tool_id: str) -> Tool | None:
    """The tool with this id, None where there is none that can be read: for what goes on without it."""
    try:
        return tool(connection, tool_id)
    except CopseError:
        return None


def titles(connection: Connection, in_use: str = "") -> tuple[tuple[str, str], ...]:
    """Id and title of every tool that may be chosen, Copse's first; with the one in use, even if it was taken back."""
    shipped = tuple((one.id, one.title) for one in tools.tools().values())
    rows = connection.execute(select(own_tool).order_by(own_tool.c.name, own_tool.c.id))
    return shipped + tuple((id_of(row.id), row.name) for row in rows if not row.deleted or id_of(row.id) == in_use)


def id_of(row_id: Id) -> str:
    """What the tool in this row is known by in judgements and settings."""
    return own.PREFIX + row_id.hex()
