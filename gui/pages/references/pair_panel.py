"""The panel under the table: one record in full, or two side by side with the words that differ marked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QStackedWidget, QWidget

from core.language import counted, tr
from gui import theme
from gui.pages.references.diff_text import DiffText
from gui.pages.references.facts import facts, number, short_authors
from gui.pages.references.word_diff import differing
from gui.theme import Type
from gui.widgets.labels import ElidedLabel, Label, Line
from gui.widgets.marks import Chip, Tone
from gui.widgets.panes import Scroll, Surface, column, row

if TYPE_CHECKING:
    from core.store.queries.records import RecordView

_LABEL_WIDTH = 84
_ROW_GAP = 8
_READ = ("Title", "Authors", "Published", "Abstract", "DOI", "PubMed", "Accession", "Sources", "Kind", "Language",
         "Keywords", "Links")  # fmt: skip
_COMPARED = (
    "Title",
    "Authors",
    "Published",
    "DOI",
    "PubMed",
    "Accession",
    "Kind",
    "Language",
    "Abstract",
    "Keywords",
)
_WHOLE = ("DOI", "PubMed", "Accession", "Kind", "Language")
"""Lines that are equal or not; of the others the words that differ are marked."""
_ALWAYS = ("Title", "Authors", "Published", "DOI")
"""Lines shown in a comparison even when both records leave them empty."""


class PairPanel(Surface):
    """A bar with what one can do, and below it a record, a pair, or a sentence."""

    def __init__(self, name: str, buttons: Sequence[QWidget], parent: QWidget | None = None) -> None:
        super().__init__("surface", parent=parent)
        self.setAccessibleName(name)
        self.heading = Label("", Type.STRONG)
        self.fact = ElidedLabel("", Type.BODY, "muted")
        self.fact.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._bar = bar = Surface("sunken", "bottom")
        bar.setFixedHeight(theme.scaled(44))
        line = row(self.heading, self.fact, *buttons, margins=(16, 0, 16, 0))
        line.setStretch(1, 1)
        bar.setLayout(line)
        self.record = RecordDetail()
        self.pair = PairComparison()
        self.nothing = Label("", Type.BODY, "muted", wrap=True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedWidget()
        self._scrolls = [_reading(self.record, tr("The record")), _reading(self.pair, tr("The pair"))]
        for part in (_padded(self.nothing), *self._scrolls):
            self._stack.addWidget(part)
        box = column(bar, self._stack, spacing=0)
        box.setStretch(1, 1)
        self.setLayout(box)

    def show_nothing(self, text: str) -> None:
        """Say what could be chosen."""
        self._bar.hide()
        self.nothing.setText(text)
        self._stack.setCurrentIndex(0)

    def show_record(self, record: RecordView, fact: str) -> None:
        """Show one record in full."""
        self._head(number(record), fact)
        self.record.show_record(record)
        self._bring(1)

    def show_pair(self, heading: str, fact: str, primary: RecordView, other: RecordView) -> None:
        """Show two records side by side; the first is the one that stands for both."""
        self._head(heading, fact)
        self.pair.show_pair(primary, other)
        self._bring(2)

    def _head(self, heading: str, fact: str) -> None:
        self._bar.show()
        self.heading.setText(heading)
        self.fact.setText(fact)

    def _bring(self, index: int) -> None:
        self._scrolls[index - 1].verticalScrollBar().setValue(0)
        self._stack.setCurrentIndex(index)

    def focus_reading(self) -> None:
        """Let the keyboard scroll what is shown."""
        index = self._stack.currentIndex()
        if index:
            self._scrolls[index - 1].setFocus(Qt.FocusReason.TabFocusReason)


class RecordDetail(QWidget):
    """Name and text, line by line; the texts can be selected and copied."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = _grid()
        self._rows: dict[str, tuple[Label, Label]] = {}
        for place, name in enumerate(_READ):
            text = Label("", Type.BODY, wrap=True)
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            text.setMaximumWidth(theme.scaled(860))
            self._rows[name] = (_name(tr(name)), text)
            grid.addWidget(self._rows[name][0], place, 0)
            grid.addWidget(text, place, 1)
        grid.setColumnStretch(1, 1000)
        grid.setColumnStretch(2, 1)
        grid.setRowStretch(len(self._rows), 1)
        self.setLayout(grid)

    def show_record(self, record: RecordView) -> None:
        """Show `record`; lines it leaves empty are left out."""
        lines = facts(record) | {"Sources": ", ".join(record.sources)}
        for name, (label, text) in self._rows.items():
            text.setText(lines[name])
            for part in (label, text):
                part.setVisible(bool(lines[name]))

    def text(self, name: str) -> str:
        """What stands in a line."""
        return self._rows[name][1].text()


