"""Selection models against metafor, against integrals done another way, and where they have no answer."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import ndtr, ndtri

from core.errors import InputError
from core.pooling import VEVEA_WOODS_STEPS, VEVEA_WOODS_WEIGHTS, effect_sizes, fit_statistics, pool, selection_model
from tests.pooling.clustered import WRITING
from tests.pooling.published import BCG

# Teachers' expectations and pupils' IQ, 19 studies: Raudenbush & Bryk (1985) J Educ Stat 10:75.
EXPECTATIONS = {
    "yi": [0.03, 0.12, -0.14, 1.18, 0.26, -0.06, -0.02, -0.32, 0.27, 0.8, 0.54, 0.18, -0.02, 0.23, -0.18, -0.06, 0.3,
           0.07, -0.07],
    "vi": [0.0156, 0.0216, 0.0279, 0.1391, 0.1362, 0.0106, 0.0106, 0.0484, 0.0269, 0.063, 0.0912, 0.0497, 0.0835,
           0.0841, 0.0253, 0.0279, 0.0193, 0.0088, 0.0303],
}  # fmt: skip


def bcg():
    return effect_sizes("RR", **BCG)


def writing():
    return effect_sizes("GEN", **WRITING)


def expectations():
    return effect_sizes("GEN", **EXPECTATIONS)


def codes(found) -> list[str]:
    return [entry.code for entry in found.notes]


# metafor 3.8-1, selmodel(type = "stepfun") of an ML fit: estimate, SE, tau2, log-likelihood, LRT, weights.
STEPS = [
    (bcg, (0.025,), "less", (-0.62056306, 0.26132268, 0.29123925, -12.543827, 0.2424995), (0.6355353,)),
    (bcg, (0.025, 0.5), "less", (-0.67119698, 0.27996853, 0.26390157, -12.491616, 0.3469198), (0.6315493, 0.9278535)),
    (bcg, (0.05,), "two-sided", (-0.68803575, 0.21385996, 0.27744662, -12.649214, 0.0317255), (0.8649298,)),
    (writing, (0.025,), "greater", (0.1476647, 0.073158874, 0.027552547, -17.680392, 1.1635443), (0.4664532,)),
    (writing, (0.05, 0.1, 0.5), "two-sided", (0.17030687, 0.073172531, 0.027242598, -17.361373, 1.8015819),
     (0.3378704, 0.5999799, 0.5299851)),
    (writing, (0.5, 0.001, 0.01, 0.05), "greater", (0.45921661, 0.22167913, 0.11260471, -16.548302, 3.4277239),
     (4.5138096, 7.1875937, 9.1597384, 9.8740961)),
    (expectations, (0.025,), "greater", (0.015810811, 0.040048629, 0, -1.5650827, 3.1149754), (0.1703992,)),
    (expectations, (0.05, 0.1, 0.5), "two-sided", (0.036109887, 0.029977835, 0, -1.4428073, 3.3595263),
     (0.706083, 0.3705872, 0.2284408)),
]  # fmt: skip


@pytest.mark.parametrize(("effects", "steps", "side", "numbers", "deltas"), STEPS)
def test_step_models(effects, steps, side, numbers, deltas):
    found = selection_model(effects(), steps=steps, side=side)
    assert found.converged
    assert (found.estimate, found.se) == pytest.approx(numbers[:2], rel=5e-5)
    assert (found.tau2, found.log_likelihood) == (
        pytest.approx(numbers[2], rel=1e-5, abs=1e-9),
        pytest.approx(numbers[3], abs=1e-6),
    )
    assert (found.selection.stat, found.selection.df) == (pytest.approx(numbers[4], abs=2e-6), len(deltas))
    assert [entry.delta for entry in found.weights] == pytest.approx([1, *deltas], rel=1e-5)


def test_everything_a_step_model_says():
    """metafor 3.8-1: writing to learn, steps 0.025 and 0.5."""
    found = selection_model(writing(), steps=(0.025, 0.5))
    assert (found.side, found.k, found.kind) == ("greater", 48, "step")
    assert (found.estimate, found.se, found.tau2, found.tau2_se) == pytest.approx(
        (0.10568619, 0.090309871, 0.02738185, 0.026211922), rel=1e-5
    )
    first, second, third = found.weights
    assert (first.delta, first.se, first.ci, first.p) == (1, None, None, None)
    assert [(entry.low, entry.high, entry.studies) for entry in found.weights] == [
        (0, 0.025, 14),
        (0.025, 0.5, 23),
        (0.5, 1, 11),
    ]
    assert (second.delta, second.se, third.delta, third.se) == pytest.approx(
        (0.40140345, 0.32727301, 0.2764285, 0.29639948), rel=1e-5
    )
    z = np.array(WRITING["yi"]) / np.sqrt(WRITING["vi"])
    assert ((z >= 1.959964).sum(), (z < 0).sum()) == (14, 11)
    assert second.ci == pytest.approx((0, 0.40140345 + 1.959964 * 0.32727301), rel=1e-5)
    assert third.p == pytest.approx(2 * ndtr((0.2764285 - 1) / 0.29639948), rel=1e-4)
    assert found.selection.p == pytest.approx(0.43149863, rel=1e-5)
    assert found.ci == pytest.approx((found.estimate - 1.959964 * found.se, found.estimate + 1.959964 * found.se))
    assert found.p == pytest.approx(2 * ndtr(-found.stat))
    ordinary = pool(writing(), tau2="ML")
    assert (found.unadjusted, found.unadjusted_tau2) == pytest.approx((ordinary.estimate, ordinary.tau2))
    gain = found.log_likelihood - fit_statistics(writing(), ordinary).log_likelihood
    assert found.selection.stat == pytest.approx(2 * gain, abs=1e-7)


# metafor 3.8-1, weights of Vevea & Woods (2005), moderate one-tailed selection: estimate, SE, tau2, log-likelihood.
@pytest.mark.parametrize(
    ("effects", "numbers"),
    [
        (bcg, (-0.59277865, 0.19657535, 0.32216076, -12.8832)),
        (writing, (0.14973459, 0.045282089, 0.044052548, -18.341943)),
        (expectations, (0.032264049, 0.039067561, 0.0029991853, -2.4776526)),
    ],
)
def test_weights_fixed_beforehand(effects, numbers):
    weights = VEVEA_WOODS_WEIGHTS["moderate one-tailed"]
    found = selection_model(effects(), steps=VEVEA_WOODS_STEPS, weights=weights)
    assert (found.estimate, found.se, found.tau2) == pytest.approx(numbers[:3], rel=1e-5)
    assert found.log_likelihood == pytest.approx(numbers[3], abs=1e-5)
    assert found.selection is None
    assert [entry.delta for entry in found.weights] == pytest.approx(list(weights))
    assert {entry.se for entry in found.weights} == {None}


def test_equal_weights_are_no_selection():
    for tau2, effects in (("ML", writing()), ("ML", bcg())):
        ordinary = pool(effects, tau2=tau2, ci="wald")
        found = selection_model(effects, weights=(0.3, 0.3))
        assert (found.estimate, found.tau2) == pytest.approx((ordinary.estimate, ordinary.tau2), rel=1e-6)


def test_all_weights_of_vevea_and_woods_fit_their_steps():
    for name, weights in VEVEA_WOODS_WEIGHTS.items():
        assert len(weights) == len(VEVEA_WOODS_STEPS) + 1
        assert selection_model(bcg(), steps=VEVEA_WOODS_STEPS, weights=weights).converged, name


def integrated(y, v, mean, tau2, a, b, side=1) -> float:
    """The beta model's log-likelihood by its definition, with adaptive integration of the effect."""
    end = -ndtri(1e-5)
    value = 0.0
    for effect, variance in zip(y, v, strict=True):
        se, sd = math.sqrt(variance), math.sqrt(variance + tau2)

        def weight(z):
            p = min(max(ndtr(-side * z), 1e-5), 1 - 1e-5)
            return p ** (a - 1) * (1 - p) ** (b - 1)

        def seen(x, se=se, sd=sd):
            return weight(x / se) * math.exp(-0.5 * ((x - mean) / sd) ** 2) / (sd * math.sqrt(2 * math.pi))

        limits = sorted({mean - 38 * sd, -end * se, 0.0, end * se, mean, mean + 38 * sd})
        area = sum(
            quad(seen, low, high, epsabs=0, epsrel=1e-11, limit=200)[0] for low, high in itertools.pairwise(limits)
        )
        value += math.log(seen(effect) / area)
    return value


