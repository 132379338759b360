"""The whole window goes through the language: no text goes another way, and German is spoken."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale

from core import language
from core.language import available, tr
from gui import tongue
from gui.settings import Settings

ROOT = Path(__file__).parents[2]
Views = dict[str, dict[str, list[str]]]
_KEYS = r"(?:(?:Ctrl|Shift|Alt)\+)+\S+|\b(?:Ctrl|Alt|Shift|PgUp|PgDown|Del|Esc|Tab|Space|Home|End)\b"
_NAMES = "Copse; DOI; PubMed; PDF; SVG; RoB; English; handbook-5-1.cochrane.org; Favours control; Favours ketamine; τ²"
"""Names, formats, and the words of the figure, which is exported in English."""
_ELSEWHERE = ("about",)
"""Names of libraries and their licences."""
_APART = re.compile(r"[,;:·←/()“”•\n]|\s-\s|\.(?:\s|$)|\s\s+")


def everything(code: str, folder: Path, *options: str) -> Views:
    """What the window shows of the example in this language."""
    out = folder / "texts.json"
    command = [sys.executable, "-m", "tests.tools.every_text", code, str(out), "--folder", str(folder), *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(out.read_text(encoding="utf-8"))


def pieces(text: str) -> list[str]:
    """What a text lists, in small letters and without signs and numbers."""
    names = (re.sub(r"(?<=\w) [^\W\d_a-zäöü]{1,3}$", "", part) for part in _APART.split(text))  # “Park JP” is Park
    return [" ".join(re.findall(r"[^\W\d_]+", part)).casefold() for part in names]


class Data:
    """What stands in the file of a review, but for its log, and a few names."""

    def __init__(self, review: Path) -> None:
        found = [_NAMES, str(review)]
        with sqlite3.connect(f"file:{review}?mode=ro", uri=True) as connection:
            tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            for table in tables:
                if not table.startswith(("operation", "change", "sqlite_")) and "search" not in table:
                    rows = connection.execute(f'SELECT * FROM "{table}"')
                    found += {value for row in rows for value in row if isinstance(value, str)}
        self._entries = {piece for text in found for piece in pieces(text.replace('","', "; "))}
        self._all = " ".join(" ".join(re.findall(r"[^\W\d_]+", text)).casefold() for text in found)

    def __contains__(self, piece: str) -> bool:
        """A word by itself is an entry; several may be part of a longer one."""
        return piece in self._entries or (" " in piece and piece in self._all)


def unsaid(text: str) -> str:
    """What is left of a text without what is in brackets."""
    while (shorter := re.sub("⟦[^⟦⟧]*⟧", "", text)) != text:
        text = shorter
    return re.sub(_KEYS, "", text)


def test_every_text_goes_through_the_language(tmp_path: Path) -> None:
    views = everything("pseudo", tmp_path)
    data = Data(tmp_path / "example.copse")
    found = {
        f"{view}: {text}"
        for view, shown in views.items()
        if view not in _ELSEWHERE
        for text in shown["texts"]
        for piece in pieces(unsaid(text))
        if re.search(r"[^\W\d_]{2}", piece) and piece not in data
    }
    assert len(views) > 20
    assert sum("⟦" in text for shown in views.values() for text in shown["texts"]) > 500
    assert sorted(found) == []


def test_german_is_spoken(tmp_path: Path) -> None:
    views = everything("de", tmp_path, "--pages", "screening", "start")
    start, screen = (set(views[name]["texts"]) for name in ("start", "screening-screen"))
    assert {"Neuer Review", "Öffnen…", "Zuletzt geöffnet"} <= start
    assert {"Screening", "Alle 3\u202f127 Datensätze haben Ihre Entscheidung.", "Zum Volltext"} <= screen
    assert [fault for shown in views.values() for fault in shown["faults"]] == []


@pytest.mark.looks
@pytest.mark.parametrize("code", available())
def test_other_languages_fit_into_the_window(code: str, tmp_path: Path) -> None:
    views = everything(code, tmp_path, "--pictures", str(ROOT / "build" / "screenshots" / code))
    assert [f"{view} {fault}" for view, shown in views.items() for fault in shown["faults"]] == []


def test_the_language_is_the_one_set_else_the_systems(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "settings.ini")
    try:
        settings.language = "de"
        tongue.choose(settings)
        assert (language.current(), tr("Import files")) == ("de", "Dateien importieren")
        settings.language = ""
        tongue.choose(settings)
        assert language.current() == (code if (code := QLocale.system().name()[:2]) in available() else "en")
    finally:
        language.use(language.ENGLISH)
    assert tongue.choices()[0] == ("English", "en")
    assert ("Deutsch", "de") in tongue.choices()
