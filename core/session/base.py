"""What the parts of a session share: who acts, the store, and how an action becomes an operation."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection

from core import language
from core.language import Phrase, counted, mark
from core.model import Id, OpResult, Reviewer
from core.policy import Right, require
from core.store.log import Transaction
from core.store.queries import team
from core.store.sight import Sight
from core.store.store import Store


@dataclass(frozen=True, slots=True)
class Operation:
    """A registered kind of operation."""

    kind: str
    label: str
    right: Right
    method: str


OPERATIONS: dict[str, Operation] = {}
"""Every kind of operation there is, filled as the parts of the session are imported (see `core.review.all_parts`)."""


_MARKED_WORDS = ("verdict", "level", "domain")


def in_words(kind: str, label: str) -> str:
    """The label of an operation, kept in English in the file, as a phrase that can be said in another language."""
    if language.current() == language.ENGLISH:
        return label
    if kind not in OPERATIONS:
        import_parts()
    known = OPERATIONS.get(kind)
    if known is None:
        return label
    parts = re.split(r"\{(\w+)\}", known.label)
    pattern = "".join(re.escape(part) if at % 2 == 0 else f"(?P<{part}>.*?)" for at, part in enumerate(parts))
    found = re.fullmatch(pattern, label, re.DOTALL)
    if found is None:
        return label
    words = found.groupdict()
    rows = re.fullmatch(r"([\d,]+) rows?", words.get("number", ""))
    if rows is not None:
        words["number"] = counted("{n} row", "{n} rows", int(rows[1].replace(",", "")))
    return Phrase(known.label, {name: mark(word) if name in _MARKED_WORDS else word for name, word in words.items()})


def import_parts() -> None:
    """Import every part of a session, so that every kind of operation is known."""
    for name in ("attachments", "extraction", "overview", "references", "riskofbias", "studies", "synthesis"):
        import_module(f"core.session.{name}")


class Context:
    """Who acts, on what."""

    def __init__(self, store: Store, reviewer: Reviewer) -> None:
        self.store = store
        self._reviewer = reviewer

    @property
    def reviewer_id(self) -> Id:
        """Who acts."""
        return self._reviewer.id

    @property
    def reviewer(self) -> Reviewer:
        """The reviewer as the team now has them: roles may change while a session is open."""
        return self._me(team.reviewers(self.store.reader))

    def _me(self, people: Sequence[Reviewer]) -> Reviewer:
        return next((one for one in people if one.id == self._reviewer.id), self._reviewer)

    def require(self, right: Right, connection: Connection | None = None) -> None:
        """NotAllowed unless the reviewer has the right; ``connection`` is that of the operation that asks for it."""
        people = team.reviewers(self.store.reader if connection is None else connection)
        require(self._me(people), right, has_adjudicator=any(p.is_adjudicator for p in people))


class Part:
    """One part of a session (screening, extraction, ...)."""

    def __init__(self, context: Context) -> None:
        self._context = context

    @property
    def _reader(self) -> Connection:
        return self._context.store.reader

    @property
    def _sight(self) -> Sight:
        return Sight.of(self._reader, self._context.reviewer)


P = ParamSpec("P")
R = TypeVar("R")
S = TypeVar("S", bound=Part)


def operation(
    kind: str, label: str, right: Right = Right.WORK
) -> Callable[[Callable[Concatenate[S, Transaction, P], R]], Callable[Concatenate[S, P], OpResult[R]]]:
    """Turn a method that writes through a transaction into an operation: allowed, atomic, logged, undoable.

    ``label`` is what undo shows; {words} in it are filled by ``tx.name(...)``.
    """

    def wrap(method: Callable[Concatenate[S, Transaction, P], R]) -> Callable[Concatenate[S, P], OpResult[R]]:
        OPERATIONS[kind] = Operation(kind, label, right, method.__qualname__)

        @functools.wraps(method)
        def run(self: S, *args: P.args, **kwargs: P.kwargs) -> OpResult[R]:
            context = self._context  # pyright: ignore[reportPrivateUsage]

            def act(tx: Transaction) -> R:
                # Within the transaction: nobody can take the right away between asking for it and writing.
                context.require(right, tx.connection)
                return method(self, tx, *args, **kwargs)

            return context.store.write(context.reviewer_id, kind, label, act)

        return run

    return wrap
