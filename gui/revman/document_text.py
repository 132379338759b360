"""A section of a review as text to read: sizes and colours of the theme, pictures no wider than the text."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, Qt, QTimer, QUrl
from PySide6.QtGui import (
    QImage,
    QResizeEvent,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)
from PySide6.QtWidgets import QFrame, QTextBrowser, QTextEdit, QWidget
from typing_extensions import override

from core.language import said, tr
from gui import theme
from gui.revman.document import Section
from gui.theme import Type

LARGEST = 1600
"""Pixels that a picture is wide at most."""
_LINE = 760
_MARGIN = 24
_MARKS = 500
_WIDTH_SETTLES_MS = 120


def decoded(pictures: Mapping[str, bytes]) -> Mapping[str, QImage]:
    """Pictures as they are drawn, none larger than it can be shown; what is no picture is left out. For a worker."""
    made = {name: QImage.fromData(data) for name, data in pictures.items()}
    return {
        name: image.scaledToWidth(LARGEST, Qt.TransformationMode.SmoothTransformation)
        if image.width() > LARGEST
        else image
        for name, image in made.items()
        if not image.isNull()
    }


class DocumentText(QTextBrowser):
    """See the module. Links are told by `anchorClicked`; nothing is loaded from anywhere."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sections: Sequence[Section] = ()
        self._pictures: Mapping[str, QImage] = {}
        self._words: Sequence[str] = ()
        self.setAccessibleName(tr("Text of the section"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_WIDTH_SETTLES_MS)
        self._later.timeout.connect(self.paint_anew)

    def show_sections(self, sections: Sequence[Section]) -> None:
        """Show a section and those under its heading, from the top."""
        if [each.id for each in sections] == [each.id for each in self._sections] and sections:
            self._sections = sections
            return
        self._sections = sections
        self._fit()
        self._fill()
        self._go_to_first_mark()

    def set_pictures(self, pictures: Mapping[str, QImage]) -> None:
        """From now on these pictures are there."""
        self._pictures = pictures
        if self._has_pictures():
            self.paint_anew()

    def set_found(self, words: Sequence[str]) -> None:
        """Mark these words wherever they stand."""
        self._words = words
        self._mark()
        self._go_to_first_mark()

    def paint_anew(self) -> None:
        """Take up other colours or another width; stay at the same place."""
        place = self.verticalScrollBar().value()
        self._fill()
        self.verticalScrollBar().setValue(place)

    def _has_pictures(self) -> bool:
        return any("<img" in each.html for each in self._sections)

    def _fill(self) -> None:
        if not self._sections:
            return
        document = self.document()
        document.clear()  # what stands there would be laid out once more for each of these
        document.setDefaultFont(theme.font(Type.ABSTRACT))
        document.setDefaultStyleSheet(_style())
        document.setDocumentMargin(theme.scaled(_MARGIN))
        first, *rest = self._sections
        text = [f"<h1>{_plain(first.title)}</h1>", first.html]
        for each in rest:
            level = min(6, max(2, 1 + each.level - first.level))
            text.append(f"<h{level}>{_plain(each.title)}</h{level}>{each.html}")
        if not any(each.html for each in self._sections):
            text.append(f"<p class='none'>{_plain(tr('The file has no text here.'))}</p>")
        self.setHtml("".join(text))
        self._set_sizes()
        self._mark()

    def _set_sizes(self) -> None:
        """Headings and lines as everywhere in the program: rich text sizes headings by steps of its own."""
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        block = self.document().begin()
        while block.isValid():
            level = block.blockFormat().headingLevel()
            shape = QTextBlockFormat()
            if level:
                cursor.setPosition(block.position())
                cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
                letters = cursor.charFormat()
                letters.clearProperty(_STEP)  # it goes before every size
                letters.setFont(theme.font(_ROLES.get(level, Type.SECTION)))
                cursor.setCharFormat(letters)
                shape.setTopMargin(0 if level == 1 else theme.scaled(18))
                shape.setBottomMargin(theme.scaled(12 if level == 1 else 6))
                cursor.mergeBlockFormat(shape)
            block = block.next()
        cursor.endEditBlock()

    def _mark(self) -> None:
        marks: list[QTextEdit.ExtraSelection] = []
        ground = QTextCharFormat()
        ground.setBackground(theme.color("found"))
        for word in self._words:
            cursor = self.document().find(word)
            while not cursor.isNull() and len(marks) < _MARKS:
                mark = QTextEdit.ExtraSelection()
                mark.cursor, mark.format = cursor, ground  # type: ignore[attr-defined]
                marks.append(mark)
                cursor = self.document().find(word, cursor)
        self.setExtraSelections(marks)

    def _go_to_first_mark(self) -> None:
        marks = self.extraSelections()
        if marks:
            cursor = QTextCursor(marks[0].cursor)  # type: ignore[attr-defined]
            cursor.setPosition(cursor.selectionStart())
            self.setTextCursor(cursor)
            self.ensureCursorVisible()

    # width

    def _room(self) -> int:
        return max(100, self.viewport().width() - 2 * theme.scaled(_MARGIN))

    def _fit(self) -> None:
        """Lines of a text stay short enough to be read; tables and pictures take the width."""
        wide = any(each.wide for each in self._sections)
        free = self.width() - self.verticalScrollBar().sizeHint().width()
        right = 0 if wide else max(0, free - theme.scaled(_LINE + 2 * _MARGIN))
        if self.viewportMargins().right() != right:
            self.setViewportMargins(0, 0, right, 0)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()
        super().resizeEvent(event)
        if self._has_pictures():
            self._later.start()

    @override
    def loadResource(self, type: int, name: QUrl | str) -> object:
        image = self._pictures.get(name.toString() if isinstance(name, QUrl) else name)
        if type != QTextDocument.ResourceType.ImageResource.value or image is None:
            return None
        if image.width() <= self._room():
            return image
        return image.scaledToWidth(self._room(), Qt.TransformationMode.SmoothTransformation)

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FontChange:
            self._later.start()
        return super().event(event)


_STEP = QTextFormat.Property.FontSizeAdjustment.value
_ROLES = {1: Type.RECORD_TITLE, 2: Type.RESULT, 3: Type.ABSTRACT_STRONG, 4: Type.SECTION}


def _plain(text: str) -> str:
    return html.escape(said(text))


def _style() -> str:
    """What Qt's rich text knows of style sheets, in the colours of the scheme."""
    line, muted = theme.color("border").name(), theme.color("muted").name()
    small = theme.font(Type.BODY).pixelSize()
    return f"""
        p {{ margin-top: 0px; margin-bottom: {theme.scaled(10)}px; line-height: 150%; }}
        li {{ line-height: 150%; }}
        a {{ color: {theme.color("accent").name()}; text-decoration: none; }}
        table {{ border-collapse: collapse; border: 1px solid {line}; margin: {theme.scaled(8)}px 0px; }}
        th, td {{ padding: {theme.scaled(6)}px; border: 1px solid {line}; font-size: {small}px; }}
        th {{ background-color: {theme.color("sunken").name()}; font-weight: 600; }}
        td p, th p {{ margin-bottom: 2px; line-height: 120%; }}
        .none {{ color: {muted}; }}
    """
