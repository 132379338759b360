"""Errors that a person may see: a code, the English sentence, and what fills its braces.

The sentence is translated when it is read, not in the log. Core raises these for everything a user can cause or mend;
anything else that escapes is a defect and goes to the log.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from core.language import tr


class CopseError(Exception):
    """Something the user can understand and act on.

    ``code`` is stable and dotted (``"file.newer"``); ``params`` fill ``text``'s ``{braces}``; ``text`` says what
    happened, to which item, what was kept and what to do now.
    """

    def __init__(self, code: str, text: str, **params: object) -> None:
        self.code = code
        self.text = text
        self.params = params
        super().__init__(readable(text.format(**params)))

    def __reduce__(self) -> tuple[Callable[..., CopseError], tuple[object, ...]]:
        # An exception is rebuilt from its one argument, the sentence, unless it says otherwise.
        return _again, (type(self), self.code, self.text, self.params)

    @property
    def message(self) -> str:
        """The sentence in the language in use, with its parameters filled in."""
        return readable(tr(self.text, **self.params) if self.params else tr(self.text).format())


def readable(text: str) -> str:
    """A text that can be shown and kept: a file name may hold bytes that no encoding makes letters of."""
    return "".join("\ufffd" if "\ud800" <= letter <= "\udfff" else letter for letter in text)


def _again(kind: type[CopseError], code: str, text: str, params: Mapping[str, object]) -> CopseError:
    return kind(code, text, **params)


class InputError(CopseError):
    """What was given cannot be used as it is: a value, a file, a combination of settings."""


class NotAllowed(CopseError):
    """The reviewer may not do or see this."""


class Conflict(CopseError):
    """The state has moved on since the caller looked, so the action was refused and nothing was changed."""


class FileProblem(CopseError):
    """The review's file cannot be opened or written."""
