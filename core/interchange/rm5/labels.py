"""What the parts of a review are called: for links without words of their own, and for parts without a title."""

from __future__ import annotations

from typing import Final

from core.interchange.rm5.elements import attribute, child, children, tag
from core.interchange.rm5.names import name_of
from core.interchange.rm5.vocabulary import KINDS
from core.interchange.rm5.xml import Element
from core.language import mark, phrase

_NUMBERED: Final = {
    "SOF_TABLE": mark("Summary of findings {number}"),
    "ADDITIONAL_TABLE": mark("Table {number}"),
    "FIGURE": mark("Figure {number}"),
    "APPENDIX": mark("Appendix {number}"),
    "FEEDBACK_ITEM": mark("Feedback {number}"),
    "COMPARISON": mark("Comparison {number}"),
}
_SECTIONS: Final = ("SOF_TABLES", "ADDITIONAL_TABLES", "FIGURES", "APPENDICES", "FEEDBACK", "ANALYSES_AND_DATA")
_OUTCOMES: Final = tuple(f"{kind.prefix}_OUTCOME" for kind in KINDS)
_SUBGROUPS: Final = tuple(f"{kind.prefix}_SUBGROUP" for kind in KINDS)


def numbered(element: Element, position: int) -> str:
    """A table, figure, appendix ... by its number: "Figure 2"."""
    return phrase(_NUMBERED[tag(element)], number=number_of(element, position))


def number_of(element: Element, position: int) -> str:
    """The number that an element has, or its place among its like from 1."""
    return attribute(element, "NO") or str(position)


def labels_of(root: Element) -> dict[str, str]:
    """What every id of the file is called."""
    found: dict[str, str] = {}
    for element in root.iter("STUDY", "REFERENCE"):
        id = attribute(element, "ID")
        found[id] = attribute(element, "NAME") or name_of(id)
    for section in _SECTIONS:
        for position, element in enumerate(children(child(root, section), *_NUMBERED), start=1):
            found[attribute(element, "ID")] = numbered(element, position)
            if section == "ANALYSES_AND_DATA":
                found |= _analyses(element, position)
    return found


def _analyses(comparison: Element, position: int) -> dict[str, str]:
    found: dict[str, str] = {}
    for place, outcome in enumerate(children(comparison, *_OUTCOMES), start=1):
        number = f"{number_of(comparison, position)}.{number_of(outcome, place)}"
        found[attribute(outcome, "ID")] = phrase("Analysis {number}", number=number)
        for nth, group in enumerate(children(outcome, *_SUBGROUPS), start=1):
            whole = f"{number}.{number_of(group, nth)}"
            found[attribute(group, "ID")] = phrase("Analysis {number}", number=whole)
    return found
