"""References of a review file as the records of one import."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from typing import Any, Final

from core.interchange.model import Identifier, Reference, StudyItem
from core.model import Id, SourceKind
from core.references.normalise import clean_doi, pmid_key, year_of
from core.references.record import ReferenceRecord
from core.session.adoption.rows import Rows
from core.store.staging import record_row

_KINDS: Final = {
    "journal_article": "article",
    "cochrane_review": "article",
    "cochrane_protocol": "article",
    "book": "book",
    "book_section": "chapter",
    "conference_proc": "conference",
    "dissertation": "thesis",
    "unpublished": "report",
}
_PMID_IN_NOTES: Final = re.compile(r"(?:pubmed|pmid|medline)(?:\s*id)?\s*:?\s*(\d{4,8})\b", re.IGNORECASE)
_INITIALS: Final = re.compile(r"(?:[A-Z]\.?[\s-]?){1,4}|(?:Jr|Sr|II|III)\.?")
_HAS_INITIALS: Final = re.compile(r"\s[A-Z][A-Z.]*$|,")
_ET_AL: Final = re.compile(r"[\s,;]*\bet al\b\.?\s*$", re.IGNORECASE)
_AND: Final = re.compile(r"^(?:and|&)\s+|\s+(?:and|&)\s+")


def record_id(rows: Rows, reference: Reference) -> Id:
    """The id of the record that a reference becomes."""
    return rows.id("record", reference.id)


def put_references(rows: Rows, program: str, studies: Iterable[StudyItem]) -> list[dict[str, Any]]:
    """Collect the source and the import; gives the rows of its records, which are not part of the log."""
    given = {r.id: r for study in studies for r in study.references}
    if not given:
        return []
    batch_id, source_id = rows.id("import_batch"), rows.id("source")
    digest = hashlib.sha256()
    found: list[dict[str, Any]] = []
    for position, reference in enumerate(given.values()):
        one = record_of(reference)
        content = one.content_hash()
        digest.update(content.encode())
        found.append(record_row(one, content, record_id(rows, reference), batch_id, position))
    name = f"{program}: {rows.file_name}" if program else rows.file_name
    rows.put("source", source_id, name=name, kind=SourceKind.PREVIOUS.value, position=1)
    rows.put(
        "import_batch",
        batch_id,
        source_id=source_id,
        file_name=rows.file_name,
        file_hash=rows.content_hash,
        format=program or "review file",
        encoding="utf-8",
        records=len(found),
        content_hash=digest.hexdigest(),
    )
    return found


def record_of(reference: Reference) -> ReferenceRecord:
    """A reference as a record. Its title is never empty, so that it can be told from others in a list."""
    r = reference
    delivered = {
        "TYPE": r.kind,
        "NAME": r.name,
        "TO": r.original_title,
        "YR": r.year if r.year.strip() != str(year_of(r.year)) else "",
        "ED": r.editors,
        "PB": r.publisher,
        "CY": r.city,
        "MD": r.medium,
        "EN": r.edition,
    }
    untitled = ". ".join(part for part in (r.authors, r.source, r.year) if part.strip())
    return ReferenceRecord(
        kind=_KINDS.get(r.kind, "other"),
        title=r.title or r.original_title or untitled or r.name or r.id,
        abstract=r.abstract,
        authors=split_authors(r.authors),
        journal=r.source,
        year=year_of(r.year),
        volume=r.volume,
        issue=r.issue,
        pages=r.pages,
        doi=_identifier(r, ("doi",), clean_doi) or clean_doi(r.notes),
        pmid=_identifier(r, ("medline", "pubmed", "pmid"), pmid_key) or _pmid_in(r.notes),
        accession=_identifier(r, ("central", "embase"), str.strip),
        isbn=_identifier(r, ("isbn",), str.strip),
        notes=r.notes,
        extra={tag: (text,) for tag, text in delivered.items() if text},
    )


def split_authors(text: str) -> tuple[str, ...]:
    """The authors of a reference: "Smith AB, Jones C", "Smith, A.; Jones, B.", "Smith, A., Jones, B. and Li C"."""
    text = _ET_AL.sub("", text.strip()).rstrip(" ,;")
    if ";" in text:
        return tuple(part.strip() for part in text.split(";") if part.strip())
    parts = [piece.strip() for part in text.split(",") for piece in _AND.split(part.strip()) if piece.strip()]
    found: list[str] = []
    for part in parts:
        if found and _INITIALS.fullmatch(part) and not _HAS_INITIALS.search(found[-1]):
            found[-1] = f"{found[-1]}, {part}"
        else:
            found.append(part)
    return tuple(found)


def registration_of(study: StudyItem) -> str:
    """The numbers under which trial registers know a study."""
    return "; ".join(dict.fromkeys(i.value.strip() for i in study.identifiers if _is_registration(i)))


def _is_registration(identifier: Identifier) -> bool:
    known = ("ISRCTN", "NCT", "CLINICALTRIALS", "CTG", "EUCTR", "EUDRACT", "ACTRN", "CTRI", "CHICTR", "DRKS", "IRCT",
             "JPRN", "UMIN", "NTR", "PACTR", "WHO", "ICTRP")  # fmt: skip
    kind = identifier.kind.upper().replace(".", "").replace(" ", "")
    return identifier.value.strip() != "" and (kind.startswith(known) or identifier.value.upper().startswith(known[:6]))


def _identifier(reference: Reference, kinds: tuple[str, ...], clean: Any) -> str:
    for one in reference.identifiers:
        if one.kind.casefold() in kinds and (found := clean(one.value)):
            return found
    return ""


def _pmid_in(notes: str) -> str:
    found = _PMID_IN_NOTES.search(notes)
    return found[1] if found else ""
