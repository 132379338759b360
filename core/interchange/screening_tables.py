"""Records with the decisions on them, written for other screening programs and for a spreadsheet.

All forms are read back by Copse with their decisions (`screening_exports`); what a screening program had written among
a record's notes is left out, since it may say more than whoever exports may see.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from core.interchange.screening_exports import Decision, rayyan_notes, without_decisions
from core.model import Stage
from core.references.formats import ris
from core.references.formulas import harmless
from core.references.record import ReferenceRecord

FORMS: Final = ("copse", "rayyan", "covidence", "ris")
"""What records can be written as: a table of Copse's own, one that Rayyan or Covidence takes, or RIS."""

_RAYYAN: Final = (
    "key,title,year,month,day,journal,issn,volume,issue,pages,authors,url,language,publisher,location,abstract,notes,"
    "doi,keywords,pubmed_id,pmc_id"
)
_COVIDENCE: Final = (
    "Title,Authors,Abstract,Published Year,Published Month,Journal,Volume,Issue,Pages,Accession Number,DOI,Ref,"
    "Covidence #,Study,Notes,Tags"
)
_STAGES: Final = {Stage.TITLE_ABSTRACT: "title/abstract", Stage.FULL_TEXT: "full text"}


@dataclass(frozen=True, slots=True)
class Exported:
    """A record to be written: its number, what it was imported as, the sources that delivered it, its decisions."""

    number: int
    record: ReferenceRecord
    sources: tuple[str, ...]
    decisions: tuple[Decision, ...]


def write(records: Sequence[Exported], form: str, stage: Stage = Stage.TITLE_ABSTRACT) -> str:
    """The records in one of `FORMS`. Rayyan and RIS know no stages: they get the decisions of ``stage``."""
    if form == "ris":
        return ris.write(replace(one.record, notes=_notes(one, stage), extra=_extra(one.record)) for one in records)
    if form == "rayyan":
        return _table(_RAYYAN.split(","), [_rayyan(one, stage) for one in records])
    if form == "covidence":
        people = _Columns(records)
        return _table(
            [*_COVIDENCE.split(","), *people.headings], [[*_covidence(one), *people.cells(one)] for one in records]
        )
    if form != "copse":
        raise ValueError(form)
    people = _Columns(records)
    rows = [[*_copse(one), *people.cells(one)] for one in records]
    return _table([*_COPSE.split(","), *people.headings], [[harmless(cell) for cell in row] for row in rows])


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(headings)
    writer.writerows(rows)
    return out.getvalue()


def _notes(one: Exported, stage: Stage) -> str:
    return rayyan_notes(one.record.notes, [d for d in one.decisions if d.stage in (None, stage)])


def _extra(record: ReferenceRecord) -> dict[str, tuple[str, ...]]:
    """What the record has beyond its fields, without what a screening program wrote."""
    kept = {
        tag: tuple(value for value in values if "RAYYAN-" not in value and "USER-NOTES" not in value)
        for tag, values in record.extra.items()
    }
    return {tag: values for tag, values in kept.items() if values}


def _year(record: ReferenceRecord) -> str:
    return "" if record.year is None else str(record.year)


def _rayyan(one: Exported, stage: Stage) -> list[str]:
    r = one.record
    url = r.urls[0] if r.urls else ""
    return [
        f"copse-{one.number}", r.title, _year(r), "", "", r.journal, r.issn, r.volume, r.issue, r.pages,
        " and ".join(r.authors), url, r.language, "", "", r.abstract, _notes(one, stage), r.doi,
        "; ".join(r.keywords), r.pmid, "",
    ]  # fmt: skip


def _covidence(one: Exported) -> list[str]:
    r = one.record
    number = next(iter(r.extra.get("csv:covidence #", ())), "")
    study = next(iter(r.extra.get("csv:study", ())), "")
    return [
        r.title, "; ".join(r.authors), r.abstract, _year(r), "", r.journal, r.volume, r.issue, r.pages, r.accession,
        r.doi, str(one.number), number, study, without_decisions(r.notes), "",
    ]  # fmt: skip


_COPSE: Final = (
    "Number,Title,Authors,Year,Journal,Volume,Issue,Pages,DOI,PMID,Accession Number,ISSN,Language,Keywords,URLs,"
    "Abstract,Notes,Sources"
)


def _copse(one: Exported) -> list[str]:
    r = one.record
    return [
        str(one.number), r.title, "; ".join(r.authors), _year(r), r.journal, r.volume, r.issue, r.pages, r.doi, r.pmid,
        r.accession, r.issn, r.language, "; ".join(r.keywords), " ".join(r.urls), r.abstract,
        without_decisions(r.notes), "; ".join(one.sources),
    ]  # fmt: skip


class _Columns:
    """Columns for each reviewer who has decided: the name, and for each stage decision, reason and note."""

    def __init__(self, records: Sequence[Exported]) -> None:
        given = [decision for one in records for decision in one.decisions]
        self._names = list(dict.fromkeys(decision.reviewer for decision in given))
        self._stages = [stage for stage in Stage if any(decision.stage is stage for decision in given)]
        self.headings: list[str] = []
        for n in range(1, len(self._names) + 1):
            self.headings.append(f"Reviewer {n}")
            for stage in self._stages:
                self.headings += [f"Reviewer {n} {_STAGES[stage]} {what}" for what in ("decision", "reason", "note")]

    def cells(self, one: Exported) -> list[str]:
        """The cells of a record under `headings`."""
        said = {(decision.reviewer, decision.stage): decision for decision in one.decisions}
        cells: list[str] = []
        for name in self._names:
            cells.append(name if any(who == name for who, _ in said) else "")
            for stage in self._stages:
                cells += _said(said.get((name, stage)))
        return cells


def _said(decision: Decision | None) -> tuple[str, str, str]:
    if decision is None:
        return "", "", ""
    verdict = "" if decision.verdict is None else decision.verdict.value
    return verdict, "; ".join(reason.replace(";", ",") for reason in decision.reasons), decision.note
