"""The panel in which one says what results a study reports: of which outcome, in whom, when and measured how."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget
from typing_extensions import override

from core.extraction.statistics import ARM_STATISTICS, measures_for
from core.language import counted, tr
from core.model import Direction, Id, OutcomeKind, Period, ValueKind
from core.store.queries.extraction import ResultView
from core.store.queries.studies import MeasurementView
from core.store.queries.team import Outcome
from gui.explaining import explain
from gui.pages.extraction.new_outcome import NewOutcome
from gui.pages.extraction.reading import Sheet
from gui.pages.extraction.words import (
    DIRECTIONS,
    KINDS,
    KINDS_OF_ARM,
    KINDS_OF_CONTRAST,
    PERIODS,
    lower_direction,
)
from gui.pages.screening.side import clear
from gui.theme import Type
from gui.widgets.buttons import Button, Kind
from gui.widgets.fields import Combo, Field, LineEdit, SegmentedControl
from gui.widgets.labels import Label
from gui.widgets.panes import Card, column, row, widgets_of

if TYPE_CHECKING:
    from gui.pages.extraction.page import ExtractionPage

_NEW = "new"
_TOPICS = {
    "shape": "contrast",
    "measure": "measure.{value}",
    "population": "population",
    "time": "time_point",
    "period": "period",
    "kind": "value_kind",
    "instrument": "instrument",
    "instrument_name": "instrument",
    "better": "direction",
    "definition": "instrument",
}
"""What each control is about."""


@dataclass(frozen=True)
class WantedMeasurement:
    """With what an outcome was measured: an instrument of the study (as it is to be called), or a new one."""

    id: Id | None
    instrument: str
    better: Direction | None
    definition: str


@dataclass(frozen=True)
class WantedResults:
    """What the panel asks for: a result for each arm, or one contrast."""

    outcome_id: Id
    arm_ids: tuple[Id | None, ...]
    effect_measure: str = ""
    population_id: Id | None = None
    time_point: str = ""
    period: Period = Period.ONLY
    kind: ValueKind | None = None
    measurement: WantedMeasurement | None = None
    changes: tuple[Id, ...] = field(default=())
    """The results to be changed; none when new ones are to be added."""


class ResultPanel(Card):
    """See the module. `wanted(WantedResults)` when one is done; `closed` when one gave up."""

    wanted = Signal(object)
    closed = Signal()

    def __init__(self, page: ExtractionPage) -> None:
        super().__init__("sunken", "border")
        self._page = page
        self._sheet: Sheet | None = None
        self._changes: tuple[ResultView, ...] = ()
        self._title = Label("", Type.STRONG)
        self.outcome = Combo([], tr("Outcome"))
        self.new_outcome = NewOutcome(page)
        self.shape = SegmentedControl(
            (("arms", tr("Arm by arm")), ("contrast", tr("Difference between arms"))), tr("Reported")
        )
        self.measure = Combo([], tr("Effect measure"))
        self.population = Combo([], tr("Population"))
        self.time = LineEdit("", tr("Time point"))
        self.period = Combo([(text, period) for period, text in PERIODS.items()], tr("Period"))
        self.kind = Combo([], tr("What the values are"))
        self.instrument = Combo([], tr("Measured with"))
        self.instrument_name = LineEdit(tr("HAM-A, LSAS, a count"), tr("Name of the instrument"))
        self.better = Combo([(tr("As the outcome"), None), *((t, d) for d, t in DIRECTIONS.items())], tr("Direction"))
        self.definition = LineEdit(tr("What counts as an event, or the scale’s range"), tr("Definition"))
        self.submit = Button(tr("Add"), icon="plus")
        self.cancel = Button(tr("Cancel"), kind=Kind.QUIET)
        self._arms = column(spacing=0)
        self._name_widgets()
        self._lay_out()
        self._connect()
        self.hide()

    def _name_widgets(self) -> None:
        for name in (
            "outcome", "shape", "measure", "population", "time", "period", "kind", "instrument", "instrument_name",
            "better", "definition", "submit", "cancel",
        ):  # fmt: skip
            getattr(self, name).setObjectName(f"result.{name}")
        explain(self, "outcome")
        for name, topic in _TOPICS.items():
            explain(getattr(self, name), topic)
        self.setObjectName("result.panel")

    def _lay_out(self) -> None:
        self._arms_place = QWidget()
        self._arms_place.setLayout(column(Label(tr("Arms"), Type.SMALL_LABEL), self._arms, spacing=2))
        self._fields = {
            "measure": Field(tr("Effect measure"), self.measure),
            "population": Field(tr("Population"), self.population),
            "kind": Field(tr("What the values are"), self.kind),
            "time": Field(tr("Time point"), self.time),
            "instrument_name": Field(tr("Name of the instrument"), self.instrument_name),
            "better": Field(tr("Direction"), self.better),
            "definition": Field(tr("Definition"), self.definition),
        }
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(10)
        grid.addWidget(self._fields["time"], 0, 0)
        grid.addWidget(self._fields["population"], 0, 1)
        grid.addWidget(Field(tr("Period"), self.period), 0, 2)
        grid.addWidget(self._fields["kind"], 1, 0)
        grid.addWidget(Field(tr("Measured with"), self.instrument), 1, 1)
        grid.addWidget(self._fields["measure"], 1, 2)
        grid.addWidget(self._fields["instrument_name"], 2, 0)
        grid.addWidget(self._fields["better"], 2, 1)
        grid.addWidget(self._fields["definition"], 2, 2)
        for number in range(3):
            grid.setColumnStretch(number, 1)
        self._outcome_field = Field(tr("Outcome"), self.outcome)
        line = row(self._outcome_field, spacing=12)
        line.addWidget(self.shape, 0, Qt.AlignmentFlag.AlignBottom)
        line.setStretch(0, 1)
        self.box.addLayout(row(self._title, None))
        self.box.addLayout(line)
        self.box.addWidget(self.new_outcome)
        self._rest = QWidget()
        self._rest.setLayout(column(self._arms_place, grid, spacing=10))
        self.box.addWidget(self._rest)
        self.box.addLayout(row(self.submit, self.cancel, None))

    def _connect(self) -> None:
        self.outcome.activated.connect(self._outcome_chosen)
        self.shape.chosen.connect(lambda _shape: self._show_shape())
        self.instrument.activated.connect(self._show_instrument)
        self.submit.clicked.connect(self._submit)
        self.cancel.clicked.connect(self.close_panel)
        for edit in (self.time, self.instrument_name, self.definition):
            edit.returnPressed.connect(self._submit)

    # opening

    def open_for(self, sheet: Sheet, outcome_id: Id | None = None, changes: Sequence[ResultView] = ()) -> None:
        """Ask for new results (of an outcome), or for changes of these."""
        self._sheet, self._changes = sheet, tuple(changes)
        first = changes[0] if changes else None
        self._title.setText(_change(changes) if first else tr("Add outcome data"))
        self.submit.set_label(tr("Change") if first else tr("Add"))
        self.submit.set_icon_name("check" if first else "plus")
        self.time.setText(first.time_point if first and len({each.time_point for each in changes}) == 1 else "")
        self._take_sheet(sheet)
        self.outcome.set_value(first.outcome_id if first else outcome_id)
        self.period.set_value(first.period if first else Period.ONLY)
        self.population.set_value(first.population_id if first else None)
        self.show()
        self._outcome_chosen()
        if first:
            self.shape.set_current("contrast" if first.is_contrast else "arms")
            self.kind.set_value(first.kind)
            self.measure.set_value(first.effect_measure)
            self.instrument.set_value(first.measurement_id)
            self._show_instrument()
        (self.time if first else self.outcome).setFocus(Qt.FocusReason.OtherFocusReason)

    def show_sheet(self, sheet: Sheet) -> None:
        """The study has changed while the panel is open: offer what there is now."""
        if self.isHidden():
            return
        if self._sheet is None or self._sheet.study.id != sheet.study.id:
            self.close_panel()
            return
        known = {outcome.id for outcome in self._sheet.outcomes}
        self._sheet = sheet
        self._take_sheet(sheet)
        new = [outcome.id for outcome in sheet.outcomes if outcome.id not in known]
        if new:
            self.outcome.set_value(new[-1])
            self._outcome_chosen()
            self._page.extract_tab.reveal(self)

    def _take_sheet(self, sheet: Sheet) -> None:
        self.outcome.set_entries([(outcome.label, outcome.id) for outcome in sheet.outcomes])
        self.population.set_entries(
            [(tr("All participants"), None), *((p.label, p.id) for p in sheet.study.populations)]
        )
        self._fields["population"].setEnabled(bool(sheet.study.populations))
        self.new_outcome.show_for(sheet.outcomes)
        wanted = tuple(arm.id for arm in sheet.study.arms)
        if wanted != tuple(box.property("arm") for box in self.arm_boxes()):
            clear(self._arms)
            for number, arm in enumerate(sheet.study.arms, 1):
                box = QCheckBox(arm.label)
                box.setObjectName(f"result.arm.{number}")
                box.setProperty("arm", arm.id)
                box.setChecked(True)
                self._arms.addWidget(box)
        for box, arm in zip(self.arm_boxes(), sheet.study.arms, strict=True):
            box.setText(arm.label)

    def arm_boxes(self) -> list[QCheckBox]:
        """A check box for each arm."""
        return [box for box in widgets_of(self._arms) if isinstance(box, QCheckBox)]

    def _outcome(self) -> Outcome | None:
        outcomes = self._sheet.outcomes if self._sheet is not None else ()
        return next((each for each in outcomes if each.id == self.outcome.value()), None)

    # what depends on what is chosen

    def _outcome_chosen(self) -> None:
        outcome = self._outcome()
        self._rest.setVisible(outcome is not None)
        self.shape.setVisible(outcome is not None)
        self.submit.setEnabled(outcome is not None)
        if outcome is None or self._sheet is None:
            return
        self.time.setPlaceholderText(outcome.time_window)
        instruments = [m for m in self._sheet.study.measurements if m.outcome_id == outcome.id]
        entries = [(m.instrument, m.id) for m in instruments]
        self.instrument.set_entries([(tr("Not said"), None), *entries, (tr("Another instrument…"), _NEW)])
        kind = OutcomeKind(outcome.kind)
        measures = measures_for(kind)
        self.measure.set_entries([(f"{tr(m.label)} ({m.key})", m.key) for m in measures])
        if not self._changes:
            self.shape.set_current("arms" if kind in ARM_STATISTICS else "contrast")
            self.measure.set_value(_usual_measure(outcome))
        self._show_shape()
        self._show_instrument()

    def _show_shape(self) -> None:
        outcome = self._outcome()
        kind = OutcomeKind(outcome.kind) if outcome is not None else None
        whole = kind is not None and kind not in ARM_STATISTICS
        if whole and self.shape.current() == "arms":
            self.shape.set_current("contrast")
            return
        contrast = self.shape.current() == "contrast"
        self.shape.setEnabled(not whole and not self._changes)
        self.shape.setVisible(kind is not OutcomeKind.OTHER)
        self.outcome.setEnabled(not self._changes)
        self._arms_place.setVisible(not contrast and not self._changes)
        self._fields["measure"].setVisible(contrast and kind is not OutcomeKind.OTHER)
        self._fields["kind"].setVisible(kind is not OutcomeKind.OTHER)
        kinds: Sequence[ValueKind] = KINDS_OF_CONTRAST
        if not contrast:
            kinds = KINDS_OF_ARM[OutcomeKind(outcome.kind)] if outcome is not None else ()
        self.kind.set_entries([(KINDS[kind], kind) for kind in kinds])
        if self.kind.currentIndex() < 0 and kinds:
            self.kind.setCurrentIndex(0)
        self._fields["time"].setEnabled(len({each.time_point for each in self._changes}) < 2)

    def _show_instrument(self) -> None:
        instrument = self.instrument.value()
        known = self._measurement(instrument)
        for name in ("instrument_name", "better", "definition"):
            self._fields[name].setVisible(instrument is not None)
        self.instrument_name.setText(known.instrument if known else "")
        self.better.set_value(known.better if known else None)
        self.definition.setText(known.definition if known else "")
        outcome = self._outcome()
        usual = lower_direction(Direction(outcome.better)) if outcome is not None and outcome.better else ""
        self.better.setItemText(0, tr("As the outcome ({usual})", usual=usual) if usual else tr("As the outcome"))
        if instrument == _NEW and self.instrument.hasFocus():
            self.instrument_name.setFocus()

    def _measurement(self, instrument: object) -> MeasurementView | None:
        measurements = self._sheet.study.measurements if self._sheet is not None else ()
        return next((each for each in measurements if each.id == instrument), None)

    # leaving

    def _submit(self) -> None:
        outcome = self._outcome()
        if outcome is None:
            self._outcome_field.set_error(tr("Choose the outcome these data belong to."))
            return
        contrast = self.shape.current() == "contrast"
        arms: tuple[Id | None, ...] = (None,)
        if not contrast and not self._changes:
            arms = tuple(box.property("arm") for box in self.arm_boxes() if box.isChecked())
        if not arms:
            self._outcome_field.set_error(
                tr("Add the arms of the study first, or tick those that report this outcome.")
            )
            return
        if self.instrument.value() == _NEW and not self.instrument_name.text().strip():
            self._fields["instrument_name"].set_error(tr("Name the instrument, or choose “Not said” above."))
            return
        self._clear_errors()
        self.wanted.emit(self._wanted(outcome, arms, contrast=contrast))

    def _wanted(self, outcome: Outcome, arms: tuple[Id | None, ...], *, contrast: bool) -> WantedResults:
        population = self.population.value()
        return WantedResults(
            outcome.id,
            arms,
            str(self.measure.value() or "") if contrast and measures_for(OutcomeKind(outcome.kind)) else "",
            population if isinstance(population, bytes) else None,
            self.time.text().strip(),
            self.period.member(Period) or Period.ONLY,
            self.kind.member(ValueKind),
            self._wanted_measurement(),
            tuple(each.id for each in self._changes),
        )

    def _wanted_measurement(self) -> WantedMeasurement | None:
        instrument = self.instrument.value()
        if instrument is None:
            return None
        known = self._measurement(instrument)
        return WantedMeasurement(
            known.id if known else None,
            self.instrument_name.text().strip(),
            self.better.member(Direction),
            self.definition.text().strip(),
        )

    def _clear_errors(self) -> None:
        self._outcome_field.set_error("")
        self._fields["instrument_name"].set_error("")

    def close_panel(self) -> None:
        """Give up."""
        self._clear_errors()
        self.hide()
        self.closed.emit()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_panel()
            return
        super().keyPressEvent(event)


def _change(results: Sequence[ResultView]) -> str:
    return counted("Change “{name}”", "Change {n} results", len(results), name=results[0].label)


def _usual_measure(outcome: Outcome) -> str:
    return {OutcomeKind.DICHOTOMOUS: "OR", OutcomeKind.O_E: "O-E"}.get(OutcomeKind(outcome.kind), "MD")
