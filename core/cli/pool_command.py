"""`pool`: a meta-analysis of a table in a CSV file or a workbook, and the further analyses that are asked for."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.cli.common import as_json, parser, write_text
from core.errors import InputError

if TYPE_CHECKING:
    from core.cli.pool.request import Analysis
    from core.cli.pool.table import Table
    from core.pooling import EffectSizes

_HEAD = "Pool a table of counts, means, proportions, correlations or effects: one line for each study."


def run(arguments: Sequence[str]) -> int:
    """Pool and print; refusals of the statistics are the exit code 1."""
    from core.cli.pool.table import read

    one = parser("pool", _HEAD, _columns_by_measure())
    _take_arguments(one)
    options = one.parse_args(arguments)
    _check_options(one, options)
    table = read(options.data, options.labels)
    lines, document = (_accuracy if options.accuracy else _pooled)(options, table)
    if str(options.json) == "-":
        print(as_json(document), end="")
        return 0
    if options.json is not None:
        write_text(options.json, as_json(document))
    print("\n".join(lines))
    return 0


def _accuracy(options: argparse.Namespace, table: Table) -> tuple[list[str], dict[str, Any]]:
    from core.cli.pool.accuracy import accuracy

    found = accuracy(options, table)
    return _with_notes(found.lines, [note.message for note in found.notes]), found.json


def _pooled(options: argparse.Namespace, table: Table) -> tuple[list[str], dict[str, Any]]:
    """The pooled result, then each analysis that was asked for, as text and as JSON."""
    from core.cli.pool import result as results
    from core.cli.pool.request import Request

    effects = _effects(options, table)
    settings = results.settled(options.measure, effects.compatibility, _settings(options))
    by = [name or None for name in table.names(options.subgroup)] if options.subgroup else None
    result = results.pooled(effects, by, settings)
    request = Request(options, table, effects, settings)
    shown = {analysis: analysis.run(request, getattr(options, analysis.name)) for analysis in _asked(options)}
    if options.forest is not None:
        results.write_forest(result, options.forest)
    lines = results.lines(result)
    for analysis, found in shown.items():
        lines += ["", analysis.title, *(f"  {line}".rstrip() for line in found.lines)]
    notes = [*result.notes, *(note for found in shown.values() for note in found.notes)]
    lines = _with_notes(lines, [*results.footnotes(result), *(note.message for note in notes)])
    return lines, results.as_json(result) | {analysis.name: found.json for analysis, found in shown.items()}


def _asked(options: argparse.Namespace) -> list[Analysis]:
    from core.cli.pool.analyses import ANALYSES

    return [analysis for analysis in ANALYSES if getattr(options, analysis.name) is not None]


def _with_notes(lines: list[str], notes: Sequence[str]) -> list[str]:
    """The lines, and below them each note once."""
    return [*lines, "", *dict.fromkeys(notes)] if notes else lines


# --- options ---------------------------------------------------------------------------------------------------------


def _take_arguments(one: argparse.ArgumentParser) -> None:
    from core import pooling
    from core.cli.pool.accuracy import METHODS
    from core.cli.pool.analyses import GROUPS
    from core.pooling.measures.base import SMALL_SAMPLES

    one.add_argument("data", type=Path, metavar="DATA.csv", help="one line for each study")
    one.add_argument("--measure", type=str.upper, help="the effect measure (see below)")
    one.add_argument(
        "--accuracy",
        nargs="?",
        const=METHODS[0],
        choices=METHODS,
        metavar="METHOD",
        help="in place of a measure: the accuracy of a diagnostic test, binomial (default) or normal",
    )
    one.add_argument("--labels", metavar="COL", help="the column that names studies")
    one.add_argument("--forest", type=Path, metavar="FILE", help="write the forest plot (.svg, .png, .pdf)")
    one.add_argument("--json", type=Path, metavar="FILE", help="write the results as JSON (- prints them)")
    model = one.add_argument_group("model (default: what is recommended)")
    model.add_argument("--model", choices=_keys(pooling.MODELS))
    model.add_argument("--method", help="IV, MH or Peto")
    model.add_argument("--tau2", help=", ".join(_keys(pooling.TAU2_ESTIMATORS)))
    model.add_argument("--ci", help=", ".join(_keys(pooling.INTERVALS)))
    model.add_argument("--pi", help=f"prediction interval: {', '.join(_keys(pooling.PREDICTION_INTERVALS))} or none")
    model.add_argument("--level", type=float, default=0.95, help="of confidence (default 0.95)")
    model.add_argument("--subgroup", metavar="COL", help="the column that names subgroups")
    rules = one.add_argument_group("effects (default: current recommendations)")
    rules.add_argument(
        "--compat", "--conventions", choices=("current", "revman5"), default="current", help="whose conventions"
    )
    rules.add_argument("--add", type=float, help="what is added to zero cells (default 0.5)")
    rules.add_argument("--to", help="to which studies: only0, if0all, all or none")
    rules.add_argument("--drop00", choices=("yes", "no"), help="whether studies without any event are dropped")
    rules.add_argument("--vtype", help="the formula of the variance, such as LS, UB or HO")
    rules.add_argument("--small-sample", choices=SMALL_SAMPLES, help="the correction of standardised mean differences")
    rules.add_argument("--mh-add", type=float, default=0.0, help="what is added in Mantel-Haenszel's sums (default 0)")
    rules.add_argument("--mh-to", default=None, help="to which studies there: only0, if0all, all or none")
    for title, analyses in GROUPS:
        group = one.add_argument_group(title)
        for analysis in analyses:
            analysis.add_to(group)


def _keys(choices: Sequence[Any]) -> list[str]:
    return [choice.key for choice in choices]


def _columns_by_measure() -> str:
    """Which columns each measure needs, by metafor's names."""
    from core import pooling

    found: dict[str, list[str]] = {}
    for measure in pooling.MEASURES:
        found.setdefault(" ".join(column.key for column in measure.columns), []).append(measure.key)
    lines = ["columns of the measures (metafor's names; group 1 is experimental):"]
    lines += [f"  {' '.join(measures)}: {keys}" for keys, measures in found.items()]
    return "\n".join([*lines, "  --accuracy: tp fp fn tn (or tp np tn nn)"])


