"""Copse: `python main.py [FILE]` opens the window, `python main.py COMMAND ...` does the same work without one."""

import gc
import sys
from pathlib import Path


def main(argv: list[str]) -> int:
    """Hand commands to the command line and all else to the window; `demo` alone shows the example review there."""
    from core import cli

    if argv == ["demo"]:
        from core.example import open_example

        path = open_example(Path(__file__).parent / "build" / "example")
    elif cli.is_command(argv):
        return cli.main(argv)
    else:
        path = argv[0] if argv else None

    gc.disable()  # what starting makes stays, so looking for garbage among it is time lost; run() takes it up again
    from gui import tongue

    return tongue.run(argv, path)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
