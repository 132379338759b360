"""The geometry of forest plots, told from the numbers of the layout."""

from __future__ import annotations

import math
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.figures.forest import layout_forest
from core.figures.forest_model import (
    Axis,
    ColumnGroup,
    ForestPlot,
    ForestPooled,
    ForestStudy,
    ForestSubgroup,
    Interval,
    Prediction,
    RiskOfBiasColumns,
    continuous_columns,
    dichotomous_columns,
    generic_columns,
)
from core.figures.forest_style import FOREST_STYLES
from core.figures.primitives import Circle, Layout, Line, Polygon, Rect
from core.figures.wording import effect_text, heterogeneity_line, overall_line, subgroup_line
from tests.figures.geometry import box_of, find_text, ink, outside, overlap, overlapping_texts, pixels

# Fleiss 1993, aspirin after myocardial infarction, as RevMan Web exported it: label, events and totals, weight,
# odds ratio with limits (Mantel-Haenszel, fixed).
_ASPIRIN = (
    ("MRC-1", "49 615 67 624", 3.17649, 0.719714, 0.488975, 1.059336),
    ("CDP", "44 758 64 771", 3.101689, 0.68076, 0.457391, 1.013212),
    ("MRC-2", "102 832 126 850", 5.67538, 0.80287, 0.606453, 1.062903),
    ("GASP", "32 317 38 309", 1.795485, 0.800739, 0.486261, 1.318597),
    ("PARIS", "85 810 52 406", 3.217624, 0.798143, 0.552563, 1.152868),
    ("AMIS", "246 2267 219 2257", 10.153491, 1.132736, 0.934665, 1.372783),
    ("ISIS-2", "1570 8587 1720 8600", 72.87984, 0.894969, 0.829418, 0.965702),
)


def _ratio(estimate: float, lo: float, hi: float) -> Interval:
    return Interval(math.log(estimate), math.log(lo), math.log(hi))


def _aspirin() -> ForestPlot:
    studies = tuple(
        ForestStudy(label, tuple(cells.split()), _ratio(*odds), effect_text(*odds, web=True), weight)
        for label, cells, weight, *odds in _ASPIRIN
    )
    total = (0.896866, 0.840514, 0.956995)
    return ForestPlot(
        "dichotomous",
        dichotomous_columns("Aspirin", "Control"),
        ("Odds Ratio", "M-H, Fixed, 95% CI"),
        Axis(True, 0.01, 100),
        studies,
        overall=ForestPooled(
            ("", "14186", "", "13817"),
            _ratio(*total),
            effect_text(*total, web=True),
            100.0,
            events=("2128", "", "2286", ""),
        ),
        overall_lines=(
            heterogeneity_line(9.946056, 6, 0.126942, 39.67458),
            overall_line(3.287633, 0.00101),
            subgroup_line(),
        ),
        favours=("Favours experimental", "Favours control"),
    )


def _squares(layout: Layout) -> list[Rect]:
    return [item for item in layout.items if isinstance(item, Rect)]


def _diamonds(layout: Layout) -> list[Polygon]:
    return [item for item in layout.items if isinstance(item, Polygon) and len(item.points) > 3]


def _arrowheads(layout: Layout) -> list[Polygon]:
    return [item for item in layout.items if isinstance(item, Polygon) and len(item.points) == 3]


def _one(effect: Interval | None, axis: Axis, text: str = "x", weight: float | None = 50.0) -> Layout:
    row = ForestStudy("Only 2020", ("1", "2", "3", "4"), effect, text, weight)
    plot = ForestPlot("dichotomous", dichotomous_columns("A", "B"), ("Odds Ratio", "IV"), axis, (row,))
    return layout_forest(plot)


