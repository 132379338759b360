"""What every test shares: no display, a home of its own, the reference data, and an account of what was skipped."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.tools.stalls import GOAL_MS

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# How long one example takes depends on what else the machine does, and says nothing about the property.
settings.register_profile("copse", deadline=None, max_examples=50)
settings.load_profile("copse")

REFERENCE_VARIABLE = "COPSE_REFERENCE_DATA"
STALL_PROPERTY = "worst stall"
"""Of a journey: [milliseconds, a sentence, stalls over the goal, those of them that were spent at work]. It travels
with the test's report, from whatever process ran it."""


@pytest.fixture(scope="session", autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keep settings, recent reviews and caches of the tests away from those of the person who runs them."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "APPDATA", "LOCALAPPDATA"):
            patch.setenv(variable, str(home / variable))
        yield home


@pytest.fixture(scope="session")
def reference_data() -> Path:
    """The folder of reference data outside the project; skips the test where it is not named."""
    folder = os.environ.get(REFERENCE_VARIABLE)
    if not folder:
        pytest.skip(f"needs {REFERENCE_VARIABLE}")
    return Path(folder)


def pytest_collection_finish() -> None:
    """Leave what is there before the first test out of the search for garbage: it is most of all there is, and looking
    through it again and again took a twelfth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many tests ran, how many were skipped, how many of those for want of the reference data, and where
    the window stood still longest in a journey."""
    reports = terminalreporter.stats
    ran = sum(len(reports.get(outcome, [])) for outcome in ("passed", "failed", "xfailed", "xpassed"))
    skipped = reports.get("skipped", [])
    wanting = sum(REFERENCE_VARIABLE in str(report.longrepr) for report in skipped)
    terminalreporter.write_line(
        f"copse: {ran} tests ran, {len(skipped)} were skipped, {wanting} of them for want of {REFERENCE_VARIABLE}"
    )
    stalls = [
        value
        for outcome in ("passed", "failed")
        for report in reports.get(outcome, [])
        for name, value in getattr(report, "user_properties", [])
        if name == STALL_PROPERTY
    ]
    if stalls:
        over, worked = (sum(stall[part] for stall in stalls) for part in (2, 3))
        terminalreporter.write_line(
            f"copse: {over} stalls over {GOAL_MS} ms in {len(stalls)} journeys, {worked} of them at work; "
            f"longest: {max(stalls)[1]}"
        )
