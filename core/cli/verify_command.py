"""`verify`: whether the results that a file of RevMan holds are those that its own numbers give."""

from __future__ import annotations

import itertools
import math
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.cli.common import as_json, parser, write_text
from core.errors import CopseError

if TYPE_CHECKING:
    from core.interchange.verify import Count, Difference, Verification

SHOWN = 20
"""Differences listed of each file unless all are asked for."""
_HEAD = "Compute every result that a review's file holds (RevMan 5, RevMan Web) from its own numbers, and compare."
_TAIL = (
    "Exit code 0 when everything matches (or there is nothing to compare), 1 when something differs, cannot be "
    "computed or cannot be read."
)


def run(arguments: Sequence[str]) -> int:
    """Print what agrees and what differs; a file that cannot be read does not stop the others."""
    one = parser("verify", _HEAD, _TAIL)
    one.add_argument("files", nargs="+", type=Path, metavar="FILE", help="such as review.rm5")
    one.add_argument("--json", type=Path, metavar="FILE", help="write everything as JSON (- prints it)")
    one.add_argument("--all", action="store_true", help=f"list all differences, not only the first {SHOWN} of a file")
    options = one.parse_args(arguments)
    printed = str(options.json) == "-"
    documents: list[dict[str, Any]] = []
    for path in options.files:
        document, lines = _verified(path, None if options.all else SHOWN)
        documents.append(document)
        if not printed:
            print("\n".join(lines))
    if printed:
        print(as_json(documents), end="")
    elif options.json is not None:
        write_text(options.json, as_json(documents))
    return 0 if all(document["matches"] for document in documents) else 1


def _verified(path: Path, most: int | None) -> tuple[dict[str, Any], list[str]]:
    """What came of one file, as JSON and as text; what cannot be read is said on stderr at once."""
    from core.interchange.formats import read_review_file
    from core.interchange.verify import verify

    try:
        found = verify(read_review_file(path))
    except CopseError as error:
        print(error.message, file=sys.stderr)
        return {"file": str(path), "matches": False, "error": error.message}, [f"{path.name}: not read"]
    return _as_json(path, found), _lines(found, most)


def _lines(found: Verification, most: int | None) -> list[str]:
    if not found.holds_results:
        return [f"{found.file_name}: holds no results to compare"]
    counts = {
        "outcomes": found.outcomes,
        "subgroups": found.subgroups,
        "study rows": found.rows,
        "values": found.values,
    }
    told = [
        f"{found.file_name}: {', '.join(f'{name} {_of(count)}' for name, count in counts.items())}",
        f"  matches RevMan: {_of(found.outcomes)}",
    ]
    without = len(found.analyses) - found.outcomes.total
    if without:
        told.append(f"  without results to compare: {without:,}")
    told += _differences(found.differences[:most])
    if most is not None and len(found.differences) > most:
        told.append(f"  and {len(found.differences) - most:,} more differences; --all lists them")
    return [*told, *(f"  not checked: {entry.where.text}: {entry.reason}" for entry in found.unchecked)]


def _of(count: Count) -> str:
    return f"{count.agree:,} of {count.total:,}"


def _differences(listed: Sequence[Difference]) -> list[str]:
    """Each place with its numbers, and the reason where it is a new one."""
    told: list[str] = []
    for (where, reason), group in itertools.groupby(listed, key=lambda one: (one.where, one.reason)):
        told.append(f"  {where.text}")
        told += [f"    {one.what}: {one.stored_text} in the file, {one.computed_text} computed" for one in group]
        told.append(f"    {reason}")
    return told


def _as_json(path: Path, found: Verification) -> dict[str, Any]:
    return {
        "file": str(path),
        "title": found.title,
        "matches": found.matches,
        "holds_results": found.holds_results,
        "outcomes": asdict(found.outcomes),
        "subgroups": asdict(found.subgroups),
        "rows": asdict(found.rows),
        "values": asdict(found.values),
        "analyses": [asdict(one) for one in found.analyses],
        "differences": [asdict(one) | {"computed": _finite(one.computed)} for one in found.differences],
        "unchecked": [asdict(one) for one in found.unchecked],
    }


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None
