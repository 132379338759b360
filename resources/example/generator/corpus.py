"""Inventing reports: titles, people, journals and abstracts put together from vocabulary.toml."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import Any

from generator.dice import Dice

MARK = "Invented example record"
NOTE = "Invented for Copse; no such report exists."
REAL_NOTE = "Abstract not reproduced; summary by Copse."

_SLOT = re.compile(r"\{(\w+)\}")
_ANY_YEAR = ((1972, 1989, 5), (1990, 1999, 9), (2000, 2009, 25), (2010, 2015, 27), (2016, 2020, 33), (2021, 2021, 1))


@dataclass(frozen=True, slots=True)
class Journal:
    """A journal, its abbreviation and its ISSN (invented ones start with 9990)."""

    name: str
    abbreviation: str
    issn: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Work:
    """One report.

    ``authors`` are "Family, Given", ``abstract`` is pairs of label and sentence. ``reason`` is why it is excluded on
    title and abstract; ``full_text`` is "" for a work not read in full, "include", or the reason for exclusion there.
    """

    key: str
    topic: str
    design: str
    title: str
    authors: tuple[str, ...]
    journal: Journal
    year: int
    month: int
    volume: str
    issue: str
    first_page: str
    last_page: str
    doi: str
    pmid: str
    abstract: tuple[tuple[str, str], ...]
    keywords: tuple[str, ...]
    databases: tuple[str, ...]
    reason: str
    real: bool = False
    near: bool = False
    full_text: str = ""
    language: str = "English"
    registry: str = ""


@dataclass
class Corpus:
    """All works, with what is needed to make more of them without repeating a title."""

    dice: Dice
    words: dict[str, Any]
    journals: list[Journal]
    works: list[Work] = field(default_factory=list)
    titles: set[str] = field(default_factory=set)
    number: int = 0

    def next_key(self) -> str:
        """A key for the next invented work: x0001, x0002, ..."""
        self.number += 1
        return f"x{self.number:04d}"

    def add(self, work: Work) -> None:
        """Adds a work and remembers its title."""
        self.works.append(work)
        self.titles.add(title_letters(work.title))


def title_letters(title: str) -> str:
    """A title's letters and digits: two works may not share them unless they are meant to."""
    return re.sub(r"[\W_]+", "", title.casefold())


def invent(corpus: Corpus, topic: dict[str, Any], **given: str) -> Work:
    """A new work on a topic. ``given`` fixes slots (condition, ...), "design" or "year"; its title is not taken yet."""
    dice = corpus.dice
    for _ in range(200):
        design = given.get("design") or dice.weighted(topic["designs"])
        year = int(given.get("year") or _year(dice, topic["id"]))
        slots = {**_slots(corpus, topic, design, given), "year": year - 1, "year10": year - 11}
        title = given.get("title") or _sentence(fill(dice.pick(topic["titles"]), slots, dice))
        if title_letters(title) not in corpus.titles:
            return _work(corpus, topic, design, slots, title, year)
    raise RuntimeError(f"no new title left for topic {topic['id']}")


def fill(template: str, slots: dict[str, Any], dice: Dice) -> str:
    """The template with its slots filled; a slot with a capital letter gets its text capitalised."""

    def value(found: re.Match[str]) -> str:
        name = found.group(1)
        text = slots.get(name)
        if text is None:
            text = _capital(str(slots[name[0].lower() + name[1:]]))
        return fill(str(text), slots, dice)

    return _SLOT.sub(value, template)


