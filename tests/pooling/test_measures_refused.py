"""What the further measures refuse, leave out with a reason, or use with a caution."""

from __future__ import annotations

import pytest

from core.errors import InputError
from core.model import OutcomeKind
from core.pooling import MEASURES, combinations, effect_sizes, pool, recommended
from core.synthesis.settings import kind_of, measures_of
from tests.pooling.metafor_effects import ALL_PRITZ, BCG, HART, MOLLOY, MORRIS, NORMAND, ONE_RATE, PRITZ
from tests.pooling.published import refusal

TWO_MEANS = {"m1i": [2, 2], "sd1i": [1, 1], "n1i": [10, 12], "m2i": [1, 1], "sd2i": [1, 1], "n2i": [10, 12]}
PAIRED = {"m1i": [2, 2], "sd1i": [1, 1], "m2i": [1, 1], "sd2i": [1, 1], "ni": [10, 12], "ri": [0.5, 0.5]}
ONE_MEAN = {"mi": [2, 2], "sdi": [1, 1], "ni": [10, 12]}
TABLE = {"ai": [3, 3], "bi": [4, 5], "ci": [2, 4], "di": [9, 19]}
RATES = {"x1i": [3, 3], "t1i": [20, 30], "x2i": [5, 4], "t2i": [21, 33]}

REFUSED = [
    ("PLO", {"xi": [12, 3], "ni": [10, 20]}, "pooling.events-exceed-total", "xi"),
    ("PFT", {"xi": [-1, 3], "ni": [10, 20]}, "pooling.negative", "xi"),
    ("IRR", RATES | {"t1i": [0, 30]}, "pooling.not-positive", "t1i"),
    ("IRLN", {"xi": [3, 4], "ti": [-2, 3]}, "pooling.not-positive", "ti"),
    ("ZCOR", {"ri": [1.2, 0.5], "ni": [20, 30]}, "pooling.correlation", "ri"),
    ("COR", {"ri": [0.2, -1.5], "ni": [20, 30]}, "pooling.correlation", "ri"),
    ("MC", PAIRED | {"ri": [1.01, 0.5]}, "pooling.correlation", "ri"),
    ("SMCR", PAIRED | {"sd2i": [-1, 0.5]}, "pooling.negative", "sd2i"),
    ("MPORC", TABLE | {"bi": [-1, 5]}, "pooling.negative", "bi"),
    ("AS", {"ai": [3, 21], "n1i": [10, 20], "ci": [2, 4], "n2i": [11, 19]}, "pooling.events-exceed-total", "ai"),
    ("RTET", {"ai": [3, 21], "n1i": [10, 20], "ci": [2, 4], "n2i": [11, 19]}, "pooling.negative", "bi"),
]


@pytest.mark.parametrize(("key", "table", "code", "column"), REFUSED)
def test_an_impossible_cell_is_refused_by_study_and_column(key, table, code, column):
    error = refusal(key, **table)
    assert (error.code, error.params["column"]) == (code, column)
    assert error.message.startswith(error.params["study"])


def test_the_sentence_for_an_impossible_correlation():
    assert refusal("ZCOR", labels=["Feder 2014"], ri=[1.2], ni=[20]).message == (
        "Feder 2014: A correlation lies between -1 and 1; it is 1.2. Correct the cell Correlation."
    )


