"""RevMan's own numbers: what it stored in its files and what it printed in published reviews."""

from __future__ import annotations

import copy
import json
import math
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.reference import conform, revman_conform
from tests.reference.revman_stored import outcome_checks
from tests.reference.test_reference import misses


def test_every_number_that_revman_stored_agrees(reference_data: Path) -> None:
    outcomes = json.loads((reference_data / "revman" / "oracle.json").read_text(encoding="utf-8"))
    found = revman_conform.tally(outcomes)
    print("\n".join(revman_conform.lines(found, 10)))
    assert not found.differing
    assert found.agreeing == found.listed == Counter({"outcome": 226, "subgroup": 195, "row": 1329})
    assert found.compared["study effect"] == found.compared["study standard error"] == 1150
    assert found.compared["Q of differences"] == 61
    assert found.compared["weight"] == 1571


def test_every_study_table_printed_in_published_reviews_agrees(reference_data: Path) -> None:
    document = json.loads((reference_data / "statistics" / "revman_reported.json").read_text(encoding="utf-8"))
    passed, failed = Counter(), {}
    for case in document["cases"]:
        found = misses(case["expected"], conform.compute(case), case["tol"])
        if found:
            failed[case["id"]] = found
        else:
            passed[case["method"]] += 1
    print("\n".join(f"{method:32} {count:3}" for method, count in sorted(passed.items())))
    assert not failed
    assert passed.total() == 37


# Two studies: differences 2 and 5 with standard errors 1 and 2, so that the weights are 80 and 20 percent.
ROWS = [
    {"study_id": "STD-A", "study": "A", "estimate": 2.0, "se": 1.0, "total_1": 5.0, "total_2": 5.0},
    {"study_id": "STD-B", "study": "B", "estimate": 5.0, "se": 2.0, "total_1": 7.0, "total_2": 7.0},
]
Z = 1.959963984540054
POOLED_SE = math.sqrt(0.8)


def stored_row(row: dict[str, Any], weight: float) -> dict[str, Any]:
    low, high = (row["estimate"] + sign * Z * row["se"] for sign in (-1, 1))
    shown = {"effect_size": row["estimate"], "ci_start": low, "ci_end": high}
    return row | shown | {"weight": weight, "estimable": "YES"}


def outcome() -> dict[str, Any]:
    """An outcome as RevMan stores it, computed by hand."""
    pooled = {
        "effect_size": 2.6, "ci_start": 2.6 - Z * POOLED_SE, "ci_end": 2.6 + Z * POOLED_SE, "z": 2.6 / POOLED_SE,
        "p_z": math.erfc(2.6 / POOLED_SE / math.sqrt(2)), "tau2": 0.0, "chi2": 1.8, "df": 1.0,
        "p_chi2": math.erfc(math.sqrt(0.9)), "i2": 100 * 0.8 / 1.8, "q": 0.0, "p_q": 0.0, "i2_q": 0.0, "studies": 2.0,
        "total_1": 12.0, "total_2": 12.0, "weight": 100.0, "estimable": "YES",
    }  # fmt: skip
    return {
        "file": "hand.rm5", "outcome_id": "CMP-001.01", "type": "IV", "measure": "Difference", "method": "IV",
        "model": "fixed", "log_data": "NO", "totals": "YES", "subgroups": "NO", "swap_events": None, "ci_study": 95.0,
        "ci_total": 95.0, "pooled": pooled, "subgroup_results": [],
        "studies": [stored_row(row, weight) for row, weight in zip(ROWS, (80.0, 20.0), strict=True)],
    }  # fmt: skip


def differing(stored: dict[str, Any]) -> list[str]:
    return [check.what.value for check in outcome_checks(stored) if not check.agrees]


def test_an_outcome_computed_by_hand_agrees() -> None:
    checks = list(outcome_checks(outcome()))
    assert [check for check in checks if not check.agrees] == []
    assert Counter(check.place.unit for check in checks) == {"row": 14, "outcome": 15}


@pytest.mark.parametrize(
    ("place", "name", "relative", "kind"),
    [
        (("studies", 0), "effect_size", 3e-8, "study effect"),
        (("studies", 1), "weight", 3e-6, "weight"),
        (("pooled",), "effect_size", 3e-6, "estimate as shown"),
        (("pooled",), "ci_end", 3e-6, "confidence limits"),
        (("pooled",), "chi2", 3e-6, "chi2"),
        (("pooled",), "i2", 3e-6, "I2"),
        (("pooled",), "p_z", 3e-3, "P of effect"),
        (("pooled",), "studies", 0.5, "studies"),
    ],
)
def test_a_number_that_differs_is_found(place: tuple[str | int, ...], name: str, relative: float, kind: str) -> None:
    stored = outcome()
    holder: Any = stored
    for key in place:
        holder = holder[key]
    holder[name] *= 1 + relative
    assert kind in differing(stored)


