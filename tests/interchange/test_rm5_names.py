"""The ids of RevMan 5."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.interchange.rm5.names import REFERENCE, STUDY, id_of, name_of, reference_id, unique


@pytest.mark.parametrize(
    ("name", "id"),
    [
        ("Smith 2001", "STD-Smith-2001"),
        ("El-Daher 1991", "STD-El_x002d_Daher-1991"),
        ("RIX\u00a0Anh 2011-P", "STD-RIX_x00a0_Anh-2011_x002d_P"),
        ("Bjørn [a] 2/3", "STD-Bj_x00f8_rn-_x005b_a_x005d_-2_x002f_3"),
        ("O'Mullane 1997", "STD-O_x0027_Mullane-1997"),
    ],
)
def test_id_as_revman_makes_it(name: str, id: str) -> None:
    assert id_of(STUDY, name) == id
    assert name_of(id) == name


@given(st.sampled_from([STUDY, REFERENCE]), st.text(min_size=1))
def test_every_name_comes_back(prefix: str, name: str) -> None:
    id = id_of(prefix, name)
    assert name_of(id) == name
    assert all(sign.isascii() and (sign.isalnum() or sign in "-_") for sign in id)


@given(st.text())
def test_any_text_has_a_name(id: str) -> None:
    assert isinstance(name_of(id), str)


def test_id_without_prefix_is_its_own_name() -> None:
    assert name_of("Smith") == "Smith"


def test_references_of_a_study_are_counted() -> None:
    assert [reference_id("STD-Smith-2001", n) for n in (1, 12)] == ["STD-Smith-2001.01", "STD-Smith-2001.12"]


def test_second_of_an_id_gets_another() -> None:
    assert unique("a", {}) == "a"
    assert unique("a", {"a", "a~2"}) == "a~3"