LEFT_OUT = [
    ("AS", {"ai": [0, 3], "n1i": [0, 20], "ci": [2, 4], "n2i": [11, 19]}, {}, "row.no-participants"),
    ("PHI", {"ai": [0, 3], "n1i": [9, 20], "ci": [0, 4], "n2i": [11, 19]}, {}, "row.zero-cell"),
    ("PHI", {"ai": [9, 3], "n1i": [9, 20], "ci": [0, 4], "n2i": [11, 19]}, {}, "row.zero-variance"),
    ("YUQ", {"ai": [0, 3], "n1i": [9, 20], "ci": [0, 4], "n2i": [11, 19]}, {}, "row.double-zero"),
    ("YUY", {"ai": [0, 3], "n1i": [9, 20], "ci": [1, 4], "n2i": [11, 19]}, {"to": "none"}, "row.zero-cell"),
    ("OR2DN", {"ai": [9, 3], "n1i": [9, 20], "ci": [11, 4], "n2i": [11, 19]}, {}, "row.all-events"),
    ("PBIT", {"ai": [0, 3], "n1i": [9, 20], "ci": [1, 4], "n2i": [11, 19]}, {"add": 0}, "row.zero-cell"),
    ("PETO", {"ai": [0, 3], "n1i": [9, 20], "ci": [0, 4], "n2i": [11, 19]}, {"drop00": True}, "row.double-zero"),
    ("RTET", TABLE | {"bi": [0, 5]}, {}, "row.zero-cell"),
    ("SMDH", TWO_MEANS | {"sd1i": [0, 1], "sd2i": [0, 1]}, {}, "row.zero-sd"),
    ("SMD1", TWO_MEANS | {"sd2i": [0, 1]}, {}, "row.one-zero-sd"),
    ("SMD1", TWO_MEANS | {"n2i": [2, 12]}, {}, "row.small-sample"),
    ("SMD1", TWO_MEANS | {"n1i": [0, 12]}, {"vtype": "AV"}, "row.no-participants"),
    ("ROM", TWO_MEANS | {"m1i": [-2, 2]}, {}, "row.opposite-means"),
    ("ROM", TWO_MEANS | {"m2i": [0, 2]}, {"vtype": "AVHO"}, "row.zero-mean"),
    ("ROM", TWO_MEANS | {"sd1i": [None, 2]}, {}, "row.missing-sd"),
    ("CVR", TWO_MEANS | {"m1i": [-2, 2], "m2i": [-1, 2]}, {}, "row.cv-means"),
    ("CVR", TWO_MEANS | {"sd1i": [0, 1]}, {}, "row.one-zero-sd"),
    ("VR", TWO_MEANS | {"sd2i": [0, 1]}, {}, "row.one-zero-sd"),
    ("VR", TWO_MEANS | {"n1i": [1, 12]}, {}, "row.few-participants"),
    ("IRR", RATES | {"x1i": [0, 3]}, {"to": "none"}, "row.zero-count"),
    ("IRR", RATES | {"x1i": [0, 3], "x2i": [0, 3]}, {}, "row.double-zero"),
    ("IRD", RATES | {"x1i": [0, 3], "x2i": [0, 3]}, {"add": 0}, "row.zero-variance"),
    ("IRSD", RATES | {"x1i": [None, 3]}, {}, "row.missing"),
    ("IR", {"xi": [0, 3], "ti": [9, 9]}, {"to": "none"}, "row.zero-variance"),
    ("IRLN", {"xi": [0, 3], "ti": [9, 9]}, {"to": "none"}, "row.zero-count"),
    ("PR", {"xi": [0, 3], "ni": [9, 9]}, {"add": 0}, "row.zero-variance"),
    ("PLO", {"xi": [9, 3], "ni": [9, 9]}, {"to": "none"}, "row.zero-proportion"),
    ("PAS", {"xi": [0, 3], "ni": [0, 9]}, {}, "row.nobody"),
    ("PFT", {"xi": [0, 3], "ni": [0, 9]}, {}, "row.nobody"),
    ("ZCOR", {"ri": [1, 0.5], "ni": [20, 30]}, {}, "row.perfect-correlation"),
    ("ZCOR", {"ri": [0.3, 0.5], "ni": [3, 30]}, {}, "row.small-correlation"),
    ("COR", {"ri": [-1, 0.5], "ni": [20, 30]}, {}, "row.perfect-correlation"),
    ("UCOR", {"ri": [0.3, 0.5], "ni": [4, 30]}, {}, "row.small-correlation"),
    ("MN", ONE_MEAN | {"sdi": [0, 1]}, {}, "row.flat"),
    ("MN", ONE_MEAN | {"ni": [1, 12]}, {}, "row.few-in-group"),
    ("MNLN", ONE_MEAN | {"mi": [0, 1]}, {}, "row.mean-not-positive"),
    ("MNLN", ONE_MEAN | {"ni": [0, 12]}, {}, "row.nobody"),
    ("MC", PAIRED | {"ri": [1, 0.5]}, {}, "row.flat"),
    ("MC", PAIRED | {"ni": [1, 12]}, {}, "row.few-pairs"),
    ("SMCC", PAIRED | {"ni": [2, 12]}, {}, "row.few-pairs"),
    ("SMCC", PAIRED | {"ri": [1, 0.5]}, {}, "row.flat"),
    ("SMCR", PAIRED | {"sd1i": [0, 1]}, {}, "row.flat"),
    ("SMCRH", PAIRED | {"ni": [0, 12]}, {}, "row.nobody"),
    ("SMDX", PAIRED | {"ri": [1, 0.5]}, {}, "row.flat"),
    ("ROMC", PAIRED | {"m1i": [-2, 2]}, {}, "row.opposite-means"),
    ("MPRR", TABLE | {"ai": [0, 3], "ci": [0, 3]}, {"drop00": True}, "row.double-zero-pairs"),
    ("MPRD", TABLE | {"bi": [0, 3], "di": [0, 3]}, {"drop00": True}, "row.all-events-pairs"),
    ("MPORC", TABLE | {"bi": [0, 3]}, {"add": 0}, "row.zero-cell"),
    ("MPPETO", TABLE | {"bi": [0, 3], "ci": [0, 3]}, {"to": "none"}, "row.zero-cell"),
    ("MPOR", {key: [0, 5] for key in TABLE}, {}, "row.nobody"),
    ("MPRR", TABLE | {"bi": [0, 3], "ci": [0, 3]}, {"to": "none"}, "row.zero-variance"),
    ("MPOR", {"ai": [42004, 9], "bi": [0, 3], "ci": [0, 3], "di": [5, 9]}, {"to": "none"}, "row.zero-variance"),
]


