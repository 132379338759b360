"""A side pane that is part of the page on a wide window, and a popover from a header button on a narrow one."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtWidgets import QAbstractItemView, QWidget
from typing_extensions import override

from gui import theme
from gui.theme import Inked, Type
from gui.widgets.buttons import Button
from gui.widgets.keys_panel import Popover
from gui.widgets.panes import column

_LABEL_ROOM = 220


class _Sheet(Popover):
    """The popover a folded pane lives in; closing it lifts the button."""

    def __init__(self, page: QWidget, button: Button) -> None:
        super().__init__(page)
        self._button = button
        self.box = column(spacing=0, margins=(1, 1, 1, 1))
        self.setLayout(self.box)

    @override
    def close_popover(self) -> None:
        super().close_popover()
        self._button.setChecked(False)


class FoldingPane:
    """Moves `pane` between its place in the page, where `put_back` puts it, and a popover under `button`.

    The button shows and hides the pane in either form; one that is a `menu` is there only while the pane is folded.
    """

    def __init__(
        self,
        page: QWidget,
        pane: QWidget,
        button: Button,
        width: int,
        put_back: Callable[[], object],
        *,
        menu: bool = False,
    ) -> None:
        self.pane, self.button = pane, button
        self._page, self._width, self._put_back, self._menu = page, width, put_back, menu
        self._sheet = _Sheet(page, button)
        self._sheet.setAccessibleName(pane.accessibleName())
        self._open = True
        self._wanted = True
        button.setCheckable(True)
        button.setChecked(True)
        button.clicked.connect(self.toggle)
        self._show_button()

    @property
    def is_folded(self) -> bool:
        """Whether the pane is a popover now."""
        return self.pane.parentWidget() is self._sheet

    def set_wanted(self, wanted: bool) -> None:
        """Where there is nothing to show in it, the pane and its button go."""
        if wanted == self._wanted:
            return
        self._wanted = wanted
        self._show_button()
        self.close()
        if not self.is_folded:
            self.pane.setVisible(wanted and self._open)

    def set_label(self, text: str) -> None:
        """What the button says, such as what is chosen in the pane."""
        room = theme.scaled(_LABEL_ROOM)
        self.button.set_label(theme.metrics(Type.LABEL).elidedText(text, Qt.TextElideMode.ElideRight, room))

    def toggle(self) -> None:
        """Show or hide the pane, in whichever form it has."""
        if not self._wanted:
            return
        if self.is_folded:
            if self._sheet.isVisible():
                self._sheet.close_popover()
            else:
                self._show_sheet()
            return
        self._open = not self._open
        self.pane.setVisible(self._open)
        self.button.setChecked(self._open)

    def set_folded(self, folded: bool) -> None:
        """Make it a popover (closed), or put it back into the page."""
        if folded == self.is_folded:
            return
        if folded:
            self._sheet.box.addWidget(self.pane)
            self.pane.show()
            self.button.setChecked(False)
        else:
            self._sheet.hide()
            self._put_back()
            self.pane.setVisible(self._wanted and self._open)
            self.button.setChecked(self._open)
        self._show_button()
        # What moves to another parent is styled anew, and may come back with the colours it was made in.
        QTimer.singleShot(0, self.pane, self._ink)

    def _ink(self) -> None:
        for part in self.pane.findChildren(QWidget):
            if isinstance(part, Inked):
                part.take_ink()

    def close(self) -> None:
        """Put the popover away."""
        if self.is_folded and self._sheet.isVisible():
            self._sheet.close_popover()

    def _show_button(self) -> None:
        self.button.setVisible(self._wanted and (self.is_folded or not self._menu))

    def _show_sheet(self) -> None:
        top = self.button.mapTo(self._page, QPoint(0, self.button.height() + 4))
        width = min(theme.scaled(self._width), self.pane.maximumWidth() + 2)
        x = max(8, min(top.x(), self._page.width() - width - 8))
        self._sheet.resize(width, self._page.height() - top.y() - 8)
        self._sheet.open_at(QPoint(x, top.y()))
        self.button.setChecked(True)
        first = next((w for w in self.pane.findChildren(QWidget) if w.focusPolicy() & Qt.FocusPolicy.TabFocus), None)
        if first is not None:
            first.setFocus(Qt.FocusReason.PopupFocusReason)
        if isinstance(first, QAbstractItemView) and first.currentIndex().isValid():
            first.scrollTo(first.currentIndex())
