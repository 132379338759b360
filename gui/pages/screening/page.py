"""Screening of titles and abstracts."""

from __future__ import annotations

from functools import cached_property
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

    @cached_property
    def screen_tab(self) -> ScreenTab:
        """One record at a time."""
        return self.put_in(ScreenTab(self))

    @cached_property
    def decided_tab(self) -> DecidedTab:
        """One's own decisions."""
        return self.put_in(DecidedTab(self, self.open_record))

    @cached_property
    def conflicts_tab(self) -> ConflictsTab:
        """What two decided differently."""
        return self.put_in(ConflictsTab(self, lambda: self.header.tabs.set_current("screen")))

    def tab_named(self, name: str) -> JudgingTab:
        if name == "decided":
            return self.decided_tab
        return self.conflicts_tab if name == "conflicts" else self.screen_tab

    def open_record(self, record_id: Id) -> None:
        """Show a record on the Screen tab."""
        self.screen_tab.show_record(record_id)
        self.header.tabs.set_current("screen")

    def whereabouts(self) -> dict[str, str | bytes]:
        entry = self.screen_tab.entry()
        tab = self.header.tabs.current()
        return {"record": entry.id} if tab == "screen" and entry is not None else {"tab": tab}

    def show_place(self, **where: object) -> None:
        tab, record = where.get("tab"), where.get("record")
        if isinstance(record, bytes):
            self.open_record(record)
        elif isinstance(tab, str) and tab in {each.id for each in self.TABS}:
            self.header.tabs.set_current(tab)
