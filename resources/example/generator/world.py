"""The reports that exist in the world of the example: eight real ones, the rest invented, some of them special."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

from generator.corpus import REAL_NOTE, Corpus, Journal, Work, invent, journals
from generator.dice import Dice

HERE = Path(__file__).parent
UNIQUE = 3127
"""Reports in all: the number of records the published review screened."""

REGISTRY_ENTRIES = 64
TWINS = ("Applied relaxation", "Guided self-help", "Problem-solving therapy")


def build() -> Corpus:
    """The whole corpus: real works first, then the reports read in full, look-alikes, registry entries and the rest."""
    words = tomllib.loads((HERE / "vocabulary.toml").read_text(encoding="utf-8"))
    known = tomllib.loads((HERE / "known.toml").read_text(encoding="utf-8"))
    dice = Dice("copse example review 1")
    corpus = Corpus(dice, words, journals(words["journals"], dice))
    for entry in known["real"]:
        corpus.add(_real(entry))
    topics = {t["id"]: t for t in words["topic"]}
    for entry in known["excluded_at_full_text"]:
        corpus.add(_excluded_at_full_text(corpus, topics["near"], entry))
    for entry in known["lookalike"]:
        for number in range(entry["count"]):
            for work in _lookalikes(corpus, topics, entry["kind"], number):
                corpus.add(work)
    for number in range(REGISTRY_ENTRIES):
        corpus.add(_registry_entry(corpus, topics, number))
    for topic in [topics[name] for name in ("near", "depression", "opinion", "trauma_other", "misuse")] * 9:
        corpus.add(replace(invent(corpus, topic), databases=("scholar",), language="English"))
    weights = {t["id"]: float(t["weight"]) for t in words["topic"]}
    near_left = int(weights.pop("near"))
    while len(corpus.works) < UNIQUE:
        topic = topics["near"] if near_left else topics[dice.weighted(weights)]
        near_left -= topic["id"] == "near"
        corpus.add(invent(corpus, topic))
    return corpus


def _real(entry: dict[str, Any]) -> Work:
    return Work(
        key=entry["key"],
        topic="included",
        design="rct",
        title=entry["title"],
        authors=tuple(entry["authors"]),
        journal=Journal(entry["journal"], entry["abbreviation"], "", ()),
        year=entry["year"],
        month=entry["month"],
        volume=entry["volume"],
        issue=entry["issue"],
        first_page=entry["first_page"],
        last_page=entry["last_page"],
        doi=entry["doi"],
        pmid=entry["pmid"],
        abstract=(("summary", f"{REAL_NOTE} {entry['summary']}"),),
        keywords=tuple(entry["keywords"]),
        databases=tuple(entry["databases"]),
        reason="",
        real=True,
        full_text="include",
    )


def _excluded_at_full_text(corpus: Corpus, topic: dict[str, Any], entry: dict[str, Any]) -> Work:
    given = {name: str(entry[name]) for name in ("title", "design", "year", "condition")}
    work = invent(corpus, topic, drug="ketamine", **given)
    databases = tuple(dict.fromkeys(("embase", *work.databases)))
    return replace(work, databases=databases, full_text=entry["reason"], language="English")


def _lookalikes(corpus: Corpus, topics: dict[str, Any], kind: str, number: int) -> list[Work]:
    """Works that share a title, a DOI or authors and are different reports all the same."""
    topic = topics[("depression", "anaesthesia", "pain", "anxiety_other")[number % 4]]
    if kind == "editorial":
        work = invent(corpus, topics["opinion"], design="letter")
        return [replace(work, title=("Editorial", "Reply")[number % 2], abstract=(), doi="", year=2008 + number)]
    design = "review" if kind == "review_update" else "rct"
    base = replace(invent(corpus, topic, design=design), language="English")
    base = replace(base, databases=tuple(dict.fromkeys(("medline", *base.databases))))
    other = replace(invent(corpus, topic, design=design), language="English")
    same = {"authors": base.authors, "journal": base.journal, "year": base.year, "volume": base.volume}
    if kind == "abstract_then_paper":
        meeting = replace(base.journal, name=f"{base.journal.name}. Conference")
        other = replace(
            other,
            **same | {"journal": meeting, "year": base.year - 1},
            title=base.title,
            abstract=base.abstract[:3],
            databases=("embase",),
        )
    elif kind == "erratum":
        other = replace(other, **same, title=f"Correction to: {base.title}", abstract=(), design="letter")
    elif kind == "review_update":
        later = {"year": base.year + 6, "volume": str(int(base.volume) + 6)}
        other = replace(other, **same | later, title=base.title)
    elif kind == "twin_trials":
        title = f"{TWINS[number]} for worry in {{}}: a TANDEM programme trial"
        base, other = (
            replace(base, title=title.format("adults")),
            replace(other, **same, title=title.format("adolescents")),
        )
    elif kind == "supplement":
        doi = f"10.5555/copse.supplement.{number + 1}"
        base, other = replace(base, doi=doi), replace(other, **same | {"authors": other.authors}, doi=doi)
    return [base, other]


def _registry_entry(corpus: Corpus, topics: dict[str, Any], number: int) -> Work:
    topic = topics[
        ("depression", "anxiety_other", "trauma_other", "pain", "anaesthesia", "depression", "ocd_other", "near")[
            number % 8
        ]
    ]
    work = invent(corpus, topic, design="protocol" if "protocol" in topic["designs"] else "rct")
    registration = f"NCT99{number + 1:06d}"
    site = Journal(
        f"https://clinicaltrials.gov/show/{registration}", f"https://clinicaltrials.gov/show/{registration}", "", ()
    )
    return replace(
        work,
        authors=("Nct,",),
        journal=site,
        volume="",
        issue="",
        first_page="",
        last_page="",
        doi="",
        pmid="",
        databases=("central",),
        registry=registration,
        year=max(2006, work.year),
        language="English",
        reason="design" if topic["id"] == "near" else work.reason,
    )
