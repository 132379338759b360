"""From the data of each participant to the numbers of an analysis."""

from __future__ import annotations

import math
import statistics

import pytest

from core.errors import InputError
from core.pooling.conversions import Group, convert

BEFORE, AFTER = [5.1, 6.2, 7.9, 4.4, 6.0], [3.0, 6.1, 5.2, 4.9, 2.8]


def table(**changes):
    columns = {"arm": ["MDMA"] * 5, "baseline": BEFORE, "followup": AFTER}
    return convert("participants", **(columns | changes))


def only(found) -> Group:
    assert len(found.groups) == 1
    return found.groups[0]


def refused(code: str, **inputs) -> InputError:
    with pytest.raises(InputError) as caught:
        convert("participants", **inputs)
    assert caught.value.code == f"conversion.{code}"
    return caught.value


def test_one_arm_as_r_computes_it():
    """mean, sd and cor of R 4.2.2."""
    found = table()
    group = only(found)
    expected = {
        "rows": 5, "n": 5, "mean": 4.4, "sd": 1.440486029088793,
        "n_baseline": 5, "mean_baseline": 5.92, "sd_baseline": 1.321741275741966,
        "n_change": 5, "mean_change": -1.52, "sd_change": 1.631563667161046,
        "n_percent": 5, "mean_percent": statistics.fmean(100 * (a - b) / b for b, a in zip(BEFORE, AFTER, strict=True)),
        "sd_percent": 27.4344394724249, "r": 0.304629873788527,
    }  # fmt: skip
    assert dict(group.values) == pytest.approx(expected, rel=1e-12)
    assert group.label == "MDMA"
    assert found["rows"] == 5
    assert found.notes == ()


def test_arms_are_kept_apart_in_the_order_of_the_table():
    found = table(arm=["MDMA", "Placebo", "MDMA", "Placebo", "MDMA"])
    assert [group.label for group in found.groups] == ["MDMA", "Placebo"]
    assert [group.values["n"] for group in found.groups] == [3, 2]
    assert found.groups[1].values["mean"] == pytest.approx(5.5)
    assert found.groups[1].values["mean_change"] == pytest.approx((6.1 - 6.2 + 4.9 - 4.4) / 2)


def test_missing_values_are_empty_cells_or_codes():
    found = table(followup=["3.0", " 99 ", "", None, 999], missing=["99.0", 999])
    values = only(found).values
    assert (values["rows"], values["n"], values["n_baseline"], values["n_change"]) == (5, 1, 5, 1)
    assert "sd" not in values
    assert "r" not in values
    assert [(entry.code, entry.params.get("missing")) for entry in found.notes] == [
        ("conversion.without-value", 4),
        ("conversion.arm-few", None),
    ]
    empty = table(followup=[None] * 5)
    assert "mean" not in only(empty).values
    assert only(empty).values["n"] == 0


def test_without_a_baseline_there_is_no_change():
    values = only(convert("participants", arm=["A"] * 3, followup=[1, 2, 4])).values
    assert set(values) == {"rows", "n", "mean", "sd"}
    assert values["sd"] == pytest.approx(statistics.stdev([1, 2, 4]))


@pytest.mark.parametrize(
    ("rule", "threshold", "responders", "judged"),
    [
        ("fall_percent", 50, 2, 4),
        ("fall_percent", 50.1, 1, 4),
        ("fall", 20, 2, 4),
        ("fall", 20.5, 1, 4),
        ("rise", 5, 1, 4),
        ("at_most", 20, 2, 4),
        ("at_least", 20, 3, 4),
    ],
)
def test_responders_by_a_rule(rule, threshold, responders, judged):
    found = convert(
        "participants",
        arm=["A"] * 5,
        baseline=[40, 60, 30, 50, 60],
        followup=[20, 15, 35, 45, None],
        rule=rule,
        threshold=threshold,
    )
    values = only(found).values
    assert (values["responders"], values["n_responders"]) == (responders, judged)


def test_a_threshold_is_met_in_spite_of_rounding():
    """0.3 - 0.1 is 0.19999999999999998 in double precision."""
    given = {"arm": ["A"], "baseline": [0.3], "followup": [0.1]}
    assert only(convert("participants", **given, rule="fall", threshold=0.2)).values["responders"] == 1
    given = {"arm": ["A"] * 2, "baseline": [0.7, 0.7], "followup": [0.07, 0.07001]}
    assert only(convert("participants", **given, rule="fall_percent", threshold=90)).values["responders"] == 1
    given = {"arm": ["A"], "baseline": [0.1], "followup": [0.3]}
    assert only(convert("participants", **given, rule="rise", threshold=0.2)).values["responders"] == 1


