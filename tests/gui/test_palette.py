"""The palette by real keys and clicks: what it offers, what it finds, where it leads, and where the focus is after."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from core.errors import FileProblem
from core.review import Session
from core.session.overview import OverviewPart
from gui.actions import conflicts
from gui.desk import Desk
from gui.main_window import MainWindow
from gui.pages import PAGES
from gui.pages.analysis.page import AnalysisPage
from gui.pages.extraction.page import ExtractionPage
from gui.pages.references.page import ReferencesPage
from gui.palette.entries import Entry
from gui.palette.matching import distance, marked
from gui.palette.palette import Palette
from gui.settings import Recent, Settings
from gui.theme import Theme
from tests.gui.conftest import MakeWindow
from tests.gui.layout_checks import faults
from tests.gui.probe_page import ProbePage
from tests.reviews import new_review, sessions
from tests.session.trials import add_outcome

CTRL = Qt.KeyboardModifier.ControlModifier


def desk_of(window: MainWindow) -> Desk:
    desk = window.desk()
    assert desk is not None
    return desk


def probe(window: MainWindow) -> ProbePage:
    page = desk_of(window).current_page()
    assert isinstance(page, ProbePage)
    return page


def call(window: MainWindow, qtbot: QtBot) -> Palette:
    """Press Ctrl+K where the focus is."""
    qtbot.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_K, CTRL)
    return shown(window)


def shown(window: MainWindow) -> Palette:
    palette = window.palette_shown()
    assert palette is not None
    return palette


def lines(palette: Palette) -> list[str]:
    """Headings in brackets, and entries."""
    model = palette.model
    found = (model.at(row) for row in range(model.rowCount()))
    return [line.text if isinstance(line, Entry) else f"[{line}]" for line in found]


def under(palette: Palette, heading: str) -> list[str]:
    """The entries under one heading."""
    all_lines = lines(palette)
    if f"[{heading}]" not in all_lines:
        return []
    rest = all_lines[all_lines.index(f"[{heading}]") + 1 :]
    end = next((n for n, line in enumerate(rest) if line.startswith("[")), len(rest))
    return rest[:end]


def chosen(palette: Palette) -> str:
    entry = palette.current()
    assert entry is not None
    return entry.text


def press(qtbot: QtBot, palette: Palette, *keys: Qt.Key) -> None:
    for key in keys:
        qtbot.keyClick(palette.field, key)


def at_rest(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: desk_of(window).workspace.runner.pending == 0)


# what it offers


@pytest.mark.parametrize(
    ("typed", "text", "far"),
    [
        ("undo", "Undo", 0),
        ("NEW REV", "New review", 1),
        ("rev new", "New review", 3),
        ("keys page", "Keys of this page", 2),
        ("kotp", "Keys of this page", 4),
        ("ktp", "Keys of this page", 4),
        ("rob", "Risk of bias", 4),
        ("rb", "Risk of bias", 4),
        ("uber", "Über ketamine", 1),
        ("view", "Review", None),
        ("k", "Of ketamine", 2),
        ("x", "Undo", None),
        ("undo undone", "Undo", None),
        (" ", "Undo", None),
        ("…", "Open…", None),
    ],
)  # fmt: skip
def test_words_and_initials_match_the_nearer_the_better(typed: str, text: str, far: int | None) -> None:
    assert distance(typed, text) == far


def test_ctrl_k_shows_what_can_be_done_here_before_anything_is_asked_of_the_review(
    window: MainWindow, qtbot: QtBot
) -> None:
    at_rest(window, qtbot)
    palette = call(window, qtbot)
    assert QApplication.focusWidget() is palette.field
    assert desk_of(window).workspace.runner.pending == 0
    assert lines(palette)[:4] == ["[On this page]", "Include", "First reason", "Export"]
    assert under(palette, "Pages") == ["Probe", "Other"]
    assert "New review" in under(palette, "Everywhere")
    assert chosen(palette) == "Include"
    current = palette.current()
    assert current is not None
    assert current.key == "I"


def test_it_does_not_offer_itself_nor_what_cannot_be_done_now(window: MainWindow, qtbot: QtBot) -> None:
    probe(window).open = False
    palette = call(window, qtbot)
    assert "Include" not in lines(palette)
    assert "Undo" not in lines(palette)
    assert "Search and commands" not in lines(palette)


def test_its_shortcut_is_nobody_else_s(window: MainWindow) -> None:
    in_force = window.registry.in_force()
    assert conflicts(in_force) == []
    assert [each.id for each in in_force if "Ctrl+K" in each.shortcuts] == ["go.palette"]


def test_the_best_group_comes_first(window: MainWindow, qtbot: QtBot) -> None:
    palette = call(window, qtbot)
    qtbot.keyClicks(palette.field, "other")
    assert lines(palette)[:2] == ["[Pages]", "Other"]
    palette.field.clear()
    qtbot.keyClicks(palette.field, "re")
    assert under(palette, "Commands")[0] == "First reason"


# keys and focus


def test_enter_does_what_is_chosen_with_the_focus_back_where_it_was(window: MainWindow, qtbot: QtBot) -> None:
    page = probe(window)
    page.edit.setFocus()
    palette = call(window, qtbot)
    qtbot.keyClicks(palette.field, "exp")
    press(qtbot, palette, Qt.Key.Key_Return)
    assert page.pressed == ["export"]
    assert window.palette_shown() is None
    assert QApplication.focusWidget() is page.edit


def test_letters_in_the_field_are_no_commands(window: MainWindow, qtbot: QtBot) -> None:
    palette = call(window, qtbot)
    qtbot.keyClicks(palette.field, "i1")
    assert palette.field.text() == "i1"
    assert probe(window).pressed == []


def test_in_a_text_field_ctrl_k_cuts_nothing(window: MainWindow, qtbot: QtBot) -> None:
    edit = probe(window).edit
    edit.setFocus()
    qtbot.keyClicks(edit, "kept")
    edit.setCursorPosition(0)
    palette = call(window, qtbot)
    assert edit.text() == "kept"
    press(qtbot, palette, Qt.Key.Key_Escape)
    assert window.palette_shown() is None
    assert QApplication.focusWidget() is edit
    qtbot.keyClicks(edit, "!")
    assert edit.text() == "!kept"


def test_ctrl_k_again_closes_it(window: MainWindow, qtbot: QtBot) -> None:
    before = QApplication.focusWidget()
    palette = call(window, qtbot)
    qtbot.keyClick(palette.field, Qt.Key.Key_K, CTRL)
    assert window.palette_shown() is None
    assert QApplication.focusWidget() is before


def test_the_focus_goes_to_what_is_around_an_editor_that_has_gone(window: MainWindow, qtbot: QtBot) -> None:
    page = probe(window)
    editor = QLineEdit(page)
    editor.show()
    editor.setFocus()
    palette = call(window, qtbot)
    with qtbot.waitSignal(editor.destroyed):
        editor.deleteLater()
    press(qtbot, palette, Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is page


def test_arrows_go_round_and_skip_the_headings(window: MainWindow, qtbot: QtBot) -> None:
    palette = call(window, qtbot)
    first = chosen(palette)
    seen: list[str] = []
    for _ in palette.model.entry_rows():
        seen.append(chosen(palette))
        press(qtbot, palette, Qt.Key.Key_Down)
    assert seen == [line for line in lines(palette) if not line.startswith("[")]
    assert chosen(palette) == first
    press(qtbot, palette, Qt.Key.Key_Up)
    assert chosen(palette) == seen[-1]
    assert palette.list.visualRect(palette.list.currentIndex()).bottom() <= palette.list.viewport().height()
    press(qtbot, palette, Qt.Key.Key_PageUp, Qt.Key.Key_PageUp, Qt.Key.Key_PageUp)
    assert chosen(palette) == first


def test_tab_stays_in_the_palette(window: MainWindow, qtbot: QtBot) -> None:
    palette = call(window, qtbot)
    press(qtbot, palette, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is palette.field
    assert chosen(palette) == "First reason"
    press(qtbot, palette, Qt.Key.Key_Backtab)
    assert chosen(palette) == "Include"


def test_another_shortcut_of_the_window_closes_it(window: MainWindow, qtbot: QtBot) -> None:
    palette = call(window, qtbot)
    qtbot.keyClick(palette.field, Qt.Key.Key_2, CTRL)
    assert desk_of(window).current_id() == "other"
    assert window.palette_shown() is None


def test_it_goes_with_the_review(window: MainWindow, qtbot: QtBot) -> None:
    palette = call(window, qtbot)
    qtbot.keyClick(palette.field, Qt.Key.Key_W, CTRL)
    assert window.desk() is None
    assert window.palette_shown() is None


def test_ctrl_z_in_the_palette_undoes_nothing_below_it(window: MainWindow, qtbot: QtBot) -> None:
    page = probe(window)
    with qtbot.waitSignal(desk_of(window).workspace.runner.wrote):
        page.add_criterion("Adults")
    palette = call(window, qtbot)
    for _ in range(2):
        QTest.keyClick(palette.field, Qt.Key.Key_Z, CTRL)
        at_rest(window, qtbot)
    assert len(page.session.protocol.criteria()) == 1
    qtbot.keyClicks(palette.field, "ab")
    QTest.keyClick(palette.field, Qt.Key.Key_Z, CTRL)
    assert palette.field.text() == ""


def test_what_was_chosen_lately_comes_first(window: MainWindow, qtbot: QtBot) -> None:
    for typed in ("export", "first"):
        qtbot.keyClicks(call(window, qtbot).field, typed)
        press(qtbot, shown(window), Qt.Key.Key_Return)
    palette = call(window, qtbot)
    assert under(palette, "Used lately") == ["First reason", "Export"]
    assert under(palette, "On this page") == ["Include"]
    assert chosen(palette) == "First reason"
    qtbot.keyClicks(palette.field, "e")
    assert under(palette, "Commands")[0] == "Export"


# mouse


def click_on(palette: Palette, text: str, qtbot: QtBot) -> None:
    row = lines(palette).index(text)
    index = palette.model.index(row, 0)
    palette.list.scrollTo(index)
    at = palette.list.visualRect(index).center()
    qtbot.mouseClick(palette.list.viewport(), Qt.MouseButton.LeftButton, pos=at)


def test_the_field_at_the_top_opens_it_and_a_click_chooses(window: MainWindow, qtbot: QtBot) -> None:
    page = probe(window)
    page.edit.setFocus()
    qtbot.mouseClick(desk_of(window).top_bar.search, Qt.MouseButton.LeftButton)
    click_on(shown(window), "Export", qtbot)
    assert page.pressed == ["export"]
    assert window.palette_shown() is None
    assert QApplication.focusWidget() is page.edit


def test_a_click_on_a_heading_does_nothing(window: MainWindow, qtbot: QtBot) -> None:
    palette = call(window, qtbot)
    click_on(palette, "[Pages]", qtbot)
    assert window.palette_shown() is palette
    assert chosen(palette) == "Include"


def test_a_click_beside_it_only_closes_it(window: MainWindow, qtbot: QtBot) -> None:
    page = probe(window)
    palette = call(window, qtbot)
    at = page.include.mapTo(window, page.include.rect().center())
    assert window.childAt(at) is palette
    qtbot.mouseClick(palette, Qt.MouseButton.LeftButton, pos=palette.mapFrom(window, at))
    assert window.palette_shown() is None
    assert page.pressed == []
    assert page.hasFocus()


@pytest.mark.parametrize(
    ("typed", "text", "parts"),
    [
        ("risk", "Risk of bias", ["Risk"]),
        ("of ri", "Risk of bias", ["Ri", "of"]),
        ("rob", "Risk of bias", ["R", "o", "b"]),
        ("uber", "Über ketamine", ["Über"]),
        ("etam", "Über ketamine", ["etam"]),
        ("x", "Undo", []),
        ("", "Undo", []),
    ],
)
def test_the_letters_that_answer_are_marked(typed: str, text: str, parts: list[str]) -> None:
    assert [text[start : start + length] for start, length in marked(typed, text)] == parts


# what the review holds


def real_window(make_window: MakeWindow, folder: Path, qtbot: QtBot) -> MainWindow:
    """All pages on a review of 60 records, two studies and two analyses."""
    review = new_review(folder, 60)
    lead = sessions(review)[0]
    lead.studies.create(label="Glue 2017")
    lead.studies.create(label="Taylor 2018")
    outcome = add_outcome(review, "Response")
    comparison = lead.synthesis.add_comparison("Ketamine v midazolam").value
    for label in ("Response at one week", "Response at one month"):
        lead.synthesis.add_analysis(comparison, label, outcome_id=outcome)
    review.close()
    window = make_window(PAGES)
    with qtbot.waitSignal(window.review_shown):
        window.open_review(review.path)
    at_rest(window, qtbot)
    return window


@pytest.fixture
def real(make_window: MakeWindow, tmp_path: Path, qtbot: QtBot) -> MainWindow:
    return real_window(make_window, tmp_path, qtbot)


def look_for(window: MainWindow, typed: str, qtbot: QtBot) -> Palette:
    palette = call(window, qtbot)
    qtbot.keyClicks(palette.field, typed)
    at_rest(window, qtbot)
    return palette


def test_a_record_opens_in_the_references(real: MainWindow, qtbot: QtBot) -> None:
    palette = look_for(real, "number 57", qtbot)
    assert under(palette, "Records") == [chosen(palette)]
    assert "cohort number 57 " in chosen(palette)
    entry = palette.current()
    assert entry is not None
    assert entry.detail == "Okafor 2019, record 57"
    press(qtbot, palette, Qt.Key.Key_Return)
    at_rest(real, qtbot)
    page = desk_of(real).current_page()
    assert isinstance(page, ReferencesPage)
    assert [record.number for record in page.records.chosen()] == [57]


def test_a_record_is_shown_though_another_tab_and_a_filter_hid_it(real: MainWindow, qtbot: QtBot) -> None:
    desk_of(real).show_page("references")
    page = desk_of(real).current_page()
    assert isinstance(page, ReferencesPage)
    at_rest(real, qtbot)
    page.records.search.setText("nothing like it")
    page.header.tabs.set_current("sources")
    at_rest(real, qtbot)
    palette = look_for(real, "57", qtbot)
    assert "record 57" in next(e.detail for r in palette.model.entry_rows() if (e := palette.model.entry(r)))
    press(qtbot, palette, Qt.Key.Key_Return)
    at_rest(real, qtbot)
    assert page.header.tabs.current() == "records"
    assert [record.number for record in page.records.chosen()] == [57]


def test_a_study_opens_in_the_extraction(real: MainWindow, qtbot: QtBot) -> None:
    desk_of(real).show_page("extraction")
    page = desk_of(real).current_page()
    assert isinstance(page, ExtractionPage)
    at_rest(real, qtbot)
    page.header.tabs.set_current("form")
    desk_of(real).show_page("overview")
    at_rest(real, qtbot)
    palette = look_for(real, "tay", qtbot)
    assert under(palette, "Studies") == ["Taylor 2018"]
    press(qtbot, palette, Qt.Key.Key_Return)
    at_rest(real, qtbot)
    assert desk_of(real).current_page() is page
    assert page.header.tabs.current() == "extract"
    wanted = {each.id: each.label for each in desk_of(real).workspace.session.studies.list()}
    assert page.study_id is not None
    assert wanted[page.study_id] == "Taylor 2018"


def test_tabs_are_found_by_their_names_and_their_pages(real: MainWindow, qtbot: QtBot) -> None:
    palette = look_for(real, "conflicts", qtbot)
    entries = [e for row in palette.model.entry_rows() if (e := palette.model.entry(row)) and e.kind == "tab"]
    assert [(each.text, each.detail) for each in entries] == [("Conflicts", "Screening"), ("Conflicts", "Full text")]
    palette.field.clear()
    qtbot.keyClicks(palette.field, "full text conf")
    press(qtbot, palette, Qt.Key.Key_Return)
    at_rest(real, qtbot)
    assert desk_of(real).current_id() == "fulltext"
    page = desk_of(real).current_page()
    assert page is not None
    assert page.header.tabs.current() == "conflicts"


def test_an_analysis_opens_at_its_page(real: MainWindow, qtbot: QtBot) -> None:
    palette = look_for(real, "1.2", qtbot)
    assert under(palette, "Analyses") == ["1.2 Response at one month"]
    press(qtbot, palette, Qt.Key.Key_Return)
    at_rest(real, qtbot)
    page = desk_of(real).current_page()
    assert isinstance(page, AnalysisPage)
    place = page.tree.current_place()
    assert place is not None
    assert place.label == "Response at one month"


def test_what_is_found_is_put_below_and_the_choice_stays(real: MainWindow, qtbot: QtBot) -> None:
    palette = call(real, qtbot)
    qtbot.keyClicks(palette.field, "re")
    at_once = lines(palette)
    press(qtbot, palette, Qt.Key.Key_Down)
    was = chosen(palette)
    at_rest(real, qtbot)
    assert lines(palette)[: len(at_once)] == at_once
    assert under(palette, "Analyses") == ["1.1 Response at one week", "1.2 Response at one month"]
    assert chosen(palette) == was


def test_enter_before_the_search_has_ended_waits_for_it(real: MainWindow, qtbot: QtBot) -> None:
    palette = call(real, qtbot)
    qtbot.keyClicks(palette.field, "glue")
    assert palette.current() is None
    press(qtbot, palette, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: desk_of(real).current_id() == "extraction")
    assert real.palette_shown() is None
    at_rest(real, qtbot)


def test_enter_never_takes_what_was_found_for_another_text(real: MainWindow, qtbot: QtBot) -> None:
    palette = look_for(real, "glu", qtbot)
    assert chosen(palette) == "Glue 2017"
    qtbot.keyClicks(palette.field, "x")
    press(qtbot, palette, Qt.Key.Key_Return)
    at_rest(real, qtbot)
    assert desk_of(real).current_id() == "overview"
    assert palette.nothing.isVisible()
    assert palette.nothing.text() == "Nothing matches “glux”."


def test_typing_on_asks_for_the_newest_text_only(
    real: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    find = OverviewPart.find

    def counted(part: OverviewPart, text: str) -> object:
        asked.append(text)
        return find(part, text)

    monkeypatch.setattr(OverviewPart, "find", counted)
    palette = look_for(real, "midazolam", qtbot)
    assert asked == ["m", "midazolam"]
    assert under(palette, "Records")


def test_what_goes_wrong_in_the_search_is_said_on_the_page(
    real: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_part: OverviewPart, _text: str) -> object:
        raise FileProblem("file.read", "The disk cannot be read.")

    monkeypatch.setattr(OverviewPart, "find", broken)
    look_for(real, "ket", qtbot)
    page = desk_of(real).current_page()
    assert page is not None
    assert [message.text() for message in page.messages.messages()] == ["The disk cannot be read."]
    assert real.palette_shown() is None


# without a review, and other reviews


def test_on_the_start_page_it_offers_commands_and_recent_reviews(
    make_window: MakeWindow, settings: Settings, review_file: Path, qtbot: QtBot
) -> None:
    settings.add_recent(Recent(str(review_file), "Ketamine for anxiety", ("Asha",), "2026-11-12T10:00"))
    window = make_window()
    palette = call(window, qtbot)
    assert under(palette, "Everywhere")[:2] == ["New review", "Open…"]
    assert under(palette, "Pages") == []
    qtbot.keyClicks(palette.field, "keta")
    assert lines(palette) == ["[Recent reviews]", "Ketamine for anxiety"]
    with qtbot.waitSignal(window.review_shown):
        press(qtbot, palette, Qt.Key.Key_Return)
    palette = call(window, qtbot)
    assert under(palette, "Recent reviews") == []


def test_nothing_of_a_reviewer_stays_when_another_takes_over(real: MainWindow, qtbot: QtBot) -> None:
    look_for(real, "glue", qtbot)
    other: Session = sessions(desk_of(real).workspace.review)[1]
    real.work_as(other.reviewer.id)
    assert real.palette_shown() is None
    at_rest(real, qtbot)


# looks


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest, theme: Theme) -> Iterator[str]:
    theme.set_scheme(request.param)
    yield request.param
    theme.set_scheme("light")


def test_it_fits_the_window_at_every_size(real: MainWindow, scheme: str, qtbot: QtBot) -> None:
    palette = call(real, qtbot)
    for size in (QSize(1024, 700), QSize(1280, 800), QSize(1920, 1080)):
        real.resize(size)
        for typed in ("", "re", "zzzz"):
            palette.field.setText(typed)
            at_rest(real, qtbot)
            QApplication.processEvents()
            assert palette.size() == size
            assert palette.rect().contains(palette.panel.geometry())
            assert faults(real) == []
            middle = palette.panel.mapTo(real, QPoint(palette.panel.width() // 2, 0)).x()
            assert abs(middle - size.width() // 2) <= 1
    assert not real.grab().isNull()
