"""Risk-of-bias tools as data: a tool is one TOML file in ``resources/riskofbias``, and needs no code of its own.

A file is checked in full when it is read, because a team may write its own: whatever is missing, misspelt or ambiguous
is refused with the place where it stands.
"""

from __future__ import annotations

import enum
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar, cast

from core.errors import InputError

E = TypeVar("E", bound=enum.StrEnum)

TOOLS_FOLDER = Path(__file__).resolve().parents[2] / "resources" / "riskofbias"

USUAL_TOOL = "rob1"
"""The tool of a review that has not chosen one."""


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
    """One way in which a study can go wrong. ``support`` says what the reviewer should write down."""

    id: str
    name: str
    short: str
    bias: str
    scope: Scope
    support: str
    criteria: tuple[Criteria, ...]

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
        """The judgements one study needs, in order, when the review tells these groups of outcomes apart."""
        named = tuple(groups) or ("",)
        return tuple(
            Cell(domain.id, group)
            for domain in self.domains
            for group in (named if domain.scope is Scope.GROUP else ("",))
        )


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

    def __init__(self, values: Mapping[str, object], file: str, place: str) -> None:
        self._values = dict(values)
        self._file = file
        self._place = place

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
        return _Table(cast("dict[str, object]", self._take(key, dict)), self._file, f"{self._place}, [{key}]")

    def tables(self, key: str) -> list[_Table]:
        values = cast("list[object]", self._take(key, list))
        if not values or not all(isinstance(value, dict) for value in values):
            raise self.refuse(f"“{key}” must list one table or more")
        return [
            _Table(cast("dict[str, object]", value), self._file, f"{key} number {number}")
            for number, value in enumerate(values, 1)
        ]

    def done(self) -> None:
        """Refuse what is left over: a misspelt key would otherwise be ignored in silence."""
        if self._values:
            raise self.refuse(f"“{min(self._values)}” is not known here")


def _read_tool(table: _Table, tool_id: str) -> Tool:
    if table.text("id") != tool_id:
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
        version=table.text("version"),
        date=table.text("date"),
        site=table.text("site"),
        citation=table.text("citation"),
        licence=table.text("licence"),
        unit=table.text("unit"),
        reliability=table.text("reliability"),
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
    criteria = table.table("criteria")
    domain = Domain(
        id=table.text("id"),
        name=table.text("name"),
        short=table.text("short"),
        bias=table.text("bias", empty=True),
        scope=table.choice("scope", Scope),
        support=table.text("support"),
        criteria=tuple(Criteria(level.id, criteria.texts(level.id)) for level in levels),
    )
    criteria.done()
    table.done()
    return domain


def _distinct(table: _Table, what: str, values: list[str]) -> None:
    twice = {value for value in values if values.count(value) > 1}
    if twice:
        raise table.refuse(f"two {what} are called “{min(twice)}”")
