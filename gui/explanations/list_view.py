"""All explanations, those of the page first, filtered by typing."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QObject, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QSizePolicy, QWidget
from typing_extensions import override

from core.language import tr
from gui import theme
from gui.explanations.finding import listed
from gui.palette.rows import RowDelegate, Rows, spoken
from gui.theme import Type
from gui.widgets.fields import LineEdit
from gui.widgets.labels import Label
from gui.widgets.panes import column

_HEIGHT = 420
_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}


class TopicList(QWidget):
    """`wanted(topic id)` when one is chosen. The keys of the list work while one types."""

    wanted = Signal(str)

    def __init__(self, page: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._page = page
        self.field = LineEdit(tr("Filter explanations"), tr("Filter explanations"), icon="search")
        self.field.setObjectName("explain.filter")
        self.field.installEventFilter(self)
        self.rows = Rows(self)
        self.list = QListView()
        self.list.setObjectName("explain.list")
        self.list.setAccessibleName(tr("Explanations"))
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setModel(self.rows)
        self.list.setItemDelegate(RowDelegate(self.list))
        self.list.setMouseTracking(True)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setStyleSheet("background: transparent")  # the popover shows through, in either scheme
        self.nothing = Label("", Type.BODY, "muted", wrap=True)
        self.nothing.hide()
        box = column(self.field, self.nothing, self.list, spacing=6)
        box.setStretch(2, 1)
        self.setLayout(box)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.field.textChanged.connect(self._show)
        self.list.clicked.connect(self._clicked)
        self._show("")

    @override
    def sizeHint(self) -> QSize:
        return QSize(theme.scaled(360), theme.scaled(_HEIGHT))

    def _show(self, typed: str) -> None:
        self.rows.set_groups(listed(self._page, typed, self.wanted.emit))
        found = self.rows.entry_rows()
        self.nothing.setText(tr("No explanation answers to “{typed}”.", typed=typed.strip()) if not found else "")
        self.nothing.setVisible(not found)
        self._choose(found[0] if found else -1)
        self.list.scrollToTop()

    def _choose(self, number: int) -> None:
        self.list.setCurrentIndex(self.rows.index(number, 0) if number >= 0 else QModelIndex())
        entry = self.rows.entry(number)
        if entry is not None:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.field, spoken(entry)))

    def _step(self, by: int) -> None:
        found = self.rows.entry_rows()
        if not found:
            return
        here = found.index(row) if (row := self.list.currentIndex().row()) in found else 0
        place = max(0, min(here + by, len(found) - 1))
        self._choose(found[place])
        # The first one brings its heading along.
        self.list.scrollTo(self.rows.index(0 if place == 0 else found[place], 0))

    def _clicked(self, index: QModelIndex) -> None:
        entry = self.rows.entry(index.row())
        if entry is not None:
            entry.run()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is not self.field or event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        key = Qt.Key(event.key())
        if key in _STEPS:
            self._step(_STEPS[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._clicked(self.list.currentIndex())
        else:
            return False
        return True
