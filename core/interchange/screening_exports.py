"""Screening done in another program: the decisions that its export of references carries, and such exports written.

Rayyan writes them into the notes of a record, in the way Ruby writes its hashes:
``RAYYAN-INCLUSION: {"Asha"=>"Included", "Tom"=>"Excluded"} | RAYYAN-LABELS: a,b | RAYYAN-EXCLUSION-REASONS: wrong
population | USER-NOTES: {"Asha"=>["look again"]}``. Labels and reasons are of the record, not of a person; a reason
given by picking a label begins with ``__EXR__``. Covidence exports a list for each stage, which says what came of the
records (its name, and ``Exclusion reason: ...`` in the notes) and nobody's vote. Tables with a column for each
reviewer are read too; Copse writes one.
"""

from __future__ import annotations

import enum
import html
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from core.model import Stage, Verdict
from core.references.record import ReferenceRecord


@dataclass(frozen=True, slots=True)
class Decision:
    """What one reviewer said of one record.

    ``position`` counts the records read from 0. ``reviewer`` is empty where the file says what came of the record but
    not who said so; ``stage`` None where it does not say at which; ``verdict`` None where there is but a note.
    ``reasons`` are those of an exclusion, the first of them first.
    """

    position: int
    reviewer: str
    stage: Stage | None
    verdict: Verdict | None
    reasons: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    note: str = ""


class CovidenceList(enum.StrEnum):
    """The lists Covidence exports that say what came of their records."""

    IRRELEVANT = "irrelevant"
    """Excluded at title and abstract."""
    SELECT = "select"
    """Passed title and abstract; full text not decided."""
    EXCLUDED = "excluded"
    """Passed title and abstract, excluded at full text."""
    INCLUDED = "included"
    """Passed both."""


