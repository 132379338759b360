"""The numbers of a PRISMA 2020 flow diagram of a new or updated review, as plain values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Count:
    """A named number: the hits of a source, the reports excluded for a reason."""

    label: str
    n: int


@dataclass(frozen=True, slots=True)
class OtherMethods:
    """The right half of the diagram: websites, organisations, citation searching."""

    identified: tuple[Count, ...]
    sought: int
    not_retrieved: int
    assessed: int
    excluded: tuple[Count, ...] = ()


@dataclass(frozen=True, slots=True)
class PreviousReview:
    """What an earlier version of the review had included; both numbers are contained in those of the whole review."""

    studies: int
    reports: int


@dataclass(frozen=True, slots=True)
class Live:
    """How far a stage is, for the window: a note in its box and, when ``total`` is known, a bar. ``box`` is its id.

    ``in_number`` says whether the number of the box reads "done of total", or stays what it is.
    """

    box: str
    note: str = ""
    done: int = 0
    total: int | None = None
    in_number: bool = True


@dataclass(frozen=True, slots=True)
class PrismaFlow:
    """The counts from the searches to the included studies. Records are what searches find, reports what is read.

    ``included_studies`` and ``included_reports`` are those of the whole review. With ``previous`` the review is an
    update: then what came from its earlier version is in no other number.
    """

    databases: tuple[Count, ...]
    removed: tuple[Count, ...]
    screened: int
    excluded: int
    sought: int
    not_retrieved: int
    assessed: int
    reports_excluded: tuple[Count, ...]
    included_studies: int
    included_reports: int
    registers: tuple[Count, ...] = ()
    other: OtherMethods | None = None
    previous: PreviousReview | None = None
    meta_analysis_studies: int | None = None
    live: tuple[Live, ...] = ()

    @property
    def identified(self) -> int:
        """Records from databases and registers together."""
        return total(self.databases) + total(self.registers)


def total(counts: tuple[Count, ...]) -> int:
    """The sum of the numbers."""
    return sum(count.n for count in counts)


def removed_before_screening(duplicates: int, automation: int = 0, other: int = 0) -> tuple[Count, ...]:
    """The three lines that PRISMA asks for."""
    return (
        Count("Duplicate records removed", duplicates),
        Count("Records marked as ineligible by automation tools", automation),
        Count("Records removed for other reasons", other),
    )
