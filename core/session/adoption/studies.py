"""Studies of a review file with their reports, where these stand in screening, and their characteristics."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from core.extraction.compare import Value
from core.extraction.forms import FieldKind
from core.interchange.model import Characteristic, ReviewFile, StudyItem
from core.model import Id, RetrievalState, Stage, StudyStatus, Verdict, derived_id
from core.session.adoption.publications import record_id, registration_of
from core.session.adoption.rows import Rows

SECTION: Final = "Characteristics of studies"
REASON: Final = "reason_for_exclusion"
OTHER_REASON: Final = "Reason given in the characteristics of excluded studies"
_MOST_REASONS: Final = 10
_LONGEST_REASON: Final = 60
_VERDICTS: Final = {StudyStatus.INCLUDED: Verdict.INCLUDE, StudyStatus.EXCLUDED: Verdict.EXCLUDE}
_ORDER: Final = (
    "methods", "participants", "interventions", "outcomes", "user_1", "user_2", "user_3", "notes", REASON,
    "study_name", "starting_date", "contact_info",
)  # fmt: skip


def study_id(rows: Rows, item_id: str) -> Id:
    """The id of the row that a study of the file becomes."""
    return rows.id("study", item_id)


def put_studies(rows: Rows, file: ReviewFile) -> Mapping[str, Id]:
    """Collect the studies, their links to reports and what was decided on these; the studies' ids by those of the
    file."""
    found: dict[str, Id] = {}
    taken: set[str] = set()
    reasons = _Reasons(rows, file)
    for position, item in enumerate(file.studies, start=1):
        label = _free_label(item.name.replace("\u00a0", " ").strip() or item.id, taken)
        taken.add(label)
        found[item.id] = rows.put(
            "study",
            study_id(rows, item.id),
            label=label,
            status=item.status.value,
            year=item.year,
            data_source=item.data_source,
            registration=registration_of(item),
            position=position,
        )
        main = next((r for r in item.references if r.primary), next(iter(item.references), None))
        for reference in item.references:
            report = record_id(rows, reference)
            rows.put(
                "study_report",
                derived_id("study_report", found[item.id], report),
                study_id=found[item.id],
                record_id=report,
                is_main=reference is main,
            )
    # A report of several studies stands where the first of these in the order of importance stands.
    for status in (StudyStatus.INCLUDED, StudyStatus.EXCLUDED, StudyStatus.AWAITING, StudyStatus.ONGOING):
        for item in file.studies:
            if item.status is status:
                _put_standings(rows, item, reasons)
    return found


def _free_label(label: str, taken: set[str]) -> str:
    if label not in taken:
        return label
    number = 2
    while f"{label} ({number})" in taken:
        number += 1
    return f"{label} ({number})"


# --- screening -------------------------------------------------------------------------------------------------------


class _Reasons:
    """The reasons for exclusion: the texts themselves where they are few and short, else one that points to them."""

    def __init__(self, rows: Rows, file: ReviewFile) -> None:
        self._rows = rows
        texts = [reason_of(item) for item in file.studies if item.status is StudyStatus.EXCLUDED]
        distinct = list(dict.fromkeys(_short(text) for text in texts if text))
        self._are_short = len(distinct) <= _MOST_REASONS and all(len(text) <= _LONGEST_REASON for text in distinct)

    def of(self, item: StudyItem) -> tuple[Id, str]:
        """The id of a study's reason, and the note that says it in full where the reason does not."""
        text = reason_of(item)
        short = _short(text) if self._are_short and text else OTHER_REASON
        count = self._rows.count("exclusion_reason")
        reason_id = self._rows.id("exclusion_reason", short)
        self._rows.put(
            "exclusion_reason", reason_id, stage=Stage.FULL_TEXT.value, text=short, position=count + 1
        )  # fmt: skip
        return reason_id, "" if short != OTHER_REASON else text


def reason_of(item: StudyItem) -> str:
    """Why a study was excluded, as its characteristics say."""
    return next((c.text.strip() for c in item.characteristics if c.key == REASON), "")


def _short(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip().rstrip(".")


def _put_standings(rows: Rows, item: StudyItem, reasons: _Reasons) -> None:
    verdict = _VERDICTS.get(item.status)
    reason, note = reasons.of(item) if verdict is Verdict.EXCLUDE and item.references else (None, "")
    for reference in item.references:
        report = record_id(rows, reference)
        _put_resolution(rows, report, Stage.TITLE_ABSTRACT, Verdict.INCLUDE)
        if verdict is not None:
            rows.put("report", derived_id("report", report), record_id=report, retrieval=RetrievalState.RETRIEVED.value)
            _put_resolution(rows, report, Stage.FULL_TEXT, verdict, reason, note)


def _put_resolution(
    rows: Rows, report: Id, stage: Stage, verdict: Verdict, reason_id: Id | None = None, note: str = ""
) -> None:
    rows.put(
        "resolution",
        derived_id("resolution", report, stage.value),
        record_id=report,
        stage=stage.value,
        resolver_id=rows.lead_id,
        verdict=verdict.value,
        reason_id=reason_id,
        note=note,
        resolved_at=rows.now,
    )


# --- characteristics -------------------------------------------------------------------------------------------------


def put_characteristics(rows: Rows, file: ReviewFile, ids: Mapping[str, Id]) -> int:
    """Collect a field of the form for each field of the characteristics that occurs, and its settled texts; how many
    texts there are."""
    occurring: dict[str, Characteristic] = {}
    for item in file.studies:
        for one in item.characteristics:
            if one.text.strip():
                occurring.setdefault(one.key, one)
    ordered = sorted(occurring, key=lambda key: _ORDER.index(key) if key in _ORDER else len(_ORDER))
    fields = {key: rows.id("form_field", key) for key in ordered}
    for position, key in enumerate(ordered, start=1):
        label = occurring[key].label.strip() or key
        rows.put(
            "form_field",
            fields[key],
            section=SECTION,
            label=label,
            kind=FieldKind.TEXT.value,
            options=[],
            position=position,
        )
    number = 0
    for item in file.studies:
        for one in item.characteristics:
            if one.text.strip():
                rows.settle(ids[item.id], ids[item.id], fields[one.key].hex(), Value(text=one.text.strip()))
                number += 1
    return number
