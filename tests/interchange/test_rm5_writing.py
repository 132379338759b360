"""Reviews written as files of RevMan 5: what is read again is what was written, and nothing is touched without need."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given, settings
from lxml import etree

from core.interchange.model import (
    Characteristic,
    ComparisonItem,
    DataKind,
    DataRow,
    Identifier,
    OtherReference,
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
)
from core.interchange.rm5.read import read
from core.interchange.rm5.write import write
from core.model import StudyStatus
from tests.interchange import rm5_files
from tests.interchange.review_files import review_files

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
CHILDREN: Final[Mapping[str, str]] = {
    "COCHRANE_REVIEW": "COVER_SHEET MAIN_TEXT STUDIES_AND_REFERENCES CHARACTERISTICS_OF_STUDIES QUALITY_ITEMS"
    " SOF_TABLES ADDITIONAL_TABLES ANALYSES_AND_DATA FIGURES FEEDBACK APPENDICES EXTENSIONS",
    "COVER_SHEET": "TITLE CONTACT CREATORS DATES WHATS_NEW HISTORY SOURCES_OF_SUPPORT MESH_TERMS KEYWORDS",
    "MAIN_TEXT": "SUMMARY ABSTRACT BODY ACKNOWLEDGEMENTS CONFLICT_OF_INTEREST CONTRIBUTIONS PRO_REV_DIFF PUBLIC_NOTES",
    "SUMMARY": "TITLE SUMMARY_BODY",
    "ABSTRACT": "ABS_BACKGROUND ABS_OBJECTIVES ABS_SEARCH_STRATEGY ABS_SELECTION_CRITERIA ABS_DATA_COLLECTION"
    " ABS_RESULTS ABS_CONCLUSIONS",
    "BODY": "BACKGROUND OBJECTIVES METHODS RESULTS DISCUSSION CONCLUSIONS",
    "BACKGROUND": "CONDITION INTERVENTION THEORY IMPORTANCE",
    "METHODS": "SELECTION_CRITERIA SEARCH_METHODS DATA_COLLECTION",
    "SELECTION_CRITERIA": "CRIT_STUDIES CRIT_PARTICIPANTS CRIT_INTERVENTIONS CRIT_OUTCOMES",
    "CRIT_OUTCOMES": "CRIT_OUTCOMES_PRIMARY CRIT_OUTCOMES_SECONDARY",
    "SEARCH_METHODS": "ELECTRONIC_SEARCHES OTHER_SEARCHES",
    "DATA_COLLECTION": "STUDY_SELECTION DATA_EXTRACTION QUALITY_ASSESSMENT EFFECT_MEASURES UNIT_OF_ANALYSIS"
    " MISSING_DATA HETEROGENEITY_ASSESSMENT BIAS_ASSESSMENT DATA_SYNTHESIS SUBGROUP_ANALYSIS SENSITIVITY_ANALYSIS",
    "RESULTS": "STUDY_DESCRIPTION STUDY_QUALITY INTERVENTION_EFFECTS",
    "STUDY_DESCRIPTION": "SEARCH_RESULTS INCLUDED_STUDIES_DESCR EXCLUDED_STUDIES_DESCR",
    "STUDY_QUALITY": "ALLOCATION BLINDING EXCLUSIONS SELECTIVE_REPORTING OTHER_BIAS_SOURCES",
    "DISCUSSION": "SUMMARY_OF_RESULTS APPLICABILITY_OF_FINDINGS QUALITY_OF_EVIDENCE POTENTIAL_BIASES AGREEMENT",
    "CONCLUSIONS": "IMPLICATIONS_PRACTICE IMPLICATIONS_RESEARCH",
    "STUDIES_AND_REFERENCES": "STUDIES OTHER_REFERENCES",
    "STUDIES": "INCLUDED_STUDIES EXCLUDED_STUDIES AWAITING_STUDIES ONGOING_STUDIES",
    "OTHER_REFERENCES": "ADDITIONAL_REFERENCES OTHER_VERSIONS_REFERENCES PENDING_REFERENCES",
    "CHARACTERISTICS_OF_STUDIES": "CHARACTERISTICS_OF_INCLUDED_STUDIES CHARACTERISTICS_OF_EXCLUDED_STUDIES"
    " CHARACTERISTICS_OF_AWAITING_STUDIES CHARACTERISTICS_OF_ONGOING_STUDIES",
}
"""Elements that always have all of these children, in this order."""
SEQUENCES: Final[Mapping[str, str]] = {
    "PERSON": "PREFIX FIRST_NAME MIDDLE_INITIALS LAST_NAME SUFFIX POSITION EMAIL_1 EMAIL_2 URL MOBILE_PHONE ADDRESS"
    " FOOTNOTE",
    "STUDY": "REFERENCE IDENTIFIERS",
    "REFERENCE": "AU TI TO SO YR VL NO PG ED PB CY MD EN IDENTIFIERS",
    "INCLUDED_CHAR": "CHAR_METHODS CHAR_PARTICIPANTS CHAR_INTERVENTIONS CHAR_OUTCOMES CHAR_USER_DEF_1 CHAR_USER_DEF_2"
    " CHAR_USER_DEF_3 CHAR_NOTES",
    "CHARACTERISTICS_OF_INCLUDED_STUDIES": "INCLUDED_CHAR FOOTNOTES",
    "QUALITY_ITEM": "NAME DESCRIPTION QUALITY_ITEM_DATA_ENTRY_GROUP QUALITY_ITEM_DATA",
    "DICH_OUTCOME": "NAME GROUP_LABEL_1 GROUP_LABEL_2 GRAPH_LABEL_1 GRAPH_LABEL_2 DICH_SUBGROUP DICH_DATA",
    "CONT_OUTCOME": "NAME GROUP_LABEL_1 GROUP_LABEL_2 GRAPH_LABEL_1 GRAPH_LABEL_2 CONT_SUBGROUP CONT_DATA",
    "IV_OUTCOME": "NAME GROUP_LABEL_1 GROUP_LABEL_2 GRAPH_LABEL_1 GRAPH_LABEL_2 EFFECT_MEASURE IV_SUBGROUP IV_DATA",
    "DICH_SUBGROUP": "NAME DICH_DATA",
}
"""Elements whose children, where there are any, stand in this order."""


# --- helpers ---------------------------------------------------------------------------------------------------------


def again(file: ReviewFile) -> ReviewFile:
    return read(write(file), file.file_name)


def content(file: ReviewFile) -> ReviewFile:
    """What a review says: without its file, remarks, texts and the program's version; no number is None or absent."""
    return replace(
        file,
        comparisons=tuple(
            replace(comparison, outcomes=tuple(map(_outcome, comparison.outcomes))) for comparison in file.comparisons
        ),
        original=b"",
        version="",
        remarks=(),
        parts=(),
    )


