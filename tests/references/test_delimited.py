"""Tables: known headings of many exports, headings below other lines, damaged rows, and what is written is read."""

from __future__ import annotations

from string import ascii_letters, digits

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.references.formats import delimited
from core.references.reading import read_bytes
from core.references.record import KINDS, ParsedFile, ReferenceRecord


def read(text: str) -> ParsedFile:
    return read_bytes(text.encode(), "results.csv")


def only(text: str) -> ReferenceRecord:
    parsed = read(text)
    assert (len(parsed.records), len(parsed.rejected)) == (1, 0)
    return parsed.records[0]


def test_publish_or_perish() -> None:
    parsed = read(
        "Cites,Authors,Title,Year,Source,Publisher,ArticleURL,CitesURL,GSRank,QueryDate,Type,DOI,ISSN,Volume,Issue,"
        "StartPage,EndPage,Abstract\n"
        '12,"JH Taylor, A Landeros, ...","Ketamine, and anxiety",2018,Neuropsychopharmacology,nature.com,'
        "https://www.nature.com/articles/npp2017194,https://scholar.google.com/scholar?cites=1,3,2024-01-02 10:00:00,,"
        '10.1038/npp.2017.194,,43,2,325,333,"Many patients, few drugs"\n'
    )
    record = parsed.records[0]
    assert record.title == "Ketamine, and anxiety"
    assert record.authors == ("JH Taylor", "A Landeros")
    assert (record.journal, record.year, record.volume, record.pages) == (
        "Neuropsychopharmacology",
        2018,
        "43",
        "325-333",
    )
    assert record.doi == "10.1038/npp.2017.194"
    assert record.abstract == "Many patients, few drugs"
    assert record.extra["csv:gsrank"] == ("3",)
    assert parsed.database == "Google Scholar"


def test_embase_writes_its_search_above_the_heading() -> None:
    parsed = read(
        '"SEARCH QUERY","dinosaur:ti"\n-------------------------------------\n\n'
        '"Title","Author Names","Source","Source title","Publication Year","Volume","First Page","Last Page","ISSN",'
        '"Emtree Medical Index Terms","Medline PMID","PUI","DOI","Embase Link"\n'
        '"Scales","Yang Z., Jiang B., McNamara M.E.","Nature Communications (2024) 15:1","Nature Communications",'
        '"2024","15","7","12","2041-1723 (electronic)","animal tissue, article","38773066","L2029880245",'
        '10.1038/s41467-024-48400-3,"https://www.embase.com/search/results?id=L2029880245"\n'
    )
    record = parsed.records[0]
    assert record.authors == ("Yang Z.", "Jiang B.", "McNamara M.E.")
    assert (record.journal, record.year, record.pages) == ("Nature Communications", 2024, "7-12")
    assert (record.pmid, record.accession) == ("38773066", "L2029880245")
    assert record.keywords == ("animal tissue", "article")
    assert parsed.database == "Embase"


def test_the_year_may_only_stand_in_embases_source() -> None:
    text = (
        "Title,Author Names,Source,Source title,PUI\nScales,Yang Z.,Nat. Commun. (2024) 15:1,Nat. Commun.,L2029880245\n"
    )
    assert only(text).year == 2024


def test_covidence() -> None:
    parsed = read(
        "Title,Authors,Abstract,Published Year,Published Month,Journal,Volume,Issue,Pages,Accession Number,DOI,Ref,"
        "Covidence #,Study,Notes,Tags\n"
        'Scales,"Yang, Z.; Jiang, B.","One ""quoted"" word",2024,,Nat '
        'Commun,15,1,7-12,,10.1038/s41467,,#1,Yang 2024,"",""\n'
    )
    assert parsed.records[0].authors == ("Yang, Z.", "Jiang, B.")
    assert parsed.records[0].abstract == 'One "quoted" word'
    assert parsed.records[0].extra["csv:study"] == ("Yang 2024",)
    assert parsed.database == "Covidence"


