"""The forest plot of a plain table is that of the same analysis in a review; other measures have their own scale."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core import pooling
from core.figures.forest import layout_forest
from core.figures.forest_model import ForestPlot
from core.model import new_id
from core.report.forest import forest_plot
from core.report.pooled_forest import pooled_forest
from core.synthesis.compute import compute
from core.synthesis.model import Subgroup
from tests.synthesis.test_compute import data, trials

COUNTS = [(8, 12, 0, 12), (6, 18, 0, 17), (9, 22, 4, 19), (4, 11, 3, 10), (5, 5, 5, 5)]
GROUPS = ["SAD", "SAD", "PTSD", "PTSD", "PTSD"]
SETTINGS = [
    {"measure": "OR", "compatibility": "revman5"},
    {"measure": "RD", "compatibility": "revman5", "model": "common"},
    {"measure": "OR", "compatibility": "", "tau2": "PM", "ci": "hksj", "level": 0.9},
    {"measure": "PETO", "compatibility": ""},
]


def table() -> dict[str, list[float]]:
    return {key: [row[n] for row in COUNTS] for n, key in enumerate(("ai", "n1i", "ci", "n2i"))}


@pytest.mark.parametrize("wanted", SETTINGS, ids=lambda one: f"{one['measure']} {one['compatibility']}")
@pytest.mark.parametrize("grouped", [False, True])
def test_it_is_the_plot_of_the_same_analysis_in_a_review(wanted: dict[str, object], grouped: bool) -> None:
    rows, groups = trials(COUNTS), ()
    if grouped:
        groups = tuple(Subgroup(new_id(), str(n), name) for n, name in enumerate(("SAD", "PTSD"), start=1))
        of_name = {group.label: group.id for group in groups}
        rows = [replace(row, subgroup_id=of_name[name]) for row, name in zip(rows, GROUPS, strict=True)]
    analysis = data(rows, groups, **wanted)
    review = forest_plot(analysis, compute(analysis))
    settings = analysis.settings
    effects = pooling.effect_sizes(
        settings.measure, labels=[row.study.label for row in rows], compatibility=settings.conventions, **table()
    )
    arguments = settings.arguments()
    found = pooling.subgroups(effects, GROUPS, **arguments) if grouped else pooling.pool(effects, **arguments)
    plain = pooled_forest(effects, found)
    # What a table does not know: the name of the treatment, and rows shown without judgements of bias.
    assert replace(plain, columns=review.columns, empty_message=review.empty_message) == review


def drawn(measure: str, **columns: list[float]) -> ForestPlot:
    effects = pooling.effect_sizes(measure, **columns)
    plot = pooled_forest(effects, pooling.pool(effects, ci="wald"))
    layout_forest(plot)
    return plot


def test_proportions_are_drawn_as_proportions() -> None:
    plot = drawn("PLO", xi=[5, 8, 3], ni=[30, 40, 35])
    assert not plot.axis.log
    assert not plot.axis.no_effect
    study = plot.studies[0]
    assert study.effect is not None
    assert study.effect.estimate == pytest.approx(5 / 30)
    assert (study.cells, plot.effect_header[0]) == (("5", "30"), "Proportion, as logit")
    assert plot.overall is not None
    assert plot.overall.cells == ("", "105")
    assert not any("overall effect" in line for line in plot.overall_lines)


def test_ratios_of_rates_stand_on_a_log_axis_below_their_arms() -> None:
    plot = drawn("IRR", x1i=[5, 8], t1i=[100, 150], x2i=[9, 12], t2i=[110, 140])
    assert plot.axis.log
    assert plot.axis.no_effect
    assert [group.label for group in plot.columns] == ["Experimental", "Control"]
    assert any("overall effect" in line for line in plot.overall_lines)


def test_means_are_not_on_a_log_axis_even_when_analysed_as_logarithms() -> None:
    plot = drawn("MNLN", mi=[100, 120], sdi=[10, 12], ni=[30, 40])
    assert not plot.axis.log
    assert plot.studies[0].effect is not None
    assert plot.studies[0].effect.estimate == pytest.approx(100)


def test_what_cannot_be_drawn_is_still_said() -> None:
    none = drawn("OR", ai=[0], n1i=[10], ci=[0], n2i=[10])
    assert none.studies[0].effect_text == "Not estimable"
    assert none.overall is not None
    assert none.overall.effect is None
