"""Studies, their references and risk of bias in a data package."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from core.errors import InputError
from core.interchange import words
from core.interchange.model import (
    Characteristic,
    Identifier,
    OtherReference,
    Outcome,
    Reference,
    Remark,
    RobGroup,
    RobItem,
    RobJudgement,
    RobLevel,
    StudyItem,
)
from core.interchange.revman_web.headings import CHARACTERISTICS
from core.interchange.revman_web.markup import plain_and_html
from core.interchange.tables import Row, Table, key_of
from core.language import phrase
from core.model import StudyStatus
from core.references import reading
from core.references.record import ReferenceRecord

_STATUS_WORDS: Final = {
    "included": StudyStatus.INCLUDED,
    "excluded": StudyStatus.EXCLUDED,
    "awaiting": StudyStatus.AWAITING,
    "ongoing": StudyStatus.ONGOING,
}
_LEVELS: Final = {
    "low": RobLevel.LOW,
    "lowrisk": RobLevel.LOW,
    "lowriskofbias": RobLevel.LOW,
    "unclear": RobLevel.UNCLEAR,
    "unclearrisk": RobLevel.UNCLEAR,
    "unclearriskofbias": RobLevel.UNCLEAR,
    "someconcerns": RobLevel.UNCLEAR,
    "high": RobLevel.HIGH,
    "highrisk": RobLevel.HIGH,
    "highriskofbias": RobLevel.HIGH,
}
LEVEL_WORDS: Final = {RobLevel.LOW: "Low risk", RobLevel.UNCLEAR: "Unclear risk", RobLevel.HIGH: "High risk"}
_KINDS: Final = {
    "article": "journal_article",
    "book": "book",
    "chapter": "book_section",
    "conference": "conference_proc",
    "preprint": "unpublished",
}
_DOMAIN: Final = re.compile(r"\s*Domain[ .]*\(?(judge?ment|support)\)?[ .:]*(.*)", re.IGNORECASE | re.DOTALL)
_OF_RESULT: Final = re.compile(r"(.*\S)[ .]+\(?(judge?ment|support)\)?\.?", re.IGNORECASE | re.DOTALL)
_NAMED: Final = re.compile(r"^NS {1,2}- ?(.*)$", re.MULTILINE)
_TAGS: Final = re.compile(r"^(?!TY|ER|ID)[A-Z][A-Z0-9] {1,2}- ?\S", re.MULTILINE)
_IDENTIFIER: Final = re.compile(r"([A-Z][A-Za-z ]*): (\S.*)")


@dataclass(slots=True)
class Studies:
    """The studies found so far, by name."""

    by_name: dict[str, StudyItem] = field(default_factory=dict[str, StudyItem])

    def named(self, name: str, year: str = "") -> StudyItem:
        """The study of this name; it is added where it is not known yet."""
        known = self.by_name.get(name) or StudyItem(words.study_id(name), name, StudyStatus.INCLUDED)
        self.by_name[name] = replace(known, year=known.year or year.removesuffix(".0"))
        return self.by_name[name]

    def information(self, table: Table) -> None:
        """Take in the table of study information."""
        titles = [(key, heading[5:].strip()) for key, heading in _columns(table) if key.startswith("char")]
        for row in table.rows:
            if not (name := row.text("study")):
                table.remark(row, phrase("The line names no study. It was not read."))
                continue
            fields = tuple(_characteristic(title, row.text(key)) for key, title in titles if row.text(key))
            status = StudyStatus.INCLUDED
            if any(one.key == "reason_for_exclusion" for one in fields):
                status = StudyStatus.EXCLUDED
            study = replace(self.named(name, row.text("year")), status=status, data_source=row.text("datasource"))
            self.by_name[name] = replace(study, characteristics=fields)

    def references(self, name: str, data: bytes, status: StudyStatus, remarks: list[Remark]) -> None:
        """Take in a list of the references of studies; the list says the status of the studies in it."""
        known = {" ".join(one.split()): one for one in self.by_name}  # blanks are not kept in a list of references
        for study_name, reference in _references(name, data, remarks):
            title = known.get(study_name, study_name) or reference.name
            study = replace(self.named(title, reference.year), status=status)
            if reference.title or reference.authors or reference.identifiers:
                number = f"{study.id.replace('STD-', 'REF-', 1)}-{len(study.references) + 1}"
                one = replace(reference, id=number, name=title, primary=not study.references)
                study = replace(study, references=(*study.references, one))
            self.by_name[title] = study


def status_of(file_name: str) -> StudyStatus | None:
    """The status of the studies in a list of references, by the end of its name; None for references of no study."""
    stem = file_name.lower().removesuffix(".ris")
    return next((status for word, status in _STATUS_WORDS.items() if stem.endswith(word)), None)


def other_references(name: str, data: bytes, remarks: list[Remark]) -> Iterator[OtherReference]:
    """The references of no study in a list; they have no ids yet."""
    lower = name.lower()
    category = "other_versions" if "version" in lower else "additional"
    if "pending" in lower or "classification" in lower:
        category = "pending"
    for title, reference in _references(name, data, remarks):
        yield OtherReference(category, replace(reference, name=title or reference.name))


def _columns(table: Table) -> Iterator[tuple[str, str]]:
    return zip(table.keys, table.headings, strict=True)


def _characteristic(title: str, text: str) -> Characteristic:
    title = title if " " in title else title.replace(".", " ")  # as R names columns
    return Characteristic(CHARACTERISTICS.get(title, title), title, *plain_and_html(text))


# --- references -------------------------------------------------------------------------------------------------------


def _references(name: str, data: bytes, remarks: list[Remark]) -> Iterator[tuple[str, Reference]]:
    """Each entry of a list: the study it is of (its NS line), and the reference, of which there may be only that."""
    if not data.strip(b"\xef\xbb\xbf \r\n\t"):
        return
    try:
        parsed = reading.read_bytes(data, name)
    except InputError as error:
        remarks.append(
            Remark(name, phrase("The references could not be read: {reason}", reason=str(error)), kept=False)
        )
        return
    for entry in parsed.rejected:  # most often nothing but the name of a study
        found = _NAMED.search(entry.raw)
        if found:
            yield found.group(1).strip(), Reference("")
        if not found or len(_TAGS.findall(entry.raw)) > 1:
            what = phrase("The reference has neither a title nor a DOI. It was left out.")
            remarks.append(Remark(f"{name}, line {entry.line}", what, kept=False))
    for record in parsed.records:
        yield " ".join(record.extra.get("NS", ())).strip(), _reference(record)


def _reference(record: ReferenceRecord) -> Reference:
    first = record.authors[0].split(",")[0] if record.authors else record.title[:40]
    year = "" if record.year is None else str(record.year)
    identifiers = [Identifier(kind, value) for kind, value in (("DOI", record.doi), ("MEDLINE", record.pmid)) if value]
    for text in record.extra.get("C1", ()):
        if found := _IDENTIFIER.fullmatch(text):
            identifiers.append(Identifier(found.group(1), found.group(2)))
    return Reference(
        "",
        kind=_KINDS.get(record.kind, "other"),
        name=f"{first} {year}".strip(),
        authors=", ".join(author.replace(",", "") for author in record.authors),
        title=record.title,
        source=record.journal,
        year=year,
        volume=record.volume,
        issue=record.issue,
        pages=record.pages,
        publisher=" ".join(record.extra.get("PB", ())),
        city=" ".join(record.extra.get("CY", ())),
        edition=" ".join(record.extra.get("ET", ())),
        notes=record.notes,
        abstract=record.abstract,
        identifiers=tuple(identifiers),
    )


# --- risk of bias -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Domain:
    """A domain of risk of bias: its name, and the keys of its columns."""

    name: str
    judgement: str
    support: str


def _domains(table: Table, pattern: re.Pattern[str], name_at: int, word_at: int) -> list[_Domain]:
    columns: dict[str, dict[str, str]] = {}
    for key, heading in _columns(table):
        if found := pattern.fullmatch(heading):
            name = found.group(name_at).strip()
            name = name if " " in name else name.replace(".", " ")
            columns.setdefault(name, {})["support" if "supp" in found.group(word_at).lower() else "judgement"] = key
    return [_Domain(name, keys.get("judgement", ""), keys.get("support", "")) for name, keys in columns.items()]


def is_risk_of_bias(table: Table) -> bool:
    """Whether a table has a study's judgements in columns "Domain (judgement): ..."."""
    return table.has("study") and bool(_domains(table, _DOMAIN, 2, 1))