def test_rayyan_joins_authors_by_and_and_glues_tags_to_dois() -> None:
    record = only(
        "key,title,year,journal,authors,url,doi\nrayyan-42924189,Scales,2024,Nat. Commun.,"
        '"Yang, Z. and Jiang, B.",https://example.org/x     U2  - L2029,10.1038/s41467     LK  - '
        "https://example.org/y\n"
    )
    assert record.authors == ("Yang, Z.", "Jiang, B.")
    assert (record.doi, record.urls) == ("10.1038/s41467", ("https://example.org/x",))
    assert record.extra["csv:url"] == ("https://example.org/x     U2  - L2029",)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiters(delimiter: str) -> None:
    record = only(delimiter.join(["Title", "Author", "Year"]) + "\n" + delimiter.join(["T", "Li X", "2001"]) + "\n")
    assert (record.title, record.authors, record.year) == ("T", ("Li X",), 2001)


def test_na_is_no_value() -> None:
    assert only("Title,Authors,Year,PMID,Volume\nT,NA,2001,NA,N/A\n") == ReferenceRecord(
        kind="article", title="T", year=2001
    )


def test_cells_with_line_feeds_and_cells_without_heading() -> None:
    record = only('Title,Abstract,Year,\n"T","one\n\ntwo",2001,more,and more\n')
    assert record.abstract == "one\ntwo"
    assert record.extra == {"csv:column without heading": ("more", "and more")}


def test_a_row_with_a_missing_quotation_mark_is_set_aside() -> None:
    parsed = read('Title,Authors,Year\nOne,A,2001\nTwo,"B,2002\nThree,C,2003\n')
    assert [r.title for r in parsed.records] == ["One"]
    (row,) = parsed.rejected
    assert (row.position, row.line, row.reason) == (2, 3, "entry.broken-row")
    assert row.text == (
        "The row cannot be told apart into cells (it has 2 cells where the heading has 3); a quotation "
        "mark may be missing."
    )
    assert row.raw == 'Two,"B,2002\nThree,C,2003'


def test_a_row_without_title_is_set_aside_and_an_empty_one_is_none() -> None:
    parsed = read("Title,Authors,Year\n,A,2001\n,,\n\nTwo,B,2002\n")
    assert [r.title for r in parsed.records] == ["Two"]
    assert [(r.position, r.line, r.raw) for r in parsed.rejected] == [(1, 2, ",A,2001")]


WORDS = st.lists(st.text(ascii_letters + digits + ",\"é()=+-@'", min_size=1, max_size=8), min_size=1, max_size=6).map(
    " ".join
)
NAMES = st.builds("{}, {}.".format, st.text(ascii_letters, min_size=1, max_size=8), st.sampled_from("ABC"))


@settings(max_examples=50)
@given(
    st.lists(
        st.builds(
            ReferenceRecord,
            kind=st.sampled_from(KINDS),
            title=WORDS.filter(lambda title: title != "NA"),
            abstract=st.lists(WORDS, max_size=3).map("\n".join).filter(lambda text: text != "NA"),
            authors=st.lists(NAMES, max_size=3).map(tuple),
            year=st.none() | st.integers(1500, 2099),
            pages=st.sampled_from(["", "12-19", "e12292"]),
            doi=st.sampled_from(["", "10.1000/abc(12)3"]),
            pmid=st.sampled_from(["", "30042925"]),
            issn=st.sampled_from(["", "1573-3602"]),
            # a cell that says "null" is a database's way of saying nothing
            keywords=st.lists(
                st.text(ascii_letters, min_size=3).filter(lambda word: word.casefold() not in {"null", "nan", "none"}),
                max_size=3,
                unique=True,
            ).map(tuple),
            urls=st.sampled_from([(), ("https://example.org/a", "https://example.org/b")]),
        ),
        min_size=1,
        max_size=2,
    )
)
def test_what_is_written_is_read(records: list[ReferenceRecord]) -> None:
    assert read(delimited.write(records)).records == tuple(records)


def test_what_stands_behind_an_apostrophe_for_spreadsheets_is_read_without_it() -> None:
    record = only("Title,Authors,Reviewer 1,Reviewer 1 title/abstract note\n'-blockers,Li A,'=Sum,'+ see\n")
    assert record.title == "-blockers"
    assert record.extra == {"csv:reviewer 1": ("=Sum",), "csv:reviewer 1 title/abstract note": ("+ see",)}
    assert only("Title,Authors\n'Off-pump' surgery,Li A\n").title == "'Off-pump' surgery"
