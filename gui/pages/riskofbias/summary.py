"""Below the table: what the signs mean, and for each domain how many studies got each judgement."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from core.language import figure, tr
from core.riskofbias.summary import DomainCounts
from core.riskofbias.tools import Tool
from gui import theme
from gui.explaining import explain
from gui.pages.riskofbias.discs import DiscMark, fill_of, ink_of, paint_sign
from gui.pages.riskofbias.judging import Foot
from gui.pages.riskofbias.reading import Board
from gui.pages.riskofbias.words import NOT_JUDGED, NOT_SETTLED, short, short_name, spoken_bar
from gui.pages.screening.side import clear
from gui.theme import Type
from gui.widgets.labels import Label
from gui.widgets.marks import Avatar
from gui.widgets.messages import Glyph
from gui.widgets.panes import column, row

_BAR = 16
_LINE = 24
_LABEL = 170
_GAP = 8
_AXIS = 24
_LEAST_BARS = 8 * _LINE


class Legend(QWidget):
    """Discs with their words, and what stands in a cell without a disc."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        explain(self, "traffic_light")
        self._line = row(spacing=6, margins=(24, 8, 16, 8))
        self.setLayout(self._line)
        self._shown: tuple[Tool, bool] | None = None

    def show_tool(self, tool: Tool, *, settled: bool) -> None:
        """Explain the tool's levels, and the signs of settling where judgements are settled."""
        if self._shown == (tool, settled):
            return
        self._shown = (tool, settled)
        clear(self._line)
        for level in tool.levels:
            self._add(DiscMark(level), short(level))
        self._add(DiscMark(None), NOT_SETTLED if settled else NOT_JUDGED)
        if settled:
            self._add(Glyph("git-compare", "warn", 14), tr("differs"))
            self._add(Avatar(tr("Adjudicated"), "", 1, adjudicator=True, size=12), tr("adjudicated"))
        self._line.addStretch(1)

    def _add(self, mark: QWidget, text: str) -> None:
        pair = QWidget()
        pair.setLayout(row(mark, Label(text, Type.SMALL, "muted"), spacing=6, margins=(0, 0, 8, 0)))
        self._line.addWidget(pair)


class SummaryBar(QWidget):
    """One domain: label, and a bar whose segments say sign and count."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bar: DomainCounts | None = None
        self.widths: tuple[int, int] = (0, 0)
        """Room for the number, and for number and name."""
        self._head = ("", "")
        self._none = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_bar(self, board: Board, bar: DomainCounts, none: str) -> None:
        """Show the counts of one domain; `none` is said where there is no judgement."""
        self.bar, self._none = bar, none
        self._head = (board.mark(bar.cell), short_name(board.tool, bar.cell))
        self.setAccessibleName(spoken_bar(board, bar))
        self.setToolTip(self.accessibleName())
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(theme.scaled(420), theme.scaled(_LINE))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(theme.scaled(_LABEL), theme.scaled(_LINE))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if self.bar is None:
            return
        painter = QPainter(self)
        (first, label), middle = self.widths, self.height() / 2
        painter.setFont(theme.font(Type.SMALL))
        painter.setPen(theme.color("text"))
        number, name = self._head
        painter.drawText(QRectF(0, 0, first, self.height()), Qt.AlignmentFlag.AlignVCenter, number)
        shown = theme.metrics(Type.SMALL).elidedText(name, Qt.TextElideMode.ElideRight, label - first - _GAP)
        painter.drawText(QRectF(first, 0, label - first, self.height()), Qt.AlignmentFlag.AlignVCenter, shown)
        high = theme.scaled(_BAR)
        self._paint_segments(painter, QRectF(label, middle - high / 2, self.width() - label, high), self.bar)
        painter.end()

    def head_widths(self) -> tuple[int, int]:
        """What number and name need."""
        number, name = self._head
        metrics = theme.metrics(Type.SMALL)
        return metrics.horizontalAdvance(number) + _GAP, metrics.horizontalAdvance(name) + _GAP + 2

    def _paint_segments(self, painter: QPainter, box: QRectF, bar: DomainCounts) -> None:
        if not bar.judged:
            painter.fillRect(box, theme.color("sunken"))
            painter.setPen(theme.color("muted"))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._none)
            return
        x = box.left()
        for level, count in bar.counts:
            if not count:
                continue
            width = box.width() * count / bar.judged
            part = QRectF(x, box.top(), max(1.0, width - 1), box.height())
            painter.fillRect(part, fill_of(level))
            ink = ink_of(level)
            face = theme.font(Type.SMALL_STRONG)
            painter.setFont(face)
            digits = theme.metrics(Type.SMALL_STRONG).horizontalAdvance(figure(count))
            sign = theme.scaled(12)
            left = part.center().x() - (sign + 2 + digits) / 2
            if part.width() > sign + digits + 6:
                paint_sign(painter, QPointF(left + sign / 2, part.center().y() + 0.5), level.symbol, ink, sign * 1.3)
                painter.setFont(face)
                painter.setPen(ink)
                number = QRectF(left + sign + 2, part.top(), digits + 2, part.height())
                painter.drawText(number, Qt.AlignmentFlag.AlignVCenter, figure(count))
            x += width


class _Axis(QWidget):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.left = 0
        self.setFixedHeight(theme.scaled(_AXIS))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(theme.font(Type.CAPTION))
        painter.setPen(theme.color("muted"))
        left, right = self.left, self.width() - 1
        flags = Qt.AlignmentFlag
        sides = {0: (flags.AlignLeft, 0), 100: (flags.AlignRight, 60)}
        for share in (0, 25, 50, 75, 100):
            side, shift = sides.get(share, (flags.AlignHCenter, 30))
            box = QRectF(left + (right - left) * share / 100 - shift, 0, 60, self.height())
            painter.drawText(box, side | flags.AlignVCenter, f"{share}%")
        painter.end()


class Summary(QWidget):
    """The summary bars: judged studies only, every study counting the same."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bars: list[SummaryBar] = []
        explain(self, "summary_bars")
        self._fact = Label("", Type.SMALL, "muted")
        self._box = column(spacing=0)
        head = row(Label(tr("Summary"), Type.STRONG), self._fact, None, spacing=10)
        holder = QWidget()
        holder.setLayout(self._box)
        self._scroll = Foot(holder, theme.scaled(_LEAST_BARS))
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._axis = _Axis()
        self.setLayout(column(head, 4, self._scroll, self._axis, spacing=0, margins=(24, 4, 24, 8)))

    def show_bars(self, board: Board, bars: tuple[DomainCounts, ...], *, settled: bool) -> None:
        """Show the bars of the table above."""
        fact = tr("settled judgements, unweighted") if settled else tr("your judgements, unweighted")
        none = NOT_SETTLED if settled else NOT_JUDGED
        self._fact.setText(fact)
        if len(self.bars) != len(bars):
            clear(self._box)
            self.bars = [SummaryBar() for _ in bars]
            for widget in self.bars:
                self._box.addWidget(widget)
        for widget, bar in zip(self.bars, bars, strict=True):
            widget.show_bar(board, bar, none)
        self._share()

    def _share(self) -> None:
        """Names take the room they need, the bars at least half."""
        heads = [widget.head_widths() for widget in self.bars]
        first = max([theme.scaled(26), *(number for number, _ in heads)])
        needed = first + max((name for _, name in heads), default=0)
        label = max(theme.scaled(_LABEL), min(needed, self.width() // 2))
        for widget in self.bars:
            widget.widths = (first, label)
            widget.update()
        self._axis.left = label
        self._axis.update()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share()
