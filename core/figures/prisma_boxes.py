"""What the boxes of a PRISMA flow say: the same numbers worded as in the template, or briefly for the window."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest

from core.figures.canvas import NO_BREAK, Canvas
from core.figures.prisma_model import Count, Live, OtherMethods, PreviousReview, PrismaFlow, total
from core.figures.prisma_style import PrismaStyle

_INDENT = 12.0
_HANGING = 8.0
_NUMBER_GAP = 10.0


@dataclass(frozen=True, slots=True)
class BoxRow:
    """A named number below the title."""

    label: str
    n: int
    indented: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """What a box says. ``n`` None: only its rows carry numbers."""

    id: str
    title: str
    n: int | None
    rows: tuple[BoxRow, ...] = ()
    live: Live | None = None


@dataclass(frozen=True, slots=True)
class BoxLine:
    """One printed line of a box: words at the left, a number at the right."""

    text: str
    number: str = ""
    bold: bool = False
    muted: bool = False
    indent: float = 0.0


def box_rows(flow: PrismaFlow, look: PrismaStyle) -> list[tuple[Box | None, ...]]:
    """Five rows of boxes: main column, its side boxes, and with other methods their two columns. An updated review has
    a column of its own for the earlier version before them, and a sixth row for the studies of both."""
    live = {one.box: one for one in flow.live} if look.live else {}

    def box(id: str, title: str, n: int, rows: tuple[BoxRow, ...] = ()) -> Box:
        return Box(id, title, n, rows, live.get(id))

    main = [
        _identified(flow, look, live.get("identified")),
        box("screened", "Records screened", flow.screened),
        box("sought", "Reports sought for retrieval", flow.sought),
        box("assessed", "Reports assessed for eligibility", flow.assessed),
        *_included(flow),
    ]
    removed = "Records removed before screening" if look.inline else "Removed before screening"
    side = [
        _listed("removed", removed, flow.removed, look, live.get("removed")),
        box("excluded", "Records excluded", flow.excluded),
        box("not_retrieved", "Reports not retrieved", flow.not_retrieved),
        _listed("reports_excluded", "Reports excluded", flow.reports_excluded, look, live.get("reports_excluded")),
        None,
    ]
    columns: list[list[Box | None]] = [[*main], side]
    if flow.other is not None:
        columns += _other_columns(flow.other, look)
    if flow.previous is not None:
        columns = [[_previous(flow.previous)], *columns]
    return list(zip_longest(*columns))


def _included(flow: PrismaFlow) -> list[Box]:
    """The studies of the review; of an updated one, the new ones and then those of both versions."""
    new, reports = ("Studies included in review", "Reports of included studies")
    found: list[Box] = []
    if flow.previous is not None:
        studies = max(0, flow.included_studies - flow.previous.studies)
        rows = (BoxRow("Reports of new included studies", max(0, flow.included_reports - flow.previous.reports)),)
        found.append(Box("new_included", "New studies included in review", studies, rows))
        new, reports = ("Total studies included in review", "Reports of total included studies")
    rows = (BoxRow(reports, flow.included_reports),)
    if flow.meta_analysis_studies is not None:
        rows = (*rows, BoxRow("Studies in meta-analysis", flow.meta_analysis_studies))
    return [*found, Box("included", new, flow.included_studies, rows)]


def _previous(previous: PreviousReview) -> Box:
    rows = (BoxRow("Reports of studies included in previous version of review", previous.reports),)
    return Box("previous", "Studies included in previous version of review", previous.studies, rows)


def box_lines(canvas: Canvas, look: PrismaStyle, box: Box, room: float) -> tuple[BoxLine, ...]:
    """The lines of a box, broken to fit ``room``."""
    if look.inline:
        title = box.title if box.n is None else f"{box.title} {_bracketed(box.n)}"
        lines = [BoxLine(text) for text in canvas.wrap(title, room)]
        for row in box.rows:
            indent = _INDENT * (1 + row.indented) if box.n is None else 0.0
            first, *rest = canvas.wrap(f"{row.label} {_bracketed(row.n)}", room - indent - _HANGING)
            lines.append(BoxLine(first, indent=indent))
            lines.extend(BoxLine(part, indent=indent + _HANGING) for part in rest)
        return tuple(lines)
    number = _number(box)
    lines = _numbered(canvas, box.title, number, room, look.font_size, bold=True)
    if box.live and box.live.note:
        lines.extend(BoxLine(text, muted=True) for text in canvas.wrap(box.live.note, room, size=look.row_size))
    for row in box.rows:
        lines.extend(_numbered(canvas, row.label, f"{row.n:,}", room, look.row_size, bold=False))
    return tuple(lines)


def _number(box: Box) -> str:
    if box.live and box.live.total is not None and box.live.in_number:
        return f"{box.live.done:,} of {box.live.total:,}"
    return "" if box.n is None else f"{box.n:,}"


def spoken(box: Box) -> str:
    """The box in words."""
    number = _number(box)
    parts = [box.title.rstrip(":") + (f": {number}" if number else "")]
    parts.extend([box.live.note] if box.live and box.live.note else [])
    parts.extend(f"{row.label}: {row.n:,}" for row in box.rows)
    return "; ".join(parts)


def _identified(flow: PrismaFlow, look: PrismaStyle, live: Live | None) -> Box:
    if not look.inline:
        sources = flow.databases + flow.registers
        return Box("identified", "Records identified", flow.identified, _plain(sources), live)
    rows: list[BoxRow] = []
    for label, sources in (("Databases", flow.databases), ("Registers", flow.registers)):
        rows.append(BoxRow(label, total(sources)))
        rows.extend(BoxRow(source.label, source.n, indented=True) for source in sources)
    return Box("identified", "Records identified from:", None, tuple(rows), live)


def _listed(id: str, title: str, counts: tuple[Count, ...], look: PrismaStyle, live: Live | None = None) -> Box:
    """A box whose number is the sum of its rows; the template prints the rows alone."""
    if look.inline and counts:
        return Box(id, f"{title}:", None, _plain(counts), live)
    return Box(id, title, total(counts), _plain(counts), live)


def _other_columns(other: OtherMethods, look: PrismaStyle) -> tuple[list[Box | None], list[Box | None]]:
    title = "Records identified from" if look.inline else "Records identified"
    main = [
        _listed("other_identified", title, other.identified, look),
        None,
        Box("other_sought", "Reports sought for retrieval", other.sought),
        Box("other_assessed", "Reports assessed for eligibility", other.assessed),
        None,
    ]
    side = [
        None,
        None,
        Box("other_not_retrieved", "Reports not retrieved", other.not_retrieved),
        _listed("other_excluded", "Reports excluded", other.excluded, look),
        None,
    ]
    return main, side


def _plain(counts: tuple[Count, ...]) -> tuple[BoxRow, ...]:
    return tuple(BoxRow(count.label, count.n) for count in counts)


def _numbered(canvas: Canvas, label: str, number: str, room: float, size: float, *, bold: bool) -> list[BoxLine]:
    """A label broken to leave room for its number, which stands on the first line."""
    left = room - canvas.width_of(number, bold=bold, size=size) - _NUMBER_GAP
    first, *rest = canvas.wrap(label, left, bold=bold, size=size)
    muted = not bold
    return [BoxLine(first, number, bold, muted), *(BoxLine(text, "", bold, muted) for text in rest)]


def _bracketed(n: int) -> str:
    return f"(n = {n:,})".replace(" ", NO_BREAK)
