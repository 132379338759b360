"""`export`: figures, numbers and records of a review as files."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.cli.common import as_json, parser, session_of, takes_review, write_bytes, write_text
from core.errors import InputError

if TYPE_CHECKING:
    from core.interchange.model import ReviewFile
    from core.report.tables import Analysed
    from core.review import Session

_EPILOG = """\
The ending of --out says what is written:
  ANALYSIS   .svg .png .pdf the forest plot; .csv its rows; .json its results
  --prisma   .svg .png .pdf the flow diagram
  --records  .csv the records, duplicates left out
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
    what.add_argument("--rm5", type=Path, metavar="FILE", help="the whole review as a file of RevMan 5")
    what.add_argument("--revman-csv", type=Path, metavar="FILE", help="the analyses as RevMan 5 exports them (.csv)")
    what.add_argument("--revman-web", type=Path, metavar="FILE", help="the data package of RevMan Web (.zip)")
    one.add_argument("--out", type=Path, metavar="FILE", help="the file (or folder) to write")
    one.add_argument("--dpi", type=int, default=300, help="of PNG figures (default 300)")
    options = one.parse_args(arguments)
    if options.out is None and not any((options.rm5, options.revman_csv, options.revman_web)):
        one.error("say what to write with --out FILE")
    with session_of(one, options) as (_, session):
        written = _export(session, options)
    for path in written:
        print(path)
    return 0


def _export(session: Session, options: argparse.Namespace) -> list[Path]:
    from core.cli.results import write_prisma

    if options.rm5 is not None:
        return [_write_rm5(session, options.rm5)]
    if options.revman_csv is not None:
        return [_write_revman_csv(session, options.revman_csv)]
    if options.revman_web is not None:
        return [_write_revman_web(session, options.revman_web)]
    out: Path = options.out
    if options.all:
        return _export_all(session, out, options.dpi)
    if options.prisma:
        _wanted(out, "a flow diagram", (".svg", ".png", ".pdf"))
        write_prisma(session, out, options.dpi)
    elif options.records:
        _wanted(out, "the records", (".csv",))
        write_text(out, _records(session))
    else:
        from core.synthesis.compute import compute

        data = session.synthesis.snapshot(session.synthesis.find(options.analysis))
        _write_analysis((data, compute(data)), out, options.dpi)
    return [out]


def _write_rm5(session: Session, out: Path) -> Path:
    from core.interchange.rm5.write import write

    _wanted(out, "a review for RevMan 5", (".rm5",))
    file = session.interchange.gathered()
    write_bytes(out, write(file, now=datetime.now(UTC)))
    _tell(file)
    return out


def _write_revman_csv(session: Session, out: Path) -> Path:
    from core.interchange.revman_csv import write

    _wanted(out, "the analyses for RevMan 5", (".csv",))
    file = session.interchange.gathered()
    write_bytes(out, write(file))
    _tell(file)
    return out


def _write_revman_web(session: Session, out: Path) -> Path:
    """The data package; its files are named as the zip, without the "-data" that such a zip's name ends with."""
    from core.interchange.revman_web import write_package

    _wanted(out, "a data package", (".zip",))
    file = session.interchange.gathered(classic=False)
    write_bytes(out, write_package(file, out.stem.removesuffix("-data")))
    _tell(file)
    return out


def _tell(file: ReviewFile) -> None:
    """What is not in the written file as it stands here, where errors are said."""
    for remark in file.remarks:
        if not remark.kept:
            print(f"{remark.where}: {remark.what}", file=sys.stderr)


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
