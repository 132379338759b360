"""The cover sheet, and the texts of a review that has no file of RevMan's yet."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from core.interchange.model import Part, PartKind, Person, ReviewFile
from core.interchange.rm5.titles import TITLES
from core.interchange.rm5.vocabulary import SECTIONS
from core.interchange.rm5.write_nodes import Node, leaf, node
from core.interchange.rm5.write_skeleton import skeleton
from core.interchange.rm5.write_text import formatted, rich

_UNKNOWN = "????"


def cover_sheet(file: ReviewFile) -> Node:
    """COVER_SHEET with title and people."""
    made = skeleton("COVER_SHEET")
    contact = next((person for person in file.authors if person.is_contact), None)
    given = {
        "TITLE": leaf("TITLE", file.title),
        "CONTACT": node("CONTACT", _person(contact, "AUTHOR") if contact else _person(Person("", ""), "UNKNOWN")),
        "CREATORS": node("CREATORS", *(_person(person, "AUTHOR") for person in file.authors)),
    }
    made.children = [given.get(child.tag, child) for child in made.children]
    return made


def _person(person: Person, role: str) -> Node:
    made = skeleton("PERSON")
    made.attributes = {"ID": person.id or _UNKNOWN, "ROLE": role}
    first, *rest = person.name.split() or [""]
    *middle, last = rest or [""]
    texts = {
        "FIRST_NAME": first if rest else "",
        "MIDDLE_INITIALS": " ".join(middle),
        "LAST_NAME": last if rest else first,
        "EMAIL_1": person.email,
        "ORGANISATION": person.organisation,
    }
    for child in _all(made):
        if child.tag in texts:
            child.text = texts[child.tag]
    return made


def fill_texts(root: Node, parts: Sequence[Part]) -> None:
    """Give the skeleton the texts, tables, appendices and pictures that are parts of the review.

    A text goes into the element that has its id as name. Figures that are not pictures have no form in RevMan that
    could be made of their text.
    """
    texts = {part.id: formatted(part.html) for part in parts if part.kind is PartKind.TEXT}
    for found in _all(root):
        if found.tag == "SUMMARY" and found.tag in texts:
            _fill_summary(found, texts[found.tag])
        elif found.tag in _FOOTNOTED and found.tag in texts:
            notes = found.children[-1]
            found.children[-1] = rich(notes.tag, [*texts[found.tag], *notes.children])
        elif found.tag in TITLES and found.tag in texts:
            found.children = [*texts[found.tag], *found.children]
    lists = {found.tag: found for found in root.children}
    for kind, (section, name, prefix, make) in _LISTS.items():
        made = [node(name, *content) for part in parts if part.kind is kind and (content := make(part))]
        for number, found in enumerate(made, 1):
            found.attributes = {"ID": f"{prefix}-{number:02}", "NO": str(number)}
            if kind is PartKind.FIGURE:
                found.attributes |= {"TYPE": "OTHER"} | _file(found.children[-1].text or "", number)
        lists[section].children = made


def _fill_summary(summary: Node, text: list[Node]) -> None:
    """The summary in plain language: its title is the paragraph in bold that comes first."""
    title, body = summary.children
    first = text[0] if text else None
    if first is not None and [child.tag for child in first.children] == ["B"] and not first.text:
        title.text = "".join(found.text or "" for found in _all(first.children[0]))
        text = text[1:]
    body.children = text


def _table(part: Part) -> list[Node]:
    content = formatted(part.html)
    table = next((found for found in content if found.tag == "TABLE"), Node("TABLE", {"COLS": "0", "ROWS": "0"}))
    notes = [found for found in content if found is not table]
    return [leaf("TITLE", part.title), table, rich("FOOTNOTES", notes)]


def _appendix(part: Part) -> list[Node]:
    return [leaf("TITLE", part.title), rich("APPENDIX_BODY", formatted(part.html))]


def _figure(part: Part) -> list[Node]:
    picture = _PICTURE.search(part.html)
    if picture is None:
        return []
    caption = part.html[: picture.start()] + part.html[picture.end() :]
    return [rich("CAPTION", formatted(caption)), leaf("FILE", picture[1])]


def _file(coded: str, number: int) -> dict[str, str]:
    """What kind of file a picture is, by the first bytes in their base-64 form."""
    kind = "JPEG" if coded.startswith("/9j/") else "GIF" if coded.startswith("R0lGOD") else "PNG"
    return {"FILENAME": f"figure-{number:02}.{kind.lower()}", "FILE_TYPE": kind}


_FOOTNOTED: Final = frozenset(section.characteristics for section in SECTIONS)
_PICTURE: Final = re.compile(r'<img src="data:image/\w+;base64,([^"]*)"[^>]*>')
_LISTS: Final[Mapping[PartKind, tuple[str, str, str, Callable[[Part], list[Node]]]]] = {
    PartKind.SUMMARY_OF_FINDINGS: ("SOF_TABLES", "SOF_TABLE", "SOF", _table),
    PartKind.TABLE: ("ADDITIONAL_TABLES", "ADDITIONAL_TABLE", "TBL", _table),
    PartKind.FIGURE: ("FIGURES", "FIGURE", "FIG", _figure),
    PartKind.APPENDIX: ("APPENDICES", "APPENDIX", "APP", _appendix),
}


def _all(start: Node) -> Iterator[Node]:
    yield start
    for child in start.children:
        yield from _all(child)
