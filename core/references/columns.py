"""Tables of references whose headings nobody knows: what their columns seem to mean, and the records once that is said.

A heading of a language not foreseen, or none at all, does not keep a table out: contents tell much (a DOI, a year), and
the person who imports says the rest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from core.errors import InputError
from core.language import Phrase, mark, phrase
from core.references.formats import delimited
from core.references.formats.assemble import assemble
from core.references.record import ParsedFile, ReferenceRecord, RejectedEntry
from core.references.sheets import Sheet, read_sheet

_LOOKED_AT = 60


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a column of references may hold: its key, its name, the heading that tells it to `delimited`, and headings
    in other languages (small letters)."""

    key: str
    label: Phrase
    heading: str
    others: tuple[str, ...] = ()


_ALL: Final = (
    Meaning("title", mark("Title"), "title", (
        "titel", "titre", "título", "titulo", "titolo", "article", "name", "paper", "study title", "paper title")),
    Meaning("authors", mark("Authors"), "authors", (
        "autor", "autoren", "auteur", "auteurs", "autores", "autori", "creator", "creators", "first author",
        "contributors")),
    Meaning("year", mark("Year"), "year", ("jahr", "année", "annee", "año", "ano", "anno", "pub year", "pubyear")),
    Meaning("journal", mark("Journal"), "journal", (
        "zeitschrift", "revue", "revista", "rivista", "publication name", "source", "quelle", "journal name")),
    Meaning("abstract", mark("Abstract"), "abstract", (
        "zusammenfassung", "résumé", "resume", "resumen", "resumo", "summary", "abstract text")),
    Meaning("doi", mark("DOI"), "doi", ("doi link", "doi url", "digital object identifier")),
    Meaning("pmid", mark("PubMed id"), "pmid", ("pubmed",)),
    Meaning("volume", mark("Volume"), "volume", ("band", "jahrgang", "volumen")),
    Meaning("issue", mark("Issue"), "issue", ("heft", "ausgabe", "numéro", "numero", "número")),
    Meaning("pages", mark("Pages"), "pages", ("seiten", "seite", "páginas", "paginas", "page")),
    Meaning("keywords", mark("Keywords"), "keywords", ("schlagwörter", "stichwörter", "palabras clave", "mots-clés")),
    Meaning("url", mark("Address (URL)"), "url", ("website", "address")),
    Meaning("accession", mark("Accession number"), "accession number", ("id", "record id", "identifier")),
    Meaning("language", mark("Language"), "language", ("sprache", "langue", "idioma", "lingua")),
    Meaning("database", mark("Database"), "database", ("datenbank", "base")),
    Meaning("notes", mark("Notes"), "notes", ("notizen", "bemerkung", "comments", "comment")),
)  # fmt: skip
MEANINGS: Final = {one.key: one for one in _ALL}
"""All meanings by key, in the order they are offered."""

_BY_TABLE: Final = {
    "title": delimited.TABLE.title,
    "authors": delimited.TABLE.authors,
    "year": delimited.TABLE.year,
    "journal": delimited.TABLE.journal,
    "abstract": delimited.TABLE.abstract,
    "doi": delimited.TABLE.doi,
    "pmid": delimited.TABLE.pmid,
    "volume": delimited.TABLE.volume,
    "issue": delimited.TABLE.issue,
    "pages": delimited.TABLE.first_page,
    "keywords": delimited.TABLE.keywords,
    "url": delimited.TABLE.urls,
    "accession": delimited.TABLE.accession,
    "language": delimited.TABLE.language,
    "database": delimited.TABLE.database,
    "notes": delimited.TABLE.notes,
}


@dataclass(frozen=True, slots=True)
class ReferenceColumns:
    """What the columns of a sheet mean: a key of `MEANINGS` for each, empty for one that is kept under its heading
    only. ``heading`` is the index of the row of headings, -1 where there is none."""

    meanings: tuple[str, ...]
    heading: int = 0


def guess(sheet: Sheet) -> ReferenceColumns:
    """What the columns seem to mean, by their headings, else by what they hold."""
    heading = _heading_row(sheet)
    body = sheet.rows[heading + 1 : heading + 1 + _LOOKED_AT]
    found = [""] * sheet.width
    if heading >= 0:
        for n, title in enumerate(sheet.rows[heading]):
            meaning = _by_heading(title)
            if meaning not in found:
                found[n] = meaning
    cells = [[row[n] for row in body if row[n]] for n in range(sheet.width)]
    for key, score in _SIGNS:
        if key not in found:
            scores = [(score(cells[n]), -n) for n in range(sheet.width) if not found[n] and cells[n]]
            best = max(scores, default=(0.0, 0))
            if best[0] > 0.5:
                found[-best[1]] = key
    return ReferenceColumns(tuple(found), heading)


