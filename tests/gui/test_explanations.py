"""The explanations on the page: what is explained, by which keys, where the popover stands and what it gives back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from core.example import open_example
from core.explain import TOPICS, find
from core.language import tr
from gui.explaining import placed, said_topic
from gui.explanations.list_view import TopicList
from gui.explanations.panel import ExplainPanel
from gui.explanations.topic_view import TopicScroll
from gui.hints import HINTS
from gui.main_window import MINIMUM_SIZE, MainWindow
from gui.pages import PAGES
from gui.pages.base import Page
from gui.theme import Theme
from tests.gui.layout_checks import cut_labels, overlaps, squeezed_buttons, sticking_out
from tests.looks.stage import Stage

SHIFT = Qt.KeyboardModifier.ShiftModifier
ON_FOCUS = {
    "overview": (("flow.screened", "flow.screened"), ("flow.included", "flow.included")),
    "protocol": (),
    "references": (("references.records", "record"),),
    "screening": (("top.undo", "undo"),),
    "fulltext": (("fulltext.list", "standing"), ("fulltext.retrieval", "retrieval")),
    "extraction": (("extraction.studies", "study"), ("extraction.to_compare", "finish")),
    "riskofbias": (("riskofbias.table", "domain.rob1."), ("riskofbias.site", "tool.rob1")),
    "analysis": (
        ("analysis.measure", "measure.OR"),
        ("analysis.method", "method.MH"),
        ("analysis.tau2", "tau2.DL"),
        ("analysis.ci", "ci.wald"),
        ("analysis.compatibility", "rules.revman5"),
        ("analysis.subgroup_test", "subgroup_test"),
        ("analysis.grid", "statistic.events"),
        ("analysis.figure", "forest_plot"),
        ("analysis.tree", "comparison"),
    ),
    "report": (),
}
"""By page: what has the focus (an object name), and how the topic that is then explained begins."""


@pytest.fixture(scope="module")
def stage(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The window with the example review, as its lead; opened once."""
    folder = tmp_path_factory.mktemp("example")
    made = Stage(Theme(qapp, "light"), folder)
    assert made.open(open_example(folder)) == []
    yield made
    made.close()


@pytest.fixture
def example(stage: Stage, qtbot: QtBot) -> Iterator[MainWindow]:
    """The same window, in front."""
    with qtbot.waitActive(stage.window):
        stage.window.activateWindow()
    yield stage.window
    stage.window.explainer().close()


def shown(window: MainWindow) -> ExplainPanel | None:
    return window.explainer().panel


def opened(window: MainWindow) -> ExplainPanel:
    panel = shown(window)
    assert panel is not None
    assert panel.isVisible()
    return panel


def page_of(window: MainWindow) -> Page:
    desk = window.desk()
    assert desk is not None
    page = desk.current_page()
    assert page is not None
    return page


def part(window: MainWindow, name: str) -> QWidget:
    found = window.findChild(QWidget, name)
    assert isinstance(found, QWidget), name
    return found


def press(qtbot: QtBot, key: str) -> None:
    """A key for whatever has the focus: "?", "Shift+F1", "Esc", "Return"."""
    focused = QApplication.focusWidget()
    assert focused is not None
    if key == "?":
        qtbot.keyClick(focused, "?", SHIFT)
    elif key == "Shift+F1":
        qtbot.keyClick(focused, Qt.Key.Key_F1, SHIFT)
    else:
        qtbot.keyClick(focused, {"Esc": Qt.Key.Key_Escape, "Return": Qt.Key.Key_Return}[key])
    QApplication.processEvents()


def visible_parts(window: QWidget) -> Iterator[QWidget]:
    return (each for each in window.findChildren(QWidget) if each.isVisible())


def test_what_has_the_focus_is_explained_on_every_page(example: MainWindow, stage: Stage, qtbot: QtBot) -> None:
    said: dict[str, None] = {}
    lost: list[str] = []
    for spec in PAGES:
        stage.window.registry.trigger(f"go.{spec.id}")
        stage.settle()
        page = page_of(example)
        for tab in page.TABS:
            page.header.tabs.set_current(tab.id)
            stage.settle()
            said |= dict.fromkeys(said_topic(each) for each in example.findChildren(QWidget))
        if page.TABS:
            page.header.tabs.set_current(page.TABS[0].id)
            stage.settle()
        said |= dict.fromkeys(said_topic(each) for each in example.findChildren(QWidget))
        for name, topic_id in ON_FOCUS[spec.id]:
            control = part(example, name)
            control.setFocus(Qt.FocusReason.TabFocusReason)
            press(qtbot, "Shift+F1")
            panel = opened(example)
            assert panel.topic_id().startswith(topic_id), name
            press(qtbot, "Esc")
            assert shown(example) is None
            assert QApplication.focusWidget() is control, name
        known = ["overview.box", *(each.id for each in example.registry.in_force())]
        hint = HINTS[spec.id]
        lost += [name for name in (*hint.done_by, hint.needs) if not any(each.startswith(name) for each in known)]
    assert lost == []  # an action that was renamed would leave its hint standing
    unknown = [topic_id for topic_id in said if topic_id and find(topic_id) is None]
    assert unknown == []
    assert len(said) > 60


