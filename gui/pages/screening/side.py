"""The panel beside a record: who is eligible, why one excludes, and one's own note."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QBoxLayout, QPlainTextEdit, QSizePolicy, QWidget
from typing_extensions import override

from core.language import tr
from core.model import Id
from core.session.protocol import Protocol, Reason
from gui import theme
from gui.explaining import explain
from gui.pages.screening.reading import Setting
from gui.pages.screening.words import first_name, listed
from gui.theme import Type
from gui.widgets.buttons import Button, Kind, icon_button
from gui.widgets.fields import LineEdit
from gui.widgets.focus import FocusRing
from gui.widgets.keys import CapTone, cap_size, paint_cap
from gui.widgets.labels import Label, Line, section_label
from gui.widgets.messages import Glyph
from gui.widgets.panes import Scroll, Surface, column, row, widgets_of

KEYED_REASONS = 9
"""Only so many reasons have a number key."""
_WIDTH = 296
_LARGE_WIDTH = 340


def clear(layout: QBoxLayout) -> None:
    """Take all widgets out of a layout."""
    for widget in widgets_of(layout):
        layout.removeWidget(widget)
        widget.hide()
        widget.deleteLater()


class ReasonButton(FocusRing, QAbstractButton):
    """An exclusion reason with its number key; clicking excludes at once."""

    _PAD = 6

    def __init__(self, reason: Reason, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.reason = reason
        self._key = str(reason.number) if reason.number <= KEYED_REASONS else ""
        self.setText(reason.text)
        self.setCheckable(False)
        self._is_chosen = False
        self.setObjectName(f"reason.{reason.number}")
        self.setAccessibleName(
            tr("Exclude: {text} ({key})", text=reason.text, key=self._key)
            if self._key
            else tr("Exclude: {text}", text=reason.text)
        )
        self.setToolTip(self.accessibleName())
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_chosen(self, chosen: bool) -> None:
        """Whether the record shown was excluded for this reason."""
        self._is_chosen = chosen
        self.update()

    def is_chosen(self) -> bool:
        """Whether the record shown was excluded for this reason."""
        return self._is_chosen

    def _text_left(self) -> int:
        return self._PAD + cap_size("0").width() + 10

    @override
    def hasHeightForWidth(self) -> bool:
        return True

    @override
    def heightForWidth(self, width: int) -> int:
        room = QRect(0, 0, max(40, width - self._text_left() - self._PAD), 1000)
        used = theme.metrics().boundingRect(room, Qt.TextFlag.TextWordWrap, self.text())
        return max(theme.scaled(28), used.height() + 10)

    @override
    def sizeHint(self) -> QSize:
        return QSize(200, self.heightForWidth(max(200, self.width())))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(120, theme.scaled(28))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        state = "press" if self.isDown() else "hover" if self.underMouse() and self.isEnabled() else ""
        fill = "exclude_soft" if self._is_chosen else state
        painter.setPen(QPen(theme.color("focus"), theme.focus_width()) if self.shows_ring else Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(fill) if fill else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 5, 5)
        tone = CapTone.EXCLUDE if self._is_chosen else CapTone.PLAIN if self.isEnabled() else CapTone.DISABLED
        if self._key:
            size = cap_size(self._key)
            paint_cap(painter, QRect(self._PAD, 5, size.width(), size.height()), self._key, tone)
        painter.setPen(theme.color("exclude" if self._is_chosen else "text" if self.isEnabled() else "disabled"))
        painter.setFont(theme.font())
        flags = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(self.rect().adjusted(self._text_left(), 0, -self._PAD, 0), flags, self.text())
        painter.end()


class Reasons(QWidget):
    """The exclusion reasons of a stage. `chosen(number)` excludes; the lead can add one."""

    chosen = Signal(int)
    added = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._buttons: list[ReasonButton] = []
        self._box = column(spacing=0)
        self._none = Label("", Type.SMALL, "muted", wrap=True)
        self.add = Button(tr("Add a reason"), icon="plus", kind=Kind.QUIET, small=True)
        self.add.setObjectName("reasons.add")
        self.add.clicked.connect(self.open_field)
        self.field = _NewReason(tr("A short reason, then Return"), tr("New exclusion reason"))
        self.field.setObjectName("reasons.field")
        self.field.hide()
        self.field.returnPressed.connect(self._add)
        self.field.given_up.connect(self.close_field)
        explain(self, "reason")
        head = row(section_label(tr("Exclude because")), None, Label(tr("excludes at once"), Type.SMALL, "muted"))
        self.setLayout(column(head, self._box, self._none, self.field, row(self.add, None), spacing=6))

    def show_setting(self, setting: Setting) -> None:
        """Show the reasons of the stage."""
        clear(self._box)
        self._buttons = [ReasonButton(reason) for reason in setting.reasons]
        for button in self._buttons:
            button.clicked.connect(lambda _checked=False, number=button.reason.number: self.chosen.emit(number))
            self._box.addWidget(button)
        leads = listed([first_name(each.name) for each in setting.people if each.is_lead])
        self._none.setVisible(not setting.reasons)
        self._none.setText(
            tr("There are no reasons yet.")
            if setting.may_lead
            else tr("There are none yet; {leads} adds them.", leads=leads)
        )
        self.add.setVisible(setting.may_lead)

    def show_choice(self, reason_id: Id | None, *, enabled: bool) -> None:
        """Mark the reason a record was excluded for."""
        for button in self._buttons:
            button.set_chosen(button.reason.id == reason_id)
            button.setEnabled(enabled)

    def ask(self) -> None:
        """Put the focus on the first reason, or on a new one where there is none yet."""
        if self._buttons:
            self._buttons[0].setFocus(Qt.FocusReason.TabFocusReason)
        elif self.add.isVisible():
            self.open_field()

    def open_field(self) -> None:
        """Ask for a new reason."""
        self.field.show()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_field(self) -> None:
        """Put the field away."""
        self.field.clear()
        self.field.hide()
        self.add.setFocus(Qt.FocusReason.OtherFocusReason)

    def _add(self) -> None:
        if self.field.text().strip():
            self.added.emit(self.field.text().strip())
            self.close_field()


class _NewReason(LineEdit):
    """A line that Esc puts away."""

    given_up = Signal()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
            return
        super().keyPressEvent(event)


class Note(QPlainTextEdit):
    """One's own note on a record; `written(text)` when one leaves it with other words in it than before."""

    written = Signal(str)
    left = Signal()
    """Esc or Ctrl+Return: back to the page."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kept = ""
        self._could_not_be_kept = False
        self.setObjectName("note")
        self.setAccessibleName(tr("Your note"))
        self.setPlaceholderText(tr("Kept with your decision"))
        self.setTabChangesFocus(True)
        self.setFixedHeight(theme.scaled(68))

    def show_note(self, text: str) -> None:
        """Show the note of another record."""
        self._kept = text
        self._could_not_be_kept = False
        if self.toPlainText() != text:
            self.setPlainText(text)

    def show_unkept(self, text: str) -> None:
        """Show what was written before and could not be kept; even clearing it is a change then."""
        self._could_not_be_kept = True
        if self.toPlainText() != text:
            self.setPlainText(text)

    def is_changed(self) -> bool:
        """Whether there is something that has not been kept yet."""
        return self._could_not_be_kept or self.toPlainText().strip() != self._kept.strip()

    def commit(self) -> None:
        """Keep what is written."""
        if self.is_changed():
            self._kept = self.toPlainText()
            self._could_not_be_kept = False
            self.written.emit(self._kept)

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.commit()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        held = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        returned = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and held
        if event.key() == Qt.Key.Key_Escape or returned:
            self.left.emit()
            return
        super().keyPressEvent(event)


class Eligibility(QWidget):
    """The question of the review, letter by letter; `protocol_wanted` when its button is pressed."""

    protocol_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = column(spacing=4)
        explain(self, "criteria")
        opening = icon_button("external-link", tr("Show the protocol"), small=True)
        opening.setObjectName("eligibility.protocol")
        opening.clicked.connect(self.protocol_wanted)
        head = row(section_label(tr("Eligibility")), None, opening)
        self.setLayout(column(head, self._lines, spacing=2))

    def show_protocol(self, protocol: Protocol) -> None:
        """Show the question."""
        clear(self._lines)
        parts = (
            ("P", tr("Population"), protocol.population),
            ("I", tr("Intervention"), protocol.intervention),
            ("C", tr("Comparator"), protocol.comparator),
            ("O", tr("Outcomes"), protocol.outcomes),
            ("S", tr("Study designs"), protocol.designs),
        )
        given = [part for part in parts if part[2]]
        for letter, name, text in given:
            self._lines.addWidget(_lettered(letter, name, text))
        if not given:
            self._lines.addWidget(Label(tr("The protocol has no question yet."), Type.SMALL, "muted", wrap=True))


def _lettered(letter: str, name: str, text: str) -> QWidget:
    mark = Label(letter, Type.SMALL_STRONG, "accent")
    mark.setFixedWidth(theme.scaled(14))
    mark.setToolTip(name)
    mark.setAccessibleName(name)
    return _beside(mark, text)


def _beside(mark: QWidget, text: str) -> QWidget:
    line = QWidget()
    box = row(spacing=8)
    box.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
    box.addWidget(Label(text, Type.SMALL, wrap=True), 1)
    line.setLayout(box)
    return line


class Criteria(QWidget):
    """The criteria of the protocol."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = column(spacing=6)
        explain(self, "criteria")
        self.setLayout(column(section_label(tr("Criteria")), self._lines, spacing=6))

    def show_setting(self, setting: Setting) -> None:
        """Show the criteria, what includes first."""
        clear(self._lines)
        for kind, icon in (("include", "check"), ("exclude", "x")):
            for criterion in setting.criteria:
                if criterion.kind == kind:
                    self._lines.addWidget(_beside(_sign(icon, kind), criterion.text))
        self.setVisible(bool(setting.criteria))


