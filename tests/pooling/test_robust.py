"""Cluster-robust inference against metafor, against its definition by dense matrices, and where it cannot be had."""

from __future__ import annotations

import math

import numpy as np
import pytest

from core.errors import InputError
from core.pooling import effect_sizes, pool, robust, three_level
from tests.pooling.clustered import ASSINK, ASSINK_STUDIES, DISTRICTS, SCHOOLS, WRITING
from tests.pooling.published import BCG


def test_cr1_of_three_level_models():
    """metafor 3.8-1, robust() with its defaults; Assink & Wibbelink 2016 and Konstantopoulos 2011."""
    effects = effect_sizes("GEN", **ASSINK)
    found = robust(effects, three_level(effects, ASSINK_STUDIES), kind="CR1")
    assert (found.estimate, found.se, found.stat) == pytest.approx((0.426799, 0.118305, 3.607633), abs=2e-6)
    assert (found.df, found.clusters, found.p) == (16, 17, pytest.approx(0.002361, abs=1e-6))
    assert found.ci == pytest.approx((0.176005, 0.677594), abs=2e-6)
    effects = effect_sizes("GEN", **SCHOOLS)
    found = robust(effects, three_level(effects, DISTRICTS), DISTRICTS, kind="CR1")
    assert (found.se, found.df) == pytest.approx((0.0845022, 10), abs=1e-6)
    assert [entry.code for entry in found.notes] == ["robust.few-clusters"]


def test_cr2_of_a_three_level_model_and_cr1_of_a_two_level_one():
    """clubSandwich through metafor 3.8-1; Konstantopoulos 2011."""
    effects = effect_sizes("GEN", **SCHOOLS)
    found = robust(effects, three_level(effects, DISTRICTS))
    assert found.kind == "CR2"
    assert (found.se, found.df, found.p) == pytest.approx((0.084457995, 9.8631562, 0.053966742), rel=1e-6)
    found = robust(effects, pool(effects, tau2="DL"), DISTRICTS, kind="CR1")
    assert (found.se, found.df, found.p) == pytest.approx((0.0782649508, 10, 0.1286343181), rel=1e-9)


def defined(y, v, codes, between, within) -> tuple[float, float]:
    """CR2 and its degrees of freedom, word for word as Pustejovsky & Tipton (2018) define them, p = 1."""
    k = len(y)
    covariance = np.diag(v + within) + between * (codes[:, None] == codes[None])
    weights = np.linalg.inv(covariance)
    variance = 1 / weights.sum()
    complement = np.eye(k) - variance * np.ones((k, k)) @ weights
    residual = complement @ y
    meat, vectors = 0.0, []
    for code in np.unique(codes):
        rows = codes == code
        block = np.ix_(rows, rows)
        root = np.linalg.cholesky(covariance[block]).T
        inner = root @ (complement @ covariance @ complement.T)[block] @ root.T
        values, axes = np.linalg.eigh(inner)
        adjustment = root.T @ (axes / np.sqrt(values)) @ axes.T @ root
        vector = variance * np.ones(rows.sum()) @ weights[block] @ adjustment
        meat += (vector @ residual[rows]) ** 2
        vectors.append(complement[rows].T @ vector)
    products = np.array(vectors) @ covariance @ np.array(vectors).T
    return math.sqrt(meat), np.trace(products) ** 2 / (products**2).sum()


@pytest.mark.parametrize("seed", range(12))
def test_cr2_is_what_its_definition_says(seed):
    generator = np.random.default_rng(seed)
    m = int(generator.integers(2, 8))
    codes = np.append(np.repeat(np.arange(m), generator.integers(1, 6, m)), 0)
    v = np.exp(generator.normal(-2, (0.3, 2)[seed % 2], len(codes)))
    y = (0, 1, 3)[seed % 3] * generator.normal(0, 1, m)[codes] + generator.normal(0, np.sqrt(v))
    effects = effect_sizes("GEN", yi=y, vi=v)
    nested = three_level(effects, codes)
    assert nested.between is not None
    for fit, variances in (
        (nested, (nested.between, nested.within)),
        (pool(effects), (0, pool(effects).tau2)),
        (pool(effects, model="common"), (0, 0)),
    ):
        found = robust(effects, fit, codes)
        assert (found.se, found.df) == pytest.approx(defined(y, v, codes, *variances), rel=1e-9)
        assert found.estimate == pytest.approx(fit.estimate)


