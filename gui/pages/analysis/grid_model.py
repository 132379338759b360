"""The data grid's rows and columns for a table view: studies by subgroup, numbers that can be typed over."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from typing_extensions import override

from core.figures.wording import effect_text, format_weight
from core.language import said, tr
from gui.pages.analysis.picture import Picture

if TYPE_CHECKING:
    from core.synthesis.cells import Cell, GridRow
    from core.synthesis.compute import RowResult

Index = QModelIndex | QPersistentModelIndex
ColumnKind = Literal["study", "number", "text", "effect", "weight", "origin"]
FACE_ROLE = Qt.ItemDataRole.UserRole + 1
NOT_ESTIMABLE = tr("Not estimable")
_NONE = "–"
_TOPICS = {
    **dict.fromkeys(("ai", "ci"), "statistic.events"),
    **dict.fromkeys(("n1i", "n2i"), "statistic.total"),
    **dict.fromkeys(("m1i", "m2i"), "statistic.mean"),
    **dict.fromkeys(("sd1i", "sd2i"), "statistic.sd"),
    "sei": "statistic.se",
    "oei": "statistic.o_e",
    "vi": "statistic.variance",
}
"""What a column of numbers is about; all others are about the effect itself."""

Spot = tuple[bytes, str]
"""A cell of the analysis: the row's id and the column's key."""


@dataclass(frozen=True)
class GridColumn:
    """A column of the grid; `arm` is the side of the comparison it belongs to."""

    kind: ColumnKind
    key: str
    title: str
    arm: int | None = None


@dataclass(frozen=True)
class Section:
    """The heading of a subgroup; folded, its studies are not shown."""

    label: str
    group_id: bytes | None = None
    folded: bool = False


@dataclass(frozen=True)
class Face:
    """The plain values a cell is painted from. `mark` is the position of the reviewer who typed it over."""

    text: str
    kind: ColumnKind
    ink: str = "text"
    section: bool = False
    folded: bool = False
    indented: bool = False
    icon: tuple[str, str] | None = None
    refused: bool = False
    mark: int | None = None


class GridModel(QAbstractTableModel):
    """Shows a `Picture`. What is typed is passed on by `typed` and stands, muted, until the next picture."""

    typed = Signal(object, str)
    """(Spot, text): a number was typed into a cell."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns: tuple[GridColumn, ...] = ()
        self.groups: tuple[str, str] = ("", "")
        self._lines: list[Section | GridRow] = []
        self._picture: Picture | None = None
        self._folded: set[bytes | None] = set()
        self._results: dict[bytes, RowResult] = {}
        self._several: set[bytes] = set()
        self._typists: dict[Spot, int] = {}
        self._pending: dict[Spot, str] = {}
        self._refused: Spot | None = None
        self._effect = "measure"

    def show_picture(self, picture: Picture | None, positions: dict[bytes, int]) -> None:
        """Show an analysis; `positions` gives each reviewer's place in the team. Open editors survive while rows and
        columns stay the same."""
        if picture is None or self._picture is None or picture.data.id != self._picture.data.id:
            self._folded = set()
        self._picture = picture
        lines = _lines(picture, self._folded)
        columns = _columns(picture)
        same = columns == self.columns and [_key(line) for line in lines] == [_key(line) for line in self._lines]
        if not same:
            self.beginResetModel()
        self.columns, self._lines = columns, lines
        self._pending = {}
        self._effect = f"measure.{picture.result.effect_measure}" if picture else "measure"
        self._results = {row.row_id: row for row in picture.result.rows} if picture else {}
        self._typists = {}
        studies = [row.study_id for row in picture.grid.rows] if picture else []
        self._several = {study for study in studies if studies.count(study) > 1}
        if picture is not None:
            self.groups = picture.grid.groups
            for row in picture.data.rows:
                for key, over in row.overrides.items():
                    self._typists[row.id, key] = positions.get(over.reviewer_id, 1)
        if not same:
            self.endResetModel()
        elif lines:
            self.dataChanged.emit(self.index(0, 0), self.index(len(lines) - 1, len(columns) - 1))

    def toggle(self, row: int) -> None:
        """Fold or unfold the subgroup that is headed or joined by a row of the table."""
        line = self._lines[row]
        group = line.group_id if isinstance(line, Section) else line.subgroup_id
        self._folded ^= {group}
        self.beginResetModel()
        self._lines = _lines(self._picture, self._folded)
        self.endResetModel()

    def unfold(self, group: bytes | None = None) -> None:
        """Show the studies of a subgroup, or of all if none is given."""
        self._folded = self._folded - {group} if group is not None else set()
        self.beginResetModel()
        self._lines = _lines(self._picture, self._folded)
        self.endResetModel()

    @property
    def is_grouped(self) -> bool:
        """Whether the studies stand under headings."""
        return bool(self._lines) and isinstance(self._lines[0], Section)

    def line(self, row: int) -> Section | GridRow:
        """What stands in a row of the table."""
        return self._lines[row]

    def row_id(self, index: Index) -> bytes | None:
        """The row of the analysis at an index; None on a heading."""
        if not index.isValid():
            return None
        line = self._lines[index.row()]
        return None if isinstance(line, Section) else line.id

    def spot(self, index: Index) -> Spot | None:
        """The cell at an index; None on a heading."""
        row_id = self.row_id(index)
        return None if row_id is None else (row_id, self.columns[index.column()].key)

    def index_of(self, spot: Spot) -> QModelIndex:
        """Where a cell stands; invalid when it is not shown."""
        rows = [n for n, line in enumerate(self._lines) if not isinstance(line, Section) and line.id == spot[0]]
        columns = [n for n, column in enumerate(self.columns) if column.key == spot[1]]
        return self.index(rows[0], columns[0]) if rows and columns else QModelIndex()

    def cell(self, spot: Spot) -> Cell | None:
        """The number of a cell, None when the column holds none of the study's numbers."""
        rows = self._picture.grid.rows if self._picture is not None else ()
        row = next((row for row in rows if row.id == spot[0]), None)
        return None if row is None else next((cell for cell in row.cells if cell.key == spot[1]), None)

    def name(self, line: GridRow) -> str:
        """The study of a row; with what tells it from others when it stands in the analysis more than once."""
        told = line.detail and line.study_id in self._several
        return f"{line.study}, {said(line.detail)}" if told else line.study

    def result(self, row_id: bytes) -> RowResult | None:
        """What was computed for a row."""
        return self._results.get(row_id)

    def topic_of(self, index: QModelIndex) -> str:
        """What the explanation of a cell is about."""
        row_id, column = self.row_id(index), self.columns[index.column()]
        if row_id is None:
            return "subgroups"
        result = self._results.get(row_id)
        if column.kind in ("effect", "weight") and result is not None and result.effect is None:
            return "not_estimable"
        if column.kind == "text":
            return "statistic.text"
        if column.kind == "number":
            cell = self.cell((row_id, column.key))
            origin = cell.origin if cell is not None else ""
            return {"override": "typed_over", "computed": "conversion"}.get(
                origin, _TOPICS.get(column.key, self._effect)
            )
        return {"effect": self._effect, "weight": "weight"}.get(column.kind, "")

    def ends_group(self, column: int) -> bool:
        """Whether a vertical line stands right of a column: between the study, each arm, and the results."""
        if column + 1 >= len(self.columns):
            return False
        here, after = self.columns[column], self.columns[column + 1]
        return (here.kind != after.kind and after.kind in ("number", "text", "effect")) or here.arm != after.arm

    def set_refused(self, spot: Spot | None) -> None:
        """Tint a cell whose typed number was refused; it shows again what is kept."""
        old, self._refused = self._refused, spot
        for each in (old, spot):
            if each is not None:
                self._pending.pop(each, None)
                index = self.index_of(each)
                if index.isValid():
                    self.dataChanged.emit(index, index)

    def forget_typed(self, spot: Spot) -> None:
        """Show again what is kept in a cell."""
        if self._pending.pop(spot, None) is not None:
            index = self.index_of(spot)
            self.dataChanged.emit(index, index)

    @property
    def refused(self) -> Spot | None:
        """The cell whose typed number was refused last."""
        return self._refused

    # Qt

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._lines)

    @override
    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.columns)

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid() or isinstance(self._lines[index.row()], Section):
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if self.columns[index.column()].kind == "number":
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        shown = role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole)
        return self.columns[section].title if shown else None

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        line, column = self._lines[index.row()], self.columns[index.column()]
        if role == FACE_ROLE:
            return self._face(line, column)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return self._face(line, column).text
        if isinstance(line, Section):
            said = tr("{group}, folded", group=line.label) if line.folded else tr("{group}, unfolded", group=line.label)
            return said if role == Qt.ItemDataRole.AccessibleTextRole else None
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(line, column)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(line, column)
        return None

    @override
    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        spot = self.spot(index)
        text = str(value).strip()
        if spot is None or role != Qt.ItemDataRole.EditRole:
            return False
        if text == self.data(index):
            if spot == self._refused:  # what is there is right again
                self.set_refused(None)
            return False
        self._refused = None
        self._pending[spot] = text
        self.dataChanged.emit(index, index)
        self.typed.emit(spot, text)
        return True

    # faces

    def _face(self, line: Section | GridRow, column: GridColumn) -> Face:
        if isinstance(line, Section):
            return Face(line.label if column.kind == "study" else "", column.kind, section=True, folded=line.folded)
        if column.kind == "study":
            return Face(self.name(line), "study", indented=self.is_grouped)
        if column.kind == "origin":
            over = any(cell.origin == "override" for cell in line.cells)
            found = any(cell.origin != "missing" for cell in line.cells)
            return Face("", "origin", icon=("pencil", "warn") if over else ("link", "muted") if found else None)
        if column.kind == "number":
            return self._number(line, column)
        if column.kind == "text":
            return Face(" ".join(self._shown(line, column).split()), "text")
        found = self._results.get(line.id)
        if column.kind == "weight":
            known = found is not None and found.weight is not None
            return Face(format_weight(found.weight) if known else _NONE, "weight", "muted")  # pyright: ignore
        return Face(effect_words(found), "effect", "muted")

    def _number(self, line: GridRow, column: GridColumn) -> Face:
        spot = (line.id, column.key)
        if spot in self._pending:
            return Face(self._pending[spot], "number", "muted")
        cell = next(cell for cell in line.cells if cell.key == column.key)
        return Face(cell.shown, "number", refused=spot == self._refused, mark=self._typists.get(spot))

    @staticmethod
    def _shown(line: GridRow, column: GridColumn) -> str:
        return next(cell.shown for cell in line.cells if cell.key == column.key)

    def _tip(self, line: GridRow, column: GridColumn) -> str | None:
        found = self._results.get(line.id)
        if column.kind == "text":
            return self._shown(line, column) or None
        if column.kind == "effect" and found is not None and found.effect is None:
            return said(found.reason) or None
        if column.kind == "study":
            return ". ".join(part for part in (said(line.detail), line.footnote) if part) or None
        if column.kind == "origin":
            over = any(cell.origin == "override" for cell in line.cells)
            return tr("Typed over") if over else tr("From the extraction")
        return None

    def _spoken(self, line: GridRow, column: GridColumn) -> str:
        face = self._face(line, column)
        if column.kind == "study":
            return face.text
        side = f"{self.groups[column.arm - 1]} " if column.arm else ""
        text = face.text or (tr("typed over") if face.icon and face.icon[0] == "pencil" else tr("empty"))
        over = f", {tr('typed over')}" if face.mark is not None else ""
        return f"{line.study}, {side}{column.title or tr('origin')}: {text}{over}"


