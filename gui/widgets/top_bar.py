"""The top bar: mark and title with the file menu, role, undo and redo, and who is working."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy, QWidget
from typing_extensions import override

from core.language import said, tr
from gui import icons, theme
from gui.explaining import explain
from gui.theme import Type
from gui.widgets.buttons import icon_button
from gui.widgets.focus import FocusRing
from gui.widgets.keys import cap_size, cap_text, paint_cap
from gui.widgets.marks import Chip, Tone, paint_avatar
from gui.widgets.panes import Surface, row

_WIDE_SEARCH_FROM = 1200


@dataclass(frozen=True)
class Person:
    """A reviewer as the top bar shows one."""

    id: bytes
    name: str
    initials: str
    position: int
    is_adjudicator: bool


class _HoverButton(FocusRing, QPushButton):
    """A flat button that paints itself; the base of the title and the reviewer button."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def _paint_box(self, painter: QPainter, fill: str, edge: str) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        state = "press" if self.isDown() else "hover" if self.underMouse() else fill
        painter.setBrush(theme.color(state) if state else Qt.BrushStyle.NoBrush)
        inset = 1 if self.shows_ring else 0.5
        if self.shows_ring:
            painter.setPen(QPen(theme.color("focus"), theme.focus_width()))
        else:
            painter.setPen(QPen(theme.color(edge), 1) if edge else Qt.PenStyle.NoPen)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), 5, 5)


class TitleButton(_HoverButton):
    """Mark and title of the review; opens the file menu."""

    @override
    def sizeHint(self) -> QSize:
        return QSize(theme.metrics(Type.STRONG).horizontalAdvance(self.text()) + 74, theme.scaled(30))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(120, theme.scaled(30))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._paint_box(painter, "", "")
        middle = self.height() // 2
        icons.paint(painter, "copse", QRect(6, middle - 10, 20, 20), theme.color("accent"))
        painter.setFont(theme.font(Type.STRONG))
        painter.setPen(theme.color("text"))
        room = self.width() - 66
        title = self.text().replace("&&", "&")
        text = theme.metrics(Type.STRONG).elidedText(title, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRect(34, 0, room + 2, self.height()), Qt.AlignmentFlag.AlignVCenter, text)
        right = 34 + theme.metrics(Type.STRONG).horizontalAdvance(text) + 8
        icons.paint(painter, "chevron-down", QRect(right, middle - 8, 16, 16), theme.color("muted"))
        painter.end()