def _given(numbers: Mapping[str, float | None]) -> dict[str, float | None]:
    return {name: value for name, value in numbers.items() if value is not None}


def _outcome(outcome: Outcome) -> Outcome:
    groups = tuple(replace(g, stored=_given(g.stored), rows=_rows(g.rows)) for g in outcome.subgroups)
    return replace(outcome, stored=_given(outcome.stored), rows=_rows(outcome.rows), subgroups=groups)


def _rows(rows: tuple[DataRow, ...]) -> tuple[DataRow, ...]:
    return tuple(replace(row, data=_given(row.data), stored=_given(row.stored)) for row in rows)


def canonical(data: bytes) -> bytes:
    encoding = None if b'encoding="UTF-8"' in data[:60] else "utf-8" if b"\xc3" in data or b"\xe2" in data else None
    root = etree.fromstring(data, etree.XMLParser(encoding=encoding, huge_tree=True))
    return etree.tostring(root.getroottree(), method="c14n")


def elements(data: bytes) -> list[str]:
    """Every line of the canonical document, one for each tag, without the time of changes."""
    text = re.sub(r' MODIFIED(_BY)?="[^"]*"', "", canonical(data).decode())
    return [piece for piece in re.split(r"(?=<)|\n", text) if piece.strip()]


def changes(before: bytes, after: bytes) -> tuple[list[str], list[str]]:
    """Tags that went, and tags that came."""
    old, new = elements(before), elements(after)
    gone, come = list(old), list(new)
    for line in old:
        if line in come:
            come.remove(line)
            gone.remove(line)
    return gone, come


