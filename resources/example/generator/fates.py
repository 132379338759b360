"""What the two reviewers decided: on every record at title and abstract, and on the reports read in full."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from generator.corpus import Work
from generator.dice import Dice

INCLUDED_AFTER_CONFLICT = 10
EXCLUDED_AFTER_CONFLICT = 28
SECOND_REASONS = {
    "population": "design",
    "indication": "population",
    "animal": "animal",
    "healthy": "population",
    "intervention": "population",
    "design": "population",
}
SETTLED_INCLUDE = (
    "The abstract leaves the control group open; read in full.",
    "Anxiety ratings may be in the full text.",
    "Diagnosis not clear from the abstract; read in full.",
    "Possibly a report of an included trial.",
)
SETTLED_EXCLUDE = {
    "design": "No control group, and neither a maintenance nor a dose-response study.",
    "population": "No anxiety disorder, PTSD or OCD as the reason for treatment.",
    "intervention": "Ketamine is not the treatment compared.",
    "healthy": "Volunteers without an anxiety disorder.",
    "indication": "Ketamine given for anaesthesia or pain.",
    "animal": "Not a study in people.",
}


@dataclass(frozen=True, slots=True)
class Decision:
    """Both reviewers' answers on one record or report; the settled answer is filled in only for a conflict."""

    asha: str
    asha_reason: str
    tom: str
    tom_reason: str
    settled: str = ""
    settled_reason: str = ""
    note: str = ""


def on_title_abstract(works: Sequence[Work], dice: Dice) -> dict[str, Decision]:
    """A decision for every work: 37 pass, ten of them and 28 others after a conflict."""
    passing = [w for w in works if w.full_text]
    disputed_in = {w.key for w in dice.some([w for w in passing if w.key != "glue2017"], INCLUDED_AFTER_CONFLICT)}
    near = [
        w for w in works if not w.full_text and (w.near or w.topic in {"anxiety_other", "trauma_other", "ocd_other"})
    ]
    near.sort(key=lambda w: not w.near)
    disputed_out = {w.key for w in dice.some(near[:120], EXCLUDED_AFTER_CONFLICT)}
    decisions: dict[str, Decision] = {}
    for work in works:
        if work.key in disputed_in:
            decisions[work.key] = _dispute(dice, "design", "include", dice.pick(SETTLED_INCLUDE))
        elif work.full_text:
            decisions[work.key] = Decision(_yes(dice), "", _yes(dice), "")
        elif work.key in disputed_out:
            decisions[work.key] = _dispute(dice, work.reason, "exclude", SETTLED_EXCLUDE[work.reason])
        else:
            tom = SECOND_REASONS[work.reason] if dice.chance(0.09) else work.reason
            decisions[work.key] = Decision("exclude", work.reason, "exclude", tom)
    return decisions


def _yes(dice: Dice) -> str:
    return "maybe" if dice.chance(0.2) else "include"


def _dispute(dice: Dice, reason: str, settled: str, note: str) -> Decision:
    settled_reason = reason if settled == "exclude" else ""
    if dice.chance(0.5):
        return Decision(_yes(dice), "", "exclude", reason, settled, settled_reason, note)
    return Decision("exclude", reason, _yes(dice), "", settled, settled_reason, note)


FULL_TEXT_DISPUTES = {
    # position among the excluded reports: Asha's answer, Tom's answer, note of the settlement
    0: ("include", "population", "Depression is the diagnosis; anxiety is a rating only."),
    7: ("design", "outcome", "The missing control group comes first in the order of reasons."),
    14: ("design", "population", "Exposure was not assigned; the diagnosis would have been eligible."),
    18: ("intervention", "include", "The comparison tests extinction training, not ketamine."),
    22: ("include", "outcome", "No anxiety rating was reported, and none could be had from the authors."),
    27: ("secondary", "outcome", "Same participants as an earlier report; nothing new on anxiety."),
}
REAL_DISPUTE = (
    "truppman2021",
    "include",
    "secondary",
    "Re-uses patients of two other included studies but adds the dose-response analysis the protocol asks for.",
)


def on_full_text(works: Sequence[Work]) -> dict[str, Decision]:
    """A decision for each of the 37 reports: 8 included, 29 excluded with one reason; seven conflicts, all settled."""
    decisions: dict[str, Decision] = {}
    excluded = [w for w in works if w.full_text and not w.real]
    for work in (w for w in works if w.real):
        decisions[work.key] = Decision("include", "", "include", "")
    key, asha, tom, note = REAL_DISPUTE
    decisions[key] = Decision(*_answer(asha), *_answer(tom), "include", "", note)
    for number, work in enumerate(excluded):
        if number in FULL_TEXT_DISPUTES:
            asha, tom, note = FULL_TEXT_DISPUTES[number]
            decisions[work.key] = Decision(*_answer(asha), *_answer(tom), "exclude", work.full_text, note)
        else:
            decisions[work.key] = Decision("exclude", work.full_text, "exclude", work.full_text)
    return decisions


def _answer(reason: str) -> tuple[str, str]:
    return ("include", "") if reason == "include" else ("exclude", reason)
