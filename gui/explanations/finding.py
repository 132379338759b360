"""The topics in the language in use, and which answer to what is typed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from core.explain import TOPICS, Topic, of_page
from core.language import mark, tr
from gui.palette.entries import Entry, Group
from gui.palette.matching import distance

ICON = "circle-help"
_BY_OTHER_NAMES = 5
_AREAS = (
    ("overview", mark("Overview")),
    ("protocol", mark("Protocol")),
    ("references", mark("References")),
    ("screening", mark("Screening")),
    ("fulltext", mark("Full text")),
    ("extraction", mark("Extraction")),
    ("riskofbias", mark("Risk of bias")),
    ("analysis", mark("Analysis")),
)

Show = Callable[[str], object]


def how_far(typed: str, topic: Topic) -> int | None:
    """How well a topic answers what is typed: 0 the best, None not at all. Its other names count less than its
    title."""
    title = tr(topic.title)
    near = [each for each in (distance(typed, title), distance(typed, _called(title))) if each is not None]
    if near:
        return min(near)
    names = f"{_called(title)} {tr(topic.words)} {topic.id.replace('.', ' ')}"
    return _BY_OTHER_NAMES if distance(typed, names) is not None else None


def matching(typed: str, topics: Iterable[Topic] = TOPICS) -> list[tuple[int, Topic]]:
    """The topics that answer to what is typed, the best first."""
    found = [(far, each) for each in topics if (far := how_far(typed, each)) is not None]
    found.sort(key=lambda each: each[0])
    return found


def commands(show: Show) -> Callable[[str], list[tuple[int, Entry]]]:
    """What the palette asks for explanations: entries with how well they answer what is typed."""

    def found(typed: str) -> list[tuple[int, Entry]]:
        return [(far, _entry(topic, show, _called(tr(topic.title)))) for far, topic in matching(typed)]

    return found


def listed(page: str, typed: str, show: Show) -> list[Group]:
    """The list of explanations: those of the page first, then the others by page; only what answers, once typed."""
    own = of_page(page)
    if typed.strip():
        here, elsewhere = matching(typed, own), matching(typed, (each for each in TOPICS if each not in own))
        parts = [(tr("On this page"), [t for _far, t in here]), (tr("Elsewhere"), [t for _far, t in elsewhere])]
        if here and elsewhere and elsewhere[0][0] < here[0][0]:
            parts.reverse()
    else:
        parts = [(tr("On this page"), list(own)), *_elsewhere(own)]
    return [
        Group(title, tuple(_entry(each, show, tr(each.title)) for each in topics)) for title, topics in parts if topics
    ]


def _elsewhere(own: Sequence[Topic]) -> list[tuple[str, list[Topic]]]:
    """The topics of the other pages, each under the first of its pages."""
    return [
        (tr(title), [each for each in TOPICS if each not in own and each.pages[0] == area]) for area, title in _AREAS
    ]


def _called(title: str) -> str:
    return tr("Explain: {title}", title=title)


def _entry(topic: Topic, show: Show, text: str) -> Entry:
    return Entry(f"explain:{topic.id}", mark("explanation"), text, lambda: show(topic.id), ICON)
