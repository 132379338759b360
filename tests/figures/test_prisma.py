"""The PRISMA flow: what its boxes say and where they stand."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.figures.primitives import Area, Layout, Line, Polygon, Rect
from core.figures.prisma import layout_prisma
from core.figures.prisma_model import Count, Live, OtherMethods, PreviousReview, PrismaFlow
from core.figures.prisma_style import PRISMA_STYLES
from tests.figures.examples import FLOW
from tests.figures.geometry import box_of, find_text, ink, outside, overlap, overlapping_texts, pixels

_OTHER = OtherMethods((Count("Websites", 3), Count("Citation searching", 12)), 15, 1, 14, (Count("Wrong design", 14),))


def _areas(layout: Layout) -> dict[str, Area]:
    return {area.id: area for area in layout.areas}


def test_the_template_says_every_number() -> None:
    shown = [text.text for text in layout_prisma(FLOW).texts()]
    for words in (
        "Identification of studies via databases and registers",
        "Databases (n = 4,229)",
        "MEDLINE (Ovid) (n = 1,212)",
        "Registers (n = 0)",
        "Duplicate records removed (n = 1,102)",
        "Records screened (n = 3,127)",
        "Records excluded (n = 3,090)",
        "Reports sought for retrieval (n = 37)",
        "Reports not retrieved (n = 3)",
        "Reports assessed for eligibility (n = 34)",
        "Wrong population (n = 20)",
        "Studies included in review (n = 8)",
        "Reports of included studies (n = 9)",
        "Identification",
        "Screening",
        "Included",
    ):
        assert shown.count(words) == 1, words


def test_every_box_is_an_area_with_its_words_in_reading_order() -> None:
    layout = layout_prisma(FLOW)
    assert [area.id for area in layout.areas] == [
        "identified",
        "removed",
        "screened",
        "excluded",
        "sought",
        "not_retrieved",
        "assessed",
        "reports_excluded",
        "included",
    ]
    areas = _areas(layout)
    assert areas["screened"].label == "Records screened: 3,127"
    assert areas["included"].label == "Studies included in review: 8; Reports of included studies: 9"
    rectangles = {box_of(item) for item in layout.items if isinstance(item, Rect)}
    for area in layout.areas:
        assert (area.x, area.y, area.x + area.width, area.y + area.height) in rectangles


def test_alt_text_tells_the_flow() -> None:
    words = layout_prisma(FLOW).alt_text
    assert "Records identified: 4,229; MEDLINE (Ovid): 1,212" in words
    assert words.index("Records screened: 3,127") < words.index("Studies included in review: 8")


def test_main_boxes_stand_under_each_other_and_side_boxes_beside() -> None:
    areas = _areas(layout_prisma(FLOW))
    chain = [areas[id] for id in ("identified", "screened", "sought", "assessed", "included")]
    assert len({area.x for area in chain}) == 1
    for upper, lower in pairwise(chain):
        assert upper.y + upper.height < lower.y
    for main, side in (("identified", "removed"), ("screened", "excluded"), ("assessed", "reports_excluded")):
        a, b = areas[main], areas[side]
        assert a.x + a.width < b.x
        assert a.y + a.height / 2 == pytest.approx(b.y + b.height / 2)


def test_arrows_end_at_the_boxes_they_point_to() -> None:
    layout = layout_prisma(FLOW)
    heads = [item for item in layout.items if isinstance(item, Polygon)]
    assert len(heads) == 8
    edges = [(area.x, area.y) for area in layout.areas]
    for head in heads:
        x, y = head.points[0]
        assert any(abs(pixels(left - x)) <= 2.1 or abs(pixels(top - y)) <= 2.1 for left, top in edges)


def test_other_methods_add_two_columns_and_lead_to_the_included_box() -> None:
    plain, wide = layout_prisma(FLOW), layout_prisma(replace(FLOW, other=_OTHER))
    assert wide.width > 1.8 * plain.width
    areas = _areas(wide)
    assert areas["other_identified"].label == "Records identified: 15; Websites: 3; Citation searching: 12"
    included = areas["included"]
    level = included.y + included.height / 2
    leading = [i for i in wide.items if isinstance(i, Line) and i.y1 == i.y2 == pytest.approx(level)]
    assert leading
    assert find_text(wide, "Identification of studies via other methods").bold
    assert not overlapping_texts(wide)


def test_an_earlier_version_stands_at_the_left_and_leads_to_the_total() -> None:
    updated = replace(FLOW, previous=PreviousReview(5, 6))
    layout = layout_prisma(updated)
    shown = [text.text.replace("\N{NO-BREAK SPACE}", " ") for text in layout.texts()]
    for words in (
        "Previous studies",
        "Identification of new studies via databases and registers",
        "New studies included in review (n = 3)",
        "Reports of new included studies (n = 3)",
        "Total studies included in review (n = 8)",
        "Reports of total included studies (n = 9)",
    ):
        assert shown.count(words) == 1, words
    areas = _areas(layout)
    assert list(areas)[:2] == ["previous", "identified"]
    assert list(areas)[-2:] == ["new_included", "included"]
    assert areas["previous"].label == (
        "Studies included in previous version of review: 5; "
        "Reports of studies included in previous version of review: 6"
    )
    assert areas["new_included"].label == "New studies included in review: 3; Reports of new included studies: 3"
    previous, total = areas["previous"], areas["included"]
    assert previous.x + previous.width < areas["identified"].x
    assert areas["new_included"].y + areas["new_included"].height < total.y
    level = total.y + total.height / 2
    leading = [i for i in layout.items if isinstance(i, Line) and i.y1 == i.y2 == pytest.approx(level)]
    assert [line.x1 for line in leading] == [pytest.approx(previous.x + previous.width / 2)]
    assert "previous" not in _areas(layout_prisma(FLOW))


def test_other_methods_lead_to_the_new_studies_of_an_update() -> None:
    layout = layout_prisma(replace(FLOW, other=_OTHER, previous=PreviousReview(5, 6)))
    areas = _areas(layout)
    level = areas["new_included"].y + areas["new_included"].height / 2
    assert [i for i in layout.items if isinstance(i, Line) and i.y1 == i.y2 == pytest.approx(level)]
    assert not overlapping_texts(layout)


def test_the_overview_style_shows_what_is_going_on() -> None:
    live = (Live("screened", "1,204 to go", 1923, 3127), Live("excluded", "12 conflicts waiting"))
    layout = layout_prisma(replace(FLOW, live=live), style="overview")
    assert find_text(layout, "1,923 of 3,127").bold
    assert find_text(layout, "12 conflicts waiting")
    assert _areas(layout)["screened"].label == "Records screened: 1,923 of 3,127; 1,204 to go"
    look = PRISMA_STYLES["overview"]
    bars = sorted(pixels(i.width) for i in layout.items if isinstance(i, Rect) and pixels(i.height) == pytest.approx(4))
    assert bars[0] / bars[1] == pytest.approx(1923 / 3127)
    assert bars[1] == pytest.approx(look.box_width - 2 * look.padding)
    published = layout_prisma(replace(FLOW, live=live))
    assert "12 conflicts waiting" not in [text.text for text in published.texts()]


def test_boxes_take_the_width_they_are_given() -> None:
    layout = layout_prisma(FLOW, style="overview", box_width=240.0)
    assert {pixels(area.width) for area in layout.areas} == {240}


def test_an_empty_review_has_a_flow_of_noughts() -> None:
    layout = layout_prisma(PrismaFlow((), (), 0, 0, 0, 0, 0, (), 0, 0))
    assert "Reports excluded (n = 0)" in [text.text for text in layout.texts()]
    assert not overlapping_texts(layout)


_names = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=80).filter(
    lambda name: bool(name.strip())
)
_counts = st.lists(st.builds(Count, _names, st.integers(0, 10**7)), max_size=4).map(tuple)


@settings(max_examples=40)
@given(
    st.builds(
        PrismaFlow,
        *[_counts, _counts, *[st.integers(0, 10**7)] * 5, _counts, st.integers(0, 999), st.integers(0, 999)],
        registers=_counts,
        previous=st.none() | st.builds(PreviousReview, st.integers(0, 10**7), st.integers(0, 10**7)),
        other=st.none() | st.builds(OtherMethods, _counts, st.just(5), st.just(1), st.just(4), _counts),
        live=st.lists(
            st.builds(
                Live, st.sampled_from(["screened", "excluded"]), _names, st.just(3), st.sampled_from([None, 0, 9])
            )
        ).map(tuple),
    ),
    st.sampled_from(sorted(PRISMA_STYLES)),
)
def test_nothing_overlaps_and_text_stays_in_its_box(flow: PrismaFlow, style: str) -> None:
    layout = layout_prisma(flow, style=style)
    assert not overlapping_texts(layout)
    assert not outside(layout)
    boxes = [(area.x, area.y, area.x + area.width, area.y + area.height) for area in layout.areas]
    for text in layout.texts():
        letters = ink(text)
        for box in boxes:
            if overlap(letters, box):
                assert box[0] <= letters[0]
                assert box[1] <= letters[1]
                assert letters[2] <= box[2] + 1e-6
                assert letters[3] <= box[3] + 1e-6
