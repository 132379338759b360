"""The study data that RevMan Web takes in and Covidence gives out: four CSV files about studies, not analyses.

- study information: Study, Year, Data source, "Char: Methods" and so on, a line per study;
- study arms: Study, Arm, Description, Intervention, a line per arm;
- study results: Study, Outcome, Data type, Arm, Reference arm and numbers, a line per arm (or per arm against its
  reference: a contrast), with what the calculator of RevMan was given where a number was computed;
- risk of bias: Study, "Domain (judgement): ..." and "Domain (support): ...", a line per study.

Any of them is read with those beside it. Contrasts have their estimate on the scale of analysis in "Mean" and as
people read it in "Exp mean".
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Final

from core.errors import InputError
from core.interchange import words
from core.interchange.cells import NoNumber, Numbers, decimal_of
from core.interchange.model import DataKind, ReviewFile
from core.interchange.study_tables import DIFFERENCE_WORDS, RATIO_WORDS, Result, StudyTables
from core.interchange.tables import Row, Table, heading_keys, key_of, read_table
from core.language import phrase, tr
from core.pooling.conversions import convert
from core.references.encodings import file_bytes

FORMAT: Final = "study_csv"
SUFFIXES: Final = (".csv",)
_HEAD = 65_536
_KINDS: Final = {
    "results": ("study", "outcome", "datatype", "arm"),
    "arms": ("study", "arm", "intervention"),
    "bias": ("study",),
    "information": ("study",),
}
_TELLING: Final = ("arms", "results")
_WORDS_OF_KIND = re.compile(r"(study[ _-]*(information|arms|results|custom.results)|risk[ _-]*of[ _-]*bias).*")
_NUMBERS: Final = (
    *("samplesize", "cases", "mean", "sd", "se", "variance", "cistart", "ciend", "ztest", "pvalue", "expmean"),
    *("expcistart", "expciend"),
)
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:[.,]\d{3})+")
_JUDGEMENT = re.compile(r"\s*(?:domain\s*)?\((judgement|judgment|support)\)\s*:\s*(.+?)\s*", re.IGNORECASE)


def kind_of(head: bytes) -> str:
    """Which of the four files begins like this: results, arms, bias, information; empty for another file."""
    keys = heading_keys(head)
    if "study" not in keys:
        return ""
    for kind in ("results", "arms"):
        if set(_KINDS[kind]) <= keys:
            return kind
    if any(key.startswith(("domainjudgement", "domainjudgment")) for key in keys):
        return "bias"
    is_information = any(key.startswith("char") for key in keys) and len(keys) > 1
    return "information" if is_information or {"year", "datasource"} <= keys else ""


def recognise(head: bytes, path: Path) -> bool:
    """Whether a file that begins like this is one of the four. Study information and risk of bias are of RevMan Web's
    data packages too, so of these only where arms or results are beside them."""
    kind = kind_of(head)
    if path.suffix.lower() not in SUFFIXES or not kind:
        return False
    return kind in _TELLING or any(kind_of(file_bytes(one, _HEAD)) in _TELLING for one in _kin(path))


def read(path: Path) -> ReviewFile:
    """The studies in the file and in those of its kin beside it. Raises InputError for a file that is none of them."""
    if not kind_of(file_bytes(path, _HEAD)):
        raise InputError(
            "study_csv.other",
            "{file} is none of the study files of RevMan Web or Covidence: its headings are others. Say what its "
            "columns mean, or export the files again. Nothing was read.",
            file=path.name,
        )
    return read_files([path, *_kin(path)])


def read_files(paths: Iterable[Path]) -> ReviewFile:
    """The studies in these files; of each kind there may be one or more, or none."""
    chosen = list(dict.fromkeys(paths))
    found: dict[str, list[Path]] = {}
    for path in chosen:
        found.setdefault(kind_of(file_bytes(path, _HEAD)), []).append(path)
    gathered = StudyTables(FORMAT, chosen[0].name)
    for path in found.get("", ()):
        gathered.remark(path.name, phrase("The file is none of the study files of RevMan Web. It was not read."))
    # Arms before results: they say what was given in each.
    for kind, take in (("information", _information), ("arms", _arms), ("results", _results), ("bias", _bias)):
        for path in found.get(kind, ()):
            table = read_table(path.read_bytes(), path.name, _KINDS[kind])
            take(table, gathered)
            gathered.remarks.extend(table.remarks)
    return gathered.review_file()


def _kin(path: Path) -> list[Path]:
    """The other files of the export: of the same name but for the words that say which of the four it is."""
    mine = _WORDS_OF_KIND.sub("", path.stem.lower())
    kinds = {kind_of(file_bytes(path, _HEAD))}
    found: list[Path] = []
    for other in sorted(path.parent.glob("*.[cC][sS][vV]")):
        same = _WORDS_OF_KIND.search(other.stem.lower()) and _WORDS_OF_KIND.sub("", other.stem.lower()) == mine
        kind = kind_of(file_bytes(other, _HEAD)) if other != path and same else ""
        if kind and kind not in kinds:
            kinds.add(kind)
            found.append(other)
    return found


def _named(table: Table, row: Row, gathered: StudyTables) -> str:
    """The study of a line; empty, and told, where none is named."""
    name = row.text("study")
    if not name:
        gathered.remark(table.where(row), phrase("The line names no study. It was left out."))
    return name


def _information(table: Table, gathered: StudyTables) -> None:
    labels = {
        key: re.sub(r"(?i)^\s*char\w*\s*:\s*", "", heading).strip()
        for heading, key in zip(table.headings, table.keys, strict=True)
        if key and key not in ("study", "year", "datasource", "footnotes")
    }
    for row in table.rows:
        if name := _named(table, row, gathered):
            gathered.study(
                name, year=row.text("year"), data_source=row.text("datasource"), footnote=row.text("footnotes")
            )
            for key, label in labels.items():
                gathered.characterise(name, label, row.text(key))


def _arms(table: Table, gathered: StudyTables) -> None:
    for row in table.rows:
        if name := _named(table, row, gathered):
            gathered.arm(name, row.text("arm"), row.text("intervention"), row.text("description"))
    table.unknown(("study", "arm", "intervention", "description"))


def _bias(table: Table, gathered: StudyTables) -> None:
    domains: dict[str, dict[str, str]] = {}
    for heading, key in zip(table.headings, table.keys, strict=True):
        found = _JUDGEMENT.fullmatch(heading)
        if found:
            kind = "support" if found[1].lower() == "support" else "judgement"
            domains.setdefault(found[2], {})[kind] = key
    known = [key for keys in domains.values() for key in keys.values()]
    table.unknown(("study", "outcome", "result", *known))
    for row in table.rows:
        if name := _named(table, row, gathered):
            outcome = row.text("outcome", "result")
            for domain, keys in domains.items():
                title = f"{domain}: {outcome}" if outcome else domain
                support = row.text(keys["support"]) if "support" in keys else ""
                gathered.judge(name, title, row.text(keys["judgement"]) if "judgement" in keys else "", support)


def _results(table: Table, gathered: StudyTables) -> None:
    for row in table.rows:
        name, outcome = _named(table, row, gathered), row.text("outcome")
        if not name:
            continue
        if not outcome or not row.text("arm"):
            what = phrase("The line of “{study}” names no outcome or no arm. It was left out.", study=name)
            gathered.remark(table.where(row), what)
            continue
        reference = row.text("referencearm")
        common = Result(table.where(row), name, outcome, {}, arm=row.text("arm"), footnote=row.text("footnotes"))
        gathered.result(_contrast(table, row, common, reference) if reference else _of_arm(table, row, common))


@lru_cache(maxsize=1)
def _numbers(table: Table) -> Numbers:
    return Numbers(decimal_of(row.text(key) for row in table.rows for key in _NUMBERS))


def _number(table: Table, row: Row, key: str) -> float | None:
    """A number as people type it: "1,234" beside "2.5" has thousands, beside "2,5" decimals."""
    try:
        return _numbers(table).number(row.text(key))
    except NoNumber:
        return table.number(row, key)


def _count(table: Table, row: Row, key: str) -> float | None:
    """How many people: "1.234" are thousands whatever the decimal sign, for there are no parts of people."""
    count = _number(table, row, key)
    if count is not None and not count.is_integer() and _THOUSANDS.fullmatch(row.text(key)):
        return float(re.sub(r"\D", "", row.text(key)))
    return count


def _of_arm(table: Table, row: Row, one: Result) -> Result:
    numbers = {"total": _count(table, row, "samplesize")}
    footnote = one.footnote
    if words.kind_of(row.text("datatype")) is DataKind.DICHOTOMOUS or row.text("cases"):
        numbers["events"] = _count(table, row, "cases")
    else:
        numbers["mean"], numbers["sd"] = _number(table, row, "mean"), _number(table, row, "sd")
        if numbers["sd"] is None and numbers["total"] is not None:
            numbers["sd"] = _sd(table, row, numbers["total"])
            if numbers["sd"] is not None:
                said = tr("The SD of “{arm}” was computed from its standard error or interval.", arm=one.arm)
                footnote = "\n".join(filter(None, (footnote, said)))
    measure = words.MEASURES.get(key_of(row.text("effectmeasure")), "")
    return replace(one, numbers=numbers, measure=measure, footnote=footnote)


def _sd(table: Table, row: Row, total: float) -> float | None:
    """The standard deviation of an arm from its standard error or interval."""
    se, lower, upper = (_number(table, row, key) for key in ("se", "cistart", "ciend"))
    if se is not None:
        return _converted("sd_from_se", "sd", se=se, n=total)
    if lower is not None and upper is not None:
        return _converted("sd_from_ci", "sd", lower=lower, upper=upper, n=total, level=_level(table, row))
    return None


def _contrast(table: Table, row: Row, one: Result, reference: str) -> Result:
    measure = key_of(row.text("effectmeasure"))
    is_ratio = measure in RATIO_WORDS
    given = {key: _number(table, row, key) for key in ("mean", "se", "variance", "cistart", "ciend", "ztest", "pvalue")}
    if is_ratio:
        for key, shown in (("mean", "expmean"), ("cistart", "expcistart"), ("ciend", "expciend")):
            value = _number(table, row, shown)
            if given[key] is None and value is not None and value > 0:
                given[key] = math.log(value)
    estimate, se = _estimate(given, _level(table, row))
    numbers = {"estimate": estimate, "se": se, "total_1": _count(table, row, "samplesize")}
    label = RATIO_WORDS.get(measure) or DIFFERENCE_WORDS.get(measure) or row.text("effectmeasure")
    return replace(one, numbers=numbers, reference=reference, measure="GENLOG" if is_ratio else "GEN", label=label)


def _estimate(given: Mapping[str, float | None], level: float) -> tuple[float | None, float | None]:
    """Estimate and standard error of a contrast, from what was given of it."""
    estimate, se, variance = given["mean"], given["se"], given["variance"]
    lower, upper, z, p = given["cistart"], given["ciend"], given["ztest"], given["pvalue"]
    if lower is not None and upper is not None:
        estimate = (lower + upper) / 2 if estimate is None else estimate
        if se is None and variance is None:
            se = _converted("se_from_ci", "se", lower=lower, upper=upper, level=level)
    if se is None and variance is not None and variance > 0:
        se = math.sqrt(variance)
    if se is None and estimate and z:
        se = abs(estimate / z)
    if se is None and estimate and p:
        se = _converted("estimate_from_p", "se", yi=estimate, p=p)
    return estimate, se


def _level(table: Table, row: Row) -> float:
    level = _number(table, row, "cilevel")
    return 0.95 if level is None else level / 100 if level > 1 else level


def _converted(conversion: str, output: str, **inputs: float) -> float | None:
    """What a conversion gives; None where its input makes no sense, so that the line is listed as incomplete."""
    try:
        return convert(conversion, **inputs)[output]
    except InputError:
        return None
