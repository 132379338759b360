"""What the parts of a session share: who acts, the store, and how an action becomes an operation."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection

from core.model import OpResult, Reviewer
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


class Context:
    """Who acts, on what."""

    def __init__(self, store: Store, reviewer: Reviewer) -> None:
        self.store = store
        self._reviewer = reviewer

    @property
    def reviewer(self) -> Reviewer:
        """The reviewer as the team now has them: roles may change while a session is open."""
        for one in team.reviewers(self.store.reader):
            if one.id == self._reviewer.id:
                return one
        return self._reviewer

    def require(self, right: Right) -> None:
        """NotAllowed unless the reviewer has the right."""
        people = team.reviewers(self.store.reader)
        me = next((p for p in people if p.id == self._reviewer.id), self._reviewer)
        require(me, right, has_adjudicator=any(p.is_adjudicator for p in people))


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
            context.require(right)
            return context.store.write(context.reviewer.id, kind, label, lambda tx: method(self, tx, *args, **kwargs))

        return run

    return wrap
