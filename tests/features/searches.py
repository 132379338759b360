"""The search results of the journey: two files as databases write them, with two records in both."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Found:
    """One entry of a search result, and what the two reviewers think of its title and abstract."""

    title: str
    author: str
    year: int
    journal: str
    pages: tuple[int, int]
    doi: str
    asha: str
    tom: str


GLUE = Found(
    "Ketamine's dose-related effects on anxiety symptoms in patients with treatment refractory anxiety disorders",
    "Glue, P", 2017, "J Psychopharmacol", (1302, 1305), "10.1177/0269881117705089", "include", "include",
)  # fmt: skip
TAYLOR = Found(
    "Ketamine for Social Anxiety Disorder: A Randomized, Placebo-Controlled Crossover Trial",
    "Taylor, J H", 2018, "Neuropsychopharmacology", (325, 333), "10.1038/npp.2017.194", "include", "include",
)  # fmt: skip
DEPRESSION = Found(
    "Intranasal esketamine for depression in adults without an anxiety disorder: a dose-finding trial",
    "Okafor, N", 2016, "J Affect Trials", (11, 19), "10.5555/copse.1", "include", "maybe",
)  # fmt: skip
HORSES = Found(
    "Recovery of horses after anaesthesia with ketamine and midazolam: a blinded comparison of two doses",
    "Marsh, P", 2012, "Vet Anaesth Lett", (41, 48), "10.5555/copse.2", "exclude", "exclude",
)  # fmt: skip
OPINION = Found(
    "Ketamine in psychiatry: an opinion from general practice on what is still missing",
    "Lindholm, K", 2015, "Opin Ment Health", (2, 4), "10.5555/copse.3", "exclude", "exclude",
)  # fmt: skip
VOLUNTEERS = Found(
    "Anticipatory anxiety in healthy volunteers who were given ketamine before a public speech",
    "Castellanos, R", 2019, "Hum Exp Pharmacol", (120, 131), "10.5555/copse.4", "exclude", "include",
)  # fmt: skip
RATS = Found(
    "Fear extinction in rats after repeated low-dose ketamine is not explained by locomotion",
    "Ohara, S", 2014, "Behav Brain Rep", (77, 90), "10.5555/copse.5", "exclude", "exclude",
)  # fmt: skip

MEDLINE = (GLUE, TAYLOR, DEPRESSION, HORSES, OPINION)
EMBASE = (VOLUNTEERS, TAYLOR, RATS, GLUE)
ALL = (GLUE, TAYLOR, DEPRESSION, HORSES, OPINION, VOLUNTEERS, RATS)
CONFLICT = VOLUNTEERS


def write_searches(folder: Path) -> list[Path]:
    """Write both files; their paths."""
    return [
        _write(folder / "medline.ris", "MEDLINE", MEDLINE),
        _write(folder / "embase.ris", "Embase", EMBASE),
    ]


def _write(path: Path, database: str, entries: tuple[Found, ...]) -> Path:
    lines = [line for entry in entries for line in (*_lines(entry), f"DB  - {database}", "ER  - ", "")]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def _lines(entry: Found) -> list[str]:
    first, last = entry.pages
    return [
        "TY  - JOUR", f"TI  - {entry.title}", f"AU  - {entry.author}", f"PY  - {entry.year}", f"T2  - {entry.journal}",
        f"SP  - {first}", f"EP  - {last}", f"DO  - {entry.doi}", f"AB  - What was found on: {entry.title}.",
    ]  # fmt: skip
