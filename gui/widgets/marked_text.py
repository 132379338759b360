"""Running text with marked terms: a read-only text that is as high as its lines and paints the marks below them.

The background of a text format would fill the whole line height, so the marks are painted from the layout instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import (
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPen,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextLayout,
    QTextLine,
)
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextEdit, QWidget
from typing_extensions import override

from gui import theme
from gui.theme import Type

_LINE_HEIGHT = 25
_LARGE_LINE_HEIGHT = 27
_GAP = 8
_BETWEEN_WORDS = r"[-\s]+"

_HEADING = re.compile(
    r"(?:^|(?<=[.!?)\]\n])\s*)"
    r"(?P<name>[A-Z][A-Z /&,-]{3,60}|"
    r"(?:Introduction|Background|Rationale|Context|Objectives?|Aims?|Purpose|Hypothes[ie]s|Design|Study design|Setting|"
    r"Participants|Patients|Subjects|Interventions?|Measurements|Main outcome measures?|Outcome measures?|"
    r"Materials? and methods?|Methods?|Methodology|Data sources|Study selection|Data extraction|Results?|Findings|"
    r"Limitations?|Discussion|Conclusions?|Interpretation|Significance|Trial registration|Registration|Funding)"
    r"(?: and [a-z ]{3,30})?)"
    r"\s?:\s+"
)


@dataclass(frozen=True)
class Paragraph:
    """A part of an abstract; `heading` is "" where the text has none."""

    heading: str
    text: str


@dataclass(frozen=True)
class Mark:
    """A marked stretch of a text."""

    start: int
    end: int
    kind: Literal["include", "exclude"]


def paragraphs(abstract: str) -> list[Paragraph]:
    """An abstract split where it names its parts ("BACKGROUND: …") or begins a new line."""
    found: list[Paragraph] = []
    heads = list(_HEADING.finditer(abstract))
    opening = abstract[: heads[0].start()] if heads else abstract
    found += [Paragraph("", line.strip()) for line in opening.splitlines() if line.strip()]
    ends = [*(head.start() for head in heads[1:]), len(abstract)]
    for head, end in zip(heads, ends, strict=False):
        text = abstract[head.end() : end]
        name = head["name"].strip()
        found.append(Paragraph(name.capitalize() if name.isupper() else name, " ".join(text.split())))
    return found


class Terms:
    """The terms to mark, as one expression: whole words in any case, with or without a plural s.

    A hyphen also stands for a space, and an asterisk at the end of a term for any ending.
    """

    def __init__(self, terms: Iterable[tuple[str, str]] = ()) -> None:
        """`terms` are pairs of kind ("include" or "exclude") and text."""
        self._kinds: dict[str, Literal["include", "exclude"]] = {}
        parts: list[str] = []
        # The longest first, so that "anxiety disorder" is not taken for "anxiety".
        for number, (kind, text) in enumerate(sorted(terms, key=lambda term: -len(term[1]))):
            words = [re.escape(word) for word in re.split(r"[\s-]+", text.strip().rstrip("*")) if word]
            if not words:
                continue
            ending = r"\w*" if text.strip().endswith("*") else r"(?:e?s)?(?!\w)"
            parts.append(f"(?P<t{number}>{_BETWEEN_WORDS.join(words)}{ending})")
            self._kinds[f"t{number}"] = "exclude" if kind == "exclude" else "include"
        self._expression = re.compile(rf"(?<!\w)(?:{'|'.join(parts)})", re.IGNORECASE) if parts else None

    def find(self, text: str) -> list[Mark]:
        """The marks in `text`, in order, none overlapping another."""
        if self._expression is None:
            return []
        return [
            Mark(hit.start(), hit.end(), self._kinds[hit.lastgroup])
            for hit in self._expression.finditer(text)
            if hit.lastgroup is not None
        ]


class MarkedText(QTextEdit):
    """An abstract with its terms marked. It takes the height of its text and leaves keys and the wheel to the page."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._terms = Terms()
        self._marks: dict[int, list[Mark]] = {}
        self._boxes: list[tuple[QRectF, str]] = []
        self._boxes_width = -1.0
        self._heights: dict[int, int] = {}
        self._large = False
        self._shows_marks = True
        self._shown: Sequence[Paragraph] = ()
        self.setAccessibleName(name)
        self.setReadOnly(True)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(0)
        self.document().setUndoRedoEnabled(False)
        self.viewport().setAutoFillBackground(False)
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_terms(self, terms: Terms) -> None:
        """Mark other terms from now on."""
        self._terms = terms
        self.show_paragraphs(self._shown)

    def set_large(self, large: bool) -> None:
        """Larger type, for wide windows."""
        if large != self._large:
            self._large = large
            self.show_paragraphs(self._shown)

    def set_shows_marks(self, shows: bool) -> None:
        """Marks on or off."""
        self._shows_marks = shows
        self.viewport().update()

    def shows_marks(self) -> bool:
        """Whether marks are on."""
        return self._shows_marks

    def marked(self) -> list[str]:
        """The stretches now marked, in order."""
        blocks = self._blocks() if self._shows_marks else []
        return [block.text()[m.start : m.end] for block in blocks for m in self._marks.get(block.blockNumber(), ())]

    def show_paragraphs(self, shown: Sequence[Paragraph]) -> None:
        """Show a text."""
        self._shown = shown
        self._boxes_width = -1.0
        self._heights.clear()
        self._marks.clear()
        body, strong = QTextCharFormat(), QTextCharFormat()
        body.setFont(theme.font(Type.ABSTRACT, int(self._large)))
        strong.setFont(theme.font(Type.ABSTRACT_STRONG, int(self._large)))
        self.clear()
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        for number, paragraph in enumerate(shown):
            self._begin_block(cursor, last=number == len(shown) - 1, first=number == 0)
            if paragraph.heading:
                cursor.insertText(f"{paragraph.heading}  ", strong)
            start = cursor.positionInBlock()
            cursor.insertText(paragraph.text, body)
            self._marks[number] = [
                Mark(mark.start + start, mark.end + start, mark.kind) for mark in self._terms.find(paragraph.text)
            ]
        cursor.endEditBlock()
        self.updateGeometry()

    def _begin_block(self, cursor: QTextCursor, *, last: bool, first: bool) -> None:
        form = QTextBlockFormat()
        height = theme.scaled(_LARGE_LINE_HEIGHT if self._large else _LINE_HEIGHT)
        form.setLineHeight(height, QTextBlockFormat.LineHeightTypes.FixedHeight.value)
        form.setBottomMargin(0 if last else _GAP)
        if first:
            cursor.setBlockFormat(form)
        else:
            cursor.insertBlock(form)

    def _blocks(self) -> list[QTextBlock]:
        document = self.document()
        return [document.findBlockByNumber(number) for number in range(document.blockCount())]

    # size

    @override
    def hasHeightForWidth(self) -> bool:
        return True

    @override
    def heightForWidth(self, width: int) -> int:
        if width not in self._heights:
            # The document is laid out at another width for a moment; what is painted stays as it is.
            document, now = self.document(), self.document().textWidth()
            document.setTextWidth(width)
            self._heights[width] = round(document.size().height()) + 1
            document.setTextWidth(now)
        return self._heights[width]

    @override
    def sizeHint(self) -> QSize:
        width = max(200, self.width())
        return QSize(width, self.heightForWidth(width))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(120, theme.scaled(_LINE_HEIGHT))

    # paint

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if self._shows_marks:
            painter = QPainter(self.viewport())
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            pens = {kind: QPen(theme.color(kind), 1.5) for kind in ("include", "exclude")}
            pens["exclude"].setStyle(Qt.PenStyle.DotLine)
            fills = {kind: theme.color(f"{kind}_term") for kind in pens}
            if self._boxes_width != self.document().textWidth():
                self._boxes_width = self.document().textWidth()
                self._boxes = self._mark_boxes()
            for box, kind in self._boxes:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(fills[kind])
                painter.drawRoundedRect(box, 3, 3)
                painter.setPen(pens[kind])
                painter.drawLine(box.bottomLeft(), box.bottomRight())
            painter.end()
        super().paintEvent(event)

    def _mark_boxes(self) -> list[tuple[QRectF, str]]:
        """Where the marks stand, one box for each line a mark is on."""
        metrics = theme.metrics(Type.ABSTRACT)
        result: list[tuple[QRectF, str]] = []
        for block in self._blocks():
            layout = block.layout()
            origin = self.document().documentLayout().blockBoundingRect(block).topLeft()
            for mark in self._marks.get(block.blockNumber(), ()):
                for line in _lines(layout, mark):
                    left = _x(line, max(mark.start, line.textStart())) + origin.x()
                    right = _x(line, min(mark.end, line.textStart() + line.textLength())) + origin.x()
                    top = origin.y() + line.y() + line.ascent() - metrics.ascent() - 1
                    height = metrics.ascent() + metrics.descent() + 3
                    result.append((QRectF(left - 1.5, top, right - left + 3, height), mark.kind))
        return result

    # keys and wheel belong to the page

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy) or event.matches(QKeySequence.StandardKey.SelectAll):
            super().keyPressEvent(event)
        else:
            event.ignore()

    @override
    def wheelEvent(self, event: object) -> None:
        event.ignore()  # pyright: ignore[reportAttributeAccessIssue] - a QWheelEvent


def _lines(layout: QTextLayout, mark: Mark) -> list[QTextLine]:
    """The lines a mark is on."""
    first = layout.lineForTextPosition(mark.start).lineNumber()
    last = layout.lineForTextPosition(mark.end - 1).lineNumber()
    return [layout.lineAt(number) for number in range(first, last + 1)]


def _x(line: QTextLine, position: int) -> float:
    """Where the cursor stands in a line; the binding gives the position back as well."""
    found: Any = line.cursorToX(position)
    return float(found[0] if isinstance(found, tuple) else found)
