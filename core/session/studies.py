"""Studies: what was investigated, in which reports, arms and populations, and with which instruments."""

from __future__ import annotations

import string
from collections.abc import Container, Sequence
from typing import Any

from core.errors import Conflict, InputError
from core.model import Id, Stage, Standing, StudyStatus, derived_id, new_id
from core.session.base import operation
from core.session.screening import short_title
from core.session.study_setup import (
    UNCHANGED,
    StudySetup,
    Unchanged,
    checked_label,
    given,
    gone,
    live,
    refuse_if_used,
)
from core.store.log import Transaction
from core.store.queries import records, screening, studies
from core.store.queries.positions import next_position
from core.store.queries.records import RecordView
from core.store.queries.studies import StudyView, StudyWork

DESIGNS = ("parallel", "crossover", "cluster", "factorial", "non-randomised", "open label", "secondary analysis")
"""Designs to choose from; any other text may be given."""


class StudiesPart(StudySetup):
    """The studies of the review. Setting them up is shared work, not a judgement: all of the team see and may do it."""

    # --- reading -----------------------------------------------------------------------------------------------------

    def list(self, status: StudyStatus | None = None) -> tuple[StudyView, ...]:
        """The studies in their order, all or those of one status."""
        return tuple(s for s in studies.studies(self._reader) if status is None or s.status is status)

    def one(self, study_id: Id) -> StudyView:
        """One study; InputError when it has been removed."""
        found = studies.studies(self._reader, [study_id])
        if not found:
            raise gone("study")
        return found[0]

    def of_report(self, record_id: Id) -> tuple[Id, ...]:
        """The studies a report is linked to."""
        return studies.studies_of(self._reader, record_id)

    def awaiting_study(self) -> tuple[Id, ...]:
        """Records included at full text, as far as one may see, that belong to no study yet."""
        return tuple(studies.awaiting_study(self._reader, self._sight))

    def propose_label(self, record_id: Id) -> str:
        """“Surname Year” of a report, with a letter where another study is called so."""
        view = records.record_views(self._reader, [record_id]).get(record_id)
        if view is None:
            raise gone("record")
        return free_label(base_label(view), set(studies.labels(self._reader).values()))

    def work(self) -> dict[Id, StudyWork]:
        """One's own work on every study: entries and judgements given, finished or not. A colleague's finished mark
        shows when one's own is set, or to the lead and to who does not extract; before that it is locked."""
        return studies.work(self._reader, self._sight)

    # --- studies -----------------------------------------------------------------------------------------------------

    @operation("studies.create", "New study {label}")
    def create(
        self,
        tx: Transaction,
        record_ids: Sequence[Id] = (),
        label: str = "",
        *,
        status: StudyStatus = StudyStatus.INCLUDED,
        design: str = "",
        randomised: int | None = None,
        registration: str = "",
        notice: str = "",
    ) -> Id:
        """Add a study, with its reports (the first is the main one); its label is proposed from them if none is given.

        InputError when the label is taken, or there is none and no report to take it from.
        """
        taken = set(studies.labels(tx.connection).values())
        if not label.strip():
            view = records.record_views(tx.connection, record_ids[:1])
            if not view:
                raise InputError("study.no_label", "A study needs a label or a report to name it after.")
            label = free_label(base_label(view[record_ids[0]]), taken)
        label = checked_label(label, taken, "study")
        tx.name(label=label)
        study_id = tx.put(
            "study",
            new_id(),
            label=label,
            status=status.value,
            design=design.strip(),
            randomised=checked_number(randomised, label),
            registration=registration.strip(),
            notice=notice.strip(),
            position=next_position(tx.connection, "study"),
        )
        for number, record_id in enumerate(record_ids):
            self._link(tx, study_id, record_id, is_main=number == 0)
        return study_id

    @operation("studies.rename", "New name {label} of a study")
    def rename(self, tx: Transaction, study_id: Id, label: str) -> None:
        """Give a study another label; InputError when it is taken."""
        live(tx, "study", study_id)
        names = studies.labels(tx.connection)
        names.pop(study_id, None)
        label = checked_label(label, set(names.values()), "study")
        tx.name(label=label)
        tx.put("study", study_id, label=label)

    @operation("studies.describe", "Description of {label}")
    def describe(
        self,
        tx: Transaction,
        study_id: Id,
        *,
        status: StudyStatus | None = None,
        design: str | None = None,
        randomised: int | Unchanged | None = UNCHANGED,
        registration: str | None = None,
        notice: str | None = None,
        risk_of_bias_applies: bool | None = None,
    ) -> None:
        """Set what is named: status, design, participants randomised (None: not known), registration, notice, and
        whether the study is assessed with the review's risk-of-bias tool."""
        row = live(tx, "study", study_id)
        tx.name(label=row["label"])
        fields: dict[str, Any] = given(design=design, registration=registration, notice=notice)
        if status is not None:
            fields["status"] = status.value
        if not isinstance(randomised, Unchanged):
            fields["randomised"] = checked_number(randomised, row["label"])
        if risk_of_bias_applies is not None:
            fields["risk_of_bias_applies"] = risk_of_bias_applies
        tx.put("study", study_id, **fields)

    @operation("studies.remove", "Removal of {label}")
    def remove(self, tx: Transaction, study_id: Id) -> None:
        """Remove a study with its set-up; Conflict while it has results. Its reports wait for a study again."""
        row = live(tx, "study", study_id)
        refuse_if_used(tx, "study_id", study_id, row["label"])
        tx.name(label=row["label"])
        for table, row_id in studies.links_of(tx.connection, study_id):
            tx.delete(table, row_id)
        tx.delete("study", study_id)

    # --- reports and overlaps ----------------------------------------------------------------------------------------

    @operation("studies.link", "Report “{title}” of {label}")
    def link(self, tx: Transaction, study_id: Id, record_id: Id, *, is_main: bool = False) -> None:
        """Say that a report is about a study; one report may be about several. A study's first report is its main one.

        Conflict while full-text screening of the report is open as far as one may see: the link would tell others how
        one judged it. Studies that are ongoing or awaiting classification take any report.
        """
        row = live(tx, "study", study_id)
        title = self._link(tx, study_id, record_id, is_main=is_main)
        tx.name(label=row["label"], title=short_title(title))

    @operation("studies.unlink", "Taking a report from {label}")
    def unlink(self, tx: Transaction, study_id: Id, record_id: Id) -> None:
        """Take a report from a study; it waits for a study again when it has no other."""
        tx.name(label=live(tx, "study", study_id)["label"])
        tx.delete("study_report", derived_id("study_report", study_id, record_id))

    @operation("studies.overlap", "Participants shared by {label} and {other}")
    def add_overlap(self, tx: Transaction, study_id: Id, other_id: Id, note: str = "") -> None:
        """Say that two studies share participants (in either order)."""
        if study_id == other_id:
            raise InputError("study.overlap_self", "A study shares all participants with itself. Choose another one.")
        tx.name(label=live(tx, "study", study_id)["label"], other=live(tx, "study", other_id)["label"])
        one, other = sorted((study_id, other_id))
        tx.put("overlap", derived_id("overlap", one, other), study_id=one, other_id=other, note=note.strip())

    @operation("studies.no_overlap", "No participants shared by {label} and {other}")
    def remove_overlap(self, tx: Transaction, study_id: Id, other_id: Id) -> None:
        """Take back that two studies share participants."""
        tx.name(label=live(tx, "study", study_id)["label"], other=live(tx, "study", other_id)["label"])
        tx.delete("overlap", derived_id("overlap", *sorted((study_id, other_id))))

    def _link(self, tx: Transaction, study_id: Id, record_id: Id, *, is_main: bool) -> str:
        view = records.record_views(tx.connection, [record_id]).get(record_id)
        if view is None:
            raise gone("record")
        status = StudyStatus(live(tx, "study", study_id)["status"])
        standing = screening.standing(tx.connection, self._sight, Stage.FULL_TEXT, record_id)
        settled = standing in (Standing.INCLUDED, Standing.EXCLUDED)
        if not settled and status not in (StudyStatus.AWAITING, StudyStatus.ONGOING):
            raise Conflict(
                "study.report_open",
                "“{title}” is not settled at full text yet, as far as you may see. Linked to a study now, it would "
                "tell the others how you judged it. Nothing was changed. Link it once it is listed as included.",
                title=short_title(view.title),
            )
        link_id = derived_id("study_report", study_id, record_id)
        mains = [i for i in studies.main_links(tx.connection, study_id) if i != link_id]
        for main in mains if is_main else ():
            tx.put("study_report", main, is_main=False)
        tx.put(
            "study_report",
            link_id,
            study_id=study_id,
            record_id=record_id,
            is_main=is_main or not mains,
        )
        return view.title


