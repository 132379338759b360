"""What was read from a review file, for people: counts by part, and what could not be placed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast

from core.interchange.contents import contents
from core.interchange.model import Remark, ReviewFile
from core.language import Phrase, phrase


def as_json(file: ReviewFile, remarks: Iterable[Remark]) -> list[Any]:
    """The report as the review keeps it: [key, number] for each part, then the remarks."""
    told = ({"where": r.where, "what": str(r.what), "kept": r.kept, **_said(r.what)} for r in remarks)
    return [*([content.key, content.number] for content in contents(file)), *told]


def from_json(kept: Sequence[Any]) -> tuple[tuple[tuple[str, int], ...], tuple[Remark, ...]]:
    """The inverse of `as_json`."""
    numbers = tuple((str(one[0]), int(one[1])) for one in kept if not isinstance(one, dict))
    told = (cast("dict[str, Any]", one) for one in kept if isinstance(one, dict))
    return numbers, tuple(
        Remark(r["where"], Phrase(r["text"], r["values"]) if "text" in r else r["what"], r["kept"]) for r in told
    )


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
