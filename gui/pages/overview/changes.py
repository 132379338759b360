"""What others did since one was last here, or the latest changes of all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from core.language import current, day, figure, said, tr
from core.model import Reviewer
from gui import theme
from gui.theme import Type
from gui.widgets.buttons import Button, Kind
from gui.widgets.labels import ElidedLabel, Label, section_label
from gui.widgets.marks import Avatar
from gui.widgets.panes import column, row

if TYPE_CHECKING:
    from core.store.queries.history import OperationView

_SHOWN = 6
_TIME_WIDTH = 48


@dataclass(frozen=True)
class Line:
    """A run of like operations of one reviewer: the latest of them, and how many there were."""

    latest: OperationView
    number: int = 1

    def text(self) -> str:
        """What was done."""
        label = said(self.latest.label)
        if self.latest.role == "undo":
            label = tr("Undone: {label}", label=label)
        if self.number == 1:
            return label
        # The number first: what follows may be cut off.
        return tr("{number} × {label}", number=figure(self.number), label=label)


def runs(operations: Sequence[OperationView]) -> list[Line]:
    """Like operations of one reviewer, one after the other on one day, as one line."""
    found: list[Line] = []
    for one in operations:
        last = found[-1].latest if found else None
        if last is not None and _likeness(last) == _likeness(one):
            found[-1] = Line(found[-1].latest, found[-1].number + 1)
        else:
            found.append(Line(one))
    return found


def _likeness(one: OperationView) -> tuple[object, ...]:
    return one.kind, one.reviewer_id, one.role == "undo", _moment(one.at).date()


class Changes(QWidget):
    """Shows what it is given; `all_wanted(bool)` when all changes are asked for, or only the news again."""

    all_wanted = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._heading = section_label("")
        self._lines = column(spacing=4)
        self._nothing = Label("", Type.BODY, "muted", wrap=True)
        self.more = Button(tr("Show all changes"), kind=Kind.QUIET)
        self.more.setObjectName("overview.changes.all")
        self.more.clicked.connect(lambda: self.all_wanted.emit(not self._shows_all))
        self._shows_all = False
        self._texts: list[str] = []
        self._shown: tuple[object, ...] | None = None
        self.setLayout(column(self._heading, self._lines, self._nothing, row(self.more, None), spacing=6))

    def show_news(self, found: Sequence[OperationView], people: Sequence[Reviewer], since: datetime | None) -> None:
        """What came since then; without a time the latest changes."""
        if since is None:
            self._show(tr("Latest changes"), found, people, whole=False)
        else:
            self._show(tr("Since you were last here, {when}", when=_day_and_time(since)), found, people, whole=False)

    def show_all(self, found: Sequence[OperationView], people: Sequence[Reviewer]) -> None:
        """The latest changes, one's own too."""
        self._show(tr("Latest changes"), found, people, whole=True)

    def texts(self) -> list[str]:
        """What is listed, in order."""
        return list(self._texts)

    def heading(self) -> str:
        """What the list is said to be."""
        return self._heading.text()

    def _show(self, heading: str, found: Sequence[OperationView], people: Sequence[Reviewer], *, whole: bool) -> None:
        state = (heading, tuple(found), tuple(people), whole, date.today())
        if state == self._shown:
            return
        self._shown, self._shows_all = state, whole
        self._heading.setText(heading)
        while (item := self._lines.takeAt(0)) is not None:
            part = item.widget()
            if part is not None:
                part.hide()
                part.deleteLater()
        lines = runs(found) if whole else runs(found)[:_SHOWN]
        known = {person.id: person for person in people}
        self._texts = [line.text() for line in lines]
        for line in lines:
            self._lines.addWidget(_ChangeRow(line, known))
        self._nothing.setText("" if lines else tr("The others have changed nothing."))
        self._nothing.setVisible(not lines)
        self.more.set_label(tr("Show fewer") if whole else tr("Show all changes"))


class _ChangeRow(QWidget):
    """When, who, what."""

    def __init__(self, line: Line, people: Mapping[bytes, Reviewer]) -> None:
        super().__init__()
        when = _moment(line.latest.at)
        time = Label(_short(when), Type.SMALL, "muted")
        time.setMinimumWidth(theme.scaled(_TIME_WIDTH))
        time.setToolTip(_day_and_time(when))
        what = ElidedLabel(line.text())
        what.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        who = people.get(line.latest.reviewer_id)
        parts: list[QWidget] = [time]
        if who is not None:
            parts.append(Avatar(who.name, who.initials, who.position, adjudicator=who.is_adjudicator, size=18))
        box = row(*parts, what, spacing=8)
        box.setStretch(len(parts), 1)
        box.setAlignment(time, Qt.AlignmentFlag.AlignVCenter)
        self.setLayout(box)
        self.setMinimumHeight(theme.scaled(20))


def _moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000)


def _short(when: datetime) -> str:
    """14:02 today, Sat in the last days, 3 Oct before."""
    age = (date.today() - when.date()).days
    if age == 0:
        return f"{when:%H:%M}"
    return _weekday(when, QLocale.FormatType.ShortFormat) if age < 7 else f"{when:%d/%m}"


def _day_and_time(when: datetime) -> str:
    age = (date.today() - when.date()).days
    if age >= 7:
        return f"{day(when)} {when:%H:%M}"
    return f"{tr('today') if age == 0 else _weekday(when, QLocale.FormatType.LongFormat)} {when:%H:%M}"


def said_date(milliseconds: int) -> str:
    """A date written out: 3 March 2026."""
    return day(_moment(milliseconds).date())


def _weekday(when: date, form: QLocale.FormatType) -> str:
    return QLocale(current()).dayName(when.isoweekday(), form)
