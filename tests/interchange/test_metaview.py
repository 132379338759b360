"""MetaView files of RevMan 3 and 4."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import InputError
from core.interchange import metaview
from core.interchange.formats import read_review_file
from core.interchange.model import DataKind


def outcome(letter: str, number: int, name: str) -> str:
    labels = ("Favours tea", "Favours water", "Tea", "Water")
    return (
        f"2 {letter} 01 {number:02} Y 4 2 2 3 Y 01 ".ljust(25) + name.ljust(108) + "".join(x.ljust(21) for x in labels)
    )


def row(place: str, name: str, year: str, *numbers: float) -> str:
    cells = "".join(f"{value:8}" for value in numbers)
    return f"0 {place} {name:20}{year:>5}{cells}    3 A"


FILE = "\r\n".join(
    (
        "METAVIEW:Tea for sleep          ",
        "START DATA",
        "3 01 01 Tea versus water    ",
        outcome("D", 1, "Asleep after an hour"),
        "1 01 01 01 Adults   ",
        row("01 01 01", "Møller 1999b", "1999", 12, 40, 0.0, 0.0, 20, 41, 0.0, 0.0, 0.0, 0.0),
        outcome("C", 2, "Hours"),
        row("01 02 00", "Birke", "", 0, 33, 7.25, 1.5, 0, 30, 6.5, 1.75, 0.0, 0.0),
        outcome("P", 3, "Naps"),
        row("01 03 00", "Birke", "", 1, 33, 0.0, 0.0, 2, 30, 0.0, 0.0, -1.25, 2.5),
        "STUDIES:  2",
        "END DATA",
        "",
    )
)


def read(text: str = FILE) -> metaview.ReviewFile:
    return metaview.read_bytes(text.encode("cp1252"), "tea.mtv")


def test_analyses_and_rows_stand_where_their_numbers_say() -> None:
    file = read()
    assert file.title == "Tea for sleep"
    (comparison,) = file.comparisons
    assert comparison.name == "Tea versus water"
    asleep, hours, naps = comparison.outcomes
    assert (asleep.id, asleep.name, asleep.kind) == ("CMP-001.01", "Asleep after an hour", DataKind.DICHOTOMOUS)
    assert (asleep.group_labels, asleep.graph_labels) == (("Tea", "Water"), ("Favours tea", "Favours water"))
    (adults,) = asleep.subgroups
    assert (adults.id, adults.name) == ("CMP-001.01.01", "Adults")
    assert adults.rows[0].data == {"events_1": 12, "total_1": 40, "events_2": 20, "total_2": 41}
    assert adults.rows[0].order == "3"
    assert hours.rows[0].data["mean_1"] == 7.25
    assert (naps.kind, naps.rows[0].data["o_e"], naps.rows[0].data["var"]) == (DataKind.O_E, -1.25, 2.5)
    assert [(study.name, study.year) for study in file.studies] == [("Møller 1999b", "1999"), ("Birke", "")]
    assert any("names neither measure" in remark.what for remark in file.remarks)


def test_a_broken_line_is_refused_with_its_number() -> None:
    with pytest.raises(InputError, match="line 6"):
        read(FILE.replace("      20      41", "      20     4x1"))


def test_another_file_is_refused() -> None:
    with pytest.raises(InputError):
        metaview.read_bytes(b"Tea", "tea.mtv")


def test_the_real_file_holds_the_numbers_of_the_same_review_as_csv(reference_data: Path) -> None:
    files = reference_data / "revman" / "files"
    old, new = (read_review_file(files / name) for name in ("meta_FLEISS1993.MTV", "meta_Fleiss1993_CR.csv"))
    assert old.title == "Fleiss 1993"
    for one, other in zip(old.outcomes, new.outcomes, strict=True):
        assert one.kind is other.kind
        assert [(row.study_id, row.data) for row in one.rows] == [(row.study_id, row.data) for row in other.rows]
