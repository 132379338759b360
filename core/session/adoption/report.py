"""What was read from a review file, for people: counts by part, and what could not be placed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from core.interchange.model import PartKind, Remark, ReviewFile
from core.language import Phrase, phrase


def counts(file: ReviewFile) -> list[tuple[str, int]]:
    """(key, number) of each part of which there is any, in the order of a review."""
    parts = Counter(part.kind for part in file.parts)
    statuses = Counter(study.status for study in file.studies)
    outcomes = file.outcomes
    found = [
        ("authors", len(file.authors)),
        ("studies", len(file.studies)),
        *((f"{status.value}_studies", number) for status, number in statuses.items()),
        ("references", len({r.id for study in file.studies for r in study.references})),
        ("other_references", len(file.other_references)),
        ("characteristics", sum(bool(c.text.strip()) for study in file.studies for c in study.characteristics)),
        ("risk_of_bias_items", len(file.risk_of_bias)),
        ("risk_of_bias_judgements", sum(len(item.judgements) for item in file.risk_of_bias)),
        ("comparisons", len(file.comparisons)),
        ("analyses", len(outcomes)),
        ("subgroups", sum(len(outcome.subgroups) for outcome in outcomes)),
        ("rows", sum(len(outcome.all_rows) for outcome in outcomes)),
        *((kind.value, parts[kind]) for kind in PartKind),
    ]
    return [(key, number) for key, number in found if number]


def as_json(file: ReviewFile, remarks: Iterable[Remark]) -> list[Any]:
    """The report as the review keeps it: [key, number] for each part, then the remarks."""
    return [*map(list, counts(file)), *({"where": r.where, "what": str(r.what), "kept": r.kept} | _said(r.what)
                                        for r in remarks)]  # fmt: skip


def from_json(kept: Sequence[Any]) -> tuple[tuple[tuple[str, int], ...], tuple[Remark, ...]]:
    """The inverse of `as_json`."""
    numbers = tuple((str(one[0]), int(one[1])) for one in kept if isinstance(one, list))
    remarks = (
        Remark(one["where"], Phrase(one["text"], one["values"]) if "text" in one else one["what"], one["kept"])
        for one in kept
        if isinstance(one, dict)
    )
    return numbers, tuple(remarks)


def _said(what: str) -> dict[str, Any]:
    """What a phrase needs to be said in another language."""
    if not isinstance(what, Phrase):
        return {}
    values = {name: value if isinstance(value, int | float) else str(value) for name, value in what.values.items()}
    return {"text": what.template, "values": values}


def unplaced(file: ReviewFile) -> list[Remark]:
    """What Copse has no page for: kept with the file, and written again."""
    found: list[Remark] = []
    if file.other_references:
        found.append(
            Remark(
                "OTHER_REFERENCES",
                phrase(
                    "{number} references belong to no study. They are not screened, and stay in the kept file.",
                    number=len(file.other_references),
                ),
            )
        )
    known = {study.id for study in file.studies}
    for outcome in file.outcomes:
        strangers = {row.study_id for row in outcome.all_rows} - known
        found += [
            Remark(
                outcome.id,
                phrase(
                    "A row is of the study {study}, which is not in the list of studies. The row was left out.",
                    study=name,
                ),
            )
            for name in sorted(strangers)
        ]
    return found
