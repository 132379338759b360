"""Whether a report's full text was found."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from core.language import tr
from core.model import RetrievalState
from gui.explaining import explain
from gui.theme import Type
from gui.widgets.fields import Combo, LineEdit
from gui.widgets.labels import Label, section_label
from gui.widgets.panes import column

WORDS = {
    RetrievalState.SOUGHT: tr("Sought"),
    RetrievalState.RETRIEVED: tr("Retrieved"),
    RetrievalState.NOT_RETRIEVED: tr("Not retrieved"),
}


class _NoteLine(LineEdit):
    """A line that is kept when one leaves it or presses Return."""

    left = Signal()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()


class RetrievalPanel(QWidget):
    """State and note of retrieval; `changed(state, note)` when either was set by the user."""

    changed = Signal(RetrievalState, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = (RetrievalState.SOUGHT, "")
        self.state = Combo([(word, state) for state, word in WORDS.items()], tr("Full text"))
        self.state.setObjectName("fulltext.retrieval")
        explain(self, "retrieval")
        self.note = _NoteLine(tr("Why not? Where was it sought?"), tr("Note on retrieval"))
        self.note.setObjectName("fulltext.retrieval_note")
        self._settled = Label("", Type.LABEL, wrap=True)
        self._why = Label("", Type.BODY, "muted", wrap=True)
        self._settled.setObjectName("fulltext.settled")
        self._why.setObjectName("fulltext.why")
        self.show_settled("", "")
        parts = (self._settled, self._why, section_label(tr("Full text")), self.state, self.note)
        self.setLayout(column(*parts, spacing=8))
        self.state.activated.connect(lambda _index: self._tell())
        self.note.left.connect(self.commit)
        self.note.returnPressed.connect(self.commit)

    def show_retrieval(self, state: RetrievalState, note: str) -> None:
        """Show the state of another report."""
        is_typing = self.note.hasFocus() and self.is_changed()
        self._shown = (state, note)
        self.state.set_value(state)
        if not is_typing:
            self.note.setText(note)
        self.note.setVisible(state is RetrievalState.NOT_RETRIEVED)

    def show_settled(self, verdict: str, why: str) -> None:
        """Say that nobody waits for one's own decision, and why the report stands as it does; "" when somebody does."""
        self._settled.setText(verdict)
        self._settled.setVisible(bool(verdict))
        self._why.setText(why)
        self._why.setVisible(bool(verdict and why))

    def commit(self) -> None:
        """Keep what is written."""
        self._tell()

    def is_changed(self) -> bool:
        """Whether something waits to be kept."""
        return self._now() != self._shown

    def _now(self) -> tuple[RetrievalState, str]:
        return RetrievalState(str(self.state.value())), self.note.text().strip()

    def _tell(self) -> None:
        state, note = self._now()
        self.note.setVisible(state is RetrievalState.NOT_RETRIEVED)
        if (state, note) != self._shown:
            self._shown = (state, note)
            self.changed.emit(state, note)
