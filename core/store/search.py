"""Full-text search over records, behind one contract so that another database can answer it its own way.

SQLite answers with FTS5 (unicode61 with prefixes). The index is contentless and filled after an import, in slices, so
that deciding goes on meanwhile; what is not indexed yet is simply not found yet.
"""

from __future__ import annotations

import re

from sqlalchemy import Connection, Float, Integer, Select, Subquery, bindparam, column, func, select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.sql.expression import TextualSelect

from core.store.schema import record

_SLICE = 1000
_SHORTEST_WORD = 2
"""A single letter begins words of nearly every record."""
_CREATE = """
CREATE VIRTUAL TABLE record_search USING fts5(
    title, abstract, authors, journal, identifiers, content='', tokenize='unicode61 remove_diacritics 2', prefix='2 3'
)
"""


def create(connection: Connection) -> None:
    """Make the empty index."""
    connection.execute(text(_CREATE))


def index_slice(connection: Connection) -> bool:
    """Index the next records; False when all are."""
    done = connection.execute(text("SELECT coalesce(max(rowid), 0) FROM record_search")).scalar() or 0
    columns = (record.c.n, record.c.title, record.c.abstract, record.c.authors, record.c.journal)
    rows = connection.execute(
        select(*columns, record.c.doi, record.c.pmid).where(record.c.n > done).order_by(record.c.n).limit(_SLICE)
    ).all()
    if rows:
        connection.execute(
            text(
                "INSERT INTO record_search(rowid, title, abstract, authors, journal, identifiers) "
                "VALUES (:n, :title, :abstract, :authors, :journal, :identifiers)"
            ),
            [
                {
                    "n": r.n,
                    "title": r.title,
                    "abstract": r.abstract,
                    "authors": " ; ".join(r.authors),
                    "journal": r.journal,
                    "identifiers": f"{r.doi} {r.pmid}",
                }
                for r in rows
            ],
        )
    return len(rows) == _SLICE


def match_expression(query: str) -> str | None:
    """What a person typed as an FTS5 expression: all words, the last as a prefix; None when nothing is left."""
    words = re.findall(r"\w+", query)
    if not words:
        return None
    # Quoted, so that AND, NEAR and the like typed by a person are words to find, not operators.
    return " ".join([*(f'"{w}"' for w in words[:-1]), f'"{words[-1]}"*'])


def matching(query: str) -> TextualSelect | Select[tuple[int]]:
    """Numbers (``record.n``) of the records that hold all words of the query."""
    expression = match_expression(query)
    if expression is None:
        return select(record.c.n).where(record.c.n < 0)
    return (
        text("SELECT rowid FROM record_search WHERE record_search MATCH :expression")
        .bindparams(expression=expression)
        .columns(record.c.n)
    )


def best(query: str) -> Subquery | None:
    """Numbers (``n``) of the records that hold words beginning with all that is typed, with their ``rank``: the less
    the better, title and authors before the rest. None when nothing is typed that could be looked up.
    """
    words = re.findall(r"\w+", query)
    if max((len(word) for word in words), default=0) < _SHORTEST_WORD:
        return None
    expression = " ".join(f'"{word}"*' for word in words)
    statement = text(
        "SELECT rowid AS n, bm25(record_search, 10, 1, 10, 1, 10) AS rank FROM record_search "
        "WHERE record_search MATCH :expression"
    )
    columns = (column("n", Integer), column("rank", Float))
    return statement.bindparams(bindparam("expression", expression, unique=True)).columns(*columns).subquery()


def is_behind(connection: Connection) -> bool:
    """Whether there are records that are not indexed yet."""
    indexed = connection.execute(text("SELECT coalesce(max(rowid), 0) FROM record_search")).scalar() or 0
    return (connection.execute(select(func.max(record.c.n))).scalar() or 0) > indexed


def check(connection: Connection) -> list[str]:
    """Sentences on what is wrong with what is indexed."""
    indexed = connection.execute(text("SELECT count(*) FROM record_search")).scalar() or 0
    stored = connection.execute(select(func.count()).select_from(record)).scalar() or 0
    if indexed == stored or (indexed < stored and is_behind(connection)):
        return []
    return [f"The search index holds {indexed:,} records, the review {stored:,}."]


def check_structure(connection: Connection) -> list[str]:
    """Sentences on what is wrong with the index in itself; needs a connection that may write, and writes nothing."""
    try:
        connection.execute(text("INSERT INTO record_search(record_search) VALUES ('integrity-check')"))
    except DatabaseError as error:
        return [f"The search index is damaged ({error.orig}). Words in it may not be found; no record is lost."]
    return []
