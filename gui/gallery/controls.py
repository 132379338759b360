"""Buttons, fields and switches in the gallery."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QStringListModel
from PySide6.QtWidgets import QCheckBox, QLabel, QListView, QMenu, QPlainTextEdit, QRadioButton, QWidget

from gui import theme
from gui.gallery.entries import Entry, Section, Stage, State, grid, line, named, stack
from gui.widgets.buttons import Button, Kind, icon_button
from gui.widgets.fields import Combo, Field, LineEdit, SegmentedControl
from gui.widgets.keys import KeyCap
from gui.widgets.panes import Tab, TabLine, column

_PRESSING = (State.REST, State.HOVER, State.PRESSED, State.FOCUSED, State.SELECTED, State.DISABLED)
_TYPING = (State.REST, State.HOVER, State.FOCUSED, State.ERROR, State.DISABLED)
_FIELD_WIDTH = 152
_LIST_EDGE = 1
_MEASURES = (("Odds ratio", "or"), ("Risk ratio", "rr"), ("Risk difference", "rd"))


def _buttons(stage: Stage) -> QWidget:
    once = ((Kind.PRIMARY, "Primary"), (Kind.DANGER, "Danger"))
    toggled = ((Kind.DEFAULT, "Default"), (Kind.QUIET, "Quiet"))
    return stack(
        *(
            grid(stage, states, [(name, lambda _state, kind=kind: Button("Merge", kind=kind)) for kind, name in kinds])
            for states, kinds in ((_PRESSING, toggled), (tuple(s for s in _PRESSING if s is not State.SELECTED), once))
        )
    )


def _decisions(stage: Stage) -> QWidget:
    kinds = (
        (Kind.INCLUDE, "Include", "check", "I"),
        (Kind.MAYBE, "Maybe", "circle-help", "M"),
        (Kind.EXCLUDE, "Exclude", "x", "E"),
    )
    return grid(
        stage,
        _PRESSING,
        [
            (text, lambda _state, kind=kind, text=text, icon=icon, key=key: Button(text, icon=icon, kind=kind, key=key))
            for kind, text, icon, key in kinds
        ],
        upright=True,
    )


def _button_parts(stage: Stage) -> QWidget:
    loading = Button("Merge", icon="merge", kind=Kind.PRIMARY)
    loading.set_loading(True)
    menu = QMenu(stage.holder)
    menu.addAction("As RIS")
    return line(
        Button("Export", icon="download", menu=menu),
        Button("Undo", icon="undo-2", kind=Kind.QUIET, key="U"),
        Button("Merge", icon="merge", kind=Kind.PRIMARY, key="M"),
        Button("Small", small=True),
        loading,
    )


def _icon_buttons(stage: Stage) -> QWidget:
    return grid(
        stage,
        _PRESSING,
        [
            ("Control, 28", lambda _state: icon_button("columns-3", "Columns")),
            ("Small, 24", lambda _state: icon_button("x", "Close", small=True)),
        ],
    )


def _key_caps(stage: Stage) -> QWidget:
    return line(*(KeyCap(key) for key in ("I", "Ctrl+K", "Ctrl+Shift+Z", "Return", "Esc", "Alt+Left", "F8", "?")))


def _line_edit(state: State) -> QWidget:
    edit = LineEdit("Total randomised", "Dose")
    edit.setText("0.5 mg/kg")
    edit.setFixedWidth(_FIELD_WIDTH)
    edit.set_error(state is State.ERROR)
    return edit


def _search_field(state: State) -> QWidget:
    edit = LineEdit("Find a record", icon="search")
    edit.setFixedWidth(_FIELD_WIDTH)
    edit.set_error(state is State.ERROR)
    return edit


class QComboBox(QWidget):
    """A list of choices that stays open; the style sheet knows it by the name of its class."""

    def __init__(self, choices: Sequence[str], current: int) -> None:
        super().__init__()
        self.list = QListView()
        self.list.setModel(QStringListModel(choices, self))
        self.list.setCurrentIndex(self.list.model().index(current, 0))
        self.list.setAccessibleName("Measure")
        self.setLayout(column(self.list, spacing=0))
        self.setFixedSize(_FIELD_WIDTH, len(choices) * theme.scaled(26) + 2 * _LIST_EDGE)


class QToolTip(QLabel):
    """A tooltip that stays; the style sheet knows it by the name of its class."""


def _opened(stage: Stage) -> QWidget:
    opened = QComboBox([name for name, _ in _MEASURES], 1)
    stage.hold(opened, State.SELECTED)
    tip = QToolTip("Settings of the analysis (Ctrl+Shift+B)")
    return line(named("Open list", opened), 12, named("Tooltip", tip))


def _combo(state: State) -> QWidget:
    combo = Combo(_MEASURES, "Measure")
    combo.setFixedWidth(_FIELD_WIDTH)
    combo.set_error(state is State.ERROR)
    return combo


def _text_area(state: State) -> QWidget:
    area = QPlainTextEdit("(ketamine OR esketamine)\nAND anxiety")
    area.setAccessibleName("Search")
    area.setFixedSize(_FIELD_WIDTH, 72)
    return area


def _fields(stage: Stage) -> QWidget:
    return grid(stage, _TYPING, [("Line", _line_edit), ("Empty", _search_field), ("Choice", _combo)])


def _text_areas(stage: Stage) -> QWidget:
    return grid(stage, (State.REST, State.HOVER, State.FOCUSED, State.DISABLED), [("Lines", _text_area)])


def _labelled(stage: Stage) -> QWidget:
    plain = Field("Dose", LineEdit("mg/kg"), "As the report gives it.")
    wrong = Field("Events", LineEdit("Events"))
    wrong.control.setText("31")  # pyright: ignore[reportAttributeAccessIssue] - a LineEdit, two lines up
    wrong.set_error("More events (31) than participants (22).")
    chosen = Field("Measure", Combo(_MEASURES))
    wrong_choice = Field("Method", Combo((("Peto", "peto"),)))
    wrong_choice.set_error("Peto pools odds ratios only.")
    for each in (plain, wrong, chosen, wrong_choice):
        each.setFixedWidth(200)
    return line(plain, chosen, wrong, wrong_choice)


def _ticks(stage: Stage) -> QWidget:
    def check(ticked: bool) -> QWidget:
        box = QCheckBox("Weights")
        box.setChecked(ticked)
        return box

    def radio(chosen: bool) -> QWidget:
        button = QRadioButton("Random")
        button.setAutoExclusive(False)
        button.setChecked(chosen)
        return button

    states = (State.REST, State.HOVER, State.PRESSED, State.FOCUSED, State.DISABLED)
    return grid(
        stage,
        states,
        [
            ("Off", lambda _state: check(False)),
            ("On", lambda _state: check(True)),
            ("Not chosen", lambda _state: radio(False)),
            ("Chosen", lambda _state: radio(True)),
        ],
    )


def _segments(stage: Stage) -> QWidget:
    def make(_state: State) -> QWidget:
        return SegmentedControl((("mine", "Mine"), ("compare", "Compare")), "View")

    return grid(
        stage, (State.REST, State.HOVER, State.FOCUSED, State.DISABLED), [("Two views", make)], spot=QPointF(70, 12)
    )


def _tabs(stage: Stage) -> QWidget:
    def make(_state: State) -> QWidget:
        tabs = TabLine((Tab("records", "Records", "3,127"), Tab("sources", "Sources", "4")))
        tabs.setFixedHeight(48)
        return tabs

    return grid(
        stage, (State.REST, State.HOVER, State.FOCUSED, State.DISABLED), [("With counts", make)], spot=QPointF(140, 24)
    )


BUTTONS = Section(
    "buttons",
    "Buttons",
    "check",
    (
        Entry("Buttons", (Button,), _buttons, "One primary button a page. Dangerous is never the default."),
        Entry("Decisions", (Button,), _decisions),
        Entry("With icon, key, menu, small, loading", (Button,), _button_parts),
        Entry("Icon buttons", (Button,), _icon_buttons),
        Entry("Key-caps", (KeyCap,), _key_caps),
    ),
)

FIELDS = Section(
    "fields",
    "Fields",
    "pencil",
    (
        Entry("Fields and combos", (LineEdit, Combo), _fields),
        Entry("Text of several lines", (QPlainTextEdit,), _text_areas),
        Entry("Label, hint and error", (Field,), _labelled),
        Entry("Check boxes and radio buttons", (QCheckBox, QRadioButton), _ticks),
        Entry("What opens over the page", (QComboBox, QToolTip), _opened, "The second entry is current."),
        Entry("Segmented control", (SegmentedControl,), _segments, "Two to four exclusive views; a combo beyond."),
        Entry("Tabs", (TabLine,), _tabs),
    ),
)
