"""Tables of studies read by what somebody says their columns mean."""

from __future__ import annotations

import io
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InputError
from core.interchange.cells import NoNumber, Numbers, decimal_of
from core.interchange.guessing import joined
from core.interchange.mapping import TARGETS, Columns, apply, guess, lacking, read_sheet, recognise
from core.interchange.model import DataKind, ReviewFile, RobLevel
from core.references.sheets import Sheet, sheet_of

POINT, COMMA = Numbers("."), Numbers(",")


def sheet(*lines: str, name: str = "table.csv") -> Sheet:
    return sheet_of("\n".join(lines).encode(), name)


def rows_of(file: ReviewFile) -> list[tuple[str, dict[str, float]]]:
    """All rows of all analyses: study and the numbers that are there."""
    return [
        (row.study_id.removeprefix("STD-"), {name: value for name, value in row.data.items() if value is not None})
        for outcome in file.outcomes
        for row in outcome.all_rows
    ]


# --- cells -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reader", "cell", "value"),
    [
        (POINT, "1,234.5", 1234.5),
        (POINT, "1 234", 1234.0),
        (POINT, "1\u202f234", 1234.0),
        (POINT, "1'234", 1234.0),
        (POINT, "12 (34%)", 12.0),
        (POINT, "\u22123.5", -3.5),
        (POINT, "2.1e-3", 0.0021),
        (POINT, "0·7", 0.7),
        (POINT, ".5", 0.5),
        (COMMA, "1.234,5", 1234.5),
        (COMMA, "3,5", 3.5),
        (POINT, "NR", None),
        (POINT, "not reported", None),
        (POINT, "—", None),
        (POINT, "", None),
    ],
)
def test_numbers(reader: Numbers, cell: str, value: float | None) -> None:
    assert reader.number(cell) == value


@pytest.mark.parametrize(
    ("reader", "cell"), [(POINT, "1,5"), (POINT, "12/34"), (POINT, "abc"), (POINT, "1,23,4"), (COMMA, "1.5")]
)
def test_a_number_that_could_be_misread_is_refused(reader: Numbers, cell: str) -> None:
    with pytest.raises(NoNumber):
        reader.number(cell)


def test_two_numbers_in_one_cell() -> None:
    assert [POINT.share(cell) for cell in ("12/34", "12 of 34", "12 / 34 (35%)", "NR")] == [(12, 34)] * 3 + [None]
    assert [POINT.spread(cell) for cell in ("5.2 (1.1)", "5.2 ± 1.1", "5.2 [1.1]", "5.2 (SD 1.1)")] == [(5.2, 1.1)] * 4
    ends = [POINT.interval(cell) for cell in ("0.5 to 0.9", "[0.5; 0.9]", "(0.5, 0.9)", "0.5-0.9", "0.5–0.9")]
    assert ends == [(0.5, 0.9)] * 5
    assert POINT.interval("-0.9 to -0.5") == (-0.9, -0.5)
    assert COMMA.interval("0,5-0,9") == (0.5, 0.9)
    assert POINT.estimate("0.7 (95% CI 0.5 to 0.9)") == POINT.estimate("0.7 [0.5, 0.9]") == (0.7, 0.5, 0.9)
    for read in (POINT.share, POINT.spread, POINT.interval, POINT.estimate):
        with pytest.raises(NoNumber):
            read("7")


@given(st.floats(-1e6, 1e6).map(lambda value: round(value, 4)), st.sampled_from(".,"))
def test_every_number_written_is_read_back(value: float, decimal: str) -> None:
    text = f"{value:,.4f}".translate(str.maketrans(",.", ".," if decimal == "," else ",."))
    assert Numbers(decimal).number(text) == value


@given(st.text(max_size=30), st.sampled_from(".,"))
def test_any_cell_is_read_or_refused(cell: str, decimal: str) -> None:
    reader = Numbers(decimal)
    for read in (reader.number, reader.share, reader.spread, reader.interval, reader.estimate):
        with suppress(NoNumber):
            read(cell)


