"""What no study can report is refused, naming study and cell; what is merely incomplete stays, with a note."""

from __future__ import annotations

import math

import pytest

from core.errors import InputError
from core.pooling import effect_sizes, pool
from tests.pooling.published import NORMAND, SAD, ZEROS, refusal

MEANS = {"m1i": [1, 2], "sd1i": [1, 1], "n1i": [10, 12], "m2i": [0, 1], "sd2i": [1, 1], "n2i": [10, 12]}
LABELS = ["Feder 2014", "Glue 2017"]

REFUSED = [
    ("OR", {"ai": [31, 3], "n1i": [22, 20], "ci": [2, 4], "n2i": [11, 19]}, "pooling.events-exceed-total", "ai"),
    ("OR", {"ai": [3, 3], "n1i": [22, 20], "ci": [20, 4], "n2i": [11, 19]}, "pooling.events-exceed-total", "ci"),
    ("RR", {"ai": [-1, 3], "n1i": [10, 20], "ci": [2, 4], "n2i": [11, 19]}, "pooling.negative", "ai"),
    ("RD", {"ai": [1, 3], "n1i": [10, 20], "ci": [2, 4], "n2i": [-11, 19]}, "pooling.negative", "n2i"),
    ("MD", MEANS | {"sd1i": [-1, 1]}, "pooling.negative", "sd1i"),
    ("SMD", MEANS | {"n2i": [10, -12]}, "pooling.negative", "n2i"),
    ("MD", MEANS | {"m1i": [math.inf, 1]}, "pooling.not-finite", "m1i"),
    ("GEN", {"yi": [0.1, 0.2], "vi": [0, 0.1]}, "pooling.not-positive", "vi"),
    ("GEN", {"yi": [0.1, 0.2], "vi": [0.1, -1]}, "pooling.not-positive", "vi"),
    ("GEN", {"yi": [0.1, 0.2], "sei": [0.1, 0]}, "pooling.not-positive", "sei"),
    ("GEN", {"yi": [1e30, 0.2], "sei": [0.1, 1]}, "pooling.out-of-range", "yi"),
    ("GEN", {"yi": [1, 0.2], "sei": [1e-30, 1]}, "pooling.out-of-range", "sei"),
]


@pytest.mark.parametrize(("measure", "table", "code", "column"), REFUSED)
def test_an_impossible_cell_is_refused_by_study_and_column(measure, table, code, column):
    error = refusal(measure, labels=LABELS, **table)
    assert (error.code, error.params["column"]) == (code, column)
    assert error.params["study"] == LABELS[error.params["row"]]
    assert error.message.startswith(error.params["study"])


def test_the_sentence_for_more_events_than_participants():
    error = refusal("OR", labels=["Feder 2014"], ai=[31], n1i=[22], ci=[4], n2i=[19])
    assert error.message == (
        "Feder 2014, experimental group: More events (31) than participants (22). Correct one of the two cells."
    )


def test_the_sentence_for_a_negative_sd():
    error = refusal("MD", labels=["Feder 2014"], m1i=[1], sd1i=[2], n1i=[9], m2i=[1], sd2i=[-2], n2i=[9])
    assert error.message == (
        "Feder 2014, control group: A standard deviation cannot be negative (-2). Correct the cell SD."
    )


CALLS = [
    ({"measure": "XYZ", "ai": [1]}, "pooling.unknown-measure", "OR, RR, RD"),
    ({"measure": "OR", "ai": [1], "n1i": [2], "ci": [1]}, "pooling.missing-column", "n2i"),
    ({"measure": "OR"}, "pooling.missing-column", "ai, n1i, ci, n2i"),
    ({"measure": "OR", "xi": [1]}, "pooling.unknown-column", "ai, n1i, ci, n2i"),
    ({"measure": "GEN", "yi": [1, 2], "sei": [1]}, "pooling.lengths", "yi 2, sei 1"),
    ({"measure": "GEN", "yi": [1], "sei": [1], "labels": ["a", "b"]}, "pooling.lengths", "labels 2"),
    ({"measure": "GEN", "yi": ["much"], "sei": [1]}, "pooling.not-a-number", "yi"),
    ({"measure": "GEN", "yi": [[1]], "sei": [1]}, "pooling.not-a-column", "yi"),
    ({"measure": "OR", "to": "some", **SAD}, "pooling.correction", "only0"),
    ({"measure": "OR", "add": 2, **SAD}, "pooling.add", "between 0 and 1"),
    ({"measure": "MD", "add": 0.5, **NORMAND}, "pooling.no-zero-cells", "Leave out add"),
    ({"measure": "SMD", "vtype": "HO", **NORMAND}, "pooling.vtype", "LS, UB"),
    ({"measure": "OR", "compatibility": "revman4", **SAD}, "pooling.compatibility", "revman5"),
    ({"measure": "OR", "compatibility": "revman5", "add": 0.25, **SAD}, "pooling.revman5-fixed", "Leave out add"),
    ({"measure": "RD", "compatibility": "revman5", "drop00": True, **SAD}, "pooling.revman5-fixed", "drop00"),
]


@pytest.mark.parametrize(("call", "code", "says"), CALLS)
def test_a_call_that_makes_no_sense_names_what_would(call, code, says):
    error = refusal(**call)
    assert error.code == code
    assert says in error.message


