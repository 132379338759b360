"""What must hold of any window at any size: nothing cut off, everything named, everything reachable."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QComboBox, QLabel, QLineEdit, QWidget

from gui.widgets.labels import ElidedLabel


def faults(window: QWidget) -> list[str]:
    """Sentences on what is wrong with the visible widgets of `window`."""
    return [*cut_labels(window), *squeezed_buttons(window), *unnamed(window)]


def _visible(window: QWidget, kind: type[QWidget]) -> Iterator[QWidget]:
    return (each for each in window.findChildren(kind) if each.isVisible())


def cut_labels(window: QWidget) -> list[str]:
    """Labels narrower than their text, or lower than their wrapped text."""
    found: list[str] = []
    for label in _visible(window, QLabel):
        assert isinstance(label, QLabel)
        if not label.text() or isinstance(label, ElidedLabel):
            continue
        if label.wordWrap():
            if label.height() < label.heightForWidth(label.width()):
                found.append(f"label “{label.text()}” is {label.height()} high")
        elif label.width() < label.fontMetrics().horizontalAdvance(label.text()):
            found.append(f"label “{label.text()}” is {label.width()} wide")
    return found


def squeezed_buttons(window: QWidget) -> list[str]:
    """Buttons smaller than they ask for; the icons Qt puts inside fields have sizes of their own."""
    return [
        f"button “{button.accessibleName()}” is {button.width()} of {button.minimumSizeHint().width()} wide"
        for button in _visible(window, QAbstractButton)
        if not isinstance(button.parentWidget(), QLineEdit)
        and (button.width() < button.minimumSizeHint().width() or button.height() < button.minimumSizeHint().height())
    ]


def unnamed(window: QWidget) -> list[str]:
    """Controls a screen reader could not name."""
    found: list[str] = []
    for kind in (QAbstractButton, QComboBox, QLineEdit, QAbstractItemView):
        for widget in _visible(window, kind):
            parent = widget.parentWidget()
            inner = isinstance(parent, (QComboBox, QAbstractItemView, QLineEdit))
            text = widget.text() if isinstance(widget, QAbstractButton) else ""
            if not inner and not widget.accessibleName() and not text:
                found.append(f"{type(widget).__name__} in {type(parent).__name__} has no accessible name")
    return found