def test_the_decimal_sign_is_what_more_cells_need() -> None:
    assert decimal_of(["1,5", "3,25", "100"]) == ","
    assert decimal_of(["1,234", "5.2"]) == decimal_of(["1,234"]) == decimal_of([]) == "."
    assert decimal_of(["0,5-0,9"]) == ","


# --- what columns mean -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "targets"),
    [
        (
            ("Study,Year,Events (treatment),N (treatment),Events (control),N (control)", "A,2001,5,50,9,51"),
            ("study", "year", "events_1", "total_1", "events_2", "total_2"),
        ),
        (("trial,ai,n1i,ci,n2i", "A,4,123,11,139"), ("study", "events_1", "total_1", "events_2", "total_2")),
        (("studlab,event.e,n.e,event.c,n.c", "A,4,12,1,13"), ("study", "events_1", "total_1", "events_2", "total_2")),
        (("Author;Intervention;Control", "A;12/34;10/33"), ("study", "events_total_1", "events_total_2")),
        (("Study,Arm,Mean (SD),N", "A,x,5.2 (1.1),20"), ("study", "arm", "mean_sd", "total")),
        (("Study,Mean1,SD1,N1,Mean2,SD2,N2", "A,1,2,3,4,5,6"),
         ("study", "mean_1", "sd_1", "total_1", "mean_2", "sd_2", "total_2")),
        (("studlab,TE,seTE", "A,-.3,.1"), ("study", "estimate", "se")),
        (("study,HR,lower 95% CI,upper 95% CI", "A,.7,.5,.9"), ("study", "ratio", "ci_start", "ci_end")),
        (("study,OR (95% CI)", "A,0.7 (0.5 to 0.9)"), ("study", "ratio_ci")),
        (("Study,Randomisation,Char: Country,Hat", "A,Low,Chile,x"), ("study", "rob_judgement", "characteristic", "")),
        (("Study,Domain,Judgement,Support", "A,Blinding,Low,x"), ("study", "rob_domain", "rob_level", "rob_reason")),
    ],
)  # fmt: skip
def test_the_guess(lines: tuple[str, ...], targets: tuple[str, ...]) -> None:
    assert guess(sheet(*lines)).targets == targets


def test_the_guess_finds_heading_decimal_sign_and_level() -> None:
    found = guess(sheet("Table 2;;", "Study;OR;90% CI", "A;0,7;0,5-0,9", "B;1,2;0,9-1,5"))
    assert (found.targets, found.heading, found.decimal, found.level) == (("study", "ratio", "ci"), 1, ",", 0.9)


def test_what_is_lacking_is_said() -> None:
    def said(*targets: str) -> list[str]:
        return list(map(str, lacking(Columns(targets))))

    assert said("study", "estimate", "se") == []
    assert "names the study" in said("", "estimate")[0]
    assert "Two columns" in said("study", "se", "se", "estimate")[0]
    assert "names the arm" in said("study", "events", "total")[0]
    assert "one more column" in said("study", "year")[0]
    assert said("study", "rob_judgement", "rob_judgement") == []


# --- reading ---------------------------------------------------------------------------------------------------------


def test_counts_of_both_groups() -> None:
    table = sheet("Study,events_1,total_1,events_2,total_2", 'A 2001,5,50,"1,001","2,000"', "B,NR,40,8,40", ",1,2,3,4")
    file = apply(table, Columns(("study", "events_1", "total_1", "events_2", "total_2")))
    assert rows_of(file) == [("A-2001", {"events_1": 5, "total_1": 50, "events_2": 1001, "total_2": 2000})]
    assert [study.name for study in file.studies] == ["A 2001", "B"]
    (outcome,) = file.outcomes
    assert (outcome.kind, outcome.measure, outcome.method) == (DataKind.DICHOTOMOUS, "RR", "MH")
    where = [remark.where for remark in file.remarks]
    assert where == ["table.csv, row 4", "table.csv, row 3"]
    assert not any(remark.kept for remark in file.remarks)


