"""The texts of a review: its sections, tables, figures and appendices as parts for reading."""

from __future__ import annotations

import binascii
from collections.abc import Iterator
from dataclasses import replace
from html import escape
from typing import Final

from core.interchange.model import OtherReference, Part, PartKind, Reference
from core.interchange.rm5 import names
from core.interchange.rm5.cover import cover_parts, date_of
from core.interchange.rm5.elements import Notes, attribute, child, children, tag, where, words
from core.interchange.rm5.labels import numbered
from core.interchange.rm5.texts import RICH, Html, paragraphs, plain, plain_of_html
from core.interchange.rm5.titles import TITLES
from core.interchange.rm5.vocabulary import CATEGORIES, SECTIONS
from core.interchange.rm5.xml import Element
from core.language import mark, phrase

_CATEGORY_TITLES: Final = {
    "additional": mark("Additional references"),
    "other_versions": mark("Other published versions of this review"),
    "pending": mark("References to be classified"),
}
_FOOTNOTES_OF: Final = {
    "INCLUDED_STUDIES": mark("Footnotes to the characteristics of included studies"),
    "EXCLUDED_STUDIES": mark("Footnotes to the characteristics of excluded studies"),
    "AWAITING_STUDIES": mark("Footnotes to the characteristics of studies awaiting classification"),
    "ONGOING_STUDIES": mark("Footnotes to the characteristics of ongoing studies"),
}
_PICTURES: Final = ((b"\x89PNG", "png"), (b"\xff\xd8\xff", "jpeg"), (b"GIF8", "gif"))


def read_parts(root: Element, references: tuple[OtherReference, ...], html: Html, notes: Notes) -> tuple[Part, ...]:
    """All parts in the order of reading; sections that hold nothing are left out."""
    parts = [
        *cover_parts(root, html),
        *_sections(child(root, "MAIN_TEXT"), html),
        *_tables(child(root, "SOF_TABLES"), "SOF_TABLE", PartKind.SUMMARY_OF_FINDINGS, html),
        *_tables(child(root, "ADDITIONAL_TABLES"), "ADDITIONAL_TABLE", PartKind.TABLE, html),
        *_footnotes(root, html),
        *_figures(root, html, notes),
        *_appendices(root, html),
        *_feedback(root, html),
        *_references(references),
        *_authors_notes(root),
    ]
    found: dict[str, Part] = {}
    for part in parts:
        id = names.unique(part.id, found)
        found[id] = replace(part, id=id)
    return tuple(found.values())


# --- sections --------------------------------------------------------------------------------------------------------


def _sections(parent: Element | None, html: Html) -> Iterator[Part]:
    """The chapters in an element with all their sections; BODY is no level of its own."""
    for element in children(parent):
        name = tag(element)
        if name == "BODY":
            yield from _sections(element, html)
        elif name in TITLES:
            yield from _section(element, html, 1)
        elif text := html.of(element):
            yield Part(PartKind.TEXT, name, name.replace("_", " ").capitalize(), 1, text)


def _section(element: Element, html: Html, level: int) -> list[Part]:
    """A section and those in it; none where all are empty."""
    name = tag(element)
    within = [part for inner in children(element) if _is_section(inner) for part in _section(inner, html, level + 1)]
    text = _summary(element, html) if name == "SUMMARY" else html.of(element, _is_section)
    return [Part(PartKind.TEXT, name, TITLES[name], level, text), *within] if text or within else []


def _summary(element: Element, html: Html) -> str:
    title = words(element, "TITLE")
    return (f"<p><b>{escape(title)}</b></p>" if title else "") + html.of(element, _is_title)


def _is_title(element: Element) -> bool:
    return tag(element) == "TITLE"


def _is_section(element: Element) -> bool:
    return tag(element) in TITLES


# --- tables, figures, appendices -------------------------------------------------------------------------------------


def _tables(section: Element | None, name: str, kind: PartKind, html: Html) -> Iterator[Part]:
    for position, element in enumerate(children(section, name), start=1):
        title = words(element, "TITLE") or numbered(element, position)
        yield Part(kind, attribute(element, "ID") or title, title, 1, html.of(element, _is_title))


def _footnotes(root: Element, html: Html) -> Iterator[Part]:
    for section in SECTIONS:
        text = html.of(child(root, "CHARACTERISTICS_OF_STUDIES", section.characteristics, "FOOTNOTES"))
        if text:
            yield Part(PartKind.TEXT, section.characteristics, _FOOTNOTES_OF[section.studies], 1, text)


