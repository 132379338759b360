"""The cover sheet: who wrote the review, when, and with whose support."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from html import escape

from core.interchange.model import Part, PartKind, Person
from core.interchange.rm5.elements import attribute, child, children, tag, words
from core.interchange.rm5.texts import Html, paragraphs
from core.interchange.rm5.titles import DATES, EVENTS
from core.interchange.rm5.xml import Element
from core.language import day, mark, phrase


def read_people(root: Element) -> tuple[Person, ...]:
    """The authors in their order; the contact is one of them, or stands last."""
    sheet = child(root, "COVER_SHEET")
    people = [person for found in children(child(sheet, "CREATORS"), "PERSON") if (person := _person(found)).name]
    contact = child(sheet, "CONTACT", "PERSON")
    asked = _person(contact) if contact is not None else None
    if asked is None or not asked.name:
        return tuple(people)
    for position, person in enumerate(people):
        if (person.id and person.id == asked.id) or person.name == asked.name:
            people[position] = replace(person, is_contact=True, email=person.email or asked.email)
            return tuple(people)
    return (*people, replace(asked, is_contact=True))


def _person(element: Element) -> Person:
    name = " ".join(filter(None, (words(element, part) for part in ("FIRST_NAME", "MIDDLE_INITIALS", "LAST_NAME"))))
    return Person(
        id=attribute(element, "ID"),
        name=name,
        email=words(element, "EMAIL_1") or words(element, "EMAIL_2"),
        organisation=words(element, "ADDRESS", "ORGANISATION"),
    )


def date_of(parent: Element | None) -> str:
    """The DATE in an element as people write it; as the file has it where that is no date; empty without one."""
    found = child(parent, "DATE")
    year, month, number = (attribute(found, name) for name in ("YEAR", "MONTH", "DAY"))
    try:
        return day(date(int(year), int(month), int(number)))
    except ValueError:
        return "-".join(filter(None, (year, month, number)))


def cover_parts(root: Element, html: Html) -> Iterator[Part]:
    """What is on the cover sheet."""
    sheet = child(root, "COVER_SHEET")
    texts = (
        ("COVER_SHEET", mark("About the review"), 1, _review(root)),
        ("CREATORS", mark("Authors"), 2, _people(sheet)),
        ("DATES", mark("Dates"), 2, _dates(child(sheet, "DATES"))),
        ("WHATS_NEW", mark("What's new"), 2, _events(child(sheet, "WHATS_NEW"), html)),
        ("HISTORY", mark("History"), 2, _events(child(sheet, "HISTORY"), html)),
        ("SOURCES_OF_SUPPORT", mark("Sources of support"), 2, _support(child(sheet, "SOURCES_OF_SUPPORT"), html)),
        ("MESH_TERMS", mark("Subject headings"), 2, html.of(child(sheet, "MESH_TERMS"))),
        ("KEYWORDS", mark("Keywords"), 2, html.of(child(sheet, "KEYWORDS"))),
    )
    shown = [Part(PartKind.ABOUT, id, title, level, text) for id, title, level, text in texts if text or level == 1]
    return iter(shown if len(shown) > 1 or shown[0].html else [])


def _review(root: Element) -> str:
    said = (
        (mark("DOI: {value}"), attribute(root, "DOI")),
        (mark("Review group: {value}"), attribute(root, "GROUP_ID")),
        (mark("Review number: {value}"), attribute(root, "REVIEW_NO")),
        (mark("Version: {value}"), attribute(root, "VERSION_NO")),
    )
    lines = [*(phrase(text, value=value) for text, value in said if value), attribute(root, "DESCRIPTION")]
    return paragraphs("\n".join(lines))


def _people(sheet: Element | None) -> str:
    lines: list[str] = []
    for element in children(child(sheet, "CREATORS"), "PERSON"):
        person = _person(element)
        address = child(element, "ADDRESS")
        place = (words(address, name) for name in ("DEPARTMENT", "ORGANISATION", "CITY", "COUNTRY"))
        parts = (words(element, "POSITION"), *place, person.email)
        if person.name:
            named = f"<b>{escape(person.name)}</b>"
            lines.append("<li>" + ", ".join((named, *(escape(part) for part in parts if part))) + "</li>")
    return f"<ul>{''.join(lines)}</ul>" if lines else ""


def _dates(section: Element | None) -> str:
    lines: list[str] = []
    for element in children(section):
        issue = ", ".join(filter(None, (attribute(element, "YEAR"), attribute(element, "ISSUE"))))
        when = date_of(element) or issue
        if when:
            lines.append(f"{DATES.get(tag(element), tag(element))}: {when}")
    return paragraphs("\n".join(lines))


def _events(section: Element | None, html: Html) -> str:
    found: list[str] = []
    for element in children(section, "WHATS_NEW_ENTRY"):
        event = attribute(element, "EVENT")
        title = ": ".join(filter(None, (date_of(element), EVENTS.get(event, event))))
        found.append(f"<li><b>{escape(title)}</b>{html.of(child(element, 'DESCRIPTION'))}</li>")
    return f"<ul>{''.join(found)}</ul>" if found else ""


def _support(section: Element | None, html: Html) -> str:
    headings = {"INTERNAL_SOURCES": mark("Internal sources"), "EXTERNAL_SOURCES": mark("External sources")}
    found = ""
    for group in children(section, *headings):
        lines: list[str] = []
        for element in children(group, "SOURCE"):
            named = ", ".join(filter(None, (words(element, "NAME"), words(element, "COUNTRY"))))
            lines.append(f"<li>{escape(named)}{html.of(child(element, 'DESCRIPTION'))}</li>")
        if lines:
            found += f"<h4>{escape(headings[tag(group)])}</h4><ul>{''.join(lines)}</ul>"
    return found
