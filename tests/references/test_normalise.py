"""Keys: what different databases write for one thing has one key, what differs has another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.references import normalise


@pytest.mark.parametrize(
    "title",
    [
        "Beta-blockers in H2O: an <i>in vivo</i> study",
        "BETA BLOCKERS IN H2O: AN IN VIVO STUDY.",
        "[Beta blockers in H<sub>2</sub>O: an in-vivo study].",
        "β-blockers in H2O: an &lt;i&gt;in vivo&lt;/i&gt; study",
        "Beta-blockers in H2O: an in vivo study. [Review] [45 refs]",
        "Beta-blockers in H2O: an in vivo study. [German]",
        "Béta–blockers in H2O: an in vivo study [References].",
    ],
)
def test_one_title_written_in_many_ways(title: str) -> None:
    assert normalise.title_key(title) == "betablockersinh2oaninvivostudy"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("A trial in adults", "A trial in adolescents"),
        ("Pain, part 1", "Pain, part 2"),
        ("A trial of X", "Erratum: A trial of X"),
        ("A trial of X", "A trial of X [abstract]"),
        ("参考文献管理工具研究", "参考文献管理"),
    ],
)
def test_different_titles(one: str, other: str) -> None:
    assert normalise.title_key(one) != normalise.title_key(other)


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        ("10.1016/S0027-9684(15)31340-7", "10.1016/S0027-9684(15)31340-7"),
        ("http://dx.doi.org/10.1016/0376-8716%2876%2990010-7", "10.1016/0376-8716(76)90010-7"),
        ("https://doi.org/10.1002/cpp.2398.", "10.1002/cpp.2398"),
        ("doi: 10.1002/cpp.2398;", "10.1002/cpp.2398"),
        ("(see 10.1002/cpp.2398)", "10.1002/cpp.2398"),
        ("10.1038/s41467-024-48400-3     LK  - https://example.org", "10.1038/s41467-024-48400-3"),
        ("10.1038/s41467https://example.org", "10.1038/s41467"),
        ("x?doi=10.1038%2fs41467&partnerID=40", "10.1038/s41467"),
        (
            "10.1002/(SICI)1097-0258(19980815)17:15<1661::AID-SIM968>3.0.CO;2-2",
            "10.1002/(SICI)1097-0258(19980815)17:15<1661::AID-SIM968>3.0.CO;2-2",
        ),
        ("10.1002/14651858.CD001234.pub2", "10.1002/14651858.CD001234.pub2"),
        ("10.1002/14651858.CD001234.pub3", "10.1002/14651858.CD001234.pub3"),
        ("NA", ""),
        ("10.5", ""),
        ("", ""),
    ],
)
def test_dois(text: str, doi: str) -> None:
    assert normalise.clean_doi(text) == doi
    assert normalise.doi_key(text) == doi.lower()


@given(st.text(st.characters(exclude_characters="%&")))
def test_a_clean_doi_stays_as_it_is(text: str) -> None:
    doi = normalise.clean_doi("10.1000/" + text)
    assert normalise.clean_doi(doi) == doi


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2008/08//", 2008),
        ("1975-1976//", 1975),
        ("FEB 2011", 2011),
        ("10 15", None),
        ("0000", None),
        ("20081231", None),
        ("", None),
    ],
)
def test_years(text: str, year: int | None) -> None:
    assert normalise.year_of(text) == year


@pytest.mark.parametrize(
    ("author", "surname"),
    [
        ("Van Dam, J.", "vandam"),
        ("van Dam JM", "vandam"),
        ("Müller J.-P.", "muller"),
        ("O'Reilly, M", "oreilly"),
        ("Jane Smith", "smith"),
        ("DJ Nutt", "nutt"),
        ("Adeli K.Lewis G. F.", "adeli"),
        ("余敏", "余敏"),
        ("Nct,", ""),
        ("Anonymous", ""),
        ("", ""),
    ],
)
def test_surnames(author: str, surname: str) -> None:
    assert normalise.surname(author) == surname


@pytest.mark.parametrize(
    ("pages", "first", "last"),
    [
        ("1045-51", "1045", "1051"),
        ("1279‐1297", "1279", "1297"),
        ("376 -- 383", "376", "383"),
        ("S3-89", "s3", "s89"),
        ("e0815", "e815", ""),
        ("pp. 12-14", "12", "14"),
        ("94-98,93", "94", "98"),
        ("01-Oct", "", ""),
        ("Oct-01", "", ""),
        ("no pagination", "", ""),
        ("", "", ""),
    ],
)
def test_pages(pages: str, first: str, last: str) -> None:
    assert normalise.page_range(pages) == (first, last)
    assert normalise.first_page(pages) == first


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The Journal of the American Heart Association", "J Am Heart Assoc"),
        ("Nature Communications", "Nat. Commun."),
        ("Deutsche Medizinische Wochenschrift", "Dtsch Med Wochenschr"),
        ("British Medical Journal", "BMJ"),
        ("Addiction Research & Theory", "Addiction research and theory"),
        ("Journal of Clinical Virology", "Journal of clinical virology : the official publication of the Society"),
        ("Microcirculation. Conference: 66th Annual Meeting. Australia.", "Microcirculation"),
    ],
)
def test_one_journal(one: str, other: str) -> None:
    words = normalise.journal_words
    assert normalise.same_journal_name(words(one), words(other))
    assert normalise.same_journal_name(words(other), words(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Diabetes", "Diabetes Care"),
        ("Pediatric Nephrology", "Molecular Immunology"),
        ("CA: a Cancer Journal for Clinicians", "American Journal of Clinical Pathology"),
        ("https://clinicaltrials.gov/show/NCT01234567", "https://clinicaltrials.gov/show/NCT07654321"),
        ("", ""),
    ],
)
def test_two_journals(one: str, other: str) -> None:
    assert not normalise.same_journal_name(normalise.journal_words(one), normalise.journal_words(other))


def test_serial_numbers() -> None:
    assert normalise.issns("1573-3602 1050-5350") == {"15733602", "10505350"}
    assert normalise.issns("20411723 (ISSN)") == {"20411723"}
    assert normalise.issns("0893-133x (Print)") == {"0893133X"}
    assert normalise.issns("978-0-415-47263-0") == frozenset()


def test_pubmed_numbers() -> None:
    assert normalise.pmid_key("PMID: 30042925") == "30042925"
    assert normalise.pmid_key("PMC") == ""
