"""The words that RevMan's programs have for settings of an analysis, and Copse's; ids in the form of RevMan's.

Words are compared by their key (small letters and digits), so that "Peto Odds Ratio" and "PETO_ODDS_RATIO" are one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from core.interchange.model import DataKind
from core.interchange.tables import key_of

MEASURES: Final[Mapping[str, str]] = {
    "or": "OR",
    "oddsratio": "OR",
    "rr": "RR",
    "riskratio": "RR",
    "relativerisk": "RR",
    "rd": "RD",
    "riskdifference": "RD",
    "peto": "PETO",
    "petoor": "PETO",
    "petooddsratio": "PETO",
    "md": "MD",
    "wmd": "MD",
    "meandifference": "MD",
    "weightedmeandifference": "MD",
    "smd": "SMD",
    "stdmeandifference": "SMD",
    "standardmeandifference": "SMD",
    "standardizedmeandifference": "SMD",
    "standardisedmeandifference": "SMD",
}
"""Measures of counts and means by the key of their name."""

RATIOS: Final = frozenset({"OR", "RR", "PETO", "GENLOG", "O-E"})
"""Measures that are shown as ratios and pooled as logarithms."""

METHODS: Final[Mapping[str, str]] = {
    "mh": "MH",
    "mantelhaenszel": "MH",
    "iv": "IV",
    "inversevariance": "IV",
    "inverse": "IV",
    "peto": "Peto",
    "expoevar": "Peto",
}
ESTIMATORS: Final[Mapping[str, str]] = {
    "dl": "DL",
    "dersimonianlaird": "DL",
    "dersimonianandlaird": "DL",
    "reml": "REML",
    "restrictedmaximumlikelihood": "REML",
}
INTERVALS: Final[Mapping[str, str]] = {
    "wald": "wald",
    "waldtype": "wald",
    "hksj": "hksj",
    "hartungknapp": "hksj",
    "hartungknappsidikjonkman": "hksj",
}
ORDERS: Final[Mapping[str, str]] = {
    "study": "study",
    "studyid": "study",
    "studyname": "study",
    "name": "study",
    "year": "year",
    "studyyear": "year",
    "weight": "weight",
    "effectsize": "effect_size",
    "effect": "effect_size",
    "user": "user",
    "userdefined": "user",
    "userdefinedorder": "user",
    "custom": "user",
}
DATA_OF: Final[Mapping[DataKind, tuple[str, ...]]] = {
    DataKind.DICHOTOMOUS: ("events_1", "total_1", "events_2", "total_2"),
    DataKind.CONTINUOUS: ("mean_1", "sd_1", "total_1", "mean_2", "sd_2", "total_2"),
    DataKind.GENERIC: ("estimate", "se", "total_1", "total_2"),
    DataKind.O_E: ("events_1", "total_1", "events_2", "total_2", "o_e", "var"),
    DataKind.OTHER: (),
}
"""The numbers that a row of each kind of data consists of."""


def model_of(word: str) -> str:
    """common or random; empty for a word that is neither."""
    key = key_of(word)
    return "random" if key.startswith("random") else "common" if key.startswith(("fixed", "common")) else ""


def kind_of(word: str) -> DataKind | None:
    """The kind of data by RevMan 5's short word (DIC, CON, IV ...) or RevMan Web's; None for another word."""
    key = key_of(word)
    if key.startswith("dic"):
        return DataKind.DICHOTOMOUS
    if key.startswith("con") and not key.startswith("contrast"):
        return DataKind.CONTINUOUS
    if key in ("iv", "giv", "gen") or key.startswith(("contrast", "generic")):
        return DataKind.GENERIC
    if key.startswith(("oe", "ipd", "observed")):
        return DataKind.O_E
    return DataKind.OTHER if key.startswith("oth") else None


def study_id(name: str) -> str:
    """The id RevMan 5 gives to a study of this name: a blank is "-", what is no letter or digit of ASCII
    "_x00HH_"."""
    signs = (
        "-" if sign == " " else sign if sign.isascii() and sign.isalnum() else f"_x{ord(sign):04x}_" for sign in name
    )
    return "STD-" + "".join(signs)


def comparison_id(number: str) -> str:
    """CMP-001 for "1"."""
    return f"CMP-{_padded(number, 3)}"


def outcome_id(comparison: str, number: str) -> str:
    """CMP-001.02 for analysis "2" of comparison "1"."""
    return f"{comparison_id(comparison)}.{_padded(number, 2)}"


def subgroup_id(outcome: str, number: str) -> str:
    """CMP-001.02.03 for subgroup "3" of the outcome with that id."""
    return f"{outcome}.{_padded(number, 2)}"


def _padded(number: str, digits: int) -> str:
    return number.zfill(digits) if number.isdigit() else number
