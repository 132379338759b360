"""What the window says in place: messages, empty states and drop zones. Nothing here covers the work."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from core.language import figure, tr
from gui import icons, theme
from gui.theme import Type
from gui.widgets.buttons import Button, Kind, icon_button
from gui.widgets.labels import Label
from gui.widgets.panes import Card, Scroll, column, row, widgets_of

Choice = tuple[str, Callable[[], None]]
_MESSAGES_HEIGHT = 176
_MANY = 3
"""So many messages can be closed at once."""


class Level(Enum):
    """How bad a message is: icon, and the token its colours are named after."""

    INFO = ("info", "info")
    SUCCESS = ("circle-check", "success")
    WARN = ("triangle-alert", "warn")
    DANGER = ("circle-x", "danger")


class Glyph(QWidget):
    """An icon in a token's colour, for places where there is no button or label to carry it."""

    def __init__(self, icon: str, ink: str = "muted", size: int = 16, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon, self._ink = icon, ink
        self.setFixedSize(size, size)

    def set(self, icon: str, ink: str) -> None:
        """Show another icon or ink."""
        self._icon, self._ink = icon, ink
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        icons.paint(painter, self._icon, self.rect(), theme.color(self._ink))
        painter.end()


class Message(Card):
    """A banner with an icon, one or two sentences and at most two buttons; stays until solved or closed."""

    closed = Signal()

    def __init__(
        self,
        text: str,
        level: Level = Level.INFO,
        choices: Sequence[Choice] = (),
        *,
        closable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        icon, name = level.value
        super().__init__(f"{name}_soft", f"{name}_border", parent)
        if len(choices) > 2:
            raise ValueError("a message has at most two buttons")
        self.level = level
        self._text = Label(text, Type.SMALL, wrap=True)
        self.setAccessibleName(text)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.buttons = [self._button(*choice) for choice in choices]
        line = row(spacing=10)
        line.addWidget(Glyph(icon, name), 0, Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(self._text, 1)
        for button in self.buttons:
            line.addWidget(button)
        if closable:
            close = icon_button("x", tr("Close"), small=True)
            close.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys with the page
            close.clicked.connect(self.dismiss)
            line.addWidget(close)
        self.box.setContentsMargins(12, 8, 12, 8)
        self.box.addLayout(line)

    def text(self) -> str:
        """The sentences shown."""
        return self._text.text()

    def _button(self, text: str, handler: Callable[[], None]) -> Button:
        button = Button(text)
        button.clicked.connect(lambda: handler())
        return button

    def dismiss(self) -> None:
        """Take the message away: it is solved, or the user has closed it."""
        self.hide()
        self.closed.emit()
        self.deleteLater()


class MessageArea(Scroll):
    """The fixed place of a page for messages, under its header; takes no room while empty, and scrolls when there are
    more than leave the page its room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._inside = QWidget()
        super().__init__(self._inside, parent)
        # Resized here: a scroll area would give wrapped text the height it guesses before it knows its width.
        self.setWidgetResizable(False)
        self._box: QVBoxLayout = column(margins=(20, 8, 20, 8))
        self._inside.setLayout(self._box)
        self._close_all = Button(self._all_of(_MANY), kind=Kind.QUIET, height=24, parent=self._inside)
        self._close_all.setObjectName("messages.close_all")
        self._close_all.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._close_all.clicked.connect(self.clear)
        self._close_all.hide()
        self._inside.installEventFilter(self)
        self._below = 0
        self.verticalScrollBar().rangeChanged.connect(self._show_newest)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.hide()

    @override
    def hasHeightForWidth(self) -> bool:
        return True

    @override
    def heightForWidth(self, width: int) -> int:
        around = self.contentsMargins()
        wanted = self._box.totalHeightForWidth(width - around.left() - around.right())
        return min(wanted, theme.scaled(_MESSAGES_HEIGHT)) + around.top() + around.bottom()

    @override
    def sizeHint(self) -> QSize:
        wanted = self._box.totalSizeHint()
        return QSize(wanted.width(), self.heightForWidth(max(self.width(), wanted.width())))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._inside and event.type() is QEvent.Type.LayoutRequest:
            self._fit()  # a message has come, gone or changed its height
        return super().eventFilter(watched, event)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _show_newest(self, _least: int, most: int) -> None:
        if most > self._below:
            self.verticalScrollBar().setValue(most)
        self._below = most

    def _fit(self) -> None:
        width = self.viewport().width()
        self._inside.resize(width, self._box.totalHeightForWidth(width))
        self.updateGeometry()

    def show_message(self, message: Message) -> None:
        """Show `message`; one with the same text is replaced, so that a repeated failure does not pile up."""
        for other in self.messages():
            if other.text() == message.text():
                self.remove(other)
        message.closed.connect(lambda: self.remove(message))
        self._box.addWidget(message)
        self._offer_to_close_all()
        self.show()

    def _offer_to_close_all(self) -> None:
        """One button below for what would be many clicks."""
        number = len(self.messages())
        self._box.removeWidget(self._close_all)
        self._close_all.setVisible(number >= _MANY)
        if number >= _MANY:
            self._close_all.set_label(self._all_of(number))
            self._box.addWidget(self._close_all, 0, Qt.AlignmentFlag.AlignRight)
        self.updateGeometry()

    @staticmethod
    def _all_of(number: int) -> str:
        return tr("Close all {n}", n=figure(number))

    def messages(self) -> list[Message]:
        """The messages now shown."""
        return [part for part in widgets_of(self._box) if isinstance(part, Message)]

    def remove(self, message: Message) -> None:
        """Take one message away."""
        self._box.removeWidget(message)
        message.hide()
        message.deleteLater()
        self._offer_to_close_all()
        self.setVisible(bool(self.messages()))

    def clear(self) -> None:
        """Take all messages away."""
        for message in self.messages():
            self.remove(message)


class EmptyState(QWidget):
    """What an empty page says: icon, title, one sentence, one primary button (and at most one other)."""

    def __init__(
        self,
        icon: str,
        title: str,
        text: str,
        buttons: Sequence[Button] = (),
        *,
        large: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.title = Label(title, Type.PAGE_TITLE if large else Type.SECTION)
        self.text = Label(text, Type.BODY, "muted", wrap=True)
        for label in (self.title, self.text):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.text.setMaximumWidth(theme.scaled(520))
        self.text.setMinimumWidth(theme.scaled(240))
        box = column(None, spacing=22 if large else 12, margins=(24, 24, 24, 24))
        self._glyph = Glyph(icon, "accent", 40 if large else 24)
        box.addWidget(self._glyph, 0, Qt.AlignmentFlag.AlignHCenter)
        box.addWidget(self.title, 0, Qt.AlignmentFlag.AlignHCenter)
        middle = row(None, self.text, None)
        middle.setStretch(1, 1000)  # a wrapped label would else take the width it guesses
        box.addLayout(middle)
        box.addSpacing(4)
        box.addLayout(row(None, *buttons, None))
        box.addStretch(1)
        self.setLayout(box)

    def show_state(self, icon: str, ink: str, title: str, text: str) -> None:
        """Say something else."""
        self._glyph.set(icon, ink)
        self.title.setText(title)
        self.text.setText(text)


class DropZone(QWidget):
    """A dashed area that takes files of the given suffixes; solid accent while something hovers."""

    dropped = Signal(list)

    def __init__(self, content: QWidget, suffixes: Sequence[str] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._suffixes = tuple(suffix.lower() for suffix in suffixes)
        self._over = False
        self.setAcceptDrops(True)
        self.setLayout(column(content, margins=(12, 12, 12, 12)))

    def _paths(self, event: QDropEvent) -> list[Path]:
        return local_paths(event, self._suffixes)

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._paths(event):
            event.acceptProposedAction()
            self._over = True
            self.update()

    @override
    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._over = False
        self.update()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        paths = self._paths(event)
        self._over = False
        self.update()
        event.acceptProposedAction()
        self.dropped.emit(paths)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(theme.color("accent" if self._over else "strong"), 1.5)
        if not self._over:
            pen.setDashPattern([5, 4])
        painter.setPen(pen)
        painter.setBrush(theme.color("accent_soft" if self._over else "sunken"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 8, 8)
        painter.end()

    @override
    def sizeHint(self) -> QSize:
        return QSize(theme.scaled(720), theme.scaled(288))


def local_paths(event: QDropEvent, suffixes: Sequence[str] = ()) -> list[Path]:
    """The files an event carries; with `suffixes` (".ris") only those, folders always."""
    paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
    return [path for path in paths if not suffixes or path.suffix.lower() in suffixes or path.is_dir()]


def primary(text: str, handler: Callable[[], None], *, icon: str = "", key: str = "") -> Button:
    """A primary button connected to `handler`, for empty states."""
    button = Button(text, icon=icon, key=key, kind=Kind.PRIMARY)
    button.clicked.connect(lambda: handler())
    return button
