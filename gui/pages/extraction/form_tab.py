"""The Form tab: the fields the team fills in for every study. The lead's to change, everybody's to read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from core.extraction.forms import FieldKind
from core.language import tr
from core.model import Id
from core.store.queries.extraction import FormField
from gui import theme
from gui.explaining import explain
from gui.pages.extraction.parts import KeptEdit, fit_rows, order_tabs, set_width
from gui.pages.extraction.reading import Team
from gui.pages.extraction.words import FIELD_KINDS
from gui.pages.screening.side import centred
from gui.pages.screening.words import first_name, listed
from gui.theme import Type
from gui.widgets.buttons import Button, icon_button
from gui.widgets.fields import Combo, LineEdit
from gui.widgets.labels import Label
from gui.widgets.panes import Scroll, Surface, column, row

if TYPE_CHECKING:
    from gui.pages.extraction.page import ExtractionPage

_COLUMN = 900
_KIND_WIDTH = 104
_SECTION_WIDTH = 216


def _options(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


class FieldRow(QWidget):
    """One field of the form: "field.1.label" and so on."""

    changed = Signal(dict)
    moved = Signal(int)
    removed = Signal()

    def __init__(self, number: int) -> None:
        super().__init__()
        self.id: Id | None = None
        name = f"field.{number}"
        self.label = KeptEdit(tr("Name"), tr("Name of field {number}", number=number), f"{name}.label")
        self.section = KeptEdit(tr("Section"), tr("Section of field {number}", number=number), f"{name}.section")
        self.section.setFixedWidth(theme.scaled(_SECTION_WIDTH))
        self.kind = Label("", Type.BODY, "muted")
        self.kind.setFixedWidth(theme.scaled(_KIND_WIDTH))
        self.options = KeptEdit(
            tr("Choices, with commas between"), tr("Choices of field {number}", number=number), f"{name}.options"
        )
        self.required = QCheckBox(tr("Required"))
        self.required.setObjectName(f"{name}.required")
        self.required.setAccessibleName(tr("Field {number} is required", number=number))
        self.up = icon_button("arrow-up", tr("Move field {number} up", number=number), small=True)
        self.down = icon_button("arrow-down", tr("Move field {number} down", number=number), small=True)
        self.remove = icon_button("trash-2", tr("Remove field {number}", number=number), small=True)
        for button, word in ((self.up, "up"), (self.down, "down"), (self.remove, "remove")):
            button.setObjectName(f"{name}.{word}")
        first = row(
            self.label, self.section, self.kind, self.required, self.up, self.down, self.remove, spacing=8
        )  # fmt: skip
        first.setStretch(0, 1)
        self.setLayout(column(first, self.options, spacing=4))
        self.label.kept.connect(lambda text: self.changed.emit({"label": text}))
        self.section.kept.connect(lambda text: self.changed.emit({"section": text}))
        self.options.kept.connect(lambda text: self.changed.emit({"options": _options(text)}))
        self.required.clicked.connect(lambda on: self.changed.emit({"required": on}))
        self.up.clicked.connect(lambda: self.moved.emit(-1))
        self.down.clicked.connect(lambda: self.moved.emit(1))
        self.remove.clicked.connect(self.removed)

    def show_field(self, field: FormField, *, first: bool, last: bool, may_lead: bool) -> None:
        """Show a field."""
        if field.id != self.id:
            for edit in (self.label, self.section, self.options):
                edit.give_up()
        self.id = field.id
        self.label.show_text(field.label)
        self.section.show_text(field.section)
        self.kind.setText(FIELD_KINDS[field.kind] + (f", {field.unit}" if field.unit else ""))
        self.options.show_text(", ".join(field.options))
        self.options.setVisible(field.kind is FieldKind.CHOICE)
        self.required.setChecked(field.required)
        for edit in (self.label, self.section, self.options):
            edit.setReadOnly(not may_lead)
        self.required.setEnabled(may_lead)
        for button in (self.up, self.down, self.remove):
            button.setVisible(may_lead)
        self.up.setEnabled(not first)
        self.down.setEnabled(not last)


class FormTab(Surface):
    """See the module."""

    def __init__(self, page: ExtractionPage) -> None:
        super().__init__("surface")
        self._page = page
        self._fields: tuple[FormField, ...] = ()
        self.rows: list[FieldRow] = []
        self._about = Label("", Type.BODY, "muted", wrap=True)
        self._rows_box = column(spacing=8)
        self.new = LineEdit(tr("Name of a field, such as Country"), tr("Name of a new field"))
        self.new.setObjectName("form.new")
        explain(self, "form_field")
        self.new_section = LineEdit(tr("Section"), tr("Section of the new field"))
        self.new_section.setObjectName("form.new_section")
        self.new_section.setFixedWidth(theme.scaled(_SECTION_WIDTH))
        self.new_kind = Combo([(text, kind) for kind, text in FIELD_KINDS.items()], tr("Kind of the new field"))
        self.new_kind.setObjectName("form.new_kind")
        set_width(self.new_kind, _KIND_WIDTH)
        self.new_options = LineEdit(
            tr("Choices, with commas between: yes, no, unclear"), tr("Choices of the new field")
        )
        self.new_options.setObjectName("form.new_options")
        self.add = Button(tr("Add field"), icon="plus")
        self.add.setObjectName("form.add")
        self._lay_out()
        self.new_kind.activated.connect(self._show_options)
        self.add.clicked.connect(self._add)
        self.new.returnPressed.connect(self._add)
        self.new_section.returnPressed.connect(self._add)
        self.new_options.returnPressed.connect(self._add)
        self._show_options()

    def _lay_out(self) -> None:
        self._adding = QWidget()
        line = row(self.new, self.new_section, self.new_kind, self.add, spacing=8)
        line.setStretch(0, 1)
        self._adding.setLayout(column(line, self.new_options, spacing=4))
        content = QWidget()
        content.setLayout(column(self._about, self._rows_box, self._adding, None, spacing=16))
        self.setLayout(column(Scroll(centred(content, _COLUMN, (20, 20, 20, 20))), spacing=0))

    def show_fields(self, fields: Sequence[FormField], team: Team) -> None:
        """Show the form."""
        self._fields = tuple(fields)
        self._about.setText(_about(team, empty=not fields))
        self._adding.setVisible(team.may_lead)
        fit_rows(self._rows_box, self.rows, len(fields), self._new_row)
        for number, (line, field) in enumerate(zip(self.rows, fields, strict=True)):
            line.show_field(field, first=number == 0, last=number == len(fields) - 1, may_lead=team.may_lead)
        order_tabs(self)

    def _new_row(self, number: int) -> FieldRow:
        line = FieldRow(number)
        line.changed.connect(lambda what: self._change(line, what))
        line.moved.connect(lambda step: self._move(line, step))
        line.removed.connect(lambda: self._remove(line))
        return line

    def _show_options(self) -> None:
        self.new_options.setVisible(self.new_kind.member(FieldKind) is FieldKind.CHOICE)

    def _change(self, line: FieldRow, what: dict[str, object]) -> None:
        field = line.id
        if field is not None:
            self._page.change(lambda s: s.extraction.change_field(field, **what))  # pyright: ignore[reportArgumentType]

    def _move(self, line: FieldRow, step: int) -> None:
        order = [field.id for field in self._fields]
        if line.id in order:
            here = order.index(line.id)
            order.insert(here + step, order.pop(here))
            self._page.change(lambda s: s.extraction.order_fields(order))

    def _remove(self, line: FieldRow) -> None:
        field = line.id
        if field is not None:
            label = line.label.text()
            self._page.change(
                lambda s: s.extraction.remove_field(field),
                lambda _none: self._page.workspace.say(
                    tr("Removed “{label}”; its answers are kept.", label=label), undo=True
                ),
            )

    def _add(self) -> None:
        label, kind = self.new.text().strip(), self.new_kind.member(FieldKind)
        if not label or kind is None:
            self.new.setFocus()
            return
        section = self.new_section.text().strip()
        options = _options(self.new_options.text()) if kind is FieldKind.CHOICE else []
        self._page.change(
            lambda s: s.extraction.add_field(label, kind, section=section, options=options), lambda _id: self._added()
        )

    def _added(self) -> None:
        self.new.clear()
        self.new_options.clear()
        self.new.setFocus()


def _about(team: Team, *, empty: bool) -> str:
    if team.may_lead:
        about = tr("These questions are answered once for every study, by each reviewer apart.")
        return f"{tr('The form has no fields yet.')} {about}" if empty else about
    names = listed([first_name(each.name) for each in team.leads])
    if empty:
        return tr("The form has no fields yet. {names} can change them.", names=names)
    return tr("These questions are answered once for every study. {names} can change them.", names=names)
