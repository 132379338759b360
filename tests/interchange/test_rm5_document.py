"""The texts of an .rm5 file as parts for reading."""

from __future__ import annotations

import base64

import pytest

from core.interchange.model import Part, PartKind, ReviewFile
from core.interchange.rm5.read import read
from tests.interchange.rm5_files import document, full, png


@pytest.fixture(scope="module")
def review() -> ReviewFile:
    return read(full(), "tea.rm5")


def part(file: ReviewFile, id: str) -> Part:
    return next(found for found in file.parts if found.id == id)


def test_parts_in_the_order_of_reading(review: ReviewFile) -> None:
    kinds = list(dict.fromkeys(found.kind for found in review.parts))
    assert (
        kinds
        == [
            PartKind.ABOUT,
            PartKind.TEXT,
            PartKind.SUMMARY_OF_FINDINGS,
            PartKind.TABLE,
            PartKind.FIGURE,
            PartKind.APPENDIX,
            PartKind.FEEDBACK,
            PartKind.REFERENCES,
        ]
        or kinds[4] is PartKind.TEXT
    )
    assert len({found.id for found in review.parts}) == len(review.parts)


def test_sections_have_their_titles_and_levels(review: ReviewFile) -> None:
    found = [(one.id, str(one.title), one.level) for one in review.parts if one.kind is PartKind.TEXT]
    assert found[:14] == [
        ("SUMMARY", "Plain language summary", 1),
        ("ABSTRACT", "Abstract", 1),
        ("ABS_BACKGROUND", "Background", 2),
        ("ABS_OBJECTIVES", "Objectives", 2),
        ("BACKGROUND", "Background", 1),
        ("CONDITION", "Description of the condition", 2),
        ("INTERVENTION", "Description of the intervention", 2),
        ("OBJECTIVES", "Objectives", 1),
        ("METHODS", "Methods", 1),
        ("SELECTION_CRITERIA", "Criteria for considering studies for this review", 2),
        ("CRIT_STUDIES", "Types of studies", 3),
        ("CRIT_OUTCOMES", "Types of outcome measures", 3),
        ("CRIT_OUTCOMES_PRIMARY", "Primary outcomes", 4),
        ("SEARCH_METHODS", "Search methods for identification of studies", 2),
    ]
    assert "THEORY" not in {id for id, _, _ in found}


def test_section_text(review: ReviewFile) -> None:
    assert part(review, "SUMMARY").html == "<p><b>Does tea help?</b></p><p>Perhaps.</p>"
    assert part(review, "CONDITION").html == "<p>A cold is a <b>viral</b> infection &amp; costs much<sup>1</sup>.</p>"
    assert part(review, "METHODS").html == ""


def test_links_say_what_they_lead_to(review: ReviewFile) -> None:
    text = part(review, "INTERVENTION").html
    assert '<a href="#REF-Ming-1999">Ming 1999</a>, <a href="#STD-Smith-2001">Smith 2001</a>' in text
    assert '<a href="https://example.org/tea?a=1&amp;b=2">leaves</a>' in text
    assert '<a href="#APP-01">Appendix 1</a>' in part(review, "ELECTRONIC_SEARCHES").html
    effects = part(review, "INTERVENTION_EFFECTS").html
    assert effects.startswith("<h3>Cure</h3>")
    for link in ('#CMP-001.01">Analysis 1.1<', '#FIG-01">Figure 1<', '#TBL-01">Table 1<'):
        assert link in effects


def test_sections_that_no_version_has_are_shown_too() -> None:
    file = read(document(text="<BODY><SYNOPSIS><P>Short.</P></SYNOPSIS></BODY>"), "a.rm5")
    assert [(found.title, found.html) for found in file.parts if found.kind is PartKind.TEXT] == [
        ("Synopsis", "<p>Short.</p>")
    ]
    assert len(file.remarks) == 1


def test_people(review: ReviewFile) -> None:
    berg, diaz = review.authors
    assert (berg.name, berg.email, berg.organisation, berg.is_contact) == (
        "Anna B Berg",
        "anna@example.org",
        "University of Somewhere",
        True,
    )
    assert (diaz.name, diaz.is_contact) == ("Carlos Díaz", False)
    assert "Anna B Berg" in part(review, "CREATORS").html


def test_contact_who_is_no_author_is_kept() -> None:
    cover = """<CONTACT><PERSON ID="9"><FIRST_NAME>Eva</FIRST_NAME><LAST_NAME>Moe</LAST_NAME></PERSON></CONTACT>
    <CREATORS><PERSON ID="?"/><PERSON ID="1"><LAST_NAME>Berg</LAST_NAME></PERSON></CREATORS>"""
    assert [(one.name, one.is_contact) for one in read(document(cover=cover), "a.rm5").authors] == [
        ("Berg", False),
        ("Eva Moe", True),
    ]


