"""Cells of numbers, and answers compared, in every state they have."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from core.extraction.compare import Value
from core.extraction.forms import FieldKind
from core.model import Id, Reviewer, Settlement, StudyStatus, ValueStatus
from core.session.extraction import Caution
from core.store.queries.comparison import ComparisonRow, RowState
from core.store.queries.extraction import Cell, ConsensusView, EntryView
from core.store.queries.records import RecordView
from core.store.queries.studies import StudyView
from gui.gallery.entries import Entry, Section, Stage, State, named, stack
from gui.pages.analysis import grid as analysis
from gui.pages.analysis.grid_model import FACE_ROLE, Face, GridColumn, GridModel, Index
from gui.pages.analysis.grid_model import Section as Heading
from gui.pages.extraction.cells import CellBook, CellSpec, GridRow, GridSpec
from gui.pages.extraction.compare_lines import CompareLine
from gui.pages.extraction.compare_table import CompareTable
from gui.pages.extraction.grid import DataGrid
from gui.pages.extraction.reading import Held, Sheet, Team
from gui.pages.references.pair_panel import PairComparison

ASHA = Reviewer(b"a", "Asha Menon", "AM", 1, True, False, True)
TOM = Reviewer(b"t", "Tom Brandt", "TB", 2, False, False, True)
ROSA = Reviewer(b"r", "Rosa Keller", "RK", 3, False, True, False)
_STUDY = StudyView(
    b"s", "Feder 2014", StudyStatus.INCLUDED, "crossover", 41, "", "", True, 1, (), (), (), (), ()
)  # fmt: skip
_WIDTH = 720

# the grid of the extraction

_ARMS = ("Own number", "Not reported", "Beside a number that is unlikely", "Empty")
_KEYS = [[(bytes([row]), field) for field in ("events", "total")] for row in range(len(_ARMS))]


def _held(number: float | None = None, *, missing: bool = False, who: Reviewer = ASHA) -> Held:
    return Held(Value(number, not_reported=missing), ValueStatus.PUBLISHED, "Table 2", "", who.id)


def _entering(stage: Stage) -> QWidget:
    held = {
        _KEYS[0][0]: _held(9),
        _KEYS[0][1]: _held(22),
        _KEYS[1][0]: _held(missing=True),
        _KEYS[1][1]: _held(19, who=TOM),
        _KEYS[2][0]: _held(799.06),
    }
    unlikely = Caution(_KEYS[2][0][0], ("events",), "The interval is not symmetric. Check the paper.")
    sheet = Sheet(_STUDY, (), (), (), held, (unlikely,), is_finished=False, is_closed=False)
    book = CellBook(stage.holder)
    book.load(sheet, Team(ASHA, (ASHA, TOM, ROSA)))
    rows = tuple(
        GridRow(label, tuple(CellSpec(key, FieldKind.NUMBER, label) for key in keys))
        for label, keys in zip(_ARMS, _KEYS, strict=True)
    )
    grid = DataGrid(book, "gallery.entering")
    grid.setFixedWidth(_WIDTH)
    grid.show_spec(GridSpec("Response", ("Events", "Total"), rows))
    book.begin({_KEYS[2][1]: "41"})
    book.begin({_KEYS[3][1]: "8 of"})
    book.end({_KEYS[3][1]: "8 of"}, "“8 of” is no number.")
    book.set_current(rows[3].cells[0])
    return grid


# the grid of an analysis


class _Faces(GridModel):
    """The cells as they are painted, without the analysis behind them."""

    def __init__(self, faces: list[list[Face]], parent: QWidget) -> None:
        super().__init__(parent)
        self._faces = faces
        self.groups = ("Ketamine", "Control")
        titles = ("Events", "Total", "Events", "Total")
        numbers = (GridColumn("number", str(n), title, 1 + n // 2) for n, title in enumerate(titles))
        self.columns = (
            GridColumn("study", "study", "Study"), *numbers, GridColumn("effect", "effect", "OR [95% CI]"),
            GridColumn("weight", "weight", "Weight"), GridColumn("origin", "origin", ""),
        )  # fmt: skip
        self._lines = [Heading(line[0].text) for line in faces]

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        section = self._faces[index.row()][0].section
        return Qt.ItemFlag.NoItemFlags if section else Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        face = self._faces[index.row()][index.column()]
        if role == FACE_ROLE:
            return face
        return face.text if role == Qt.ItemDataRole.DisplayRole else None


def _line(name: str, numbers: tuple[Face, ...], effect: str, weight: str, icon: tuple[str, str]) -> list[Face]:
    return [
        Face(name, "study", indented=True), *numbers, Face(effect, "effect", "muted"), Face(weight, "weight", "muted"),
        Face("", "origin", icon=icon),
    ]  # fmt: skip


def _heading(label: str, *, folded: bool) -> list[Face]:
    rest = ("number",) * 4 + ("effect", "weight", "origin")
    return [Face(label, "study", section=True, folded=folded), *(Face("", kind, section=True) for kind in rest)]


def _numbers(*texts: str) -> tuple[Face, ...]:
    return tuple(Face(text, "number") for text in texts)


def _analysing(stage: Stage) -> QWidget:
    link, pencil = ("link", "muted"), ("pencil", "warn")
    typed = Face("7", "number", mark=1)
    refused = Face("31", "number", refused=True)
    pending = Face("5", "number", "muted")
    faces = [
        _heading("Subgroup, unfolded", folded=False),
        _line("Current number", _numbers("8", "12", "0", "12"), "47.22 [2.24, 996.02]", "16.2%", link),
        _line("Typed over", (typed, *_numbers("18", "0", "17")), "22.14 [1.15, 427.1]", "16.8%", pencil),
        _line("Refused", (refused, *_numbers("22", "4", "19")), "2.60 [0.65, 10.45]", "37.1%", link),
        _line("On its way, and not estimable", (pending, *_numbers("5", "5", "5")), "Not estimable", "–", link),
        _heading("Subgroup, folded", folded=True),
    ]
    grid = analysis.DataGrid(_Faces(faces, stage.holder))
    grid.setFixedSize(_WIDTH, grid.wanted_height())
    grid.setCurrentIndex(grid.rows.index(1, 1))
    return stage.hold(grid, State.FOCUSED)


# reviewers compared

_FIELDS = (
    ("Equal, settled", (4, 4), RowState.SETTLED, 4, Settlement.EQUAL),
    ("Differs, current", (3, 2), RowState.DIFFERS, None, None),
    ("Differs", (5.92, 5.55), RowState.DIFFERS, None, None),
    ("Settled by the adjudicator", (15, 16), RowState.SETTLED, 15, Settlement.ADJUDICATED),
    ("Changed since", (12, 11), RowState.CHANGED, 12, Settlement.ADJUDICATED),
    ("Equal, not settled", (10, 10), RowState.EQUAL, None, None),
    ("One answer only", (7, None), RowState.WAITING, None, None),
    ("No answer", (None, None), RowState.EMPTY, None, None),
)


def _compared(stage: Stage) -> QWidget:
    lines = [CompareLine("Response, 24 hours")]
    for number, (label, answers, state, settled, how) in enumerate(_FIELDS):
        subject = bytes([number])
        cell = Cell(_STUDY.id, subject, "events", "Response", label, required=False)
        entries = tuple(
            EntryView(_STUDY.id, subject, "events", who.id, Value(answer), ValueStatus.PUBLISHED, "", "", 0)
            for who, answer in zip((ASHA, TOM), answers, strict=True)
            if answer is not None
        )
        consensus = _consensus(subject, settled, how) if settled is not None and how is not None else None
        lines.append(CompareLine(label, ComparisonRow(cell, entries, consensus, state)))
    table = CompareTable()
    table.setFixedSize(_WIDTH, 34 * (len(lines) + 1) + 2)
    table.show_lines(lines, (ASHA, TOM), Team(ROSA, (ASHA, TOM, ROSA)))
    table.go((bytes([1]), "events"))
    return stage.hold(table, State.FOCUSED)


def _consensus(subject: Id, number: float, how: Settlement) -> ConsensusView:
    return ConsensusView(
        _STUDY.id, subject, "events", Value(number), ValueStatus.PUBLISHED, "", how, ROSA.id, "", 0, ""
    )


# two records

_TITLES = (
    "Efficacy of Intravenous Ketamine for Treatment of Chronic Posttraumatic Stress Disorder",
    "Efficacy of ketamine infusion for treatment of chronic post-traumatic stress disorder",
)


def _records(stage: Stage) -> QWidget:
    pair = PairComparison()
    one, other = (
        RecordView(
            bytes([n]), n + 1, title, "", ("Feder, Adriana", "Parides, Michael"), "JAMA Psychiatry", year, "71", "6",
            "681-688", "", "", "", "journal", "English", (), (), ("MEDLINE", "Embase")[n : n + 1], None,
        )
        for n, (title, year) in enumerate(zip(_TITLES, (2014, 2013), strict=True))
    )  # fmt: skip
    pair.show_pair(one, other)
    return pair


def _grids(stage: Stage) -> QWidget:
    return stack(named("Extraction", _entering(stage)), named("Analysis, with the focus", _analysing(stage)))


NUMBERS = Section(
    "numbers",
    "Numbers",
    "calculator",
    (
        Entry(
            "Data grids", (DataGrid, analysis.DataGrid), _grids,
            "Corner: who entered or typed over the number. Link: from the extraction; pencil: typed over.",
        ),
        Entry("Answers compared", (CompareTable,), _compared, "As the adjudicator sees them; the second is current."),
        Entry("Differing words", (PairComparison,), _records, "Case, accents and spacing alone are not marked."),
    ),
)  # fmt: skip
