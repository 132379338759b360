"""What a column of a table of studies may mean."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from core.language import Phrase, mark
from core.references.sheets import Sheet

_ORNAMENT: Final = re.compile(
    r"(?i)^\s*(?:char\w*\s*:|(?:domain\s*)?\((?:judge?ment|support)\)\s*:|(?:judge?ment|support)\s*(?:for|of)?\s*:?)\s*"
    r"|\s*(?:\((?:judge?ment|support)\)|[-–:\s]\s*(?:judge?ment|support(?:ing text| for judge?ment)?))\s*$"
)


@dataclass(frozen=True, slots=True)
class Target:
    """A meaning: its key, its name, headings that say so (small letters and digits), whether its cells are numbers and
    whether several columns may have it."""

    key: str
    label: Phrase
    headings: tuple[str, ...] = ()
    is_number: bool = False
    many: bool = False


@dataclass(frozen=True, slots=True)
class Columns:
    """What the columns of a sheet mean: a key of `TARGETS` for each, empty for one that is not read.

    ``heading`` is the index of the row of headings, ``decimal`` the decimal sign, ``level`` that of the intervals.
    """

    targets: tuple[str, ...]
    heading: int = 0
    decimal: str = "."
    level: float = 0.95

    def headings(self, sheet: Sheet) -> tuple[str, ...]:
        """The headings, those of risk of bias and characteristics without what says that they are such."""
        row = sheet.rows[self.heading]
        return tuple(
            _ORNAMENT.sub("", text).strip() or text if target.startswith(("rob", "char")) else text
            for text, target in zip(row, self.targets, strict=True)
        )


def _both(key: str, first: Phrase, second: Phrase, *headings: tuple[str, str]) -> tuple[Target, Target]:
    return (
        Target(f"{key}_1", first, tuple(one for one, _ in headings), is_number=True),
        Target(f"{key}_2", second, tuple(two for _, two in headings), is_number=True),
    )


_ALL: Final = (
    Target("study", mark("Study"), (
        "study", "studyid", "studyname", "studylabel", "studlab", "slab", "trial", "trialname", "author", "authors",
        "firstauthor", "authoryear", "studie", "paper", "reference", "covidencestudyid")),
    Target("year", mark("Year"), ("year", "studyyear", "yearofstudy", "publicationyear", "yearofpublication", "jahr")),
    Target("comparison", mark("Comparison"), ("comparison", "comparisonname", "contrast")),
    Target("outcome", mark("Outcome"), ("outcome", "outcomename", "endpoint", "outcomemeasure", "analysis")),
    Target("subgroup", mark("Subgroup"), ("subgroup", "subgroupname", "stratum")),
    Target("time_point", mark("Time point"), ("timepoint", "time", "followup", "followuptime", "visit")),
    Target("arm", mark("Arm"), ("arm", "armname", "group", "treatmentgroup", "studyarm", "treatmentarm", "groupname")),
    Target("reference", mark("Reference arm"), ("referencearm", "referencegroup")),
    Target("group_1", mark("Name of group 1"), ("grouplabel1", "group1", "experimentalgroup", "interventiongroup")),
    Target("group_2", mark("Name of group 2"), ("grouplabel2", "group2", "controlgroup", "comparatorgroup")),
    *_both("events", mark("Events, group 1"), mark("Events, group 2"), ("ai", "ci"), ("evente", "eventc")),
    *_both("total", mark("Total, group 1"), mark("Total, group 2"), ("n1i", "n2i"), ("ne", "nc")),
    *_both("events_total", mark("Events/total, group 1"), mark("Events/total, group 2")),
    *_both("mean", mark("Mean, group 1"), mark("Mean, group 2"), ("m1i", "m2i"), ("meane", "meanc")),
    *_both("sd", mark("SD, group 1"), mark("SD, group 2"), ("sd1i", "sd2i"), ("sde", "sdc")),
    *_both("mean_sd", mark("Mean (SD), group 1"), mark("Mean (SD), group 2")),
    Target("events", mark("Events of the arm"), is_number=True),
    Target("total", mark("Total of the arm"), is_number=True),
    Target("events_total", mark("Events/total of the arm"), is_number=True),
    Target("mean", mark("Mean of the arm"), is_number=True),
    Target("sd", mark("SD of the arm"), is_number=True),
    Target("mean_sd", mark("Mean (SD) of the arm"), is_number=True),
    Target("estimate", mark("Estimate (difference or log ratio)"), (
        "te", "yi", "estimate", "effect", "effectestimate", "effectsize", "logor", "logrr", "loghr", "lnor", "lnrr",
        "lnhr", "logoddsratio", "logriskratio", "loghazardratio", "md", "smd", "meandifference", "hedgesg", "cohensd",
        "rd", "riskdifference"), is_number=True),
    Target("ratio", mark("Ratio (OR, RR, HR)"), (
        "or", "rr", "hr", "oddsratio", "riskratio", "hazardratio", "relativerisk", "irr", "rateratio"), is_number=True),
    Target("se", mark("Standard error"), ("se", "sei", "sete", "standarderror", "stderr", "selogor", "seloghr",
        "selogrr"), is_number=True),
    Target("variance", mark("Variance of the estimate"), ("vi", "variance", "var"), is_number=True),
    Target("ci_start", mark("Interval, lower end"), (
        "cistart", "cilower", "lowerci", "lower", "lcl", "ll", "lci", "cilow", "lower95", "lower95ci", "95cilower",
        "cilb", "lowerlimit", "95lcl", "lb"), is_number=True),
    Target("ci_end", mark("Interval, upper end"), (
        "ciend", "ciupper", "upperci", "upper", "ucl", "ul", "uci", "cihigh", "upper95", "upper95ci", "95ciupper",
        "ciub", "upperlimit", "95ucl", "ub"), is_number=True),
    Target("ci", mark("Interval (both ends)"), ("ci", "95ci", "ci95", "confidenceinterval"), is_number=True),
    Target("estimate_ci", mark("Estimate with interval"), ("estimate95ci", "effect95ci", "md95ci", "smd95ci"),
        is_number=True),
    Target("ratio_ci", mark("Ratio with interval"), ("or95ci", "rr95ci", "hr95ci"), is_number=True),
    Target("p", mark("P value"), ("p", "pvalue"), is_number=True),
    Target("measure", mark("Name of the effect"), ("measure", "effectmeasure")),
    Target("rob_judgement", mark("Risk of bias: judgement"), many=True),
    Target("rob_support", mark("Risk of bias: support"), many=True),
    Target("rob_domain", mark("Risk of bias: domain"), ("domain", "robdomain", "biasdomain")),
    Target("rob_level", mark("Risk of bias: judgement of the line"), ("judgement", "judgment", "riskofbias", "rob")),
    Target("rob_reason", mark("Risk of bias: support of the line"), ("support", "supportforjudgement", "rationale")),
    Target("characteristic", mark("Characteristic of the study"), (
        "methods", "participants", "interventions", "outcomes", "country", "design", "studydesign", "setting",
        "funding", "population", "notes", "duration", "meanage", "age", "sex", "dose"), many=True),
    Target("doi", mark("DOI"), ("doi",)),
    Target("data_source", mark("Data source"), ("datasource",)),
    Target("footnote", mark("Footnote"), ("footnote", "footnotes", "comment", "comments")),
)  # fmt: skip
TARGETS: Final[Mapping[str, Target]] = {one.key: one for one in _ALL}
"""All meanings by key, in the order they are offered."""


def label_of(key: str) -> Phrase:
    """How a meaning is called; of the empty one, that the column is not read."""
    return TARGETS[key].label if key else mark("Not read")
