"""The tree of comparisons, analyses and subgroups."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)
from typing_extensions import override

from core.language import counted, figure, tr
from gui import icons, theme
from gui.explaining import explain, explain_cells
from gui.theme import Type
from gui.widgets.view_keys import copies_rows

if TYPE_CHECKING:
    from core.store.queries.synthesis import AnalysisView, ComparisonView

PlaceKind = Literal["comparison", "analysis", "subgroup"]
Index = QModelIndex | QPersistentModelIndex
_PLACE = Qt.ItemDataRole.UserRole
_COUNT = Qt.ItemDataRole.UserRole + 1
_ROW = 28
_INDENT = 16
_LEFT, _RIGHT = 6, 10


@dataclass(frozen=True)
class Place:
    """A line of the tree. `siblings` are the ids of its kind around it, in order."""

    kind: PlaceKind
    id: bytes
    label: str
    comparison_id: bytes
    analysis_id: bytes | None = None
    siblings: tuple[bytes, ...] = ()


class _RowHeight(QStyledItemDelegate):
    """As high as the name takes lines, so that a row keeps its height when it becomes current."""

    def __init__(self, tree: AnalysisTree) -> None:
        super().__init__(tree)
        self._tree = tree

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        item = self._tree.itemFromIndex(index)
        lines = len(self._tree.lines_of(item)) if item is not None else 1
        return QSize(theme.scaled(60), theme.scaled(_ROW) + (lines - 1) * theme.metrics(Type.STRONG).height())


class AnalysisTree(QTreeWidget):
    """Shows comparisons, expanded; analyses with the number of their studies; subgroups folded but for the current."""

    place_chosen = Signal(object)
    """The Place that is current now."""
    menu_wanted = Signal(QPoint)
    """The menu of the current line is asked for at this global place."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("analysis.tree")
        self.setAccessibleName(tr("Comparisons"))
        explain(self, "comparison")
        explain_cells(self, self._topic_of)
        self.setHeaderHidden(True)
        self.setStyleSheet("QTreeView { background: transparent; }")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setIndentation(theme.scaled(_INDENT))
        self.setMouseTracking(True)
        self.setItemDelegate(_RowHeight(self))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setExpandsOnDoubleClick(False)
        self.itemDoubleClicked.connect(lambda item: item.setExpanded(not item.isExpanded()))
        self.currentItemChanged.connect(self._current_changed)
        self._shown: tuple[ComparisonView, ...] | None = None

    def show_comparisons(self, comparisons: Sequence[ComparisonView], wanted: bytes | None = None) -> None:
        """Show these, keeping what is folded and what is current; `wanted` is made current when it is there."""
        if tuple(comparisons) == self._shown and wanted is None:
            return
        self._shown = tuple(comparisons)
        folded = {place.id for place, item in self._items() if not item.isExpanded()}
        known = {place.id for place, _ in self._items()}
        current = self.current_place()
        self.blockSignals(True)
        self.clear()
        for comparison in comparisons:
            self._add_comparison(comparison)
        for place, item in self._items():
            item.setExpanded(place.id not in folded if place.id in known else place.kind == "comparison")
        self.blockSignals(False)
        for each in (wanted, current.id if current else None, current.analysis_id if current else None):
            if each is not None and self.choose(each):
                break
        else:
            self._choose_first()
        if not known and (item := self.currentItem()) is not None:
            item.setExpanded(True)
        if not comparisons:
            self._current_changed()

    def _topic_of(self, index: QModelIndex) -> str:
        place = self.itemFromIndex(index).data(0, _PLACE)
        return "subgroups" if place.kind == "subgroup" else ""

    def current_place(self) -> Place | None:
        """The line that is current."""
        item = self.currentItem()
        return item.data(0, _PLACE) if item is not None else None

    def choose(self, place_id: bytes) -> bool:
        """Make a line current; False when it is not there."""
        for place, item in self._items():
            if place.id == place_id:
                self.setCurrentItem(item)
                return True
        return False

    def comparison(self, comparison_id: bytes) -> ComparisonView | None:
        """The comparison with this id."""
        return next((each for each in self._shown or () if each.id == comparison_id), None)

    def analysis(self, analysis_id: bytes) -> AnalysisView | None:
        """The analysis with this id."""
        return next((a for each in self._shown or () for a in each.analyses if a.id == analysis_id), None)

    def _choose_first(self) -> None:
        items = list(self._items())
        analysis = next((item for place, item in items if place.kind == "analysis"), None)
        if items:
            self.setCurrentItem(analysis or items[0][1])

    def _items(self) -> Iterator[tuple[Place, QTreeWidgetItem]]:
        stack = [item for n in range(self.topLevelItemCount()) if (item := self.topLevelItem(n)) is not None]
        while stack:
            item = stack.pop(0)
            yield item.data(0, _PLACE), item
            stack[:0] = [child for n in range(item.childCount()) if (child := item.child(n)) is not None]

    def _add_comparison(self, comparison: ComparisonView) -> None:
        place = Place("comparison", comparison.id, comparison.label, comparison.id)
        top = _item(place, f"{comparison.number} {comparison.label}")
        self.addTopLevelItem(top)
        siblings = tuple(each.id for each in comparison.analyses)
        for analysis in comparison.analyses:
            place = Place("analysis", analysis.id, analysis.label, comparison.id, analysis.id, siblings)
            node = _item(place, f"{analysis.number} {analysis.label}", analysis.studies)
            top.addChild(node)
            inner = tuple(each.id for each in analysis.subgroups)
            for group in analysis.subgroups:
                place = Place("subgroup", group.id, group.label, comparison.id, analysis.id, inner)
                node.addChild(_item(place, group.label, group.studies))

    def _current_changed(self) -> None:
        self.place_chosen.emit(self.current_place())

    # painting

    @override
    def drawRow(self, painter: QPainter, options: QStyleOptionViewItem, index: Index) -> None:
        rect = QRect(0, options.rect.top(), self.viewport().width(), options.rect.height())
        current = index == self.currentIndex()
        item = self.itemFromIndex(index)
        if current:
            painter.fillRect(rect, theme.color("selection" if self.isActiveWindow() else "selection_inactive"))
            painter.fillRect(0, rect.top(), 3, rect.height(), theme.color("accent"))
        elif options.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, theme.color("hover"))
        x = self._depth(item) * self.indentation() + _LEFT
        if item.childCount():
            glyph = "chevron-down" if item.isExpanded() else "chevron-right"
            icons.paint(painter, glyph, QRect(x, rect.center().y() - 6, 13, 13), theme.color("muted"))
        x += self.indentation()
        right = rect.right() - _RIGHT
        count = item.data(0, _COUNT)
        if count is not None:
            painter.setFont(theme.font(Type.SMALL))
            painter.setPen(theme.color("muted"))
            width = theme.metrics(Type.SMALL).horizontalAdvance(count)
            painter.drawText(QRect(right - width, rect.top(), width + 1, rect.height()), _MIDDLE, count)
            right -= width + 6
        painter.setFont(theme.font(self._role(item)))
        painter.setPen(theme.color("text"))
        shown = "\n".join(self.lines_of(item))
        painter.drawText(QRect(x, rect.top(), right - x + 1, rect.height()), _MIDDLE, shown)
        if current and self.hasFocus():
            painter.setPen(QPen(theme.color("focus"), theme.focus_width()))
            painter.drawRect(rect.adjusted(1, 1, -1, -1))

    def lines_of(self, item: QTreeWidgetItem) -> list[str]:
        """The name of a line as it is shown, in two lines where it is long: names that begin alike are told apart by
        the second."""
        return self._lines(item, self._role(item))

    def _lines(self, item: QTreeWidgetItem, role: Type) -> list[str]:
        metrics = theme.metrics(role)
        count = item.data(0, _COUNT)
        taken = theme.metrics(Type.SMALL).horizontalAdvance(count) + 6 if count is not None else 0
        left = (self._depth(item) + 1) * self.indentation() + _LEFT
        width = max(theme.scaled(40), self.viewport().width() - left - _RIGHT - taken)
        text = item.text(0)
        if metrics.horizontalAdvance(text) <= width:
            return [text]
        above = item.parent() or self.invisibleRootItem()
        beside = (above.child(n) for n in range(above.childCount()))
        others = [other.text(0) for other in beside if other is not None and other is not item]
        lines = two_lines(text, others, lambda part: metrics.horizontalAdvance(part) <= width)
        return [metrics.elidedText(line, Qt.TextElideMode.ElideRight, width) for line in lines]

    def _role(self, item: QTreeWidgetItem) -> Type:
        """Comparisons and the current line are strong, unless that would make a row higher than it was."""
        if item.data(0, _PLACE).kind == "comparison":
            return Type.STRONG
        is_higher = item is self.currentItem() and len(self._lines(item, Type.STRONG)) > len(
            self._lines(item, Type.BODY)
        )
        return Type.STRONG if item is self.currentItem() and not is_higher else Type.BODY

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.scheduleDelayedItemsLayout()

    def _depth(self, item: QTreeWidgetItem) -> int:
        above = item.parent()
        return 0 if above is None else 1 + self._depth(above)

    # keys and menu

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        item = self.currentItem()
        if copies_rows(self, event):
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and item is not None and item.childCount():
            item.setExpanded(not item.isExpanded())
            return
        super().keyPressEvent(event)

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            item = self.itemAt(event.pos())
            if item is not None:
                self.setCurrentItem(item)
                self.menu_wanted.emit(event.globalPos())
        elif self.currentItem() is not None:
            self.menu_wanted.emit(self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).bottomLeft()))

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()


