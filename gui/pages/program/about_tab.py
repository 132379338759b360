"""About: which Copse this is, under which licence, and what it ships."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QWidget
from typing_extensions import override

from core import __version__
from core.language import tr
from gui import about, icons, theme
from gui.about import Part
from gui.theme import Type
from gui.widgets.buttons import Button
from gui.widgets.labels import Label, section_label
from gui.widgets.panes import column, row

_MARK = 40
_HEAD = 28


class AboutTab(QWidget):
    """See the module. The libraries are read from their installed metadata when this is made."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        libraries, resources = about.libraries(), about.resources()
        self._parts = [*libraries, *resources]
        self.copy = Button(tr("Copy"), icon="copy")
        self.copy.setObjectName("about.copy")
        self.copy.clicked.connect(self._copy)
        name = column(
            Label(tr("Copse {version}", version=__version__), Type.PAGE_TITLE),
            Label(
                tr("Systematic reviews, from search results to forest plots. Free software under the "
                   "{licence} licence. It works without a network and sends nothing anywhere.", licence=about.LICENSE),
                Type.BODY, "muted", wrap=True,
            ),
            Label(about.platform_line(), Type.SMALL, "muted", wrap=True),
            spacing=4,
        )  # fmt: skip
        head = row(spacing=14)
        head.addWidget(_Mark(), 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(name, 1)
        head.addWidget(self.copy, 0, Qt.AlignmentFlag.AlignTop)
        self._copied = Label("", Type.SMALL, "success")
        self.setLayout(
            column(
                head,
                row(None, self._copied),
                _list({tr("Libraries"): libraries, tr("Fonts and icons"): resources}),
                spacing=12,
            )
        )

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(about.as_text(self._parts))
        self._copied.setText(tr("Copied"))


class _Mark(QWidget):
    """The mark of the program."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(_MARK, _MARK)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        icons.paint(painter, "copse", QRect(0, 0, _MARK, _MARK), theme.color("accent"))
        painter.end()


def _list(groups: Mapping[str, Sequence[Part]]) -> QWidget:
    """Names, versions and licences under each other."""
    holder = QWidget()
    grid = QGridLayout(holder)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(6)
    grid.setColumnStretch(2, 1)
    for title, parts in groups.items():
        head = grid.rowCount()
        grid.addWidget(section_label(title), head, 0, 1, 3, Qt.AlignmentFlag.AlignBottom)
        grid.setRowMinimumHeight(head, theme.scaled(_HEAD))
        for part in parts:
            line = grid.rowCount()
            grid.addWidget(Label(part.name), line, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(Label(part.version, Type.BODY, "muted"), line, 1, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(Label(part.license, Type.BODY, "muted", wrap=True), line, 2)
    return holder
