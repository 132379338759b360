"""A small review of another program, for placing it: two comparisons, a study in two subgroups, judgements by group."""

from __future__ import annotations

from pathlib import Path

from core.interchange.model import (
    Characteristic,
    ComparisonItem,
    DataKind,
    DataRow,
    Identifier,
    Outcome,
    Part,
    PartKind,
    Person,
    Reference,
    ReviewFile,
    RobGroup,
    RobItem,
    RobJudgement,
    RobLevel,
    StudyItem,
    SubgroupItem,
    Totals,
)
from core.interchange.stored import filled
from core.model import Id, StudyStatus
from core.review import Review, Session
from core.session.adoption import hash_of
from core.session.adoption.rows import element_id

TEAM = ("Asha Menon", "Tom Brandt")

REFERENCES = (
    Reference(
        "STD-Berg-2001.1", authors="Berg AB, Li C", title="Tea and colds", source="J Tea", year="2001", volume="3",
        pages="1-9", identifiers=(Identifier("DOI", "10.1000/tea.1"),),
    ),
    Reference("STD-Berg-2001.2", primary=True, authors="Berg, A.; Li, C.", title="Tea again", year="2002",
              notes="[PUBMED: 11223344]"),
)  # fmt: skip


def counts(study: str, events_1: float, total_1: float, events_2: float, total_2: float, **more: str) -> DataRow:
    """A row of counts."""
    data = {"events_1": events_1, "total_1": total_1, "events_2": events_2, "total_2": total_2}
    return DataRow(study, data, **more)  # pyright: ignore[reportArgumentType]


def studies() -> tuple[StudyItem, ...]:
    """Two included studies, one excluded, one ongoing."""
    methods = Characteristic("methods", "Methods", "Trial.\nTwo arms.", "<p>Trial.</p><p>Two <i>arms</i>.</p>")
    reason = Characteristic("reason_for_exclusion", "Reason for exclusion", "Not randomised.")
    registered = (Identifier("ISRCTN", "ISRCTN12345678"),)
    return (
        StudyItem("STD-Berg-2001", "Berg 2001", StudyStatus.INCLUDED, "2001", "PUB", REFERENCES, registered,
                  (methods,)),
        StudyItem("STD-Diaz-2003", "Díaz 2003", StudyStatus.INCLUDED, "2003"),
        StudyItem("STD-Old-1950", "Old 1950", StudyStatus.EXCLUDED, "1950",
                  references=(Reference("STD-Old-1950.1", title="Tea of old"),), characteristics=(reason,)),
        StudyItem("STD-New-2030", "New 2030", StudyStatus.ONGOING,
                  references=(Reference("STD-New-2030.1", title="Tea of tomorrow"),)),
    )  # fmt: skip


def response() -> Outcome:
    """Counts in two subgroups; Berg 2001 stands in both with other numbers."""
    wanted = Outcome(
        id="CMP-001.01",
        number="1",
        name="Cure",
        kind=DataKind.DICHOTOMOUS,
        measure="RR",
        method="MH",
        model="random",
        group_labels=("Tea", "Water"),
        graph_labels=("Favours water", "Favours tea"),
        scale=50.0,
        has_subgroups=True,
        sort_by="study",
        subgroups=(
            SubgroupItem(
                "CMP-001.01.01",
                "1",
                "Adults",
                (counts("STD-Berg-2001", 12, 20, 5, 21, footnote="After a week."), counts("STD-Diaz-2003", 3, 9, 4, 8)),
            ),
            SubgroupItem("CMP-001.01.02", "2", "Children", (counts("STD-Berg-2001", 7, 11, 2, 12),)),
        ),
    )
    return filled(wanted)


def review_file() -> ReviewFile:
    """The whole file."""
    same = Outcome("CMP-002.01", "1", "Cure", DataKind.DICHOTOMOUS, "OR", "Peto", "common",
                   group_labels=("Tea", "Water"),
                   rows=(counts("STD-Diaz-2003", 3, 9, 4, 8), counts("STD-Berg-2001", 19, 31, 7, 33)),
                   sort_by="user", footnotes=("By Peto's method.",))  # fmt: skip
    other = Outcome("CMP-002.02", "2", "Cure", DataKind.DICHOTOMOUS, "RD", "MH", "common", totals=Totals.SUBTOTALS,
                    group_labels=("Tea", "Water"), rows=(counts("STD-Diaz-2003", 3, 10, 4, 8),))  # fmt: skip
    means = {"mean_1": 5.5, "sd_1": 3.5, "total_1": 20.0, "mean_2": 6.5, "sd_2": None, "total_2": 18.0}
    days = Outcome("CMP-002.03", "3", "Days", DataKind.CONTINUOUS, "MD", "IV", "random", units="days",
                   group_labels=("", ""), scale=10.0, rows=(DataRow("STD-Diaz-2003", means),))  # fmt: skip
    return ReviewFile(
        format="rm5",
        file_name="tea.rm5",
        title="Tea for the common cold",
        version="5.4.1",
        authors=(Person("P1", "Anna Berg", is_contact=True),),
        studies=studies(),
        risk_of_bias=risk_of_bias(),
        comparisons=(
            ComparisonItem("CMP-001", "1", "Tea versus water", (response(),)),
            ComparisonItem("CMP-002", "2", "Sensitivity", tuple(map(filled, (same, other, days)))),
        ),
        parts=(Part(PartKind.TEXT, "CRIT_PARTICIPANTS", "Types of participants", 4, "<p>Adults &amp; children.</p>"),),
        original=b"the bytes of the file",
    )


def risk_of_bias() -> tuple[RobItem, ...]:
    """An item judged once, and one judged for two groups of outcomes."""
    groups = (RobGroup("QIG-02.01", "Cure", ("CMP-001.01",)), RobGroup("QIG-02.02", "Days", ("CMP-002.03",)))
    return (
        RobItem("QIT-01", "1", "Random sequence generation (selection bias)", core=True, judgements=(
            RobJudgement("STD-Berg-2001", "", RobLevel.LOW, "By computer.", "<p>By <i>computer</i>.</p>"),
            RobJudgement("STD-Diaz-2003", "", RobLevel.UNCLEAR),
        )),
        RobItem("QIT-02", "2", "Blinding of tasters", by_group=True, groups=groups, judgements=(
            RobJudgement("STD-Berg-2001", "QIG-02.01", RobLevel.HIGH, "Tea tastes of tea."),
            RobJudgement("STD-Berg-2001", "QIG-02.02", RobLevel.LOW),
        )),
    )  # fmt: skip


def adopt(folder: Path, file: ReviewFile, name: str = "tea.copse") -> Review:
    """The file in a new review of a team of two."""
    return Review.adopt(folder / name, file, reviewers=TEAM)


def lead(review: Review) -> Session:
    """The session of the one who took the file in."""
    return review.session(review.reviewers()[0].id)


def row_of(file: ReviewFile, kind: str, *parts: str | int) -> Id:
    """The id of the row that an element of the file became."""
    return element_id(hash_of(file), kind, *parts)
