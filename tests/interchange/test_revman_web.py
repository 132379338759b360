"""RevMan Web's data packages: read whole, in part and in both versions."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from core.errors import InputError
from core.interchange import revman_web
from core.interchange.formats import read_review_file, recognised
from core.interchange.model import (
    Characteristic,
    DataKind,
    Identifier,
    ReviewFile,
    RobJudgement,
    RobLevel,
    Totals,
)
from core.interchange.verify import verify
from core.model import StudyStatus
from tests.interchange import made

OVERALL = """\
Analysis group,Analysis number,Analysis name,Analysis group name,Data source,Data source eligibility,Data type,\
Log-scale data,Outcome,Intervention grouping,Experimental intervention,Control intervention,Subgroup by,\
Filter criteria,Experimental group label,Control group label,Statistical method,Effect measure,Unit of effect measure,\
Analysis model,Subgroup estimates,Overall estimates,Test for subgroup differences,Swap event and non-event,Study CI,\
Estimate CI,Experimental cases,Experimental N,Control cases,Control N,Mean,CI start,CI end,Heterogeneity Tau²,\
Heterogeneity Chi²,Heterogeneity df,Heterogeneity P,Heterogeneity I²,Effect Z,Effect P,\
Subgroup Chi²,Subgroup df,Subgroup P,Subgroup I²,ID
1,1,Sleep,Tea versus water,Custom input,#N/A,Dichotomous,true,,,,,,,Tea,Water,MH,Risk Ratio,,Fixed effect,true,true,\
true,false,95%,90%,30,80,15,80,2,1.17,3.43,,0.5,1,0.48,0,2.54,0.011,0,1,1,0,analysis:1
1,2,Calm,Tea versus water,Custom input,#N/A,Continuous,false,,,,,,,,,IV,Standardized Mean Difference,,Random effect,\
true,false,false,false,95%,95%,,20,,22,0,0,0,,0,0,0,0,0,0,,,,,analysis:2
2,1,Survival,Tea versus coffee,Custom input,#N/A,Contrast level,true,,,,,,,,,IV,Hazard Ratio,,Random effect,true,true,\
true,false,95%,95%,,,,,0.5,0.3,0.8,0.01,1,1,0.3,0,2.1,0.04,,,,,analysis:3
"""
"""Settings and totals in the form of version 1; the second analysis was never computed."""

ROWS = """\
Analysis group,Analysis number,Analysis name,Subgroup,Applicability,Study,Study year,GIV Mean,GIV SE,Experimental mean,\
Experimental SD,Experimental cases,Experimental N,Control mean,Control SD,Control cases,Control N,O-E,Variance,Weight,\
Mean,CI start,CI end,Footnotes
1,1,Sleep,Adults,SUBGROUP_AND_OVERALL,Ahorn 2001,2001,0.0,0.0,0.0,0.0,20,40,0.0,0.0,10,40,0.0,0.0,66.66,2,1.08,3.72,
1,1,Sleep,Children,SUBGROUP_AND_OVERALL,Birke 2004,2004,0.0,0.0,0.0,0.0,10,40,0.0,0.0,5,40,0.0,0.0,33.33,2,0.75,5.33,\
"With ""cake"" and milk"
1,1,Sleep,Children,SUBGROUP_AND_OVERALL,Dorn 2011,2011,0.0,0.0,0.0,0.0,0,12,0.0,0.0,0,11,0.0,0.0,,,,,
1,2,Calm,,SUBGROUP_AND_OVERALL,Ahorn 2001,2001,0.0,0.0,3.5,1.25,0,20,0.0,2.0,0,22,0.0,0.0,0,0,0,0,
2,1,Survival,,SUBGROUP_AND_OVERALL,Copse 2007,2007,-0.693147,0.25,0,0,0,90,0,0,0,91,0,0,100,0.5,0.306316,0.816151,
"""
SUBGROUPS = """\
Analysis group,Analysis number,Subgroup,Subgroup number,Experimental cases,Experimental N,Control cases,Control N,\
Weight,Mean,CI start,CI end,Heterogeneity Tau²,Heterogeneity Chi²,Heterogeneity df,Heterogeneity P,Heterogeneity I²,\
Effect Z,Effect P,ID
1,1,Adults,2,20,40,10,40,66.66,2,1.08,3.72,,0,0,1,0,2.19,0.028,s1
1,1,Children,1,10,52,5,51,33.33,2,0.75,5.33,,0,0,1,0,1.39,0.17,s2
"""
INFORMATION = """\
Study,Year,Data source,Char: Methods,Char: Participants,Char: Interventions,Char: Outcomes,Char: Notes,Char: Season
Ahorn 2001,2001,PUB,<p>Random &amp; <b>blind</b></p><p>Two arms</p>,40 people,,,,Spring
Birke 2004,2004,MIX,,,,,,
"""
RISK = """\
Study,Domain (judgement): Allocation concealment,Domain (support): Allocation concealment,\
Domain (judgement): Blinding: Sleep,Domain (support): Blinding: Sleep,Domain (judgement): Blinding: Calm,\
Domain (support): Blinding: Calm
Ahorn 2001,Low risk,Envelopes,High risk,None,Unclear risk,Not said
Birke 2004,Not applicable,,,,Low risk,
"""
INCLUDED = """\
TY  - JOUR
NS  - Ahorn 2001
AU  - Ahorn, Anna
AU  - Blatt, B
TI  - Tea and sleep
JO  - Journal of Tea
PY  - 2001
VL  - 4
IS  - 2
SP  - 10
EP  - 19
DO  - 10.1000/tea.1
ER  -\x20

