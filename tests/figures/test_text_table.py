"""The table of texts: everything is there, wrapped within its column, and nothing overlaps."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.figures.text_table import TextRow, TextTable, layout_text_table
from tests.figures.geometry import outside, overlapping_texts

WORDS = st.lists(st.sampled_from(["nausea", "none", "an hour later", "psychotomimetic", "3 of 20"]), max_size=30)
ROW = st.builds(lambda a, b: TextRow("Okafor 2011", (" ".join(a), " ".join(b))), WORDS, WORDS)
GROUP = st.just(TextRow("1.1.1 In adults with a long name that needs some room"))


@given(st.lists(ROW | GROUP, max_size=6))
@settings(max_examples=30, deadline=None)
def test_nothing_overlaps_and_every_word_is_there(rows: list[TextRow]) -> None:
    layout = layout_text_table(TextTable(("Findings", "Comments"), tuple(rows)))
    assert overlapping_texts(layout) == []
    assert outside(layout) == []
    shown = " ".join(text.text for text in layout.texts()).split()
    for row in rows:
        for text in (row.label, *row.texts):
            assert set(text.split()) <= set(shown)
    assert len(shown) >= sum(len(" ".join((row.label, *row.texts)).split()) for row in rows)


def test_a_table_without_rows_says_so() -> None:
    layout = layout_text_table(TextTable(("Findings",), (), "No studies yet"))
    assert "No studies yet" in [text.text for text in layout.texts()]
    assert layout.alt_text == "Table of texts: No studies yet."


def test_the_table_is_told_in_words() -> None:
    rows = (TextRow("1.1.1 Adults"), TextRow("Okafor 2011", ("Nausea", "Mild")))
    told = layout_text_table(TextTable(("Findings", "Comments"), rows)).alt_text
    assert told == "Table of texts. 1.1.1 Adults. Okafor 2011: Findings: Nausea; Comments: Mild."


def test_a_row_that_does_not_fit_the_columns_is_refused() -> None:
    with pytest.raises(ValueError, match="2 texts for 1 columns"):
        layout_text_table(TextTable(("Findings",), (TextRow("Okafor 2011", ("a", "b")),)))
