"""The columns of RevMan 5's export of analysis data, in its words and order."""

from __future__ import annotations

from typing import Final

from core.interchange.model import DataKind

DECIMALS: Final = 8
DATA: Final = {
    "Events 1": "events_1",
    "Mean 1": "mean_1",
    "SD 1": "sd_1",
    "Total 1": "total_1",
    "Events 2": "events_2",
    "Mean 2": "mean_2",
    "SD 2": "sd_2",
    "Total 2": "total_2",
    "O-E": "o_e",
    "Variance": "var",
}
RESULTS: Final = {
    "Effect Estimate": "effect_size",
    "SE": "se",
    "CI Start": "ci_start",
    "CI End": "ci_end",
    "Weight": "weight",
    "Q": "chi2",
    "P(Q)": "p_chi2",
    "I²(Q)": "i2",
    "Tau²": "tau2",
    "Z": "z",
    "P(Z)": "p_z",
    "Qint": "q",
    "P(Qint)": "p_q",
    "I²(Qint)": "i2_q",
    "df": "df",
}
SETTINGS: Final = ("Data Type", "Statistical Method", "Effect Measure", "Analysis Model")
LABELS: Final = ("Group Label 1", "Group Label 2", "Left Graph Label", "Right Graph Label")
OF_ROWS: Final = ("Year of study", "User defined order")
HEADINGS: Final = (
    *("Comparison Number", "Outcome Number", "Subgroup Number", "Name"),
    *SETTINGS,
    *DATA,
    *RESULTS,
    *LABELS,
    *OF_ROWS,
)
"""All columns, as RevMan 5 names and orders them."""

NUMBERS: Final = {**DATA, **RESULTS}
KIND_WORDS: Final = {
    DataKind.DICHOTOMOUS: "DIC",
    DataKind.CONTINUOUS: "CON",
    DataKind.GENERIC: "IV",
    DataKind.O_E: "O_E",
    DataKind.OTHER: "OTH",
}
