"""Full text: reports assessed, conflicts settled, studies made of what is included."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from core.language import tr
from core.model import Area
from core.session.screening import ScreeningPart
from gui.pages.fulltext.reports import ReportsTab
from gui.pages.fulltext.studies import StudiesTab
from gui.pages.screening.conflicts import ConflictsTab
from gui.pages.screening.judging import JudgingPage
from gui.pages.screening.tab import JudgingTab
from gui.widgets.panes import Tab

if TYPE_CHECKING:
    from core.review import Session


class FullTextPage(JudgingPage):
    """Reports, conflicts, and included reports without a study. `show_place(record=, tab=)` goes to either."""

    ID = "fulltext"
    TITLE = tr("Full text")
    INTERESTS = JudgingPage.INTERESTS | Area.REPORTS | Area.STUDIES
    TABS = (
        Tab("reports", tr("Reports")),
        Tab("conflicts", tr("Conflicts")),
        Tab("studies", tr("Included, no study yet")),
    )
    VERDICTS = ("include", "exclude")

    def part_of(self, session: Session) -> ScreeningPart:
        return session.fulltext

    @cached_property
    def reports_tab(self) -> ReportsTab:
        """One report at a time."""
        return self.put_in(ReportsTab(self))

    @cached_property
    def conflicts_tab(self) -> ConflictsTab:
        """What two decided differently."""
        return self.put_in(ConflictsTab(self, lambda: self.header.tabs.set_current("reports")))

    @cached_property
    def studies_tab(self) -> StudiesTab:
        """Included reports that wait for a study."""
        return self.put_in(StudiesTab(self))

    def tab_named(self, name: str) -> JudgingTab:
        if name == "studies":
            return self.studies_tab
        return self.conflicts_tab if name == "conflicts" else self.reports_tab

    def whereabouts(self) -> dict[str, str | bytes]:
        record = self.reports_tab.list.chosen_id()
        tab = self.header.tabs.current()
        return {"record": record} if tab == "reports" and record is not None else {"tab": tab}

    def show_tab(self, tab: str) -> None:
        super().show_tab(tab)
        self.reports_tab.show_in_front(tab == "reports")

    def show_place(self, **where: object) -> None:
        tab, record = where.get("tab"), where.get("record")
        if isinstance(record, bytes):
            self.header.tabs.set_current("reports")
            self.reports_tab.show_record(record)
        elif isinstance(tab, str) and tab in {each.id for each in self.TABS}:
            self.header.tabs.set_current(tab)