def test_responders_without_a_baseline_cannot_be_judged():
    given = {"arm": ["A"] * 3, "baseline": [None, 10, 10], "followup": [1, 1, None]}
    for rule in ("fall_percent", "fall", "rise"):
        assert only(convert("participants", **given, rule=rule, threshold=1)).values["n_responders"] == 1
    for rule in ("at_most", "at_least"):
        assert only(convert("participants", **given, rule=rule, threshold=1)).values["n_responders"] == 2


def test_percent_change_of_a_baseline_of_zero_is_left_out_with_a_note():
    found = convert(
        "participants", arm=["A"] * 3, baseline=[0, 10, 20], followup=[1, 5, 15], rule="fall_percent", threshold=50
    )
    values = only(found).values
    assert (values["n_percent"], values["mean_percent"], values["n_change"]) == (2, -37.5, 3)
    assert (values["responders"], values["n_responders"]) == (1, 2)
    assert [(entry.code, entry.params["count"]) for entry in found.notes] == [("conversion.percent-of-zero", 1)]


def crossover():
    return {
        "arm": ["A", "B", "A", "B", "A", "B", "B", "A", "B", "A"],
        "period": ["1", "2"] * 5,
        "participant": ["p1", "p1", "p2", "p2", "p3", "p3", "p4", "p4", "p5", "p5"],
        "followup": [5.1, 3.0, 6.2, 6.1, 7.9, 5.2, 4.9, 4.4, 2.8, 6.0],
    }


def test_a_crossover_gives_each_period_and_the_paired_difference():
    """The paired difference as R's t.test(paired = TRUE): mean 1.52, SD 1.6316."""
    found = convert("participants", **crossover())
    assert [group.label for group in found.groups] == [
        "A, period 1", "B, period 2", "B, period 1", "A, period 2", "A minus B, within participants",
    ]  # fmt: skip
    assert [group.values["n"] for group in found.groups] == [3, 3, 2, 2, 5]
    paired = dict(found.groups[-1].values)
    sd = 1.631563667161046
    expected = {"n": 5, "mean": 1.52, "sd": sd, "se": sd / math.sqrt(5), "r": 0.304629873788527}
    assert paired == pytest.approx(expected, rel=1e-12)
    first = [group.values for group in found.groups if group.label.endswith("period 1")]
    assert [values["mean"] for values in first] == pytest.approx([6.4, 3.85])
    assert found.notes == ()


def test_who_has_one_treatment_only_is_named_and_not_paired():
    rows = crossover()
    rows["followup"] = [*rows["followup"][:-1], None]
    found = convert("participants", **rows)
    assert found.groups[-1].values["n"] == 4
    assert found.notes[-1].code == "conversion.unpaired"
    assert found.notes[-1].params == {"count": 1}
    two = {key: column[:4] for key, column in crossover().items()}
    assert dict(convert("participants", **two).groups[-1].values) == pytest.approx(
        {"n": 2, "mean": 1.1, "sd": math.sqrt(2), "se": 1, "r": 1}
    )
    one = {key: column[:2] for key, column in crossover().items()}
    assert dict(convert("participants", **one).groups[-1].values) == pytest.approx({"n": 1, "mean": 2.1})


def test_alike_values_have_no_correlation():
    rows = {"arm": ["A"] * 3, "baseline": [2, 2, 2], "followup": [1, 2, 3]}
    assert "r" not in only(convert("participants", **rows)).values
    pairs = {"arm": ["A", "B"] * 2, "participant": ["1", "1", "2", "2"], "followup": [1, 2, 1, 3]}
    assert "r" not in convert("participants", **pairs).groups[-1].values


def test_parallel_arms_with_identifiers_are_not_paired():
    found = convert("participants", arm=["A", "A", "B"], participant=["1", "2", "3"], followup=[1, 2, 3])
    assert [group.label for group in found.groups] == ["A", "B"]


def test_what_a_table_cannot_hold():
    said = refused("cell", arm=["A", "A"], followup=["3", "n.d."])
    assert "row 2" in said.message
    assert "n.d." in said.message
    refused("cell", arm=["A"], followup=["1e999"])
    refused("empty-cell", arm=["A", " "], followup=[1, 2])
    refused("empty-cell", arm=["A"], period=[None], followup=[1])
    refused("table", arm=["A", "A"], followup=[1])
    refused("table", arm=[], followup=[])
    refused("no-threshold", arm=["A"], followup=[1], rule="at_most")
    refused("no-baseline", arm=["A"], followup=[1], rule="fall", threshold=1)
    refused("twice", arm=["A", "A"], participant=["1", "1"], followup=[1, 2])
    refused("same-arm-twice", arm=["A", "A"], participant=["1", "1"], period=["1", "2"], followup=[1, 2])
    refused("choice", arm=["A"], followup=[1], rule="any")
    refused("not-a-list", arm="A", followup=[1])