def test_subtotals_only_weigh_within_the_subgroup_and_store_their_mean() -> None:
    stored = outcome()
    groups = []
    for n, row in enumerate(ROWS):
        low, high = (row["estimate"] + sign * Z * row["se"] for sign in (-1, 1))
        z = row["estimate"] / row["se"]
        pooled = stored["pooled"] | {
            "effect_size": row["estimate"], "ci_start": low, "ci_end": high, "z": z,
            "p_z": math.erfc(z / math.sqrt(2)), "chi2": 0.0, "df": 0.0, "p_chi2": 1.0, "i2": 0.0, "studies": 1.0,
            "total_1": row["total_1"], "total_2": row["total_2"],
        }  # fmt: skip
        groups.append({"subgroup_id": f"CMP-001.01.0{n}", "pooled": pooled, "studies": [stored_row(row, 100.0)]})
    # Under random effects the studies alone would have tau2 = 2; the stored total is the mean of the subtotals instead.
    stored |= {"model": "random", "totals": "SUB", "subgroups": "YES", "studies": [], "subgroup_results": groups}
    stored["pooled"] |= {"tau2": 2.0, "weight": 200.0, "q": 1.8, "p_q": math.erfc(math.sqrt(0.9)), "i2_q": 80 / 1.8}
    assert differing(stored) == []
    groups[0]["studies"][0]["weight"] = 80.0
    assert "weight" in differing(stored)


def test_exchanged_events_are_the_non_events() -> None:
    row = {"study_id": "STD-A", "study": "A", "events_1": 8.0, "total_1": 20.0, "events_2": 4.0, "total_2": 20.0}
    se = math.sqrt(8 / (12 * 20) + 4 / (16 * 20))
    low, high = (0.75 * math.exp(sign * Z * se) for sign in (-1, 1))
    shown = {"effect_size": 0.75, "ci_start": low, "ci_end": high, "se": se, "weight": 100.0, "estimable": "YES"}
    logarithms = {
        f"log_{key}": math.log10(value)
        for key, value in shown.items()
        if key in ("effect_size", "ci_start", "ci_end") and isinstance(value, float)
    }
    stored = outcome() | {"type": "DICH", "measure": "RR", "method": "MH", "swap_events": "YES"}
    stored["studies"] = [row | shown | logarithms]
    rows = [check for check in outcome_checks(stored) if check.place.unit == "row"]
    assert len(rows) == 9
    assert all(check.agrees for check in rows)
    plain = copy.deepcopy(stored) | {"swap_events": "NO"}
    assert "study effect" in differing(plain)


def test_o_minus_e_is_pooled_by_peto() -> None:
    """Two studies with O - E of 2 and -1 and variances of 4 and 5: exp(1 / 9) in all."""
    rows = [("A", 2.0, 4.0), ("B", -1.0, 5.0)]
    stored = outcome() | {"type": "IPD", "measure": "Hazard Ratio", "method": None, "studies": []}
    for name, o_e, variance in rows:
        low, high = (math.exp(o_e / variance + sign * Z / math.sqrt(variance)) for sign in (-1, 1))
        shown = {"effect_size": math.exp(o_e / variance), "ci_start": low, "ci_end": high, "se": None}
        row = {"study_id": f"STD-{name}", "study": name, "o_e": o_e, "var": variance, "total_1": 6.0, "total_2": 6.0}
        stored["studies"].append(row | shown | {"weight": 100 * variance / 9, "estimable": "YES"})
    low, high = (math.exp(1 / 9 + sign * Z / 3) for sign in (-1, 1))
    chi2 = 4 * (1 / 2 - 1 / 9) ** 2 + 5 * (-1 / 5 - 1 / 9) ** 2
    stored["pooled"] |= {
        "effect_size": math.exp(1 / 9), "ci_start": low, "ci_end": high, "z": 1 / 3,
        "p_z": math.erfc(1 / 3 / math.sqrt(2)), "chi2": chi2, "p_chi2": math.erfc(math.sqrt(chi2 / 2)),
        "i2": max(0.0, 100 * (chi2 - 1) / chi2),
    }  # fmt: skip
    assert differing(stored) == []


def test_the_runnable_form_prints_counts_and_tells_by_its_exit_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "oracle.json"
    monkeypatch.setattr("sys.argv", ["revman_conform.py", str(path)])
    path.write_text(json.dumps([outcome()]), encoding="utf-8")
    assert revman_conform.main() == 0
    assert "29 numbers agree, 0 differ" in capsys.readouterr().out
    wrong = outcome()
    wrong["pooled"]["z"] = 1.0
    path.write_text(json.dumps([wrong]), encoding="utf-8")
    assert revman_conform.main() == 1
    told = capsys.readouterr().out
    assert "outcomes                     0 of 1" in told
    assert "hand.rm5 CMP-001.01: z " in told
