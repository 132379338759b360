"""The settings of an analysis at the right: how it is pooled, and how it is drawn. Each change is one operation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import cast

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
_LEVELS = (0.9, 0.95, 0.99)
_TOPICS = {
    "compatibility": "rules.{value}",
    "better": "direction",
    "level": "confidence_level",
    "study_level": "confidence_level",
    "outcome_group": "outcome_group",
    "subgroup_test": "subgroup_test",
    "show_subtotals": "subgroups",
    "show_total": "total",
    "show_weights": "weight",
    "swap_events": "non_events",
    "axis_lower": "axis",
    "axis_upper": "axis",
    "experimental": "comparison",
    "control": "comparison",
    "effect_label": "measure",
    "columns": "statistic.text",
}
"""What each control is about, where its name does not say it."""
_DIRECTIONS = ((tr("As reported"), ""), (tr("Higher is better"), "higher"), (tr("Lower is better"), "lower"))
_SWITCHES = (
    ("swap_events", tr("Non-events, not events")),
    ("subgroup_test", tr("Test for differences")),
    ("show_subtotals", tr("Subtotals")),
    ("show_total", tr("Overall total")),
    ("show_weights", tr("Weights")),
    ("show_events", tr("Total events")),
    ("show_risk_of_bias", tr("Risk of bias")),
)
_BETWEEN = "; "
"""Stands between the headings of an analysis of texts."""


class SettingsPanel(Surface):
    """`changed(name, value)` asks for one change; `show_picture` shows what came of it."""

    changed = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("sunken", parent=parent)
        self.setObjectName("analysis.settings")
        self.setAccessibleName(tr("Settings of the analysis"))
        self._combos = {name: self._combo(name, title) for name, _, title in _EFFECT}
        self._own = {
            "better": self._combo("better", tr("Which direction of the effect is better")),
            "level": self._combo("level", tr("Confidence level of the pooled results")),
            "study_level": self._combo("study_level", tr("Confidence level of the studies")),
            "outcome_group": self._combo("outcome_group", tr("Group of outcomes whose risk of bias is shown")),
        }
        self._boxes = {name: self._box(name, text) for name, text in _SWITCHES}
        self._fields = {
            "axis_lower": self._field("axis_lower", tr("Left end of the axis")),
            "axis_upper": self._field("axis_upper", tr("Right end of the axis")),
            "favours_left": self._field("favours_left", tr("Words left of the axis")),
            "favours_right": self._field("favours_right", tr("Words right of the axis")),
            "effect_label": self._field("effect_label", tr("Name of the effect, such as Hazard Ratio")),
            "experimental": self._field("experimental", tr("Name of the experimental side in this analysis")),
            "control": self._field("control", tr("Name of the control side in this analysis")),
            "columns": self._field("columns", tr("Headings of the texts, with semicolons between them")),
        }
        self._fields["columns"].setPlaceholderText(tr("Text"))
        self._lines = {name: _line(label, self._combos[name]) for name, label, _ in _EFFECT}
        self._lines["effect_label"] = _line(tr("Name"), self._fields["effect_label"])
        self._lines["outcome_group"] = _line(tr("Group"), self._own["outcome_group"])
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
        self._sections = (
            _section(
                tr("Effect"),
                *self._lines_of("measure", "effect_label"),
                self._boxes["swap_events"],
                *self._lines_of("method", "model", "tau2", "ci", "pi", "compatibility"),
                _line(tr("Direction"), self._own["better"]),
                _line(tr("Level"), self._own["level"]),
                _line(tr("Studies"), self._own["study_level"]),
            ),
            _section(tr("Groups"), self._group("subgroup_test", "show_subtotals", "show_total")),
            _section(
                tr("Columns"),
                self._group("show_weights", "show_events", "show_risk_of_bias"),
                self._lines["outcome_group"],
                _line(tr("Side 1"), self._fields["experimental"]),
                _line(tr("Side 2"), self._fields["control"]),
            ),
            _section(
                tr("Axis"),
                _line(tr("Range"), ends),
                _line(tr("Left"), self._fields["favours_left"]),
                _line(tr("Right"), self._fields["favours_right"]),
                line=False,
            ),
        )
        self._of_texts = _section(tr("Columns"), _line(tr("Headings"), self._fields["columns"]), line=False)
        trouble = column(self._trouble, self._moved, spacing=5)
        content = QWidget()
        parts = (*self._sections[:1], trouble, *self._sections[1:], self._of_texts, None)
        content.setLayout(column(*parts, spacing=5, margins=(14, 12, 12, 12)))
        self._scroll = Scroll(content)
        self.setLayout(column(self._scroll, spacing=0))

    def _lines_of(self, *names: str) -> list[QWidget]:
        return [self._lines[name] for name in names]

    def _group(self, *names: str) -> QLayout:
        return column(*(self._boxes[name] for name in names), spacing=0)

    # showing

    def show_picture(self, picture: Picture) -> None:
        """Show the settings of an analysis and what they may be changed to."""
        settings = picture.data.settings
        for name, combo in self._combos.items():
            found = picture.options[name]
            self._lines[name].setVisible(bool(found))
            kept = getattr(settings, name)
            _offer(combo, [(tr(each.label), each.key) for each in found], combo.value() if self._held[name] else kept)
        self._show_own(picture)
        self._show_look(picture)
        self._show_parts(picture)

    def _show_own(self, picture: Picture) -> None:
        """The choices that are not those of the measure."""
        data = picture.data
        levels = sorted({*_LEVELS, data.settings.level, data.settings.level_of_studies})
        percent = [(f"{100 * level:g}%", level) for level in levels]
        groups = dict.fromkeys((*data.outcome_groups, data.look.outcome_group))
        offered = {
            "better": (_DIRECTIONS, data.better),
            "level": (percent, data.settings.level),
            "study_level": ([(tr("As the pooled result"), None), *percent], data.settings.study_level),
            "outcome_group": (
                [(tr("All outcomes"), ""), *((group, group) for group in groups if group)],
                data.look.outcome_group,
            ),
        }
        for name, (entries, kept) in offered.items():
            if not self._held[name]:
                _offer(self._own[name], entries, kept)

    def _show_parts(self, picture: Picture) -> None:
        """Only what has a meaning for the kind of data, and for what there is of it."""
        data = picture.data
        columns = {each.key for each in picture.grid.columns}
        for section in self._sections:
            section.setVisible(not picture.grid.of_texts)
        self._of_texts.setVisible(picture.grid.of_texts)
        self._lines["effect_label"].setVisible("yi" in columns or "oei" in columns)
        self._lines["outcome_group"].setVisible(bool(data.outcome_groups or data.look.outcome_group))
        counted = "ai" in columns
        self._boxes["swap_events"].setVisible(counted and "oei" not in columns)
        self._boxes["show_events"].setVisible(counted or ("n1i" in columns and "yi" in columns))
        events = tr("Total non-events") if data.settings.swap_events else tr("Total events")
        self._boxes["show_events"].setText(events if counted else tr("Participants"))
        for name in ("subgroup_test", "show_subtotals"):
            self._boxes[name].setEnabled(bool(data.subgroups))
        words: dict[str, str] = dict(zip(("favours_left", "favours_right"), picture.favours, strict=True))
        words |= dict(zip(("experimental", "control"), data.sides, strict=True))
        words["effect_label"] = tr(picture.result.effect_label)
        for name, text in words.items():
            self._fields[name].setPlaceholderText(text if not getattr(data.look, name) else "")

    def _show_look(self, picture: Picture) -> None:
        for name, box in self._boxes.items():
            if self._held[name]:
                continue
            box.blockSignals(True)
            box.setChecked(bool(_kept(picture, name)))
            box.blockSignals(False)
        for name, field in self._fields.items():
            text = _text(_kept(picture, name))
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
        explain(field, _TOPICS.get(name, "favours"))
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
            self.changed.emit(name, text.split(_BETWEEN.strip()) if name == "columns" else text)
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


def _section(title: str, *parts: QWidget | QLayout, line: bool = True) -> QWidget:
    """A group of settings under its title, that can be hidden as a whole."""
    made = QWidget()
    made.setLayout(column(section_label(title), *parts, *([Line()] if line else []), spacing=5))
    return made


def _kept(picture: Picture, name: str) -> object:
    """What is stored of a setting."""
    settings = picture.data.settings
    return getattr(settings if hasattr(settings, name) else picture.data.look, name)


def _text(value: object) -> str:
    """A setting as its field shows it."""
    if isinstance(value, tuple):
        return _BETWEEN.join(map(str, cast("tuple[object, ...]", value)))
    if isinstance(value, float):
        return f"{value:.4g}".replace("-", "−")
    return "" if value is None else str(value)


def _offer(combo: Combo, entries: Sequence[tuple[str, object]], value: object) -> None:
    """Fill a combo; its list may be wider than the panel, so that long names can be read."""
    combo.set_entries(entries)
    combo.set_value(value)
    widest = max((combo.fontMetrics().horizontalAdvance(text) for text, _ in entries), default=0)
    combo.view().setMinimumWidth(widest + theme.scaled(40))
    combo.setToolTip(combo.currentText())
