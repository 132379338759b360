"""When a reviewer last looked at a review's overview on this computer, and how far its log went then."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from gui.settings import Settings


@dataclass(frozen=True)
class LastVisit:
    """`bookmark` is what `session.history.news` takes."""

    at: datetime
    bookmark: str

    @classmethod
    def read(cls, settings: Settings, review: Path, reviewer: bytes) -> LastVisit | None:
        """The last visit; None when there was none."""
        try:
            at, bookmark = json.loads(settings.text(_key(review, reviewer)))
            return cls(datetime.fromisoformat(at), str(bookmark))
        except (ValueError, TypeError):
            return None

    def write(self, settings: Settings, review: Path, reviewer: bytes) -> None:
        """Remember this visit."""
        settings.set_text(_key(review, reviewer), json.dumps([self.at.isoformat(timespec="seconds"), self.bookmark]))


def _key(review: Path, reviewer: bytes) -> str:
    return f"visit/{review.resolve().as_posix().replace('/', '|')}|{reviewer.hex()}"