def _sign(icon: str, kind: str) -> Glyph:
    sign = Glyph(icon, kind, theme.scaled(14))
    sign.setAccessibleName(tr("Include") if kind == "include" else tr("Exclude"))
    return sign


class SidePanel(Surface):
    """Eligibility, reasons, note and criteria in one scrolled column.

    With `above`, that comes first and then the reasons: where a report is judged, the question is known by then.
    """

    def __init__(self, above: QWidget | None = None, parent: QWidget | None = None) -> None:
        super().__init__("sunken", "left", parent)
        self.setAccessibleName(tr("Eligibility, exclusion reasons and your note"))
        self.eligibility = Eligibility()
        self.reasons = Reasons()
        self.note = Note()
        self.criteria = Criteria()
        self._setting: Setting | None = None
        self._line = Line()
        content = Reading()
        box = column(spacing=12, margins=(16, 10, 14, 16))
        note = QWidget()
        note.setLayout(column(section_label(tr("Your note")), self.note, spacing=6))
        self._judging: list[QWidget] = []
        parts = (
            (self.eligibility, self.reasons, note) if above is None else (above, self.reasons, note, self.eligibility)
        )
        for part in parts:
            line = Line() if part is not parts[-1] else self._line
            box.addWidget(part)
            box.addWidget(line)
            if part in (self.reasons, note):
                self._judging += [part, line]
        box.addWidget(self.criteria)
        box.addStretch(1)
        content.setLayout(box)
        scroll = Scroll(content)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        frame = column(scroll, spacing=0, margins=(1, 0, 0, 0))
        self.setLayout(frame)
        self.set_large(False)

    def show_judging(self, shown: bool) -> None:
        """Show or hide what one judges with: the reasons and the note."""
        for part in self._judging:
            part.setVisible(shown)

    def set_large(self, large: bool) -> None:
        """Wider, for wide windows."""
        self.set_width(_LARGE_WIDTH if large else _WIDTH)

    def set_width(self, width: int) -> None:
        """As wide as this, for a 13 px base."""
        self.setFixedWidth(theme.scaled(width))

    def show_setting(self, setting: Setting) -> None:
        """Show protocol and reasons; made anew only when they have changed."""
        if setting == self._setting:
            return
        self._setting = setting
        self.eligibility.show_protocol(setting.protocol)
        self.reasons.show_setting(setting)
        self.criteria.show_setting(setting)
        self._line.setVisible(bool(setting.criteria))


class Reading(QWidget):
    """What is read from top to bottom: its height follows from its width alone, so that it scrolls no earlier.

    Where nothing in it wraps there is no height for a width, and it is as high as what is in it."""

    @override
    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        return QSize(hint.width(), 0) if self.hasHeightForWidth() else hint


def centred(content: QWidget, width: int, margins: tuple[int, int, int, int]) -> QWidget:
    """`content` in the middle of what room there is, at most `width` wide."""
    content.setMaximumWidth(theme.scaled(width))
    holder = Reading()
    line = row(spacing=0, margins=margins)
    line.addStretch(1)
    line.addWidget(content, 1000)
    line.addStretch(1)
    holder.setLayout(line)
    return holder