def _figures(root: Element, html: Html, notes: Notes) -> Iterator[Part]:
    for position, element in enumerate(children(child(root, "FIGURES"), "FIGURE"), start=1):
        caption = child(element, "CAPTION")
        title = numbered(element, position)
        picture = _picture(element, plain(caption) or title, notes)
        chart = child(element, "FLOWCHART")
        flow = "" if chart is None else "".join(f"<li>{escape(text)}</li>" for text in _boxes(chart))
        target = attribute(element, "REF_ID")
        link = f'<p><a href="#{escape(target)}">{escape(html.called(target))}</a></p>' if target else ""
        text = html.of(caption) + picture + (f"<ul>{flow}</ul>" if flow else "") + link
        yield Part(PartKind.FIGURE, attribute(element, "ID") or title, title, 1, text)


def _boxes(chart: Element) -> Iterator[str]:
    """The texts of a flow diagram's boxes: of the innermost elements that are no formatting."""
    inner = [element for element in children(chart) if tag(element) not in RICH]
    if not inner and (text := plain(chart).replace("\n", " ")):
        yield text
    for element in inner:
        yield from _boxes(element)


def _picture(figure: Element, alternative: str, notes: Notes) -> str:
    """The picture in a figure, as an address that holds it."""
    file = child(figure, "FILE")
    coded = "".join(((file.text if file is not None else "") or "").split())
    if not coded:
        return ""
    try:
        picture = binascii.a2b_base64(coded, strict_mode=True)
    except (binascii.Error, ValueError):
        picture = b""
    kind = next((kind for start, kind in _PICTURES if picture.startswith(start)), "")
    if not kind:
        said = phrase(
            "The picture {name} cannot be shown: it is no PNG, JPEG or GIF.", name=attribute(figure, "FILENAME")
        )
        notes.add(where(figure), said)
        return ""
    return f'<img src="data:image/{kind};base64,{coded}" alt="{escape(alternative)}">'


def _appendices(root: Element, html: Html) -> Iterator[Part]:
    for position, element in enumerate(children(child(root, "APPENDICES"), "APPENDIX"), start=1):
        title = words(element, "TITLE") or numbered(element, position)
        text = html.of(element, _is_title)
        yield Part(PartKind.APPENDIX, attribute(element, "ID") or title, title, 1, text)


def _feedback(root: Element, html: Html) -> Iterator[Part]:
    headings = {
        "FEEDBACK_SUMMARY": mark("Summary"),
        "FEEDBACK_REPLY": mark("Reply"),
        "FEEDBACK_CONTRIBUTORS": mark("Contributors"),
    }
    for position, element in enumerate(children(child(root, "FEEDBACK"), "FEEDBACK_ITEM"), start=1):
        title = words(element, "TITLE") or numbered(element, position)
        text = "".join(paragraphs(day) for day in (date_of(child(element, "DATE_SUBMITTED")),) if day)
        for name, heading in headings.items():
            said = html.of(child(element, name))
            text += f"<h4>{escape(heading)}</h4>{said}" if said else ""
        yield Part(PartKind.FEEDBACK, attribute(element, "ID") or title, title, 1, text)


# --- references and notes --------------------------------------------------------------------------------------------


def _references(references: tuple[OtherReference, ...]) -> Iterator[Part]:
    for name, category in CATEGORIES.items():
        lines = [cited(entry.reference) for entry in references if entry.category == category]
        if lines:
            text = "<ul>" + "".join(f"<li>{line}</li>" for line in lines) + "</ul>"
            yield Part(PartKind.REFERENCES, name, _CATEGORY_TITLES[category], 1, text)


def cited(reference: Reference) -> str:
    """A reference as a line of HTML, its name first."""
    volume = reference.volume + (f"({reference.issue})" if reference.issue else "")
    place = ": ".join(filter(None, (reference.city, reference.publisher)))
    pages = ":".join(filter(None, (volume, reference.pages)))
    said = (
        reference.authors,
        reference.title,
        reference.source,
        place,
        ";".join(filter(None, (reference.year, pages))),
    )
    line = " ".join(f"{escape(part.rstrip('.'), quote=False)}." for part in said if part)
    return f"<b>{escape(reference.name, quote=False)}</b> {line}" if reference.name else line


def _authors_notes(root: Element) -> Iterator[Part]:
    """What authors noted beside the text, for each other; notes to references are with the reference."""
    lines: list[str] = []
    for element in root.iter():
        noted = attribute(element, "NOTES") if tag(element) not in ("", "REFERENCE") else ""
        if text := plain_of_html(noted):
            place = TITLES.get(tag(element)) or where(element)
            lines.append(f"<li><b>{escape(place)}</b>{paragraphs(text)}</li>")
    if lines:
        yield Part(PartKind.ABOUT, "NOTES", mark("Authors' notes in the file"), 1, f"<ul>{''.join(lines)}</ul>")
