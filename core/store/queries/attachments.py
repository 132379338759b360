"""Files kept in the review, and what they belong to."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from core.model import Id
from core.store.schema import attachment


@dataclass(frozen=True, slots=True)
class AttachmentView:
    """A file kept in the review; ``size`` in bytes."""

    id: Id
    subject_id: Id
    name: str
    media_type: str
    content_hash: str
    size: int


def of_subject(connection: Connection, subject_id: Id) -> tuple[AttachmentView, ...]:
    """The files that belong to a record, report or study, by name."""
    rows = connection.execute(
        select(attachment)
        .where(attachment.c.subject_id == subject_id, attachment.c.deleted.is_(False))
        .order_by(attachment.c.name, attachment.c.id)
    )
    return tuple(AttachmentView(r.id, r.subject_id, r.name, r.media_type, r.content_hash, r.size) for r in rows)


def one(connection: Connection, attachment_id: Id) -> AttachmentView | None:
    """One file; None when it has been removed."""
    r = connection.execute(
        select(attachment).where(attachment.c.id == attachment_id, attachment.c.deleted.is_(False))
    ).first()
    return None if r is None else AttachmentView(r.id, r.subject_id, r.name, r.media_type, r.content_hash, r.size)
