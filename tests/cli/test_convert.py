"""`convert`: every conversion is listed and explained; inputs are numbers, choices, lists or columns of a table."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.cli import main
from core.pooling import conversions


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["convert", *arguments]) == 0
    return capsys.readouterr().out


def test_all_conversions_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    out = told(capsys)
    for entry in conversions.CONVERSIONS:
        assert f"  {entry.id} " in out
        assert entry.label in out


@pytest.mark.parametrize("entry", conversions.CONVERSIONS, ids=lambda entry: entry.id)
def test_a_conversion_says_what_it_takes_and_gives(
    capsys: pytest.CaptureFixture[str], entry: conversions.Conversion
) -> None:
    out = told(capsys, entry.id)
    assert all(f"  {field.key} " in out for field in entry.inputs)
    assert all(f"  {output.key} " in out for output in entry.outputs)
    assert entry.citation in out


def test_an_sd_from_a_confidence_interval(capsys: pytest.CaptureFixture[str]) -> None:
    """Cochrane Handbook 6.5.2.2: 30.0 to 34.2 with 25 participants; t with 24 degrees of freedom is 2.0639, the SD
    5 x 4.2 / 4.128 = 5.09."""
    inputs = ("sd_from_ci", "lower=30.0", "upper=34.2", "n=25")
    out = told(capsys, *inputs)
    assert "sd    SD              5.087459333\n" in out
    assert "SD = √n × (upper − lower) / (2 × quantile)" in out
    assert "The t distribution with 24 degrees of freedom was taken" in out
    found = json.loads(told(capsys, *inputs, "--json", "-"))
    assert found["values"]["sd"] == conversions.convert("sd_from_ci", lower=30.0, upper=34.2, n=25)["sd"]
    assert found["inputs"]["level"] == 0.95
    normal = json.loads(told(capsys, *inputs, "distribution=z", "--json", "-"))
    assert normal["values"]["sd"] == pytest.approx(5.357, abs=1e-3)


def test_lists_of_values_and_columns_of_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lists = told(capsys, "participants", "arm=A,A,B,B", "followup=1,3,2,6")
    path = tmp_path / "trial.csv"
    path.write_text("patient,group,week8\n1,A,1\n2,A,3\n3,B,2\n4,B,6\n", encoding="utf-8")
    written = tmp_path / "out.json"
    columns = told(capsys, "participants", "--table", str(path), "arm=group", "followup=week8", "--json", str(written))
    assert columns == lists
    groups = json.loads(written.read_text(encoding="utf-8"))["groups"]
    assert [(group["label"], group["values"]["mean"], group["values"]["n"]) for group in groups] == [
        ("A", 2.0, 2.0),
        ("B", 4.0, 2.0),
    ]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("sd_from_magic",), 1, "There is no conversion sd_from_magic"),
        (("sd_from_se", "se=2", "k=3"), 1, "has no input k"),
        (("sd_from_se", "se=two", "n=3"), 1, "“two” is not a number"),
        (("sd_from_se", "se=2"), 1, "Participants is missing"),
        (("sd_from_se", "se", "n=3"), 2, "write inputs as NAME=VALUE, not se"),
    ],
)
def test_what_is_wrong_is_said(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], code: int, words: str
) -> None:
    assert main(["convert", *arguments]) == code
    assert words in capsys.readouterr().err
