"""Conversions give the numbers of the examples in the literature, and those that raw data give."""

from __future__ import annotations

import math
import statistics

import pytest

from core.pooling import conversions, effect_sizes
from core.pooling.conversions import CONVERSIONS, GROUPS, convert


def values(conversion: str, **inputs) -> dict[str, float]:
    return dict(convert(conversion, **inputs).values)


def close(found: dict[str, float], digits: float = 1e-9, **expected: float) -> None:
    assert {key: found[key] for key in expected} == pytest.approx(expected, rel=digits, abs=1e-12)


def near(found: dict[str, float], half: float = 0.005, **expected: float) -> None:
    """As printed: to two decimals unless said otherwise."""
    assert {key: found[key] for key in expected} == pytest.approx(expected, abs=half * 1.0001)


def codes(conversion: str, **inputs) -> list[str]:
    return [entry.code for entry in convert(conversion, **inputs).notes]


# Cochrane Handbook: worked examples.


def test_a_95_percent_interval_of_25_people_spans_4128_standard_errors():
    """Handbook 6.5.2.2: with n = 25 the divisor 3.92 becomes 2 x 2.0639 = 4.128."""
    found = convert("sd_from_ci", lower=30.0, upper=34.128, n=25)
    assert found["se"] == pytest.approx(1, abs=5e-4)
    assert found["sd"] == pytest.approx(5, abs=2.5e-3)
    assert found["mean"] == pytest.approx(32.064)


def test_a_p_value_of_0008_with_25_and_22_people():
    """Handbook 6.5.2.3: MD 3.8, P = 0.008: t = 2.78, SE = 3.8 / 2.78 = 1.37, SD = 1.37 / sqrt(1/25 + 1/22) = 4.69."""
    found = values("se_from_p", md=3.8, p=0.008, n1=25, n2=22)
    near(found, t=2.78, se=1.37)
    near(found, half=0.01, sd=4.69)
    near(values("se_from_t", md=3.8, t=2.78, n1=25, n2=22), se=1.37)
    near(values("se_from_t", md=-3.8, t=-2.78), se=1.37)
    close(values("se_from_t", md=0.5, t=0.5), se=1)
    near(values("sd_from_se_of_difference", se=1.37, n1=25, n2=22), sd=4.69)


def test_small_groups_the_choice_of_t_or_z_stays_with_the_value():
    """8 against 7 participants, an interval 12.31 wide: z gives 3.14, t 2.85."""
    interval = {"lower": -1.0, "upper": 11.31, "n1": 8, "n2": 7}
    automatic = convert("se_from_ci", **interval)
    near(dict(automatic.values), se=2.85)
    assert automatic["md"] == pytest.approx(5.155)
    assert [entry.code for entry in automatic.notes] == ["conversion.t-chosen"]
    assert "13 degrees of freedom" in automatic.notes[0].message
    assert "3.14" in automatic.notes[0].message
    near(values("se_from_ci", **interval, distribution="z"), se=3.14)
    assert codes("se_from_ci", **interval, distribution="t") == []
    assert automatic.inputs["distribution"] == "auto"
    assert automatic.inputs["level"] == 0.95


def test_a_standard_error_of_2_of_25_people_is_an_sd_of_10():
    assert values("sd_from_se", se=2, n=25) == {"sd": 10}
    assert values("se_from_sd", sd=10, n=25) == {"se": 2}


def test_from_60_participants_on_the_interval_counts_as_normal():
    for n, divisor in ((59, 2 * 2.001717), (60, 2 * 1.959964)):
        assert convert("sd_from_ci", lower=0, upper=1, n=n)["se"] == pytest.approx(1 / divisor, rel=1e-6)
    assert codes("sd_from_ci", lower=0, upper=1, n=60) == []
    chosen = convert("sd_from_ci", lower=0, upper=3.92, n=16)
    assert [entry.params for entry in chosen.notes] == [{"df": "15", "other": "4"}]
    assert codes("se_from_ci", lower=0, upper=1) == ["conversion.z-without-sizes"]
    assert codes("se_from_ci", lower=0, upper=1, distribution="z") == []
    assert convert("se_from_ci", lower=0, upper=1, n1=100, n2=59)["se"] < 1 / (2 * 1.97)


