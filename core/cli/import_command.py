"""`import`: reference files into a review."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from core.cli.common import as_json, parser, session_of, takes_review


def run(arguments: Sequence[str]) -> int:
    """Import files one after the other; what was imported before one is refused stays."""
    one = parser("import", "Import reference files (RIS and others) into a review; sure duplicates are merged.")
    takes_review(one)
    one.add_argument("files", nargs="+", type=Path, metavar="FILE", help="what a database exported")
    one.add_argument("--source", default="", metavar="NAME", help="the source, such as MEDLINE; else guessed")
    one.add_argument("--json", action="store_true", help="print the reports as JSON")
    options = one.parse_args(arguments)
    reports: list[dict[str, object]] = []
    with session_of(one, options) as (_, session):
        for path in options.files:
            report = session.references.import_file(path, source_name=options.source).value
            reports.append({**asdict(report), "source_id": report.source_id.hex(), "new": report.new})
            if not options.json:
                print(
                    f"{report.file_name} ({report.format}) into {report.source_name}: {report.read:,} read, "
                    f"{report.new:,} new, {report.duplicates:,} duplicates, {report.rejected:,} set aside"
                )
    if options.json:
        print(as_json(reports), end="")
    return 0