def row_codes(effects) -> list[str | None]:
    return [next((entry.code for entry in effects.row_notes(row)), None) for row in range(len(effects))]


KEPT = [
    ("OR", {"ai": [None, 3], "n1i": [10, 20], "ci": [2, 4], "n2i": [11, 19]}, "row.missing"),
    ("OR", {"ai": [0, 3], "n1i": [0, 20], "ci": [2, 4], "n2i": [11, 19]}, "row.no-participants"),
    ("RD", {"ai": [0, 3], "n1i": [0, 20], "ci": [2, 4], "n2i": [11, 19]}, "row.no-participants"),
    ("PETO", {"ai": [0, 3], "n1i": [0, 20], "ci": [2, 4], "n2i": [11, 19]}, "row.no-participants"),
    ("PETO", {"ai": [0, 3], "n1i": [9, 20], "ci": [0, 4], "n2i": [11, 19]}, "row.no-variation"),
    ("OR", {"ai": [0, 3], "n1i": [10, 20], "ci": [0, 4], "n2i": [11, 19]}, "row.double-zero"),
    ("RR", {"ai": [0, 3], "n1i": [10, 20], "ci": [0, 4], "n2i": [11, 19]}, "row.double-zero"),
    ("OR", {"ai": [10, 3], "n1i": [10, 20], "ci": [11, 4], "n2i": [11, 19]}, "row.all-events"),
    ("MD", MEANS | {"sd1i": [None, 1]}, "row.missing-sd"),
    ("MD", MEANS | {"sd1i": [0, 1], "sd2i": [0, 1]}, "row.zero-sd"),
    ("SMD", MEANS | {"sd1i": [0, 1], "sd2i": [0, 1]}, "row.zero-sd"),
    ("SMD", MEANS | {"n1i": [1, 12], "n2i": [1, 12]}, "row.few-participants"),
    ("MD", MEANS | {"n1i": [0, 12]}, "row.no-participants"),
    ("GEN", {"yi": [math.nan, 0.3], "vi": [0.1, 0.2]}, "row.missing"),
]


@pytest.mark.parametrize(("measure", "table", "code"), KEPT)
def test_a_row_that_cannot_be_used_is_kept_named_and_left_out(measure, table, code):
    effects = effect_sizes(measure, labels=LABELS, **table)
    assert effects.estimable.tolist() == [False, True]
    assert row_codes(effects)[0] == code
    assert effects.row_notes(0)[0].message.startswith("Feder 2014")
    assert effects.effect(0) is None
    pooled = pool(effects, model="common")
    assert pooled.k == 1
    assert pooled.weights.tolist() == [0, 100]
    assert any(entry.code == "pool.left-out" and "Feder 2014" in entry.message for entry in pooled.notes)


def test_the_note_about_missing_numbers_says_which():
    effects = effect_sizes("MD", labels=["A"], m1i=[1], sd1i=[None], n1i=[9], m2i=[1], sd2i=[None], n2i=[9])
    message = effects.notes[0].message
    assert "SD of the experimental group and SD of the control group are missing" in message
    assert "standard error" in message


def test_fractional_counts_are_taken_with_a_warning():
    effects = effect_sizes("OR", ai=[2.5, 3], n1i=[10, 20], ci=[2, 4], n2i=[11, 19])
    assert effects.estimable.all()
    assert row_codes(effects) == ["row.not-integer", None]
    assert effects.yi[0] == pytest.approx(0.40546510810816416)  # metafor 3.8-1


def test_non_events_in_place_of_totals():
    by_total = effect_sizes("OR", **SAD)
    by_non_events = effect_sizes("OR", ai=SAD["ai"], bi=[4, 12], ci=SAD["ci"], di=[12, 17])
    assert by_non_events.yi.tolist() == by_total.yi.tolist()


@pytest.mark.parametrize("options", [{"to": "none"}, {"add": 0}])
def test_without_correction_a_zero_cell_has_no_odds_ratio(options):
    effects = effect_sizes("OR", drop00=False, **options, **ZEROS)
    assert effects.estimable.tolist() == [False, False, False, False, True, False]
    assert row_codes(effects)[0] == "row.zero-cell"


def test_corrected_studies_are_marked():
    effects = effect_sizes("OR", **ZEROS)
    assert row_codes(effects) == [
        "row.corrected",
        "row.double-zero",
        "row.corrected",
        "row.all-events",
        None,
        "row.double-zero",
    ]
    revman = effect_sizes("RD", compatibility="revman5", **ZEROS)
    assert row_codes(revman)[0] == "row.corrected-se"
    assert revman.yi[0] == pytest.approx(-0.15)


def test_the_arrays_cannot_be_changed_by_accident():
    effects = effect_sizes("OR", **SAD)
    for values in (effects.yi, effects.vi, effects.estimable, effects.table["ai"], pool(effects).weights):
        with pytest.raises(ValueError, match="read-only"):
            values[0] = 1


def test_what_was_given_is_not_changed():
    given = {key: list(values) for key, values in SAD.items()}
    effect_sizes("OR", **given)
    assert given == SAD


def test_a_refusal_is_an_error_a_person_may_see():
    with pytest.raises(InputError):
        effect_sizes("OR", **(SAD | {"ai": [13, 6]}))
