"""Writing a review as RevMan Web's data package, in the form of version 2.

Texts are made harmless for spreadsheets as `core.interchange.tables` says. What a package has no place for (the texts
of analyses without numbers, figures, chapters) is not in it.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from core.interchange.inferred import shown_effect, without_remains
from core.interchange.model import (
    ComparisonItem,
    DataKind,
    DataRow,
    Numbers,
    Outcome,
    ReviewFile,
    RobItem,
    RobJudgement,
    StudyItem,
    Totals,
)
from core.interchange.revman_web import headings
from core.interchange.revman_web.analyses import DECIMALS
from core.interchange.revman_web.markup import as_cell
from core.interchange.revman_web.ris import ris_of
from core.interchange.revman_web.studies import LEVEL_WORDS
from core.interchange.tables import Exact, numbers_within, write_table
from core.interchange.words import DATA_OF

Cells = dict[str, str | float]

_BOM: Final = "\ufeff"
_LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)
_NONE: Final = "#N/A"
_TYPES: Final = {
    DataKind.DICHOTOMOUS: "Dichotomous",
    DataKind.CONTINUOUS: "Continuous",
    DataKind.GENERIC: "Contrast level",
    DataKind.O_E: "O-E and variance",
    DataKind.OTHER: "Other",
}
_MEASURES: Final = {
    "OR": "Odds Ratio",
    "RR": "Risk Ratio",
    "RD": "Risk Difference",
    "PETO": "Peto Odds Ratio",
    "MD": "Mean Difference",
    "SMD": "Standardized Mean Difference",
}
_MODELS: Final = {"common": "Fixed effect", "random": "Random effect"}
_INTERVALS: Final = {"wald": "Wald", "hksj": "HKSJ"}
_ORDERS: Final = {
    "study": "Study",
    "year": "Year",
    "weight": "Weight",
    "effect_size": "Effect size",
    "user": "User defined",
}
_CHARACTERISTICS: Final = ("Methods", "Participants", "Interventions", "Outcomes", "Notes")
_OTHERS: Final = {"additional": "additional", "other_versions": "other-versions", "pending": "pending"}


def write_package(file: ReviewFile, review_id: str) -> bytes:
    """The review as a zip with the folders and files of a data package, named by ``review_id`` (of which letters,
    digits and hyphens are used). What is stored with the analyses is written; nothing is computed."""
    name = re.sub(r"[^A-Za-z0-9-]+", "-", review_id).strip("-") or "review"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for folder, ending, text in _files(file):
            info = zipfile.ZipInfo(f"{name}-{folder}/{name}-{ending}", _LONG_AGO)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, (_BOM + text).encode())
    return out.getvalue()


def _files(file: ReviewFile) -> Iterator[tuple[str, str, str]]:
    """Folder, end of the name, and text of every file."""
    per_result = _per_result(file)
    per_study = [item for item in file.risk_of_bias if item not in per_result]
    judged = [f"{item.name} ({word})" for item in per_result for word in ("judgement", "support")]
    tables: tuple[tuple[str, str, Sequence[str], Iterator[Cells]], ...] = (
        ("analysis-data", "overall-estimates-and-settings", headings.OVERALL, _overall(file)),
        ("analysis-data", "subgroup-estimates", headings.SUBGROUPS, _subgroups(file)),
        ("analysis-data", "data-rows", (*headings.ROWS, *judged), _rows(file, per_result)),
        ("study-data", "study-information", (*headings.STUDIES, *_titles(file)), _information(file)),
        ("study-data", "risk-of-bias", ("Study", *_domains(per_study)), _risk_of_bias(file, per_study)),
    )
    for folder, ending, columns, lines in tables:
        if len(columns) == 1:  # no domain of risk of bias
            continue
        yield (
            folder,
            f"{ending}.csv",
            write_table(columns, lines, DECIMALS),
        )
    for ending in headings.LISTS:
        studies = [study for study in file.studies if study.status.value == ending]
        if studies:
            yield "study-data", f"{ending}.ris", "".join(ris_of(study.name, study.references) for study in studies)
    for category, ending in _OTHERS.items():
        found = [other.reference for other in file.other_references if other.category == category]
        if found:
            yield "other-references", f"{ending}.ris", "".join(ris_of(one.name, [one]) for one in found)


# --- analysis data ----------------------------------------------------------------------------------------------------


def _analyses(file: ReviewFile) -> Iterator[tuple[Cells, ComparisonItem, Outcome]]:
    numbered = zip(numbers_within([one.number for one in file.comparisons]), file.comparisons, strict=True)
    for n, comparison in numbered:
        outcomes = zip(numbers_within([one.number for one in comparison.outcomes]), comparison.outcomes, strict=True)
        for m, outcome in outcomes:
            yield {"Analysis group": n, "Analysis number": m}, comparison, outcome


def _overall(file: ReviewFile) -> Iterator[Cells]:
    for place, comparison, outcome in _analyses(file):
        results = _given(without_remains(outcome.stored, outcome.estimable), headings.OVERALL_RESULTS)
        yield {**place, **_identity(comparison, outcome), **_settings(outcome), **_shown(outcome), **results}


def _identity(comparison: ComparisonItem, outcome: Outcome) -> Cells:
    return {
        "Analysis name": outcome.name,
        "Analysis group name": comparison.name,
        "Data source": "Custom input",
        "Data source eligibility": _NONE,
        "ID": f"analysis:{outcome.id}",
    }


def _settings(outcome: Outcome) -> Cells:
    generic = outcome.kind in (DataKind.GENERIC, DataKind.O_E)
    ratio = outcome.measure in ("OR", "RR", "PETO", "GENLOG", "O-E")
    random = outcome.model == "random"
    return {
        "Data type": _TYPES[outcome.kind],
        "Log-scale data": _bool(ratio),
        "Statistical method": "Peto" if outcome.measure == "PETO" else outcome.method,
        "Effect measure": outcome.effect_label if generic else _MEASURES.get(outcome.measure, ""),
        "Unit of effect measure": outcome.units,
        "Analysis model": _MODELS.get(outcome.model, ""),
        "Heterogeneity estimator": (outcome.tau2 or "DL") if random else _NONE,
        "Tau² CI": _bool(outcome.stored.get("tau2_ci_end") is not None),
        "Test for subgroup differences": _bool(outcome.subgroup_test),
        "Prediction interval": _bool(bool(outcome.pi)),
        "CI method": _INTERVALS.get(outcome.ci or "wald", outcome.ci),
        "CI/PI level": f"{outcome.ci_total * 100:.12g}%",
    }


def _shown(outcome: Outcome) -> Cells:
    cells: Cells = {
        "Experimental group label": outcome.group_labels[0],
        "Control group label": outcome.group_labels[1],
        "Subgroup estimates": _bool(outcome.totals is not Totals.NONE),
        "Overall estimates": _bool(outcome.totals is Totals.ALL),
        "Swap event and non-event": _bool(outcome.swap_events),
        "Sort by": _ORDERS.get(outcome.sort_by, ""),
        "Graph label (left)": outcome.graph_labels[0],
        "Graph label (right)": outcome.graph_labels[1],
        "Show risk of bias": "false",
    }
    return cells if outcome.scale is None else {**cells, "Graph scale": Exact(outcome.scale)}


def _bool(value: bool) -> str:
    return "true" if value else "false"


def _given(numbers: Numbers, columns: Mapping[str, str]) -> Cells:
    found = {heading: numbers.get(name) for heading, name in columns.items()}
    return {heading: value for heading, value in found.items() if value is not None}


def _subgroups(file: ReviewFile) -> Iterator[Cells]:
    for place, _, outcome in _analyses(file):
        for n, group in enumerate(outcome.subgroups, start=1):
            cells: Cells = {"Subgroup": group.name, "Subgroup number": str(n), "ID": f"subgroup:{group.id}"}
            yield {
                **place,
                **cells,
                **_given(without_remains(group.stored, group.estimable), headings.SUBGROUP_RESULTS),
            }


def _rows(file: ReviewFile, items: Sequence[RobItem]) -> Iterator[Cells]:
    studies = {study.id: study for study in file.studies}
    for place, _, outcome in _analyses(file):
        judged = _judged(items, outcome)
        groups = [("", "", outcome.rows)]
        groups += [(group.name, str(n), group.rows) for n, group in enumerate(outcome.subgroups, start=1)]
        for name, number, rows in groups:
            for row in rows:
                cells: Cells = {"Analysis name": outcome.name, "Subgroup": name, "Subgroup number": number}
                found = {
                    heading: text
                    for key in ("", f"{outcome.name}: {name}")
                    for heading, text in judged.get((row.study_id, key), {}).items()
                }
                yield {**place, **cells, **_row(outcome, row, studies.get(row.study_id)), **found}


def _row(outcome: Outcome, row: DataRow, study: StudyItem | None) -> Cells:
    stored = dict(without_remains(row.stored, row.estimable))
    if outcome.kind is DataKind.GENERIC and stored.get("effect_size") is None:
        stored["effect_size"] = shown_effect(outcome.measure, row)
    data = _given({name: row.data.get(name) for name in DATA_OF[outcome.kind]}, headings.ROW_DATA)
    return {
        "Applicability": "SUBGROUP_AND_OVERALL",
        "Study": study.name if study else row.study_id,
        "Study year": study.year if study else "",
        **{heading: Exact(value) for heading, value in data.items()},
        **_given(stored, headings.ROW_RESULTS),
        "Footnotes": row.footnote,
    }


# --- studies and risk of bias -----------------------------------------------------------------------------------------


def _titles(file: ReviewFile) -> list[str]:
    found = (one.label or one.key for study in file.studies for one in study.characteristics)
    return [headings.CHARACTERISTIC + title for title in dict.fromkeys((*_CHARACTERISTICS, *found))]


def _information(file: ReviewFile) -> Iterator[Cells]:
    for study in file.studies:
        cells: Cells = {"Study": study.name, "Year": study.year, "Data source": study.data_source}
        for one in study.characteristics:
            cells[headings.CHARACTERISTIC + (one.label or one.key)] = as_cell(one.text, one.html)
        yield cells


def _per_result(file: ReviewFile) -> list[RobItem]:
    """The items judged for single results (RoB 2): their judgements stand beside the rows of analyses."""
    places = {(row.study_id, outcome.id) for outcome in file.outcomes for row in outcome.all_rows}
    found: list[RobItem] = []
    for item in file.risk_of_bias:
        outcome_of = {group.id: group.outcome_ids[0] for group in item.groups if len(group.outcome_ids) == 1}
        judged = {(judgement.study_id, outcome_of.get(judgement.group_id, "")) for judgement in item.judgements}
        if item.by_group and len(outcome_of) == len(item.groups) > 0 and judged <= places:
            found.append(item)
    return found


def _columns_of(item: RobItem) -> Iterator[tuple[str, str]]:
    """Id of the group and name of the domain's column, for an item in the table of studies."""
    if not item.by_group or not item.groups:
        yield "", item.name
    for group in item.groups:
        yield group.id, f"{item.name}: {group.name}"