def test_correlation_and_sd_of_change():
    """Handbook 6.5.2.8: SDs 6.4, 7.1 and 4.5 (change) give 0.78; 7.0, 6.9 and 4.2 give 0.82."""
    near(values("correlation_from_sds", sd_baseline=6.4, sd_final=7.1, sd_change=4.5), r=0.78)
    near(values("correlation_from_sds", sd_baseline=7.0, sd_final=6.9, sd_change=4.2), r=0.82)
    found = values("sd_of_change", sd_baseline=6.4, sd_final=7.1, r=0.7826)
    near(found, sd=4.50, sd_r05=6.78, sd_r07=5.27, sd_r09=3.09)
    assert values("mean_change", mean_baseline=15.2, mean_final=16.2)["mean"] == pytest.approx(1.0)
    assert codes("sd_of_change", sd_baseline=6.4, sd_final=7.1, r=0.3) == ["conversion.change-varies-more"]
    assert codes("sd_of_change", sd_baseline=6.4, sd_final=7.1, r=0.8) == []


def test_crossover_trial_with_ten_participants():
    """Handbook 23.2.7 (version 5.1: 16.4.6.4): 7.0 (2.38) v 6.5 (2.21), n = 10."""
    near(
        values("crossover_from_sd_of_differences", mean1=7.0, mean2=6.5, sd_difference=2, n=10), 5e-4, md=0.5, se=0.632
    )
    arms = {"mean1": 7.0, "sd1": 2.38, "mean2": 6.5, "sd2": 2.21, "n": 10, "r": 0.68}
    near(values("crossover_md", **arms), 5e-4, md=0.5, se=0.583)
    near(values("crossover_md", **arms), 5e-3, sd=1.8426)
    near(values("crossover_smd", **arms), 5e-4, smd=0.218, se=0.256)


def test_crossover_trials_of_the_reference_cases():
    """Morris 2008, first two rows, from Elbourne's formulas."""
    rows = [
        ((38.5, 11.6, 30.6, 15.0, 20, 0.47), (7.9, 3.1304951684997055, 0.5891914055755135, 0.24939804044680725)),
        ((26.8, 4.1, 23.5, 3.1, 50, 0.64), (3.3, 0.45058184606129, 0.9079512504129391, 0.14260260659086924)),
    ]
    for row, (md, se, smd, smd_se) in rows:
        arms = dict(zip(("mean1", "sd1", "mean2", "sd2", "n", "r"), row, strict=True))
        close(values("crossover_md", **arms), md=md, se=se)
        close(values("crossover_smd", **arms), smd=smd, se=smd_se)


def test_cluster_trial_of_21_classrooms():
    """Handbook 23.1.4: 295 + 330 children in 10 + 11 classrooms, ICC 0.02: design effect 1.576; 63/295 v 84/330."""
    near(values("design_effect", m=29.8, icc=0.02), 5e-4, design_effect=1.576)
    near(values("effective_sample", n=295, events=63, m=29.8, icc=0.02), 0.05, n=187.2, events=40.0)
    near(values("effective_sample", n=330, events=84, m=29.8, icc=0.02), 0.05, n=209.4, events=53.3)
    assert set(values("effective_sample", n=330, m=29.8, icc=0.02)) == {"n", "design_effect"}
    close(values("inflate_se", se=0.2, m=29.8, icc=0.02), se=0.2 * math.sqrt(1.576))
    close(values("icc_from_design_effect", design_effect=1.576, m=29.8), icc=0.02)
    close(values("icc_from_design_effect", design_effect=1.5, m=1.5), icc=1)


# Other published examples.


