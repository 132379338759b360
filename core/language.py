"""The one place through which every text for people goes: English as written in the code, or a catalogue's translation.

The language is chosen once, before the window is made; texts that stand at the head of a module are translated as the
module is read. The command line and all that is exported for publication stay English.
"""

from __future__ import annotations

import gettext
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from typing_extensions import override

ENGLISH = "en"
_FOLDER = Path(__file__).parent.parent / "resources" / "i18n"


class _State:
    code: str = ENGLISH
    catalogue: gettext.NullTranslations = gettext.NullTranslations()


def use(code: str) -> None:
    """Speak the language of `code` ("de") from now on; a language without a catalogue is English."""
    catalogue = gettext.translation("copse", _FOLDER, [code], fallback=True)
    speak(catalogue, code if type(catalogue) is not gettext.NullTranslations else ENGLISH)


def speak(catalogue: gettext.NullTranslations, code: str) -> None:
    """Speak as `catalogue` has it."""
    _State.catalogue, _State.code = catalogue, code


def available() -> list[str]:
    """The codes of the languages that have a catalogue, without English."""
    return sorted(path.parent.parent.name for path in _FOLDER.glob("*/LC_MESSAGES/copse.mo"))


def current() -> str:
    """The code of the language in use."""
    return _State.code


class Phrase(str):
    """English that can still be said in another language: it knows the text and the values it was made of.

    Core keeps, prints and exports it as the English it is; `tr` says it, also as a value of another text.
    """

    template: str
    values: Mapping[str, object]

    def __new__(cls, template: str, values: Mapping[str, object] | None = None) -> Phrase:
        made = super().__new__(cls, template.format(**values) if values else template)
        made.template, made.values = template, values or {}
        return made

    @override
    def __reduce__(self) -> tuple[type[Phrase], tuple[str, Mapping[str, object]]]:
        return Phrase, (self.template, self.values)


def mark(text: str) -> Phrase:
    """`text` itself: tells the catalogues of a text that `tr` gets later by name."""
    return Phrase(text)


def phrase(text: str, /, **values: object) -> Phrase:
    """`text` in English, its ``{braces}`` filled with `values`, to be said in the language in use by `tr`, later."""
    return Phrase(text, values)


def tr(text: str, /, **values: object) -> str:
    """`text` in the language in use, its ``{braces}`` filled with `values`; without values braces stay as they are.

    `text` must be written out at the call, or be marked where it is: the catalogues are made from the code.
    """
    if isinstance(text, Phrase):
        text, values = text.template, {**text.values, **values}
    translated = _State.catalogue.gettext(text) if text else ""
    return translated.format(**_said(values)) if values else translated


def counted(one: str, many: str, number: int, /, **values: object) -> str:
    """`one` or `many`, whichever the language uses for `number`; ``{n}`` in them is the number as people read it."""
    return _State.catalogue.ngettext(one, many, number).format(n=figure(number), **_said(values))


def said(text: str) -> str:
    """A phrase in the language in use; any other text, such as a label that somebody typed, as it is."""
    return tr(text) if isinstance(text, Phrase) else text


def _said(values: Mapping[str, object]) -> dict[str, object]:
    return {name: tr(value) if isinstance(value, Phrase) else value for name, value in values.items()}


def figure(number: int) -> str:
    """A count with its thousands apart: 3,127 in English; the catalogue may say another sign."""
    comma = _State.catalogue.pgettext("between thousands", ",")
    return f"{number:,}".replace(",", comma)


def inside(text: str, lower: Callable[[str], str] = str.lower) -> str:
    """`text` as it stands within a sentence: in small letters (as `lower` makes them) where the language does so."""
    does_so = _State.catalogue.pgettext("a label within a sentence, small letters or as it is", "small letters")
    return lower(text) if does_so == "small letters" else text


_MONTHS = (
    mark("January"), mark("February"), mark("March"), mark("April"), mark("May"), mark("June"),
    mark("July"), mark("August"), mark("September"), mark("October"), mark("November"), mark("December"),
)  # fmt: skip


def day(when: date, *, year: bool = True) -> str:
    """A date as people write it: 12 November 2025, or 12 November."""
    month = tr(_MONTHS[when.month - 1])
    if year:
        return tr("{day} {month} {year}", day=when.day, month=month, year=when.year)
    return tr("{day} {month}", day=when.day, month=month)
