"""The popover with one explanation, or the list of them."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget
from typing_extensions import override

from core.explain import topic
from core.language import tr
from gui import theme
from gui.explaining import placed
from gui.explanations.list_view import TopicList
from gui.explanations.topic_view import TopicScroll, TopicView, read_aloud
from gui.theme import Type
from gui.widgets.buttons import Button, Kind, icon_button
from gui.widgets.keys_panel import Popover
from gui.widgets.labels import Label, Line
from gui.widgets.panes import column, row, widgets_of

_WIDTH = 420
_EDGE, _GAP = 8, 6
_SIDES = (16, 14, 14, 10)
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -10, Qt.Key.Key_PageDown: 10}
_LINE = 28


class ExplainPanel(Popover):
    """Stands beside what it explains. It closes when the focus goes elsewhere; Esc gives the focus back."""

    closed = Signal()

    def __init__(self, page: str, spot: QRect, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("explain")
        self._page, self._spot, self._window = page, spot, window
        self._trail: list[str] = []
        self._is_closing = False
        self.title = Label("", Type.SECTION, wrap=True)
        self.back = icon_button("arrow-left", tr("Back"), small=True)
        self.back.setObjectName("explain.back")
        self.close_button = icon_button("x", tr("Close (Esc)"), small=True)
        self.close_button.setObjectName("explain.close")
        self.all = Button(tr("All explanations"), icon="list", kind=Kind.QUIET, small=True)
        self.all.setObjectName("explain.all")
        self._place = column(spacing=0)
        self._head = row(self.back, self.title, self.close_button, spacing=4)
        self._head.setStretch(1, 1)
        self._line = Line()
        self._foot = row(self.all, None)
        box = column(self._head, self._place, self._line, self._foot, spacing=8, margins=_SIDES)
        box.setStretch(1, 1)
        self.setLayout(box)
        self.back.clicked.connect(self._go_back)
        self.close_button.clicked.connect(self.close_popover)
        self.all.clicked.connect(self.show_list)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._focus_moved)

    # what is shown

    def topic_id(self) -> str:
        """The topic shown, "" for the list."""
        return self._trail[-1] if self._trail else ""

    def show_topic(self, topic_id: str) -> None:
        """Show one explanation."""
        self._trail.append(topic_id)
        self._show_last()

    def show_list(self) -> None:
        """Show the list: those of the page first."""
        self._trail.append("")
        self._show_last()

    def _go_back(self) -> None:
        self._trail.pop()
        self._show_last()

    def _show_last(self) -> None:
        for old in widgets_of(self._place):
            self._place.removeWidget(old)
            old.hide()
            old.deleteLater()
        topic_id = self._trail[-1]
        content = self._show_one(topic_id) if topic_id else self._show_all()
        self._place.addWidget(content)
        content.show()
        self.back.setVisible(len(self._trail) > 1)
        for part in (self._line, self.all):
            part.setVisible(bool(topic_id))
        self._fit(content)
        if self.isVisible():
            self._take_focus()

    def _show_one(self, topic_id: str) -> QWidget:
        shown = topic(topic_id)
        self.title.setText(tr(shown.title))
        self.setAccessibleName(tr(shown.title))
        self.setAccessibleDescription(read_aloud(shown))
        view = TopicView(shown)
        view.wanted.connect(self.show_topic)
        return TopicScroll(view)

    def _show_all(self) -> QWidget:
        self.title.setText(tr("Explanations"))
        self.setAccessibleName(tr("Explanations"))
        self.setAccessibleDescription("")
        found = TopicList(self._page)
        found.wanted.connect(self.show_topic)
        return found

    # size and place

    def _fit(self, content: QWidget) -> None:
        """As high as its text, at most as the window allows, beside what it explains."""
        width = theme.scaled(_WIDTH)
        is_topic = isinstance(content, TopicScroll)
        high = content.height_for(width - _SIDES[0] - _SIDES[2]) if is_topic else content.sizeHint().height()
        head = max(self.title.heightForWidth(width - 110), theme.scaled(24))
        foot = theme.scaled(24) + 17 if is_topic else 0
        size = QSize(width, _SIDES[1] + head + 8 + high + 8 + foot + _SIDES[3])
        room = self._window.rect().adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE)
        where = placed(self._spot, QRect(0, 0, size.width(), size.height()), room, _GAP)
        self.setGeometry(where)
        box = self.layout()
        assert box is not None
        box.activate()

    def open(self) -> None:
        """Show it where it fits, with the focus."""
        self.open_at(self.pos())
        self._take_focus()

    def _take_focus(self) -> None:
        lists = self.findChildren(TopicList)
        current = next((each for each in lists if each.isVisible()), None)
        (current.field if current is not None else self).setFocus(Qt.FocusReason.PopupFocusReason)
        if current is None:
            words = f"{self.accessibleName()}. {self.accessibleDescription()}"
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))

    # leaving

    @override
    def close_popover(self) -> None:
        if not self._is_closing:
            self._leave()
            super().close_popover()
            self._gone()

    def _leave(self) -> None:
        self._is_closing = True
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.disconnect(self._focus_moved)

    def _gone(self) -> None:
        self.deleteLater()
        self.closed.emit()

    def _focus_moved(self, _old: QWidget | None, new: QWidget | None) -> None:
        """What was clicked beside it has the focus now and keeps it."""
        beside = new is not None and new is not self and new.window() is self._window and not self.isAncestorOf(new)
        if beside and self.isVisible() and not self._is_closing:
            self._leave()
            self.hide()
            self._gone()

    # keys

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        lines = _STEPS.get(Qt.Key(event.key()))
        if event.text() == "?":
            self.close_popover()  # what called it sends it away
        elif event.key() == Qt.Key.Key_Backspace and len(self._trail) > 1:
            self._go_back()
        elif lines is not None:
            for scroll in self.findChildren(TopicScroll):
                bar = scroll.verticalScrollBar()
                bar.setValue(bar.value() + lines * theme.scaled(_LINE))
        else:
            super().keyPressEvent(event)

    @override
    def focusNextPrevChild(self, next: bool) -> bool:
        """Tab stays inside."""
        inside = [
            each
            for each in self.findChildren(QWidget)
            if each.focusPolicy() & Qt.FocusPolicy.TabFocus and each.isVisible() and each.isEnabled()
        ]
        focus = QApplication.focusWidget()
        if not inside:
            return True
        here = inside.index(focus) if focus in inside else -1 if next else 0
        target = inside[(here + (1 if next else -1)) % len(inside)]
        target.setFocus(Qt.FocusReason.TabFocusReason if next else Qt.FocusReason.BacktabFocusReason)
        return True
