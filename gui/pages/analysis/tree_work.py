"""What one does to comparisons, analyses and subgroups: add, rename, move, remove."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget

from core.errors import CopseError
from core.language import tr
from gui.actions import Action
from gui.pages.analysis.forms import AnalysisForm, ComparisonForm, Form, TextForm
from gui.pages.analysis.tree import Place

if TYPE_CHECKING:
    from gui.pages.analysis.page import AnalysisPage


class TreeWork:
    """The actions of the tree; a part of the page."""

    def __init__(self, page: AnalysisPage) -> None:
        self._page = page

    def actions(self) -> tuple[Action, ...]:
        """New comparison, new analysis, new subgroup, rename, up, down, remove."""
        action = self._page.action
        return (
            action("new_comparison", tr("New comparison"), self.new_comparison, icon="plus"),
            action("new_analysis", tr("New analysis"), self.new_analysis, icon="plus", enabled_when=self._has_place),
            action("new_subgroup", tr("New subgroup"), self.new_subgroup, icon="plus", enabled_when=self._has_analysis),
            action("rename", tr("Rename…"), self.rename, icon="pencil", enabled_when=self._has_place),
            action("remove", tr("Remove"), self.remove, icon="trash-2", enabled_when=self._has_place),
            action("up", tr("Move up"), lambda: self.move(-1), "Alt+Up", icon="arrow-up"),
            action("down", tr("Move down"), lambda: self.move(1), "Alt+Down", icon="arrow-down"),
        )

    def _place(self) -> Place | None:
        return self._page.place

    def _has_place(self) -> bool:
        return self._place() is not None

    def _has_analysis(self) -> bool:
        place = self._place()
        return place is not None and place.analysis_id is not None

    # menus

    def pop_up_add(self, anchor: QWidget) -> None:
        """The menu of what can be added."""
        names = ("analysis.new_comparison", "analysis.new_analysis", "analysis.new_subgroup")
        self._pop_up(names, anchor.mapToGlobal(QPoint(0, anchor.height())), "analysis.add.menu")

    def pop_up(self, place: QPoint) -> None:
        """The menu of the current line."""
        names = ("analysis.rename", "analysis.up", "analysis.down", "", "analysis.remove")
        self._pop_up(names, place, "analysis.tree.menu")

    def _pop_up(self, actions: tuple[str, ...], place: QPoint, name: str) -> None:
        menu = self._page.registry.menu(actions, self._page)
        menu.setObjectName(name)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)

    # adding

    def _open(self, form: Form) -> None:
        anchor = self._page.tree_anchor if self._page.tree_anchor.isVisible() else self._page.header
        form.open_below(anchor)

    def new_comparison(self) -> None:
        """Ask for the names, add it, and go on with its first analysis."""
        form = ComparisonForm(self._page)

        def done(comparison: bytes) -> None:
            form.close_popover()
            self._page.read(lambda s: s.synthesis.tree()).done(
                lambda found: (self._page.tree.show_comparisons(found, comparison), self.new_analysis())
            ).run()

        def apply() -> None:
            values = form.values()
            call = self._page.write(lambda s: s.synthesis.add_comparison(**values))
            call.done(done).failed(lambda error: form.show_error(error.message)).run()

        form.applied.connect(apply)
        self._open(form)

    def new_analysis(self) -> None:
        """Ask for outcome and name, and add it to the current comparison."""
        place = self._place()
        if place is None:
            return
        form = AnalysisForm(self._page, self._page.session.protocol.outcomes())

        def done(analysis: bytes) -> None:
            form.close_popover()
            self._page.show_analysis(analysis)

        def apply() -> None:
            outcome, label, fill = form.values()
            call = self._page.write(
                lambda s: s.synthesis.add_analysis(place.comparison_id, label, outcome_id=outcome, fill=fill)
            )
            call.done(done).failed(lambda error: form.show_error(error.message)).run()

        form.applied.connect(apply)
        self._open(form)

    def new_subgroup(self) -> None:
        """Ask for a name and add it to the current analysis."""
        place = self._place()
        if place is None or place.analysis_id is None:
            return
        analysis = place.analysis_id
        form = TextForm(self._page, tr("New subgroup"), tr("Name"), "", tr("Add subgroup"), required=tr("the subgroup"))

        def apply() -> None:
            text = form.text()
            call = self._page.write(lambda s: s.synthesis.add_subgroup(analysis, text))
            call.done(lambda _id: form.close_popover()).failed(lambda e: form.show_error(e.message)).run()

        form.applied.connect(apply)
        self._open(form)

    # changing

    def rename(self) -> None:
        """Ask for another name of the current line; of a comparison also for its sides."""
        place = self._place()
        if place is None:
            return
        form = self._comparison_form(place) if place.kind == "comparison" else self._name_form(place)

        def refused(error: CopseError) -> None:
            form.show_error(error.message)

        def apply() -> None:
            if isinstance(form, ComparisonForm):
                values = form.values()
                call = self._page.write(lambda s: s.synthesis.change_comparison(place.id, **values))
                call.done(lambda _none: form.close_popover()).failed(refused).run()
                return
            text = form.text()
            if place.kind == "analysis":
                named = self._page.write(lambda s: s.synthesis.change_analysis(place.id, label=text))
                named.done(lambda _notes: form.close_popover()).failed(refused).run()
            else:
                call = self._page.write(lambda s: s.synthesis.rename_subgroup(place.id, text))
                call.done(lambda _none: form.close_popover()).failed(refused).run()

        form.applied.connect(apply)
        self._open(form)

    def _comparison_form(self, place: Place) -> ComparisonForm:
        found = self._page.tree.comparison(place.id)
        assert found is not None
        values = {"label": found.label, "experimental": found.experimental, "control": found.control}
        return ComparisonForm(self._page, values)

    def _name_form(self, place: Place) -> TextForm:
        title, required = tr("Rename subgroup"), tr("the subgroup")
        if place.kind == "analysis":
            title, required = tr("Rename analysis"), tr("the analysis")
        return TextForm(self._page, title, tr("Name"), place.label, required=required)

    def remove(self) -> None:
        """Remove the current line; undo brings it back."""
        place = self._place()
        if place is None:
            return

        def done(_none: None) -> None:
            self._page.workspace.say(tr("Removed “{name}”.", name=place.label), undo=True)

        if place.kind == "comparison":
            self._page.write(lambda s: s.synthesis.remove_comparison(place.id)).done(done).run()
        elif place.kind == "analysis":
            self._page.write(lambda s: s.synthesis.remove_analysis(place.id)).done(done).run()
        else:
            self._page.write(lambda s: s.synthesis.remove_subgroup(place.id)).done(done).run()

    def move(self, step: int) -> None:
        """Move the current line of the tree among its like, or the current study when the grid has the focus."""
        if self._page.grid.hasFocus():
            self._page.rows.move(step)
            return
        place = self._place()
        order = list(place.siblings) if place is not None else []
        if place is None or place.id not in order:
            return
        here = order.index(place.id)
        there = here + step
        if not 0 <= there < len(order):
            return
        order[here], order[there] = order[there], order[here]
        if place.kind == "analysis":
            self._page.write(lambda s: s.synthesis.order_analyses(place.comparison_id, order)).run()
        elif place.analysis_id is not None:
            analysis = place.analysis_id
            self._page.write(lambda s: s.synthesis.order_subgroups(analysis, order)).run()
