"""Studies, risk of bias and analyses of an .rm5 file."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from core.errors import CopseError, InputError
from core.interchange.model import (
    DataKind,
    Identifier,
    Outcome,
    ReviewFile,
    RobGroup,
    RobJudgement,
    RobLevel,
    StudyItem,
    Totals,
)
from core.interchange.rm5.known import KNOWN
from core.interchange.rm5.read import read
from core.model import StudyStatus
from tests.interchange import rm5_files
from tests.interchange.rm5_files import document, full, old, stats_only


@pytest.fixture(scope="module")
def review() -> ReviewFile:
    return read(full(), "tea.rm5")


def outcome(file: ReviewFile, id: str) -> Outcome:
    return next(found for found in file.outcomes if found.id == id)


def study(file: ReviewFile, id: str) -> StudyItem:
    return next(found for found in file.studies if found.id == id)


def said(file: ReviewFile) -> str:
    """What was remarked, where it was."""
    return "\n".join(f"{remark.where}: {remark.what}" for remark in file.remarks)


def analysis(settings: str, rows: str = "", kind: str = "DICH") -> ReviewFile:
    """A file of one analysis."""
    made = f"<{kind}_OUTCOME {settings}><NAME>O</NAME>{rows}</{kind}_OUTCOME>"
    comparison = f'<COMPARISON ID="CMP-001" NO="1"><NAME>C</NAME>{made}</COMPARISON>'
    return read(document(studies=rm5_files.STUDIES, analyses=comparison), "a.rm5")


# --- the whole -------------------------------------------------------------------------------------------------------


def test_whole_file_without_a_remark(review: ReviewFile) -> None:
    assert review.remarks == ()
    assert (review.format, review.file_name, review.version) == ("rm5", "tea.rm5", "5.3.5")
    assert review.title == "Tea for the common cold"
    assert review.original == full()
    assert review.decimals is None


def test_library_download_has_its_numbers() -> None:
    file = read(stats_only(), "a.rm5")
    assert file.remarks == ()
    assert [found.name for found in file.studies] == ["Smith 2001", "El-Daher 2003"]
    assert outcome(file, "CMP-001.01") == outcome(read(full(), "a.rm5"), "CMP-001.01")


def test_old_file_with_missing_sections() -> None:
    file = read(old(), "a.rm5")
    assert file.remarks == ()
    assert file.title == "Thé"
    assert [found.measure for found in file.outcomes] == ["MD"]
    assert file.risk_of_bias == ()


def test_empty_skeleton_is_an_empty_review() -> None:
    file = read(document(), "a.rm5")
    assert (file.studies, file.comparisons, file.risk_of_bias, file.other_references) == ((), (), (), ())
    assert file.remarks == ()


def test_other_xml_is_refused() -> None:
    with pytest.raises(InputError, match="begins with records") as caught:
        read(b"<records/>", "a.xml")
    assert caught.value.code == "rm5.other-xml"


# --- studies ---------------------------------------------------------------------------------------------------------


def test_studies_of_all_statuses(review: ReviewFile) -> None:
    assert [(found.id, found.name, found.status, found.year, found.data_source) for found in review.studies] == [
        ("STD-Smith-2001", "Smith 2001", StudyStatus.INCLUDED, "2001", "PUB"),
        ("STD-El_x002d_Daher-2003", "El-Daher 2003", StudyStatus.INCLUDED, "2003.", "MIX"),
        ("STD-Ono_x00a0_2005", "Ono\u00a02005", StudyStatus.INCLUDED, "2005", "UNPUB"),
        ("STD-Roe-1990", "Roe 1990", StudyStatus.EXCLUDED, "1990", "PUB"),
        ("STD-Wu-2014", "Wu 2014", StudyStatus.AWAITING, "2014", "PUB"),
        ("STD-TEA_x002d_2", "TEA-2", StudyStatus.ONGOING, "2015", "UNPUB"),
    ]


def test_references_and_identifiers(review: ReviewFile) -> None:
    smith = study(review, "STD-Smith-2001")
    assert smith.identifiers == (Identifier("ISRCTN", "ISRCTN12345678"),)
    first, second = smith.references
    assert first.id == "STD-Smith-2001.01"
    assert (first.kind, first.primary, first.authors, first.title) == (
        "journal_article",
        True,
        "Smith A, Jones B",
        "Tea for colds",
    )
    assert (first.original_title, first.source, first.year) == ("Tee bei Erkältung", "Journal of Tea", "2001")
    assert (first.volume, first.issue, first.pages) == ("12", "3", "45-50")
    assert first.notes == "Sent by the author."
    assert first.identifiers == (Identifier("DOI", "10.1000/tea.1"), Identifier("MEDLINE", "11111111"))
    assert (second.primary, second.editors, second.publisher, second.city) == (False, "Moe M", "Press", "Oslo")
    assert (second.medium, second.edition, second.notes) == ("CD", "2nd", "")


def test_other_references(review: ReviewFile) -> None:
    assert [(found.category, found.reference.id, found.reference.name) for found in review.other_references] == [
        ("additional", "REF-Ming-1999", "Ming 1999"),
        ("other_versions", "REF-Berg-2012", "Berg 2012"),
    ]


def test_characteristics_that_are_there_twice_are_one_text() -> None:
    rows = "".join(
        f'<INCLUDED_CHAR STUDY_ID="STD-Smith-2001"><CHAR_METHODS><P>{text}</P></CHAR_METHODS></INCLUDED_CHAR>'
        for text in ("Once.", "Twice.")
    )
    table = f"<CHARACTERISTICS_OF_INCLUDED_STUDIES>{rows}</CHARACTERISTICS_OF_INCLUDED_STUDIES>"
    found = read(document(studies=rm5_files.STUDIES, characteristics=table), "twice.rm5")
    (methods,) = study(found, "STD-Smith-2001").characteristics
    assert (methods.text, methods.html) == ("Once.\nTwice.", "<p>Once.</p><p>Twice.</p>")


def test_characteristics(review: ReviewFile) -> None:
    found = {entry.key: entry for entry in study(review, "STD-Smith-2001").characteristics}
    assert list(found) == ["methods", "participants", "interventions", "user_1"]
    assert found["methods"].text == "Trial with two arms.\nParallel."
    assert found["methods"].html == "<p>Trial with <i>two</i> arms.</p><p>Parallel.</p>"
    assert found["participants"].text == "Adults\nn = 40"
    assert found["interventions"].html == "<p>Tea &lt; 60 °C</p>"
    assert (found["user_1"].label, found["user_1"].text) == ("Kind of tea", "Black")
    assert [(entry.key, entry.text) for entry in study(review, "STD-Roe-1990").characteristics] == [
        ("reason_for_exclusion", "Coffee.")
    ]
    assert [entry.key for entry in study(review, "STD-TEA_x002d_2").characteristics] == [
        "study_name",
        "starting_date",
        "contact_info",
    ]


def test_footnotes_of_a_study_stay_with_it() -> None:
    made = """<CHARACTERISTICS_OF_INCLUDED_STUDIES><INCLUDED_CHAR STUDY_ID="STD-Smith-2001"><CHAR_METHODS>Told by phone
    </CHAR_METHODS><FOOTNOTES><P>a. by us</P></FOOTNOTES></INCLUDED_CHAR></CHARACTERISTICS_OF_INCLUDED_STUDIES>"""
    smith = study(read(document(studies=rm5_files.STUDIES, characteristics=made), "a.rm5"), "STD-Smith-2001")
    assert smith.footnotes == "a. by us"
    assert [(entry.text, entry.html) for entry in smith.characteristics] == [("Told by phone", "<p>Told by phone</p>")]


def test_two_studies_with_one_id_are_both_there() -> None:
    pair = '<STUDY ID="STD-A" NAME="A"/><STUDY ID="STD-A" NAME="B"/>'
    file = read(document(studies=f"<STUDIES><INCLUDED_STUDIES>{pair}</INCLUDED_STUDIES></STUDIES>"), "a.rm5")
    assert [(found.id, found.name) for found in file.studies] == [("STD-A", "A"), ("STD-A~2", "B")]
    assert "two studies with the id STD-A" in said(file)


def test_study_without_id_or_name() -> None:
    pair = '<STUDY NAME="Ono 1999"/><STUDY ID="STD-B_x002d_2"/><STUDY/>'
    file = read(document(studies=f"<STUDIES><EXCLUDED_STUDIES>{pair}</EXCLUDED_STUDIES></STUDIES>"), "a.rm5")
    assert [(found.id, found.name) for found in file.studies] == [
        ("STD-Ono-1999", "Ono 1999"),
        ("STD-B_x002d_2", "B-2"),
        ("STD-Unnamed", "Unnamed"),
    ]
    assert len(file.remarks) == 3


@pytest.mark.parametrize(
    "section",
    [
        {"analyses": '<COMPARISON><IV_OUTCOME><IV_DATA STUDY_ID="{id}"/></IV_OUTCOME></COMPARISON>'},
        {"quality": '<QUALITY_ITEM ID="Q"><QUALITY_ITEM_DATA><QUALITY_ITEM_DATA_ENTRY STUDY_ID="{id}" RESULT="YES"/>'
                    '<QUALITY_ITEM_DATA_ENTRY STUDY_ID="{id}" RESULT="YES"/></QUALITY_ITEM_DATA></QUALITY_ITEM>'},
        {"characteristics": '<CHARACTERISTICS_OF_INCLUDED_STUDIES><INCLUDED_CHAR STUDY_ID="{id}"/>'
                            "</CHARACTERISTICS_OF_INCLUDED_STUDIES>"},
    ],
)  # fmt: skip
def test_study_that_is_only_referred_to_is_made(section: dict[str, str]) -> None:
    made = {name: text.replace("{id}", "STD-Bj_x00f8_rn-1999_x002d_a") for name, text in section.items()}
    file = read(document(**made), "a.rm5")
    assert [(found.name, found.status) for found in file.studies] == [("Bjørn 1999-a", StudyStatus.INCLUDED)]
    assert said(file).count("Bjørn 1999-a is not among the studies") == 1


# --- risk of bias ----------------------------------------------------------------------------------------------------


def test_judgements_per_study(review: ReviewFile) -> None:
    item = review.risk_of_bias[0]
    assert (item.id, item.number, item.name) == ("QIT-01", "1", "Random sequence generation (selection bias)")
    assert (item.core, item.by_group, item.groups) == (True, False, ())
    assert item.judgements == (
        RobJudgement("STD-Smith-2001", "", RobLevel.LOW, "Computer.", "<p>Computer.</p>"),
        RobJudgement("STD-El_x002d_Daher-2003", "", RobLevel.UNCLEAR),
        RobJudgement("STD-Ono_x00a0_2005", "", RobLevel.HIGH, "By day of birth.", "<p>By day of birth.</p>"),
    )


def test_item_of_2008(review: ReviewFile) -> None:
    item = review.risk_of_bias[1]
    assert (item.name, item.core) == ("Blinding (performance bias and detection bias)", False)
    assert item.description == "All outcomes"


def test_judgements_per_group_of_outcomes(review: ReviewFile) -> None:
    item = review.risk_of_bias[2]
    assert item.by_group
    assert item.groups == (
        RobGroup("QIG-03.01", "Cure", ("CMP-001.01", "CMP-001.02")),
        RobGroup("QIG-03.02", "Harm"),
    )
    assert [(found.group_id, found.level) for found in item.judgements] == [
        ("QIG-03.01", RobLevel.LOW),
        ("QIG-03.02", RobLevel.UNCLEAR),
    ]


def test_judgement_that_revman_does_not_know() -> None:
    made = """<QUALITY_ITEM ID="QIT-01" LEVEL="GROUP"><NAME>X</NAME><QUALITY_ITEM_DATA>
    <QUALITY_ITEM_DATA_ENTRY STUDY_ID="STD-Smith-2001" RESULT="SOME" GROUP_ID="QIG-9"/>
    <QUALITY_ITEM_DATA_ENTRY STUDY_ID="STD-Roe-1990"/></QUALITY_ITEM_DATA></QUALITY_ITEM>"""
    file = read(document(studies=rm5_files.STUDIES, quality=made), "a.rm5")
    assert file.risk_of_bias[0].judgements == (
        RobJudgement("STD-Smith-2001", "QIG-9", None, word="SOME"),
        RobJudgement("STD-Roe-1990", "", None),
    )
    assert "SOME" in said(file)
    assert "QIG-9" in said(file)


# --- analyses --------------------------------------------------------------------------------------------------------


def test_comparisons_and_kinds(review: ReviewFile) -> None:
    assert [(found.id, found.number, found.name) for found in review.comparisons] == [
        ("CMP-001", "1", "Tea versus water"),
        ("CMP-002", "2", "Much tea versus little"),
    ]
    assert [(found.id, found.kind, found.measure, found.method, found.model) for found in review.outcomes] == [
        ("CMP-001.01", DataKind.DICHOTOMOUS, "RR", "MH", "common"),
        ("CMP-001.02", DataKind.DICHOTOMOUS, "PETO", "Peto", "common"),
        ("CMP-001.03", DataKind.CONTINUOUS, "MD", "IV", "random"),
        ("CMP-002.01", DataKind.GENERIC, "GENLOG", "IV", "random"),
        ("CMP-002.02", DataKind.O_E, "O-E", "Peto", "common"),
        ("CMP-002.03", DataKind.OTHER, "", "", ""),
    ]


def test_dichotomous_analysis_with_subgroups(review: ReviewFile) -> None:
    found = outcome(review, "CMP-001.01")
    assert (found.name, found.group_labels) == ("Cure", ("Tea", "Water"))
    assert found.graph_labels == ("Favours water", "Favours tea")
    assert (found.totals, found.has_subgroups, found.subgroup_test) == (Totals.ALL, True, False)
    assert (found.sort_by, found.scale, found.estimable, found.rows) == ("study", 100.0, True, ())
    assert found.stored["p_z"] == 0.040888936005885376
    assert found.stored["p_q"] is None
    black, green = found.subgroups
    assert (black.id, black.number, black.name, black.estimable) == ("CMP-001.01.01", "1", "Black tea", True)
    assert black.rows[0].data == {"events_1": 12, "total_1": 20, "events_2": 5, "total_2": 20}
    assert black.rows[0].stored["log_ci_end"] == 0.7446739681753892
    assert (black.rows[0].footnote, black.rows[0].order) == ("After a week.", "7")
    assert green.estimable is False
    assert green.stored["log_effect_size"] is None
    row = green.rows[0]
    assert (row.study_id, row.estimable) == ("STD-El_x002d_Daher-2003", False)
    assert row.data["events_1"] == 0
    assert (row.stored["log_effect_size"], row.stored["se"], row.stored["effect_size"]) == (None, None, 0.0)


def test_settings_that_are_not_the_usual_ones(review: ReviewFile) -> None:
    found = outcome(review, "CMP-001.02")
    assert (found.ci_study, found.ci_total) == (0.99, 0.90)
    assert (found.totals, found.swap_events, found.sort_by) == (Totals.NONE, True, "user")
    assert (found.has_subgroups, found.estimable, found.stored) == (False, False, {})
    assert found.rows[0].stored["o_e"] == 0.5


def test_continuous_analysis(review: ReviewFile) -> None:
    found = outcome(review, "CMP-001.03")
    assert (found.units, found.sort_by, found.scale) == ("days", "year", 10.0)
    assert found.stored["p_z"] == 0.38632776956119563
    row = found.rows[0]
    assert row.data == {"mean_1": 5.5, "sd_1": 3.5, "total_1": 20, "mean_2": 6.5, "sd_2": 3.6, "total_2": 18}
    assert row.footnote == "Standard deviations from P."


def test_generic_analysis(review: ReviewFile) -> None:
    found = outcome(review, "CMP-002.01")
    assert (found.effect_label, found.show_participants) == ("Hazard Ratio", False)
    assert found.rows[0].data == {"estimate": -0.5, "se": 0.2, "total_1": 0, "total_2": 0}
    assert "se" not in found.rows[0].stored


def test_analysis_of_observed_minus_expected(review: ReviewFile) -> None:
    found = outcome(review, "CMP-002.02")
    assert (found.effect_label, found.totals) == ("Peto Odds Ratio", Totals.SUBTOTALS)
    row = found.subgroups[0].rows[0]
    assert row.data == {"events_1": 4, "total_1": 20, "events_2": 6, "total_2": 20, "o_e": -1.2, "var": 2.5}


def test_analysis_of_texts(review: ReviewFile) -> None:
    found = outcome(review, "CMP-002.03")
    assert found.columns == ("Verdict", "Remark")
    assert [row.texts for row in found.rows] == [("Good", "With milk")]


@pytest.mark.parametrize(
    ("cells", "texts"),
    [
        ("<P>Good</P>", ("Good",)),
        ("Good", ("Good",)),
        ("<A1>Good</A1><A2/><A3><P>very</P></A3>", ("Good", "", "very")),
        ("<ROW><A>Good</A><A>Bad</A></ROW>", ("Good", "Bad")),
        ("<FOOTNOTE>Note</FOOTNOTE>", ()),
    ],
)
def test_texts_in_any_elements(cells: str, texts: tuple[str, ...]) -> None:
    file = analysis('ID="O"', f'<OTHER_DATA STUDY_ID="STD-Smith-2001">{cells}</OTHER_DATA>', "OTHER")
    assert file.outcomes[0].rows[0].texts == texts


@pytest.mark.parametrize(
    ("kind", "settings", "measure", "method", "model"),
    [
        ("DICH", 'EFFECT_MEASURE="OR" METHOD="MH" RANDOM="YES"', "OR", "MH", "random"),
        ("DICH", 'EFFECT_MEASURE="RD" METHOD="IV" RANDOM="NO"', "RD", "IV", "common"),
        ("DICH", 'EFFECT_MEASURE="OR" METHOD="PETO" RANDOM="NO"', "PETO", "Peto", "common"),
        ("DICH", 'EFFECT_MEASURE="PETO_OR" RANDOM="NO"', "PETO", "Peto", "common"),
        ("CONT", 'EFFECT_MEASURE="SMD" RANDOM="YES"', "SMD", "IV", "random"),
        ("CONT", 'EFFECT_MEASURE="WMD" RANDOM="NO"', "MD", "IV", "common"),
        ("IV", 'LOG_DATA="NO" RANDOM="NO"', "GEN", "IV", "common"),
        ("IPD", 'RANDOM="YES"', "O-E", "IV", "random"),
    ],
)
def test_words_of_pooling(kind: str, settings: str, measure: str, method: str, model: str) -> None:
    file = analysis(settings, kind=kind)
    found = file.outcomes[0]
    assert (found.measure, found.method, found.model) == (measure, method, model)
    assert file.remarks == ()


def test_settings_that_are_not_known() -> None:
    file = analysis(
        'EFFECT_MEASURE="HR" TOTALS="MAYBE" CI_TOTAL="950" CI_STUDY="x" SORT_BY="MOON" SCALE="NaN" RANDOM=""'
    )
    found = file.outcomes[0]
    assert (found.measure, found.totals, found.sort_by) == ("RR", Totals.ALL, "")
    assert (found.ci_study, found.ci_total, found.scale) == (0.95, 0.95, None)
    for word in ("HR", "MAYBE", "950", "“x”", "MOON"):
        assert word in said(file)
    assert len(file.remarks) == 5


@pytest.mark.parametrize(
    ("text", "number"),
    [("1.2E-5", 1.2e-5), ("-1.55E-15", -1.55e-15), ("", None), ("NaN", None), ("-Infinity", None), (" 3 ", 3.0)],
)
def test_numbers_as_revman_writes_them(text: str, number: float | None) -> None:
    file = analysis("", f'<DICH_DATA STUDY_ID="STD-Smith-2001" EVENTS_1="{text}" SE="{text}"/>')
    row = file.outcomes[0].rows[0]
    assert row.data == {"events_1": number}
    assert row.stored == {"se": number}
    assert file.remarks == ()


@pytest.mark.parametrize("text", ["1,5", "about 3", "1e999", "0x10", "1_000"])
def test_what_is_no_number_is_remarked(text: str) -> None:
    file = analysis("", f'<DICH_DATA STUDY_ID="STD-Smith-2001" EVENTS_1="{text}"/>')
    assert file.outcomes[0].rows[0].data == {"events_1": None}
    assert f"EVENTS_1 is “{text}”" in said(file)


def test_two_rows_of_a_study_are_both_there() -> None:
    row = '<DICH_DATA STUDY_ID="STD-Smith-2001" EVENTS_1="{n}"/>'
    file = analysis("", row.replace("{n}", "1") + row.replace("{n}", "2"))
    assert [found.data["events_1"] for found in file.outcomes[0].rows] == [1, 2]
    assert said(file).endswith("more than one row here: Smith 2001. All were read.")


def test_rows_without_a_study_get_one_each() -> None:
    file = analysis("", '<DICH_DATA EVENTS_1="1"/><DICH_DATA EVENTS_1="2"/>')
    ids = [row.study_id for row in file.outcomes[0].rows]
    assert len(set(ids)) == 2
    assert set(ids) <= {found.id for found in file.studies}
    assert len(file.remarks) == 2


def test_ids_that_are_missing_or_there_twice() -> None:
    made = """<COMPARISON NO="2"><DICH_OUTCOME NO="1"/>
    <DICH_OUTCOME ID="CMP-002.01" NO="2"/><CONT_OUTCOME/></COMPARISON>
    <COMPARISON ID="CMP-002"/>"""
    file = read(document(analyses=made), "a.rm5")
    assert [found.id for found in file.comparisons] == ["CMP-002", "CMP-002~2"]
    assert [found.id for found in file.outcomes] == ["CMP-002.01", "CMP-002.01~2", "CMP-002.03"]
    assert len(file.remarks) == 2


# --- what is not known -----------------------------------------------------------------------------------------------


def test_unknown_things_are_remarked_once_per_kind() -> None:
    twice = '<STUDY ID="STD-{n}" NAME="{n}" COLOUR="red"><MOOD><B NEW="1"/></MOOD></STUDY>'
    studies = "".join(twice.replace("{n}", name) for name in "AB")
    made = f"<STUDIES><INCLUDED_STUDIES>{studies}</INCLUDED_STUDIES></STUDIES>"
    file = read(document(studies=made, extensions="<TOOL><X/></TOOL>"), "a.rm5")
    assert [remark.where for remark in file.remarks] == ["STUDY STD-A", "MOOD, line 5", "TOOL, line 14"]
    assert all(remark.kept for remark in file.remarks)
    assert "COLOUR" in said(file)


def test_comments_within_a_text_are_not_text() -> None:
    made = "<TITLE>Tea <!-- or coffee --> for <?x y?>colds</TITLE>"
    assert read(document(cover=made), "a.rm5").title == "Tea for colds"


# --- any tree --------------------------------------------------------------------------------------------------------

TAGS = sorted(KNOWN)
ATTRIBUTES = sorted({name for names in KNOWN.values() for name in names})
WORDS = st.one_of(
    st.sampled_from(["YES", "NO", "STD-A", "CMP-001", "1", "-1.5E-3", "NaN", "", "9" * 400, "x", "_x00e9_", "_xd800_"]),
    st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=8),
)
LEAVES = st.tuples(st.sampled_from(TAGS), st.dictionaries(st.sampled_from(ATTRIBUTES), WORDS, max_size=4), WORDS)
TREES = st.recursive(
    LEAVES.map(lambda leaf: (*leaf, [])),
    lambda inner: st.tuples(LEAVES, st.lists(inner, max_size=4)).map(lambda pair: (*pair[0], pair[1])),
    max_leaves=12,
)
"""(tag, attributes, text, children)"""
Tree = tuple[str, dict[str, str], str, list["Tree"]]


def element(tree: Tree) -> etree._Element:
    tag, attributes, text, inner = tree
    made = etree.Element(tag, attributes)
    made.text = text
    made.extend([element(part) for part in inner])
    made.tail = text
    return made


SECTIONS = [path.split("/") for path in (
    "", "STUDIES_AND_REFERENCES/STUDIES/INCLUDED_STUDIES", "STUDIES_AND_REFERENCES/OTHER_REFERENCES",
    "CHARACTERISTICS_OF_STUDIES/CHARACTERISTICS_OF_INCLUDED_STUDIES", "QUALITY_ITEMS", "QUALITY_ITEMS/QUALITY_ITEM",
    "ANALYSES_AND_DATA/COMPARISON", "ANALYSES_AND_DATA/COMPARISON/OTHER_OUTCOME", "FIGURES", "FEEDBACK", "SOF_TABLES",
    "ANALYSES_AND_DATA/COMPARISON/CONT_OUTCOME/CONT_SUBGROUP", "MAIN_TEXT/BODY", "COVER_SHEET/CREATORS", "COVER_SHEET",
)]  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from(SECTIONS), TREES), max_size=4))
def test_no_tree_makes_anything_fail(sections: list[tuple[list[str], Tree]]) -> None:
    root = etree.Element("COCHRANE_REVIEW")
    for path, tree in sections:
        place = root
        for name in filter(None, path):
            place = etree.SubElement(place, name)
        place.append(element(tree))
    with contextlib.suppress(CopseError):
        file = read(etree.tostring(root), "a.rm5")
        studies = [found.id for found in file.studies]
        assert len(set(studies)) == len(studies)
        assert {row.study_id for found in file.outcomes for row in found.all_rows} <= set(studies)
        assert len({part.id for part in file.parts}) == len(file.parts)
