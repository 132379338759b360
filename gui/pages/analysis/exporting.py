"""Copying and exporting the figure and its numbers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint

from core.errors import CopseError
from core.language import figure, tr
from gui.actions import Action
from gui.pages.analysis.export import DPI, Kind, suggested_name, write
from gui.pages.analysis.picture import Picture
from gui.widgets.messages import Level

if TYPE_CHECKING:
    from gui.pages.analysis.page import AnalysisPage


class Exporting:
    """A part of the page."""

    def __init__(self, page: AnalysisPage) -> None:
        self._page = page
        self._failure = ""
        """Why the last export failed; a later one that succeeds takes the message away."""

    def actions(self) -> tuple[Action, ...]:
        """Copy, the export menu, and one action for each kind of file."""
        action = self._page.action
        kinds = [
            action(name, text, lambda kind=kind: self.export(kind), icon=_icon(kind), enabled_when=self._has_figure)
            for name, text, kind in _KINDS
        ]
        return (
            action(
                "copy_figure", tr("Copy figure"), self.copy, "Ctrl+Shift+C", icon="copy", enabled_when=self._has_figure
            ),
            action("export", tr("Export"), self.pop_up, "Ctrl+Shift+S", icon="download", enabled_when=self._has_figure),
            *kinds,
        )

    def _has_figure(self) -> bool:
        picture = self._page.current()
        return picture is not None and picture.figure is not None

    def copy(self) -> None:
        """Put the figure on the clipboard."""
        if self._page.figure.copy():
            self._page.workspace.say(tr("Figure copied."))

    def pop_up(self) -> None:
        """The menu of the kinds of file, under its button."""
        names = [f"analysis.{name}" for name, _, _ in _KINDS]
        menu = self._page.registry.menu([*names[:-1], "", names[-1]], self._page)
        menu.setObjectName("analysis.export.menu")
        menu.aboutToHide.connect(menu.deleteLater)
        button = self._page.export_button
        menu.popup(button.mapToGlobal(QPoint(button.width() - menu.sizeHint().width(), button.height() + 2)))
        menu.setActiveAction(menu.actions()[0])

    def export(self, kind: Kind) -> None:
        """Ask where to, and write it in the background. What is on screen is what is written."""
        picture = self._page.current()
        if picture is None:
            return
        suggested = self._page.review.path.parent / suggested_name(picture, kind)
        title = tr("Export the numbers") if kind.ending == "csv" else tr("Export the figure")
        target = self._page.workspace.ask.save_file(self._page, title, suggested, kind.filter)
        if target is not None:
            self._write(picture, target, kind)

    def _write(self, picture: Picture, target: Path, kind: Kind) -> None:
        def done(path: Path) -> None:
            for message in self._page.messages.messages():
                if message.text() == self._failure:
                    message.dismiss()
            self._page.workspace.say(tr("Saved {name}", name=path.name))

        def failed(error: CopseError) -> None:
            def elsewhere() -> None:
                message.dismiss()
                self.export(kind)

            self._failure = error.message
            message = self._page.show_message(error.message, Level.DANGER, ((tr("Save elsewhere"), elsewhere),))

        call = self._page.task(
            tr("Exporting {name}", name=target.name), lambda _s, _report, _cancelled: write(picture, target, kind)
        )
        call.done(done).failed(failed).run()


def _icon(kind: Kind) -> str:
    return "table" if kind.ending == "csv" else "image"


_KINDS = (
    *((f"export_png_{dpi}", tr("PNG, {dpi} dpi", dpi=figure(dpi)), Kind("png", dpi)) for dpi in DPI),
    ("export_svg", "SVG", Kind("svg")),
    ("export_pdf", "PDF", Kind("pdf")),
    ("export_csv", tr("Numbers as CSV"), Kind("csv")),
)
