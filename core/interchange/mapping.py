"""Any table of studies, once somebody has said what its columns mean: first guessed, then read.

A line may hold both groups ("events_1", "events_2"), one arm (then lines of a study are paired, see `study_tables`), an
estimate with its standard error or interval, or judgements on risk of bias and characteristics. Cells may hold two
numbers at once ("12/34", "5.2 (1.1)", "0.7 (0.5 to 0.9)").
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from core.errors import InputError
from core.interchange import words
from core.interchange.cells import NoNumber, Numbers
from core.interchange.guessing import guess, joined
from core.interchange.model import ReviewFile
from core.interchange.study_tables import DIFFERENCE_WORDS, RATIO_WORDS, Result, StudyTables
from core.interchange.tables import key_of
from core.interchange.targets import TARGETS, Columns, label_of
from core.language import Phrase, mark, phrase
from core.pooling.conversions import convert
from core.references import sheets
from core.references.formats import delimited
from core.references.sheets import Sheet

FORMAT: Final = "table"
SUFFIXES: Final = (".csv", ".tsv", ".txt", ".xlsx")
_HEAD: Final = 65_536
_HEADING_ROWS: Final = 5
_WORKBOOK_ROWS: Final = 60

__all__ = ["TARGETS", "Columns", "apply", "guess", "lacking", "read_sheet", "recognise"]


def read_sheet(path: Path) -> Sheet:
    """The table in a file, with one row of headings. Raises InputError when it holds none."""
    return joined(sheets.read_sheet(path))


def is_table(path: Path) -> bool:
    """Whether the file is a table of anything but references, so that it can be said what its columns mean."""
    if path.suffix.lower() not in SUFFIXES or not path.is_file():
        return False
    try:
        _first_rows(path)
    except (InputError, OSError):
        return False
    return True


def recognise(path: Path) -> bool:
    """Whether the file seems to be a table of studies, by its first rows: no references, a column that names studies,
    and numbers or judgements. It is none of a format that says by itself what its columns mean."""
    if path.suffix.lower() not in SUFFIXES or not path.is_file():
        return False
    try:
        sheet = _first_rows(path)
    except (InputError, OSError):
        return False
    columns = guess(joined(sheet))
    telling = [target for target in columns.targets if target and (TARGETS[target].is_number or "rob" in target)]
    return "study" in columns.targets and bool(telling) and not lacking(columns)


def _first_rows(path: Path) -> Sheet:
    if path.suffix.lower() == ".xlsx":
        return sheets.read_sheet(path, _WORKBOOK_ROWS)
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if len(head) == _HEAD:
        head = head[: head.rfind(b"\n") + 1]
    sheet = sheets.sheet_of(head, path.name)
    if delimited.sniff("\n".join(",".join(row) for row in sheet.rows[:_HEADING_ROWS])):
        raise InputError("mapping.references", "{file} is a list of references.", file=path.name)
    return sheet


def lacking(columns: Columns) -> tuple[Phrase, ...]:
    """What keeps a table with such columns from being read, in sentences; empty when nothing does."""
    given = set(columns.targets)
    found: list[Phrase] = []
    if "study" not in given:
        found.append(mark("Say which column names the study."))
    for target in sorted(given - {""}):
        if columns.targets.count(target) > 1 and not TARGETS[target].many:
            found.append(phrase("Two columns are “{target}”. Choose one of them.", target=TARGETS[target].label))
    if given <= {"", "study", "year"}:
        found.append(mark("Say of at least one more column what it means."))
    if given & {"events", "mean", "events_total", "mean_sd"} and "arm" not in given:
        found.append(mark("Lines that hold one arm each need the column that names the arm."))
    if "rob_level" in given and "rob_domain" not in given:
        found.append(mark("Say which column names the domain."))
    return tuple(found)


def apply(sheet: Sheet, columns: Columns, title: str = "") -> ReviewFile:
    """The review that the table holds when its columns mean this.

    Raises InputError that names row and column for a cell that cannot be read, and for columns that are `lacking`.
    """
    problems = lacking(columns)
    if problems:
        raise InputError("mapping.lacking", "{file} cannot be read yet. {what}", file=sheet.name, what=problems[0])
    gathered = StudyTables(FORMAT, sheet.name)
    headings = columns.headings(sheet)
    supports = _supports(columns, headings)
    single = _single_reviewers(sheet, columns)
    for index in range(columns.heading + 1, len(sheet.rows)):
        if index in single:
            continue
        line = _Line(sheet, columns, headings, supports, index)
        name = line.text("study")
        if name:
            line.gather(gathered, name)
        elif any(sheet.rows[index][n] for n, target in enumerate(columns.targets) if target):
            gathered.remark(line.where, phrase("The line names no study. It was left out."))
    if single:
        what = phrase(
            "Of studies with a line of their consensus this was read; the lines of single reviewers ({n}) were left "
            "out.",
            n=len(single),
        )
        gathered.remark(sheet.name, what)
    for n, (heading, target) in enumerate(zip(headings, columns.targets, strict=True)):
        if not target or (target == "rob_support" and n not in supports.values()):
            gathered.remark(sheet.name, phrase("The column “{column}” was not read.", column=heading[:80]))
    return gathered.review_file(title or Path(sheet.name).stem)


def _single_reviewers(sheet: Sheet, columns: Columns) -> frozenset[int]:
    """Rows of what one reviewer extracted of a study, where another row has the consensus (Covidence's data export)."""
    keys = list(map(key_of, sheet.rows[columns.heading]))
    if "reviewername" not in keys:
        return frozenset()
    who, study = keys.index("reviewername"), columns.targets.index("study")
    body = [(n, row) for n, row in enumerate(sheet.rows) if n > columns.heading]
    agreed = {row[study] for _, row in body if row[who].casefold() == "consensus"}
    return frozenset(n for n, row in body if row[study] in agreed and row[who].casefold() != "consensus")


def _supports(columns: Columns, headings: Sequence[str]) -> dict[int, int]:
    """For columns of judgements those of their support: of the same domain by the heading, else the one behind."""
    judged = [n for n, target in enumerate(columns.targets) if target == "rob_judgement"]
    support = [n for n, target in enumerate(columns.targets) if target == "rob_support"]
    keys = {n: key_of(headings[n]) for n in (*judged, *support)}
    found = {n: one for n in judged for one in support if keys[one] == keys[n]}
    behind = {n: n + 1 for n in judged if n + 1 in support and n + 1 not in found.values()}
    return behind | found


@dataclass(frozen=True, slots=True)
class _Line:
    sheet: Sheet
    columns: Columns
    headings: Sequence[str]
    supports: Mapping[int, int]
    index: int

    @property
    def where(self) -> str:
        return f"{self.sheet.name}, row {self.sheet.numbers[self.index]}"

    def text(self, target: str) -> str:
        """The cell of a target, empty when no column is it."""
        if target not in self.columns.targets:
            return ""
        return self.sheet.rows[self.index][self.columns.targets.index(target)]

    def gather(self, gathered: StudyTables, name: str) -> None:
        """Hand on all that the line says of the study."""
        gathered.study(name, year=self.text("year"), data_source=self.text("data_source"))
        if doi := self.text("doi"):
            gathered.identify(name, "DOI", doi)
        for n, (heading, target) in enumerate(zip(self.headings, self.columns.targets, strict=True)):
            cell = self.sheet.rows[self.index][n]
            if target == "characteristic" and cell:
                gathered.characterise(name, heading, cell)
            elif target == "rob_judgement" and cell:
                support = self.sheet.rows[self.index][self.supports[n]] if n in self.supports else ""
                gathered.judge(name, heading, cell, support)
        if domain := self.text("rob_domain"):
            gathered.judge(name, domain, self.text("rob_level"), self.text("rob_reason"))
        result = self._result(name)
        if result is not None:
            gathered.result(result)
        elif footnote := self.text("footnote"):
            gathered.study(name, footnote=footnote)

    def _result(self, name: str) -> Result | None:
        """The line's numbers; None for a table without any."""
        if not any(TARGETS[target].is_number for target in self.columns.targets if target):
            return None
        numbers = self._numbers()
        is_ratio, label = self._effect()
        result = Result(
            self.where, name, self.text("outcome") or Path(self.sheet.name).stem, numbers,
            comparison=self.text("comparison"), subgroup=self.text("subgroup"), time_point=self.text("time_point"),
            arm=self.text("arm"), reference=self.text("reference"),
            groups=(self.text("group_1"), self.text("group_2")), footnote=self.text("footnote"),
        )  # fmt: skip
        if "estimate" in numbers:
            result = replace(result, measure="GENLOG" if is_ratio else "GEN", label=label)
        else:
            result = replace(result, measure=words.MEASURES.get(key_of(self.text("measure")), ""))
        if not result.arm and not result.comparison:
            groups = " versus ".join(filter(None, result.groups))
            result = replace(result, comparison=groups or "Experimental versus control")
        return result

    def _effect(self) -> tuple[bool, str]:
        """Whether the estimate is a ratio, and what it is called: by its own column, else by its heading."""
        word = self.text("measure")
        for heading, target in zip(self.headings, self.columns.targets, strict=True):
            if not word and target in ("estimate", "ratio", "estimate_ci", "ratio_ci"):
                word = heading
        key = key_of(word).removesuffix("95ci").removeprefix("log").removeprefix("ln")
        label = RATIO_WORDS.get(key) or DIFFERENCE_WORDS.get(key) or ""
        ratio = any(target in ("ratio", "ratio_ci") for target in self.columns.targets)
        return ratio or key in RATIO_WORDS, label or (self.text("measure") if not ratio else "")

    # --- numbers -----------------------------------------------------------------------------------------------------

    def _numbers(self) -> dict[str, float | None]:
        found: dict[str, float | None] = {}
        reader = Numbers(self.columns.decimal)
        spreads: dict[str, float | None] = {}
        for n, target in enumerate(self.columns.targets):
            if not target or not TARGETS[target].is_number:
                continue
            cell, side = self.sheet.rows[self.index][n], target[-2:] if target[-2:] in ("_1", "_2") else ""
            base = target.removesuffix(side)
            try:
                if base == "events_total":
                    found[f"events{side}"], found[f"total{side}"] = reader.share(cell) or (None, None)
                elif base == "mean_sd":
                    found[f"mean{side}"], found[f"sd{side}"] = reader.spread(cell) or (None, None)
                elif base == "ci":
                    spreads["ci_start"], spreads["ci_end"] = reader.interval(cell) or (None, None)
                elif base in ("estimate_ci", "ratio_ci"):
                    three = reader.estimate(cell) or (None, None, None)
                    spreads["ci_start"], spreads["ci_end"] = three[1:]
                    spreads[base.removesuffix("_ci")] = three[0]
                elif base in ("ratio", "estimate", "se", "variance", "ci_start", "ci_end", "p"):
                    spreads[base] = reader.number(cell)
                else:
                    found[target] = reader.number(cell)
            except NoNumber as none:
                raise self._refusal(n, cell, none.why) from none
        if spreads:
            found["estimate"], found["se"] = self._estimate(spreads)
        self._check(found)
        return found

    def _estimate(self, given: dict[str, float | None]) -> tuple[float | None, float | None]:
        """Estimate and standard error on the scale of analysis."""
        lower, upper = given.get("ci_start"), given.get("ci_end")
        estimate, se, variance = given.get("estimate"), given.get("se"), given.get("variance")
        if "ratio" in given:
            if min([one for one in (given["ratio"], lower, upper) if one is not None], default=1.0) <= 0:
                raise self._refusal(None, "", mark("A ratio and its interval are above zero."))
            estimate, lower, upper = (
                math.log(one) if one is not None else None for one in (given["ratio"], lower, upper)
            )
        if estimate is None and lower is not None and upper is not None:
            estimate = (lower + upper) / 2
        if se is None and variance is not None:
            se = math.sqrt(variance) if variance > 0 else None
        try:
            if se is None and lower is not None and upper is not None:
                se = convert("se_from_ci", lower=lower, upper=upper, level=self.columns.level)["se"]
            if se is None and estimate and given.get("p"):
                se = convert("estimate_from_p", yi=estimate, p=given["p"])["se"]
        except InputError as error:
            raise self._refusal(None, "", error.message) from error
        if se is not None and se <= 0:
            raise self._refusal(None, "", mark("A standard error is above zero."))
        return estimate, se

    def _check(self, numbers: dict[str, float | None]) -> None:
        for name, value in numbers.items():
            if value is not None and value < 0 and name.startswith(("events", "total", "sd")):
                raise self._refusal(self._column(name), f"{value:g}", mark("It cannot be below zero."))
        for side in ("", "_1", "_2"):
            events, total = numbers.get(f"events{side}"), numbers.get(f"total{side}")
            if events is not None and total is not None and events > total:
                why = phrase("There are more events than people ({total}).", total=f"{total:g}")
                raise self._refusal(self._column(f"events{side}"), f"{events:g}", why)

    def _column(self, name: str) -> int | None:
        """The column that a number came from."""
        base, side = (name[:-2], name[-2:]) if name[-2:] in ("_1", "_2") else (name, "")
        within = {"events": "events_total", "total": "events_total", "mean": "mean_sd", "sd": "mean_sd"}
        for target in (name, f"{within.get(base, '')}{side}"):
            if target in self.columns.targets:
                return self.columns.targets.index(target)
        return None

    def _refusal(self, column: int | None, cell: str, why: str) -> InputError:
        row = self.sheet.numbers[self.index]
        if column is None:
            return InputError(
                "mapping.row", "{file}, row {row}: {why} Nothing was imported. Correct it in the table, or leave its "
                "columns out.", file=self.sheet.name, row=row, why=why,
            )  # fmt: skip
        return InputError(
            "mapping.cell",
            "{file}, row {row}, column “{column}” ({target}): “{cell}”. {why} Nothing was imported. Correct it in the "
            "table, or say that the column means something else.",
            file=self.sheet.name,
            row=row,
            column=self.headings[column],
            target=label_of(self.columns.targets[column]),
            cell=cell[:60],
            why=why,
        )
