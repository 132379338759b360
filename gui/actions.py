"""Every action as data. Menus, buttons, tooltips, shortcuts and the list of keys are all made from one registry.

Shortcuts with Ctrl, Alt or a function key belong to the window. Single keys ("I", "1", "Shift+N", "/", "Left") work
only on the body of the page: never while a field, a combo, an open editor or a popover has the focus.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

import shiboken6
from PySide6.QtCore import QEvent, QKeyCombination, QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)
from typing_extensions import override

from gui import icons
from gui.settings import Settings
from gui.widgets.buttons import Button, Kind
from gui.widgets.keys import cap_text

GLOBAL = "global"
_MODIFIERS = ("Ctrl+", "Alt+", "Meta+")
_ITEM_KEYS = frozenset({"Up", "Down", "Left", "Right", "Home", "End", "PgUp", "PgDown", "Space", "Return", "Tab"})


def _always() -> bool:
    return True


@dataclass(frozen=True)
class Action:
    """One thing a user can do. `scope` is GLOBAL or the id of the page it belongs to.

    `shortcuts` are portable key names ("Ctrl+Shift+I", "I", "F8"); the first is the one shown. `enabled_when` is asked
    whenever the action is offered or tried; the core checks again whether it is allowed.
    """

    id: str
    text: str
    handler: Callable[[], object]
    shortcuts: tuple[str, ...] = ()
    icon: str = ""
    scope: str = GLOBAL
    enabled_when: Callable[[], bool] = _always

    @property
    def key(self) -> str:
        """The shortcut to show, "" if none."""
        return self.shortcuts[0] if self.shortcuts else ""

    @property
    def tip(self) -> str:
        """The text with its key, for tooltips."""
        return f"{self.text} ({cap_text(self.key)})" if self.key else self.text


def is_single(shortcut: str) -> bool:
    """Whether a shortcut is a single key: no Ctrl, Alt or Meta and no function key."""
    last = shortcut.rsplit("+", 1)[-1]
    is_function_key = len(last) > 1 and last[0] == "F" and last[1:].isdigit()
    return not shortcut.startswith(_MODIFIERS) and "+Ctrl" not in shortcut and not is_function_key


@cache
def _portable(shortcut: str) -> str:
    """The one name of a shortcut, however it was written. Asked anew for all actions with every action added."""
    return QKeySequence(shortcut).toString(QKeySequence.SequenceFormat.PortableText)


def conflicts(actions: Iterable[Action]) -> list[tuple[str, Action, Action]]:
    """Pairs of actions that can be wanted at once and share a shortcut."""
    taken: dict[str, list[Action]] = {}
    found: list[tuple[str, Action, Action]] = []
    for action in actions:
        for shortcut in action.shortcuts:
            name = _portable(shortcut)
            for other in taken.get(name, []):
                if action.scope == other.scope or (
                    GLOBAL in (action.scope, other.scope) and not _gives_way(shortcut, action, other)
                ):
                    found.append((name, other, action))
            taken.setdefault(name, []).append(action)
    return found


def _gives_way(shortcut: str, *both: Action) -> bool:
    """Whether a page may take this key from a global action: a single key, when that action has another one too."""
    return is_single(shortcut) and all(len(each.shortcuts) > 1 for each in both if each.scope == GLOBAL)


def key_here(action: Action, in_force: Iterable[Action]) -> str:
    """The key to show for an action: the first one that no action of the page has taken from it."""
    taken = (
        {key for each in in_force if each.scope != GLOBAL for key in each.shortcuts} if action.scope == GLOBAL else ()
    )
    return next((key for key in action.shortcuts if key not in taken), "")


class Registry(QObject):
    """All actions of the open window by id, and which page's actions are in force."""

    changed = Signal()
    used = Signal(str, bool)
    """An action was done; whether by its single key."""

    def __init__(self, window: QWidget, settings: Settings) -> None:
        super().__init__(window)
        self._window = window
        self._actions: dict[str, Action] = {}
        self._qactions: dict[str, QAction] = {}
        self._scope = GLOBAL
        self._keys = SingleKeys(self, settings, window)

    def add(self, actions: Iterable[Action]) -> None:
        """Offer more actions; a ValueError if an id or a shortcut is taken."""
        added = list(actions)
        for shortcut, other, action in conflicts([*self._actions.values(), *added]):
            raise ValueError(f"{shortcut} of {action.id} is taken by {other.id}")
        for action in added:
            if action.id in self._actions:
                raise ValueError(f"action {action.id} exists already")
            self._actions[action.id] = action
            self._install(action)
        self.refresh()

    def remove_scope(self, scope: str) -> None:
        """Withdraw the actions of a page that is going."""
        for action in [each for each in self._actions.values() if each.scope == scope]:
            del self._actions[action.id]
            old = self._qactions.pop(action.id, None)
            if old is not None and shiboken6.isValid(old):
                self._window.removeAction(old)
                old.deleteLater()

    def set_scope(self, page: str) -> None:
        """From now on the actions of `page` (and the global ones) are in force."""
        self._scope = page
        self.refresh()

    def get(self, action: str) -> Action:
        """The action with this id; KeyError if there is none."""
        return self._actions[action]

    def in_force(self) -> list[Action]:
        """The actions one can use now: the page's first, then the global ones."""
        own = [each for each in self._actions.values() if each.scope == self._scope and each.scope != GLOBAL]
        return own + [each for each in self._actions.values() if each.scope == GLOBAL]

    def is_enabled(self, action: str) -> bool:
        """Whether the action is in force and its condition holds."""
        found = self._actions.get(action)
        return found is not None and found.scope in (GLOBAL, self._scope) and bool(found.enabled_when())

    def trigger(self, action: str) -> bool:
        """Do it if it is enabled; whether it was."""
        if not self.is_enabled(action):
            return False
        self._actions[action].handler()
        self.used.emit(action, False)
        return True

    def refresh(self) -> None:
        """Ask every condition again, so that buttons and menus show what can be done."""
        for name, action in self._qactions.items():
            action.setEnabled(self.is_enabled(name))
        self.changed.emit()

    def single(self, name: str) -> Action | None:
        """The enabled action in force whose single key is `name`."""
        for action in self.in_force():
            if name in action.shortcuts and is_single(name) and action.enabled_when():
                return action
        return None

    # what is made from an action

    def qaction(self, action: str) -> QAction:
        """The QAction of an action, for menus."""
        return self._qactions[action]

    def button(
        self, action: str, kind: Kind = Kind.DEFAULT, *, text: str | None = None, show_key: bool = True
    ) -> Button:
        """A button that does `action`, with its icon, key-cap and tooltip, enabled when it is. `text=""`: icon only."""
        return ActionButton(self, action, kind, text=text, show_key=show_key)

    def menu(self, actions: Iterable[str], parent: QWidget) -> QMenu:
        """A menu of actions; "" is a separator."""
        menu = QMenu(parent)
        for name in actions:
            if name:
                menu.addAction(self._qactions[name])
            else:
                menu.addSeparator()
        menu.aboutToShow.connect(self.refresh)
        return menu

    def _install(self, action: Action) -> None:
        made = QAction(action.text, self._window)
        if action.icon:
            made.setIcon(icons.icon(action.icon))
        made.setObjectName(action.id)
        made.setShortcuts([QKeySequence(s) for s in action.shortcuts if not is_single(s)])
        made.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        made.setToolTip(action.tip)
        made.triggered.connect(lambda: self.trigger(action.id))
        self._window.addAction(made)
        self._qactions[action.id] = made


