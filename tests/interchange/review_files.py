"""Reviews as an exchange file of RevMan 5 can hold them, in all their variety."""

from __future__ import annotations

import re
from dataclasses import replace
from random import Random
from typing import Any

from hypothesis import strategies as st

from core.interchange.model import (
    Characteristic,
    ComparisonItem,
    DataKind,
    DataRow,
    Identifier,
    Numbers,
    OtherReference,
    Outcome,
    Reference,
    ReviewFile,
    RobGroup,
    RobItem,
    RobJudgement,
    RobLevel,
    StudyItem,
    SubgroupItem,
    Totals,
)
from core.interchange.rm5.names import REFERENCE, STUDY, id_of, reference_id
from core.interchange.rm5.texts import paragraphs
from core.interchange.rm5.vocabulary import CATEGORIES, KIND_OF, LABELS, MEASURES, SECTIONS, SORTINGS, Kind

ODD = st.sampled_from(
    ["_x0041_", "El-Daher", "a\u00a0b", '"q"', "it's", "<b>", "&amp;", "]]>", "é", "𝒯", "%s {x}", "～"]
)
LETTERS = st.characters(exclude_categories=["Cs", "Cc", "Cn"], exclude_characters="\ufeff\ufffe\uffff")


def _one_line(text: str) -> str:
    return re.sub(r"[ \t\r\n]+", " ", text).strip()


line = st.lists(st.one_of(ODD, st.text(LETTERS, max_size=6)), max_size=3).map(" ".join).map(_one_line)
name = line.map(lambda text: text or "Nobody")
lines = st.lists(name, max_size=2).map("\n".join)
counts = st.one_of(st.integers(0, 5000).map(float), st.just(1e20))
decimals = st.one_of(
    st.floats(-1e3, 1e3), st.floats(allow_nan=False, allow_infinity=False), st.sampled_from([0.0, 1e-5, 1e7, 5e-324])
)
COUNTED = {"events_1", "total_1", "events_2", "total_2", "df", "studies"}


def _numbers(draw: st.DrawFn, names: tuple[str, ...]) -> Numbers:
    """Numbers for some of the names, out of a few: drawn one by one they would take most of the time."""
    some, whole = draw(st.lists(decimals, min_size=1, max_size=3)), draw(counts)
    chance = Random(draw(st.integers(0, 1000)))
    keys = [name.lower() for name in names if chance.random() < 0.8]
    return {key: whole if key in COUNTED else chance.choice(some) for key in keys}


@st.composite
def references(draw: st.DrawFn, id: str) -> Reference:
    """A reference with this id."""
    texts = ("authors", "title", "original_title", "source", "year", "volume", "issue", "pages", "editors", "publisher")
    fields: dict[str, Any] = {field: draw(line) for field in (*texts, "city", "medium", "edition", "name")}
    kind = draw(st.sampled_from(["journal_article", "book", "conference_proc", "other"]))
    identifiers = draw(st.lists(_identifier(), max_size=2).map(tuple))
    return Reference(id, kind=kind, notes=draw(lines), identifiers=identifiers, **fields)


def _identifier() -> st.SearchStrategy[Identifier]:
    return st.builds(Identifier, st.sampled_from(["DOI", "MEDLINE", "ISRCTN"]), name)


@st.composite
def _studies(draw: st.DrawFn) -> tuple[StudyItem, ...]:
    names = draw(st.lists(name, max_size=4, unique=True))
    studies = [draw(_study(one)) for one in names]
    order = [section.status for section in SECTIONS]
    studies.sort(key=lambda study: order.index(study.status))
    return tuple(studies)


@st.composite
def _study(draw: st.DrawFn, called: str) -> StudyItem:
    section = draw(st.sampled_from(SECTIONS))
    id = id_of(STUDY, called)
    number = draw(st.integers(0, 2))
    found = tuple(
        replace(draw(references(reference_id(id, n))), primary=draw(st.booleans())) for n in range(1, number + 1)
    )
    texts = {key: draw(lines) for _, key in section.fields}
    characteristics = tuple(
        Characteristic(key, LABELS.get(key, f"Field {key}"), text, paragraphs(text))
        for key, text in texts.items()
        if text
    )
    return StudyItem(
        id,
        called,
        section.status,
        year=draw(line),
        data_source=draw(st.sampled_from(["PUB", "UNPUB", "MIX"])),
        references=found,
        identifiers=draw(st.lists(_identifier(), max_size=2).map(tuple)),
        characteristics=characteristics,
    )


@st.composite
def _others(draw: st.DrawFn) -> tuple[OtherReference, ...]:
    found = [
        OtherReference(
            draw(st.sampled_from(list(CATEGORIES.values()))), replace(draw(references(id_of(REFERENCE, one))), name=one)
        )
        for one in draw(st.lists(name, max_size=3, unique=True))
    ]
    return tuple(sorted(found, key=lambda other: list(CATEGORIES.values()).index(other.category)))


