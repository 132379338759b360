"""Comparisons with their analyses: settings, subgroups, rows and what RevMan had computed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeVar

from core.interchange.model import ComparisonItem, DataKind, DataRow, Outcome, SubgroupItem
from core.interchange.rm5 import names
from core.interchange.rm5.elements import Notes, attribute, children, one_line, tag, where, words
from core.interchange.rm5.studies import Studies
from core.interchange.rm5.texts import plain
from core.interchange.rm5.vocabulary import (
    MEASURES,
    METHODS,
    MODELS,
    PREFIXES,
    SORTINGS,
    TOTALS,
    Kind,
)
from core.interchange.rm5.xml import Element
from core.language import phrase

T = TypeVar("T")
_LABELS = ("NAME", "GROUP_LABEL_1", "GROUP_LABEL_2", "GRAPH_LABEL_1", "GRAPH_LABEL_2", "EFFECT_MEASURE")
_FOOTNOTES = ("FOOTNOTE", "FOOTNOTES")
KIND_OF_ELEMENT: Final = {f"{prefix}_OUTCOME": kind for prefix, kind in PREFIXES.items()}


class Analyses:
    """Reads the comparisons of a file; ids that are missing or there twice are made good."""

    def __init__(self, studies: Studies, notes: Notes) -> None:
        self._studies = studies
        self._notes = notes
        self._taken: set[str] = set()

    def read(self, section: Element | None) -> tuple[ComparisonItem, ...]:
        """The comparisons in ANALYSES_AND_DATA."""
        return tuple(self._comparison(element, n) for n, element in enumerate(children(section, "COMPARISON"), 1))

    def _comparison(self, element: Element, position: int) -> ComparisonItem:
        number = attribute(element, "NO") or str(position)
        id = self._id(element, f"CMP-{number:0>3}")
        outcomes = enumerate(children(element, *KIND_OF_ELEMENT), 1)
        found = tuple(self._outcome(outcome, n, id) for n, outcome in outcomes)
        return ComparisonItem(id, number, words(element, "NAME"), found)

    def _outcome(self, element: Element, position: int, comparison: str) -> Outcome:
        kind = KIND_OF_ELEMENT[tag(element)]
        number = attribute(element, "NO") or str(position)
        id = self._id(element, f"{comparison}.{number:0>2}")
        groups = enumerate(children(element, f"{kind.prefix}_SUBGROUP"), 1)
        subgroups = tuple(self._subgroup(group, n, id, kind) for n, group in groups)
        measure, method, model = self._pooling(element, kind)
        return Outcome(
            id=id,
            number=number,
            name=words(element, "NAME"),
            kind=kind.kind,
            measure=measure,
            method=method,
            model=model,
            effect_label=_effect_label(element, kind),
            group_labels=(words(element, "GROUP_LABEL_1"), words(element, "GROUP_LABEL_2")),
            graph_labels=(words(element, "GRAPH_LABEL_1"), words(element, "GRAPH_LABEL_2")),
            units=attribute(element, "UNITS"),
            totals=self._word(element, "TOTALS", TOTALS, "YES"),
            has_subgroups=attribute(element, "SUBGROUPS") == "YES" or bool(subgroups),
            subgroup_test=attribute(element, "SUBGROUP_TEST") != "NO",
            swap_events=attribute(element, "SWAP_EVENTS") == "YES",
            ci_study=self._level(element, "CI_STUDY"),
            ci_total=self._level(element, "CI_TOTAL"),
            sort_by=self._word(element, "SORT_BY", {**SORTINGS, "": ""}, ""),
            scale=self._notes.number(element, "SCALE"),
            show_participants=attribute(element, "SHOW_PARTICIPANTS") != "NO",
            estimable=_estimable(element),
            stored=self._notes.numbers(element, kind.results),
            rows=self._rows(element, kind),
            subgroups=subgroups,
            columns=tuple(_cells(element, kind)) if kind.kind is DataKind.OTHER else (),
            footnotes=tuple(filter(None, (plain(note) for note in children(element, *_FOOTNOTES)))),
        )

    def _subgroup(self, element: Element, position: int, outcome: str, kind: Kind) -> SubgroupItem:
        number = attribute(element, "NO") or str(position)
        return SubgroupItem(
            id=self._id(element, f"{outcome}.{number:0>2}"),
            number=number,
            name=words(element, "NAME"),
            rows=self._rows(element, kind),
            stored=self._notes.numbers(element, kind.results),
            estimable=_estimable(element),
        )

    def _rows(self, parent: Element, kind: Kind) -> tuple[DataRow, ...]:
        found: list[DataRow] = []
        for element in children(parent, f"{kind.prefix}_DATA"):
            study = self._studies.of(element)
            footnotes = (attribute(element, "FOOTNOTE"), *(plain(note) for note in children(element, *_FOOTNOTES)))
            found.append(
                DataRow(
                    study_id=study,
                    data=self._notes.numbers(element, kind.data),
                    stored=self._notes.numbers(element, kind.row_results),
                    texts=_texts(element, kind) if kind.kind is DataKind.OTHER else (),
                    estimable=_estimable(element),
                    order=attribute(element, "ORDER"),
                    footnote="\n".join(dict.fromkeys(filter(None, footnotes))),
                )
            )
        self._remark_repeated(parent, [row.study_id for row in found])
        return tuple(found)

    def _remark_repeated(self, parent: Element, studies: Sequence[str]) -> None:
        """Two rows of a study can be two pairs of its arms, or a slip."""
        again = [names.name_of(study) for study, rows in Counter(studies).items() if rows > 1]
        if again:
            said = phrase("Studies with more than one row here: {studies}. All were read.", studies=", ".join(again))
            self._notes.add(where(parent), said)

    # --- settings ----------------------------------------------------------------------------------------------------

    def _pooling(self, element: Element, kind: Kind) -> tuple[str, str, str]:
        """Measure, method and model."""
        if kind.kind is DataKind.OTHER:
            return "", "", ""
        model = self._word(element, "RANDOM", MODELS, "NO")
        if kind.kind is DataKind.O_E:
            return "O-E", "Peto" if model == "common" else "IV", model
        if kind.kind is DataKind.GENERIC:
            return "GENLOG" if attribute(element, "LOG_DATA") == "YES" else "GEN", "IV", model
        usual = "RR" if kind.kind is DataKind.DICHOTOMOUS else "MD"
        measure = self._word(element, "EFFECT_MEASURE", MEASURES[kind.kind], usual)
        if kind.kind is DataKind.CONTINUOUS:
            return measure, "IV", model
        method = self._word(element, "METHOD", METHODS, "PETO" if measure == "PETO" else "MH")
        if method == "Peto" or measure == "PETO":
            return "PETO", "Peto", model
        return measure, method, model

    def _word(self, element: Element, name: str, known: Mapping[str, T], usual: str) -> T:
        """What a setting means; RevMan's usual where it says nothing, and with a remark where it is not known."""
        word = attribute(element, name)
        if word and word not in known:
            said = phrase(
                "The setting {name} is “{word}”, which Copse does not know; {usual} was taken.",
                name=name,
                word=word,
                usual=usual or "–",
            )
            self._notes.add(where(element), said)
        return known.get(word, known[usual])

    def _level(self, element: Element, name: str) -> float:
        percent = self._notes.number(element, name)
        if percent is not None and not 50 <= percent < 100:
            said = phrase(
                "{name} is {percent}, which is no level of confidence; 95 was taken.", name=name, percent=percent
            )
            self._notes.add(where(element), said)
            percent = None
        return 0.95 if percent is None else percent / 100

    def _id(self, element: Element, usual: str) -> str:
        id = attribute(element, "ID") or usual
        own = names.unique(id, self._taken)
        if own != id:
            self._notes.add(
                where(element), phrase("The id {id} is there twice; the second is called {own}.", id=id, own=own)
            )
        self._taken.add(own)
        return own