def check_order(data: bytes) -> None:
    root = etree.fromstring(data)
    for element in root.iter("*"):
        order = CHILDREN.get(str(element.tag), SEQUENCES.get(str(element.tag), "")).split()
        names = [str(child.tag) for child in element.iterchildren("*") if str(child.tag) in order]
        assert names == sorted(names, key=order.index), element.tag


def text_of(element: etree._Element | None) -> str:  # pyright: ignore[reportPrivateUsage]
    return "" if element is None else "".join(map(str, element.itertext())).strip()


def full() -> ReviewFile:
    return read(rm5_files.full(), "full.rm5")


def change_outcome(file: ReviewFile, id: str, **values: object) -> ReviewFile:
    return replace(
        file,
        comparisons=tuple(
            replace(
                comparison,
                outcomes=tuple(
                    replace(outcome, **values) if outcome.id == id else outcome  # pyright: ignore[reportArgumentType]
                    for outcome in comparison.outcomes
                ),
            )
            for comparison in file.comparisons
        ),
    )


def outcome_of(file: ReviewFile, id: str) -> Outcome:
    return next(outcome for outcome in file.outcomes if outcome.id == id)


# --- the whole document ----------------------------------------------------------------------------------------------


def test_an_empty_review_is_the_whole_skeleton_in_order() -> None:
    root = etree.fromstring(write(ReviewFile("copse", "x.rm5", "Title")))
    for name, children in CHILDREN.items():
        found = root if root.tag == name else root.find(f".//{name}")
        assert found is not None
        assert [child.tag for child in found] == children.split(), name
    assert root.find("ANALYSES_AND_DATA").get("CALCULATED_DATA") == "NO"  # pyright: ignore[reportOptionalMemberAccess]
    assert root.findtext("COVER_SHEET/TITLE") == "Title"


def test_a_whole_review_without_its_file_comes_back() -> None:
    file = replace(full(), original=b"")
    data = write(file)
    check_order(data)
    assert data.startswith(b'<?xml version="1.0" encoding="UTF-8"?>')
    assert content(read(data, "full.rm5")) == content(file)


def test_texts_come_back() -> None:
    file = replace(full(), original=b"")
    kept = {PartKind.TEXT, PartKind.SUMMARY_OF_FINDINGS, PartKind.TABLE, PartKind.APPENDIX, PartKind.REFERENCES}
    before = [part for part in file.parts if part.kind in kept]
    data = write(file)
    assert [part for part in read(data, "full.rm5").parts if part.kind in kept] == before
    figure = etree.fromstring(data).find("FIGURES/FIGURE")
    assert figure is not None
    assert [figure.get("FILE_TYPE"), text_of(figure.find("CAPTION"))] == ["PNG", "A cup of tea."]
    assert base64.b64decode(figure.findtext("FILE") or "") == rm5_files.png()


@pytest.mark.parametrize(
    "data", [rm5_files.full(), rm5_files.stats_only(), rm5_files.old()], ids=["full", "stats", "old"]
)
def test_an_unchanged_file_stays_as_it_is(data: bytes) -> None:
    file = read(data, "x.rm5")
    written = write(file, now=NOW)
    assert canonical(written) == canonical(data)
    assert content(read(written, "x.rm5")) == content(file)


@given(review_files())
@settings(max_examples=25)
def test_any_review_comes_back(file: ReviewFile) -> None:
    data = write(file)
    check_order(data)
    assert content(read(data, file.file_name)) == content(file)


@given(review_files(), review_files())
@settings(max_examples=25)
def test_any_file_can_be_changed_to_any_other(file: ReviewFile, other: ReviewFile) -> None:
    data = write(replace(other, original=write(file)))
    check_order(data)
    assert content(read(data, other.file_name)) == content(other)


# --- changes to a file -----------------------------------------------------------------------------------------------


def test_a_changed_number_changes_its_attribute_only() -> None:
    file = full()
    outcome = outcome_of(file, "CMP-001.03")
    row = outcome.rows[0]
    changed = change_outcome(file, outcome.id, rows=(replace(row, data={**row.data, "mean_1": 1.23e-5}),))
    data = write(changed, now=NOW)
    gone, come = changes(file.original, data)
    assert len(gone) == len(come) == 1
    assert come[0] == gone[0].replace('MEAN_1="5.5"', 'MEAN_1="1.23E-5"') != gone[0]
    assert content(read(data, "full.rm5")) == content(changed)


