"""What lies over a window for a moment: keys, explanations, palette. Made when called, gone when closed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint

from gui import theme
from gui.widgets.focus import FocusTips
from gui.widgets.keys_panel import KeysPanel

if TYPE_CHECKING:
    from gui.explanations.explainer import Explainer
    from gui.main_window import MainWindow
    from gui.palette.palette import Palette

_FROM_EDGE, _FROM_TOP = 16, 52


class Overlays:
    """See the module. One of each at most; calling one again closes it."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._keys: KeysPanel | None = None
        self.palette: Palette | None = None
        self._tips = FocusTips(window)
        self._explainer: Explainer | None = None

    def show_keys(self) -> None:
        """Show the keys that work here."""
        was_open = self._keys is not None and self._keys.isVisible()
        self.close_keys()
        if was_open:
            return
        window = self._window
        self._keys = KeysPanel([a for a in window.registry.in_force() if a.enabled_when()], window.settings, window)
        self._keys.open_at(QPoint(window.width() - self._keys.width() - _FROM_EDGE, theme.scaled(_FROM_TOP)))

    def close_keys(self) -> None:
        """Take the list of keys away."""
        if self._keys is not None:
            self._keys.close_popover()
            self._keys.deleteLater()
            self._keys = None

    def show_palette(self) -> None:
        """Search commands, pages and what the review holds."""
        from gui.explanations.finding import commands
        from gui.palette.entries import Catalogue, recent_reviews
        from gui.palette.entries import tabs as page_tabs
        from gui.palette.palette import Palette

        if self.palette is not None:
            self.close_palette()
            return
        self.close_keys()
        window, desk = self._window, self._window.desk()
        opened: Path | None = desk.workspace.review.path if desk is not None else None
        reviews = recent_reviews(window.settings.recent(), opened, window.open_review)
        tabs = page_tabs(window.page_specs, self._show_tab) if desk is not None else []
        explanations = commands(self.show_explanations)
        used = window.settings.palette_used()
        catalogue = Catalogue(
            window.registry, [spec.id for spec in window.page_specs], reviews, explanations, tabs=tabs, used=used
        )
        self.palette = Palette(catalogue, desk.workspace if desk is not None else None, window)
        self.palette.closed.connect(self._forget_palette)
        self.palette.ran.connect(window.settings.add_palette_used)

    def _show_tab(self, page: str, tab: str) -> None:
        desk = self._window.desk()
        if desk is not None and self._window.registry.trigger(f"go.{page}"):
            desk.show_page(page, tab=tab)

    def _forget_palette(self) -> None:
        self.palette = None

    def close_palette(self) -> None:
        """Take the palette away."""
        if self.palette is not None:
            self.palette.close_palette()

    def explain(self) -> None:
        """Explain what has the focus (or lies under the pointer); again closes the explanation."""
        self.explainer().ask(self._page_id(), self._window.focusWidget())

    def show_explanations(self, topic: str = "") -> None:
        """Show one explanation, or the list of them with those of the page first."""
        explainer = self.explainer()
        if topic:
            explainer.show_topic(self._page_id(), topic)
        elif not explainer.close():
            explainer.show_list(self._page_id())

    def explainer(self) -> Explainer:
        """What shows explanations, made when first asked for."""
        # Imported here: the texts are not needed when the program starts.
        from gui.explanations.explainer import Explainer

        if self._explainer is None:
            self._explainer = Explainer(self._window)
        self.close_keys()
        return self._explainer

    def _page_id(self) -> str:
        desk = self._window.desk()
        return desk.current_id() if desk is not None and self._window.program.page is None else ""

    def close_explanation(self) -> None:
        """Take the explanation away."""
        if self._explainer is not None:
            self._explainer.close()

    def close(self) -> None:
        """Take all of them away."""
        self.close_keys()
        self.close_explanation()
        self.close_palette()
