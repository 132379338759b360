"""Compare every result that RevMan 5 stored in its files with what core.pooling computes.

    python tests/reference/revman_conform.py ORACLE.json [--show N]

ORACLE.json is a list of outcomes: {file, outcome_id, type (DICH, CONT, IV, IPD), measure, method, model (fixed or
random), log_data, totals, subgroups, swap_events, ci_study, ci_total, pooled, studies, subgroup_results}, with results
and rows under the names of the .rm5 attributes in lower case. Prints the counts of outcomes, subgroups and study rows
of which every stored number agrees, and of the numbers by kind; the exit code is 1 when one differs.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from core.interchange.verify_numbers import Check
from tests.reference.revman_stored import Stored, outcome_checks, place_text

UNITS = {"outcome": "outcomes", "subgroup": "subgroups", "row": "study rows"}


@dataclass(slots=True)
class Tally:
    """How many outcomes, subgroups and rows there are, and what was compared."""

    listed: Counter[str] = field(default_factory=Counter)
    agreeing: Counter[str] = field(default_factory=Counter)
    compared: Counter[str] = field(default_factory=Counter)
    equal: Counter[str] = field(default_factory=Counter)
    differing: list[tuple[str, Check]] = field(default_factory=list)


def tally(outcomes: Iterable[Stored]) -> Tally:
    """Compare all outcomes."""
    found = Tally()
    for stored in outcomes:
        checks = outcome_checks(stored)
        places = {check.place: True for check in checks}
        places |= {check.place: False for check in checks if not check.agrees}
        found.listed.update(place.unit for place in places)
        found.agreeing.update(place.unit for place, agrees in places.items() if agrees)
        found.compared.update(check.what.value for check in checks)
        found.equal.update(check.what.value for check in checks if check.agrees)
        found.differing += [(place_text(stored, check.place), check) for check in checks if not check.agrees]
    return found


def lines(found: Tally, show: int) -> list[str]:
    """The counts as text."""
    told = [f"{title:24} {found.agreeing[unit]:5} of {found.listed[unit]}" for unit, title in UNITS.items()]
    told += ["", *(f"{kind:24} {found.equal[kind]:5} of {count}" for kind, count in sorted(found.compared.items()))]
    for place, check in found.differing[:show]:
        told.append(f"    {place}: {check.what} {check.computed!r}, stored {check.stored!r}")
    return [*told, "", f"{sum(found.equal.values())} numbers agree, {len(found.differing)} differ"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("oracle", type=Path)
    parser.add_argument("--show", type=int, default=10, help="how many differences to list")
    args = parser.parse_args()
    found = tally(json.loads(args.oracle.read_text(encoding="utf-8")))
    print("\n".join(lines(found, args.show)))
    return 1 if found.differing else 0


if __name__ == "__main__":
    sys.exit(main())
