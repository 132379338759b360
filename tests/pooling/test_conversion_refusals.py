"""What no paper can have printed is refused, with the input that is wrong and what to do about it."""

from __future__ import annotations

import math

import pytest

from core.errors import InputError
from core.pooling import conversions
from core.pooling.conversions import CONVERSIONS, convert

CI = {"lower": 1.0, "upper": 3.0}
FIVE = {"n": 30, "minimum": 1, "q1": 3, "median": 4, "q3": 6, "maximum": 10}
REFUSALS = [
    # Numbers that cannot be.
    ("out-of-range", "sd_from_se", {"se": 0, "n": 10}, "Standard error"),
    ("out-of-range", "se_from_sd", {"sd": -2, "n": 10}, "greater than 0; it is -2"),
    ("out-of-range", "sd_from_se", {"se": 1, "n": 1}, "at least two participants"),
    ("out-of-range", "sd_from_ci", {**CI, "n": 10, "level": 95}, "0.95"),
    ("out-of-range", "se_from_p", {"md": 1, "p": 1, "n1": 5, "n2": 5}, "enter the limit"),
    ("out-of-range", "ratio_from_p", {"estimate": 2, "p": 0}, "P value"),
    ("out-of-range", "ratio_from_ci", {"lower": 0, "upper": 2}, "Limits of ratios"),
    ("out-of-range", "ratio_from_ci", {"lower": -1, "upper": 2}, "Lower limit"),
    ("out-of-range", "sd_of_change", {"sd_baseline": 1, "sd_final": 1, "r": 1.2}, "greater than -1 and less than 1"),
    ("out-of-range", "r_to_z", {"r": 1}, "less than 1"),
    ("out-of-range", "design_effect", {"m": 10, "icc": 1.5}, "between 0 and 1"),
    ("out-of-range", "design_effect", {"m": 10, "icc": 0.1, "cv": -1}, "0 or more"),
    ("out-of-range", "rate_ratio", {"events1": 0, "time1": 1, "events2": 3, "time2": 1}, "Rate ratio"),
    ("out-of-range", "events_from_percent", {"percent": 101, "n": 10}, "between 0 and 100"),
    ("out-of-range", "mean_sd_from_quartiles", {"n": 4, "q1": 1, "median": 2, "q3": 3}, "5 or more"),
    ("not-a-number", "sd_from_se", {"se": "1.2", "n": 10}, "“1.2”"),
    ("not-a-number", "sd_from_se", {"se": True, "n": 10}, "True"),
    ("not-a-number", "sd_from_se", {"se": 1j, "n": 10}, "1j"),
    ("magnitude", "sd_from_se", {"se": math.inf, "n": 10}, "sensible unit"),
    ("magnitude", "sd_from_se", {"se": 1e-30, "n": 10}, "sensible unit"),
    ("magnitude", "sd_from_se", {"se": 1, "n": 1e16}, "sensible unit"),
    ("beyond", "participants", {"arm": ["A", "A"], "followup": ["1e308", "-1e308"]}, "sensible unit"),
    ("beyond", "hr_from_o_e", {"o_e": 1e10, "v": 1e-3}, "reliably"),
    # Numbers that are missing, or too many.
    ("missing", "sd_from_se", {"se": 1}, "Participants is missing"),
    ("missing", "sd_from_se", {"se": math.nan, "n": 10}, "Standard error of the mean is missing"),
    (
        "missing",
        "hr_from_p_and_events",
        {"p": 0.1, "events1": 9, "events2": 9},
        "Group with the lower hazard is missing",
    ),
    ("unknown-input", "sd_from_se", {"se": 1, "n": 10, "sd": 2}, "Its inputs are se, n"),
    ("choice", "sd_from_ci", {**CI, "n": 10, "distribution": "normal"}, "auto, t, z"),
    ("t-needs-sizes", "se_from_ci", {**CI, "distribution": "t"}, "choose the normal"),
    ("t-needs-sizes", "se_from_p", {"md": 1, "p": 0.1}, "numbers of participants"),
    ("no-degrees", "se_from_p", {"md": 1, "p": 0.1, "n1": 1, "n2": 1}, "more participants"),
    ("p-few", "smd_from_p", {"sign": 1, "p": 0.1, "n1": 1, "n2": 1}, "more than two"),
    ("hedges-few", "hedges_correction", {"d": 1, "n1": 1, "n2": 2}, "four participants"),
    # Intervals.
    ("interval", "sd_from_ci", {"lower": 3, "upper": 1, "n": 10}, "3 to 1"),
    ("interval", "sd_from_ci", {"lower": 3, "upper": 3, "n": 10}, "no width"),
    ("interval", "ratio_from_ci", {"lower": 3, "upper": 1}, "3 to 1"),
    ("interval", "hr_from_ci", {"lower": 3, "upper": 1}, "3 to 1"),
    ("outside", "se_from_ci", {**CI, "md": 4}, "outside"),
    ("outside", "hr_from_ci", {**CI, "hr": 4}, "4 lies outside its interval, 1 to 3"),
    ("lopsided", "se_from_ci", {"lower": 0.5, "upper": 3.5, "md": 1.2}, "conversion for ratios"),
    ("lopsided", "sd_from_ci", {"lower": 10.0, "upper": 30.0, "mean": 17.0, "n": 10}, "leave the estimate out"),
    ("lopsided", "crossover_from_ci", {"lower": 10.0, "upper": 30.0, "md": 17.0, "n": 10}, "middle"),
    # Statistics of no effect.
    ("no-difference", "se_from_t", {"md": 0, "t": 1}, "interval"),
    ("no-difference", "se_from_t", {"md": 1, "t": 0}, "interval"),
    ("t-sign", "se_from_t", {"md": 1, "t": -2}, "differ in sign"),
    ("p-of-nothing", "se_from_p", {"md": 0, "p": 0.9, "n1": 5, "n2": 5}, "interval"),
    ("p-of-nothing", "ratio_from_p", {"estimate": 1, "p": 0.9}, "interval"),
    ("p-of-hr-1", "hr_from_p", {"hr": 1, "p": 0.9}, "interval"),
    ("p-extreme", "estimate_from_p", {"yi": 1, "p": 5e-324}, "e-324"),
    ("p-extreme", "crossover_from_p", {"md": 1, "p": 1e-300, "n": 4}, "Check it"),
    ("no-paired-difference", "crossover_from_t", {"md": 0, "t": 1, "n": 5}, "interval"),
    ("no-paired-difference", "crossover_from_t", {"md": 1, "t": 0, "n": 5}, "interval"),
    ("no-degrees", "se_from_t", {"md": 2, "t": 2, "n1": 1, "n2": 1}, "more participants"),
    ("p-few", "smd_from_t", {"t": 2, "n1": 1, "n2": 1}, "more than two"),
    ("no-sign", "smd_from_p", {"p": 0.04, "n1": 3, "n2": 3, "sign": 0}, "above 0 if"),
    ("out-of-range", "hr_from_ci", {"lower": 0, "upper": 2}, "more digits"),
    # Spreads that do not go together.
    (
        "impossible-correlation",
        "correlation_from_sds",
        {"sd_baseline": 5, "sd_final": 4, "sd_change": 0.9},
        "between 1 and 9",
    ),
    ("impossible-correlation", "crossover_correlation", {"sd1": 5, "sd2": 4, "sd_difference": 9.1}, "differences"),
    ("order", "mean_sd_from_quartiles", {"n": 30, "q1": 5, "median": 4, "q3": 6}, "First quartile (5)"),
    ("order", "mean_sd_from_range", {"n": 30, "minimum": 1, "median": 4, "maximum": 3}, "Median (4)"),
    ("order", "mean_sd_from_five_numbers", FIVE | {"minimum": 3.5}, "Minimum (3.5)"),
    ("order", "mean_sd_fitted", FIVE | {"q3": 11}, "Third quartile (11)"),
    ("no-spread", "mean_sd_from_quartiles", {"n": 30, "q1": 4, "median": 4, "q3": 4}, "do not differ"),
    ("no-spread", "mean_sd_from_five_numbers", FIVE | {"q1": 4, "q3": 4}, "do not differ"),
    ("no-spread", "sd_from_iqr", {"q1": 4, "q3": 4}, "do not differ"),
    ("half-a-pair", "mean_sd_fitted", {"n": 30, "median": 4, "q1": 3}, "in pairs"),
    ("half-a-pair", "mean_sd_fitted", {"n": 30, "median": 4, "maximum": 9}, "in pairs"),
    ("median-alone", "mean_sd_fitted", {"n": 30, "median": 4}, "A median alone"),
    ("too-skewed", "mean_sd_fitted", {"n": 30, "median": 1, "q1": 1e-6, "q3": 1e6}, "too skewed"),
    # Groups.
    ("too-few", "combine_means", {"n": [5], "mean": [1], "sd": [1]}, "at least 2"),
    ("gap", "combine_means", {"n": [5, 6], "mean": [1, None], "sd": [1, 1]}, "value 2 is missing"),
    ("lengths", "combine_means", {"n": [5, 6], "mean": [1, 2, 3], "sd": [1, 1]}, "mean 3"),
    ("lengths", "pool_sds", {"n": [5, 6], "sd": [1, 1, 1]}, "sd 3"),
    ("not-a-list", "combine_means", {"n": 5, "mean": [1, 2], "sd": [1, 1]}, "list"),
    ("not-a-list", "combine_means", {"mean": [1, 2], "sd": [1, 1]}, "list"),
    ("events-exceed-group", "combine_events", {"events": [1, 7], "n": [5, 6]}, "Group 2"),
    ("events-exceed-total", "split_shared_events", {"events": 7, "n": 6}, "Events (7)"),
    ("parts", "split_shared_means", {"n": 10, "comparisons": 2.5}, "whole"),
    ("too-many-parts", "split_shared_means", {"n": 2, "comparisons": 3}, "Combine"),
    ("events-exceed-total", "effective_sample", {"n": 5, "events": 6, "m": 2, "icc": 0.1}, "Events (6)"),
    ("clusters-of-one", "icc_from_design_effect", {"design_effect": 1.2, "m": 1}, "clusters of one"),
    ("design-effect", "icc_from_design_effect", {"design_effect": 12, "m": 10}, "cannot exceed"),
    # Counts and proportions.
    ("marginal-zero", "crossover_or_marginal", {"events1": 0, "events2": 3, "n": 9, "r": 0.5}, "matched-pair"),
    ("marginal-zero", "crossover_or_marginal", {"events1": 9, "events2": 3, "n": 9, "r": 0.5}, "with and without"),
    ("marginal-zero", "crossover_or_marginal", {"events1": 3, "events2": 0, "n": 9, "r": 0.5}, "matched-pair"),
    ("marginal-zero", "crossover_or_marginal", {"events1": 3, "events2": 9, "n": 9, "r": 0.5}, "matched-pair"),
    ("marginal-zero", "crossover_or_paired", {"both": 0, "only1": 0, "only2": 3, "neither": 4}, "discordant"),
    ("events-exceed-total", "crossover_or_marginal", {"events1": 10, "events2": 3, "n": 9, "r": 0.5}, "(10)"),
    ("out-of-range", "crossover_or_marginal", {"events1": 3, "events2": 3, "n": 9, "r": 1}, "less than 1"),
    ("margins-correlation", "crossover_or_marginal", {"events1": 10, "events2": 90, "n": 100, "r": 0.5}, "0.111"),
    ("margins-correlation", "crossover_or_marginal", {"events1": 10, "events2": 10, "n": 100, "r": -0.2}, "-0.111"),
    ("no-discordant", "crossover_or_paired", {"both": 3, "only1": 0, "only2": 0, "neither": 4}, "same result"),
    ("no-logit", "logit", {"events": 0, "n": 9}, "arcsine"),
    ("no-logit", "odds", {"events": 9, "n": 9}, "arcsine"),
    ("events-exceed-total", "arcsine", {"events": 10, "n": 9}, "Events (10)"),
    ("decimals", "events_from_percent", {"percent": 10, "n": 9, "decimals": 0.5}, "whole"),
    ("risk-above-one", "rr_to_risks", {"risk_ratio": 3, "risk": 0.4}, "odds ratio"),
    (
        "no-participants",
        "accuracy_table",
        {"sensitivity": 0.9, "specificity": 0.8, "diseased": 0, "healthy": 0},
        "no participants",
    ),
    ("likelihood-ratios", "accuracy_from_likelihood_ratios", {"lr_positive": 0.5, "lr_negative": 0.1}, "above 1"),
    ("likelihood-ratios", "accuracy_from_likelihood_ratios", {"lr_positive": 5, "lr_negative": 1}, "below 1"),
]


