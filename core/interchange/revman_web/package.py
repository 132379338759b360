"""Reading a data package of RevMan Web: whole (zip or folder), or one of its tables found alone.

A table is known by its headings, not by its file's name; only lists of references say by their name whose they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, NoReturn

from core.errors import InputError
from core.interchange.model import ComparisonItem, Remark, ReviewFile, RobItem
from core.interchange.revman_web import headings, studies
from core.interchange.revman_web.analyses import DECIMALS, Tables, comparisons_of
from core.interchange.revman_web.archive import files_of, looks_like_package
from core.interchange.tables import Row, Table, heading_keys, key_of, read_table
from core.language import phrase

FORMAT: Final = "revman_web"
_ANALYSIS: Final = {"analysisgroup", "analysisnumber"}
_SUFFIXES: Final = (
    *("-overall-estimates-and-settings.csv", "-subgroup-estimates.csv", "-data-rows.csv", "-study-information.csv"),
    *("-risk-of-bias.csv", "-parameters.csv"),
)
_EXPECTED: Final = {
    "overall": "overall-estimates-and-settings.csv",
    "subgroups": "subgroup-estimates.csv",
    "rows": "data-rows.csv",
    "information": "study-information.csv",
}


@dataclass(slots=True)
class _Found:
    """The files of a package by what they are."""

    tables: dict[str, Table] = field(default_factory=dict[str, Table])
    lists: dict[str, bytes] = field(default_factory=dict[str, bytes])
    remarks: list[Remark] = field(default_factory=list[Remark])


def recognise(head: bytes, path: Path) -> bool:
    """Whether a file that begins so, or a folder, is a data package, or one of its tables."""
    return looks_like_package(head, path) or bool(_kind(heading_keys(head)))


def _kind(keys: set[str]) -> str:
    """Which table has these columns: overall, subgroups, rows, information, risk_of_bias, or none."""
    if keys >= _ANALYSIS and "study" in keys and keys & {"givmean", "experimentaln", "applicability"}:
        return "rows"
    if keys >= _ANALYSIS and {"datatype", "effectmeasure"} <= keys:
        return "overall"
    if keys >= _ANALYSIS and {"subgroup", "cistart"} <= keys:
        return "subgroups"
    if "study" in keys and any(key.startswith("domainjudgement") for key in keys):
        return "risk_of_bias"
    if "study" in keys and ("datasource" in keys or "charmethods" in keys) and not keys & {"title", "abstract"}:
        return "information"
    return ""


def read(path: Path) -> ReviewFile:
    """The review in a data package. What is missing of it, or has no place, is told in its remarks. Raises InputError
    for a zip that cannot be trusted or read, for several packages at once, and where nothing of a package is found."""
    files = files_of(path)
    found = _sorted(files, path.name)
    if not found.tables and not found.lists:
        raise InputError(
            "revman_web.nothing",
            "{file} holds none of the tables of a data package (data rows, overall estimates, study information)."
            " Download the data package of the review again. Nothing was read.",
            file=path.name,
        )
    if path.is_dir() or len(files) > 1:
        for kind, ending in _EXPECTED.items():
            if kind not in found.tables:
                what = phrase("The package has no {name}. What it would say is missing.", name=ending)
                found.remarks.append(Remark(path.name, what, kept=False))
    return _review(found, path.name, _review_id(files) or path.stem)


def _sorted(files: Mapping[str, bytes], package: str) -> _Found:
    """Every file under what it is; what is none of a package's tables is told."""
    found = _Found()
    ids = {id for name in files if (id := _id_of(name))}
    if len(ids) > 1:
        _refuse_several(package, sorted(ids))
    for name, data in files.items():
        if name.lower().endswith(".ris"):
            found.lists[name] = data
            continue
        kind = _kind(heading_keys(data[:65_536]))
        if name.endswith("-parameters.csv"):
            what = phrase("This is a review of diagnostic test accuracy, whose results are not read.")
            found.remarks.append(Remark(name, what, kept=False))
        elif kind in ("rows", "overall") and kind in found.tables:
            _refuse_several(package, [found.tables[kind].name, name])
        elif not kind or kind in found.tables:
            what = phrase("The table is none of those that are read from a data package. It was left out.")
            found.remarks.append(Remark(name, what, kept=False))
        else:
            found.tables[kind] = read_table(data, name)
    return found


