"""What the start page is put together from: large buttons, recent rows and the form for a new review."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget
from typing_extensions import override

from core import language
from core.language import tr
from gui import icons, theme
from gui.settings import Recent
from gui.theme import Type
from gui.widgets.buttons import Button, Kind
from gui.widgets.fields import Field, LineEdit
from gui.widgets.focus import FocusRing
from gui.widgets.keys import CapTone, cap_size, cap_text, paint_cap
from gui.widgets.labels import Label
from gui.widgets.marks import paint_progress
from gui.widgets.panes import Card, column, row


class StartButton(FocusRing, QAbstractButton):
    """A wide button with a second line that says what it does."""

    def __init__(self, text: str, explanation: str, icon: str, key: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(text)
        self._explanation = explanation
        self._icon = icon
        self._key = cap_text(key) if key else ""
        self._primary = False
        self.setAccessibleName(f"{text} ({key})" if key else text)
        self.setAccessibleDescription(explanation)
        self.setToolTip(f"{text} ({self._key})" if key else "")
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_primary(self, primary: bool) -> None:
        """Filled with the accent, or outlined."""
        self._primary = primary
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(theme.scaled(364), theme.scaled(60))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        state = "_press" if self.isDown() else "_hover" if self.underMouse() else ""
        if self._primary:
            fill, edge, ink, second, glyph = f"accent{state}", None, "on_accent", "on_accent", "on_accent"
        else:
            fill, edge, ink, second, glyph = state[1:] or "surface", "border", "text", "muted", "accent"
        painter.setBrush(theme.color(fill))
        painter.setPen(QPen(theme.color(edge), 1) if edge else Qt.PenStyle.NoPen)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        if self.shows_ring:
            self._paint_focus(painter)
        icons.paint(painter, self._icon, QRect(14, self.height() // 2 - 10, 20, 20), theme.color(glyph))
        half = self.height() // 2
        painter.setFont(theme.font(Type.SECTION))
        painter.setPen(theme.color(ink))
        painter.drawText(QRect(46, 8, self.width() - 60, half - 8), Qt.AlignmentFlag.AlignVCenter, self.text())
        painter.setFont(theme.font(Type.SMALL))
        painter.setPen(theme.color(second))
        room = QRect(46, half, self.width() - 56, half - 8)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, self._explanation)
        if self._key:
            size = cap_size(self._key)
            cap = QRect(self.width() - size.width() - 12, half - size.height() // 2, size.width(), size.height())
            paint_cap(painter, cap, self._key, CapTone.ON_ACCENT if self._primary else CapTone.PLAIN)
        painter.end()

    def _paint_focus(self, painter: QPainter) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.color("on_accent" if self._primary else "focus"), 2))
        inset = 3 if self._primary else 1
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), 7, 7)


class RecentRow(FocusRing, QAbstractButton):
    """One recent review: title, where it lies, who works on it, when it was open and how far it is."""

    def __init__(self, review: Recent, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.review = review
        self.setText(review.title)
        self.setAccessibleName(f"{review.title}, {when(review.opened_at.date(), date.today())}, {review.stage}")
        self.setToolTip(review.path)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @override
    def sizeHint(self) -> QSize:
        return QSize(theme.scaled(420), theme.scaled(60))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse() or self.isDown():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("press" if self.isDown() else "hover"))
            painter.drawRoundedRect(QRectF(self.rect()), 6, 6)
        if self.shows_ring:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color("focus"), theme.focus_width()))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        half = self.height() // 2
        upper, lower = QRect(12, 8, self.width() - 24, half - 8), QRect(12, half, self.width() - 24, half - 6)
        self._paint_upper(painter, upper)
        self._paint_lower(painter, lower)
        painter.end()

    def _paint_upper(self, painter: QPainter, area: QRect) -> None:
        opened = self.review.opened_at
        day = when(opened.date(), date.today())
        stamp = f"{day}, {opened:%H:%M}" if day == tr("Today") else day
        right = theme.metrics(Type.SMALL).horizontalAdvance(stamp)
        painter.setFont(theme.font(Type.SECTION))
        painter.setPen(theme.color("text"))
        title = theme.metrics(Type.SECTION).elidedText(
            self.review.title, Qt.TextElideMode.ElideRight, area.width() - right - 16
        )
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, title)
        painter.setFont(theme.font(Type.SMALL))
        painter.setPen(theme.color("muted"))
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, stamp)

    def _paint_lower(self, painter: QPainter, area: QRect) -> None:
        painter.setFont(theme.font(Type.SMALL))
        painter.setPen(theme.color("muted"))
        room = area.width()
        if self.review.stage:
            figure = theme.scaled(136)
            painter.drawText(
                area.adjusted(area.width() - figure, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, self.review.stage
            )
            bar = QRectF(area.right() - figure - 82, area.center().y() - 1.5, 72, 4)
            paint_progress(painter, bar, self.review.share)
            room -= figure + 94
        text = "   ·   ".join(
            part for part in (place(Path(self.review.path)), ", ".join(self.review.reviewers)) if part
        )
        shown = theme.metrics(Type.SMALL).elidedText(text, Qt.TextElideMode.ElideRight, room)
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, shown)


class NewReviewForm(Card):
    """The three things a review needs to begin with."""

    submitted = Signal(str, list)
    """Title, and the names: one's own first."""
    given_up = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.title = LineEdit(tr("Ketamine for refractory anxiety disorders"), tr("Title"))
        self.name = LineEdit("", tr("Your name"))
        self.others = LineEdit(tr("Separated by commas"), tr("Other reviewers"))
        self.title_field = Field(tr("Title of the review"), self.title)
        self.name_field = Field(tr("Your name"), self.name)
        self.others_field = Field(
            tr("Other reviewers"),
            self.others,
            tr("Two reviewers screen blind to each other. Leave this empty to work alone."),
        )
        self.submit = Button(tr("Create review"), kind=Kind.PRIMARY)
        cancel = Button(tr("Cancel"), kind=Kind.QUIET)
        cancel.setObjectName("start.cancel")
        for name in ("title", "name", "others", "submit"):
            getattr(self, name).setObjectName(f"start.{name}")
        self.submit.clicked.connect(self._submit)
        cancel.clicked.connect(self.given_up)
        for edit in (self.title, self.name, self.others):
            edit.returnPressed.connect(self._submit)
        self.box.setContentsMargins(20, 16, 20, 16)
        self.box.addLayout(
            column(
                Label(tr("New review"), Type.PAGE_TITLE),
                self.title_field,
                self.name_field,
                self.others_field,
                row(None, cancel, self.submit),
                spacing=14,
            )
        )

    def clear(self) -> None:
        """Begin again, with the first field ready."""
        for edit, field in ((self.title, self.title_field), (self.name, self.name_field)):
            edit.clear()
            field.set_error("")
        self.others.clear()
        self.others_field.set_error("")

    def _submit(self) -> None:
        title, name = self.title.text().strip(), self.name.text().strip()
        others = [part.strip() for part in self.others.text().split(",") if part.strip()]
        self.title_field.set_error("" if title else tr("The review needs a title."))
        self.name_field.set_error("" if name else tr("Decisions are kept under your name."))
        names = [each.casefold() for each in (name, *others)]
        twice = next((each for n, each in enumerate(others, 1) if each.casefold() in names[:n]), None)
        said = tr("{name} is named twice. Tell them apart, for example by an initial.", name=twice) if twice else ""
        self.others_field.set_error(said)
        if title and name and not twice:
            self.submitted.emit(title, [name, *others])


def when(day: date, today: date) -> str:
    """A date as one says it: Today, Yesterday, 12 November, 3 October 2025."""
    age = (today - day).days
    if age == 0:
        return tr("Today")
    if age == 1:
        return tr("Yesterday")
    return language.day(day, year=day.year != today.year)


def place(path: Path) -> str:
    """Where a file lies, short: from the home folder on, with spaces around the slashes."""
    try:
        path = path.relative_to(Path.home())
    except ValueError:
        path = Path(*path.parts[-3:])
    return " / ".join(part for part in path.parts if part != path.anchor)


def now() -> str:
    """The moment as settings keep it: local, to the minute."""
    return datetime.now().astimezone().replace(tzinfo=None).isoformat(timespec="minutes")
