"""What the window remembers on this computer: places, sizes, recent reviews. Never anything of a review's content."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from PySide6.QtCore import QByteArray, QSettings

SingleKeys = Literal["on", "alt", "off"]
Colors = Literal["system", "light", "dark"]
TEXT_SIZES = (100, 110, 125, 150, 175, 200)
"""Sizes of text to choose from, in per cent of the system's."""
_RECENT_LIMIT = 12


@dataclass(frozen=True)
class Recent:
    """A review opened before: enough to list it without opening its file."""

    path: str
    title: str
    reviewers: tuple[str, ...]
    opened: str
    stage: str = ""
    share: float = 0.0

    @property
    def opened_at(self) -> datetime:
        """When it was last open, local time."""
        return datetime.fromisoformat(self.opened)


@dataclass(frozen=True)
class Place:
    """A page, and what its `show_place` gets to lead to the same tab and thing again: names and ids, no content."""

    page: str
    where: Mapping[str, str | bytes] = field(default_factory=dict[str, str | bytes])


class Settings:
    """Typed access to one QSettings store; tests give the path of an ini file of their own."""

    def __init__(self, path: Path | None = None) -> None:
        self._store = (
            QSettings(str(path), QSettings.Format.IniFormat)
            if path is not None
            else QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "Copse", "Copse")
        )

    @property
    def folder(self) -> Path:
        """Where the settings are kept."""
        return Path(self._store.fileName()).parent

    # recent reviews

    def recent(self) -> list[Recent]:
        """Reviews opened before, the latest first."""
        try:
            rows: list[dict[str, Any]] = json.loads(str(self._store.value("recent", "[]")))
            return [_recent(row) for row in rows]
        except (ValueError, TypeError, KeyError):
            return []  # written by another version: an empty list is the honest answer

    def add_recent(self, review: Recent) -> None:
        """Put `review` first."""
        others = [each for each in self.recent() if each.path != review.path]
        self._write_recent([review, *others][:_RECENT_LIMIT])

    def forget_recent(self, path: str) -> None:
        """Take a review off the list; its file is not touched."""
        self._write_recent([each for each in self.recent() if each.path != path])

    def _write_recent(self, reviews: list[Recent]) -> None:
        self._store.setValue("recent", json.dumps([asdict(each) for each in reviews]))

    # window

    def bytes(self, key: str) -> QByteArray | None:
        """A saved geometry or splitter state."""
        value = self._store.value(key)
        return value if isinstance(value, QByteArray) else None

    def set_bytes(self, key: str, value: QByteArray) -> None:
        """Save a geometry or splitter state."""
        self._store.setValue(key, value)

    def text(self, key: str, default: str = "") -> str:
        """A saved word."""
        return str(self._store.value(key, default))

    def set_text(self, key: str, value: str) -> None:
        """Save a word."""
        self._store.setValue(key, value)

    def place(self, review: Path) -> Place:
        """Where in `review` its reviewer was last."""
        said = self.text(f"place/{_key(review)}")
        try:
            page, words, ids = json.loads(said)
            where: dict[str, str | bytes] = {name: str(word) for name, word in words.items()}
            return Place(str(page), where | {name: bytes.fromhex(each) for name, each in ids.items()})
        except (ValueError, TypeError, AttributeError):
            return Place(said if said.isidentifier() else "")  # an earlier version kept the page alone

    def set_place(self, review: Path, place: Place) -> None:
        """Remember where in `review` its reviewer is."""
        words = {name: word for name, word in place.where.items() if isinstance(word, str)}
        ids = {name: each.hex() for name, each in place.where.items() if isinstance(each, bytes)}
        self.set_text(f"place/{_key(review)}", json.dumps([place.page, words, ids]))

    def reviewer(self, review: Path) -> str:
        """Who (id in hex) worked on `review` here last."""
        return self.text(f"reviewer/{_key(review)}")

    def set_reviewer(self, review: Path, reviewer: str) -> None:
        """Remember who works on `review` here."""
        self.set_text(f"reviewer/{_key(review)}", reviewer)

    @property
    def single_keys(self) -> SingleKeys:
        """Whether single letters act on the page: on, only with Alt, or off."""
        value = self.text("keyboard/single_keys", "on")
        return value if value in ("alt", "off") else "on"

    @single_keys.setter
    def single_keys(self, value: SingleKeys) -> None:
        self.set_text("keyboard/single_keys", value)

    @property
    def colors(self) -> Colors:
        """Light, dark, or as the system has it."""
        value = self.text("look/colors", "system")
        return value if value in ("light", "dark") else "system"

    @colors.setter
    def colors(self, value: Colors) -> None:
        self.set_text("look/colors", value)

    @property
    def language(self) -> str:
        """The code of the language chosen, "" for the system's."""
        return self.text("look/language")

    @language.setter
    def language(self, value: str) -> None:
        self.set_text("look/language", value)

    @property
    def text_size(self) -> int:
        """The size of text in per cent of the system's: one of TEXT_SIZES."""
        value = self.text("look/text_size", "100")
        return int(value) if value in map(str, TEXT_SIZES) else 100

    @text_size.setter
    def text_size(self, value: int) -> None:
        self.set_text("look/text_size", str(value))

    def palette_used(self) -> list[str]:
        """The ids of what was lately chosen in the palette, the latest first."""
        said = self.text("palette/used")
        return said.split("\n") if said else []

    def add_palette_used(self, entry: str) -> None:
        """Put the entry with this id first."""
        others = [each for each in self.palette_used() if each != entry]
        self.set_text("palette/used", "\n".join([entry, *others][:_RECENT_LIMIT]))

    @property
    def hints(self) -> bool:
        """Whether pages show a hint at the first visits."""
        return self.text("hints/on", "yes") != "no"

    @hints.setter
    def hints(self, value: bool) -> None:
        self.set_text("hints/on", "yes" if value else "no")

    def hint_visits(self, page: str) -> int:
        """At how many visits of a page its hint was shown."""
        value = self.text(f"hints/visits/{page}", "0")
        return int(value) if value.isdecimal() else 0

    def set_hint_visits(self, page: str, number: int) -> None:
        """Remember at how many visits of a page its hint was shown."""
        self.set_text(f"hints/visits/{page}", str(number))

    def show_hints_again(self) -> None:
        """As if no page had been visited."""
        self._store.remove("hints")

    def geometry(self, review: Path | None) -> QByteArray | None:
        """Where and how large the window of `review` was; None stands for a window without one."""
        return self.bytes(f"geometry/{_key(review)}" if review is not None else "geometry")

    def set_geometry(self, review: Path | None, value: QByteArray) -> None:
        """Remember where and how large the window of `review` is."""
        self.set_bytes(f"geometry/{_key(review)}" if review is not None else "geometry", value)

    def sync(self) -> None:
        """Write to disk now."""
        self._store.sync()


def _recent(row: dict[str, Any]) -> Recent:
    names = tuple(str(name) for name in row["reviewers"])
    review = Recent(row["path"], row["title"], names, row["opened"], row["stage"], float(row["share"]))
    datetime.fromisoformat(review.opened)  # ValueError here rather than when it is painted
    return review


def _key(review: Path) -> str:
    return review.resolve().as_posix().replace("/", "|")
