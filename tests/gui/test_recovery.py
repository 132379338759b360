"""After a crash: what was open is opened again where one was, and only then."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.review import Review
from gui import errors
from gui.main_window import MainWindow
from gui.pages import PAGES
from gui.recovery import OpenReviews, Reopening
from gui.settings import Place, Settings
from tests.gui.conftest import MakeWindow
from tests.gui.test_window import desk_of
from tests.reviews import new_review, sessions

ROOT = Path(__file__).parents[2]

CRASH = """
import os, signal, sys
from pathlib import Path
from gui import app, memory
from gui.recovery import OpenReviews
from gui.settings import Settings

memory._NOTE_EVERY_MS = 20
application = app.make_application()
settings, review = Settings(Path(sys.argv[1])), Path(sys.argv[2])
window = app.make_window(settings)
window.windows.keep_account(OpenReviews(settings.folder / "open"))

def decide():
    page = window.desk().current_page()
    page.write(lambda s: s.protocol.add_criterion("include", "Adults")).done(lambda _id: wait()).run()

def wait():
    window.desk().show_page("references", tab="records", record=window.desk().workspace.session.references.ids()[4])
    die_when_noted()

def die_when_noted():
    if "record" in settings.place(review).where:
        os.kill(os.getpid(), signal.SIGKILL)
    memory.QTimer.singleShot(20, die_when_noted)

window.review_shown.connect(decide)
window.show()
window.open_review(review)
application.exec()
"""


def python(code: str, *arguments: str) -> int:
    done = subprocess.run([sys.executable, "-c", code, *arguments], cwd=ROOT, capture_output=True, check=False)
    return done.returncode


def note(settings: Settings, *reviews: Path, again: bool = False) -> None:
    """What a run that was killed leaves behind."""
    account = OpenReviews(settings.folder / "open")
    (account.reopening if again else account.note)(reviews)
    assert account._lock is not None
    account._lock.unlock()


def start(window: MainWindow, crash: str = "") -> OpenReviews:
    """Begin as the program does."""
    account = OpenReviews(window.settings.folder / "open")
    window.windows.keep_account(account)
    Reopening(window, account, crash).start()
    return account


def said(window: MainWindow) -> list[str]:
    desk = window.desk()
    page = desk.current_page() if desk is not None else None
    return [each.text() for each in (page or window.start).messages.messages()]


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_a_killed_program_begins_again_where_it_was(
    make_window: MakeWindow, settings: Settings, tmp_path: Path, qtbot: QtBot
) -> None:
    review = new_review(tmp_path, 12)
    wanted = sessions(review)[0].references.ids()[4]
    review.close()
    assert python(CRASH, str(settings.folder / "settings.ini"), str(review.path)) == -signal.SIGKILL
    settings = Settings(settings.folder / "settings.ini")
    window = make_window(PAGES)
    with qtbot.waitSignal(window.review_shown):
        account = start(window)
    desk = desk_of(window)
    assert desk.current_id() == "references"
    qtbot.waitUntil(lambda: desk.place() == Place("references", {"tab": "records", "record": wanted}))
    assert [each.text for each in desk.workspace.session.protocol.criteria()] == ["Adults"]
    assert said(window) == [
        "Copse was not closed properly last time. review.copse was reopened where you were; nothing that was saved is "
        "lost."
    ]
    window.close()
    assert account.left_behind().reviews == ()
    assert list((settings.folder / "open").iterdir()) == []


def test_several_reviews_come_back_in_several_windows_and_what_is_gone_is_named(
    make_window: MakeWindow, settings: Settings, tmp_path: Path, qtbot: QtBot
) -> None:
    paths: list[Path] = []
    for name in ("one", "two", "three"):
        (tmp_path / name).mkdir()
        review = new_review(tmp_path / name)
        review.close()
        paths.append(review.path.rename(tmp_path / f"{name}.copse"))
    held = Review.open(paths[1])
    note(settings, paths[0], tmp_path / "gone.copse", *paths[1:])
    window = make_window()
    start(window)
    qtbot.waitUntil(lambda: bool(said(window)))
    assert [each.open_path() for each in window.windows.all()] == [paths[0], paths[2]]
    (text,) = said(window)
    assert "one.copse and three.copse were reopened where you were" in text
    assert f"gone.copse is no longer in {tmp_path}, so it was not opened." in text
    assert "two.copse is already open in another Copse window" in text
    held.close()
    for each in window.windows.all():
        each.close()


def test_a_review_that_ends_the_program_again_is_only_offered(
    make_window: MakeWindow, settings: Settings, review_file: Path, qtbot: QtBot
) -> None:
    note(settings, review_file, again=True)
    window = make_window()
    start(window, "Copse 1.0\nFatal Python error")
    assert window.desk() is None
    (message,) = window.start.messages.messages()
    assert "ended twice in a row while review.copse was open" in message.text()
    qtbot.mouseClick(message.buttons[1], Qt.MouseButton.LeftButton)
    assert QApplication.clipboard().text().endswith("Fatal Python error")
    with qtbot.waitSignal(window.review_shown):
        qtbot.mouseClick(message.buttons[0], Qt.MouseButton.LeftButton)


def test_a_run_at_work_is_left_alone_and_one_that_was_closed_leaves_nothing(
    make_window: MakeWindow, settings: Settings, review_file: Path, qtbot: QtBot
) -> None:
    window = make_window()
    account = start(window)
    with qtbot.waitSignal(window.review_shown):
        window.open_review(review_file)
    other = OpenReviews(settings.folder / "open")
    assert other.left_behind().reviews == ()
    window.close_review()
    assert list((settings.folder / "open").iterdir()) == []
    account.close()
    assert said(window) == []


def test_a_page_is_found_again_with_its_tab_but_by_another_reviewer_only_the_page(
    make_window: MakeWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    review = new_review(tmp_path, 12)
    review.close()
    window = make_window(PAGES)
    with qtbot.waitSignal(window.review_shown):
        window.open_review(review.path)
    desk_of(window).show_page("screening", tab="decided")
    window.close_review()
    with qtbot.waitSignal(window.review_shown):
        window.open_review(review.path)
    qtbot.waitUntil(lambda: desk_of(window).place() == Place("screening", {"tab": "decided"}))
    desk_of(window).top_bar.people_menu().actions()[1].trigger()
    qtbot.waitUntil(lambda: desk_of(window).workspace.runner.pending == 0)
    assert desk_of(window).place().page == "screening"
    assert desk_of(window).place() != Place("screening", {"tab": "decided"})


@pytest.mark.skipif(sys.platform == "win32", reason="another message there")
def test_a_fatal_error_leaves_its_place_for_the_next_start(tmp_path: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; from gui import errors\n"
        "assert errors.catch_fatal(Path(sys.argv[1])) == ''\n"
        "os.abort()"
    )
    assert python(code, str(tmp_path / "log")) == -signal.SIGABRT
    file = tmp_path / "log" / "fatal.log"
    told = file.read_text(encoding="utf-8")
    assert "Fatal Python error: Aborted" in told
    file.write_text(told + f'  File "{ROOT / "gui" / "desk.py"}", line 1 in show\n', encoding="utf-8")
    shown = errors.details_of_fatal(file)
    assert 'File "gui/desk.py", line 1 in show' in shown
    assert str(ROOT) not in shown
    assert not file.exists()
    assert errors.details_of_fatal(file) == ""
