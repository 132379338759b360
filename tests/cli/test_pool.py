"""`pool`: a table in, a meta-analysis out; what is wrong with the table is said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from core.cli import main
from core.pooling import MEASURES, Measure

SAD = "study,group,ai,n1i,ci,n2i\nGlue 2017,SAD,8,12,0,12\nTaylor 2018,SAD,6,18,0,17\n"
PTSD_ONE = "study,ai,n1i,ci,n2i\nPradhan 2017,5,5,5,5\n"
PTSD = "Feder 2014,PTSD,9,22,4,19\nDadabayev 2020,PTSD,4,11,3,10\nPradhan 2017,PTSD,5,5,5,5\n"


def table(folder: Path, text: str) -> str:
    path = folder / "data.csv"
    path.write_text(text, encoding="utf-8")
    return str(path)


def pool_json(path: str, *options: str, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    assert main(["pool", path, *options, "--json", "-"]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_published_result_from_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = pool_json(
        table(tmp_path, SAD + PTSD), "--measure", "OR", "--compat", "revman5", "--subgroup", "group", capsys=capsys
    )
    results = [
        (r["subgroup"], r["k"], f"{r['estimate']:.2f} [{r['ci_lower']:.2f}, {r['ci_upper']:.2f}]")
        for r in found["results"]
    ]
    assert results == [
        ("SAD", 2, "28.94 [3.45, 242.57]"),
        ("PTSD", 2, "2.03 [0.67, 6.15]"),
        (None, 4, "4.73 [1.10, 20.22]"),
    ]
    assert found["settings"]["method"] == "MH"
    assert found["subgroup_differences"]["df"] == 1
    pradhan = found["studies"][-1]
    assert (pradhan["estimate"], pradhan["weight"]) == (None, None)
    assert "every participant" in pradhan["not_estimable"]


def test_text_figure_and_json_in_one_go(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    figure, numbers = tmp_path / "forest.svg", tmp_path / "out" / "results.json"
    path = table(tmp_path, SAD)
    arguments = ["--measure", "OR", "--compat", "revman5", "--forest", str(figure), "--json", str(numbers)]
    assert main(["pool", path, *arguments]) == 0
    out = capsys.readouterr().out
    assert "28.9364 [3.4518, 242.5742]" in out
    assert "Test for overall effect: Z = 3.10 (P = 0.002)" in out
    assert "28.94 [3.45, 242.57]" in figure.read_text(encoding="utf-8")
    assert json.loads(numbers.read_text(encoding="utf-8"))["results"][0]["k"] == 2


@pytest.mark.parametrize(
    ("options", "method", "model", "tau2", "ci"),
    [
        ((), "IV", "random", "REML", "handbook"),
        (("--model", "common"), "IV", "common", None, "wald"),
        (("--method", "Peto"), "Peto", "common", None, "wald"),
        (("--method", "MH"), "MH", "common", None, "wald"),
        (("--tau2", "DL", "--ci", "hksj"), "IV", "random", "DL", "hksj"),
    ],
)
def test_settings_fill_in_what_was_not_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, ...], method: str, model: str,
    tau2: str | None, ci: str,
) -> None:  # fmt: skip
    settings = pool_json(table(tmp_path, SAD), "--measure", "OR", *options, capsys=capsys)["settings"]
    assert (settings["method"], settings["model"], settings["tau2"], settings["ci"]) == (method, model, tau2, ci)


# Three studies by metafor's names of columns; every measure takes those that it needs.
CELLS = {
    "ai": (8, 6, 9), "bi": (12, 12, 13), "n1i": (20, 18, 22), "ci": (3, 2, 4), "di": (17, 15, 15), "n2i": (20, 17, 19),
    "m1i": (10, 11, 9), "sd1i": (4, 5, 4), "m2i": (14, 13, 12), "sd2i": (4, 4, 5), "x1i": (5, 8, 3), "x2i": (9, 12, 6),
    "t1i": (100, 150, 80), "t2i": (110, 140, 90), "xi": (5, 8, 3), "ti": (20, 30, 40), "ni": (30, 40, 35),
    "ri": (0.3, 0.5, 0.2), "mi": (10, 12, 9), "sdi": (3, 4, 2), "yi": (0.4, 0.1, 0.6), "sei": (0.2, 0.3, 0.25),
    "oei": (2.5, 1.5, -0.5), "vi": (4, 3, 5),
}  # fmt: skip


@pytest.mark.parametrize("measure", MEASURES, ids=lambda m: m.key)
def test_every_measure_can_be_pooled_and_drawn(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], measure: Measure
) -> None:
    names = [column.key for column in measure.columns]
    lines = [names, *(map(str, row) for row in zip(*(CELLS[name] for name in names), strict=True))]
    path = table(tmp_path, "\n".join(map(",".join, lines)))
    figure = tmp_path / "forest.svg"
    found = pool_json(path, "--measure", measure.key, "--forest", str(figure), capsys=capsys)
    (line,) = found["results"]
    assert line["k"] == 3
    assert line["ci_lower"] < line["estimate"] < line["ci_upper"]
    assert f"{line['estimate']:.2f} [{line['ci_lower']:.2f}, {line['ci_upper']:.2f}]" in figure.read_text("utf-8")


def test_other_forms_of_the_columns_are_taken(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cells = pool_json(table(tmp_path, "ai,bi,ci,di\n8,12,3,17\n6,12,2,15\n"), "--measure", "OR", capsys=capsys)
    totals = pool_json(table(tmp_path, "ai,n1i,ci,n2i\n8,20,3,20\n6,18,2,17\n"), "--measure", "OR", capsys=capsys)
    assert cells["results"] == totals["results"]


@pytest.mark.parametrize(
    ("text", "options", "words"),
    [
        (SAD.replace("8,12", "13,12"), (), "Glue 2017, experimental group: More events (13) than participants (12)"),
        (SAD.replace("8,12", "eight,12"), (), "Glue 2017: “eight” in the column ai is not a number"),
        ("study,x\nA,1\n", (), "none of the columns that odds ratio needs: ai, n1i, ci, n2i. It has: study, x"),
        ("ai,n1i,ci\n1,2,3\n", (), "Odds ratio needs n2i as well"),
        ("", (), "is not a table"),
        ("ai,ai\n1,2\n", (), "names every column once"),
        ("ai,n1i,ci,n2i\n1,2\n", (), "as many cells in every line"),
        (SAD, ("--subgroup", "phase"), "no column phase. It has: study, group"),
        (SAD, ("--tau2", "magic"), "magic"),
        (SAD, ("--measure", "XX"), "no effect measure XX"),
        (SAD, ("--method", "MH", "--model", "random"), "It exists under RevMan 5's conventions"),
        (SAD, ("--cumulative", "phase"), "no column phase"),
        (SAD, ("--moderators", "group", "--categorical", "phase"), "phase should be categorical, but is no moderator"),
        (SAD + PTSD, ("--moderators", "group", "--at", "SAD"), "“SAD” does not say at what to predict"),
        (SAD, ("--common-tau2",), "name their column with --subgroup"),
        (SAD, ("--gosh", "many"), "--gosh takes a number of subsets, not “many”"),
        (SAD, ("--selection", "--steps", "a,b"), "--steps takes numbers separated by commas"),
        (SAD, ("--forest", "plot.docx"), "A figure cannot be saved as 'docx'"),
    ],
)
def test_what_is_wrong_is_said_and_the_exit_code_is_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, options: tuple[str, ...], words: str
) -> None:
    assert main(["pool", table(tmp_path, text), "--measure", "OR", *options]) == 1
    told = capsys.readouterr()
    assert words in told.err
    assert told.out == ""


def test_a_file_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pool", str(tmp_path / "none.csv"), "--measure", "OR"]) == 1
    assert "none.csv cannot be read" in capsys.readouterr().err


def test_an_empty_cell_is_missing_not_zero(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = pool_json(table(tmp_path, SAD.replace("8,12,0,12", "8,12,,12")), "--measure", "OR", capsys=capsys)
    assert found["results"][0]["k"] == 1
    assert "Events of the control group is missing" in found["studies"][0]["not_estimable"]


def test_an_empty_subgroup_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = table(tmp_path, SAD.replace("Taylor 2018,SAD", "Taylor 2018,"))
    assert main(["pool", path, "--measure", "OR", "--subgroup", "group"]) == 1
    assert "Taylor 2018 belongs to no subgroup" in capsys.readouterr().err


def test_quotes_and_a_byte_order_mark_are_understood(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = table(tmp_path, "\ufeff" + SAD.replace("Glue 2017", '"Glue, 2017"'))
    assert pool_json(path, "--measure", "OR", capsys=capsys)["studies"][0]["study"] == "Glue, 2017"


def test_json_holds_what_is_not_defined_as_null(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = pool_json(table(tmp_path, PTSD_ONE), "--measure", "OR", capsys=capsys)
    (line,) = found["results"]
    assert (line["k"], line["estimate"], line["q"], line["tau2"], line["pi"]) == (0, None, None, None, None)
    assert (found["studies"][0]["estimate"], found["studies"][0]["weight"]) == (None, None)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ((), "with --measure or with --accuracy"),
        (("--measure", "OR", "--accuracy"), "with --measure or with --accuracy"),
        (("--accuracy", "--egger"), "--accuracy goes with"),
        (("--measure", "OR", "--side", "left"), "--side needs --trim-and-fill"),
        (("--measure", "OR", "--robust", "CR1"), "--robust needs --cluster"),
        (("--measure", "OR", "--permutations", "9"), "--permutations needs --moderators"),
    ],
)
def test_options_that_mean_nothing_are_wrong_usage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, ...], words: str
) -> None:
    assert main(["pool", table(tmp_path, SAD), *options]) == 2
    assert words in capsys.readouterr().err


def test_the_table_of_all_analyses_names_what_was_done_about_zero_cells(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["pool", table(tmp_path, SAD + PTSD), "--measure", "OR", "--compare"]) == 0
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    usual = "IV random REML handbook (hksj) 0.5 only0, drop00 current"
    assert f"{usual} 4.6369 [0.4076, 52.7527] 0.14 0.8716 42.8%" in lines
    assert any(line.startswith("MH common wald as they are current ") for line in lines)
    assert any(
        line.startswith("MH random DL wald 0.5 only0, drop00 revman5 4.7264 [1.1046, 20.2234]") for line in lines
    )
    assert any("not available for odds ratio under current conventions" in line for line in lines)


GERMAN = "Studie;ai;n1i;ci;n2i;Dosis\r\nMüller 2001;8;12;0;12;0,5\r\nGroß 2002;6;18;0;17;1,25\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_what_a_german_excel_writes_is_understood(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], encoding: str
) -> None:
    path = tmp_path / "deutsch.csv"
    path.write_bytes(GERMAN.encode(encoding))
    found = pool_json(str(path), "--measure", "OR", "--compat", "revman5", capsys=capsys)
    assert [each["study"] for each in found["studies"]] == ["Müller 2001", "Groß 2002"]
    assert f"{found['results'][0]['estimate']:.4f}" == "28.9364"


def test_decimal_commas_are_numbers_and_separators_of_thousands_are_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def pooled(text: str) -> list[float]:
        path = table(tmp_path, text)
        return [each["analysed"] for each in pool_json(path, "--measure", "GEN", capsys=capsys)["studies"]]

    assert pooled("yi;sei\n0,25;0,5\n\N{MINUS SIGN}1,5;1\n") == [0.25, -1.5]
    assert pooled("yi\tsei\n0,25\t0,5\n-1,5\t1\n") == [0.25, -1.5]
    assert pooled("yi;sei\n0.25;0.5\n-1.5;1\n") == [0.25, -1.5]
    for text, words in (
        ("yi;sei\n0,25;0,5\n1.200;1\n", "Study 2: “1.200” in the column yi has a point"),
        ("yi\tsei\n1,250\t1,000\n", "“1,250” in the column yi is not a number"),
        ("yi\tsei\n1_000\t1\n", "“1_000” in the column yi is not a number"),
    ):
        assert main(["pool", table(tmp_path, text), "--measure", "GEN"]) == 1
        assert words in capsys.readouterr().err


def test_columns_are_found_in_capitals_and_empty_ones_at_the_end_are_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = SAD.replace("study,group,ai,n1i,ci,n2i", "Study,Group,AI,N1I,CI,N2I").replace("\n", ",,\n")
    found = pool_json(table(tmp_path, text + ",,,,,,,\n"), "--measure", "OR", "--subgroup", "group", capsys=capsys)
    assert [(each["study"], each["subgroup"]) for each in found["studies"]] == [
        ("Glue 2017", "SAD"),
        ("Taylor 2018", "SAD"),
    ]


def test_the_first_sheet_of_a_workbook_is_a_table_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for line in (("Study", "yi", "sei", None), ("Müller 2001", -0.25, 0.1), ("Ng 2003", None, 0.2), ("Roe", 0.5, 1)):
        sheet.append(line)
    book.create_sheet("notes").append(("nothing",))
    book.save(tmp_path / "data.xlsx")
    assert main(["pool", str(tmp_path / "data.xlsx"), "--measure", "GEN", "--model", "common", "--json", "-"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [row["study"] for row in found["studies"]] == ["Müller 2001", "Ng 2003", "Roe"]
    assert found["results"][0]["estimate"] == pytest.approx((-0.25 / 0.01 + 0.5) / 101)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04" + bytes(40), "data.csv is not a table in text form, nor a workbook of Excel"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(40), "save the sheet as CSV (UTF-8)"),
        (b"study,yi,sei\nA,0.1\0,0.2\n", "data.csv is not a table: it is no text"),
        (b"\n \n", "data.csv is not a table: it is empty"),
        (b"yi,sei,yi\n1,2,3\n", "data.csv has more than one column yi"),
        (b"study,yi,sei\nA,1,2\nB,0,1,0,2\n", "data.csv, line 3 (B): 5 cells, but the header line names 3 columns"),
        (b'study,yi,sei\n"A"x,1,2\n', "line 2 has a quotation mark"),
        (b"study,yi,se\nA,1,2\n", "Generic effect needs sei as well. data.csv has the columns: study, yi, se."),
        (b"study,Yi,yI,sei\nA,1,1,2\n", "The table has no column yi, but Yi, yI. Name it exactly so."),
    ],
)
def test_a_file_that_is_no_table_says_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, words: str
) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes(content)
    assert main(["pool", str(path), "--measure", "GEN"]) == 1
    assert words in capsys.readouterr().err


def test_none_is_a_name_like_any_other_in_a_column_of_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = SAD.replace(",SAD,", ",none,")
    found = pool_json(table(tmp_path, text), "--measure", "OR", "--subgroup", "group", capsys=capsys)
    assert found["results"][0]["subgroup"] == "none"


def test_a_study_without_its_o_minus_e_is_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = pool_json(table(tmp_path, "study,oei,vi\nA,,5\nB,-3,4\nC,1,3\n"), "--measure", "O-E", capsys=capsys)
    (line,) = found["results"]
    assert line["k"] == 2
    assert line["analysed"]["estimate"] == pytest.approx((-3 + 1) / (4 + 3))
    assert [each["weight"] for each in found["studies"]] == [None, pytest.approx(400 / 7), pytest.approx(300 / 7)]


def test_settings_are_known_in_any_letters(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ("--measure", "or", "--tau2", "dl", "--ci", "HKSJ", "--method", "iv", "--pi", "T(K-2)")
    settings = pool_json(table(tmp_path, SAD), *options, capsys=capsys)["settings"]
    assert [settings[name] for name in ("tau2", "ci", "method", "pi")] == ["DL", "hksj", "IV", "t(k-2)"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--gosh", "1", "--gosh-seed", "-1"), "Random numbers start at a whole number from 0 on, not at -1"),
        (("--moderators", "ai", "--permutations", "9", "--seed", "-1"), "not at -1"),
        (("--pi", "no"), "Choose one of: t(k-1), t(k-2), z, none."),
    ],
)
def test_settings_that_cannot_be_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, ...], words: str
) -> None:
    more = "Feder 2014,PTSD,9,22,4,19\nDadabayev 2020,PTSD,4,11,3,10\n"
    assert main(["pool", table(tmp_path, SAD + more), "--measure", "RD", *options]) == 1
    assert words in capsys.readouterr().err


def test_very_small_and_very_large_effects_are_readable(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = table(tmp_path, "study,yi,sei\nA,0.00002,0.00001\n")
    assert main(["pool", path, "--measure", "GEN"]) == 0
    assert "All: 0.00002000 [0.00000040, 0.00003960], k = 1" in capsys.readouterr().out
    figure = tmp_path / "forest.svg"
    path = table(tmp_path, "study,yi,sei\nA,300,500\n")
    assert main(["pool", path, "--measure", "GENLOG", "--forest", str(figure)]) == 0
    assert "All: 1.942e+130 [0.0000, ∞], k = 1" in capsys.readouterr().out
    assert "1.942e+130 [0.00, ∞]" in figure.read_text(encoding="utf-8")


def test_studies_are_listed_below_their_subgroup(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pool", table(tmp_path, SAD + PTSD), "--measure", "OR", "--subgroup", "group"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("  ")[0] or line.split("  ")[1] for line in lines[2:9]] == [
        "SAD", "Glue 2017", "Taylor 2018", "PTSD", "Feder 2014", "Dadabayev 2020", "Pradhan 2017",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("measure", "options", "words"),
    [
        ("O-E", ("--method", "MH"), "not available for Peto odds ratio or hazard ratio from O - E under current"),
        (
            "ROM",
            ("--compat", "revman5"),
            "does not exist under RevMan 5's conventions (revman5). Choose current conventions.",
        ),
        ("OR", ("--glmm", "--compat", "revman5"), "these are Odds ratio under RevMan 5's."),
        ("OR", ("--moderators", ","), "--moderators names no column"),
    ],
)
def test_refusals_speak_of_conventions_as_people_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], measure: str, options: tuple[str, ...], words: str
) -> None:
    rows = "study,ai,n1i,ci,n2i,oei,vi,m1i,sd1i,m2i,sd2i\nA,8,12,1,12,1,2,3,1,2,1\nB,6,18,1,17,1,2,3,1,2,1\n"
    assert main(["pool", table(tmp_path, rows), "--measure", measure, *options]) == 1
    told = capsys.readouterr().err
    assert words in told
    assert "None" not in told


def test_an_interval_without_width_has_no_test(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = "".join(f"{name},{group},0.3,0.1\n" for name, group in zip("ABCD", "xyxy", strict=True))
    path = table(tmp_path, "study,g,yi,sei\n" + rows)
    for options in (("--tau2", "SJ", "--ci", "hksj"), ("--cluster", "g", "--robust", "CR2"), ("--moderators", "g")):
        assert main(["pool", path, "--measure", "GEN", *options]) == 0
        told = capsys.readouterr().out
        assert "no width" in told
        assert " inf" not in told


def test_the_estimator_is_named_where_it_was_a_choice(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def told(*options: str) -> str:
        assert main(["pool", table(tmp_path, SAD + PTSD), "--measure", "OR", *options]) == 0
        return capsys.readouterr().out

    assert "Tau² calculated by DerSimonian-Laird." in told("--tau2", "DL")
    assert "calculated" not in told("--compat", "revman5")
