"""One journey through the real window, as a program: `python -m tests.features.journey keys|mouse FOLDER`.

It plays the story of `tests.features.story` with a hand that only presses keys, or with one that only clicks, on
whatever platform QT_QPA_PLATFORM names, and exits with 0 when the story came to its end, no part of it failed and Qt
had nothing to complain about. The review, the exported figures and, after a failure, a picture of the window are left
in FOLDER.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path


def main(arguments: list[str]) -> int:
    """Play the journey; 0 when it came to its end."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("hand", choices=["keys", "mouse"], help="what may be used")
    parser.add_argument("folder", type=Path, help="where the files of the journey go; must be empty")
    options = parser.parse_args(arguments)
    # Imported here: the process in which a search result is read loads this module, but needs no window.
    from tests.features.stage import play

    complaints = play(options.hand, options.folder)
    print("\n".join(complaints), file=sys.stderr)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