def test_times_of_change_stand_on_what_changed_and_around_it() -> None:
    file = full()
    study = replace(file.studies[0], year="2002")
    root = etree.fromstring(write(replace(file, studies=(study, *file.studies[1:])), now=NOW))
    stamped = {str(found.tag) for found in root.iter("*") if found.get("MODIFIED") == "2026-01-02 03:04:05 +0000"}
    assert stamped == {"COCHRANE_REVIEW", "STUDIES_AND_REFERENCES", "STUDIES", "INCLUDED_STUDIES", "STUDY"}


def test_changed_results_are_written() -> None:
    file = full()
    outcome = outcome_of(file, "CMP-001.01")
    changed = change_outcome(file, outcome.id, stored={**outcome.stored, "effect_size": 2.5, "i2": None})
    gone, come = changes(file.original, write(changed))
    assert len(gone) == len(come) == 1
    assert 'EFFECT_SIZE="2.5"' in come[0]
    assert ' I2=""' in come[0]


def test_a_renamed_study_keeps_its_id_and_all_else() -> None:
    file = full()
    changed = replace(file, studies=(replace(file.studies[0], name="Smith & Söhne 2001"), *file.studies[1:]))
    gone, come = changes(file.original, write(changed))
    assert len(gone) == len(come) == 1
    assert 'NAME="Smith &amp; Söhne 2001"' in come[0]
    assert content(again(changed)) == content(changed)


def test_a_new_study_stands_in_its_list_with_its_reference() -> None:
    file = full()
    new = StudyItem(
        "STD-Zhu-2020",
        "Zhu 2020",
        StudyStatus.INCLUDED,
        year="2020",
        data_source="PUB",
        references=(
            Reference("STD-Zhu-2020.01", authors="Zhu", title="Tea", identifiers=(Identifier("DOI", "10/1"),)),
        ),
        characteristics=(Characteristic("methods", "Methods", "One\nTwo", "<p>One</p><p>Two</p>"),),
    )
    changed = replace(file, studies=(*file.studies[:3], new, *file.studies[3:]))
    data = write(changed)
    gone, come = changes(file.original, data)
    assert gone == []
    assert sum(line.startswith("<STUDY ") for line in come) == 1
    root = etree.fromstring(data)
    assert [study.get("ID") for study in root.iterfind(".//INCLUDED_STUDIES/STUDY")][-1] == "STD-Zhu-2020"
    assert content(read(data, "full.rm5")) == content(changed)


def test_a_study_that_is_excluded_takes_its_element_along() -> None:
    file = read(rm5_files.full().replace(b'NAME="Smith 2001"', b'NAME="Smith 2001" FLAG="a"'), "full.rm5")
    moved = replace(file.studies[0], status=StudyStatus.EXCLUDED, characteristics=())
    order = [study for study in file.studies[1:] if study.status is StudyStatus.INCLUDED]
    others = file.studies[1 + len(order) :]
    changed = replace(file, studies=(*order, moved, *others))
    data = write(changed)
    found = etree.fromstring(data).find(".//EXCLUDED_STUDIES/STUDY[@ID='STD-Smith-2001']")
    assert found is not None
    assert found.get("FLAG") == "a"
    assert content(read(data, "full.rm5")) == content(changed)


def test_removed_rows_studies_and_items_are_gone() -> None:
    file = full()
    without = change_outcome(file, "CMP-001.03", rows=())
    gone, come = changes(file.original, write(without))
    assert come == []
    assert [re.match(r"</?\w+", line)[0] for line in gone] == ["<CONT_DATA", "</CONT_DATA"]  # pyright: ignore[reportOptionalSubscript]
    fewer = replace(file, risk_of_bias=file.risk_of_bias[1:], comparisons=file.comparisons[:1])
    assert content(again(fewer)) == content(fewer)
    assert b"OTHER_OUTCOME" not in write(fewer)


def test_rows_in_another_order_stand_in_that_order() -> None:
    file = full()
    item = file.risk_of_bias[0]
    turned = replace(item, judgements=item.judgements[::-1])
    changed = replace(file, risk_of_bias=(turned, *file.risk_of_bias[1:]))
    data = write(changed)
    assert changes(file.original, data) == ([], [])
    assert read(data, "full.rm5").risk_of_bias == changed.risk_of_bias


