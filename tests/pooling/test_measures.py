"""Effect sizes of every measure as metafor 3.8-1 computes them from published data, and results as readers see them."""

from __future__ import annotations

import math

import pytest

from core.pooling import effect_sizes, measure, pool, subgroups
from tests.pooling.metafor_effects import ALL_MOLLOY, ALL_PRITZ, BOURASSA, METAFOR, MORRIS, NORMAND, ONE_RATE


@pytest.mark.parametrize(("key", "table", "options", "yi", "vi"), METAFOR)
def test_effects_are_those_of_metafor(key, table, options, yi, vi):
    effects = effect_sizes(key, **options, **table)
    assert effects.estimable.all()
    assert effects.yi.tolist() == pytest.approx(yi, rel=1e-11, abs=1e-13)
    assert effects.vi.tolist() == pytest.approx(vi, rel=1e-11)


def test_cohens_d_and_the_approximate_correction():
    """Normand's first study: (55 - 75) / pooled SD; J = 1 - 3 / (4 x 309 - 1); variances with d and g."""
    plain = effect_sizes("SMD", small_sample="none", **NORMAND)
    approximate = effect_sizes("SMD", small_sample="approximate", **NORMAND)
    assert plain.yi[0] == pytest.approx(-0.35603461917109186, rel=1e-12)
    assert plain.vi[0] == pytest.approx(0.013065664570794604, rel=1e-12)
    assert approximate.yi[0] == pytest.approx(-0.35603461917109186 * (1 - 3 / 1235), rel=1e-12)
    assert approximate.vi[0] == pytest.approx(0.013064675674927195, rel=1e-12)


def test_the_exact_correction_keeps_its_digits_for_any_size():
    """Against the gamma functions where they do not overflow, and against 1 - 3 / (4 m - 1) where that is close."""
    n = [2, 3, 10, 51, 52, 53, 500, 50_000, 5_000_000]
    ones = [1.0] * len(n)
    table = {"m1i": ones, "sd1i": ones, "n1i": n, "m2i": [0.0] * len(n), "sd2i": ones, "n2i": n}
    j = effect_sizes("SMD", **table).yi
    for size, found in zip(n, j, strict=True):
        df = 2 * size - 2
        if df <= 200:
            exact = math.gamma(df / 2) / (math.sqrt(df / 2) * math.gamma((df - 1) / 2))
            assert found == pytest.approx(exact, rel=1e-14)
        else:
            assert found == pytest.approx(1 - 3 / (4 * df - 1), abs=1 / df**2)


def test_crossover_trials_as_the_handbook_computes_them():
    """Cochrane Handbook 23.2.7: SE(MD) = SD of differences / sqrt(n); the SMD by the SD between people."""
    change, standardised = effect_sizes("MC", **MORRIS), effect_sizes("SMDX", **MORRIS)
    assert change.effect(0)[:2] == pytest.approx((7.9, 3.1304951684997055), rel=1e-12)
    assert standardised.effect(0)[:2] == pytest.approx((0.5891914055755135, 0.24939804044680725), rel=1e-12)


def test_the_tetrachoric_correlation_reproduces_its_table():
    """The first r is also the root of the bivariate normal probability of R's mvtnorm (algorithm TVPACK, uniroot at
    1e-15). metafor's own minimiser stops about 1e-5 before: 0.83125697."""
    from scipy.special import ndtr, owens_t

    effects = effect_sizes("RTET", **BOURASSA)
    assert effects.yi[0] == pytest.approx(0.8312713619778637, rel=1e-13)
    for row, r in enumerate(effects.yi):
        a, b, c, d = (BOURASSA[key][row] for key in ("ai", "bi", "ci", "di"))
        total = a + b + c + d
        h, k = threshold((a + b) / total), threshold((a + c) / total)
        root = math.sqrt(1 - r * r)
        both = (ndtr(h) + ndtr(k)) / 2 - owens_t(h, (k / h - r) / root) - owens_t(k, (h / k - r) / root)
        assert both == pytest.approx(a / total, rel=1e-12)


def threshold(share: float) -> float:
    from scipy.special import ndtri

    return float(ndtri(share))