def per_study(table: Table, studies: Studies) -> tuple[RobItem, ...]:
    """The items of a table with a line per study. An item judged for several outcomes has a column for each, named
    "item: outcome"."""
    domains = _domains(table, _DOMAIN, 2, 1)
    by_item: dict[str, list[tuple[str, _Domain]]] = {}
    stems = [domain.name.rpartition(": ")[0] for domain in domains]
    for domain, stem in zip(domains, stems, strict=True):
        shared = stem and (stems.count(stem) > 1 or domain.name.endswith(": All outcomes"))
        group = domain.name.rpartition(": ")[2] if shared else ""
        by_item.setdefault(stem if shared else domain.name, []).append((group, domain))
    for row in table.rows:
        studies.named(row.text("study"))
    return tuple(_item(table, n, name, columns) for n, (name, columns) in enumerate(by_item.items(), start=1))


def _item(table: Table, number: int, name: str, columns: list[tuple[str, _Domain]]) -> RobItem:
    grouped = any(group for group, _ in columns)
    names = [group for group, _ in columns if group]
    groups = tuple(RobGroup(_group_id(number, n), group) for n, group in enumerate(names, start=1))
    of_name = {group.name: group.id for group in groups}
    judgements = (
        _judgement(words.study_id(row.text("study")), of_name.get(group, ""), domain, row)
        for group, domain in columns
        for row in table.rows
    )
    found = tuple(judgement for judgement in judgements if judgement)
    return RobItem(_item_id(number), str(number), name, by_group=grouped, groups=groups, judgements=found)


