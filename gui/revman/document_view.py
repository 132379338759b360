"""The texts of a review made in another program, for reading: headings at the left, the section at the right."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFrame, QTextBrowser, QWidget
from typing_extensions import override

from core.interchange.model import Part
from core.language import said, tr
from gui import theme
from gui.revman.plain_table import PlainTable
from gui.theme import Type
from gui.widgets.fields import LineEdit
from gui.widgets.labels import Label
from gui.widgets.panes import Splitter, Surface, column, row
from gui.widgets.table import Column

_INDENT = "    "
_WEB = ("http", "https", "mailto")
PART_COLUMNS: tuple[Column[Part], ...] = (
    Column(
        "title",
        tr("Section"),
        lambda part: _INDENT * (part.level - 1) + said(part.title),
        stretch=True,
        tip=lambda part: said(part.title),
    ),
)


class DocumentView(QWidget):
    """See the module."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts: Sequence[Part] = ()
        self._shown: Part | None = None
        self.filter = LineEdit(tr("Find in the text"), tr("Find in the text"), icon="search")
        self.filter.setObjectName("report.find")
        self.filter.textChanged.connect(self._narrow)
        self.table: PlainTable[Part] = PlainTable(PART_COLUMNS, tr("Sections"))
        self.table.setObjectName("report.sections")
        self.table.horizontalHeader().hide()
        self.text = QTextBrowser()
        self.text.setObjectName("report.text")
        self.text.setAccessibleName(tr("Text of the section"))
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.text.setOpenLinks(False)
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

    def show_parts(self, parts: Sequence[Part]) -> None:
        """Show these parts; stay on the one that was shown."""
        self._parts = parts
        self._narrow()

    def choose(self, part_id: str) -> bool:
        """Show the part with this id; whether there is one."""
        for number, part in enumerate(self.table.rows()):
            if part.id == part_id:
                self.table.choose(number)
                return True
        return False

    def shown(self) -> Part | None:
        """The part in front."""
        return self._shown

    def _narrow(self) -> None:
        words = self.filter.text().casefold().split()
        found = [p for p in self._parts if all(word in f"{p.title} {p.html}".casefold() for word in words)]
        before = self._shown.id if self._shown else ""
        self.table.show_rows(found)
        self._nothing.setVisible(not found)
        self._nothing.setText(tr("No section holds “{text}”.", text=self.filter.text()) if words else "")
        self.text.setVisible(bool(found))
        if found and not self.choose(before):
            self.table.choose(0)

    def _show_row(self, number: int) -> None:
        self._shown = self.table.rows()[number]
        self._paint_text()

    def _paint_text(self) -> None:
        if self._shown is None:
            return
        document = self.text.document()
        document.setDefaultFont(theme.font(Type.ABSTRACT))
        document.setDefaultStyleSheet(_style())
        document.setDocumentMargin(24)
        empty = "" if self._shown.html else f"<p class='none'>{tr('The file has no text here.')}</p>"
        title = said(self._shown.title).replace("&", "&amp;").replace("<", "&lt;")
        self.text.setHtml(f"<h1>{title}</h1>{self._shown.html}{empty}")

    def _follow(self, address: QUrl) -> None:
        if address.hasFragment() and not address.scheme():
            self.filter.clear()
            self.choose(address.fragment())
        elif address.scheme() in _WEB:
            QDesktopServices.openUrl(address)

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._paint_text()


def _style() -> str:
    """What Qt's rich text knows of style sheets, in the colours of the scheme."""
    line, text, muted = (theme.color(name).name() for name in ("border", "text", "muted"))
    return f"""
        h1 {{ font-size: {theme.scaled(18)}px; font-weight: 600; color: {text}; }}
        h2 {{ font-size: {theme.scaled(16)}px; font-weight: 600; }}
        h3, h4, h5 {{ font-size: {theme.scaled(14)}px; font-weight: 600; }}
        p {{ margin-bottom: 8px; line-height: 145%; }}
        a {{ color: {theme.color("accent").name()}; text-decoration: none; }}
        table {{ border-collapse: collapse; border: 1px solid {line}; }}
        th, td {{ padding: 4px; border: 1px solid {line}; }}
        th {{ background-color: {theme.color("sunken").name()}; font-weight: 600; }}
        .none {{ color: {muted}; }}
    """
