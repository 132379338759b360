"""What a review's file holds, counted part by part, for people to see that all of it was read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from core.interchange.model import DataKind, PartKind, ReviewFile
from core.language import mark
from core.model import StudyStatus


@dataclass(frozen=True, slots=True)
class Content:
    """A part of the file: ``key`` tells it from others, ``title`` says what it is, ``page`` is the page it goes to."""

    key: str
    title: str
    number: int
    page: str


_STATUS = {
    StudyStatus.INCLUDED: mark("Included studies"),
    StudyStatus.EXCLUDED: mark("Excluded studies"),
    StudyStatus.AWAITING: mark("Studies awaiting classification"),
    StudyStatus.ONGOING: mark("Ongoing studies"),
}
_KINDS = {
    DataKind.DICHOTOMOUS: mark("Analyses of counts"),
    DataKind.CONTINUOUS: mark("Analyses of means"),
    DataKind.GENERIC: mark("Analyses of effects with standard errors"),
    DataKind.O_E: mark("Analyses of O − E and variance"),
    DataKind.OTHER: mark("Tables of other data"),
}
_PARTS = {
    PartKind.TEXT: mark("Sections of text"),
    PartKind.SUMMARY_OF_FINDINGS: mark("Summary of findings tables"),
    PartKind.TABLE: mark("Additional tables"),
    PartKind.FIGURE: mark("Figures"),
    PartKind.APPENDIX: mark("Appendices"),
    PartKind.FEEDBACK: mark("Feedback items"),
}


def contents(file: ReviewFile) -> tuple[Content, ...]:
    """What was read, in the order of a review; parts of which there are none are left out."""
    return tuple(content for content in _all(file) if content.number)


def _all(file: ReviewFile) -> Iterator[Content]:
    status = Counter(study.status for study in file.studies)
    for one, title in _STATUS.items():
        yield Content(one.value, title, status[one], "fulltext")
    references = sum(len(study.references) for study in file.studies)
    yield Content("references", mark("References of studies"), references, "references")
    fields = sum(bool(c.text) for study in file.studies for c in study.characteristics)
    yield Content("characteristics", mark("Characteristics of studies, fields filled in"), fields, "extraction")
    yield Content("items", mark("Risk-of-bias items"), len(file.risk_of_bias), "riskofbias")
    judgements = sum(len(item.judgements) for item in file.risk_of_bias)
    yield Content("judgements", mark("Risk-of-bias judgements"), judgements, "riskofbias")
    yield Content("comparisons", mark("Comparisons"), len(file.comparisons), "analysis")
    kinds = Counter(outcome.kind for outcome in file.outcomes)
    for kind, title in _KINDS.items():
        yield Content(kind.value, title, kinds[kind], "analysis")
    yield Content("subgroups", mark("Subgroups"), sum(len(o.subgroups) for o in file.outcomes), "analysis")
    yield Content("rows", mark("Rows of data"), sum(len(o.all_rows) for o in file.outcomes), "analysis")
    parts = Counter(part.kind for part in file.parts if part.html)
    for part, title in _PARTS.items():
        yield Content(part.value, title, parts[part], "report")
    yield Content("other_references", mark("Other references"), len(file.other_references), "report")
