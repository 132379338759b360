"""Sure duplicates: records that are the same report beyond doubt, found by equal keys and never by likeness.

A pair is only looked at when it shares a title, a PubMed number or an accession number, and is only joined when enough
else agrees and nothing contradicts. What must stay apart although it looks alike: one DOI for a whole supplement of
abstracts, paper and conference abstract under one title, a guideline in two journals, "Editorial" many times a year,
twin trials, Cochrane updates, erratum or reply and their article. When a chain of pairs would join records that
contradict each other (A like B, B like C, A and C with different DOIs), the weaker links of that chain are dropped.
The result depends only on the records, not on their order.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from core.references import normalise
from core.references.record import ReferenceRecord

SPECIFIC_TITLE = 25
"""Letters a title needs to say something by itself; "Editorial" or "Case report" do not."""

LARGE_BUCKET = 24
"""Records under one key beyond which they are first told apart by further keys, so that time stays linear."""

_REGISTRATION = re.compile(
    r"\b(?:NCT\d{8}|ISRCTN\d{6,8}|ACTRN\d{14}|DRKS\d{8}|ChiCTR[\w-]{6,20}|\d{4}-\d{6}-\d{2})\b", re.I
)
_COCHRANE_REVIEW = re.compile(r"cd\d{3,6}$")
_SUPPLEMENT = re.compile(r"supp|\bs(?=\d)", re.IGNORECASE)
_NUMBER = re.compile(r"\d+")

_BIBLIOGRAPHIC, _PAGED, _IDENTIFIED = 1, 2, 3
"""What a link rests on: title, author and journal; the first page as well; a DOI, PubMed or accession number."""


@dataclass(frozen=True, slots=True)
class DedupeKey:
    """What of a record decides whether it is a duplicate, normalised; small enough to keep for a whole review."""

    title: str
    doi: str
    pmid: str
    accession: str
    year: int | None
    volume: str
    issue: str
    first_page: str
    last_page: str
    surnames: tuple[str, ...]
    journal: tuple[str, ...]
    issns: frozenset[str]
    registrations: frozenset[str]
    completeness: int


@dataclass(frozen=True, slots=True)
class DuplicateGroup:
    """Positions in the sequence given, ascending, of records that are one report, and the one that stands for it."""

    primary: int
    members: tuple[int, ...]


def dedupe_key(record: ReferenceRecord) -> DedupeKey:
    """The key of a record."""
    first, last = normalise.page_range(record.pages)
    doi = normalise.doi_key(record.doi)
    text = " ".join((record.accession, record.journal, *record.urls)) if not doi else ""
    accession = normalise.words(record.accession).replace(" ", "")
    return DedupeKey(
        title=normalise.title_key(record.title),
        doi="" if doi.startswith("10.1002/central/") else doi,
        pmid=normalise.pmid_key(record.pmid),
        accession=accession if len(accession) >= 6 and _NUMBER.search(accession) else "",
        year=record.year,
        volume=_number(record.volume),
        issue=_issue(record.issue),
        first_page=first,
        last_page=last,
        surnames=tuple(filter(None, map(normalise.surname, record.authors))),
        journal=normalise.journal_words(record.journal),
        issns=normalise.issns(record.issn),
        registrations=frozenset(found.lower() for found in _REGISTRATION.findall(text)),
        completeness=_completeness(record),
    )


def exact_groups(records: Sequence[ReferenceRecord | DedupeKey]) -> list[DuplicateGroup]:
    """Groups of sure duplicates among ``records``, ordered by first member; records without a duplicate are in none.

    The primary is the most complete record, the earlier one of two equally complete. To update a search, give the keys
    of what is there followed by those of what is new: time grows linearly with the number of records.
    """
    keys = [r if isinstance(r, DedupeKey) else dedupe_key(r) for r in records]
    links = {pair: strength for pair in _candidates(keys) if (strength := _agreement(keys[pair[0]], keys[pair[1]]))}
    groups = (_group(members, keys) for members in _consistent_sets(links, keys))
    return sorted(groups, key=lambda group: group.members)


def _group(members: Sequence[int], keys: Sequence[DedupeKey]) -> DuplicateGroup:
    return DuplicateGroup(primary=min(members, key=lambda i: (-keys[i].completeness, i)), members=tuple(members))


# --- which pairs to look at -----------------------------------------------------------------------------------------


def _candidates(keys: Sequence[DedupeKey]) -> Iterator[tuple[int, int]]:
    """Pairs that share a title, a PubMed number or an accession number, each once, the smaller position first."""
    seen: set[tuple[int, int]] = set()
    tellers: tuple[Callable[[DedupeKey], Hashable], ...] = (lambda k: k.title, lambda k: k.pmid, lambda k: k.accession)
    for teller in tellers:
        for bucket in _buckets(range(len(keys)), lambda i, tell=teller: tell(keys[i])):
            for pair in _pairs(bucket, keys):
                if pair not in seen:
                    seen.add(pair)
                    yield pair


def _buckets(members: Iterable[int], key: Callable[[int], Hashable]) -> Iterator[list[int]]:
    """The members that share a non-empty key, two or more at a time."""
    buckets: defaultdict[Hashable, list[int]] = defaultdict(list)
    for member in members:
        value = key(member)
        if value:
            buckets[value].append(member)
    return (bucket for bucket in buckets.values() if len(bucket) > 1)


def _pairs(bucket: Sequence[int], keys: Sequence[DedupeKey]) -> Iterator[tuple[int, int]]:
    """All pairs of a small bucket; of a large one ("Editorial") those that share a further key as well."""
    if len(bucket) <= LARGE_BUCKET:
        yield from combinations(bucket, 2)
        return
    finer: tuple[Callable[[DedupeKey], Hashable], ...] = (
        lambda k: k.doi,
        lambda k: k.first_page and (k.year, k.first_page),
        lambda k: k.surnames and (k.year, k.surnames[0], k.volume),
    )
    for teller in finer:
        for smaller in _buckets(bucket, lambda i, tell=teller: tell(keys[i])):
            if len(smaller) <= LARGE_BUCKET:
                yield from combinations(smaller, 2)
            else:
                ordered = sorted(smaller, key=lambda i: _order(keys[i]))
                yield from (_ascending(a, b) for a, b in pairwise(ordered))


def _order(key: DedupeKey) -> tuple[str, ...]:
    """An order by content that puts copies of one record side by side."""
    return (key.doi, key.pmid, str(key.year), key.volume, key.issue, key.first_page, *key.journal, *key.surnames)


def _ascending(a: int, b: int) -> tuple[int, int]:
    return (a, b) if a < b else (b, a)


# --- whether a pair is the same report ------------------------------------------------------------------------------


def _contradict(a: DedupeKey, b: DedupeKey) -> bool:
    """Whether two records cannot be one report: different identifiers, or two versions of a Cochrane review."""
    if _differ(a.doi, b.doi) or _differ(a.pmid, b.pmid):
        return True
    if a.registrations and b.registrations and a.registrations.isdisjoint(b.registrations):
        return True
    if _COCHRANE_REVIEW.match(a.first_page) and _COCHRANE_REVIEW.match(b.first_page):
        return a.first_page != b.first_page or a.year != b.year or _differ(a.issue, b.issue)
    return False


def _agreement(a: DedupeKey, b: DedupeKey) -> int:
    """How sure it is that two records are one report: 0 is not sure, else _BIBLIOGRAPHIC, _PAGED or _IDENTIFIED."""
    if _contradict(a, b):
        return 0
    same_title = bool(a.title) and a.title == b.title
    other_page = _differ(a.first_page, b.first_page)
    other_author = bool(a.surnames) and bool(b.surnames) and set(a.surnames).isdisjoint(b.surnames)
    if a.pmid and a.pmid == b.pmid and (same_title or (a.year == b.year and not other_page and not other_author)):
        return _IDENTIFIED
    if not same_title:
        return 0
    if (a.doi and a.doi == b.doi) or (a.accession and a.accession == b.accession):
        return 0 if other_page and other_author else _IDENTIFIED
    if other_page:
        return 0
    if a.first_page and b.first_page:
        return _PAGED if _same_pages_same_report(a, b, other_author) else 0
    return _BIBLIOGRAPHIC if _same_report_without_pages(a, b) else 0


def _same_pages_same_report(a: DedupeKey, b: DedupeKey, other_author: bool) -> bool:
    """For records of one title and one first page."""
    same_journal = _same_journal(a, b)
    same_volume = bool(a.volume) and a.volume == b.volume
    if not _says_something(a.title):
        return same_journal and same_volume and a.year == b.year and not _differ(a.issue, b.issue) and not other_author
    if a.year is None or b.year is None:
        return False
    same_author = _same_first_author(a, b)
    if a.year != b.year:
        return abs(a.year - b.year) == 1 and same_journal and same_volume and same_author
    if same_journal or (same_volume and same_author):
        return True
    same_last_page = bool(a.last_page) and a.last_page == b.last_page
    return same_author and same_last_page and not _differ(a.volume, b.volume) and a.first_page != "1"


def _same_report_without_pages(a: DedupeKey, b: DedupeKey) -> bool:
    """For records of one title of which one at least has no pages."""
    if not _says_something(a.title) or a.year is None or a.year != b.year or _differ(a.issue, b.issue):
        return False
    if not _same_first_author(a, b) or not _same_journal(a, b) or _differ(a.volume, b.volume):
        return False
    return bool(a.volume and b.volume) or a.surnames == b.surnames


def _says_something(title: str) -> bool:
    """Whether a title is long enough to stand for one report; a sign of Chinese or Japanese counts as three letters."""
    return len(title) + 2 * sum(letter > "\u2e80" for letter in title) >= SPECIFIC_TITLE


def _same_journal(a: DedupeKey, b: DedupeKey) -> bool:
    return not a.issns.isdisjoint(b.issns) or normalise.same_journal_name(a.journal, b.journal)


def _same_first_author(a: DedupeKey, b: DedupeKey) -> bool:
    return bool(a.surnames) and bool(b.surnames) and a.surnames[0] == b.surnames[0]


def _differ(one: str, other: str) -> bool:
    """Whether both are given and not equal."""
    return bool(one) and bool(other) and one != other


# --- from pairs to groups -------------------------------------------------------------------------------------------


def _components(links: Mapping[tuple[int, int], int]) -> Iterator[dict[tuple[int, int], int]]:
    """The links, split into sets that are not connected with each other."""
    parent: dict[int, int] = {}

    def root(i: int) -> int:
        parent.setdefault(i, i)
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for a, b in links:
        parent[root(a)] = root(b)
    split: defaultdict[int, dict[tuple[int, int], int]] = defaultdict(dict)
    for pair, strength in links.items():
        split[root(pair[0])][pair] = strength
    yield from split.values()


def _consistent_sets(
    links: Mapping[tuple[int, int], int], keys: Sequence[DedupeKey], above: int = 0
) -> Iterator[list[int]]:
    """The connected sets of positions; one that contradicts itself is joined anew by its stronger links only."""
    for component in _components(links):
        members = sorted({i for pair in component for i in pair})
        held = [keys[i] for i in members]
        pages = {key.first_page for key in held} - {""}
        if not _contradictory(held) and (len(pages) < 2 or above >= _BIBLIOGRAPHIC):
            yield members
        elif above < _PAGED:
            stronger = {pair: strength for pair, strength in component.items() if strength > above + 1}
            yield from _consistent_sets(stronger, keys, above + 1)


def _contradictory(keys: Sequence[DedupeKey]) -> bool:
    """Whether any two of the records cannot be one report; few different ones are left after removing copies."""
    facts = {(k.doi, k.pmid, k.registrations, k.first_page, k.year, k.issue): k for k in keys}
    if len({k.doi for k in keys} - {""}) > 1 or len({k.pmid for k in keys} - {""}) > 1:
        return True
    return any(_contradict(a, b) for a, b in combinations(facts.values(), 2))


def _completeness(record: ReferenceRecord) -> int:
    """Filled fields first, length of the abstract second."""
    filled = sum(
        bool(value)
        for value in (
            record.title,
            record.abstract,
            record.authors,
            record.journal,
            record.year,
            record.volume,
            record.issue,
            record.pages,
            record.doi,
            record.pmid,
            record.keywords,
        )
    )
    return filled * 100_000 + min(len(record.abstract), 99_999)


def _issue(text: str) -> str:
    """The number of an issue, a supplement being none of the issues ("2 Suppl" is not "2")."""
    return ("s" if _SUPPLEMENT.search(text) else "") + _number(text)


def _number(text: str) -> str:
    """The first number of a volume ("61 (Supplement 1)" is 61), without leading zeros; else its folded letters."""
    found = _NUMBER.search(text)
    return found.group().lstrip("0") if found else normalise.words(text).replace(" ", "")