def test_what_nobody_knows_stays() -> None:
    strange = (
        '<!-- a remark --><?tool keep="1"?><STRANGE ID="S1"><P>kept</P></STRANGE>'
        '<STUDY DATA_SOURCE="PUB" ID="STD-Lee-1999" NAME="Lee 1999" YEAR="1999" COLOUR="red"><!-- in it -->'
        "<IDENTIFIERS/><MARKER/></STUDY>"
    )
    data = rm5_files.full().replace(b"<INCLUDED_STUDIES>", b"<INCLUDED_STUDIES>" + strange.encode(), 1)
    data = data.replace(b"<COCHRANE_REVIEW", b"<!-- ahead --><COCHRANE_REVIEW", 1) + b"<!-- behind -->"
    file = read(data, "x.rm5")
    changed = replace(file, studies=tuple(replace(study, year="1") for study in file.studies))
    written = write(changed).decode()
    for piece in (
        "<!-- ahead -->",
        "<!-- behind -->",
        "<!-- a remark -->",
        '<?tool keep="1"?>',
        '<STRANGE ID="S1"><P>kept</P></STRANGE>',
        "<!-- in it -->",
        "<MARKER/>",
    ):
        assert piece in written
    assert re.search(r'<STUDY[^>]*YEAR="1"[^>]*COLOUR="red"', written)
    assert {study.year for study in read(written.encode(), "x.rm5").studies} == {"1"}


def test_missing_sections_come_where_they_have_to_stand() -> None:
    file = read(rm5_files.old(), "old.rm5")
    item = RobItem("QIT-01", "1", "Sequence", judgements=(RobJudgement(file.studies[0].id, "", RobLevel.LOW, "Dice."),))
    changed = replace(
        file,
        studies=(replace(file.studies[0], characteristics=(Characteristic("methods", "Methods", "RCT"),)),),
        risk_of_bias=(item,),
        other_references=(OtherReference("pending", Reference("REF-A", name="A", title="B")),),
    )
    data = write(changed)
    check_order(data)
    assert [child.tag for child in etree.fromstring(data)] == [
        "COVER_SHEET",
        "STUDIES_AND_REFERENCES",
        "CHARACTERISTICS_OF_STUDIES",
        "QUALITY_ITEMS",
        "ANALYSES_AND_DATA",
    ]
    back = read(data, "old.rm5")
    assert back.other_references == changed.other_references
    assert [judgement.level for judgement in back.risk_of_bias[0].judgements] == [RobLevel.LOW]
    assert back.studies[0].characteristics[0].text == "RCT"


def test_formatting_stays_until_the_text_is_another() -> None:
    file = full()
    study = file.studies[0]
    methods, *others = study.characteristics
    new = replace(methods, text="Something else.")  # and its HTML still that of before
    changed = replace(file, studies=(replace(study, characteristics=(new, *others)), *file.studies[1:]))
    found = etree.fromstring(write(changed)).find(".//INCLUDED_CHAR[@STUDY_ID='STD-Smith-2001']/CHAR_METHODS")
    assert found is not None
    assert [text_of(found), len(found.findall(".//I"))] == ["Something else.", 0]
    gone, _ = changes(file.original, write(changed))
    assert "<CHAR_PARTICIPANTS>" not in gone


# --- what RevMan has no place for ------------------------------------------------------------------------------------


def test_judgements_of_three_levels_and_others() -> None:
    study = StudyItem("STD-A", "A", StudyStatus.INCLUDED)
    levels = [(RobLevel.LOW, ""), (RobLevel.HIGH, ""), (RobLevel.UNCLEAR, ""), (None, "Some concerns")]
    items = tuple(
        RobItem(f"d{n}", str(n), f"D{n}", judgements=(RobJudgement("STD-A", "", level, "Because.", word=word),))
        for n, (level, word) in enumerate(levels, 1)
    )
    root = etree.fromstring(write(ReviewFile("copse", "x", "T", studies=(study,), risk_of_bias=items)))
    entries = root.findall(".//QUALITY_ITEM_DATA_ENTRY")
    assert [entry.get("RESULT") for entry in entries] == ["YES", "NO", "UNKNOWN", "UNKNOWN"]
    assert [p.text for p in entries[3].iter("P")] == ["Some concerns", "Because."]
    assert {item.get("CORE_ITEM") for item in root.iter("QUALITY_ITEM")} == {"NO"}
    assert [item.get("ID") for item in root.iter("QUALITY_ITEM")] == ["QIT-01", "QIT-02", "QIT-03", "QIT-04"]


