"""The rows of an analysis: which results stand in it, in which order and subgroup, and what was typed over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from core import pooling
from core.errors import InputError
from core.extraction.checks import check_result
from core.extraction.statistics import ARM_STATISTICS, O_E_STATISTICS
from core.language import mark
from core.model import Id, OutcomeKind, derived_id, new_id
from core.session.base import Part, operation
from core.store.clock import milliseconds
from core.store.log import Row, Transaction
from core.store.queries import synthesis
from core.store.queries.positions import next_position
from core.store.queries.synthesis import Proposal, RowPlaces
from core.synthesis.cells import COMPANIONS, analysis_cells, columns_of
from core.synthesis.model import AnalysisData
from core.synthesis.settings import effect_sizes


class AnalysisRows(Part):
    """Rows of analyses; part of `core.session.synthesis.SynthesisPart`."""

    def proposals(self, analysis_id: Id) -> tuple[Proposal, ...]:
        """The rows that the extraction offers to an analysis."""
        return synthesis.proposals(self._reader, analysis_id)

    # --- rows --------------------------------------------------------------------------------------------------------

    @operation("synthesis.add_rows", "{number} new in “{label}”")
    def add_rows(
        self, tx: Transaction, analysis_id: Id, rows: Sequence[RowPlaces], subgroup_id: Id | None = None
    ) -> tuple[Id, ...]:
        """Add rows at the end (of a subgroup); see `proposals`. InputError for results that do not fit."""
        tx.name(label=live(tx, "analysis", analysis_id)["label"], number=f"{len(rows)} row{'s' * (len(rows) != 1)}")
        return put_rows(tx, analysis_id, rows, subgroup_id)

    @operation("synthesis.fill_rows", "Filling “{label}” from the extraction")
    def fill_rows(self, tx: Transaction, analysis_id: Id) -> tuple[Id, ...]:
        """Add every row that the extraction offers and the analysis does not have yet."""
        tx.name(label=live(tx, "analysis", analysis_id)["label"])
        return put_rows(tx, analysis_id, unused_rows(synthesis.proposals(tx.connection, analysis_id)))

    @operation("synthesis.remove_row", "Removal of {study} from “{label}”")
    def remove_row(self, tx: Transaction, row_id: Id) -> None:
        """Take a row out of its analysis."""
        row = self._named_row(tx, row_id)
        tx.delete("analysis_row", row["id"])

    @operation("synthesis.move_row", "Moving {study} in “{label}”")
    def move_row(self, tx: Transaction, row_id: Id, subgroup_id: Id | None) -> None:
        """Put a row in a subgroup, or in none."""
        row = self._named_row(tx, row_id)
        _check_subgroup(tx, row["analysis_id"], subgroup_id)
        tx.put("analysis_row", row_id, subgroup_id=subgroup_id)

    @operation("synthesis.order_rows", "Order of the studies in “{label}”")
    def order_rows(self, tx: Transaction, analysis_id: Id, row_ids: Sequence[Id]) -> None:
        """Put the rows of an analysis in this order (subgroups keep theirs)."""
        tx.name(label=live(tx, "analysis", analysis_id)["label"])
        reorder(tx, "analysis_row", synthesis.ids_of(tx.connection, "analysis_row", analysis_id=analysis_id), row_ids)

    @operation("synthesis.footnote", "Footnote of {study} in “{label}”")
    def set_footnote(self, tx: Transaction, row_id: Id, text: str) -> None:
        """Write the footnote of a row; an empty text removes it."""
        self._named_row(tx, row_id)
        tx.put("analysis_row", row_id, footnote=text.strip())

    @staticmethod
    def _named_row(tx: Transaction, row_id: Id) -> Row:
        row = live(tx, "analysis_row", row_id)
        study = tx.get("study", row["study_id"])
        analysis = live(tx, "analysis", row["analysis_id"])
        tx.name(study=study["label"] if study else "", label=analysis["label"])
        return row

    # --- typing over -------------------------------------------------------------------------------------------------

    @operation("synthesis.override", "Typing over {cell} of {study} in “{label}”")
    def override(self, tx: Transaction, row_id: Id, cell: str, number: float | None, reason: str = "") -> None:
        """Type over a cell of the grid (a column of the measure, on the scale of the grid); None empties it.

        The settled value stays beside it. InputError, and nothing changed, for what no study can report.
        """
        row = self._named_row(tx, row_id)
        column = self._column(tx, row, cell)
        tx.name(cell=column.title)
        tx.put(
            "override",
            derived_id("override", row_id, cell),
            row_id=row_id,
            cell=cell,
            number=number,
            reason=reason.strip(),
            reviewer_id=tx.reviewer_id,
            entered_at=milliseconds(tx.stamp.hlc),
        )
        data = synthesis.analysis_data(tx.connection, row["analysis_id"])
        this = next(r for r in data.rows if r.id == row_id)
        numbers = {key: found.number for key, found in analysis_cells(data)[this.id].items()}
        effect_sizes(data.settings, [this.study.label], [numbers])
        _check_companions(data, this.study.label, numbers)

    @operation("synthesis.remove_override", "Return to the settled {cell} of {study} in “{label}”")
    def remove_override(self, tx: Transaction, row_id: Id, cell: str) -> None:
        """Take back what was typed over a cell; the settled value counts again."""
        row = self._named_row(tx, row_id)
        tx.name(cell=self._column(tx, row, cell).title)
        tx.delete("override", derived_id("override", row_id, cell))

    @staticmethod
    def _column(tx: Transaction, row: Row, cell: str) -> pooling.Column:
        data = synthesis.analysis_data(tx.connection, row["analysis_id"])
        if data.settings.kind is OutcomeKind.OTHER:
            raise InputError("analysis.texts", "Texts are changed where they were extracted. Nothing was changed.")
        columns = columns_of(data)
        for column in columns:
            if column.key == cell:
                return column
        raise InputError(
            "analysis.no_column",
            "{measure} has no column {cell}. Its columns are {known}. Nothing was changed.",
            measure=pooling.measure(data.settings.measure).label,
            cell=cell,
            known=", ".join(column.key for column in columns),
        )


def put_rows(
    tx: Transaction, analysis_id: Id, rows: Sequence[RowPlaces], subgroup_id: Id | None = None
) -> tuple[Id, ...]:
    """Write rows at the end of an analysis; InputError for results that do not fit."""
    _check_subgroup(tx, analysis_id, subgroup_id)
    kind = OutcomeKind(live(tx, "analysis", analysis_id)["kind"])
    position = next_position(tx.connection, "analysis_row", analysis_id=analysis_id)
    found: list[Id] = []
    for n, places in enumerate(rows):
        _check_places(tx, places, kind)
        found.append(
            tx.put(
                "analysis_row",
                new_id(),
                analysis_id=analysis_id,
                subgroup_id=subgroup_id,
                study_id=places.study_id,
                experimental_id=places.experimental_id,
                control_id=places.control_id,
                contrast_id=places.contrast_id,
                position=position + n,
            )
        )
    return tuple(found)


def live(tx: Transaction, table: str, row_id: Id) -> Row:
    """The row; InputError when it has been removed."""
    row = tx.live(table, row_id)
    if row is None:
        raise InputError(
            "analysis.part_gone",
            "This {thing} is no longer in the review. Nothing was changed.",
            thing=mark(table.replace("_", " ")),
        )
    return row


def reorder(tx: Transaction, table: str, known: Iterable[Id], wanted: Sequence[Id]) -> None:
    """Give rows their places; InputError unless they are exactly those there are."""
    if sorted(known) != sorted(wanted):
        raise InputError("analysis.order", "The list has changed in the meantime. Its order was not changed.")
    for position, row_id in enumerate(wanted, start=1):
        tx.put(table, row_id, position=position)


def unused_rows(proposals: Iterable[Proposal]) -> list[RowPlaces]:
    """What the extraction offers and the analysis does not have yet."""
    return [p.places for p in proposals if not p.used]


def _check_companions(data: AnalysisData, study: str, numbers: Mapping[str, float | None]) -> None:
    """InputError for events and participants beside an effect that cannot be."""
    fields = COMPANIONS.get(data.settings.kind, {})
    given = {field: number for key, field in fields.items() if (number := numbers.get(key)) is not None}
    for finding in check_result(O_E_STATISTICS, given):
        if finding.refused:
            raise finding.error(study)


def _check_subgroup(tx: Transaction, analysis_id: Id, subgroup_id: Id | None) -> None:
    if subgroup_id is not None and live(tx, "subgroup", subgroup_id)["analysis_id"] != analysis_id:
        raise InputError("analysis.other_subgroup", "This subgroup belongs to another analysis. Nothing was changed.")


def _check_places(tx: Transaction, places: RowPlaces, kind: OutcomeKind) -> None:
    study = live(tx, "study", places.study_id)
    arms = (places.experimental_id, places.control_id)
    whole = kind not in ARM_STATISTICS
    wanted = (places.contrast_id,) if whole else arms
    unwanted = arms if whole else (places.contrast_id,)
    fits = all(i is not None for i in wanted) and all(i is None for i in unwanted)
    for result_id in wanted:
        if result_id is not None:
            row = live(tx, "result", result_id)
            fits = fits and row["study_id"] == places.study_id
            fits = fits and (row["arm_id"] is None) == whole
    if not fits or (places.experimental_id is not None and places.experimental_id == places.control_id):
        raise InputError(
            "analysis.places",
            "A row of this analysis takes {what} of one study; what was given for {study} does not fit. "
            "Nothing was added.",
            what="one reported effect" if whole else "the results of two different arms",
            study=study["label"],
        )
