"""What changed, and who refreshes.

A write ends with the areas it touched. The hub tells every registered view that is interested in one of them: the
visible one at once, the others when they are shown next. The initiator is skipped, it already shows what it did.
"""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QObject, Signal

from core.model import Area


class View(Protocol):
    """Something that shows part of the review."""

    INTERESTS: Area

    def is_current(self) -> bool:
        """Whether the user sees it now."""
        ...

    def refresh(self, areas: Area) -> None:
        """Show the present state of `areas`."""
        ...


class Hub(QObject):
    """Passes on the areas of each write; `changed_areas` is for parts of the window that are always visible."""

    changed_areas = Signal(Area)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._stale: dict[View, Area] = {}

    def register(self, view: View) -> None:
        """Start telling `view`. It is stale until shown."""
        self._stale[view] = view.INTERESTS

    def forget(self, view: View) -> None:
        """Stop telling `view`."""
        self._stale.pop(view, None)

    def changed(self, areas: Area, initiator: object = None) -> None:
        """Areas were written. Visible interested views refresh now, the others are marked stale."""
        if not areas:
            return
        for view in list(self._stale):
            if view is not initiator:
                self._stale[view] |= areas & view.INTERESTS
                self._settle(view)
        self.changed_areas.emit(areas)

    def shown(self, view: View) -> None:
        """`view` came to the front: let it catch up."""
        self._settle(view)

    def is_stale(self, view: View) -> bool:
        """Whether `view` will refresh when shown next."""
        return bool(self._stale.get(view, Area.NONE))

    def _settle(self, view: View) -> None:
        stale = self._stale.get(view, Area.NONE)
        if stale and view.is_current():
            self._stale[view] = Area.NONE
            view.refresh(stale)
