"""What the judging pages say when there is nothing to judge or to settle."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from core.language import counted, tr
from core.model import Stage
from gui.pages.screening.reading import ScreenState, Setting
from gui.pages.screening.side import clear
from gui.pages.screening.words import first_name, listed, possessives
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
    if progress.total == 0 and setting.came_settled:
        return all_settled(page, setting)
    if progress.total == 0:
        button = primary(tr("Go to references"), lambda: page.workspace.go("references"), icon="library")
        button.setObjectName("screening.to_references")
        return EmptyState(
            "library", tr("Nothing to screen yet"), tr("Screening starts when references are in."), [button]
        )
    if not setting.may_judge:
        names = listed([each.name for each in setting.judges])
        button = _to_conflicts(to_tab)
        text = tr("Titles and abstracts are screened by {names}. What they differ on comes to Conflicts.", names=names)
        return EmptyState("list-checks", tr("You do not screen in this review"), text, [button])
    if state.conflicts and setting.me.id in {each.id for each in setting.settlers}:
        button = _to_conflicts(to_tab)
    else:
        button = primary(tr("Go to full text"), lambda: page.workspace.go("fulltext"), icon="file-text")
        button.setObjectName("screening.to_fulltext")
    again = Button(tr("Look at your decisions"))
    again.setObjectName("screening.to_decided")
    again.clicked.connect(lambda: to_tab("decided"))
    return EmptyState("circle-check", _done_title(state), _done_text(state), [button, again], large=True)


def all_settled(page: JudgingPage, setting: Setting) -> EmptyState:
    """Everything came settled with an imported review: what a search update finds is what is judged next."""
    full_text = setting.stage is Stage.FULL_TEXT
    text = (
        counted(
            "{n} report came settled with the imported review. What an update of the search adds is assessed here.",
            "{n} reports came settled with the imported review. What an update of the search adds is assessed here.",
            setting.came_settled,
        )
        if full_text
        else counted(
            "{n} record came settled with the imported review. What an update of the search finds is screened here.",
            "{n} records came settled with the imported review. What an update of the search finds is screened here.",
            setting.came_settled,
        )
    )
    button = primary(tr("Import a search update"), lambda: page.workspace.go("references"), icon="upload")
    button.setObjectName(f"{page.ID}.to_import")
    title = tr("Nothing to assess") if full_text else tr("Nothing to screen")
    return EmptyState("circle-check", title, text, [button])


def _to_conflicts(to_tab: Callable[[str], None]) -> Button:
    button = primary(tr("Go to conflicts"), lambda: to_tab("conflicts"))
    button.setObjectName("screening.to_conflicts")
    return button


def _done_title(state: ScreenState) -> str:
    if state.progress.left == 0:
        return counted(
            "All {n} record have your decision.", "All {n} records have your decision.", state.progress.total
        )
    return tr("No record waits for your decision.")


def _done_text(state: ScreenState) -> str:
    setting = state.setting
    others = [first_name(each.name) for each in setting.judges if each.id != setting.me.id]
    if not others:
        return tr("What you included or kept as maybe goes on to full text.")
    if setting.is_blinded and not state.conflicts:
        return tr(
            "{names} decisions stay hidden until all records have been screened.",
            names=possessives(others),
        )
    if not state.conflicts:
        return tr("No conflict waits. What was included goes on to full text.")
    settlers = [tr("you") if each.id == setting.me.id else first_name(each.name) for each in setting.settlers]
    return counted(
        "{n} differs from {theirs} and waits for {settlers}.",
        "{n} differ from {theirs} and wait for {settlers}.",
        state.conflicts,
        theirs=possessives(others),
        settlers=listed(settlers),
    )


def no_conflicts(setting: Setting, go_on: Callable[[], None] | None, settled: int) -> EmptyState:
    """No conflict is to be seen: because there is none, or because it stays hidden."""
    full_text = setting.stage is Stage.FULL_TEXT
    buttons: list[Button] = []
    if go_on is not None and setting.may_judge:
        text, icon = (tr("Continue assessing"), "file-text") if full_text else (tr("Continue screening"), "list-checks")
        buttons = [primary(text, go_on, icon=icon)]
        buttons[0].setObjectName("conflicts.continue")
    if setting.is_blinded:
        names = possessives([first_name(each.name) for each in setting.judges if each.id != setting.me.id])
        text = (
            tr("{names} decisions stay hidden until all reports have been assessed. Conflicts show then.", names=names)
            if full_text
            else tr(
                "{names} decisions stay hidden until all records have been screened. Conflicts show then.", names=names
            )
        )
        return EmptyState("eye-off", tr("Conflicts are hidden for now"), text, buttons)
    if len(setting.judges) < 2:
        return EmptyState(
            "git-compare", tr("No conflicts"), tr("One reviewer decides, so no decisions can differ."), buttons
        )
    if settled:
        text = tr("All conflicts are settled. Choose Settled to look at them, or to settle one otherwise.")
        return EmptyState("circle-check", tr("No conflicts"), text, buttons)
    if len(setting.judges) == 2:
        text = (
            tr("Both reviewers agree on all reports that both have assessed.")
            if full_text
            else tr("Both reviewers agree on all records that both have screened.")
        )
    else:
        text = (
            tr("The reviewers agree on all reports that enough of them have assessed.")
            if full_text
            else tr("The reviewers agree on all records that enough of them have screened.")
        )
    return EmptyState("circle-check", tr("No conflicts"), text, buttons)
