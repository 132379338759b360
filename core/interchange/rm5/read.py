"""A file of RevMan 5 as a `ReviewFile`."""

from __future__ import annotations

from typing import Final

from core.errors import InputError
from core.interchange.model import ReviewFile
from core.interchange.rm5.analyses import Analyses
from core.interchange.rm5.bias import read_risk_of_bias
from core.interchange.rm5.cover import read_people
from core.interchange.rm5.document import read_parts
from core.interchange.rm5.elements import Notes, attribute, child, tag, words
from core.interchange.rm5.known import remark_unknown
from core.interchange.rm5.labels import labels_of
from core.interchange.rm5.studies import read_characteristics, read_other_references, read_studies
from core.interchange.rm5.texts import Html, name_links
from core.interchange.rm5.xml import parse

FORMAT: Final = "rm5"
ROOT: Final = "COCHRANE_REVIEW"


def read(data: bytes, name: str) -> ReviewFile:
    """The review in the bytes of the file `name`: every part that Copse knows, and remarks on all else.

    Raises InputError for what is not XML, is broken, or is no review of RevMan.
    """
    notes = Notes()
    root = parse(data, name, notes.remarks).getroot()
    if tag(root) != ROOT:
        raise InputError(
            "rm5.other-xml",
            "{file} is XML, but no review of RevMan 5: it begins with {element}. Save the review from RevMan as .rm5, "
            "and open that. Nothing was opened.",
            file=name,
            element=tag(root),
        )
    studies = read_studies(root, notes)
    labels = labels_of(root)
    name_links(root, labels)
    html = Html(labels)
    read_characteristics(root, studies, html, notes)
    bias = read_risk_of_bias(root, studies, html, notes)
    comparisons = Analyses(studies, notes).read(child(root, "ANALYSES_AND_DATA"))
    references = read_other_references(root, notes)
    parts = read_parts(root, references, html, notes)
    remark_unknown(root, notes)
    return ReviewFile(
        format=FORMAT,
        file_name=name,
        title=words(root, "COVER_SHEET", "TITLE"),
        version=attribute(root, "REVMAN_SUB_VERSION") or attribute(root, "REVMAN_VERSION"),
        authors=read_people(root),
        studies=studies.items,
        other_references=references,
        risk_of_bias=bias,
        comparisons=comparisons,
        parts=parts,
        remarks=tuple(notes.remarks),
        original=data,
    )
