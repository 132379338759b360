"""What the judging pages say when there is nothing to judge or to settle."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from core.model import Stage
from gui.pages.screening.reading import ScreenState, Setting
from gui.pages.screening.side import clear
from gui.pages.screening.words import first_name, listed, records
from gui.widgets.buttons import Button
from gui.widgets.messages import EmptyState, primary
from gui.widgets.panes import column

if TYPE_CHECKING:
    from gui.pages.screening.judging import JudgingPage


class Place(QWidget):
    """Room for one thing to say at a time."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._box = column(spacing=0)
        self.setLayout(self._box)

    def say(self, content: QWidget) -> None:
        """Show this instead of what was shown."""
        clear(self._box)
        self._box.addWidget(content)


def screen_end(page: JudgingPage, state: ScreenState, to_tab: Callable[[str], None]) -> EmptyState:
    """No record waits: nothing imported, nothing to judge for this reviewer, or all done."""
    setting, progress = state.setting, state.progress
    if progress.total == 0:
        button = primary("Go to references", lambda: page.workspace.go("references"), icon="library")
        button.setObjectName("screening.to_references")
        return EmptyState("library", "Nothing to screen yet", "Screening starts when references are in.", [button])
    if not setting.may_judge:
        names = listed([each.name for each in setting.judges])
        button = primary("Go to conflicts", lambda: to_tab("conflicts"))
        button.setObjectName("screening.to_conflicts")
        text = f"Titles and abstracts are screened by {names}. What they differ on comes to Conflicts."
        return EmptyState("list-checks", "You do not screen in this review", text, [button])
    button = primary("Go to full text", lambda: page.workspace.go("fulltext"), icon="file-text")
    button.setObjectName("screening.to_fulltext")
    again = Button("Look at your decisions")
    again.setObjectName("screening.to_decided")
    again.clicked.connect(lambda: to_tab("decided"))
    return EmptyState("circle-check", _done_title(state), _done_text(state), [button, again], large=True)


def _done_title(state: ScreenState) -> str:
    if state.progress.left == 0:
        return f"All {records(state.progress.total)} have your decision."
    return "No record waits for your decision."


def _done_text(state: ScreenState) -> str:
    setting = state.setting
    others = [first_name(each.name) for each in setting.judges if each.id != setting.me.id]
    if not others:
        return "What you included or kept as maybe goes on to full text."
    if setting.is_blinded and not state.conflicts:
        return f"{listed([f'{name}’s' for name in others])} decisions stay hidden until all records have been screened."
    if not state.conflicts:
        return "No conflict waits. What was included goes on to full text."
    settlers = ["you" if each.id == setting.me.id else first_name(each.name) for each in setting.settlers]
    verb = "differs" if state.conflicts == 1 else "differ"
    waits = "waits" if state.conflicts == 1 else "wait"
    theirs = listed([f"{name}’s" for name in others])
    return f"{state.conflicts:,} {verb} from {theirs} and {waits} for {listed(settlers)}."


def no_conflicts(setting: Setting, go_on: Callable[[], None] | None, settled: int) -> EmptyState:
    """No conflict is to be seen: because there is none, or because it stays hidden."""
    full_text = setting.stage is Stage.FULL_TEXT
    thing, done = ("reports", "assessed") if full_text else ("records", "screened")
    buttons: list[Button] = []
    if go_on is not None and setting.may_judge:
        text, icon = ("Continue assessing", "file-text") if full_text else ("Continue screening", "list-checks")
        buttons = [primary(text, go_on, icon=icon)]
        buttons[0].setObjectName("conflicts.continue")
    others = [first_name(each.name) for each in setting.judges if each.id != setting.me.id]
    if setting.is_blinded:
        names = listed([f"{name}’s" for name in others])
        text = f"{names} decisions stay hidden until all {thing} have been {done}. Conflicts show then."
        return EmptyState("eye-off", "Conflicts are hidden for now", text, buttons)
    if len(setting.judges) < 2:
        return EmptyState("git-compare", "No conflicts", "One reviewer decides, so no decisions can differ.", buttons)
    if settled:
        text = "All conflicts are settled. Choose Settled to look at them, or to settle one otherwise."
        return EmptyState("circle-check", "No conflicts", text, buttons)
    who, both = (
        ("Both reviewers agree", "both") if len(setting.judges) == 2 else ("The reviewers agree", "enough of them")
    )
    return EmptyState("circle-check", "No conflicts", f"{who} on all {thing} that {both} have {done}.", buttons)
