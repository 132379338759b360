"""The small forms over the page: a comparison, an analysis, a name, studies to add. Return applies, Esc closes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QListWidget,
    QListWidgetItem,
    QWidget,
)
from typing_extensions import override

from core.language import counted, said, tr
from gui import theme
from gui.theme import Type
from gui.widgets.buttons import Button, Kind
from gui.widgets.fields import Combo, Field, LineEdit
from gui.widgets.keys_panel import Popover
from gui.widgets.labels import Label
from gui.widgets.panes import Part, column, row

if TYPE_CHECKING:
    from core.store.queries.synthesis import Proposal, RowPlaces
    from core.store.queries.team import Outcome

_WIDTH = 340


class Form(Popover):
    """A titled popover with fields and two buttons. `applied` is emitted when all fields are filled as they must be."""

    applied = Signal()

    def __init__(self, title: str, apply_text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("analysis.form")
        self.setAccessibleName(title)
        self._title = title
        self.apply_button = Button(apply_text, kind=Kind.PRIMARY)
        self.apply_button.setObjectName("analysis.form.apply")
        self.apply_button.clicked.connect(self._try)
        self.cancel_button = Button(tr("Cancel"))
        self.cancel_button.setObjectName("analysis.form.cancel")
        self.cancel_button.clicked.connect(self.close_popover)
        self._error = Label("", Type.SMALL, "danger", wrap=True)
        self._error.setObjectName("analysis.form.error")
        self._error.hide()

    def fill(self, *parts: Part) -> None:
        """Lay out the title, these parts and the buttons."""
        self.setLayout(
            column(
                Label(self._title, Type.SECTION),
                *parts,
                self._error,
                row(None, self.cancel_button, self.apply_button),
                spacing=10,
                margins=(16, 14, 16, 14),
            )
        )

    def open_below(self, anchor: QWidget) -> None:
        """Open under `anchor`, inside the page, with the first field ready."""
        page = self.parentWidget()
        assert page is not None
        self.setFixedWidth(theme.scaled(_WIDTH))
        self.adjustSize()
        corner = anchor.mapTo(page, QPoint(0, anchor.height() + 2)) if page.isAncestorOf(anchor) else QPoint(0, 0)
        x = max(8, min(corner.x(), page.width() - self.width() - 8))
        y = max(8, min(corner.y(), page.height() - self.height() - 8))
        self.open_at(QPoint(x, y))
        # A widget shown in this moment takes the focus only when it has been laid out.
        QTimer.singleShot(0, self, self._focus_first)

    def show_error(self, text: str) -> None:
        """Say what was refused; the form stays."""
        self._error.setText(text)
        self._error.setVisible(bool(text))
        self._grow()

    def _grow(self) -> None:
        """Make room for what is said now below the fields."""
        for inner in self.findChildren(QWidget):
            inner.updateGeometry()
        self.adjustSize()

    def is_complete(self) -> bool:
        """Whether the form can be applied; marks what is missing."""
        return True

    def _try(self) -> None:
        self.show_error("")
        if self.is_complete():
            self.applied.emit()
        else:
            self._grow()

    def _focusable(self) -> list[QWidget]:
        return [w for w in self.findChildren(QWidget) if w.focusPolicy() & Qt.FocusPolicy.TabFocus and w.isVisible()]

    def _focus_first(self) -> None:
        first = next((w for w in self._focusable() if w.isEnabled()), self)
        first.setFocus(Qt.FocusReason.PopupFocusReason)

    @override
    def close_popover(self) -> None:
        super().close_popover()
        self.deleteLater()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            focus = QApplication.focusWidget()
            if focus is self.cancel_button:
                self.close_popover()
            else:
                self._try()
            return
        super().keyPressEvent(event)

    @override
    def focusNextPrevChild(self, next: bool) -> bool:
        """Tab stays inside."""
        inside = [w for w in self._focusable() if w.isEnabled()]
        focus = QApplication.focusWidget()
        if focus not in inside:
            return super().focusNextPrevChild(next)
        target = inside[(inside.index(focus) + (1 if next else -1)) % len(inside)]
        target.setFocus(Qt.FocusReason.TabFocusReason if next else Qt.FocusReason.BacktabFocusReason)
        return True


def _edit(name: str, text: str = "", placeholder: str = "") -> LineEdit:
    edit = LineEdit(placeholder)
    edit.setObjectName(f"analysis.form.{name}")
    edit.setAccessibleName("")
    edit.setText(text)
    edit.selectAll()
    return edit


def _filled(field: Field, what: str) -> bool:
    control = field.control
    empty = isinstance(control, LineEdit) and not control.text().strip()
    field.set_error(tr("Give {what} a name.", what=what) if empty else "")
    return not empty


class ComparisonForm(Form):
    """The name of a comparison and of its two sides."""

    def __init__(self, parent: QWidget, values: Mapping[str, str] | None = None) -> None:
        new = values is None
        given = values or {"label": "", "experimental": "", "control": ""}
        super().__init__(
            tr("New comparison") if new else tr("Comparison"), tr("Add comparison") if new else tr("Save"), parent
        )
        self._label = Field(tr("Name"), _edit("label", given["label"], tr("Ketamine v control")))
        self._experimental = Field(
            tr("Experimental side"), _edit("experimental", given["experimental"], tr("Experimental"))
        )
        self._control = Field(tr("Control side"), _edit("control", given["control"], tr("Control")))
        self.fill(self._label, self._experimental, self._control)

    def values(self) -> dict[str, str]:
        """label, experimental, control."""
        fields = {"label": self._label, "experimental": self._experimental, "control": self._control}
        return {name: f.control.text().strip() for name, f in fields.items() if isinstance(f.control, LineEdit)}

    @override
    def is_complete(self) -> bool:
        return _filled(self._label, tr("the comparison"))


class AnalysisForm(Form):
    """Which outcome a new analysis pools, its name, and whether it starts with all studies that have results."""

    def __init__(self, parent: QWidget, outcomes: Sequence[Outcome]) -> None:
        super().__init__(tr("New analysis"), tr("Add analysis"), parent)
        self._outcomes = {outcome.id: outcome for outcome in outcomes}
        self.outcome = Combo([(outcome.label, outcome.id) for outcome in outcomes], tr("Outcome"))
        self.outcome.setObjectName("analysis.form.outcome")
        self.outcome.currentIndexChanged.connect(self._suggest)
        self._label = _edit("label")
        self.with_studies = QCheckBox(tr("Start with every study that has results"))
        self.with_studies.setObjectName("analysis.form.fill")
        self.with_studies.setChecked(True)
        if outcomes:
            self.fill(Field(tr("Outcome"), self.outcome), Field(tr("Name"), self._label), self.with_studies)
            self._suggest()
        else:
            self.apply_button.hide()
            self.fill(Label(tr("The review has no outcome yet. Outcomes are made under Extraction."), wrap=True))

    def values(self) -> tuple[bytes, str, bool]:
        """The outcome, the name ('' for the outcome's), and whether to fill it."""
        outcome = self.outcome.value()
        assert isinstance(outcome, bytes)
        return outcome, self._label.text().strip(), self.with_studies.isChecked()

    def _suggest(self) -> None:
        value = self.outcome.value()
        if isinstance(value, bytes):
            self._label.setPlaceholderText(self._outcomes[value].label)

    @override
    def is_complete(self) -> bool:
        return bool(self._outcomes)


class TextForm(Form):
    """One line of text."""

    def __init__(
        self, parent: QWidget, title: str, label: str, text: str, apply_text: str = tr("Save"), *, required: str = ""
    ) -> None:
        super().__init__(title, apply_text, parent)
        self._field = Field(label, _edit("text", text))
        self._required = required
        self.fill(self._field)

    def text(self) -> str:
        """What was typed."""
        control = self._field.control
        return control.text().strip() if isinstance(control, LineEdit) else ""

    @override
    def is_complete(self) -> bool:
        return not self._required or _filled(self._field, self._required)


class StudiesForm(Form):
    """The rows that the extraction offers, ticked, and the subgroup they go into."""

    def __init__(
        self,
        parent: QWidget,
        proposals: Sequence[Proposal],
        subgroups: Sequence[tuple[str, bytes]],
        current: bytes | None,
    ) -> None:
        super().__init__(tr("Add studies"), tr("Add studies"), parent)
        self._offers = [offer for offer in proposals if not offer.used]
        self.list = QListWidget()
        self.list.setObjectName("analysis.form.studies")
        self.list.setAccessibleName(tr("Studies with results"))
        self.list.setFixedHeight(theme.scaled(30) * min(8, max(2, len(self._offers))))
        for offer in self._offers:
            words = ", ".join(part for part in (offer.study, said(offer.detail)) if part)
            item = QListWidgetItem(words if offer.settled else tr("{words} (not settled yet)", words=words))
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked)
            self.list.addItem(item)
        self.list.itemChanged.connect(self._count)
        self.subgroup = Combo([(tr("No subgroup"), None), *subgroups], tr("Subgroup"))
        self.subgroup.setObjectName("analysis.form.subgroup")
        if current is not None:
            self.subgroup.set_value(current)
        if not self._offers:
            self.apply_button.hide()
            self.cancel_button.set_label(tr("Close"))
            self.fill(Label(_nothing(proposals), wrap=True))
            return
        self.list.setCurrentRow(0)
        self.fill(self.list, *((Field(tr("Subgroup"), self.subgroup),) if subgroups else ()))
        self._count()

    def chosen(self) -> list[RowPlaces]:
        """The rows that are ticked."""
        ticked = (n for n in range(self.list.count()) if self.list.item(n).checkState() == Qt.CheckState.Checked)
        return [self._offers[n].places for n in ticked]

    def subgroup_id(self) -> bytes | None:
        """Where they go."""
        value = self.subgroup.value()
        return value if isinstance(value, bytes) else None

    def _count(self) -> None:
        count = len(self.chosen())
        self.apply_button.set_label(counted("Add {n} study", "Add {n} studies", count))
        self.apply_button.setEnabled(count > 0)


def _nothing(proposals: Sequence[Proposal]) -> str:
    if proposals:
        return tr("Every result of this outcome is in the analysis already.")
    return tr("The extraction has no result of this outcome for both arms yet. A study appears here when it has.")
