"""What is known about a source: each field is written when its editing is finished."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QPlainTextEdit, QWidget
from typing_extensions import override

from core.language import figure, tr
from core.model import SourceKind
from gui import theme
from gui.explaining import explain
from gui.theme import Type
from gui.widgets.fields import Combo, Field, LineEdit
from gui.widgets.labels import Label
from gui.widgets.panes import column

if TYPE_CHECKING:
    from core.store.queries.records import SourceView

KINDS: dict[str, str] = {
    SourceKind.DATABASE: tr("Database"),
    SourceKind.REGISTER: tr("Register"),
    SourceKind.WEBSITE: tr("Website"),
    SourceKind.ORGANISATION: tr("Organisation"),
    SourceKind.CITATION: tr("Citations"),
    SourceKind.PREVIOUS: tr("Earlier version"),
}


class SourceForm(QWidget):
    """Shows one source, or an empty form for a new one. `changed` when there is something to write."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.source_id: bytes | None = None
        self.is_new = False
        self._shown: dict[str, Any] = {}
        self.heading = Label(tr("Source"), Type.SECTION)
        self.name = LineEdit("MEDLINE (Ovid)", tr("Name"))
        self.kind = Combo([(text, SourceKind(value)) for value, text in KINDS.items()], tr("Kind"))
        self.platform = LineEdit("Ovid", tr("Platform"))
        self.searched_on = LineEdit("2026-05-04", tr("Date of the search"))
        self.hits = LineEdit(figure(1212), tr("Hits"))
        self.query = QPlainTextEdit()
        self.query.setAccessibleName(tr("Search strategy"))
        self.query.setTabChangesFocus(True)
        self.query.setFixedHeight(theme.scaled(84))
        self.date_field = Field(tr("Date of the search"), self.searched_on)
        self.hits_field = Field(tr("Hits"), self.hits, "")
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(12)
        self.name_field = Field(tr("Name"), self.name)
        for part, line, at in (
            (self.name_field, 0, 0),
            (Field(tr("Kind"), self.kind), 0, 1),
            (Field(tr("Platform"), self.platform), 1, 0),
            (self.date_field, 1, 1),
            (self.hits_field, 2, 0),
        ):
            grid.addWidget(part, line, at)
        grid.addWidget(Field(tr("Search strategy"), self.query), 3, 0, 1, 2)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(1, 2)
        box = column(self.heading, margins=(16, 12, 16, 16), spacing=12)
        box.addLayout(grid)
        box.addStretch(1)
        self.setLayout(box)
        for name in ("name", "kind", "platform", "searched_on", "hits", "query"):
            getattr(self, name).setObjectName(f"references.source_{name}")
        for edit in (self.name, self.platform, self.searched_on, self.hits):
            edit.editingFinished.connect(self._commit)
        self.kind.activated.connect(self._commit)
        self.query.installEventFilter(self)
        explain(self.kind, "source_kind")
        self.setEnabled(False)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.query and event.type() == QEvent.Type.FocusOut:
            self._commit()
        return False

    def show_source(self, source: SourceView) -> None:
        """Show `source`; what is being typed into a field of the same source stays."""
        self.setEnabled(True)
        same = source.id == self.source_id and not self.is_new
        self.source_id, self.is_new = source.id, False
        self.heading.setText(tr("Source"))
        texts = {
            self.name: source.name,
            self.platform: source.platform,
            self.searched_on: source.searched_on,
            self.hits: "" if source.hits is None else figure(source.hits),
        }
        for edit, text in texts.items():
            if not (same and edit.hasFocus() and edit.isModified()) and edit.text() != text:
                edit.setText(text)
        if not (same and self.query.hasFocus()):
            self.query.setPlainText(source.query)
        self.kind.set_value(SourceKind(source.kind))
        self._notice = source.notice
        self._shown = _values_of(source)
        self._check()

    def begin(self) -> None:
        """Put the keyboard into the first field."""
        self.name.setFocus(Qt.FocusReason.TabFocusReason)

    def begin_new(self) -> None:
        """An empty form; the source is made once it has a name."""
        self.setEnabled(True)
        self.source_id, self.is_new, self._shown, self._notice = None, True, {}, ""
        self.heading.setText(tr("New source"))
        for edit in (self.name, self.platform, self.searched_on, self.hits):
            edit.clear()
        self.query.clear()
        self.kind.set_value(SourceKind.DATABASE)
        self._check()
        self.begin()

    def values(self) -> dict[str, Any]:
        """The fields as `put_source` takes them."""
        hits = _digits(self.hits.text())
        return {
            "name": self.name.text().strip(),
            "kind": SourceKind(str(self.kind.value())),
            "platform": self.platform.text().strip(),
            "searched_on": self.searched_on.text().strip(),
            "query": self.query.toPlainText(),
            "hits": int(hits) if hits else None,
            "notice": self._notice,
        }

    def _check(self) -> bool:
        """Whether all that is typed can be written; what cannot says why."""
        day, hits = self.searched_on.text().strip(), _digits(self.hits.text())
        self.date_field.set_error("" if not day or _is_date(day) else tr("Write the date as 2026-05-04."))
        self.hits_field.set_error("" if not hits or hits.isdecimal() else tr("Hits are a whole number."))
        named = bool(self.name.text().strip()) or self.is_new
        self.name_field.set_error("" if named else tr("A source needs a name."))
        return not (self.date_field.error() or self.hits_field.error() or self.name_field.error())

    def _commit(self) -> None:
        if not self._check() or not self.name.text().strip():
            return
        values = self.values()
        if values != self._shown:
            self._shown = values
            self.changed.emit()


def _values_of(source: SourceView) -> dict[str, Any]:
    return {
        "name": source.name,
        "kind": SourceKind(source.kind),
        "platform": source.platform,
        "searched_on": source.searched_on,
        "query": source.query,
        "hits": source.hits,
        "notice": source.notice,
    }


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _digits(text: str) -> str:
    """A count without what stands between its thousands."""
    return re.sub(r"[,\s]", "", text)
