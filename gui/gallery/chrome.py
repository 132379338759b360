"""What stands round every page: rail, top bar, page header, status bar; and tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QMenu, QWidget

from gui.gallery.entries import Entry, Section, Stage, State, grid, line, named, stack
from gui.operations import TaskState
from gui.widgets.buttons import Button, Kind, icon_button
from gui.widgets.column_meanings import ColumnMeanings
from gui.widgets.marks import Tone
from gui.widgets.panes import PageHeader, Tab
from gui.widgets.rail import Rail, RailItem, StageProgress
from gui.widgets.status_bar import StatusBar
from gui.widgets.table import Column, IdTableModel, Table
from gui.widgets.table_header import TableHeader
from gui.widgets.top_bar import Person, PersonButton, SearchButton, TitleButton, TopBar

_PRESSING = (State.REST, State.HOVER, State.PRESSED, State.FOCUSED, State.SELECTED)
_ASHA = Person(b"1", "Asha Menon", "AM", 1, False)
_ROSA = Person(b"3", "Rosa Klein", "RK", 3, True)
_STAGES = (
    ("overview", "Overview", "layout-dashboard", "Ctrl+1"),
    ("references", "References", "library", "Ctrl+2"),
    ("screening", "Screening", "list-checks", "Ctrl+3"),
)


@dataclass(frozen=True)
class _Study:
    name: str
    events: int
    total: int
    state: tuple[str, Tone] | None


_STUDIES = (
    _Study("Ross 2019", 1111, 8888, ("Include", Tone.INCLUDE)),
    _Study("Glue 2017", 9, 12, ("Settled", Tone.SUCCESS)),
    _Study("Feder 2014, with a name that is too long for its column", 8, 22, None),
    _Study("Taylor 2018", 6, 18, ("Differs", Tone.WARN)),
)
_COLUMNS = (
    Column[_Study]("name", "Study", lambda study: study.name, stretch=True, sortable=True),
    Column[_Study]("events", "Events", lambda study: f"{study.events:,}", width=84, align="right", sortable=True),
    Column[_Study]("total", "Total", lambda study: f"{study.total:,}", width=84, align="right"),
    Column[_Study]("state", "State", chip=lambda study: study.state, width=120),
)


def _rail_items(stage: Stage) -> QWidget:
    def make(wide: bool, share: float) -> QWidget:
        item = RailItem("Screening", "list-checks", "Ctrl+3")
        item.setAutoExclusive(False)
        item.set_wide(wide)
        item.set_progress(StageProgress(share, f"{share:.0%}"))
        item.setFixedWidth(item.sizeHint().width())
        return item

    wide = (State.REST, State.HOVER, State.FOCUSED, State.SELECTED)
    return stack(
        grid(stage, _PRESSING, [("Compact", lambda _state: make(False, 0.61))]),
        grid(stage, wide, [("Wide", lambda _state: make(True, 0.61)), ("Done", lambda _state: make(True, 1.0))]),
    )


def _rails(stage: Stage) -> QWidget:
    rails: list[QWidget | int] = []
    for wide in (False, True):
        rail = Rail(_STAGES)
        rail.set_wide(wide)
        rail.set_current("references")
        rail.set_progress("references", StageProgress(1.0, "100%"))
        rail.set_progress("screening", StageProgress(0.61, "61%"))
        rail.setFixedHeight(220)
        rails += [rail, 24]
    return line(*rails)


def _top_bar(stage: Stage) -> QWidget:
    bar = TopBar(QMenu(stage.holder))
    bar.set_title("Ketamine for treatment-refractory anxiety disorders")
    bar.set_people((_ASHA, _ROSA), _ASHA)
    bar.set_role("Blinded", Tone.OUTLINE, "eye-off")
    bar.set_undo("Include record 1,925", None)
    return bar


def _top_buttons(stage: Stage) -> QWidget:
    def title(_state: State) -> QWidget:
        button = TitleButton()
        button.setText("Ketamine")
        return button

    def person(one: Person) -> QWidget:
        button = PersonButton()
        button.set_person(one)
        return button

    states = (State.REST, State.HOVER, State.PRESSED, State.FOCUSED)
    return grid(
        stage,
        states,
        [("Title", title), ("Reviewer", lambda _state: person(_ASHA)), ("Adjudicator", lambda _state: person(_ROSA))],
    )


def _search(stage: Stage) -> QWidget:
    def narrow(_state: State) -> QWidget:
        button = SearchButton()
        button.set_wide(False)
        return button

    return grid(stage, (State.REST, State.HOVER, State.FOCUSED), [("Narrow", narrow)])


def _page_header(stage: Stage) -> QWidget:
    tabs = PageHeader("References", (Tab("records", "Records", "3,127"), Tab("sources", "Sources", "4")))
    tabs.add(Button("Export", icon="download"), Button("Import files", icon="import", kind=Kind.PRIMARY))
    fact = PageHeader("Protocol")
    fact.set_fact("PROSPERO CRD42026000000")
    fact.add(icon_button("ellipsis", "More"))
    return stack(tabs, fact)


def _status_bars(stage: Stage) -> QWidget:
    done, failed, idle, working = (StatusBar() for _ in range(4))
    stage.settled_after = 1100
    working.task_changed(TaskState(1, "Importing embase.ris", 310, None))
    working.task_changed(TaskState(2, "Ranking 1,204 records", 4, 10))
    working.saved()
    done.say("Excluded: wrong design. U takes it back.", lambda: None)
    done.saved()
    failed.not_saved("The disk is full.", lambda _why: None)
    idle.saved()
    return stack(working, done, failed, idle)


def _table(stage: Stage, *, focused: bool) -> QWidget:
    ids = [bytes([number]) for number in range(len(_STUDIES))]

    def fetch(wanted: Sequence[bytes]) -> list[_Study]:
        return [_STUDIES[each[0]] for each in wanted]

    model = IdTableModel(_COLUMNS, fetch)
    table = Table(model, "Studies")
    model.setParent(table)
    table.setFixedSize(560, 28 * (len(_STUDIES) + 1) + 2)
    model.set_ids(ids)
    table.show_sort("events", descending=True)
    table.choose(1)
    stage.hold(table, State.HOVER, QPointF(40, 70))
    if focused:
        stage.focus(table)
    return table


def _tables(stage: Stage) -> QWidget:
    return stack(
        named("With the focus", _table(stage, focused=True)),
        named("Without", _table(stage, focused=False)),
    )


_SHEET = (("Feder 2014", "12", "41"), ("Rosén 2016", "8", "36"), ("Akar 2021", "3", "29"))
_MEANINGS = (("Not read", ""), ("Study", "study"), ("Events", "events"), ("Total", "total"))


def _meanings(stage: Stage) -> QWidget:
    def judged(keys: tuple[str, ...]) -> tuple[str, bool]:
        return ("3 studies will be read.", True) if "study" in keys else ("No column names the study.", False)

    samples: list[QWidget] = []
    for name, chosen in (("Can be read", ("study", "events", "total")), ("Cannot be read", ("", "events", "total"))):
        panel = ColumnMeanings("What do the columns mean?", "Say what each column holds.", "Read the table")
        panel.show_table(_SHEET, ("Trial", "n", "N"), _MEANINGS, chosen, judged)
        panel.setFixedSize(640, 330)
        samples.append(named(name, panel))
    return stack(*samples)


CHROME = Section(
    "chrome",
    "Round the page",
    "panel-left",
    (
        Entry("Stages of the rail", (RailItem,), _rail_items),
        Entry("Rail", (Rail,), _rails),
        Entry("Top bar", (TopBar,), _top_bar),
        Entry("Buttons of the top bar", (TitleButton, PersonButton), _top_buttons),
        Entry("Search of the top bar", (SearchButton,), _search),
        Entry("Page header", (PageHeader,), _page_header),
        Entry(
            "Status bar",
            (StatusBar,),
            _status_bars,
            "The newest task (it appears when it has lasted a second), a done fact (for six seconds), a failure, rest.",
        ),
    ),
)

TABLES = Section(
    "tables",
    "Tables",
    "table",
    (
        Entry(
            "Table",
            (Table, TableHeader),
            _tables,
            "The second row is selected, the pointer is over the third; sorted by events.",
        ),
        Entry(
            "Meanings of columns",
            (ColumnMeanings,),
            _meanings,
            "What would come of the table with the meanings chosen stands beside its buttons.",
        ),
    ),
)
