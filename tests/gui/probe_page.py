"""Two pages that keep account of what the window does with them, and write through the real door."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QLineEdit

from core.model import Area
from gui.actions import Action
from gui.pages import PageSpec
from gui.pages.base import Page
from gui.widgets.buttons import Kind
from gui.widgets.panes import Tab
from gui.widgets.rail import StageProgress


class ProbePage(Page):
    """Counts refreshes and single keys, and adds criteria to the protocol."""

    ID = "probe"
    TITLE = "Probe"
    INTERESTS = Area.PROTOCOL
    TABS = (Tab("one", "One"), Tab("two", "Two", "12"))

    def build(self) -> None:
        self.refreshed: list[Area] = []
        self.pressed: list[str] = []
        self.places: list[dict[str, object]] = []
        self.tabs_chosen: list[str] = []
        self.open = True
        self.edit = QLineEdit()
        self.edit.setAccessibleName("Text")
        self.combo = QComboBox()
        self.combo.setAccessibleName("Choice")
        self.combo.addItems(["Include", "Maybe"])
        self.include = self.registry.button(f"{self.ID}.include", Kind.INCLUDE)
        self.header.add(self.include)
        self.body.addWidget(self.edit)
        self.body.addWidget(self.combo)

    def page_actions(self) -> tuple[Action, ...]:
        return (
            self.action("include", "Include", lambda: self.pressed.append("include"), "I", enabled_when=self._is_open),
            self.action("reason", "First reason", lambda: self.pressed.append("reason"), "1"),
            self.action("export", "Export", lambda: self.pressed.append("export"), "Ctrl+Shift+S"),
        )

    def _is_open(self) -> bool:
        return self.open

    def refresh(self, areas: Area) -> None:
        self.refreshed.append(areas)

    def show_tab(self, tab: str) -> None:
        self.tabs_chosen.append(tab)

    def show_place(self, **where: object) -> None:
        self.places.append(where)

    def add_criterion(self, text: str, initiator: object = None) -> None:
        self.write(lambda s: s.protocol.add_criterion("include", text)).run(initiator)


class OtherPage(ProbePage):
    """The same under another id."""

    ID = "other"
    TITLE = "Other"


SPECS = (
    PageSpec("probe", "Probe", "list-checks", f"{__name__}:ProbePage", lambda _s: StageProgress(0.5, "50%")),
    PageSpec("other", "Other", "table-2", f"{__name__}:OtherPage"),
)