def test_between_measures_as_in_borenstein_2009_chapter_7():
    """d 0.5000 (V 0.0205) = ln OR 0.9069 (V 0.0676); r 0.50 (V 0.0058) = d 1.1547 (V 0.0550)."""
    near(values("log_or_to_smd", yi=0.9069, se=math.sqrt(0.0676)), 5e-5, smd=0.5000)
    near({"v": values("log_or_to_smd", yi=0.9069, se=math.sqrt(0.0676))["se"] ** 2}, 5e-5, v=0.0205)
    near(values("smd_to_log_or", smd=0.5), 5e-5, yi=0.9069)
    found = values("r_to_d", r=0.5, se=math.sqrt(0.0058))
    near({"smd": found["smd"], "v": found["se"] ** 2}, 5e-5, smd=1.1547, v=0.0550)
    found = values("d_to_r", smd=1.1547, se=math.sqrt(0.0550), n1=100, n2=100)
    near({"r": found["r"], "v": found["se"] ** 2}, 5e-5, r=0.5, v=0.0058)


def test_hazard_ratio_of_remission_under_6_mercaptopurine():
    """Freireich 1963: log-rank chi-squared 16.793 (P 4.17e-5), 9 v 21 relapses, O - E = -10.251, V = 6.257."""
    exact = values("hr_from_o_e", o_e=-10.251, v=6.257)
    near(exact, 5e-4, hr=0.194, se=0.3998)
    rebuilt = values("hr_from_p_and_events", p=4.17e-5, events1=9, events2=21, favours="experimental")
    assert rebuilt["o_e"] == pytest.approx(-10.251, rel=0.01)
    assert rebuilt["v"] == pytest.approx(6.257, rel=0.01)
    few = values("hr_from_p_and_events", p=0.5, events1=0.5, events2=0.5, favours="experimental")
    close(few, v=0.25)
    total = values("hr_from_p_and_total", p=4.17e-5, events=30, n1=21, n2=21, favours="experimental")
    close(total, v=7.5)
    assert total["hr"] == pytest.approx(0.224, abs=5e-4)
    other = values("hr_from_p_and_events", p=4.17e-5, events1=9, events2=21, favours="control")
    close(other, o_e=-rebuilt["o_e"], hr=1 / rebuilt["hr"])


def test_a_log_rank_p_of_0075_is_178_standard_errors():
    """Tierney 2007, equation 14, and the letter Trials 2013;14:391."""
    found = values("hr_from_p_and_events", p=0.075, events1=200, events2=200, favours="experimental")
    assert abs(found["yi"]) / found["se"] == pytest.approx(1.78, abs=5e-3)


def test_hazard_ratio_from_an_interval_gives_o_minus_e_and_back():
    found = values("hr_from_ci", hr=0.85, lower=0.71, upper=1.02)
    near(found, 5e-4, yi=-0.1625, se=0.0924)
    close(values("hr_from_o_e", o_e=found["o_e"], v=found["v"]), yi=found["yi"], se=found["se"], hr=0.85)
    close(values("o_e_from_hr", hr=0.85, se=found["se"]), o_e=found["o_e"], v=found["v"])
    p = 2 * statistics.NormalDist().cdf(found["yi"] / found["se"])
    close(values("hr_from_p", hr=0.85, p=p), se=found["se"], o_e=found["o_e"], v=found["v"])
    close(values("hr_from_ci", lower=0.5, upper=0.8), yi=math.log(0.4) / 2)
    close(values("hr_from_survival", survival1=0.49, survival2=0.7), hr=2)


def test_expected_ranges_are_those_of_wan_2014_and_of_control_charts():
    """Wan 2014, table 1: the range of n normal values is xi(n) SDs on average: 2.326, 3.078, 3.931, 4.498."""
    for n, xi in ((5, 2.326), (10, 3.078), (25, 3.931), (50, 4.498)):
        assert 1 / values("mean_sd_from_range", n=n, minimum=0, median=0.5, maximum=1)["sd"] == pytest.approx(
            xi, rel=0.02
        )
    # Table 2: the interquartile range of 4 Q + 1 values: 0.990 for n = 5, 1.144 for n = 9, 1.349 in the limit.
    for n, eta, tolerance in ((5, 0.990, 0.02), (9, 1.144, 0.01), (100001, 1.349, 5e-4)):
        found = values("mean_sd_from_quartiles", n=n, q1=0, median=0.5, q3=1)
        assert 1 / found["sd"] == pytest.approx(eta, rel=tolerance)


