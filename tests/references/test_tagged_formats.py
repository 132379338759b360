"""The other tagged formats, each by a small export of its kind."""

from __future__ import annotations

from core.references.reading import read_bytes
from core.references.record import ParsedFile


def read(text: str, format: str) -> ParsedFile:
    parsed = read_bytes(text.encode(), "export.txt")
    assert parsed.format == format
    return parsed


PUBMED = """
PMID- 30042925
OWN - NLM
IS  - 2215-0161 (Electronic)
VI  - 5
DP  - 2018 Apr
TI  - A method package for electrophysiological evaluation of reconstructed or
      regenerated facial nerves.
PG  - 283-98
LID - 10.1016/j.mex.2018.03.007 [doi]
AB  - First sentence
      goes on.
FAU - Takeuchi, Yuichi
AU  - Takeuchi Y
FAU - Osaki, Hironobu
AU  - Osaki H
PT  - Journal Article
JT  - MethodsX
MH  - Humans

PMC - PMC3446808
PMID- 23049521
TI  - Becoming the denigrated other
AU  - Goldberg SG
DP  - 2012
"""


def test_pubmed() -> None:
    parsed = read(PUBMED, "nbib")
    first, second = parsed.records
    assert first.title == (
        "A method package for electrophysiological evaluation of reconstructed or regenerated facial nerves."
    )
    assert first.authors == ("Takeuchi, Yuichi", "Osaki, Hironobu")
    assert (first.pmid, first.doi, first.year) == ("30042925", "10.1016/j.mex.2018.03.007", 2018)
    assert (first.journal, first.pages, first.abstract) == ("MethodsX", "283-98", "First sentence goes on.")
    assert first.extra["nbib:AU"] == ("Takeuchi Y", "Osaki H")
    assert (second.pmid, second.authors) == ("23049521", ("Goldberg SG",))
    assert parsed.database == "PubMed"


def test_pubmed_without_blank_lines_and_with_one_too_many() -> None:
    parsed = read("PMID- 11111111\nTI  - One\nPMID- 22222222\nTI  - Two\n\nMH  - Humans\n", "nbib")
    assert [(r.title, r.keywords) for r in parsed.records] == [("One", ()), ("Two", ("Humans",))]


def test_eric_has_no_pubmed_number_and_is_not_taken_for_web_of_science() -> None:
    parsed = read(
        "OWN - ERIC\nTI  - Reading at home\nAU  - Smith, Jane\nPT  - Journal\nJT  - Reading\nDP  - 2001\n", "nbib"
    )
    assert parsed.records[0].authors == ("Smith, Jane",)
    assert parsed.database == "ERIC"


def test_ovid() -> None:
    parsed = read(
        "<1. >\nVN  - Ovid Technologies\nDB  - Embase\nUI  - 621381829\nTI  - Quality of life in patients.\n"
        "SO  - Circulation. 12(3):45-51, 2018.\nAU  - Behan L.\nAU  - Rubbo B.\nAB  - Background: one\n      two.\n"
        "DO  - http://dx.doi.org/10.1186/s12919-018-0099-8\nYR  - 2018\n\n<2. >\n"
        "VN - Ovid Technologies\nDB - PsycINFO\n"
        "AN - Dissertation Abstract: 2014-99150-257.\nTI - Academic procrastination.\n"
        "DT - Dissertation\nAU - Sudler, Eric L\n",
        "ovid",
    )
    first, second = parsed.records
    assert (first.title, first.doi, first.year) == ("Quality of life in patients.", "10.1186/s12919-018-0099-8", 2018)
    assert (first.journal, first.volume, first.issue, first.pages) == ("Circulation", "12", "3", "45-51")
    assert first.abstract == "Background: one two."
    assert (second.kind, second.database) == ("thesis", "PsycINFO")


def test_web_of_science() -> None:
    parsed = read(
        "FN Clarivate Analytics Web of Science\nVR 1.0\nPT J\nAU Gamernyk, RV\n   Gnatenko, YP\n"
        "TI Optical spectroscopy\n"
        "   of crystals\nSO JOURNAL OF PHYSICS\nCR BERCHA DM, 1997, FIZ TVERD TELA\n"
        "   BRAVINA SL, 1997\nBP 732\nEP 738\n"
        "PY 2006\nDI 10.1088/0953\nUT WOS:000282053100002\nER\n\nPT J\nAU Guarino, A\n"
        "TI Optical waveguides\nPY 2006\nER\n\nEF\n",
        "wos",
    )
    first, second = parsed.records
    assert first.title == "Optical spectroscopy of crystals"
    assert first.authors == ("Gamernyk, RV", "Gnatenko, YP")
    assert (first.pages, first.accession) == ("732-738", "WOS:000282053100002")
    assert first.extra["wos:CR"] == ("BERCHA DM, 1997, FIZ TVERD TELA", "BRAVINA SL, 1997")
    assert (second.title, second.year) == ("Optical waveguides", 2006)


def test_endnote() -> None:
    parsed = read(
        "%0 Journal Article\n%A 余敏\n%A 朱江\n%T 参考文献管理工具研究\n%J 现代情报\n%D 2009\n%P 94-98\n%K one\ntwo\n"
        "%R 10.3969/j.issn\n\n"
        "%0 Book Section\n%A Li, X\n%D 2001\n",
        "enw",
    )
    (record,) = parsed.records
    assert (record.title, record.authors, record.year) == ("参考文献管理工具研究", ("余敏", "朱江"), 2009)
    assert (record.keywords, record.doi) == (("one", "two"), "10.3969/j.issn")
    assert [(r.position, r.line) for r in parsed.rejected] == [(2, 12)]


def test_refer_entries_may_be_separated_by_blank_lines_only() -> None:
    parsed = read("%A Li, X\n%T One\n%D 2001\n\n%A Wu, Y\n%T Two\n%D 2002\n", "enw")
    assert [(r.title, r.year) for r in parsed.records] == [("One", 2001), ("Two", 2002)]


def test_refworks() -> None:
    parsed = read(
        "RT Book, Section\nID 206\nA1 Stansfeld,Stephen\nA1 Fuhrer,Rebecca\n"
        "T1 Depression and heart disease\nYR 2002\nSP 101\n"
        "OP 123\nT2 Stress and the heart\nAN 2002-00714-006\nSN 0727912771 (paperback)\n\n"
        "RT Journal\nT1 Two\nYR 2003\n",
        "refworks",
    )
    first, second = parsed.records
    assert (first.kind, first.journal, first.pages) == ("chapter", "Stress and the heart", "101-123")
    assert (first.isbn, first.accession) == ("0727912771 (paperback)", "2002-00714-006")
    assert (second.title, second.kind) == ("Two", "article")
