"""Selection models: what the result would be if studies are seen or not by their P values."""

from __future__ import annotations

from core import pooling
from core.cli.pool import text
from core.cli.pool.plain import plain
from core.cli.pool.request import Analysis, Option, Request, Shown
from core.errors import InputError
from core.pooling import SelectionWeight


def selection(request: Request, value: str) -> Shown:
    options, settings = request.options, request.only("level")
    if options.steps is not None:
        settings["steps"] = _numbers("steps", options.steps)
    if options.selection_weights is not None:
        named = pooling.VEVEA_WOODS_WEIGHTS.get(options.selection_weights)
        settings["weights"] = named or _numbers("selection-weights", options.selection_weights)
        if named is not None and options.steps is None:
            settings["steps"] = pooling.VEVEA_WOODS_STEPS
    if options.selection_side is not None:
        settings["side"] = options.selection_side
    found = pooling.selection_model(request.effects, kind="beta" if value == "beta" else "step", **settings)
    if not found.estimable:
        return Shown([text.NOT_ESTIMABLE], plain(found), found.notes)
    shown = request.effects.definition.shown
    lines = [f"adjusted: {text.effect(found.display())}; {text.test('z', found.stat, None, found.p)}, k = {found.k}"]
    lines.append(f"Tau² = {text.number(found.tau2)}")
    if found.unadjusted is not None:
        before = text.number(shown(found.unadjusted))
        lines.append(f"without selection, by ML: {before}, Tau² = {text.number(found.unadjusted_tau2)}")
    rows = [
        [
            _interval(each) or f"{place}",
            _count(each.studies),
            text.number(each.delta),
            text.number(each.se),
            text.interval(each.ci),
            text.p(each.p),
        ]
        for place, each in enumerate(found.weights, start=1)
    ]
    lines += text.table(
        ["P" if found.kind == "step" else "exponent", "studies", "weight", "SE", "interval", "P of 1"], rows
    )
    if found.selection is not None:
        test = found.selection
        lines.append(f"selection: {text.test('LRT', test.stat, test.df, test.p)}")
    return Shown(lines, plain(found), found.notes)


def _interval(weight: SelectionWeight) -> str:
    return "" if weight.low is None or weight.high is None else f"{weight.low:g} to {weight.high:g}"


def _count(value: int | None) -> str:
    return "" if value is None else str(value)


def _numbers(option: str, value: str) -> tuple[float, ...]:
    """ "0.025,0.5" as numbers."""
    try:
        return tuple(float(part) for part in value.split(",") if part.strip())
    except ValueError:
        raise InputError(
            "pool.numbers", "--{option} takes numbers separated by commas, not “{value}”.", option=option, value=value
        ) from None


ANALYSES = (
    Analysis(
        "selection",
        "Selection model",
        "the result adjusted for selection by P values: step (default) or beta",
        selection,
        "KIND",
        "step",
        ("step", "beta"),
        (
            Option("steps", "where the chance to be seen changes (default 0.025)", "P,P,..."),
            Option(
                "selection-weights",
                "fixed weights, one more than steps, or those of Vevea and Woods by name (as “severe one-tailed”)",
                "W,W,...",
            ),
            Option(
                "selection-side",
                "which effects are favoured (default: auto)",
                choices=("auto", "greater", "less", "two-sided"),
            ),
        ),
    ),
)
