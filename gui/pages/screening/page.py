"""Screening of titles and abstracts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.language import tr
from core.model import Id
from core.session.screening import ScreeningPart
from gui.pages.screening.conflicts import ConflictsTab
from gui.pages.screening.decided import DecidedTab
from gui.pages.screening.judging import JudgingPage
from gui.pages.screening.screen import ScreenTab
from gui.pages.screening.tab import JudgingTab
from gui.widgets.panes import Tab

if TYPE_CHECKING:
    from core.review import Session


class ScreeningPage(JudgingPage):
    """One record at a time, one's own decisions, and the conflicts. `show_place(record=, tab=)` goes to either."""

    ID = "screening"
    TITLE = tr("Screening")
    TABS = (Tab("screen", tr("Screen")), Tab("decided", tr("Decided")), Tab("conflicts", tr("Conflicts")))

    def part_of(self, session: Session) -> ScreeningPart:
        return session.screening

    def make_tabs(self) -> dict[str, JudgingTab]:
        self.screen_tab = ScreenTab(self)
        self.decided_tab = DecidedTab(self, self.open_record)
        self.conflicts_tab = ConflictsTab(self, lambda: self.header.tabs.set_current("screen"))
        return {"screen": self.screen_tab, "decided": self.decided_tab, "conflicts": self.conflicts_tab}

    def open_record(self, record_id: Id) -> None:
        """Show a record on the Screen tab."""
        self.screen_tab.show_record(record_id)
        self.header.tabs.set_current("screen")

    def show_place(self, **where: object) -> None:
        tab, record = where.get("tab"), where.get("record")
        if isinstance(record, bytes):
            self.open_record(record)
        elif isinstance(tab, str) and tab in self.tabs:
            self.header.tabs.set_current(tab)
