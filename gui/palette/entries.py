"""What the palette offers: entries under headings, made from the actions, the recent reviews and what was found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from core.language import figure, mark, tr
from gui.actions import GLOBAL, Registry, key_here
from gui.pages import PageSpec
from gui.palette.matching import distance, plain
from gui.settings import Recent

if TYPE_CHECKING:
    from core.session.overview import Found
    from core.store.queries.records import RecordView

OPEN_ID = "go.palette"
_LIKELY = 6
_LATELY = 4
_SHORTEST = 3
_MOST = 8
Go = Callable[..., None]
Explanations = Callable[[str], Sequence[tuple[int, "Entry"]]]
"""What explanations answer to what is typed, with how far they are from it; the best first."""


@dataclass(frozen=True)
class Entry:
    """One line: `id` tells it from the others, `run` does what it says."""

    id: str
    kind: str
    text: str
    run: Callable[[], object]
    icon: str = ""
    detail: str = ""
    key: str = ""


@dataclass(frozen=True)
class Group:
    """Entries under a heading, the best first."""

    title: str
    entries: tuple[Entry, ...]


def commands(registry: Registry) -> list[tuple[Entry, bool]]:
    """What can be done now, and whether it is of the page in front. What cannot be done now is left out."""
    found: list[tuple[Entry, bool]] = []
    in_force = registry.in_force()
    for action in in_force:
        if action.id == OPEN_ID or not registry.is_enabled(action.id):
            continue
        entry = Entry(
            action.id, mark("command"), action.text, lambda name=action.id: registry.trigger(name), action.icon,
            key=key_here(action, in_force),
        )  # fmt: skip
        found.append((entry, action.scope != GLOBAL))
    return found


def recent_reviews(reviews: Iterable[Recent], but: Path | None, open_review: Callable[[Path], None]) -> list[Entry]:
    """The recent reviews but for the one that is open."""
    return [
        Entry(
            f"review:{each.path}", mark("review"), each.title, lambda path=Path(each.path): open_review(path),
            "folder-open", Path(each.path).name,
        )
        for each in reviews
        if but is None or Path(each.path) != but
    ]  # fmt: skip


def tabs(pages: Sequence[PageSpec], show: Callable[[str, str], object]) -> list[Entry]:
    """The tabs of all pages; `show(page, tab)` brings one to the front."""
    return [
        Entry(
            f"tab:{page.id}.{tab}",
            mark("tab"),
            title,
            lambda page=page.id, tab=tab: show(page, tab),
            page.icon,
            page.title,
        )
        for page in pages
        for tab, title in page.tabs
    ]


class Catalogue:
    """All that is known without asking the review, taken down when the palette opens: what can be done then depends
    on where the focus was."""

    def __init__(
        self,
        registry: Registry,
        pages: Sequence[str],
        reviews: Sequence[Entry],
        explanations: Explanations = lambda _typed: (),
        *,
        tabs: Sequence[Entry] = (),
        used: Sequence[str] = (),
    ) -> None:
        """`used` are the ids of what was lately chosen, the latest first."""
        all_commands = commands(registry)
        stages = {f"go.{page}" for page in pages}
        self._tabs = list(tabs)
        self._used = {entry: place for place, entry in enumerate(used)}
        self._pages = [each for each, _own in all_commands if each.id in stages]
        self._own = [each for each, own in all_commands if own]
        self._others = [each for each, own in all_commands if not own and each.id not in stages]
        self._reviews = list(reviews)
        self._explanations = explanations

    def likely(self) -> list[Group]:
        """What is most likely wanted here, while nothing is typed."""
        everything = [*self._own, *self._pages, *self._tabs, *self._others, *self._reviews]
        lately = sorted((each for each in everything if each.id in self._used), key=self._age)[:_LATELY]
        left = {each.id for each in lately}

        def others(entries: Sequence[Entry]) -> tuple[Entry, ...]:
            return tuple(each for each in entries if each.id not in left)

        return _filled(
            Group(tr("Used lately"), tuple(lately)),
            Group(tr("On this page"), others(self._own[:_LIKELY])),
            Group(tr("Pages"), others(self._pages)),
            Group(tr("Everywhere"), others(self._others)),
            Group(tr("Recent reviews"), others(self._reviews[:_LIKELY])),
        )

    def _age(self, entry: Entry) -> int:
        return self._used.get(entry.id, len(self._used))

    def matching(self, typed: str) -> list[Group]:
        """What answers to what is typed; the group with the best answer first."""
        ranked: list[tuple[int, Group]] = []
        for title, entries in (
            (tr("Commands"), [*self._own, *self._others]),
            (tr("Pages"), [*self._pages, *self._tabs]),
            (tr("Recent reviews"), self._reviews),
        ):
            near = [(far, entry) for entry in entries if (far := _distance(typed, entry)) is not None]
            near.sort(key=lambda each: (each[0], self._age(each[1])))
            if near:
                ranked.append((near[0][0], Group(title, tuple(entry for _far, entry in near[:_MOST]))))
        explained = self._explained(typed) if _asks_to_explain(typed) else ()
        if explained:
            ranked.append((explained[0][0], _group_of(explained)))
        ranked.sort(key=lambda each: each[0])
        return [group for _far, group in ranked]

    def explaining(self, typed: str) -> list[Group]:
        """The explanations that answer to what is typed, to stand below all else that was found."""
        explained = () if _asks_to_explain(typed) else self._explained(typed)
        return [_group_of(explained)] if explained else []

    def _explained(self, typed: str) -> Sequence[tuple[int, Entry]]:
        """Numbers and single letters look for something else."""
        says_something = any(len(word) >= _SHORTEST and word.isalpha() for word in typed.split())
        return self._explanations(typed) if says_something else ()


def _asks_to_explain(typed: str) -> bool:
    first = plain(typed).split(maxsplit=1)[:1]
    return bool(first) and len(first[0]) > _SHORTEST and plain(tr("Explain")).startswith(first[0])


def _group_of(explained: Sequence[tuple[int, Entry]]) -> Group:
    return Group(tr("Explanations"), tuple(entry for _far, entry in explained[:_MOST]))


def _distance(typed: str, entry: Entry) -> int | None:
    """A tab also answers to its page's name before its own, a little later than to its own."""
    near = distance(typed, entry.text)
    if near is None and entry.kind == "tab":
        whole = distance(typed, f"{entry.detail} {entry.text}")
        # By the page's name alone one wants the page.
        return whole + 1 if whole is not None and distance(typed, entry.detail) is None else None
    return near


