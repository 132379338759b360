"""Builds the example review from its data and packs it as the finished file that ships.

    python -m resources.example.pack_example

Run it from the project's folder after every change of the data, of the schema or of the builder; a test compares.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from core.example import FILE_NAME, FINISHED, build_example, pack


def main() -> None:
    """Build in a temporary folder, pack, say how large the result is."""
    with tempfile.TemporaryDirectory() as folder:
        pack(build_example(Path(folder) / FILE_NAME))
    size = FINISHED.stat().st_size / 1e6
    print(f"{FINISHED.name}: {size:.1f} MB")  # noqa: T201  # a script for the command line


if __name__ == "__main__":
    main()