class ActionButton(Button):
    """A button made from an action; enabled when the action is."""

    def __init__(self, registry: Registry, action: str, kind: Kind, *, text: str | None, show_key: bool) -> None:
        spec = registry.get(action)
        label = spec.text if text is None else text
        key = spec.key if show_key and label else ""
        super().__init__(label, icon=spec.icon, kind=kind, key=key, tip="" if key else spec.tip)
        if not label:
            self.setAccessibleName(spec.text)
        self.action_id = action
        self._registry = registry
        self.clicked.connect(lambda: registry.trigger(action))
        registry.changed.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        self.setEnabled(self._registry.is_enabled(self.action_id))


def takes_typing(widget: QWidget | None) -> bool:
    """Whether keys belong to `widget` itself: fields, combos, open editors, popovers and menus."""
    if widget is None:
        return False
    if isinstance(widget, (QLineEdit, QPlainTextEdit, QTextEdit)):
        return not widget.isReadOnly()
    if isinstance(widget, (QComboBox, QAbstractSpinBox, QMenu)):
        return True
    if bool(widget.property("takesTyping")):
        return True
    view = widget if isinstance(widget, QAbstractItemView) else widget.parentWidget()
    if isinstance(view, QAbstractItemView) and view.state() == QAbstractItemView.State.EditingState:
        return True
    return any(bool(each.property("popover")) for each in _self_and_parents(widget))


def _moves_by_keys(widget: QWidget | None) -> bool:
    """Whether arrows and the like move within `widget`: lists, tables, tabs, segments."""
    return isinstance(widget, QAbstractItemView) or (widget is not None and bool(widget.property("movesByKeys")))


def _self_and_parents(widget: QWidget) -> Iterable[QWidget]:
    current: QWidget | None = widget
    while current is not None:
        yield current
        current = current.parentWidget()


