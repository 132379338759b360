"""What is to be extracted: the results of each study and the fields of the team's form. Shared, and not a judgement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.errors import Conflict, InputError
from core.extraction.forms import FieldKind
from core.extraction.statistics import ARM_STATISTICS, measures_for
from core.language import mark
from core.model import Id, OutcomeKind, Period, ValueKind, derived_id, new_id
from core.policy import Right
from core.session.base import Part, operation
from core.session.study_setup import UNCHANGED, Unchanged, gone, live
from core.store.log import Row, Transaction
from core.store.queries import extraction
from core.store.queries.extraction import FormField, ResultView
from core.store.queries.positions import next_position

_KEY = (
    "study_id", "outcome_id", "arm_id", "population_id", "measurement_id", "time_point", "period", "kind",
    "effect_measure",
)  # fmt: skip
"""What a result is told from others by."""


class ExtractionSetup(Part):
    """Results and form; part of `core.session.extraction.ExtractionPart`."""

    # --- reading -----------------------------------------------------------------------------------------------------

    def results(self, study_id: Id | None = None, outcome_id: Id | None = None) -> tuple[ResultView, ...]:
        """The results of the review, of a study or of an outcome, by study and in their order."""
        return extraction.results(self._reader, study_id=study_id, outcome_id=outcome_id)

    def result(self, result_id: Id) -> ResultView:
        """One result; InputError when it has been removed."""
        found = extraction.results(self._reader, ids=[result_id])
        if not found:
            raise gone("result")
        return found[0]

    def fields(self) -> tuple[FormField, ...]:
        """The fields of the form, answered once per study, in their order."""
        return extraction.form_fields(self._reader)

    # --- results -----------------------------------------------------------------------------------------------------

    @operation("extraction.add_result", "New result of {study}: {result}")
    def add_result(
        self,
        tx: Transaction,
        study_id: Id,
        outcome_id: Id,
        *,
        arm_id: Id | None = None,
        population_id: Id | None = None,
        measurement_id: Id | None = None,
        time_point: str = "",
        period: Period = Period.ONLY,
        kind: ValueKind | None = None,
        effect_measure: str = "",
        notice: str = "",
    ) -> Id:
        """Make a place for values: of one arm, or, without an arm, of a contrast with its effect measure.

        InputError when the study has this very result already, when arm, population or measurement are another
        study's, or when the effect measure is missing or unknown. What was entered in a result that had been removed
        comes back with it.
        """
        fields: Row = {
            "study_id": study_id,
            "outcome_id": outcome_id,
            "arm_id": arm_id,
            "population_id": population_id,
            "measurement_id": measurement_id,
            "time_point": time_point.strip(),
            "period": period.value,
            "effect_measure": effect_measure,
            "notice": notice.strip(),
        }
        outcome = _checked_parts(tx, fields)
        fields["kind"] = (kind or _usual_kind(outcome, contrast=arm_id is None)).value
        _check_new(tx, fields, None)
        fields["position"] = next_position(tx.connection, "result", study_id=study_id)
        # The same place made on two copies is the same row; a row of this id that was moved elsewhere keeps its place.
        row_id = derived_id("result", *(fields[k] or "" for k in _KEY))
        row_id = tx.put("result", new_id() if tx.live("result", row_id) else row_id, **fields)
        _name(tx, row_id)
        return row_id

    @operation("extraction.change_result", "Change of a result of {study}: {result}")
    def change_result(
        self,
        tx: Transaction,
        result_id: Id,
        *,
        population_id: Id | Unchanged | None = UNCHANGED,
        measurement_id: Id | Unchanged | None = UNCHANGED,
        time_point: str | None = None,
        period: Period | None = None,
        kind: ValueKind | None = None,
        effect_measure: str | None = None,
        notice: str | None = None,
    ) -> None:
        """Correct what a result is about; the entries in it stay. Study, outcome and arm cannot be changed."""
        row = live(tx, "result", result_id)
        changed: dict[str, Any] = {
            "population_id": population_id,
            "measurement_id": measurement_id,
            "time_point": UNCHANGED if time_point is None else time_point.strip(),
            "period": UNCHANGED if period is None else period.value,
            "kind": UNCHANGED if kind is None else kind.value,
            "effect_measure": UNCHANGED if effect_measure is None else effect_measure,
            "notice": UNCHANGED if notice is None else notice.strip(),
        }
        row |= {field: value for field, value in changed.items() if not isinstance(value, Unchanged)}
        _checked_parts(tx, row)
        _check_new(tx, row, result_id)
        tx.put("result", result_id, **{field: row[field] for field in changed})
        _name(tx, result_id)

    @operation("extraction.remove_result", "Removal of a result of {study}: {result}")
    def remove_result(self, tx: Transaction, result_id: Id) -> None:
        """Remove a result with its settled values; Conflict while an analysis uses it."""
        live(tx, "result", result_id)
        _name(tx, result_id)
        if extraction.used_in_analyses(tx.connection, result_id):
            raise Conflict(
                "extraction.result_used",
                "“{result}” of {study} is used in an analysis. Take it out there first; nothing was changed.",
                **tx.label_words,
            )
        for field in extraction.consensus_of_results(tx.connection, [result_id])[result_id]:
            tx.delete("consensus", derived_id("consensus", result_id, field))
        tx.delete("result", result_id)

    # --- the form ----------------------------------------------------------------------------------------------------

    @operation("extraction.add_field", "New field “{field}”", Right.LEAD)
    def add_field(
        self,
        tx: Transaction,
        label: str,
        kind: FieldKind = FieldKind.TEXT,
        *,
        section: str = "",
        options: Sequence[str] = (),
        unit: str = "",
        help: str = "",  # noqa: A002 - the word of the form
        required: bool = False,
    ) -> Id:
        """Add a field at the end of the form; a choice needs two options or more."""
        named = label.strip()
        fields: Row = {"label": named, "kind": kind.value, "options": [o.strip() for o in options if o.strip()]}
        _check_field(fields)
        tx.name(field=named)
        return tx.put(
            "form_field",
            new_id(),
            section=section.strip(),
            unit=unit.strip(),
            help=help.strip(),
            required=required,
            position=next_position(tx.connection, "form_field"),
            **fields,
        )

    @operation("extraction.change_field", "Change of field “{field}”", Right.LEAD)
    def change_field(
        self,
        tx: Transaction,
        field_id: Id,
        *,
        label: str | None = None,
        section: str | None = None,
        options: Sequence[str] | None = None,
        unit: str | None = None,
        help: str | None = None,  # noqa: A002 - the word of the form
        required: bool | None = None,
    ) -> None:
        """Change what is named of a field; its kind stays, since there may be answers."""
        row = live(tx, "form_field", field_id)
        texts = {"label": label, "section": section, "unit": unit, "help": help}
        changed: dict[str, Any] = {k: t.strip() for k, t in texts.items() if t is not None}
        if options is not None:
            changed["options"] = [o.strip() for o in options if o.strip()]
        if required is not None:
            changed["required"] = required
        _check_field(row | changed)
        tx.name(field=changed.get("label", row["label"]))
        tx.put("form_field", field_id, **changed)

    @operation("extraction.order_fields", "Order of the form", Right.LEAD)
    def order_fields(self, tx: Transaction, field_ids: Sequence[Id]) -> None:
        """Put the fields of the form in this order; InputError unless these are exactly its fields."""
        if sorted(field_ids) != sorted(f.id for f in extraction.form_fields(tx.connection)):
            raise InputError("extraction.fields", "The form has changed in the meantime. Its order was not changed.")
        for position, field_id in enumerate(field_ids, start=1):
            tx.put("form_field", field_id, position=position)

    @operation("extraction.remove_field", "Removal of field “{field}”", Right.LEAD)
    def remove_field(self, tx: Transaction, field_id: Id) -> None:
        """Remove a field from the form; its answers are kept and come back when this is undone."""
        tx.name(field=live(tx, "form_field", field_id)["label"])
        tx.delete("form_field", field_id)


def _usual_kind(outcome: OutcomeKind, *, contrast: bool) -> ValueKind:
    if contrast:
        return ValueKind.DIFFERENCE
    return ValueKind.RESPONDER if outcome is OutcomeKind.DICHOTOMOUS else ValueKind.POST


def _checked_parts(tx: Transaction, fields: Row) -> OutcomeKind:
    """The outcome's kind; InputError unless all parts of a result are there and fit together."""
    live(tx, "study", fields["study_id"])
    kind = OutcomeKind(live(tx, "outcome", fields["outcome_id"])["kind"])
    for table in ("arm", "population", "measurement"):
        row_id = fields[f"{table}_id"]
        row = None if row_id is None else live(tx, table, row_id)
        if row is not None and row["study_id"] != fields["study_id"]:
            raise InputError("extraction.other_study", "This {thing} belongs to another study.", thing=mark(table))
        if table == "measurement" and row is not None and row["outcome_id"] != fields["outcome_id"]:
            raise InputError(
                "extraction.other_outcome",
                "“{instrument}” measures another outcome. Nothing was changed.",
                instrument=row["instrument"],
            )
    _check_measure(kind, fields["effect_measure"], contrast=fields["arm_id"] is None)
    return kind


