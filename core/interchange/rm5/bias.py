"""Risk of bias: the items with their groups of outcomes, and the judgements."""

from __future__ import annotations

from dataclasses import replace

from core.interchange.model import RobGroup, RobItem, RobJudgement
from core.interchange.rm5 import names
from core.interchange.rm5.elements import Notes, attribute, child, children, where, words
from core.interchange.rm5.studies import Studies
from core.interchange.rm5.texts import Html, plain
from core.interchange.rm5.vocabulary import LEVELS
from core.interchange.rm5.xml import Element
from core.language import mark, phrase


def read_risk_of_bias(root: Element, studies: Studies, html: Html, notes: Notes) -> tuple[RobItem, ...]:
    """The items in the order of the file."""
    found: dict[str, RobItem] = {}
    for position, element in enumerate(children(child(root, "QUALITY_ITEMS"), "QUALITY_ITEM"), start=1):
        item = _item(element, position, studies, html, notes)
        id = names.unique(item.id, found)
        if id != item.id:
            notes.add(where(element), phrase("There are two items with the id {id}.", id=item.id))
        found[id] = replace(item, id=id)
    return tuple(found.values())


def _item(element: Element, position: int, studies: Studies, html: Html, notes: Notes) -> RobItem:
    by_group = attribute(element, "LEVEL") == "GROUP"
    groups = tuple(
        RobGroup(
            attribute(group, "ID") or f"QIG-{position:02}.{number:02}",
            words(group, "NAME"),
            tuple(attribute(group, "REF_IDS").split()),
        )
        for number, group in enumerate(children(element, "QUALITY_ITEM_DATA_ENTRY_GROUP"), start=1)
    )
    return RobItem(
        id=attribute(element, "ID") or f"QIT-{position:02}",
        number=attribute(element, "NO") or str(position),
        name=words(element, "NAME"),
        description=plain(child(element, "DESCRIPTION")),
        core=attribute(element, "CORE_ITEM") == "YES",
        by_group=by_group,
        groups=groups,
        judgements=_judgements(element, groups, studies, html, notes),
    )


def _judgements(
    item: Element, groups: tuple[RobGroup, ...], studies: Studies, html: Html, notes: Notes
) -> tuple[RobJudgement, ...]:
    """One for each study, or study and group; of two for the same the later ones are left out."""
    found: dict[tuple[str, str], RobJudgement] = {}
    for entry in children(child(item, "QUALITY_ITEM_DATA"), "QUALITY_ITEM_DATA_ENTRY"):
        study, group, result = studies.of(entry), attribute(entry, "GROUP_ID"), attribute(entry, "RESULT")
        if group and group not in {known.id for known in groups}:
            said = phrase("The judgement is for the group {id}, which the item does not have.", id=group)
            notes.add(where(entry), said)
        if result and result not in LEVELS:
            notes.add(where(entry), phrase("The judgement “{word}” is none of RevMan's three.", word=result))
        if (study, group) in found:
            notes.add(where(entry), mark("The study is judged twice under one item; the first judgement was taken."))
            continue
        support = child(entry, "DESCRIPTION")
        text = plain(support)
        level = LEVELS.get(result)
        word = "" if level or not result else result
        found[study, group] = RobJudgement(study, group, level, text, html.of(support) if text else "", word)
    return tuple(found.values())
