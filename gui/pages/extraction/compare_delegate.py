"""How a line of the comparison is painted, and the field for a value of one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QAbstractItemModel, QEvent, QObject, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget
from typing_extensions import override

from core.extraction.forms import FieldKind
from core.language import tr
from core.model import Reviewer, Settlement
from core.store.queries.comparison import RowState
from gui import icons, theme
from gui.pages.extraction.compare_lines import CompareLine
from gui.pages.extraction.values import typed
from gui.pages.extraction.words import NOT_REPORTED
from gui.theme import Type
from gui.widgets.fields import Combo
from gui.widgets.keys import cap_size, cap_text, paint_cap
from gui.widgets.marks import paint_avatar, reviewer_ink
from gui.widgets.table import Index

if TYPE_CHECKING:
    from gui.pages.extraction.compare_table import CompareTable

_KEYS = ("Left", "Right")
_SOFT = ("reviewer_1", "reviewer_2", "adjudicator")
_NO_HINT = QStyledItemDelegate.EndEditHint.NoHint


def soft_of(ink: str) -> str:
    """The tint that goes with a reviewer's ink."""
    return f"{ink}_soft" if ink in _SOFT else "hover"


class CompareDelegate(QStyledItemDelegate):
    """Paints from the lines of the model."""

    def __init__(self, table: CompareTable) -> None:
        super().__init__(table)
        self._table = table

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = self._table.compare
        line = model.line(index.row())
        if line is None:
            return
        rect: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        current = bool(option.state & QStyle.StateFlag.State_Selected)
        fill = "sunken" if line.row is None else "selection" if current else "surface"
        painter.fillRect(rect, theme.color(fill))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), theme.color("border"))
        column = index.column()
        if line.row is None:
            self._text(painter, rect.adjusted(16, 0, -8, 0), line.title, Type.SMALL_STRONG, "muted")
        else:
            if column < model.settled_column:
                painter.fillRect(QRect(rect.right(), rect.top(), 1, rect.height()), theme.color("border"))
            if column == 0:
                if current:
                    painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height()), theme.color("accent"))
                ink = "text" if current or line.differs or line.is_open else "muted"
                self._text(painter, rect.adjusted(16, 0, -8, 0), line.title, Type.BODY, ink)
            elif column < model.settled_column:
                self._paint_answer(painter, rect, line, column - 1, current=current)
            else:
                self._paint_settled(painter, rect, line, current=current)
        painter.restore()

    def _text(self, painter: QPainter, box: QRect, text: str, role: Type, ink: str) -> None:
        painter.setFont(theme.font(role))
        painter.setPen(theme.color(ink))
        shown = theme.metrics(role).elidedText(text, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, shown)

    def _paint_answer(self, painter: QPainter, rect: QRect, line: CompareLine, place: int, *, current: bool) -> None:
        model = self._table.compare
        who: Reviewer = model.reviewers[place]
        box = rect.adjusted(15, 0, -12, -1)
        framed = line.differs or (current and line.is_open)
        if not framed or line.entry_of(who) is None:
            self._text(painter, box, line.answer(who), Type.BODY, "muted")
            return
        ink = reviewer_ink(who.position)
        painter.setPen(QPen(theme.color(ink), 1))
        painter.setBrush(theme.color(soft_of(ink)))
        painter.drawRoundedRect(QRectF(rect).adjusted(5.5, 4.5, -6.5, -5.5), 5, 5)
        if current and model.may_settle and place < len(_KEYS):
            cap = cap_text(_KEYS[place])
            size = cap_size(cap)
            spot = QRect(rect.right() - size.width() - 12, rect.center().y() - size.height() // 2, size.width(), 0)
            spot.setHeight(size.height())
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("raised"))
            painter.drawRoundedRect(spot, 4, 4)
            paint_cap(painter, spot, cap)
            box = box.adjusted(0, 0, -size.width() - 8, 0)
        self._text(painter, box, line.answer(who), Type.STRONG, "text")

    def _paint_settled(self, painter: QPainter, rect: QRect, line: CompareLine, *, current: bool) -> None:
        assert line.row is not None
        model = self._table.compare
        box = rect.adjusted(10, 0, -8, -1)
        consensus, state = line.row.consensus, line.row.state
        if consensus is None:
            if current and model.may_settle and state is not RowState.EQUAL:
                painter.setPen(QPen(theme.color("focus"), theme.focus_width()))
                painter.setBrush(theme.color("surface"))
                painter.drawRoundedRect(QRectF(rect).adjusted(7, 5, -9, -6), 5, 5)
                self._text(painter, box.adjusted(8, 0, 0, 0), tr("← → or type"), Type.BODY, "placeholder")
                return
            ink = "warn" if state in (RowState.DIFFERS, RowState.WAITING) else "muted"
            self._text(painter, box, line.outcome, Type.BODY, ink)
            return
        side = theme.scaled(18)
        spot = QRect(box.left(), box.center().y() - side // 2 + 1, side, side)
        settler = model.team.person(consensus.settled_by) if model.team is not None else None
        adjudicated = consensus.how is Settlement.ADJUDICATED
        if adjudicated and settler is not None:
            paint_avatar(painter, spot, settler.initials, settler.position, adjudicator=settler.is_adjudicator)
        else:
            sign, ink = ("import", "muted") if line.is_imported else ("check", "success")
            icons.paint(painter, sign, spot.adjusted(1, 1, -1, -1), theme.color(ink))
        text = box.adjusted(side + 8, 0, 0, 0)
        if state is RowState.CHANGED:
            text = self._paint_changed(painter, text, line.outcome)
        self._text(painter, text, line.outcome, Type.BODY, "text" if adjudicated else "muted")

    def _paint_changed(self, painter: QPainter, text: QRect, outcome: str) -> QRect:
        """Say at the right that an entry changed since; where the value needs the room, a sign alone. What is left."""
        note, gap = tr("an entry changed"), 8
        width = theme.metrics(Type.SMALL).horizontalAdvance(note)
        if text.width() - width - gap >= theme.metrics(Type.BODY).horizontalAdvance(outcome):
            place = QRect(text.right() - width, text.top(), width + 2, text.height())
            self._text(painter, place, note, Type.SMALL, "warn")
        else:
            width = 14
            spot = QRect(text.right() - width, text.center().y() - 6, width, width)
            icons.paint(painter, "triangle-alert", spot, theme.color("warn"))
        return text.adjusted(0, 0, -width - gap, 0)

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(60, theme.scaled(34))

    # the field

    @override
    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        line = self._table.compare.line(index.row())
        assert line is not None
        name = tr("Settled value of {field}", field=line.title)
        if line.kind is FieldKind.CHOICE:
            entries = [("", ""), *((option, option) for option in line.options), (tr("Not reported"), NOT_REPORTED)]
            combo = Combo(entries, name, parent)
            combo.setObjectName("compare.value")
            combo.activated.connect(lambda: self._finish(combo))
            return combo
        editor = QLineEdit(parent)
        editor.setObjectName("compare.value")
        editor.setAccessibleName(name)
        editor.setProperty("cell", True)
        return editor

    @override
    def setEditorData(self, editor: QWidget, index: Index) -> None:
        if editor.property("before") is not None:
            return
        line = self._table.compare.line(index.row())
        consensus = line.row.consensus if line is not None and line.row is not None else None
        before = typed(consensus.value if consensus is not None else None)
        editor.setProperty("before", before)
        if isinstance(editor, Combo):
            editor.set_value(before)
        else:
            cast("QLineEdit", editor).setText(before)

    @override
    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        line = self._table.compare.line(index.row())
        text = str(editor.value() or "") if isinstance(editor, Combo) else cast("QLineEdit", editor).text()
        if line is not None and text.strip() and text.strip() != editor.property("before"):
            self._table.typed.emit(line, text.strip())

    @override
    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        editor.setGeometry(option.rect.adjusted(6, 2, -6, -3))

    def _finish(self, editor: QWidget) -> None:
        self.commitData.emit(editor)
        self.closeEditor.emit(editor, _NO_HINT)
        self._table.setFocus(Qt.FocusReason.OtherFocusReason)

    @override
    def eventFilter(self, object: QObject, event: QEvent) -> bool:
        pressed = event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and isinstance(object, QWidget)
        if pressed and cast("QKeyEvent", event).key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab):
            self._finish(cast("QWidget", object))
            return True
        return super().eventFilter(object, event)
