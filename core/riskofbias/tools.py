"""Risk-of-bias tools as data: a tool is one TOML file in ``resources/riskofbias``, and needs no code of its own.

A file is checked in full when it is read, because a team may write its own: whatever is missing, misspelt or ambiguous
is refused with the place where it stands.
"""

from __future__ import annotations

import enum
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TypeVar, cast

from core.errors import InputError

E = TypeVar("E", bound=enum.StrEnum)

TOOLS_FOLDER = Path(__file__).resolve().parents[2] / "resources" / "riskofbias"

USUAL_TOOL = "rob1"
"""The tool of a review that has not chosen one."""

DRAWN_LEVELS = (
    "low", "unclear", "some", "moderate", "high", "serious", "critical", "very_high", "no_information",
    "not_applicable",
)  # fmt: skip
"""The levels that figures have a disc for: those a tool of the team's own is made of."""


class Scope(enum.StrEnum):
    """How often a domain is judged in one study."""

    STUDY = "study"
    GROUP = "group"
    """Once for every group of outcomes that the review tells apart, such as objective and patient-reported ones."""


class OverallRule(enum.StrEnum):
    """How the overall judgement follows from the domains."""

    WORST = "worst"


@dataclass(frozen=True, slots=True)
class Level:
    """One possible judgement. The higher the ``rank``, the more serious; colours are ``#RRGGBB``."""

    id: str
    label: str
    symbol: str
    colour: str
    colour_blind: str
    rank: int


@dataclass(frozen=True, slots=True)
class Criteria:
    """What speaks for one level in one domain; each sentence is enough by itself."""

    level: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Domain:
    """One way in which a study can go wrong. ``support`` says what the reviewer should write down.

    ``groups`` are the groups of outcomes it is judged for where the tool itself names them, in the order of the
    figures; empty for those that the review tells apart. Only a tool of the team's own names groups, has domains
    without criteria, or leaves ``support`` empty.
    """

    id: str
    name: str
    short: str
    bias: str
    scope: Scope
    support: str
    criteria: tuple[Criteria, ...]
    groups: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The name with the kind of bias, as legends print it."""
        return f"{self.name} ({self.bias})" if self.bias else self.name


@dataclass(frozen=True, slots=True)
class Cell:
    """One judgement that a study needs: a domain, and for a domain judged by group of outcomes, the group.

    ``group`` is empty for a domain judged once per study, and where the review tells no groups apart.
    """

    domain: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class Tool:
    """A risk-of-bias tool; levels run from the least to the most serious, domains in the order of the figures.

    ``licence`` says whose wording this is and is shown with ``site`` in every assessment form. ``overall_shown`` says
    whether the overall judgement is a formal part of the tool.
    """

    id: str
    name: str
    title: str
    version: str
    date: str
    site: str
    citation: str
    licence: str
    unit: str
    reliability: str
    overall_rule: OverallRule
    overall_shown: bool
    levels: tuple[Level, ...]
    domains: tuple[Domain, ...]

    def level(self, level_id: str) -> Level:
        """The level with this id; InputError for a level the tool does not have."""
        for level in self.levels:
            if level.id == level_id:
                return level
        raise InputError(
            "riskofbias.level",
            "{tool} has no level called “{level}”. It has: {levels}.",
            tool=self.name,
            level=level_id,
            levels=", ".join(level.id for level in self.levels),
        )

    def domain(self, domain_id: str) -> Domain:
        """The domain with this id; InputError for a domain the tool does not have."""
        for domain in self.domains:
            if domain.id == domain_id:
                return domain
        raise InputError(
            "riskofbias.domain",
            "{tool} has no domain called “{domain}”. It has: {domains}.",
            tool=self.name,
            domain=domain_id,
            domains=", ".join(domain.id for domain in self.domains),
        )

    def cells(self, groups: Iterable[str] = ()) -> tuple[Cell, ...]:
        """The judgements one study needs, in order, when the review tells these groups of outcomes apart.

        A domain with groups of its own is judged for exactly those.
        """
        named = tuple(groups) or ("",)
        return tuple(
            Cell(domain.id, group)
            for domain in self.domains
            for group in ((domain.groups or named) if domain.scope is Scope.GROUP else ("",))
        )

    def columns(self, used: Iterable[Cell]) -> tuple[Cell, ...]:
        """The cells where these have judgements, in the order of the figures: for the groups of outcomes that they tell
        apart, and before those of a domain any that tells none apart. Cells of domains there are not are left out."""
        found = set(used)
        wanted = self.cells(sorted({cell.group for cell in found if cell.group}))
        extra = sorted(found.difference(wanted), key=lambda cell: cell.group)
        return tuple(
            cell for domain in self.domains for cell in (*extra, *wanted) if cell.domain == domain.id
        )  # fmt: skip

    def cell(self, domain_id: str, group: str = "") -> Cell:
        """This domain's cell for a group of outcomes; InputError where the tool has none such."""
        domain = self.domain(domain_id)
        if group and domain.scope is Scope.STUDY:
            raise InputError(
                "riskofbias.group",
                "“{domain}” is judged once per study, not by group of outcomes. Nothing was changed.",
                domain=domain.name,
            )
        if domain.groups and group not in domain.groups:
            raise InputError(
                "riskofbias.no_such_group",
                "“{domain}” is judged for {groups}, and for no other outcomes. Nothing was changed.",
                domain=domain.name,
                groups=", ".join(domain.groups),
            )
        return Cell(domain.id, group)