def test_the_question_mark_explains_and_sends_away(example: MainWindow, stage: Stage, qtbot: QtBot) -> None:
    example.registry.trigger("go.analysis")
    stage.settle()
    box = part(example, "analysis.show_weights")
    box.setFocus()
    press(qtbot, "?")
    assert opened(example).topic_id() == "weight"
    press(qtbot, "?")
    qtbot.waitUntil(lambda: shown(example) is None)
    assert QApplication.focusWidget() is box


def test_a_question_mark_in_a_field_is_typed(example: MainWindow, stage: Stage, qtbot: QtBot) -> None:
    example.registry.trigger("go.references")
    stage.settle()
    field = part(example, "references.search")
    assert isinstance(field, QLineEdit)
    field.setFocus()
    press(qtbot, "?")
    assert field.text() == "?"
    assert shown(example) is None
    press(qtbot, "Shift+F1")
    assert opened(example).topic_id() == "record_table"
    field.clear()


def test_on_risk_of_bias_the_question_mark_judges(example: MainWindow, stage: Stage, qtbot: QtBot) -> None:
    example.registry.trigger("go.riskofbias")
    stage.settle()
    action = example.registry.get("riskofbias.level_unclear")
    assert "?" in action.shortcuts
    wanted = example.registry.single("?")
    assert wanted is not None
    assert wanted.id == ("riskofbias.level_unclear" if action.enabled_when() else "help.explain")


def test_without_a_topic_the_page_lists_its_own_first(example: MainWindow, qtbot: QtBot) -> None:
    explainer = example.explainer()
    explainer.ask("screening", None, QPoint(-1, -1))
    found = opened(example).findChild(TopicList)
    assert found is not None
    assert QApplication.focusWidget() is found.field
    assert found.rows.at(0) == tr("On this page")
    first = found.rows.entry(1)
    assert first is not None
    assert first.text == "Decisions"
    qtbot.keyClicks(found.field, "dersimonian")
    press(qtbot, "Return")
    assert opened(example).topic_id() == "tau2.DL"
    qtbot.keyClick(opened(example), Qt.Key.Key_Backspace)
    assert opened(example).topic_id() == ""


def test_a_filter_without_answer_says_so(example: MainWindow, qtbot: QtBot) -> None:
    example.show_explanations()
    found = opened(example).findChild(TopicList)
    assert found is not None
    qtbot.keyClicks(found.field, "zzz")
    assert "zzz" in found.nothing.text()
    assert found.nothing.isVisible()
    press(qtbot, "Return")
    assert opened(example).topic_id() == ""


def test_what_the_pointer_is_on_is_explained_where_the_focus_says_nothing(
    example: MainWindow, stage: Stage, qtbot: QtBot
) -> None:
    example.registry.trigger("go.overview")
    stage.settle()
    page, box = page_of(example), part(example, "flow.excluded")
    place = box.mapToGlobal(box.rect().center())
    example.explainer().ask("overview", page, place)
    assert opened(example).topic_id() == "flow.excluded"
    assert not opened(example).geometry().contains(example.mapFromGlobal(place))
    press(qtbot, "Esc")
    example.explainer().ask("overview", part(example, "overview.todo"), place)
    assert opened(example).topic_id() == "todo"


def test_the_button_of_the_header_opens_the_list_below_it(example: MainWindow, stage: Stage, qtbot: QtBot) -> None:
    example.registry.trigger("go.protocol")
    stage.settle()
    button = part(example, "protocol.explain")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    panel = opened(example)
    assert panel.findChild(TopicList) is not None
    assert panel.geometry().top() >= button.mapTo(example, button.rect().bottomLeft()).y()
    press(qtbot, "Esc")
    assert shown(example) is None
    assert page_of(example).isAncestorOf(QApplication.focusWidget()) or page_of(example).hasFocus()


