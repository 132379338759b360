"""Texts go through one place, which counts and fills in."""

from __future__ import annotations

import pytest

from core import language
from core.language import counted, figure, tr


def test_without_a_catalogue_texts_are_english() -> None:
    language.use("xx")
    assert language.current() == "en"
    assert tr("Import files") == "Import files"
    assert tr("") == ""
    assert tr("{name} has gone", name="a.copse") == "a.copse has gone"
    assert tr("{braces} stay") == "{braces} stay"


@pytest.mark.parametrize(("n", "said"), [(0, "0 records"), (1, "1 record"), (2, "2 records"), (3127, "3,127 records")])
def test_counts_are_said_in_the_right_form(n: int, said: str) -> None:
    assert counted("{n} record", "{n} records", n) == said


def test_thousands_stand_apart() -> None:
    assert [figure(n) for n in (0, 999, 1000, 1234567)] == ["0", "999", "1,000", "1,234,567"]
