"""Outcomes of a list of what RevMan stored, as an exchange file would give them to `core.interchange`.

An outcome is a dictionary of settings, rows and stored results, by the names of the attributes of an .rm5 file in lower
case (``tests/reference/revman_conform.py`` says where). ``outcome_checks`` gives every number that RevMan stored, each
with Copse's.
"""

from __future__ import annotations

from typing import Any

from core.interchange.model import DataKind, DataRow, Numbers, Outcome, SubgroupItem, Totals
from core.interchange.verify_effects import recomputed
from core.interchange.verify_numbers import Check, Place, checks

Stored = dict[str, Any]
KINDS = {"DICH": DataKind.DICHOTOMOUS, "CONT": DataKind.CONTINUOUS, "IV": DataKind.GENERIC, "IPD": DataKind.O_E}
MEASURES = {"PETO_OR": "PETO", "WMD": "MD"}
METHODS = {"IV": "IV", "MH": "MH", "PETO": "Peto", None: ""}
MODELS = {"fixed": "common", "random": "random"}
TOTALS = {"YES": Totals.ALL, "SUB": Totals.SUBTOTALS, "NO": Totals.NONE}
SAID = {"YES": True, "NO": False}


def outcome_of(stored: Stored) -> Outcome:
    """An outcome of the list in the words of `core.interchange.model`."""
    groups = [
        SubgroupItem(
            group["subgroup_id"],
            str(number),
            group["subgroup_id"],
            tuple(map(row_of, group["studies"])),
            numbers(group["pooled"]),
            SAID[group["pooled"]["estimable"]],
        )
        for number, group in enumerate(stored["subgroup_results"], start=1)
    ]
    return Outcome(
        stored["outcome_id"],
        "1",
        stored["outcome_id"],
        KINDS[stored["type"]],
        measure_of(stored),
        METHODS[stored["method"]],
        MODELS[stored["model"]],
        totals=TOTALS[stored["totals"]],
        has_subgroups=stored["subgroups"] == "YES",
        swap_events=stored.get("swap_events") == "YES",
        ci_study=stored["ci_study"] / 100,
        ci_total=stored["ci_total"] / 100,
        estimable=SAID[stored["pooled"]["estimable"]],
        stored=numbers(stored["pooled"]),
        rows=tuple(map(row_of, stored["studies"])),
        subgroups=tuple(groups),
    )


def measure_of(stored: Stored) -> str:
    """Copse's measure for an outcome."""
    if stored["type"] == "IPD":
        return "O-E"
    if stored["type"] == "IV":
        return "GENLOG" if stored["log_data"] == "YES" else "GEN"
    measure: str = stored["measure"]
    return MEASURES.get(measure, measure)


def row_of(stored: Stored) -> DataRow:
    """A row: what was entered and what was computed stand in one dictionary of the list."""
    return DataRow(stored["study_id"], numbers(stored), numbers(stored), estimable=SAID[stored["estimable"]])


def numbers(stored: Stored) -> Numbers:
    """All that is a number."""
    return {key: value for key, value in stored.items() if value is None or isinstance(value, int | float)}


def outcome_checks(stored: Stored) -> tuple[Check, ...]:
    """Every number that RevMan stored for an outcome, its subgroups and its rows, beside Copse's."""
    return checks(recomputed(outcome_of(stored)))


def place_text(stored: Stored, place: Place) -> str:
    """Where a number stands, for a list of differences."""
    said = [str(stored[key]) for key in ("file", "outcome_id") if stored.get(key)]
    if place.group is not None:
        said.append(stored["subgroup_results"][place.group]["subgroup_id"])
    if place.row is not None:
        said.append(f"row {place.row + 1}, {outcome_of(stored).all_rows[place.row].study_id}")
    return " ".join(said)
