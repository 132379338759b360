"""`convert`: from the numbers that papers print to those that an analysis needs."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.cli.common import as_json, parser, write_text
from core.errors import InputError

if TYPE_CHECKING:
    from core.pooling.conversions import Conversion, Converted, Field

_EPILOG = """\
examples:
  main.py convert                                    list all conversions
  main.py convert sd_from_ci                         say what one of them takes and gives
  main.py convert sd_from_ci lower=30 upper=34.2 n=25
  main.py convert participants --table trial.csv arm=group followup=week8"""


def run(arguments: Sequence[str]) -> int:
    """List, explain or convert; refusals are the exit code 1."""
    one = parser("convert", "Convert what a paper prints into what an analysis needs.", _EPILOG)
    one.add_argument("conversion", nargs="?", metavar="CONVERSION", help="which one; all are listed when left out")
    one.add_argument("inputs", nargs="*", metavar="NAME=VALUE", help="its inputs; lists with commas between values")
    one.add_argument("--table", type=Path, metavar="FILE", help="a CSV file; lists are then named by their column")
    one.add_argument("--json", type=Path, metavar="FILE", help="write the result as JSON (- prints it)")
    options = one.parse_intermixed_args(arguments)
    from core.pooling import conversions

    if options.conversion is None:
        print("\n".join(_listed()))
        return 0
    entry = conversions.conversion(options.conversion)
    if not options.inputs:
        print("\n".join(_explained(entry)))
        return 0
    found = entry.run(_inputs(one, entry, options))
    if options.json is not None:
        from core.cli.pool.plain import plain

        text = as_json(plain(found))
        if str(options.json) == "-":
            print(text, end="")
            return 0
        write_text(options.json, text)
    print("\n".join(_shown(entry, found)))
    return 0


def _inputs(one: argparse.ArgumentParser, entry: Conversion, options: argparse.Namespace) -> dict[str, Any]:
    """The inputs as the conversion takes them: numbers, texts, lists. What it does not know it refuses itself."""
    from core.cli.pool.table import read

    table = None if options.table is None else read(options.table, None)
    fields = {field.key: field for field in entry.inputs}
    found: dict[str, Any] = {}
    for pair in options.inputs:
        key, sign, value = pair.partition("=")
        if not sign:
            one.error(f"write inputs as NAME=VALUE, not {pair}")
        field = fields.get(key)
        if field is None or not field.many:
            found[key] = _value(field, value)
        elif table is not None and table.has(value):
            found[key] = [_value(field, cell) for cell in table.names(value)]
        else:
            found[key] = [_value(field, part.strip()) for part in value.split(",")]
    return found


def _value(field: Field | None, text: str) -> float | str | None:
    """A number where the field takes one; texts, choices and cells of raw data that are none stay as they are."""
    if not text:
        return None
    if field is None or field.kind in ("choice", "text"):
        return text
    try:
        return float(text)
    except ValueError:
        if field.kind == "cell":
            return text
        raise InputError(
            "convert.no_number", "{title}: “{value}” is not a number.", title=field.title, value=text
        ) from None


def _listed() -> list[str]:
    from core.cli.common import columns
    from core.pooling import conversions

    lines: list[str] = []
    for group in conversions.GROUPS:
        rows = [[f"  {each.id}", each.label] for each in conversions.CONVERSIONS if each.group == group.key]
        lines += [group.label, columns(rows), ""]
    return [*lines, "main.py convert CONVERSION says what it takes."]


def _explained(entry: Conversion) -> list[str]:
    from core.cli.common import columns

    takes = [[f"  {field.key}", field.title, field.unit, _how(field)] for field in entry.inputs]
    gives = [[f"  {output.key}", output.title, output.unit] for output in entry.outputs]
    lines = [entry.label, "", "takes", columns(takes), "", "gives", columns(gives), "", entry.method]
    return [*lines, *entry.assumptions, entry.citation]


def _how(field: Field) -> str:
    """What may be entered, beyond what the unit says."""
    words = ["a list"] if field.many else []
    if field.options:
        words.append("one of: " + "; ".join(f"{option.key} ({option.label})" for option in field.options))
    if field.default is not None:
        words.append(f"default {field.default:g}" if isinstance(field.default, float) else f"default {field.default}")
    elif not field.required:
        words.append("may be left out")
    return ", ".join(words)


def _shown(entry: Conversion, found: Converted) -> list[str]:
    from core.cli.common import columns

    titles = {output.key: output.title for output in entry.outputs}
    rows = [[key, titles.get(key, ""), f"{value:.10g}"] for key, value in found.values.items()]
    lines = [entry.label, "", columns(rows, right=(2,))] if rows else [entry.label]
    for group in found.groups:
        values = [[f"  {key}", titles.get(key, ""), f"{value:.10g}"] for key, value in group.values.items()]
        lines += ["", group.label, columns(values, right=(2,))]
    return [*lines, "", found.method, *found.assumptions, *(note.message for note in found.notes), found.citation]
