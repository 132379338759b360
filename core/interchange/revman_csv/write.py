"""Writing analyses as RevMan 5 exports them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from core.interchange import inferred
from core.interchange.model import (
    DataKind,
    DataRow,
    Numbers,
    Outcome,
    ReviewFile,
    StudyItem,
)
from core.interchange.revman_csv.columns import DATA, DECIMALS, HEADINGS, KIND_WORDS, LABELS, NUMBERS
from core.interchange.tables import Exact, numbers_within, write_table


def write(file: ReviewFile) -> bytes:
    """The analyses of a review as RevMan 5 exports them (UTF-8, commas, eight decimals): what is stored with them is
    written, nothing is computed. The columns of observed minus expected events are there where an analysis has them.
    """
    with_o_e = any(outcome.kind is DataKind.O_E for outcome in file.outcomes)
    headings = [heading for heading in HEADINGS if with_o_e or DATA.get(heading) not in ("o_e", "var")]
    return write_table(headings, _written(file), DECIMALS).encode()


def _written(file: ReviewFile) -> Iterable[dict[str, str | float]]:
    studies = {study.id: study for study in file.studies}
    numbered = zip(numbers_within([one.number for one in file.comparisons]), file.comparisons, strict=True)
    for n, comparison in numbered:
        place = {"Comparison Number": n, "Outcome Number": "0", "Subgroup Number": "0"}
        yield {**place, "Name": comparison.name}
        outcomes = zip(numbers_within([one.number for one in comparison.outcomes]), comparison.outcomes, strict=True)
        for m, outcome in outcomes:
            place = {**place, "Outcome Number": m, "Subgroup Number": "0"}
            yield {**place, **_written_outcome(outcome)}
            yield from (_written_row(place, outcome, row, studies) for row in outcome.rows)
            groups = zip(numbers_within([one.number for one in outcome.subgroups]), outcome.subgroups, strict=True)
            for k, group in groups:
                place = {**place, "Subgroup Number": k}
                yield {**place, "Name": group.name, **_given(inferred.without_remains(group.stored, group.estimable))}
                yield from (_written_row(place, outcome, row, studies) for row in group.rows)


def _written_outcome(outcome: Outcome) -> dict[str, str | float]:
    measure = "PETO_OR" if outcome.measure == "PETO" else outcome.measure
    if outcome.kind in (DataKind.GENERIC, DataKind.O_E):
        measure = outcome.effect_label
    return {
        "Name": outcome.name,
        "Data Type": KIND_WORDS[outcome.kind],
        "Statistical Method": outcome.method.upper(),
        "Effect Measure": measure,
        "Analysis Model": {"common": "Fixed", "random": "Random"}.get(outcome.model, ""),
        **_given(inferred.without_remains(outcome.stored, outcome.estimable)),
        **dict(zip(LABELS, (*outcome.group_labels, *outcome.graph_labels), strict=True)),
    }


def _given(numbers: Numbers) -> dict[str, str | float]:
    """The cells of these numbers."""
    found = {heading: numbers.get(name) for heading, name in NUMBERS.items()}
    return {heading: value for heading, value in found.items() if value is not None}


def _written_row(
    place: Mapping[str, str], outcome: Outcome, row: DataRow, studies: Mapping[str, StudyItem]
) -> dict[str, str | float]:
    study = studies.get(row.study_id)
    cells: dict[str, str | float] = {**place, **_given(inferred.without_remains(row.stored, row.estimable))}
    for heading, name in DATA.items():
        # What does not apply to a kind of data is 0 in RevMan's export.
        value = row.data.get(name, 0.0 if name not in ("o_e", "var") else None)
        if value is not None:
            cells[heading] = Exact(value)
    if outcome.kind is DataKind.GENERIC:
        effect, se = inferred.shown_effect(outcome.measure, row), row.data.get("se")
        cells |= {} if effect is None else {"Effect Estimate": Exact(effect)}
        cells |= {} if se is None else {"SE": Exact(se)}
    return {
        **cells,
        "Name": study.name if study else row.study_id,
        "Year of study": study.year if study else "",
        "User defined order": row.order,
    }