def test_arms_are_paired_with_the_control_whatever_their_order() -> None:
    file = apply(
        table := sheet(
            "Study;Outcome;Arm;Mean;SD;N",
            "A;Pain;Drug;3,5;1,2;50",
            "A;Pain;Placebo;4,5;1,3;51",
            "B;Pain;Placebo;4,1;1,3;40",
            "B;Pain;Drug;3,1;1,4;41",
            "C;Pain;Drug;3,1;1,4;41",
        ),
        guess(table),
    )
    assert [(item.name, [o.name for o in item.outcomes]) for item in file.comparisons] == [
        ("Drug versus Placebo", ["Pain"])
    ]
    assert rows_of(file) == [
        ("A", {"mean_1": 3.5, "sd_1": 1.2, "total_1": 50, "mean_2": 4.5, "sd_2": 1.3, "total_2": 51}),
        ("B", {"mean_1": 3.1, "sd_1": 1.4, "total_1": 41, "mean_2": 4.1, "sd_2": 1.3, "total_2": 40}),
    ]
    assert "one arm only" in str(file.remarks[0].what)


def test_three_arms_make_two_comparisons_with_the_control() -> None:
    table = sheet("Study,Arm,Events,Total", "A,Low dose,1,10", "A,High dose,2,11", "A,Usual care,3,12")
    file = apply(table, guess(table))
    assert [item.name for item in file.comparisons] == ["Low dose versus Usual care", "High dose versus Usual care"]
    assert [numbers["events_2"] for _, numbers in rows_of(file)] == [3, 3]


def test_estimates_of_every_form_come_to_the_scale_of_analysis() -> None:
    ratio = apply(table := sheet("study,HR,lower 95% CI,upper 95% CI", "A,0.5,0.25,1.0"), guess(table))
    ((_, numbers),) = rows_of(ratio)
    assert numbers["estimate"] == pytest.approx(-0.693147, abs=1e-6)
    assert numbers["se"] == pytest.approx(1.386294 / 3.919928, abs=1e-6)
    (outcome,) = ratio.outcomes
    assert (outcome.measure, outcome.effect_label, outcome.kind) == ("GENLOG", "Hazard Ratio", DataKind.GENERIC)
    both = apply(table := sheet("study,HR (95% CI)", "A,0.5 (0.25 to 1.0)"), guess(table))
    assert rows_of(both)[0][1] == pytest.approx(numbers)
    logs = apply(table := sheet("study,logHR,vi", "A,-0.3,0.04"), guess(table))
    assert rows_of(logs) == [("A", {"estimate": -0.3, "se": 0.2})]
    assert logs.outcomes[0].measure == "GENLOG"
    difference = apply(table := sheet("study,MD,SE", "A,-0.3,0.2"), guess(table))
    assert (difference.outcomes[0].measure, difference.outcomes[0].effect_label) == ("GEN", "Mean Difference")


def test_outcomes_times_and_subgroups_are_told_apart() -> None:
    table = sheet(
        "study,outcome,time point,subgroup,ai,n1i,ci,n2i",
        "A,Death,6 wk,Adults,1,10,2,10", "B,Death,6 wk,Children,1,10,2,10", "A,Death,1 y,,1,10,2,10",
    )  # fmt: skip
    file = apply(table, guess(table))
    assert [(o.name, [g.name for g in o.subgroups], len(o.rows)) for o in file.outcomes] == [
        ("Death (6 wk)", ["Adults", "Children"], 0),
        ("Death (1 y)", [], 1),
    ]


def test_a_study_twice_in_one_analysis_is_told() -> None:
    table = sheet("study,ai,n1i,ci,n2i", "A,1,10,2,10", "A,3,10,4,10")
    file = apply(table, guess(table))
    assert len(rows_of(file)) == 1
    assert "stands twice" in str(file.remarks[0].what)


def test_risk_of_bias_and_characteristics() -> None:
    table = sheet(
        "Study,Allocation concealment (judgement),Allocation concealment (support),Char: Country,DOI",
        "A,Low risk,Sealed envelopes,Chile,10.1/x", "B,Some concerns,,,",
    )  # fmt: skip
    file = apply(table, guess(table))
    (domain,) = file.risk_of_bias
    assert domain.name == "Allocation concealment"
    assert [(j.level, j.support, j.word) for j in domain.judgements] == [
        (RobLevel.LOW, "Sealed envelopes", ""),
        (None, "", "Some concerns"),
    ]
    assert [(one.label, one.text) for one in file.studies[0].characteristics] == [("Country", "Chile")]
    assert file.studies[0].identifiers[0].value == "10.1/x"
    assert file.comparisons == ()