def _check_measure(kind: OutcomeKind, measure: str, *, contrast: bool) -> None:
    """InputError unless the outcome is reported so: arm by arm, or as a contrast in one of its measures."""
    known = [m.key for m in measures_for(kind)]
    if contrast and known and measure not in known:
        raise InputError(
            "extraction.effect_measure",
            "A contrast says in which effect measure it is reported: one of {known}, not “{measure}”.",
            measure=measure,
            known=", ".join(known),
        )
    if measure and not (contrast and known):
        raise InputError(
            "extraction.arm_measure", "The result of one arm, or in words, has no effect measure. Nothing was changed."
        )
    if not contrast and kind not in ARM_STATISTICS:
        raise InputError(
            "extraction.generic_arm",
            "This outcome is reported as a contrast between arms, or in words, not arm by arm. Nothing was changed.",
        )


def _check_new(tx: Transaction, fields: Row, result_id: Id | None) -> None:
    for other in extraction.results(tx.connection, study_id=fields["study_id"]):
        row = tx.live("result", other.id)
        if other.id != result_id and row is not None and all(row[k] == fields[k] for k in _KEY):
            raise InputError(
                "extraction.result_exists",
                "{study} has this result already: {result}. Nothing was changed.",
                study=other.study_label,
                result=other.label,
            )


def _name(tx: Transaction, result_id: Id) -> None:
    (view,) = extraction.results(tx.connection, ids=[result_id])
    tx.name(study=view.study_label, result=view.label)


def _check_field(fields: Row) -> None:
    if not fields["label"]:
        raise InputError("extraction.field_label", "A field of the form needs a name. Nothing was changed.")
    if fields["kind"] == FieldKind.CHOICE and len(set(fields["options"])) < 2:
        raise InputError(
            "extraction.field_options",
            "“{field}” is a choice, so it needs two different options or more. Nothing was changed.",
            field=fields["label"],
        )
