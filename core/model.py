"""The words of a systematic review as values: identities, enumerations and what a write returns.

Words follow PRISMA 2020 and the Cochrane Handbook. Rows of the review travel as frozen dataclasses defined beside the
queries that fill them; this module holds what every room shares.
"""

from __future__ import annotations

import enum
import hashlib
import os
import time
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

T = TypeVar("T")

Id: TypeAlias = bytes
"""16 bytes: a UUIDv7 for things that are made, a digest for things that follow from others."""


def new_id() -> Id:
    """A UUIDv7 (RFC 9562, section 5.7): 48 bits of Unix milliseconds, then random bits, so ids sort by creation."""
    value = bytearray((time.time_ns() // 1_000_000).to_bytes(6, "big") + os.urandom(10))
    value[6] = (value[6] & 0x0F) | 0x70
    value[8] = (value[8] & 0x3F) | 0x80
    return bytes(value)


def derived_id(*parts: bytes | str | int) -> Id:
    """The same id for the same parts on every copy, so that rows with a natural key meet when copies are merged."""
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        raw = part if isinstance(part, bytes) else str(part).encode()
        digest.update(len(raw).to_bytes(4, "big"))
        digest.update(raw)
    return digest.digest()


class Area(enum.Flag):
    """What part of the review a write has touched; pages refresh by it."""

    NONE = 0
    REVIEW = enum.auto()
    TEAM = enum.auto()
    PROTOCOL = enum.auto()
    SOURCES = enum.auto()
    RECORDS = enum.auto()
    DECISIONS = enum.auto()
    RESOLUTIONS = enum.auto()
    REPORTS = enum.auto()
    STUDIES = enum.auto()
    EXTRACTION = enum.auto()
    CONSENSUS = enum.auto()
    RISK_OF_BIAS = enum.auto()
    ANALYSES = enum.auto()
    ATTACHMENTS = enum.auto()


class Stage(enum.StrEnum):
    """A screening stage."""

    TITLE_ABSTRACT = "title_abstract"
    FULL_TEXT = "full_text"


class Verdict(enum.StrEnum):
    """One reviewer's answer on one record at one stage."""

    INCLUDE = "include"
    EXCLUDE = "exclude"
    MAYBE = "maybe"


class Standing(enum.StrEnum):
    """Where a record stands at a stage, all judgements taken together."""

    OPEN = "open"
    CONFLICT = "conflict"
    INCLUDED = "included"
    EXCLUDED = "excluded"


class Reveal(enum.StrEnum):
    """When reviewers see each other's judgements: the lead's setting."""

    AT_END = "at_end"
    AT_ONCE = "at_once"


class SourceKind(enum.StrEnum):
    """PRISMA 2020 counts databases and registers apart from other ways of finding reports."""

    DATABASE = "database"
    REGISTER = "register"
    WEBSITE = "website"
    ORGANISATION = "organisation"
    CITATION = "citation"
    PREVIOUS = "previous"
    """An earlier version of this review, such as one made with RevMan."""


class RetrievalState(enum.StrEnum):
    """What became of the search for a report's full text."""

    SOUGHT = "sought"
    RETRIEVED = "retrieved"
    NOT_RETRIEVED = "not_retrieved"


class StudyStatus(enum.StrEnum):
    """A study's place in the review."""

    INCLUDED = "included"
    EXCLUDED = "excluded"
    AWAITING = "awaiting"
    ONGOING = "ongoing"


class OutcomeKind(enum.StrEnum):
    """What an outcome's results are made of."""

    DICHOTOMOUS = "dichotomous"
    CONTINUOUS = "continuous"
    GENERIC = "generic"
    O_E = "o_e"
    """Observed minus expected events, with their variance."""
    OTHER = "other"
    """Texts, which are not pooled."""

    @property
    def adjective(self) -> str:
        """As it stands before "results" or "data" in a sentence."""
        return {"o_e": "O − E", "other": "text"}.get(self.value, self.value)


class Direction(enum.StrEnum):
    """Which way of a scale, or of a reported difference, is good for the patient."""

    LOWER = "lower"
    HIGHER = "higher"


class ArmRole(enum.StrEnum):
    """Which side of a comparison an arm stands on."""

    EXPERIMENTAL = "experimental"
    CONTROL = "control"
    OTHER = "other"


class Period(enum.StrEnum):
    """Which part of a crossover trial a result comes from; parallel trials have one period only."""

    ONLY = "only"
    FIRST = "first"
    BOTH = "both"
    PAIRED = "paired"


class ValueKind(enum.StrEnum):
    """What a continuous or dichotomous value measures."""

    POST = "post"
    CHANGE = "change"
    PERCENT_CHANGE = "percent_change"
    RESPONDER = "responder"
    DIFFERENCE = "difference"


class ValueStatus(enum.StrEnum):
    """How a value came to be known."""

    PUBLISHED = "published"
    AUTHORS = "authors"
    RAW_DATA = "raw_data"
    FIGURE = "figure"
    COMPUTED = "computed"
    IMPUTED = "imputed"
    RECONSTRUCTED = "reconstructed"
    ILLUSTRATIVE = "illustrative"


class Settlement(enum.StrEnum):
    """How a consensus value was reached."""

    EQUAL = "equal"
    ADJUDICATED = "adjudicated"
    SINGLE = "single"
    IMPORTED = "imported"
    """Settled in another program, whose file this review was made from."""


@dataclass(frozen=True, slots=True)
class Reviewer:
    """A person who judges. ``position`` (1, 2, ...) gives the shape and colour; roles may be combined."""

    id: Id
    name: str
    initials: str
    position: int
    is_lead: bool
    is_adjudicator: bool
    is_screener: bool


@dataclass(frozen=True, slots=True)
class OpResult(Generic[T]):
    """What a write gives back: its value, what it touched, and the label under which it can be undone."""

    value: T
    areas: Area
    label: str
    operation: Id | None


@dataclass(frozen=True, slots=True)
class UndoState:
    """Labels of what undo and redo would do for this reviewer, None when there is nothing, and its kind."""

    undo_label: str | None
    redo_label: str | None
    undo_kind: str = ""
    redo_kind: str = ""
