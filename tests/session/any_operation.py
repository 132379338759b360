"""Any operation of the program with arguments that make sense at this moment: for tests that must know them all.

Arguments are chosen by the names of the parameters, from the rows the review has; a new operation is covered without
a word here as long as its parameters are called what they are called elsewhere.
"""

from __future__ import annotations

import inspect
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from core.errors import CopseError
from core.extraction.forms import FieldKind
from core.model import (
    ArmRole,
    Direction,
    Id,
    OpResult,
    OutcomeKind,
    Period,
    RetrievalState,
    Reveal,
    SourceKind,
    Stage,
    StudyStatus,
    ValueStatus,
    Verdict,
)
from core.review import Review, Session
from core.riskofbias.own import to_toml
from core.riskofbias.tools import tool
from core.session.base import OPERATIONS
from core.session.extraction import NewEntry
from core.store import staging
from core.store.log import Row, stored_state
from core.store.queries.synthesis import RowPlaces
from core.store.staging import StagedFile
from tests.reviews import ris_file, sessions, titles

PARTS = (
    "protocol",
    "references",
    "screening",
    "fulltext",
    "studies",
    "extraction",
    "riskofbias",
    "synthesis",
    "attachments",
)


def live_state(review: Review) -> dict[str, dict[Id, Row]]:
    """The rows that are there, tombstones aside: what a person can see of the state."""
    return {
        table: {row_id: row for row_id, row in rows.items() if not row["deleted"]}
        for table, rows in stored_state(review.store.reader).items()
    }


class World:
    """A review and somebody who does anything to it."""

    def __init__(self, review: Review, folder: Path, choice: random.Random) -> None:
        self.review = review
        self.folder = folder
        self.choice = choice
        self.people = sessions(review)
        self.serial = 0

    def methods(self, session: Session, kind: str) -> list[Callable[..., OpResult[Any]]]:
        """The bound methods that are operations of this kind (screening has one for each stage)."""
        name = OPERATIONS[kind].method.split(".")[-1]
        found = []
        for part in PARTS:
            method = getattr(getattr(session, part), name, None)
            original = getattr(method, "__wrapped__", None)
            if original is not None and original.__qualname__ == OPERATIONS[kind].method:
                found.append(method)
        return found

    def attempt(self, kind: str, session: Session) -> OpResult[Any] | None:
        """Try the operation once with random arguments; None when Copse refused it."""
        method = self.choice.choice(self.methods(session, kind))
        stage = getattr(getattr(method, "__self__", None), "stage", Stage.TITLE_ABSTRACT)
        state = live_state(self.review)
        args = _Arguments(self, session, state, stage)
        try:
            given = args.for_method(kind, method)
        except _NothingToWorkOn:
            return None
        try:
            return method(**given)
        except CopseError:
            return None

    def new_text(self) -> str:
        """A text not used before."""
        self.serial += 1
        return f"text {self.serial}"


class _NothingToWorkOn(Exception):
    """The review has no row yet that the argument could name."""


