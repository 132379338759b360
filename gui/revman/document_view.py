"""The texts of a review made in another program, for reading: headings at the left, the section at the right."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from core.language import said, tr
from gui import theme
from gui.revman.document import Document, Section
from gui.revman.document_text import DocumentText
from gui.revman.plain_table import PlainTable
from gui.theme import Type
from gui.widgets.fields import LineEdit
from gui.widgets.labels import Label
from gui.widgets.panes import Splitter, Surface, column, row
from gui.widgets.table import Column

_INDENT = "    "
_WEB = ("http", "https", "mailto")
COLUMNS: tuple[Column[Section], ...] = (
    Column(
        "title",
        tr("Section"),
        lambda section: _INDENT * (section.level - 1) + said(section.title),
        stretch=True,
        tip=lambda section: said(section.title),
    ),
)


class DocumentView(QWidget):
    """See the module. A heading shows all that stands under it."""

    element_wanted = Signal(str)
    """A link leads to this element of the file, which is no section."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = Document((), {})
        self._found: Sequence[int] = ()
        self._shown: str = ""
        self.filter = LineEdit(tr("Find in the text"), tr("Find in the text"), icon="search")
        self.filter.setObjectName("report.find")
        self.filter.textChanged.connect(self._narrow)
        self.table: PlainTable[Section] = PlainTable(COLUMNS, tr("Sections"))
        self.table.setObjectName("report.sections")
        self.table.horizontalHeader().hide()
        self.text = DocumentText()
        self.text.setObjectName("report.text")
        self.text.anchorClicked.connect(self._follow)
        self._nothing = Label("", Type.BODY, "muted", wrap=True)
        self._nothing.hide()
        self.left = Surface("sunken", "right")
        side = column(row(self.filter, margins=(12, 10, 12, 10)), self.table, spacing=0)
        side.setStretch(1, 1)
        self.left.setLayout(side)
        self.left.setMinimumWidth(theme.scaled(200))
        self.right = Surface("surface")
        middle = column(row(self._nothing, margins=(24, 16, 24, 0)), self.text, spacing=0)
        middle.setStretch(1, 1)
        self.right.setLayout(middle)
        self.splitter = Splitter(self.left, self.right)
        self.splitter.setSizes([300, 900])
        self.setLayout(column(self.splitter, spacing=0))
        self.table.row_chosen.connect(self._show_row)

    def show_document(self, document: Document) -> None:
        """Show these texts; stay on the section that was shown. Pictures are given to `text` when they are decoded."""
        self._document = document
        self._narrow()

    def choose(self, section: str) -> bool:
        """Show the section with this id; whether there is one."""
        for number, each in enumerate(self.table.rows()):
            if each.id == section:
                self.table.choose(number)
                return True
        return False

    def look_for(self, words: str) -> None:
        """Show where these words stand last: lists of references come at the end of a review."""
        said_in = [each.id for each in self._document.sections if words.casefold() in each.words]
        if said_in and self.choose(said_in[-1]):
            self.text.find(words)

    def shown(self) -> str:
        """The id of the section in front."""
        return self._shown

    def _narrow(self) -> None:
        words = self.filter.text().casefold().split()
        sections = self._document.sections
        self._found = [n for n, each in enumerate(sections) if all(word in each.words for word in words)]
        before = self._shown
        self.table.show_rows([sections[number] for number in self._found])
        self._nothing.setVisible(not self._found)
        self._nothing.setText(tr("No section holds “{text}”.", text=self.filter.text()) if words else "")
        self.text.setVisible(bool(self._found))
        self.text.set_found(words)
        if self._found and not self.choose(before):
            self.table.choose(0)

    def _show_row(self, number: int) -> None:
        sections = self._document.below(self._found[number])
        self._shown = sections[0].id
        self.text.show_sections(sections)

    def _follow(self, address: QUrl) -> None:
        if address.hasFragment() and not address.scheme():
            self.filter.clear()
            if not self.choose(address.fragment()):
                self.element_wanted.emit(address.fragment())
        elif address.scheme() in _WEB:
            QDesktopServices.openUrl(address)

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.text.paint_anew()
