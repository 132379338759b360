"""The gallery: every widget of the window in every state, for `python main.py gallery` alone."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from pathlib import Path


def run(arguments: Sequence[str]) -> int:
    """Open the gallery, or write its pictures with ``--out``; returns the exit code."""
    import argparse

    from core.errors import CopseError

    gc.enable()
    parser = argparse.ArgumentParser(prog="main.py gallery", description="the widgets of the window, in every state")
    parser.add_argument("--theme", choices=("light", "dark"), help="scheme to begin with; the system's if not given")
    parser.add_argument("--out", type=Path, metavar="DIR", help="write a picture of each section in both schemes here")
    options = parser.parse_args(arguments)
    if options.out is not None:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from gui.gallery.window import open_gallery, write_gallery

    if options.out is None:
        return open_gallery(options.theme)
    try:
        for path in write_gallery(options.out):
            print(path)  # noqa: T201 - what a command made is its output
    except CopseError as error:
        print(error.message, file=sys.stderr)  # noqa: T201 - as every command refuses
        return 1
    return 0
