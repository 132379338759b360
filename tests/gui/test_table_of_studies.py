"""A table of studies opened in the window: its columns are described, then it arrives like any other review."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gui.dropping import sort_files
from gui.main_window import MainWindow
from gui.revman.arrival_page import ArrivalPage
from gui.revman.work import reviews_among
from gui.widgets.column_meanings import ColumnMeanings
from tests.gui.conftest import MakeWindow

TABLE = "Study,Outcome,ai,n1i,ci,n2i,Hat\nAsher 2001,Death,5,50,9,51,x\nBirk 2002,Death,3,40,8,40,y\n"


def opened(make_window: MakeWindow, path: Path, qtbot: QtBot) -> tuple[MainWindow, ArrivalPage, ColumnMeanings]:
    window = make_window()
    window.open_review(path)
    page = window.arrival.page
    assert page is not None
    qtbot.waitUntil(lambda: page.columns is not None, timeout=30_000)
    assert page.columns is not None
    return window, page, page.columns


def choose(panel: ColumnMeanings, column: int, key: str) -> None:
    panel.combos[column].set_value(key)
    panel.combos[column].activated.emit(panel.combos[column].currentIndex())


def test_its_columns_are_described_and_it_arrives(make_window: MakeWindow, tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "studies.csv"
    path.write_text(TABLE, encoding="utf-8")
    _, page, panel = opened(make_window, path, qtbot)
    assert panel.keys() == ("study", "outcome", "events_1", "total_1", "events_2", "total_2", "")
    assert panel.outcome.text() == "2 studies, 1 analysis, 2 rows of data."
    choose(panel, 0, "")
    assert not panel.accept.isEnabled()
    assert "names the study" in panel.outcome.text()
    choose(panel, 0, "study")
    choose(panel, 6, "characteristic")
    qtbot.mouseClick(panel.accept, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(page.open.isEnabled, timeout=30_000)
    assert page.contents.isVisible()
    assert page.form.isVisible()


def test_a_cell_that_cannot_be_read_is_named_and_escape_leaves(
    make_window: MakeWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "studies.csv"
    path.write_text(TABLE.replace("3,40", "3,few").replace("5,50", "5,fifty"), encoding="utf-8")
    table = path.read_text(encoding="utf-8")
    path.write_text(table + "".join(f"S{n},Death,1,10,2,10,z\n" for n in range(9)), encoding="utf-8")
    window, _, panel = opened(make_window, path, qtbot)
    assert not panel.accept.isEnabled()
    assert "row 2, column “n1i”" in panel.outcome.text()
    qtbot.keyClick(panel.combos[0], Qt.Key.Key_Escape)
    assert window.arrival.page is None


def test_only_a_table_of_studies_is_taken_for_one(tmp_path: Path) -> None:
    files = {
        "studies.csv": TABLE,
        "references.csv": "Title,Authors,Year\nKetamine,Okafor N,2019\n",
        "unknown.csv": "Werk,Wer\nKetamine,Okafor N\n",
        "search.txt": "TY  - JOUR\nTI  - A\nER  - \n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    sorted_by_name = sort_files([tmp_path / name for name in files])
    found = sorted_by_name.with_reviews(reviews_among(sorted_by_name.tables))
    assert [path.name for path in found.reviews] == ["studies.csv"]
    assert [path.name for path in found.references] == ["references.csv", "unknown.csv", "search.txt"]
    assert found.others == ()


def test_of_a_long_table_it_is_said_how_much_was_looked_at_and_a_refusal_goes_when_it_is_read(
    make_window: MakeWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "studies.csv"
    path.write_text(TABLE + "".join(f"S{n},Death,1,10,2,10,z\n" for n in range(998)), encoding="utf-8")
    path.write_text(path.read_text(encoding="utf-8").replace("S900,Death,1", "S900,Death,one"), encoding="utf-8")
    _, page, panel = opened(make_window, path, qtbot)
    assert panel.outcome.text() == "199 studies, 1 analysis, 199 rows of data in the first 199 of 1,000 rows."
    qtbot.mouseClick(panel.accept, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(page.messages.messages()), timeout=30_000)
    assert "row 904" in page.messages.messages()[0].text()
    assert panel.isEnabled()
    choose(panel, 2, "")
    choose(panel, 6, "characteristic")
    qtbot.mouseClick(panel.accept, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(page.open.isEnabled, timeout=30_000)
    assert page.messages.messages() == []


def test_a_table_whose_headings_say_nothing_is_asked_about_when_it_is_opened(
    make_window: MakeWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "studies.csv"
    path.write_text("Quelle,A,B,C,D\nAsher 2001,5,50,9,51\nBirk 2002,3,40,8,40\n", encoding="utf-8")
    _, page, panel = opened(make_window, path, qtbot)
    assert not panel.accept.isEnabled()
    for n, key in enumerate(("study", "events_1", "total_1", "events_2", "total_2")):
        choose(panel, n, key)
    assert panel.outcome.text() == "2 studies, 1 analysis, 2 rows of data."
    qtbot.mouseClick(panel.accept, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(page.open.isEnabled, timeout=30_000)


def test_a_list_of_references_that_is_opened_is_refused(make_window: MakeWindow, tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "references.csv"
    path.write_text("Title,Authors,Year\nKetamine,Okafor N,2019\n", encoding="utf-8")
    window = make_window()
    window.open_review(path)
    page = window.arrival.page
    assert page is not None
    qtbot.waitUntil(lambda: page.failed, timeout=30_000)
    assert "in no format that Copse can open as a review" in page.refusal()
    assert page.columns is None
