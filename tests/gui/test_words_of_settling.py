"""How a value or judgement was settled is said everywhere, whichever way it was."""

from __future__ import annotations

import pytest

from core.extraction.compare import Value
from core.model import Settlement, ValueStatus
from core.riskofbias.tools import Cell, tool
from core.store.queries.comparison import Cell as ValueCell
from core.store.queries.comparison import ComparisonRow, RowState
from core.store.queries.extraction import ConsensusView
from core.store.queries.riskofbias import JudgementConsensus
from gui.pages.extraction.compare_lines import CompareLine
from gui.pages.riskofbias.words import settled_words


def test_every_way_of_settling_a_judgement_has_its_word() -> None:
    high = tool("rob1").level("high")
    said = [
        settled_words(high, JudgementConsensus(b"s", Cell("other"), "high", "", how, b"r", 0, ""), changed=False)
        for how in Settlement
    ]
    assert len(set(said)) == len(Settlement)
    assert "high, imported" in said


@pytest.mark.parametrize(
    ("how", "said"),
    [(Settlement.IMPORTED, "Events, settled: 4, imported"), (Settlement.EQUAL, "Events, settled: 4")],
)
def test_an_imported_value_is_told_from_one_settled_here(how: Settlement, said: str) -> None:
    cell = ValueCell(b"s", b"r", "events", "Response", "Events", required=False)
    settled = ConsensusView(b"s", b"r", "events", Value(4.0), ValueStatus.PUBLISHED, "", how, b"p", "", 0, "")
    line = CompareLine("Events", ComparisonRow(cell, (), settled, RowState.SETTLED))
    assert line.spoken(()) == said
