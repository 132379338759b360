"""A record's hash: equal for equal content, different for any difference."""

from __future__ import annotations

import pickle
import subprocess
import sys
from dataclasses import fields, replace

import pytest

from core.references.record import ReferenceRecord

RECORD = ReferenceRecord(
    kind="article",
    title="T",
    authors=("A, B", "C"),
    year=2001,
    keywords=("x",),
    extra={"M3": ("Article",), "AD": ("U", "L")},
)
OTHER = {"year": 2002, "authors": ("A, BC",), "keywords": ("x", "y"), "urls": ("u",), "extra": {"M3": ("Article",)}}


@pytest.mark.parametrize("name", [field.name for field in fields(ReferenceRecord)])
def test_every_field_counts(name: str) -> None:
    changed = replace(RECORD, **{name: OTHER.get(name, "something else")})
    assert changed.content_hash() != RECORD.content_hash()


def test_what_stands_side_by_side_is_told_apart() -> None:
    pairs = [
        (ReferenceRecord(authors=("ab", "c")), ReferenceRecord(authors=("a", "bc"))),
        (ReferenceRecord(volume="1"), ReferenceRecord(issue="1")),
        (ReferenceRecord(extra={"A": ("B",), "C": ()}), ReferenceRecord(extra={"A": (), "B": ("C",)})),
        (ReferenceRecord(authors=("a",), keywords=()), ReferenceRecord(authors=(), keywords=("a",))),
    ]
    assert all(one.content_hash() != other.content_hash() for one, other in pairs)


def test_the_order_of_tags_does_not_count_and_neither_does_the_run() -> None:
    turned = replace(RECORD, extra={"AD": ("U", "L"), "M3": ("Article",)})
    assert turned.content_hash() == RECORD.content_hash()
    program = "from core.references.record import ReferenceRecord as R; print(R(title='T', year=2001).content_hash())"
    printed = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert printed.strip() == ReferenceRecord(title="T", year=2001).content_hash()


def test_a_record_goes_to_another_process_and_back() -> None:
    assert pickle.loads(pickle.dumps(RECORD)) == RECORD
