"""The few things asked before a review of another program becomes one of Copse: who you are, and where it is kept."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from core.language import tr
from gui.pages.base import Ask
from gui.pages.start.page import FILE_FILTER
from gui.theme import Type
from gui.widgets.buttons import Button
from gui.widgets.fields import Field, LineEdit
from gui.widgets.labels import ElidedLabel, Label
from gui.widgets.panes import column, row

OWN_NAME = "own_name"
"""The setting under which one's own name is remembered."""


def free_path(wanted: Path) -> Path:
    """`wanted`, or with a number where a file of this name is there already."""
    path, number = wanted, 2
    while path.exists():
        path = wanted.with_name(f"{wanted.stem} {number}{wanted.suffix}")
        number += 1
    return path


def proposed(source: Path) -> Path:
    """Where the review made of the file at `source` may be kept: beside it, or at home where that cannot be written."""
    folder = source.parent if os.access(source.parent, os.W_OK) else Path.home()
    return free_path(folder / f"{source.stem}.copse")


class ArrivalForm(QWidget):
    """See the module."""

    submitted = Signal()

    def __init__(self, ask: Ask, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ask = ask
        self.target = Path()
        self.name = LineEdit("", tr("Your name"))
        self.others = LineEdit(tr("Separated by commas"), tr("Other reviewers"))
        self.name_field = Field(
            tr("Your name"), self.name, tr("Your decisions are kept under this name; the others see it there.")
        )
        self.others_field = Field(
            tr("Other reviewers"), self.others, tr("Leave this empty to work alone. Reviewers can be added later.")
        )
        self._authors = Label("", Type.SMALL, "muted", wrap=True)
        self._file = ElidedLabel("", Type.STRONG)
        self._folder = ElidedLabel("", Type.SMALL, "muted")
        self.change = Button(tr("Change…"))
        self.change.setAccessibleName(tr("Change where the review is kept"))
        self.change.clicked.connect(self.choose_place)
        for name in ("name", "others", "change"):
            getattr(self, name).setObjectName(f"arrival.{name}")
        for edit in (self.name, self.others):
            edit.returnPressed.connect(self.submitted)
        line = row(column(self._file, self._folder, spacing=2), self.change)
        line.setStretch(0, 1)
        self.setLayout(
            column(
                self.name_field,
                self.others_field,
                self._authors,
                column(Label(tr("Kept as"), Type.SMALL_LABEL), line, spacing=4),
                spacing=14,
            )
        )
        self._authors.hide()

    def begin(self, path: Path, own_name: str) -> None:
        """Ask about the file at `path`."""
        self.set_target(proposed(path))
        self.name.setText(own_name)

    def show_authors(self, names: Sequence[str]) -> None:
        """Say who wrote the review, and take the first for oneself where nobody is known yet."""
        if names and not self.name.text():
            self.name.setText(names[0])
        self._authors.setVisible(bool(names))
        self._authors.setText(tr("Authors in the file: {names}", names=", ".join(names)))

    def set_target(self, path: Path) -> None:
        """Where the review will be kept."""
        self.target = path
        self._file.setText(path.name)
        self._folder.setText(tr("in {folder}", folder=path.parent))

    def choose_place(self) -> bool:
        """Let the user choose where the review is kept; whether a place was chosen."""
        path = self._ask.save_file(self, tr("Where to keep the review"), self.target, FILE_FILTER)
        if path is not None:
            self.set_target(path if path.suffix.lower() == ".copse" else path.with_name(f"{path.name}.copse"))
        return path is not None

    def typed(self) -> tuple[str, str, Path]:
        """What `take` puts back."""
        return self.name.text(), self.others.text(), self.target

    def take(self, typed: tuple[str, str, Path]) -> None:
        """Put back what was typed."""
        self.name.setText(typed[0])
        self.others.setText(typed[1])
        self.set_target(typed[2])

    def names(self) -> list[str] | None:
        """Who works on it, one's own name first; None where something is missing, which is said at the field then."""
        name = self.name.text().strip()
        others = [part.strip() for part in self.others.text().split(",") if part.strip()]
        self.name_field.set_error("" if name else tr("Decisions are kept under your name."))
        said = [each.casefold() for each in (name, *others)]
        twice = next((each for n, each in enumerate(others, 1) if each.casefold() in said[:n]), None)
        self.others_field.set_error(
            tr("{name} is named twice. Tell them apart, for example by an initial.", name=twice) if twice else ""
        )
        if not name:
            self.name.setFocus()
        elif twice:
            self.others.setFocus()
        return [name, *others] if name and not twice else None
