"""Files dropped anywhere on the window: a review opens, also one of RevMan; search results go to References. Other
files are named.

A part of the window that takes files itself (the page References) comes first; this sees what is left.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from core.language import counted, tr
from gui.revman.front import is_review_file, may_be_review_file
from gui.widgets.drop_hint import DropHint
from gui.widgets.messages import Level, local_paths

if TYPE_CHECKING:
    from gui.main_window import MainWindow

REVIEW = ".copse"
REFERENCES = frozenset((".ris", ".nbib", ".txt", ".enw", ".ciw", ".csv", ".tsv", ".cgi", ".ovd", ".isi", ".xlsx"))


@dataclass(frozen=True)
class Sorted:
    """Files by what can be done with them. Among the references and the others there may be tables of a review, which
    only their content tells (`tables`)."""

    reviews: tuple[Path, ...]
    references: tuple[Path, ...]
    others: tuple[Path, ...]

    @property
    def tables(self) -> tuple[Path, ...]:
        """Files whose content has to be looked at."""
        return tuple(path for path in (*self.references, *self.others) if may_be_review_file(path))

    def with_reviews(self, found: Collection[Path]) -> Sorted:
        """The same files when those of `found` have turned out to be reviews."""
        return Sorted(
            (*self.reviews, *(path for path in self.tables if path in found)),
            tuple(path for path in self.references if path not in found),
            tuple(path for path in self.others if path not in found),
        )


def sort_files(paths: Sequence[Path]) -> Sorted:
    """Sort by the ending of the names alone: nothing is read while files are only held over a window."""
    reviews = tuple(path for path in paths if path.suffix.lower() == REVIEW or is_review_file(path))
    references = tuple(path for path in paths if path.suffix.lower() in REFERENCES and path not in reviews)
    return Sorted(reviews, references, tuple(path for path in paths if path not in (*reviews, *references)))


def hint(files: Sorted, *, review_open: bool) -> str:
    """What dropping these files will do."""
    if files.reviews:
        return tr("Drop to open the review in a new window") if review_open else tr("Drop to open the review")
    if files.references and review_open:
        return tr("Drop to import into References")
    if files.tables:
        return tr("Drop to see what this file holds")
    if files.references:
        return tr("Search results need an open review")
    return tr("Copse cannot read this file here")


def nothing_open(files: Sequence[Path]) -> str:
    """Why search results cannot be taken now."""
    return counted(
        "{name} holds search results, and no review is open to take them. "
        "Open a review or make a new one, then drop again.",
        "{n} files hold search results, and no review is open to take them. "
        "Open a review or make a new one, then drop again.",
        len(files),
        name=files[0].name,
    )


def unreadable(files: Sequence[Path]) -> str:
    """What is wrong with files that are neither."""
    return counted(
        "{name} is neither a review (.copse, .rm5) nor search results that Copse reads (RIS, NBIB, EndNote, CIW, CSV "
        "or text). Nothing was changed.",
        "{n} files, among them {name}, are neither a review (.copse, .rm5) nor search results that Copse reads (RIS, "
        "NBIB, EndNote, CIW, CSV or text). Nothing was changed.",
        len(files),
        name=files[0].name,
    )


def take_files(window: MainWindow, files: Sorted) -> None:
    """Do what can be done with files dropped on `window`. Tables are looked into first, on a worker."""
    if files.tables:
        window.look_into(files.tables, lambda found: _take(window, files.with_reviews(found)))
    else:
        _take(window, files)


def _take(window: MainWindow, files: Sorted) -> None:
    """A review that is open in `window`, or just being made, stays there; of several the first is shown there."""
    for number, path in enumerate(files.reviews):
        if window.is_free() and not number:
            window.open_review(path)
        else:
            window.open_beside(path)
    desk = window.desk()
    if files.references and desk is not None:
        window.program.leave()
        desk.show_page("references", files=files.references)
    elif files.references:
        window.show_message(nothing_open(files.references), Level.WARN)
    if files.others:
        window.show_message(unreadable(files.others), Level.WARN)


class FileDrops(QObject):
    """Watches a window for files; `review_open` says whether there is a review to import into."""

    def __init__(self, window: QWidget, review_open: Callable[[], bool], take: Callable[[Sorted], object]) -> None:
        super().__init__(window)
        self._review_open, self._take = review_open, take
        self.hint = DropHint(window)
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DragEnter and isinstance(event, QDragEnterEvent) and local_paths(event):
            event.acceptProposedAction()
            self.hint.cover(hint(sort_files(local_paths(event)), review_open=self._review_open()))
            return True
        if event.type() == QEvent.Type.DragLeave:
            self.hint.hide()
        elif event.type() == QEvent.Type.Drop and isinstance(event, QDropEvent):
            self.hint.hide()
            event.acceptProposedAction()
            self._take(sort_files(local_paths(event)))
            return True
        return False