@pytest.mark.parametrize(("key", "table", "options", "code"), LEFT_OUT)
def test_a_row_that_cannot_be_used_is_kept_named_and_left_out(key, table, options, code):
    effects = effect_sizes(key, labels=["Feder 2014", "Glue 2017"], **options, **table)
    assert effects.estimable.tolist() == [False, True]
    assert [entry.code for entry in effects.row_notes(0)] == [code]
    assert effects.row_notes(0)[0].message.startswith("Feder 2014")
    assert effects.display(0) is None
    assert pool(effects, model="common").k == 1


def test_a_caution_is_no_reason():
    effects = effect_sizes("SMCR", m1i=[2], sd1i=[1], m2i=[2], ni=[9.5], ri=[1])
    assert [entry.code for entry in effects.notes] == ["row.not-integer", "row.undefined"]


def test_what_no_other_reason_was_found_for_still_gets_a_note():
    effects = effect_sizes("SMCR", labels=["Feder 2014"], m1i=[2], sd1i=[1], m2i=[2], ni=[9], ri=[1])
    assert not effects.estimable[0]
    assert [entry.code for entry in effects.notes] == ["row.undefined"]
    assert effects.notes[0].message.startswith("Feder 2014: not estimable")


CAUTIONS = [
    ("ROM", TWO_MEANS | {"m1i": [-2, 2], "m2i": [-1, 1]}, "row.negative-means"),
    ("IRR", RATES | {"x1i": [0, 3]}, "row.corrected-counts"),
    ("IRLN", {"xi": [0, 3], "ti": [9, 9]}, "row.corrected-count"),
    ("PLO", {"xi": [0, 3], "ni": [9, 9]}, "row.corrected-proportion"),
    ("MPORC", TABLE | {"bi": [0, 3]}, "row.corrected"),
    ("PBIT", {"ai": [0, 3], "n1i": [9, 20], "ci": [1, 4], "n2i": [11, 19]}, "row.corrected"),
    ("PR", {"xi": [2.5, 3], "ni": [9, 9]}, "row.not-integer"),
]


@pytest.mark.parametrize(("key", "table", "code"), CAUTIONS)
def test_a_row_that_is_used_with_a_reservation_says_so(key, table, code):
    effects = effect_sizes(key, **table)
    assert effects.estimable.all()
    assert [entry.code for entry in effects.notes] == [code]
    assert effects.notes[0].row == 0


def test_proportions_pooled_by_the_double_arcsine_come_with_a_warning():
    assert "PLO" in next(
        n.message for n in pool(effect_sizes("PFT", **ALL_PRITZ)).notes if n.code == "pool.freeman-tukey"
    )
    one = pool(effect_sizes("PFT", xi=[3], ni=[9]))
    assert "pool.freeman-tukey" not in [entry.code for entry in one.notes]
    assert one.display().estimate == pytest.approx(1 / 3)
    assert "pool.freeman-tukey" not in [entry.code for entry in pool(effect_sizes("PLO", **PRITZ)).notes]


NOT_POOLED = [
    ("IRR", RATES | {"x1i": [0, 0]}, "mh.rates-one-arm", "experimental"),
    ("IRR", RATES | {"x2i": [0, 0]}, "mh.rates-one-arm", "control"),
    ("IRR", RATES | {"x1i": [0, 0], "x2i": [0, 0]}, "mh.rates-none", "No study has an event".lower()),
    ("IRD", RATES | {"x1i": [0, 0], "x2i": [0, 0]}, "mh.rates-none", "either group"),
    ("IRD", RATES | {"x1i": [None, None]}, "pool.none-estimable", "no study"),
]


