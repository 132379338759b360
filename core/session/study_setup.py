"""What a study is made of: its arms, populations and measurements."""

from __future__ import annotations

import enum
from collections.abc import Container, Sequence
from typing import Any, Final

from core.errors import Conflict, InputError
from core.language import mark
from core.model import ArmRole, Direction, Id, new_id
from core.session.base import Part, operation
from core.store.log import Row, Transaction
from core.store.queries import studies
from core.store.queries.positions import next_position


class Unchanged(enum.Enum):
    """Stands for a value that is not to be changed where None means something."""

    UNCHANGED = enum.auto()


UNCHANGED: Final = Unchanged.UNCHANGED


class StudySetup(Part):
    """Arms, populations and measurements; part of `core.session.studies.StudiesPart`."""

    # --- arms --------------------------------------------------------------------------------------------------------

    @operation("studies.add_arm", "New arm {arm} of {label}")
    def add_arm(
        self, tx: Transaction, study_id: Id, label: str, role: ArmRole = ArmRole.OTHER, description: str = ""
    ) -> Id:
        """Add an arm at the end of a study's list; InputError when the study has one of this name."""
        study = live(tx, "study", study_id)
        taken = {a.label for a in studies.arms(tx.connection, [study_id])}
        label = checked_label(label, taken, "arm")
        tx.name(arm=label, label=study["label"])
        return tx.put(
            "arm",
            new_id(),
            study_id=study_id,
            label=label,
            role=role.value,
            description=description.strip(),
            position=next_position(tx.connection, "arm", study_id=study_id),
        )

    @operation("studies.change_arm", "Change of arm {arm}")
    def change_arm(
        self,
        tx: Transaction,
        arm_id: Id,
        *,
        label: str | None = None,
        role: ArmRole | None = None,
        description: str | None = None,
    ) -> None:
        """Rename an arm, or set its role or description."""
        row = live(tx, "arm", arm_id)
        fields: dict[str, Any] = given(description=description)
        if label is not None:
            taken = {a.label for a in studies.arms(tx.connection, [row["study_id"]]) if a.id != arm_id}
            fields["label"] = checked_label(label, taken, "arm")
        if role is not None:
            fields["role"] = role.value
        tx.name(arm=fields.get("label", row["label"]))
        tx.put("arm", arm_id, **fields)

    @operation("studies.order_arms", "Order of the arms of {label}")
    def order_arms(self, tx: Transaction, study_id: Id, arm_ids: Sequence[Id]) -> None:
        """Put the arms of a study in this order; InputError unless these are exactly its arms."""
        tx.name(label=live(tx, "study", study_id)["label"])
        if sorted(arm_ids) != sorted(a.id for a in studies.arms(tx.connection, [study_id])):
            raise InputError("study.arms", "The arms have changed in the meantime. Their order was not changed.")
        for position, arm_id in enumerate(arm_ids, start=1):
            tx.put("arm", arm_id, position=position)

    @operation("studies.remove_arm", "Removal of arm {arm}")
    def remove_arm(self, tx: Transaction, arm_id: Id) -> None:
        """Remove an arm; Conflict while it has results."""
        row = live(tx, "arm", arm_id)
        tx.name(arm=row["label"])
        refuse_if_used(tx, "arm_id", arm_id, row["label"])
        tx.delete("arm", arm_id)

    # --- populations and measurements --------------------------------------------------------------------------------

    @operation("studies.add_population", "New population {population} of {label}")
    def add_population(self, tx: Transaction, study_id: Id, label: str, description: str = "") -> Id:
        """Add a part of the participants for whom results are given apart."""
        study = live(tx, "study", study_id)
        taken = {p.label for p in studies.populations(tx.connection, [study_id])}
        label = checked_label(label, taken, "population")
        tx.name(population=label, label=study["label"])
        position = next_position(tx.connection, "population", study_id=study_id)
        return tx.put(
            "population",
            new_id(),
            study_id=study_id,
            label=label,
            description=description.strip(),
            position=position,
        )

    @operation("studies.change_population", "Change of population {population}")
    def change_population(
        self, tx: Transaction, population_id: Id, *, label: str | None = None, description: str | None = None
    ) -> None:
        """Rename or describe a population."""
        row = live(tx, "population", population_id)
        fields: dict[str, Any] = given(description=description)
        if label is not None:
            others = studies.populations(tx.connection, [row["study_id"]])
            fields["label"] = checked_label(label, {p.label for p in others if p.id != population_id}, "population")
        tx.name(population=fields.get("label", row["label"]))
        tx.put("population", population_id, **fields)

    @operation("studies.remove_population", "Removal of population {population}")
    def remove_population(self, tx: Transaction, population_id: Id) -> None:
        """Remove a population; Conflict while it has results."""
        row = live(tx, "population", population_id)
        tx.name(population=row["label"])
        refuse_if_used(tx, "population_id", population_id, row["label"])
        tx.delete("population", population_id)

    @operation("studies.add_measurement", "New measurement {instrument} of {label}")
    def add_measurement(
        self,
        tx: Transaction,
        study_id: Id,
        outcome_id: Id,
        instrument: str,
        *,
        better: Direction | None = None,
        definition: str = "",
        rank: int = 1,
    ) -> Id:
        """Say with what a study measured an outcome, which direction of it is good, and what counts as a response."""
        study = live(tx, "study", study_id)
        live(tx, "outcome", outcome_id)
        instrument = checked_label(instrument, (), "measurement")
        tx.name(instrument=instrument, label=study["label"])
        return tx.put(
            "measurement",
            new_id(),
            study_id=study_id,
            outcome_id=outcome_id,
            instrument=instrument,
            better=better.value if better else "",
            definition=definition.strip(),
            rank=rank,
        )

    @operation("studies.change_measurement", "Change of measurement {instrument}")
    def change_measurement(
        self,
        tx: Transaction,
        measurement_id: Id,
        *,
        instrument: str | None = None,
        better: Direction | Unchanged | None = UNCHANGED,
        definition: str | None = None,
        rank: int | None = None,
    ) -> None:
        """Change what is named; ``better`` None means that the outcome's own direction holds."""
        row = live(tx, "measurement", measurement_id)
        fields: dict[str, Any] = given(definition=definition)
        if instrument is not None:
            fields["instrument"] = checked_label(instrument, (), "measurement")
        if not isinstance(better, Unchanged):
            fields["better"] = better.value if better else ""
        if rank is not None:
            fields["rank"] = rank
        tx.name(instrument=fields.get("instrument", row["instrument"]))
        tx.put("measurement", measurement_id, **fields)

    @operation("studies.remove_measurement", "Removal of measurement {instrument}")
    def remove_measurement(self, tx: Transaction, measurement_id: Id) -> None:
        """Remove a measurement; Conflict while it has results."""
        row = live(tx, "measurement", measurement_id)
        tx.name(instrument=row["instrument"])
        refuse_if_used(tx, "measurement_id", measurement_id, row["instrument"])
        tx.delete("measurement", measurement_id)


