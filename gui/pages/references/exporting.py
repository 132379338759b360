"""Records written as files for other programs: the menu behind "…" in the header."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint

from core.errors import CopseError, FileProblem
from core.language import tr
from gui.actions import Action
from gui.widgets.messages import Level

if TYPE_CHECKING:
    from core.review import Session
    from gui.pages.references.page import ReferencesPage

_FORMS = (
    ("copse", tr("Export records as a table (CSV)"), "csv", "table"),
    ("ris", tr("Export records as RIS"), "ris", "download"),
    ("rayyan", tr("Export records for Rayyan (CSV)"), "csv", "download"),
    ("covidence", tr("Export records for Covidence (CSV)"), "csv", "download"),
)


class Exporting:
    """A part of the page."""

    def __init__(self, page: ReferencesPage) -> None:
        self._page = page

    def actions(self) -> tuple[Action, ...]:
        """One for each form."""
        return tuple(
            self._page.action(
                f"export_{form}", text, lambda form=form, suffix=suffix: self.export(form, suffix), icon=icon,
                enabled_when=self._page.has_filter,
            )
            for form, text, suffix, icon in _FORMS
        )  # fmt: skip

    def pop_up(self) -> None:
        """The menu under its button."""
        names = [f"references.export_{form}" for form, _, _, _ in _FORMS]
        menu = self._page.registry.menu([*names, "", "references.decisions"], self._page)
        menu.setObjectName("references.more.menu")
        menu.aboutToHide.connect(menu.deleteLater)
        button = self._page.more
        menu.popup(button.mapToGlobal(QPoint(button.width() - menu.sizeHint().width(), button.height() + 2)))
        menu.setActiveAction(menu.actions()[0])

    def export(self, form: str, suffix: str) -> None:
        """Ask where to, and write all records in the background, with the decisions that one may see."""
        suggested = self._page.review.path.with_name(f"{self._page.review.path.stem}-records.{suffix}")
        target = self._page.workspace.ask.save_file(
            self._page, tr("Export records"), suggested, f"{suffix.upper()} (*.{suffix})"
        )
        if target is None:
            return

        def failed(error: CopseError) -> None:
            def elsewhere() -> None:
                message.dismiss()
                self.export(form, suffix)

            message = self._page.show_message(error.message, Level.DANGER, ((tr("Save elsewhere"), elsewhere),))

        call = self._page.task(
            tr("Exporting {name}", name=target.name), lambda session, _report, _cancelled: _write(session, form, target)
        )
        call.done(lambda path: self._page.workspace.say(tr("Saved {name}", name=path.name))).failed(failed).run()


def _write(session: Session, form: str, target: Path) -> Path:
    """Write in one step; the byte-order mark lets spreadsheets read Copse's own table as UTF-8."""
    text = session.references.exported(form)
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        part.write_text(("\ufeff" if form == "copse" else "") + text, encoding="utf-8")
        part.replace(target)
    except OSError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise FileProblem(
            "references.not_written",
            "The records could not be written to {path}: {reason}. Nothing there was changed. Choose another folder or "
            "file name and export them again.",
            path=str(target),
            reason=(error.strerror or str(error)).lower(),
        ) from error
    return target