def test_seven_dichotomous_studies_measure_what_revman_web_draws() -> None:
    layout = layout_forest(_aspirin())
    assert (pixels(layout.width), pixels(layout.height)) == (844, 340)
    baselines = {text.text: pixels(text.y) for text in layout.texts() if text.anchor == "start"}
    assert baselines["Study or Subgroup"] == pytest.approx(41)
    assert [baselines[row[0]] for row in _ASPIRIN] == pytest.approx([81 + 20 * i for i in range(7)])
    assert baselines["Total (95% CI)"] == pytest.approx(241)
    assert baselines["Total events:"] == pytest.approx(261)
    assert baselines["Test for subgroup differences: Not applicable"] == pytest.approx(321)
    assert baselines["Favours control"] == pytest.approx(301)
    assert pixels(find_text(layout, "0.01").y) == pytest.approx(286)


def test_squares_have_side_two_plus_sixteen_hundredths_of_the_weight() -> None:
    sides = [pixels(square.width) for square in _squares(layout_forest(_aspirin()))]
    assert sides == pytest.approx([2 + 0.16 * row[2] for row in _ASPIRIN])
    assert {square.fill for square in _squares(layout_forest(_aspirin()))} == {"#0000CC"}


def test_diamond_spans_its_interval_and_is_eighteen_pixels_high() -> None:
    layout = layout_forest(_aspirin())
    (diamond,) = _diamonds(layout)
    left, top, right, bottom = map(pixels, box_of(diamond))
    assert bottom - top == pytest.approx(18)
    assert right - left == pytest.approx(210 * math.log(0.956995 / 0.840514) / math.log(10_000))


def _svg(path: Path) -> list[ET.Element]:
    return list(ET.parse(path).getroot().iter())


def test_style_revman_web_agrees_with_revman_webs_own_file(reference_data: Path) -> None:
    """Every row, square, interval, diamond and tick of RevMan Web's picture lies within 3 px of ours, marks within 0.1
    of each other (its font is a hair wider than Liberation Sans, so columns drift apart by up to 3 px)."""
    (path,) = (reference_data / "revman/files/revman_web_Fleiss1993").rglob("*CMP-001.01.svg")
    theirs = _svg(path)
    layout = layout_forest(_aspirin(), "revman-web")
    for element in theirs:
        if element.tag.endswith("}text"):
            words = "".join(element.itertext()).strip()
            matches = [
                t for t in layout.texts() if t.text == words and abs(pixels(t.y) - float(element.get("y", ""))) < 0.01
            ]
            near = [t for t in matches if abs(pixels(t.x) - float(element.get("x", ""))) <= 3.0]
            assert near, f"{words} at {element.get('x')}, {element.get('y')}"
            assert near[0].anchor == element.get("text-anchor")
    squares = [element for element in theirs if element.tag.endswith("}rect")]
    offset = pixels(_squares(layout)[0].x) - float(squares[0].get("x", ""))
    for ours, element in zip(_squares(layout), squares, strict=True):
        assert pixels(ours.x) - offset == pytest.approx(float(element.get("x", "")), abs=0.01)
        assert pixels(ours.y) == pytest.approx(float(element.get("y", "")), abs=0.01)
        assert pixels(ours.width) == pytest.approx(float(element.get("width", "")), abs=0.01)
    (polygon,) = [element.get("points", "") for element in theirs if element.tag.endswith("}polygon")]
    numbers = [float(n) for n in re.split(r"[ ,]", polygon)]
    xs, ys = numbers[::2], numbers[1::2]
    left, top, right, bottom = map(pixels, box_of(_diamonds(layout)[0]))
    assert (left - offset, right - offset) == pytest.approx((min(xs), max(xs)), abs=0.01)
    assert (top, bottom) == pytest.approx((min(ys), max(ys)))