def test_medians_by_the_closed_formulas():
    """The formulas of Wan 2014, Luo 2018 and Shi 2020 and 2023, worked independently with R's qnorm (n = 30)."""
    found = values("mean_sd_from_range", n=30, minimum=1, median=4, maximum=10)
    close(found, mean=4.35674767008, sd=2.20557819721, skewness=1 / 3, critical=0.354075101388)
    found = values("mean_sd_from_quartiles", n=30, q1=3, median=4, q3=6)
    close(found, mean=4.3565, sd=2.33526065636, skewness=1 / 3, critical=0.477154925796)
    five = {"n": 30, "minimum": 1, "q1": 3, "median": 4, "q3": 6, "maximum": 10}
    found = values("mean_sd_from_five_numbers", **five)
    close(found, mean=4.51427939834, sd=2.25098173960, skewness=0.466141422238, critical=0.546241076024)
    close(values("mean_sd_from_five_numbers", **five, mean="wan", sd="wan"), mean=4.625, sd=2.27041942679)
    close(values("mean_sd_from_range", n=30, minimum=1, median=4, maximum=10, mean="wan"), mean=4.75)
    close(values("mean_sd_from_quartiles", n=30, q1=3, median=4, q3=6, mean="wan"), mean=13 / 3)
    near(values("sd_from_iqr", q1=3, q3=6), sd=2.22)


@pytest.mark.parametrize(
    ("n", "mean", "sd"),
    [
        (15, 4.75, math.sqrt((9 / 4 + 81) / 12)),
        (16, 4.75, 9 / 4),
        (25, 4.75, 9 / 4),
        (26, 4, 9 / 4),
        (70, 4, 9 / 4),
        (71, 4, 1.5),
    ],
)
def test_hozos_rules_change_at_15_25_and_70_participants(n, mean, sd):
    close(values("mean_sd_hozo", n=n, minimum=1, median=4, maximum=10), mean=mean, sd=sd)


def test_skewed_summaries_get_a_warning():
    """Shi 2023: 5 % of normal samples exceed the critical values; these log-normal looking ones do by far."""
    assert codes("mean_sd_from_quartiles", n=100, q1=1, median=1.5, q3=4) == ["conversion.skewed"]
    assert codes("mean_sd_from_quartiles", n=100, q1=1, median=2.4, q3=4) == []
    assert codes("mean_sd_from_range", n=40, minimum=1, median=3, maximum=30) == ["conversion.skewed"]
    skewed = {"n": 40, "minimum": 1, "q1": 2, "median": 3, "q3": 7, "maximum": 30}
    assert codes("mean_sd_from_five_numbers", **skewed) == ["conversion.skewed"]
    message = convert("mean_sd_from_five_numbers", **skewed).notes[0].message
    assert "Shi’s test" in message


def test_quantile_estimation_as_its_package_documents():
    """McGrath 2020, the estmeansd package's README: minimum 2, median 4, maximum 9, n = 100: 4.347284 and 1.502171.

    The package stops its search earlier than we do, so that its last digits differ.
    """
    found = convert("mean_sd_fitted", n=100, minimum=2, median=4, maximum=9)
    assert (found["mean"], found["sd"]) == pytest.approx((4.347284, 1.502171), abs=2e-5)
    assert "log-normal" in found.notes[0].message


@pytest.mark.parametrize(
    ("name", "quartiles", "mean", "sd"),
    [
        # scipy.stats: gamma(2, scale 3), weibull_min(1.4, scale 7), lognorm(0.8, scale 5), norm(4, 1).
        ("gamma", (2.8838362893443312, 5.035040970049984, 8.077903586669086), 6.0, math.sqrt(18)),
        ("Weibull", (2.874796993193199, 5.387681833094319, 8.839411789214623), 6.379963377467222, 4.617512219689727),
        ("log-normal", (2.9149308933831586, 5.0, 8.576532657000397), 6.885638821679786, 6.519506971896592),
        ("normal", (3.3255102498039184, 4.0, 4.674489750196082), 4.0, 1.0),
        ("normal", (-0.6744897501960817, 0.0, 0.6744897501960817), 0.0, 1.0),
    ],
)
def test_quantile_estimation_finds_a_distribution_from_its_exact_quartiles(name, quartiles, mean, sd):
    q1, median, q3 = quartiles
    found = convert("mean_sd_fitted", n=50, q1=q1, median=median, q3=q3)
    close(dict(found.values), 1e-7, mean=mean, sd=sd)
    assert name in found.notes[0].message


