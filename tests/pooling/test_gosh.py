"""GOSH: every subset is what pool finds for it, sampled or complete, reported and stoppable."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import CopseError, InputError
from core.pooling import effect_sizes, gosh, pool
from tests.pooling.published import BCG, YUSUF, ZEROS
from tests.pooling.test_properties import generic, studies


def five():
    return effect_sizes("OR", **{key: values[:5] for key, values in BCG.items()})


def index(found, *rows: int) -> int:
    wanted = np.isin(np.arange(found.members.shape[1]), rows)
    return int(np.flatnonzero((found.members == wanted).all(axis=1))[0])


def test_subsets_of_five_bcg_trials():
    """metafor 3.8-1, rows 13, 22 and 31 of its table (which has the five single studies too)."""
    found = gosh(five(), tau2="DL")
    assert len(found) == 2**5 - 1 - 5
    assert found.complete
    assert found.notes == ()
    for rows, estimate, i2, tau2, q in (
        ((1, 4), -0.888700717885073, 87.5792717447507, 0.9169342496741452, 8.0510577113493653),
        ((1, 2, 4), -1.009267189864112, 79.3268907239369, 0.6835432305988691, 9.6744034643871863),
        ((0, 1, 2, 3, 4), -1.098191820888701, 82.4819844852883, 0.4454064897944242, 22.8336365876647811),
    ):
        at = index(found, *rows)
        values = found.estimates[at], found.i2[at], found.tau2[at], found.q[at]
        assert values == pytest.approx((estimate, i2, tau2, q), rel=1e-12)


@pytest.mark.parametrize(
    "chosen",
    [{"model": "common"}, {"tau2": "DL"}, {"tau2": "REML"}, {"tau2": "SJ"}]
    + [{"model": "common", "method": method} for method in ("MH", "Peto")],
)
def test_every_subset_is_pool_of_it(chosen):
    effects = five()
    found = gosh(effects, **chosen)
    assert (found.tau2 is None) == (chosen.get("model") == "common")
    for number, member in enumerate(found.members):
        alone = pool(effects.select(np.flatnonzero(member).tolist()), ci="wald", pi=None, **chosen)
        assert found.estimates[number] == pytest.approx(alone.estimate, rel=1e-12)
        assert (found.i2[number], found.q[number]) == pytest.approx((alone.i2, alone.q), rel=1e-10, abs=1e-10)
        if found.tau2 is not None:
            assert found.tau2[number] == pytest.approx(alone.tau2, rel=1e-12)


@given(studies, st.sampled_from([{"model": "common"}, {"tau2": "DL"}, {"tau2": "PM", "subsets": 20}]))
@settings(max_examples=20)
def test_the_set_of_all_studies_is_pool(rows, chosen):
    effects = generic(rows)
    found = gosh(effects, **chosen)
    full = np.flatnonzero(found.members.all(axis=1))
    if found.complete:
        assert len(full) == 1
    for at in full:
        assert found.estimates[at] == pytest.approx(found.overall.estimate, rel=1e-9, abs=1e-12)
        assert found.i2[at] == pytest.approx(found.overall.i2, rel=1e-9, abs=1e-9)


@given(st.lists(st.tuples(st.floats(-1e3, 1e3), st.floats(-6, 6)), min_size=2, max_size=6))
@settings(max_examples=20)
def test_extreme_variances_stay_finite(rows):
    effects = effect_sizes("GEN", yi=[y for y, _ in rows], vi=[10**e for _, e in rows])
    found = gosh(effects, tau2="DL")
    for number, member in enumerate(found.members):
        alone = pool(effects.select(np.flatnonzero(member).tolist()), tau2="DL", ci="wald")
        assert found.tau2[number] == pytest.approx(alone.tau2, rel=1e-9, abs=1e-12)
        assert found.i2[number] == pytest.approx(alone.i2, rel=1e-9, abs=1e-9)


def test_a_sample_is_drawn_without_repetition_and_repeatably():
    effects = effect_sizes("OR", **YUSUF)
    first, second, other = (gosh(effects, tau2="DL", subsets=400, seed=seed) for seed in (7, 7, 8))
    assert (first.members == second.members).all()
    assert not (first.members == other.members).all()
    assert len(np.unique(first.members, axis=0)) == len(first) == 400
    assert first.members.sum(axis=1).min() >= 2
    assert not first.complete
    assert [(entry.code, entry.params["count"]) for entry in first.notes] == [("gosh.sample", 400)]
    used = effects.estimable
    assert not first.members[:, ~used].any()
    share = first.members[:, used].mean()
    assert share == pytest.approx(0.5, abs=0.03)


def test_nearly_all_subsets_can_be_drawn():
    found = gosh(five(), tau2="DL", subsets=25)
    assert len(np.unique(found.members, axis=0)) == 25


def test_more_studies_than_bits():
    random = np.random.default_rng(3)
    effects = effect_sizes("GEN", yi=random.normal(size=70), vi=random.uniform(0.1, 1, 70))
    found = gosh(effects, tau2="DL", subsets=50)
    assert found.members.shape == (50, 70)
    assert found.members.mean() == pytest.approx(0.5, abs=0.05)


def test_too_few_studies():
    for count in (0, 1):
        found = gosh(effect_sizes("GEN", yi=[0.1] * count, vi=[1.0] * count), model="common")
        assert (len(found), found.tau2) == (0, None)
        assert [entry.code for entry in found.notes] == ["gosh.few"]
    assert gosh(effect_sizes("GEN", yi=[0.1], vi=[1.0])).tau2.tolist() == []


def test_subsets_without_an_estimate_are_left_out_and_counted():
    effects = effect_sizes("OR", ai=[3, 0, 0], n1i=[20, 20, 20], ci=[2, 3, 4], n2i=[20, 20, 20])
    found = gosh(effects, model="common", method="MH")
    assert found.members.tolist() == [[True, True, False], [True, False, True], [True, True, True]]
    assert [(entry.code, entry.params["count"]) for entry in found.notes] == [("gosh.not-estimable", 1)]
    kept = effect_sizes("OR", **ZEROS)
    assert not gosh(kept, model="common").members[:, [1, 3, 5]].any()


def test_progress_and_cancel():
    shares: list[float] = []
    found = gosh(effect_sizes("OR", **BCG), tau2="REML", subsets=450, progress=shares.append, cancelled=lambda: False)
    assert len(found) == 450
    assert shares == [200 / 450, 400 / 450, 1.0]
    with pytest.raises(CopseError, match="stopped"):
        gosh(five(), tau2="DL", cancelled=lambda: True)


def test_refusals():
    for count in (0, 1_000_001):
        with pytest.raises(InputError, match="between 1 and 1000000"):
            gosh(five(), subsets=count)
    with pytest.raises(InputError, match="estimator"):
        gosh(five(), tau2="XX")
