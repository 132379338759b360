"""Figures as files: right size, right text, same bytes, and errors that name the file."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
import zlib
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.errors import FileProblem, InputError
from core.figures.forest import layout_forest
from core.figures.forest_model import ForestPlot
from core.figures.painter import pixel_size, render, save
from core.figures.primitives import Circle, Layout, Line, Polygon, Rect, Text

_SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def layout(response: ForestPlot) -> Layout:
    """The response plot, laid out."""
    return layout_forest(response)


def _pixels(content: bytes) -> np.ndarray:
    return np.asarray(Image.open(BytesIO(content)).convert("RGB"))


def test_svg_keeps_each_run_as_one_text(layout: Layout, tmp_path: Path) -> None:
    path = save(layout, tmp_path / "forest.svg")
    root = ET.parse(path).getroot()
    texts = [element.text for element in root.iter(f"{_SVG}text")]
    assert texts.count("28.94 [3.45, 242.57]") == 1
    assert texts == [text.text for text in layout.texts()]
    assert (root.get("width"), root.get("height")) == (
        str(round(layout.width * 4 / 3)),
        str(round(layout.height * 4 / 3)),
    )
    (description,) = root.iter(f"{_SVG}desc")
    assert description.text == layout.alt_text


def test_svg_can_have_outlines_for_letters(layout: Layout) -> None:
    root = ET.fromstring(render(layout, "svg", text_as_text=False))
    assert not list(root.iter(f"{_SVG}text"))
    paths = [element.get("d", "") for element in root.iter(f"{_SVG}path")]
    assert len(paths) == len([text for text in layout.texts() if text.text.strip()])
    header = next(text for text in layout.texts() if text.text == "Study or Subgroup")
    numbers = [float(n) for n in re.findall(r"-?\d+\.\d+", paths[0])]
    assert min(numbers) >= header.x * 4 / 3 - 1
    assert max(numbers) <= (header.x + header.width) * 4 / 3 + 1


def test_svg_escapes_what_names_contain() -> None:
    sheet = Layout(100, 20, (Text(5, 15, 'A & B <"2020">', 10, 60),), "less < more & such")
    (text,) = ET.fromstring(render(sheet, "svg")).iter(f"{_SVG}text")
    assert text.text == 'A & B <"2020">'


@pytest.mark.parametrize("dpi", [96, 300])
def test_png_has_the_size_and_resolution_asked_for(layout: Layout, dpi: int, tmp_path: Path) -> None:
    with Image.open(save(layout, tmp_path / "forest.png", dpi=dpi)) as image:
        assert image.size == pixel_size(layout, dpi)
        assert image.size[0] == pytest.approx(layout.width / 72 * dpi, abs=0.5)
        assert image.info["dpi"] == pytest.approx((dpi, dpi), rel=1e-3)
        assert image.info["Description"] == layout.alt_text


def test_png_shows_each_kind_of_mark_where_the_layout_says() -> None:
    sheet = Layout(
        144,
        72,
        (
            Rect(10, 10, 20, 20, fill="#0000CC"),
            Rect(40, 10, 20, 20, fill="#FFFFFF", stroke="#CC0000", stroke_width=2, radius=4),
            Circle(80, 20, 10, "#3FB48B"),
            Polygon(((100, 10), (120, 20), (100, 30)), "#00CC00"),
            Line(10, 50, 134, 50, 2, "#000000"),
            Text(72, 66, "HHH", 12, 26, bold=True, anchor="middle", colour="#B3261E"),
        ),
        "marks",
    )
    shown = _pixels(render(sheet, "png", dpi=72))
    at = {
        (x, y): tuple(map(int, shown[y, x]))
        for x, y in ((20, 20), (50, 20), (50, 10), (80, 20), (105, 20), (70, 50), (5, 5))
    }
    assert at[(20, 20)] == (0, 0, 0xCC)
    assert at[(50, 20)] == at[(5, 5)] == (255, 255, 255)
    assert at[(50, 10)] == (0xCC, 0, 0)
    assert at[(80, 20)] == (0x3F, 0xB4, 0x8B)
    assert at[(105, 20)] == (0, 0xCC, 0)
    assert at[(70, 50)] == (0, 0, 0)
    ys, xs = np.where(shown[54:].min(axis=2) < 160)
    assert (xs.min(), xs.max()) == pytest.approx((59, 84), abs=2)
    assert (ys.min() + 54, ys.max() + 54) == pytest.approx((58, 65), abs=1)


def test_text_turned_upwards_stands_beside_its_line() -> None:
    sheet = Layout(60, 120, (Text(30, 60, "Screening", 12, 55, anchor="middle", rotation=90),), "turned")
    ys, xs = np.where(_pixels(render(sheet, "png", dpi=72)).min(axis=2) < 160)
    assert (ys.min(), ys.max()) == pytest.approx((33, 87), abs=2)
    assert xs.max() < 34
    assert xs.min() > 18


def test_characters_the_font_lacks_are_still_drawn() -> None:
    sheet = Layout(80, 20, (Text(5, 15, "⊕⊕⊕⊝", 12, 40),), "certainty")
    assert (_pixels(render(sheet, "png", dpi=96)).min(axis=2) < 128).sum() > 50
    assert render(sheet, "pdf")


def test_pdf_embeds_its_fonts_and_keeps_text(layout: Layout, tmp_path: Path) -> None:
    content = save(layout, tmp_path / "forest.pdf").read_bytes()
    assert content.startswith(b"%PDF")
    assert b"/FontFile2" in content
    assert b"LiberationSans-Bold" in content
    box = re.search(rb"/MediaBox \[ ?0 0 ([\d.]+) ([\d.]+)", content)
    assert box
    assert (float(box[1]), float(box[2])) == pytest.approx((layout.width, layout.height), abs=0.01)
    streams = [
        zlib.decompress(s) for s in re.findall(rb"stream\n(.*?)\nendstream", content, re.DOTALL) if s[:1] == b"x"
    ]
    runs = [re.sub(rb"\)\s+-?[\d.]+\s+\(|\x00|\\", b"", stream) for stream in streams]  # letters are placed one by one
    assert any(b"28.94 [3.45, 242.57]" in run for run in runs)


@pytest.mark.parametrize("format", ["png", "svg", "pdf"])
def test_the_same_figure_gives_the_same_bytes(layout: Layout, format: str) -> None:
    assert render(layout, format, dpi=96) == render(layout, format, dpi=96)


def test_format_comes_from_the_ending_unless_given(layout: Layout, tmp_path: Path) -> None:
    assert save(layout, tmp_path / "A.SVG").read_bytes().startswith(b"<?xml")
    assert save(layout, tmp_path / "figure", format="svg").read_bytes().startswith(b"<?xml")
    with pytest.raises(InputError) as caught:
        save(layout, tmp_path / "figure.docx")
    assert caught.value.message == "A figure cannot be saved as 'docx'. Choose one of these: png, svg, pdf."
    assert sorted(file.name for file in tmp_path.iterdir()) == ["A.SVG", "figure"]


@pytest.mark.parametrize("dpi", [0, 10, 9999])
def test_impossible_resolutions_are_refused(layout: Layout, dpi: int, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        save(layout, tmp_path / "a.png", dpi=dpi)
    assert caught.value.code == "figure.dpi"
    assert not list(tmp_path.iterdir())


def test_a_missing_folder_is_named(layout: Layout, tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "forest.svg"
    with pytest.raises(FileProblem) as caught:
        save(layout, path)
    assert str(path) in caught.value.message
    assert "its folder does not exist" in caught.value.message


def test_a_failed_write_keeps_the_old_file_and_leaves_nothing_behind(
    layout: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "forest.svg"
    path.write_text("old")

    def full(self: Path, data: bytes) -> int:
        with self.open("wb") as file:
            file.write(data[:100])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(FileProblem) as caught:
        save(layout, path)
    assert caught.value.code == "figure.not_written"
    assert f"{path}: no space left on device" in caught.value.message
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_in_the_way_is_named(layout: Layout, tmp_path: Path) -> None:
    (tmp_path / "forest.svg").mkdir()
    with pytest.raises(FileProblem) as caught:
        save(layout, tmp_path / "forest.svg")
    assert "forest.svg" in caught.value.message
    assert len(list(tmp_path.iterdir())) == 1