class _Arguments:
    def __init__(self, world: World, session: Session, state: dict[str, dict[Id, Row]], stage: Stage) -> None:
        self.world, self.session, self.state, self.stage = world, session, state, stage
        self.choice = world.choice
        self.given: dict[str, Any] = {}

    def for_method(self, kind: str, method: Callable[..., Any]) -> dict[str, Any]:
        """Arguments for each parameter without a default, and for some of the others."""
        original: Any = inspect.unwrap(method)
        for name, parameter in list(inspect.signature(original).parameters.items())[2:]:
            wanted = parameter.default is inspect.Parameter.empty or self.choice.random() < 0.5
            special = getattr(self, f"{kind.replace('.', '_')}__{name}", None)
            if parameter.kind is inspect.Parameter.VAR_KEYWORD:
                self.given |= special() if special else {}
            elif special is not None:
                self.given[name] = special()
            elif wanted:
                self.given[name] = self.value(name)
        return self.given

    def value(self, name: str) -> Any:
        """A value for a parameter of this name."""
        provider = getattr(self, f"p_{name}", None)
        if provider is not None:
            return provider()
        table = name.removesuffix("_ids").removesuffix("_id")
        if name.endswith("_ids"):
            rows = self.rows(table)
            return self.choice.sample(rows, len(rows))
        if name.endswith("_id"):
            return self.row(table)
        return self.world.new_text()

    def rows(self, table: str, **where: Any) -> list[Id]:
        """Live rows of a table whose fields are as named."""
        found = self.state[table].items()
        return [i for i, row in found if all(row[f] == v for f, v in where.items())]

    def row(self, table: str, **where: Any) -> Id:
        """One of them."""
        rows = self.rows(table, **where)
        if not rows:
            raise _NothingToWorkOn
        return self.choice.choice(rows)

    # parameters by name

    def p_record_id(self) -> Id:
        return self.choice.choice(self.session.references.ids())

    p_primary_id = p_record_id

    def p_record_ids(self) -> list[Id]:
        waiting = list(self.session.studies.awaiting_study())
        return waiting[:1] or [self.p_record_id()]

    def p_verdict(self) -> Verdict:
        return self.choice.choice(list(Verdict))

    def p_reason_id(self) -> Id | None:
        if self.given.get("verdict") is not Verdict.EXCLUDE:
            return None
        return self.row("exclusion_reason", stage=self.stage.value)

    def p_state(self) -> RetrievalState:
        return self.choice.choice(list(RetrievalState))

    def p_stage(self) -> Stage:
        return self.choice.choice(list(Stage))

    def p_other_id(self) -> Id:
        return self.row("study")

    def p_field_id(self) -> Id:
        return self.row("form_field")

    def p_field_ids(self) -> list[Id]:
        return self.choice.sample(self.rows("form_field"), len(self.rows("form_field")))

    def p_row_id(self) -> Id:
        return self.row("analysis_row")

    def p_row_ids(self) -> list[Id]:
        return self.of_analysis("analysis_row")

    def p_subgroup_ids(self) -> list[Id]:
        return self.of_analysis("subgroup")

    def p_analysis_ids(self) -> list[Id]:
        rows = self.rows("analysis", comparison_id=self.given["comparison_id"])
        return self.choice.sample(rows, len(rows))

    def p_arm_ids(self) -> list[Id]:
        rows = self.rows("arm", study_id=self.given["study_id"])
        return self.choice.sample(rows, len(rows))

    def of_analysis(self, table: str) -> list[Id]:
        rows = self.rows(table, analysis_id=self.given["analysis_id"])
        return self.choice.sample(rows, len(rows))

    def of_study(self, table: str) -> Id | None:
        if "study_id" not in self.given:
            return None
        return self.row(table, study_id=self.given["study_id"])

    def p_arm_id(self) -> Id | None:
        return self.of_study("arm") if "study_id" in self.given else self.row("arm")

    def p_population_id(self) -> Id | None:
        return self.of_study("population") if "study_id" in self.given else self.row("population")

    def p_measurement_id(self) -> Id | None:
        return self.of_study("measurement") if "study_id" in self.given else self.row("measurement")

    def p_subgroup_id(self) -> Id | None:
        where = {"analysis_id": self.given["analysis_id"]} if "analysis_id" in self.given else {}
        return self.row("subgroup", **where)

    def p_subject_id(self) -> Id:
        return self.row("result")

    def p_field(self) -> str:
        outcome = self.state["outcome"][self.state["result"][self.given["subject_id"]]["outcome_id"]]
        fields = ("events", "total") if outcome["kind"] == "dichotomous" else ("mean", "sd", "total")
        return self.choice.choice(fields)

    def p_cell(self) -> str:
        return self.choice.choice(["ai", "n1i", "ci", "n2i"])

    def p_number(self) -> float:
        total = self.given.get("field") == "total" or "n" in str(self.given.get("cell", ""))
        return float(self.choice.randint(30, 60) if total else self.choice.randint(1, 20))

    def p_take_from(self) -> Id:
        return self.choice.choice([p.reviewer.id for p in self.world.people])

    def p_not_reported(self) -> bool:
        return False

    def p_domain(self) -> str:
        return self.choice.choice([c.domain for c in self.session.riskofbias.cells()])

    def p_definition(self) -> str:
        return to_toml(replace(tool("rob1"), title=self.world.new_text()))

    def p_level(self) -> str:
        return self.choice.choice([one.id for one in self.session.riskofbias.tool.levels])

    def p_outcome_group(self) -> str:
        return ""

    def p_role(self) -> ArmRole:
        return self.choice.choice(list(ArmRole))

    def p_better(self) -> Direction:
        return self.choice.choice(list(Direction))

    def p_period(self) -> Period:
        return self.choice.choice(list(Period))

    def p_status(self) -> StudyStatus:
        return self.choice.choice(list(StudyStatus))

    def p_rank(self) -> int:
        return self.choice.randint(1, 3)

    def p_randomised(self) -> int:
        return self.choice.randint(10, 90)

    p_hits = p_randomised

    def p_screeners_per_record(self) -> int:
        return 2

    def p_reveal_screening(self) -> Reveal:
        return self.choice.choice(list(Reveal))

    p_reveal_extraction = p_reveal_screening

    def p_is_main(self) -> bool:
        return self.choice.random() < 0.5

    p_is_lead = p_is_adjudicator = p_is_screener = p_required = p_fill = p_risk_of_bias_applies = p_is_main

    def p_path(self) -> Path:
        self.world.serial += 1
        path = self.world.folder / f"letter-{self.world.serial}.txt"
        path.write_text(f"letter {self.world.serial}", encoding="utf-8")
        return path

    def p_source_id(self) -> Id | None:
        return None if self.choice.random() < 0.5 else self.row("source")

    def p_compatibility(self) -> str:
        return ""

    def p_measure(self) -> str:
        return "OR"

    def p_effect_measure(self) -> str:
        return ""

    def p_options(self) -> tuple[str, ...]:
        return ("yes", "no")

    # parameters whose meaning depends on the operation: operation__parameter

    def protocol_add_criterion__kind(self) -> str:
        return self.choice.choice(["include", "exclude"])

    protocol_add_term__kind = protocol_add_criterion__kind

    def protocol_add_outcome__kind(self) -> OutcomeKind:
        return self.choice.choice([OutcomeKind.DICHOTOMOUS, OutcomeKind.CONTINUOUS])

    protocol_change_outcome__kind = protocol_add_outcome__kind

    def synthesis_add_analysis__kind(self) -> OutcomeKind | None:
        return None

    def synthesis_add_analysis__outcome_id(self) -> Id:
        return self.row("outcome", kind="dichotomous")

    def extraction_add_result__kind(self) -> None:
        return None

    extraction_change_result__kind = extraction_add_result__kind

    def extraction_add_field__kind(self) -> FieldKind:
        return FieldKind.TEXT

    def references_source__kind(self) -> SourceKind:
        return self.choice.choice(list(SourceKind))

    def extraction_enter__status(self) -> ValueStatus:
        return self.choice.choice(list(ValueStatus))

    extraction_settle__status = extraction_enter__status

    def extraction_enter__text(self) -> str:
        return ""

    extraction_settle__text = extraction_enter__text

    def protocol_reword__table(self) -> str:
        return self.choice.choice(["criterion", "exclusion_reason", "highlight_term", "outcome"])

    protocol_remove__table = protocol_reword__table
    protocol_move__table = protocol_reword__table

    def protocol_reword__row_id(self) -> Id:
        return self.row(self.given["table"])

    protocol_remove__row_id = protocol_reword__row_id
    protocol_move__row_id = protocol_reword__row_id

    def p_by(self) -> int:
        return self.choice.choice([-1, 1])

    def protocol_describe__texts(self) -> dict[str, Any]:
        return {self.choice.choice(["title", "population", "notice"]): self.world.new_text()}

    def synthesis_change_analysis__changes(self) -> dict[str, Any]:
        return self.choice.choice([
            {"favours_left": self.world.new_text()}, {"model": "common"}, {"measure": "RR"}, {"show_weights": False},
        ])  # fmt: skip

    def synthesis_remove_override__row_id(self) -> Id:
        return self.state["override"][self.row("override")]["row_id"]

    def synthesis_remove_override__cell(self) -> str:
        overrides = self.state["override"].values()
        return self.choice.choice([o["cell"] for o in overrides if o["row_id"] == self.given["row_id"]])

    def synthesis_add_analysis__look(self) -> dict[str, Any]:
        return {}

    def screening_decide_many__judgements(self) -> list[Any]:
        return [(i, self.choice.choice(list(Verdict)), None) for i in self.session.screening.queue()[:2]]

    def extraction_enter_many__new(self) -> list[NewEntry]:
        subject = self.given["subject_id"] = self.p_subject_id()
        field = self.p_field()
        del self.given["subject_id"]
        return [NewEntry(subject, field, float(self.choice.randint(30, 60)))]

    def synthesis_add_rows__rows(self) -> list[RowPlaces]:
        proposals = self.session.synthesis.proposals(self.given["analysis_id"])
        return [p.places for p in proposals if not p.used][:1]

    def references_decisions__source_id(self) -> Id:
        return self.row("source")

    def references_decisions__people(self) -> dict[str, Any]:
        return {"Asha": [self.world.people[0].reviewer.id], "Noa": [self.world.new_text()]}

    def references_decisions__listed(self) -> None:
        return None

    def references_import__staged(self) -> StagedFile:
        self.world.serial += 1
        path = ris_file(self.world.folder / f"{self.world.serial}.ris", titles(2, start=500 + self.world.serial * 5))
        return staging.stage_file(path, path.with_suffix(".sqlite"), review=self.world.review.path)
