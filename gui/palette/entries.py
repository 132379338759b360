"""What the palette offers: entries under headings, made from the actions, the recent reviews and what was found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from core.language import figure, mark, tr
from gui.actions import GLOBAL, Registry
from gui.palette.matching import distance
from gui.settings import Recent

if TYPE_CHECKING:
    from core.session.overview import Found
    from core.store.queries.records import RecordView

OPEN_ID = "go.palette"
_LIKELY = 6
_MOST = 8
Go = Callable[..., None]


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
    for action in registry.in_force():
        if action.id == OPEN_ID or not registry.is_enabled(action.id):
            continue
        entry = Entry(
            action.id, mark("command"), action.text, lambda name=action.id: registry.trigger(name), action.icon,
            key=action.key,
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


class Catalogue:
    """All that is known without asking the review, taken down when the palette opens: what can be done then depends
    on where the focus was."""

    def __init__(self, registry: Registry, pages: Sequence[str], reviews: Sequence[Entry]) -> None:
        all_commands = commands(registry)
        stages = {f"go.{page}" for page in pages}
        self._pages = [each for each, _own in all_commands if each.id in stages]
        self._own = [each for each, own in all_commands if own]
        self._others = [each for each, own in all_commands if not own and each.id not in stages]
        self._reviews = list(reviews)

    def likely(self) -> list[Group]:
        """What is most likely wanted here, while nothing is typed."""
        return _filled(
            Group(tr("On this page"), tuple(self._own[:_LIKELY])),
            Group(tr("Pages"), tuple(self._pages)),
            Group(tr("Everywhere"), tuple(self._others)),
            Group(tr("Recent reviews"), tuple(self._reviews[:_LIKELY])),
        )

    def matching(self, typed: str) -> list[Group]:
        """What answers to what is typed; the group with the best answer first."""
        ranked: list[tuple[int, Group]] = []
        for title, entries in (
            (tr("Commands"), [*self._own, *self._others]),
            (tr("Pages"), self._pages),
            (tr("Recent reviews"), self._reviews),
        ):
            near = [(far, entry) for entry in entries if (far := distance(typed, entry.text)) is not None]
            near.sort(key=lambda each: each[0])
            if near:
                ranked.append((near[0][0], Group(title, tuple(entry for _far, entry in near[:_MOST]))))
        ranked.sort(key=lambda each: each[0])
        return [group for _far, group in ranked]


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
