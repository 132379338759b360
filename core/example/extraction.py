"""What the two reviewers of the example entered on its studies, and what was settled from it."""

from __future__ import annotations

from collections.abc import Iterator

from core.example import data
from core.example.data import Entry
from core.example.workbench import Workbench
from core.extraction.forms import FieldKind
from core.model import Id, Period, ValueKind, ValueStatus
from core.session.extraction import NewEntry

INVENTED = "Invented for the example"
_CONTINUOUS = ("mean", "sd", "total")


def extract(bench: Workbench) -> None:
    """The form, every result, both reviewers' entries, and the consensus but for what is left open to try."""
    for field in data.toml("protocol")["field"]:
        added = bench.lead.extraction.add_field(
            field["label"], FieldKind(field["kind"]), section=field["section"], unit=field.get("unit", "")
        )
        bench.made["field", field["key"]] = added.value
    studies = data.toml("studies")["study"]
    for number, study in enumerate(studies):
        bench.progress(f"Extracting {study['label']}", number, len(studies))
        entered = [*_form_answers(bench, study), *_results(bench, study), *_illustrative(bench, study)]
        _enter(bench, bench.made["study", study["key"]], entered)


Cell = tuple[Id, str, Entry]
"""Where a value belongs (result or study, and field), and the entry of the data file that holds it."""


def _form_answers(bench: Workbench, study: Entry) -> Iterator[Cell]:
    for answer in study.get("field", ()):
        field_id = bench.made["field", answer["key"]]
        yield bench.made["study", study["key"]], field_id.hex(), answer


def _results(bench: Workbench, study: Entry) -> Iterator[Cell]:
    for result in study.get("result", ()):
        result_id = _add_result(bench, study["key"], result)
        bench.made["result", study["key"], result["key"]] = result_id
        for value in result["values"]:
            yield result_id, value["field"], value


def _illustrative(bench: Workbench, study: Entry) -> Iterator[Cell]:
    for row in data.rows("illustrative"):
        if row["study"] == study["key"]:
            result_id = _add_result(bench, study["key"], row)
            for field in _CONTINUOUS:
                status = ValueStatus.ILLUSTRATIVE.value
                yield result_id, field, {"value": float(row[field]), "status": status, "source": INVENTED}


def _add_result(bench: Workbench, study: str, result: Entry) -> Id:
    def part(kind: str) -> Id | None:
        return bench.made[kind, study, result[kind]] if result.get(kind) else None

    return bench.lead.extraction.add_result(
        bench.made["study", study],
        bench.made["outcome", result["outcome"]],
        arm_id=part("arm"),
        population_id=part("population"),
        measurement_id=part("measurement"),
        time_point=result["time_point"],
        period=Period(result["period"]),
        kind=ValueKind(result["kind"]),
        effect_measure=result.get("effect_measure", ""),
        notice=result.get("notice", ""),
    ).value


def _enter(bench: Workbench, study_id: Id, cells: list[Cell]) -> None:
    for who, session in bench.judges.items():
        session.extraction.enter_many([_entry(subject, field, value, who) for subject, field, value in cells])
        session.extraction.finish(study_id)
    part = bench.adjudicator.extraction
    part.settle_equal(study_id)
    for subject, field, value in cells:
        if "settled" in value:
            chosen = _entry(subject, field, value, "settled")
            part.settle(
                subject,
                field,
                number=chosen.number,
                text=chosen.text,
                status=chosen.status,
                source=chosen.source,
                note=value["note"],
            )


def _entry(subject: Id, field: str, value: Entry, who: str) -> NewEntry:
    given = value.get(who, value.get("value"))
    number = None if given is None or isinstance(given, str) else float(given)
    return NewEntry(
        subject,
        field,
        number,
        given if isinstance(given, str) else "",
        value.get("not_reported", False),
        ValueStatus(value.get("status", ValueStatus.PUBLISHED)),
        value.get("source", ""),
    )