def _effect_label(element: Element, kind: Kind) -> str:
    """The name of an effect that people choose themselves."""
    if kind.kind in MEASURES:
        return ""
    return words(element, "EFFECT_MEASURE") or attribute(element, "EFFECT_MEASURE")


def _estimable(element: Element) -> bool | None:
    return {"YES": True, "NO": False}.get(attribute(element, "ESTIMABLE"))


def _texts(row: Element, kind: Kind) -> tuple[str, ...]:
    own = one_line(" ".join(_own_text(row, tuple(row))))
    return tuple(_cells(row, kind)) or ((own,) if own else ())


def _cells(parent: Element, kind: Kind) -> Iterator[str]:
    """The texts of the elements that hold a column or a cell: those that are not known to be anything else. Each cell
    is one, an empty one too; an element that only holds others is looked into."""
    beside = (*_LABELS, *_FOOTNOTES, f"{kind.prefix}_SUBGROUP", f"{kind.prefix}_DATA")
    for element in children(parent):
        if tag(element) in beside:
            continue
        inner = tuple(children(element))
        if len(inner) > 1 and not any(text.strip() for text in _own_text(element, inner)) and not _formatted(inner):
            yield from (plain(cell) for cell in inner)
        else:
            yield plain(element)


def _own_text(element: Element, inner: Iterable[Element]) -> Iterator[str]:
    yield element.text or ""
    yield from (cell.tail or "" for cell in inner)


def _formatted(inner: Iterable[Element]) -> bool:
    return any(tag(element) in ("P", "B", "I", "BR", "OL", "UL", "LINK") for element in inner)
