"""Every text the window shows of the example review, in one language: `python -m tests.tools.every_text CODE OUT`.

CODE is a language, or "pseudo": each text in ⟦brackets⟧, so that one that goes another way stands out. OUT gets JSON:
by view the texts, and what is wrong with the layout. --pages leaves out others, --pictures keeps pictures, --folder the
review.
Run apart from other tests: the window's modules say some texts as they are imported.
"""

from __future__ import annotations

import argparse
import gettext
import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from typing_extensions import override

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from core import language

if TYPE_CHECKING:
    from PySide6.QtCore import QAbstractItemModel
    from PySide6.QtWidgets import QWidget

    from tests.looks.stage import Stage

PSEUDO = "pseudo"
_ROWS = 6


class Pseudo(gettext.NullTranslations):
    """Every text in brackets; what only says how to write stays as it is."""

    @override
    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    @override
    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"⟦{msgid1 if n == 1 else msgid2}⟧"

    @override
    def pgettext(self, context: str, message: str) -> str:
        return message


def texts_of(root: QWidget) -> Iterator[str]:
    """What the visible widgets below `root` say, to eyes and to screen readers."""
    from PySide6.QtWidgets import QAbstractItemView, QWidget

    from gui.widgets.figure_view import FigureView
    from gui.widgets.flow_view import FlowView

    figures = root.findChildren(FlowView) + root.findChildren(FigureView)  # as they are exported: in English
    for widget in (root, *root.findChildren(QWidget)):
        if not widget.isVisibleTo(root) or any(f is widget or f.isAncestorOf(widget) for f in figures):
            continue
        for name in ("text", "placeholderText", "toolTip", "accessibleName", "accessibleDescription", "title"):
            asked = getattr(widget, name, None)
            try:
                said = asked() if callable(asked) else ""
            except TypeError:  # a page's own: it wants to know of which part
                said = ""
            if isinstance(said, str) and not said.startswith("<"):
                yield said
        if isinstance(widget, QAbstractItemView) and widget.model() is not None:
            yield from _of_model(widget.model())
        for action in widget.actions():
            yield from (action.text(), action.toolTip())


def _of_model(model: QAbstractItemModel) -> Iterator[str]:
    from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt

    role = Qt.ItemDataRole
    for column in range(model.columnCount(QModelIndex()) if isinstance(model, QAbstractTableModel) else 1):
        yield str(model.headerData(column, Qt.Orientation.Horizontal) or "")
        for row in range(min(_ROWS, model.rowCount(QModelIndex()))):
            for wanted in (role.DisplayRole, role.ToolTipRole, role.AccessibleTextRole):
                yield str(model.index(row, column, QModelIndex()).data(wanted) or "")


def walk(folder: Path, pages: Sequence[str], pictures: Path | None) -> Iterator[tuple[str, list[str], list[str]]]:
    """Each view of the example in turn: its name, its texts, and what is wrong with its layout."""
    from PySide6.QtWidgets import QApplication

    from core.example import open_example
    from gui.theme import Theme
    from tests.gui.layout_checks import faults
    from tests.looks.stage import PAGE_IDS, SIZES, START, Stage, save

    app = QApplication([])
    stage = Stage(Theme(app, "light"), folder)
    path = open_example(folder)
    stage.dress("light", SIZES[1])
    for page in (*PAGE_IDS[1:], START):
        if pages and page not in pages:
            continue
        if page != START:
            assert stage.open(path) == []
            stage.work_as("Asha Menon" if page == PAGE_IDS[1] else "Tom Brandt")
        for view in stage.views(page):
            wrong: list[str] = []
            for size in SIZES[:2] if pictures is not None else SIZES[1:2]:
                stage.dress("light", size)
                if language.current() != PSEUDO:
                    wrong += [f"at {size.width()} × {size.height()}: {fault}" for fault in faults(stage.window)]
                if pictures is not None:
                    save(stage.picture(), pictures, view.name)
            commands = [action.text for action in stage.window.registry.in_force()]
            yield view.name, [*texts_of(stage.window), *commands], wrong
    if not pages:
        yield from _over_the_page(stage, path)
    stage.close()


def _over_the_page(stage: Stage, path: Path) -> Iterator[tuple[str, list[str], list[str]]]:
    from PySide6.QtWidgets import QAbstractButton, QApplication

    assert stage.open(path) == []
    stage.window.overlays.show_keys()
    stage.settle()
    yield "keys", list(texts_of(stage.window)), []
    for tab in ("settings", "about"):
        stage.window.show_program(tab)
        stage.settle()
        yield tab, list(texts_of(stage.window)), []
    stage.window.findChild(QAbstractButton, "program.done").click()
    stage.window.overlays.show_palette()
    stage.settle()
    yield (
        "palette",
        [text for each in QApplication.topLevelWidgets() if each.isVisible() for text in texts_of(each)],
        [],
    )


def main() -> None:
    """Choose the language before anything is imported that says a text, then walk."""
    parser = argparse.ArgumentParser()
    parser.add_argument("code")
    parser.add_argument("out", type=Path)
    parser.add_argument("--pages", nargs="*", default=[])
    parser.add_argument("--pictures", type=Path)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    if options.code == PSEUDO:
        language.speak(Pseudo(), PSEUDO)
    else:
        language.use(options.code)
    with tempfile.TemporaryDirectory() as folder:
        found = {
            name: {"texts": sorted({text for text in texts if text}), "faults": wrong}
            for name, texts, wrong in walk(options.folder or Path(folder), options.pages, options.pictures)
        }
    options.out.write_text(json.dumps(found, ensure_ascii=False, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
