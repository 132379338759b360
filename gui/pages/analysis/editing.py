"""Typing over numbers and changing settings, and saying where the selected number came from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer

from core.errors import CopseError
from core.language import tr
from gui.pages.analysis.forms import TextForm
from gui.pages.analysis.grid_model import Spot
from gui.pages.analysis.numbers import parse_number
from gui.pages.analysis.provenance import pieces

if TYPE_CHECKING:
    from core.pooling import Note
    from core.review import Session
    from core.session.history import Trace
    from gui.pages.analysis.page import AnalysisPage


class Editing:
    """A part of the page."""

    def __init__(self, page: AnalysisPage) -> None:
        self._page = page
        self._trace: Trace | None = None
        self._trace_asked = 0
        self._refusal = ""

    def connect(self) -> None:
        """Listen to the grid and the strip."""
        self._page.model.typed.connect(self._typed)
        self._page.grid.cleared.connect(self._clear)
        self._page.grid.pasted.connect(self._pasted)
        self._page.strip.back_wanted.connect(self._back)
        self._page.strip.reason_wanted.connect(self._ask_reason)

    # where a number came from

    def picture_changed(self) -> None:
        """There is a new picture: its trace is read in the background, unless nobody looks at a number."""
        self._trace = None
        self._trace_asked += 1
        asked, picture = self._trace_asked, self._page.current()
        self.show_origin()
        if picture is None or not picture.data.rows:
            return
        analysis = picture.data.id

        def read(session: Session) -> Trace | None:
            return session.history.trace(analysis) if asked == self._trace_asked else None

        # An analysis that has just gone is told of by the picture.
        self._page.read(read).done(lambda found: self._traced(found, asked)).failed(lambda _error: None).run()

    def _traced(self, trace: Trace | None, asked: int) -> None:
        if trace is not None and asked == self._trace_asked:
            self._trace = trace
            self.show_origin()

    def show_origin(self) -> None:
        """Show in the strip where the current number came from, or why what was typed there was refused."""
        page = self._page
        spot, picture = page.grid.current_spot(), page.current()
        if spot is not None and spot == page.model.refused:
            page.strip.show_error(self._refusal)
            return
        if spot is None or picture is None:
            page.strip.show_line(())
            return
        team = {person.name: person for person in page.review.reviewers()}
        cell = page.model.cell(spot)
        settled = None
        if cell is not None and cell.origin == "override":
            settled = f"{cell.replaced:g}".replace("-", "−") if cell.replaced is not None else ""
        page.strip.show_line(pieces(page.model, picture, self._trace, spot, team), settled)
        page.registry.refresh()

    # typing over

    def _typed(self, spot: Spot, text: str) -> None:
        if not text:
            self._clear(spot)
            return
        try:
            number = parse_number(text)
        except ValueError as error:
            self._refuse(spot, tr("{error} Nothing was changed.", error=error))
            return
        call = self._page.write(lambda s: s.synthesis.override(*spot, number))
        call.failed(lambda error: self._refuse(spot, error.message)).run()

    def _pasted(self, spot: Spot, text: str) -> None:
        index = self._page.model.index_of(spot)
        if not text or not index.flags() & Qt.ItemFlag.ItemIsEditable:
            return
        if "\t" in text or "\n" in text:
            why = tr(
                "One number at a time is typed over here; a table is pasted under Extraction. Nothing was changed."
            )
            self._refuse(spot, why)
        else:
            self._page.model.setData(index, text)

    def _refuse(self, spot: Spot, why: str) -> None:
        """Say why, and go back to the cell, which shows what is kept."""
        self._refusal = why
        self._page.model.set_refused(spot)
        self._page.announce(why)
        # The editor is perhaps just closing, and will move on to the next cell when it has.
        QTimer.singleShot(0, self._page, lambda: self._go_back(spot))

    def _go_back(self, spot: Spot) -> None:
        if self._page.model.refused == spot:
            if not self._page.grid.is_editing():
                self._page.grid.choose(spot)
            self._page.strip.show_error(self._refusal)

    def _clear(self, spot: Spot) -> None:
        cell = self._page.model.cell(spot)
        if cell is not None and cell.origin == "override":
            self._page.write(lambda s: s.synthesis.remove_override(*spot)).run()
        else:
            self._page.model.set_refused(None)
            self._page.model.forget_typed(spot)
            self.show_origin()

    def _back(self) -> None:
        spot = self._page.grid.current_spot()
        if spot is not None:
            self._clear(spot)

    def _ask_reason(self) -> None:
        page = self._page
        spot = page.grid.current_spot()
        cell = page.model.cell(spot) if spot is not None else None
        if spot is None or cell is None:
            return
        form = TextForm(page, tr("Typed over"), tr("Reason"), cell.reason)

        def apply() -> None:
            text = form.text()
            call = page.write(lambda s: s.synthesis.override(*spot, cell.number, text))
            call.done(lambda _none: form.close_popover()).failed(lambda e: form.show_error(e.message)).run()

        form.applied.connect(apply)
        form.open_below(page.strip)

    # settings

    def change_setting(self, name: str, value: object) -> None:
        """One setting, one operation. What moves along is said; a refusal stands below the settings."""
        picture = self._page.current()
        panel = self._page.settings_panel
        if picture is None:
            return
        analysis = picture.data.id
        panel.hold(name)

        def refused(error: CopseError) -> None:
            panel.release(name)
            panel.say(error.message)
            panel.put_back(name, picture)

        def done(notes: tuple[Note, ...]) -> None:
            panel.release(name)
            panel.say("", [note.message for note in notes])

        self._page.write(lambda s: s.synthesis.change_analysis(analysis, **{name: value})).done(done).failed(
            refused
        ).run()
