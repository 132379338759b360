"""RIS as real files have it: every quirk once, nothing lost whatever is damaged, and what is written is read."""

from __future__ import annotations

import re
from string import ascii_letters, digits

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InputError
from core.references.formats import ris
from core.references.reading import read_bytes
from core.references.record import KINDS, ParsedFile, ReferenceRecord


def read(text: str) -> ParsedFile:
    return read_bytes(text.encode(), "results.ris")


def only(text: str) -> ReferenceRecord:
    parsed = read(text)
    assert parsed.entries == 1
    return parsed.records[0]


def test_plain_entry() -> None:
    record = only(
        "TY  - JOUR\nTI  - Ketamine for social anxiety\nAU  - Taylor, Jerome H.\nAU  - Landeros, Angeli\n"
        "JF  - Neuropsychopharmacology\nPY  - 2018\nVL  - 43\nIS  - 2\nSP  - 325\nEP  - 333\n"
        "DO  - 10.1038/npp.2017.194\nSN  - 0893-133X\nKW  - Anxiety\nKW  - Ketamine\nAB  - A small trial.\nER  - \n"
    )
    assert record == ReferenceRecord(
        kind="article",
        title="Ketamine for social anxiety",
        abstract="A small trial.",
        authors=("Taylor, Jerome H.", "Landeros, Angeli"),
        journal="Neuropsychopharmacology",
        year=2018,
        volume="43",
        issue="2",
        pages="325-333",
        doi="10.1038/npp.2017.194",
        issn="0893-133X",
        keywords=("Anxiety", "Ketamine"),
    )


def test_cochrane_heads_and_wide_tags() -> None:
    head = 'Record #{0} of 2\nProvider: John Wiley & Sons, Ltd.\nContent: text/plain; charset="UTF-8"\n\n'
    entry = (
        "TY  -  JOUR\nAN  -  CN-0000000{0}\nTI  -  Trial {0}\nC3  -  PUBMED 2131491{0},EMBASE 64358977\nER  -  \n\n\n"
    )
    parsed = read("".join((head + entry).format(n) for n in (1, 2)))
    assert [r.title for r in parsed.records] == ["Trial 1", "Trial 2"]
    assert [r.pmid for r in parsed.records] == ["21314911", "21314912"]
    assert parsed.records[0].accession == "CN-00000001"
    assert parsed.database == "Cochrane Library"


def test_ovid_counters_links_and_tags_after_the_end() -> None:
    entry = (
        "{0}. \nTY  - JOUR\nID  - 1977-2503{0}-001\nT1  - Title {0}.\nY1  - 1975-1976//\n"
        "JF  - Drug and Alcohol Dependence\n"
        "DO  - http://dx.doi.org/10.1016/0376-8716%2876%299001{0}-7\n"
        "L2  - http://ovidsp.ovid.com/ovidweb.cgi?T=JS&PAGE=reference&D=psyc2&NEWS=N&AN=1977-2503{0}-001\nER  -  \n"
        "NL  - Drug Alcohol Depend\n\nLink to the Ovid Full Text or citation: https://proxy.example.org/\n\n"
    )
    parsed = read("".join(entry.format(n) for n in (1, 2, 3)) + "\n1. exp Ketamine/ (1234)\n2. anxiety.ti,ab. (99)\n")
    assert [r.title for r in parsed.records] == ["Title 1.", "Title 2.", "Title 3."]
    first = parsed.records[0]
    assert (first.year, first.doi, first.accession) == (1975, "10.1016/0376-8716(76)90011-7", "1977-25031-001")
    assert first.extra["NL"] == ("Drug Alcohol Depend",)
    assert first.extra["Y1"] == ("1975-1976//",)
    assert parsed.database == "PsycINFO"


def test_tags_with_one_space_and_indented_tags() -> None:
    record = only("  TY - JOUR\n  TI - One space\n  AU - Li, X\n  PY - 2001\n  ER - \n")
    assert (record.title, record.authors, record.year) == ("One space", ("Li, X",), 2001)


