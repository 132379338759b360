"""Studies with their references and characteristics, and the references that belong to no study."""

from __future__ import annotations

from dataclasses import replace

from core.interchange.model import Characteristic, Identifier, OtherReference, Reference, StudyItem
from core.interchange.rm5 import names
from core.interchange.rm5.elements import Notes, attribute, child, children, where, words
from core.interchange.rm5.texts import Html, plain, plain_of_html
from core.interchange.rm5.vocabulary import CATEGORIES, LABELS, REFERENCE_FIELDS, SECTIONS, Section
from core.interchange.rm5.xml import Element
from core.language import mark, phrase
from core.model import StudyStatus


class Studies:
    """The studies found so far; those that are only referred to are made when they are asked for."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._found: dict[str, StudyItem] = {}

    @property
    def items(self) -> tuple[StudyItem, ...]:
        """In the order of the file, those made here last."""
        return tuple(self._found.values())

    def add(self, study: StudyItem, place: str) -> None:
        """One more study; where its id is taken, under another."""
        own = names.unique(study.id, self._found)
        if own != study.id:
            said = phrase("There are two studies with the id {id}; data belong to the first of them.", id=study.id)
            self._notes.add(place, said)
        self._found[own] = replace(study, id=own)

    def of(self, element: Element) -> str:
        """The id of the study that an element speaks of, which is there from now on."""
        id = attribute(element, "STUDY_ID")
        if not id:
            id = names.unique(names.id_of(names.STUDY, "Unnamed"), self._found)
            said = phrase("It names no study; it was given one of its own, {name}.", name=names.name_of(id))
        else:
            said = phrase(
                "The study {name} is not among the studies of the file; it was added to them.", name=names.name_of(id)
            )
        if id not in self._found:
            self._notes.add(where(element), said)
            self._found[id] = StudyItem(id, names.name_of(id), StudyStatus.INCLUDED)
        return id

    def describe(self, id: str, found: tuple[Characteristic, ...], footnotes: str) -> None:
        """Give the study `id` characteristics, after those it has."""
        study = self._found[id]
        lines = "\n".join(filter(None, (study.footnotes, footnotes)))
        told = {one.key: one for one in study.characteristics}
        for one in found:
            before = told.get(one.key)
            if before is not None:
                one = replace(before, text=f"{before.text}\n{one.text}", html=before.html + one.html)
            told[one.key] = one
        self._found[id] = replace(study, characteristics=tuple(told.values()), footnotes=lines)


def read_studies(root: Element, notes: Notes) -> Studies:
    """The studies of all four statuses."""
    studies = Studies(notes)
    for section in SECTIONS:
        for element in children(child(root, "STUDIES_AND_REFERENCES", "STUDIES", section.studies), "STUDY"):
            studies.add(_study(element, section.status, notes), where(element))
    return studies


def _study(element: Element, status: StudyStatus, notes: Notes) -> StudyItem:
    id, name = attribute(element, "ID"), attribute(element, "NAME")
    if not (id and name):
        notes.add(where(element), mark("A study without an id or a name; each was made of the other."))
        name = name or names.name_of(id) or "Unnamed"
        id = id or names.id_of(names.STUDY, name)
    references = tuple(
        reference(found, names.reference_id(id, number))
        for number, found in enumerate(children(element, "REFERENCE"), start=1)
    )
    return StudyItem(
        id=id,
        name=name,
        status=status,
        year=attribute(element, "YEAR"),
        data_source=attribute(element, "DATA_SOURCE"),
        references=references,
        identifiers=_identifiers(element),
    )


def reference(element: Element, id: str) -> Reference:
    """A REFERENCE; `id` is for one that has none of its own."""
    fields = {field: words(element, name) for name, field in REFERENCE_FIELDS.items()}
    return Reference(
        id=attribute(element, "ID") or id,
        kind=(attribute(element, "TYPE") or "OTHER").lower(),
        primary=attribute(element, "PRIMARY") == "YES",
        name=attribute(element, "NAME"),
        notes=plain_of_html(attribute(element, "NOTES")),
        identifiers=_identifiers(element),
        **fields,
    )


def _identifiers(element: Element) -> tuple[Identifier, ...]:
    return tuple(
        Identifier(attribute(found, "TYPE") or "OTHER", attribute(found, "VALUE"))
        for found in children(child(element, "IDENTIFIERS"), "IDENTIFIER")
        if attribute(found, "VALUE")
    )


def read_other_references(root: Element, notes: Notes) -> tuple[OtherReference, ...]:
    """References of the text: additional ones, earlier versions of the review, those still to be classified."""
    found: dict[str, OtherReference] = {}
    for element in children(child(root, "STUDIES_AND_REFERENCES", "OTHER_REFERENCES"), *CATEGORIES):
        for number, entry in enumerate(children(element, "REFERENCE"), start=1):
            made = names.id_of(names.REFERENCE, attribute(entry, "NAME") or f"{element.tag} {number}")
            item = reference(entry, made)
            id = names.unique(item.id, found)
            if id != item.id:
                notes.add(where(entry), phrase("There are two references with the id {id}.", id=item.id))
            found[id] = OtherReference(CATEGORIES[str(element.tag)], replace(item, id=id))
    return tuple(found.values())


# --- characteristics -------------------------------------------------------------------------------------------------


def read_characteristics(root: Element, studies: Studies, html: Html, notes: Notes) -> None:
    """Give every study its characteristics; a field that holds nothing is left out."""
    for section in SECTIONS:
        table = child(root, "CHARACTERISTICS_OF_STUDIES", section.characteristics)
        seen: set[str] = set()
        for element in children(table, section.row):
            id = studies.of(element)
            if id in seen:
                notes.add(where(element), mark("The characteristics of this study are there twice; all were read."))
            seen.add(id)
            footnotes = "\n".join(filter(None, (plain(note) for note in children(element, "FOOTNOTES", "FOOTNOTE"))))
            studies.describe(id, _characteristics(element, section, table, html), footnotes)


def _characteristics(
    element: Element, section: Section, table: Element | None, html: Html
) -> tuple[Characteristic, ...]:
    keys = dict(section.fields)
    found: list[Characteristic] = []
    for field in children(element, *keys):
        key, text = keys[str(field.tag)], plain(field)
        if text:
            found.append(Characteristic(key, label_of(key, table), text, html.of(field)))
    return tuple(found)


def label_of(key: str, table: Element | None) -> str:
    """How a characteristic is called in a section: user_1 to user_3 as the review's authors say."""
    if key in LABELS:
        return LABELS[key]
    number = key.rpartition("_")[2]
    return attribute(table, f"USER_DEF_{number}_NAME") or phrase("User defined {n}", n=number)