def test_continuous_plot_widens_its_columns_for_a_long_group_label() -> None:
    row = ForestStudy(
        "Davis", ("5", "4.7", "13", "6.5", "3.8", "13"), Interval(-1.5, -4.79, 1.79), "-1.50 [-4.79 , 1.79]", 2.8
    )
    second = ForestStudy(
        "Florell",
        ("4.9", "1.71", "30", "6.1", "2.3", "50"),
        Interval(-1.2, -2.08, -0.32),
        "-1.20 [-2.08 , -0.32]",
        38.6,
    )
    rows = (row, second, replace(row, label="Gruen"), replace(row, label="Hart"), replace(row, label="Wilson"))
    plot = ForestPlot(
        "continuous",
        continuous_columns("Mental Health Treatment", "Control"),
        ("Mean Difference", "IV, Fixed, 95% CI"),
        Axis(False, -100, 100),
        rows,
        overall=ForestPooled(
            ("", "", "106", "", "", "126"), Interval(-0.71, -1.26, -0.16), "-0.71 [-1.26 , -0.16]", 100.0
        ),
        overall_lines=("Heterogeneity: x", "Test for overall effect: x", subgroup_line()),
        favours=("Favours experimental", "Favours control"),
    )
    layout = layout_forest(plot)
    assert (pixels(layout.width), pixels(layout.height)) == (979, 280)
    means = [text for text in layout.texts() if text.text == "Mean"]
    sds = [text for text in layout.texts() if text.text == "SD"]
    assert pixels(sds[0].x - means[0].x) > 64
    assert pixels(sds[1].x - means[1].x) == pytest.approx(60)
    assert {square.fill for square in _squares(layout)} == {"#00CC00"}


def test_example_shows_every_number(response: ForestPlot) -> None:
    layout = layout_forest(response)
    shown = [text.text for text in layout.texts()]
    for words in ("28.94 [3.45, 242.57]", "2.03 [0.67, 6.15]", "4.73 [1.10, 20.22]", "Not estimable", "1.1.2 PTSD"):
        assert shown.count(words) == 1
    assert shown.count("Total events:") == 3
    assert "Test for subgroup differences: Chi² = 4.71, df = 1 (P = 0.03), I² = 79%" in shown
    assert len(_diamonds(layout)) == 3
    assert len(_squares(layout)) == 4  # Pradhan is not estimable
    assert sum(isinstance(item, Circle) for item in layout.items) == 5 * 7 + 3
    assert shown.count("16.2%") == 1
    assert not overlapping_texts(layout)
    assert not outside(layout)


def test_marks_stand_in_line_with_the_words_of_their_row(response: ForestPlot) -> None:
    layout = layout_forest(response)
    label = find_text(layout, "Feder 2014")
    capital_middle = label.y - 0.345 * label.size
    middles = [square.y + square.height / 2 for square in _squares(layout)]
    assert min(abs(middle - capital_middle) for middle in middles) < 1.0


def test_alt_text_tells_the_numbers(response: ForestPlot) -> None:
    words = layout_forest(response).alt_text
    assert words.startswith("Forest plot, Odds Ratio (M-H, Random, 95% CI), Ketamine versus Control: 5 studies.")
    assert "1.1.1 SAD: Glue 2017 47.22 [2.24, 996.02]; Taylor 2018" in words
    assert "Pradhan 2017 Not estimable" in words
    assert "Total (95% CI) 4.73 [1.10, 20.22]." in words


def test_interval_beyond_the_axis_is_clipped_with_an_arrowhead() -> None:
    layout = _one(_ratio(47.22, 2.24, 996.02), Axis(True, 0.01, 100))
    (arrow,) = _arrowheads(layout)
    axis = max(
        (item for item in layout.items if isinstance(item, Line) and item.y1 == item.y2), key=lambda line: line.y1
    )
    tip = max(arrow.points)
    assert tip[0] == pytest.approx(axis.x2)
    assert all(x < tip[0] for x, y in arrow.points if (x, y) != tip)
    (interval,) = [i for i in layout.items if isinstance(i, Line) and i.y1 == i.y2 == tip[1]]
    assert interval.x2 == pytest.approx(axis.x2)
    assert len(_squares(layout)) == 1


