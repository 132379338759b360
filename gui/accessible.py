"""What a screen reader is told of controls that are painted here: their role. Names they have like all others."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget, QWidget


class _State:
    installed: bool = False


def install() -> None:
    """From now on a widget whose class has an `ACCESSIBLE_ROLE` is told as that; to Qt it would be a plain area."""
    if not _State.installed:
        _State.installed = True
        QAccessible.installFactory(_interface)


def _interface(_class_name: str, of: QObject) -> QAccessibleInterface | None:
    role = getattr(of, "ACCESSIBLE_ROLE", None)
    return QAccessibleWidget(of, role, "") if isinstance(of, QWidget) and role is not None else None
