"""Fields of a reference brought to a form in which the same report looks the same, whoever exported it.

Databases write one report in many ways: a DOI as an address, percent-encoded or with text glued on; a title with
mark-up, brackets around a translation, a final full stop; a journal with or without its subtitle; pages as ``1045-51``
or ``1045-1051``. Every function takes the text as delivered and returns a key for comparing, ``""`` (None for a year)
when the text holds nothing usable. Keys are for machines; what a person sees stays as delivered.
"""

from __future__ import annotations

import html
import re
import unicodedata
from urllib.parse import unquote

_SPELT_OUT = str.maketrans(
    {
        "α": " alpha ",
        "β": " beta ",
        "γ": " gamma ",
        "δ": " delta ",
        "ε": " epsilon ",
        "κ": " kappa ",
        "λ": " lambda ",
        "μ": " mu ",
        "µ": " mu ",
        "σ": " sigma ",
        "τ": " tau ",
        "ω": " omega ",
        "ø": "o",
        "æ": "ae",
        "œ": "oe",
        "ł": "l",
        "đ": "d",
        "ı": "i",
    }
)
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]{0,60}>")
_NOT_WORD = re.compile(r"[\W_]+")
_ANNOTATION = re.compile(
    # what databases append to a title; never "[abstract]" or "[letter]", which tell another report
    r"[.\s]*[\[(](?:review|\d+ refs?|references|provisional abstract|(?:corrected|published) erratum[^\])]*|"
    r"(?:corrigendum|erratum) appears in.*|in process citation|see comments?|"
    r"english|french|german|spanish|italian|portuguese|russian|chinese|japanese|korean|polish|dutch|danish|swedish|"
    r"norwegian|finnish|czech|hungarian|romanian|turkish|persian|arabic|hebrew|greek)[\])][.\s]*$",
    re.IGNORECASE,
)

_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/(?:\(SICI\)\S+|[^\s\"<>{}|\\^`]+)", re.IGNORECASE)
_PLAIN_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/)?(10\.\d{4,9}/[-.\w;()/]*[A-Za-z0-9])", re.ASCII)
_DOI_GLUED = re.compile(r"(?:[&?](?:partnerid|md5|origin|sid|id|from)=|(?:doi:|https?:|pmid:)).*$", re.IGNORECASE)
_DOI_NEVER_ENDS = frozenset(".,;:'/])")
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]\d\d|20\d\d)(?!\d)")
_PMID = re.compile(r"(?<![\d.])[1-9]\d{3,7}(?![\d.])")
_ISSN = re.compile(r"(?<![\dXx-])(\d{4})-?(\d{3}[\dXx])(?![\dXx-])")
_DASH = re.compile("[\u2010-\u2015\u2212]|-{2,}")
_PAGE_RANGE = re.compile(r"^([a-z]*)(\d+)([a-z]*)(?:-([a-z]*)(\d+)([a-z]*))?$")
_EXCEL_DATE = re.compile(r"^(?:\d{1,2}-(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|[a-z]{3}-\d{1,2})$")
_NOBODY = frozenset(
    {
        "anonymous",
        "anon",
        "unknown",
        "nct",
        "isrctn",
        "actrn",
        "euctr",
        "ctri",
        "chictr",
        "drks",
        "irct",
        "jprn",
        "umin",
    }
)
_JOURNAL_TAIL = re.compile(r"[:(=\[]|[.]\s*conference\b")
_ADDRESS = re.compile(r"https?:|www[.]")
_SMALL_WORDS = frozenset({"the", "and", "of", "in", "for", "on", "de", "des", "der", "die", "und", "et", "la", "le"})
_INITIALS_AFTER_NAME = re.compile(r"^(.*?[^\W\d_]{2,})\s+(?:[A-Z][.\s-]*){1,4}(?=$|[A-Z][a-z]|[^\w.])")


