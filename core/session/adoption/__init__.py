"""A whole review of another program placed in a new review of Copse's, in one step that cannot be undone."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Protocol

from core.errors import InputError
from core.interchange import snapshot
from core.interchange.model import ReviewFile
from core.language import mark
from core.model import Id, Reviewer, derived_id
from core.session.adoption import analyses, publications, report, riskofbias, studies, texts
from core.session.adoption.rows import Rows, element_id
from core.session.adoption.values import Values
from core.session.protocol import initials_of
from core.store import attachments, search
from core.store.log import Transaction
from core.store.log_tables import ADOPTION
from core.store.schema import record
from core.store.store import Store

KIND = ADOPTION
ORIGINAL = "application/octet-stream"
"""What the attachment that is the file itself is marked with."""
ProgressReport = Callable[[str, int, int], None]
_PROGRAMS = {"rm5": "RevMan", "revman_web": "RevMan Web", "revman_csv": "RevMan"}


class Person(Protocol):
    """Somebody a new review starts with, see `core.review.NewReviewer`."""

    @property
    def name(self) -> str: ...
    @property
    def is_lead(self) -> bool: ...
    @property
    def is_adjudicator(self) -> bool: ...
    @property
    def is_screener(self) -> bool: ...


def members(file: ReviewFile, people: Sequence[Person]) -> list[Reviewer]:
    """The team with ids that follow from file and name: the same person taking the same file in twice is one."""
    if not all(one.name.strip() for one in people):
        raise InputError("review.no_reviewer", "A review needs at least your own name. Nothing was made.")
    content_hash = hash_of(file)
    leads = any(one.is_lead for one in people)
    return [
        Reviewer(
            element_id(content_hash, "reviewer", one.name.strip().casefold()),
            one.name.strip(),
            initials_of(one.name),
            position,
            one.is_lead or (not leads and position == 1),
            one.is_adjudicator,
            one.is_screener,
        )
        for position, one in enumerate(people, start=1)
    ]


def hash_of(file: ReviewFile) -> str:
    """What the ids of a file's rows follow from: the SHA-256 of the file, or of its content where it is not kept."""
    return hashlib.sha256(file.original or snapshot.dump(file)).hexdigest()


def adopt(
    store: Store, file: ReviewFile, title: str, team: Sequence[Reviewer], progress: ProgressReport | None = None
) -> None:
    """Write the review into an empty store. ``team`` are the reviewers, with ids; the lead takes the file in."""
    tell = progress or _silent
    content_hash = hash_of(file)
    lead = next(one for one in team if one.is_lead)

    def begin(tx: Transaction) -> None:
        rows = Rows(content_hash, file.file_name, lead, tx.stamp.hlc)
        for one in team:
            rows.put(
                "reviewer",
                one.id,
                name=one.name,
                initials=one.initials,
                position=one.position,
                is_lead=one.is_lead,
                is_adjudicator=one.is_adjudicator,
                is_screener=one.is_screener,
            )
        tell(mark("Placing studies and references"), 0, 4)
        records = publications.put_references(rows, _PROGRAMS.get(file.format, ""), file.studies)
        ids = studies.put_studies(rows, file)
        studies.put_characteristics(rows, file, ids)
        tell(mark("Placing risk of bias"), 1, 4)
        tool = riskofbias.tool_for(rows, file)
        tell(mark("Placing analyses"), 2, 4)
        moved = analyses.put_comparisons(rows, file, Values(rows, file, ids), riskofbias.groups_of(tool, file))
        remarks = (*file.remarks, *moved, *report.unplaced(file), *riskofbias.unplaced(tool, file, ids))
        _put_review(rows, file, title, tool.tool.id if tool else "")
        _put_origin(tx, rows, file, report.as_json(file, remarks))
        _finish(rows, lead)
        tell(mark("Writing"), 3, 4)
        rows.write(tx)
        riskofbias.put_judgements(tx, rows, tool, file, ids)
        connection = tx.connection
        if records:
            connection.execute(record.insert(), records)
        while search.index_slice(connection):
            pass

    store.write(lead.id, KIND, "Review taken from another program", begin, role="base")


def _put_review(rows: Rows, file: ReviewFile, title: str, tool_id: str) -> None:
    rows.put("review", rows.id("review"), title=title, risk_of_bias_tool=tool_id or riskofbias.USUAL_TOOL,
             **texts.protocol_of(file))  # fmt: skip


def _put_origin(tx: Transaction, rows: Rows, file: ReviewFile, told: list[object]) -> None:
    origin = origin_id(rows.content_hash)
    rows.put(
        "origin",
        origin,
        format=file.format,
        file_name=file.file_name,
        version=file.version,
        content_hash=rows.content_hash,
        report=told,
    )
    kept = [(ORIGINAL, file.file_name, file.original)] if file.original else []
    for media_type, name, data in (*kept, (snapshot.MEDIA_TYPE, f"{file.file_name} (as read)", snapshot.dump(file))):
        content_hash, size = attachments.store_bytes(tx.connection, data)
        rows.put(
            "attachment",
            derived_id("attachment", origin, content_hash),
            subject_id=origin,
            name=name,
            media_type=media_type,
            content_hash=content_hash,
            size=size,
        )


def origin_id(content_hash: str) -> Id:
    """The id of the row that says where a review came from."""
    return element_id(content_hash, "origin")


def _finish(rows: Rows, lead: Reviewer) -> None:
    """Who takes the file in has finished the extraction of the studies that came with values."""
    if not lead.is_screener:
        return
    for study in rows.finished:
        mark_id = derived_id("extraction_finish", study, lead.id)
        rows.put("extraction_finish", mark_id, study_id=study, reviewer_id=lead.id)


def _silent(_what: str, _done: int, _total: int) -> None:
    """Progress nobody listens to."""
