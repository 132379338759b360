"""A field for running text that is as high as its lines and is written when its editing is finished."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QWidget
from typing_extensions import override

from gui import theme

_FRAME = 12
"""Border, padding and margin above and below the lines."""


class TextField(QPlainTextEdit):
    """`committed(text)` on Return or when the focus leaves with a changed text; Escape brings the old text back."""

    committed = Signal(str)

    def __init__(self, name: str, placeholder: str = "", *, lines: int = 1, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stored = ""
        self._lines = lines
        self.setAccessibleName(name)
        self.setPlaceholderText(placeholder)
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(1)
        self.textChanged.connect(self._grow)
        self._grow()

    def set_text(self, text: str) -> None:
        """Show what is stored; what is being typed stays until it is written or given up."""
        being_typed = self.hasFocus() and self.toPlainText() != self._stored
        self._stored = text
        if not being_typed and self.toPlainText() != text:
            self.setPlainText(text)

    def text(self) -> str:
        """What stands in the field, without space around it."""
        return self.toPlainText().strip()

    def is_changed(self) -> bool:
        """Whether something is typed that is not written yet."""
        return self.toPlainText().strip() != self._stored.strip()

    def restore(self) -> None:
        """Give up what was typed."""
        self.setPlainText(self._stored)

    def commit(self) -> None:
        """Hand over what was typed, if it is something new."""
        if self.isReadOnly() or not self.is_changed():
            return
        self._stored = self.text()
        self.document().clearUndoRedoStacks()
        self.committed.emit(self.text())

    def _grow(self) -> None:
        layout, block = self.document().documentLayout(), self.document().firstBlock()
        line, text = self.fontMetrics().lineSpacing(), 0.0
        while block.isValid():
            text += layout.blockBoundingRect(block).height()
            block = block.next()
        height = math.ceil(max(text, self._lines * line)) + _FRAME
        self.setFixedHeight(max(theme.scaled(28), height))

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and not self.is_changed():
            keys = QKeySequence.StandardKey
            if event.matches(keys.Undo) or event.matches(keys.Redo):
                event.ignore()  # nothing typed to undo: the window undoes what was written
                return True
        return super().event(event)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._grow()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.commit()
        elif event.key() == Qt.Key.Key_Escape and self.is_changed():
            self.restore()
        else:
            super().keyPressEvent(event)

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.commit()