_MIDDLE = Qt.AlignmentFlag.AlignVCenter


def two_lines(text: str, others: Sequence[str], fits: Callable[[str], bool]) -> list[str]:
    """A long name in two lines: the words that fit into the first, and the last ones that fit into the second; from
    where it differs from the `others` on, if that is before. One line where not even the number and a word fit."""
    words = text.split(" ")
    number = next((n for n in range(len(words) - 1, 1, -1) if fits(" ".join(words[:n]))), 0)
    if not number:
        return [text]
    from_end = range(number, len(words))
    last = next((n for n in from_end if fits(("…" if n > number else "") + " ".join(words[n:]))), len(words) - 1)
    alike = 1 + max((_common(words[1:], other.split(" ")[1:]) for other in others), default=0)
    if number <= alike < last:
        last = alike
    return [" ".join(words[:number]), ("…" if last > number else "") + " ".join(words[last:])]


def _common(words: Sequence[str], others: Sequence[str]) -> int:
    """How many words are the same from the first on."""
    return next(
        (n for n, (one, other) in enumerate(zip(words, others, strict=False)) if one != other),
        min(len(words), len(others)),
    )


def _item(place: Place, text: str, studies: int | None = None) -> QTreeWidgetItem:
    item = QTreeWidgetItem([text])
    item.setData(0, _PLACE, place)
    if studies is not None:
        item.setData(0, _COUNT, figure(studies))
        said = counted("{n} study", "{n} studies", studies)
        item.setData(0, Qt.ItemDataRole.AccessibleTextRole, f"{text}, {said}")
    item.setToolTip(0, text)
    return item