def test_the_variance_of_the_tetrachoric_correlation_is_that_of_the_delta_method():
    cells = [40.0, 15.0, 12.0, 60.0]

    def r_of(table: list[float]) -> float:
        return float(
            effect_sizes("RTET", **dict(zip(("ai", "bi", "ci", "di"), ([x] for x in table), strict=True))).yi[0]
        )

    slopes = []
    for place in range(4):
        step = 1e-3
        up, down = ([x + sign * step * (i == place) for i, x in enumerate(cells)] for sign in (1, -1))
        slopes.append((r_of(up) - r_of(down)) / (2 * step))
    # The counts of one multinomial sample: variance sum n g^2, as sum n g = 0 for a function of shares.
    expected = sum(n * slope**2 for n, slope in zip(cells, slopes, strict=True))
    found = effect_sizes("RTET", ai=[40], bi=[15], ci=[12], di=[60]).vi[0]
    assert found == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize(("r", "expected"), [(0.0, 0.0), (0.5, 0.5 * math.asin(math.sqrt(0.75)) / math.sqrt(0.75))])
def test_the_corrected_correlation_of_five_people_has_a_closed_form(r, expected):
    """2F1(1/2, 1/2; 3/2; z) = asin(sqrt z) / sqrt z."""
    assert effect_sizes("UCOR", ri=[r], ni=[5]).yi[0] == pytest.approx(expected, rel=1e-13)


def test_the_variance_of_a_correlation_without_bias_keeps_its_digits_in_large_samples():
    effects = effect_sizes("UCOR", vtype="UB", ri=[0.3, 0.0], ni=[10**9, 10**12])
    assert effects.vi.tolist() == pytest.approx([(1 - 0.09) ** 2 / 1e9, 1e-12], rel=1e-8)


def shown(fit):
    display = fit.display()
    return [display.estimate, *display.ci]


# metafor 3.8-1, rma with DerSimonian-Laird and Wald's interval, then transf.*; PFT: predict(transf = transf.ipft.hm).
DISPLAYED = [
    ("PLO", [0.7573066148413106, 0.6605669374182043, 0.8334276307967056]),
    ("PFT", [0.8023350441889809, 0.7046677867282031, 0.8866007413809907]),
    ("PAS", [0.8117301119341868, 0.7103293089044296, 0.8954107388242918]),
    ("PR", [0.7980304609739053, 0.7183318806915652, 0.8777290412562454]),
    ("PLN", [0.8149850115503444, 0.7464939859221288, 0.889760107352026]),
]


@pytest.mark.parametrize(("key", "expected"), DISPLAYED)
def test_pooled_proportions_are_shown_as_proportions(key, expected):
    effects = effect_sizes(key, **ALL_PRITZ)
    fit = pool(effects, tau2="DL", ci="wald", pi=None)
    assert shown(fit) == pytest.approx(expected, rel=1e-9)
    rows = [effects.display(row).estimate for row in range(3)]
    assert rows == pytest.approx([16 / 17, 10 / 12, 4 / 8], rel=1e-12)
    assert (fit.size is not None) == (key == "PFT")


def test_the_prediction_interval_is_turned_back_end_by_end():
    """metafor 3.8-1 prints 0.4791 and 0.9965."""
    fit = pool(effect_sizes("PFT", **ALL_PRITZ), tau2="DL", ci="wald", pi="z")
    assert fit.size == pytest.approx(12.587542713472633, rel=1e-12)
    assert tuple(fit.display().pi) == pytest.approx((0.4791, 0.9965), abs=5e-5)
    assert [entry.code for entry in fit.notes] == ["pool.freeman-tukey"]


def test_every_subgroup_is_turned_back_by_its_own_studies():
    effects = effect_sizes("PFT", xi=[3, 5, 40, 70], ni=[9, 16, 100, 144])
    found = subgroups(effects, ["a", "a", "b", "b"], model="common")
    sizes = [group.pooled.size for group in found.groups]
    assert sizes == pytest.approx([2 / (1 / 9 + 1 / 16), 2 / (1 / 100 + 1 / 144)])
    assert found.overall.size == pytest.approx(4 / (1 / 9 + 1 / 16 + 1 / 100 + 1 / 144))
    alone = pool(effects.select([2, 3]), model="common")
    assert alone.display() == found.groups[1].pooled.display()