class SingleKeys(QObject):
    """Watches the widget that has the focus, and only that one, for single keys."""

    def __init__(self, registry: Registry, settings: Settings, window: QWidget) -> None:
        super().__init__(registry)
        self._registry = registry
        self._settings = settings
        self._window = window
        self._watched: QWidget | None = None
        window.installEventFilter(self)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._follow)

    def _follow(self, _old: QWidget | None, new: QWidget | None) -> None:
        if self._watched is not None and shiboken6.isValid(self._watched) and self._watched is not self._window:
            self._watched.removeEventFilter(self)
        mine = new is not None and new.window() is self._window
        self._watched = new if mine else None
        if mine and new is not None and new is not self._window:
            new.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            return _palette_belongs_to_window(event) or _undo_belongs_to_window(watched, event)
        if kind != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        focus = QApplication.focusWidget()
        if takes_typing(focus):
            return False
        name = self._name(event)
        if not name or (name in _ITEM_KEYS and _moves_by_keys(focus)):
            return False
        action = self._registry.single(name)
        if action is None:
            return False
        if event.isAutoRepeat() and name not in _ITEM_KEYS:
            return True  # a letter held down is one wish, not thirty a second
        action.handler()
        self._registry.used.emit(action.id, True)
        self._registry.refresh()
        return True

    def _name(self, event: QKeyEvent) -> str:
        """The portable name of a single key, "" if it is none or single keys are off."""
        mode = self._settings.single_keys
        held = event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier)
        alt_only = held == Qt.KeyboardModifier.AltModifier
        letter = latin_key(event)
        if letter and mode != "on" and not (mode == "alt" and alt_only):
            return ""
        if held and not (letter and mode == "alt" and alt_only):
            return ""
        if letter:
            shifted = event.modifiers() & Qt.KeyboardModifier.ShiftModifier and letter.isalpha()
            return f"Shift+{letter}" if shifted else letter
        combined = event.keyCombination()
        return QKeySequence(combined).toString(QKeySequence.SequenceFormat.PortableText)


def _palette_belongs_to_window(event: QKeyEvent) -> bool:
    """Text fields of some systems cut to the end of the line by Ctrl+K; here it calls the palette everywhere."""
    if event.keyCombination() != QKeyCombination(Qt.KeyboardModifier.ControlModifier, Qt.Key.Key_K):
        return False
    event.ignore()
    return True


def _undo_belongs_to_window(watched: QObject, event: QKeyEvent) -> bool:
    """A field with nothing typed to undo lets Ctrl+Z through, so that it undoes what was committed."""
    if not isinstance(watched, QLineEdit) or watched.isReadOnly():
        return False
    if any(bool(each.property("popover")) for each in _self_and_parents(watched)):
        return False  # what is typed over the page is not of it: nothing below is undone from there
    if event.matches(QKeySequence.StandardKey.Undo) and not watched.isUndoAvailable():
        event.ignore()
        return True
    if event.matches(QKeySequence.StandardKey.Redo) and not watched.isRedoAvailable():
        event.ignore()
        return True
    return False


# Keyboards with other scripts send their own letters; the place of the key then says which Latin letter is meant.
_ROWS = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_EVDEV = {start + i: c.upper() for row, start in zip(_ROWS, (10, 24, 38, 52), strict=True) for i, c in enumerate(row)}
_MAC_CODES = (
    (18, 19, 20, 21, 23, 22, 26, 28, 25, 29),
    (12, 13, 14, 15, 17, 16, 32, 34, 31, 35),
    (0, 1, 2, 3, 5, 4, 38, 40, 37),
    (6, 7, 8, 9, 11, 45, 46),
)
_MAC = {
    code: c.upper() for row, codes in zip(_ROWS, _MAC_CODES, strict=True) for c, code in zip(row, codes, strict=True)
}


def latin_key(event: QKeyEvent) -> str:
    """The Latin letter, digit or ASCII sign a key stands for, whatever the layout; "" for other keys."""
    text = event.text()
    key = event.key()
    if 0x20 < key < 0x7F:
        is_letter_or_digit = chr(key).isalnum()
        return chr(key) if is_letter_or_digit or len(text) != 1 else text
    if len(text) == 1 and text.isascii():
        return text.upper() if text.isprintable() and text != " " else ""
    if not text or text.isascii():
        return ""
    if sys.platform == "win32":
        code = event.nativeVirtualKey()
        return chr(code) if 0x30 <= code <= 0x5A else ""
    if sys.platform == "darwin":
        return _MAC.get(event.nativeVirtualKey(), "")
    return _EVDEV.get(event.nativeScanCode(), "")