def test_alone_in_its_cluster_each_study_gives_hartung_knapp_like_inference():
    """Equal variances, one study per cluster: both kinds are the t test of the plain mean."""
    y = np.array([0.2, 0.5, -0.1, 0.9, 0.4])
    effects = effect_sizes("GEN", yi=y, vi=[0.1] * 5)
    for fit in (pool(effects, model="common"), three_level(effects, range(5))):
        for kind in ("CR1", "CR2"):
            found = robust(effects, fit, range(5), kind=kind)
            assert (found.se, found.df) == pytest.approx((y.std(ddof=1) / math.sqrt(5), 4))


def test_precision_over_many_orders_of_magnitude():
    generator = np.random.default_rng(3)
    for exponent in (-12, -24):
        v = 10.0 ** generator.uniform(exponent, 0, 20)
        effects = effect_sizes("GEN", yi=generator.normal(0, np.sqrt(v)), vi=v)
        found = robust(effects, pool(effects, model="common"), np.arange(20) // 4)
        assert math.isfinite(found.se)
        assert found.se > 0
        assert 1 <= found.df <= 4
    # One cluster has all the weight but 1e-20: one degree of freedom.
    effects = effect_sizes("GEN", yi=[0.1, 0.5, 0.7], vi=[1e-20, 1, 1])
    assert robust(effects, pool(effects, model="common"), [1, 2, 3]).df == pytest.approx(1)


def test_few_degrees_of_freedom_and_no_width_are_cautioned():
    effects = effect_sizes("GENLOG", yi=[0.1, 0.5, 0.7], vi=[0.1, 0.1, 0.1])
    found = robust(effects, pool(effects), ["A", "A", "B"])
    assert [entry.code for entry in found.notes] == ["robust.few-df"]
    assert found.display().ci == pytest.approx(tuple(math.exp(limit) for limit in found.ci))
    flat = effect_sizes("GEN", yi=[0.0] * 4, vi=[0.1] * 4)
    found = robust(flat, pool(flat), ["A", "A", "B", "B"])
    assert (found.se, found.stat, found.p) == (0, None, None)
    assert [entry.code for entry in found.notes] == ["robust.zero-width", "robust.few-df"]


def test_rows_that_are_not_estimable_do_not_count():
    effects = effect_sizes("GEN", yi=[0.1, None, 0.5, 0.3], vi=[0.1, 0.1, 0.2, 0.1])
    found = robust(effects, pool(effects), ["A", "B", "C", "C"])
    assert found.clusters == 2
    assert found.se == pytest.approx(robust(effects.select([0, 2, 3]), pool(effects), ["A", "C", "C"]).se)


def refusal(*args, **kwargs) -> str:
    with pytest.raises(InputError) as caught:
        robust(*args, **kwargs)
    return caught.value.code


def test_refusals():
    effects = effect_sizes("GEN", **WRITING)
    fit = pool(effects)
    assert refusal(effects, fit) == "pooling.robust-clusters"
    assert refusal(effects, fit, ["A"] * 48) == "pooling.one-cluster"
    assert refusal(effects, three_level(effects, ["A"] * 48)) == "pooling.one-cluster"
    assert refusal(effects, fit, ["A"] * 47) == "pooling.lengths"
    assert refusal(effects, fit, [None] * 48) == "pooling.no-cluster"
    assert refusal(effects, fit, range(48), kind="CR3") == "pooling.unknown-choice"
    assert refusal(effects, fit, range(48), level=0) == "pooling.level"
    assert refusal(effects, pool(effect_sizes("GEN", **ASSINK)), range(48)) == "pooling.other-effects"
    assert refusal(effects, three_level(effects, [i // 2 for i in range(48)]), range(48)) == "pooling.other-clusters"
    counts = effect_sizes("OR", **BCG)
    assert refusal(counts, pool(counts, model="common", method="MH"), range(13)) == "pooling.robust-method"
    nothing = effect_sizes("GEN", yi=[None, None], vi=[1, 1])
    assert refusal(nothing, pool(nothing), ["A", "B"]) == "pooling.one-cluster"
