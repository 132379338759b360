"""The export formats of the example's sources, quirks included: how each database delivers one and the same report."""

from __future__ import annotations

import csv
import html
import io
import unicodedata
import urllib.parse
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from generator.corpus import MARK, NOTE, Work
from generator.dice import Dice

HYPHEN = "\u2010"
_FOLD = str.maketrans({"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "ð": "d", "Ð": "D", "ß": "ss", "ı": "i", "đ": "d"})
_LABELS = {"background": "BACKGROUND", "methods": "METHODS", "results": "RESULTS", "conclusion": "CONCLUSIONS"}


@dataclass(frozen=True, slots=True)
class Delivered:
    """One record of one export file: which work it is, its position from 1, and what the source calls it."""

    source: str
    position: int
    accession: str
    work: Work


@dataclass(frozen=True, slots=True)
class Export:
    """An export file: its text, its encoding and the records in it."""

    source: str
    file_name: str
    text: str
    encoding: str
    records: tuple[Delivered, ...]


# --- the same report, told by different databases -------------------------------------------------------------------


def ascii_text(text: str) -> str:
    """Text without accents, as Ovid has long delivered it."""
    plain = unicodedata.normalize("NFKD", text.translate(_FOLD))
    return "".join(c for c in plain if not unicodedata.combining(c)).encode("ascii", "ignore").decode()


def title_case(text: str) -> str:
    """Capitals on all words longer than three letters."""
    return " ".join(word if len(word) < 4 else word[0].upper() + word[1:] for word in text.split(" "))


def initials(author: str) -> str:
    """``Family, Given M`` as ``GM``."""
    given = author.partition(", ")[2]
    return "".join(part[0].upper() for part in given.replace("-", " ").split())


def family(author: str) -> str:
    """The family name."""
    return author.partition(",")[0]


def abstract_text(work: Work, label: Callable[[str], str]) -> str:
    """The abstract as one paragraph; ``label`` writes a section's name, or nothing."""
    return " ".join(f"{'' if work.real else label(name)}{sentence}" for name, sentence in work.abstract)


def encoded(doi: str) -> str:
    """A DOI as an address with its brackets percent-encoded."""
    return "http://dx.doi.org/" + urllib.parse.quote(doi, safe="/.")


def _notes(work: Work) -> list[tuple[str, str]]:
    return [] if work.real else [("N1", NOTE)]


# --- Ovid -----------------------------------------------------------------------------------------------------------


def ovid_medline(work: Work, accession: str, dice: Dice) -> list[tuple[str, str]]:
    """MEDLINE keeps accents, sentence case, structured abstracts, and a translated title in square brackets."""
    title = f"{work.title}." if work.language == "English" else f"[{work.title}]. [{work.language}]"
    structured = dice.chance(0.6)
    return [
        ("TY", "JOUR"),
        *_given("ID", accession),
        ("T1", title),
        *(("A1", f"{family(a)}, {a.partition(', ')[2]}") for a in work.authors),
        ("Y1", f"{work.year}/{work.month:02d}//"),
        *_given("N2", abstract_text(work, lambda name: f"{_LABELS[name]}: " if structured else "")),
        *(("KW", f"*{k}" if i == 0 else k) for i, k in enumerate(work.keywords)),
        *_notes(work),
        ("JF", work.journal.name),
        *_given("VL", work.volume),
        *_given("IS", work.issue),
        *_given("SP", work.first_page),
        *_given("EP", work.last_page),
        *_given("SN", work.journal.issn),
        ("LA", work.language),
        *_given("DO", f"https://dx.doi.org/{work.doi}" if work.doi else ""),
        ("DB", "MEDLINE"),
        ("DB", "Ovid MEDLINE(R)"),
        ("L2", _ovid_link("medl", accession)),
        ("ER", ""),
    ]


def ovid_embase(work: Work, accession: str, dice: Dice) -> list[tuple[str, str]]:
    """Embase folds accents, writes ``Family I.``, often capitalises titles, and gives the year alone."""
    title = title_case(work.title) if dice.chance(0.3) else work.title
    doi = encoded(work.doi) if work.doi else ""
    if doi and dice.chance(0.2):
        doi = doi.replace("copse", "COPSE")
    return [
        ("TY", "JOUR"),
        ("ID", accession),
        ("T1", f"{ascii_text(title)}."),
        *(("A1", f"{ascii_text(family(a))} {'.'.join(ascii_text(initials(a)))}.") for a in work.authors),
        ("Y1", f"{work.year}//"),
        *_given("N2", ascii_text(abstract_text(work, lambda name: f"{name.capitalize()}: "))),
        *(("KW", ascii_text(k) if k == MARK else ascii_text(k).lower()) for k in work.keywords),
        *_notes(work),
        ("M3", {"letter": "Letter", "review": "Review"}.get(work.design, "Article")),
        ("JF", work.journal.name),
        *_given("VL", work.volume),
        *_given("IS", work.issue),
        *_given("SP", work.first_page),
        *_given("EP", work.last_page),
        *_given("SN", work.journal.issn),
        *_given("DO", doi),
        ("DB", "Embase"),
        ("DB", "Embase"),
        ("L2", _ovid_link("emed", accession)),
        ("ER", ""),
    ]


def ovid_psycinfo(work: Work, accession: str, dice: Dice) -> list[tuple[str, str]]:
    """PsycINFO repeats the DOI, ends abstracts with its own notice and may append [References] to a title."""
    doi = _given("DO", encoded(work.doi) if work.doi else "")
    notice = f" (PsycInfo Database Record (c) {max(work.year + 1, 2016)} APA, all rights reserved)"
    abstract = ascii_text(abstract_text(work, lambda _: ""))
    return [
        ("TY", "JOUR"),
        ("ID", accession),
        *doi,
        ("T1", ascii_text(work.title) + (". [References]." if dice.chance(0.1) else ".")),
        *(("A1", ascii_text(f"{family(a)}, {a.partition(', ')[2]}")) for a in work.authors),
        ("Y1", f"{work.year}//"),
        *_given("N2", f"{abstract}{notice}" if abstract and not work.real else abstract),
        *(("KW", f"*{ascii_text(k)}" if i == 0 else ascii_text(k)) for i, k in enumerate(work.keywords)),
        *_notes(work),
        ("JF", work.journal.name),
        *_given("VL", work.volume),
        *_given("IS", work.issue),
        *_given("SP", work.first_page or "No"),
        *_given("EP", work.last_page or ("" if work.first_page else "Specified")),
        *_given("SN", work.journal.issn),
        *doi,
        ("L2", _ovid_link("psyc", accession)),
        ("ER", ""),
    ]


def ovid_file(
    records: Sequence[tuple[list[tuple[str, str]], Work]], strategy: str, *, newline: str, tight: bool
) -> str:
    """An Ovid RIS file: a counter before each record, link lines after it, the search strategy after the last ER."""
    lines: list[str] = []
    for number, (fields, work) in enumerate(records, start=1):
        lines.append(f"{number}." if tight else f"{number}. ")
        lines += [f"{tag}  - {value}" if value else f"{tag}  -  " for tag, value in fields]
        if work.volume:
            lines.append(f"NL  - {work.journal.abbreviation}")
        lines += ["", _link_line(work), ""]
    lines += strategy.strip("\n").split("\n")
    return newline.join(lines) + newline


def _ovid_link(database: str, accession: str) -> str:
    return f"http://ovidsp.ovid.com/ovidweb.cgi?T=JS&PAGE=reference&D={database}&NEWS=N&AN={accession}"


def _link_line(work: Work) -> str:
    aulast = urllib.parse.quote_plus(ascii_text(family(work.authors[0])))
    return f"Link to the External Link Resolver: http://resolver.example.org/?rft.date={work.year}&rft.aulast={aulast}"


def _given(tag: str, value: str) -> list[tuple[str, str]]:
    return [(tag, value)] if value else []


# --- Cochrane Library -----------------------------------------------------------------------------------------------


def cochrane_record(work: Work, accession: str, dice: Dice) -> list[tuple[str, str]]:
    """CENTRAL writes ``Family, GM``, uses U+2010 for hyphens, and puts other databases' numbers into C3."""
    authors = work.authors if work.registry else tuple(f"{family(a)}, {initials(a)}" for a in work.authors)
    pages = f"{work.first_page}{HYPHEN}{work.last_page}" if work.last_page else work.first_page
    journal = work.journal.abbreviation if dice.chance(0.3) else work.journal.name
    abstract = abstract_text(work, lambda name: f"{_LABELS[name]}: ").replace("-", HYPHEN)
    address = f"https://www.cochranelibrary.com/central/doi/10.1002/central/{accession}/full"
    return [
        ("TY", "JOUR"),
        ("AN", accession),
        *(("AU", a) for a in authors),
        ("TI", work.title),
        ("JA", journal),
        ("PY", str(work.year)),
        *_given("VL", work.volume),
        *_given("IS", work.issue),
        *_given("SP", pages),
        *_given("C3", f"PUBMED {work.pmid}" if work.pmid and "medline" in work.databases else ""),
        ("M3", "Trial registry record" if work.registry else "Journal article"),
        *(("KW", k) for k in work.keywords),
        *_notes(work),
        *_given("DO", work.doi),
        *_given("AB", abstract),
        ("UR", address),
        ("ER", ""),
    ]


def cochrane_file(records: Sequence[list[tuple[str, str]]]) -> str:
    """A Cochrane Library RIS file: every record under a header, two spaces on either side of the hyphen."""
    blocks: list[str] = []
    for number, fields in enumerate(records, start=1):
        lines = [
            f"Record #{number} of {len(records)}",
            "Provider: John Wiley & Sons, Ltd.",
            'Content: text/plain; charset="UTF-8"',
            "",
        ]
        lines += [f"{tag}  -  {value}" for tag, value in fields]
        blocks.append("\n".join(lines) + "\n\n\n")
    return "".join(blocks)


# --- Google Scholar by Publish or Perish, and the reference lists ---------------------------------------------------

SCHOLAR_COLUMNS = (
    "Cites",
    "Authors",
    "Title",
    "Year",
    "Source",
    "Publisher",
    "ArticleURL",
    "CitesURL",
    "GSRank",
    "QueryDate",
    "Type",
    "DOI",
    "ISSN",
    "CitationURL",
    "Volume",
    "Issue",
    "StartPage",
    "EndPage",
    "ECC",
    "CitesPerYear",
    "CitesPerAuthor",
    "AuthorCount",
    "Age",
    "Abstract",
    "FullTextURL",
    "RelatedURL",
)


def scholar_file(works: Sequence[Work], dice: Dice) -> str:
    """A Publish or Perish CSV: initials before names, a snippet for an abstract, no pages for most, no DOI for many."""
    stream = io.StringIO()
    table = csv.DictWriter(stream, SCHOLAR_COLUMNS, restval="", lineterminator="\r\n")
    table.writeheader()
    for rank, work in enumerate(works, start=1):
        snippet = abstract_text(work, lambda _: "")
        cites = dice.whole(0, 400)
        names = [f"{initials(a)} {family(a)}" for a in work.authors]
        doi = work.doi if work.real or dice.chance(0.5) else ""
        shown = names[:4] if doi else names
        table.writerow(
            {
                "Cites": cites,
                "Authors": ", ".join(shown),
                "Title": html.escape(work.title, quote=False),
                "Year": work.year,
                "Source": work.journal.name,
                "Publisher": "" if work.real else "Example Press",
                "ArticleURL": f"https://example.org/{work.key}",
                "GSRank": rank,
                "QueryDate": "2021-02-16 10:12:41",
                "DOI": doi,
                "CitesPerYear": f"{cites / max(1, 2021 - work.year):.2f}",
                "AuthorCount": len(work.authors),
                "Age": 2021 - work.year,
                "Abstract": snippet
                if work.real
                else f"{MARK}. " + (f"… {snippet[:150].rsplit(' ', 1)[0]} …" if snippet else ""),
            }
        )
    return "\ufeff" + stream.getvalue()


def reference_list_record(work: Work) -> list[tuple[str, str]]:
    """A reference typed in from an article's reference list: no abstract, no keywords."""
    return [
        ("TY", "JOUR"),
        *(("AU", f"{family(a)}, {'.'.join(initials(a))}.") for a in work.authors),
        ("PY", str(work.year)),
        ("TI", work.title),
        ("T2", work.journal.name),
        *_given("VL", work.volume),
        *_given("IS", work.issue),
        *_given("SP", work.first_page),
        *_given("EP", work.last_page),
        *_given("DO", work.doi),
        *([] if work.real else [("KW", MARK)]),
        *_notes(work),
        ("ER", ""),
    ]


def plain_file(records: Sequence[list[tuple[str, str]]]) -> str:
    """A plain RIS file with a blank line after each record."""
    return "".join("".join(f"{tag}  - {value}\n" for tag, value in fields) + "\n" for fields in records)
