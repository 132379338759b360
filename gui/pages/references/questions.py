"""What References asks before it can go on: what the columns of a table mean, and whose decisions came with a file.

One question at a time, in place of the records; the other tabs stay open to look things up.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from core.errors import CopseError
from core.interchange.screening_exports import CovidenceList
from core.language import counted, tr
from core.policy import Right, may
from gui.pages.references.decisions_panel import DecisionsPanel, what_came
from gui.pages.references.import_queue import FileItem
from gui.widgets.column_meanings import ColumnMeanings
from gui.widgets.messages import Level

if TYPE_CHECKING:
    from pathlib import Path

    from core.references.columns import ReferenceColumns
    from core.references.sheets import Sheet
    from core.review import Session
    from core.session.exchange import DecisionsReport, FoundDecisions
    from gui.pages.references.page import ReferencesPage

_TRIED = 200
"""So many rows are tried out to say what can be imported."""


class Questions(QObject):
    """See the module. `panel` is what asks now."""

    def __init__(self, page: ReferencesPage) -> None:
        super().__init__(page)
        self._page = page
        self.panel: QWidget | None = None
        self._waiting: list[Callable[[], None]] = []

    @property
    def is_asking(self) -> bool:
        """Whether a question is open or waits."""
        return self.panel is not None or bool(self._waiting)

    def ask_columns(self, path: Path) -> None:
        """Ask what the columns of a table mean, then import it."""
        self._put(lambda: self._read_table(path))

    def ask_decisions(self, source: bytes, listed: CovidenceList | None = None) -> None:
        """Ask whose decisions came with a source, then take them in."""
        self._put(lambda: self._read_decisions(source, listed))

    def _put(self, question: Callable[[], None]) -> None:
        self._waiting.append(question)
        if self.panel is None and len(self._waiting) == 1:
            question()

    def _show(self, panel: QWidget, first: QWidget) -> None:
        self.panel = panel
        self._page.show_question(panel)
        if self._page.is_current():
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _over(self) -> None:
        """The question has been answered, or there was none; the next one."""
        was, self.panel = self.panel, None
        self._waiting = self._waiting[1:]
        self._page.end_question(was)
        if self._waiting:
            self._waiting[0]()

    def _failed(self, error: CopseError) -> None:
        self._page.show_message(error.message, Level.DANGER)
        self._over()

    # --- columns of a table ------------------------------------------------------------------------------------------

    def _read_table(self, path: Path) -> None:
        call = self._page.read(lambda _session: _sheet(path), tr("reading {name}", name=path.name))
        call.done(lambda found: self._show_table(path, *found)).failed(self._failed).broken(self._over).run()

    def _show_table(self, path: Path, sheet: Sheet, columns: ReferenceColumns) -> None:
        from core.references.columns import MEANINGS

        panel = ColumnMeanings(
            tr("What do the columns of {name} mean?", name=path.name),
            tr("The headings of this table are not known. Say what each column holds; what means nothing to Copse is "
               "kept with the record."),
            tr("Import"),
        )  # fmt: skip
        options = [(tr("Kept only"), ""), *((tr(one.label), key) for key, one in MEANINGS.items())]
        rows = sheet.rows[columns.heading + 1 :]
        headings = sheet.rows[columns.heading] if columns.heading >= 0 else ("",) * sheet.width
        panel.show_table(rows, headings, options, columns.meanings, partial(_judged, sheet, columns.heading))
        panel.accepted.connect(lambda keys: self._import(path, keys, columns.heading))
        panel.given_up.connect(lambda: self._give_up(path))
        self._show(panel, panel.combos[0])

    def _import(self, path: Path, keys: tuple[str, ...], heading: int) -> None:
        from core.references.columns import ReferenceColumns

        self._page.queue.add_items([FileItem(path, columns=ReferenceColumns(keys, heading))])
        self._over()

    def _give_up(self, path: Path) -> None:
        self._page.show_message(tr("{name} was not imported.", name=path.name))
        self._over()

    # --- decisions ---------------------------------------------------------------------------------------------------

    def _read_decisions(self, source: bytes, listed: CovidenceList | None) -> None:
        call = self._page.read(
            lambda session: (session.references.decisions_in(source, listed), session.review.reviewers()),
            tr("reading the decisions"),
        )
        call.done(lambda found: self._show_decisions(*found, listed)).failed(self._failed).broken(self._over).run()

    def _show_decisions(self, found: FoundDecisions, team: tuple[object, ...], listed: CovidenceList | None) -> None:
        from core.model import Reviewer

        if not found.people and not found.is_unnamed_list and listed is None:
            text = tr("No decisions of another screening program came with {name}.", name=found.source_name)
            self._page.show_message(text)
            self._over()
            return
        panel = DecisionsPanel(found, [one for one in team if isinstance(one, Reviewer)], was_list=listed)
        panel.accepted.connect(lambda: self._take(panel))
        panel.given_up.connect(self._over)
        panel.list_chosen.connect(lambda chosen: self._again(found.source_id, chosen))
        self._show(panel, panel.first())

    def _again(self, source: bytes, listed: CovidenceList | None) -> None:
        """Ask the same question anew, with what a list holds."""
        was, self.panel = self.panel, None
        self._page.end_question(was)
        self._read_decisions(source, listed)

    def _take(self, panel: DecisionsPanel) -> None:
        source, people = panel.found.source_id, panel.people()
        stage, listed = panel.chosen_stage(), panel.chosen_list()
        panel.set_busy(busy=True)
        call = self._page.write(
            lambda session: session.references.import_decisions(source, people, stage=stage, listed=listed),
            tr("taking in the decisions"),
        )
        call.done(self._taken).failed(lambda error: self._refused(panel, error)).broken(self._over).run()

    def _refused(self, panel: DecisionsPanel, error: CopseError) -> None:
        """Say why they were not taken in; what has been chosen stays, to be chosen differently."""
        self._page.show_message(error.message, Level.DANGER)
        panel.set_busy(busy=False)

    def _taken(self, report: DecisionsReport) -> None:
        level = Level.WARN if report.not_taken else Level.SUCCESS
        self._page.show_message(what_came(report), level)
        self._page.announce(what_came(report))
        self._over()


def _sheet(path: Path) -> tuple[Sheet, ReferenceColumns]:
    from core.references.columns import guess
    from core.references.sheets import read_sheet

    sheet = read_sheet(path)
    return sheet, guess(sheet)


def _judged(sheet: Sheet, heading: int, keys: tuple[str, ...]) -> tuple[str, bool]:
    """What would be imported with these meanings, tried on the first rows."""
    from dataclasses import replace

    from core.references.columns import ReferenceColumns, lacking, records_of

    columns = ReferenceColumns(keys, heading)
    problems = lacking(columns)
    if problems:
        return tr(problems[0]), False
    end = heading + 1 + _TRIED
    parsed = records_of(replace(sheet, rows=sheet.rows[:end], numbers=sheet.numbers[:end]), columns)
    rows = len(sheet.rows) - heading - 1
    if not parsed.records:
        return tr("None of the rows has a title, an abstract or a DOI then."), False
    if not parsed.rejected:
        return counted("{n} row will be imported.", "{n} rows will be imported.", rows), True
    said = counted(
        "{n} row is read; of the first {tried}, {aside} have no title, abstract or DOI and will be set aside.",
        "{n} rows are read; of the first {tried}, {aside} have no title, abstract or DOI and will be set aside.",
        rows,
        tried=parsed.entries,
        aside=len(parsed.rejected),
    )
    return said, True


def may_take(session: Session) -> bool:
    """Whether this reviewer may take in decisions."""
    return may(session.reviewer, Right.LEAD)
