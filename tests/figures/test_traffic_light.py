"""The risk-of-bias table."""

from __future__ import annotations

import pytest

from core.figures.discs import DISCS
from core.figures.primitives import Circle, Rect
from core.figures.traffic_light import JudgedStudy, TrafficLight, layout_traffic_light
from tests.figures.geometry import find_text, outside, overlapping_texts, pixels

_TABLE = TrafficLight(
    ("Random sequence generation", "Other bias"),
    (JudgedStudy("Feder 2014", ("low", "high")), JudgedStudy("A very much longer name 2020", ("unclear", None))),
    (("low", "Low risk of bias"), ("unclear", "Unclear risk of bias"), ("high", "High risk of bias")),
)


def test_cells_are_24_pixels_and_hold_a_disc_where_there_is_a_judgement() -> None:
    layout = layout_traffic_light(_TABLE)
    cells = [item for item in layout.items if isinstance(item, Rect)]
    assert [(pixels(cell.width), pixels(cell.height)) for cell in cells] == [(24, 24)] * 4
    discs = [item for item in layout.items if isinstance(item, Circle)]
    assert len(discs) == 3 + 3  # and one per level in the legend
    for cell, disc in zip((cells[0], cells[1], cells[2]), discs, strict=False):
        assert (disc.x, disc.y) == pytest.approx((cell.x + cell.width / 2, cell.y + cell.height / 2))
    assert find_text(layout, "Other bias").rotation == 90
    assert find_text(layout, "Feder 2014").anchor == "end"
    assert not overlapping_texts(layout)
    assert not outside(layout)


def test_alt_text_counts_the_judgements() -> None:
    words = layout_traffic_light(_TABLE).alt_text
    assert words.startswith("Risk of bias in 2 studies.")
    assert "Other bias: 1 High risk of bias, 1 not judged." in words


def test_no_studies_says_so() -> None:
    layout = layout_traffic_light(TrafficLight(_TABLE.domains, ()))
    assert find_text(layout, "No study has been judged yet")
    assert not outside(layout)


def test_what_cannot_be_drawn_is_a_defect() -> None:
    with pytest.raises(ValueError, match="1 judgements for 2 domains"):
        layout_traffic_light(TrafficLight(_TABLE.domains, (JudgedStudy("X", ("low",)),)))
    with pytest.raises(ValueError, match="no disc for the judgement 'dubious'"):
        layout_traffic_light(TrafficLight(("D",), (JudgedStudy("X", ("dubious",)),)))


@pytest.mark.parametrize("judgement", sorted(DISCS))
def test_every_judgement_has_a_disc_and_readable_sign(judgement: str) -> None:
    disc = DISCS[judgement]
    layout = layout_traffic_light(TrafficLight(("D",), (JudgedStudy("X", (judgement,)),)))
    (circle,) = [item for item in layout.items if isinstance(item, Circle)]
    assert circle.fill == disc.fill
    assert _contrast(disc.fill, disc.ink) >= 4.5


def _contrast(a: str, b: str) -> float:
    """The contrast ratio of WCAG 2."""

    def luminance(colour: str) -> float:
        parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
