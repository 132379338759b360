"""Permutation tests of meta-regressions: how often do moderators that are dealt out anew explain as much?"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np

from core.errors import InputError
from core.pooling.measures.base import FloatArray
from core.pooling.notes import Note, note
from core.pooling.regression.estimators import estimator
from core.pooling.regression.fit import prepare
from core.pooling.regression.results import MetaRegression
from core.pooling.regression.space import IntArray, at, reduced, space
from core.pooling.rules import check_seed

Progress = Callable[[int, int], bool | None]

EXACT_UP_TO = 10_000
MOST_EXACT = 1_000_000
AT_ONCE = 250
TIE = 1e-8
"""Statistics this close count as equal: the same arrangement computed in another order of the studies."""


@dataclass(frozen=True, slots=True)
class PermutedTest:
    """``stat`` as in the meta-regression (t or z; F or chi-squared) and the share of arrangements as extreme. ``name``
    is that of the term or moderator, None for all moderators together."""

    name: str | None
    stat: float
    p: float


@dataclass(frozen=True, slots=True)
class PermutationTest:
    """P values by permutation. ``coefficients`` are two-sided tests of the terms other than the intercept (of the mean
    itself when there is no moderator), ``omnibus`` of all moderators together, ``moderators`` of each. ``permutations``
    were computed; when ``exact`` these are all, the observed one among them, and ``seed`` is None."""

    exact: bool
    permutations: int
    seed: int | None
    coefficients: tuple[PermutedTest, ...] = ()
    omnibus: PermutedTest | None = None
    moderators: tuple[PermutedTest, ...] = ()
    notes: tuple[Note, ...] = ()


def permutation_test(
    fit: MetaRegression,
    *,
    iterations: int = 1000,
    seed: int = 1,
    exact: bool | None = None,
    progress: Progress | None = None,
) -> PermutationTest | None:
    """Test the moderators of a meta-regression by permutation: their values are dealt out to the studies anew, whole
    rows at a time, and everything is estimated again (Higgins & Thompson 2004, Stat Med 23:1663). Without moderators
    the signs of the effects are changed instead (Follmann & Proschan 1999, Biometrics 55:732).

    All arrangements that differ are used when there are at most 10,000 (or ``exact`` is True); otherwise ``iterations``
    random ones drawn with ``seed``, P = (1 + as extreme) / (1 + iterations) (Phipson & Smyth 2010). ``progress`` is
    called with (done, total) and cancels by returning False; the result is then None. Raises ``InputError`` when an
    exact test would need more than a million arrangements.
    """
    if iterations < 1:
        raise InputError(
            "permutation.iterations",
            "A permutation test needs at least one permutation, not {count}.",
            count=iterations,
        )
    check_seed(seed)
    dealer = Signs(fit) if fit.omnibus is None else Rows(fit)
    count = dealer.count
    whole = count <= EXACT_UP_TO if exact is None else exact
    if whole and count > MOST_EXACT:
        raise InputError(
            "permutation.too-many",
            "There are {count} arrangements, too many to try them all. Leave out exact, so that {iterations} of them "
            "are drawn at random.",
            count=f"{count:.3g}" if count < 1e300 else "more than 1e300",
            iterations=iterations,
        )
    if fit.q == 0 and fit.settings.ci == "hksj":
        return PermutationTest(whole, 0, None if whole else seed, notes=(note("permutation.perfect-fit"),))
    machine = Machine(fit, dealer)
    limit = machine.statistics(dealer.observed[None])[0]
    limit -= TIE * np.maximum(1.0, limit)
    total = count if whole else iterations
    source = dealer.every() if whole else dealer.drawn(iterations, np.random.default_rng(seed))
    extreme, done = np.zeros(len(limit), dtype=np.int64), 0
    while part := list(islice(source, AT_ONCE)):
        extreme += (machine.statistics(np.array(part)) >= limit).sum(axis=0)
        done += len(part)
        if progress is not None and progress(done, total) is False:
            return None
    p = extreme / done if whole else (1 + extreme) / (1 + done)
    return _result(fit, p.tolist(), whole, done, seed)


def _result(fit: MetaRegression, p: list[float], exact: bool, done: int, seed: int) -> PermutationTest:
    shares = iter(p)
    coefficients = tuple(
        PermutedTest(each.name, each.stat or 0.0, next(shares))
        for each in fit.coefficients
        if each.moderator or fit.omnibus is None
    )
    several = [None] * (fit.omnibus is not None) + [each.moderator for each in fit.tests]
    found = {each.moderator: each.stat for each in (fit.omnibus, *fit.tests) if each is not None}
    tests = [PermutedTest(name, found[name] or 0.0, next(shares)) for name in several]
    few = exact and done < 20
    notes = (note("permutation.few", count=done, least=1 / done),) if few else ()
    return PermutationTest(
        exact, done, None if exact else seed, coefficients, tests[0] if tests else None, tuple(tests[1:]), notes
    )


class Rows:
    """Deals the rows of the design out to the studies (by descending precision): arrays of row positions."""

    def __init__(self, fit: MetaRegression) -> None:
        self.prepared = prepare(fit.y, fit.v, fit.design)
        k = fit.k
        codes = np.unique(fit.x[self.prepared.order], axis=0, return_inverse=True)[1].reshape(k)
        self.groups: list[int] = sorted(codes.tolist())
        self.first = np.array([int((codes == code).argmax()) for code in range(self.groups[-1] + 1)])
        self.observed = np.arange(k)
        self.count = math.factorial(k)
        for code in set(self.groups):
            self.count //= math.factorial(self.groups.count(code))

    def every(self) -> Iterator[IntArray]:
        """All arrangements in which a study has another row; rows that are alike are not told apart."""
        groups = self.groups.copy()
        k = len(groups)
        while True:
            yield self.first[groups]
            i = next((i for i in range(k - 2, -1, -1) if groups[i] < groups[i + 1]), -1)
            if i < 0:
                return
            j = next(j for j in range(k - 1, i, -1) if groups[j] > groups[i])
            groups[i], groups[j] = groups[j], groups[i]
            groups[i + 1 :] = groups[:i:-1]

    def drawn(self, count: int, rng: np.random.Generator) -> Iterator[IntArray]:
        for _ in range(count):
            yield rng.permutation(len(self.groups))

    def arranged(self, basis: FloatArray, y: FloatArray, dealt: IntArray) -> tuple[FloatArray, FloatArray]:
        """(basis, effects) of every arrangement."""
        return basis[dealt], np.broadcast_to(y, dealt.shape)


class Signs:
    """Changes the signs of the effects: arrays of 1 and -1."""

    def __init__(self, fit: MetaRegression) -> None:
        prepared = prepare(fit.y, fit.v, fit.design)
        # The signs are those of the effects themselves, so nothing may be subtracted from them.
        self.prepared = replace(prepared, shift=0.0, y=fit.y[prepared.order])
        self.observed = np.ones(fit.k, dtype=np.intp)
        self.count = 2**fit.k

    def every(self) -> Iterator[IntArray]:
        k = len(self.observed)
        for number in range(self.count):
            yield np.array([-1 if number >> i & 1 else 1 for i in range(k)], dtype=np.intp)

    def drawn(self, count: int, rng: np.random.Generator) -> Iterator[IntArray]:
        for _ in range(count):
            yield 2 * rng.integers(0, 2, size=len(self.observed), dtype=np.intp) - 1

    def arranged(self, basis: FloatArray, y: FloatArray, dealt: IntArray) -> tuple[FloatArray, FloatArray]:
        """(basis, effects) of every arrangement."""
        return np.broadcast_to(basis, (len(dealt), *basis.shape)), y * dealt


class Machine:
    """The statistics of many arrangements at once: the size of t or z of each term tested, then F or chi-squared of all
    moderators and of each."""

    def __init__(self, fit: MetaRegression, dealer: Rows | Signs) -> None:
        self.settings, self.df, self.dealer = fit.settings, fit.df, dealer
        self.estimator = None if fit.settings.tau2 is None else estimator(fit.settings.tau2)
        self.rest, self.free = reduced(dealer.prepared.basis)
        self.triangle = fit.design.triangle
        terms = fit.design.terms
        self.tested = [i for i, term in enumerate(terms) if term.moderator or fit.omnibus is None]
        each = [fit.design.columns_of(test.moderator or "") for test in fit.tests]
        blocks = [] if fit.omnibus is None else [self.tested, *each]
        self.blocks = [(self._turned(block, len(terms)), len(block)) for block in blocks]

    def _turned(self, block: list[int], p: int) -> FloatArray:
        """The basis with the columns of the block last, so that they bring what the others leave."""
        order = [i for i in range(p) if i not in block] + block
        return self.dealer.prepared.basis @ np.linalg.qr(self.triangle[:, order])[0]

    def statistics(self, dealt: IntArray) -> FloatArray:
        """(number of arrangements, number of statistics)."""
        prepared = self.dealer.prepared
        rest, y = self.dealer.arranged(self.rest, prepared.y, dealt)
        free = self.dealer.arranged(self.free, prepared.y, dealt)[0]
        of = space(rest, free, y, prepared.v, self.df, prepared.rounding)
        found = at(of, 0.0 if self.estimator is None else self.estimator.tau2(of))
        root = np.sqrt(found.w)
        scale = {"hksj": found.quadratic / self.df, "hksj-adhoc": np.maximum(1.0, found.quadratic / self.df)}.get(
            self.settings.ci, np.ones(len(dealt))
        )
        q, triangle = self._weighted(prepared.basis, dealt, root)
        spread = np.linalg.inv(triangle @ self.triangle)[:, self.tested]
        estimates = np.einsum("ntp,np->nt", spread, np.einsum("nkp,nk->np", q, root * y))
        variances = np.einsum("ntp,ntp->nt", spread, spread) * scale[:, None]
        with np.errstate(divide="ignore", invalid="ignore"):
            columns = [np.abs(estimates) / np.sqrt(variances)]
            for basis, size in self.blocks:
                last = self._weighted(basis, dealt, root)[0][:, :, -size:]
                wald = (np.einsum("nkp,nk->np", last, root * y) ** 2).sum(axis=1)
                columns.append((wald / (scale if self.settings.ci == "wald" else scale * size))[:, None])
        return np.nan_to_num(np.concatenate(columns, axis=1), nan=0.0, posinf=math.inf)

    def _weighted(self, basis: FloatArray, dealt: IntArray, root: FloatArray) -> tuple[FloatArray, FloatArray]:
        arranged = self.dealer.arranged(basis, self.dealer.prepared.y, dealt)[0]
        q, triangle = np.linalg.qr(root[:, :, None] * arranged)
        return q, triangle