# metafor 3.8-1 with control = list(optimizer = "nlminb", intCtrl = list(rel.tol = 1e-10)); its default integration is
# too rough for the standard error (0.52199 for 0.52746).
def test_the_beta_model_of_the_bcg_data():
    found = selection_model(effect_sizes("OR", **BCG), kind="beta")
    assert (found.side, len(found.weights)) == ("less", 2)
    assert (found.estimate, found.se, found.tau2) == pytest.approx((-0.88066004, 0.52746447, 0.40805506), rel=1e-5)
    assert [entry.delta for entry in found.weights] == pytest.approx([1.12503112, 1.44906466], rel=1e-5)
    assert found.log_likelihood == pytest.approx(-12.321130614, abs=1e-7)
    assert (found.weights[0].low, found.weights[0].studies) == (None, None)
    assert found.weights[1].ci[0] == pytest.approx(1.44906466 - 1.959964 * found.weights[1].se, rel=1e-6)


def test_the_beta_likelihood_is_its_definition_and_its_top_a_top():
    effects = writing().select(range(12))
    found = selection_model(effects, kind="beta")
    assert found.converged
    y, v = effects.yi, effects.vi
    at = [found.estimate, found.tau2, *(entry.delta for entry in found.weights)]
    side = 1 if found.side == "greater" else -1
    top = integrated(y, v, *at, side)
    assert found.log_likelihood == pytest.approx(top, abs=1e-9)
    for change in (
        (1.02, 1, 1, 1),
        (0.98, 1, 1, 1),
        (1, 1, 1.02, 1),
        (1, 1, 0.98, 1),
        (1, 1, 1, 1.02),
        (1, 1, 1, 0.98),
    ):
        assert integrated(y, v, *(x * factor for x, factor in zip(at, change, strict=True)), side) < top


