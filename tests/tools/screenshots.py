"""Pages as pictures: `python -m tests.tools.screenshots --out DIR [--page ID] [--review FILE] [--reviewer NAME]`.

Without --review a copy of the example review is used. Pages come from the window's own list, so a new page needs no
change here. Nothing is written to the review but what opening it writes. `make screenshots` takes all the pictures.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from core.example import open_example
from gui.theme import Theme
from tests.looks.stage import PAGE_IDS, SCHEMES, SIZES, START, Stage, save


def main(arguments: list[str]) -> int:
    """Write the pictures; 1 when the review could not be shown."""
    options = _parser().parse_args(arguments)
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        stage = Stage(Theme(app, "light"), folder)
        for page in [options.page] if options.page else PAGE_IDS:
            if page != START:
                complaints = stage.open(_review(options.review, folder))
                if complaints:
                    print("\n".join(complaints), file=sys.stderr)
                    return 1
                stage.work_as(options.reviewer)
            for view in stage.views(page):
                for scheme in SCHEMES:
                    for size in SIZES:
                        stage.dress(scheme, size)
                        print(save(stage.picture(), options.out, f"{view.name}-{scheme}"))
        stage.close()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.tools.screenshots", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder for the pictures")
    parser.add_argument("--page", choices=PAGE_IDS, help="only this page")
    parser.add_argument("--review", type=Path, help="review to show; a copy of it is opened")
    parser.add_argument("--reviewer", default="", help="name of the reviewer who looks; the lead if not given")
    return parser


def _review(given: Path | None, folder: Path) -> Path:
    if given is None:
        return open_example(folder)
    copy = folder / given.name
    if not copy.exists():
        shutil.copyfile(given, copy)
    return copy


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
