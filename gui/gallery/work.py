"""Studies and reports in lists, and judging the risk of bias."""

from __future__ import annotations

import tempfile
from pathlib import Path

from PySide6.QtWidgets import QWidget

from core.riskofbias.summary import DomainCounts
from core.riskofbias.tools import USUAL_TOOL, tool
from gui.actions import Action, Registry
from gui.gallery.entries import Entry, Section, Stage, State, grid, line, named, stack
from gui.gallery.numbers import ASHA, ROSA, TOM
from gui.pages.extraction.study_list import Mark, StudyLine, StudyList
from gui.pages.riskofbias.judging import LevelButton
from gui.pages.riskofbias.lights import Light, LightRow, Sign, WorkSign
from gui.pages.riskofbias.reading import Board
from gui.pages.riskofbias.summary import Legend, SummaryBar
from gui.pages.riskofbias.table import LightTable
from gui.pages.screening.lists import ListRow, Part, RowList
from gui.settings import Settings
from gui.widgets.marks import Tone, WorkMark

_WIDTH = 760
_LIST_WIDTH = 300


def _board() -> Board:
    used = tool(USUAL_TOOL)
    return Board(used, used.cells(()), (), (), (), {}, ASHA, (ASHA, TOM, ROSA))


def _lights(stage: Stage) -> QWidget:
    board = _board()
    low, unclear, high = board.tool.levels

    def shown(
        label: str, *lights: tuple[int | None, Sign], state: str = "", work: tuple[WorkSign, ...] = ()
    ) -> LightRow:
        cells = tuple(
            Light(None if level is None else (low, unclear, high)[level], sign, sign.value or "judged", label)
            for level, sign in lights
        )
        applies = lights[0][1] is not Sign.NOT_ASSESSED
        return LightRow(label.encode(), label, "", applies, cells, work, state, label)

    none, number = Sign.NONE, len(board.cells)
    work = (WorkSign(ASHA, WorkMark.BEGUN), WorkSign(TOM, None))
    rows = [
        shown("Judged, and not yet", (0, none), (1, none), (2, none), *[(None, none)] * (number - 3), work=work),
        shown(
            "Settled",
            *((0, none), (1, Sign.ADJUDICATED), (2, none), (0, Sign.CHANGED)),
            *[(0, none)] * (number - 4),
            state="settled",
        ),
        shown("To settle", (None, Sign.DIFFERS), (None, Sign.EQUAL), *[(0, none)] * (number - 2), state="2 to settle"),
        shown("Blinded", *[(None, Sign.HIDDEN)] * number, state="hidden"),
        shown("Not assessed", *[(None, Sign.NOT_ASSESSED)] * number),
    ]
    samples: list[QWidget] = []
    for name, held in (("With the focus", State.FOCUSED), ("Without", State.SELECTED)):
        table = LightTable("Risk of bias", "gallery.lights", 92)
        table.show_rows(board, rows, "", rows[0].study_id, board.cells[2])
        table.setFixedSize(_WIDTH, table.sizeHint().height())
        samples.append(named(name, stage.hold(table, held)))
    return stack(*samples)


def _summary(stage: Stage) -> QWidget:
    board = _board()
    counts = ((5, 1, 0, 0), (3, 1, 2, 0), (0, 0, 0, 6))
    legend = Legend()
    legend.show_tool(board.tool, settled=True)
    parts: list[QWidget] = [legend]
    for cell, (*judged, unjudged) in zip(board.cells, counts, strict=False):
        bar = SummaryBar()
        bar.show_bar(board, DomainCounts(cell, tuple(zip(board.tool.levels, judged, strict=True)), unjudged), "none")
        parts.append(bar)
    place = stack(*parts)
    place.setFixedWidth(_WIDTH)
    return place


def _levels(stage: Stage) -> QWidget:
    place = QWidget()
    registry = Registry(place, Settings(Path(tempfile.gettempdir()) / "copse-gallery.ini"))
    levels = _board().tool.levels
    registry.add(
        Action(f"level.{n}", level.label, _nothing, ("F9", "F10", "F11")[n : n + 1]) for n, level in enumerate(levels)
    )
    states = (State.REST, State.HOVER, State.PRESSED, State.FOCUSED, State.SELECTED, State.DISABLED)

    def make(number: int) -> LevelButton:
        button = LevelButton(levels[number], registry, f"level.{number}", f"gallery.level.{number}")
        button.setFixedWidth(button.sizeHint().width())
        return button

    samples = grid(
        stage, states, [(level.label, lambda _state, n=n: make(n)) for n, level in enumerate(levels)], upright=True
    )
    return line(samples, place)


def _nothing() -> None:
    """What the buttons of a sample do."""


def _lists(stage: Stage) -> QWidget:
    studies = StudyList()
    done, begun, none = WorkMark.DONE, WorkMark.BEGUN, WorkMark.NONE
    lines = [
        StudyLine(b"1", "Glue 2017", "n = 12, crossover", (Mark(ASHA, done), Mark(TOM, done))),
        StudyLine(b"2", "Feder 2014", "n = 41, crossover", (Mark(ASHA, begun), Mark(TOM, none))),
        StudyLine(b"3", "Truppman Lattie 2021", "secondary", (Mark(ASHA, none), Mark(TOM, None))),
    ]
    studies.show_lines(lines, b"2")
    studies.setFixedSize(_LIST_WIDTH, len(lines) * 46)
    reports = RowList("Reports", "gallery.reports")
    title = "Efficacy of intravenous ketamine for chronic post-traumatic stress disorder"
    reports.set_rows(
        [
            ListRow(b"1", title, (Part("Include", Tone.INCLUDE, ASHA), Part("Wrong design", Tone.EXCLUDE, TOM))),
            ListRow(b"2", title, (Part("Maybe", Tone.MAYBE), Part("Retrieved"))),
        ]
    )
    reports.choose_id(b"1")
    reports.setFixedSize(_LIST_WIDTH + 60, 2 * 62)
    return line(named("Studies: own work and the colleague’s", studies), 12, named("Reports: who judged how", reports))


WORK = Section(
    "work",
    "Judging",
    "shield-check",
    (
        Entry("Lists", (StudyList, RowList), _lists, "A lock stands for what is hidden until both are done."),
        Entry("Traffic lights", (LightTable,), _lights, "The frame is where one is; a hexagon tells the adjudicator."),
        Entry("Summary", (Legend, SummaryBar), _summary),
        Entry("Levels of a judgement", (LevelButton,), _levels),
    ),
)
