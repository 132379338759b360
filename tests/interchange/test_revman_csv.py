"""RevMan 5's export of analysis data: read however it was exported, written so that it is read again."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InputError
from core.interchange import revman_csv
from core.interchange.formats import read_review_file, recognised
from core.interchange.model import DataKind, DataRow, Numbers, Outcome, ReviewFile, Totals
from core.interchange.revman_csv.columns import DATA, HEADINGS, RESULTS
from core.interchange.verify import verify
from tests.interchange import made
from tests.interchange.made import with_results

EXPORT = """\
Comparison Number,Outcome Number,Subgroup Number,Name,Data Type,Statistical Method,Effect Measure,Analysis Model,\
Events 1,Mean 1,SD 1,Total 1,Events 2,Mean 2,SD 2,Total 2,Effect Estimate,SE,CI Start,CI End,Weight,Q,P(Q),I²(Q),Tau²,\
Z,P(Z),Qint,P(Qint),I²(Qint),df,Group Label 1,Group Label 2,Left Graph Label,Right Graph Label,Year of study,\
User defined order
1,0,0,"Tea, warm",,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,
1,1,0,Sleep,DIC,MH,RR,Fixed,30,,,80,15,,,80,2,,1.17,3.43,100,0.5,0.48,0,0,2.54,0.011,0,0,0,1,Tea,Water,\
Favours water,Favours tea,,
1,1,1,Adults,,,,,20,,,40,10,,,40,2,,1.08,3.72,66.66,0,1,0,0,2.19,0.028,,,,0,,,,,,
1,1,1,Ahorn 2001,,,,,20,0,0,40,10,0,0,40,2,0.32,1.08,3.72,66.66,,,,,,,,,,,,,,,2001,1
1,1,2,Children,,,,,10,,,40,5,,,40,2,,0.75,5.33,33.33,0,1,0,0,1.39,0.17,,,,0,,,,,,
1,1,2,Birke-Holt 2004,,,,,10,0,0,40,5,0,0,40,2,0.5,0.75,5.33,33.33,,,,,,,,,,,,,,,2004,2
"""
"""Two small trials in two subgroups, as RevMan 5 writes them."""

NAMES = (
    st.text(st.characters(exclude_categories=("C", "Zl", "Zp")), min_size=1, max_size=12)
    .map(str.strip)
    .filter(lambda name: bool(name) and name != "#N/A")
)


def read(text: str) -> ReviewFile:
    return revman_csv.read_bytes(text.encode(), "tea.csv")


def exported(*outcomes: Outcome) -> ReviewFile:
    return made.file_of(*map(made.with_results, outcomes))


def again(file: ReviewFile) -> ReviewFile:
    return revman_csv.read_bytes(revman_csv.write(file), "again.csv")


def kept(outcome: Outcome) -> Outcome:
    """The outcome as the table can hold it: no logarithms, no count of studies, eight decimals of results."""

    def short(numbers: Numbers) -> dict[str, float | None]:
        told = {key: value for key, value in numbers.items() if key in RESULTS.values() or key in COUNTS}
        return {key: round(value, 8) for key, value in told.items() if value is not None}

    def rows(found: tuple[DataRow, ...]) -> tuple[DataRow, ...]:
        return tuple(replace(row, stored=short(row.stored)) for row in found)

    groups = (replace(group, rows=rows(group.rows), stored=short(group.stored)) for group in outcome.subgroups)
    return replace(outcome, rows=rows(outcome.rows), subgroups=tuple(groups), stored=short(outcome.stored))


COUNTS = ("events_1", "total_1", "events_2", "total_2")


# --- reading ----------------------------------------------------------------------------------------------------------


def test_every_line_stands_where_its_numbers_say() -> None:
    file = read(EXPORT)
    (comparison,) = file.comparisons
    (outcome,) = comparison.outcomes
    assert (comparison.id, comparison.name) == ("CMP-001", "Tea, warm")
    assert (outcome.id, outcome.name, outcome.kind) == ("CMP-001.01", "Sleep", DataKind.DICHOTOMOUS)
    assert (outcome.measure, outcome.method, outcome.model) == ("RR", "MH", "common")
    assert (outcome.group_labels, outcome.graph_labels) == (("Tea", "Water"), ("Favours water", "Favours tea"))
    assert [(group.id, group.name, len(group.rows)) for group in outcome.subgroups] == [
        ("CMP-001.01.01", "Adults", 1),
        ("CMP-001.01.02", "Children", 1),
    ]
    (row,) = outcome.subgroups[1].rows
    assert row.study_id == "STD-Birke_x002d_Holt-2004"
    assert row.data == {"events_1": 10, "total_1": 40, "events_2": 5, "total_2": 40}
    assert row.stored == {"effect_size": 2, "se": 0.5, "ci_start": 0.75, "ci_end": 5.33, "weight": 33.33}
    assert row.order == "2"
    assert outcome.stored["p_z"] == 0.011
    assert [(study.name, study.year) for study in file.studies] == [("Ahorn 2001", "2001"), ("Birke-Holt 2004", "2004")]
    assert file.decimals == 6
    assert read(EXPORT.replace(",2.54,", ",2.54123456,")).decimals == 8
    assert file.remarks == ()


@given(
    order=st.permutations(range(len(HEADINGS) - 2)),
    separator=st.sampled_from(",;\t"),
    quote=st.sampled_from("\"'"),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "latin-1", "cp1252"]),
    comma=st.booleans(),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_columns_separator_quotes_and_encoding_do_not_matter(
    order: list[int], separator: str, quote: str, quoting: int, encoding: str, comma: bool, end: str
) -> None:
    rows = list(csv.reader(io.StringIO(EXPORT)))
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, quotechar=quote, quoting=quoting, lineterminator=end)  # pyright: ignore[reportArgumentType]
    for row in rows:
        cells = [cell.replace(".", ",") if comma and cell[:1].isdigit() else cell for cell in row]
        writer.writerow([cells[n] for n in order])
    data = out.getvalue().encode(encoding)
    assert revman_csv.recognise(data)
    assert revman_csv.read_bytes(data, "tea.csv") == read(EXPORT)


def columns(text: str, *left_out: str) -> str:
    rows = list(csv.DictReader(io.StringIO(text)))
    out = io.StringIO()
    writer = csv.DictWriter(out, [name for name in rows[0] if name not in left_out], extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


@pytest.mark.parametrize("measure", ["OR", "RR", "RD"])
@pytest.mark.parametrize("model", ["common", "random"])
def test_measure_and_model_are_found_from_the_numbers(measure: str, model: str) -> None:
    file = exported(made.dichotomous(measure, "MH", model))
    settings = ("Data Type", "Statistical Method", "Effect Measure", "Analysis Model")
    (outcome,) = read(columns(revman_csv.write(file).decode(), *settings)).outcomes
    assert (outcome.kind, outcome.measure, outcome.method, outcome.model) == (
        DataKind.DICHOTOMOUS, measure, "MH", model,
    )  # fmt: skip


def test_exchanged_events_are_found_from_the_numbers_and_told() -> None:
    before = made.with_results(replace(made.dichotomous("OR"), swap_events=True))
    file = again(made.file_of(before))
    (outcome,) = file.outcomes
    assert outcome.swap_events
    assert outcome.rows[0].data == before.rows[0].data
    assert any("exchanged" in remark.what for remark in file.remarks)
    assert verify(file).matches


def test_the_kind_of_data_is_found_from_the_numbers() -> None:
    file = exported(made.continuous("SMD"))
    (outcome,) = read(columns(revman_csv.write(file).decode(), "Data Type", "Effect Measure")).outcomes
    assert (outcome.kind, outcome.measure) == (DataKind.CONTINUOUS, "SMD")


def test_a_measure_that_was_found_is_told() -> None:
    (remark,) = read(columns(revman_csv.write(exported(made.dichotomous("RD"))).decode(), "Effect Measure")).remarks
    assert remark.where == "CMP-001.01 Relapse"
    assert "RD" in remark.what


@pytest.mark.parametrize("level", [0.9, 0.95, 0.99])
def test_the_confidence_level_is_found_from_the_intervals(level: float) -> None:
    file = exported(replace(made.dichotomous(), ci_study=level, ci_total=0.95))
    (outcome,) = again(file).outcomes
    assert (outcome.ci_study, outcome.ci_total) == (level, 0.95)


@pytest.mark.parametrize(("low", "high", "measure", "estimate"), [
    (0.6756, 5.9205, "GENLOG", 0.693147), (0.9150, 3.0850, "GEN", 2.0),
])  # fmt: skip
def test_the_interval_says_whether_effects_are_logarithms(
    low: float, high: float, measure: str, estimate: float
) -> None:
    text = (
        "Comparison Number;Outcome Number;Name;Data Type;Effect Measure;Effect Estimate;SE;CI Start;CI End\n"
        f"1;1;Survival;IV;Hazard something;2;0.5;{low};{high}\n1;1;Ahorn 2001;;;2;0.5536;{low};{high}\n"
    )
    (outcome,) = read(text).outcomes
    assert (outcome.kind, outcome.measure, outcome.effect_label) == (DataKind.GENERIC, measure, "Hazard something")
    assert outcome.rows[0].data["estimate"] == pytest.approx(estimate, abs=1e-6)
    assert outcome.rows[0].data["se"] == 0.5536


def test_observed_minus_expected_events_are_read_and_written() -> None:
    outcome = Outcome(
        "CMP-001.01", "1", "Death", DataKind.O_E, "O-E", "Peto", "common", effect_label="Hazard Ratio",
        rows=(DataRow("STD-Ahorn-2001", {"events_1": 3, "total_1": 20, "events_2": 5, "total_2": 21, "o_e": -1.25,
                                         "var": 1.875}),),
    )  # fmt: skip
    (found,) = again(made.file_of(outcome)).outcomes
    assert (found.kind, found.measure, found.effect_label) == (DataKind.O_E, "O-E", "Hazard Ratio")
    assert found.rows[0].data == outcome.rows[0].data


def test_what_is_pooled_shows_by_the_weights() -> None:
    subtotals = replace(made.in_subgroups(made.dichotomous()), totals=Totals.SUBTOTALS)
    (outcome,) = again(exported(subtotals)).outcomes
    assert outcome.totals is Totals.SUBTOTALS
    alone = made.with_results(made.dichotomous())
    rows = tuple(replace(row, stored={**row.stored, "weight": 0.0}) for row in alone.rows)
    (outcome,) = again(made.file_of(replace(alone, rows=rows, totals=Totals.NONE))).outcomes
    assert (outcome.totals, outcome.estimable) == (Totals.NONE, False)
    assert "effect_size" not in outcome.stored


def test_a_row_without_an_effect_is_not_estimable_unless_nothing_was_computed() -> None:
    whole = made.with_results(made.dichotomous())
    partly = replace(whole, rows=(replace(whole.rows[0], stored={}, estimable=False), *whole.rows[1:]))
    assert [row.estimable for row in again(made.file_of(partly)).outcomes[0].rows] == [False, True, True, True]
    (outcome,) = again(made.file_of(made.dichotomous())).outcomes
    assert (outcome.estimable, {row.estimable for row in outcome.rows}) == (None, {None})


# --- there and back ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("outcome", [
    made.dichotomous("OR", "MH", "random"), made.dichotomous("RD", "MH"), made.dichotomous("RR", "IV"),
    made.continuous("MD"), made.continuous("SMD", "common"), made.in_subgroups(made.dichotomous("RR")),
    made.in_subgroups(made.continuous()),
])  # fmt: skip
def test_analyses_come_back_as_they_were_written(outcome: Outcome) -> None:
    file = exported(outcome)
    (found,) = again(file).outcomes
    expected = kept(made.with_results(outcome))
    assert found.subgroups == expected.subgroups
    assert found.rows == expected.rows
    assert found.stored == expected.stored
    for setting in ("name", "kind", "measure", "method", "model", "totals", "ci_total", "has_subgroups"):
        assert getattr(found, setting) == getattr(expected, setting), setting
    assert verify(again(file)).matches


@given(names=st.lists(NAMES, min_size=4, max_size=4, unique=True), title=NAMES)
def test_any_names_come_back_and_none_is_a_formula(names: list[str], title: str) -> None:
    file = made.file_of(replace(made.dichotomous(), name=title))
    studies = tuple(replace(study, name=name) for study, name in zip(file.studies, names, strict=False))
    data = revman_csv.write(replace(file, studies=studies))
    found = revman_csv.read_bytes(data, "names.csv")
    assert [study.name for study in found.studies] == names
    assert found.outcomes[0].name == title
    texts = [row["Name"] for row in csv.DictReader(io.StringIO(data.decode()))]
    assert not [text for text in texts if text[0] in "=+-@\t\r"]


@given(st.floats(-1e6, 1e6), st.floats(0.001, 1e6))
def test_numbers_that_were_entered_keep_all_their_digits(mean: float, sd: float) -> None:
    row = DataRow("STD-Ahorn-2001", {"mean_1": mean, "sd_1": sd, "total_1": 9, "mean_2": 1, "sd_2": 2, "total_2": 8})
    (found,) = again(made.file_of(replace(made.continuous(), rows=(row,)))).outcomes
    assert (found.rows[0].data["mean_1"], found.rows[0].data["sd_1"]) == (mean, sd)


# --- bad input --------------------------------------------------------------------------------------------------------


def test_what_is_no_number_is_told_with_its_line() -> None:
    file = read(EXPORT.replace(",2.54,", ",about 2.5,"))
    (remark,) = file.remarks
    assert remark.where == "tea.csv, line 3"
    assert "about 2.5" in remark.what
    assert "z" not in file.outcomes[0].stored


def test_columns_and_lines_without_a_place_are_told() -> None:
    text = EXPORT.replace("User defined order\n", "Mood\n").replace("\n1,0,0,", "\n,0,0,")
    told = [remark.what for remark in read(text).remarks]
    assert any("Mood" in what for what in told)
    assert any("names no comparison" in what for what in told)


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity", "#N/A", "1e999"])
def test_infinite_and_missing_numbers_are_none(word: str) -> None:
    stored = read(EXPORT.replace(",2.54,", f",{word},")).outcomes[0].stored
    assert "z" not in stored


def test_an_open_quotation_mark_is_refused_with_its_line() -> None:
    with pytest.raises(InputError, match="line 5"):
        read(EXPORT.replace("1,1,1,Ahorn", '1,1,1,"Ahorn'))


@pytest.mark.parametrize("data", [b"", b"\n\n", b"Comparison Number,Name\n1,Tea\n", b"\x89PNG\r\n\x1a\n\x00\x00"])
def test_what_is_no_such_table_is_refused(data: bytes) -> None:
    assert not revman_csv.recognise(data)
    with pytest.raises(InputError):
        revman_csv.read_bytes(data, "other.csv")


def test_a_table_of_references_is_not_taken_for_an_analysis(tmp_path: Path) -> None:
    path = tmp_path / "analysis data.csv"
    path.write_text("Title,Authors,Year,Name,Study,Notes\nTea,Ahorn A,2001,x,y,z\n", encoding="utf-8")
    assert not recognised(path)


def test_it_is_known_by_its_headings_whatever_its_name(tmp_path: Path) -> None:
    path = tmp_path / "export.txt"
    path.write_text(EXPORT, encoding="utf-16")
    assert read_review_file(path).outcomes[0].name == "Sleep"


# --- real files -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sample(reference_data: Path) -> Path:
    return reference_data / "revman" / "files" / "meta_Fleiss1993_CR.csv"


def test_every_value_of_the_sample_is_in_the_review(sample: Path) -> None:
    file = read_review_file(sample)
    lines = list(csv.DictReader(io.StringIO(sample.read_text(encoding="utf-8"))))
    found = {study.name: study for study in file.studies}
    compared = 0
    for outcome in file.outcomes:
        head, *rows = (line for line in lines if line["Outcome Number"] == outcome.number)
        assert head["Name"] == outcome.name
        for line, row in zip(rows, outcome.rows, strict=True):
            assert found[line["Name"]].id == row.study_id
            assert (found[line["Name"]].year, row.order) == (line["Year of study"], line["User defined order"])
        for line, numbers in [(head, outcome.stored), *((line, {**row.data, **row.stored}) for line, row in
                                                        zip(rows, outcome.rows, strict=True))]:  # fmt: skip
            for heading, name in (*DATA.items(), *RESULTS.items()):
                if name in numbers:
                    assert numbers[name] == float(line[heading])
                    compared += 1
                else:  # what does not apply to the kind of data is 0
                    assert line.get(heading, "") in ("", "0")
    assert compared == 2 * 18 + 12 * 5 + 7 * 4 + 5 * 6  # results of analyses and of rows, counts, means


def test_the_sample_agrees_with_our_own_results_and_is_written_as_it_was(sample: Path) -> None:
    file = read_review_file(sample)
    checked = verify(file)
    assert (checked.outcomes.agree, checked.outcomes.total) == (2, 2)
    assert checked.values.agree == checked.values.total >= 100
    assert revman_csv.write(file) == sample.read_bytes()


@pytest.mark.parametrize("number", ["1", ""])
def test_analyses_of_one_number_stay_two(number: str) -> None:
    outcomes = [with_results(replace(made.dichotomous(m), id=f"CMP-001.{m}", number=number)) for m in ("RR", "OR")]
    assert [len(one.all_rows) for one in again(made.file_of(*outcomes)).outcomes] == [
        len(one.all_rows) for one in outcomes
    ]


def test_real_reviews_written_as_csv_agree_with_our_own_results(reference_data: Path) -> None:
    for name in ("iebh_antibiotics_a", "tBNMA_CD003188StatsDataOnly", "tBNMA_CD010590StatsDataOnly"):
        file = read_review_file(reference_data / "revman" / "files" / f"{name}.rm5")
        back = again(file)
        for before, after in zip(file.outcomes, back.outcomes, strict=True):
            for one, other in zip(before.all_rows, after.all_rows, strict=True):
                assert one.study_id == other.study_id
                assert other.data == pytest.approx(dict(one.data), rel=1e-14)
                if one.estimable:
                    for key in ("effect_size", "ci_start", "ci_end", "weight"):
                        assert other.stored[key] == pytest.approx(one.stored[key], abs=0.51e-8), (name, before.id)
        checked = verify(back)
        assert checked.matches, (name, checked.differences[:3])
        assert checked.outcomes.total == len(file.outcomes)


def test_no_real_export_of_references_is_taken_for_a_review(reference_data: Path) -> None:
    taken = [path.name for path in (reference_data / "references" / "samples").iterdir() if recognised(path)]
    assert taken == []
