"""A whole review as an exchange file holds it, whatever the format: what every reader makes and every writer takes.

Ids are the file's own texts ("STD-Smith-2001", "CMP-001.02"), and unique within the file; a format without ids gets
ones of the same form. Texts are plain, paragraphs apart by one line feed; ``html`` beside a text is the same with its
formatting, in the few elements of `HTML_ELEMENTS`. Numbers that a file leaves out are None. Nothing here is computed:
what the file's own program had computed is in ``stored``, as it stands in the file.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from core.model import StudyStatus

HTML_ELEMENTS: Final = (
    "p", "ul", "ol", "li", "b", "i", "u", "sup", "sub", "br", "a", "h1", "h2", "h3", "h4", "h5", "table", "tr", "th",
    "td", "img",
)  # fmt: skip
"""What ``html`` is made of. ``a`` has ``href`` (an address, or "#" and an id of the file); cells have ``colspan`` and
``rowspan``; ``img`` has ``src`` (a ``data:`` address) and ``alt``. Everything else is escaped text."""


class DataKind(enum.StrEnum):
    """The five kinds of data that an analysis of RevMan can hold."""

    DICHOTOMOUS = "dichotomous"
    CONTINUOUS = "continuous"
    GENERIC = "generic"
    """Effect and standard error (generic inverse variance, contrast level)."""
    O_E = "o_e"
    """Observed minus expected events, and their variance."""
    OTHER = "other"
    """Texts, not pooled."""


class Totals(enum.StrEnum):
    """What is pooled and shown."""

    ALL = "all"
    SUBTOTALS = "subtotals"
    NONE = "none"


class RobLevel(enum.StrEnum):
    """A judgement on risk of bias as RevMan knows it; the words of Copse's RoB 1."""

    LOW = "low"
    UNCLEAR = "unclear"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Identifier:
    """A number under which a study or reference is known elsewhere; ``kind`` such as DOI, MEDLINE, CENTRAL, ISRCTN."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Reference:
    """One publication. ``kind`` is RevMan's TYPE in small letters (journal_article, book, conference_proc ...).

    ``authors`` is one text as the file has it ("Smith A, Jones B"); ``source`` the journal or book; ``year`` any text.
    """

    id: str
    kind: str = "journal_article"
    primary: bool = False
    name: str = ""
    authors: str = ""
    title: str = ""
    original_title: str = ""
    source: str = ""
    year: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    editors: str = ""
    publisher: str = ""
    city: str = ""
    medium: str = ""
    edition: str = ""
    notes: str = ""
    abstract: str = ""
    identifiers: tuple[Identifier, ...] = ()


@dataclass(frozen=True, slots=True)
class Characteristic:
    """One field of the characteristics of a study.

    ``key``: methods, participants, interventions, outcomes, notes, user_1 to user_3, reason_for_exclusion, study_name,
    starting_date, contact_info, or for other formats the title of its column.
    """

    key: str
    label: str
    text: str
    html: str = ""


@dataclass(frozen=True, slots=True)
class StudyItem:
    """A study of the review. ``data_source`` is RevMan's word (PUB, UNPUB, MIX, SOUGHT, NOTSOUGHT) or empty."""

    id: str
    name: str
    status: StudyStatus
    year: str = ""
    data_source: str = ""
    references: tuple[Reference, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    characteristics: tuple[Characteristic, ...] = ()
    footnotes: str = ""


@dataclass(frozen=True, slots=True)
class OtherReference:
    """A reference that belongs to no study; ``category``: additional, other_versions or pending."""

    category: str
    reference: Reference


# --- risk of bias ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RobGroup:
    """A group of outcomes that are judged together under one item; ``outcome_ids`` are ids of analyses."""

    id: str
    name: str
    outcome_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RobJudgement:
    """One judgement; ``group_id`` is empty where the item is judged once per study, ``level`` None when not given.

    ``word`` is the judgement as the file says it where that is none of the three levels (RoB 2's "Some concerns").
    """

    study_id: str
    group_id: str
    level: RobLevel | None
    support: str = ""
    html: str = ""
    word: str = ""


@dataclass(frozen=True, slots=True)
class RobItem:
    """One domain; ``core`` says that it is one of those RevMan gives to every review."""

    id: str
    number: str
    name: str
    description: str = ""
    core: bool = False
    by_group: bool = False
    groups: tuple[RobGroup, ...] = ()
    judgements: tuple[RobJudgement, ...] = ()


# --- analyses --------------------------------------------------------------------------------------------------------

Numbers = Mapping[str, float | None]
"""Numbers under the names that .rm5 attributes have, in small letters; what the file leaves empty is None or absent.

Of a row's data: events_1, total_1, mean_1, sd_1, events_2, total_2, mean_2, sd_2, estimate, se, o_e, var. Of results:
effect_size, ci_start, ci_end (as shown), log_effect_size, log_ci_start, log_ci_end (log10), z, p_z, chi2, df, p_chi2,
i2, tau2, q, p_q, i2_q, studies, events_1, total_1, events_2, total_2, weight, se, o_e, var; from RevMan Web also
pi_start, pi_end, tau2_ci_start, tau2_ci_end, t, df_q.
"""


@dataclass(frozen=True, slots=True)
class DataRow:
    """One study's row in an analysis or subgroup. ``estimable`` None when the file does not say."""

    study_id: str
    data: Numbers = field(default_factory=dict[str, float | None])
    stored: Numbers = field(default_factory=dict[str, float | None])
    texts: tuple[str, ...] = ()
    estimable: bool | None = None
    order: str = ""
    footnote: str = ""


@dataclass(frozen=True, slots=True)
class SubgroupItem:
    """A subgroup with its rows. ``id`` such as CMP-001.02.03."""

    id: str
    number: str
    name: str
    rows: tuple[DataRow, ...] = ()
    stored: Numbers = field(default_factory=dict[str, float | None])
    estimable: bool | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """An analysis. Words are those of `core.pooling`: ``measure`` OR, RR, RD, PETO, MD, SMD, GEN, GENLOG, O-E (empty
    for `DataKind.OTHER`), ``method`` MH, IV, Peto, ``model`` common or random, ``tau2`` DL, REML ... where the file
    says so, ``ci`` and ``pi`` likewise.

    ``effect_label`` is the free text that names a generic effect ("Hazard Ratio"). ``scale`` is RevMan's half-range of
    the axis. ``sort_by``: study, year, weight, effect_size, user, or empty; rows and subgroups stand in the order of
    the file. ``columns`` are headings of an analysis of texts.
    """

    id: str
    number: str
    name: str
    kind: DataKind
    measure: str
    method: str = ""
    model: str = ""
    tau2: str = ""
    ci: str = ""
    pi: str = ""
    effect_label: str = ""
    group_labels: tuple[str, str] = ("", "")
    graph_labels: tuple[str, str] = ("", "")
    units: str = ""
    totals: Totals = Totals.ALL
    has_subgroups: bool = False
    subgroup_test: bool = True
    swap_events: bool = False
    ci_study: float = 0.95
    ci_total: float = 0.95
    sort_by: str = ""
    scale: float | None = None
    show_participants: bool = True
    estimable: bool | None = None
    stored: Numbers = field(default_factory=dict[str, float | None])
    rows: tuple[DataRow, ...] = ()
    subgroups: tuple[SubgroupItem, ...] = ()
    columns: tuple[str, ...] = ()
    footnotes: tuple[str, ...] = ()

    @property
    def all_rows(self) -> tuple[DataRow, ...]:
        """The rows of no subgroup, then those of the subgroups in their order."""
        return (*self.rows, *(row for group in self.subgroups for row in group.rows))


@dataclass(frozen=True, slots=True)
class ComparisonItem:
    """A comparison with its analyses."""

    id: str
    number: str
    name: str
    outcomes: tuple[Outcome, ...] = ()


# --- texts, and the whole ---------------------------------------------------------------------------------------------


class PartKind(enum.StrEnum):
    """What a part of the document is, for showing it."""

    TEXT = "text"
    SUMMARY_OF_FINDINGS = "summary_of_findings"
    TABLE = "table"
    FIGURE = "figure"
    APPENDIX = "appendix"
    REFERENCES = "references"
    FEEDBACK = "feedback"
    ABOUT = "about"
    """Cover sheet: people, dates, what is new, sources of support."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the document for reading. ``level`` 1 is a chapter, 2 a section in it ...; ``html`` may be empty."""

    kind: PartKind
    id: str
    title: str
    level: int
    html: str


@dataclass(frozen=True, slots=True)
class Person:
    """An author. ``name`` as people write it: "Anna B. Smith"."""

    id: str
    name: str
    email: str = ""
    organisation: str = ""
    is_contact: bool = False


@dataclass(frozen=True, slots=True)
class Remark:
    """Something in the file that could not be placed, or was read in a way the user should know of.

    ``what`` is a sentence (a phrase that can be said in other languages), ``where`` the element or line; ``kept`` says
    whether it is kept in the review's file and will be written again.
    """

    where: str
    what: str
    kept: bool = True


@dataclass(frozen=True, slots=True)
class ReviewFile:
    """A whole review. ``format`` is the key of its format; ``version`` that of the program that wrote it.

    ``decimals``: to how many decimals its numbers were written, None for all of them. ``original`` are the bytes of the
    file where a writer needs them to write back what Copse has no place for.
    """

    format: str
    file_name: str
    title: str
    version: str = ""
    authors: tuple[Person, ...] = ()
    studies: tuple[StudyItem, ...] = ()
    other_references: tuple[OtherReference, ...] = ()
    risk_of_bias: tuple[RobItem, ...] = ()
    comparisons: tuple[ComparisonItem, ...] = ()
    parts: tuple[Part, ...] = ()
    remarks: tuple[Remark, ...] = ()
    decimals: int | None = None
    original: bytes = b""

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """All analyses in order."""
        return tuple(outcome for comparison in self.comparisons for outcome in comparison.outcomes)