class PersonButton(_HoverButton):
    """Who is working: avatar and name; opens the list of reviewers."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._person: Person | None = None

    def set_person(self, person: Person) -> None:
        """Show this reviewer."""
        self._person = person
        self.setText(person.name.replace("&", "&&"))
        self.setAccessibleName(tr("Working as {name}", name=person.name))
        self.setToolTip(tr("Switch reviewer"))
        self.updateGeometry()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        name = self._person.name if self._person else ""
        return QSize(theme.metrics(Type.LABEL).horizontalAdvance(name) + 64, theme.scaled(28))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(80, theme.scaled(28))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if self._person is None:
            return
        painter = QPainter(self)
        self._paint_box(painter, "raised", "outline")
        middle = self.height() // 2
        person = self._person
        avatar = QRect(5, middle - 10, 20, 20)
        paint_avatar(painter, avatar, person.initials, person.position, adjudicator=person.is_adjudicator)
        painter.setFont(theme.font(Type.LABEL))
        painter.setPen(theme.color("text"))
        room = self.width() - 60
        text = theme.metrics(Type.LABEL).elidedText(person.name, Qt.TextElideMode.ElideRight, room + 2)
        painter.drawText(QRect(32, 0, room + 4, self.height()), Qt.AlignmentFlag.AlignVCenter, text)
        icons.paint(painter, "chevron-down", QRect(self.width() - 24, middle - 8, 16, 16), theme.color("muted"))
        painter.end()


class SearchButton(_HoverButton):
    """Looks like the field it opens: the palette, which finds records, studies and commands."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # A click leaves the focus where it is, so that it is there again when the palette closes.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(tr("Search and commands"))
        self.setToolTip(tr("Search and commands ({key})", key=cap_text("Ctrl+K")))
        self.set_wide(True)

    def set_wide(self, wide: bool) -> None:
        """As wide as the window has room for."""
        self.setFixedSize(theme.scaled(380 if wide else 240), theme.scaled(28))
        self.setText(tr("Search records, studies, commands") if wide else tr("Search or command"))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._paint_box(painter, "surface", "outline")
        middle = self.height() // 2
        icons.paint(painter, "search", QRect(8, middle - 8, 16, 16), theme.color("muted"))
        text = cap_text("Ctrl+K")
        cap = cap_size(text)
        left = self.width() - cap.width() - 5
        paint_cap(painter, QRect(left, (self.height() - cap.height()) // 2, cap.width(), cap.height()), text)
        painter.setFont(theme.font(Type.BODY))
        painter.setPen(theme.color("placeholder"))
        painter.drawText(QRect(31, 0, left - 31, self.height()), Qt.AlignmentFlag.AlignVCenter, self.text())
        painter.end()


class TopBar(Surface):
    """Always there while a review is open."""

    search_wanted = Signal()
    undo_wanted = Signal()
    redo_wanted = Signal()
    person_chosen = Signal(object)

    def __init__(self, file_menu: QMenu, parent: QWidget | None = None) -> None:
        super().__init__("window", "bottom", parent)
        self.setFixedHeight(theme.scaled(44))
        self.title = TitleButton()
        self._file_menu = file_menu
        self.title.clicked.connect(self._open_file_menu)
        self._role = Chip("", Tone.NEUTRAL)
        self._role.hide()
        self.search = SearchButton()
        self.search.clicked.connect(self.search_wanted)
        self.undo = icon_button("undo-2", tr("Undo"))
        self.redo = icon_button("redo-2", tr("Redo"))
        self.undo.clicked.connect(self.undo_wanted)
        self.redo.clicked.connect(self.redo_wanted)
        self.person = PersonButton()
        self.person.clicked.connect(self._open_people)
        for name in ("title", "search", "undo", "redo", "person"):
            getattr(self, name).setObjectName(f"top.{name}")
        for part, topic in ((self.undo, "undo"), (self.redo, "undo"), (self._role, "blinding"), (self.person, "roles")):
            explain(part, topic)
        self._people: Sequence[Person] = ()
        # Both sides grow alike, so that the search stands in the middle as long as there is room.
        left = row(self.title, None, spacing=6)
        right = row(None, self._role, self.undo, self.redo, self.person, spacing=6)
        box = row(left, self.search, right, margins=(8, 0, 12, 1), spacing=6)
        box.setStretch(0, 1)
        box.setStretch(2, 1)
        self.setLayout(box)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.search.set_wide(self.width() >= theme.scaled(_WIDE_SEARCH_FROM))

    def set_title(self, title: str) -> None:
        """Show the title of the review."""
        self.title.setText(title.replace("&", "&&"))
        self.title.setAccessibleName(tr("Review {title}", title=title))
        self.title.updateGeometry()

    def set_people(self, people: Sequence[Person], current: Person) -> None:
        """Show who works here, and who could."""
        self._people = people
        self.person.set_person(current)

    def set_role(self, text: str, tone: Tone = Tone.NEUTRAL, icon: str = "") -> None:
        """A word on the standing of the reviewer, "" for none."""
        self._role.set(text, tone, icon)
        self._role.setVisible(bool(text))  # last: it is laid out at once, as wide as the word it has

    def set_undo(self, undo: str | None, redo: str | None) -> None:
        """What undo and redo would do, None for nothing."""
        for button, alone, whole, key, label in (
            (self.undo, tr("Undo"), tr("Undo: {label}"), "Ctrl+Z", undo),
            (self.redo, tr("Redo"), tr("Redo: {label}"), "Ctrl+Shift+Z", redo),
        ):
            button.setEnabled(label is not None)
            text = whole.format(label=said(label)) if label else alone
            button.setToolTip(f"{text} ({cap_text(key)})")
            button.setAccessibleName(text)

    def _open_file_menu(self) -> None:
        self._file_menu.popup(self.title.mapToGlobal(self.title.rect().bottomLeft()))

    def people_menu(self) -> QMenu:
        """The menu of reviewers."""
        menu = QMenu(self)
        for person in self._people:
            entry = menu.addAction(_avatar_icon(person), person.name.replace("&", "&&"))
            entry.triggered.connect(lambda _checked=False, person=person: self.person_chosen.emit(person))
        return menu

    def _open_people(self) -> None:
        menu = self.people_menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        corner = self.person.mapToGlobal(self.person.rect().bottomRight())
        corner.setX(corner.x() - menu.sizeHint().width())
        menu.popup(corner)


def _avatar_icon(person: Person) -> QIcon:
    ratio = 2.0
    image = QPixmap(round(20 * ratio), round(20 * ratio))
    image.fill(Qt.GlobalColor.transparent)
    image.setDevicePixelRatio(ratio)
    painter = QPainter(image)
    paint_avatar(painter, QRect(0, 0, 20, 20), person.initials, person.position, adjudicator=person.is_adjudicator)
    painter.end()
    return QIcon(image)
