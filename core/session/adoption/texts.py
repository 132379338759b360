"""What the document of a review says of its question, for the protocol."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Final

from core.interchange.model import ReviewFile

_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "population": ("CRIT_PARTICIPANTS",),
    "intervention": ("CRIT_INTERVENTIONS",),
    "designs": ("CRIT_STUDIES",),
    "outcomes": ("CRIT_OUTCOMES", "CRIT_OUTCOMES_PRIMARY", "CRIT_OUTCOMES_SECONDARY"),
}
"""Field of the protocol -> parts of the document that say it."""


def protocol_of(file: ReviewFile) -> dict[str, str]:
    """The fields of the protocol that the document fills."""
    parts = {part.id: part for part in file.parts}
    found: dict[str, str] = {}
    for field, ids in _FIELDS.items():
        texts = [text_of(parts[i].html) for i in ids if i in parts]
        if joined := "\n".join(text for text in texts if text):
            found[field] = joined
    return found


def text_of(marked_up: str) -> str:
    """The plain text of a part of the document, a line for each paragraph, item or heading."""
    text = re.sub(r"(?is)<(?:br|/p|/li|/h[1-6]|/tr|/table|/ul|/ol)\b[^>]*>", "\n", marked_up)
    text = re.sub(r"(?is)</t[dh]\s*>", " ", text)
    lines = html.unescape(re.sub(r"(?s)<[^>]*>", "", text)).splitlines()
    return "\n".join(line for line in (re.sub(r"\s+", " ", line).strip() for line in lines) if line)
