"""The pages of an open review, in the order of the rail. A page's module is imported when it is first visited."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.language import tr
from gui.pages import progress
from gui.pages.base import Page, Workspace
from gui.widgets.rail import StageProgress

if TYPE_CHECKING:
    from core.review import Session


@dataclass(frozen=True)
class PageSpec:
    """A page before it exists: `factory` is "module:Class"; `progress` is asked on a worker thread."""

    id: str
    title: str
    icon: str
    factory: str
    progress: Callable[[Session], StageProgress | None] = progress.overview
    tabs: tuple[tuple[str, str], ...] = ()
    """Ids and titles of its tabs, which the palette offers before the page exists."""

    def make(self, workspace: Workspace) -> Page:
        """Import the page's module and build the page."""
        module, name = self.factory.split(":")
        build: Callable[[Workspace], Page] = getattr(importlib.import_module(module), name)
        return build(workspace)


PAGES: tuple[PageSpec, ...] = (
    PageSpec("overview", tr("Overview"), "layout-dashboard", "gui.pages.overview.page:OverviewPage", progress.overview),
    PageSpec(
        "protocol",
        tr("Protocol"),
        "scroll-text",
        "gui.pages.protocol.page:ProtocolPage",
        tabs=(
            ("question", tr("Question")),
            ("eligibility", tr("Eligibility")),
            ("outcomes", tr("Outcomes")),
            ("team", tr("Team")),
        ),
    ),
    PageSpec(
        "references",
        tr("References"),
        "library",
        "gui.pages.references.page:ReferencesPage",
        progress.references,
        (("records", tr("Records")), ("sources", tr("Sources")), ("duplicates", tr("Duplicates"))),
    ),
    PageSpec(
        "screening",
        tr("Screening"),
        "list-checks",
        "gui.pages.screening.page:ScreeningPage",
        progress.screening,
        (("screen", tr("Screen")), ("decided", tr("Decided")), ("conflicts", tr("Conflicts"))),
    ),
    PageSpec(
        "fulltext",
        tr("Full text"),
        "file-text",
        "gui.pages.fulltext.page:FullTextPage",
        progress.fulltext,
        (("reports", tr("Reports")), ("conflicts", tr("Conflicts")), ("studies", tr("Included, no study yet"))),
    ),
    PageSpec(
        "extraction",
        tr("Extraction"),
        "table-2",
        "gui.pages.extraction.page:ExtractionPage",
        progress.extraction,
        (("extract", tr("Extract")), ("compare", tr("Compare")), ("form", tr("Form design"))),
    ),
    PageSpec(
        "riskofbias",
        tr("Risk of bias"),
        "shield-check",
        "gui.pages.riskofbias.page:RiskOfBiasPage",
        progress.riskofbias,
        (("assess", tr("Assess")), ("consensus", tr("Consensus"))),
    ),
    PageSpec("analysis", tr("Analysis"), "chart-gantt", "gui.pages.analysis.page:AnalysisPage", progress.analysis),
    PageSpec(
        "report",
        tr("Report"),
        "notebook-text",
        "gui.pages.report.page:ReportPage",
        tabs=(("document", tr("Text")), ("check", tr("Check")), ("read", tr("What was read"))),
    ),
)
