"""The columns of a data package's tables, in RevMan Web's words and order: version 2, in use since September 2024.

Version 1 has fewer, and "Study CI" and "Estimate CI" where version 2 has "CI/PI level".
"""

from __future__ import annotations

from typing import Final

ROW_DATA: Final = {
    "GIV Mean": "estimate",
    "GIV SE": "se",
    "Experimental mean": "mean_1",
    "Experimental SD": "sd_1",
    "Experimental cases": "events_1",
    "Experimental N": "total_1",
    "Control mean": "mean_2",
    "Control SD": "sd_2",
    "Control cases": "events_2",
    "Control N": "total_2",
    "O-E": "o_e",
    "Variance": "var",
}
"""Columns of a study's numbers, with the names that these have in `core.interchange.model.Numbers`."""

ROW_RESULTS: Final = {"Weight": "weight", "Mean": "effect_size", "CI start": "ci_start", "CI end": "ci_end"}

_POOLED: Final = {
    "Experimental cases": "events_1",
    "Experimental N": "total_1",
    "Control cases": "events_2",
    "Control N": "total_2",
}
_HETEROGENEITY: Final = {
    "Heterogeneity Tau²": "tau2",
    "Tau² CI start": "tau2_ci_start",
    "Tau² CI end": "tau2_ci_end",
    "Heterogeneity Chi²": "chi2",
    "Heterogeneity df": "df",
    "Heterogeneity P": "p_chi2",
    "Heterogeneity I²": "i2",
    "Effect Z": "z",
    "Effect T": "t",
    "Effect P": "p_z",
}
_INTERVAL: Final = {"Mean": "effect_size", "CI start": "ci_start", "CI end": "ci_end"}
SUBGROUP_RESULTS: Final = {**_POOLED, "Weight": "weight", **_INTERVAL, **_HETEROGENEITY}
OVERALL_RESULTS: Final = {
    **_POOLED,
    **_INTERVAL,
    "PI start": "pi_start",
    "PI end": "pi_end",
    **_HETEROGENEITY,
    "Subgroup Chi²": "q",
    "Subgroup df": "df_q",
    "Subgroup P": "p_q",
    "Subgroup I²": "i2_q",
}

ROWS: Final = (
    *("Analysis group", "Analysis number", "Analysis name", "Subgroup", "Subgroup number", "Applicability"),
    *("Study", "Study year"),
    *ROW_DATA,
    *ROW_RESULTS,
    "Footnotes",
)
SUBGROUPS: Final = ("Analysis group", "Analysis number", "Subgroup", "Subgroup number", *SUBGROUP_RESULTS, "ID")
OVERALL: Final = (
    *("Analysis group", "Analysis number", "Analysis name", "Analysis group name", "Data source"),
    *("Data source eligibility", "Data type", "Log-scale data", "Outcome", "Intervention grouping"),
    *("Experimental intervention", "Control intervention", "Subgroup by", "Filter criteria"),
    *("Experimental group label", "Control group label", "Statistical method", "Effect measure"),
    *("Unit of effect measure", "Analysis model", "Heterogeneity estimator", "Tau² CI", "Subgroup estimates"),
    *("Overall estimates", "Test for subgroup differences", "Prediction interval", "Swap event and non-event"),
    *("CI method", "CI/PI level", "Sort by", "Graph label (left)", "Graph label (right)", "Graph scale"),
    "Show risk of bias",
    *OVERALL_RESULTS,
    "ID",
)
STUDIES: Final = ("Study", "Year", "Data source")
CHARACTERISTIC: Final = "Char: "
JUDGEMENT: Final = "Domain (judgement): "
SUPPORT: Final = "Domain (support): "

NOT_PLACED: Final = (
    *("Outcome", "Intervention grouping", "Experimental intervention", "Control intervention", "Subgroup by"),
    "Filter criteria",
)
"""Columns of settings that say how an analysis was put together from the studies' data."""
OLDER: Final = ("Study CI", "Estimate CI")
OF_COLLECTIONS: Final = ("Review URL", "Review DOI")
"""Two columns that collections of many reviews' rows add."""

CHARACTERISTICS: Final = {
    "Methods": "methods",
    "Participants": "participants",
    "Interventions": "interventions",
    "Outcomes": "outcomes",
    "Notes": "notes",
    "Reason for exclusion": "reason_for_exclusion",
    "Study name": "study_name",
    "Starting date": "starting_date",
    "Contact information": "contact_info",
}
"""Fields of characteristics by their title."""

LISTS: Final = ("included", "excluded", "awaiting", "ongoing")
"""Lists of references (RIS) by how the name of their file ends; those of no study are in a folder of their own."""
