"""Sure duplicates: what must be joined, what must stay apart although it looks alike, whatever the order."""

from __future__ import annotations

import random
import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.references.dedupe import DuplicateGroup, dedupe_key, exact_groups
from core.references.record import ReferenceRecord

PAPER = ReferenceRecord(
    kind="article",
    title="Ketamine for social anxiety disorder: a randomized, placebo-controlled crossover trial",
    authors=("Taylor, Jerome H.", "Landeros-Weisenberger, Angeli", "Bloch, Michael H."),
    journal="Neuropsychopharmacology",
    year=2018,
    volume="43",
    issue="2",
    pages="325-333",
    doi="10.1038/npp.2017.194",
    pmid="28849779",
)


def joined(*records: ReferenceRecord) -> bool:
    """Whether all are one group, and the same from the back."""
    forward, back = exact_groups(records), exact_groups(records[::-1])
    assert [len(group.members) for group in forward] == [len(group.members) for group in back]
    return len(forward) == 1 and len(forward[0].members) == len(records)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"pmid": "", "doi": "10.1038/NPP.2017.194", "pages": "", "year": 2017, "volume": "", "issue": ""},
        {"doi": "", "journal": "", "pages": "", "volume": "", "issue": ""},
        {
            "doi": "",
            "pmid": "",
            "journal": "Neuropsychopharmacol",
            "pages": "325-33",
            "authors": ("Taylor JH", "Bloch MH"),
        },
        {"doi": "", "pmid": "", "authors": ("Jerome, Taylor", "Bloch, Michael"), "title": PAPER.title.upper() + "."},
        {"doi": "", "pmid": "", "journal": "Official journal of the ACNP", "pages": "325"},
        {"doi": "", "pmid": "", "pages": ""},
        {"doi": "", "pmid": "", "pages": "", "volume": "", "issue": ""},
        {"doi": "", "pmid": "", "year": 2017},
        {"doi": "", "pmid": "", "journal": "Other name of it", "issn": "1740-634X", "volume": ""},
    ],
)
def test_copies_of_one_report_are_joined(changes: dict[str, object]) -> None:
    assert joined(replace(PAPER, issn="1740-634X (Electronic)"), replace(PAPER, **changes))


def test_a_record_delivered_twice_is_joined_by_its_number_in_the_database() -> None:
    record = ReferenceRecord(title="Short title", accession="CN-00778158", year=2011)
    assert joined(record, replace(record, journal="Trials", year=None))
    assert not joined(record, replace(record, accession="CN-00778159"))


def test_a_copy_in_central_is_joined_in_spite_of_its_doi() -> None:
    assert joined(PAPER, replace(PAPER, doi="10.1002/central/CN-01398987", pmid="", journal="Neuropsychopharmacology"))


ABSTRACT = replace(PAPER, doi="", pmid="", journal="Biological Psychiatry", volume="83", issue="9 Suppl", pages="S12")


BARE = replace(PAPER, doi="", pmid="")
REMARKS = replace(BARE, title="Remarks from the Editor: the editor's comments", pages="")
COCHRANE = replace(BARE, journal="Cochrane Database Syst Rev", volume="", pages="CD001234")
REGISTERED = ReferenceRecord(
    title="A study of drug X in major depression",
    journal="ClinicalTrials.gov",
    year=2020,
    authors=("Nct,",),
    urls=("https://clinicaltrials.gov/show/NCT01234567",),
    volume="1",
    pages="1",
)
APART = {
    "paper and conference abstract under one title": (PAPER, ABSTRACT),
    "paper and abstract in one journal and volume": (BARE, replace(BARE, issue="2 Suppl", pages="")),
    "one DOI for a whole supplement": (
        replace(PAPER, title="Dapagliflozin alleviates atherosclerosis in mice", pages="S30-S31", pmid=""),
        replace(PAPER, title="Combination therapy suppresses foam cell formation", pages="S30", pmid=""),
    ),
    "one DOI and one title for two abstracts": (
        replace(PAPER, title="Poster abstracts", pmid="", pages="S30", authors=("Li, X",)),
        replace(PAPER, title="Poster abstracts", pmid="", pages="S31", authors=("Wu, Y",)),
    ),
    "Editorial in two issues": (
        replace(BARE, title="Editorial", issue="1", pages="1-2"),
        replace(BARE, title="Editorial", issue="2", pages="1-2"),
    ),
    "Editorial without pages": (
        replace(BARE, title="Editorial", issue="", pages=""),
        replace(BARE, title="Editorial", issue="", pages=""),
    ),
    "a standing column with a long title": (replace(REMARKS, issue="1"), replace(REMARKS, issue="2")),
    "a guideline in two journals": (
        replace(BARE, journal="CA Cancer Journal for Clinicians", volume="62", pages="147-172"),
        replace(BARE, journal="American Journal of Clinical Pathology", volume="137", pages="516"),
    ),
    "twin trials": (
        replace(BARE, title="A trial of semaglutide in obesity: adults"),
        replace(BARE, title="A trial of semaglutide in obesity: adolescents"),
    ),
    "twin registrations": (REGISTERED, replace(REGISTERED, urls=("https://clinicaltrials.gov/show/NCT07654321",))),
    "Cochrane review and its update": (
        replace(COCHRANE, doi="10.1002/14651858.CD001234.pub2"),
        replace(COCHRANE, doi="10.1002/14651858.CD001234.pub3"),
    ),
    "Cochrane protocol and review without DOI": (replace(COCHRANE, issue="2"), replace(COCHRANE, issue="5")),
    "Cochrane review and next year's without DOI": (COCHRANE, replace(COCHRANE, year=2019)),
    "erratum": (PAPER, replace(PAPER, title="Erratum: " + PAPER.title, doi="10.1038/npp.2018.1", pmid="28849781")),
    "reply under the title of its article": (PAPER, replace(PAPER, pmid="28849780")),
    "no title": (ReferenceRecord(abstract="x"), ReferenceRecord(abstract="x")),
}