@pytest.mark.parametrize("n", [1, 9, 1000, 10**9])
def test_a_double_arcsine_turns_back_into_its_proportion(n):
    counts = sorted({0, 1, n // 3, n - 1, n})
    effects = effect_sizes("PFT", xi=counts, ni=[n] * len(counts))
    for row, count in enumerate(counts):
        display = effects.display(row)
        assert display.estimate == pytest.approx(count / n, rel=1e-9, abs=1e-15)
        assert 0 <= display.ci.low <= display.estimate <= display.ci.high <= 1


def test_what_lies_beyond_the_scale_is_cut_off():
    """transf.ipft, transf.iirft of metafor 3.8-1, and the ends of the scale."""
    double = measure("PFT")
    found = [double.shown(value, 20) for value in (0.2, 0.5, 1.2, 0.01, 1.56)]
    assert found == pytest.approx([0.0200719114317787, 0.2167958558588901, 0.8861684764032781, 0, 1], rel=1e-12)
    rate = measure("IRFT")
    found = [rate.shown(0.2, 100), rate.shown(0.06, 100), rate.shown(0.15, 33), rate.shown(-0.1, 33)]
    assert found == pytest.approx([0.03515625, 0.000336111111111111, 0.009899244975002551, 0], rel=1e-12)
    assert [measure("PAS").shown(value) for value in (-0.2, 2.0)] == [0, 1]
    assert [measure("PLO").shown(value) for value in (-800, 0, 800)] == [0, 0.5, 1]
    assert measure("IRS").shown(-0.2) == 0
    assert measure("PFT").shown(math.pi / 4) == pytest.approx(0.5)


def test_rates_are_shown_as_rates():
    for key in ("IR", "IRLN", "IRS", "IRFT"):
        effects = effect_sizes(key, **ONE_RATE)
        assert effects.display(0).estimate == pytest.approx(9 / 413, rel=1e-12)
        low, high = pool(effects, model="common").display().ci
        assert 0.003 < low < high < 0.033
    assert pool(effect_sizes("IRFT", **ONE_RATE)).size == pytest.approx(3 / (1 / 413 + 1 / 263 + 1 / 487))


def test_pooled_correlations_are_shown_as_correlations():
    """All sixteen studies of Molloy et al., REML: metafor 3.8-1 with a convergence threshold of 1e-12 (its default of
    1e-5 stops at 0.1499180), then tanh."""
    fit = pool(effect_sizes("ZCOR", **ALL_MOLLOY), ci="wald", pi=None)
    assert (fit.estimate, fit.tau2) == pytest.approx((0.149917148517500126, 0.008109560824303929), rel=1e-9)
    assert shown(fit) == pytest.approx([0.14880401769001181, 0.08783383889571197, 0.20866343931015496], rel=1e-9)


# rma.mh of metafor 3.8-1 on all six trials of Hart et al.: estimate, SE, Q.
ALL_HART = {
    "x1i": [9, 8, 3, 6, 7, 20],
    "t1i": [413, 263, 487, 237, 489, 507],
    "x2i": [19, 19, 13, 9, 23, 50],
    "t2i": [398, 245, 435, 241, 483, 405],
}
RATES = [
    ("IRR", -1.0295745969374048, 0.16209490033930782, 2.9685481546343264),
    ("IRD", -0.03935134685097102, 0.006104983870869505, 12.532034473047876),
]


@pytest.mark.parametrize(("key", "estimate", "se", "q"), RATES)
def test_rates_pool_by_mantel_haenszel(key, estimate, se, q):
    fit = pool(effect_sizes(key, **ALL_HART), model="common", method="MH")
    assert (fit.estimate, fit.se, fit.q) == pytest.approx((estimate, se, q), rel=1e-12)
    assert (fit.k, fit.df) == (6, 5)


def test_a_rate_ratio_by_mantel_haenszel_uses_zeros_as_they_are():
    """metafor 3.8-1 on these made-up counts; the second weight is 0, because its control group has no event."""
    table = {"x1i": [0, 3, 5], "t1i": [100, 150, 210], "x2i": [4, 0, 9], "t2i": [98, 160, 200]}
    fit = pool(effect_sizes("IRR", **table), model="common", method="MH")
    assert (fit.estimate, fit.se) == pytest.approx((-0.508456216846755, 0.44550858610076977), rel=1e-12)
    assert fit.weights.tolist() == pytest.approx([30.470811192449187, 0, 69.52918880755081])
    twice = pool(effect_sizes("IRR", **{key: [*v, x] for (key, v), x in zip(table.items(), (0, 9, 0, 9), strict=True)}),
                 model="common", method="MH")  # fmt: skip
    assert (twice.estimate, twice.se, twice.k) == (fit.estimate, fit.se, 3)
