"""Arms and populations of a study: a row each, to rename, describe, put in order and remove."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from core.language import counted, figure, mark, tr
from core.model import ArmRole, Id
from core.store.queries.studies import ArmView, PopulationView, StudyView
from gui import theme
from gui.explaining import explain
from gui.pages.extraction.parts import KeptEdit, Section, fit_rows, set_width
from gui.pages.extraction.words import ROLES
from gui.theme import Type
from gui.widgets.buttons import Button, icon_button
from gui.widgets.fields import Combo, LineEdit
from gui.widgets.labels import Label
from gui.widgets.panes import column, row

if TYPE_CHECKING:
    from gui.pages.extraction.page import ExtractionPage

_ROLE_WIDTH = 132


def _role_combo(name: str, object_name: str) -> Combo:
    combo = Combo([(text, role) for role, text in ROLES.items()], name)
    combo.setObjectName(object_name)
    return set_width(combo, _ROLE_WIDTH)


class PartRow(QWidget):
    """One arm or population. `prefix` and number name its widgets: "arms.1.label"."""

    renamed = Signal(str)
    described = Signal(str)
    role_chosen = Signal(object)
    moved = Signal(int)
    removed = Signal()

    def __init__(self, thing: str, prefix: str, number: int, *, has_role: bool) -> None:
        super().__init__()
        self.id: Id | None = None
        name = f"{prefix}.{number}"
        self.label = KeptEdit(tr("Name"), tr("Name of {thing} {number}", thing=thing, number=number), f"{name}.label")
        self.description = KeptEdit(
            tr("Dose, route, duration"),
            tr("Description of {thing} {number}", thing=thing, number=number),
            f"{name}.description",
        )
        if not has_role:
            self.description.setPlaceholderText(tr("Who they are"))
        self.role = _role_combo(tr("Role of {thing} {number}", thing=thing, number=number), f"{name}.role")
        self.up = icon_button("arrow-up", tr("Move {thing} {number} up", thing=thing, number=number), small=True)
        self.down = icon_button("arrow-down", tr("Move {thing} {number} down", thing=thing, number=number), small=True)
        self.remove = icon_button("trash-2", tr("Remove {thing} {number}", thing=thing, number=number), small=True)
        for button, word in ((self.up, "up"), (self.down, "down"), (self.remove, "remove")):
            button.setObjectName(f"{name}.{word}")
        if not has_role:
            for part in (self.role, self.up, self.down):
                part.hide()
        line = row(self.label, self.role, self.description, self.up, self.down, self.remove, spacing=6)
        line.setStretch(0, 2)
        line.setStretch(2, 3)
        self.setLayout(line)
        self.label.kept.connect(self.renamed)
        self.description.kept.connect(self.described)
        self.role.activated.connect(lambda: self.role_chosen.emit(self.role.member(ArmRole)))
        self.up.clicked.connect(lambda: self.moved.emit(-1))
        self.down.clicked.connect(lambda: self.moved.emit(1))
        self.remove.clicked.connect(self.removed)

    def show_part(self, part: ArmView | PopulationView, *, first: bool, last: bool) -> None:
        """Show an arm or population."""
        if part.id != self.id:
            self.label.give_up()
            self.description.give_up()
        self.id = part.id
        self.label.show_text(part.label)
        self.description.show_text(part.description)
        if isinstance(part, ArmView):
            self.role.set_value(part.role)
        self.up.setEnabled(not first)
        self.down.setEnabled(not last)


class PartsSection(Section):
    """What arms and populations have in common: rows, and a line to add one."""

    THING, PREFIX, HAS_ROLE, HINT = "", "", False, ""

    def __init__(self, page: ExtractionPage, title: str) -> None:
        super().__init__(title, f"extraction.section.{self.PREFIX}")
        self.page = page
        self.study: StudyView | None = None
        self.rows: list[PartRow] = []
        explain(self, self.THING)
        self._rows_box = column(spacing=6)
        self.new = LineEdit(self.HINT, tr("Name of a new {thing}", thing=self.THING))
        self.new.setObjectName(f"{self.PREFIX}.new")
        self.new.setMaximumWidth(theme.scaled(360))
        self.new_role = _role_combo(tr("Role of the new {thing}", thing=self.THING), f"{self.PREFIX}.new_role")
        if not self.HAS_ROLE:
            self.new_role.hide()
        self.add = Button(tr("Add {thing}", thing=self.THING), icon="plus")
        self.add.setObjectName(f"{self.PREFIX}.add")
        self.add.clicked.connect(self._add)
        self.new.returnPressed.connect(self._add)
        line: QHBoxLayout = row(self.new, self.new_role, self.add, None, spacing=6)
        line.setStretch(0, 2)
        self.box.addLayout(self._rows_box)
        self.box.addLayout(line)

    def show_study(self, study: StudyView) -> None:
        """Show the parts of a study."""
        if self.study is not None and self.study.id != study.id:
            self.new.clear()
        self.study = study
        parts = self.parts_of(study)
        fit_rows(self._rows_box, self.rows, len(parts), self._new_row)
        for number, (line, part) in enumerate(zip(self.rows, parts, strict=True)):
            line.show_part(part, first=number == 0, last=number == len(parts) - 1)
        self.head.set_figure(self.figure_of(study))

    def _new_row(self, number: int) -> PartRow:
        line = PartRow(self.THING, self.PREFIX, number, has_role=self.HAS_ROLE)
        line.renamed.connect(lambda text: self._with_id(line, self.rename, text))
        line.described.connect(lambda text: self._with_id(line, self.describe, text))
        line.role_chosen.connect(lambda role: self._with_id(line, self.set_role, role))
        line.moved.connect(lambda step: self._with_id(line, self.shift, step))
        line.removed.connect(lambda: self._with_id(line, self.remove, None))
        return line

    def _with_id(self, line: PartRow, what: Callable[[Id, Any], None], value: object) -> None:
        if line.id is not None:
            what(line.id, value)

    def _add(self) -> None:
        label = self.new.text().strip()
        if self.study is None or not label:
            self.new.setFocus()
            return
        self.add_part(self.study.id, label)

    def added(self) -> None:
        """The new part is kept: the line is ready for the next."""
        self.new.clear()
        self.new.setFocus()

    # for subclasses

    def parts_of(self, study: StudyView) -> Sequence[ArmView | PopulationView]:
        """The parts shown."""
        raise NotImplementedError

    def figure_of(self, study: StudyView) -> str:
        """What stands beside the title."""
        raise NotImplementedError

    def add_part(self, study_id: Id, label: str) -> None:
        """Keep a new one."""
        raise NotImplementedError

    def rename(self, part_id: Id, label: str) -> None:
        """Keep another name."""
        raise NotImplementedError

    def describe(self, part_id: Id, text: str) -> None:
        """Keep a description."""
        raise NotImplementedError

    def remove(self, part_id: Id, _nothing: None) -> None:
        """Take it away."""
        raise NotImplementedError

    def set_role(self, part_id: Id, role: ArmRole) -> None:
        """Keep the role of an arm."""

    def shift(self, part_id: Id, step: int) -> None:
        """Move an arm up or down."""


class ArmsSection(PartsSection):
    """The arms of a study."""

    THING, PREFIX, HAS_ROLE, HINT = mark("arm"), "arms", True, tr("Name of an arm, such as Ketamine 0.5 mg/kg IV")

    def __init__(self, page: ExtractionPage) -> None:
        super().__init__(page, tr("Arms"))

    def parts_of(self, study: StudyView) -> Sequence[ArmView]:
        return study.arms

    def show_study(self, study: StudyView) -> None:
        before = len(self.study.arms) if self.study is not None and self.study.id == study.id else -1
        super().show_study(study)
        if before != len(study.arms):
            # The usual order of entering: the experimental arm, then the control.
            taken = {arm.role for arm in study.arms}
            order = (ArmRole.EXPERIMENTAL, ArmRole.CONTROL, ArmRole.OTHER)
            self.new_role.set_value(next((r for r in order if r not in taken), ArmRole.OTHER))

    def figure_of(self, study: StudyView) -> str:
        number = tr("{n} randomised", n=figure(study.randomised)) if study.randomised is not None else ""
        return ", ".join(filter(None, (counted("{n} arm", "{n} arms", len(study.arms)), number)))

    def add_part(self, study_id: Id, label: str) -> None:
        wanted = self.new_role.member(ArmRole) or ArmRole.OTHER
        self.page.change(lambda s: s.studies.add_arm(study_id, label, wanted), lambda _id: self.added())

    def rename(self, part_id: Id, label: str) -> None:
        self.page.change(lambda s: s.studies.change_arm(part_id, label=label))

    def describe(self, part_id: Id, text: str) -> None:
        self.page.change(lambda s: s.studies.change_arm(part_id, description=text))

    def set_role(self, part_id: Id, role: ArmRole) -> None:
        self.page.change(lambda s: s.studies.change_arm(part_id, role=role))

    def shift(self, part_id: Id, step: int) -> None:
        study = self.study
        if study is None:
            return
        order = [arm.id for arm in study.arms]
        here = order.index(part_id)
        order.insert(here + step, order.pop(here))
        self.page.change(lambda s: s.studies.order_arms(study.id, order))

    def remove(self, part_id: Id, _nothing: None) -> None:
        self.page.change(lambda s: s.studies.remove_arm(part_id))


class PopulationsSection(PartsSection):
    """Parts of the participants for whom results are given apart."""

    THING, PREFIX, HINT = mark("population"), "populations", tr("Participants reported apart, such as With GAD")

    def __init__(self, page: ExtractionPage) -> None:
        super().__init__(page, tr("Populations"))
        text = tr("Only where a study reports results for a part of its participants.")
        self.box.insertWidget(0, Label(text, Type.SMALL, "muted", wrap=True))

    def parts_of(self, study: StudyView) -> Sequence[PopulationView]:
        return study.populations

    def figure_of(self, study: StudyView) -> str:
        return counted("{n} population", "{n} populations", len(study.populations)) if study.populations else tr("none")

    def add_part(self, study_id: Id, label: str) -> None:
        self.page.change(lambda s: s.studies.add_population(study_id, label), lambda _id: self.added())

    def rename(self, part_id: Id, label: str) -> None:
        self.page.change(lambda s: s.studies.change_population(part_id, label=label))

    def describe(self, part_id: Id, text: str) -> None:
        self.page.change(lambda s: s.studies.change_population(part_id, description=text))

    def remove(self, part_id: Id, _nothing: None) -> None:
        self.page.change(lambda s: s.studies.remove_population(part_id))
