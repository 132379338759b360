"""A person makes a review from nothing to its forest plot: once by keys alone, once by mouse alone.

Each journey is a program of its own (`python -m tests.features.journey keys FOLDER`), played on the offscreen platform
or on a real X server; what it leaves behind is looked at here. `make soak` plays both hands on both.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtGui import QImage

from core.model import Standing
from core.review import Review, Session
from tests.conftest import STALL_PROPERTY
from tests.features.searches import ALL, CONFLICT, DEPRESSION, GLUE, TAYLOR
from tests.features.stage import STALLS
from tests.features.story import ASHA, DOMAINS, GLUE_2017, POOLED, ROSA, TAYLOR_2018, TOM
from tests.tools.stalls import Stall

ROOT = Path(__file__).parents[2]
LIMIT_S = 280
DPI = 300
CSS_DPI = 96
TEXT = "{http://www.w3.org/2000/svg}text"


@pytest.fixture(scope="module")
def x_display() -> Iterator[str]:
    """The name of a display of an X server started for these tests, on a number that nobody uses."""
    server = shutil.which("Xvfb")
    if server is None:
        pytest.skip("needs Xvfb, the X server without a screen (Debian: apt-get install xvfb)")
    reading, writing = os.pipe()
    command = [server, "-displayfd", str(writing), "-screen", "0", "1600x1000x24", "-nolisten", "tcp"]
    running = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    with os.fdopen(reading) as numbers:
        number = numbers.readline().strip()  # comes when the server takes clients
    assert number, f"{server} did not start"
    yield f":{number}"
    running.terminate()
    running.wait()


@pytest.mark.parametrize(
    ("hand", "platform"),
    [
        ("keys", "xcb"),
        ("mouse", "offscreen"),
        pytest.param("keys", "offscreen", marks=pytest.mark.soak),
        pytest.param("mouse", "xcb", marks=pytest.mark.soak),
    ],
)
def test_from_nothing_to_a_forest_plot(
    hand: str,
    platform: str,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    record_property: Callable[[str, object], None],
) -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": platform}
    if platform == "xcb":
        environment["DISPLAY"] = request.getfixturevalue("x_display")
    command = [sys.executable, "-m", "tests.features.journey", hand, str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=LIMIT_S)
    assert done.returncode == 0, f"{done.stderr}\nA picture of the window: {tmp_path / 'failed.png'}"
    check_drawing(tmp_path / "forest.svg")
    check_picture(tmp_path / "forest.png", tmp_path / "forest.svg")
    note_stalls(tmp_path, f"{hand} on {platform}", record_property)
    review = Review.open(tmp_path / "review.copse")
    check_review(review)
    review.close()


def note_stalls(folder: Path, journey: str, record_property: Callable[[str, object], None]) -> None:
    """Hand the worst stall of the journey to the last lines of the run: a figure to look at, no test."""
    noted = json.loads((folder / STALLS).read_text(encoding="utf-8"))
    worst = Stall(**noted["worst"][0]) if noted["worst"] else Stall(0, 0, "nothing", "nowhere")
    said = [worst.milliseconds, f"{journey}: {worst}", noted["over_goal"], noted["worked_over_goal"]]
    record_property(STALL_PROPERTY, said)


def check_drawing(path: Path) -> None:
    """The SVG holds its words as text that can be searched and edited."""
    texts = ["".join(each.itertext()) for each in ElementTree.parse(path).iter(TEXT)]
    assert POOLED in texts
    assert {GLUE_2017, TAYLOR_2018, "Ketamine", "Placebo", "Odds Ratio"} <= set(texts)


def check_picture(path: Path, drawing: Path) -> None:
    """The PNG opens, has the drawing's size at its dots per inch, and something on it."""
    image = QImage(str(path))
    assert not image.isNull()
    assert round(image.dotsPerMeterX() * 0.0254) == round(image.dotsPerMeterY() * 0.0254) == DPI
    root = ElementTree.parse(drawing).getroot()
    size = (float(root.attrib["width"]), float(root.attrib["height"]))
    assert (image.width(), image.height()) == pytest.approx([DPI / CSS_DPI * each for each in size], abs=DPI / CSS_DPI)
    image.convertTo(QImage.Format.Format_Grayscale8)
    shades = bytes(image.constBits())
    dark = sum(shades.count(shade) for shade in range(128)) / len(shades)
    assert 0.005 < dark < 0.25


def check_review(review: Review) -> None:
    """The file holds what the three did, and replaying its log gives what it holds."""
    assert review.check() == []
    assert [person.name for person in review.reviewers()] == [ASHA, TOM, ROSA]
    lead, _, settler = (review.session(person.id) for person in review.reviewers())
    part = lead.references
    numbers = {part.rows([each])[each].title: each for each in part.ids()}
    assert set(numbers) == {each.title for each in ALL}
    assert sorted(len(group) for group in part.duplicate_groups()) == [2, 2]
    assert lead.screening.standing(numbers[CONFLICT.title]) is Standing.EXCLUDED
    assert lead.fulltext.excluded_by_reason() == (("Wrong population", 1),)
    assert lead.fulltext.standing(numbers[DEPRESSION.title]) is Standing.EXCLUDED
    for each in (GLUE, TAYLOR):
        assert lead.fulltext.standing(numbers[each.title]) is Standing.INCLUDED
    judged = next(each for each in settler.riskofbias.table() if each.label == GLUE_2017)
    settled = settler.riskofbias.consensus()[judged.study_id].values()
    assert [each.level for each in settled] == ["low"] * DOMAINS
    check_trace(settler)


def check_trace(session: Session) -> None:
    """Of the number they differed on, both entries are known and who settled it."""
    trace = session.history.trace(session.synthesis.find("1.1"))
    glue, taylor = trace.rows
    assert (glue.study, taylor.study) == (GLUE_2017, TAYLOR_2018)
    (events,) = (value for value in glue.cells[0].values if value.statistic == "Events")
    assert {entry.reviewer: entry.shown for entry in events.entries} == {ASHA: "8", TOM: "7"}
    assert events.settled is not None
    assert (events.settled.shown, events.settled.reviewer) == ("8", ROSA)
    assert [report.title for report in glue.reports] == [GLUE.title]
