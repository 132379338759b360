"""A first guess at what the columns of a table of studies mean, from headings and cells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from core.interchange.cells import MISSING, NoNumber, Numbers, decimal_of
from core.interchange.tables import key_of
from core.interchange.targets import TARGETS, Columns
from core.references.sheets import Sheet

_LOOKED_AT = 60
_HEADING_WITHIN = 5
_FIRST: Final = frozenset(("1", "e", "exp", "experimental", "intervention", "treatment", "treated", "t", "active",
    "int", "trt", "tx", "drug", "experimentell", "verum"))  # fmt: skip
_SECOND: Final = frozenset(("2", "0", "c", "ctl", "ctrl", "con", "control", "controls", "comparator", "comparison",
    "placebo", "pbo", "reference", "kontrolle", "kontrollgruppe", "plazebo"))  # fmt: skip
_STATISTICS: Final = (
    (re.compile(r"events? (?:total|n)|(?:events?|cases|n) (?:of )?total|n n|r n"), "events_total"),
    (re.compile(r"mean sd"), "mean_sd"),
    (re.compile(r"events?|cases|deaths|responders?|r|ereignisse"), "events"),
    (re.compile(r"sd|stdev|std|standard deviation|standardabweichung"), "sd"),
    (re.compile(r"means?|m|mittelwert|mittel"), "mean"),
    (re.compile(r"n|total|totals|participants|patients|randomi[sz]ed|sample size|size|number|analy[sz]ed|n total"),
     "total"),
)  # fmt: skip
_BIAS_WORDS: Final = frozenset(
    ("low", "high", "unclear", "some concerns", "moderate", "serious", "critical", "no information", "low risk",
     "high risk", "unclear risk", "low risk of bias", "high risk of bias", "unclear risk of bias", "not applicable")
)  # fmt: skip
_BIAS_HEADING = re.compile(r"(?i)\((judge?ment|support)\)|\b(judge?ment|support(ing text)?)\b")
_LEVEL = re.compile(r"\b(80|90|95|98|99)(?:\.0)?\s*%")


def guess(sheet: Sheet) -> Columns:
    """What the columns seem to mean; those that are not known are left out."""
    heading = _heading_row(sheet)
    body = sheet.rows[heading + 1 : heading + 1 + _LOOKED_AT]
    cells = [[row[n] for row in body if row[n]] for n in range(sheet.width)]
    decimal = decimal_of(cell for column in cells for cell in column if len(cell) < 40)
    titles = sheet.rows[heading]
    has_arm = any(key_of(title) in TARGETS["arm"].headings for title in titles)
    targets: list[str] = []
    for title, column in zip(titles, cells, strict=True):
        found = _meaning(title, column, Numbers(decimal), has_arm=has_arm)
        taken = found in targets and not (found and TARGETS[found].many)
        targets.append("" if taken else found)
    level = next((float(named[1]) / 100 for title in titles if (named := _LEVEL.search(title))), 0.95)
    return Columns(tuple(_fitting(targets)), heading, decimal, level)


def joined(sheet: Sheet) -> Sheet:
    """The table with one row of headings where it has two: "Intervention" across "Events" and "Total"."""
    at = _heading_row(sheet)
    if at + 2 >= len(sheet.rows):
        return sheet
    above, below = sheet.rows[at], sheet.rows[at + 1]
    spanned = [n for n in range(1, sheet.width) if below[n] and not above[n] and any(above[:n])]
    if not spanned or any(re.search(r"\d", cell) for cell in below):
        return sheet
    if not all(any(pattern.fullmatch(_spaced(below[n])) for pattern, _ in _STATISTICS) for n in spanned):
        return sheet
    one: list[str] = []
    group = ""
    for upper, lower in zip(above, below, strict=True):
        group = upper or (group if lower else "")
        one.append(f"{group} {lower}".strip())
    rows = (*sheet.rows[:at], tuple(one), *sheet.rows[at + 2 :])
    return replace(sheet, rows=rows, numbers=(*sheet.numbers[: at + 1], *sheet.numbers[at + 2 :]))


def _spaced(title: str) -> str:
    return " ".join(re.findall(r"[a-z]+|\d+", title.lower()))


def _heading_row(sheet: Sheet) -> int:
    """The row that most looks like headings: known ones, and no numbers."""
    known = {heading for target in TARGETS.values() for heading in target.headings}

    def score(row: Sequence[str]) -> tuple[int, int]:
        return sum(key_of(cell) in known for cell in row), sum(bool(cell) for cell in row)

    return max(range(min(_HEADING_WITHIN, len(sheet.rows) - 1)), key=lambda n: (score(sheet.rows[n]), -n))


def _meaning(title: str, column: Sequence[str], numbers: Numbers, *, has_arm: bool) -> str:
    key = re.sub("80|90|98|99", "95", key_of(title))
    if column and _BIAS_HEADING.search(title) and key not in TARGETS["rob_level"].headings:
        is_support = "support" in key or "reason" in key
        if is_support and key not in TARGETS["rob_reason"].headings:
            return "rob_support"
        if not is_support:
            return "rob_judgement"
    if title.lower().startswith("char"):
        return "characteristic"
    for target in TARGETS.values():
        if key in target.headings:
            for candidate in (target.key, *_COMPOSITE.get(target.key, ())):
                if not target.is_number or _is_read(candidate, column, numbers):
                    return candidate
    statistic = _statistic(title, column, numbers, has_arm=has_arm)
    if statistic:
        return statistic
    if column and {cell.casefold() for cell in column} - MISSING <= _BIAS_WORDS and any(column):
        return "rob_judgement"
    return ""


def _statistic(title: str, column: Sequence[str], numbers: Numbers, *, has_arm: bool) -> str:
    """A number of one group: which, and of which group, by the words of the heading."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z0-9])", " ", title)
    found = [word.lower() for word in re.findall(r"[A-Za-z]+|\d+", spaced)]
    sides = {"_1" for word in found if word in _FIRST} | {"_2" for word in found if word in _SECOND}
    words = [word for word in found if word not in _FIRST | _SECOND | {"group", "arm", "in", "the", "no", "of"}]
    if len(sides) > 1 or (not sides and not has_arm):
        return ""
    side = next(iter(sides), "")
    if side and not words:
        # "Intervention" and "Control" alone: both numbers at once, or the names of the groups.
        pairs = (base for base in ("events_total", "mean_sd") if _is_read(f"{base}{side}", column, numbers))
        return next((f"{base}{side}" for base in pairs), "" if _is_read("total", column, numbers) else f"group{side}")
    for pattern, base in _STATISTICS:
        if pattern.fullmatch(" ".join(words)):
            for candidate in (base, *_COMPOSITE.get(base, ())):
                if _is_read(f"{candidate}{side}", column, numbers):
                    return f"{candidate}{side}"
    return ""


_COMPOSITE: Final = {
    "events": ("events_total",),
    "total": ("events_total",),
    "mean": ("mean_sd",),
    "ratio": ("ratio_ci",),
    "estimate": ("estimate_ci",),
}
"""What a column may hold besides the number it is named after."""


def _is_read(target: str, column: Sequence[str], numbers: Numbers) -> bool:
    """Whether most cells can be read as the target's numbers."""
    base = target[:-2] if target[-2:] in ("_1", "_2") else target
    readers = {"events_total": numbers.share, "mean_sd": numbers.spread, "ci": numbers.interval,
               "estimate_ci": numbers.estimate, "ratio_ci": numbers.estimate}  # fmt: skip
    reader = readers.get(base, numbers.number)
    read = 0
    for cell in column:
        try:
            reader(cell)
        except NoNumber:
            continue
        read += 1
    return bool(column) and read * 2 > len(column)


def _fitting(targets: list[str]) -> list[str]:
    """The targets without what belongs to an estimate where there is none."""
    if {"estimate", "ratio", "estimate_ci", "ratio_ci"}.isdisjoint(targets):
        return ["" if one in ("se", "variance", "p", "ci", "ci_start", "ci_end", "measure") else one for one in targets]
    return targets