def _slots(corpus: Corpus, topic: dict[str, Any], design: str, given: dict[str, str]) -> dict[str, Any]:
    dice, banks = corpus.dice, {**corpus.words["banks"], **topic.get("banks", {})}
    slots: dict[str, Any] = {name: dice.pick(bank) for name, bank in banks.items()}
    slots.update(given)
    n = dice.whole(12, 90) * dice.pick((1, 1, 1, 2, 4))
    low, size = dice.whole(1, 60) / 100, dice.whole(20, 110) / 100
    control, difference, half = dice.whole(10, 70) / 10, dice.whole(10, 80) / 10, dice.whole(12, 60) / 10
    suffix = {"animal": "cohort", "letter": "review", "survey": "cohort"}.get(design, design)
    slots.update(
        design_title=_design_title(design, dice, banks, suffix),
        k_word=dice.pick(("three", "four", "six", "eight", "twelve")),
        n=n,
        n2=n - dice.whole(1, max(1, n // 8)),
        n3=dice.whole(3, 29),
        k=dice.whole(2, 9),
        age=dice.whole(19, 71),
        age2=dice.whole(19, 71),
        weeks=dice.whole(1, 26),
        dose10=dice.pick(("3", "5", "10", "15", "30")),
        pct=dice.whole(31, 78),
        pct2=dice.whole(9, 44),
        pct3=dice.whole(3, 38),
        x=f"{control + difference:.1f}",
        y=f"{control:.1f}",
        x3=dice.whole(22, 41),
        diff=f"{difference:.1f}",
        dlo=f"{difference - half:.1f}",
        dhi=f"{difference + half:.1f}",
        p=_p_value(1.96 * difference / half),
        pns=dice.pick(("0.11", "0.21", "0.34", "0.46", "0.62")),
        sd=dice.decimal(4, 11, 1),
        lo=f"{low:.2f}",
        hi=f"{low + size:.2f}",
        es=f"{low + size / 2:.2f}",
        f=dice.decimal(4.2, 19, 2),
        orlo=dice.decimal(1.0, 1.3),
        orhi=dice.decimal(2.2, 4.8),
        time=dice.pick(("24 hours", "one week", "two weeks", "day 3", "four weeks", "40 minutes")),
        harm=dice.pick(
            ("Transient dissociation", "Nausea", "Dizziness", "Raised blood pressure", "Headache", "Blurred vision")
        ),
        harmlow=dice.pick(
            ("dissociation", "nausea", "raised blood pressure", "dependence", "bladder symptoms", "sedation")
        ),
    )
    slots["or"] = dice.decimal(1.4, 2.1)
    slots["npeople"] = f"{n} {slots['people']}"
    return slots


def _p_value(z: float) -> str:
    """The two-sided P value of a normal deviate, as articles write it."""
    p = math.erfc(z / math.sqrt(2))
    return "< 0.001" if p < 0.001 else f"= {p:.3f}" if p < 0.01 else f"= {p:.2f}"


def _design_title(design: str, dice: Dice, banks: dict[str, Any], suffix: str) -> str:
    if design == "letter":
        return dice.pick(("a letter", "correspondence", "an editorial", "a commentary", "viewpoint", "a reply"))
    if design == "survey":
        return dice.pick(
            ("a questionnaire study", "an interview study", "a cross-sectional survey", "a qualitative study")
        )
    return dice.pick(banks[f"{suffix}_title"])


def _work(corpus: Corpus, topic: dict[str, Any], design: str, slots: dict[str, Any], title: str, year: int) -> Work:
    dice, key = corpus.dice, corpus.next_key()
    journal = dice.pick([j for j in corpus.journals if set(topic["field"]) & set(j.fields)])
    first = dice.whole(1, 1400)
    return Work(
        key=key,
        topic=topic["id"],
        design=design,
        title=title,
        authors=_authors(corpus, design),
        journal=journal,
        year=year,
        month=dice.whole(1, 12),
        volume=str(max(1, year - dice.whole(1965, 1990))),
        issue=str(dice.whole(1, 12)) if dice.chance(0.9) else "",
        first_page=str(first),
        last_page=str(first + dice.whole(1, 13)),
        doi=_doi(dice, key, year),
        pmid=str(99_000_000 + int(key[1:]) * 7),
        abstract=_abstract(corpus, design, slots, topic),
        keywords=_keywords(topic, slots, dice),
        databases=_databases(dice, topic, design),
        reason=_usual_reason(topic, design),
        near=bool(topic.get("near")),
        language=dice.pick(("German", "French", "Spanish", "Chinese", "Turkish")) if dice.chance(0.03) else "English",
    )


def _year(dice: Dice, topic: str) -> int:
    low, high, _ = dice.weighted({span: float(span[2]) for span in _ANY_YEAR})
    # Psychiatric use of ketamine began late; what is invented keeps to that.
    earliest = {"depression": 2000, "near": 2009, "opinion": 2010}.get(topic, 1972)
    return dice.whole(max(low, earliest), max(high, earliest))


def _authors(corpus: Corpus, design: str) -> tuple[str, ...]:
    dice, names = corpus.dice, corpus.words["names"]
    count = dice.whole(1, 3) if design in {"letter", "case"} else dice.whole(2, 8)
    people: list[str] = []
    for family in dice.some(names["family"], count):
        middle = f" {dice.pick('ABCDEFGHJKLMNPRSTVW')}" if dice.chance(0.4) else ""
        people.append(f"{family}, {dice.pick(names['given'])}{middle}")
    return tuple(people)


def _doi(dice: Dice, key: str, year: int) -> str:
    if not dice.chance(0.35 if year < 2000 else 0.93):
        return ""
    return f"10.5555/copse({year}){key}" if dice.chance(0.12) else f"10.5555/copse.{year}.{key}"


def _abstract(corpus: Corpus, design: str, slots: dict[str, Any], topic: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    dice = corpus.dice
    if design == "letter" or dice.chance(0.04):
        return ()
    parts: list[tuple[str, str]] = []
    for label, sentences in corpus.words["abstract"][design].items():
        lead = dice.pick(topic["banks"]["lead"])
        parts.append((label, _sentence(fill(dice.pick(sentences), {**slots, "lead": lead}, dice))))
    return tuple(parts)


def _keywords(topic: dict[str, Any], slots: dict[str, Any], dice: Dice) -> tuple[str, ...]:
    found = [
        str(slots[name])
        for name in ("drug", "condition", "outcome", "comparator", "behaviour", "procedure", "marker", "region")
        if name in topic["banks"]
    ]
    return (*(_capital(word) for word in dice.some(found, 3)), MARK)


def _databases(dice: Dice, topic: dict[str, Any], design: str) -> tuple[str, ...]:
    chances = dict(topic["databases"])
    if design not in {"rct", "protocol"}:
        chances["central"] = 0.0  # the register holds trials
    chosen = tuple(name for name, chance in chances.items() if dice.chance(chance))
    return chosen or (dice.weighted({name: chance for name, chance in chances.items() if name != "central"}),)


def _usual_reason(topic: dict[str, Any], design: str) -> str:
    if topic["id"] in {"near", "depression", "opinion"} and design in {
        "letter",
        "review",
        "case",
        "survey",
        "protocol",
    }:
        return "design"
    return str(topic["reason"])


def journals(words: dict[str, Any], dice: Dice) -> list[Journal]:
    journals: list[Journal] = []
    for pattern in words["patterns"]:
        for place in dice.some(words["places"], 9):
            name = pattern["name"].format(place=place)
            short = " ".join(words["abbreviations"].get(w, w) for w in name.split() if w not in {"of", "and", "in"})
            journals.append(Journal(name, short, f"9990-{len(journals) + 1:04d}", tuple(pattern["fields"])))
    return journals


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _sentence(text: str) -> str:
    return _capital(text.strip())
