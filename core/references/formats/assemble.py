"""From the tags of any format to a record: which tags hold which field, and the cleaning every field needs.

A tag that no field uses stays in the record's ``extra`` as delivered, and so does the delivered text of a field that
had to be cleaned (a DOI taken out of an address, a year out of a date). Nothing an entry says is thrown away.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from dataclasses import fields as fields_of
from functools import lru_cache

from core.references import normalise
from core.references.record import ReferenceRecord

Fields = dict[str, list[str]]
"""The values of each tag in the order of the file; a value may have several lines."""


def _no_kinds() -> dict[str, str]:
    return {}


@dataclass(frozen=True, slots=True, eq=False)
class TagTable:
    """The tags of a format by field, best first.

    Of ``title`` to ``database`` the first tag with a value is used; of ``abstract`` all values of the first tag that
    has any; of ``notes`` to ``serials`` all values of all tags.
    """

    kind: tuple[str, ...] = ()
    title: tuple[str, ...] = ()
    journal: tuple[str, ...] = ()
    container: tuple[str, ...] = ()
    """As ``journal``, for anything but articles."""
    volume: tuple[str, ...] = ()
    issue: tuple[str, ...] = ()
    first_page: tuple[str, ...] = ()
    last_page: tuple[str, ...] = ()
    year: tuple[str, ...] = ()
    doi: tuple[str, ...] = ()
    doi_elsewhere: tuple[str, ...] = ()
    """Tags that hold something else and now and then a DOI."""
    pmid: tuple[str, ...] = ()
    pmid_elsewhere: tuple[str, ...] = ()
    accession: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    database: tuple[str, ...] = ()
    abstract: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    serials: tuple[str, ...] = ()
    kinds: Mapping[str, str] = field(default_factory=_no_kinds)
    """Delivered type, in lower case, to kind; the first entry of a kind is the type that says no more than the kind."""
    extra_prefix: str = ""
    """Put before tags in ``extra``, so that equal tags of different formats stay apart; RIS has none."""


_DOI_SIGN = re.compile(
    r"^\s*10\.\d{4}|doi\.org/|\bdoi\s*[=:]?\s*(?=10[.%])|/doi/(?:abs/|full/|pdf/)?(?=10\.)", re.IGNORECASE
)
_DOI_PATH = re.compile(r"/(?:full|pdf|epdf|abstract|meta|html)$", re.IGNORECASE)
_ANOTHER_REPORT = re.compile(
    r"erratum|corrigend|correct(?:ion|ed)|comment|retract|repl(?:y|ies)|update (?:of|in)", re.IGNORECASE
)
_PMID_NAMED = re.compile(  # spelt out, because ignoring case makes it slow on long texts
    r"(?:PubMed|PUBMED|pubmed(?:\.ncbi\.nlm\.nih\.gov)?|PMID|pmid|Medline|MEDLINE|medline)[\s:/=]*([1-9]\d{3,7})(?!\d)"
)
_PMID_ALONE = re.compile(r"[1-9]\d{4,7}")
_FROM_MEDLINE = re.compile(r"medline|pubmed|\bnlm\b", re.IGNORECASE)
_ISBN = re.compile(r"(?<![\dXx])(?:97[89][- ]?)?(?:\d[- ]?){9}[\dXx](?![\dXx])")
_RUNNING_NUMBER = re.compile(r"\d{1,6}")
_SURNAME_INITIALS = re.compile(r"^[^,;]{2,40}\s(?:[A-Z][.-]?){1,4}(?:,\s*[^,;]{2,40}\s(?:[A-Z][.-]?){1,4})+[.,]?$")
_INITIALS_SURNAME = re.compile(r"^[A-Z]{1,4}\s[^,;]{2,40}(?:,\s*(?:[A-Z]{1,4}\s[^,;]{2,40}|\.\.\.|…))+$")
_BETWEEN_NAMES = re.compile(r";(?![^\[]*\])")
_NO_PAGES = frozenset({"no", "no pagination specified", "no pagination", "(no pagination)", "n/a"})


def assemble(fields: Fields, table: TagTable) -> ReferenceRecord:
    """The record that ``fields`` describe. Empties ``fields`` of what the record uses; the rest becomes ``extra``."""
    table = _narrowed(table, frozenset(fields))
    kind = _kind(fields, table)
    title = _first(fields, table.title)
    abstract = _prose(fields, table.abstract, only_first=True)
    database = _joined(fields, table.database)
    year = _year(fields, table.year)
    pmid = _pmid(fields, table, database)
    doi = _doi(fields, table)
    pages = _pages(fields, table)
    volume = _first(fields, table.volume)
    journal = _first(fields, table.container if kind != "article" and table.container else table.journal, title)
    if not (title or abstract or doi or volume or pages):  # Scopus puts the title of a secondary document there
        title, journal = journal, ""
    issn, isbn = _serials(fields, table.serials)
    return ReferenceRecord(
        kind=kind,
        title=title,
        abstract=abstract,
        authors=_authors(fields, table.authors),
        journal=journal,
        year=year,
        volume=volume,
        issue=_first(fields, table.issue),
        pages=pages,
        doi=doi,
        pmid=pmid,
        accession=_accession(fields, table.accession),
        issn=issn,
        isbn=isbn,
        language=_joined(fields, table.language),
        keywords=_keywords(fields, table.keywords),
        urls=_urls(fields, table.urls),
        database=database,
        notes=_prose(fields, table.notes),
        extra={table.extra_prefix + tag: kept for tag, values in fields.items() if (kept := _lines(values))},
    )


@lru_cache(maxsize=4096)
def _narrowed(table: TagTable, present: frozenset[str]) -> TagTable:
    """The table without the tags an entry does not have: the entries of a file have few different sets of tags."""
    known = {name: getattr(table, name) for name in _TAG_FIELDS}
    return replace(table, **{name: tuple(tag for tag in tags if tag in present) for name, tags in known.items()})


_TAG_FIELDS = tuple(f.name for f in fields_of(TagTable) if f.name not in {"kinds", "extra_prefix"})


def one_line(text: str) -> str:
    """The text (without space around it) with every run of white space as one space."""
    return " ".join(text.split()) if "  " in text or "\n" in text or "\t" in text else text


def _lines(values: list[str]) -> tuple[str, ...]:
    """Every line of every value, without empty ones."""
    joined = "\n".join(values)
    if joined.count("\n") == len(values) - 1:  # as nearly always: one line each
        return tuple(values)
    return tuple(line for part in joined.split("\n") if (line := part.strip()))


def _single_spaced(lines: tuple[str, ...]) -> tuple[str, ...]:
    joined = "\n".join(lines)
    return tuple(map(one_line, lines)) if "  " in joined or "\t" in joined else lines


def _first(fields: Fields, tags: tuple[str, ...], besides: str = "") -> str:
    """The first value of the first tag that has one; equal values of later tags are dropped.

    ``besides`` is a text that must not be taken again: some databases repeat the title where the journal belongs.
    """
    chosen = ""
    for tag in tags:
        values = fields.get(tag)
        if values is None:
            continue
        if len(values) == 1 and not chosen and values[0] != besides:
            del fields[tag]
            chosen = one_line(values[0])
            continue
        texts = [text for value in values if (text := one_line(value)) != besides]
        if not chosen and texts:
            chosen = texts[0]
        _keep(fields, tag, [text for text in texts if text != chosen])
    return chosen


def _joined(fields: Fields, tags: tuple[str, ...]) -> str:
    """All values of the first tag that has any, in one line."""
    for tag in tags:
        values = fields.pop(tag, None)
        if values:
            return one_line(values[0]) if len(values) == 1 else "; ".join(dict.fromkeys(map(one_line, values)))
    return ""


def _keep(fields: Fields, tag: str, values: list[str]) -> None:
    if values:
        fields[tag] = values
    else:
        del fields[tag]


def _prose(fields: Fields, tags: tuple[str, ...], only_first: bool = False) -> str:
    """The values of the tags as paragraphs."""
    paragraphs: list[str] = []
    for tag in tags:
        if tag in fields and not (only_first and paragraphs):
            paragraphs.extend(_lines(fields.pop(tag)))
        elif tag in fields and "\n".join(_lines(fields[tag])) == "\n".join(paragraphs):
            del fields[tag]
    return "\n".join(paragraphs)


def _kind(fields: Fields, table: TagTable) -> str:
    for tag in table.kind:
        values = fields[tag]
        for value in values:
            kind, says_more = _known_kind(table, value)
            if kind:
                if len(values) == 1 and not says_more:
                    del fields[tag]
                return kind
    return "other" if table.kind else "article"


@lru_cache(maxsize=4096)
def _known_kind(table: TagTable, delivered: str) -> tuple[str, bool]:
    """The kind of a delivered type, "" for an unknown one, and whether the type says more than the kind."""
    name = one_line(delivered).lower()
    kind = table.kinds.get(name, "")
    return kind, bool(kind) and name != next(first for first, known in table.kinds.items() if known == kind)


def _year(fields: Fields, tags: tuple[str, ...]) -> int | None:
    year = None
    for tag in tags:
        values = fields[tag]
        if year is None:
            year = next((found for value in values if (found := _year_of(value)) is not None), None)
        if year is not None and str(year) in values:
            _keep(fields, tag, [value for value in values if value != str(year)])
    return year


_year_of = lru_cache(maxsize=4096)(normalise.year_of)


def _doi(fields: Fields, table: TagTable) -> str:
    doi = ""
    for tag in table.doi:
        values = fields.get(tag)
        if values is None:
            continue
        doi = doi or next((found for value in values if (found := normalise.clean_doi(value))), "")
        _keep(fields, tag, [value for value in values if value != doi])
    if doi:
        return doi
    for tag in table.doi_elsewhere:
        for value in fields.get(tag, ()):
            sign = _DOI_SIGN.search(value)
            if sign and not _ANOTHER_REPORT.search(value, 0, sign.start()):
                found = _DOI_PATH.sub("", normalise.clean_doi(value[sign.start() :]))
                if found and not found.startswith("10.1002/central/"):
                    return found
    return ""


def _pmid(fields: Fields, table: TagTable, database: str) -> str:
    for tag in table.pmid:
        values = fields.get(tag)
        if values and (_PMID_ALONE.fullmatch(values[0]) or _PMID_NAMED.search(values[0])):
            pmid = normalise.pmid_key(values[0])
            _keep(fields, tag, [value for value in values if value != pmid])
            return pmid
    for tag in table.pmid_elsewhere:
        for value in fields.get(tag, ()):
            named = _PMID_NAMED.search(value)
            if named and not _ANOTHER_REPORT.search(value, 0, named.start()):
                return named.group(1)
            if tag in table.accession and _PMID_ALONE.fullmatch(value) and _FROM_MEDLINE.search(database):
                return value
    return ""


def _pages(fields: Fields, table: TagTable) -> str:
    first = _first(fields, table.first_page)
    if first.lower() in _NO_PAGES:
        fields[table.first_page[0]] = [first, *fields.get(table.first_page[0], [])]
        return ""
    last = ""
    for tag in table.last_page:
        values = fields.get(tag)
        if values and first:
            last = one_line(values[0])
            if "-" in first and not first.endswith(last):  # the range stands in the first tag already
                return first
            _keep(fields, tag, values[1:])
            break
    return f"{first}-{last}" if last and last != first and "-" not in first else first


def _accession(fields: Fields, tags: tuple[str, ...]) -> str:
    """The database's own number; the running number that reference managers put under ID is none."""
    for tag in tags:
        if not (tag == "ID" and _RUNNING_NUMBER.fullmatch(fields[tag][0])):
            return _first(fields, (tag,))
    return ""


