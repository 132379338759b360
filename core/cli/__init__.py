"""The command line: everything the window does to data, done without one.

Importing this costs nothing; a command's module, and what it needs, is imported when the command is given.
Exit codes: 0 done, 1 the input was refused (the reason is on stderr), 2 the command was not used as it should be.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from typing import Protocol

COMMANDS = {
    "demo": "open the example review; --headless: build it, with its figures and results",
    "pool": "pool a table of effects or counts (CSV)",
    "convert": "turn what a paper prints into what an analysis needs",
    "import": "import reference files into a review",
    "verify": "compare the results that a file of RevMan holds with what its numbers give",
    "export": "export figures, numbers or records of a review",
    "trace": "follow every number of an analysis back to its sources",
    "check": "check that a review's file is whole",
}
"""Every command, with what it does."""


class _Command(Protocol):
    def run(self, arguments: Sequence[str]) -> int: ...


def is_command(argv: Sequence[str]) -> bool:
    """Whether the arguments are for the command line rather than the window."""
    return bool(argv) and argv[0] in (*COMMANDS, "-h", "--help")


def main(argv: Sequence[str]) -> int:
    """Run a command; returns the exit code."""
    if not argv or argv[0] not in COMMANDS:
        _overview(asked=bool(argv) and argv[0] in ("-h", "--help"))
        return 0 if argv and argv[0] in ("-h", "--help") else 2
    from core.errors import CopseError

    command: _Command = importlib.import_module(f"core.cli.{argv[0]}_command")  # pyright: ignore[reportAssignmentType]
    try:
        return command.run(argv[1:])
    except CopseError as error:
        print(error.message, file=sys.stderr)
        return 1
    except SystemExit as stop:  # argparse: help was printed, or the usage was wrong
        return stop.code if isinstance(stop.code, int) else 2
    except BrokenPipeError:
        # The reader of our output has left (`| head`); python would complain once more when it flushes at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _overview(*, asked: bool) -> None:
    lines = [
        "usage: main.py [FILE]            open the window (on a review)",
        "       main.py gallery ...      open the gallery: the window's widgets in every state (--out: as pictures)",
        "       main.py COMMAND ...      without it",
    ]
    lines += ["", *(f"  {name:8} {what}" for name, what in COMMANDS.items())]
    lines += ["", "main.py COMMAND --help says more."]
    print("\n".join(lines), file=sys.stdout if asked else sys.stderr)
