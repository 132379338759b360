"""Results as text, and analyses as files."""

from __future__ import annotations

import re
from pathlib import Path

from core.figures.wording import effect_text, format_p, interval_text
from core.model import OutcomeKind
from core.report.figure import analysis_figure
from core.report.tables import Analysed
from core.review import Session
from core.synthesis.cells import Reported
from core.synthesis.compute import PoolResult

FORMATS = ("svg", "png", "pdf")


def analysed(session: Session) -> list[Analysed]:
    """Every analysis of the review with its result, in order."""
    from core.synthesis.compute import compute

    part = session.synthesis
    found = (part.snapshot(a.id) for comparison in part.tree() for a in comparison.analyses)
    return [(data, compute(data)) for data in found]


def result_lines(analyses: list[Analysed]) -> list[list[str]]:
    """The results as rows of text: analysis or subgroup, k, estimate with interval, P, and the reported interval."""
    lines = [["analysis", "measure", "k", "estimate [95% CI]", "P", "as reported"]]
    for data, result in analyses:
        if data.settings.kind is OutcomeKind.OTHER:
            continue
        name = f"{data.number} {data.label}"
        measure = data.effect_label or result.effect_measure
        for found in result.subgroups if data.look.show_subtotals else ():
            lines.append([f"{name}: {found.subgroup.label}", measure, *_pool(found.pool), ""])
        if result.refusal is not None:
            lines.append([name, measure, "", f"not pooled: {result.refusal.message}", "", ""])
        elif result.overall is not None:
            reported = [_reported(row.reported) for row in result.rows if row.reported is not None]
            whole = f"{name}: all" if result.subgroups else name
            lines.append([whole, measure, *_pool(result.overall), "; ".join(reported)])
    return lines


def _pool(pool: PoolResult | None) -> list[str]:
    if pool is None or pool.effect is None:
        return [str(pool.pooled.k if pool else 0), "not estimable", ""]
    shown = effect_text(pool.effect.shown_estimate, pool.effect.shown_lower, pool.effect.shown_upper)
    p = "" if pool.pooled.p is None else format_p(pool.pooled.p)
    return [str(pool.pooled.k), shown, p]


def _reported(reported: Reported) -> str:
    flag = "  DIFFERS" if reported.differs else "  same"
    if reported.asymmetric:
        flag += ", not symmetric"
    return interval_text(reported.lower, reported.upper) + flag


def write_forest(one: Analysed, path: Path, dpi: int = 300) -> None:
    """The figure of an analysis as a file."""
    from core.figures.painter import save

    save(analysis_figure(*one), path, dpi=dpi)


def write_prisma(session: Session, path: Path, dpi: int = 300) -> None:
    """The PRISMA flow diagram as a file."""
    from core.figures.painter import save
    from core.figures.prisma import layout_prisma

    save(layout_prisma(session.overview.flow()), path, dpi=dpi)


def file_name(one: Analysed) -> str:
    """Such as 1.2-response-in-gad."""
    data, _ = one
    return f"{data.number}-{re.sub(r'[^a-z0-9]+', '-', data.label.casefold()).strip('-') or 'analysis'}"[:80]
