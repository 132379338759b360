"""The data files of the example review, read as they stand in ``resources/example``."""

from __future__ import annotations

import csv
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "example"
EXPORTS = FOLDER / "exports"

Entry = dict[str, Any]
"""A table of a TOML file; its keys are listed in ``resources/example/README.md`` and tested there."""


@cache
def toml(name: str) -> Entry:
    """A TOML file by its name without suffix."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of a CSV file by its name without suffix."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))
