"""The rows of a comparison as plain values to paint from."""

from __future__ import annotations

from dataclasses import dataclass

from core.extraction.forms import FieldKind
from core.language import figure, said, tr
from core.model import Reviewer, Settlement
from core.store.queries.comparison import ComparisonRow, RowState
from core.store.queries.extraction import EntryView
from gui.pages.extraction.reading import CellKey, Settled, Team
from gui.pages.extraction.values import shown

TO_SETTLE = (RowState.DIFFERS, RowState.WAITING, RowState.CHANGED)


@dataclass(frozen=True)
class CompareLine:
    """A heading (no row) or one cell with everybody's answer."""

    title: str
    row: ComparisonRow | None = None
    kind: FieldKind = FieldKind.NUMBER
    options: tuple[str, ...] = ()

    @property
    def key(self) -> CellKey | None:
        """The cell; None for a heading."""
        return (self.row.cell.subject_id, self.row.cell.field) if self.row is not None else None

    @property
    def is_open(self) -> bool:
        """Whether it waits for somebody to settle it."""
        return self.row is not None and self.row.state in TO_SETTLE

    @property
    def is_imported(self) -> bool:
        """Whether it came settled with the review this one was made from."""
        consensus = self.row.consensus if self.row is not None else None
        return consensus is not None and consensus.how is Settlement.IMPORTED

    @property
    def differs(self) -> bool:
        """Whether the answers are not the same, settled or not."""
        return self.row is not None and len(self.row.entries) > 1 and not self.row.equal

    def entry_of(self, reviewer: Reviewer) -> EntryView | None:
        """One reviewer's answer."""
        entries = self.row.entries if self.row is not None else ()
        return next((entry for entry in entries if entry.reviewer_id == reviewer.id), None)

    def answer(self, reviewer: Reviewer) -> str:
        """One reviewer's answer as a cell shows it; a dash when there is none."""
        entry = self.entry_of(reviewer)
        return shown(entry.value) if entry is not None else "–"

    @property
    def outcome(self) -> str:
        """What the last column says."""
        if self.row is None:
            return ""
        if self.row.consensus is not None:
            return shown(self.row.consensus.value)
        words = {
            RowState.DIFFERS: tr("differs"),
            RowState.WAITING: tr("one answer only"),
            RowState.EQUAL: tr("equal, not settled"),
            RowState.EMPTY: tr("no answer"),
        }
        return words.get(self.row.state, "")

    def spoken(self, reviewers: tuple[Reviewer, ...]) -> str:
        """All of it in words."""
        if self.row is None:
            return self.title
        answers = [f"{each.name}: {self.answer(each)}" for each in reviewers]
        if self.is_imported:
            return ", ".join([self.title, *answers, tr("settled: {value}, imported", value=self.outcome)])
        return ", ".join([self.title, *answers, tr("settled: {value}", value=self.outcome)])


def compare_lines(settled: Settled) -> list[CompareLine]:
    """The lines of a study, with a heading wherever the section changes."""
    kinds = {field.key: field for field in settled.fields}
    lines: list[CompareLine] = []
    section: str | None = None
    rows = settled.comparison.rows
    # As in the form, fields of a section stand together, whatever lies between them in its order.
    order = list(dict.fromkeys(row.cell.section for row in rows if row.cell.subject_id == settled.study.id))
    form = sorted((r for r in rows if r.cell.subject_id == settled.study.id), key=lambda r: order.index(r.cell.section))
    for row in (*form, *(r for r in rows if r.cell.subject_id != settled.study.id)):
        if row.cell.section != section:
            section = row.cell.section
            lines.append(CompareLine(section or tr("Form")))
        field = kinds.get(row.cell.field) if row.cell.subject_id == settled.study.id else None
        if field is None:
            kind = FieldKind.TEXT if row.cell.takes_text else FieldKind.NUMBER
            lines.append(CompareLine(said(row.cell.label), row, kind))
        else:
            lines.append(CompareLine(said(row.cell.label), row, field.kind, field.options))
    return lines


def compared(settled: Settled, team: Team) -> tuple[Reviewer, ...]:
    """Those whose answers stand side by side, in the order of the team."""
    people = (team.person(reviewer_id) for reviewer_id in settled.comparison.reviewers)
    return tuple(person for person in people if person is not None)


def summary(lines: list[CompareLine]) -> str:
    """“17 equal, 1 settled, 2 to settle”."""
    rows = [line.row for line in lines if line.row is not None]
    open_rows = sum(row.state in TO_SETTLE for row in rows)
    settled_rows = [row for row in rows if row.state is RowState.SETTLED]
    agreed = sum(row.consensus is not None and row.consensus.how is Settlement.EQUAL for row in settled_rows)
    equal = agreed + sum(row.state is RowState.EQUAL for row in rows)
    settled = len(settled_rows) - agreed
    parts = ((equal, tr("equal")), (settled, tr("settled")), (open_rows, tr("to settle")))
    return ", ".join(f"{figure(number)} {word}" for number, word in parts if number) or tr("nothing entered")
