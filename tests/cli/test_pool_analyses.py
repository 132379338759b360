"""The further analyses of `pool`: the BCG trials (Colditz et al. 1994), numbers of metafor 3.8-1, and every entry
against core.pooling."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core import pooling
from core.cli import main
from core.cli.pool.analyses import ANALYSES
from core.cli.pool.plain import plain
from core.pooling import EffectSizes
from tests.pooling.published import BCG, BCG_ALLOCATION

LATITUDE = [44, 55, 42, 52, 13, 44, 19, 13, 27, 42, 18, 33, 33]
COUNTS = {key: BCG[key] for key in ("ai", "n1i", "ci", "n2i")}
Found = dict[str, Any]


@pytest.fixture
def bcg(tmp_path: Path) -> str:
    rows = zip(*COUNTS.values(), LATITUDE, BCG_ALLOCATION, strict=True)
    lines = ["trial,ai,n1i,ci,n2i,ablat,alloc", *(f"T{n},{','.join(map(str, row))}" for n, row in enumerate(rows))]
    path = tmp_path / "bcg.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


@pytest.fixture
def run(bcg: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Callable[..., tuple[Found, str]]:
    def ran(*options: str, measure: str = "RR") -> tuple[Found, str]:
        numbers = tmp_path / "numbers.json"
        assert main(["pool", bcg, "--measure", measure, *options, "--json", str(numbers)]) == 0
        return json.loads(numbers.read_text(encoding="utf-8")), capsys.readouterr().out

    return ran


def effects(measure: str = "RR") -> EffectSizes:
    return pooling.effect_sizes(measure, labels=[f"T{n}" for n in range(13)], **COUNTS)


WALD = {"tau2": "REML", "ci": "wald"}
ASK = ("--tau2", "REML", "--ci", "wald")
AGREE: dict[str, tuple[tuple[str, ...], str, Callable[[EffectSizes], object]]] = {
    "moderators": (("ablat",), "RR", lambda e: pooling.meta_regression(e, {"ablat": LATITUDE}, **WALD).coefficients),
    "common-tau2": (
        ("--subgroup", "alloc"),
        "RR",
        lambda e: pooling.subgroups_common_tau2(e, BCG_ALLOCATION, **WALD).groups,
    ),
    "leave-one-out": ((), "RR", lambda e: pooling.leave_one_out(e, **WALD).refits),
    "cumulative": (("precision",), "RR", lambda e: pooling.cumulative(e, order="precision", **WALD).steps),
    "influence": ((), "RR", lambda e: pooling.influence(e, **WALD).studies),
    "baujat": ((), "RR", lambda e: pooling.baujat(e, **WALD).points),
    "interval-of-tau2": ((), "RR", lambda e: pooling.tau2_interval(e, tau2="REML").i2),
    "gosh": (("30",), "RR", lambda e: pooling.gosh(e, subsets=30, tau2="REML").estimates),
    "egger": (
        ("ni", "--egger-model", "rma"),
        "RR",
        lambda e: _slope(pooling.regression_test(e, model="rma", predictor="ni", **WALD)),
    ),
    "begg": ((), "RR", lambda e: pooling.rank_test(e).p),
    "harbord": ((), "OR", lambda e: pooling.harbord_test(e).bias),
    "peters": ((), "OR", lambda e: pooling.peters_test(e).bias),
    "trim-and-fill": (
        ("L0", "--side", "right"),
        "RR",
        lambda e: pooling.trim_and_fill(e, estimator="L0", side="right", **WALD).filled,
    ),
    "pet-peese": ((), "RR", lambda e: pooling.pet_peese(e).peese),
    "fail-safe": (
        (),
        "RR",
        lambda e: [pooling.fail_safe_n(e, kind=kind).n for kind in ("Rosenthal", "Orwin", "Rosenberg")],
    ),
    "selection": (
        ("step", "--steps", "0.025,0.5"),
        "RR",
        lambda e: pooling.selection_model(e, steps=(0.025, 0.5)).weights,
    ),
    "glmm": (("CM.AL",), "OR", lambda e: pooling.glmm(e, likelihood="CM.AL").estimate),
    "cluster": (
        ("alloc", "--robust", "CR1"),
        "RR",
        lambda e: pooling.robust(e, pooling.three_level(e, BCG_ALLOCATION), kind="CR1"),
    ),
    "compare": ((), "RR", lambda e: [row.estimate for row in pooling.compare(e).rows]),
}
"""What each analysis is asked for, and the number or numbers that core.pooling gives for that."""
PARTS: dict[str, Callable[[Any], Any]] = {
    "moderators": lambda d: d["coefficients"],
    "common-tau2": lambda d: d["groups"],
    "leave-one-out": lambda d: d["refits"],
    "cumulative": lambda d: d["steps"],
    "influence": lambda d: d["studies"],
    "baujat": lambda d: d["points"],
    "interval-of-tau2": lambda d: d["i2"],
    "gosh": lambda d: d["estimates"],
    "egger": lambda d: d["slope"],
    "begg": lambda d: d["p"],
    "harbord": lambda d: d["bias"],
    "peters": lambda d: d["bias"],
    "trim-and-fill": lambda d: d["filled"],
    "pet-peese": lambda d: d["peese"],
    "fail-safe": lambda d: [each["n"] for each in d],
    "selection": lambda d: d["weights"],
    "glmm": lambda d: d["estimate"],
    "cluster": lambda d: d["robust"],
    "compare": lambda d: [row["estimate"] for row in d["rows"]],
}
"""Where these stand in the JSON of the analysis."""


def _slope(test: pooling.RegressionTest) -> float | None:
    return test.slope


@pytest.mark.parametrize("analysis", ANALYSES, ids=lambda one: one.flag)
def test_every_analysis_prints_and_writes_what_the_pooling_core_computes(
    run: Callable[..., tuple[Found, str]], analysis: Any
) -> None:
    extra, measure, expected = AGREE[analysis.flag]
    found, out = run(f"--{analysis.flag}", *extra, *ASK, measure=measure)
    want = plain(expected(effects(measure)))
    assert want not in (None, [], {})
    assert json.dumps(PARTS[analysis.flag](found[analysis.name])) == json.dumps(want)
    assert f"\n{analysis.title}\n  " in out


def test_a_meta_regression_as_published(run: Callable[..., tuple[Found, str]]) -> None:
    """Berkey et al. 1995: latitude explains most of how the trials differ. Numbers of metafor 3.8-1,
    which stops a step of 1e-5 before the maximum of the likelihood."""
    found, out = run("--moderators", "ablat", "--permutations", "19", "--at", "ablat=44")
    intercept, slope = found["moderators"]["coefficients"]
    assert (slope["name"], slope["ddf"]) == ("ablat", 11)
    assert intercept["estimate"] == pytest.approx(0.251464294, rel=2e-5)
    assert slope["estimate"] == pytest.approx(-0.029101661, rel=2e-5)
    assert slope["se"] == pytest.approx(0.0082015418, rel=2e-5)
    assert slope["p"] == pytest.approx(0.0045655456, rel=2e-4)
    assert found["moderators"]["r2"] == pytest.approx(75.62448, abs=1e-2)
    assert "R² = 75.6%" in out
    assert found["moderators"]["permutation_test"]["permutations"] == 19
    at = intercept["estimate"] + 44 * slope["estimate"]
    assert found["moderators"]["prediction"]["estimate"] == pytest.approx(at, rel=1e-12)
    assert f"expected at ablat=44: {math.exp(at):.4f} [" in out


def test_categories_and_numbers_as_moderators(run: Callable[..., tuple[Found, str]]) -> None:
    found, out = run("--moderators", "alloc, ablat")
    names = [one["name"] for one in found["moderators"]["coefficients"]]
    assert names == ["intercept", "alloc: random", "alloc: systematic", "ablat"]
    assert "alloc: F = " in out
    numbers = run("--moderators", "ablat", "--categorical", "ablat", "--ci", "wald")[0]["moderators"]["coefficients"]
    assert len(numbers) == len(set(LATITUDE))


def test_a_column_orders_a_cumulative_analysis(run: Callable[..., tuple[Found, str]]) -> None:
    steps = run("--cumulative", "ablat")[0]["cumulative"]["steps"]
    assert [LATITUDE[step["row"]] for step in steps] == sorted(LATITUDE)
    by_name = run("--cumulative", "alloc")[0]["cumulative"]["steps"]
    assert [BCG_ALLOCATION[step["row"]] for step in by_name] == sorted(BCG_ALLOCATION)


def test_small_study_effects_as_metafor_finds_them(run: Callable[..., tuple[Found, str]]) -> None:
    """regtest(model="lm"), ranktest, trimfill and fsn of metafor 3.8-1 on the risk ratios of the BCG trials."""
    found, out = run("--egger", "--begg", "--trim-and-fill", "--fail-safe", "--ci", "wald")
    assert found["egger"]["stat"] == pytest.approx(-1.401282, abs=1e-6)
    assert found["egger"]["p"] == pytest.approx(0.188707, abs=1e-6)
    assert found["begg"]["tau"] == pytest.approx(0.0256, abs=1e-4)
    assert "t = -1.40, df = 11 (P = 0.19)" in out
    assert (found["trim_and_fill"]["k0"], found["trim_and_fill"]["side"]) == (1, "right")
    assert found["trim_and_fill"]["adjusted"]["estimate"] == pytest.approx(-0.657082800760365, rel=1e-6)
    assert found["fail_safe"][0]["n"] == 598


def test_fixed_weights_of_a_selection_model_by_name(run: Callable[..., tuple[Found, str]]) -> None:
    found = run("--selection", "--selection-weights", "severe one-tailed", "--selection-side", "less")[0]["selection"]
    want = pooling.VEVEA_WOODS_WEIGHTS["severe one-tailed"]
    assert [each["delta"] for each in found["weights"]] == pytest.approx(want, rel=1e-12)
    assert found["side"] == "less"


def test_conventions_and_corrections_reach_the_effects(run: Callable[..., tuple[Found, str]]) -> None:
    revman = run("--compat", "revman5", measure="OR")[0]["settings"]
    assert (revman["compatibility"], revman["method"], revman["tau2"]) == ("revman5", "MH", "DL")
    asked = (
        "--conventions",
        "current",
        "--add",
        "1",
        "--to",
        "all",
        "--drop00",
        "no",
        "--method",
        "MH",
        "--mh-add",
        "0.5",
    )
    settings = run(*asked, measure="OR")[0]["settings"]
    options = settings["effects"]
    assert (options["add"], options["to"], options["drop00"]) == (1.0, "all", False)
    assert (settings["add"], settings["to"], settings["model"]) == (0.5, "only0", "common")


def test_the_accuracy_of_a_test(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "scans.csv"
    lines = ["study,tp,fp,fn,tn", "A,20,5,4,40", "B,35,8,30,60", "C,12,2,3,25", "D,50,12,9,88", "E,18,16,7,33"]
    path.write_text("\n".join(lines), encoding="utf-8")
    numbers = tmp_path / "numbers.json"
    assert main(["pool", str(path), "--accuracy", "normal", "--json", str(numbers)]) == 0
    out = capsys.readouterr().out
    found = json.loads(numbers.read_text(encoding="utf-8"))
    columns = {"tp": [20, 35, 12, 50, 18], "fp": [5, 8, 2, 12, 16], "fn": [4, 30, 3, 9, 7], "tn": [40, 60, 25, 88, 33]}
    want = pooling.accuracy(method="normal", **columns)
    assert want.sensitivity is not None
    assert want.hsroc is not None
    assert found["sensitivity"]["estimate"] == want.sensitivity.estimate
    assert f"sensitivity: {want.sensitivity.estimate:.4f} [" in out
    assert f"HSROC: accuracy {want.hsroc.accuracy:.4f}" in out
    assert "A      0.8333 [" in out


def test_accuracy_without_its_columns_is_refused(bcg: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pool", bcg, "--accuracy"]) == 1
    assert "none of the columns that accuracy needs" in capsys.readouterr().err


def test_what_cannot_be_estimated_is_said_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "two.csv"
    path.write_text("study,ai,n1i,ci,n2i\nA,5,20,3,20\nB,4,18,2,17\n", encoding="utf-8")
    options = ["--egger", "--begg", "--pet-peese", "--harbord", "--selection"]
    assert main(["pool", str(path), "--measure", "OR", *options]) == 0
    out = capsys.readouterr().out
    assert out.count("\n  not available\n") == 4
    assert "\nSelection model\n  not estimable\n" in out


def test_infinite_and_undefined_numbers_have_words_in_json() -> None:
    assert plain([math.inf, -math.inf, math.nan, 1.5, True, None]) == ["Inf", "-Inf", None, 1.5, True, None]