def test_estimate_beyond_the_axis_leaves_only_the_arrow() -> None:
    reaching = _one(_ratio(500, 20, 9000), Axis(True, 0.01, 100))
    assert not _squares(reaching)
    assert len(_arrowheads(reaching)) == 1
    gone = _one(_ratio(0.0005, 0.0001, 0.002), Axis(True, 0.01, 100))
    assert not _squares(gone)
    (arrow,) = _arrowheads(gone)
    assert min(arrow.points)[0] < arrow.points[1][0]
    both = _one(_ratio(1, 0.001, 1000), Axis(True, 0.01, 100))
    assert len(_arrowheads(both)) == 2


def test_diamond_beyond_the_axis_is_cut_at_its_end(response: ForestPlot) -> None:
    layout = layout_forest(response)
    axis = next(i for i in layout.items if isinstance(i, Line) and pixels(i.x2 - i.x1) == pytest.approx(210))
    rights = [box_of(diamond)[2] for diamond in _diamonds(layout)]
    assert rights[0] == pytest.approx(axis.x2)
    assert max(rights) <= axis.x2 + 1e-9


def test_a_diamond_wholly_beyond_the_axis_becomes_an_arrowhead() -> None:
    total = ForestPooled(("", "", "", ""), _ratio(500, 300, 900), "500.00 [300.00, 900.00]", 100.0)
    plot = replace(_aspirin(), overall=total)
    layout = layout_forest(plot)
    assert not _diamonds(layout)
    assert len(_arrowheads(layout)) == 1


def test_one_study_not_estimable_draws_its_row_and_axis_but_no_mark() -> None:
    layout = _one(None, Axis(True), "Not estimable", None)
    assert not _squares(layout)
    assert not _diamonds(layout)
    assert find_text(layout, "Not estimable").anchor == "end"
    assert find_text(layout, "0.01")


def test_no_studies_says_so() -> None:
    plot = ForestPlot(
        "dichotomous", dichotomous_columns("A", "B"), ("Odds Ratio", "IV"), Axis(True), empty_message="Nothing yet"
    )
    layout = layout_forest(plot)
    assert find_text(layout, "Nothing yet")
    assert "Nothing yet" in layout.alt_text
    assert not overlapping_texts(layout)
    assert pixels(layout.height) == 100


def test_prediction_interval_has_a_row_and_a_bar_and_moves_the_axis() -> None:
    plain = _aspirin()
    assert plain.overall is not None
    prediction = Prediction(math.log(0.7), math.log(1.2), "[0.70, 1.20]")
    layout = layout_forest(replace(plain, overall=replace(plain.overall, prediction=prediction)))
    label, text = find_text(layout, "Prediction interval"), find_text(layout, "[0.70, 1.20]")
    assert pixels(label.y) == pytest.approx(261)
    assert text.y == label.y
    (bar,) = [item for item in layout.items if isinstance(item, Line) and pixels(item.width) == pytest.approx(3)]
    assert pixels(bar.x2 - bar.x1) == pytest.approx(210 * math.log(1.2 / 0.7) / math.log(10_000))
    assert pixels(find_text(layout, "0.01").y) == pytest.approx(306)
    assert not overlapping_texts(layout)


def test_without_totals_the_axis_stands_below_all_rows(response: ForestPlot) -> None:
    layout = layout_forest(replace(response, overall=None, overall_lines=()))
    assert len(_diamonds(layout)) == 2
    last = max(text.y for text in layout.texts() if text.text.startswith("Test for overall effect"))
    assert find_text(layout, "0.01").y > last
    assert not overlapping_texts(layout)


def test_weights_and_discs_can_be_left_out(response: ForestPlot) -> None:
    with_all = layout_forest(response)
    bare = layout_forest(replace(response, rob=None, show_weights=False))
    assert not [text for text in bare.texts() if text.text.endswith("%") and text.anchor == "end"]
    assert not [item for item in bare.items if isinstance(item, Circle)]
    assert bare.width < with_all.width