@pytest.mark.parametrize(("one", "other"), APART.values(), ids=list(APART))
def test_what_looks_alike_stays_apart(one: ReferenceRecord, other: ReferenceRecord) -> None:
    assert exact_groups([one, other]) == []
    assert exact_groups([other, one]) == []


def test_a_record_between_two_that_contradict_joins_neither() -> None:
    between = replace(PAPER, doi="", pmid="")
    other = replace(PAPER, doi="10.1000/another", pmid="")
    copy = replace(PAPER, journal="NPP", pages="")
    assert exact_groups([PAPER, between, other, copy]) == [DuplicateGroup(primary=0, members=(0, 3))]


def test_a_record_without_pages_does_not_tie_an_abstract_to_its_paper() -> None:
    paper = replace(PAPER, doi="", pmid="")
    abstract = replace(paper, pages="S12", issue="")
    assert exact_groups([paper, replace(paper, pages="", issue=""), abstract, paper]) == [
        DuplicateGroup(primary=0, members=(0, 3))
    ]


def test_the_most_complete_record_stands_for_the_group_then_the_first() -> None:
    bare = replace(PAPER, pages="", volume="", issue="")
    full = replace(PAPER, abstract="An abstract.")
    assert exact_groups([bare, PAPER, full, full]) == [DuplicateGroup(primary=2, members=(0, 1, 2, 3))]
    assert exact_groups([PAPER, PAPER, bare]) == [DuplicateGroup(primary=0, members=(0, 1, 2))]


def test_keys_may_be_kept_and_given_again() -> None:
    new = replace(PAPER, doi="", pmid="")
    assert exact_groups([dedupe_key(PAPER), new]) == exact_groups([PAPER, new]) != []


VARIANTS = st.builds(
    replace,
    st.just(PAPER),
    title=st.sampled_from([PAPER.title, PAPER.title.upper(), "Editorial", "Another report on ketamine and anxiety"]),
    doi=st.sampled_from(["", PAPER.doi, "10.1000/another"]),
    pmid=st.sampled_from(["", PAPER.pmid, "11111111"]),
    year=st.sampled_from([None, 2017, 2018]),
    volume=st.sampled_from(["", "43"]),
    issue=st.sampled_from(["", "2", "2 Suppl"]),
    pages=st.sampled_from(["", "325-333", "325", "S12"]),
    journal=st.sampled_from(["Neuropsychopharmacology", "Biological Psychiatry", ""]),
)


@given(st.lists(VARIANTS, max_size=40), st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_the_order_does_not_count_and_no_group_contradicts_itself(
    records: list[ReferenceRecord], source: random.Random
) -> None:
    order = list(range(len(records)))
    source.shuffle(order)
    groups = exact_groups(records)
    turned = exact_groups([records[i] for i in order])
    assert {frozenset(g.members) for g in groups} == {frozenset(order[i] for i in g.members) for g in turned}
    assert len({i for group in groups for i in group.members}) == sum(len(group.members) for group in groups)
    for group in groups:
        assert group.primary in group.members
        assert len({records[i].doi for i in group.members} - {""}) <= 1
        assert len({records[i].pmid for i in group.members} - {""}) <= 1


def test_many_records_under_one_title_take_no_quadratic_time() -> None:
    editorials = [
        replace(
            PAPER, title="Editorial", doi="", pmid="", volume=str(n), pages=f"{n}-{n + 1}", authors=(f"Name{n}, A",)
        )
        for n in range(1, 4001)
    ]
    begin = time.process_time()
    groups = exact_groups([*editorials, *editorials])
    assert time.process_time() - begin < 5
    assert [group.members for group in groups] == [(n, n + 4000) for n in range(4000)]


def test_a_thousand_copies_are_one_group() -> None:
    assert exact_groups([PAPER] * 1000) == [DuplicateGroup(primary=0, members=tuple(range(1000)))]
