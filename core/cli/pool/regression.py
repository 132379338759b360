"""What makes effects differ: meta-regression, its permutation test and predictions, subgroups with one tau2."""

from __future__ import annotations

from typing import Any

from core import pooling
from core.cli.pool import text
from core.cli.pool.plain import plain
from core.cli.pool.request import Analysis, Option, Request, Shown
from core.errors import InputError
from core.pooling import MetaRegression, ModeratorTest, PermutationTest


def moderators(request: Request, value: str) -> Shown:
    """A meta-regression on columns of the table: numbers are continuous, texts categories."""
    options, table = request.options, request.table
    categorical = _split(options.categorical or "")
    names = _split(value)
    if not names:
        raise InputError(
            "pool.no_moderators", "--moderators names no column. Write for example --moderators year,dose."
        )
    missing = [name for name in categorical if name not in names]
    if missing:
        raise InputError(
            "pool.not_a_moderator",
            "{names} should be categorical, but is no moderator. Name it in --moderators as well.",
            names=", ".join(missing),
        )
    given = {
        name: table.numbers(name)
        if table.is_numeric(name) and name not in categorical
        else [cell or None for cell in table.names(name)]
        for name in names
    }
    fit = pooling.meta_regression(
        request.effects, given, categorical=categorical, **request.only("model", "tau2", "ci", "level")
    )
    shown, notes = plain(fit), list(fit.notes)
    for internal in ("design", "moderators"):
        shown.pop(internal)
    lines = [*_coefficients(fit), "", *_fit_lines(fit)]
    if options.permutations is not None:
        test = pooling.permutation_test(
            fit, iterations=options.permutations, seed=1 if options.seed is None else options.seed
        )
        if test is not None:
            shown["permutation_test"] = plain(test)
            lines += ["", *_permuted(test)]
            notes += test.notes
    if options.at is not None:
        (predicted,) = pooling.predict(fit, _places(options.at))
        shown["prediction"] = plain(predicted)
        lines += ["", f"expected at {options.at}: {text.effect(predicted.display())}"]
        pi = predicted.display().pi
        lines += [] if pi is None else [f"  prediction interval {text.interval(pi)}"]
    return Shown(lines, shown, notes)


def _split(names: str) -> list[str]:
    return [name.strip() for name in names.split(",") if name.strip()]


def _places(at: str) -> dict[str, float | str]:
    """ "year=1990,alloc=random" as values by moderator."""
    found: dict[str, float | str] = {}
    for part in _split(at):
        name, sign, value = (piece.strip() for piece in part.partition("="))
        if not sign or not name or not value:
            raise InputError(
                "pool.at", "“{at}” does not say at what to predict. Write for example year=1990,alloc=random.", at=at
            )
        try:
            found[name] = float(value)
        except ValueError:
            found[name] = value
    return found


def _coefficients(fit: MetaRegression) -> list[str]:
    stat = "z" if fit.ddf is None else "t"
    rows = [
        [
            one.name,
            text.number(one.estimate),
            text.number(one.se),
            text.number(one.stat),
            text.p(one.p),
            text.interval(one.ci),
        ]
        for one in fit.coefficients
    ]
    head = ["coefficient", "estimate", "SE", stat, "P", f"{100 * fit.settings.level:g}% interval"]
    return text.table(head, rows)


def _fit_lines(fit: MetaRegression) -> list[str]:
    r2 = "" if fit.r2 is None else f", R² = {fit.r2:.1f}%"
    tau2 = "" if fit.tau2 is None else f"Tau² = {text.number(fit.tau2)}, "
    lines = [f"k = {fit.k}, {tau2}I² = {fit.i2:.1f}%{r2}"]
    lines.append(f"residual heterogeneity: {text.test('QE', fit.q, fit.df, fit.q_p)}")
    if fit.omnibus is not None:
        lines.append(f"all moderators: {_moderator_test(fit.omnibus)}")
    if len(fit.tests) > 1:
        lines += [f"{test.moderator}: {_moderator_test(test)}" for test in fit.tests]
    return lines


def _moderator_test(test: ModeratorTest) -> str:
    name, df = ("QM", test.df) if test.ddf is None else ("F", f"{test.df}, {test.ddf}")
    return text.test(name, test.stat, df, test.p)


def _permuted(test: PermutationTest) -> list[str]:
    how = "all arrangements" if test.exact else "random arrangements"
    rows = [[one.name or "all", text.number(one.stat), text.p(one.p)] for one in test.coefficients]
    rows += [
        [f"test of {one.name or 'all moderators'}", text.number(one.stat), text.p(one.p)] for one in test.moderators
    ]
    if test.omnibus is not None:
        rows.append(["test of all moderators", text.number(test.omnibus.stat), text.p(test.omnibus.p)])
    head = f"permutation test ({how}: {test.permutations})"
    return [head, *(text.table(["", "statistic", "P"], rows) if rows else ["not defined"])]


def common_tau2(request: Request, _value: str) -> Shown:
    """Subgroups with one tau2 for all."""
    column = request.options.subgroup
    if column is None:
        raise InputError("pool.no_subgroup", "A common Tau² needs subgroups: name their column with --subgroup.")
    by: list[str | None] = [name or None for name in request.table.names(column)]
    found = pooling.subgroups_common_tau2(request.effects, by, **request.only("model", "tau2", "ci", "level"))
    rows = [[group.label, str(group.k), text.effect(group.display()), text.p(group.p)] for group in found.groups]
    lines = text.table(["subgroup", "k", "effect", "P"], rows)
    fit = found.regression
    if fit.tau2 is not None:
        lines.append(f"Tau² = {text.number(fit.tau2)} for all")
    if found.difference is not None:
        lines.append(f"differences: {_moderator_test(found.difference)}")
    json: dict[str, Any] = {
        "groups": plain(found.groups),
        "difference": plain(found.difference),
        "tau2": plain(fit.tau2),
        "q": plain(fit.q),
        "df": fit.df,
        "q_p": plain(fit.q_p),
    }
    return Shown(lines, json, found.notes)


ANALYSES = (
    Analysis(
        "moderators",
        "Meta-regression",
        "a meta-regression on these columns, separated by commas; --ci hksj is Knapp and Hartung's test (the default)",
        moderators,
        "COLS",
        options=(
            Option("categorical", "moderators among these whose numbers are categories", "COLS"),
            Option("permutations", "a permutation test with this many random arrangements (or all, if few)", "N", int),
            Option("seed", "where its random numbers start (default 1)", "N", int),
            Option("at", "the effect expected there, such as year=1990,alloc=random", "VALUES"),
        ),
    ),
    Analysis(
        "common-tau2",
        "Subgroups with a common Tau²",
        "pool the subgroups with one Tau² for all, and test their differences so",
        common_tau2,
    ),
)
