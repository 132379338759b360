"""`trace`: the way of every number of an analysis back to its sources."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from core.cli.common import as_json, parser, session_of, takes_review

if TYPE_CHECKING:
    from core.session.history import Trace, TracedCell, TracedDecision, TracedReport, TracedRow, TracedValue

_STAGES = {"title_abstract": "title/abstract", "full_text": "full text"}


def run(arguments: Sequence[str]) -> int:
    """Print the trace of one analysis."""
    one = parser(
        "trace",
        "Follow every number of an analysis back: the record, the decisions on it, both entries, how they were "
        "settled, conversions, and what was typed over.",
    )
    takes_review(one)
    one.add_argument("analysis", metavar="ANALYSIS", help="its number, such as 1.1")
    one.add_argument("--json", action="store_true", help="print it as JSON")
    options = one.parse_args(arguments)
    with session_of(one, options) as (_, session):
        trace = session.history.trace(session.synthesis.find(options.analysis))
    print(as_json(_plain(asdict(trace))) if options.json else "\n".join(trace_lines(trace)))
    return 0


def _plain(value: Any) -> Any:
    """The trace as JSON takes it: ids in hexadecimal."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]  # pyright: ignore[reportUnknownVariableType]
    return value.hex() if isinstance(value, bytes) else value


def trace_lines(trace: Trace) -> Iterator[str]:
    """The trace in words."""
    yield f"{trace.number} {trace.label}"
    for row in trace.rows:
        yield ""
        yield from _row(row)


def _row(row: TracedRow) -> Iterator[str]:
    yield f"{row.study}{f' ({row.detail})' if row.detail else ''}"
    if not row.reports:
        yield "  no report is linked to this study"
    for report in row.reports:
        yield from _report(report)
    for cell in row.cells:
        yield from _cell(cell)


def _report(report: TracedReport) -> Iterator[str]:
    yield f"  record {report.number}: {report.title}"
    yield f"    from {', '.join(report.sources) or 'no source'}"
    for decision in report.decisions:
        yield f"    {_decision(decision)}"


def _decision(decision: TracedDecision) -> str:
    act = "settled" if decision.settled else "decided"
    reason = f", {decision.reason}" if decision.reason else ""
    note = f" (“{decision.note}”)" if decision.note else ""
    stage = _STAGES[decision.stage.value]
    return f"{stage}: {decision.reviewer} {act} {decision.verdict}{reason}{note} {_when(decision.at)}"


def _cell(cell: TracedCell) -> Iterator[str]:
    made = f", {cell.conversion}" if cell.conversion else ""
    status = f", {cell.status}" if cell.status else ""
    yield f"  {cell.title} = {cell.shown or 'missing'}  [{cell.origin}{status}{made}]"
    for value in cell.values:
        yield from _value(value)
    if cell.override is not None:
        over = cell.override
        reason = f": {over.reason}" if over.reason else ""
        yield f"    typed over with {over.shown} by {over.reviewer} {_when(over.at)}{reason}"


def _value(value: TracedValue) -> Iterator[str]:
    where = f" ({value.where})" if value.where else ""
    yield f"    {value.statistic}{where}"
    for entry in value.entries:
        source = f", {entry.source}" if entry.source else ""
        note = f" (“{entry.note}”)" if entry.note else ""
        shown = entry.shown or "nothing"
        yield f"      {entry.reviewer} entered {shown}, {entry.status}{source}{note} {_when(entry.at)}"
    if value.settled is None:
        yield "      not settled"
        return
    end = value.settled
    note = f" (“{end.note}”)" if end.note else ""
    yield f"      settled as {end.shown} ({end.how.value}) by {end.reviewer} {_when(end.at)}, {end.operation}{note}"


def _when(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).strftime("on %Y-%m-%d %H:%M UTC")
