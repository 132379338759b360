"""`pool`: a meta-analysis of a table in a CSV file."""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.cli.common import MEASURE_NAMES, as_json, columns, parser, write_text
from core.errors import FileProblem, InputError

if TYPE_CHECKING:
    from pandas import DataFrame

    from core.synthesis.compute import AnalysisResult, Effect, PoolResult
    from core.synthesis.model import AnalysisData
    from core.synthesis.settings import Settings

_EPILOG = """\
The columns have metafor's names; group 1 is experimental:
  OR RR RD PETO   ai n1i ci n2i   (or ai bi ci di)
  MD SMD          m1i sd1i n1i m2i sd2i n2i
  GEN GENLOG      yi sei   (or yi vi; GENLOG takes logarithms)
  O-E             oei vi"""
_LABELS = ("study", "label", "labels", "slab", "author", "trial")
"""Columns whose names say that they hold the studies' names."""


def run(arguments: Sequence[str]) -> int:
    """Pool and print; refusals of the statistics are the exit code 1."""
    one = parser("pool", "Pool a table of counts, means or effects.", _EPILOG)
    _take_arguments(one)
    options = one.parse_args(arguments)
    from core.synthesis.compute import compute

    table = _read(options.data)
    data = _data(options, table)
    result = compute(data)
    if result.refusal is not None:
        raise result.refusal
    if options.forest is not None:
        from core.cli.results import write_forest

        write_forest((data, result), options.forest)
    if options.json is not None:
        text = as_json(_as_json(data, result))
        if str(options.json) == "-":
            print(text, end="")
            return 0
        write_text(options.json, text)
    print("\n".join(_lines(data, result)))
    return 0


def _take_arguments(one: argparse.ArgumentParser) -> None:
    one.add_argument("data", type=Path, metavar="DATA.csv", help="one line for each study")
    one.add_argument("--measure", required=True, help=MEASURE_NAMES)
    one.add_argument("--model", choices=("random", "common"), help="default: what is recommended")
    one.add_argument("--method", help="IV, MH or Peto (default: what is recommended)")
    one.add_argument("--tau2", help="REML (default), DL, PM, ML")
    one.add_argument("--ci", help="handbook (default), wald, t, hksj, hksj-adhoc")
    one.add_argument("--pi", help="prediction interval: t(k-1) (default), t(k-2), z or none")
    one.add_argument("--level", type=float, default=0.95, help="of confidence (default 0.95)")
    one.add_argument("--compat", choices=("revman5",), default="", help="follow RevMan 5's conventions")
    one.add_argument("--subgroup", metavar="COL", help="the column that names subgroups")
    one.add_argument("--labels", metavar="COL", help="the column that names studies")
    one.add_argument("--forest", type=Path, metavar="FILE", help="write the forest plot (.svg, .png, .pdf)")
    one.add_argument("--json", type=Path, metavar="FILE", help="write the results as JSON (- prints them)")


# --- reading ---------------------------------------------------------------------------------------------------------


def _read(path: Path) -> DataFrame:
    import pandas as pd

    try:
        return pd.read_csv(path, encoding="utf-8-sig", skipinitialspace=True)
    except OSError as error:
        raise FileProblem(
            "pool.unreadable",
            "{path} cannot be read ({reason}).",
            path=str(path),
            reason=error.strerror or type(error).__name__,
        ) from error
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError) as error:
        raise InputError(
            "pool.no_table",
            "{name} is not a table Copse can read: it takes UTF-8 text with a header line and commas between columns.",
            name=path.name,
        ) from error


def _data(options: argparse.Namespace, table: DataFrame) -> AnalysisData:
    """The table as an analysis."""
    from core.model import new_id
    from core.synthesis.model import AnalysisData, Look, Override, Row, Study, Subgroup

    settings = _settings(options)
    labels = _labels(table, options.labels)
    numbers = _numbers(table, settings, labels, options.data.name)
    names = _names(table, options.subgroup) if options.subgroup else []
    groups = {name: Subgroup(new_id(), str(n), name) for n, name in enumerate(dict.fromkeys(names), start=1)}
    rows: list[Row] = []
    for n, label in enumerate(labels):
        group = groups[names[n]].id if names else None
        given = {key: Override(value[n], "", b"", 0) for key, value in numbers.items()}
        study = Study(new_id(), label, "", "")
        rows.append(Row(new_id(), study, group, None, None, None, "", given, {}))
    order = {group.id: place for place, group in enumerate(groups.values())}
    rows.sort(key=lambda row: order.get(row.subgroup_id or b"", 0))
    return AnalysisData(
        new_id(), "", options.data.stem, "", "Experimental", "Control", None, settings, "", Look(), "", "",
        tuple(groups.values()), tuple(rows), (), "",
    )  # fmt: skip


def _settings(options: argparse.Namespace) -> Settings:
    from core.synthesis.settings import changed, default_settings, kind_of

    wanted: dict[str, Any] = {"level": options.level}
    for name in ("model", "method", "tau2", "ci"):
        if getattr(options, name) is not None:
            wanted[name] = getattr(options, name)
    if options.pi is not None:
        wanted["pi"] = "" if options.pi.casefold() == "none" else options.pi
    measure = options.measure.upper()
    start = default_settings(kind_of(measure), measure, options.compat)
    return changed(start, wanted)[0]


