"""Texts go through one place, which counts and fills in."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from datetime import date

import pytest

from core import language
from core.errors import InputError
from core.language import counted, day, figure, inside, mark, phrase, said, tr
from core.review import all_operations
from core.session.base import in_words


@pytest.fixture
def german() -> Iterator[None]:
    language.use("de")
    yield
    language.use(language.ENGLISH)


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


@pytest.mark.parametrize(("n", "text"), [(1, "1 Datensatz"), (2, "2 Datensätze"), (3127, "3\u202f127 Datensätze")])
@pytest.mark.usefixtures("german")
def test_german_counts_in_its_own_forms(n: int, text: str) -> None:
    assert counted("{n} record", "{n} records", n) == text


@pytest.mark.usefixtures("german")
def test_a_phrase_is_english_until_it_is_said() -> None:
    made = phrase("{column} of the {group}", column=mark("Events"), group=mark("control group"))
    assert made == "Events of the control group"
    assert said(made) == tr(made) == "Ereignisse (Kontrollgruppe)"
    assert tr("{title} is infinite. Enter a number.", title=made).startswith("Ereignisse (Kontrollgruppe) ist")
    assert said("Events") == "Events"
    assert tr(pickle.loads(pickle.dumps(made))) == tr(made)


@pytest.mark.usefixtures("german")
def test_an_error_is_said_in_german_and_logged_in_english() -> None:
    error = InputError(
        "import.other-file", "{file} is {kind}, not a reference file. Nothing.", file="a", kind=mark("a PDF")
    )
    assert str(error) == "a is a PDF, not a reference file. Nothing."
    error = InputError("study.needs_name", "A study needs a label.")
    assert error.message == "Eine Studie braucht eine Bezeichnung."


@pytest.mark.usefixtures("german")
def test_german_writes_dates_and_keeps_capitals() -> None:
    assert day(date(2025, 3, 12)) == "12. März 2025"
    assert day(date(2025, 3, 12), year=False) == "12. März"
    assert inside("Endwert") == "Endwert"


@pytest.mark.usefixtures("german")
def test_the_label_of_an_operation_is_said_in_german() -> None:
    all_operations()
    assert tr(in_words("screening.decide", "Include “Ketamine for “all””")) == "Einschluss „Ketamine for “all”“"
    assert in_words("screening.decide", "Something else") == "Something else"
    assert in_words("no.such", "Entry") == "Entry"


def test_english_dates_and_labels() -> None:
    assert day(date(2025, 3, 12)) == "12 March 2025"
    assert inside("Lower is better") == "lower is better"