def base_label(view: RecordView) -> str:
    """“Surname Year” of a record, as far as its source gave them; the start of its title when there is no author."""
    author = view.authors[0].strip() if view.authors else ""
    if "," in author:
        name = author.partition(",")[0].strip()
    else:
        words = author.split()
        # "Glue P", "van Dam JM": initials follow the name; "Paul Glue": the name comes last.
        initials = len(words) > 1 and words[-1].isupper() and len(words[-1]) <= 3
        name = " ".join(words[:-1]) if initials else (words[-1] if words else "")
    if not name:
        name = " ".join(view.title.split()[:3]) or "Untitled"
    return name if view.year is None else f"{name} {view.year}"


def free_label(base: str, taken: Container[str]) -> str:
    """The label, or when a study is called so already, the label with the next free letter (then number)."""
    if base not in taken and f"{base}a" not in taken:
        return base
    for letter in string.ascii_lowercase[1:]:
        if f"{base}{letter}" not in taken:
            return base + letter
    number = 27
    while f"{base}-{number}" in taken:
        number += 1
    return f"{base}-{number}"


def checked_number(randomised: int | None, label: str) -> int | None:
    if randomised is not None and randomised < 0:
        raise InputError(
            "study.randomised", "{label} cannot have randomised fewer than 0 participants.", label=label
        )  # fmt: skip
    return randomised
