"""The fast tests of pooling notice when something in the models or the estimators is changed.

Each mutant is one small change of the code. What the tests do not notice stands in survivors.md with the reason why it
need not be noticed; a survivor that nobody judged fails here.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
JUDGED = Path(__file__).with_name("survivors.md")
NAMES = ("estimators", "facts", "peto", "tau2_interval", "intervals", "degenerate", "properties")
TESTS = "\n".join(f"tests/pooling/test_{name}.py" for name in NAMES)

pytestmark = [
    pytest.mark.soak,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork, which Windows does not have"),
]


def judged(module: str) -> set[str]:
    """The survivors of a module that survivors.md lists."""
    part = JUDGED.read_text(encoding="utf-8").partition(f"## {module}.py\n")[2].partition("\n## ")[0]
    return {line.removeprefix("- ") for line in part.splitlines() if line.startswith("- ")}


@pytest.mark.parametrize("module", ["models", "tau2"])
def test_nine_of_ten_changes_are_noticed_and_the_others_judged(module):
    done = subprocess.run(
        [sys.executable, "-m", "tests.soak.mutation", f"core/pooling/{module}.py"],
        cwd=ROOT, input=TESTS, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines()]
    survivors = sorted(each["name"] for each in found if each["outcome"] == "survived")
    print(
        f"{module}.py: {len(found)} mutants, {len(found) - len(survivors)} noticed, not noticed:", *survivors, sep="\n"
    )
    assert len(survivors) <= 0.1 * len(found)
    assert set(survivors) <= judged(module)
