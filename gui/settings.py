"""What the window remembers on this computer: places, sizes, recent reviews. Never anything of a review's content."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
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


class Settings:
    """Typed access to one QSettings store; tests give the path of an ini file of their own."""

    def __init__(self, path: Path | None = None) -> None:
        self._store = (
            QSettings(str(path), QSettings.Format.IniFormat)
            if path is not None
            else QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "Copse", "Copse")
        )

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

    def place(self, review: Path) -> str:
        """The page on which `review` was left."""
        return self.text(f"place/{_key(review)}")

    def set_place(self, review: Path, page: str) -> None:
        """Remember the page on which `review` is."""
        self.set_text(f"place/{_key(review)}", page)

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
