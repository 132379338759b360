"""The pooled result of `pool`: settings, text and JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core import pooling
from core.cli.common import columns
from core.cli.pool import text
from core.cli.pool.plain import plain
from core.pooling import EffectSizes, Interval, Note, Pooled, Subgroups
from core.pooling.measures.base import Compatibility


def settled(measure: str, compatibility: Compatibility, asked: Mapping[str, Any]) -> dict[str, Any]:
    """What `pooling.pool` is asked for: as asked, and the method and model that go best with that.

    What was asked for is never changed; when nothing goes with it, `pooling.pool` says what would.
    """
    advised = pooling.recommended(measure, compatibility)
    usual = {"method": advised.method, "model": advised.model}
    fixed = {name: asked[name] for name in usual if asked[name] is not None}
    candidates = [
        entry
        for entry in pooling.combinations(measure, compatibility)
        if all(getattr(entry, name) == value for name, value in fixed.items())
    ]
    nearest = max(
        candidates, key=lambda entry: (entry.model == advised.model, entry.method == advised.method), default=None
    )
    found = usual | fixed if nearest is None else {"method": nearest.method, "model": nearest.model}
    return {**asked, **found}


@dataclass(frozen=True, slots=True)
class Result:
    """The effects with what was pooled from them."""

    effects: EffectSizes
    overall: Pooled
    subgroups: Subgroups | None

    @property
    def order(self) -> Sequence[int]:
        """The rows, those of a subgroup together."""
        if self.subgroups is None:
            return range(len(self.effects))
        return [row for group in self.subgroups.groups for row in group.rows]

    @property
    def notes(self) -> list[Note]:
        pools = [group.pooled for group in self.subgroups.groups] if self.subgroups else []
        between = self.subgroups.notes if self.subgroups else ()
        return [*self.effects.notes, *between, *(entry for pool in (*pools, self.overall) for entry in pool.notes)]


def pooled(effects: EffectSizes, by: Sequence[str | None] | None, settings: Mapping[str, Any]) -> Result:
    """Pool, in subgroups when ``by`` names them."""
    if by is None:
        return Result(effects, pooling.pool(effects, **settings), None)
    found = pooling.subgroups(effects, by, **settings)
    return Result(effects, found.overall, found)


def write_forest(result: Result, path: Path) -> None:
    """The forest plot as a file."""
    from core.figures.forest import layout_forest
    from core.figures.painter import save
    from core.report.pooled_forest import pooled_forest

    save(layout_forest(pooled_forest(result.effects, result.subgroups or result.overall)), path, dpi=300)


# --- text ------------------------------------------------------------------------------------------------------------


def lines(result: Result) -> list[str]:
    """The result in words, as a forest plot has it."""
    from core.figures.wording import subgroup_line
    from core.report.forest import method_line, pool_lines

    effects, overall = result.effects, result.overall
    settings = overall.settings
    head = f"{effects.definition.label} ({method_line(settings.method, settings.model, settings.level)})"
    found = [f"{head}, {text.studies(len(effects))}", "", *_rows(result)]
    for group in result.subgroups.groups if result.subgroups else ():
        found += _pooled_lines(group.label, group.pooled)
    found += [f"All: {text.effect(overall.display())}, k = {overall.k}"]
    found += [f"  {line}" for line in pool_lines(overall)]
    if result.subgroups is not None:
        test = result.subgroups.difference
        found.append(f"  {subgroup_line(test.q, test.df, test.p, test.i2) if test else subgroup_line()}")
    return [*found, *_prediction(overall)]


def _rows(result: Result) -> list[str]:
    """The studies, those of a subgroup below its name, and an empty line."""
    if not result.order:
        return []
    lines = columns([_row(result, row) for row in result.order], right=(1, 2)).split("\n")
    if result.subgroups is None:
        return [*lines, ""]
    found: list[str] = []
    for group in result.subgroups.groups:
        found += [group.label, *(f"  {lines.pop(0)}" for _ in group.rows)]
    return [*found, ""]


def _pooled_lines(label: str, found: Pooled) -> list[str]:
    from core.report.forest import pool_lines

    lines = [f"  {line}" for line in pool_lines(found)]
    return [f"{label}: {text.effect(found.display())}, k = {found.k}", *lines, *_prediction(found)]


def _prediction(found: Pooled) -> list[str]:
    shown = found.display()
    return [] if shown is None or shown.pi is None else [f"  Prediction interval: {text.interval(shown.pi)}"]


def footnotes(result: Result) -> list[str]:
    """How intervals and tau2 were computed, where a reader could not tell."""
    from core.report.forest import method_notes

    groups = result.subgroups.groups if result.subgroups else ()
    return method_notes([result.overall, *(group.pooled for group in groups)])


def _row(result: Result, row: int) -> list[str]:
    shown = result.effects.display(row, result.overall.settings.level)
    weight = "" if shown is None else f"{result.overall.weights[row]:.1f}%"
    return [result.effects.labels[row], weight, text.effect(shown)]


# --- JSON ------------------------------------------------------------------------------------------------------------


def as_json(result: Result) -> dict[str, Any]:
    """Every number that is shown, and those behind it, at full precision."""
    overall = result.overall
    settings = plain(overall.settings)
    shown = overall.display()
    groups = result.subgroups.groups if result.subgroups else ()
    return {
        "settings": {"measure": result.effects.measure, **settings, "effects": plain(result.effects.options)},
        "results": [*(_pool(group.label, group.pooled) for group in groups), _pool(None, overall)],
        "studies": [_study(result, row) for row in result.order],
        "prediction_interval": plain(shown.pi) if shown else None,
        "subgroup_differences": plain(result.subgroups.difference) if result.subgroups else None,
        "notes": list(dict.fromkeys(note.message for note in result.notes)),
    }


def _pool(subgroup: str | None, found: Pooled) -> dict[str, Any]:
    shown = found.display()
    low, high = shown.ci if shown else (None, None)
    rest = plain(found)
    for name in ("measure", "settings", "weights", "notes", "estimate", "ci", "pi", "display"):
        rest.pop(name, None)
    return {
        "subgroup": subgroup,
        "measure": found.measure,
        "method": found.settings.method,
        "model": found.settings.model,
        "k": found.k,
        "estimate": plain(shown.estimate) if shown else None,
        "ci_lower": plain(low),
        "ci_upper": plain(high),
        "pi": plain(shown.pi) if shown else None,
        "analysed": {"estimate": plain(found.estimate), "ci": plain(found.ci), "pi": plain(found.pi)},
        **rest,
    }


def _study(result: Result, row: int) -> dict[str, Any]:
    effects, level = result.effects, result.overall.settings.level
    found, shown = effects.effect(row, level), effects.display(row, level)
    groups = {row: group.label for group in (result.subgroups.groups if result.subgroups else ()) for row in group.rows}
    low, high = shown.ci if shown else Interval(float("nan"), float("nan"))
    return {
        "study": effects.labels[row],
        "subgroup": groups.get(row),
        **{key: plain(float(values[row])) for key, values in effects.table.items()},
        "estimate": plain(shown.estimate) if shown else None,
        "ci_lower": plain(low),
        "ci_upper": plain(high),
        "analysed": plain(found[0]) if found else None,
        "se": plain(found[1]) if found else None,
        "weight": plain(float(result.overall.weights[row])) if found else None,
        "not_estimable": "" if found else " ".join(note.message for note in effects.row_notes(row)),
    }
