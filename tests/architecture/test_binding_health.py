"""PySide6 6.12.0 loses a reference to None with every void call and ends in an abort that nothing can catch."""

from __future__ import annotations

from tests.architecture.source import run_python

CALLS = 1000


def test_calling_qt_keeps_the_references_to_none() -> None:
    lost = run_python(
        "import sys\n"
        "from PySide6.QtWidgets import QApplication, QLabel\n"
        "app = QApplication([])\n"
        "label = QLabel()\n"
        "before = sys.getrefcount(None)\n"
        f"for number in range({CALLS}):\n"
        "    label.setText(str(number))\n"
        "print(before - sys.getrefcount(None))\n"
    )
    assert int(lost) < CALLS // 10