@pytest.mark.parametrize(
    ("row", "column", "says"),
    [
        ("A,1,10,x,10", "ci", "no number"),
        ("A,11,10,2,10", "ai", "more events than people"),
        ("A,-1,10,2,10", "ai", "below zero"),
        ('A,1,10,"2,5",10', "ci", "decimal sign"),
    ],
)
def test_a_refusal_names_row_and_column(row: str, column: str, says: str) -> None:
    table = sheet("study,ai,n1i,ci,n2i", "Z,1,10,2,10", row)
    with pytest.raises(InputError, match=rf"row 3, column “{column}”.*{says}"):
        apply(table, Columns(("study", "events_1", "total_1", "events_2", "total_2")))


def test_a_ratio_below_zero_and_missing_meanings_are_refused() -> None:
    table = sheet("study,OR,se", "A,-1,0.5")
    with pytest.raises(InputError, match="row 2: A ratio and its interval are above zero"):
        apply(table, Columns(("study", "ratio", "se")))
    with pytest.raises(InputError, match="names the study"):
        apply(table, Columns(("", "ratio", "se")))


CELLS = st.sampled_from(["A", "B", "5", "10", "1.5", "NR", "", "3/4", "5 (1)", "Low", "0.5 to 0.9", "-2"])


@given(
    st.lists(st.lists(CELLS, min_size=4, max_size=4), min_size=2, max_size=5),
    st.lists(st.sampled_from(["", *TARGETS]), min_size=3, max_size=3),
)
def test_any_table_with_any_meaning_is_read_or_refused(body: list[list[str]], targets: list[str]) -> None:
    text = "\n".join(",".join(("S", *row[1:])) for row in [["study", "x", "y", "z"], *body])
    table = sheet(*text.split("\n"))
    columns = Columns(("study", *targets))
    try:
        file = apply(table, columns)
    except InputError:
        return
    known = {study.id for study in file.studies}
    assert {row.study_id for outcome in file.outcomes for row in outcome.all_rows} <= known


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=2, max_size=5))
def test_any_table_can_be_guessed_at(rows: list[list[str]]) -> None:
    if sum(any(row) for row in rows) < 2 or sum(any(column) for column in zip(*rows, strict=True)) < 2:
        return
    table = sheet(*(",".join(row) for row in rows))
    found = guess(table)
    assert len(found.targets) == table.width
    assert all(found.targets.count(one) == 1 or TARGETS[one].many for one in found.targets if one)


# --- sheets ----------------------------------------------------------------------------------------------------------


def test_separators_quotes_and_workbooks() -> None:
    assert sheet("a;b", '"x;1";2').rows == (("a", "b"), ("x;1", "2"))
    assert sheet("a\tb", "1,5\t2").rows == (("a", "b"), ("1,5", "2"))
    assert sheet("a,b", "", "1,2,3").numbers == (1, 3)
    assert sheet("a,b", "", "1,2,3").rows == (("a", "b", ""), ("1", "2", "3"))
    from openpyxl import Workbook

    book = Workbook()
    page = book.create_sheet("data")
    page.append(["study", "mean", "n"])
    page.append(["A", 3.5, 20])
    out = io.BytesIO()
    book.save(out)
    assert sheet_of(out.getvalue(), "t.xlsx").rows == (("study", "mean", "n"), ("A", "3.5", "20"))


@pytest.mark.parametrize("data", [b"", b"only one line", b"a\nb\nc", b"%PDF-1.4 x"])
def test_what_is_no_table_is_refused(data: bytes) -> None:
    with pytest.raises(InputError):
        sheet_of(data, "t.csv")


def test_columns_left_out_are_told() -> None:
    table = sheet("study,ai,n1i,ci,n2i,hat", "A,1,10,2,10,x")
    columns = replace(guess(table), targets=("study", "events_1", "total_1", "events_2", "total_2", ""))
    assert "“hat” was not read" in str(apply(table, columns).remarks[0].what)


