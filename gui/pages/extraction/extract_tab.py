"""The Extract tab: one study's form, filled in as one's own independent entry."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from core.errors import CopseError
from core.extraction.compare import Value
from core.language import counted, figure, tr
from core.model import Id, OpResult, ValueStatus
from core.session.extraction import NewEntry
from gui import errors, theme
from gui.pages.extraction.arms import ArmsSection, PopulationsSection
from gui.pages.extraction.cells import CellBook, CellSpec
from gui.pages.extraction.extract_bars import BAR, COLUMN, SIDES, FormFoot, StudyHead
from gui.pages.extraction.grid import DataGrid
from gui.pages.extraction.outcomes import OutcomesSection
from gui.pages.extraction.parts import Section, order_tabs
from gui.pages.extraction.reading import CellKey, Held, Sheet
from gui.pages.extraction.strip import CellStrip
from gui.pages.extraction.study_section import StudySection
from gui.pages.extraction.values import read_block, read_value
from gui.pages.screening.side import centred
from gui.widgets.panes import Scroll, Surface, column

if TYPE_CHECKING:
    from core.review import Session
    from gui.pages.extraction.page import ExtractionPage

_WIDE_FROM = 1440


class ExtractTab(Surface):
    """See the module."""

    def __init__(self, page: ExtractionPage) -> None:
        super().__init__("surface")
        self._page = page
        self.sheet: Sheet | None = None
        self.book = CellBook(self)
        self._go_to: Id | None = None
        self._watched: list[DataGrid] = []
        self._shape: tuple[object, ...] = ()
        self._after_writing: Callable[[], object] | None = None
        self.head = StudyHead(page)
        self.study_section = StudySection(page, self.book)
        self.arms = ArmsSection(page)
        self.populations = PopulationsSection(page)
        self.outcomes = OutcomesSection(page, self.book)
        self.strip = CellStrip(self.book)
        self.foot = FormFoot(page)
        self._lay_out()
        self.strip.changed.connect(self._requalify)
        self.strip.not_reported.connect(lambda cell: self._enter([(cell, "NR")]))
        self.strip.correct.connect(self._correct)

    def _lay_out(self) -> None:
        form = QWidget()
        form.setLayout(column(*self.sections(), None, spacing=0))
        self._form = centred(form, COLUMN, (SIDES, 4, SIDES, 12))
        self._scroll = Scroll(self._form)
        self._scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        strip = Surface("sunken", "top")
        strip.setLayout(column(centred(self.strip, COLUMN, (SIDES, 9, SIDES + BAR, 6)), spacing=0))
        box = column(self.head, self._scroll, strip, self.foot, spacing=0)
        box.setStretchFactor(self._scroll, 1)
        self.setLayout(box)

    def sections(self) -> list[Section]:
        """The sections in reading order."""
        return [self.study_section, self.arms, self.populations, self.outcomes]

    def panes(self) -> list[QWidget]:
        """The panes F6 goes through."""
        return [self._scroll, self.strip, self.foot]

    # showing

    def show_sheet(self, sheet: Sheet) -> None:
        """Show a study as one has filled it in so far."""
        is_new = self.sheet is None or self.sheet.study.id != sheet.study.id
        self.sheet = sheet
        if is_new:
            self.book.forget()
            self.strip.hear(())
        self.book.load(sheet, self._page.team)
        self.study_section.show_sheet(sheet)
        self.arms.show_study(sheet.study)
        self.populations.show_study(sheet.study)
        self.outcomes.show_sheet(sheet)
        for section in (self.arms, self.populations, self.outcomes):
            section.setVisible(sheet.is_extracted)
        self._watched = [grid for grid in self._watched if grid in self.grids()]
        for grid in self.grids():
            self.watch(grid)
        self._show_figures()
        self._order_tabs(sheet)
        if is_new:
            self._unfold(sheet)
            self._scroll.verticalScrollBar().setValue(0)
        if self._go_to is not None:
            wanted, self._go_to = self._go_to, None
            self._go_to_result(wanted)

    def _order_tabs(self, sheet: Sheet) -> None:
        """Tab goes through the form as one reads it, also through the parts that were made later."""
        shape = (len(self.grids()), len(sheet.study.arms), len(sheet.study.populations), sheet.outcomes, sheet.results)
        if shape != self._shape:
            self._shape = shape
            order_tabs(self)

    def _unfold(self, sheet: Sheet) -> None:
        """Open what one will want first: a study without arms is described, any other is filled in."""
        bare = not sheet.study.arms
        wide = self.window().width() >= theme.scaled(_WIDE_FROM)
        self.study_section.set_open(bare)
        self.arms.set_open(bare or wide)
        self.populations.set_open(False)
        self.outcomes.set_open(not bare)

    def _show_figures(self) -> None:
        assert self.sheet is not None
        form, results = ([cell for grid in group for cell in grid.grid.spec.cells()] for group in self._grid_groups())
        self.study_section.head.set_figure(_of(self.book.filled(form)))
        self.outcomes.head.set_figure(_of(self.book.filled(results)))
        filled, total = self.book.filled([*form, *results])
        required = sum(
            field.required and self.book.is_empty((self.sheet.study.id, field.key)) for field in self.sheet.fields
        )
        self.head.show_study(self.sheet.study, filled, total if self.sheet.is_extracted else 0)
        self.foot.show_state(self.sheet, self._page.team, filled, total, required)
        self._page.registry.refresh()

    # the grids, as one run of cells

    def _grid_groups(self) -> tuple[list[DataGrid], list[DataGrid]]:
        return [form.grid for form in self.study_section.grids], [group.grid for group in self.outcomes.groups]

    def grids(self) -> list[DataGrid]:
        """All grids in reading order."""
        form, results = self._grid_groups()
        return [*form, *results]

    def watch(self, grid: DataGrid) -> None:
        """Follow what happens in a grid."""
        if grid in self._watched:
            return
        self._watched.append(grid)
        grid.reached.connect(self._reach)
        grid.typed.connect(lambda cell, text: self._enter([(cell, text)]))
        grid.pasted.connect(self._enter_block)
        grid.edge.connect(lambda direction: self._cross(grid, direction))

    def _reach(self, cell: CellSpec) -> None:
        is_first = self.book.current is None
        self.book.set_current(cell)
        if is_first:
            self._page.registry.refresh()  # there is a cell to paste into now
        # A section that has just been unfolded gets its place first.
        QTimer.singleShot(0, self, self._show_current)

    def _show_current(self) -> None:
        cell = self.book.current
        grid = self._grid_of(cell.key) if cell is not None else None
        if cell is not None and grid is not None and grid.isVisible():
            header = theme.scaled(28)
            middle = grid.mapTo(self._form, grid.visualRect(grid.index_of(cell.key)).center())
            self._scroll.ensureVisible(middle.x(), middle.y() + header, 10, 2 * header)

    def _grid_of(self, key: CellKey) -> DataGrid | None:
        return next((grid for grid in self.grids() if grid.index_of(key).isValid()), None)

    def _cross(self, grid: DataGrid, direction: int) -> None:
        """From the end of a grid to the next one that shows."""
        shown = [each for each in self.grids() if each.isVisible() or each is grid]
        place = shown.index(grid) + direction
        if 0 <= place < len(shown):
            shown[place].go_to_end(direction)

    def go(self, key: CellKey) -> bool:
        """Go to a cell, unfolding its section; whether there is such a cell."""
        for section, grids in zip((self.study_section, self.outcomes), self._grid_groups(), strict=True):
            for grid in grids:
                if grid.index_of(key).isValid():
                    section.set_open(True)
                    return grid.go(key)
        return False

    def go_when_shown(self, results: Sequence[Id]) -> None:
        """Go to the first cell of the first of these results, once it has been read."""
        self._go_to = results[0] if results else None

    def _go_to_result(self, result_id: Id) -> None:
        for grid in self._grid_groups()[1]:
            for cell in grid.grid.spec.cells():
                if cell.key[0] == result_id:
                    self.outcomes.set_open(True)
                    QTimer.singleShot(0, grid, lambda grid=grid, key=cell.key: grid.go(key))
                    return

    def reveal(self, widget: QWidget) -> None:
        """Scroll to a part of the form, once it has its place."""
        self.outcomes.set_open(True)
        QTimer.singleShot(0, widget, lambda: self._scroll.ensureWidgetVisible(widget, 0, 24))

    def commit(self) -> None:
        """Take over what is being typed in a cell or a field."""
        for grid in self.grids():
            grid.commit()
        focused = QApplication.focusWidget()
        if focused is not None and self.isAncestorOf(focused) and focused.property("cell") is None:
            focused.clearFocus()

    def can_go_on(self) -> bool:
        """Whether a cell is empty."""
        return any(self.book.is_empty(cell.key) for grid in self.grids() for cell in grid.grid.spec.cells())

    def next_empty(self, direction: int = 1) -> None:
        """Go to the next (or previous) empty cell, from the last one on to the first."""
        for grid in self.grids():
            grid.commit()
        cells = [cell for grid in self.grids() for cell in grid.grid.spec.cells()]
        here = next((n for n, cell in enumerate(cells) if cell == self.book.current), -1 if direction > 0 else 0)
        order = [cells[(here + direction * step) % len(cells)] for step in range(1, len(cells) + 1)]
        empty = next((cell for cell in order if self.book.is_empty(cell.key)), None)
        if empty is not None:
            self.go(empty.key)

    # entering

    def can_paste(self) -> bool:
        """Whether there is a cell to paste into."""
        return self.book.current is not None and self.book.is_editable

    def paste(self) -> None:
        """Enter the block in the clipboard from the current cell on, in one step."""
        text = QApplication.clipboard().text()
        cell = self.book.current
        grid = self._grid_of(cell.key) if cell is not None else None
        if cell is None or grid is None or not text.strip():
            self._page.show_message(tr("There is no text in the clipboard. Copy the cells of a table first."))
            return
        grid.setCurrentIndex(grid.index_of(cell.key))
        grid.paste(read_block(text))

    def _enter_block(self, typed: Sequence[tuple[CellSpec, str]], lost: int) -> None:
        """Keep a pasted block, all of it or nothing; say what found no cell."""

        def entered() -> None:
            if lost:
                self._page.show_message(
                    counted(
                        "{n} value of the table does not fit into this grid. The others were entered.",
                        "{n} values of the table do not fit into this grid. The others were entered.",
                        lost,
                    )
                )

        self._enter(typed, entered)

    def _enter(self, typed: Sequence[tuple[CellSpec, str]], entered: Callable[[], object] = lambda: None) -> None:
        """Keep what was typed or pasted, in one step, then call `entered`; a refused value leaves the cell as it was,
        and with it the whole block."""
        texts = {cell.key: text for cell, text in typed}
        new: list[NewEntry] = []
        for cell, text in typed:
            try:
                new.append(self._entry(cell, read_value(text, cell.kind)))
            except CopseError as error:
                self._refuse({cell.key: text}, error, of_block=len(typed) > 1)
                return
        changed = [e for e in new if not self._says_the_same(e)]
        for key in texts:
            self.book.drop_refusal(key)
        if changed:
            self._write(texts, changed, entered)
        else:
            entered()

    def _entry(self, cell: CellSpec, value: Value) -> NewEntry:
        """A value for a cell; how an earlier one is known and where it stands is kept."""
        held = self.book.held(cell.key)
        status, source, note = (held.status, held.source, held.note) if held else (ValueStatus.PUBLISHED, "", "")
        return NewEntry(*cell.key, value.number, value.text, value.not_reported, status, source, note)

    def _says_the_same(self, new: NewEntry) -> bool:
        held = self.book.held((new.subject_id, new.field))
        return new.value.is_blank if held is None else new.value.same_as(held.value)

    def _requalify(self, cell: CellSpec, status: ValueStatus, source: str) -> None:
        held = self.book.held(cell.key)
        if held is not None:
            value = held.value
            entry = NewEntry(
                *cell.key, value.number, value.text, value.not_reported, status, source.strip(), held.note
            )  # fmt: skip
            self._write({}, [entry])

    def _write(
        self, texts: Mapping[CellKey, str], new: Sequence[NewEntry], then: Callable[[], object] = lambda: None
    ) -> None:
        self.book.begin(texts)
        self._show_figures()
        study = self.sheet.study.id if self.sheet is not None else None

        def kept(warnings: tuple[str, ...]) -> None:
            self.book.keep({(e.subject_id, e.field): self._held_of(e) for e in new})
            self.book.end(texts)
            self.strip.hear(warnings)
            self._page.reload()
            then()
            self._go_on_after_writing()

        def refused(error: CopseError) -> None:
            self._after_writing = None
            if self.sheet is not None and self.sheet.study.id == study:
                self._refuse(texts, error)
            else:
                self.book.end(texts)
                errors.present(error, self._page)
            self._page.reload()

        self._page.write(lambda s: _entered(s, new)).done(kept).failed(refused).run(initiator=self._page)

    def when_kept(self, then: Callable[[], object]) -> None:
        """Call `then` once all that was typed has been kept; not at all when some of it is refused."""
        self._after_writing = then
        self._go_on_after_writing()

    def _go_on_after_writing(self) -> None:
        then = self._after_writing
        if then is not None and not self.book.is_writing():
            self._after_writing = None
            then()

    def _held_of(self, new: NewEntry) -> Held | None:
        if new.value.is_blank:
            return None
        return Held(new.value, new.status, new.source, new.note, self._page.team.me.id)

    def _refuse(self, texts: Mapping[CellKey, str], error: CopseError, *, of_block: bool = False) -> None:
        why = f"{error.message} {tr('Nothing of the table was entered.')}" if of_block else error.message
        self.book.end(texts, why)
        self._show_figures()
        self._page.announce(why)

    def _correct(self, key: CellKey) -> None:
        grid = self._grid_of(key)
        if grid is not None and self.go(key):
            grid.edit_cell(key)


def _entered(session: Session, new: Sequence[NewEntry]) -> OpResult[tuple[str, ...]]:
    """Values in one step that is named after what it does."""
    if len(new) > 1:
        return session.extraction.enter_many(new)
    (one,) = new
    if one.value.is_blank:
        done = session.extraction.clear(one.subject_id, one.field)
        return OpResult((), done.areas, done.label, done.operation)
    return session.extraction.enter(
        one.subject_id, one.field, one.number, one.text, not_reported=one.not_reported,
        status=one.status, source=one.source, note=one.note,
    )  # fmt: skip


def _of(figures: tuple[int, int]) -> str:
    filled, total = figures
    return tr("{done} of {total}", done=figure(filled), total=figure(total)) if total else ""