TY  - JOUR
NS  - Birke 2004
ER  -\x20
"""
EXCLUDED = "TY  - JOUR\nNS  - Erle 1999\nTI  - Tea for two\nER  - \n"
OTHER = "TY  - BOOK\nNS  - Handbook\nTI  - The handbook of tea\nPB  - Leaf\nER  - \n"
FILES = {
    "77-analysis-data/77-overall-estimates-and-settings.csv": OVERALL,
    "77-analysis-data/77-data-rows.csv": ROWS,
    "77-analysis-data/77-subgroup-estimates.csv": SUBGROUPS,
    "77-study-data/77-study-information.csv": INFORMATION,
    "77-study-data/77-risk-of-bias.csv": RISK,
    "77-study-data/77-included.ris": INCLUDED,
    "77-study-data/77-excluded.ris": EXCLUDED,
    "77-other-references/77-additional.ris": OTHER,
}


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content if isinstance(content, bytes) else b"\xef\xbb\xbf" + content.encode())
    return out.getvalue()


@pytest.fixture
def package(tmp_path: Path) -> Path:
    path = tmp_path / "77-data.zip"
    path.write_bytes(zipped(FILES))
    return path


@pytest.fixture
def file(package: Path) -> ReviewFile:
    return read_review_file(package)


# --- analyses ---------------------------------------------------------------------------------------------------------


def test_settings_and_totals_are_read(file: ReviewFile) -> None:
    assert [(one.id, one.name) for one in file.comparisons] == [
        ("CMP-001", "Tea versus water"),
        ("CMP-002", "Tea versus coffee"),
    ]
    sleep, calm, survival = file.outcomes
    assert (sleep.kind, sleep.measure, sleep.method, sleep.model) == (DataKind.DICHOTOMOUS, "RR", "MH", "common")
    assert (sleep.group_labels, sleep.ci_study, sleep.ci_total) == (("Tea", "Water"), 0.95, 0.9)
    assert (sleep.stored["effect_size"], sleep.stored["p_z"], sleep.stored["df_q"]) == (2, 0.011, 1)
    assert (calm.measure, calm.totals, calm.subgroup_test) == ("SMD", Totals.SUBTOTALS, False)
    assert (survival.kind, survival.measure, survival.effect_label) == (DataKind.GENERIC, "GENLOG", "Hazard Ratio")
    assert file.decimals == 6
    assert file.title == "77"


def test_zeros_that_were_never_computed_are_no_results(file: ReviewFile) -> None:
    calm = file.outcomes[1]
    assert dict(calm.stored) == {"total_1": 20, "total_2": 22}
    assert (calm.estimable, calm.rows[0].estimable, dict(calm.rows[0].stored)) == (None, None, {})
    assert any("had not been computed" in remark.what for remark in file.remarks)


def test_rows_hold_the_numbers_of_their_kind_of_data_only(file: ReviewFile) -> None:
    sleep, calm, survival = file.outcomes
    assert [(group.name, group.number, len(group.rows)) for group in sleep.subgroups] == [
        ("Children", "1", 2),
        ("Adults", "2", 1),
    ]
    assert sleep.subgroups[1].stored["weight"] == 66.66
    birke, dorn = sleep.subgroups[0].rows
    assert birke.data == {"events_1": 10, "total_1": 40, "events_2": 5, "total_2": 40}
    assert birke.footnote == 'With "cake" and milk'
    assert (dorn.estimable, dorn.data["events_1"], dict(dorn.stored)) == (False, 0, {})
    assert calm.rows[0].data == {"mean_1": 3.5, "sd_1": 1.25, "total_1": 20, "mean_2": 0, "sd_2": 2, "total_2": 22}
    assert survival.rows[0].data["estimate"] == -0.693147


def test_version_2_is_read(tmp_path: Path) -> None:
    old = ("Study CI,Estimate CI", "Analysis model,", "Random effect,true,true,true,false,95%,95%")
    new = (
        "CI method,CI/PI level,Sort by,Graph label (left),Graph label (right),Graph scale,Prediction interval,PI start",
        "Analysis model,Heterogeneity estimator,",
        "Random effect,REML,true,true,true,false,HKSJ,99%,Year,worse,better,20,true,0.1",
    )
    text = OVERALL.split("\n")
    head = text[0].replace(old[0], new[0]).replace(old[1], new[1])
    line = text[3].replace(old[2], new[2])
    path = tmp_path / "2-data.zip"
    path.write_bytes(zipped({"2-overall-estimates-and-settings.csv": f"{head}\n{line}\n"}))
    (outcome,) = read_review_file(path).outcomes
    assert (outcome.tau2, outcome.ci, outcome.pi) == ("REML", "hksj", "t(k-1)")
    assert (outcome.ci_total, outcome.sort_by, outcome.scale) == (0.99, "year", 20)
    assert outcome.graph_labels == ("worse", "better")
    assert (outcome.stored["pi_start"], outcome.stored["effect_size"]) == (0.1, 0.5)


def test_rows_alone_tell_measure_and_model(tmp_path: Path) -> None:
    files = made.file_of(
        made.with_results(made.dichotomous("OR", "MH", "random")), made.with_results(made.continuous())
    )
    with zipfile.ZipFile(io.BytesIO(revman_web.write_package(files, "7"))) as archive:
        text = archive.read("7-analysis-data/7-data-rows.csv").decode("utf-8-sig")
    head, rest = text.split("\n", 1)
    for name, heading in (("rows.csv", head), ("r_names.csv", head.replace(" ", ".").replace("-", "."))):
        path = tmp_path / name
        path.write_text(
            f"{heading},review_url,review_doi\n" + rest.replace("\n", ",http://x,10.1/x\n"), encoding="utf-8"
        )
        file = read_review_file(path)
        assert [(one.measure, one.method, one.model) for one in file.outcomes] == [
            ("OR", "MH", "random"),
            ("MD", "IV", "random"),
        ]
        assert file.title == "10.1/x"
        assert [one.where for one in file.remarks] == ["1.1, 1.2"]
        assert verify(file).matches


def test_an_analysis_that_no_measure_fits_is_told(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(ROWS, encoding="utf-8")  # Sleep has effects of two decimals
    told = [remark for remark in read_review_file(path).remarks if "No measure" in remark.what]
    assert [remark.where for remark in told] == ["CMP-001.01 Sleep"]


def test_a_row_for_the_total_only_does_not_count_twice(tmp_path: Path) -> None:
    text = ROWS.replace("Adults,SUBGROUP_AND_OVERALL", "Adults,SUBGROUP").replace(
        "Calm,,SUBGROUP_AND_OVERALL,Ahorn", "Calm,,OVERALL,Ahorn"
    )
    text += "1,1,Sleep,,OVERALL,Ahorn 2001,2001,,,,,20,40,,,10,40,,,66.66,2,1.08,3.72,\n"
    path = tmp_path / "rows.csv"
    path.write_text(text, encoding="utf-8")
    file = read_review_file(path)
    assert [len(outcome.all_rows) for outcome in file.outcomes] == [3, 1, 1]
    assert any("counts in the total only" in remark.what for remark in file.remarks)


# --- studies, references, risk of bias --------------------------------------------------------------------------------


def test_studies_have_their_status_characteristics_and_references(file: ReviewFile) -> None:
    found = {study.name: study for study in file.studies}
    assert {name: study.status for name, study in found.items()} == {
        "Ahorn 2001": StudyStatus.INCLUDED,
        "Birke 2004": StudyStatus.INCLUDED,
        "Erle 1999": StudyStatus.EXCLUDED,
        "Dorn 2011": StudyStatus.INCLUDED,
        "Copse 2007": StudyStatus.INCLUDED,
    }
    ahorn = found["Ahorn 2001"]
    assert ahorn.characteristics == (
        Characteristic(
            "methods", "Methods", "Random & blind\nTwo arms", "<p>Random &amp; <b>blind</b></p><p>Two arms</p>"
        ),
        Characteristic("participants", "Participants", "40 people"),
        Characteristic("Season", "Season", "Spring"),
    )
    (reference,) = ahorn.references
    assert (reference.authors, reference.title, reference.pages) == ("Ahorn Anna, Blatt B", "Tea and sleep", "10-19")
    assert (reference.source, reference.primary) == ("Journal of Tea", True)
    assert reference.identifiers == (Identifier("DOI", "10.1000/tea.1"),)
    assert found["Birke 2004"].references == ()
    (other,) = file.other_references
    assert (other.category, other.reference.kind, other.reference.publisher) == ("additional", "book", "Leaf")


def test_risk_of_bias_per_study_and_per_group(file: ReviewFile) -> None:
    concealment, blinding = file.risk_of_bias
    assert (concealment.name, concealment.by_group) == ("Allocation concealment", False)
    assert concealment.judgements == (
        RobJudgement("STD-Ahorn-2001", "", RobLevel.LOW, "Envelopes"),
        RobJudgement("STD-Birke-2004", "", None, word="Not applicable"),
    )
    assert [group.name for group in blinding.groups] == ["Sleep", "Calm"]
    assert [(one.group_id, one.level) for one in blinding.judgements] == [
        ("QIG-02.01", RobLevel.HIGH),
        ("QIG-02.02", RobLevel.UNCLEAR),
        ("QIG-02.02", RobLevel.LOW),
    ]


JUDGED = ",Overall bias (judgement),Overall bias (support)"


def test_risk_of_bias_of_results_stands_beside_the_rows(tmp_path: Path) -> None:
    head, *lines = ROWS.rstrip("\n").split("\n")
    words = ["Some concerns,<p>Late</p>", "Low risk,", "", "High risk,Early", ""]
    path = tmp_path / "rows.csv"
    path.write_text("\n".join([head + JUDGED, *map(",".join, zip(lines, words, strict=True))]), encoding="utf-8")
    (item,) = read_review_file(path).risk_of_bias
    assert (item.name, item.by_group) == ("Overall bias", True)
    assert [(group.name, group.outcome_ids) for group in item.groups] == [
        ("Sleep", ("CMP-001.01",)),
        ("Calm", ("CMP-001.02",)),
    ]
    assert item.judgements == (
        RobJudgement("STD-Ahorn-2001", "QIG-01.01", RobLevel.UNCLEAR, "Late", "<p>Late</p>", "Some concerns"),
        RobJudgement("STD-Birke-2004", "QIG-01.01", RobLevel.LOW),
        RobJudgement("STD-Ahorn-2001", "QIG-01.02", RobLevel.HIGH, "Early"),
    )


def test_markup_that_could_do_harm_is_left_out(tmp_path: Path) -> None:
    cell = (
        '<p onclick=""x()"">A<script>alert(1)</script> <a href=""javascript:x()"">B</a><img src=""http://x""><i>C</p>'
    )
    path = tmp_path / "information.csv"
    path.write_text(f'Study,Year,Data source,Char: Notes\nAhorn,2001,PUB,"{cell}"\n', encoding="utf-8")
    (note,) = read_review_file(path).studies[0].characteristics
    assert note.html == "<p>A <a>B</a><i>C</i></p>"
    assert note.text == "A BC"


# --- packages in part -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("left_out", list(FILES))
def test_what_is_missing_is_told_and_the_rest_read(left_out: str, tmp_path: Path) -> None:
    path = tmp_path / "part.zip"
    path.write_bytes(zipped({name: text for name, text in FILES.items() if name != left_out}))
    file = read_review_file(path)
    assert file.studies
    assert len(file.outcomes) == 3
    told = any("The package has no" in remark.what for remark in file.remarks)
    assert told == (left_out.endswith(".csv") and "risk" not in left_out)


def test_a_folder_and_a_zip_in_a_zip_are_read_alike(package: Path, tmp_path: Path, file: ReviewFile) -> None:
    folder = tmp_path / "unpacked"
    with zipfile.ZipFile(package) as archive:
        archive.extractall(folder)
    outer = tmp_path / "review.zip"
    outer.write_bytes(zipped({"Tea/77-article.pdf": b"%PDF", "Tea/77-files/77-data.zip": package.read_bytes()}))
    for path in (folder, outer):
        assert recognised(path)
        found = read_review_file(path)
        assert (found.studies, found.comparisons) == (file.studies, file.comparisons)


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(".csv")])
def test_each_table_is_known_alone_by_its_headings(name: str, tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text(FILES[name], encoding="utf-8")
    file = read_review_file(path)
    assert file.format == "revman_web"
    assert file.outcomes or file.studies


def test_lines_without_study_or_analysis_are_told(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(
        ROWS.replace("Ahorn 2001,2001,0.0,0.0,0", ",,0.0,0.0,0", 1).replace("2,1,Surv", ",1,Surv"), encoding="utf-8"
    )
    file = read_review_file(path)
    assert [len(outcome.all_rows) for outcome in file.outcomes] == [2, 1]
    told = [(one.where, one.what) for one in file.remarks if one.where.startswith("rows.csv")]
    assert told == [
        ("rows.csv, line 2", "The line names no study. It was not read."),
        ("rows.csv, line 6", "The line names no analysis. It was not read."),
    ]


def test_columns_and_files_without_a_place_are_told(tmp_path: Path) -> None:
    rows = ROWS.replace("Footnotes\n", "Footnotes,Mood\n").replace('and milk"', 'and milk",good')
    path = tmp_path / "more.zip"
    path.write_bytes(
        zipped({**FILES, "77-analysis-data/77-data-rows.csv": rows, "77-study-arms.csv": "Study,Arm\nA,B\n"})
    )
    told = {remark.where: remark.what for remark in read_review_file(path).remarks}
    assert "Mood" in told["77-data-rows.csv"]
    assert "left out" in told["77-study-arms.csv"]


def test_several_reviews_at_once_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "many.zip"
    path.write_bytes(zipped({"1-data-rows.csv": ROWS, "2-data-rows.csv": ROWS}))
    with pytest.raises(InputError, match="1, 2"):
        read_review_file(path)


def test_tables_of_other_reviews_under_other_names_are_no_package(tmp_path: Path) -> None:
    path = tmp_path / "many.zip"
    path.write_bytes(zipped({"77-data-rows.csv": ROWS, "Berg data.csv": ROWS.replace("Ahorn", "Alm")}))
    with pytest.raises(InputError, match=r"77-data-rows\.csv, Berg data\.csv"):
        read_review_file(path)


# --- zips that cannot be trusted --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["../77-data-rows.csv", "/etc/77-data-rows.csv", "C:/77-data-rows.csv", "a/../../b.csv"]
)
def test_names_outside_the_zip_are_refused(name: str, tmp_path: Path) -> None:
    path = tmp_path / "outside.zip"
    path.write_bytes(zipped({**FILES, name: ROWS}))
    with pytest.raises(InputError, match="outside it"):
        read_review_file(path)


def test_a_zip_bomb_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    path.write_bytes(zipped({**FILES, "77-bomb.csv": b"0" * 20_000_000}))
    with pytest.raises(InputError, match="unpack to more"):
        read_review_file(path)


def test_a_zip_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    data = bytearray(zipped({"77-data-rows.csv": ROWS, "77-bomb.csv": b"0" * 70_000_000}))
    for signature, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):  # where the size stands in the two headers
        data[data.rfind(signature) + at :][:4] = struct.pack("<I", 1000)
        start = data.rfind(signature) + at
        data[start : start + 4] = struct.pack("<I", 1000)
    path = tmp_path / "liar.zip"
    path.write_bytes(data)
    with pytest.raises(InputError, match=r"unpack to more|damaged"):
        read_review_file(path)


def test_a_zip_with_a_password_is_refused(package: Path) -> None:
    data = bytearray(package.read_bytes())
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = data.find(signature) + at
        data[start] |= 1
    package.write_bytes(data)
    with pytest.raises(InputError, match="password"):
        read_review_file(package)


@pytest.mark.parametrize("share", [0.3, 0.7, 0.99])
def test_a_zip_that_was_cut_off_is_refused(package: Path, share: float) -> None:
    data = package.read_bytes()
    package.write_bytes(data[: int(len(data) * share)])
    with pytest.raises(InputError, match="damaged"):
        read_review_file(package)


def test_a_member_that_is_damaged_is_refused(package: Path) -> None:
    data = bytearray(package.read_bytes())
    data[120:140] = bytes(20)
    package.write_bytes(data)
    with pytest.raises(InputError, match="damaged"):
        read_review_file(package)


def test_other_zips_and_folders_are_not_taken_for_a_package(tmp_path: Path) -> None:
    path = tmp_path / "letters-data-rows.zip"
    path.write_bytes(zipped({"word/document.xml": "<w/>", "table.csv": "Title,Authors\nTea,Ahorn\n"}))
    assert not recognised(path)
    assert not recognised(tmp_path)