@pytest.mark.parametrize(("key", "table", "code", "says"), NOT_POOLED)
def test_rates_without_events_are_not_estimable_by_mantel_haenszel(key, table, code, says):
    fit = pool(effect_sizes(key, **table), model="common", method="MH")
    assert (fit.estimate, fit.ci, fit.k) == (None, None, 0)
    assert [entry.code for entry in fit.notes] == [code]
    assert says in fit.notes[0].message


CALLS = [
    ("AS", {"compatibility": "revman5"} | BCG, "pooling.compatibility", "Choose current conventions"),
    ("IRR", {"vtype": "LS"} | HART, "pooling.vtype", "only one"),
    ("ROM", {"vtype": "UB"} | NORMAND, "pooling.vtype", "LS, HO, AV, AVHO"),
    ("PLO", {"drop00": True} | PRITZ, "pooling.one-group", "Leave out drop00"),
    ("IRLN", {"drop00": False} | ONE_RATE, "pooling.one-group", "one group only"),
    ("ZCOR", {"add": 0.5} | MOLLOY, "pooling.no-zero-cells", "Leave out add"),
    ("SMD", {"small_sample": "much"} | NORMAND, "pooling.small-sample", "exact, approximate, none"),
    ("MD", {"small_sample": "none"} | NORMAND, "pooling.small-sample-fixed", "Leave out small_sample"),
    ("SMD", {"small_sample": "none", "vtype": "UB"} | NORMAND, "pooling.small-sample-fixed", "UB needs"),
    ("SMD", {"small_sample": "none", "compatibility": "revman5"} | NORMAND, "pooling.small-sample-fixed", "current"),
    ("PR", {"xi": [1]}, "pooling.missing-column", "ni"),
    ("SMCRH", {key: MORRIS[key] for key in ("m1i", "sd1i", "m2i", "ni", "ri")}, "pooling.missing-column", "sd2i"),
]


@pytest.mark.parametrize(("key", "call", "code", "says"), CALLS)
def test_a_call_that_makes_no_sense_names_what_would(key, call, code, says):
    error = refusal(key, **call)
    assert error.code == code
    assert says in error.message


def test_other_forms_of_the_columns():
    by_cells = effect_sizes("RTET", ai=[3, 9], bi=[4, 2], ci=[2, 3], di=[9, 8])
    by_totals = effect_sizes("RTET", ai=[3, 9], n1i=[7, 11], ci=[2, 3], n2i=[11, 11])
    assert by_cells.yi.tolist() == by_totals.yi.tolist()
    assert effect_sizes("PLO", xi=[3], mi=[6]).yi[0] == effect_sizes("PLO", xi=[3], ni=[9]).yi[0]
    without = {key: values for key, values in TWO_MEANS.items() if key != "sd1i"}
    assert effect_sizes("SMD1", **without).yi.tolist() == effect_sizes("SMD1", **TWO_MEANS).yi.tolist()
    assert effect_sizes("SMCR", **PAIRED).vi.tolist() == effect_sizes("SMCR", **PAIRED | {"sd2i": [7, 8]}).vi.tolist()


def test_what_follows_revman_5_says_which_measures_do_not():
    assert combinations("IRR", "revman5") == ()
    with pytest.raises(InputError) as caught:
        recommended("IRR", "revman5")
    assert caught.value.code == "pooling.compatibility"
    with pytest.raises(InputError) as caught:
        pool(effect_sizes("IRR", **HART), method="MH", model="random")
    assert caught.value.code == "pooling.combination"
    assert "It exists" not in caught.value.message


def test_the_analyses_of_a_review_keep_their_measures():
    """The others are for the command line and for calls; a review has no kind of data for them."""
    offered = [option.key for kind in OutcomeKind for option in measures_of(kind)]
    assert offered == ["OR", "RR", "RD", "PETO", "MD", "SMD", "GEN", "GENLOG", "O-E"]
    assert all(key in [option.key for option in measures_of(kind_of(key))] for key in offered)


@pytest.mark.parametrize("entry", [entry for entry in MEASURES if entry.compatibility == (None,)], ids=lambda m: m.key)
def test_a_measure_that_no_analysis_of_a_review_takes_is_refused_there(entry):
    with pytest.raises(InputError) as caught:
        kind_of(entry.key)
    assert caught.value.code == "analysis.no_kind"
    assert entry.label in caught.value.message
    assert "OR, RR, RD, PETO, MD, SMD, GEN" in caught.value.message
