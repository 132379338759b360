"""Quiet sentences about the result, below the settings: cautions first."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from core.language import counted, tr
from gui import theme
from gui.explaining import explain
from gui.pages.analysis.picture import NoteLine
from gui.theme import Type
from gui.widgets.labels import Label, section_label
from gui.widgets.messages import Glyph
from gui.widgets.panes import Scroll, Surface, column, row


class NotesPanel(Surface):
    """Hidden while there is nothing to say; scrolls when there is much."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("sunken", "top", parent)
        self.setObjectName("analysis.notes")
        explain(self, "notes")
        self._notes: tuple[NoteLine, ...] | None = None
        self._title = section_label(tr("Notes"))
        self._scroll = Scroll(QWidget())
        self._scroll.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._scroll.setAccessibleName(tr("Notes on the result"))
        box = column(row(self._title, margins=(14, 8, 14, 0)), self._scroll, spacing=4, margins=(0, 1, 0, 4))
        box.setStretch(1, 1)
        self.setLayout(box)
        self.hide()

    def show_notes(self, notes: Sequence[NoteLine]) -> None:
        """Show these sentences."""
        if self._notes == tuple(notes):
            return
        self._notes = tuple(notes)
        content = QWidget()
        content.setLayout(column(*map(_line, notes), None, spacing=8, margins=(14, 2, 14, 8)))
        self._scroll.setWidget(content)
        content.setAutoFillBackground(False)
        self._title.setText(counted("Notes ({n})", "Notes ({n})", len(notes)) if len(notes) > 1 else tr("Notes"))
        self.setAccessibleName(" ".join(note.text for note in notes))
        self.setVisible(bool(notes))
        self.updateGeometry()

    def notes(self) -> tuple[str, ...]:
        """The sentences shown."""
        return tuple(note.text for note in self._notes or ())

    def wanted_height(self, width: int) -> int:
        """The height that shows every note at this width."""
        content = self._scroll.widget()
        layout = content.layout() if content is not None else None
        inner = layout.totalHeightForWidth(width) if layout is not None else 0
        return inner + self._title.sizeHint().height() + theme.scaled(20)


def _line(note: NoteLine) -> QWidget:
    line = QWidget()
    icon, ink = ("triangle-alert", "warn") if note.caution else ("info", "info")
    box = row(spacing=8)
    box.addWidget(Glyph(icon, ink, 14), 0, Qt.AlignmentFlag.AlignTop)
    box.addWidget(Label(note.text, Type.SMALL, wrap=True), 1)
    line.setLayout(box)
    return line