@cache
def tools() -> Mapping[str, Tool]:
    """Every tool that Copse ships, by id."""
    return {path.stem: load(path) for path in sorted(TOOLS_FOLDER.glob("*.toml"))}


def tool(tool_id: str) -> Tool:
    """The tool with this id; InputError for one that Copse does not have."""
    try:
        return tools()[tool_id]
    except KeyError:
        raise InputError(
            "riskofbias.unknown_tool",
            "There is no risk-of-bias tool called “{tool}”. Copse has: {tools}.",
            tool=tool_id,
            tools=", ".join(tools()),
        ) from None


def load(path: Path) -> Tool:
    """Read and check one tool; InputError names the file, the place in it and what is wrong there."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _refusal(path.name, "the file", f"it is not TOML ({error})") from error
    return _read_tool(_Table(values, path.name, "the file"), path.stem)


def load_own(text: str, file: str, tool_id: str) -> Tool:
    """Read and check a tool of the team's own, known as ``tool_id`` whatever its text says.

    It may leave out what only a published tool has: version, date, site, citation, licence, reliability, and of a
    domain support and criteria. It may name the groups of outcomes that a domain is judged for. InputError as `load`.
    """
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _refusal(file, "the file", f"it is not TOML ({error})") from error
    read = _read_tool(_Table(values, file, "the file", lenient=True), "")
    for level in read.levels:
        if level.id not in DRAWN_LEVELS:
            known = ", ".join(DRAWN_LEVELS)
            raise _refusal(file, "levels", f"“id” is “{level.id}”; possible are {known}")
        if len(level.symbol) > 1:
            raise _refusal(file, "levels", f"“symbol” is “{level.symbol}”; it must be one sign")
    return replace(read, id=tool_id)


def _refusal(file: str, place: str, problem: str) -> InputError:
    return InputError(
        "riskofbias.tool_file",
        "The risk-of-bias tool {file} cannot be used. In {place}: {problem}. Correct the file and open it again.",
        file=file,
        place=place,
        problem=problem,
    )


class _Table:
    """One table of a tool file; hands out checked values and knows which keys nobody has asked for."""

    def __init__(self, values: Mapping[str, object], file: str, place: str, *, lenient: bool = False) -> None:
        self._values = dict(values)
        self._file = file
        self._place = place
        self.lenient = lenient
        """A tool of the team's own: what only a published one must have may be left out."""

    def refuse(self, problem: str) -> InputError:
        """The error for a problem in this table."""
        return _refusal(self._file, self._place, problem)

    def _take(self, key: str, kind: type) -> object:
        if key not in self._values:
            raise self.refuse(f"“{key}” is missing")
        value = self._values.pop(key)
        if type(value) is not kind:
            raise self.refuse(f"“{key}” must be of type {kind.__name__}, not {type(value).__name__}")
        return value

    def text(self, key: str, *, empty: bool = False) -> str:
        value = cast("str", self._take(key, str))
        if not value.strip() and not empty:
            raise self.refuse(f"“{key}” is empty")
        return value

    def published(self, key: str) -> str:
        """A text that a tool of the team's own may leave out."""
        if not self.lenient:
            return self.text(key)
        return self.text(key, empty=True) if self.has(key) else ""

    def has(self, key: str) -> bool:
        return key in self._values

    def choice(self, key: str, of: type[E]) -> E:
        value = self.text(key)
        if value not in set(of):
            raise self.refuse(f"“{key}” is “{value}”; possible are {', '.join(of)}")
        return of(value)

    def colour(self, key: str) -> str:
        value = self.text(key)
        if not re.fullmatch(r"#[0-9A-F]{6}", value):
            raise self.refuse(f"“{key}” is “{value}”, not a colour such as #02C100")
        return value

    def whole(self, key: str) -> int:
        return cast("int", self._take(key, int))

    def flag(self, key: str) -> bool:
        return cast("bool", self._take(key, bool))

    def texts(self, key: str) -> tuple[str, ...]:
        values = cast("list[object]", self._take(key, list))
        if not values or not all(isinstance(value, str) and value.strip() for value in values):
            raise self.refuse(f"“{key}” must list one sentence or more")
        return tuple(cast("list[str]", values))

    def table(self, key: str) -> _Table:
        place = f"{self._place}, [{key}]"
        return _Table(cast("dict[str, object]", self._take(key, dict)), self._file, place, lenient=self.lenient)

    def tables(self, key: str) -> list[_Table]:
        values = cast("list[object]", self._take(key, list))
        if not values or not all(isinstance(value, dict) for value in values):
            raise self.refuse(f"“{key}” must list one table or more")
        return [
            _Table(cast("dict[str, object]", value), self._file, f"{key} number {number}", lenient=self.lenient)
            for number, value in enumerate(values, 1)
        ]

    def done(self) -> None:
        """Refuse what is left over: a misspelt key would otherwise be ignored in silence."""
        if self._values:
            raise self.refuse(f"“{min(self._values)}” is not known here")