def test_standard_errors_come_from_the_curvature_of_that_likelihood():
    effects = effect_sizes("OR", **BCG)
    found = selection_model(effects, kind="beta")
    at = np.array([found.estimate, found.tau2, *(entry.delta for entry in found.weights)])
    steps = np.diag(2e-3 * at)

    def value(change) -> float:
        return integrated(effects.yi, effects.vi, *(at + change), side=-1)

    hessian = np.zeros((4, 4))
    for i, j in itertools.combinations_with_replacement(range(4), 2):
        one, other = steps[i], steps[j]
        rise = value(one + other) - value(one - other) - value(other - one) + value(-one - other)
        hessian[i, j] = hessian[j, i] = rise / (4 * one[i] * other[j])
    errors = np.sqrt(np.diag(np.linalg.inv(-hessian)))
    assert errors == pytest.approx([found.se, found.tau2_se, *(entry.se for entry in found.weights)], rel=5e-4)


def test_a_higher_maximum_elsewhere_is_told():
    """metafor 3.8-1 (intCtrl = list(rel.tol = 1e-8)) finds this maximum; the other is higher by the definition."""
    found = selection_model(writing(), kind="beta")
    assert (found.estimate, found.se, found.tau2) == pytest.approx((0.601919, 0.4833068, 0.3130412), rel=1e-5)
    assert [entry.delta for entry in found.weights] == pytest.approx([1.3357725, 1.5713843], rel=1e-6)
    assert found.log_likelihood == pytest.approx(-14.5684231, abs=1e-6)
    (rival,) = found.notes
    assert rival.code == "selection.rival"
    assert rival.params["effect"] == pytest.approx(-0.0261, abs=5e-4)
    assert rival.params["gain"] > 0.5
    higher = [(rival.params["effect"], a, b) for a in (0.3, 0.5) for b in (1.2, 1.8)]
    top = max(integrated(WRITING["yi"], WRITING["vi"], mean, tau2, a, b) for mean, a, b in higher for tau2 in (0,))
    assert top > found.log_likelihood


def test_a_likelihood_that_rises_again_is_told():
    effects = effect_sizes("GEN", yi=[0.12, 0.14, 0.3, 0.57, 0.24, 0.33], vi=[0.029, 0.024, 0.101, 0.378, 0.011, 0.241])
    found = selection_model(effects, kind="beta")
    assert "selection.rises" in codes(found)


def test_turning_the_signs_turns_the_result():
    for kind in ("step", "beta"):
        found = selection_model(writing(), kind=kind)
        turned = selection_model(effect_sizes("GEN", yi=[-y for y in WRITING["yi"]], vi=WRITING["vi"]), kind=kind)
        assert (found.side, turned.side) == ("greater", "less")
        assert (turned.estimate, turned.stat) == pytest.approx((-found.estimate, -found.stat), rel=1e-6)
        assert (turned.se, turned.p, turned.tau2) == pytest.approx((found.se, found.p, found.tau2), rel=1e-6)
        assert turned.ci == pytest.approx((-found.ci[1], -found.ci[0]), rel=1e-6)


@settings(max_examples=8)
@given(st.integers(0, 10_000), st.sampled_from([1e-7, 0.1, 1e6]), st.sampled_from(["greater", "two-sided"]))
def test_order_and_unit_do_not_matter(seed, unit, side):
    generator = np.random.default_rng(seed)
    v = np.exp(generator.normal(-3, 1, 30))
    y = 0.2 + generator.normal(0, np.sqrt(v + 0.05))
    found = selection_model(effect_sizes("GEN", yi=y, vi=v), side=side)
    order = generator.permutation(30)
    again = selection_model(effect_sizes("GEN", yi=unit * y[order], vi=unit**2 * v[order]), side=side)
    assert again.converged == found.converged
    if found.converged:
        assert (again.estimate / unit, again.se / unit) == pytest.approx((found.estimate, found.se), rel=1e-4, abs=1e-6)
        assert again.log_likelihood + 30 * math.log(unit) == pytest.approx(found.log_likelihood, abs=1e-6)
        assert found.selection.stat >= 0


