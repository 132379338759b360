"""Chips, people, progress, text and marked text in the gallery."""

from __future__ import annotations

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QWidget
from typing_extensions import override

from gui.gallery.entries import Entry, Section, Stage, line, named, stack
from gui.theme import Type
from gui.widgets.labels import ElidedLabel, Label, Line, section_label
from gui.widgets.marked_text import MarkedText, Terms, paragraphs
from gui.widgets.marks import Avatar, Chip, ProgressBar, Tone, WorkMark, paint_work
from gui.widgets.messages import Glyph
from gui.widgets.record_card import SourceChips

ABSTRACT = (
    "BACKGROUND: Ketamine may act within hours. METHODS: In this randomised crossover trial, adults with generalised "
    "anxiety disorder were given ketamine or midazolam; people with a current major depressive episode were left out."
)
TERMS = (("include", "randomised crossover"), ("include", "ketamine"), ("exclude", "major depressive episode"))
_TONES = {
    Tone.NEUTRAL: "Embase",
    Tone.OUTLINE: "Blinded",
    Tone.ACCENT: "Primary",
    Tone.SUCCESS: "Settled",
    Tone.WARN: "Differs",
    Tone.DANGER: "Not read",
    Tone.INFO: "New",
    Tone.INCLUDE: "Include",
    Tone.EXCLUDE: "Wrong design",
    Tone.MAYBE: "Maybe",
}
_PEOPLE = (("Asha Menon", "AM"), ("Tom Brandt", "TB"), ("Ines Duarte", "ID"), ("Jo Park", "JP"), ("Lea Roth", "LR"),
           ("Max Holm", "MH"))  # fmt: skip


def _chips(stage: Stage) -> QWidget:
    chips = [Chip(word, tone, "eye-off" if tone is Tone.OUTLINE else None) for tone, word in _TONES.items()]
    return line(*chips)


def _sources(stage: Stage) -> QWidget:
    chips = SourceChips()
    chips.set_names(("Embase", "MEDLINE", "PsycINFO", "CENTRAL"))
    return named("The sources of a record; those that do not fit are counted", chips, 220)


def _avatars(stage: Stage) -> QWidget:
    people = QWidget()
    cells = QGridLayout(people)
    cells.setContentsMargins(0, 0, 0, 0)
    cells.setHorizontalSpacing(16)
    for across, (name, initials) in enumerate(_PEOPLE):
        for down, size in enumerate((16, 18, 20, 24)):
            cells.addWidget(Avatar(name, initials, across + 1, size=size), down, across)
    for down, size in enumerate((16, 18, 20, 24)):
        cells.addWidget(Avatar("Rosa Klein", "RK", 1, adjudicator=True, size=size), down, len(_PEOPLE))
        cells.addWidget(Label(f"{size} px", Type.SMALL, "muted"), down, len(_PEOPLE) + 1)
    cells.setColumnStretch(len(_PEOPLE) + 1, 1)
    return people


class _Work(QWidget):
    """How far two reviewers and the adjudicator are, as lists of studies paint it."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(250, 16)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        x = 0
        for position, adjudicator in ((1, False), (2, False), (3, True)):
            for mark in WorkMark:
                paint_work(painter, QRect(x, 0, 16, 16), position, mark, adjudicator=adjudicator)
                x += 24
            x += 12
        painter.end()


def _work(stage: Stage) -> QWidget:
    return named("Not begun, under way, finished: two reviewers and the adjudicator", _Work())


def _progress(stage: Stage) -> QWidget:
    parts: list[QWidget | int] = []
    for share in (0.0, 0.03, 0.4, 1.0):
        bar = ProgressBar(96, "Screening")
        bar.set_share(share)
        parts += [bar, Label(f"{share:.0%}", Type.SMALL, "muted"), 8]
    return line(*parts, Glyph("loader", "accent"), Label("1,078 so far", Type.SMALL, "muted"))


def _types(stage: Stage) -> QWidget:
    place = QWidget()
    cells = QGridLayout(place)
    cells.setContentsMargins(0, 0, 0, 0)
    cells.setHorizontalSpacing(24)
    for number, role in enumerate(Type):
        name = role.name.replace("_", " ").capitalize()
        text = Label("Ketamine, 8 of 3,127 records", role)
        size = Label(f"{text.font().pixelSize()} px, weight {text.font().weight()}", Type.SMALL, "muted")
        for column, label in enumerate((Label(name, Type.SMALL, "muted"), size, text)):
            cells.addWidget(label, number, column)
    cells.setColumnStretch(2, 1)
    return place


def _figures(stage: Stage) -> QWidget:
    return stack(*(Label(text, Type.BODY) for text in ("1,111.11", "8,888.88", "0.07 to 0.97", "\N{MINUS SIGN}5.18")))


def _inks(stage: Stage) -> QWidget:
    inks = ("text", "muted", "placeholder", "disabled", "accent", "success", "warn", "danger", "info")
    return line(*(Label(ink.capitalize(), Type.LABEL, ink) for ink in inks))


def _labels(stage: Stage) -> QWidget:
    wrapped = Label("A wrapped label takes the width it is given and as many lines as it needs.", wrap=True)
    wrapped.setFixedWidth(260)
    return stack(
        section_label("Heading of a group"),
        Line(),
        line(wrapped),
        named("Elided, the whole text in its tooltip", ElidedLabel("Ketamine for treatment-refractory anxiety"), 160),
    )


def _marked(stage: Stage) -> QWidget:
    text = MarkedText("Abstract")
    text.show_paragraphs(paragraphs(ABSTRACT))
    text.set_terms(Terms(TERMS))
    return text


def _upright(stage: Stage) -> QWidget:
    upright = Line(vertical=True)
    upright.setFixedHeight(20)
    return line(Label("Left"), upright, Label("Right"))


MARKS = Section(
    "marks",
    "Chips and people",
    "tag",
    (
        Entry("Chips", (Chip,), _chips, "A word on a tint, with a sign where the colour says something."),
        Entry("Sources", (SourceChips,), _sources),
        Entry("Reviewers", (Avatar,), _avatars, "Six reviewers and the adjudicator: shape and initials, then colour."),
        Entry("Work on a study", (), _work),
        Entry("Progress", (ProgressBar, Glyph), _progress, "Always with a figure beside it."),
    ),
)

TEXT = Section(
    "text",
    "Type",
    "notebook-text",
    (
        Entry("Type scale", (Label,), _types, "Every size is the base plus or minus a constant."),
        Entry("Figures", (Label,), _figures, "All figures have one width, so that numbers align."),
        Entry("Inks", (Label,), _inks),
        Entry("Labels and lines", (Label, ElidedLabel, Line), _labels),
        Entry("Line between controls", (Line,), _upright),
        Entry("Marked terms", (MarkedText,), _marked, "Include terms underlined, exclude terms dotted."),
    ),
)