_VERDICTS: Final = {
    **dict.fromkeys(("included", "include", "yes", "y", "accept", "accepted", "relevant"), Verdict.INCLUDE),
    **dict.fromkeys(("excluded", "exclude", "no", "n", "reject", "rejected", "irrelevant"), Verdict.EXCLUDE),
    **dict.fromkeys(("maybe", "unsure", "unclear"), Verdict.MAYBE),
}
_KEY = re.compile(r"(?:\|\s*)?\b(RAYYAN-[A-Z-]+|USER-NOTES):[ \t]*")
_STRING = r'"(?:[^"\\]|\\.)*"'
_HASH = re.compile(
    rf"\{{\s*(?:{_STRING}\s*(?:=>|:)\s*(?:{_STRING}|nil|\[[^\"\]]*(?:{_STRING}[^\"\]]*)*\])\s*,?\s*)*\}}", re.DOTALL
)
_PAIR = re.compile(rf"({_STRING})\s*(?:=>|:)\s*({_STRING}|nil|\[[^\"\]]*(?:{_STRING}[^\"\]]*)*\])", re.DOTALL)
_STRINGS = re.compile(_STRING, re.DOTALL)
_ESCAPED = re.compile(r"\\(?:u\{([0-9a-fA-F]+)\}|u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_CONTROLS: Final = {"n": "\n", "t": "\t", "r": "\r", "s": " ", "e": ""}
_REASON_LABEL = "__EXR__"
_EXCLUSION_REASON = re.compile(r"exclusion reason:[ \t]*([^;|\n]*);?", re.IGNORECASE)
_LIST_IN_NAME = re.compile(r"(?:^|[_\W])(irrelevant|select|excluded|included|extract)(?:[_\W]|$)", re.IGNORECASE)


def decisions_of(
    records: Iterable[ReferenceRecord], file_name: str = "", listed: CovidenceList | None = None
) -> tuple[Decision, ...]:
    """Every decision the records carry, in their order.

    What a list of Covidence says is taken from ``listed``, else from the name of the file and the notes.
    """
    found: list[Decision] = []
    for position, record in enumerate(records):
        if "RAYYAN-" in record.notes or "USER-NOTES:" in record.notes:
            found += _of_rayyan(position, record.notes)
        columns = {tag[4:]: "\n".join(values) for tag, values in record.extra.items() if tag.startswith("csv:")}
        voted = _of_columns(position, columns) if columns else []
        found += voted or _of_covidence(position, record.notes, columns, listed or listed_in(file_name))
    return tuple(found)


def listed_in(file_name: str) -> CovidenceList | None:
    """The list that a file of Covidence holds by its name (``review_1234_irrelevant_csv_20240303.csv``)."""
    named = _LIST_IN_NAME.search(file_name)
    if named is None:
        return None
    word = named[1].lower()
    return CovidenceList.INCLUDED if word == "extract" else CovidenceList(word)


def is_unnamed_list(records: Iterable[ReferenceRecord], file_name: str) -> bool:
    """Whether the records are a list of Covidence of which nothing tells what came of them."""
    held = list(records)
    return any("csv:covidence #" in one.extra for one in held) and not decisions_of(held, file_name)


def without_decisions(notes: str) -> str:
    """The notes of a record as its database delivered them: without what a screening program wrote among them."""
    if "RAYYAN-" not in notes and "USER-NOTES:" not in notes and "xclusion reason:" not in notes:
        return notes
    kept, _ = _taken_apart(_readable(notes))
    return _EXCLUSION_REASON.sub("", kept).strip(" |;\n")


# --- Rayyan ----------------------------------------------------------------------------------------------------------


def _of_rayyan(position: int, notes: str) -> list[Decision]:
    _, sections = _taken_apart(_readable(notes))
    verdicts = _pairs(sections.get("RAYYAN-INCLUSION", ""))
    said = _pairs(sections.get("USER-NOTES", ""))
    listed = _listed(sections.get("RAYYAN-LABELS", ""))
    labels = tuple(one for one in listed if not one.startswith(_REASON_LABEL))
    reasons = _once(
        (
            *_listed(sections.get("RAYYAN-EXCLUSION-REASONS", "")),
            *(one.removeprefix(_REASON_LABEL).strip() for one in listed if one.startswith(_REASON_LABEL)),
        )
    )
    found: list[Decision] = []
    for name in dict.fromkeys((*verdicts, *said)):
        verdict = _VERDICTS.get(" ".join(verdicts.get(name, ())).strip().lower())
        note = "\n".join(said.get(name, ()))
        if verdict is None and not note:
            continue
        own = reasons if verdict is Verdict.EXCLUDE else ()
        found.append(Decision(position, name, None, verdict, own, labels if verdict else (), note))
    return found


def _readable(notes: str) -> str:
    """The notes without what passing through other programs did to them: escaped for HTML, or quoted twice."""
    for _ in range(2):
        if "&gt;" in notes or "&quot;" in notes or "&amp;" in notes:
            notes = html.unescape(notes)
    return notes.replace('""', '"') if '""=>""' in notes else notes


def _taken_apart(notes: str) -> tuple[str, dict[str, str]]:
    """What is of no screening program, and the text under each of Rayyan's words."""
    kept: list[str] = []
    sections: dict[str, str] = {}
    at = 0
    while key := _KEY.search(notes, at):
        kept.append(notes[at : key.start()].strip(" |"))
        hashed = _HASH.match(notes, key.end())
        end = hashed.end() if hashed else _end_of_list(notes, key.end())
        body = notes[key.end() : end].strip()
        sections[key[1]] = f"{sections[key[1]]},{body}" if key[1] in sections else body
        at = end
    kept.append(notes[at:].strip(" |"))
    return "\n".join(one.strip() for one in kept if one.strip()), sections


def _end_of_list(notes: str, begin: int) -> int:
    ends = [notes.find(mark, begin) for mark in "|\n"]
    following = _KEY.search(notes, begin)
    ends.append(following.start() if following else -1)
    return min((end for end in ends if end >= 0), default=len(notes))


def _pairs(text: str) -> dict[str, tuple[str, ...]]:
    """A hash as Ruby writes it: {key: its value, or the values of its list}."""
    found: dict[str, tuple[str, ...]] = {}
    for key, value in _PAIR.findall(text):
        name = _unquoted(key).strip()
        found[name] = (*found.get(name, ()), *(_unquoted(one) for one in _STRINGS.findall(value)))
    return found


def _unquoted(text: str) -> str:
    def plain(match: re.Match[str]) -> str:
        code = match[1] or match[2]
        if code is None:
            return _CONTROLS.get(match[3], match[3])
        number = int(code, 16)
        return chr(number) if number < 0xD800 or 0xE000 <= number <= 0x10FFFF else "\N{REPLACEMENT CHARACTER}"

    return _ESCAPED.sub(plain, text[1:-1])


def _listed(text: str) -> tuple[str, ...]:
    return _once(one.strip() for one in text.split(","))


def _once(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))


# --- Covidence -------------------------------------------------------------------------------------------------------