def test_ids_of_other_programs_become_those_of_revman_everywhere() -> None:
    studies = (
        StudyItem("17", "Smith 2001", StudyStatus.INCLUDED),
        StudyItem("18", "Smith 2001", StudyStatus.INCLUDED),
        StudyItem("19", "", StudyStatus.EXCLUDED),
    )
    link = replace(
        studies[0], characteristics=(Characteristic("notes", "Notes", "see", '<p><a href="#18">see</a></p>'),)
    )
    group = SubgroupItem("s", "x", "S", rows=(DataRow("18", {"events_1": 1.0}),))
    outcome = Outcome("o", "", "O", DataKind.DICHOTOMOUS, "RR", method="MH", model="common", subgroups=(group,))
    item = RobItem(
        "i",
        "",
        "I",
        by_group=True,
        groups=(RobGroup("g", "G", ("o",)),),
        judgements=(RobJudgement("17", "g", RobLevel.LOW),),
    )
    file = ReviewFile(
        "web",
        "x",
        "T",
        studies=(link, *studies[1:]),
        comparisons=(ComparisonItem("c", "", "C", (outcome,)),),
        risk_of_bias=(item,),
    )
    root = etree.fromstring(write(file))
    smiths = [study.get("ID") for study in root.iter("STUDY")]
    assert smiths[0] == "STD-Smith-2001"
    assert len(set(smiths)) == 3
    assert all(re.fullmatch(r"STD-[\w.-]+", id or "") for id in smiths)
    row = root.find(".//DICH_DATA")
    assert row is not None
    assert [row.get("STUDY_ID"), row.get("ORDER"), row.get("ESTIMABLE")] == [smiths[1], "1", "YES"]
    ids = [found.get("ID") for name in ("COMPARISON", "DICH_OUTCOME", "DICH_SUBGROUP") for found in root.iter(name)]
    assert ids == ["CMP-001", "CMP-001.01", "CMP-001.01.01"]
    named = root.find(".//QUALITY_ITEM_DATA_ENTRY_GROUP")
    entry = root.find(".//QUALITY_ITEM_DATA_ENTRY")
    assert named is not None
    assert entry is not None
    assert [named.get("ID"), named.get("REF_IDS")] == ["QIG-01.01", "CMP-001.01"]
    assert [entry.get("GROUP_ID"), entry.get("STUDY_ID")] == ["QIG-01.01", smiths[0]]
    linked = root.find(".//CHAR_NOTES//LINK")
    assert linked is not None
    assert [linked.get("REF"), linked.get("TYPE")] == [smiths[1], "STUDY"]


def test_fields_of_ones_own_become_user_defined_and_notes() -> None:
    labels = ("Country", "Setting", "Funding", "Follow-up", "Ethics")
    texts = tuple(Characteristic(label, label, f"{label}!") for label in labels)
    file = ReviewFile("web", "x", "T", studies=(StudyItem("STD-A", "A", StudyStatus.INCLUDED, characteristics=texts),))
    found = again(file).studies[0].characteristics
    assert [(one.key, one.label, one.text) for one in found] == [
        ("user_1", "Country", "Country!"),
        ("user_2", "Setting", "Setting!"),
        ("user_3", "Funding", "Funding!"),
        ("notes", "Notes", "Follow-up: Follow-up!\nEthics: Ethics!"),
    ]


def test_an_excluded_study_keeps_what_was_said_of_it() -> None:
    file = full()
    moved = replace(file.studies[0], status=StudyStatus.EXCLUDED)
    found = next(s for s in again(replace(file, studies=(*file.studies[1:], moved))).studies if s.id == moved.id)
    assert [one.key for one in found.characteristics] == ["reason_for_exclusion"]
    assert "Methods: Trial with two arms." in found.characteristics[0].text


