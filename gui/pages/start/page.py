"""What one sees with no review open."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QLayout, QWidget
from typing_extensions import override

from core.language import tr
from gui import icons, theme
from gui.pages.base import Ask
from gui.pages.start.parts import NewReviewForm, RecentRow, StartButton
from gui.settings import Settings
from gui.theme import Type
from gui.widgets.fields import LineEdit
from gui.widgets.labels import ElidedLabel, Label
from gui.widgets.messages import Choice, Glyph, Level, Message, MessageArea
from gui.widgets.panes import Scroll, Surface, column, row, widgets_of

FILE_FILTER = tr("Copse review (*.copse)")
OPEN_FILTER = tr("Reviews (*.copse {others})", others="*.rm5 *.zip *.mtv *.csv *.xlsx")
_BLOCK = 1040
_ACTIONS, _GAP = 364, 56
_NARROW = 900


class StartPage(Surface):
    """Recent reviews and the ways to begin. It opens nothing itself, it says what is wanted."""

    open_wanted = Signal(object)
    """The Path of a review."""
    create_wanted = Signal(object, str, list)
    """Path, title and names of a new review."""
    example_wanted = Signal(object)
    """The folder for the example review."""

    def __init__(self, settings: Settings, ask: Ask, version: str, parent: QWidget | None = None) -> None:
        super().__init__("surface", parent=parent)
        self.setAccessibleName(tr("Start"))
        self._settings = settings
        self._ask = ask
        self.messages = MessageArea()
        self.new = StartButton(tr("New review"), tr("Title, your name, the other reviewers"), "plus", "Ctrl+N")
        self.open = StartButton(tr("Open…"), tr("A .copse or RevMan file, or drop one here"), "folder-open", "Ctrl+O")
        self.example = StartButton(
            tr("Open the example review"), tr("Ketamine for anxiety, every page filled"), "book-open"
        )
        for name in ("new", "open", "example"):
            getattr(self, name).setObjectName(f"start.{name}")
        self.new.set_primary(True)
        self.form = NewReviewForm()
        self.form.hide()
        self._recent_part = self._make_recent_part()
        self._block = self._make_block()
        self._footer = _Footer(version)
        self.setLayout(self._laid_out(self._footer))
        self.new.clicked.connect(self.show_form)
        self.open.clicked.connect(self.ask_open)
        self.example.clicked.connect(self._ask_example)
        self.form.submitted.connect(self._ask_create)
        self.form.given_up.connect(self.hide_form)
        self.show_recent()

    # layout

    def _make_recent_part(self) -> QWidget:
        self._filter = LineEdit(tr("Filter"), tr("Filter recent reviews"), icon="search")
        self._filter.setFixedWidth(theme.scaled(168))
        self._filter.textChanged.connect(self.show_recent)
        self._rows = column(spacing=2)
        holder = QWidget()
        holder.setLayout(self._rows)
        self._nothing = Label("", Type.BODY, "muted", wrap=True)
        part = QWidget()
        part.setLayout(
            column(
                row(Label(tr("Recent reviews"), Type.STRONG, "muted"), None, self._filter),
                self._nothing,
                Scroll(holder),
                spacing=10,
            )
        )
        return part

    def _make_block(self) -> QWidget:
        head = row(_Mark(), Label("Copse", Type.DISPLAY), None, spacing=12)
        tagline = Label(
            tr("Systematic reviews, from search results to forest plots."), Type.SECTION, "muted", wrap=True
        )
        tagline.setFont(theme.font(Type.BODY, 1))
        actions = QWidget()
        # The line below the name may run into the gap beside the buttons, rather than break.
        actions.setFixedWidth(theme.scaled(_ACTIONS + _GAP))
        buttons = column(self.new, self.open, self.example, None, spacing=8, margins=(0, 0, theme.scaled(_GAP), 0))
        actions.setLayout(column(head, tagline, 12, buttons, spacing=8))
        right = QWidget()
        beside = column(self.form, self._recent_part, None, spacing=16)
        beside.setStretch(1, 1000)
        right.setLayout(beside)
        block = QWidget()
        block.setMaximumWidth(theme.scaled(_BLOCK))
        self._sides = row(actions, right, spacing=0)
        self._sides.setStretch(1, 1)
        block.setLayout(self._sides)
        return block

    def _laid_out(self, footer: QWidget) -> QLayout:
        # Messages stand in the free space above the block, so that none of them moves a button.
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        grid.addWidget(self._centred(), 0, 0)
        grid.addWidget(self.messages, 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(footer, 1, 0)
        grid.setRowStretch(0, 1)
        self.messages.raise_()
        return grid

    def _centred(self) -> QWidget:
        # The block stands at two fifths of the free height.
        area = QWidget()
        line = row(spacing=0)
        line.addStretch(1)
        line.addWidget(self._block, 1000)
        line.addStretch(1)
        box = column(spacing=0, margins=(32, 16, 32, 16))
        box.addStretch(2)
        box.addLayout(line, 6)
        box.addStretch(2)
        area.setLayout(box)
        return area

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        narrow = self.width() < theme.scaled(_NARROW)
        way = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        self._sides.setDirection(way)
        side = max(20, (self.width() - theme.scaled(_BLOCK)) // 2)
        self.messages.setContentsMargins(side - 20, 12, side - 20, 0)
        super().resizeEvent(event)

    # recent reviews

    def show_recent(self) -> None:
        """List the recent reviews that match the filter."""
        while self._rows.count():
            item = self._rows.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.deleteLater()
        words = self._filter.text().casefold().split()
        reviews = self._settings.recent()
        matching = [r for r in reviews if all(w in f"{r.title} {r.path}".casefold() for w in words)]
        for review in matching:
            line = RecentRow(review)
            line.clicked.connect(lambda _checked=False, path=review.path: self.open_wanted.emit(Path(path)))
            self._rows.addWidget(line)
        self._rows.addStretch(1)
        self._filter.setVisible(len(reviews) > 1)
        self._nothing.setVisible(not matching)
        self._nothing.setText(
            tr("No recent review matches “{text}”.", text=self._filter.text())
            if reviews
            else tr("None yet. A review you make or open is listed here.")
        )

    def has_filter(self) -> bool:
        """Whether there is something to filter."""
        return self._filter.isVisible()

    def go_to_filter(self) -> None:
        """Put the focus into the filter of the recent reviews."""
        self._filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._filter.selectAll()

    def recent_rows(self) -> Sequence[RecentRow]:
        """The rows now listed."""
        return [part for part in widgets_of(self._rows) if isinstance(part, RecentRow)]

    # new, open, example

    def show_form(self) -> None:
        """Offer the form for a new review."""
        self.form.clear()
        self.form.show()
        self._recent_part.hide()
        self.new.set_primary(False)
        self.form.title.setFocus(Qt.FocusReason.OtherFocusReason)

    def hide_form(self) -> None:
        """Go back to the list."""
        self.form.hide()
        self._recent_part.show()
        self.new.set_primary(True)
        self.new.setFocus(Qt.FocusReason.OtherFocusReason)

    def ask_open(self) -> None:
        """Let the user choose a review's file."""
        chosen = self._ask.open_files(self, tr("Open a review"), OPEN_FILTER)
        if chosen:
            self.open_wanted.emit(chosen[0])

    def _ask_create(self, title: str, names: list[str]) -> None:
        name = re.sub(r"[^\w -]", "", title).strip().replace(" ", "-").casefold()[:60] or "review"
        suggested = Path.home() / f"{name}.copse"
        path = self._ask.save_file(self, tr("Where to keep the review"), suggested, FILE_FILTER)
        if path is not None:
            self.create_wanted.emit(path.with_suffix(".copse") if not path.suffix else path, title, names)

    def _ask_example(self) -> None:
        folder = self._ask.folder(self, tr("Where to put the example review"))
        if folder is not None:
            self.example_wanted.emit(folder)

    # messages, footer

    def add_to_footer(self, *parts: QWidget) -> None:
        """Offer more at the bottom, before the version."""
        self._footer.add(*parts)

    def show_message(self, text: str, level: Level = Level.INFO, choices: Sequence[Choice] = ()) -> Message:
        """Say something above the block until it is solved or closed."""
        message = Message(text, level, choices, closable=True)
        self.messages.show_message(message)
        return message


class _Mark(QWidget):
    """The mark of the program."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(36, 36)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        icons.paint(painter, "copse", self.rect(), theme.color("accent"))
        painter.end()


class _Footer(Surface):
    """Where the reviews are, and which Copse this is."""

    def __init__(self, version: str) -> None:
        super().__init__("window", "top")
        self.setFixedHeight(theme.scaled(36))
        said = ElidedLabel(
            tr("Your reviews are files on this computer. Copse works without a network and sends nothing anywhere."),
            Type.SMALL,
            "muted",
        )
        self._more = row(spacing=4)
        self.setLayout(
            row(
                Glyph("hard-drive", "muted", 14),
                said,
                None,
                self._more,
                8,
                Label(tr("Copse {version}", version=version), Type.SMALL, "muted"),
                margins=(24, 1, 24, 0),
            )
        )

    def add(self, *parts: QWidget) -> None:
        """Add controls before the version."""
        for part in parts:
            self._more.addWidget(part)