def _refuse_several(package: str, ids: Sequence[str]) -> NoReturn:
    """The rows of one review beside the settings of another would be nobody's results."""
    raise InputError(
        "revman_web.several",
        "{file} holds the data packages of several reviews: {ids}. Open them one by one. Nothing was read.",
        file=package,
        ids=", ".join(ids[:10]),
    )


def _id_of(name: str) -> str:
    return next((name.removesuffix(ending) for ending in _SUFFIXES if name.endswith(ending)), "")


def _review_id(files: Mapping[str, bytes]) -> str:
    return next((id for name in files if (id := _id_of(name))), "")


def _review(found: _Found, name: str, identity: str) -> ReviewFile:
    tables = Tables(found.tables.get("overall"), found.tables.get("subgroups"), found.tables.get("rows"))
    remarks = found.remarks
    comparisons = comparisons_of(tables, remarks)
    known = studies.Studies()
    if information := found.tables.get("information"):
        known.information(information)
    others = [pair for pair in found.lists.items() if studies.status_of(pair[0]) is None]
    for list_name, data in found.lists.items():
        if status := studies.status_of(list_name):
            known.references(list_name, data, status, remarks)
    of_none = (one for list_name, data in others for one in studies.other_references(list_name, data, remarks))
    references = [replace(one, reference=replace(one.reference, id=f"REF-{n}")) for n, one in enumerate(of_none, 1)]
    risk = _risk_of_bias(found, tables, comparisons, known)
    for row in tables.rows.rows if tables.rows else ():
        if row.text("study"):
            known.named(row.text("study"), row.text("studyyear"))
    _tell_unknown(found)
    for table in found.tables.values():
        remarks.extend(table.remarks)
    return ReviewFile(
        FORMAT,
        name,
        _title(tables.rows) or identity,
        studies=tuple(known.by_name.values()),
        other_references=tuple(references),
        risk_of_bias=risk,
        comparisons=comparisons,
        remarks=tuple(remarks),
        decimals=DECIMALS,
    )


def _risk_of_bias(
    found: _Found, tables: Tables, comparisons: tuple[ComparisonItem, ...], known: studies.Studies
) -> tuple[RobItem, ...]:
    outcomes = {(one.number, outcome.number): outcome for one in comparisons for outcome in one.outcomes}
    table = found.tables.get("risk_of_bias")
    items = studies.per_study(table, known) if table else ()
    return items or (studies.per_result(tables.rows, outcomes) if tables.rows else ())


def _title(rows: Table | None) -> str:
    """The DOI that a collection of rows gives for their review."""
    first: Row | None = next(iter(rows.rows), None) if rows else None
    return first.text("reviewdoi") if first else ""


def _tell_unknown(found: _Found) -> None:
    for kind, table in found.tables.items():
        known = {*map(key_of, (*_COLUMNS[kind], *headings.OF_COLLECTIONS)), "df"}
        if kind == "information":
            known |= {key for key in table.keys if key.startswith("char")}
        elif kind == "risk_of_bias":
            known |= {key for key in table.keys if key.startswith("domain")}
        elif kind == "rows":
            known |= studies.result_columns(table)
        table.unknown(known)


_COLUMNS: Final = {
    "overall": [one for one in (*headings.OVERALL, *headings.OLDER) if one not in headings.NOT_PLACED],
    "subgroups": headings.SUBGROUPS,
    "rows": headings.ROWS,
    "information": headings.STUDIES,
    "risk_of_bias": ("Study",),
}