def _names(table: DataFrame, column: str) -> list[str]:
    """A column as text; InputError names the columns there are."""
    if column not in table.columns:
        raise InputError(
            "pool.no_column",
            "The table has no column {name}. It has: {known}.",
            name=column,
            known=", ".join(map(str, table.columns)),
        )
    return [str(value) for value in table[column].tolist()]


def _labels(table: DataFrame, wanted: str | None) -> list[str]:
    for name in [wanted] if wanted else [str(c) for c in table.columns if str(c).casefold() in _LABELS]:
        return _names(table, name)
    return [f"Study {n}" for n in range(1, len(table) + 1)]


def _numbers(table: DataFrame, settings: Settings, labels: list[str], name: str) -> dict[str, list[float | None]]:
    """The measure's columns, derived ones too; InputError names what is missing or no number, and where."""
    from core import pooling

    definition = pooling.measure(settings.measure)
    known = [column.key for column in (*definition.columns, *definition.other_inputs)]
    given: dict[str, Any] = {key: _as_numbers(table, key, labels) for key in known if key in table.columns}
    if not given:
        raise InputError(
            "pool.no_columns",
            "{name} has none of the columns that {measure} needs: {needed}. It has: {has}.",
            name=name,
            measure=definition.label.lower(),
            needed=", ".join(column.key for column in definition.columns),
            has=", ".join(map(str, table.columns)),
        )
    effects = pooling.effect_sizes(settings.measure, labels=labels, compatibility=settings.conventions, **given)
    return {
        column.key: [None if math.isnan(value) else float(value) for value in effects.table[column.key]]
        for column in definition.columns
    }


def _as_numbers(table: DataFrame, key: str, labels: list[str]) -> list[float | None]:
    found: list[float | None] = []
    for label, value in zip(labels, table[key].tolist(), strict=True):
        text = str(value).strip()
        if text.casefold() in ("", "nan", "na", "none"):
            found.append(None)
            continue
        try:
            found.append(float(text))
        except ValueError:
            raise InputError(
                "pool.no_number",
                "{study}: “{value}” in the column {column} is not a number. Correct it, or leave it empty.",
                study=label,
                value=text,
                column=key,
            ) from None
    return found


# --- writing ---------------------------------------------------------------------------------------------------------


def _as_json(data: AnalysisData, result: AnalysisResult) -> dict[str, Any]:
    from core.report.tables import results_table, rows_table

    settings = data.settings
    return {
        "settings": {
            name: getattr(settings, name) or None
            for name in ("measure", "method", "model", "tau2", "ci", "pi", "compatibility", "level")
        },
        "results": results_table([(data, result)]),
        "studies": rows_table(data, result),
        "prediction_interval": list(result.overall.prediction)
        if result.overall and result.overall.prediction
        else None,
        "subgroup_differences": _difference(result),
        "notes": _notes(result),
    }


def _difference(result: AnalysisResult) -> dict[str, float] | None:
    test = result.difference
    return None if test is None else {"q": test.q, "df": test.df, "p": test.p, "i2": test.i2}


def _notes(result: AnalysisResult) -> list[str]:
    pools: list[PoolResult | None] = [*(found.pool for found in result.subgroups), result.overall]
    messages = [note.message for note in result.notes]
    messages += [note.message for pool in pools if pool is not None for note in pool.notes]
    return list(dict.fromkeys(messages))


def _effect(effect: Effect | None) -> str:
    from core.figures.wording import effect_text

    if effect is None:
        return "not estimable"
    return effect_text(effect.shown_estimate, effect.shown_lower, effect.shown_upper, decimals=4)


def _lines(data: AnalysisData, result: AnalysisResult) -> list[str]:
    from core.report.forest import forest_plot

    plot = forest_plot(data, result)
    head = f"{result.effect_label} ({plot.effect_header[1]}), {len(data.rows)} studies"
    rows = [[row.study, "" if row.weight is None else f"{row.weight:.1f}%", _effect(row.effect)] for row in result.rows]
    lines = [head, "", columns(rows, right=(1, 2)), ""]
    for found, shown in zip(result.subgroups, plot.subgroups, strict=True):
        if found.pool is not None:
            lines += [f"{found.subgroup.label}: {_effect(found.pool.effect)}, k = {found.pool.pooled.k}"]
            lines += [f"  {line}" for line in shown.lines]
    if result.overall is not None:
        lines += [f"All: {_effect(result.overall.effect)}, k = {result.overall.pooled.k}"]
        lines += [f"  {line}" for line in plot.overall_lines]
    if result.overall is not None and result.overall.prediction is not None:
        low, high = result.overall.prediction
        lines.append(f"  Prediction interval: {low:.4f} to {high:.4f}")
    notes = [*plot.footnotes, *_notes(result)]
    return lines + (["", *notes] if notes else [])
