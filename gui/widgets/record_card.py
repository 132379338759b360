"""A record as one reads it to judge: number and sources, title, authors, journal, links, abstract with marked terms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import quote

from PySide6.QtCore import QRect, QSize, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from core.language import figure, tr
from gui import theme
from gui.theme import Type
from gui.widgets.buttons import Button, Kind
from gui.widgets.labels import Label
from gui.widgets.marked_text import MarkedText, Terms, paragraphs
from gui.widgets.marks import Chip, Tone, chip_height, chip_width, paint_chip
from gui.widgets.panes import column, row

if TYPE_CHECKING:
    from core.session.screening import RecordView

_AUTHORS_SHOWN = 10
_CHIP_GAP = 8


def authors_line(authors: Sequence[str], limit: int = _AUTHORS_SHOWN) -> str:
    """The authors, the first `limit` of them by name."""
    names = [" ".join(name.replace(",", " ").split()) for name in authors]
    if len(names) <= limit:
        return ", ".join(names)
    return tr("{names} and {n} more", names=", ".join(names[:limit]), n=figure(len(names) - limit))


def journal_line(record: RecordView) -> str:
    """Journal, year, volume and pages, as far as they are known: "J Affect Disord 2019; 14: 211-220"."""
    where = " ".join(str(part) for part in (record.journal, record.year) if part)
    volume = f"{record.volume}({record.issue})" if record.volume and record.issue else record.volume or record.issue
    place = ": ".join(part for part in (volume, record.pages) if part)
    return "; ".join(part for part in (where, place) if part)


def doi_url(doi: str) -> QUrl:
    """Where a DOI leads."""
    return QUrl(f"https://doi.org/{quote(doi, safe='/().;:-_')}")


def pubmed_url(pmid: str) -> QUrl:
    """Where a PubMed number leads."""
    return QUrl(f"https://pubmed.ncbi.nlm.nih.gov/{quote(pmid)}/")


class SourceChips(QWidget):
    """The sources that delivered a record, right-aligned; those that do not fit are counted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: Sequence[str] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(24)

    def set_names(self, names: Sequence[str]) -> None:
        """Show other sources."""
        self._names = names
        self.setAccessibleName(tr("Sources: {names}", names=", ".join(names)) if names else "")
        self.setToolTip(", ".join(names))
        self.update()

    def _fitting(self) -> list[str]:
        names = list(self._names)
        while names and self._width(names) > self.width():
            names.pop()
        return names

    def _width(self, names: Sequence[str]) -> int:
        hidden = len(self._names) - len(names)
        texts = [*names, f"+{hidden}"] if hidden else names
        return sum(chip_width(text) + _CHIP_GAP for text in texts) - _CHIP_GAP

    @override
    def sizeHint(self) -> QSize:
        return QSize(160, chip_height())

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        names = self._fitting()
        hidden = len(self._names) - len(names)
        x = self.width() - self._width(names)
        for text in [*names, f"+{hidden}"] if hidden else names:
            width = chip_width(text)
            paint_chip(painter, QRect(x, 0, width, self.height()), text, Tone.NEUTRAL)
            x += width + _CHIP_GAP
        painter.end()