@pytest.mark.parametrize(("code", "conversion", "inputs", "words"), REFUSALS)
def test_what_cannot_be_is_refused(code, conversion, inputs, words):
    with pytest.raises(InputError) as caught:
        convert(conversion, **inputs)
    assert caught.value.code == f"conversion.{code}"
    assert words in caught.value.message


def test_there_is_no_such_conversion():
    with pytest.raises(InputError, match="sd_from_se"):
        conversions.conversion("sd_from_nothing")


def test_spreads_on_the_verge_of_the_possible_have_a_correlation_of_one():
    """5.1 - 4.1 = 1 but for rounding."""
    assert convert("correlation_from_sds", sd_baseline=5.1, sd_final=4.1, sd_change=1.0)["r"] == pytest.approx(1)
    assert convert("correlation_from_sds", sd_baseline=5.1, sd_final=4.1, sd_change=9.2)["r"] == pytest.approx(-1)


def test_rounded_intervals_are_not_called_lopsided():
    """Half a unit in the last printed digit of each of the three numbers explains this."""
    assert convert("se_from_ci", lower=0.1, upper=1.0, md=0.5)["md"] == 0.5
    assert convert("se_from_ci", lower=-3, upper=4, md=1)["md"] == 1
    assert convert("se_from_ci", lower=0.0, upper=100.0, md=52.0)["md"] == 52
    with pytest.raises(InputError):
        convert("se_from_ci", lower=0.0, upper=100.0, md=52.1)
    assert convert("se_from_ci", lower=0, upper=1, md=0)["md"] == 0
    assert convert("se_from_ci", lower=-3e-7, upper=3e-7, md=0.0)["md"] == 0
    with pytest.raises(InputError):
        convert("se_from_ci", lower=-3e-7, upper=3e-7, md=2e-7)
    with pytest.raises(InputError):
        convert("se_from_ci", lower=-3e20, upper=3e20, md=2e20)
    with pytest.raises(InputError):
        convert("se_from_ci", lower=-3.01, upper=4.01, md=1.02)


@pytest.mark.parametrize("entry", CONVERSIONS, ids=[entry.id for entry in CONVERSIONS])
def test_every_required_input_is_named_when_it_is_missing(entry):
    required = [field for field in entry.inputs if field.required and field.default is None]
    with pytest.raises(InputError) as caught:
        convert(entry.id)
    assert caught.value.code in ("conversion.missing", "conversion.not-a-list")
    assert caught.value.params["input"] == required[0].key