def test_people_are_on_the_cover_sheet() -> None:
    people = (
        Person("", "Ann B. Smith", "a@b.c", "Uni", is_contact=True),
        Person("", "Plato"),
        Person("7", "Jan de Vries"),
    )
    back = again(ReviewFile("copse", "x", "T", authors=people)).authors
    assert [(one.name, one.email, one.organisation, one.is_contact) for one in back] == [
        ("Ann B. Smith", "a@b.c", "Uni", True),
        ("Plato", "", "", False),
        ("Jan de Vries", "", "", False),
    ]


def test_texts_with_odd_signs_stay_whole() -> None:
    study = StudyItem("STD-A", "A\x00\x0b\ufffe\ud800B", StudyStatus.INCLUDED, year=" 1\n\t2\r")
    part = Part(PartKind.TEXT, "OBJECTIVES", "Objectives", 1, "<p>  a &lt;b&gt; &amp;amp; <i> c </i></p><p>x\x01y</p>")
    root = etree.fromstring(write(ReviewFile("copse", "x", " T ", studies=(study,), parts=(part,))))
    found = root.find(".//STUDY")
    assert found is not None
    assert [found.get("NAME"), found.get("YEAR")] == ["AB", " 1\n\t2\r"]
    assert root.findtext("COVER_SHEET/TITLE") == " T "
    objectives = root.find(".//OBJECTIVES")
    assert objectives is not None
    assert ["".join(map(str, p.itertext())) for p in objectives] == ["  a <b> &amp;  c ", "xy"]


# --- real files ------------------------------------------------------------------------------------------------------


def real_files(folder: Path) -> list[Path]:
    return sorted((folder / "revman" / "files").glob("*.rm5"))


def test_real_files_have_the_order_that_is_written(reference_data: Path) -> None:
    for path in real_files(reference_data):
        root = etree.fromstring(path.read_bytes(), etree.XMLParser(huge_tree=True, recover=True))
        for name, children in CHILDREN.items():
            found = root if root.tag == name else root.find(f".//{name}")
            assert found is not None
            named = [child.tag for child in found if child.tag in children.split()]
            missing = {"UNIT_OF_ANALYSIS", "BIAS_ASSESSMENT", "SELECTIVE_REPORTING"} - set(named)
            assert named == [child for child in children.split() if child not in missing], (path.name, name)


def test_real_files_stay_as_they_are(reference_data: Path) -> None:
    for path in real_files(reference_data):
        file = read(path.read_bytes(), path.name)
        data = write(file, now=NOW)
        assert canonical(data) == canonical(file.original), path.name
        assert content(read(data, path.name)) == content(file), path.name


def test_real_files_come_back_without_their_originals(reference_data: Path) -> None:
    for path in real_files(reference_data):
        file = replace(read(path.read_bytes(), path.name), original=b"")
        data = write(file)
        check_order(data)
        assert content(read(data, path.name)) == content(file), path.name


def test_a_change_to_a_real_file_changes_nothing_else(reference_data: Path) -> None:
    path = reference_data / "revman" / "files" / "iebh_antibiotics_b.rm5"
    file = read(path.read_bytes(), path.name)
    outcome = next(found for found in file.outcomes if found.subgroups)
    group = outcome.subgroups[0]
    first, *rest = group.rows
    rows = (replace(first, data={**first.data, "events_1": 4711.0}), *rest[1:])
    changed = change_outcome(file, outcome.id, subgroups=(replace(group, rows=rows), *outcome.subgroups[1:]))
    new = StudyItem(
        "STD-Zhu-2020",
        "Zhu 2020",
        StudyStatus.INCLUDED,
        data_source="PUB",
        references=(Reference("STD-Zhu-2020.01", title="T"),),
    )
    included = sum(study.status is StudyStatus.INCLUDED for study in file.studies)
    renamed = replace(file.studies[1], name="Somebody 1901")
    studies = (file.studies[0], renamed, *file.studies[2:included], new, *file.studies[included:])
    changed = replace(changed, studies=studies)
    data = write(changed, now=NOW)
    assert content(read(data, path.name)) == content(changed)
    gone, come = changes(file.original, data)
    assert sorted(re.findall(r"^<(\w+)", "\n".join(gone), re.MULTILINE)) == ["DICH_DATA", "DICH_DATA", "STUDY"]
    assert sum('EVENTS_1="4711"' in line for line in come) == 1
    assert sum('NAME="Somebody 1901"' in line for line in come) == 1
    assert sum(' ID="STD-Zhu-2020"' in line for line in come) == 1