def test_entries_without_type() -> None:
    parsed = read("TI  - First\nAU  - A, B\nER  - \n\nTI  - Second\nAU  - C, D\nER  - \n\nTI  - Third\nAU  - E, F\n")
    assert [r.title for r in parsed.records] == ["First", "Second", "Third"]


def test_entries_without_end_keep_no_counter() -> None:
    parsed = read("1.\nTY  - JOUR\nTI  - First\nKW  - pain\n\n2.\nTY  - JOUR\nTI  - Second\nKW  - sleep\n")
    assert [(r.title, r.keywords) for r in parsed.records] == [("First", ("pain",)), ("Second", ("sleep",))]


@pytest.mark.parametrize("missing", ["\n", "", "\n\n\n"])
def test_last_line_without_line_feed_and_end(missing: str) -> None:
    assert only("TY  - JOUR\nTI  - The title\nPY  - 1999" + missing).year == 1999


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_byte_order_mark(line_end: str, mark: str) -> None:
    text = mark + "TY  - JOUR\nTI  - First\nER  - \n\nTY  - JOUR\nTI  - Second\nER  - \n"
    assert [r.title for r in read(text.replace("\n", line_end)).records] == ["First", "Second"]


def test_text_that_starts_with_er_ends_nothing() -> None:
    record = only(
        "TY  - JOUR\nN2  - first line,\n      ER then second line\nER  - positive tumours\nlast line\nER  -\n"
    )
    assert record.abstract == "first line,\nER then second line\nER  - positive tumours\nlast line"


def test_lists_of_lines_under_one_tag() -> None:
    record = only("TY  - JOUR\nTI  - T\nKW  - Humans\nPain\n\nSleep\nDB  - Embase\nMedline\nAU  - A, B\nC, D\nER  - \n")
    assert record.keywords == ("Humans", "Pain", "Sleep")
    assert record.authors == ("A, B", "C, D")
    assert record.database == "Embase Medline"


def test_two_databases_in_two_lines() -> None:
    assert only("TY  - JOUR\nTI  - T\nDB  - Embase\nDB  - Medline\nER  - \n").database == "Embase; Medline"


@pytest.mark.parametrize(
    ("line", "doi"),
    [
        ("DO  - https://doi.org/10.1002/cpp.2398", "10.1002/cpp.2398"),
        ("DO  - doi:10.1002/cpp.2398.", "10.1002/cpp.2398"),
        ("L3  - 10.1371/journal.pone.0298242", "10.1371/journal.pone.0298242"),
        ("L2  - http://dx.doi.org/10.1002/jts.22387", "10.1002/jts.22387"),
        ("UR  - https://www.scopus.com/x?eid=2-s2.0-85&doi=10.1038%2fs41467-024&partnerID=40", "10.1038/s41467-024"),
        ("N1  - Times cited: 4. doi: 10.1176/appi.ps.2020", "10.1176/appi.ps.2020"),
        ("N1  - Erratum in: Lancet, doi: 10.1176/appi.ps.2020", ""),
        ("M1  - Byrne (2010). A cited paper. http://dx.doi.org/10.1016/S0889", ""),
        ("UR  - https://www.cochranelibrary.com/central/doi/10.1002/central/CN-00778158/full", ""),
    ],
)
def test_where_a_doi_hides(line: str, doi: str) -> None:
    assert only(f"TY  - JOUR\nTI  - T\n{line}\nER  - \n").doi == doi


@pytest.mark.parametrize(
    ("lines", "pmid"),
    [
        ("C5  - 38773066", "38773066"),
        ("C2  - 38580657", "38580657"),
        ("DB  - Medline\nAN  - 1234567", "1234567"),
        ("DB  - CINAHL\nAN  - 1234567", ""),
        ("UR  - https://pubmed.ncbi.nlm.nih.gov/31234567/", "31234567"),
        ("C3  - University of Utah", ""),
    ],
)
def test_where_a_pubmed_number_hides(lines: str, pmid: str) -> None:
    assert only(f"TY  - JOUR\nTI  - T\n{lines}\nER  - \n").pmid == pmid