def _of_covidence(
    position: int, notes: str, columns: Mapping[str, str], listed: CovidenceList | None
) -> list[Decision]:
    reason = _EXCLUSION_REASON.search(notes)
    if "covidence #" not in columns and reason is None:
        return []
    if listed is None:
        if reason is None:
            return []
        listed = CovidenceList.EXCLUDED
    labels = _listed(columns.get("tags", "").replace(";", ","))
    why = tuple(one for one in (reason[1].strip() if reason else "",) if one)
    if listed is CovidenceList.IRRELEVANT:
        return [Decision(position, "", Stage.TITLE_ABSTRACT, Verdict.EXCLUDE, why, labels)]
    passed = Decision(position, "", Stage.TITLE_ABSTRACT, Verdict.INCLUDE, (), labels)
    if listed is CovidenceList.SELECT:
        return [passed]
    if listed is CovidenceList.EXCLUDED:
        return [passed, Decision(position, "", Stage.FULL_TEXT, Verdict.EXCLUDE, why)]
    return [passed, Decision(position, "", Stage.FULL_TEXT, Verdict.INCLUDE)]


# --- a column for each reviewer --------------------------------------------------------------------------------------

_STAGES: Final = (
    (re.compile(r"\b(?:titles?\s*(?:/|and|&)\s*abstracts?|abstracts?)(?:\s+screening)?\b"), Stage.TITLE_ABSTRACT),
    (re.compile(r"\bfull[\s-]*texts?(?:\s+(?:review|screening))?\b"), Stage.FULL_TEXT),
)
_WHAT = re.compile(r"\b(decision|vote|verdict|exclusion reason|reason|note)s?\b")


@dataclass(frozen=True, slots=True)
class _Column:
    """What a heading says its cells hold: of whom, at which stage, and what."""

    who: str
    stage: Stage | None
    what: str


@lru_cache(maxsize=1024)
def _column(heading: str) -> _Column | None:
    stage = None
    for pattern, meant in _STAGES:
        if pattern.search(heading):
            stage, heading = meant, pattern.sub(" ", heading)
    named: list[str] = _WHAT.findall(heading)
    if not named:
        return None
    # The last word says what is held: "decision note" is a note.
    what = {"vote": "decision", "verdict": "decision", "exclusion reason": "reason"}.get(named[-1], named[-1])
    return _Column(re.sub(r"[\s()\[\]:,_-]+", " ", _WHAT.sub(" ", heading)).strip(), stage, what)


def _of_columns(position: int, columns: Mapping[str, str]) -> list[Decision]:
    told: dict[tuple[str, Stage | None], dict[str, str]] = {}
    for heading, cell in columns.items():
        column = _column(heading)
        if column is not None:
            told.setdefault((column.who, column.stage), {})[column.what] = cell.strip()
    found: list[Decision] = []
    for (who, stage), said in told.items():
        verdict = _VERDICTS.get(said.get("decision", "").lower())
        note = said.get("note", "") if who else ""
        if verdict is None and not note:
            continue
        reasons = tuple(one.strip() for one in said.get("reason", "").split(";") if one.strip())
        own = reasons if verdict is Verdict.EXCLUDE else ()
        found.append(Decision(position, _name(who, columns), stage, verdict, own, (), note))
    return found


def _name(who: str, columns: Mapping[str, str]) -> str:
    """Who is meant: named in a column of their own ("Reviewer 1"), or by the heading itself."""
    given = columns.get(who or "reviewer", columns.get("screener", "") if not who else "")
    if given:
        return given.strip()
    return who.title()


# --- writing ---------------------------------------------------------------------------------------------------------

_RAYYAN_WORDS: Final = {Verdict.INCLUDE: "Included", Verdict.EXCLUDE: "Excluded", Verdict.MAYBE: "Maybe"}


def rayyan_notes(notes: str, decisions: Sequence[Decision]) -> str:
    """The notes of a record with these decisions in Rayyan's form, behind what its database had noted."""
    parts = [kept] if (kept := without_decisions(notes)) else []
    verdicts = [(one.reviewer, _RAYYAN_WORDS[one.verdict]) for one in decisions if one.verdict is not None]
    if verdicts:
        inner = ", ".join(f"{_quoted(name)}=>{_quoted(word)}" for name, word in verdicts)
        parts.append(f"RAYYAN-INCLUSION: {{{inner}}}")
    labels = _once(label for one in decisions for label in one.labels)
    if labels:
        parts.append("RAYYAN-LABELS: " + ",".join(map(_unlisted, labels)))
    reasons = _once(reason for one in decisions for reason in one.reasons)
    if reasons:
        parts.append("RAYYAN-EXCLUSION-REASONS: " + ",".join(map(_unlisted, reasons)))
    said = [(one.reviewer, one.note) for one in decisions if one.note]
    if said:
        inner = ", ".join(f"{_quoted(name)}=>[{_quoted(text)}]" for name, text in said)
        parts.append(f"USER-NOTES: {{{inner}}}")
    return " | ".join(parts)


def _unlisted(text: str) -> str:
    """A label without the marks that part one from the next."""
    return re.sub(r"\s*[,|\n]\s*", "; ", text)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'
