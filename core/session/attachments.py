"""Files kept with a record, report or study: the article's PDF, a letter from its authors."""

from __future__ import annotations

import mimetypes
from pathlib import Path

from core.errors import FileProblem, InputError, readable
from core.model import Id, derived_id
from core.session.base import Part, operation
from core.store import attachments as content
from core.store.log import Transaction
from core.store.queries import attachments
from core.store.queries.attachments import AttachmentView


class AttachmentsPart(Part):
    """Keeping files and giving them back."""

    def of(self, subject_id: Id) -> tuple[AttachmentView, ...]:
        """The files that belong to a record, report or study."""
        return attachments.of_subject(self._reader, subject_id)

    def write_to(self, attachment_id: Id, target: Path) -> Path:
        """Write a kept file to ``target``; FileProblem when it cannot be written, and nothing is left there then."""
        kept = attachments.one(self._reader, attachment_id)
        if kept is None:
            raise InputError("attachment.gone", "This file is no longer kept in the review. Nothing was written.")
        draft = target.with_name(target.name + ".part")
        try:
            with draft.open("wb") as stream:
                stream.writelines(content.read_chunks(self._reader, kept.content_hash))
            draft.replace(target)
        except OSError as error:
            draft.unlink(missing_ok=True)
            raise FileProblem(
                "attachment.not_written",
                "{name} could not be written to {folder} ({why}). The copy in the review is safe. "
                "Choose another folder.",
                name=target.name,
                folder=str(target.parent),
                why=error.strerror or "unknown reason",
            ) from error
        return target

    @operation("attachments.attach", "File {name}")
    def attach(self, tx: Transaction, subject_id: Id, path: Path) -> Id:
        """Keep a copy of a file; the same file for the same subject is kept once. InputError when it cannot be read."""
        try:
            content_hash, size = content.store_file(tx.connection, path)
        except OSError as error:
            raise InputError(
                "attachment.unreadable",
                "{name} could not be read ({why}), so it was not attached.",
                name=path.name,
                why=error.strerror or "unknown reason",
            ) from error
        name = readable(path.name)
        tx.name(name=name)
        return tx.put(
            "attachment",
            derived_id("attachment", subject_id, content_hash),
            subject_id=subject_id,
            name=name,
            media_type=mimetypes.guess_type(name)[0] or "application/octet-stream",
            content_hash=content_hash,
            size=size,
        )

    @operation("attachments.detach", "Removal of the file {name}")
    def detach(self, tx: Transaction, attachment_id: Id) -> None:
        """Take a file away from what it belongs to; its content stays, so that this can be undone."""
        kept = attachments.one(tx.connection, attachment_id)
        if kept is None:
            raise InputError("attachment.gone", "This file is no longer kept in the review. Nothing was changed.")
        tx.name(name=kept.name)
        tx.delete("attachment", attachment_id)
