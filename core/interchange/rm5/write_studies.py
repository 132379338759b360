"""Studies, their references and characteristics, and judgements on risk of bias, as nodes of .rm5."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from core.interchange.model import Characteristic, Identifier, Reference, ReviewFile, RobItem, RobJudgement, StudyItem
from core.interchange.rm5.vocabulary import CATEGORIES, LEVELS, REFERENCE_FIELDS, SECTIONS, Section
from core.interchange.rm5.write_nodes import Node, leaf, node, yes_no
from core.interchange.rm5.write_ready import Labels
from core.interchange.rm5.write_text import paragraphs, rich, same_text

_RESULTS = {level: word for word, level in LEVELS.items()}


# --- studies and references ------------------------------------------------------------------------------------------


def studies_and_references(file: ReviewFile) -> Node:
    """STUDIES_AND_REFERENCES."""
    studies = node("STUDIES", *(_studies(section, file.studies) for section in SECTIONS))
    others = node(
        "OTHER_REFERENCES",
        *(
            node(tag, *(_other(found.reference) for found in file.other_references if found.category == category))
            for tag, category in CATEGORIES.items()
        ),
    )
    return node("STUDIES_AND_REFERENCES", studies, others)


def _studies(section: Section, studies: Sequence[StudyItem]) -> Node:
    return node(section.studies, *(_study(study) for study in studies if study.status is section.status))


def _study(study: StudyItem) -> Node:
    made = node("STUDY", key=study.id, DATA_SOURCE=study.data_source, ID=study.id, NAME=study.name, YEAR=study.year)
    made.children = [*map(_of_study, study.references), _identifiers(study.identifiers)]
    return made


def _of_study(reference: Reference) -> Node:
    """A reference of a study; its id is none of the file's."""
    return _reference(reference, PRIMARY=yes_no(reference.primary), NAME=reference.name or None)


def _other(reference: Reference) -> Node:
    return _reference(reference, ID=reference.id, NAME=reference.name)


def _reference(reference: Reference, **attributes: str | None) -> Node:
    notes = "".join(f"<p>{escape(line, quote=False)}</p>" for line in reference.notes.split("\n"))
    made = node(
        "REFERENCE",
        key=reference.id,
        TYPE=reference.kind.upper(),
        NOTES=notes if reference.notes else None,
        **attributes,
    )
    fields = ((tag, str(getattr(reference, name))) for tag, name in REFERENCE_FIELDS.items())
    made.children = [leaf(tag, text) for tag, text in fields if text]
    made.children.append(_identifiers(reference.identifiers))
    return made


def _identifiers(identifiers: Sequence[Identifier]) -> Node:
    return node(
        "IDENTIFIERS",
        *(node("IDENTIFIER", key=found.kind, TYPE=found.kind, VALUE=found.value) for found in identifiers),
    )


# --- characteristics -------------------------------------------------------------------------------------------------


def characteristics(file: ReviewFile, labels: Labels, *, changing: bool) -> Node:
    """CHARACTERISTICS_OF_STUDIES.

    ``labels`` are the user-defined fields in use already. Footnotes of a study are not RevMan's: they stand below the
    table, but where a file that had them is changed (``changing``) they stay in the study's row.
    """
    tables = (_table(section, file.studies, labels.get(section.characteristics, {}), changing) for section in SECTIONS)
    return node("CHARACTERISTICS_OF_STUDIES", *tables)


def _table(section: Section, studies: Sequence[StudyItem], used: Mapping[str, str], changing: bool) -> Node:
    present = [study for study in studies if study.status is section.status]
    labels = {**used, **{found.key: found.label for study in reversed(present) for found in study.characteristics}}
    made = node(section.characteristics, SORT_BY="STUDY")
    for number in (1, 2, 3):
        key = f"user_{number}"
        if all(key != field for _, field in section.fields):
            continue
        made.attributes[f"USER_DEF_{number}_ENABLED"] = yes_no(key in labels)
        if key in labels:
            made.attributes[f"USER_DEF_{number}_NAME"] = labels[key]
    made.children = [_row(section, study, labels) for study in present]
    notes: list[Node] = []
    for study, row in zip(present, made.children, strict=True):
        if study.footnotes and changing:
            row.children.append(rich("FOOTNOTES", paragraphs(study.footnotes)))
        elif study.footnotes:
            notes += paragraphs(f"{study.name}: {study.footnotes}")
    made.children.append(rich("FOOTNOTES", notes))
    return made


def _row(section: Section, study: StudyItem, labels: Mapping[str, str]) -> Node:
    made = node(section.row, STUDY_ID=study.id, key=study.id)
    given = {found.key: found for found in study.characteristics}
    for tag, key in section.fields:
        if not key.startswith("user_") or key in labels:
            made.children.append(_field(tag, given.get(key)))
    return made


def _field(tag: str, found: Characteristic | None) -> Node:
    return rich(tag, same_text(found.text, found.html) if found else [])


# --- risk of bias ----------------------------------------------------------------------------------------------------


def quality_items(file: ReviewFile) -> Node:
    """QUALITY_ITEMS."""
    return node("QUALITY_ITEMS", *map(_item, file.risk_of_bias))


def _item(item: RobItem) -> Node:
    made = node(
        "QUALITY_ITEM",
        key=item.id,
        CORE_ITEM=yes_no(item.core),
        ID=item.id,
        LEVEL="GROUP" if item.by_group else "STUDY",
        NO=item.number,
    )
    made.children = [leaf("NAME", item.name), rich("DESCRIPTION", paragraphs(item.description))]
    for number, group in enumerate(item.groups, 1):
        made.children.append(
            node(
                "QUALITY_ITEM_DATA_ENTRY_GROUP",
                leaf("NAME", group.name),
                key=group.id,
                ID=group.id,
                NO=str(number),
                REF_IDS=" ".join(group.outcome_ids) or None,
            )
        )
    made.children.append(node("QUALITY_ITEM_DATA", *map(_judgement, item.judgements)))
    return made


def _judgement(judgement: RobJudgement) -> Node:
    text = same_text(judgement.support, judgement.html)
    if judgement.word:
        text = [*paragraphs(judgement.word), *text]
    return node(
        "QUALITY_ITEM_DATA_ENTRY",
        rich("DESCRIPTION", text),
        key=f"{judgement.study_id} {judgement.group_id}",
        GROUP_ID=judgement.group_id or None,
        RESULT=_RESULTS[judgement.level] if judgement.level is not None else "UNKNOWN",
        STUDY_ID=judgement.study_id,
    )
