"""Which database or platform a file seems to come from, so that the person need not type it. It stays editable."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from core.references.record import ReferenceRecord

SAMPLE = 50
"""Records looked at."""

_BY_DATABASE = (
    (re.compile(r"psyc(?:info|articles)|^psyh$|^psyc\d*$", re.IGNORECASE), "PsycINFO"),
    (re.compile(r"embase", re.IGNORECASE), "Embase"),
    (re.compile(r"cinahl|^rzh$|^ccm$|^cin20$", re.IGNORECASE), "CINAHL"),
    (re.compile(r"central|cochrane", re.IGNORECASE), "Cochrane Library"),
    (re.compile(r"pubmed", re.IGNORECASE), "PubMed"),
    (re.compile(r"medline|^nlm$", re.IGNORECASE), "MEDLINE"),
    (re.compile(r"scopus", re.IGNORECASE), "Scopus"),
    (re.compile(r"econlit|^ecn$", re.IGNORECASE), "EconLit"),
    (re.compile(r"^aph$|academic search", re.IGNORECASE), "Academic Search"),
    (re.compile(r"^i3h$|criminal justice", re.IGNORECASE), "Criminal Justice Abstracts"),
    (re.compile(r"web of science", re.IGNORECASE), "Web of Science"),
)
_OVID_SEGMENTS = (
    (re.compile(r"^psyc"), "PsycINFO"),
    (re.compile(r"^(?:emed|emez|oem)"), "Embase"),
    (re.compile(r"^(?:med|ppez|mesz|prem|pmn|mepr|ovft)"), "MEDLINE"),
    (re.compile(r"^(?:cctr|coch)"), "Cochrane Library"),
)
_OVID = re.compile(r"ovid(?:sp|web)?\.(?:ovid\.com|cgi)[^\s]*?[?&;]D=([a-z]+\d*)", re.IGNORECASE)
_BY_TRACE = (
    (re.compile(r"cochranelibrary\.com/|^CN-\d{8}"), "Cochrane Library"),
    (re.compile(r"scopus\.com/|^2-s2\.0-"), "Scopus"),
    (re.compile(r"^WOS:"), "Web of Science"),
    (re.compile(r"pubmed\.ncbi|ncbi\.nlm\.nih\.gov/pubmed"), "PubMed"),
    (re.compile(r"proquest\.com/"), "ProQuest"),
    (re.compile(r"ebscohost\.com/"), "EBSCOhost"),
    (re.compile(r"lens\.org/"), "Lens"),
    (re.compile(r"clinicaltrials\.gov/"), "ClinicalTrials.gov"),
)
_BY_HEADING = (("csv:gsrank", "Google Scholar"), ("csv:citing works count", "Lens"), ("csv:covidence #", "Covidence"))


def guess_database(format: str, records: Sequence[ReferenceRecord]) -> str:
    """The database most of the first records point to, or "" when they point to none."""
    if format == "nbib" and not any("ERIC" in record.database for record in records[:SAMPLE]):
        return "PubMed"
    votes = Counter(name for record in records[:SAMPLE] if (name := _of_record(record)))
    if votes:
        return votes.most_common(1)[0][0]
    return {"wos": "Web of Science", "ovid": "Ovid"}.get(format, "")


def _of_record(record: ReferenceRecord) -> str:
    """What one record says of its source, the database it names first."""
    traces = (record.accession, *record.urls, *(value for tag in ("L2", "LK") for value in record.extra.get(tag, ())))
    for trace in traces:
        segment = _OVID.search(trace)
        if segment:
            return next((name for known, name in _OVID_SEGMENTS if known.match(segment.group(1).lower())), "Ovid")
        if "embase.com/" in trace:  # which also delivers MEDLINE's records and says so
            return "Embase"
    heading = next((name for heading, name in _BY_HEADING if heading in record.extra), "")
    if heading:
        return heading
    for delivered in record.database.split("; "):
        for known, name in _BY_DATABASE:
            if known.search(delivered):
                return name
    if record.database:
        return record.database
    for trace in traces:
        for known, name in _BY_TRACE:
            if known.search(trace):
                return name
    return ""