def test_generic_columns_and_their_colour() -> None:
    row = ForestStudy("Rodriguez 2013", ("-4.52", "1.23"), Interval(-4.52, -6.93, -2.11), "-4.52 [-6.93, -2.11]", 100.0)
    plot = ForestPlot(
        "generic", generic_columns("Mean Difference"), ("Mean Difference", "IV, Random, 95% CI"), Axis(False), (row,)
    )
    layout = layout_forest(plot)
    assert {square.fill for square in _squares(layout)} == {"#CC0000"}
    assert find_text(layout, "SE")
    assert not overlapping_texts(layout)
    assert len(generic_columns("log[Odds Ratio]", ("Experimental", "Control"))) == 4


def test_footnotes_are_marked_and_wrapped(response: ForestPlot) -> None:
    note = "Responder definitions differ by study: " + "more than half of the scale, " * 12
    first, *others = response.subgroups[0].studies
    group = replace(response.subgroups[0], studies=(replace(first, footnotes=(1, 2)), *others))
    layout = layout_forest(replace(response, subgroups=(group, response.subgroups[1]), footnotes=(note, "Second.")))
    mark = find_text(layout, "(1,2)")
    assert mark.size < find_text(layout, "Glue 2017").size
    assert find_text(layout, "Footnotes").bold
    assert sum("more than half" in text.text for text in layout.texts()) > 1
    assert not overlapping_texts(layout)
    assert not outside(layout)


def test_rows_that_do_not_fit_the_columns_are_a_defect(response: ForestPlot) -> None:
    broken = ForestStudy("Short 2001", ("1",), None, "")
    with pytest.raises(ValueError, match="Short 2001: 1 cells for 4 columns"):
        layout_forest(replace(response, studies=(broken,)))
    unjudged = replace(response.subgroups[0].studies[0], rob=("low",))
    with pytest.raises(ValueError, match="1 judgements for 7 domains"):
        layout_forest(replace(response, studies=(unjudged,)))
    with pytest.raises(ValueError, match="no interval to draw"):
        Interval(math.nan, 0, 1)


# --- whatever the names and numbers, nothing overlaps ---

_words = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=60)
_names = _words.filter(lambda name: bool(name.strip()))
_effects = st.none() | st.lists(st.floats(-12, 12), min_size=3, max_size=3).map(
    lambda numbers: Interval(sorted(numbers)[1], min(numbers), max(numbers))
)
_cells = st.lists(st.integers(0, 10**9).map(str), min_size=4, max_size=4).map(tuple)


@st.composite
def _studies(draw: st.DrawFn) -> ForestStudy:
    effect = draw(_effects)
    text = "Not estimable"
    if effect:
        text = effect_text(math.exp(effect.estimate), math.exp(effect.lo), math.exp(effect.hi))
    rob = draw(st.lists(st.sampled_from(["low", "some", "high", None]), min_size=2, max_size=2))
    notes = draw(st.sampled_from([(), (1,), (1, 2)]))
    return ForestStudy(draw(_names), draw(_cells), effect, text, draw(st.floats(0, 100)), tuple(rob), notes)


@st.composite
def _pooled(draw: st.DrawFn, label: str) -> ForestPooled:
    effect = draw(_effects.filter(bool))
    assert effect is not None
    text = effect_text(math.exp(effect.estimate), math.exp(effect.lo), math.exp(effect.hi))
    prediction = draw(st.none() | st.just(Prediction(effect.lo, effect.hi, "[0.10, 1234.56]")))
    events = draw(st.none() | _cells)
    return ForestPooled(draw(_cells), effect, text, 100.0, label, events, prediction)


