"""Copse: `python main.py [FILE]` opens the window, `python main.py COMMAND ...` does the same work without one."""

from __future__ import annotations

import sys


def open_window(path: str | None) -> int:
    """Show the window, on the review at ``path`` or on its start page; return the exit code."""
    from gui import app

    return app.run(path)


def main(argv: list[str]) -> int:
    """Hand a command to the command line, and everything else to the window."""
    from core import cli

    if cli.is_command(argv):
        return cli.main(argv)
    return open_window(argv[0] if argv else None)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