def _domains(items: Sequence[RobItem]) -> list[str]:
    names = [name for item in items for _, name in _columns_of(item)]
    return [kind + name for name in names for kind in (headings.JUDGEMENT, headings.SUPPORT)]


def _risk_of_bias(file: ReviewFile, items: Sequence[RobItem]) -> Iterator[Cells]:
    lines: dict[str, Cells] = {}
    for item in items:
        columns = dict(_columns_of(item))
        for judgement in item.judgements:
            if name := columns.get(judgement.group_id):
                cells = lines.setdefault(judgement.study_id, {})
                cells[headings.JUDGEMENT + name] = _word(judgement)
                cells[headings.SUPPORT + name] = as_cell(judgement.support, judgement.html)
    for study in file.studies:
        if study.id in lines:
            yield {"Study": study.name, **lines[study.id]}


def _word(judgement: RobJudgement) -> str:
    return judgement.word or (LEVEL_WORDS[judgement.level] if judgement.level else "")


def _judged(items: Sequence[RobItem], outcome: Outcome) -> dict[tuple[str, str], dict[str, str]]:
    """The cells of judgements on an outcome, by study, and the name of the group where that is of one subgroup."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    subgroups = {f"{outcome.name}: {group.name}" for group in outcome.subgroups}
    for item in items:
        groups = {group.id: group.name for group in item.groups if group.outcome_ids == (outcome.id,)}
        for judgement in item.judgements:
            if judgement.group_id in groups:
                name = groups[judgement.group_id]
                cells = found.setdefault((judgement.study_id, name if name in subgroups else ""), {})
                cells[f"{item.name} (judgement)"] = _word(judgement)
                cells[f"{item.name} (support)"] = as_cell(judgement.support, judgement.html)
    return found
