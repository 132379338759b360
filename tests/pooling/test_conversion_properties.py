"""What holds for all numbers: round trips, units, agreement of conversions with each other and with raw data."""

from __future__ import annotations

import math
import statistics

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.special import ndtr

from core.errors import InputError
from core.pooling import effect_sizes
from core.pooling.conversions import CONVERSIONS, Field, convert

sizes = st.integers(2, 400)
sds = st.floats(0.01, 100)
means = st.floats(-500, 500)
correlations = st.floats(-0.99, 0.99)
levels = st.sampled_from([0.8, 0.9, 0.95, 0.99])
distributions = st.sampled_from(["auto", "t", "z"])
units = st.floats(1e-3, 1e3)
few = settings(max_examples=20)
samples = st.lists(st.floats(-100, 100).map(lambda value: round(value, 3)), min_size=2, max_size=8)


def get(conversion: str, key: str, **inputs) -> float:
    return convert(conversion, **inputs)[key]


@few
@given(sds, sizes)
def test_sd_to_se_and_back(sd, n):
    assert get("sd_from_se", "sd", se=get("se_from_sd", "se", sd=sd, n=n), n=n) == pytest.approx(sd, rel=1e-12)


@few
@given(means, sds, levels, st.one_of(st.none(), st.floats(1, 500)))
def test_a_standard_error_survives_its_interval(md, se, level, df):
    limits = dict(convert("ci_from_se", estimate=md, se=se, level=level, df=df).values)
    if df is None:
        found = get("se_from_ci", "se", **limits, level=level, distribution="z")
    else:
        found = get("se_from_ci", "se", **limits, level=level, distribution="t", n1=df + 1, n2=1)
    assert found == pytest.approx(se, rel=1e-8)


@few
@given(means, sds, sizes, levels, distributions, units)
def test_an_sd_from_an_interval_keeps_its_unit_and_grows_with_it(mean, half, n, level, distribution, unit):
    def sd(factor: float, widening: float = 1.0) -> float:
        lower, upper = (mean - half * widening) * factor, (mean + half * widening) * factor
        return get("sd_from_ci", "sd", lower=lower, upper=upper, n=n, level=level, distribution=distribution)

    assert sd(unit) == pytest.approx(unit * sd(1), rel=1e-7)
    assert sd(1, 1.1) > sd(1)
    assert sd(1, 1.1) == pytest.approx(1.1 * sd(1), rel=1e-7)


@few
@given(st.floats(0.01, 100), st.floats(0.01, 3), levels)
def test_a_ratio_survives_its_interval_its_p_value_and_its_inverse(ratio, se, level):
    assume(abs(math.log(ratio)) > 1e-3 * se)
    limits = dict(convert("ci_from_se", estimate=math.log(ratio), se=se, level=level).values)
    limits = {key: math.exp(value) for key, value in limits.items()}
    found = convert("ratio_from_ci", **limits, estimate=ratio, level=level)
    assert (found["yi"], found["se"]) == pytest.approx((math.log(ratio), se), rel=1e-8)
    assert found.notes == ()
    other = convert("ratio_from_ci", lower=1 / limits["upper"], upper=1 / limits["lower"], level=level)
    assert (other["yi"], other["se"]) == pytest.approx((-math.log(ratio), se), rel=1e-8, abs=1e-10)
    p = 2 * float(ndtr(-abs(math.log(ratio)) / se))
    if p > 0:
        assert get("ratio_from_p", "se", estimate=ratio, p=p) == pytest.approx(se, rel=1e-9)


@few
@given(st.floats(0.1, 5), st.floats(1e-12, 0.99), st.floats(1e-12, 0.99))
def test_a_smaller_p_means_a_smaller_standard_error(estimate, p, q):
    assume(p < q * (1 - 1e-6))
    assert get("estimate_from_p", "se", yi=estimate, p=p) < get("estimate_from_p", "se", yi=estimate, p=q)
    small, large = (get("se_from_p", "se", md=-estimate, p=each, n1=5, n2=6) for each in (p, q))
    assert small < large


@few
@given(means.filter(lambda value: abs(value) > 1e-3), st.floats(1e-10, 0.9), sizes, sizes)
def test_t_and_p_agree_and_give_the_sd_that_gives_them(md, p, n1, n2):
    found = convert("se_from_p", md=md, p=p, n1=n1, n2=n2)
    again = convert("se_from_t", md=md, t=found["t"], n1=n1, n2=n2)
    assert (again["se"], again["sd"]) == pytest.approx((found["se"], found["sd"]), rel=1e-10)
    assert found["sd"] * math.sqrt(1 / n1 + 1 / n2) == pytest.approx(found["se"], rel=1e-10)
    d = get("smd_from_p", "smd", p=p, n1=n1, n2=n2, sign=md)
    assert d == pytest.approx(md / found["sd"], rel=1e-8)