# What R computes from the same raw data (R 4.2.2; measures: metafor 3.8-1).

G, H, K = [3, 5, 8, 9, 12], [1, 2, 2, 7], [6, 6.5, 9]


def moments(*samples: list[float]) -> dict[str, list[float]]:
    return {
        "n": [len(sample) for sample in samples],
        "mean": [statistics.fmean(sample) for sample in samples],
        "sd": [statistics.stdev(sample) for sample in samples],
    }


def test_combined_groups_are_as_if_all_had_been_one():
    found = values("combine_means", **moments(G, H, K))
    close(found, n=12, mean=5.875, sd=3.38529574376114)
    assert found["sd"] == pytest.approx(statistics.stdev(G + H + K), rel=1e-12)
    two = values("combine_means", **moments(G, H))
    again = {key: [two[key], moments(K)[key][0]] for key in ("n", "mean", "sd")}
    close(values("combine_means", **again), **found)
    assert values("combine_events", events=[3, 12, 0], n=[10, 12, 9]) == {"events": 15, "n": 31}
    close(values("pool_sds", n=[5, 4], sd=moments(G, H)["sd"]), sd=math.sqrt((4 * 12.3 + 3 * 22 / 3) / 7))


def test_one_t_test_told_in_four_ways():
    """t.test(G, H, var.equal = TRUE) of R: t 2.0566, P 0.07876, interval -0.659 to 9.459, SE 2.1394."""
    se, sizes = 2.139425824174060, {"n1": 5, "n2": 4}
    pooled = values("pool_sds", n=[5, 4], sd=moments(G, H)["sd"])["sd"]
    md = 4.4
    for conversion, given in (
        ("se_from_t", {"md": md, "t": 2.056626572551843}),
        ("se_from_p", {"md": md, "p": 0.0787562936496871}),
        ("se_from_ci", {"md": md, "lower": -0.6589381883258632, "upper": 9.4589381883258632}),
    ):
        close(values(conversion, **given, **sizes), se=se, sd=pooled)
    close(values("sd_from_se_of_difference", se=se, **sizes), sd=pooled)
    close(values("ci_from_se", estimate=md, se=se, df=7), lower=-0.6589381883258632, upper=9.4589381883258632)
    close(values("estimate_from_p", yi=md, p=0.0787562936496871, df=7), se=se)
    d = md / pooled
    close(values("smd_from_t", t=2.056626572551843, **sizes), smd=d, se=math.sqrt(0.45 + d * d / 18))
    close(values("smd_from_p", p=0.0787562936496871, sign=-1, **sizes), smd=-d)
    close(values("smd_from_p", p=0.5, sign=1, n1=2, n2=1), smd=math.sqrt(1.5))
    close(values("r_from_t", t=2.056626572551843, df=7), r=statistics.correlation(G + H, [1.0] * 5 + [0.0] * 4))


A, B = [5.1, 6.2, 7.9, 4.4, 6.0], [3.0, 6.1, 5.2, 4.9, 2.8]


def test_one_paired_t_test_told_in_four_ways():
    """t.test(A, B, paired = TRUE) of R: P 0.105643, interval -0.50585 to 3.54585."""
    sd = 1.631563667161046
    expected = {"md": 1.52, "se": sd / math.sqrt(5), "sd": sd}
    p, lower, upper = 0.105643479591452, -0.50585386629118, 3.54585386629118
    close(values("crossover_from_p", md=1.52, p=p, n=5), **expected)
    close(values("crossover_from_ci", lower=lower, upper=upper, n=5), **expected)
    close(values("crossover_from_ci", lower=lower, upper=upper, n=5, md=1.52), **expected)
    close(values("crossover_from_t", md=1.52, t=1.52 / (sd / math.sqrt(5)), n=5), **expected)
    close(values("crossover_from_t", md=-1.52, t=1.52 / (sd / math.sqrt(5)), n=5), md=-1.52, se=expected["se"])
    sds = {"sd1": statistics.stdev(A), "sd2": statistics.stdev(B)}
    close(values("crossover_correlation", **sds, sd_difference=sd), r=0.304629873788527)
    notes = convert("crossover_from_ci", lower=lower, upper=upper, n=5).notes
    assert [entry.params for entry in notes] == [{"df": "4", "other": "1.034"}]