@st.composite
def _item(draw: st.DrawFn, number: int, studies: tuple[StudyItem, ...]) -> RobItem:
    groups = tuple(
        RobGroup(f"QIG-{number:02}.{n:02}", draw(line), tuple(draw(st.sampled_from([[], ["CMP-001.01"]]))))
        for n in range(1, draw(st.integers(1, 3)))
    )
    places = [(study.id, group) for study in studies for group in ([one.id for one in groups] or [""])]
    chosen = draw(st.lists(st.sampled_from(places), unique=True, max_size=3)) if places else []
    judgements = [(place, draw(st.sampled_from(RobLevel)), draw(lines)) for place in chosen]
    return RobItem(
        f"QIT-{number:02}",
        str(number),
        draw(line),
        description=draw(lines),
        core=draw(st.booleans()),
        by_group=bool(groups),
        groups=groups,
        judgements=tuple(
            RobJudgement(study, group, level, text, paragraphs(text)) for (study, group), level, text in judgements
        ),
    )


@st.composite
def _rows(draw: st.DrawFn, kind: Kind, studies: tuple[StudyItem, ...]) -> tuple[DataRow, ...]:
    ids = [study.id for study in studies]
    chosen = draw(st.lists(st.sampled_from(ids), unique=True, max_size=3)) if ids else []
    return tuple(draw(_row(kind, id)) for id in chosen)


@st.composite
def _row(draw: st.DrawFn, kind: Kind, study: str) -> DataRow:
    other = kind.kind is DataKind.OTHER
    return DataRow(
        study,
        data=_numbers(draw, kind.data),
        stored=_numbers(draw, kind.row_results),
        texts=draw(st.lists(line, min_size=1, max_size=3).map(tuple)) if other else (),
        estimable=None if other else draw(st.booleans()),
        order=str(draw(st.integers(1, 900))),
        footnote=draw(line),
    )


@st.composite
def _outcome(draw: st.DrawFn, id: str, number: int, studies: tuple[StudyItem, ...]) -> Outcome:
    kind = KIND_OF[draw(st.sampled_from(DataKind))]
    grouped = draw(st.booleans())
    groups = range(1, draw(st.integers(1, 3))) if grouped else range(0)
    subgroups = tuple([draw(_subgroup(kind, f"{id}.{n:02}", n, studies)) for n in groups])
    made = Outcome(
        id,
        str(number),
        draw(line),
        kind.kind,
        "",
        group_labels=(draw(line), draw(line)),
        graph_labels=(draw(line), draw(line)),
        has_subgroups=grouped,
        sort_by=draw(st.sampled_from(list(SORTINGS.values()))),
        rows=() if grouped else draw(_rows(kind, studies)),
        subgroups=subgroups,
    )
    if kind.kind is DataKind.OTHER:
        return replace(made, columns=draw(st.lists(line, max_size=3).map(tuple)))
    measure, method, model = draw(_pooling(kind.kind))
    return replace(
        made,
        measure=measure,
        method=method,
        model=model,
        effect_label=draw(line) if kind.kind in (DataKind.GENERIC, DataKind.O_E) else "",
        units=draw(line) if kind.kind is DataKind.CONTINUOUS else "",
        totals=draw(st.sampled_from(Totals)),
        subgroup_test=draw(st.booleans()),
        swap_events=draw(st.booleans()) if kind.kind is DataKind.DICHOTOMOUS else False,
        ci_study=draw(st.sampled_from([0.9, 0.95, 0.99])),
        ci_total=draw(st.sampled_from([0.9, 0.95, 0.99])),
        scale=draw(st.sampled_from([1.0, 0.1, 156.94168656982916, 1e9])),
        show_participants=draw(st.booleans()) if kind.kind is DataKind.GENERIC else True,
        estimable=draw(st.booleans()),
        stored=_numbers(draw, kind.results),
    )


@st.composite
def _pooling(draw: st.DrawFn, kind: DataKind) -> tuple[str, str, str]:
    model = draw(st.sampled_from(["common", "random"]))
    if kind is DataKind.O_E:
        return "O-E", "Peto" if model == "common" else "IV", model
    if kind is DataKind.GENERIC:
        return draw(st.sampled_from(["GEN", "GENLOG"])), "IV", model
    measure = draw(st.sampled_from(sorted(set(MEASURES[kind].values()))))
    if kind is DataKind.CONTINUOUS:
        return measure, "IV", model
    return measure, "Peto" if measure == "PETO" else draw(st.sampled_from(["MH", "IV"])), model


@st.composite
def _subgroup(draw: st.DrawFn, kind: Kind, id: str, number: int, studies: tuple[StudyItem, ...]) -> SubgroupItem:
    return SubgroupItem(
        id,
        str(number),
        draw(line),
        rows=draw(_rows(kind, studies)),
        stored=_numbers(draw, tuple(one for one in kind.results if one not in ("Q", "P_Q", "I2_Q"))),
        estimable=None if kind.kind is DataKind.OTHER else draw(st.booleans()),
    )


@st.composite
def review_files(draw: st.DrawFn) -> ReviewFile:
    """A review, with ids as RevMan makes them."""
    studies = draw(_studies())
    comparisons = tuple(
        ComparisonItem(
            f"CMP-{n:03}",
            str(n),
            draw(line),
            tuple([draw(_outcome(f"CMP-{n:03}.{m:02}", m, studies)) for m in range(1, draw(st.integers(1, 3)))]),
        )
        for n in range(1, draw(st.integers(1, 3)))
    )
    return ReviewFile(
        "rm5",
        "made.rm5",
        draw(line),
        studies=studies,
        other_references=draw(_others()),
        risk_of_bias=tuple(draw(_item(n, studies)) for n in range(1, draw(st.integers(1, 3)))),
        comparisons=comparisons,
    )
