"""The palette itself: a field and a list over the window, made when it is called and gone when it is closed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QObject, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
)
from PySide6.QtWidgets import QAbstractItemView, QApplication, QFrame, QListView, QWidget
from typing_extensions import override

from core.errors import CopseError
from core.language import tr
from gui import errors, theme
from gui.pages.base import Workspace
from gui.palette.entries import Catalogue, Entry, Group, found_in_review
from gui.palette.rows import RowDelegate, Rows, spoken
from gui.theme import Type
from gui.widgets.fields import LineEdit
from gui.widgets.focus import chain_of, first_to_focus
from gui.widgets.labels import Label
from gui.widgets.panes import column, paint_rounded

_WIDTH, _TOP, _BELOW = 620, 6, 60
_LIST_HEIGHT = 440
_SHADOW = 14
_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_Tab: 1, Qt.Key.Key_Backtab: -1}


class _Panel(QFrame):
    """The raised frame with field and list."""

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        paint_rounded(self, "raised", "outline")


class Palette(QWidget):
    """Covers the window, so that a click beside the panel closes it and does nothing else.

    What the review holds is asked for on a worker and put below what is known at once; one search is under way at a
    time, and the newest text is searched for next. What was found before stays in sight until then, but Enter waits.
    `workspace` is None while no review is open.
    """

    closed = Signal()
    ran = Signal(str)
    """The entry with this id was chosen."""

    def __init__(self, catalogue: Catalogue, workspace: Workspace | None, window: QWidget) -> None:
        super().__init__(window)
        self._catalogue, self._workspace, self._window = catalogue, workspace, window
        self._came_from = chain_of(window.focusWidget())
        self._found: list[Group] = []
        self._found_for = ""
        self._searching = False
        self._run_when_found = False
        self._moved = False
        self._is_closing = False
        self.setProperty("popover", True)
        self.setAccessibleName(tr("Search and commands"))
        self.setObjectName("palette")
        self._make_parts()
        window.installEventFilter(self)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._focus_moved)
        self._show_groups()
        self._fit()
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def _make_parts(self) -> None:
        whole = self._workspace is not None
        hint = tr("Search records, studies, commands") if whole else tr("Search commands and recent reviews")
        self.field = LineEdit(hint, tr("Search and commands"), icon="search")
        self.field.setObjectName("palette.field")
        self.field.installEventFilter(self)
        self.model = Rows(self)
        self.list = QListView()
        self.list.setObjectName("palette.list")
        self.list.setAccessibleName(tr("What was found"))
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setModel(self.model)
        self._delegate = RowDelegate(self.list)
        self.list.setItemDelegate(self._delegate)
        self.list.setMouseTracking(True)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setStyleSheet("background: transparent")  # the panel shows through, in either scheme
        self.nothing = Label("", Type.BODY, "muted", wrap=True)
        self.nothing.setObjectName("palette.nothing")
        self.nothing.setContentsMargins(8, 6, 8, 8)
        self.panel = _Panel(self)
        self.panel.setLayout(column(self.field, self.nothing, self.list, spacing=6, margins=(8, 8, 8, 8)))
        self.field.textChanged.connect(self._typed)
        self.list.clicked.connect(self._clicked)

    # what is shown

    def _typed(self) -> None:
        self._run_when_found = self._moved = False
        self._show_groups(keep=False)
        self._search()

    def _text(self) -> str:
        return self.field.text().strip()

    def _show_groups(self, *, keep: bool = True) -> None:
        current = self.current()
        typed = self._delegate.typed = self._text()
        known = self._catalogue.matching(typed) if typed else self._catalogue.likely()
        later = self._catalogue.explaining(typed) if typed and not self._is_waiting() else ()
        self.model.set_groups([*known, *(self._found if typed else ()), *later])
        row = self.model.row_of(current) if keep and current is not None else None
        rows = self.model.entry_rows()
        self._choose(row if row is not None else rows[0] if rows else -1)
        if not keep or row is None:
            self.list.scrollToTop()
        self.list.setVisible(bool(rows))
        self.nothing.setVisible(not rows)
        self.nothing.setText("…" if self._is_waiting() else tr("Nothing matches “{typed}”.", typed=typed))
        self._fit()

    def _is_waiting(self) -> bool:
        return self._workspace is not None and self._found_for != self._text()

    def _search(self) -> None:
        typed = self._text()
        if self._workspace is None or self._searching or not typed or typed == self._found_for:
            return
        self._searching = True
        call = self._workspace.runner.read(self, lambda s: s.overview.find(typed), tr("searching the review"))
        call.done(lambda found: self._show_found(typed, found_in_review(found, self._go))).failed(self._refused).run()

    def _show_found(self, typed: str, groups: list[Group]) -> None:
        self._searching = False
        if self._is_closing:
            return
        if typed == self._text():
            self._found, self._found_for = groups, typed
            self._show_groups(keep=self._moved)
            if self._run_when_found:
                self.run_current()
        else:
            self._search()

    def _refused(self, error: CopseError) -> None:
        self.close_palette()
        errors.present(error, self._window, tr("searching the review"))

    def _go(self, page: str, **where: object) -> None:
        assert self._workspace is not None
        self._workspace.go(page, **where)

    # choosing

    def current(self) -> Entry | None:
        """The chosen entry."""
        return self.model.entry(self.list.currentIndex().row())

    def _choose(self, row: int) -> None:
        index = self.model.index(row, 0) if row >= 0 else QModelIndex()
        self.list.setCurrentIndex(index)
        entry = self.model.entry(row)
        if entry is not None:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.field, spoken(entry)))

    def _step(self, by: int, *, round_trip: bool) -> None:
        rows = self.model.entry_rows()
        if not rows:
            return
        self._moved = True
        here = rows.index(row) if (row := self.list.currentIndex().row()) in rows else 0
        place = (here + by) % len(rows) if round_trip else max(0, min(here + by, len(rows) - 1))
        self._choose(rows[place])
        # The first one brings its heading along.
        self.list.scrollTo(self.model.index(0 if place == 0 else rows[place], 0))

    def _clicked(self, index: QModelIndex) -> None:
        if self.model.entry(index.row()) is None:
            return
        self._moved = True
        self._choose(index.row())
        self.run_current()

    def run_current(self) -> None:
        """Do what the chosen entry says, with the focus back where it was; wait for what is still being looked for."""
        entry = self.current()
        is_old = self._is_waiting() and any(entry in group.entries for group in self._found)
        if entry is None or is_old:
            self._run_when_found = self._is_waiting()
            return
        self.close_palette()
        self.ran.emit(entry.id)
        entry.run()

    # opening and closing

    def close_palette(self, *, give_back: bool = True) -> None:
        """Go, and give the focus back to where it was."""
        if self._is_closing:
            return
        self._is_closing = True
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.disconnect(self._focus_moved)
        self._window.removeEventFilter(self)
        if give_back:
            target = first_to_focus(self._came_from) or self._window
            target.setFocus(Qt.FocusReason.PopupFocusReason)
        self.hide()
        self.deleteLater()
        self.closed.emit()

    def _focus_moved(self, _old: QWidget | None, new: QWidget | None) -> None:
        if new is not None and new.window() is self._window and not self.isAncestorOf(new):
            self.close_palette(give_back=False)

    def _fit(self) -> None:
        """Under the top edge in the middle of the window, as high as what is found, at most as the window allows."""
        self.setGeometry(self._window.rect())
        width = min(theme.scaled(_WIDTH), self.width() - 2 * _SHADOW)
        room = min(theme.scaled(_LIST_HEIGHT), self.height() - theme.scaled(_TOP + _BELOW + 46))
        rows = sum(self.list.sizeHintForRow(row) for row in range(self.model.rowCount()))
        self.list.setFixedHeight(max(0, min(rows, room)))
        box = self.panel.layout()
        assert box is not None
        box.activate()
        height = box.totalHeightForWidth(width) if box.hasHeightForWidth() else box.totalSizeHint().height()
        self.panel.setGeometry(QRect((self.width() - width) // 2, theme.scaled(_TOP), width, height))
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        shade = QColor(0, 0, 0, round(self.palette().color(QPalette.ColorRole.Shadow).alpha() / _SHADOW / 2))
        painter.setBrush(shade)
        for spread in range(_SHADOW):
            around = QRectF(self.panel.geometry()).adjusted(-spread, -spread + 6, spread, spread + 6)
            painter.drawRoundedRect(around, 8 + spread, 8 + spread)
        painter.end()

    # keys and mouse

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._window and event.type() == QEvent.Type.Resize:
            self._fit()
        if watched is self.field and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._key(event)
        return False

    def _key(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        if key in _STEPS:
            self._step(_STEPS[key], round_trip=True)
        elif key in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            page = max(1, self.list.height() // theme.scaled(32) - 1)
            self._step(page if key == Qt.Key.Key_PageDown else -page, round_trip=False)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.run_current()
        elif key == Qt.Key.Key_Escape:
            self.close_palette()
        else:
            return False
        return True

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self.panel.geometry().contains(event.position().toPoint()):
            self.close_palette()
