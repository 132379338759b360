"""The window of the gallery: sections at the left, entries at the right, a switch of the scheme; and its pictures."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from PySide6.QtCore import QEventLoop, QSize, Qt, QTimer
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from core.errors import FileProblem
from gui import icons
from gui.gallery.entries import Entry, Section, Stage
from gui.gallery.sections import SECTIONS
from gui.theme import Theme, Type
from gui.tokens import Scheme
from gui.widgets.fields import SegmentedControl
from gui.widgets.labels import Label
from gui.widgets.panes import PageHeader, Scroll, Surface, column, row
from gui.widgets.rail import Rail

SIZE = QSize(1280, 800)
_SCHEMES: tuple[Scheme, ...] = ("light", "dark")


class SectionPage(Scroll):
    """The entries of a section, one below the other, each under its title."""

    def __init__(self, section: Section, stage: Stage) -> None:
        self.stage = stage
        self.samples = {entry: entry.make(stage) for entry in section.entries}
        self.content = QWidget()
        parts = column(spacing=28, margins=(24, 20, 24, 28))
        for entry, sample in self.samples.items():
            parts.addLayout(_under_title(entry, sample))
        parts.addStretch(1)
        self.content.setLayout(parts)
        super().__init__(self.content)
        self.setAccessibleName(section.title)


def _under_title(entry: Entry, sample: QWidget) -> QVBoxLayout:
    box = column(Label(entry.title, Type.SECTION), spacing=4)
    if entry.note:
        box.addWidget(Label(entry.note, Type.SMALL, "muted", wrap=True))
    box.addSpacing(6)
    box.addWidget(sample)
    return box


class GalleryWindow(Surface):
    """Shows one section at a time; a section is built when it is first wanted."""

    def __init__(self, theme: Theme) -> None:
        super().__init__("surface")
        self.setWindowTitle("Gallery")
        self._pages: dict[str, SectionPage] = {}
        self._shown = ""
        self.rail = Rail([(section.id, section.title, section.icon, "") for section in SECTIONS])
        self.rail.setAccessibleName("Sections of the gallery")
        self.rail.set_wide(True)
        self.rail.chosen.connect(self.show_section)
        self.switch = SegmentedControl([(scheme, scheme.capitalize()) for scheme in _SCHEMES], "Scheme")
        self.switch.setObjectName("gallery.scheme")
        self.switch.set_current(theme.scheme)
        self.switch.chosen.connect(lambda scheme: theme.set_scheme("dark" if scheme == "dark" else "light"))
        self.header = PageHeader("Gallery")
        self.header.add(self.switch)
        self._place = column(self.header, spacing=0)
        self.setLayout(row(self.rail, self._place, spacing=0))
        self.setMinimumSize(1024, 700)
        self.resize(SIZE)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._repaint_held)
        self.show_section(SECTIONS[0].id)

    def page(self) -> SectionPage:
        """The section in front."""
        return self._pages[self._shown]

    def show_section(self, section: str) -> None:
        """Put a section in front, with the focus on its name, so that held samples show theirs."""
        if self._shown:
            self.page().hide()
        if section not in self._pages:
            self._pages[section] = SectionPage(_section(section), Stage(self.rail.item(section)))
            self._place.addWidget(self._pages[section], 1)
        self._shown = section
        self.rail.set_current(section)
        self.rail.item(section).setFocus(Qt.FocusReason.OtherFocusReason)
        self.header.set_fact(_section(section).title)
        self.page().show()

    def _repaint_held(self) -> None:
        self.page().stage.repaint_held()

    def fit_height(self) -> None:
        """Make the window as high as the section in front needs it to be."""
        chrome = self.height() - self.page().viewport().height()
        content = self.page().content
        needed = max(content.heightForWidth(self.page().viewport().width()), content.minimumSizeHint().height())
        self.resize(self.width(), max(SIZE.height(), needed + chrome))


def _section(wanted: str) -> Section:
    return next(section for section in SECTIONS if section.id == wanted)


def open_gallery(scheme: Scheme | None) -> int:
    """Show the gallery until its window is closed; the exit code."""
    app = _application()
    window = GalleryWindow(Theme(app, scheme))
    window.show()
    return app.exec()


def write_gallery(folder: Path) -> Iterator[Path]:
    """Write a picture of each section in both schemes into `folder`; yields each file when it is written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _not_written(folder, error.strerror or str(error)) from error
    yield from pictures(Theme(_application(), "light"), folder)


def pictures(theme: Theme, folder: Path, sections: Sequence[Section] = SECTIONS) -> Iterator[Path]:
    """As `write_gallery`, for some sections and in an application that has its theme."""
    was = theme.scheme
    window = GalleryWindow(theme)
    window.show()
    window.activateWindow()
    for section in sections:
        window.show_section(section.id)
        _wait(window.page().stage.settled_after)
        for scheme in _SCHEMES:
            window.switch.set_current(scheme)
            window.resize(SIZE)
            QApplication.processEvents()
            window.fit_height()
            QApplication.processEvents()
            target = folder / f"gallery-{section.id}-{scheme}.png"
            if not window.grab().save(str(target)):
                raise _not_written(target, "the folder does not take it")
            yield target
    window.close()
    theme.set_scheme(was)


def _not_written(path: Path, reason: str) -> FileProblem:
    return FileProblem(
        "gallery.not_written",
        "{path} could not be written: {reason}. Choose another folder and try again.",
        path=str(path),
        reason=reason.lower(),
    )


def _wait(milliseconds: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def _application() -> QApplication:
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("copse")
    app.setWindowIcon(icons.icon("copse", "accent"))
    return app
