"""What the page shows before there is a record: the place to drop files, and how far each file is."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSizePolicy, QWidget

from core.language import figure, tr
from gui import theme
from gui.actions import Registry
from gui.pages.references.import_queue import FileItem, FileState, ImportQueue
from gui.theme import Type
from gui.widgets.buttons import Button, Kind
from gui.widgets.labels import ElidedLabel, Label, section_label
from gui.widgets.marks import Chip, ProgressBar, Tone
from gui.widgets.messages import DropZone, EmptyState, Glyph
from gui.widgets.panes import Card, Scroll, Surface, column, row, widgets_of

_WIDTH = 720
_FORMATS = tr(
    "RIS, PubMed, Ovid, Web of Science, RefWorks, EndNote (.enw) or CSV.\n"
    "Each file becomes one source of the PRISMA flow. Several at once are fine."
)


class EmptyReferences(Surface):
    """Drop your search results here."""

    def __init__(
        self, registry: Registry, queue: ImportQueue, add_source: Callable[[], None], parent: QWidget | None = None
    ) -> None:
        super().__init__("surface", parent=parent)
        self.choose = registry.button("references.import", Kind.PRIMARY, text=tr("Choose files"))
        self.choose.setObjectName("references.choose")
        by_hand = Button(tr("Add a source by hand"))
        by_hand.setObjectName("references.by_hand")
        by_hand.clicked.connect(add_source)
        said = EmptyState(
            "file-down", tr("Drop your search results here"), _FORMATS, (self.choose, by_hand), large=True
        )
        self.zone = DropZone(said)
        self.zone.setFixedHeight(theme.scaled(288))
        self.files = FileList(queue)
        block = QWidget()
        block.setMaximumWidth(theme.scaled(_WIDTH))
        block.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        block.setLayout(column(theme.scaled(46), self.zone, 12, self.files, None, spacing=8))
        holder = QWidget()
        line = row(spacing=0, margins=(24, 24, 24, 24))
        line.addStretch(1)
        line.addWidget(block, 1000)
        line.addStretch(1)
        holder.setLayout(line)
        self.setLayout(column(Scroll(holder), spacing=0))


class FileList(QWidget):
    """The files of the queue, newest last; hidden while there is none."""

    def __init__(self, queue: ImportQueue, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._queue = queue
        self._box = column(spacing=6)
        self.setLayout(column(section_label(tr("Files")), self._box, spacing=8))
        queue.changed.connect(self.show_files)
        # Not shown before it has a parent: it would be a window of its own for a moment.
        if queue.items():
            self._show_rows()
        else:
            self.hide()

    def rows(self) -> Sequence[FileRow]:
        """The rows shown."""
        return [part for part in widgets_of(self._box) if isinstance(part, FileRow)]

    def show_files(self) -> None:
        """Bring the rows up to date."""
        self._show_rows()
        self.setVisible(bool(self._queue.items()))

    def _show_rows(self) -> None:
        for item in self._queue.items()[len(self.rows()) :]:
            self._box.addWidget(FileRow(item))
        for line in self.rows():
            line.show_state()


class FileRow(Card):
    """One file: what became of it, its source and format, and how many entries."""

    def __init__(self, item: FileItem, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.item = item
        self._sign = Glyph(*item.state.value[:2])
        self._source = ElidedLabel("", Type.BODY, "muted")
        self._source.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._format = Chip("")
        self._bar = ProgressBar(theme.scaled(80), tr("Reading {name}", name=item.path.name))
        self._figure = Label("", Type.BODY, "muted")
        self._aside = Label("", Type.BODY, "warn")
        name = ElidedLabel(item.path.name, Type.LABEL)
        name.setMinimumWidth(theme.scaled(120))
        self.box.setContentsMargins(12, 9, 12, 9)
        line = row(self._sign, name, self._format, self._source, self._bar, self._figure, self._aside, spacing=10)
        line.setStretch(3, 1)
        line.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        self.box.addLayout(line)
        self.show_state()

    def show_state(self) -> None:
        """Show how far the file is now."""
        item, report = self.item, self.item.report
        icon, ink, word = item.state.value
        self._sign.set(icon, ink)
        self.setAccessibleName(f"{item.path.name}: {word}")
        self._format.setVisible(report is not None)
        self._aside.setVisible(bool(report and report.rejected))
        self._bar.setVisible(item.state is FileState.READING)
        self._figure.setText(_figure(item))
        if item.task is not None:
            self._bar.set_share(item.task.share or 0.0)
        if report is not None:
            self._format.set(report.format.upper(), Tone.NEUTRAL)
            self._source.setText(report.source_name)
            self._aside.setText(tr("{rejected} set aside", rejected=figure(report.rejected)))

    def text(self) -> str:
        """The figure shown."""
        return self._figure.text()


def _figure(item: FileItem) -> str:
    if item.report is not None:
        return tr("{read} read", read=figure(item.report.read))
    if item.state is FileState.READING and item.task is not None:
        return item.task.figure
    return item.state.value[2]