def test_cover_sheet(review: ReviewFile) -> None:
    assert "DOI: 10.1000/review.1" in part(review, "COVER_SHEET").html
    dates = part(review, "DATES").html
    assert "<p>Last search: 30 November 2013</p>" in dates
    assert "<p>Protocol first published: 2010, 1</p>" in dates
    assert part(review, "WHATS_NEW").html == (
        "<ul><li><b>1 March 2014: Updated</b><p>New search; one study added.</p></li></ul>"
    )
    assert "University of Somewhere, Germany<p>Salaries</p>" in part(review, "SOURCES_OF_SUPPORT").html


def test_tables(review: ReviewFile) -> None:
    findings = part(review, "SOF-01")
    assert (findings.kind, findings.title) == (PartKind.SUMMARY_OF_FINDINGS, "Tea compared with water")
    assert findings.html == (
        '<table><tr><th colspan="2"><p>Outcomes</p></th></tr><tr><td rowspan="1"><p>Cure<sup>a</sup></p></td>'
        "<td><p>RR 2.39</p></td></tr></table><p>a. In a week</p>"
    )
    assert part(review, "TBL-01").kind is PartKind.TABLE
    assert part(review, "CHARACTERISTICS_OF_INCLUDED_STUDIES").html == "<p>n: number of participants</p>"


def test_figures(review: ReviewFile) -> None:
    cup, forest, flow = (part(review, f"FIG-0{n}") for n in (1, 2, 3))
    assert cup.title == "Figure 1"
    coded = base64.b64encode(png()).decode()
    assert cup.html == f'<p>A cup of tea.</p><img src="data:image/png;base64,{coded}" alt="A cup of tea.">'
    assert forest.html == '<p>Forest plot.</p><p><a href="#CMP-001.01">Analysis 1.1</a></p>'
    assert flow.html == ("<p>Flow of studies.</p><ul><li>90 records found</li><li>3 studies included</li></ul>")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\xff\xd8\xff\xe0jpeg", "jpeg"),
        (b"GIF89a", "gif"),
        (b"<svg onload='x'/>", ""),
        (b"\x89PN", ""),
    ],
)
def test_pictures_by_what_they_are(content: bytes, kind: str) -> None:
    coded = base64.b64encode(content).decode()
    file = read(document(figures=f'<FIGURE ID="F" FILENAME="x.png"><FILE>{coded}</FILE></FIGURE>'), "a.rm5")
    assert file.parts[-1].html == (f'<img src="data:image/{kind};base64,{coded}" alt="Figure 1">' if kind else "")
    assert [remark.where for remark in file.remarks] == ([] if kind else ["FIGURE F"])


@pytest.mark.parametrize("coded", ['iVBORw0KGgo">x', "iVBORw0KGg", "é"])
def test_picture_that_is_damaged_is_left_out(coded: str) -> None:
    file = read(document(figures=f'<FIGURE ID="F" FILENAME="x.png"><FILE>{coded}</FILE></FIGURE>'), "a.rm5")
    assert file.parts[-1].html == ""
    assert "x.png" in file.remarks[0].what


def test_appendix_and_feedback(review: ReviewFile) -> None:
    appendix = part(review, "APP-01")
    assert (appendix.title, appendix.html) == ("Search strategy", "<p>1. tea</p><p>2. cold</p>")
    assert part(review, "FBK-01").html == (
        "<p>1 February 2013</p><h4>Summary</h4><p>What about milk?</p><h4>Reply</h4><p>Later.</p>"
        "<h4>Contributors</h4><p>D. Doe</p>"
    )


def test_references_of_the_text(review: ReviewFile) -> None:
    assert part(review, "ADDITIONAL_REFERENCES").html == (
        "<ul><li><b>Ming 1999</b> Ming L. The book of tea. Kyoto: Leaf. 1999.</li></ul>"
    )


def test_notes_of_the_authors_are_shown() -> None:
    text = '<ABSTRACT><ABS_RESULTS NOTES="&lt;p&gt;Check this&lt;/p&gt;"/></ABSTRACT>'
    notes = part(read(document(text=text), "a.rm5"), "NOTES")
    assert notes.html == "<ul><li><b>Main results</b><p>Check this</p></li></ul>"


def test_empty_document_has_no_parts() -> None:
    assert read(b"<COCHRANE_REVIEW/>", "a.rm5").parts == ()