@few
@given(st.lists(samples, min_size=2, max_size=5), st.randoms(use_true_random=False))
def test_combined_groups_are_those_of_the_raw_data_in_any_order(groups, random):
    random.shuffle(groups)
    found = convert(
        "combine_means",
        n=[len(group) for group in groups],
        mean=[statistics.fmean(group) for group in groups],
        sd=[0.0 if len(set(group)) == 1 else statistics.stdev(group) for group in groups],
    )
    everyone = [value for group in groups for value in group]
    assert found["n"] == len(everyone)
    assert found["mean"] == pytest.approx(statistics.fmean(everyone), abs=1e-9)
    assert found["sd"] == pytest.approx(statistics.stdev(everyone), rel=1e-7, abs=1e-7)


@few
@given(samples, samples)
def test_the_participants_table_gives_what_the_summaries_convert_to(first, second):
    size = min(len(first), len(second))
    before, after = first[:size], second[:size]
    change = [b - a for a, b in zip(before, after, strict=True)]
    assume(min(map(statistics.stdev, (before, after, change))) > 0.01)
    values = convert("participants", arm=["A"] * size, baseline=before, followup=after).groups[0].values
    assert values["sd_change"] == pytest.approx(statistics.stdev(change), rel=1e-9)
    assume(abs(values["r"]) < 0.999)
    sds_ = {"sd_baseline": values["sd_baseline"], "sd_final": values["sd"]}
    assert get("sd_of_change", "sd", **sds_, r=values["r"]) == pytest.approx(values["sd_change"], rel=1e-6)
    r = get("correlation_from_sds", "r", **sds_, sd_change=values["sd_change"])
    assert r == pytest.approx(values["r"], abs=1e-7)


@few
@given(sds, sds, correlations)
def test_the_sd_of_a_change_and_its_correlation_belong_together(sd1, sd2, r):
    sd = get("sd_of_change", "sd", sd_baseline=sd1, sd_final=sd2, r=r)
    assert abs(sd1 - sd2) < sd < sd1 + sd2
    assert sd <= get("sd_of_change", "sd", sd_baseline=sd1, sd_final=sd2, r=r - 0.005)
    back = get("correlation_from_sds", "r", sd_baseline=sd1, sd_final=sd2, sd_change=sd)
    assert back == pytest.approx(r, abs=1e-8 * max(sd1 / sd2, sd2 / sd1))


@few
@given(means, sds, means, sds, sizes, correlations)
def test_a_crossover_without_correlation_is_two_parallel_groups(m1, sd1, m2, sd2, n, r):
    arms = {"mean1": m1, "sd1": sd1, "mean2": m2, "sd2": sd2, "n": n}
    independent = convert("crossover_md", **arms, r=0)
    parallel = effect_sizes("MD", m1i=[m1], sd1i=[sd1], n1i=[n], m2i=[m2], sd2i=[sd2], n2i=[n])
    assert independent["se"] ** 2 == pytest.approx(float(parallel.vi[0]), rel=1e-10)
    paired = convert("crossover_md", **arms, r=r)
    assert (paired["se"] < independent["se"]) == (r > 0) or abs(r) < 1e-6
    again = convert("crossover_from_sd_of_differences", mean1=m1, mean2=m2, sd_difference=paired["sd"], n=n)
    assert again["se"] == pytest.approx(paired["se"], rel=1e-12)


@few
@given(st.tuples(*[st.integers(0, 40)] * 4))
def test_swapping_the_treatments_of_pairs_turns_the_odds_ratio_round(pairs):
    both, only1, only2, neither = pairs
    n = sum(pairs)
    assume(0 < both + only1 < n and 0 < both + only2 < n and only1 + only2 > 0)
    found = convert("crossover_or_paired", both=both, only1=only1, only2=only2, neither=neither)
    other = convert("crossover_or_paired", both=both, only1=only2, only2=only1, neither=neither)
    assert found["yi"] == pytest.approx(-other["yi"], abs=1e-12)
    assert found["se"] == pytest.approx(other["se"], rel=1e-9)