def found_in_review(found: Found, go: Go) -> list[Group]:
    """The studies, analyses and records that were found; each leads to its page."""
    studies = tuple(
        Entry(
            f"study:{study.hex()}", mark("study"), label, lambda study=study: go("extraction", study=study), "table-2"
        )
        for study, label in found.studies
    )
    analyses = tuple(
        Entry(
            f"analysis:{analysis.id.hex()}", mark("analysis"), f"{analysis.number} {analysis.label}",
            lambda place=analysis.id: go("analysis", analysis=place), "chart-gantt", analysis.comparison,
        )
        for analysis in found.analyses
    )  # fmt: skip
    records = tuple(_record(record, go) for record in found.records)
    return _filled(Group(tr("Studies"), studies), Group(tr("Analyses"), analyses), Group(tr("Records"), records))


def _record(record: RecordView, go: Go) -> Entry:
    author = record.authors[0].split(",")[0] if record.authors else ""
    said = " ".join(part for part in (author, str(record.year or "")) if part)
    detail = ", ".join(part for part in (said, tr("record {number}", number=figure(record.number))) if part)
    text = record.title or tr("No title")
    return Entry(
        f"record:{record.id.hex()}",
        mark("record"),
        text,
        lambda: go("references", record=record.id),
        "file-text",
        detail,
    )


def _filled(*groups: Group) -> list[Group]:
    return [group for group in groups if group.entries]
