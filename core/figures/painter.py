"""Figures as files: PNG and PDF through matplotlib, SVG directly; always the same bytes for the same layout."""

from __future__ import annotations

import contextlib
import os
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from core.errors import FileProblem, InputError
from core.figures.fonts import advances, covers, font_file
from core.figures.primitives import WHITE, Circle, Layout, Line, Polygon, Rect, Text
from core.figures.svg import svg_document

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    from matplotlib.figure import Figure
    from matplotlib.ft2font import FT2Font
    from matplotlib.path import Path as Outline
    from matplotlib.transforms import Transform

    Floats = npt.NDArray[np.float64]
    Codes = npt.NDArray[np.int8]

Format = Literal["png", "svg", "pdf"]

_LOWEST_DPI, _HIGHEST_DPI = 36, 2400
_MOST_PIXELS = 30_000
_CREATOR = "Copse"
"""Stands in the metadata of files; no date and no version, so that the same figure gives the same bytes."""
_OTHER_FONTS = ("DejaVu Sans", "Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans", "Microsoft YaHei", "PingFang SC")
"""Tried, where installed, for characters that Liberation Sans lacks; the first comes with matplotlib."""
_GLYPH_SIZE = 100.0


def save(
    layout: Layout, path: str | Path, *, format: Format | None = None, dpi: int = 300, text_as_text: bool = True
) -> Path:
    """Write ``layout`` to ``path`` (format from its ending unless given) and return the path.

    The file appears complete or not at all; an older one stays when writing fails. Raises ``InputError`` for an unknown
    format or an impossible ``dpi``, ``FileProblem`` when the file cannot be written.
    """
    path = Path(path)
    kind = format or path.suffix.lower().removeprefix(".")
    content = render(layout, kind, dpi=dpi, text_as_text=text_as_text)
    try:
        _replace(path, content)
    except OSError as error:
        reason = "its folder does not exist" if not path.parent.is_dir() else (error.strerror or str(error)).lower()
        raise FileProblem(
            "figure.not_written",
            "The figure could not be written to {path}: {reason}. Nothing there was changed. "
            "Choose another folder or file name and export it again.",
            path=str(path),
            reason=reason,
        ) from error
    return path


def render(layout: Layout, format: str, *, dpi: int = 300, text_as_text: bool = True) -> bytes:
    """The bytes of the file; ``dpi`` counts for PNG, ``text_as_text`` for SVG. Raises ``InputError`` like ``save``."""
    if format not in get_args(Format):
        raise InputError(
            "figure.format",
            "A figure cannot be saved as {format}. Choose one of these: {formats}.",
            format=repr(format),
            formats=", ".join(get_args(Format)),
        )
    if format == "svg":
        return svg_document(layout, text_as_text=text_as_text).encode("utf-8")
    return _png(layout, dpi) if format == "png" else _pdf(layout)


def pixel_size(layout: Layout, dpi: int) -> tuple[int, int]:
    """Width and height of the PNG at ``dpi``."""
    return round(layout.width * dpi / 72), round(layout.height * dpi / 72)


def _replace(path: Path, content: bytes) -> None:
    """Write beside the target, then put in its place."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def _png(layout: Layout, dpi: int) -> bytes:
    """Letters are drawn as outlines, all of one colour in one path: ten times as fast as one text per run."""
    width, height = pixel_size(layout, dpi)
    if not _LOWEST_DPI <= dpi <= _HIGHEST_DPI or max(width, height) > _MOST_PIXELS:
        raise InputError(
            "figure.dpi",
            "A picture of {width} by {height} pixels at {dpi} dots per inch cannot be made. "
            "Choose between {lowest} and {highest} dots per inch, fewer for a large figure, or save it as PDF or SVG.",
            width=width,
            height=height,
            dpi=dpi,
            lowest=_LOWEST_DPI,
            highest=_HIGHEST_DPI,
        )
    figure = _figure(width / dpi, height / dpi)
    place = _placement(figure, layout)
    _add_shapes(figure, layout, place)
    _add_outlines(figure, [text for text in layout.texts() if covers(text.text, text.bold)], place)
    for text in layout.texts():
        if not covers(text.text, text.bold):
            _add_text(figure, text, place)
    buffer = BytesIO()
    metadata = {"Software": _CREATOR, "Description": layout.alt_text}
    # Level 3 gives files as small as the usual 6 in half the time.
    figure.savefig(buffer, format="png", dpi=dpi, metadata=metadata, pil_kwargs={"compress_level": 3})
    return buffer.getvalue()


def _pdf(layout: Layout) -> bytes:
    """Text is text, in embedded fonts."""
    import matplotlib as mpl

    with mpl.rc_context({"pdf.fonttype": 42, "pdf.compression": 6}):
        figure = _figure(layout.width / 72, layout.height / 72)
        place = _placement(figure, layout)
        _add_shapes(figure, layout, place)
        for text in layout.texts():
            _add_text(figure, text, place)
        buffer = BytesIO()
        metadata = {"Creator": _CREATOR, "Producer": _CREATOR, "Subject": layout.alt_text, "CreationDate": None}
        figure.savefig(buffer, format="pdf", metadata=metadata)
    return buffer.getvalue()


def _figure(width: float, height: float) -> Figure:
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), facecolor=WHITE)


def _placement(figure: Figure, layout: Layout) -> Transform:
    """Points from the upper left corner to the figure's own coordinates."""
    from matplotlib.transforms import Affine2D

    return Affine2D().scale(1 / 72, -1 / 72).translate(0, layout.height / 72) + figure.dpi_scale_trans


