"""Reviews to test on: made through the public door, from files written as databases write them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from core.model import Id
from core.review import Review, Session

TEAM = ("Asha Menon", "Tom Brandt", "Rosa Lindqvist")
"""Lead who judges, second judge, adjudicator who does not."""

WORDS = ("ketamine", "anxiety", "midazolam", "crossover", "trial", "response", "dose", "placebo", "phobia", "pain")


def ris_file(
    path: Path, titles: Iterable[str], *, year: int = 2019, database: str = "MEDLINE", notes: str = ""
) -> Path:
    """A RIS file with a record for each title."""
    note = f"N1  - {notes}\n" if notes else ""
    entries = [
        f"TY  - JOUR\nTI  - {title}\nAU  - Okafor, N\nAU  - Marsh, P\nPY  - {year}\nT2  - J Affect Trials\n"
        f"VL  - {index}\nSP  - {index}1\nEP  - {index}9\nAB  - Abstract of {title}.\nDB  - {database}\n{note}ER  - \n"
        for index, title in enumerate(titles, start=1)
    ]
    path.write_text("\n".join(entries), encoding="utf-8")
    return path


def titles(number: int, start: int = 1) -> list[str]:
    """Titles that nothing would take for one another."""
    return [
        f"{WORDS[n % 10].capitalize()} and {WORDS[(n // 10) % 10]} in cohort number {n} of the {WORDS[n % 7]} programme"
        for n in range(start, start + number)
    ]


def new_review(
    folder: Path, records: int = 0, team: tuple[str, ...] = TEAM, name: str = "review.copse", notes: str = ""
) -> Review:
    """A review with so many records in it."""
    review = Review.create(folder / name, title="Ketamine for anxiety", reviewers=team)
    if records:
        lead = review.session(review.reviewers()[0].id)
        lead.references.import_file(ris_file(folder / "search.ris", titles(records), notes=notes))
    return review


def sessions(review: Review) -> list[Session]:
    """A session for each of the team, in its order."""
    return [review.session(one.id) for one in review.reviewers()]


def record_ids(review: Review) -> list[Id]:
    """All records that are screened, in import order."""
    return sessions(review)[0].references.ids()
