"""The page Report: texts of a review that came from another program, the check of its numbers, files for others."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QTextDocument
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from core.interchange import verify
from core.interchange.formats import read_review_file
from core.review import Review
from gui.main_window import MainWindow
from gui.pages import PAGES
from gui.pages.report.page import ReportPage
from tests.gui.arrivals import LEFT, LONG_MS, rest, rm5, with_a_wrong_total
from tests.gui.conftest import Answers, MakeWindow
from tests.interchange import rm5_files

Key = Qt.Key
OpenReport = Callable[..., ReportPage]


@pytest.fixture
def report(make_window: MakeWindow, tmp_path: Path, qtbot: QtBot) -> OpenReport:
    """The page on a review made of a RevMan file with something in every part, or of `data`."""

    def make(data: bytes | None = None) -> ReportPage:
        review = Review.adopt(tmp_path / "tea.copse", read_review_file(rm5(tmp_path, data=data)), reviewers=["Ada"])
        review.close()
        return page_of(make_window(PAGES), review.path, qtbot)

    return make


def page_of(window: MainWindow, path: Path, qtbot: QtBot) -> ReportPage:
    window.resize(1280, 800)
    with qtbot.waitSignal(window.review_shown):
        window.open_review(path)
    desk = window.desk()
    assert desk is not None
    desk.show_page("report")
    rest(desk, qtbot)
    page = desk.current_page()
    assert isinstance(page, ReportPage)
    return page


def at_rest(page: ReportPage, qtbot: QtBot) -> None:
    for _ in range(3):
        QApplication.processEvents()
        qtbot.waitUntil(lambda: page.workspace.runner.pending == 0, timeout=LONG_MS)
    QApplication.processEvents()


def titles(page: ReportPage) -> list[str]:
    return [section.title for section in page.document.table.rows()]


def text(page: ReportPage) -> str:
    return page.document.text.toPlainText()


# texts


def test_a_heading_shows_all_that_stands_under_it(report: OpenReport) -> None:
    page = report()
    assert page.header.fact.text() == "from tea.rm5"
    assert titles(page)[0] == "About the review"
    assert page.document.choose("METHODS")
    assert text(page).startswith("Methods\n")
    assert "Types of studies\nTrials" in text(page)
    page.document.choose("CRIT_STUDIES")
    assert text(page) == "Types of studies\nTrials"


def test_headings_have_the_sizes_of_the_program(report: OpenReport) -> None:
    page = report()
    page.document.choose("METHODS")
    document = page.document.text.document()
    sizes: dict[int, int] = {}
    block = document.begin()
    while block.isValid():
        fragment = block.begin()
        if not fragment.atEnd():
            shown = fragment.fragment().charFormat().font()
            sizes.setdefault(block.blockFormat().headingLevel(), shown.pixelSize())
        block = block.next()
    body = document.defaultFont().pixelSize()
    assert sizes[1] - body == 5
    assert sizes[2] - body == 1
    assert sizes[3] == body


def test_keys_go_through_the_sections(report: OpenReport, qtbot: QtBot) -> None:
    page = report()
    page.document.table.setFocus()
    before = text(page)
    qtbot.keyClick(page.document.table, Key.Key_Down)
    assert text(page) != before
    qtbot.keyClick(page.document.table, Key.Key_End)
    assert page.document.shown() == page.document.table.rows()[-1].id


def test_the_filter_finds_sections_by_what_they_say_and_marks_it(report: OpenReport, qtbot: QtBot) -> None:
    page = report()
    page.registry.trigger("view.find")
    assert QApplication.focusWidget() is page.document.filter
    qtbot.keyClicks(page.document.filter, "VIRAL")
    assert titles(page) == ["Description of the condition"]
    marked = page.document.text.extraSelections()
    assert [each.cursor.selectedText() for each in marked] == ["viral"]  # type: ignore[attr-defined]
    qtbot.keyClicks(page.document.filter, "xyz")
    assert titles(page) == []
    assert not page.document.text.isVisible()
    page.document.filter.clear()
    assert len(titles(page)) > 20
    assert page.document.text.extraSelections() == []


def follow(page: ReportPage, qtbot: QtBot, words: str) -> None:
    """Click on words of the text."""
    view = page.document.text
    found = view.document().find(words)
    assert not found.isNull()
    view.setTextCursor(found)
    view.ensureCursorVisible()
    place = view.cursorRect(found).center()
    qtbot.mouseClick(view.viewport(), LEFT, pos=QPoint(place.x() - 5, place.y()))
    at_rest(page, qtbot)


def test_links_within_the_review_lead_to_sections_references_studies_and_analyses(
    report: OpenReport, qtbot: QtBot
) -> None:
    page = report()
    desk = page.window().desk()  # type: ignore[attr-defined]
    page.document.choose("ELECTRONIC_SEARCHES")
    follow(page, qtbot, "Appendix 1")
    assert page.document.shown() == "APP-01"
    page.document.choose("INTERVENTION")
    follow(page, qtbot, "Ming 1999")
    assert page.document.shown() == "ADDITIONAL_REFERENCES"
    assert page.document.text.textCursor().selectedText() == "Ming 1999"
    page.document.choose("INTERVENTION")
    follow(page, qtbot, "Smith 2001")
    assert desk.current_id() == "extraction"
    assert page.session.studies.one(desk.place().where["study"]).label == "Smith 2001"
    desk.show_page("report")
    page.document.choose("INTERVENTION_EFFECTS")
    follow(page, qtbot, "Analysis 1.1")
    assert desk.current_id() == "analysis"
    rest(desk, qtbot)
    tree = page.session.synthesis.tree()
    assert desk.place().where == {"analysis": tree[0].analyses[0].id}


def test_a_link_to_the_web_is_handed_to_the_system(report: OpenReport, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda address: opened.append(address.toString()))
    page = report()
    page.document.text.anchorClicked.emit(QUrl("https://example.org/tea"))
    page.document.text.anchorClicked.emit(QUrl("file:///etc/passwd"))
    assert opened == ["https://example.org/tea"]


def test_pictures_are_shown_no_wider_than_the_text(report: OpenReport, qtbot: QtBot) -> None:
    page = report()
    page.document.choose("FIG-01")
    at_rest(page, qtbot)
    view = page.document.text
    image = view.loadResource(QTextDocument.ResourceType.ImageResource.value, QUrl("picture:0"))
    assert image is not None
    assert image.width() == 1  # type: ignore[attr-defined]
    assert 'src="picture:0"' in view.toHtml()


def test_text_is_copied(report: OpenReport, qtbot: QtBot) -> None:
    page = report()
    page.document.choose("CRIT_STUDIES")
    view = page.document.text
    view.setFocus()
    qtbot.keyClick(view, Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(view, Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text() == "Types of studies\nTrials"


# the check


def test_the_check_is_computed_when_it_is_looked_at_and_only_once(
    report: OpenReport, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    computed: list[str] = []
    real = verify.verify
    monkeypatch.setattr(verify, "verify", lambda file, *rest: computed.append(file.file_name) or real(file, *rest))
    page = report()
    assert computed == []
    page.show_place(tab="check")
    at_rest(page, qtbot)
    assert page.differences.state() == "Matches RevMan: 5 of 5"
    page.header.tabs.set_current("document")
    page.header.tabs.set_current("check")
    at_rest(page, qtbot)
    window = page.window()
    assert isinstance(window, MainWindow)
    window.work_as(page.session.reviewer.id)
    desk = window.desk()
    assert desk is not None
    desk.show_page("report", tab="check")
    rest(desk, qtbot)
    assert computed == ["tea.rm5"]


def test_differences_are_listed_with_their_number_on_the_tab(report: OpenReport, qtbot: QtBot) -> None:
    page = report(with_a_wrong_total())
    page.show_place(tab="check")
    at_rest(page, qtbot)
    rows = page.differences.table.rows()
    assert rows[0].stored == "2.90"
    page.differences.table.setFocus()
    qtbot.keyClick(page.differences.table, Key.Key_Down)
    assert page.differences.reason.text() == rows[-1].reason if len(rows) == 2 else page.differences.reason.text()


# what was read


def test_parts_lead_to_their_pages(report: OpenReport, qtbot: QtBot) -> None:
    page = report()
    page.show_place(tab="read")
    table = page.contents.table
    number = next(n for n, row in enumerate(table.rows()) if row.key == "items")
    table.choose(number)
    table.setFocus()
    qtbot.keyClick(table, Key.Key_Return)
    desk = page.window().desk()  # type: ignore[attr-defined]
    assert desk.current_id() == "riskofbias"


def test_f6_goes_through_the_panes_of_each_tab(report: OpenReport) -> None:
    page = report()
    for tab, count in (("document", 2), ("check", 1), ("read", 1)):
        page.show_place(tab=tab)
        assert len(page.panes()) == count
        for pane in page.panes():
            page.registry.trigger("view.next_pane")
            focused = QApplication.focusWidget()
            assert focused is not None
            assert pane is focused or pane.isAncestorOf(focused)
        page.registry.trigger("view.next_pane")


# a review made in Copse


def test_a_review_made_here_says_so_and_can_be_exported(
    make_window: MakeWindow, review_file: Path, answers: Answers, tmp_path: Path, qtbot: QtBot
) -> None:
    page = page_of(make_window(PAGES), review_file, qtbot)
    assert page.empty.title.text() == "This review was made in Copse"
    assert page.empty.isVisible()
    answers.target = tmp_path / "out.rm5"
    qtbot.mouseClick(page.findChild(type(page.export_button), "report.empty_export"), LEFT)
    at_rest(page, qtbot)
    assert read_review_file(answers.target).title == page.review.title


# handing on


@pytest.mark.parametrize(("entry", "name"), [(0, "out.rm5"), (1, "out.zip"), (2, "out.csv")])
def test_each_kind_of_file_is_written_from_the_menu(
    report: OpenReport, answers: Answers, tmp_path: Path, qtbot: QtBot, entry: int, name: str
) -> None:
    page = report()
    could_undo = page.registry.get("edit.undo").enabled_when()
    answers.target = tmp_path / name.split(".")[0]  # without its ending
    qtbot.mouseClick(page.export_button, LEFT)
    qtbot.waitUntil(lambda: any(menu.isVisible() for menu in page.findChildren(QMenu, "report.export.menu")))
    menu = next(menu for menu in page.findChildren(QMenu, "report.export.menu") if menu.isVisible())
    qtbot.mouseClick(menu, LEFT, pos=menu.actionGeometry(menu.actions()[entry]).center())
    at_rest(page, qtbot)
    target = tmp_path / name
    assert target.exists()
    if entry == 1:
        assert zipfile.is_zipfile(target)
    else:
        assert len(read_review_file(target).comparisons) == 2
    assert page.registry.get("edit.undo").enabled_when() == could_undo


def test_the_review_written_back_is_the_file_it_came_from(
    report: OpenReport, answers: Answers, tmp_path: Path, qtbot: QtBot
) -> None:
    page = report()
    answers.target = tmp_path / "back.rm5"
    page.registry.trigger("report.export_rm5")
    at_rest(page, qtbot)
    before, after = read_review_file(tmp_path / "tea.rm5"), read_review_file(answers.target)
    assert after.parts == before.parts
    assert after.comparisons == before.comparisons


def test_a_folder_that_is_not_there_keeps_nothing_and_says_so(
    report: OpenReport, answers: Answers, tmp_path: Path, qtbot: QtBot
) -> None:
    page = report()
    (tmp_path / "file").write_bytes(b"")
    answers.target = tmp_path / "file" / "out.rm5"
    page.registry.trigger("report.export_rm5")
    at_rest(page, qtbot)
    (message,) = page.messages.messages()
    assert "could not be written" in message.text()


def test_given_up_nothing_is_written(report: OpenReport, answers: Answers, tmp_path: Path, qtbot: QtBot) -> None:
    page = report()
    before = sorted(tmp_path.iterdir())
    answers.target = None
    page.registry.trigger("report.export_revman_web")
    at_rest(page, qtbot)
    assert sorted(tmp_path.iterdir()) == before


def test_very_long_texts_are_shown_at_once(report: OpenReport) -> None:
    long = "".join(f"<P>{'tea and colds ' * 30}{n}</P>" for n in range(2500))
    page = report(rm5_files.full(appendices=rm5_files.APPENDICES.replace("<P>1. tea</P>", long)))
    page.document.choose("APP-01")
    assert len(text(page)) > 1_000_000
