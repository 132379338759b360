"""The words of judging: how a verdict is shown and said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from core.language import counted, day, inside, tr
from core.model import Verdict
from gui.widgets.marks import Tone

WORDS = {Verdict.INCLUDE: tr("Include"), Verdict.EXCLUDE: tr("Exclude"), Verdict.MAYBE: tr("Maybe")}
TONES = {Verdict.INCLUDE: Tone.INCLUDE, Verdict.EXCLUDE: Tone.EXCLUDE, Verdict.MAYBE: Tone.MAYBE}
DONE = {Verdict.INCLUDE: tr("Included"), Verdict.EXCLUDE: tr("Excluded"), Verdict.MAYBE: tr("Kept as maybe")}


def done_sentence(verdict: Verdict, reason: str) -> str:
    """“Excluded: wrong design.”"""
    return f"{DONE[verdict]}: {lower_first(reason)}." if reason else f"{DONE[verdict]}."


def lower_first(text: str) -> str:
    """The text as it stands within a sentence; names and abbreviations keep their capitals."""
    words = text.split(" ", 1)
    is_name = not words[0][:1].isupper() or words[0][1:] != words[0][1:].lower()
    return text if is_name else inside(text, lambda word: word[0].lower() + word[1:])


def listed(names: Sequence[str]) -> str:
    """“Asha, Tom and Rosa”."""
    if len(names) < 2:
        return "".join(names)
    return tr("{names} and {last}", names=", ".join(names[:-1]), last=names[-1])


def either(names: Sequence[str]) -> str:
    """“Asha, Tom or Rosa”."""
    if len(names) < 2:
        return "".join(names)
    return tr("{names} or {last}", names=", ".join(names[:-1]), last=names[-1])


def possessives(names: Sequence[str]) -> str:
    """“Asha’s and Tom’s”, before the thing that is theirs."""
    return listed([tr("{name}’s", name=name) for name in names])


def first_name(name: str) -> str:
    """How a colleague is called within a sentence."""
    return name.split()[0] if name.split() else name


def moment(milliseconds: int) -> str:
    """When something was decided, in local time: “2 November, 10:14”, with the year unless it is this one."""
    when = datetime.fromtimestamp(milliseconds / 1000).astimezone()
    this_year = when.year == datetime.now().astimezone().year
    return tr("{day}, {time}", day=day(when, year=not this_year), time=f"{when:%H:%M}")


def records(number: int) -> str:
    """“1 record”, “3,127 records”."""
    return counted("{n} record", "{n} records", number)