def checked_label(label: str, taken: Container[str], thing: str) -> str:
    """The stripped label; InputError when it is empty or taken."""
    label = label.strip()
    if not label:
        raise InputError("study.empty_label", "The {thing} has no name. Nothing was changed.", thing=mark(thing))
    if label in taken:
        raise InputError(
            "study.label_taken",
            "There is a {thing} called “{label}” already. Choose another name; nothing was changed.",
            thing=mark(thing),
            label=label,
        )
    return label


def given(**texts: str | None) -> dict[str, str]:
    """Those texts that are to be changed, stripped."""
    return {field: text.strip() for field, text in texts.items() if text is not None}


def live(tx: Transaction, table: str, row_id: Id) -> Row:
    """The row; InputError when it has been removed."""
    row = tx.live(table, row_id)
    if row is None:
        raise gone(table)
    return row


def gone(thing: str) -> InputError:
    """The error for a row that has been removed in the meantime."""
    return InputError(
        f"{thing}.gone", "This {thing} is no longer in the review. Nothing was changed.", thing=mark(thing)
    )  # fmt: skip


def refuse_if_used(tx: Transaction, column: str, row_id: Id, label: str) -> None:
    """Conflict while a study, arm, population or measurement has results."""
    number = studies.results_using(tx.connection, column, row_id)
    if number:
        raise Conflict(
            "study.has_results",
            "“{label}” has {number} results. Remove them first; nothing was changed.",
            label=label,
            number=number,
        )
