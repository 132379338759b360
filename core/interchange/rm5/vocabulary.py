"""RevMan's words beside those of the model, in tables that are read in both directions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from core.interchange.model import DataKind, RobLevel, Totals
from core.language import mark
from core.model import StudyStatus

YES: Final = "YES"
NO: Final = "NO"

# --- studies and references ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Section:
    """The elements for studies of one status. ``fields`` are (element, key) of their characteristics, in order."""

    status: StudyStatus
    studies: str
    characteristics: str
    row: str
    fields: tuple[tuple[str, str], ...]


_USER = tuple((f"CHAR_USER_DEF_{n}", f"user_{n}") for n in (1, 2, 3))
_METHOD = (
    ("CHAR_METHODS", "methods"),
    ("CHAR_PARTICIPANTS", "participants"),
    ("CHAR_INTERVENTIONS", "interventions"),
    ("CHAR_OUTCOMES", "outcomes"),
)
_FULL = (*_METHOD, *_USER, ("CHAR_NOTES", "notes"))
SECTIONS: Final = (
    Section(StudyStatus.INCLUDED, "INCLUDED_STUDIES", "CHARACTERISTICS_OF_INCLUDED_STUDIES", "INCLUDED_CHAR", _FULL),
    Section(
        StudyStatus.EXCLUDED,
        "EXCLUDED_STUDIES",
        "CHARACTERISTICS_OF_EXCLUDED_STUDIES",
        "EXCLUDED_CHAR",
        (("CHAR_REASON_FOR_EXCLUSION", "reason_for_exclusion"),),
    ),
    Section(StudyStatus.AWAITING, "AWAITING_STUDIES", "CHARACTERISTICS_OF_AWAITING_STUDIES", "AWAITING_CHAR", _FULL),
    Section(
        StudyStatus.ONGOING,
        "ONGOING_STUDIES",
        "CHARACTERISTICS_OF_ONGOING_STUDIES",
        "ONGOING_CHAR",
        (
            ("CHAR_STUDY_NAME", "study_name"),
            *_METHOD,
            *_USER,
            ("CHAR_STARTING_DATE", "starting_date"),
            ("CHAR_CONTACT_INFO", "contact_info"),
            ("CHAR_NOTES", "notes"),
        ),
    ),
)
"""In the order of the file, both in STUDIES and in CHARACTERISTICS_OF_STUDIES."""

LABELS: Final = {
    "methods": mark("Methods"),
    "participants": mark("Participants"),
    "interventions": mark("Interventions"),
    "outcomes": mark("Outcomes"),
    "notes": mark("Notes"),
    "reason_for_exclusion": mark("Reason for exclusion"),
    "study_name": mark("Study name"),
    "starting_date": mark("Starting date"),
    "contact_info": mark("Contact information"),
}
"""How a characteristic is called; user_1 to user_3 have the names that their section gives (USER_DEF_1_NAME ...)."""

CATEGORIES: Final = {
    "ADDITIONAL_REFERENCES": "additional",
    "OTHER_VERSIONS_REFERENCES": "other_versions",
    "PENDING_REFERENCES": "pending",
}

REFERENCE_FIELDS: Final = {
    "AU": "authors",
    "TI": "title",
    "TO": "original_title",
    "SO": "source",
    "YR": "year",
    "VL": "volume",
    "NO": "issue",
    "PG": "pages",
    "ED": "editors",
    "PB": "publisher",
    "CY": "city",
    "MD": "medium",
    "EN": "edition",
}
"""Children of REFERENCE and the fields of `Reference`. TYPE is its kind in capitals; NOTES holds escaped HTML."""

# --- risk of bias ----------------------------------------------------------------------------------------------------

LEVELS: Final = {"YES": RobLevel.LOW, "UNKNOWN": RobLevel.UNCLEAR, "NO": RobLevel.HIGH}
"""RESULT answers the question of old: was it adequate?"""

# --- analyses --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of analysis: the elements are ``prefix``_OUTCOME, _SUBGROUP and _DATA.

    ``data`` are the attributes of a row that people enter, ``row_results`` and ``results`` (of subgroups and the whole)
    what RevMan computes; in the model they have the same names in small letters.
    """

    kind: DataKind
    prefix: str
    data: tuple[str, ...]
    row_results: tuple[str, ...]
    results: tuple[str, ...]


_SHOWN = ("EFFECT_SIZE", "CI_START", "CI_END", "LOG_EFFECT_SIZE", "LOG_CI_START", "LOG_CI_END", "WEIGHT")
_TESTS = ("Z", "P_Z", "CHI2", "DF", "P_CHI2", "I2", "TAU2", "Q", "P_Q", "I2_Q", "STUDIES")
_EVENTS = ("EVENTS_1", "TOTAL_1", "EVENTS_2", "TOTAL_2")
_TOTALS = ("TOTAL_1", "TOTAL_2")
KINDS: Final = (
    Kind(DataKind.DICHOTOMOUS, "DICH", _EVENTS, (*_SHOWN, "SE", "O_E", "VAR"), (*_SHOWN, *_TESTS, *_EVENTS)),
    Kind(
        DataKind.CONTINUOUS,
        "CONT",
        ("MEAN_1", "SD_1", "TOTAL_1", "MEAN_2", "SD_2", "TOTAL_2"),
        (*_SHOWN, "SE"),
        (*_SHOWN, *_TESTS, *_TOTALS),
    ),
    Kind(DataKind.GENERIC, "IV", ("ESTIMATE", "SE", *_TOTALS), _SHOWN, (*_SHOWN, *_TESTS, *_TOTALS)),
    Kind(
        DataKind.O_E,
        "IPD",
        (*_EVENTS, "O_E", "VAR"),
        (*_SHOWN, "SE"),
        (*_SHOWN, *_TESTS, *_EVENTS, "O_E", "VAR"),
    ),
    Kind(DataKind.OTHER, "OTHER", (), (), ()),
)
PREFIXES: Final = {kind.prefix: kind for kind in KINDS}
KIND_OF: Final = {kind.kind: kind for kind in KINDS}

MEASURES: Final = {
    DataKind.DICHOTOMOUS: {"OR": "OR", "RR": "RR", "RD": "RD", "PETO_OR": "PETO"},
    DataKind.CONTINUOUS: {"MD": "MD", "SMD": "SMD", "WMD": "MD"},
}
"""Attribute EFFECT_MEASURE; the first of two words for one measure is the one to write. The other kinds have no choice:
an element EFFECT_MEASURE names the effect, and LOG_DATA=YES tells GENLOG from GEN."""

METHODS: Final = {"MH": "MH", "IV": "IV", "PETO": "Peto"}
"""Attribute METHOD, of dichotomous data alone."""

MODELS: Final = {"NO": "common", "YES": "random"}
"""Attribute RANDOM."""

TOTALS: Final = {"YES": Totals.ALL, "SUB": Totals.SUBTOTALS, "NO": Totals.NONE}

SORTINGS: Final = {
    "STUDY": "study",
    "YEAR": "year",
    "WEIGHT": "weight",
    "EFFECT_SIZE": "effect_size",
    "USER": "user",
}

COLUMN: Final = "HEADING"
CELL: Final = "TEXT"
"""What Copse writes in OTHER_OUTCOME and OTHER_DATA for a column and for a cell. No file with such an analysis was at
hand: the reader takes any elements that hold text."""
