"""`demo --headless`: the example review built anew, with its figures and results as files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from core.cli.common import as_json, columns, parser, write_text
from core.errors import FileProblem

if TYPE_CHECKING:
    from core.figures.prisma_model import PrismaFlow

_DPI = 150
_FORMATS = ("svg", "png")
"""PDF is left to `export`: each takes a second, for its fonts."""


def run(arguments: Sequence[str]) -> int:
    """Build the example and write all its figures and results. (Alone, `demo` is the window's and never comes here.)"""
    one = parser("demo", "Open the example review in the window; with --headless build it and write its figures.")
    one.add_argument("--headless", action="store_true", help="no window: build, write, print")
    one.add_argument("--out", type=Path, default=Path("build/example"), metavar="DIR", help="default: build/example")
    options = one.parse_args(arguments)
    if not options.headless:
        one.error("--out goes with --headless; demo alone opens the window")
    from core.cli.results import analysed, file_name, result_lines, write_forest, write_prisma
    from core.example import FILE_NAME, build_example
    from core.report.tables import results_table
    from core.review import Review

    path: Path = options.out / FILE_NAME
    _make_room(path)
    build_example(path)
    review = Review.open(path)
    try:
        lead = review.session(review.reviewer_named("LEAD").id)
        analyses = analysed(lead)
        for one in analyses:
            for kind in _FORMATS:
                write_forest(one, options.out / f"{file_name(one)}.{kind}", _DPI)
        for kind in _FORMATS:
            write_prisma(lead, options.out / f"prisma.{kind}", _DPI)
        write_text(options.out / "results.json", as_json(results_table(analyses)))
        print(columns(result_lines(analyses), right=(2,)))
        print()
        print(flow_text(lead.overview.flow()))
        print(f"\nWritten to {options.out}: {FILE_NAME}, results.json and {len(analyses) + 1} figures.")
    finally:
        review.close()
    return 0


def flow_text(flow: PrismaFlow) -> str:
    """The flow in one line."""
    return (
        f"{flow.screened:,} records screened / {flow.assessed:,} full texts assessed / "
        f"{flow.included_studies:,} studies included"
    )


def _make_room(path: Path) -> None:
    """Take an example built earlier away, unless somebody has it open."""
    from core.review import Review

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists():
            Review.open(path).close()
            path.unlink()
    except OSError as error:
        raise FileProblem(
            "demo.folder",
            "The example cannot be built in {folder} ({reason}). Choose another folder with --out.",
            folder=str(path.parent),
            reason=error.strerror or type(error).__name__,
        ) from error
