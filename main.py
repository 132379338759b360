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
    if argv[:1] == ["gallery"]:
        from gui import gallery

        return gallery.run(argv[1:])
    from gui import settings, tongue

    tongue.choose(settings.Settings())  # before the window's modules are imported: some say their texts as they are
    from gui import app

    return app.run(path)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
