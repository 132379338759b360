"""The cover sheet, and the texts of a review that has no file of RevMan's yet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from core.interchange.model import Part, PartKind, Person, ReviewFile
from core.interchange.rm5.write_nodes import Node, leaf, node
from core.interchange.rm5.write_skeleton import skeleton
from core.interchange.rm5.write_text import formatted

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
    """Give every element of the skeleton's texts the text of the part that has its name as id."""
    texts = {part.id: part.html for part in parts if part.kind is PartKind.TEXT and part.html}
    main = next(child for child in root.children if child.tag == "MAIN_TEXT")
    for found in _all(main):
        if found.tag in texts:
            found.children = [*formatted(texts[found.tag]), *found.children]


def _all(start: Node) -> Iterator[Node]:
    yield start
    for child in start.children:
        yield from _all(child)