def _read_tool(table: _Table, tool_id: str) -> Tool:
    if table.published("id") != tool_id and not table.lenient:
        raise table.refuse(f"“id” must be the file's name, {tool_id}")
    levels = tuple(sorted(map(_read_level, table.tables("levels")), key=lambda level: level.rank))
    _distinct(table, "levels", [level.id for level in levels])
    _distinct(table, "ranks", [str(level.rank) for level in levels])
    _distinct(table, "symbols", [level.symbol for level in levels])
    domains = tuple(_read_domain(domain, levels) for domain in table.tables("domains"))
    _distinct(table, "domains", [domain.id for domain in domains])
    overall = table.table("overall")
    read = Tool(
        id=tool_id,
        name=table.text("name"),
        title=table.text("title"),
        version=table.published("version"),
        date=table.published("date"),
        site=table.published("site"),
        citation=table.published("citation"),
        licence=table.published("licence"),
        unit=table.text("unit"),
        reliability=table.published("reliability"),
        overall_rule=overall.choice("rule", OverallRule),
        overall_shown=overall.flag("shown"),
        levels=levels,
        domains=domains,
    )
    overall.done()
    table.done()
    return read


def _read_level(table: _Table) -> Level:
    level = Level(
        id=table.text("id"),
        label=table.text("label"),
        symbol=table.text("symbol"),
        colour=table.colour("colour"),
        colour_blind=table.colour("colour_blind"),
        rank=table.whole("rank"),
    )
    table.done()
    return level


def _read_domain(table: _Table, levels: tuple[Level, ...]) -> Domain:
    domain = Domain(
        id=table.text("id"),
        name=table.text("name"),
        short=table.text("short"),
        bias=table.text("bias", empty=True) if table.has("bias") or not table.lenient else "",
        scope=table.choice("scope", Scope),
        support=table.published("support"),
        criteria=_read_criteria(table, levels),
        groups=table.texts("groups") if table.lenient and table.has("groups") else (),
    )
    if domain.groups and domain.scope is Scope.STUDY:
        raise table.refuse("“groups” are named, but “scope” is “study”")
    _distinct(table, "groups", list(domain.groups))
    table.done()
    return domain


def _read_criteria(table: _Table, levels: tuple[Level, ...]) -> tuple[Criteria, ...]:
    if table.lenient and not table.has("criteria"):
        return ()
    criteria = table.table("criteria")
    read = tuple(Criteria(level.id, criteria.texts(level.id)) for level in levels)
    criteria.done()
    return read


def _distinct(table: _Table, what: str, values: list[str]) -> None:
    twice = {value for value in values if values.count(value) > 1}
    if twice:
        raise table.refuse(f"two {what} are called “{min(twice)}”")