def _check_options(one: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    """A usage error for an option that means nothing without its analysis, or beside --accuracy."""
    from core.cli.pool.analyses import ANALYSES

    if (options.measure is None) == (options.accuracy is None):
        one.error("say what to pool, with --measure or with --accuracy")
    if options.accuracy is not None and (_asked(options) or options.forest or options.subgroup):
        one.error("--accuracy goes with --labels, --level and --json only")
    for analysis in ANALYSES:
        for option in analysis.options:
            if getattr(options, option.name) is not None and getattr(options, analysis.name) is None:
                one.error(f"--{option.flag} needs --{analysis.flag}")


def _settings(options: argparse.Namespace) -> dict[str, Any]:
    """What is asked of `pooling.pool`; None where nothing was."""
    from core import pooling
    from core.pooling.rules import AUTO

    pi = _known(options.pi, [*_keys(pooling.PREDICTION_INTERVALS), "none"])
    if pi not in (None, "none", *_keys(pooling.PREDICTION_INTERVALS)):
        raise InputError(
            "pool.pi",
            "There is no prediction interval {name}. Choose one of: {known}, none.",
            name=pi,
            known=", ".join(_keys(pooling.PREDICTION_INTERVALS)),
        )
    return {
        "model": options.model,
        "method": _known(options.method, _keys(pooling.METHODS)),
        "tau2": _known(options.tau2, _keys(pooling.TAU2_ESTIMATORS)),
        "ci": _known(options.ci, _keys(pooling.INTERVALS)),
        "level": options.level,
        "pi": AUTO if pi is None else None if pi == "none" else pi,
        "add": options.mh_add,
        "to": options.mh_to or ("only0" if options.mh_add else "none"),
    }


def _known(asked: str | None, keys: Sequence[str]) -> str | None:
    """What was asked for as its key is written, "reml" as "REML"; as it was asked where there is no such key."""
    return next((key for key in keys if asked is not None and key.casefold() == asked.casefold()), asked)


# --- effects ---------------------------------------------------------------------------------------------------------


def _effects(options: argparse.Namespace, table: Table) -> EffectSizes:
    """The effects of the table's lines; InputError names what is missing or no number, and where."""
    from core import pooling

    definition = pooling.measure(options.measure)
    known = [column.key for column in (*definition.columns, *definition.other_inputs)]
    given = {key: table.numbers(key) for key in known if table.has(key)}
    if not given:
        raise InputError(
            "pool.no_columns",
            "{name} has none of the columns that {measure} needs: {needed}. It has: {has}.",
            name=table.name,
            measure=definition.inside,
            needed=", ".join(column.key for column in definition.columns),
            has=", ".join(table.columns),
        )
    try:
        return _effect_sizes(options, table, given)
    except InputError as error:
        if error.code != "pooling.missing-column":
            raise
        raise InputError(
            "pool.column_missing",
            "{problem} {name} has the columns: {has}.",
            problem=error.message,
            name=table.name,
            has=", ".join(table.columns),
        ) from error


def _effect_sizes(options: argparse.Namespace, table: Table, given: dict[str, Any]) -> EffectSizes:
    from core import pooling

    return pooling.effect_sizes(
        options.measure,
        labels=table.labels,
        compatibility="revman5" if options.compat == "revman5" else None,
        add=options.add,
        to=options.to,
        drop00=None if options.drop00 is None else options.drop00 == "yes",
        vtype=options.vtype,
        small_sample=options.small_sample,
        **given,
    )
