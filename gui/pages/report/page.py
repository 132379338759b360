"""Report: the texts of a review that came from another program, the check of its numbers, what was read from its file,
and files for other programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QStackedWidget, QWidget

from core.errors import CopseError
from core.language import counted, figure, said, tr
from core.model import Area
from gui.actions import Action
from gui.explaining import explain
from gui.operations import Cancelled, Report
from gui.pages.base import Page
from gui.revman.checks import known, remember
from gui.revman.contents_view import ContentsView, RemarksView
from gui.revman.document import Document, document
from gui.revman.document_text import decoded
from gui.revman.document_view import DocumentView
from gui.revman.verification_view import DifferencesView, lines, sentence
from gui.widgets.buttons import Button
from gui.widgets.messages import EmptyState, Level, primary
from gui.widgets.panes import Splitter, Tab

if TYPE_CHECKING:
    from pathlib import Path

    from core.interchange.contents import Content
    from core.interchange.model import Remark, ReviewFile
    from core.interchange.verify import Verification
    from core.review import Session

DOCUMENT, CHECK, READ = "document", "check", "read"
"""The tabs."""

_EXPORTS = (
    ("rm5", tr("RevMan 5 file (.rm5)"), "rm5", "file-down"),
    ("revman_web", tr("RevMan Web data package (.zip)"), "zip", "file-down"),
    ("revman_csv", tr("Analysis data as RevMan 5 exports them (.csv)"), "csv", "table-2"),
)
"""Key, title, suffix and icon of each kind of file."""


@dataclass(frozen=True)
class _Loaded:
    """The file that the review was made from, as the page shows it."""

    file: ReviewFile
    contents: Sequence[Content]
    document: Document


def _load(session: Session) -> _Loaded | None:
    """Called on a worker."""
    from core.interchange.contents import contents

    file = session.interchange.file()
    return None if file is None else _Loaded(file, contents(file), document(file.parts))


class ReportPage(Page):
    """See the module. `show_place(tab=)` goes to one of the tabs."""

    ID = "report"
    TITLE = tr("Report")
    INTERESTS = Area.REVIEW
    TABS = (Tab(DOCUMENT, tr("Text")), Tab(CHECK, tr("Check")), Tab(READ, tr("What was read")))

    def build(self) -> None:
        self._loaded: _Loaded | None = None
        self._checking = self._checked = False
        self.export_button = Button(tr("Export"), icon="download", opens=True, tip=tr("Files for other programs"))
        self.export_button.setObjectName("report.export")
        self.export_button.clicked.connect(self.pop_up)
        self.header.add(self.export_button)
        self.document = DocumentView()
        self.document.element_wanted.connect(self._go_to_element)
        self.keep_sizes(self.document.splitter, "document")
        self.differences = DifferencesView()
        self.contents, self.remarks = ContentsView(), RemarksView()
        self.contents.page_wanted.connect(self.workspace.go)
        read = Splitter(self.contents, self.remarks, vertical=True)
        read.setSizes([560, 240])
        self.keep_sizes(read, "read")
        explain(self.document, "revman_texts")
        explain(self.differences, "revman_check")
        explain(read, "revman_file")
        self._stack = QStackedWidget()
        self.empty = self._make_empty()
        for part in (QWidget(), self.empty, self.document, self.differences, read):
            self._stack.addWidget(part)
        self.body.addWidget(self._stack)

    def _make_empty(self) -> EmptyState:
        export = primary(tr("Export for RevMan"), lambda: self._export("rm5"))
        export.setObjectName("report.empty_export")
        return EmptyState(
            "notebook-text",
            tr("This review was made in Copse"),
            tr(
                "The texts of a review that was opened from a RevMan file stand here, with the check of its numbers. "
                "Any review can be handed on to RevMan: studies, characteristics, risk of bias and analyses."
            ),
            (export,),
            large=True,
        )

    def page_actions(self) -> tuple[Action, ...]:
        return (
            self.action("export", tr("Export"), self.pop_up, "Ctrl+Shift+S", icon="download"),
            *(
                self.action(f"export_{name}", text, lambda n=name: self._export(n), icon=icon)
                for name, text, _, icon in _EXPORTS
            ),
        )

    # showing

    def refresh(self, areas: Area) -> None:
        if self._loaded is None:
            self.read(_load, tr("reading the file kept in the review")).done(self._show).run()

    def _show(self, loaded: _Loaded | None) -> None:
        self._loaded = loaded
        if loaded is None:
            self._stack.setCurrentIndex(1)
            self.header.set_fact("")
            return
        file = loaded.file
        self.header.set_fact(tr("from {name}", name=file.file_name))
        self.header.tabs.set_count(READ, figure(len(file.remarks)) if file.remarks else "")
        self.document.show_document(loaded.document)
        pictures = loaded.document.pictures
        if pictures:
            self.read(lambda _: decoded(pictures)).done(self.document.text.set_pictures).run()
        self.contents.show_contents(loaded.contents)
        self.remarks.show_remarks(file.remarks)
        verification = known(self.review)
        if verification is not None:
            self._show_check(verification)
        self.show_tab(self.header.tabs.current())

    def _go_to_element(self, element: str) -> None:
        """A link in a text to a reference, a study or an analysis."""
        if self._loaded is None:
            return
        others = [each.reference for each in self._loaded.file.other_references]
        name = next((each.name for each in others if each.id == element), "")
        if name:
            self.document.look_for(name)
        else:
            self.read(lambda s: s.interchange.placed(element)).done(self._go_to_placed).run()

    def _go_to_placed(self, placed: tuple[str, bytes] | None) -> None:
        if placed is None:
            self.workspace.say(tr("What this link leads to is not in the review."))
            return
        table, row = placed
        self.workspace.go("analysis" if table == "analysis" else "extraction", **{table: row})

    def _check(self, file: ReviewFile) -> None:
        """Compute every number of the file again, once for as long as the review is open."""
        if self._checking or self._checked:
            return
        self._checking = True

        def verify(_session: Session, report: Report, cancelled: Cancelled) -> Verification | None:
            from core.interchange.verify import VerifyCancelled, verify

            total = len(file.outcomes)
            try:
                return verify(file, lambda share: report(round(share * total), total), cancelled)
            except VerifyCancelled:
                return None

        self.differences.show_waiting()
        call = self.task(tr("Checking the numbers of {name}", name=file.file_name), verify).done(self._keep_check)
        call.failed(self._check_failed).run()

    def _keep_check(self, verification: Verification | None) -> None:
        self._checking = False
        if verification is None:
            self.differences.show_stopped()
            return
        remember(self.review, verification)
        self._show_check(verification)
        self.announce(sentence(verification))

    def _check_failed(self, error: CopseError) -> None:
        self._checking = False
        self.show_message(error.message, Level.DANGER)

    def _show_check(self, verification: Verification) -> None:
        self._checked = True
        self.differences.show_verification(verification)
        number = len(lines(verification))
        self.header.tabs.set_count(CHECK, figure(number) if number else "")

    def show_tab(self, tab: str) -> None:
        if self._loaded is None:
            return
        self._stack.setCurrentIndex((DOCUMENT, CHECK, READ).index(tab) + 2)
        if tab == CHECK:
            self._check(self._loaded.file)

    def show_place(self, **where: object) -> None:
        tab = where.get("tab")
        if tab in (DOCUMENT, CHECK, READ):
            self.header.tabs.set_current(str(tab))

    def has_filter(self) -> bool:
        return self._stack.currentWidget() is self.document

    def go_to_filter(self) -> None:
        self.document.filter.setFocus()
        self.document.filter.selectAll()

    def panes(self) -> Sequence[QWidget]:
        if self._stack.currentWidget() is self.document:
            return (self.document.left, self.document.right)
        current = self._stack.currentWidget()
        return (current,) if current is not None else ()

    # exporting

    def pop_up(self) -> None:
        """The menu of the kinds of file, under its button."""
        menu = self.registry.menu([f"report.export_{name}" for name, _, _, _ in _EXPORTS], self)
        menu.setObjectName("report.export.menu")
        menu.aboutToHide.connect(menu.deleteLater)
        button = self.export_button
        menu.popup(button.mapToGlobal(QPoint(button.width() - menu.sizeHint().width(), button.height() + 2)))

    def _export(self, name: str) -> None:
        _, text, suffix, _ = next(each for each in _EXPORTS if each[0] == name)
        suggested = self.review.path.with_suffix(f".{suffix}")
        path = self.workspace.ask.save_file(self, text, suggested, f"{suffix.upper()} (*.{suffix})")
        if path is None:
            return
        target = path if path.suffix.casefold() == f".{suffix}" else path.with_name(f"{path.name}.{suffix}")

        def work(session: Session, report: Report, cancelled: Cancelled) -> Sequence[Remark]:
            return session.interchange.write(target, name)

        call = self.task(tr("Writing {name}", name=target.name), work).busy(self.export_button)
        call.done(lambda remarks: self._written(target, remarks)).run()

    def _written(self, target: Path, remarks: Sequence[Remark]) -> None:
        self.workspace.say(tr("Written to {path}.", path=target))
        if remarks:
            first = said(remarks[0].what)
            text = counted(
                "{name} was written. {n} thing in it is not as it stands here: {first}",
                "{name} was written. {n} things in it are not as they stand here, among them: {first}",
                len(remarks),
                name=target.name,
                first=first,
            )
            self.show_message(text, Level.INFO)
