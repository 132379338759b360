"""Comparison of what reviewers entered, and the consensus settled from it."""

from __future__ import annotations

from collections.abc import Sequence

from core.errors import Conflict, InputError
from core.extraction.checks import check_result
from core.extraction.compare import Value, agreed
from core.extraction.forms import FieldKind, check_answer
from core.model import Id, Settlement, ValueStatus, derived_id
from core.policy import Right
from core.session.base import operation
from core.session.extraction_setup import ExtractionSetup
from core.session.study_setup import gone, live
from core.store.clock import milliseconds
from core.store.log import Transaction
from core.store.queries import comparison, extraction, overview, studies
from core.store.queries.comparison import Comparison, ComparisonRow, RowState
from core.store.queries.extraction import ConsensusView


class Settling(ExtractionSetup):
    """Compare and settle; part of `core.session.extraction.ExtractionPart`."""

    # --- reading -----------------------------------------------------------------------------------------------------

    def revealed(self) -> tuple[Id, ...]:
        """Studies whose entries one may compare, in order."""
        return extraction.revealed_studies(self._reader, self._sight)

    def to_settle(self) -> dict[Id, int]:
        """How many values wait to be settled, by study: of those that are revealed, the ones with any."""
        return overview.unsettled_values(self._reader, self._sight)

    def comparison(self, study_id: Id) -> Comparison:
        """The study's cells side by side. Before it is revealed, own and settled values only."""
        return comparison.comparison(self._reader, self._sight, study_id)

    def values(self, study_id: Id) -> tuple[ConsensusView, ...]:
        """All settled values of a study; settled figures are open to all."""
        return extraction.consensus_values(self._reader, study_id)

    def value(self, subject_id: Id, field: str) -> ConsensusView | None:
        """The settled value of a cell; None while it is open."""
        return extraction.consensus_value(self._reader, subject_id, field)

    def consensus_for(self, result_ids: Sequence[Id]) -> dict[Id, dict[str, ConsensusView]]:
        """The settled values of many results: {result: {statistic: value}}; a result without any has an empty one."""
        return extraction.consensus_of_results(self._reader, result_ids)

    # --- settling ----------------------------------------------------------------------------------------------------

    @operation("extraction.settle_equal", "Settling what is equal in {study}", Right.SETTLE)
    def settle_equal(self, tx: Transaction, study_id: Id) -> int:
        """Settle every cell in which the entries agree; how many were settled.

        What was settled otherwise before stays. A cell whose value cannot go with what is settled beside it is left to
        be settled by hand. Conflict until the study is revealed.
        """
        rows = self._revealed(tx, study_id).rows
        places = {p.id: p for p in extraction.results(tx.connection, study_id=study_id)}
        numbers = _settled_numbers(tx, list(places))
        done = 0
        for row in rows:
            value = row.entries[0].value if row.entries else None
            if value is None or not self._may_settle_alone(row, value):
                continue
            place = places.get(row.cell.subject_id)
            if place is not None and value.number is not None:
                tried = numbers[place.id] | {row.cell.field: value.number}
                if any(f.refused for f in check_result(place.statistics, tried, place.effect_measure)):
                    continue
                numbers[place.id] = tried
            self._put_consensus(tx, row, value, row.entries[0].status, row.entries[0].source, _note_of(row))
            done += 1
        return done

    @operation("extraction.settle", "Settling “{cell}” of {study}", Right.SETTLE)
    def settle(
        self,
        tx: Transaction,
        subject_id: Id,
        field: str,
        take_from: Id | None = None,
        *,
        number: float | None = None,
        text: str = "",
        not_reported: bool = False,
        status: ValueStatus = ValueStatus.PUBLISHED,
        source: str = "",
        note: str = "",
    ) -> tuple[str, ...]:
        """Settle a cell by taking a reviewer's entry, or with a value of one's own. Returns warnings.

        Conflict until the study is revealed to who settles, unless the cell came settled with an imported review;
        InputError for a value that cannot be.
        """
        row = self._row(tx, subject_id, field, may_have_come=True)
        tx.name(cell=row.cell.label)
        value = Value(None if number is None else float(number), text.strip(), not_reported)
        if take_from is not None:
            taken = next((e for e in row.entries if e.reviewer_id == take_from), None)
            if taken is None:
                raise InputError("extraction.no_entry", "This reviewer has no entry here. Nothing was settled.")
            value, status, source = taken.value, taken.status, source or taken.source
        if value.is_blank:
            raise InputError("extraction.nothing_to_settle", "Choose an entry or give a value. Nothing was settled.")
        warnings = self._check_value(tx, row, value)
        self._put_consensus(tx, row, value, status, source.strip(), note.strip())
        return warnings

    @operation("extraction.unsettle", "Opening “{cell}” of {study} again", Right.SETTLE)
    def unsettle(self, tx: Transaction, subject_id: Id, field: str) -> None:
        """Take a settled value back; the cell is open again."""
        row = self._row(tx, subject_id, field)
        tx.name(cell=row.cell.label)
        if row.consensus is None:
            raise InputError("extraction.not_settled", "This cell is not settled, so nothing was taken back.")
        tx.delete("consensus", derived_id("consensus", subject_id, field))

    # --- rules -------------------------------------------------------------------------------------------------------

    def _revealed(self, tx: Transaction, study_id: Id) -> Comparison:
        label = live(tx, "study", study_id)["label"]
        tx.name(study=label)
        found = comparison.comparison(tx.connection, self._sight, study_id)
        if not found.revealed:
            raise Conflict(
                "extraction.blinded",
                "Entries on {study} stay hidden until all who extract it have finished, so nothing can be settled yet.",
                study=label,
            )
        return found

    def _row(self, tx: Transaction, subject_id: Id, field: str, *, may_have_come: bool = False) -> ComparisonRow:
        """The cell of a revealed study; with ``may_have_come`` also one that came settled with an imported review."""
        places = extraction.results(tx.connection, ids=[subject_id])
        study_id = places[0].study_id if places else subject_id
        if may_have_come and studies.is_extracted_elsewhere(tx.connection, study_id):
            tx.name(study=live(tx, "study", study_id)["label"])
            found = comparison.comparison(tx.connection, self._sight, study_id)
        else:
            found = self._revealed(tx, study_id)
        for row in found.rows:
            if (row.cell.subject_id, row.cell.field) == (subject_id, field):
                if row.consensus is None and not found.revealed:
                    self._revealed(tx, study_id)
                return row
        raise gone("cell")

    def _may_settle_alone(self, row: ComparisonRow, value: Value) -> bool:
        if row.state is RowState.EQUAL:
            return True
        # An entry was brought in line with what had been settled: the same value now rests on agreement.
        same = row.consensus is not None and row.consensus.value.same_as(value)
        return row.state is RowState.CHANGED and same and agreed([e.value for e in row.entries], self._sight.needed)

    def _check_value(self, tx: Transaction, row: ComparisonRow, value: Value) -> tuple[str, ...]:
        cell = row.cell
        places = extraction.results(tx.connection, ids=[cell.subject_id])
        if not places:
            field = next(f for f in extraction.form_fields(tx.connection) if f.key == cell.field)
            label = live(tx, "study", cell.study_id)["label"]
            check_answer(field.kind, field.options, value, field.label, label)
            return ()
        place = places[0]
        name = f"{place.study_label}, {place.column}"
        if value.not_reported:
            return ()
        if cell.takes_text:
            check_answer(FieldKind.TEXT, (), value, cell.label, name)
            return ()
        if value.number is None:
            raise InputError(
                "extraction.number_wanted",
                "“{cell}” of {place} takes a number. Nothing was changed.",
                cell=cell.label,
                place=name,
            )
        numbers = _settled_numbers(tx, [place.id])[place.id] | {cell.field: value.number}
        found = [f for f in check_result(place.statistics, numbers, place.effect_measure) if cell.field in f.fields]
        for finding in found:
            if finding.refused:
                raise finding.error(name)
        return tuple(f.message(name) for f in found)

    def _put_consensus(
        self, tx: Transaction, row: ComparisonRow, value: Value, status: ValueStatus, source: str, note: str
    ) -> None:
        needed = self._sight.needed
        how = Settlement.ADJUDICATED
        if agreed([*(e.value for e in row.entries), value], needed + 1):
            how = Settlement.EQUAL if len(row.entries) > 1 else Settlement.SINGLE
        cell = row.cell
        tx.put(
            "consensus",
            derived_id("consensus", cell.subject_id, cell.field),
            study_id=cell.study_id,
            subject_id=cell.subject_id,
            field=cell.field,
            number=None if value.not_reported else value.number,
            text="" if value.not_reported else value.text.strip(),
            not_reported=value.not_reported,
            status=status.value,
            source=source,
            how=how.value,
            settled_by=tx.reviewer_id,
            note=note,
            basis=row.basis,
            settled_at=milliseconds(tx.stamp.hlc),
        )


def _note_of(row: ComparisonRow) -> str:
    return "" if row.consensus is None else row.consensus.note


def _settled_numbers(tx: Transaction, result_ids: Sequence[Id]) -> dict[Id, dict[str, float]]:
    settled = extraction.consensus_of_results(tx.connection, result_ids)
    return {
        result_id: {field: v.value.number for field, v in values.items() if v.value.number is not None}
        for result_id, values in settled.items()
    }
