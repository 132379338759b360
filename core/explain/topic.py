"""What an explanation is made of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Topic:
    """One thing explained: English as written, marked for the catalogues; the window translates what it shows.

    `pages` are the ids of the pages that list it. `text` says what the thing is, `copse` what Copse does and assumes,
    `care` when to be careful, `source` who says so. `related` are ids of other topics; `words` are other names under
    which it is looked for.
    """

    id: str
    title: str
    pages: tuple[str, ...]
    text: str
    copse: str = ""
    care: str = ""
    formula: str = ""
    source: str = ""
    related: tuple[str, ...] = ()
    words: str = ""
