"""Files kept in the review: addressed by their content, in chunks, written once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, select

from core.store.schema import attachment_chunk

CHUNK = 1_000_000


def store_file(connection: Connection, path: Path) -> tuple[str, int]:
    """Keep the file's content; (SHA-256 in hexadecimal, size in bytes). The same content is kept once."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as stream:
        while part := stream.read(CHUNK):
            digest.update(part)
            size += len(part)
    content_hash = digest.hexdigest()
    known = select(attachment_chunk.c.number).where(attachment_chunk.c.content_hash == content_hash).limit(1)
    if connection.execute(known).first() is None:
        with path.open("rb") as stream:
            for number, part in enumerate(iter(lambda: stream.read(CHUNK), b"")):
                connection.execute(
                    attachment_chunk.insert(), {"content_hash": content_hash, "number": number, "data": part}
                )
    return content_hash, size


def store_bytes(connection: Connection, data: bytes) -> tuple[str, int]:
    """Keep this content; (SHA-256 in hexadecimal, size in bytes). The same content is kept once."""
    content_hash = hashlib.sha256(data).hexdigest()
    known = select(attachment_chunk.c.number).where(attachment_chunk.c.content_hash == content_hash).limit(1)
    if data and connection.execute(known).first() is None:
        parts = (data[start : start + CHUNK] for start in range(0, len(data), CHUNK))
        connection.execute(
            attachment_chunk.insert(),
            [{"content_hash": content_hash, "number": n, "data": part} for n, part in enumerate(parts)],
        )
    return content_hash, len(data)


def read_chunks(connection: Connection, content_hash: str) -> Iterator[bytes]:
    """The content, a chunk at a time."""
    numbers = connection.execute(
        select(attachment_chunk.c.number)
        .where(attachment_chunk.c.content_hash == content_hash)
        .order_by(attachment_chunk.c.number)
    ).scalars()
    for number in numbers.all():
        yield connection.execute(
            select(attachment_chunk.c.data).where(
                attachment_chunk.c.content_hash == content_hash, attachment_chunk.c.number == number
            )
        ).scalar_one()
