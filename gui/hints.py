"""Hints at the first visits: one quiet line at the foot of a page, on what is not obvious there.

Its place is kept from the moment the page is shown until it is shown the next time, so that nothing moves when the
hint comes or goes. It goes for good when it is closed, when what it tells was done, and after three visits; that is
remembered on this computer, not in the review.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from core.language import mark, tr
from gui import theme
from gui.actions import Registry
from gui.settings import Settings
from gui.theme import Type
from gui.widgets.buttons import icon_button
from gui.widgets.labels import ElidedLabel
from gui.widgets.messages import EmptyState, Glyph
from gui.widgets.panes import Surface, row

VISITS = 3
_HEIGHT = 32
_LOOK_AFTER_MS = 250


@dataclass(frozen=True)
class Hint:
    """What a page tells. `done_by` are the actions (or their beginnings) that show it is known; with `by_key` only when
    done by their single key. `needs` is an action that must be possible for the hint to make sense."""

    text: str
    done_by: tuple[str, ...] = ()
    by_key: bool = False
    needs: str = ""


HINTS = {
    "overview": Hint(
        mark("Every box of the flow leads to its page: click it, or go there with the arrows and press Return."),
        ("overview.box",),
    ),
    "protocol": Hint(
        mark("What you write is kept when you leave the field. Criteria stand beside every record while screening.")
    ),
    "references": Hint(
        mark("Drop search results anywhere in the window. To merge two records, choose both and press M."),
        ("references.merge", "references.import"),
    ),
    "screening": Hint(
        mark("I, E and M decide and bring the next record; U takes the last one back. F1 shows all keys."),
        ("screening.include", "screening.exclude", "screening.maybe", "screening.reason_"),
        by_key=True,
        needs="screening.include",
    ),
    "fulltext": Hint(
        mark("I includes the report; a number excludes it for that reason. ↑ and ↓ go through the list."),
        ("fulltext.include", "fulltext.reason_"),
        by_key=True,
        needs="fulltext.include",
    ),
    "extraction": Hint(
        mark(
            "Type as in a spreadsheet: Tab and Return move on, NR means not reported. F8 goes to the next empty cell."
        ),
        ("extraction.next",),
        needs="extraction.next",
    ),
    "riskofbias": Hint(
        mark("The signs are keys: + ? − judge the domain you are at. [ and ] go to the domain before and after."),
        ("riskofbias.level_",),
        by_key=True,
        needs="riskofbias.level_low",
    ),
    "analysis": Hint(
        mark("Choose a number, and the line below the table tells where it comes from. ? explains what has the focus."),
        ("help.explain",),
    ),
    "report": Hint(
        mark(
            "Find looks through all sections of the text. Export hands the review on to RevMan, wherever it came from."
        ),
        ("report.export",),
    ),
}
"""By page."""


class HintLine(Surface):
    """The foot of one page. `visit` is called whenever the page is shown."""

    def __init__(self, page: QWidget, page_id: str, registry: Registry, settings: Settings) -> None:
        super().__init__("sunken", "top", page)
        self._page, self._page_id = page, page_id
        self._registry, self._settings = registry, settings
        self._hint = HINTS.get(page_id)
        self._is_due = self._counted = False
        self._fits = True
        self.setFixedHeight(theme.scaled(_HEIGHT))
        self.setObjectName(f"{page_id}.hint")
        text = tr(self._hint.text) if self._hint is not None else ""
        self.text = ElidedLabel(text, Type.SMALL)
        self.close_button = icon_button("x", tr("Close this hint for good"), small=True)
        self.close_button.setObjectName(f"{page_id}.hint.close")
        self.close_button.clicked.connect(self.finish)
        self._inside = QWidget()
        line = row(Glyph("info", "info", 14), self.text, self.close_button, margins=(20, 1, 12, 0))
        line.setStretch(1, 1)
        self._inside.setLayout(line)
        self.setAccessibleName(text)
        self.setLayout(row(self._inside, spacing=0))
        self._inside.hide()
        self.hide()
        if self._hint is not None:
            registry.used.connect(self._look_whether_known)
            registry.changed.connect(self._look)

    def visit(self) -> None:
        """The page is about to be shown: keep the place if there is something to tell, or give it back."""
        self._is_due, self._counted = self._is_wanted(), False
        self._inside.hide()
        self.setVisible(self._is_due and self._fits)  # no place is kept where there was nothing to tell it for
        if self._is_due:
            QTimer.singleShot(_LOOK_AFTER_MS, self, self._look)

    def is_shown(self) -> bool:
        """Whether the hint can be read now."""
        return self._inside.isVisible()

    def finish(self) -> None:
        """It is known: never again. The place stays until the page is shown next."""
        self._settings.set_hint_visits(self._page_id, VISITS)
        self._is_due = False
        if self.close_button.hasFocus():
            self._page.setFocus(Qt.FocusReason.OtherFocusReason)
        self._inside.hide()
        self.update()

    def _is_wanted(self) -> bool:
        hint, settings = self._hint, self._settings
        if hint is None or not settings.hints or settings.hint_visits(self._page_id) >= VISITS:
            return False
        return settings.single_keys == "on" or not hint.by_key

    def _look(self) -> None:
        """Show it once the page has something to work with; hide it while it says itself what to do."""
        if not self._is_due or self._hint is None or not self._page.isVisible():
            return
        fits = not self._hint.needs or self._registry.is_enabled(self._hint.needs)
        self._fits = fits and not any(each.isVisible() for each in self._page.findChildren(EmptyState))
        if not self.isVisible():
            return
        if self._fits and not self._inside.isVisible() and not self._counted:
            self._counted = True
            self._settings.set_hint_visits(self._page_id, self._settings.hint_visits(self._page_id) + 1)
        if self._fits != self._inside.isVisible():
            self._inside.setVisible(self._fits)
            self.update()

    def _look_whether_known(self, action: str, by_key: bool) -> None:
        hint = self._hint
        if hint is None or not action.startswith(hint.done_by or ("-",)) or (hint.by_key and not by_key):
            return
        if self._settings.hint_visits(self._page_id) < VISITS:
            self.finish()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if self.is_shown():
            super().paintEvent(event)