def test_an_interval_without_studies_has_no_weight():
    found = selection_model(bcg(), steps=(0.0001, 0.000101, 0.025, 0.5))
    assert (found.converged, found.estimate, found.display(), found.weights) == (False, None, None, ())
    assert codes(found) == ["selection.few-in-interval", "selection.empty-interval"]
    assert "0.0001-0.000101" in found.notes[1].message
    assert found.unadjusted == pytest.approx(pool(bcg(), tau2="ML").estimate)


def test_too_few_studies():
    three = effect_sizes("GEN", yi=[0.9, 0.1, 0.2], vi=[0.1, 0.1, 0.1])
    assert codes(selection_model(three, kind="beta")) == ["selection.few-studies", "selection.too-few"]
    one = effect_sizes("GEN", yi=[0.9], vi=[0.1])
    assert codes(selection_model(one)) == ["selection.one-study"]
    assert selection_model(one, side="two-sided").side == "two-sided"
    assert codes(selection_model(effect_sizes("GEN", yi=[], vi=[]))) == ["pool.no-studies"]
    nothing = selection_model(effect_sizes("GEN", yi=[None], vi=[1]))
    assert (codes(nothing), nothing.k, nothing.estimable) == (["pool.none-estimable"], 0, False)


def test_rows_that_are_not_estimable_are_named():
    yi, vi = [None, *WRITING["yi"]], [1, *WRITING["vi"]]
    found = selection_model(effect_sizes("GENLOG", yi=yi, vi=vi))
    whole = selection_model(writing())
    assert (found.k, found.estimate) == (48, pytest.approx(whole.estimate))
    assert codes(found) == ["pool.left-out"]
    shown = found.display()
    assert (shown.estimate, shown.ci.high) == pytest.approx((math.exp(found.estimate), math.exp(found.ci.high)))


def test_a_likelihood_without_a_maximum_is_said_to_have_none():
    """The heavier the weight of P values above the step, the likelier these data."""
    effects = effect_sizes(
        "GEN", yi=[0.15, 0.41, -0.69, 0.18, 1.04, 0.43], vi=[0.068, 0.002, 0.559, 0.009, 0.476, 0.348]
    )
    found = selection_model(effects)
    assert (found.converged, found.estimate, found.selection) == (False, None, None)
    assert "selection.no-maximum" in codes(found)
    fixed = [
        selection_model(effects, weights=(1, weight)).log_likelihood for weight in (0.01, 1, 10, 100, 1e3, 1e4, 1e5)
    ]
    assert fixed == sorted(fixed)


def test_hard_data_give_an_answer_or_a_reason():
    generator = np.random.default_rng(11)
    for low in (-3, -12):
        v = 10.0 ** generator.uniform(low, 0, 25)
        y = 0.1 + generator.normal(0, np.sqrt(v + 0.01))
        for kind in ("step", "beta"):
            found = selection_model(effect_sizes("GEN", yi=y, vi=v), kind=kind)
            if found.converged:
                numbers = [found.estimate, found.se, found.tau2, *(entry.delta for entry in found.weights)]
                assert all(math.isfinite(number) for number in numbers)
            else:
                assert {"selection.no-maximum", "selection.empty-interval"} & set(codes(found))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"kind": "probit"}, "pooling.unknown-choice"),
        ({"side": "left"}, "pooling.unknown-choice"),
        ({"kind": "beta", "side": "two-sided"}, "pooling.unknown-choice"),
        ({"level": 1}, "pooling.level"),
        ({"steps": ()}, "pooling.steps"),
        ({"steps": (1,)}, "pooling.steps"),
        ({"steps": (0, 0.5)}, "pooling.steps"),
        ({"steps": (0.5, 2)}, "pooling.steps"),
        ({"steps": (float("nan"),)}, "pooling.steps"),
        ({"steps": ("5 %",)}, "pooling.steps"),
        ({"steps": (None,)}, "pooling.steps"),
        ({"weights": (1,)}, "pooling.selection-weights"),
        ({"weights": (1, 0)}, "pooling.selection-weights"),
        ({"kind": "beta", "weights": (1, 1)}, "pooling.selection-weights"),
    ],
)
def test_refusals(change, code):
    with pytest.raises(InputError) as caught:
        selection_model(bcg(), **change)
    assert caught.value.code == code