@pytest.mark.parametrize(
    ("pairs", "yi", "se"),
    [
        ((19, 7, 2, 12), 0.518955749849241, 0.303749281642299),
        ((5, 6, 1, 20), 0.819709903868375, 0.420371474665178),
        ((40, 3, 12, 25), -0.468757005356886, 0.196582230957669),
    ],
)
def test_marginal_odds_ratio_of_pairs_is_metafors_mpor(pairs, yi, se):
    both, only1, only2, neither = pairs
    found = values("crossover_or_paired", both=both, only1=only1, only2=only2, neither=neither)
    close(found, yi=yi, se=se)
    margins = {"events1": both + only1, "events2": both + only2, "n": sum(pairs)}
    close(values("crossover_or_marginal", **margins, r=found["r"]), yi=yi, se=se)


def test_the_marginal_odds_ratio_stays_exact_with_few_discordant_of_many_pairs():
    """With t and u discordant pairs among many balanced ones the variance tends to 16 (t + u) / n^2."""
    found = values("crossover_or_paired", both=10**9, only1=3, only2=3, neither=10**9)
    close(found, 1e-7, yi=0, se=math.sqrt(16 * 6) / (2 * 10**9))


def test_transformed_proportions_and_rates_are_metafors():
    close(values("freeman_tukey", events=3, n=10), yi=0.598376046386640, se=0.154303349962092)
    close(values("freeman_tukey", events=0, n=7), yi=0.180683561953354, se=0.182574185835055)
    close(values("freeman_tukey", events=10, n=10), yi=1.417657642210062)
    for yi, n, back in ((0.3, 10, 0.0519874747729306), (0.7, 7, 0.4036604411456464), (1.2, 33, 0.8795092022993538)):
        close(values("from_freeman_tukey", yi=yi, n=n), proportion=back)
    close(values("logit", events=3, n=10), yi=-0.847297860387204, se=0.690065559342354)
    close(values("arcsine", events=3, n=10), yi=0.579639740363704, se=0.158113883008419)
    rates = {"events1": 12, "time1": 340, "events2": 20, "time2": 310}
    close(
        values("rate_ratio", **rates), yi=-0.603198943897006, se=0.365148371670111, ratio=math.exp(-0.603198943897006)
    )
    close(values("rate_difference", **rates), difference=-0.0292220113851992, se=0.0176613355564932)
    close(values("r_to_z", r=0.5, n=50), z=0.5493061443340549, se=math.sqrt(0.0212765957446809))
    close(values("z_to_r", z=0.5493061443340549), r=0.5)
    assert set(values("r_to_z", r=0.5)) == {"z"}


def test_the_correction_of_hedges_is_that_of_the_measure():
    effects = effect_sizes("SMD", m1i=[7.4], sd1i=[3.5], n1i=[5], m2i=[3.0], sd2i=[2.7], n2i=[4])
    pooled = values("pool_sds", n=[5, 4], sd=[3.5, 2.7])["sd"]
    close(values("hedges_correction", d=4.4 / pooled, n1=5, n2=4), smd=float(effects.yi[0]))
    close(values("hedges_correction", d=1.0, n1=2, n2=2), smd=1 / math.sqrt(math.pi))
    found = values("hedges_correction", d=1.0, n1=5, n2=4, se=0.5)
    assert found["se"] == pytest.approx(found["smd"] * 0.5)


def test_the_cluster_design_effect_is_exact_for_clusters_of_unequal_size():
    """With weights by size the design effect is 1 + (sum m^2 / sum m - 1) ICC."""
    clusters = [5, 20, 12, 40, 8, 11]
    sizes = values("cluster_sizes", sizes=clusters)
    close(sizes, m=16.0)
    expected = 1 + (sum(m * m for m in clusters) / sum(clusters) - 1) * 0.05
    close(values("design_effect", **sizes, icc=0.05), design_effect=expected)