def _item_id(number: int) -> str:
    return f"QIT-{number:02}"


def _group_id(item: int, number: int) -> str:
    return f"QIG-{item:02}.{number:02}"


def _judgement(study: str, group: str, domain: _Domain, row: Row) -> RobJudgement | None:
    """The judgement in a line; None where the cells are empty. Another word than the three levels is kept."""
    word = row.text(domain.judgement)
    support = row.text(domain.support)
    if not word and not support:
        return None
    level = _LEVELS.get(key_of(word))
    plain = level is not None and word.casefold() == LEVEL_WORDS[level].casefold()
    text, html = plain_and_html(support)
    return RobJudgement(study, group, level, text, html, "" if plain else word)


def result_columns(table: Table) -> set[str]:
    """The keys of columns such as "Overall bias (judgement)" beside the rows of analyses."""
    domains = _domains(table, _OF_RESULT, 1, 2)
    return {key for domain in domains for key in (domain.judgement, domain.support)} - {""}


def per_result(table: Table, outcomes: Mapping[tuple[str, str], Outcome]) -> tuple[RobItem, ...]:
    """The items judged for each result (RoB 2): every analysis is a group of its own. A study that is judged otherwise
    in another subgroup of the same analysis makes each of its subgroups a group."""
    keyed: dict[tuple[str, str], list[Row]] = {}
    for row in table.rows:
        keyed.setdefault((_number(row, "analysisgroup"), _number(row, "analysisnumber")), []).append(row)
    return tuple(
        _item_of_results(n, domain, keyed, outcomes)
        for n, domain in enumerate(_domains(table, _OF_RESULT, 1, 2), start=1)
        if domain.judgement and any(row.text(domain.judgement) for row in table.rows)
    )


def _number(row: Row, key: str) -> str:
    return row.text(key).removesuffix(".0")


def _item_of_results(
    number: int,
    domain: _Domain,
    keyed: Mapping[tuple[str, str], list[Row]],
    outcomes: Mapping[tuple[str, str], Outcome],
) -> RobItem:
    groups: list[RobGroup] = []
    judgements: list[RobJudgement] = []
    for key, rows in keyed.items():
        if (outcome := outcomes.get(key)) is None:  # a line that names no analysis
            continue
        for name, part in _groups_of(domain, outcome, rows):
            one = RobGroup(_group_id(number, len(groups) + 1), name, (outcome.id,))
            found = [_judgement(words.study_id(row.text("study")), one.id, domain, row) for row in part]
            kept = {judgement.study_id: judgement for judgement in reversed(found) if judgement}
            if kept:
                groups.append(one)
                judgements.extend(reversed(kept.values()))
    return RobItem(
        _item_id(number),
        str(number),
        domain.name,
        by_group=True,
        groups=tuple(groups),
        judgements=tuple(judgements),
    )


def _groups_of(domain: _Domain, outcome: Outcome, rows: list[Row]) -> Iterator[tuple[str, list[Row]]]:
    said: dict[str, set[tuple[str, str]]] = {}
    for row in rows:
        said.setdefault(row.text("study"), set()).add((row.text(domain.judgement), row.text(domain.support)))
    if all(len(texts) == 1 for texts in said.values()):
        yield outcome.name, rows
        return
    for subgroup in dict.fromkeys(row.text("subgroup") for row in rows):
        name = f"{outcome.name}: {subgroup}" if subgroup else outcome.name
        yield name, [row for row in rows if row.text("subgroup") == subgroup]
