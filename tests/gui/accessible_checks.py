"""What must hold of any window for those who hear it or use keys alone."""

from __future__ import annotations

from collections import Counter

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QScrollArea, QWidget

from gui.pages.base import Page
from tests.gui.layout_checks import Parts, visible

_ROLES_OF_AREAS = (QAccessible.Role.NoRole, QAccessible.Role.Client, QAccessible.Role.Window)
_AREAS = (Page, QScrollArea)
"""What takes the focus to be read or to give keys to the page: plain areas, but named."""


def accessible_faults(window: QWidget) -> list[str]:
    """Sentences on controls without name or role, and on neighbours nobody could tell apart."""
    parts = [each for each in visible(window) if each.focusPolicy() != Qt.FocusPolicy.NoFocus]
    return [*_unnamed(parts), *_without_role(parts), *_alike(parts), *_labels_without_buddy(window)]


def _name(widget: QWidget) -> str:
    if isinstance(widget, QComboBox):
        return widget.accessibleName()  # on Linux Qt tells the entry as the name and the label as a relation
    return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)


def _role(widget: QWidget) -> QAccessible.Role:
    return QAccessible.queryAccessibleInterface(widget).role()


def _unnamed(parts: Parts) -> list[str]:
    return [f"{_called(each)} has no name to be told" for each in parts if not _name(each) and not _inner(each)]


def _without_role(parts: Parts) -> list[str]:
    return [
        f"{_called(each)} “{_name(each)}” is told as {_role(each).name}"
        for each in parts
        if _role(each) in _ROLES_OF_AREAS and not isinstance(each, _AREAS)
    ]


def _alike(parts: Parts) -> list[str]:
    """Controls that stand side by side under one name and role; those of the same action do the same."""
    found: list[str] = []
    for parent in {each.parentWidget() for each in parts}:
        beside = [
            each
            for each in parts
            if each.parentWidget() is parent and isinstance(each, (QAbstractButton, QComboBox, QLineEdit))
        ]
        told = Counter((_name(each), _role(each)) for each in beside if getattr(each, "action_id", None) is None)
        found += [
            f"{number} × “{name}” ({role.name}) in {_called(parent)}"
            for (name, role), number in told.items()
            if number > 1
        ]
    return found


def _labels_without_buddy(window: QWidget) -> list[str]:
    """Names of fields must be those of their labels, so that both are found by the same word."""
    return [
        f"“{label.text()}” stands for “{_name(label.buddy())}”"
        for label in window.findChildren(QLabel)
        if label.buddy() is not None and label.isVisible() and not _name(label.buddy())
    ]


def _inner(widget: QWidget) -> bool:
    """What Qt puts into fields and lists."""
    return isinstance(widget.parentWidget(), (QComboBox, QLineEdit)) or widget.objectName().startswith("qt_")


def _called(widget: QWidget | None) -> str:
    return "" if widget is None else widget.objectName() or type(widget).__name__