def effect_words(found: RowResult | None) -> str:
    """The effect of a row with its interval as the grid shows it."""
    if found is None:
        return ""
    if found.effect is None:
        return NOT_ESTIMABLE
    text = effect_text(found.effect.shown_estimate, found.effect.shown_lower, found.effect.shown_upper)
    return text.replace("-", "−")


def _columns(picture: Picture | None) -> tuple[GridColumn, ...]:
    if picture is None:
        return ()
    if picture.grid.of_texts:
        texts = (GridColumn("text", c.key, tr(c.title)) for c in picture.grid.columns)
        return (GridColumn("study", "study", tr("Study")), *texts, GridColumn("origin", "origin", ""))
    numbers = (GridColumn("number", c.key, tr(c.title), c.arm) for c in picture.grid.columns)
    return (
        GridColumn("study", "study", tr("Study")),
        *numbers,
        GridColumn("effect", "effect", picture.effect_header),
        GridColumn("weight", "weight", tr("Weight")),
        GridColumn("origin", "origin", ""),
    )


def _lines(picture: Picture | None, folded: Collection[bytes | None]) -> list[Section | GridRow]:
    if picture is None:
        return []
    if not picture.data.subgroups:
        return list(picture.grid.rows)
    lines: list[Section | GridRow] = []
    groups = [(None, tr("In no subgroup")), *((group.id, group.label) for group in picture.data.subgroups)]
    for group_id, label in groups:
        members = [row for row in picture.grid.rows if row.subgroup_id == group_id]
        if members or group_id is not None:
            lines.append(Section(label, group_id, group_id in folded))
            lines += [] if group_id in folded else members
    return lines


def _key(line: Section | GridRow) -> object:
    return line if isinstance(line, Section) else line.id