class PairComparison(QWidget):
    """Two records in two equal columns."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = _grid()
        self._heads = (_Head(), _Head())
        grid.addWidget(self._heads[0], 0, 1)
        grid.addWidget(self._heads[1], 0, 3)
        self._rows: dict[str, tuple[Label, DiffText, DiffText]] = {}
        for place, name in enumerate(_COMPARED, 1):
            self._rows[name] = (_name(tr(name)), DiffText(), DiffText())
            for at, part in zip((0, 1, 3), self._rows[name], strict=True):
                grid.addWidget(part, place, at)
        grid.addWidget(Line(vertical=True), 0, 2, len(_COMPARED) + 2, 1)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        grid.setRowStretch(len(_COMPARED) + 1, 1)
        self.setLayout(grid)

    def show_pair(self, primary: RecordView, other: RecordView) -> None:
        """Show both; `primary` is the one that stands for both."""
        self._heads[0].show_record(primary, primary=True)
        self._heads[1].show_record(other, primary=False)
        ours, theirs = facts(primary), facts(other)
        for name, parts in self._rows.items():
            one, two = ours[name], theirs[name]
            for part in parts:
                part.setVisible(bool(one or two) or name in _ALWAYS)
            _compare(parts[1], parts[2], one or tr("none"), two or tr("none"), whole=name in _WHOLE)
            if name == "Authors" and one == two:
                for part in parts[1:]:
                    part.set(short_authors(primary.authors) or "none")
            if name == "Abstract" and one and not any(differing(one, two)):
                for part in parts[1:]:
                    part.set(counted("Equal, {n} word", "Equal, {n} words", len(one.split())), (), "muted")

    def texts(self, name: str) -> tuple[DiffText, DiffText]:
        """The two texts of a line."""
        return self._rows[name][1:]


class _Head(QWidget):
    """The number of a record, where it comes from, and whether it stands for the pair."""

    def __init__(self) -> None:
        super().__init__()
        self._number = Label("", Type.STRONG)
        self._source = ElidedLabel("", Type.SMALL, "muted")
        self._source.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._chip = Chip(tr("Primary"), Tone.ACCENT)
        line = row(self._number, self._chip, self._source)
        line.setStretch(2, 1)
        self.setLayout(line)

    def show_record(self, record: RecordView, *, primary: bool) -> None:
        self._number.setText(number(record))
        self._source.setText(", ".join(record.sources))
        self._chip.setVisible(primary)


def _compare(left: DiffText, right: DiffText, one: str, two: str, *, whole: bool) -> None:
    if whole:
        same = one.casefold() == two.casefold()
        ours, theirs = ((), ()) if same else (((0, len(one)),), ((0, len(two)),))
    else:
        ours, theirs = differing(one, two)
    left.set(one, ours)
    right.set(two, theirs)


def _grid() -> QGridLayout:
    grid = QGridLayout()
    grid.setContentsMargins(16, 12, 16, 16)
    grid.setHorizontalSpacing(10)
    grid.setVerticalSpacing(_ROW_GAP)
    grid.setColumnMinimumWidth(0, theme.scaled(_LABEL_WIDTH))
    return grid


def _name(text: str) -> Label:
    label = Label(text, Type.SMALL, "muted")
    label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
    return label


def _reading(content: QWidget, name: str) -> Scroll:
    """A scroll area the keyboard can reach."""
    scroll = Scroll(content)
    scroll.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setAccessibleName(name)
    return scroll


def _padded(part: QWidget) -> QWidget:
    holder = QWidget()
    holder.setLayout(column(None, part, None, margins=(24, 8, 24, 8)))
    return holder