@st.composite
def _plots(draw: st.DrawFn) -> ForestPlot:
    line = heterogeneity_line(draw(st.floats(0, 1e6)), draw(st.integers(1, 999)), 0.5, 50, draw(st.floats(0, 1e6)))
    groups = tuple(
        ForestSubgroup(
            draw(_names),
            tuple(draw(st.lists(_studies(), max_size=2))),
            draw(st.none() | _pooled("Subtotal (95% CI)")),
            (line,),
        )
        for _ in range(draw(st.integers(0, 2)))
    )
    return ForestPlot(
        "dichotomous",
        dichotomous_columns(draw(_names), draw(_names)),
        (draw(_names), "M-H, Random, 95% CI"),
        Axis(True, draw(st.sampled_from([None, 0.0001, 0.5])), draw(st.sampled_from([None, 2.0, 1e6]))),
        tuple(draw(st.lists(_studies(), min_size=0 if groups else 1, max_size=3))),
        groups,
        draw(st.none() | _pooled("Total (95% CI)")),
        (line, subgroup_line(4.7, 1, 0.03, 79)),
        (draw(_words), draw(_words)),
        draw(st.none() | st.just(RiskOfBiasColumns((("A", "Sequence"), ("B", "Blinding")), (("low", "Low risk"),)))),
        tuple(draw(st.lists(_names, min_size=2, max_size=2))),
    )


@settings(max_examples=60)
@given(_plots(), st.sampled_from(sorted(FOREST_STYLES)))
def test_nothing_overlaps(plot: ForestPlot, style: str) -> None:
    layout = layout_forest(plot, style)
    assert not overlapping_texts(layout)
    assert not outside(layout)
    signs = {"+", "?", "–"}
    marks = [box_of(item) for item in layout.items if isinstance(item, Rect | Polygon | Circle)]
    for text in layout.texts():
        if text.text in signs and text.anchor == "middle" and text.colour != "#000000":
            continue
        assert not any(overlap(ink(text), mark) for mark in marks), text.text


@given(st.integers(1, 120))
def test_a_long_name_widens_the_first_column(length: int) -> None:
    name = "W" * length
    layout = _with_name(name)
    label = find_text(layout, name)
    cell = next(text for text in layout.texts() if text.text == "17")
    assert ink(label)[2] + 7.5 <= ink(cell)[0]


def _with_name(name: str) -> Layout:
    row = ForestStudy(name, ("17",), Interval(0, -1, 1), "x")
    plot = ForestPlot("dichotomous", (ColumnGroup("", ("N",)),), ("OR", "IV"), Axis(True), (row,))
    return layout_forest(plot)


def test_long_lines_move_the_plot_to_the_right() -> None:
    line = heterogeneity_line(85.89, 14, 0, 84, 0.06)
    row = ForestStudy("A 2020", ("17",), Interval(0, -1, 1), "1.00 [0.37, 2.72]", 100.0)
    total = ForestPooled(("17",), Interval(0, -1, 1), "1.00 [0.37, 2.72]", 100.0)
    plot = ForestPlot(
        "generic",
        (ColumnGroup("", ("N",)),),
        ("Odds Ratio", "IV, Random, 95% CI"),
        Axis(True),
        (row,),
        overall=total,
        overall_lines=(line, overall_line(2.0, 0.04)),
        favours=("Favours the experimental arm", "Favours the control arm"),
    )
    layout = layout_forest(plot)
    axis = next(i for i in layout.items if isinstance(i, Line) and pixels(i.x2 - i.x1) == pytest.approx(210))
    assert ink(find_text(layout, line))[2] < axis.x1
    assert ink(find_text(layout, line))[2] < ink(find_text(layout, "Favours the experimental arm"))[0]
    assert not overlapping_texts(layout)
    assert not outside(layout)


def test_a_header_wider_than_the_plot_keeps_clear_of_its_neighbours(response: ForestPlot) -> None:
    header = ("Standardised Mean Difference of Everything", "Exp[(O-E) / V], Fixed, 95% CI")
    layout = layout_forest(replace(response, effect_header=header))
    assert not overlapping_texts(layout)
    assert not outside(layout)