@few
@given(st.floats(1, 500), st.floats(0, 1), st.sampled_from([0, 0.4, 2]), st.integers(1, 999), st.floats(0.01, 10))
def test_effective_sample_and_wider_standard_error_tell_the_same(m, icc, cv, n, se):
    effective = convert("effective_sample", n=n, events=n, m=m, icc=icc, cv=cv)
    wider = convert("inflate_se", se=se, m=m, icc=icc, cv=cv)
    assert (wider["se"] / se) ** 2 == pytest.approx(n / effective["n"], rel=1e-12)
    assert effective["events"] == effective["n"] <= n * (1 + 1e-12)
    assert effective["design_effect"] >= 1


@few
@given(st.floats(-5, 5), st.floats(0.05, 3))
def test_measures_there_and_back(value, se):
    log_or = convert("smd_to_log_or", smd=value, se=se)
    back = convert("log_or_to_smd", yi=log_or["yi"], se=log_or["se"])
    assert (back["smd"], back["se"]) == pytest.approx((value, se), rel=1e-12)
    assert log_or["yi"] / log_or["se"] == pytest.approx(value / se, rel=1e-12)
    r = convert("d_to_r", smd=value, n1=50, n2=50, se=se)
    d = convert("r_to_d", r=r["r"], se=r["se"])
    assert (d["smd"], d["se"]) == pytest.approx((value, se), rel=1e-8, abs=1e-12)
    assert get("z_to_r", "r", z=get("r_to_z", "z", r=r["r"])) == pytest.approx(r["r"], rel=1e-9, abs=1e-12)


@few
@given(st.floats(0.01, 50), st.floats(0.01, 0.99))
def test_an_odds_ratio_and_its_risks_belong_together(odds_ratio, risk):
    found = convert("or_to_risks", odds_ratio=odds_ratio, risk=risk)
    assert found["or"] == pytest.approx(odds_ratio, rel=1e-7)
    again = convert("rr_to_risks", risk_ratio=found["rr"], risk=risk)
    assert again["or"] == pytest.approx(odds_ratio, rel=1e-7)
    assert get("or_to_risks", "or", odds_ratio=1 / odds_ratio, risk=found["risk"]) == pytest.approx(1 / odds_ratio)


@few
@given(st.integers(1, 300), st.data())
def test_transformed_proportions_come_back(n, data):
    events = data.draw(st.integers(0, n))
    expected = pytest.approx(events / n, abs=1e-7)
    assert get("from_freeman_tukey", "proportion", yi=get("freeman_tukey", "yi", events=events, n=n), n=n) == expected
    assert get("from_arcsine", "proportion", yi=get("arcsine", "yi", events=events, n=n)) == expected
    if 0 < events < n:
        assert get("from_logit", "proportion", yi=get("logit", "yi", events=events, n=n)) == expected


@few
@given(st.integers(1, 2000), st.data(), st.integers(0, 2))
def test_a_printed_percentage_is_traced_to_its_count(n, data, decimals):
    events = data.draw(st.integers(0, n))
    found = convert("events_from_percent", percent=round(100 * events / n, decimals), n=n, decimals=decimals)
    params = next((entry.params for entry in found.notes), {"least": found["events"], "most": found["events"]})
    assert params["least"] <= events <= params["most"]
    assert params["least"] <= found["events"] <= params["most"]


@few
@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60), st.integers(0, 60))
def test_a_table_of_accuracy_comes_back_from_its_proportions(tp, fp, fn, tn):
    assume(tp + fn > 0 and tn + fp > 0 and tp + fp > 0 and tn + fn > 0)
    table = {"tp": tp, "fp": fp, "fn": fn, "tn": tn}
    rates = {"sensitivity": round(tp / (tp + fn), 3), "specificity": round(tn / (tn + fp), 3)}
    found = convert("accuracy_table", **rates, diseased=tp + fn, healthy=fp + tn)
    assert dict(found.values) == table
    assert found.notes == ()
    prevalence = round((tp + fn) / (tp + fp + fn + tn), 3)
    by_prevalence = convert("accuracy_table_from_prevalence", **rates, n=sum(table.values()), prevalence=prevalence)
    assert dict(by_prevalence.values) == table
    predictive = {"ppv": round(tp / (tp + fp), 3), "npv": round(tn / (tn + fn), 3)}
    read = convert("accuracy_table_from_predictive_values", **predictive, positives=tp + fp, negatives=tn + fn)
    assert dict(read.values) == table


