"""Extraction by two reviewers: enter, finish, compare, settle."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.errors import Conflict, InputError
from core.extraction.checks import Finding, check_result
from core.extraction.compare import Value
from core.extraction.forms import FieldKind, check_answer
from core.model import Id, ValueStatus, derived_id
from core.policy import Right
from core.session.base import operation
from core.session.settling import Settling
from core.session.study_setup import gone, live
from core.store.clock import milliseconds
from core.store.log import Transaction
from core.store.queries import extraction
from core.store.queries.extraction import Cell, EntryView, ResultView


@dataclass(frozen=True, slots=True)
class NewEntry:
    """A value to enter in a cell; ``subject_id`` is a result, or a study for a field of the form."""

    subject_id: Id
    field: str
    number: float | None = None
    text: str = ""
    not_reported: bool = False
    status: ValueStatus = ValueStatus.PUBLISHED
    source: str = ""
    note: str = ""

    @property
    def value(self) -> Value:
        """What the cell is to hold."""
        return Value(None if self.number is None else float(self.number), self.text.strip(), self.not_reported)


@dataclass(frozen=True, slots=True)
class Caution:
    """Something unlikely about one's own numbers in a result."""

    subject_id: Id
    fields: tuple[str, ...]
    text: str


class ExtractionPart(Settling):
    """Results, entries, comparison and consensus."""

    # --- reading -----------------------------------------------------------------------------------------------------

    def cells(self, study_id: Id) -> tuple[Cell, ...]:
        """All that is to be filled in for a study: the form first, then the results."""
        return extraction.cells(self._reader, study_id)

    def entries(self, study_id: Id) -> tuple[EntryView, ...]:
        """The entries on a study that one may see, own first."""
        return extraction.entries(self._reader, self._sight, study_id)

    def my_entries(self, study_id: Id) -> dict[tuple[Id, str], EntryView]:
        """One's own entries on a study: {(result or study, field): entry}."""
        own = extraction.entries(self._reader, self._sight, study_id, own=True)
        return {(e.subject_id, e.field): e for e in own}

    def entries_of_cell(self, subject_id: Id, field: str) -> tuple[EntryView, ...]:
        """The entries in one cell that one may see, own first."""
        return extraction.entries_of_cell(self._reader, self._sight, subject_id, field)

    def cautions(self, study_id: Id) -> tuple[Caution, ...]:
        """What is unlikely about one's own numbers in a study: the warnings that entering them gave."""
        places = extraction.results(self._reader, study_id=study_id)
        numbers = extraction.own_numbers(self._reader, self._sight, [p.id for p in places])
        return tuple(
            Caution(place.id, finding.fields, finding.message(place_name(place)))
            for place in places
            for finding in check_result(place.statistics, numbers[place.id], place.effect_measure)
        )

    def is_finished(self, study_id: Id) -> bool:
        """Whether one has marked one's own extraction of the study finished."""
        return extraction.has_finished(self._reader, self._sight, study_id)

    # --- entering ----------------------------------------------------------------------------------------------------

    @operation("extraction.enter", "Entry “{cell}” of {study}", Right.JUDGE)
    def enter(
        self,
        tx: Transaction,
        subject_id: Id,
        field: str,
        number: float | None = None,
        text: str = "",
        *,
        not_reported: bool = False,
        status: ValueStatus = ValueStatus.PUBLISHED,
        source: str = "",
        note: str = "",
    ) -> tuple[str, ...]:
        """Enter one's value in a cell: a number, a text, or that it is not reported. Returns warnings.

        InputError for what cannot be (more events than participants, an interval that runs backwards), Conflict when
        one has marked the study finished; nothing is changed then.
        """
        new = NewEntry(subject_id, field, number, text, not_reported, status, source, note)
        if new.value.is_blank:
            raise InputError("extraction.blank", "There is nothing to enter. To empty the cell, clear it.")
        return self._enter(tx, [new])

    @operation("extraction.enter_many", "{number} entries of {study}", Right.JUDGE)
    def enter_many(self, tx: Transaction, new: Iterable[NewEntry]) -> tuple[str, ...]:
        """Enter many values in one step, such as a pasted grid; a blank one clears its cell. Returns warnings.

        All are checked together; when one cannot be, none is entered.
        """
        todo = list(new)
        tx.name(number=f"{len(todo):,}", study="no study")
        return self._enter(tx, todo)

    @operation("extraction.clear", "Clearing “{cell}” of {study}", Right.JUDGE)
    def clear(self, tx: Transaction, subject_id: Id, field: str) -> None:
        """Take one's value out of a cell."""
        self._enter(tx, [NewEntry(subject_id, field)])

    @operation("extraction.finish", "Extraction of {study} finished", Right.JUDGE)
    def finish(self, tx: Transaction, study_id: Id) -> tuple[str, ...]:
        """Mark one's own extraction of a study finished; when all needed have, it is revealed. Returns warnings.

        InputError while a required field of the form is empty.
        """
        label = live(tx, "study", study_id)["label"]
        tx.name(study=label)
        self._check_open(tx, study_id)
        own = {(e.subject_id, e.field) for e in extraction.entries(tx.connection, self._sight, study_id, own=True)}
        empty = [c for c in extraction.cells(tx.connection, study_id) if (c.subject_id, c.field) not in own]
        required = [c.label for c in empty if c.required]
        if required:
            raise InputError(
                "extraction.required",
                "{study} is not finished: {fields} must be filled in, or marked as not reported.",
                study=label,
                fields=", ".join(f"“{name}”" for name in required),
            )
        tx.put(
            "extraction_finish",
            derived_id("extraction_finish", study_id, tx.reviewer_id),
            study_id=study_id,
            reviewer_id=tx.reviewer_id,
        )
        filled = {subject_id for subject_id, _ in own}
        return tuple(
            f"Nothing is entered for “{place.label}” of {label}."
            for place in extraction.results(tx.connection, study_id=study_id)
            if place.id not in filled
        )

    @operation("extraction.reopen", "Extraction of {study} reopened", Right.JUDGE)
    def reopen(self, tx: Transaction, study_id: Id) -> None:
        """Take back that one has finished a study, to change one's entries. What was settled stays settled."""
        tx.name(study=live(tx, "study", study_id)["label"])
        tx.delete("extraction_finish", derived_id("extraction_finish", study_id, tx.reviewer_id))

    # --- rules -------------------------------------------------------------------------------------------------------

    def _enter(self, tx: Transaction, todo: Sequence[NewEntry]) -> tuple[str, ...]:
        cells, places = self._cells_for(tx, todo)
        for study_id in {cell.study_id for cell in cells}:
            label = live(tx, "study", study_id)["label"]
            self._check_open(tx, study_id)
            tx.name(study=label, cell=cells[0].label)
        warnings = self._check_numbers(tx, todo, places)
        tx.preload("entry", [self._entry_id(tx, new) for new in todo])
        for new, cell in zip(todo, cells, strict=True):
            self._put_entry(tx, new, cell)
        return warnings

    def _entry_id(self, tx: Transaction, new: NewEntry) -> Id:
        return derived_id("entry", new.subject_id, new.field, tx.reviewer_id)

    def _put_entry(self, tx: Transaction, new: NewEntry, cell: Cell) -> None:
        row_id, value = self._entry_id(tx, new), new.value
        if value.is_blank:
            tx.delete("entry", row_id)
            return
        tx.put(
            "entry",
            row_id,
            study_id=cell.study_id,
            subject_id=new.subject_id,
            field=new.field,
            reviewer_id=tx.reviewer_id,
            number=None if value.not_reported else value.number,
            text="" if value.not_reported else value.text,
            not_reported=value.not_reported,
            status=new.status.value,
            source=new.source.strip(),
            note=new.note.strip(),
            entered_at=milliseconds(tx.stamp.hlc),
        )

    def _cells_for(self, tx: Transaction, todo: Sequence[NewEntry]) -> tuple[list[Cell], dict[Id, ResultView]]:
        """The cells that are written to, and their results; InputError for one that is not there (any more)."""
        subjects = {new.subject_id for new in todo}
        places = {p.id: p for p in extraction.results(tx.connection, ids=list(subjects))}
        form = {f.key: f for f in extraction.form_fields(tx.connection)}
        cells: list[Cell] = []
        for new in todo:
            if new.subject_id in places:
                place = places[new.subject_id]
                cell = next((c for c in extraction.cells_of(place) if c.field == new.field), None)
                if cell is None:
                    raise gone("cell")
                if cell.takes_text:
                    check_answer(FieldKind.TEXT, (), new.value, cell.label, place_name(place))
                elif not new.value.not_reported and new.value.text:
                    raise InputError(
                        "extraction.number_wanted",
                        "“{cell}” of {place} takes a number, not “{answer}”. Nothing was changed.",
                        cell=cell.label,
                        place=place_name(place),
                        answer=new.value.text,
                    )
            else:
                study, field = live(tx, "study", new.subject_id), form.get(new.field)
                if field is None:
                    raise gone("field")
                if not new.value.is_blank:
                    check_answer(field.kind, field.options, new.value, field.label, study["label"])
                cell = Cell(new.subject_id, new.subject_id, field.key, field.section, field.label, field.required)
            cells.append(cell)
        return cells, places

    def _check_numbers(
        self, tx: Transaction, todo: Sequence[NewEntry], places: dict[Id, ResultView]
    ) -> tuple[str, ...]:
        """Check each result with one's other numbers in it; raise what is refused, return what is only unlikely."""
        numbers = extraction.own_numbers(tx.connection, self._sight, list(places))
        touched = {(new.subject_id, new.field) for new in todo}
        for new in todo:
            if new.subject_id in places:
                numbers[new.subject_id].pop(new.field, None)
                if new.value.number is not None and not new.not_reported:
                    numbers[new.subject_id][new.field] = new.value.number
        warnings: list[str] = []
        for place in places.values():
            for finding in check_result(place.statistics, numbers[place.id], place.effect_measure):
                if any((place.id, field) in touched for field in finding.fields):
                    warnings.append(warning(finding, place_name(place)))
        return tuple(warnings)

    def _check_open(self, tx: Transaction, study_id: Id) -> None:
        """Conflict when the study is finished by oneself, or by as many others as it needs (and so revealed)."""
        if extraction.has_finished(tx.connection, self._sight, study_id):
            raise Conflict(
                "extraction.finished",
                "You have marked {study} as finished. Reopen it to change your entries; nothing was changed.",
                study=live(tx, "study", study_id)["label"],
            )
        if extraction.finished_reviewers(tx.connection, self._sight, study_id):
            raise Conflict(
                "extraction.closed",
                "{study} has been extracted by as many reviewers as it needs, so it is closed. Nothing was changed.",
                study=live(tx, "study", study_id)["label"],
            )


def place_name(place: ResultView) -> str:
    """Study and arm of a result, or study and what is measured for a contrast."""
    return f"{place.study_label}, {place.heading if place.is_contrast else place.arm_label}"


def warning(finding: Finding, place: str) -> str:
    """The sentence of a warning; raises what is refused."""
    if finding.refused:
        raise finding.error(place)
    return finding.message(place)
