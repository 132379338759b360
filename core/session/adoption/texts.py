"""What the document of a review says of its question, for the protocol."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from core.interchange.model import ReviewFile
from core.interchange.rm5.texts import plain_of_html

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
        texts = [plain_of_html(parts[i].html) for i in ids if i in parts]
        if joined := "\n".join(text for text in texts if text):
            found[field] = joined
    return found
