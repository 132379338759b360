"""What Copse knows of the elements of a file; everything else is remarked, once for each kind, and kept."""

from __future__ import annotations

from typing import Final

from core.interchange.rm5.elements import Notes, children, tag, where
from core.interchange.rm5.texts import RICH
from core.interchange.rm5.titles import TITLES
from core.interchange.rm5.vocabulary import CATEGORIES, CELL, COLUMN, KINDS, REFERENCE_FIELDS, SECTIONS
from core.interchange.rm5.xml import Element
from core.language import phrase

_EVERYWHERE: Final = frozenset(("MODIFIED", "MODIFIED_BY", "NOTES", "NOTES_MODIFIED", "NOTES_MODIFIED_BY"))
_PLAIN: Final = (
    "COVER_SHEET TITLE CONTACT CREATORS PREFIX FIRST_NAME MIDDLE_INITIALS LAST_NAME SUFFIX POSITION EMAIL_1 EMAIL_2 "
    "URL MOBILE_PHONE ADDRESS DEPARTMENT ORGANISATION ADDRESS_1 ADDRESS_2 CITY ZIP REGION PHONE_1 PHONE_2 FAX_1 FAX_2 "
    "DATES UP_TO_DATE LAST_SEARCH NEXT_STAGE WHATS_NEW HISTORY SOURCES_OF_SUPPORT INTERNAL_SOURCES EXTERNAL_SOURCES "
    "SOURCE NAME DESCRIPTION KEYWORDS KEYWORD MAIN_TEXT BODY SUMMARY_BODY STUDIES_AND_REFERENCES STUDIES "
    "OTHER_REFERENCES IDENTIFIERS CHARACTERISTICS_OF_STUDIES FOOTNOTES FOOTNOTE QUALITY_ITEMS QUALITY_ITEM_DATA "
    "SOF_TABLES ADDITIONAL_TABLES GROUP_LABEL_1 GROUP_LABEL_2 GRAPH_LABEL_1 GRAPH_LABEL_2 EFFECT_MEASURE FIGURES "
    "CAPTION FILE FLOWCHART FEEDBACK DATE_SUBMITTED FEEDBACK_SUMMARY FEEDBACK_REPLY FEEDBACK_CONTRIBUTORS APPENDICES "
    "APPENDIX_BODY EXTENSIONS"
)
_WITH: Final = {
    "COCHRANE_REVIEW": "DESCRIPTION DOI GROUP_ID ID MERGED_FROM REVIEW_NO REVMAN_SUB_VERSION REVMAN_VERSION SPLIT_FROM "
    "STAGE STATUS TYPE VERSION_NO",
    "PERSON": "ID ROLE",
    "COUNTRY": "CODE",
    "DATE": "DAY MONTH YEAR",
    "PROTOCOL_PUBLISHED": "ISSUE YEAR",
    "REVIEW_PUBLISHED": "ISSUE YEAR",
    "LAST_CITATION_ISSUE": "ISSUE YEAR",
    "WHATS_NEW_ENTRY": "EVENT",
    "MESH_TERMS": "VERIFIED",
    "STUDY": "DATA_SOURCE ID NAME YEAR",
    "REFERENCE": "ID NAME PRIMARY TYPE",
    "IDENTIFIER": "TYPE VALUE",
    "QUALITY_ITEM": "CORE_ITEM ID LEVEL NO",
    "QUALITY_ITEM_DATA_ENTRY_GROUP": "ID NO REF_IDS",
    "QUALITY_ITEM_DATA_ENTRY": "GROUP_ID RESULT STUDY_ID",
    "SOF_TABLE": "ID NO",
    "ADDITIONAL_TABLE": "ID NO",
    "ANALYSES_AND_DATA": "CALCULATED_DATA",
    "COMPARISON": "ID NO",
    "FIGURE": "FILENAME FILE_TYPE ID NO REF_ID SHORT_VERSION_FIGURE TYPE",
    "FEEDBACK_ITEM": "ID NO",
    "APPENDIX": "ID NO",
    "LINK": "REF TYPE",
    "A": "HREF",
    "HEADING": "LEVEL",
    "TABLE": "COLS ROWS",
    "TH": "ALIGN COLSPAN ROWSPAN VALIGN WIDTH",
    "TD": "ALIGN COLSPAN ROWSPAN VALIGN WIDTH",
    "SPAN": "CLASS",
}
_USER = " ".join(f"USER_DEF_{n}_ENABLED USER_DEF_{n}_NAME" for n in (1, 2, 3))
_SETTINGS = (
    "CI_STUDY CI_TOTAL EFFECT_MEASURE ESTIMABLE ID LOG_DATA METHOD NO RANDOM SCALE SHOW_PARTICIPANTS SORT_BY SUBGROUPS "
    "SUBGROUP_TEST SWAP_EVENTS TOTALS UNITS"
)
_OPEN: Final = ("FLOWCHART", "OTHER_OUTCOME")
"""Read whatever is in them, so their contents are not looked at."""


def _known() -> dict[str, frozenset[str]]:
    found = {
        name: frozenset[str]()
        for name in (*_PLAIN.split(), *RICH, *TITLES, *CATEGORIES, *REFERENCE_FIELDS, COLUMN, CELL)
    }
    found |= {name: frozenset(attributes.split()) for name, attributes in _WITH.items()}
    for section in SECTIONS:
        found |= {name: frozenset[str]() for name, _ in section.fields}
        found |= {section.studies: frozenset(), section.row: frozenset(("STUDY_ID",))}
        found[section.characteristics] = frozenset(("SORT_BY", *_USER.split()))
    for kind in KINDS:
        found[f"{kind.prefix}_OUTCOME"] = frozenset((*_SETTINGS.split(), *kind.results))
        found[f"{kind.prefix}_SUBGROUP"] = frozenset(("ESTIMABLE", "ID", "NO", *kind.results))
        own = ("STUDY_ID", "ESTIMABLE", "ORDER", "FOOTNOTE")
        found[f"{kind.prefix}_DATA"] = frozenset((*own, *kind.data, *kind.row_results))
    return found


KNOWN: Final = _known()
"""The elements, each with its attributes."""


def remark_unknown(root: Element, notes: Notes) -> None:
    """Remark each kind of element and attribute that is not known; what an unknown element holds is not looked into."""
    waiting = [root]
    while waiting:
        element = waiting.pop()
        name = tag(element)
        for attribute in element.attrib:
            if attribute not in KNOWN[name] and attribute not in _EVERYWHERE:
                said = phrase(
                    "Copse does not know the attribute {attribute} of {name}. It is kept in the file.",
                    attribute=str(attribute),
                    name=name,
                )
                notes.add(where(element), said, kind=f"{name}/@{attribute}")
        if name in _OPEN:
            continue
        for inner in reversed(list(children(element))):
            if tag(inner) in KNOWN:
                waiting.append(inner)
            else:
                said = phrase(
                    "Copse does not know the element {name} in {parent}. It is kept in the file.",
                    name=tag(inner),
                    parent=name,
                )
                notes.add(where(inner), said, kind=f"{name}/{tag(inner)}")