def _add_shapes(figure: Figure, layout: Layout, place: Transform) -> None:
    from matplotlib.patches import PathPatch

    for item in layout.items:
        if isinstance(item, Text):
            continue
        outline, fill, stroke, width = _shape(item)
        patch = PathPatch(
            outline,
            facecolor=fill or "none",
            edgecolor=stroke or "none",
            linewidth=width,
            capstyle="butt",
            joinstyle="miter",
            transform=place,
            snap=isinstance(item, Line),
        )
        figure.add_artist(patch)


def _shape(item: Line | Rect | Polygon | Circle) -> tuple[Outline, str | None, str | None, float]:
    """Outline, fill, colour and width of the stroke."""
    from matplotlib.path import Path as Outline

    match item:
        case Line():
            return Outline([(item.x1, item.y1), (item.x2, item.y2)]), None, item.colour, item.width
        case Rect():
            return _rectangle(item), item.fill, item.stroke, item.stroke_width if item.stroke else 0.0
        case Polygon():
            return Outline([*item.points, item.points[0]], closed=True), item.fill, None, 0.0
        case Circle():
            disc = Outline.circle((item.x, item.y), item.radius)
            return disc, item.fill, item.stroke, item.stroke_width if item.stroke else 0.0


def _rectangle(item: Rect) -> Outline:
    from matplotlib.path import Path as Outline

    left, top, right, bottom = item.x, item.y, item.x + item.width, item.y + item.height
    if not item.radius:
        return Outline([(left, top), (right, top), (right, bottom), (left, bottom), (left, top)], closed=True)
    r = min(item.radius, item.width / 2, item.height / 2)
    corners = [
        ((left, top + r), (left, top), (left + r, top)),
        ((right - r, top), (right, top), (right, top + r)),
        ((right, bottom - r), (right, bottom), (right - r, bottom)),
        ((left + r, bottom), (left, bottom), (left, bottom - r)),
    ]
    vertices = [point for corner in corners for point in corner]
    codes = [Outline.LINETO, Outline.CURVE3, Outline.CURVE3] * 4
    codes[0] = Outline.MOVETO
    return Outline([*vertices, vertices[0]], [*codes, Outline.CLOSEPOLY])


def _add_outlines(figure: Figure, texts: list[Text], place: Transform) -> None:
    import numpy as np
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path as Outline

    letters: dict[str, list[tuple[Floats, Codes]]] = {}
    for text in texts:
        letters.setdefault(text.colour, []).extend(_run(text))
    for colour, parts in letters.items():
        outline = Outline(
            np.concatenate([points for points, _ in parts]), np.concatenate([codes for _, codes in parts])
        )
        figure.add_artist(PathPatch(outline, facecolor=colour, linewidth=0, transform=place, snap=False))


def _run(text: Text) -> list[tuple[Floats, Codes]]:
    """The letters of a run as outlines, in points from the sheet's upper left corner."""
    import numpy as np

    along, up = ((0.0, -1.0), (-1.0, 0.0)) if text.rotation else ((1.0, 0.0), (0.0, -1.0))
    turn = np.array([along, up]) * (text.size / _GLYPH_SIZE)
    x = -text.start
    run: list[tuple[Floats, Codes]] = []
    for character, advance in zip(text.text, advances(text.text, text.size, text.bold), strict=True):
        points, codes = _letter(character, text.bold)
        run.append((points @ turn + (text.x + x * along[0], text.y + x * along[1]), codes))
        x += advance
    return run


@lru_cache(maxsize=512)
def _letter(character: str, bold: bool) -> tuple[Floats, Codes]:
    """Points and path codes of one letter at ``_GLYPH_SIZE``, y upwards."""
    from matplotlib.ft2font import LoadFlags

    face = _face(bold)
    face.load_char(ord(character), flags=LoadFlags.NO_HINTING)
    points, codes = face.get_path()
    return points, codes


@lru_cache(maxsize=2)
def _face(bold: bool) -> FT2Font:
    from matplotlib.ft2font import FT2Font

    face = FT2Font(str(font_file(bold)))
    face.set_size(_GLYPH_SIZE, 72)
    return face


def _add_text(figure: Figure, text: Text, place: Transform) -> None:
    """A run as text. Its start is placed, not its anchor: matplotlib measures a little differently."""
    from matplotlib.font_manager import FontProperties, fontManager
    from matplotlib.text import Text as Run

    weight = "bold" if text.bold else "normal"
    if covers(text.text, text.bold):
        font = FontProperties(fname=str(font_file(text.bold)), size=text.size)
    else:
        installed = set(fontManager.get_font_names())
        families = [family for family in _OTHER_FONTS if family in installed]
        font = FontProperties(family=families, weight=weight, size=text.size)
    x, y = (text.x, text.y + text.start) if text.rotation else (text.x - text.start, text.y)
    run = Run(
        x,
        y,
        text.text,
        color=text.colour,
        fontproperties=font,
        rotation=text.rotation,
        rotation_mode="anchor",
        verticalalignment="baseline",
        horizontalalignment="left",
        transform=place,
        parse_math=False,
        fontfeatures=("-kern",),
    )
    figure.add_artist(run)