@pytest.mark.parametrize(
    ("lines", "year"),
    [
        ("PY  - 2008", 2008),
        ("Y1  - 2008/08//", 2008),
        ("PY  - 10 15", None),
        ("PY  - 0000", None),
        ("DA  - 2011/05", 2011),
    ],
)
def test_years(lines: str, year: int | None) -> None:
    assert only(f"TY  - JOUR\nTI  - T\n{lines}\nER  - \n").year == year


@pytest.mark.parametrize(
    ("lines", "pages"),
    [
        ("SP  - 447\nEP  - 460", "447-460"),
        ("SP  - 1267-1272", "1267-1272"),
        ("SP  - 1279‐1297", "1279‐1297"),
        ("C7  - e12292", "e12292"),
        ("SP  - 39", "39"),
        ("SP  - No\nEP  - Specified", ""),
        ("SP  - 7\nEP  - 7", "7"),
    ],
)
def test_pages(lines: str, pages: str) -> None:
    assert only(f"TY  - JOUR\nTI  - T\n{lines}\nER  - \n").pages == pages


def test_a_secondary_document_has_its_title_where_the_journal_stands() -> None:
    record = only(
        "TY  - JOUR\nT2  - Prostate Cancer Mortality Statistics 2015\nPY  - 0000\nN1  - Cited By :1\nER  - \n"
    )
    assert (record.title, record.journal) == ("Prostate Cancer Mortality Statistics 2015", "")


def test_a_chapter_has_its_book() -> None:
    record = only("TY  - CHAP\nTI  - The chapter\nBT  - The book\nSN  - 978-0-415-47263-0\nER  - \n")
    assert (record.kind, record.title, record.journal) == ("chapter", "The chapter", "The book")
    assert (record.isbn, record.issn) == ("978-0-415-47263-0", "")


def test_what_has_no_field_is_kept() -> None:
    record = only("TY  - MGZN\nTI  - T\nM3  - Review\nAD  - Utrecht\nLeiden\nXX  - odd\nER  - \n")
    assert record.extra == {"TY": ("MGZN",), "M3": ("Review",), "AD": ("Utrecht", "Leiden"), "XX": ("odd",)}
    assert record.kind == "article"


def test_an_entry_nobody_could_screen_is_set_aside_with_its_place() -> None:
    parsed = read("TY  - JOUR\nTI  - Good\nER  - \n\n2.\nTY  - JOUR\nAU  - A, B\nVL  - 3\nER  - \nTY  - JOUR\nER  - \n")
    assert [r.title for r in parsed.records] == ["Good"]
    second, third = parsed.rejected
    assert (second.position, second.line, second.reason) == (2, 6, "entry.untitled")
    assert second.raw == "TY  - JOUR\nAU  - A, B\nVL  - 3"
    assert (third.position, third.line, third.raw) == (3, 10, "TY  - JOUR")


def test_places_hold_in_a_file_read_in_several_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ris, "_BLOCK", 100)
    entry = "TY  - JOUR\nAU  - Number {0}\nER  - \n\n"
    parsed = read("Provider: X\n\n" + "".join(entry.format(n) for n in range(50)) + "TY  - JOUR\nTI  - T\nER  - \n")
    assert [(r.line, r.raw) for r in parsed.rejected] == [
        (3 + 4 * n, f"TY  - JOUR\nAU  - Number {n}") for n in range(50)
    ]
    assert len(parsed.records) == 1


def test_a_text_of_many_lines_under_one_tag_takes_no_quadratic_time() -> None:
    record = only("TY  - JOUR\nTI  - T\nAB  - start\n" + "line of a search strategy\n" * 200_000 + "ER  - \n")
    assert record.abstract.count("\n") == 200_000


# --- nothing is lost ------------------------------------------------------------------------------------------------

WHOLE = "".join(
    f"{n}.\nTY  - JOUR\nTI  - Title {n}\nAU  - Name{n}, A\nPY  - 20{n:02}\nKW  - one\ntwo\n"
    f"AB  - Text {n}\nmore\nER  - \n\n"
    for n in range(1, 9)
)