def _serials(fields: Fields, tags: tuple[str, ...]) -> tuple[str, str]:
    issn: list[str] = []
    isbn: list[str] = []
    for tag in tags:
        for value in _lines(fields.pop(tag)) if tag in fields else ():
            (isbn if _is_isbn(value) else issn).append(value)
    return "; ".join(dict.fromkeys(issn)), "; ".join(dict.fromkeys(isbn))


@lru_cache(maxsize=4096)
def _is_isbn(text: str) -> bool:
    return bool(_ISBN.search(text)) and not normalise.issns(text)


def _authors(fields: Fields, tags: tuple[str, ...]) -> tuple[str, ...]:
    authors: list[str] = []
    for tag in tags:
        names = _lines(fields.pop(tag)) if tag in fields else ()
        if len(names) > 1 and not any(";" in name for name in names):
            authors.extend(_single_spaced(names))
        else:
            authors.extend(name for text in names for name in split_authors(text))
    return tuple(authors)


def split_authors(text: str) -> list[str]:
    """The names in a text that may hold several: by ";", or by "," where every piece is a surname with initials."""
    if ";" in text:
        return [name for part in _BETWEEN_NAMES.split(text) if (name := one_line(part.strip()))]
    if "," in text and (_SURNAME_INITIALS.match(text) or _INITIALS_SURNAME.match(text)):
        return [name for part in text.split(",") if (name := one_line(part.strip())) not in {"", "...", "…"}]
    return [one_line(text)] if text else []


def _keywords(fields: Fields, tags: tuple[str, ...]) -> tuple[str, ...]:
    keywords: dict[str, None] = {}
    for tag in tags:
        lines = _lines(fields.pop(tag)) if tag in fields else ()
        if len(lines) == 1 and ";" in lines[0]:
            lines = tuple(word for part in lines[0].split(";") if (word := part.strip()))
        keywords.update(dict.fromkeys(_single_spaced(lines)))
    return tuple(keywords)


def _urls(fields: Fields, tags: tuple[str, ...]) -> tuple[str, ...]:
    urls: dict[str, None] = {}
    for tag in tags:
        glued: list[str] = []
        for line in _lines(fields.pop(tag)) if tag in fields else ():
            pieces = line.split()
            addresses = [piece for piece in pieces if piece.startswith(("http://", "https://"))]
            urls.update(dict.fromkeys(addresses or [line]))
            if addresses and len(addresses) < len(pieces):
                glued.append(line)
        if glued:
            fields[tag] = glued
    return tuple(urls)
