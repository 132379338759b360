"""Settings and About, in front of what a window shows until they are left."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QStackedWidget

from gui import theme
from gui.actions import Registry
from gui.settings import Settings

if TYPE_CHECKING:
    from gui.pages.program.page import ProgramPage


class ProgramFront(QObject):
    """See the module. `bring_back` puts what was in front before there again."""

    text_resized = Signal()
    """Text has another size from now on."""

    def __init__(
        self,
        stack: QStackedWidget,
        settings: Settings,
        registry: Registry,
        bring_back: Callable[[], None],
        fit_rail: Callable[[], None],
    ) -> None:
        super().__init__(stack)
        self._stack, self._settings, self._registry = stack, settings, registry
        self._bring_back, self._fit_rail = bring_back, fit_rail
        self.page: ProgramPage | None = None

    def show(self, tab: str) -> None:
        """Put the page in front, with the tab "settings" or "about"."""
        # Imported here: nobody looks at it when the program starts.
        from gui.pages.program.page import ProgramPage

        if self.page is None:
            self.page = page = ProgramPage(self._settings)
            page.left.connect(self.leave)
            page.settings.look_changed.connect(lambda: theme.take_settings(self._settings))
            page.settings.rail_changed.connect(self._fit_rail)
            # Later: the control that asks for it goes as well.
            page.settings.size_changed.connect(lambda: QTimer.singleShot(0, self, lambda: self.text_resized.emit()))
            self._stack.addWidget(page)
            self._registry.set_scope("")
        self._stack.setCurrentWidget(self.page)
        self.page.show_tab(tab)

    def leave(self) -> None:
        """Back to what was in front before."""
        page, self.page = self.page, None
        if page is None:
            return
        self._bring_back()
        self._stack.removeWidget(page)
        page.deleteLater()

    def tab(self) -> str:
        """The tab in front, "" when the page is not shown."""
        return self.page.tab() if self.page is not None else ""
