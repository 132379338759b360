"""The words of judging: how a verdict is shown and said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QDate, QLocale

from core.language import current
from core.model import Verdict
from gui.widgets.marks import Tone

WORDS = {Verdict.INCLUDE: "Include", Verdict.EXCLUDE: "Exclude", Verdict.MAYBE: "Maybe"}
TONES = {Verdict.INCLUDE: Tone.INCLUDE, Verdict.EXCLUDE: Tone.EXCLUDE, Verdict.MAYBE: Tone.MAYBE}
DONE = {Verdict.INCLUDE: "Included", Verdict.EXCLUDE: "Excluded", Verdict.MAYBE: "Kept as maybe"}


def done_sentence(verdict: Verdict, reason: str) -> str:
    """“Excluded: wrong design.”"""
    return f"{DONE[verdict]}: {lower_first(reason)}." if reason else f"{DONE[verdict]}."


def lower_first(text: str) -> str:
    """The text as it stands within a sentence; names and abbreviations keep their capitals."""
    words = text.split(" ", 1)
    return text if not words[0][:1].isupper() or words[0][1:] != words[0][1:].lower() else text[0].lower() + text[1:]


def listed(names: Sequence[str]) -> str:
    """“Asha, Tom and Rosa”."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""


def first_name(name: str) -> str:
    """How a colleague is called within a sentence."""
    return name.split()[0] if name.split() else name


def moment(milliseconds: int) -> str:
    """When something was decided, in local time: “2 November, 10:14”, with the year unless it is this one."""
    when = datetime.fromtimestamp(milliseconds / 1000).astimezone()
    form = "d MMMM" if when.year == datetime.now().astimezone().year else "d MMMM yyyy"
    return f"{QLocale(current()).toString(QDate(when.year, when.month, when.day), form)}, {when:%H:%M}"


def records(number: int) -> str:
    """“1 record”, “3,127 records”."""
    return f"{number:,} record" if number == 1 else f"{number:,} records"
