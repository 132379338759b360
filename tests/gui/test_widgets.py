"""Tables, fields and other widgets on their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QAbstractButton, QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from core import language
from gui.theme import Theme
from gui.widgets.buttons import Button
from gui.widgets.fields import Combo, SegmentedControl
from gui.widgets.keys import cap_text
from gui.widgets.labels import ElidedLabel
from gui.widgets.marks import Tone
from gui.widgets.messages import Level, Message, MessageArea
from gui.widgets.table import PAGE_ROWS, Column, IdTableModel, Table

pytestmark = pytest.mark.usefixtures("theme")


@dataclass(frozen=True)
class Study:
    name: str
    year: int


def ids(number: int) -> list[bytes]:
    return [n.to_bytes(4, "big") for n in range(number)]


class Source:
    """Rows that count how often they are fetched."""

    def __init__(self) -> None:
        self.fetched: list[int] = []

    def __call__(self, wanted: Sequence[bytes]) -> list[Study]:
        self.fetched.append(len(wanted))
        return [Study(f"Study {int.from_bytes(each, 'big')}", 2000) for each in wanted]


COLUMNS = (
    Column[Study]("name", "Study", lambda s: s.name, stretch=True, sortable=True),
    Column[Study]("year", "Year", lambda s: str(s.year), align="right", sortable=True),
    Column[Study]("state", "State", chip=lambda s: ("Settled", Tone.SUCCESS)),
)


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def model(source: Source, qapp: QApplication) -> IdTableModel[Study]:
    return IdTableModel(COLUMNS, source)


@pytest.fixture
def table(model: IdTableModel[Study], qtbot: QtBot) -> Table:
    table = Table(model, "Studies", multiple=True)
    qtbot.addWidget(table)
    table.resize(600, 400)
    table.show()
    qtbot.waitExposed(table)
    return table


def test_the_model_keeps_the_rules_of_models(model: IdTableModel[Study], qtbot: QtBot) -> None:
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.set_ids(ids(3))
    model.forget([ids(3)[1]])
    model.set_ids(ids(0))
    model.set_ids(ids(450))


def test_only_what_is_seen_is_fetched(table: Table, model: IdTableModel[Study], source: Source) -> None:
    model.set_ids(ids(100_000))
    table.grab()
    assert source.fetched == [PAGE_ROWS]
    table.choose(99_999)
    table.grab()
    assert sum(source.fetched) <= 3 * PAGE_ROWS
    assert model.row(99_999).name == "Study 99999"


def test_a_row_not_there_yet_shows_dots_and_comes(model: IdTableModel[Study], source: Source, qtbot: QtBot) -> None:
    model.set_ids(ids(300))
    index = model.index(250, 0)
    assert index.data() == "…"
    qtbot.waitUntil(lambda: index.data() == "Study 250")
    assert source.fetched == [PAGE_ROWS]


def test_a_changed_row_is_fetched_anew(table: Table, model: IdTableModel[Study], source: Source, qtbot: QtBot) -> None:
    model.set_ids(ids(10))
    assert source.fetched == [10]
    model.forget([ids(10)[3]])
    table.grab()
    qtbot.waitUntil(lambda: source.fetched == [10, 10])


def test_headers_ask_for_sorting_and_turn_round(table: Table, model: IdTableModel[Study], qtbot: QtBot) -> None:
    model.set_ids(ids(10))
    asked: list[tuple[str, bool]] = []
    table.sort_requested.connect(lambda column, descending: asked.append((column, descending)))
    header = table.horizontalHeader()
    for section in (1, 1, 1, 0, 2):
        header.sectionClicked.emit(section)
    assert asked == [("year", False), ("year", True), ("year", False), ("name", False)]  # "State" is not sortable


def test_rows_are_chosen_opened_and_copied(table: Table, model: IdTableModel[Study], qtbot: QtBot) -> None:
    model.set_ids(ids(10))
    chosen: list[int] = []
    opened: list[int] = []
    table.row_chosen.connect(chosen.append)
    table.row_opened.connect(opened.append)
    table.choose(2)
    qtbot.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert table.chosen_ids() == [ids(10)[2], ids(10)[3]]
    qtbot.keyClick(table, Qt.Key.Key_Return)
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert chosen == [2, 3]
    assert opened == [3]
    assert QApplication.clipboard().text() == "Study 2\t2000\tSettled\nStudy 3\t2000\tSettled"


def test_a_combo_is_as_wide_as_its_place(qtbot: QtBot) -> None:
    combo = Combo([("A very long entry that would push a panel wide, very wide indeed", 1), ("Short", 2)], "Choice")
    qtbot.addWidget(combo)
    assert combo.minimumWidth() == 60
    combo.set_value(2)
    combo.set_entries([("Short", 2), ("Other", 3)])
    assert combo.value() == 2


def test_alt_down_opens_a_combo_where_it_is_a_shortcut_too(qtbot: QtBot) -> None:
    window = QWidget()
    combo = Combo([("One", 1), ("Two", 2)], parent=window)
    taken: list[str] = []
    QShortcut(QKeySequence("Alt+Down"), window, lambda: taken.append("shortcut"))
    qtbot.addWidget(window)
    window.show()
    with qtbot.waitActive(window):
        window.activateWindow()
    combo.setFocus()
    qtbot.keyClick(combo, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(combo.view().isVisible)
    assert taken == []
    combo.hidePopup()


def test_keys_are_named_as_on_the_keyboards_of_the_language() -> None:
    assert (cap_text("Ctrl+Shift+I"), cap_text("PgDown")) == ("Ctrl ⇧ I", "PgDown")
    language.use("de")
    try:
        assert (cap_text("Ctrl+Shift+I"), cap_text("PgDown")) == ("Strg ⇧ I", "Bild ↓")
        assert (cap_text("E"), cap_text("Ctrl++")) == ("E", "Strg +")
    finally:
        language.use(language.ENGLISH)


def test_a_segmented_control_by_mouse_and_arrows(qtbot: QtBot) -> None:
    control = SegmentedControl((("mine", "Mine"), ("compare", "Compare")), "View")
    qtbot.addWidget(control)
    chosen: list[str] = []
    control.chosen.connect(chosen.append)
    qtbot.mouseClick(control, Qt.MouseButton.LeftButton, pos=control.segment_rect("compare").center())
    qtbot.keyClick(control, Qt.Key.Key_Right)
    assert chosen == ["compare", "mine"]
    assert control.accessibleName() == "View: Mine"


def test_a_message_has_at_most_two_buttons(qtbot: QtBot) -> None:
    with pytest.raises(ValueError, match="at most two"):
        Message("x", choices=[("a", lambda: None)] * 3)


def test_many_messages_leave_the_page_its_room_and_can_be_read(qtbot: QtBot) -> None:
    area, page = MessageArea(), QWidget()
    place = QWidget()
    box = QVBoxLayout(place)
    box.addWidget(area)
    box.addWidget(page, 1)
    qtbot.addWidget(place)
    place.resize(900, 600)
    place.show()
    first = Message("bad.ris is a PDF. " * 20, Level.DANGER, closable=True)
    area.show_message(first)
    QApplication.processEvents()
    alone = area.height()
    for number in range(30):
        area.show_message(Message(f"bad{number}.ris is a PDF.", Level.DANGER, closable=True))
    qtbot.waitUntil(lambda: area.verticalScrollBar().maximum() > 0)
    assert page.height() > place.height() / 2
    newest = area.messages()[-1]
    assert area.viewport().rect().contains(newest.rect().translated(newest.mapTo(area.viewport(), QPoint(0, 0))))
    qtbot.waitUntil(lambda: all(each.height() >= each.sizeHint().height() for each in area.messages()[1:]))
    for message in area.messages()[1:]:
        message.dismiss()
    qtbot.waitUntil(lambda: area.height() == alone)
    first.dismiss()
    assert not area.isVisible()


def test_closing_messages_by_mouse_leaves_the_keys_where_they_were(qtbot: QtBot) -> None:
    place, before, page = QWidget(), Button("Menu"), Button("Page")
    area = MessageArea()
    box = QVBoxLayout(place)
    for each in (before, area, page):
        box.addWidget(each)
    qtbot.addWidget(place)
    for number in range(3):
        area.show_message(Message(f"bad{number}.ris is a PDF.", closable=True))
    place.resize(900, 600)
    place.show()
    page.setFocus()
    QApplication.processEvents()
    first = area.messages()[-1]
    qtbot.mouseClick(first.findChildren(QAbstractButton)[-1], Qt.MouseButton.LeftButton)
    assert (first.isVisible(), place.focusWidget()) == (False, page)
    area.show_message(Message("bad3.ris is a PDF.", closable=True))
    close_all = area.findChild(Button, "messages.close_all")
    assert close_all is not None
    qtbot.mouseClick(close_all, Qt.MouseButton.LeftButton)
    assert (area.isVisible(), place.focusWidget()) == (False, page)


def test_a_button_fits_its_text_and_takes_an_ampersand(qtbot: QtBot) -> None:
    plain, keyed = Button("Merge"), Button("Merge & go", icon="merge", key="M")
    qtbot.addWidget(plain)
    qtbot.addWidget(keyed)
    assert keyed.sizeHint().width() > plain.sizeHint().width()
    assert keyed.accessibleName() == "Merge & go (M)"
    assert keyed.shortcut().isEmpty()


def test_an_elided_label_tells_the_rest_in_its_tooltip(qtbot: QtBot) -> None:
    label = ElidedLabel("Ketamine for treatment-refractory anxiety disorders")
    qtbot.addWidget(label)
    label.resize(80, 20)
    label.grab()
    assert label.toolTip() == label.text()
    label.resize(900, 20)
    label.grab()
    assert label.toolTip() == ""


def test_the_theme_can_be_told_its_scheme(theme: Theme) -> None:
    assert theme.scheme == "light"


def test_a_combo_gives_back_the_very_member_it_was_given(theme: object, qtbot: QtBot) -> None:
    from core.model import Verdict

    combo = Combo((("None", ""), ("Include", Verdict.INCLUDE), ("Exclude", Verdict.EXCLUDE)), "Verdict")
    qtbot.addWidget(combo)
    assert combo.member(Verdict) is None
    qtbot.keyClick(combo, Qt.Key.Key_End)
    assert combo.value() is Verdict.EXCLUDE
    combo.set_entries((("Exclude", Verdict.EXCLUDE), ("Maybe", Verdict.MAYBE)))
    assert combo.member(Verdict) is Verdict.EXCLUDE


def test_home_and_end_go_to_the_ends_of_a_table_and_rows_are_copied_as_text(theme: object, qtbot: QtBot) -> None:
    rows = [bytes([number]) for number in range(40)]
    columns = (
        Column[bytes]("n", "N", lambda row: str(row[0])), Column[bytes]("word", "Word", lambda row: f"row {row[0]}"),
    )  # fmt: skip
    table = Table(IdTableModel(columns, lambda ids: list(ids)), "Rows", multiple=True)
    qtbot.addWidget(table)
    table._ids_model.set_ids(rows)
    table.resize(300, 200)
    table.show()
    table.setFocus()
    table.choose(7)
    qtbot.keyClick(table, Qt.Key.Key_End)
    assert table.chosen_ids() == [rows[39]]
    qtbot.keyClick(table, Qt.Key.Key_Home)
    assert table.chosen_ids() == [rows[0]]
    qtbot.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text() == "0\trow 0\n1\trow 1"
    qtbot.keyClick(table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert table.chosen_ids() == rows
