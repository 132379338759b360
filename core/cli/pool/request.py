"""What an analysis of `pool` is given, and what it gives back."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.cli.pool.table import Table
from core.pooling import EffectSizes, Note


@dataclass(frozen=True, slots=True)
class Request:
    """The options as given, the table, its effects, and the settings that `pooling.pool` was given."""

    options: argparse.Namespace
    table: Table
    effects: EffectSizes
    settings: dict[str, Any]

    def only(self, *names: str) -> dict[str, Any]:
        """These settings, for an analysis that does not take them all."""
        return {name: self.settings[name] for name in names}


@dataclass(frozen=True, slots=True)
class Shown:
    """A result as lines of text, in JSON under the analysis' key, and the notes that belong to it."""

    lines: list[str]
    json: Any
    notes: Sequence[Note] = ()


@dataclass(frozen=True, slots=True)
class Option:
    """A further option of an analysis, meaningless without it."""

    flag: str
    help: str
    metavar: str | None = None
    kind: type = str
    choices: tuple[str, ...] | None = None

    @property
    def name(self) -> str:
        return self.flag.replace("-", "_")


@dataclass(frozen=True, slots=True)
class Analysis:
    """One analysis: its option, what it says in the help, and how it is run.

    ``value`` names what the option takes ("COL"), None for a switch; ``otherwise`` is what an option without its value
    means ("" when the value is needed). ``options`` are the further options that belong to it.
    """

    flag: str
    title: str
    help: str
    run: Callable[[Request, str], Shown]
    value: str | None = None
    otherwise: str = ""
    choices: tuple[str, ...] | None = None
    options: tuple[Option, ...] = field(default=())

    @property
    def name(self) -> str:
        """The attribute of the options, and the key in JSON."""
        return self.flag.replace("-", "_")

    def add_to(self, parser: argparse._ArgumentGroup) -> None:  # pyright: ignore[reportPrivateUsage]
        """Make the parser know the option and those that belong to it."""
        if self.value is None:
            parser.add_argument(f"--{self.flag}", dest=self.name, action="store_const", const="yes", help=self.help)
        elif self.otherwise:
            parser.add_argument(
                f"--{self.flag}", dest=self.name, nargs="?", const=self.otherwise, metavar=self.value,
                choices=self.choices, help=self.help,
            )  # fmt: skip
        else:
            parser.add_argument(
                f"--{self.flag}", dest=self.name, metavar=self.value, choices=self.choices, help=self.help
            )
        for option in self.options:
            parser.add_argument(
                f"--{option.flag}", dest=option.name, metavar=option.metavar, type=option.kind,
                choices=option.choices, help=option.help,
            )  # fmt: skip
