"""The window: start page, opening and closing, pages, reviewers, undo, places."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from core.errors import CopseError, FileProblem
from core.model import OpResult
from core.review import Review, Session
from gui.desk import Desk
from gui.main_window import MainWindow
from gui.pages import PAGES
from gui.pages.base import SystemAsk
from gui.pages.start.parts import when
from gui.settings import Recent, Settings
from gui.widgets import focus
from gui.widgets.messages import Level
from gui.widgets.rail import COMPACT_WIDTH, WIDE_WIDTH
from tests.gui.conftest import Answers, MakeWindow
from tests.gui.test_actions import probe
from tests.gui.test_operations import runner_of


def desk_of(window: MainWindow) -> Desk:
    desk = window.desk()
    assert desk is not None
    return desk


# start page


def test_a_new_review_needs_title_and_name_and_is_opened(
    make_window: MakeWindow, answers: Answers, tmp_path: Path, qtbot: QtBot
) -> None:
    window = make_window()
    answers.target = tmp_path / "sleep"
    qtbot.mouseClick(window.start.new, Qt.MouseButton.LeftButton)
    form = window.start.form
    qtbot.mouseClick(form.submit, Qt.MouseButton.LeftButton)
    assert form.title_field.error() == "The review needs a title."
    assert form.name_field.error() == "Decisions are kept under your name."
    assert answers.asked == []
    qtbot.keyClicks(form.title, "School-based sleep education")
    qtbot.keyClicks(form.name, "Asha Menon")
    qtbot.keyClicks(form.others, "Tom Brandt, Rosa Keller")
    with qtbot.waitSignal(window.review_shown):
        qtbot.keyClick(form.others, Qt.Key.Key_Return)
    assert (tmp_path / "sleep.copse").is_file()
    assert answers.asked[0].endswith("school-based-sleep-education.copse")
    assert window.windowTitle() == "sleep.copse – Copse"
    people = desk_of(window).workspace.review.reviewers()
    assert [each.name for each in people] == ["Asha Menon", "Tom Brandt", "Rosa Keller"]


def test_a_name_given_twice_is_refused_before_a_file_is_asked_for(
    make_window: MakeWindow, answers: Answers, qtbot: QtBot
) -> None:
    window = make_window()
    window.registry.trigger("file.new")
    form = window.start.form
    form.title.setText("T")
    form.name.setText("Asha Menon")
    form.others.setText("Tom Brandt, asha menon")
    form.submit.click()
    assert form.others_field.error() == "asha menon is named twice. Tell them apart, for example by an initial."
    assert answers.asked == []


def test_open_takes_the_file_chosen(make_window: MakeWindow, answers: Answers, review_file: Path, qtbot: QtBot) -> None:
    window = make_window()
    answers.files = [review_file]
    with qtbot.waitSignal(window.review_shown):
        qtbot.mouseClick(window.start.open, Qt.MouseButton.LeftButton)
    assert desk_of(window).workspace.review.title == "Ketamine for anxiety"


def bad_files(folder: Path) -> dict[str, Path]:
    pdf = folder / "paper.copse"
    pdf.write_bytes(b"%PDF-1.7\n" + bytes(200))
    newer = folder / "newer.copse"
    head = bytearray(200)
    head[:16] = b"SQLite format 3\x00"
    from core.store.schema import APPLICATION_ID

    head[60:64] = (999).to_bytes(4, "big")
    head[68:72] = APPLICATION_ID.to_bytes(4, "big")
    newer.write_bytes(head)
    return {"file.not_a_review": pdf, "file.newer": newer, "file.missing": folder / "gone.copse"}


@pytest.mark.parametrize("code", ["file.not_a_review", "file.newer", "file.missing"])
def test_what_is_wrong_with_a_file_is_said_on_the_start_page(
    make_window: MakeWindow, tmp_path: Path, code: str, qtbot: QtBot
) -> None:
    from core.errors import FileProblem
    from core.review import Review

    path = bad_files(tmp_path)[code]
    with pytest.raises(FileProblem) as expected:
        Review.open(path)
    assert expected.value.code == code
    window = make_window()
    window.open_review(path)
    qtbot.waitUntil(lambda: bool(window.start.messages.messages()))
    message = window.start.messages.messages()[0]
    assert message.text() == expected.value.message
    assert message.isVisible()
    assert window.start.isEnabled()
    assert window.desk() is None


def test_a_review_open_elsewhere_is_refused_and_opens_when_it_is_free(
    make_window: MakeWindow, review_file: Path, qtbot: QtBot
) -> None:
    from core.review import Review

    elsewhere = Review.open(review_file)
    window = make_window()
    window.open_review(review_file)
    qtbot.waitUntil(lambda: bool(window.start.messages.messages()))
    assert "already open" in window.start.messages.messages()[0].text()
    elsewhere.close()
    with qtbot.waitSignal(window.review_shown):
        window.open_review(review_file)
    assert window.start.messages.messages() == []


def test_a_missing_recent_review_can_be_taken_off_the_list(
    make_window: MakeWindow, settings: Settings, tmp_path: Path, qtbot: QtBot
) -> None:
    settings.add_recent(Recent(str(tmp_path / "gone.copse"), "Gone", ("Asha",), "2026-11-02T10:14"))
    window = make_window()
    qtbot.mouseClick(window.start.recent_rows()[0], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(window.start.messages.messages()))
    window.start.messages.messages()[0].buttons[0].click()
    assert settings.recent() == []
    assert window.start.recent_rows() == []


def test_recent_reviews_are_listed_latest_first_and_filtered(
    make_window: MakeWindow, settings: Settings, qtbot: QtBot
) -> None:
    settings.add_recent(Recent("/r/colic.copse", "Probiotics for infant colic", ("Rosa",), "2026-10-03T10:00"))
    settings.add_recent(Recent("/r/sleep.copse", "School-based sleep education", ("Joon",), "2026-11-12T10:00"))
    window = make_window()
    assert [each.text() for each in window.start.recent_rows()] == [
        "School-based sleep education",
        "Probiotics for infant colic",
    ]
    window.start._filter.setText("colic")
    assert [each.text() for each in window.start.recent_rows()] == ["Probiotics for infant colic"]
    window.start._filter.setText("esketamine")
    assert window.start.recent_rows() == []
    assert window.start._nothing.text() == "No recent review matches “esketamine”."


def test_a_closed_review_is_recent_and_opens_at_its_page(window: MainWindow, review_file: Path, qtbot: QtBot) -> None:
    window.registry.trigger("go.other")
    window.registry.trigger("file.close")
    assert window.desk() is None
    row = window.start.recent_rows()[0]
    assert row.text() == "Ketamine for anxiety"
    assert not review_file.with_name("review.copse.lock").exists()
    with qtbot.waitSignal(window.review_shown):
        row.click()
    assert desk_of(window).current_id() == "other"


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 11, 23), "Today"),
        (date(2026, 11, 22), "Yesterday"),
        (date(2026, 11, 12), "12 November"),
        (date(2025, 10, 3), "3 October 2025"),
    ],
)
def test_days_as_one_says_them(day: date, said: str) -> None:
    assert when(day, date(2026, 11, 23)) == said


# desk


def test_pages_are_made_on_first_visit_and_kept(window: MainWindow) -> None:
    desk = desk_of(window)
    assert set(desk._pages) == {"probe"}
    first = probe(window)
    window.registry.trigger("go.other")
    window.registry.trigger("go.probe")
    assert probe(window) is first
    assert len(first.refreshed) == 1


def test_the_rail_and_ctrl_digits_go_to_pages_and_back(window: MainWindow, qtbot: QtBot) -> None:
    desk = desk_of(window)
    qtbot.mouseClick(desk.rail.item("other"), Qt.MouseButton.LeftButton)
    assert desk.current_id() == "other"
    assert desk.rail.item("other").isChecked()
    qtbot.keyClick(window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert desk.current_id() == "probe"
    qtbot.keyClick(window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert desk.current_id() == "other"
    qtbot.keyClick(window, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert desk.current_id() == "probe"


def test_going_to_a_place_tells_the_page(window: MainWindow) -> None:
    desk_of(window).workspace.go("other", study=b"x")
    assert probe(window).places == [{"study": b"x"}]


def test_tabs_are_chosen_by_mouse_and_by_arrow(window: MainWindow, qtbot: QtBot) -> None:
    page = probe(window)
    tabs = page.header.tabs
    qtbot.mouseClick(tabs, Qt.MouseButton.LeftButton, pos=tabs.tab_rect("two").center())
    qtbot.keyClick(tabs, Qt.Key.Key_Left)
    assert page.tabs_chosen == ["two", "one"]


def test_undo_and_redo_from_the_window(window: MainWindow, qtbot: QtBot) -> None:
    page, desk = probe(window), desk_of(window)
    assert not desk.top_bar.undo.isEnabled()
    with qtbot.waitSignal(runner_of(window).wrote):
        page.add_criterion("Adults")
    assert desk.top_bar.undo.toolTip() == "Undo: New criterion “Adults” (Ctrl Z)"
    with qtbot.waitSignal(runner_of(window).wrote):
        qtbot.keyClick(page, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert page.session.protocol.criteria() == ()
    assert desk.status_bar.line() == "Undone: New criterion “Adults”"
    with qtbot.waitSignal(runner_of(window).wrote):
        qtbot.mouseClick(desk.top_bar.redo, Qt.MouseButton.LeftButton)
    assert [each.text for each in page.session.protocol.criteria()] == ["Adults"]


def test_ctrl_z_in_a_field_undoes_typing_first_then_what_was_committed(window: MainWindow, qtbot: QtBot) -> None:
    page = probe(window)
    with qtbot.waitSignal(runner_of(window).wrote):
        page.add_criterion("Adults")
    page.edit.setFocus()
    qtbot.keyClicks(page.edit, "abc")
    QTest.keyClick(page.edit, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert page.edit.text() == ""
    assert len(page.session.protocol.criteria()) == 1
    with qtbot.waitSignal(runner_of(window).wrote):
        QTest.keyClick(page.edit, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert page.session.protocol.criteria() == ()


def test_switching_the_reviewer_builds_everything_anew(window: MainWindow, qtbot: QtBot) -> None:
    before = probe(window)
    with qtbot.waitSignal(runner_of(window).wrote):
        before.add_criterion("Adults")
    menu = desk_of(window).top_bar.people_menu()
    assert [each.text() for each in menu.actions()] == ["Asha Menon", "Tom Brandt", "Rosa Lindqvist"]
    menu.actions()[1].trigger()
    after = probe(window)
    assert after is not before
    assert after.session.reviewer.name == "Tom Brandt"
    assert desk_of(window).top_bar.person.accessibleName() == "Working as Tom Brandt"
    assert not desk_of(window).top_bar.undo.isEnabled()  # what Asha did is not Tom's to undo


def test_the_reviewer_is_remembered(window: MainWindow, review_file: Path, qtbot: QtBot) -> None:
    desk_of(window).top_bar.people_menu().actions()[1].trigger()
    window.close_review()
    with qtbot.waitSignal(window.review_shown):
        window.open_review(review_file)
    assert probe(window).session.reviewer.name == "Tom Brandt"


def test_the_rail_shows_progress(window: MainWindow, qtbot: QtBot) -> None:
    item = desk_of(window).rail.item("probe")
    qtbot.waitUntil(lambda: item.progress() is not None)
    assert item.accessibleName() == "Probe, 50%"
    window.close_review()
    assert window.settings.recent()[0].stage == "Probe 50%"


def test_the_rail_is_wide_from_1440_and_a_choice_is_kept(window: MainWindow) -> None:
    rail = desk_of(window).rail
    assert rail.width() == COMPACT_WIDTH
    window.resize(1500, 900)
    assert rail.width() == WIDE_WIDTH
    window.registry.trigger("view.rail")
    assert rail.width() == COMPACT_WIDTH
    window.resize(1600, 900)
    assert rail.width() == COMPACT_WIDTH


def test_f1_lists_the_keys_of_this_page_and_sets_single_keys(window: MainWindow, qtbot: QtBot) -> None:
    from gui.widgets.keys_panel import KeysPanel
    from gui.widgets.labels import Label

    page = probe(window)
    page.edit.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_F1)
    panel = window.findChild(KeysPanel)
    assert panel.isVisible()
    texts = {each.text() for each in panel.findChildren(Label)}
    assert {"Include", "First reason", "Undo", "Keys of this page"} - texts == {"Undo"}  # nothing to undo: not listed
    qtbot.keyClick(panel, Qt.Key.Key_I)
    assert page.pressed == []  # the panel has the focus, not the page
    panel._set_mode("off")
    assert window.settings.single_keys == "off"
    qtbot.keyClick(panel, Qt.Key.Key_Escape)
    assert not panel.isVisible()
    assert page.edit.hasFocus()


def test_the_keys_are_shown_by_mouse_too_and_without_a_review(make_window: MakeWindow, qtbot: QtBot) -> None:
    from gui.widgets.keys_panel import KeysPanel
    from gui.widgets.labels import Label

    window = make_window()
    qtbot.mouseClick(window.start.findChild(QWidget, "start.help.keys"), Qt.MouseButton.LeftButton)
    panel = window.findChild(KeysPanel)
    assert panel.isVisible()
    texts = {each.text() for each in panel.findChildren(Label)}
    assert {"New review", "Open…", "Settings"} <= texts
    assert "Include" not in texts


def test_the_list_of_keys_is_read_to_its_end_by_key(window: MainWindow, qtbot: QtBot) -> None:
    from gui.widgets.keys_panel import KeysPanel

    qtbot.keyClick(window, Qt.Key.Key_F1)
    panel = window.findChild(KeysPanel)
    panel.resize(panel.width(), 300)
    bar = panel._list.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    for _ in range(9):
        qtbot.keyClick(panel, Qt.Key.Key_PageDown)
    assert bar.value() == bar.maximum()
    qtbot.keyClick(panel, Qt.Key.Key_Up)
    assert bar.value() < bar.maximum()


def test_f6_goes_round_the_panes(window: MainWindow, qtbot: QtBot) -> None:
    page, rail = probe(window), desk_of(window).rail
    page.panes = lambda: (page.edit, page.combo)  # type: ignore[method-assign]
    rail.item("probe").setFocus()
    qtbot.keyClick(window, Qt.Key.Key_F6)
    assert page.edit.hasFocus()
    qtbot.keyClick(window, Qt.Key.Key_F6)
    assert page.combo.hasFocus()
    qtbot.keyClick(window, Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    assert page.edit.hasFocus()


def test_a_message_is_shown_and_closed_on_the_page(window: MainWindow, qtbot: QtBot) -> None:
    page = probe(window)
    message = page.show_message("3 entries have no title.", choices=(("Show the 3", lambda: None),))
    assert message.isVisible()
    with qtbot.waitSignal(message.closed):
        message.dismiss()
    assert page.messages.messages() == []
    assert not page.messages.isVisible()


def test_many_messages_are_closed_at_once(window: MainWindow, qtbot: QtBot) -> None:
    page = probe(window)
    page.show_message("One.")
    page.show_message("Two.")
    button = page.findChild(QWidget, "messages.close_all")
    assert not button.isVisible()
    page.show_message("Three.")
    qtbot.waitUntil(button.isVisible)
    assert button.accessibleName() == "Close all 3"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert page.messages.messages() == []
    assert not page.messages.isVisible()


def test_that_there_is_nothing_to_undo_is_said_below(window: MainWindow, qtbot: QtBot) -> None:
    page, desk = probe(window), desk_of(window)
    with qtbot.waitSignal(runner_of(window).wrote):
        page.add_criterion("Adults")
    desk.undo()
    desk.undo()  # asked for before the first has come back
    qtbot.waitUntil(lambda: runner_of(window).pending == 0)
    assert desk.status_bar.line() == "There is nothing to undo."
    assert page.messages.messages() == []


def test_the_keyboard_shows_tooltips_as_the_pointer_does(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    shown: list[str] = []
    monkeypatch.setattr(focus.QToolTip, "showText", lambda _at, text, _widget: shown.append(text))
    window.overlays._tips._timer.setInterval(0)
    rail = desk_of(window).rail
    rail.item("probe").setFocus(Qt.FocusReason.MouseFocusReason)
    QApplication.processEvents()
    assert shown == []
    qtbot.keyClick(rail.item("probe"), Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: shown == ["Other (Ctrl 2)"])


def test_esc_leads_out_of_a_field_to_the_page(window: MainWindow, qtbot: QtBot) -> None:
    page = probe(window)
    for field in (page.edit, page.combo):
        field.setFocus()
        qtbot.keyClick(field, Qt.Key.Key_Escape)
        assert page.hasFocus()
    window.registry.trigger("view.full_screen")
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert not window.isFullScreen()


def test_on_the_start_page_keys_find_and_step_out(
    make_window: MakeWindow, settings: Settings, review_file: Path, qtbot: QtBot
) -> None:
    for name in ("one", "two"):
        settings.add_recent(Recent(f"/{name}.copse", name, ("Asha",), "2026-11-12T10:00"))
    window = make_window()
    qtbot.keyClicks(window.start.new, "/")
    assert window.start._filter.hasFocus()
    qtbot.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert window.start.form.title.hasFocus()
    qtbot.keyClick(window.start.form.title, Qt.Key.Key_Escape)
    assert not window.start.form.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert window.start._filter.hasFocus()


def test_every_page_has_an_id_a_title_and_an_icon_of_its_own() -> None:
    assert len({spec.id for spec in PAGES}) == len({spec.title for spec in PAGES}) == len(PAGES)
    assert len({spec.icon for spec in PAGES}) == len(PAGES)
    assert len(PAGES) <= 9  # Ctrl+1 to Ctrl+9


def test_dragged_splitters_and_columns_are_remembered_by_width_of_the_window(
    settings: Settings, theme: object, qtbot: QtBot
) -> None:
    from PySide6.QtWidgets import QVBoxLayout, QWidget

    from gui.memory import ColumnMemory, SplitterMemory
    from gui.widgets.panes import Splitter
    from gui.widgets.table import Column, IdTableModel, Table

    def show() -> tuple[QWidget, Splitter, Table]:
        holder = QWidget()
        qtbot.addWidget(holder)
        table = Table(IdTableModel((Column("a", "A", width=100), Column("b", "B")), lambda _ids: []), "T")
        splitter = Splitter(QWidget(), table)
        QVBoxLayout(holder).addWidget(splitter)
        splitter.setSizes([300, 800])
        SplitterMemory(splitter, "probe.main", settings)
        ColumnMemory(table, "probe.table", settings)
        holder.resize(1100, 400)
        holder.show()
        qtbot.waitExposed(holder)
        return holder, splitter, table

    _, splitter, table = show()
    splitter.moveSplitter(500, 1)
    table.setColumnWidth(0, 222)
    dragged = splitter.sizes()
    holder, splitter, table = show()
    assert splitter.sizes() == dragged
    assert table.columnWidth(0) == 222
    holder.resize(1600, 400)  # another width class: nothing remembered, so the sizes follow the window
    assert splitter.sizes() != dragged
    holder.resize(1100, 400)
    assert splitter.sizes() == dragged


def test_a_click_beside_a_field_gives_the_keys_back_to_the_page(window: MainWindow, qtbot: QtBot) -> None:
    page = probe(window)
    page.edit.setFocus()
    qtbot.mouseClick(page, Qt.MouseButton.LeftButton, pos=page.rect().bottomRight())
    assert page.hasFocus()


def test_a_copy_is_saved_and_a_file_in_the_way_is_not_touched(
    window: MainWindow, answers: Answers, review_file: Path, qtbot: QtBot
) -> None:
    answers.target = review_file.with_name("for Tom.copse")
    qtbot.keyClick(window, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    desk = window.desk()
    assert desk is not None
    qtbot.waitUntil(lambda: desk.workspace.runner.pending == 0)  # the file is there before all of it is written
    assert answers.asked == [str(review_file.with_name("review copy.copse"))]
    qtbot.waitUntil(lambda: desk_of(window).status_bar.line() == "Copy saved as for Tom.copse")
    copy = answers.target.read_bytes()
    window.registry.trigger("file.copy")
    page = desk.current_page()
    assert page is not None
    qtbot.waitUntil(lambda: any("exists already and was not touched" in m.text() for m in page.messages.messages()))
    assert answers.target.read_bytes() == copy


def test_a_name_without_ending_gets_it_in_the_dialog_which_asks_before_it_replaces(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An ending added afterwards could be that of a file the dialog has not asked about."""

    def type_name(dialog: QFileDialog) -> int:
        assert dialog.selectedFiles() == [str(tmp_path / "figure.png")]
        assert not dialog.testOption(QFileDialog.Option.DontConfirmOverwrite)
        dialog.selectFile("forest")
        return QFileDialog.DialogCode.Accepted

    monkeypatch.setattr(QFileDialog, "exec", type_name)
    chosen = SystemAsk().save_file(window, "Export", tmp_path / "figure.png", "PNG (*.png)")
    assert chosen == tmp_path / "forest.png"
    monkeypatch.setattr(QFileDialog, "exec", lambda _dialog: QFileDialog.DialogCode.Rejected)
    assert SystemAsk().save_file(window, "Export", tmp_path / "figure.png", "PNG (*.png)") is None


