"""The proofs that a reference value is off are proofs, and what they dispute is digits only."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.reference import conform, doubts
from tests.reference.test_reference import misses


@pytest.fixture(scope="module")
def cases(reference_data: Path) -> dict[str, dict]:
    document = json.loads((reference_data / "statistics" / "reference.json").read_text(encoding="utf-8"))
    return {case["id"]: case for case in document["cases"]}


def changed(case: dict, **values: object) -> dict:
    return case | {"expected": case["expected"] | values}


def test_regressions_on_years_differ_in_digits_only(cases):
    closed = [case for case in cases.values() if case["method"] == "metareg" and case["tol"] == "closed"]
    disputed = []
    for case in closed:
        value = conform.compute(case)
        if misses(case["expected"], value, "closed"):
            assert "in exact arithmetic" in doubts.doubt(case), case["id"]
            assert not misses(case["expected"], value, "1e-8"), case["id"]
            disputed.append(case["id"])
    assert len(closed) == 36
    assert sorted({case_id.split(".")[2] + "." + case_id.split(".")[3] for case_id in disputed}) == [
        "bcg.ablat_year",
        "bcg.ablat_year_alloc",
        "hackshaw1998.year",
        "konstantopoulos2011.year",
    ]
    assert len(disputed) == 8


def test_what_is_right_is_not_doubted(cases):
    right = cases["metareg.dat.bcg.alloc.DL.z"]
    assert doubts.doubt(right) is None
    assert doubts.doubt(changed(right, Q=right["expected"]["Q"] * (1 + 1e-9))) is not None
    for name in ("regtest.dat.bcg.lm.sei", "regtest.dat.hine1989.rma.sei", "metareg.dat.bcg.ablat.REML.z"):
        assert doubts.doubt(cases[name]) is None


def test_iterations_that_stopped_early_are_found(cases):
    early = cases["metareg.dat.bcg.ablat.PM.z"]
    assert "Q is 11.000" in doubts.doubt(early)
    # What metafor finds when it is told to go on (tol = 1e-14).
    assert doubts.doubt(changed(early, tau2=0.13736382597878)) is None
    scored = cases["regtest.dat.bcg.rma.sei"]
    assert "REML score" in doubts.doubt(scored)


def test_a_tetrachoric_correlation_gives_back_the_table(cases):
    case = cases["es.dat.bourassa1996.RTET"]
    assert "off by about 1.4e-05" in doubts.doubt(case)
    ours = conform.compute(case)
    assert doubts.doubt(changed(case, yi=ours["yi"])) is None
    # The table with an empty cell has no estimate here and a variance of 581559 there.
    assert [row for row, yi in enumerate(ours["yi"]) if yi is None] == [15]
    assert ours["yi"][:15] == pytest.approx(case["expected"]["yi"][:15], rel=1e-4)
