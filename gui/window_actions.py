"""The actions of every window: files, undo, going about, the view, help."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from core.language import tr
from gui.actions import Action, takes_typing
from gui.desk import Desk
from gui.pages import PageSpec
from gui.pages.base import Page
from gui.pages.start.page import StartPage

if TYPE_CHECKING:
    from gui.main_window import MainWindow

Parts = tuple[Callable[[], object], Callable[[], bool]]
"""What an action does, and when it can be done."""


def global_actions(window: MainWindow, pages: Sequence[PageSpec]) -> tuple[Action, ...]:
    """All actions that are in force whatever is shown in `window`."""

    def on_desk(handler: Callable[[Desk], object], condition: Callable[[Desk], bool] = lambda _desk: True) -> Parts:
        def handle() -> None:
            desk = window.desk()
            if desk is not None:
                window.program.leave()
                handler(desk)

        def possible() -> bool:
            desk = window.desk()
            return desk is not None and window.arrival.page is None and condition(desk)

        return handle, possible

    def action(name: str, text: str, parts: Parts, *keys: str, icon: str = "") -> Action:
        return Action(name, text, parts[0], keys, icon, enabled_when=parts[1])

    def always(handler: Callable[[], object]) -> Parts:
        return handler, lambda: True

    def stage(number: int, spec: PageSpec) -> Action:
        shown = on_desk(lambda desk: desk.show_page(spec.id))
        return action(f"go.{spec.id}", spec.title, shown, f"Ctrl+{number}", icon=spec.icon)

    overlays = window.overlays
    return (
        action("file.new", tr("New review"), always(window.new_review), "Ctrl+N", icon="plus"),
        action("file.open", tr("Open…"), always(lambda: window.start.ask_open()), "Ctrl+O", icon="folder-open"),
        action(
            "file.open_window", tr("Open in a new window…"), always(window.ask_open_beside), "Ctrl+Shift+O",
            icon="external-link",
        ),
        action("file.copy", tr("Save a copy…"), on_desk(Desk.save_copy), "Ctrl+Shift+E", icon="copy"),
        action("file.merge", tr("Merge a colleague's copy…"), on_desk(Desk.merge_copy), icon="merge"),
        action("file.close", tr("Close review"), on_desk(lambda _d: window.close_review()), "Ctrl+W", icon="log-out"),
        action("edit.undo", tr("Undo"), on_desk(Desk.undo, Desk.can_undo), "Ctrl+Z", icon="undo-2"),
        action("edit.redo", tr("Redo"), on_desk(Desk.redo, Desk.can_redo), "Ctrl+Shift+Z", "Ctrl+Y", icon="redo-2"),
        action("go.back", tr("Back"), on_desk(Desk.back, Desk.can_go_back), *_history("Left"), icon="arrow-left"),
        action(
            "go.forward", tr("Forward"), on_desk(Desk.forward, Desk.can_go_forward), *_history("Right"),
            icon="arrow-right",
        ),
        *(stage(number, spec) for number, spec in enumerate(pages, 1)),
        action("go.palette", tr("Search and commands"), always(overlays.show_palette), "Ctrl+K", icon="search"),
        action(
            "view.find", tr("Find on this page"), (lambda: _go_to_filter(window), lambda: _has_filter(window)),
            "Ctrl+F", "/", icon="search",
        ),
        action("view.rail", tr("Wide or narrow rail"), on_desk(window.toggle_rail), "Ctrl+B", icon="panel-left"),
        action("view.next_pane", tr("Next pane"), on_desk(lambda d: d.next_pane(1)), "F6"),
        action("view.previous_pane", tr("Previous pane"), on_desk(lambda d: d.next_pane(-1)), "Shift+F6"),
        action("view.full_screen", tr("Full screen"), always(window.toggle_full_screen), "F11"),
        action("help.keys", tr("Keys of this page"), always(overlays.show_keys), "F1", icon="keyboard"),
        action(
            "help.explain", tr("Explain what is under focus"), always(overlays.explain), "?", "Shift+F1",
            icon="circle-help",
        ),
        action(
            "help.explanations", tr("Explanations of this page"), always(overlays.show_explanations),
            icon="circle-help",
        ),
        action(
            "app.settings", tr("Settings"), always(lambda: window.show_program("settings")), "Ctrl+,", icon="settings"
        ),
        action("app.about", tr("About Copse"), always(lambda: window.show_program("about")), icon="info"),
    )  # fmt: skip


def _in_front(window: MainWindow) -> Page | StartPage | None:
    if window.arrival.page is not None:
        return None
    desk = window.desk()
    return desk.current_page() if desk is not None else window.start


def _has_filter(window: MainWindow) -> bool:
    page = _in_front(window)
    return page is not None and window.program.page is None and page.has_filter()


def _go_to_filter(window: MainWindow) -> None:
    page = _in_front(window)
    if page is not None:
        page.go_to_filter()


def step_out(window: MainWindow) -> bool:
    """What Esc does that nobody took: out of a field to the page, of the form for a new review, of the full screen."""
    page, focused = _in_front(window), window.focusWidget()
    if isinstance(page, Page) and focused is not None and takes_typing(focused):
        page.setFocus(Qt.FocusReason.OtherFocusReason)
    elif isinstance(page, StartPage) and page.form.isVisible():
        page.hide_form()
    elif window.isFullScreen():
        window.toggle_full_screen()
    else:
        return False
    return True


def _history(arrow: str) -> tuple[str, ...]:
    """The keys for back and forward: on a Mac Alt with arrows moves within text, so brackets come first."""
    bracket = "Ctrl+[" if arrow == "Left" else "Ctrl+]"
    return (bracket, f"Alt+{arrow}") if sys.platform == "darwin" else (f"Alt+{arrow}",)
