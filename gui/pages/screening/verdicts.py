"""What each reviewer decided on a record, side by side, and how the difference was settled."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from core.language import tr
from core.model import Reviewer, Verdict
from core.session.screening import DecisionView, ResolutionView
from gui.pages.screening.reading import Conflicted, Setting
from gui.pages.screening.side import clear
from gui.pages.screening.words import TONES, WORDS, moment
from gui.theme import Type
from gui.widgets.labels import ElidedLabel, Label
from gui.widgets.marks import Avatar, Chip
from gui.widgets.panes import Card, column, row

_SOFT = {1: "reviewer_1_soft", 2: "reviewer_2_soft"}


class VerdictCards(QWidget):
    """A card for each reviewer, and one below for what it was settled to."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards = row(spacing=12)
        self._below = column(spacing=12)
        self.setLayout(column(self._cards, self._below, spacing=12))

    def show_verdicts(self, conflicted: Conflicted, setting: Setting) -> None:
        """Show what was decided on a record."""
        clear(self._cards)
        clear(self._below)
        for decision in conflicted.decisions:
            self._cards.addWidget(_decision_card(decision, setting), 1)
        if conflicted.resolution is not None:
            self._below.addWidget(_resolution_card(conflicted.resolution, setting))


def _decision_card(decision: DecisionView, setting: Setting) -> Card:
    person = setting.person(decision.reviewer_id)
    reason = _reason_line(decision.verdict, decision.reason, setting)
    return _VerdictCard(
        person, decision.verdict, reason, decision.note, tr("Decided {when}", when=moment(decision.decided_at))
    )


def _resolution_card(resolution: ResolutionView, setting: Setting) -> Card:
    person = setting.person(resolution.resolver_id)
    reason = _reason_line(resolution.verdict, resolution.reason, setting)
    when = tr("Settled {when}", when=moment(resolution.resolved_at))
    return _VerdictCard(person, resolution.verdict, reason, resolution.note, when)


def _reason_line(verdict: Verdict, reason: str, setting: Setting) -> str:
    if verdict is not Verdict.EXCLUDE:
        return tr("none needed")
    number = next((each.number for each in setting.reasons if each.text == reason), None)
    return (f"{number}  {reason}" if number else reason) or tr("none given")


class _VerdictCard(Card):
    """Who, what, why, when."""

    def __init__(self, person: Reviewer | None, verdict: Verdict, reason: str, note: str, when: str) -> None:
        super().__init__()
        name = person.name if person else tr("Former reviewer")
        self.setAccessibleName(
            tr(
                "{name}: {verdict}, reason {reason}. {note}",
                name=name,
                verdict=WORDS[verdict],
                reason=reason,
                note=note,
            ).strip()
        )
        who = row(spacing=8)
        if person is not None:
            who.addWidget(
                Avatar(name, person.initials, person.position, adjudicator=person.is_adjudicator, size=24)
            )  # fmt: skip
        who.addWidget(ElidedLabel(name, Type.STRONG), 1)
        who.addWidget(Chip(WORDS[verdict], TONES[verdict]))
        why = row(spacing=8)
        why.addWidget(Label(tr("Reason"), Type.SMALL, "muted"), 0, Qt.AlignmentFlag.AlignTop)
        why.addWidget(Label(reason, Type.SMALL, wrap=True), 1)
        self.box.addLayout(who)
        self.box.addLayout(why)
        if note:
            self.box.addWidget(_NoteBox(note, _soft(person)))
        self.box.addStretch(1)
        self.box.addWidget(Label(when, Type.SMALL, "muted", wrap=True))


class _NoteBox(Card):
    """A note on its writer's tint."""

    def __init__(self, text: str, soft: str) -> None:
        super().__init__(soft, soft)
        self.box.setContentsMargins(10, 8, 10, 8)
        self.box.addWidget(Label(text, Type.SMALL, wrap=True))


def _soft(person: Reviewer | None) -> str:
    if person is None:
        return "hover"
    return "adjudicator_soft" if person.is_adjudicator else _SOFT.get(person.position, "hover")