# Definitions.


def test_risks_from_ratios():
    """OR 0.5 and RR 0.5 at a control risk of 40 %."""
    close(values("or_to_risks", odds_ratio=0.5, risk=0.4), risk=0.25, rd=-0.15, rr=0.625, nnt=1 / 0.15, **{"or": 0.5})
    close(values("rr_to_risks", risk_ratio=0.5, risk=0.4), risk=0.2, rd=-0.2, rr=0.5, nnt=5, **{"or": 0.375})
    assert set(values("rr_to_risks", risk_ratio=1, risk=0.4)) == {"risk", "rd", "rr", "or"}
    assert set(values("rr_to_risks", risk_ratio=2, risk=0.5)) == {"risk", "rd", "rr", "nnt"}


def test_smd_in_the_units_of_a_scale_and_logarithms():
    close(values("smd_to_md", smd=-0.4, se=0.1, sd=12.0), md=-4.8, se=1.2)
    close(values("log10_to_ln", yi=math.log10(2), se=0.1), yi=math.log(2), se=0.1 * math.log(10))


def test_counts_from_percentages():
    assert values("events_from_percent", percent=35, n=40) == {"events": 14, "exact": 14}
    assert codes("events_from_percent", percent=35, n=40, decimals=0) == []
    assert codes("events_from_percent", percent=33, n=40, decimals=0) == []
    assert values("events_from_percent", percent=33, n=40)["events"] == 13
    several = convert("events_from_percent", percent=35, n=400, decimals=0)
    assert several["events"] == 140
    assert several.notes[0].params == {"percent": "35", "n": "400", "least": 138, "most": 142}
    assert codes("events_from_percent", percent=34, n=40, decimals=0) == ["conversion.no-count"]
    assert codes("events_from_percent", percent=0, n=400, decimals=0) == ["conversion.several-counts"]
    assert codes("events_from_percent", percent=100, n=40, decimals=1) == []


def test_proportions_there_and_back():
    close(values("odds", events=3, n=10), proportion=0.3, odds=3 / 7)
    close(values("odds", events=1, n=10), odds=1 / 9)
    close(values("from_logit", yi=math.log(3 / 7)), proportion=0.3)
    assert values("from_logit", yi=-800.0) == {"proportion": 0}
    close(values("from_arcsine", yi=values("arcsine", events=3, n=10)["yi"]), proportion=0.3)
    assert values("from_freeman_tukey", yi=0.0, n=10) == {"proportion": 0}
    assert values("from_freeman_tukey", yi=math.pi / 2, n=10) == {"proportion": 1}


def test_rates_and_person_time():
    close(values("log_rate", events=4, time=200), rate=0.02, yi=math.log(0.02), se=0.5)
    close(values("events_from_rate", rate=20, per=1000, time=200), events=4)
    close(values("person_time", n=100, followup=2), time=200)


def test_shared_control_groups():
    assert values("split_shared_means", n=61) == {"n": 30.5}
    assert values("split_shared_means", n=2) == {"n": 1}
    assert values("split_shared_events", events=9, n=60, comparisons=3) == {"events": 3, "n": 20}


def test_ratios_with_intervals_and_p_values():
    """Hackshaw 1998, first study: OR 1.18 (0.90 to 1.54), SE 0.137 at full precision."""
    lower, upper = 0.9020755288445972, 1.5435514604674216
    close(values("ratio_from_ci", lower=lower, upper=upper), yi=0.16551443847757333, se=0.13702877612044892)
    close(values("ratio_from_p", estimate=1.18, p=0.2270930856486794), yi=0.16551443847757333, se=0.13702877612044892)
    close(values("estimate_from_p", yi=-0.16551443847757333, p=0.2270930856486794), se=0.13702877612044892)
    assert codes("ratio_from_ci", lower=0.9, upper=1.54, estimate=1.18) == []
    assert codes("ratio_from_ci", lower=0.9, upper=1.54, estimate=1.5) == ["conversion.lopsided-ratio"]