def test_a_message_that_nothing_was_saved_goes_with_the_next_save(window: MainWindow, qtbot: QtBot) -> None:
    page, desk = probe(window), desk_of(window)

    def full(_session: Session) -> OpResult[None]:
        raise FileProblem("file.full", "The disk is full, so the last change was not kept.")

    def failed(error: CopseError) -> None:
        page.show_message(error.message, Level.DANGER)

    page.write(full).failed(failed).run()
    qtbot.waitUntil(lambda: bool(page.messages.messages()))
    assert desk.status_bar.saved_text() == "Not saved"
    page.write(lambda s: s.protocol.add_criterion("include", "Adults")).run()
    qtbot.waitUntil(lambda: desk.status_bar.saved_text() != "Not saved")
    assert page.messages.messages() == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not let an open file be removed")
def test_a_file_that_was_removed_while_open_is_missed_at_the_next_save(
    window: MainWindow, answers: Answers, review_file: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    page = probe(window)
    for text in ("Adults", "Trials", "English"):
        page.write(lambda s, text=text: s.protocol.add_criterion("include", text)).run()
        qtbot.waitUntil(lambda: runner_of(window).pending == 0)
        review_file.unlink(missing_ok=True)
    (message,) = page.messages.messages()
    assert message.text().startswith(f"review.copse is no longer in {review_file.parent}: it was moved")
    answers.target = tmp_path / "rescued.copse"
    message.buttons[0].click()
    qtbot.waitUntil(lambda: desk_of(window).status_bar.line() == "Copy saved as rescued.copse")
    window.close_review()
    rescued = Review.open(answers.target)
    assert [each.text for each in rescued.session(rescued.reviewers()[0].id).protocol.criteria()] == [
        "Adults", "Trials", "English",
    ]  # fmt: skip
    rescued.close()


def test_a_review_that_cannot_be_read_is_let_go_and_can_be_opened_again(
    make_window: MakeWindow, review_file: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = make_window()

    def damaged(_review: Review) -> None:
        raise OSError("database disk image is malformed")

    with monkeypatch.context() as patched, qtbot.captureExceptions() as raised:
        patched.setattr(Review, "reviewers", damaged)
        window.open_review(review_file)
        qtbot.waitUntil(lambda: bool(raised))
    assert window.desk() is None
    assert window.start.isVisible()
    assert window.start.isEnabled()
    with qtbot.waitSignal(window.review_shown):
        window.open_review(review_file)


def test_what_was_undone_is_named_as_it_was_undone(window: MainWindow, qtbot: QtBot) -> None:
    page, desk = probe(window), desk_of(window)
    for text in ("Adults", "Trials"):
        page.write(lambda s, text=text: s.protocol.add_criterion("include", text)).run()
        if text == "Adults":
            qtbot.waitUntil(desk.can_undo)
    desk.undo()  # asked for while the second is being saved
    qtbot.waitUntil(lambda: runner_of(window).pending == 0)
    assert "Trials" in desk.status_bar.line()