def lacking(columns: ReferenceColumns) -> tuple[Phrase, ...]:
    """What keeps a table with such columns from being imported, in sentences; empty when nothing does."""
    given = [one for one in columns.meanings if one]
    problems: list[Phrase] = []
    for key in dict.fromkeys(given):
        if given.count(key) > 1:
            problems.append(phrase("Two columns are “{target}”. Choose one of them.", target=MEANINGS[key].label))
    if not {"title", "abstract", "doi"} & set(given):
        problems.append(mark("Say which column is the title (or the abstract, or the DOI)."))
    return tuple(problems)


def read_columns(path: Path, columns: ReferenceColumns) -> ParsedFile:
    """The references of a table whose columns mean this. InputError when it is no table, or something is `lacking`."""
    return records_of(read_sheet(path), columns)


def records_of(sheet: Sheet, columns: ReferenceColumns) -> ParsedFile:
    """As `read_columns`, for a sheet that has been read. What a column without a meaning holds is kept under its
    heading."""
    problems = lacking(columns)
    if problems or len(columns.meanings) != sheet.width:
        raise InputError(
            "columns.lacking",
            "{file} cannot be imported yet. {what} Nothing was imported.",
            file=sheet.name,
            what=problems[0] if problems else mark("It has other columns than those that were described."),
        )
    titles = sheet.rows[columns.heading] if columns.heading >= 0 else ("",) * sheet.width
    names = [
        MEANINGS[meaning].heading if meaning else _kept_under(title)
        for meaning, title in zip(columns.meanings, titles, strict=True)
    ]
    records: list[ReferenceRecord] = []
    rejected: list[RejectedEntry] = []
    for position, index in enumerate(range(columns.heading + 1, len(sheet.rows)), start=1):
        row = list(sheet.rows[index])
        record = assemble(delimited.fields_of(row, names), delimited.TABLE)
        if record.usable:
            records.append(record)
        else:
            why = "The entry has no title, no abstract and no DOI, so nobody could screen it."
            rejected.append(
                RejectedEntry(position, sheet.numbers[index], "entry.untitled", why, " | ".join(filter(None, row)))
            )
    return ParsedFile(sheet.name, "table", "", tuple(records), tuple(rejected))


def _kept_under(title: str) -> str:
    """The name of a column that means none of `MEANINGS`, so that `delimited` takes it for none either."""
    name = title.strip().lower()
    known = any(name in headings for headings in _BY_TABLE.values())
    return f"column {name}" if known else name or delimited.UNNAMED


def _by_heading(title: str) -> str:
    name = " ".join(title.lower().replace("_", " ").split())
    for key, headings in _BY_TABLE.items():
        if name in headings:
            return key
    return next((one.key for one in MEANINGS.values() if name in one.others), "")


def _heading_row(sheet: Sheet) -> int:
    """The first row that looks like headings: short cells, all different, no year, DOI or address among them; -1 when
    the first rows are entries already."""
    for n, row in enumerate(sheet.rows[:3]):
        cells = [cell for cell in row if cell]
        known = sum(bool(_by_heading(cell)) for cell in cells)
        looks = len(cells) * 2 > sheet.width and len(set(cells)) == len(cells) and max(map(len, cells)) <= 40
        if known >= 2 or (looks and not any(_YEAR.fullmatch(cell) or _DOI.search(cell) for cell in cells)):
            return n
    return -1


# --- what columns hold -----------------------------------------------------------------------------------------------

_YEAR = re.compile(r"(?:1[5-9]|20)\d\d(?:\.0)?")
_DOI = re.compile(r"\b10\.\d{4,9}/\S")
_NAMES = re.compile(r"[^\W\d_]{2,},? +(?:[A-Z]\.?-?){1,4}(?=\W|$)|;|\bet al\b")


def _share(cells: Sequence[str], test: Callable[[str], object]) -> float:
    return sum(bool(test(cell)) for cell in cells) / len(cells)


def _is_title(cells: Sequence[str]) -> float:
    different = len(set(cells)) / len(cells)
    return min(different, _share(cells, lambda cell: 20 <= len(cell) <= 300 and len(cell.split()) > 3))


_SIGNS: Final[tuple[tuple[str, Callable[[Sequence[str]], float]], ...]] = (
    ("doi", lambda cells: _share(cells, _DOI.search)),
    ("year", lambda cells: _share(cells, _YEAR.fullmatch)),
    ("abstract", lambda cells: _share(cells, lambda cell: len(cell) > 400)),
    ("authors", lambda cells: _share(cells, lambda cell: len(cell) < 400 and _NAMES.search(cell))),
    ("title", _is_title),
)
"""How far cells look like a meaning, 0 to 1; the surest first."""