def test_related_explanations_can_be_followed_and_left(example: MainWindow, qtbot: QtBot) -> None:
    example.show_explanations("i2")
    panel = opened(example)
    assert not panel.back.isVisible()
    qtbot.mouseClick(part(panel, "explain.to.tau2"), Qt.MouseButton.LeftButton)  # pyright: ignore[reportArgumentType]
    assert panel.topic_id() == "tau2"
    qtbot.mouseClick(panel.back, Qt.MouseButton.LeftButton)
    assert panel.topic_id() == "i2"
    qtbot.mouseClick(panel.close_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: shown(example) is None)


def test_a_click_beside_it_closes_the_explanation_and_keeps_the_focus(
    example: MainWindow, stage: Stage, qtbot: QtBot
) -> None:
    example.registry.trigger("go.references")
    stage.settle()
    part(example, "references.records").setFocus()
    press(qtbot, "?")
    opened(example)
    field = part(example, "references.search")
    qtbot.mouseClick(field, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: shown(example) is None)
    assert QApplication.focusWidget() is field


def test_the_palette_finds_explanations(example: MainWindow, stage: Stage, qtbot: QtBot) -> None:
    for typed, topic_id in (("explain heterogeneity", "heterogeneity"), ("i squared", "i2")):
        example.overlays.show_palette()
        palette = example.palette_shown()
        assert palette is not None
        qtbot.keyClicks(palette.field, typed)
        stage.settle()
        qtbot.keyClick(palette.field, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: shown(example) is not None)
        assert opened(example).topic_id() == topic_id
        press(qtbot, "Esc")
        qtbot.waitUntil(lambda: shown(example) is None)


def test_what_can_be_done_comes_before_its_explanation(example: MainWindow, qtbot: QtBot) -> None:
    example.overlays.show_palette()
    palette = example.palette_shown()
    assert palette is not None
    qtbot.keyClicks(palette.field, "rail")
    entry = palette.current()
    assert entry is not None
    assert entry.id == "view.rail"
    palette.close_palette()


def test_what_the_review_holds_comes_before_an_explanation(example: MainWindow, stage: Stage, qtbot: QtBot) -> None:
    example.overlays.show_palette()
    palette = example.palette_shown()
    assert palette is not None
    qtbot.keyClicks(palette.field, "crossover")
    stage.settle()
    titles = [line for line in map(palette.model.at, range(palette.model.rowCount())) if isinstance(line, str)]
    assert titles == ["Records", "Explanations"]
    palette.close_palette()


def test_every_explanation_can_be_read_in_the_smallest_window(example: MainWindow, qtbot: QtBot) -> None:
    example.resize(MINIMUM_SIZE)
    QApplication.processEvents()
    wrong: list[str] = []
    for topic in TOPICS:
        example.show_explanations(topic.id)
        panel = opened(example)
        QApplication.sendPostedEvents()
        scroll = panel.findChild(TopicScroll)
        assert scroll is not None
        parts = [panel, *visible_parts(panel)]
        bar = scroll.verticalScrollBar()
        found = [*cut_labels(parts), *squeezed_buttons(parts), *overlaps(parts), *sticking_out(parts)]
        if bar.maximum() and panel.height() < example.height() - 40:
            found.append(f"scrolls by {bar.maximum()} although there is room")
        if not example.rect().contains(panel.geometry()):
            found.append(f"stands outside the example: {panel.geometry()}")
        wrong += [f"{topic.id}: {each}" for each in found]
        example.explainer().close()
    assert wrong == []


ROOM = QRect(0, 0, 1000, 700)
SIZE = QRect(0, 0, 400, 300)


@pytest.mark.parametrize(
    ("spot", "corner"),
    [
        (QRect(100, 100, 80, 30), (100, 136)),
        (QRect(100, 600, 80, 30), (100, 294)),
        (QRect(900, 100, 80, 30), (600, 136)),
        (QRect(100, 50, 80, 600), (186, 50)),
        (QRect(800, 50, 190, 600), (394, 50)),
        (QRect(0, 0, 1000, 700), (600, 0)),
    ],
    ids=["below", "above", "below, pushed left", "right", "left", "nowhere: at the edge"],
)
def test_the_popover_stands_beside_what_it_explains(spot: QRect, corner: tuple[int, int]) -> None:
    place = placed(spot, SIZE, ROOM, 6)
    assert (place.left(), place.top()) == corner
    assert ROOM.contains(place)
    assert (place.width(), place.height()) == (400, 300)


def test_a_popover_larger_than_the_window_is_cut_to_it() -> None:
    assert placed(QRect(10, 10, 5, 5), QRect(0, 0, 400, 900), ROOM, 6).height() == 700
