"""A review made ready for .rm5: ids of RevMan's form, and what RevMan wants to be there filled in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from core.interchange.model import (
    Characteristic,
    ComparisonItem,
    DataKind,
    DataRow,
    Outcome,
    ReviewFile,
    RobItem,
    StudyItem,
    SubgroupItem,
)
from core.interchange.rm5.names import REFERENCE, STUDY, id_of
from core.interchange.rm5.vocabulary import SECTIONS

_NAMED: Final = re.compile(r"(?:STD|REF)-[A-Za-z0-9_.\-]+")
_LINK: Final = re.compile(r'(<a href="#)([^"]*)(")')


Labels = Mapping[str, Mapping[str, str]]
"""For a table of characteristics (its element) the labels of the user-defined fields in use, by their keys."""


def ready(file: ReviewFile, known: ReviewFile | None, labels: Labels) -> ReviewFile:
    """The same review as RevMan can take it; what a file that is changed (``known``) has already stays as it is there.

    Ids that are not of RevMan's form are made anew, everywhere at once. Numbers, the order of rows and settings that
    RevMan does not do without are filled in. Characteristics of no field of RevMan's become its three user-defined
    fields, of those that ``labels`` does not say are in use; what is more goes into the last field of the study, each
    with its name.
    """
    return _Making(known).review(replace(file, studies=tuple(_fitted(file.studies, labels))))


class _Making:
    def __init__(self, known: ReviewFile | None) -> None:
        self._kept = frozenset(_ids(known)) if known is not None else frozenset[str]()
        self._rows = _rows_of(known) if known is not None else frozenset[tuple[str, str]]()
        self._taken: set[str] = set()
        self._new: dict[str, str] = {}
        self._order = 0

    def review(self, file: ReviewFile) -> ReviewFile:
        named = [(study.id, STUDY, study.name) for study in file.studies]
        named += [(other.reference.id, REFERENCE, other.reference.name) for other in file.other_references]
        for id, prefix, name in named:
            self._named(id, prefix, name)
        comparisons = tuple(self._comparison(item, number) for number, item in enumerate(file.comparisons, 1))
        items = tuple(self._item(item, number) for number, item in enumerate(file.risk_of_bias, 1))
        return replace(
            file,
            studies=tuple(map(self._study, file.studies)),
            other_references=tuple(
                replace(other, reference=replace(other.reference, id=self._id(other.reference.id)))
                for other in file.other_references
            ),
            comparisons=comparisons,
            risk_of_bias=items,
        )

    # --- ids ---------------------------------------------------------------------------------------------------------

    def _id(self, id: str) -> str:
        return self._new.get(id, id)

    def _named(self, id: str, prefix: str, name: str) -> None:
        """Give a study or reference its id, made of its name unless it has one already."""
        if id in self._kept or (_NAMED.fullmatch(id) and id.startswith(prefix) and id not in self._taken):
            own = id
        else:
            wanted = own = id_of(prefix, name or "Unnamed")
            number = 2
            while own in self._taken or own in self._kept:
                own, number = f"{wanted}_x007e_{number}", number + 1
        self._taken.add(own)
        self._new[id] = own

    def _counted(self, id: str, start: str, digits: int) -> str:
        """Give a comparison or what is in it its id, which is a number behind that of what it is in."""
        if id in self._kept or (re.fullmatch(rf"{re.escape(start)}\d{{{digits},}}", id) and id not in self._taken):
            own = id
        else:
            number = 1
            while (own := f"{start}{number:0{digits}}") in self._taken or own in self._kept:
                number += 1
        self._taken.add(own)
        self._new[id] = own
        return own

    def _number(self, item: ComparisonItem | Outcome | SubgroupItem | RobItem, position: int) -> str:
        good = item.number.isascii() and item.number.isdecimal()
        return item.number if good or item.id in self._kept else str(position)

    # --- studies -----------------------------------------------------------------------------------------------------

    def _study(self, study: StudyItem) -> StudyItem:
        texts = tuple(replace(found, html=_LINK.sub(self._link, found.html)) for found in study.characteristics)
        source = study.data_source if study.id in self._kept else study.data_source or "PUB"
        return replace(study, id=self._id(study.id), characteristics=texts, data_source=source)

    def _link(self, found: re.Match[str]) -> str:
        return f"{found[1]}{self._id(found[2])}{found[3]}"

    # --- analyses ----------------------------------------------------------------------------------------------------

    def _comparison(self, item: ComparisonItem, position: int) -> ComparisonItem:
        id = self._counted(item.id, "CMP-", 3)
        outcomes = tuple(self._outcome(outcome, n, id) for n, outcome in enumerate(item.outcomes, 1))
        return replace(item, id=id, number=self._number(item, position), outcomes=outcomes)

    def _outcome(self, item: Outcome, position: int, comparison: str) -> Outcome:
        id = self._counted(item.id, f"{comparison}.", 2)
        made = replace(
            item,
            id=id,
            number=self._number(item, position),
            rows=tuple(self._row(row, id, item.kind) for row in item.rows),
            subgroups=tuple(self._subgroup(group, n, id, item.kind) for n, group in enumerate(item.subgroups, 1)),
        )
        if id in self._kept:
            return made
        return replace(
            made,
            sort_by=item.sort_by or "study",
            scale=100.0 if item.scale is None and item.kind is not DataKind.OTHER else item.scale,
            estimable=_estimable(item.estimable, item.kind),
            has_subgroups=item.has_subgroups or bool(item.subgroups),
        )

    def _subgroup(self, item: SubgroupItem, position: int, outcome: str, kind: DataKind) -> SubgroupItem:
        id = self._counted(item.id, f"{outcome}.", 2)
        estimable = item.estimable if id in self._kept else _estimable(item.estimable, kind)
        return replace(
            item,
            id=id,
            number=self._number(item, position),
            rows=tuple(self._row(row, id, kind) for row in item.rows),
            estimable=estimable,
        )

    def _row(self, row: DataRow, group: str, kind: DataKind) -> DataRow:
        self._order += 1
        study = self._id(row.study_id)
        if (group, study) in self._rows:
            return replace(row, study_id=study)
        order = row.order or str(self._order)
        return replace(row, study_id=study, order=order, estimable=_estimable(row.estimable, kind))

    # --- risk of bias ------------------------------------------------------------------------------------------------

    def _item(self, item: RobItem, position: int) -> RobItem:
        id = self._counted(item.id, "QIT-", 2)
        start = f"QIG-{id.removeprefix('QIT-')}."
        groups = tuple(
            replace(group, id=self._counted(group.id, start, 2), outcome_ids=tuple(map(self._id, group.outcome_ids)))
            for group in item.groups
        )
        own = {old.id: new.id for old, new in zip(item.groups, groups, strict=True)}
        judgements = tuple(
            replace(found, study_id=self._id(found.study_id), group_id=own.get(found.group_id, found.group_id))
            for found in item.judgements
        )
        return replace(item, id=id, number=self._number(item, position), groups=groups, judgements=judgements)


def _estimable(value: bool | None, kind: DataKind) -> bool | None:
    return True if value is None and kind is not DataKind.OTHER else value


def _ids(file: ReviewFile) -> Iterable[str]:
    yield from (study.id for study in file.studies)
    yield from (other.reference.id for other in file.other_references)
    yield from (comparison.id for comparison in file.comparisons)
    yield from (outcome.id for outcome in file.outcomes)
    yield from (group.id for outcome in file.outcomes for group in outcome.subgroups)
    yield from (item.id for item in file.risk_of_bias)
    yield from (group.id for item in file.risk_of_bias for group in item.groups)


def _rows_of(file: ReviewFile) -> frozenset[tuple[str, str]]:
    """Every row that there is: the id of its analysis or subgroup, and of its study."""
    places = [(outcome.id, outcome.rows) for outcome in file.outcomes]
    places += [(group.id, group.rows) for outcome in file.outcomes for group in outcome.subgroups]
    return frozenset((place, row.study_id) for place, rows in places for row in rows)


# --- characteristics -------------------------------------------------------------------------------------------------


def _fitted(studies: Sequence[StudyItem], labels: Labels) -> list[StudyItem]:
    """The studies with characteristics that their tables in RevMan have."""
    fitted: dict[str, StudyItem] = {}
    for section in SECTIONS:
        fields = [key for _, key in section.fields]
        present = [study for study in studies if study.status is section.status]
        foreign = dict.fromkeys(
            found.key for study in present for found in study.characteristics if found.key not in fields
        )
        used = {found.key for study in present for found in study.characteristics} | set(
            labels.get(section.characteristics, ())
        )
        free = [key for key in fields if key.startswith("user_") and key not in used]
        places = dict(zip(foreign, free, strict=False))
        for study in present:
            fitted[study.id] = replace(study, characteristics=_placed(study.characteristics, fields, places))
    return [fitted[study.id] for study in studies]


def _placed(
    given: Sequence[Characteristic], fields: Sequence[str], places: dict[str, str]
) -> tuple[Characteristic, ...]:
    placed: dict[str, Characteristic] = {}
    left: list[str] = []
    for found in given:
        key = places.get(found.key, found.key)
        if key not in fields:
            left.append(f"{found.label or found.key}: {found.text}")
        elif key in placed:
            both = f"{placed[key].text}\n{found.text}"
            placed[key] = replace(placed[key], text=both, html=placed[key].html + found.html)
        else:
            placed[key] = replace(found, key=key)
    if left:
        last = fields[-1]
        notes = placed.get(last, Characteristic(last, "", ""))
        placed[last] = replace(notes, text="\n".join(filter(None, (notes.text, *left))), html="")
    return tuple(placed[key] for key in fields if key in placed)