# --- tables as people make them --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("judgement", "support", "domain"),
    [
        ("Random sequence", "Random sequence support", "Random sequence"),
        ("Blinding Judgement", "Blinding Supporting text", "Blinding"),
        ("D1 - judgement", "D1 - support for judgement", "D1"),
        ("Allocation", "Support", "Allocation"),
    ],
)
def test_support_is_found_beside_its_judgement(judgement: str, support: str, domain: str) -> None:
    table = sheet(f"Study,{judgement},{support}", "Asher 2001,Low risk,envelopes", "Birk 2002,High risk,open list")
    columns = replace(guess(table), targets=("study", "rob_judgement", "rob_support"))
    file = apply(table, columns)
    assert [(one.name, one.judgements[0].support) for one in file.risk_of_bias] == [(domain, "envelopes")]
    assert file.remarks == ()


def test_support_of_no_judgement_is_listed() -> None:
    table = sheet("Study,Support,Mean age", "Asher 2001,envelopes,40", "Birk 2002,open list,41")
    file = apply(table, Columns(("study", "rob_support", "characteristic")))
    assert [str(one.what) for one in file.remarks] == ["The column “Support” was not read."]


def test_a_comment_on_a_study_without_numbers_is_kept() -> None:
    table = sheet("Study,Allocation,Comment", "Asher 2001,Low risk,said so", "Birk 2002,High risk,")
    assert apply(table, guess(table)).studies[0].footnotes == "said so"


def test_two_rows_of_headings_are_joined(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    page = book.active
    assert page is not None
    for row in (
        ["What we extracted", None, None, None, None, None, None],
        [None] * 7,
        ["Study ID", "Outcome", "Intervention", None, None, "Control", None],
        [None, None, "Events", "Total", None, "Events", "Total"],
        ["Asher 2001", "Death", 5, 50, None, 9, 51],
        ["Birk 2002", "Death", 3, 40, None, 8, 40],
    ):
        page.append(row)
    page.merge_cells("A1:G1")
    page.merge_cells("C3:D3")
    page.merge_cells("F3:G3")
    path = tmp_path / "extraction.xlsx"
    book.save(path)
    assert recognise(path)
    table = read_sheet(path)
    columns = guess(table)
    assert columns.targets == ("study", "outcome", "events_1", "total_1", "events_2", "total_2")
    assert table.rows[columns.heading][4] == "Control Events"
    assert table.numbers[columns.heading + 1] == 5
    assert rows_of(apply(table, columns))[1] == (
        "Birk-2002",
        {"events_1": 3, "total_1": 40, "events_2": 8, "total_2": 40},
    )


def test_a_row_of_data_with_gaps_above_is_no_heading() -> None:
    table = sheet("Study,Outcome,,Country", "Asher 2001,Death,total,UK", "Birk 2002,Death,x,US")
    assert joined(table) == table


def test_the_consensus_of_covidence_goes_before_what_single_reviewers_extracted() -> None:
    table = sheet(
        "Covidence #,Study ID,Reviewer Name,ai,n1i,ci,n2i",
        "1,Asher 2001,Asha Menon,4,50,9,51",
        "1,Asher 2001,Consensus,5,50,9,51",
        "2,Birk 2002,Asha Menon,3,40,8,40",
    )
    file = apply(table, guess(table))
    assert [(study, numbers["events_1"]) for study, numbers in rows_of(file)] == [("Asher-2001", 5), ("Birk-2002", 3)]
    assert "lines of single reviewers (1) were left out" in str(file.remarks[0].what)


def test_headings_in_german_are_known() -> None:
    table = sheet(
        "Studie;Ereignisse Intervention;N Intervention;Ereignisse Kontrolle;N Kontrolle", "A;5;50;9;51", "B;3;40;8;40"
    )
    assert guess(table).targets == ("study", "events_1", "total_1", "events_2", "total_2")


def test_columns_without_anything_are_no_columns() -> None:
    table = sheet("Study,,Outcome,,", "A,,Death,,", ",,,,", "B,,Death,,")
    assert table.rows == (("Study", "Outcome"), ("A", "Death"), ("B", "Death"))
    assert table.numbers == (1, 2, 4)