def test_tables_of_test_accuracy():
    table = {"tp": 45, "fp": 20, "fn": 5, "tn": 80}
    assert values("accuracy_table", sensitivity=0.9, specificity=0.8, diseased=50, healthy=100) == table
    prevalence = {"sensitivity": 0.9, "specificity": 0.8, "n": 150, "prevalence": 1 / 3}
    assert values("accuracy_table_from_prevalence", **prevalence) == table
    predictive = {"ppv": 45 / 65, "npv": 80 / 85, "positives": 65, "negatives": 85}
    assert values("accuracy_table_from_predictive_values", **predictive) == table
    assert codes("accuracy_table", sensitivity=0.9, specificity=0.8, diseased=50, healthy=100) == []
    one = values("accuracy_table", sensitivity=1, specificity=0.5, diseased=1, healthy=0)
    assert one == {"tp": 1, "fp": 0, "fn": 0, "tn": 0}
    off = convert("accuracy_table", sensitivity=0.87, specificity=0.8, diseased=50, healthy=100)
    assert [entry.params for entry in off.notes] == [{"off": "0.50"}]
    ratios = values("likelihood_ratios", sensitivity=0.9, specificity=0.8)
    close(ratios, lr_positive=4.5, lr_negative=0.125, dor=36)
    back = values("accuracy_from_likelihood_ratios", lr_positive=4.5, lr_negative=0.125)
    close(back, sensitivity=0.9, specificity=0.8)
    found = values("predictive_values", sensitivity=0.9, specificity=0.8, prevalence=1 / 3)
    close(found, ppv=45 / 65, npv=80 / 85)


# The registry.


def test_every_conversion_says_how_whence_and_what_it_takes_and_gives():
    wrong: list[str] = []
    groups = {option.key for option in GROUPS}
    for entry in CONVERSIONS:
        keys = [field.key for field in entry.inputs]
        if not (entry.label and entry.method and entry.citation and entry.outputs and entry.inputs):
            wrong.append(f"{entry.id} lacks words")
        if len(set(keys)) < len(keys) or entry.group not in groups:
            wrong.append(f"{entry.id}: {keys}, {entry.group}")
        wrong += [f"{entry.id}.{field.key}" for field in entry.inputs if not field.title]
        wrong += [f"{entry.id}.{field.key}" for field in entry.inputs if field.kind == "choice" and not field.options]
    assert wrong == []
    assert len({entry.id for entry in CONVERSIONS}) == len(CONVERSIONS)
    assert {entry.group for entry in CONVERSIONS} == groups


def test_a_result_carries_its_provenance():
    found = convert("mean_sd_from_quartiles", n=30, q1=3, median=4, q3=6, mean="wan")
    assert found.conversion == "mean_sd_from_quartiles"
    assert "Wan X" in found.citation
    assert "Luo D, Wan X, Liu J, Tong T" not in found.citation
    assert "Luo D, Wan X, Liu J, Tong T" in convert("mean_sd_from_quartiles", n=30, q1=3, median=4, q3=6).citation
    assert found.assumptions
    assert found.inputs == {"n": 30, "q1": 3, "median": 4, "q3": 6, "mean": "wan"}
    assert conversions.conversion("sd_from_se").field("se").unit == "unit of the outcome"


def test_rounding_to_whole_people_is_told_and_never_exceeds_them():
    rates = {"sensitivity": 0.85, "specificity": 0.9}
    assert codes("accuracy_table_from_prevalence", **rates, n=100, prevalence=0.004) == [
        "conversion.prevalence-rounded"
    ]
    assert codes("accuracy_table_from_prevalence", **rates, n=100, prevalence=0.2) == []
    assert values("events_from_percent", percent=100, n=1.5)["events"] == 1


def test_every_table_of_pairs_is_within_the_correlations_its_margins_allow():
    for pairs in ((5, 0, 3, 10), (5, 3, 0, 10), (0, 3, 4, 9), (4, 3, 4, 0), (1, 0, 90, 9)):
        both, only1, only2, neither = pairs
        found = values("crossover_or_paired", both=both, only1=only1, only2=only2, neither=neither)
        margins = {"events1": both + only1, "events2": both + only2, "n": sum(pairs)}
        close(values("crossover_or_marginal", **margins, r=found["r"]), se=found["se"])
