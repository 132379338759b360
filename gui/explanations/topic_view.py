"""One explanation as it is read: what it is, the formula, what Copse does, when to take care, who says so."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from core.explain import Topic, topic
from core.language import tr
from gui import theme
from gui.theme import Type
from gui.widgets.buttons import Button, Kind
from gui.widgets.labels import Label, section_label
from gui.widgets.panes import Card, Part, Scroll, column, row


class TopicView(QWidget):
    """`wanted(topic id)` when a related one is chosen."""

    wanted = Signal(str)

    def __init__(self, shown: Topic, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        parts: list[Part] = [Label(tr(shown.text), Type.BODY, wrap=True)]
        if shown.formula:
            parts.append(_formula(tr(shown.formula)))
        for title, text in ((tr("In Copse"), shown.copse), (tr("Take care"), shown.care)):
            if text:
                parts.append(column(section_label(title), Label(tr(text), Type.BODY, wrap=True), spacing=2))
        if shown.source:
            parts.append(Label(tr("Source: {source}", source=tr(shown.source)), Type.SMALL, "muted", wrap=True))
        if shown.related:
            parts.append(column(section_label(tr("Related")), *map(self._link, shown.related), spacing=0))
        self.setLayout(column(*parts, spacing=10, margins=(0, 0, 4, 0)))

    def _link(self, topic_id: str) -> QWidget:
        button = Button(tr(topic(topic_id).title), icon="arrow-right", kind=Kind.QUIET, small=True)
        button.setObjectName(f"explain.to.{topic_id}")
        button.clicked.connect(lambda: self.wanted.emit(topic_id))
        holder = QWidget()
        holder.setMinimumHeight(theme.scaled(24))
        holder.setLayout(row(button, None))
        return holder


class TopicScroll(Scroll):
    """Scrolls an explanation that is higher than the window."""

    def __init__(self, view: TopicView) -> None:
        super().__init__(view)
        self._view = view
        # Resized here: a scroll area would give wrapped text the height it guesses before it knows its width.
        self.setWidgetResizable(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def height_for(self, width: int) -> int:
        """How high the whole explanation is at this width."""
        layout = self._view.layout()
        assert layout is not None
        layout.activate()
        return layout.totalHeightForWidth(width)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width = self.viewport().width()
        self._view.resize(width, self.height_for(width))


def read_aloud(shown: Topic) -> str:
    """The whole explanation for a screen reader."""
    return " ".join(tr(each) for each in (shown.text, shown.formula, shown.copse, shown.care) if each)


def _formula(text: str) -> Card:
    card = Card("sunken", "border")
    card.box.setContentsMargins(10, 6, 10, 6)
    card.box.addWidget(Label(text, Type.LABEL, wrap=True))
    return card
