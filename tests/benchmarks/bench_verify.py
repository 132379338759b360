"""How fast the results of a file are computed again and compared.

    python tests/benchmarks/bench_verify.py [FILE...]

Prints the processor's seconds for 100 analyses of 20 studies made here (goal: under 2 s), once with all agreeing and
once with every total wrong, so that explanations are looked for; and for reading and comparing each FILE (such as
review.rm5; goal for a full review: under 3 s). Not collected by pytest.
"""

from __future__ import annotations

import random
import sys
import time
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from core.interchange.formats import read_review_file
from core.interchange.model import Outcome, ReviewFile
from core.interchange.verify import Verification, verify
from tests.interchange.made import continuous, counts_of, dichotomous, file_of, in_subgroups, means_of, with_results

ANALYSES, STUDIES = 100, 20


def made() -> ReviewFile:
    """Analyses of counts and means in turn, every other one in two subgroups."""
    source = random.Random(1)
    found: list[Outcome] = []
    for number in range(1, ANALYSES + 1):
        names = [f"Study {n}" for n in range(STUDIES)]
        if number % 3:
            rows = counts_of({name: (source.randint(1, 30), 60, source.randint(5, 40), 62) for name in names})
            outcome = dichotomous("OR" if number % 2 else "RR", "MH", "random")
        else:
            rows = means_of(
                {
                    name: (source.gauss(10, 1), 3.0, source.randint(20, 90), source.gauss(11, 1), 3.5, 40)
                    for name in names
                }
            )
            outcome = continuous("SMD")
        outcome = replace(outcome, id=f"CMP-001.{number:03}", number=str(number), rows=rows)
        found.append(with_results(in_subgroups(outcome, 9) if number % 2 else outcome))
    return file_of(*found)


def with_wrong_totals(file: ReviewFile) -> ReviewFile:
    """Every total is a little off."""
    wrong = [replace(one, stored={**one.stored, "chi2": (one.stored["chi2"] or 0.0) + 0.1}) for one in file.outcomes]
    return file_of(*wrong)


def told(title: str, began: float, found: Verification) -> None:
    took = time.process_time() - began
    print(f"{title:60} {took:6.2f} s  values {found.values.agree:,} of {found.values.total:,}")


def main(paths: list[str]) -> None:
    file = made()
    for title, one in (("all agree", file), ("totals differ", with_wrong_totals(file))):
        began = time.process_time()
        told(f"{ANALYSES} analyses of {STUDIES} studies, {title}", began, verify(one))
    for path in paths:
        began = time.process_time()
        told(f"reading and comparing {Path(path).name}", began, verify(read_review_file(Path(path))))


if __name__ == "__main__":
    main(sys.argv[1:])