@given(
    st.lists(
        st.tuples(st.integers(0, len(WHOLE)), st.integers(0, 40), st.text("\n\r -ERTYAB12", max_size=6)), max_size=4
    )
)
def test_every_type_line_of_a_damaged_file_is_an_entry(damages: list[tuple[int, int, str]]) -> None:
    text = WHOLE
    for place, cut, put in damages:
        text = text[:place] + put + text[place + cut :]
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    begun = len(re.findall(r"^[ \t]{0,4}TY(?:[ \t]{2,3}-|[ \t]-(?=[ \t\n]|$))", text, re.MULTILINE))
    titles = set(re.findall(r"^TI  - (Title \d)$", text, re.MULTILINE))
    try:
        parsed = read(text)
    except InputError:
        assert begun == 0
        return
    assert parsed.entries >= begun
    kept = "\n".join([*map(repr, parsed.records), *(entry.raw for entry in parsed.rejected)])
    assert all(title in kept for title in titles)


@given(st.text(st.characters(exclude_categories=("Cs",)) | st.sampled_from("\n\r\t -TYERAU%:;")))
def test_no_text_makes_the_reader_fail(text: str) -> None:
    entries = list(ris.parse(text))
    assert all(0 <= entry.begin <= entry.end <= len(text) for entry in entries)


# --- what is written is read ----------------------------------------------------------------------------------------

LETTERS = st.sampled_from(ascii_letters + digits + ",.()'?!/&-éßłβ–≥参考")
WORDS = st.lists(st.text(LETTERS, min_size=1, max_size=8), min_size=1, max_size=8).map(" ".join)
PLAIN = st.text(ascii_letters + digits, min_size=1, max_size=6)
PROSE = st.lists(WORDS | st.sampled_from(["ER  -", "TY  - JOUR", "AB  - x"]), max_size=4).map("\n".join)


@st.composite
def records(draw: st.DrawFn) -> ReferenceRecord:
    kind = draw(st.sampled_from(KINDS))
    title = draw(WORDS)
    journal = draw(st.just("") | WORDS)
    return ReferenceRecord(
        kind=kind,
        title=title,
        abstract=draw(PROSE),
        authors=tuple(draw(st.lists(st.builds("{}, {}.".format, PLAIN, st.sampled_from("ABC")), max_size=4))),
        journal="" if journal == title else journal,
        year=draw(st.none() | st.integers(1500, 2099)),
        volume=draw(st.just("") | PLAIN),
        issue=draw(st.just("") | PLAIN),
        pages=draw(st.sampled_from(["", "e12292", "12-19", "S3-89", "5-5", "12‐19", "94-98, 101"])),
        doi=draw(st.sampled_from(["", "10.1000/abc(12)3", "10.1002/14651858.CD001.pub2"])),
        pmid=draw(st.sampled_from(["", "30042925"])),
        accession=draw(st.sampled_from(["", "CN-00778158", "WOS:000282053100002"])),
        issn=draw(st.sampled_from(["", "1573-3602", "20411723 (ISSN)", "1573-3602; 1050-5350"])),
        isbn=draw(st.sampled_from(["", "978-0-415-47263-0"])),
        language=draw(st.sampled_from(["", "English", "eng; ger"])),
        keywords=tuple(draw(st.lists(WORDS, max_size=4, unique=True))),
        urls=tuple(draw(st.lists(st.builds("https://example.org/{}".format, PLAIN), max_size=2, unique=True))),
        database=draw(st.sampled_from(["", "Embase", "Embase; Medline"])),
        notes=draw(PROSE),
        extra=draw(st.dictionaries(st.sampled_from(["AD", "M3", "PB", "ZZ"]), st.lists(WORDS, min_size=1).map(tuple))),
    )


@settings(max_examples=50)
@given(st.lists(records(), min_size=1, max_size=2))
def test_what_is_written_is_read(given: list[ReferenceRecord]) -> None:
    parsed = read(ris.write(given))
    assert parsed.rejected == ()
    assert list(parsed.records) == given


def test_tags_of_other_formats_are_not_written() -> None:
    text = ris.write([ReferenceRecord(title="T", extra={"nbib:AU": ("Brinjikji W",), "csv:study": ("Yang 2024",)})])
    assert text == "TY  - GEN\nTI  - T\nER  - \n\n"
