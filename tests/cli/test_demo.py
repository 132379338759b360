"""`demo --headless`: what the example review prints and writes."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path

import pytest

import core.example
from core.cli import main


def shipped(target: Path) -> Path:
    """The finished example in place of one built anew, which tests/example does."""
    return core.example.open_example(target.parent)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """What is printed, and the folder that was filled."""
    folder = tmp_path_factory.mktemp("demo") / "example"
    printed = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(printed):
        patch.setattr(core.example, "build_example", shipped)
        assert main(["demo", "--headless", "--out", str(folder)]) == 0
    return printed.getvalue(), folder


@pytest.mark.parametrize(
    ("analysis", "result"),
    [
        ("Response: SAD", "28.94 [3.45, 242.57]    P = 0.002"),
        ("Response: PTSD", "2.03 [0.67, 6.15]       P = 0.21"),
        ("Response: all", "4.73 [1.10, 20.22]"),
        ("Response in GAD", "30.33 [1.39, 660.76]    P = 0.03"),
        ("Response in OCD", "15.00 [0.64, 348.93]"),
        ("Feeling spaced out", "[13.92, 799.06]  DIFFERS, not symmetric"),
        ("Y-BOCS at day 7", "[-11.94, 0.36]  same"),
    ],
)
def test_the_published_results_are_printed(demo: tuple[str, Path], analysis: str, result: str) -> None:
    (line,) = [
        line for line in demo[0].splitlines() if f"{analysis} " in line and "[" in line and "trial's" not in line
    ]
    assert result in line


def test_the_flow_is_the_published_one(demo: tuple[str, Path]) -> None:
    assert "3,127 records screened / 37 full texts assessed / 8 studies included" in demo[0]


def test_results_and_figures_are_written(demo: tuple[str, Path]) -> None:
    folder = demo[1]
    lines = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    sad = next(line for line in lines if line["subgroup"] == "SAD")
    assert sad["estimate"] == pytest.approx(28.936416386365387)
    assert sad["i2"] == 0
    analyses = {line["analysis"] for line in lines}
    names = {path.suffix: 0 for path in folder.iterdir()}
    for path in folder.iterdir():
        names[path.suffix] += 1
    assert names[".svg"] == names[".png"] == len(analyses) + 1


def test_a_second_time_replaces_the_first(demo: tuple[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Only a review that was built here before is taken away; anything else of that name is kept."""
    kept = demo[1].parent / "other"
    kept.mkdir()
    (kept / "example.copse").write_text("my notes", encoding="utf-8")
    monkeypatch.setattr(core.example, "build_example", shipped)
    assert main(["demo", "--headless", "--out", str(kept)]) == 1
    assert (kept / "example.copse").read_text(encoding="utf-8") == "my notes"


def test_without_a_window_options_are_not_understood(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--out", "somewhere"]) == 2
    assert "demo alone opens the window" in capsys.readouterr().err