class RecordCard(QWidget):
    """Shows one record at a time. `between` is room for what a page puts between the head and the abstract."""

    def __init__(self, parent: QWidget | None = None, *, object_name: str = "card", compact: bool = False) -> None:
        """`compact` leaves more room for what stands `between`: a smaller title, and one line below it."""
        super().__init__(parent)
        self.setObjectName(object_name)
        self._compact = compact
        self._record: RecordView | None = None
        self._terms: tuple[tuple[str, str], ...] = ()
        self.number = Label("", Type.SMALL_STRONG, "muted")
        self.state = Chip("")
        self.state.hide()
        self._sources = SourceChips()
        self.title = self._selectable(Label("", Type.PAGE_TITLE if compact else Type.RECORD_TITLE, wrap=True))
        self._authors = self._selectable(Label("", Type.BODY, wrap=True))
        self._journal = self._selectable(Label("", Type.BODY, "muted", wrap=True))
        self.doi = self._link("DOI", self.open_doi)
        self.pubmed = self._link("PubMed", self.open_pubmed)
        self.abstract = MarkedText(tr("Abstract"))
        self.abstract.setObjectName(f"{object_name}.abstract")
        self._missing = Label(tr("No source gave an abstract."), Type.BODY, "muted")
        self._keywords = Label("", Type.SMALL, "muted", wrap=True)
        self.between: QVBoxLayout = column(spacing=12)
        self.setLayout(self._laid_out())
        self.hide()

    def _laid_out(self) -> QVBoxLayout:
        head = row(self.number, self.state, self._sources, spacing=8)
        links = row(self.doi, self.pubmed, spacing=4)
        said = row(column(self._authors, self._journal, spacing=3, margins=(0, 0, 0, 3)), spacing=8)
        said.setStretch(0, 1)
        said.addLayout(links)
        said.setAlignment(links, Qt.AlignmentFlag.AlignBottom)
        return column(
            head, 4, self.title, 4, said, 1, self.between, 4,
            self.abstract, self._missing, 8, self._keywords, None, spacing=4,
        )  # fmt: skip

    def _selectable(self, label: Label) -> Label:
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return label

    def _link(self, text: str, handler: object) -> Button:
        button = Button(text, icon="external-link", kind=Kind.QUIET, small=True)
        button.setObjectName(f"{self.objectName()}.{text.lower()}")
        button.clicked.connect(handler)
        return button

    def record(self) -> RecordView | None:
        """The record shown, None if there is none."""
        return self._record

    def show_record(self, record: RecordView | None) -> None:
        """Show another record, or none."""
        self._record = record
        self.setVisible(record is not None)
        if record is None:
            return
        self.number.setText(tr("Record {number}", number=figure(record.number)))
        self._sources.set_names(record.sources)
        self.title.setText(record.title or tr("No title"))
        authors, journal = authors_line(record.authors), journal_line(record)
        if self._compact:
            authors, journal = "", " · ".join(part for part in (authors, journal) if part)
        self._fill(self._authors, authors)
        self._authors.setToolTip("; ".join(record.authors) if len(record.authors) > _AUTHORS_SHOWN else "")
        self._fill(self._journal, journal)
        self.doi.setVisible(bool(record.doi))
        self.doi.setToolTip(record.doi)
        self.pubmed.setVisible(bool(record.pmid))
        self.pubmed.setToolTip(tr("PMID {pmid}", pmid=record.pmid))
        self.abstract.show_paragraphs(paragraphs(record.abstract))
        self.abstract.setVisible(bool(record.abstract))
        self._missing.setVisible(not record.abstract)
        self._fill(
            self._keywords, tr("Keywords: {keywords}", keywords="; ".join(record.keywords)) if record.keywords else ""
        )

    def _fill(self, label: Label, text: str) -> None:
        label.setText(text)
        label.setVisible(bool(text))

    def show_state(self, text: str, tone: Tone) -> None:
        """A word on what became of the record, "" for none."""
        self.state.setVisible(bool(text))
        self.state.set(text, tone)

    def set_terms(self, terms: Sequence[tuple[str, str]]) -> None:
        """Mark these terms: pairs of kind ("include" or "exclude") and text."""
        if tuple(terms) != self._terms:
            self._terms = tuple(terms)
            self.abstract.set_terms(Terms(terms))

    def set_large(self, large: bool) -> None:
        """Larger type, for wide windows."""
        self.title.setFont(theme.font(Type.PAGE_TITLE if self._compact else Type.RECORD_TITLE, 3 if large else 0))
        self.abstract.set_large(large)

    def open_doi(self) -> None:
        """Follow the record's DOI in the browser."""
        if self._record is not None and self._record.doi:
            QDesktopServices.openUrl(doi_url(self._record.doi))

    def open_pubmed(self) -> None:
        """Show the record at PubMed in the browser."""
        if self._record is not None and self._record.pmid:
            QDesktopServices.openUrl(pubmed_url(self._record.pmid))