def fold(text: str) -> str:
    """Lower case without accents, Greek letters spelt out; punctuation and spaces are kept."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_SPELT_OUT))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def words(text: str) -> str:
    """The folded words of a text, one space between them, mark-up and entities resolved."""
    if "<" in text:
        text = _MARKUP.sub("", text)
    if "&" in text:
        text = _MARKUP.sub("", html.unescape(text))
    return _NOT_WORD.sub(" ", fold(text)).strip()


def title_key(title: str) -> str:
    """The letters and digits of a title, nothing between them: "[On  pain.]" and "On pain" are the same."""
    while title.rstrip(" .").endswith(("]", ")")):
        shorter = _ANNOTATION.sub("", title)
        if shorter == title or not shorter:
            break
        title = shorter
    return words(title).replace(" ", "")


def clean_doi(text: str) -> str:
    """The DOI inside a text, its letters as they are, without address, percent-encoding or glued text; else ""."""
    plain = _PLAIN_DOI.fullmatch(text)
    if plain:
        return plain.group(1)
    if "10." not in text and "10%2" not in text:
        return ""
    if "%" in text:
        text = unquote(text)
    if "&" in text:
        text = html.unescape(text)
    found = _DOI.search(text)
    doi = _DOI_GLUED.sub("", found.group()) if found else ""
    while doi and doi[-1] in _DOI_NEVER_ENDS and not _closes_a_bracket(doi):
        doi = doi[:-1]
    return doi if _DOI.fullmatch(doi) else ""


def _closes_a_bracket(doi: str) -> bool:
    """Whether the last character closes a bracket that the DOI opens, as in 10.1016/0376-8716(76)."""
    last = doi[-1]
    return (last == ")" and doi.count("(") >= doi.count(")")) or (last == "]" and doi.count("[") >= doi.count("]"))


def doi_key(text: str) -> str:
    """The DOI in lower case (DOIs do not distinguish case)."""
    return clean_doi(text).lower()


def pmid_key(text: str) -> str:
    """The PubMed number in a text such as "30042925" or "PMID: 30042925"; "" for none."""
    found = _PMID.search(text)
    return found.group() if found else ""


def year_of(text: str) -> int | None:
    """The first year from 1500 to 2099 in a text ("2008/08//", "1975-1976//", "FEB 2011"), or None ("10 15")."""
    found = _YEAR.search(text)
    return int(found.group()) if found else None


def issns(text: str) -> frozenset[str]:
    """The ISSNs in a text, eight characters each, without hyphen."""
    return frozenset((a + b).upper() for a, b in _ISSN.findall(text))


def surname(author: str) -> str:
    """The folded letters of the family name ("Van Dam, J.", "van Dam JM"); "" for none and for a register ("Nct,")."""
    name = author.strip()
    if "," in name:
        name = name.split(",", 1)[0]
    else:
        found = _INITIALS_AFTER_NAME.match(name)
        if found:
            name = found.group(1)
        elif " " in name:
            name = name.rsplit(" ", 1)[1]
    letters = words(name).replace(" ", "")
    return "" if letters in _NOBODY else letters


def name_tokens(author: str) -> frozenset[str]:
    """All folded words of a name longer than one letter, for names whose order is not known."""
    return frozenset(word for word in words(author).split(" ") if len(word) > 1)


def journal_key(journal: str) -> str:
    """The letters of a journal's name without its small words and what follows a colon, bracket or equals sign."""
    return "".join(journal_words(journal))


def journal_words(journal: str) -> tuple[str, ...]:
    """The words of a journal's name that an abbreviation keeps, before any subtitle, place or conference."""
    name = fold(html.unescape(journal) if "&" in journal else journal)
    if not _ADDRESS.match(name):
        name = _JOURNAL_TAIL.split(name, maxsplit=1)[0] or name
    return tuple(word for word in _NOT_WORD.sub(" ", name).split() if word not in _SMALL_WORDS)


def same_journal_name(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two names (from journal_words) are equal or one abbreviates the other, by its words or its initials."""
    if one == other:
        return bool(one)
    if not one or not other:
        return False
    if len(one) == len(other):
        return all(map(_abbreviates, one, other))
    short, long = (one, other) if len(one) < len(other) else (other, one)
    return len(short) == 1 and len(short[0]) > 2 and short[0] == "".join(word[0] for word in long)


def _abbreviates(one: str, other: str) -> bool:
    """Whether the shorter word starts like the longer one and its letters come in that order (natl, national)."""
    short, long = (one, other) if len(one) <= len(other) else (other, one)
    if short[0] != long[0]:
        return False
    letters = iter(long)
    return all(letter in letters for letter in short)


def first_page(pages: str) -> str:
    """The first page or article number ("e0815", "447") without leading zeros; "" for none and for a date ("1-Oct")."""
    return page_range(pages)[0]


def page_range(pages: str) -> tuple[str, str]:
    """First and last page, the last one written out (``1045-51`` is 1045, 1051); "" for what is not given."""
    text = _DASH.sub("-", pages.lower()).replace(" ", "").removeprefix("pp.").removeprefix("p.")
    text = text.split(",", 1)[0].split(";", 1)[0]
    if _EXCEL_DATE.match(text):
        return "", ""
    found = _PAGE_RANGE.match(text)
    if not found:
        return "", ""
    before, first, after, _, last, _ = found.groups()
    start = before + first.lstrip("0") + after
    if last is None:
        return start, ""
    if len(last) < len(first):
        last = first[: len(first) - len(last)] + last
    return start, before + last.lstrip("0") + after
