"""The same data in every legal way."""

from __future__ import annotations

from core import pooling
from core.cli.pool import text
from core.cli.pool.plain import plain
from core.cli.pool.request import Analysis, Request, Shown
from core.pooling.compare import ComparedRow


def compare(request: Request, _value: str) -> Shown:
    """One line for each analysis, settings first; below the table what does not exist, and why."""
    found = pooling.compare(request.effects, **request.only("level"))
    rows = [_row(row) for row in found.rows if row.refusal is None]
    head = ["method", "model", "Tau² by", "interval", "zero cells", "conventions", "effect", "P", "Tau²", "I²"]
    lines = text.table(head, rows, left=6)
    lines += [f"{row.label}: {row.refusal}" for row in found.rows if row.refusal is not None]
    return Shown(lines, plain(found))


def _row(row: ComparedRow) -> list[str]:
    zero = ""
    if row.zero_cells is not None:
        dropped = {True: ", drop00", False: ", keep 00", None: ""}[row.zero_cells.drop00]
        zero = (
            "as they are" if row.zero_cells.to == "none" else f"{row.zero_cells.add:g} {row.zero_cells.to}"
        ) + dropped
    asked, drawn = row.ci_kind or "", row.ci_method or ""
    return [
        row.method,
        row.model,
        row.tau2_estimator or "",
        asked if asked == drawn or not drawn else f"{asked} ({drawn})",
        zero,
        row.compatibility or "current",
        text.effect(row.shown),
        text.p(row.p),
        text.number(row.tau2),
        text.percent(row.i2),
    ]


ANALYSES = (Analysis("compare", "All legal analyses of these studies", "every legal way to pool them", compare),)