@few
@given(st.lists(st.floats(-50, 50), min_size=5, max_size=5), st.integers(5, 500), units, means)
def test_means_and_sds_of_medians_follow_unit_and_origin(numbers, n, unit, shift):
    minimum, q1, median, q3, maximum = sorted(numbers)
    assume(q3 - q1 > 1e-3)
    five = {"minimum": minimum, "q1": q1, "median": median, "q3": q3, "maximum": maximum}
    moved = {key: value * unit + shift for key, value in five.items()}
    turned = dict(zip(five, (-value for value in reversed(five.values())), strict=True))
    for mean in ("luo", "wan"):
        for sd in ("shi", "wan"):
            found, other, mirror = (
                convert("mean_sd_from_five_numbers", n=n, mean=mean, sd=sd, **each) for each in (five, moved, turned)
            )
            assert other["mean"] == pytest.approx(found["mean"] * unit + shift, rel=1e-7, abs=1e-6 * unit)
            assert other["sd"] == pytest.approx(found["sd"] * unit, rel=1e-6)
            assert (mirror["mean"], mirror["sd"]) == pytest.approx((-found["mean"], found["sd"]), rel=1e-9, abs=1e-9)
            assert minimum - 1e-9 <= found["mean"] <= maximum + 1e-9


@settings(max_examples=10)
@given(st.floats(0.2, 5), st.floats(1.1, 3), st.floats(1.1, 3), st.integers(10, 200), units)
def test_fitted_means_follow_the_unit(q1, up, further, n, unit):
    quartiles = {"q1": q1, "median": q1 * up, "q3": q1 * up * further}
    found = convert("mean_sd_fitted", n=n, **quartiles)
    other = convert("mean_sd_fitted", n=n, **{key: value * unit for key, value in quartiles.items()})
    assert (other["mean"], other["sd"]) == pytest.approx((found["mean"] * unit, found["sd"] * unit), rel=1e-5)


@pytest.mark.parametrize("n", [9, 41, 201])
def test_on_normal_samples_means_and_sds_are_right_on_average_and_few_are_called_skewed(n):
    """2000 samples, so that the average SD is known to 1 % and a rate of 5 % to 1.5 points."""
    quarter = (n - 1) // 4
    sample = np.sort(np.random.default_rng(n).standard_normal((2000, n)), axis=1)
    keys = ("minimum", "q1", "median", "q3", "maximum")
    rows = sample[:, [0, quarter, 2 * quarter, 3 * quarter, 4 * quarter]]
    for conversion, used in (
        ("mean_sd_from_range", ("minimum", "median", "maximum")),
        ("mean_sd_from_quartiles", ("q1", "median", "q3")),
        ("mean_sd_from_five_numbers", keys),
    ):
        columns = [keys.index(key) for key in used]
        found = [convert(conversion, n=n, **dict(zip(used, row[columns].tolist(), strict=True))) for row in rows[:600]]
        assert np.mean([each["mean"] for each in found]) == pytest.approx(0, abs=0.06)
        assert np.mean([each["sd"] for each in found]) == pytest.approx(1, abs=0.04)
        assert np.mean([bool(each.notes) for each in found]) == pytest.approx(0.05, abs=0.03)


EXTREME = [0.0, 1.0, -1.0, 0.5, 2.0, 1e-25, 1e25, -1e25, 1e15, 1e-12, 0.999999999999, 60.0, 5.0]


@st.composite
def anything(draw, field: Field):
    if field.kind == "choice":
        return draw(st.sampled_from([option.key for option in field.options]))
    if field.kind == "text":
        return draw(st.lists(st.sampled_from(["A", "B"]), min_size=3, max_size=3))
    number = st.one_of(st.sampled_from(EXTREME), st.floats(0.01, 0.99), st.floats(-100, 100), st.integers(2, 500))
    if field.many:
        return draw(st.lists(number, min_size=3, max_size=3))
    return draw(number if field.required else st.one_of(st.none(), number))


@settings(max_examples=8)
@pytest.mark.parametrize("entry", CONVERSIONS, ids=[entry.id for entry in CONVERSIONS])
@given(data=st.data())
def test_whatever_is_entered_gives_finite_numbers_or_a_refusal(entry, data):
    inputs = {field.key: data.draw(anything(field)) for field in entry.inputs}
    try:
        found = convert(entry.id, **inputs)
    except InputError:
        return
    numbers = [*found.values.values(), *(value for group in found.groups for value in group.values.values())]
    assert all(map(math.isfinite, numbers))
    assert set(found.values) <= {output.key for output in entry.outputs}
    assert {output.key for output in entry.outputs if output.always} <= set(found.values)
    for key in ("sd", "se", "v", "n"):
        assert found.values.get(key, 1.0) > 0 or entry.id == "pool_sds"
