"""The settings of an analysis at the right: how it is pooled, and how it is drawn. Each change is one operation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QLayout, QSizePolicy, QWidget

from core.language import tr
from gui import theme
from gui.explaining import explain
from gui.pages.analysis.numbers import parse_number
from gui.pages.analysis.picture import Picture
from gui.theme import Type
from gui.widgets.fields import Combo, LineEdit
from gui.widgets.labels import Label, Line, section_label
from gui.widgets.messages import Glyph
from gui.widgets.panes import Scroll, Surface, column, row

if TYPE_CHECKING:
    from core.synthesis.model import Look
    from core.synthesis.settings import Option

_LABEL_WIDTH = 60
_EFFECT = (
    ("measure", tr("Measure"), tr("Effect measure")),
    ("method", tr("Method"), tr("Method")),
    ("model", tr("Model"), tr("Model")),
    ("tau2", "τ²", tr("Between-study variance")),
    ("ci", tr("Interval"), tr("Confidence interval")),
    ("pi", tr("Prediction"), tr("Prediction interval")),
    ("compatibility", tr("Rules"), tr("Whose conventions are followed")),
)
_TOPICS = {
    "compatibility": "rules.{value}",
    "better": "direction",
    "subgroup_test": "subgroup_test",
    "show_total": "total",
    "show_weights": "weight",
}
"""What each control is about, where its name does not say it."""
_DIRECTIONS = ((tr("As reported"), ""), (tr("Higher is better"), "higher"), (tr("Lower is better"), "lower"))
_SWITCHES = (
    ("subgroup_test", tr("Test for differences")),
    ("show_total", tr("Overall total")),
    ("show_weights", tr("Weights")),
    ("show_events", tr("Total events")),
    ("show_risk_of_bias", tr("Risk of bias")),
)


class SettingsPanel(Surface):
    """`changed(name, value)` asks for one change; `show_picture` shows what came of it."""

    changed = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("sunken", parent=parent)
        self.setObjectName("analysis.settings")
        self.setAccessibleName(tr("Settings of the analysis"))
        self._combos = {name: self._combo(name, title) for name, _, title in _EFFECT}
        self._combos["better"] = self._combo("better", tr("Which direction of the effect is better"))
        self._combos["better"].set_entries(_DIRECTIONS)
        self._boxes = {name: self._box(name, text) for name, text in _SWITCHES}
        self._fields = {
            "axis_lower": self._field("axis_lower", tr("Left end of the axis")),
            "axis_upper": self._field("axis_upper", tr("Right end of the axis")),
            "favours_left": self._field("favours_left", tr("Words left of the axis")),
            "favours_right": self._field("favours_right", tr("Words right of the axis")),
        }
        self._lines = {name: _line(label, self._combos[name]) for name, label, _ in _EFFECT}
        self._error = Label("", Type.SMALL, "danger", wrap=True)
        self._error.setObjectName("analysis.settings_error")
        self._trouble = QWidget()
        self._trouble.setLayout(row(Glyph("circle-x", "danger", 14), self._error, spacing=6))
        self._moved = Label("", Type.SMALL, "muted", wrap=True)
        self._moved.setObjectName("analysis.settings_moved")
        self._stored: dict[str, str] = {}
        self._held: Counter[str] = Counter()
        self._lay_out()
        self.say("")

    def _lay_out(self) -> None:
        ends = row(
            self._fields["axis_lower"], Label(tr("to"), Type.SMALL, "muted"), self._fields["axis_upper"], spacing=6
        )
        ends.setStretch(0, 1)
        ends.setStretch(2, 1)
        content = QWidget()
        content.setLayout(
            column(
                section_label(tr("Effect")),
                *self._lines.values(),
                _line(tr("Direction"), self._combos["better"]),
                self._trouble,
                self._moved,
                Line(),
                section_label(tr("Groups")),
                self._group("subgroup_test", "show_total"),
                Line(),
                section_label(tr("Columns")),
                self._group("show_weights", "show_events", "show_risk_of_bias"),
                Line(),
                section_label(tr("Axis")),
                _line(tr("Range"), ends),
                _line(tr("Left"), self._fields["favours_left"]),
                _line(tr("Right"), self._fields["favours_right"]),
                None,
                spacing=5,
                margins=(14, 12, 12, 12),
            )
        )
        self._scroll = Scroll(content)
        self.setLayout(column(self._scroll, spacing=0))

    def _group(self, *names: str) -> QLayout:
        return column(*(self._boxes[name] for name in names), spacing=0)

    # showing

    def show_picture(self, picture: Picture) -> None:
        """Show the settings of an analysis and what they may be changed to."""
        settings, look = picture.data.settings, picture.data.look
        for name, combo in self._combos.items():
            if name == "better":
                if not self._held[name]:
                    combo.set_value(picture.data.better)
                continue
            found = picture.options[name]
            self._lines[name].setVisible(bool(found))
            kept = getattr(settings, name)
            _offer(combo, found, combo.value() if self._held[name] else kept)
        self._show_look(look)
        for name, words in zip(("favours_left", "favours_right"), picture.favours, strict=True):
            self._fields[name].setPlaceholderText(words if not getattr(look, name) else "")
        grouped = bool(picture.data.subgroups)
        for name in ("subgroup_test", "show_total"):
            self._boxes[name].setEnabled(grouped)
        self._boxes["show_events"].setVisible(any(column.kind == "count" for column in picture.grid.columns))

    def _show_look(self, look: Look) -> None:
        for name, box in self._boxes.items():
            if self._held[name]:
                continue
            box.blockSignals(True)
            box.setChecked(getattr(look, name))
            box.blockSignals(False)
        for name, field in self._fields.items():
            value = getattr(look, name)
            text = value if isinstance(value, str) else "" if value is None else f"{value:.4g}".replace("-", "−")
            if not (field.hasFocus() and field.text() != self._stored.get(name)):
                field.setText(text)
                field.setCursorPosition(0)
                field.set_error(False)
            self._stored[name] = text

    def say(self, error: str, moved: Sequence[str] = ()) -> None:
        """Say why a change was refused, or which settings moved along with it."""
        self._error.setText(error)
        self._trouble.setVisible(bool(error))
        self._moved.setText("\n".join(moved))
        self._moved.setVisible(bool(moved))

    def hold(self, name: str) -> None:
        """A change of this setting is under way: a picture from before it does not turn the control back."""
        self._held[name] += 1

    def release(self, name: str) -> None:
        """The change is made or refused."""
        self._held[name] -= 1

    def put_back(self, name: str, picture: Picture) -> None:
        """Show what is kept after a refusal; a field keeps what was typed, marked as wrong."""
        if name in self._fields:
            self._fields[name].set_error(True)
        else:
            self.show_picture(picture)

    # parts

    def _combo(self, name: str, title: str) -> Combo:
        combo = Combo(name=title)
        combo.setObjectName(f"analysis.{name}")
        combo.setToolTip(title)
        explain(combo, _TOPICS.get(name, f"{name}.{{value}}"))
        combo.activated.connect(lambda _index: self.changed.emit(name, combo.value()))
        return combo

    def _box(self, name: str, text: str) -> QCheckBox:
        box = QCheckBox(text)
        box.setObjectName(f"analysis.{name}")
        explain(box, _TOPICS.get(name, "figure_columns"))
        box.toggled.connect(lambda on: self.changed.emit(name, on))
        return box

    def _field(self, name: str, title: str) -> LineEdit:
        number = name.startswith("axis")
        field = LineEdit(tr("auto") if number else "", title)
        field.setObjectName(f"analysis.{name}")
        explain(field, "axis" if number else "favours")
        field.setToolTip(title)
        field.setMinimumWidth(theme.scaled(48))
        field.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        field.editingFinished.connect(lambda: self._typed(name, number=number))
        return field

    def _typed(self, name: str, *, number: bool) -> None:
        text = self._fields[name].text().strip()
        if text == self._stored.get(name, ""):
            self._fields[name].set_error(False)
            return
        if not number:
            self._stored[name] = text
            self.changed.emit(name, text)
            return
        try:
            value = parse_number(text) if text else None
        except ValueError as error:
            self._fields[name].set_error(True)
            self.say(tr("{error} The axis was not changed.", error=error))
            return
        self._stored[name] = text
        self.changed.emit(name, value)


def _line(label: str, control: QWidget | QLayout) -> QWidget:
    """A label of one width beside its control."""
    words = Label(label, Type.SMALL, "muted")
    words.setFixedWidth(theme.scaled(_LABEL_WIDTH))
    line = QWidget()
    box = row(words, spacing=4)
    if isinstance(control, QWidget):
        words.setBuddy(control)
        box.addWidget(control, 1)
    else:
        box.addLayout(control, 1)
    line.setLayout(box)
    return line


def _offer(combo: Combo, options: Sequence[Option], value: object) -> None:
    """Fill a combo; its list may be wider than the panel, so that long names can be read."""
    combo.set_entries([(tr(option.label), option.key) for option in options])
    combo.set_value(value)
    widest = max((combo.fontMetrics().horizontalAdvance(tr(option.label)) for option in options), default=0)
    combo.view().setMinimumWidth(widest + theme.scaled(40))
    combo.setToolTip(combo.currentText())
