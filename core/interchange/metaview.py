"""MetaView files (.mtv), the "analysis data file" of RevMan 3 and 4: the numbers of studies in lines of fixed width.

A line's first figure says what it is: 3 a comparison, 2 an outcome (D counts, C means, P observed minus expected
events), 1 a subgroup, 0 a study's row. A row has name, year, then events, total, mean and standard deviation of either
group, O-E, variance, order, and how allocation was concealed. Columns: those of a real file; nothing is known of the
single figures in an outcome's line that stand for measure and method.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Final

from core.errors import InputError
from core.interchange import words
from core.interchange.formats import bytes_of
from core.interchange.model import (
    ComparisonItem,
    DataKind,
    DataRow,
    Outcome,
    Remark,
    ReviewFile,
    StudyItem,
    SubgroupItem,
)
from core.interchange.tables import number
from core.language import phrase
from core.model import StudyStatus

FORMAT: Final = "metaview"
_KINDS: Final = {
    "D": (DataKind.DICHOTOMOUS, "OR", "MH"),
    "C": (DataKind.CONTINUOUS, "MD", "IV"),
    "P": (DataKind.O_E, "O-E", "Peto"),
}
_COMPARISON: Final = re.compile(r"3 +(\d+) +\d+ (.*)")
_OUTCOME: Final = re.compile(r"2 ([DCP]) (\d+) (\d+) ")
_SUBGROUP: Final = re.compile(r"1 +(\d+) +(\d+) +(\d+) (.*)")
_ROW: Final = re.compile(r"0 (\d+) (\d+) (\d+) ")
_NAME_AT: Final = 25
_LABELS_AT: Final = (133, 154, 175, 196)
_LABEL_WIDTH: Final = 21
_STUDY: Final = slice(11, 31)
_YEAR: Final = slice(31, 36)
_NUMBERS_AT: Final = 36
_NUMBERS: Final[tuple[str, ...]] = (
    "events_1",
    "total_1",
    "mean_1",
    "sd_1",
    "events_2",
    "total_2",
    "mean_2",
    "sd_2",
    "o_e",
    "var",
)


def recognise(head: bytes) -> bool:
    """Whether a file that begins so is a MetaView file."""
    return head.startswith(b"METAVIEW:") and b"START DATA" in head


def read(path: Path) -> ReviewFile:
    """The analyses in a MetaView file. Raises InputError for another file, or a line that is none of these."""
    return read_bytes(bytes_of(path), path.name)


def read_bytes(data: bytes, name: str) -> ReviewFile:
    """As read, for content that is in memory."""
    if not recognise(data):
        raise InputError("metaview.other", "{file} is no MetaView file. Nothing was read.", file=name)
    lines = data.decode("cp1252", errors="replace").splitlines()
    reader = _Reader(name)
    for at, line in enumerate(lines[1:], start=2):
        if line.strip() == "END DATA":
            break
        if line[:1].isdecimal():
            reader.take(line, at)
    return reader.file(lines[0].removeprefix("METAVIEW:").strip())


class _Reader:
    """What was read so far, by the numbers of comparison, outcome and subgroup."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.comparisons: dict[str, str] = {}
        self.outcomes: dict[tuple[str, str], Outcome] = {}
        self.subgroups: dict[tuple[str, str, str], str] = {}
        self.rows: dict[tuple[str, str, str], list[DataRow]] = {}
        self.studies: dict[str, StudyItem] = {}

    def take(self, line: str, at: int) -> None:
        """Take in a line of data."""
        if found := _COMPARISON.match(line):
            self.comparisons[_plain(found.group(1))] = found.group(2).strip()
        elif found := _OUTCOME.match(line):
            self._outcome(line, *found.groups())
        elif found := _SUBGROUP.match(line):
            comparison, outcome, group = map(_plain, found.groups()[:3])
            self.subgroups[comparison, outcome, group] = found.group(4).strip()
        elif (found := _ROW.match(line)) and line[_STUDY].strip():
            self._row(line, at, *map(_plain, found.groups()))
        else:
            raise self._broken(at)

    def _broken(self, at: int) -> InputError:
        return InputError(
            "metaview.broken",
            "{file}: the line {line} is not as MetaView writes it. Export the analysis data file again. Nothing was"
            " read.",
            file=self.name,
            line=at,
        )

    def _outcome(self, line: str, letter: str, comparison: str, number_: str) -> None:
        comparison, number_ = _plain(comparison), _plain(number_)
        kind, measure, method = _KINDS[letter]
        left, right, experimental, control = (line[at : at + _LABEL_WIDTH].strip() for at in _LABELS_AT)
        self.outcomes[comparison, number_] = Outcome(
            words.outcome_id(comparison, number_),
            number_,
            line[_NAME_AT : _LABELS_AT[0]].strip() or f"{comparison}.{number_}",
            kind,
            measure,
            method,
            "common",
            group_labels=(experimental, control),
            graph_labels=(left, right),
        )

    def _row(self, line: str, at: int, comparison: str, outcome: str, group: str) -> None:
        known = self.outcomes.get((comparison, outcome))
        cells = line[_NUMBERS_AT:].split()
        values = [number(cell) for cell in cells[: len(_NUMBERS)]]
        if known is None or len(values) < len(_NUMBERS) or None in values:
            raise self._broken(at)
        numbers: dict[str, float | None] = dict(zip(_NUMBERS, values, strict=True))
        name = line[_STUDY].strip()
        study = StudyItem(words.study_id(name), name, StudyStatus.INCLUDED, line[_YEAR].strip())
        self.studies.setdefault(name, study)
        order = cells[len(_NUMBERS)] if len(cells) > len(_NUMBERS) else ""
        row = DataRow(
            study.id, {key: numbers[key] for key in words.DATA_OF[known.kind]}, order="" if order == "0" else order
        )
        self.rows.setdefault((comparison, outcome, group), []).append(row)

    def file(self, title: str) -> ReviewFile:
        """The review that the lines make up."""
        comparisons = dict.fromkeys([*self.comparisons, *(comparison for comparison, _ in self.outcomes)])
        what = phrase(
            "A MetaView file names neither measure nor method: counts were read as odds ratios, means as mean"
            " differences, with a common effect. Set them as the review has them."
        )
        return ReviewFile(
            FORMAT,
            self.name,
            title,
            studies=tuple(self.studies.values()),
            comparisons=tuple(map(self._comparison, comparisons)),
            remarks=(Remark(self.name, what, kept=False),),
        )

    def _comparison(self, number_: str) -> ComparisonItem:
        outcomes = (self._whole(key, outcome) for key, outcome in self.outcomes.items() if key[0] == number_)
        name = self.comparisons.get(number_) or f"Comparison {number_}"
        return ComparisonItem(words.comparison_id(number_), number_, name, tuple(outcomes))

    def _whole(self, key: tuple[str, str], outcome: Outcome) -> Outcome:
        """The outcome with its rows; those of subgroup 0 are of none."""
        numbers = dict.fromkeys(
            group for *place, group in (*self.subgroups, *self.rows) if tuple(place) == key and group
        )
        subgroups = tuple(
            SubgroupItem(
                words.subgroup_id(outcome.id, group),
                group,
                self.subgroups.get((*key, group)) or group,
                tuple(self.rows.get((*key, group), ())),
            )
            for group in numbers
        )
        rows = tuple(self.rows.get((*key, ""), ()))
        return replace(outcome, rows=rows, subgroups=subgroups, has_subgroups=bool(subgroups))


def _plain(text: str) -> str:
    """A number without zeros before it; empty for 0."""
    return text.lstrip("0")
