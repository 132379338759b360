"""`export`: figures, numbers and records of a review as files."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.cli.common import as_json, parser, session_of, takes_review, write_text
from core.errors import InputError
from core.interchange.writers import WRITERS
from core.model import Stage

if TYPE_CHECKING:
    from core.report.tables import Analysed
    from core.review import Session

_EPILOG = """\
The ending of --out says what is written:
  ANALYSIS   .svg .png .pdf the forest plot; .csv its rows; .json its results
  --prisma   .svg .png .pdf the flow diagram
  --records  .csv or .ris the records, duplicates left out
  --all      a folder for all of these, with results.json
--rm5, --revman-csv and --revman-web need no --out: they write what RevMan 5 and RevMan Web read, the whole review, its
analyses as a table, or its data package. In tables a text that a spreadsheet would take for a formula stands behind an
apostrophe; Copse takes it off again."""


def run(arguments: Sequence[str]) -> int:
    """Write one thing, or all."""
    one = parser("export", "Export figures, numbers or records of a review.", _EPILOG)
    takes_review(one)
    what = one.add_mutually_exclusive_group(required=True)
    what.add_argument("analysis", nargs="?", metavar="ANALYSIS", help="its number, such as 1.2")
    what.add_argument("--prisma", action="store_true", help="the PRISMA 2020 flow diagram")
    what.add_argument("--records", action="store_true", help="the table of records")
    what.add_argument("--all", action="store_true", help="everything, into a folder")
    for key, writer in WRITERS.items():
        what.add_argument(f"--{key.replace('_', '-')}", type=Path, metavar="FILE", help=f"a {writer.label}")
    one.add_argument(
        "--format",
        choices=("copse", "rayyan", "covidence"),
        help="with --records to .csv: with abstracts and the decisions that --as may see, as that program reads them",
    )
    one.add_argument(
        "--stage",
        choices=("title-abstract", "full-text"),
        default="title-abstract",
        help="whose decisions go to Rayyan or RIS, which know no stages",
    )
    one.add_argument("--out", type=Path, metavar="FILE", help="the file (or folder) to write")
    one.add_argument("--dpi", type=int, default=300, help="of PNG figures (default 300)")
    options = one.parse_args(arguments)
    if options.out is None and all(getattr(options, key) is None for key in WRITERS):
        one.error("say what to write with --out FILE")
    with session_of(one, options) as (_, session):
        written = _export(session, options)
    for path in written:
        print(path)
    return 0


def _export(session: Session, options: argparse.Namespace) -> list[Path]:
    from core.cli.results import write_prisma

    for key in WRITERS:
        if getattr(options, key) is not None:
            return [_write_review(session, options, key)]
    out: Path = options.out
    if options.all:
        return _export_all(session, out, options.dpi)
    if options.prisma:
        _wanted(out, "a flow diagram", (".svg", ".png", ".pdf"))
        write_prisma(session, out, options.dpi)
    elif options.records:
        _wanted(out, "the records", (".csv", ".ris"))
        form = "ris" if out.suffix.lower() == ".ris" else options.format
        stage = Stage(options.stage.replace("-", "_"))
        write_text(out, session.references.exported(form, stage=stage) if form else _records(session))
    else:
        from core.synthesis.compute import compute

        data = session.synthesis.snapshot(session.synthesis.find(options.analysis))
        _write_analysis((data, compute(data)), out, options.dpi)
    return [out]


def _write_review(session: Session, options: argparse.Namespace, key: str) -> Path:
    """The review for another program; what is not in the file as it stands here is said where errors are."""
    out: Path = getattr(options, key)
    _wanted(out, f"a {WRITERS[key].label}", (WRITERS[key].suffix,))
    for remark in session.interchange.write(out, key):
        print(f"{remark.where}: {remark.what}", file=sys.stderr)
    return out


def _wanted(path: Path, thing: str, endings: tuple[str, ...]) -> None:
    if path.suffix.lower() not in endings:
        raise InputError(
            "export.ending",
            "{thing} cannot be written to {name}. The name must end in {endings}. Nothing was written.",
            thing=thing[0].upper() + thing[1:],
            name=path.name,
            endings=" or ".join(endings),
        )


def _write_analysis(one: Analysed, path: Path, dpi: int) -> None:
    from core.cli.results import write_forest
    from core.report.tables import csv_text, results_table, rows_table

    _wanted(path, "an analysis", (".svg", ".png", ".pdf", ".csv", ".json"))
    if path.suffix.lower() == ".csv":
        write_text(path, csv_text(rows_table(*one)))
    elif path.suffix.lower() == ".json":
        write_text(path, as_json(results_table([one])))
    else:
        write_forest(one, path, dpi)


def _export_all(session: Session, folder: Path, dpi: int) -> list[Path]:
    from core.cli.results import FORMATS, analysed, file_name, write_prisma
    from core.report.tables import results_table

    analyses = analysed(session)
    written = [folder / "results.json", folder / "records.csv"]
    write_text(written[0], as_json(results_table(analyses)))
    write_text(written[1], _records(session))
    for kind in FORMATS:
        written.append(folder / f"prisma.{kind}")
        write_prisma(session, written[-1], dpi)
    for one in analyses:
        for kind in (*FORMATS, "csv"):
            written.append(folder / f"{file_name(one)}.{kind}")
            _write_analysis(one, written[-1], dpi)
    return written


def _records(session: Session) -> str:
    from core.report.tables import csv_text

    ids = session.references.ids()
    views = session.references.rows(ids)
    lines: list[dict[str, Any]] = []
    for record_id in ids:
        one = views[record_id]
        lines.append(
            {
                "number": one.number,
                "title": one.title,
                "authors": "; ".join(one.authors),
                "journal": one.journal,
                "year": one.year,
                "volume": one.volume,
                "issue": one.issue,
                "pages": one.pages,
                "doi": one.doi,
                "pmid": one.pmid,
                "sources": "; ".join(one.sources),
            }
        )
    return csv_text(lines)
