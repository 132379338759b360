"""Tools of the team's own: made from the items of an imported review, and written as the text of a tool file."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from core.errors import FileProblem, InputError
from core.language import mark
from core.riskofbias.tools import Cell, Domain, Scope, Tool, tool

PREFIX = "own-"
"""How the id of a tool of the team's own begins; the id of its row in hexadecimal follows."""

_USUAL = "rob1"
"""The tool whose levels and guidance the items of RevMan share."""

_ALL = "all outcomes"
"""RevMan's name for the group of an item that tells no groups apart."""

_SHORT = 32
"""The most characters of a short name."""

_KNOWN: Mapping[str, str] = {
    "adequate sequence generation": "sequence",
    "sequence generation": "sequence",
    "adequate allocation concealment": "concealment",
    "incomplete outcome data addressed": "attrition",
    "free of selective reporting": "reporting",
    "free of selective outcome reporting": "reporting",
    "selective outcome reporting": "reporting",
    "free of other bias": "other",
    "other sources of bias": "other",
    "other potential sources of bias": "other",
}
"""What RevMan called RoB 1's domains before; today it calls them by the names they have in Copse."""

_SMALL = frozenset(["a", "an", "and", "as", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"])


@dataclass(frozen=True, slots=True)
class Item:
    """An item of another program's tool. ``groups`` are (id, name) of the groups of outcomes it is judged for;
    ``judged`` says whether any study has a judgement on it."""

    id: str
    name: str
    description: str = ""
    by_group: bool = False
    groups: tuple[tuple[str, str], ...] = ()
    judged: bool = True


@dataclass(frozen=True, slots=True)
class MadeTool:
    """A tool with a place for every judgement on some items."""

    tool: Tool
    domains: Mapping[str, str]
    """{item: domain}; an item that nothing can be judged on is absent."""
    groups: Mapping[tuple[str, str], str]
    """{(item, group): the group's name in cells}, empty for the one that stands for all outcomes."""

    @property
    def is_own(self) -> bool:
        """Whether it has to be kept in the review, because Copse does not ship it."""
        return self.tool.id != _USUAL

    def cell(self, item_id: str, group_id: str = "") -> Cell | None:
        """Where a judgement on an item (for a group of outcomes) belongs; None for an item or group there is not."""
        domain = self.domains.get(item_id)
        if domain is None:
            return None
        names = {group: name for (item, group), name in self.groups.items() if item == item_id}
        if not names or self.tool.domain(domain).scope is Scope.STUDY:
            return Cell(domain)
        if not group_id and len(names) == 1:
            return Cell(domain, *names.values())
        return Cell(domain, names[group_id]) if group_id in names else None


def tool_of(items: Sequence[Item], tool_id: str = PREFIX, title: str = "") -> MadeTool | None:
    """The tool these items make: RoB 1 where it holds all their judgements, else one called ``tool_id`` with RoB 1's
    levels and the domains in the order of the items. None where there is no item.

    An item by group of outcomes without a group is left out as soon as another one is judged: RevMan shows none either.
    """
    begun = any(item.judged for item in items)
    used = [item for item in items if item.judged or item.groups or not (begun and item.by_group)]
    if not used:
        return None
    domains = _domains(used)
    places = list(zip(used, domains, strict=True))
    ids = {item.id: domain.id for item, domain in places}
    groups = {(item.id, group): name for item in used for group, name in _group_names(item).items()}
    usual = tool(_USUAL)
    if _holds(usual, places):
        return MadeTool(usual, ids, groups)
    own = replace(
        usual,
        id=tool_id,
        name=mark("Imported tool"),
        title=title or mark("Items of the imported review"),
        version="",
        date="",
        site="",
        citation="",
        licence=mark("Items of the imported review. What is said about the domains of RoB 1 is Copse’s own wording."),
        reliability="",
        domains=tuple(domains),
    )
    return MadeTool(own, ids, groups)


def _holds(usual: Tool, places: Sequence[tuple[Item, Domain]]) -> bool:
    """Whether the items are this tool's domains under their names, and all that it judges by group have the same."""
    names = {domain.id: plain_name(domain.name) for domain in usual.domains}
    if {domain.id: plain_name(item.name) for item, domain in places} != names:
        return False
    by_group = {domain.groups for _, domain in places if usual.domain(domain.id).scope is Scope.GROUP}
    once = {domain.groups for _, domain in places if usual.domain(domain.id).scope is Scope.STUDY}
    return len(by_group) == 1 and once == {()}


# --- domains ---------------------------------------------------------------------------------------------------------


def plain_name(name: str) -> str:
    """A name of an item without the kind of bias, question mark, capitals and spaces too many."""
    return _parts(name)[0].rstrip("?").casefold()


def short_name(name: str) -> str:
    """The first words of a name, as many as the head of a column has room for, not ending in a small word."""
    words = name.rstrip("?").split()
    while len(words) > 1 and (len(" ".join(words)) > _SHORT or words[-1].casefold() in _SMALL):
        words.pop()
    short = " ".join(words).rstrip(",;:.–-")
    return short if len(short) <= _SHORT else f"{short[: _SHORT - 1]}…"


def _parts(name: str) -> tuple[str, str]:
    """Name and kind of bias of “Allocation concealment (selection bias)”."""
    whole = " ".join(name.split())
    found = re.fullmatch(r"(.+?)\s*\(([^()]*\bbias)\)\s*\??", whole, re.IGNORECASE)
    return (found[1], found[2]) if found else (whole, "")


def _domains(items: Sequence[Item]) -> list[Domain]:
    usual = {plain_name(domain.name): domain for domain in tool(_USUAL).domains}
    usual.update({name: tool(_USUAL).domain(domain) for name, domain in _KNOWN.items()})
    made: dict[str, Domain] = {}
    for item in items:
        known = usual.get(plain_name(item.name))
        domain = _domain(item, None if known and known.id in made else known)
        first, number = domain.id, 1
        while domain.id in made:
            number += 1
            domain = replace(domain, id=f"{first}_{number}")
        made[domain.id] = domain
    return list(made.values())


def _domain(item: Item, known: Domain | None) -> Domain:
    name, bias = _parts(item.name)
    groups = tuple(filter(None, _group_names(item).values()))
    # Where one group stands for all outcomes, or none is needed, the domain is judged once, whatever others are.
    once = not item.by_group or (bool(item.groups) and not groups)
    return Domain(
        id=known.id if known else "item_" + re.sub(r"\W+", "_", item.id).casefold(),
        name=name or item.id,
        short=known.short if known else short_name(name) or item.id,
        bias=bias,
        scope=Scope.STUDY if once else Scope.GROUP,
        support=item.description.strip() or (known.support if known else ""),
        criteria=known.criteria if known else (),
        groups=() if once else groups,
    )


def _group_names(item: Item) -> dict[str, str]:
    """{group: its name in cells}: empty for the one that stands for all outcomes, else the names, made different."""
    if not item.by_group:
        return {}
    if len(item.groups) == 1 and " ".join(item.groups[0][1].split()).casefold() in ("", _ALL):
        return {item.groups[0][0]: ""}
    names: dict[str, str] = {}
    for group, name in item.groups:
        first = wanted = " ".join(name.split()) or group
        number = 1
        while wanted in names.values():
            number += 1
            wanted = f"{first} ({number})"
        names[group] = wanted
    return names


# --- the text of a tool file -----------------------------------------------------------------------------------------


def text_of(path: Path) -> str:
    """The text of a tool file; InputError when it cannot be read, or is no text."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(
            "riskofbias.unreadable",
            "{name} could not be read ({why}), so no tool was added.",
            name=path.name,
            why=error.strerror or "unknown reason",
        ) from error
    except UnicodeDecodeError as error:
        raise InputError(
            "riskofbias.no_text",
            "{name} is not a text file in UTF-8, as a risk-of-bias tool is. No tool was added.",
            name=path.name,
        ) from error


def write_text(made: Tool, path: Path) -> Path:
    """Write a tool as a file that can be changed and added again; FileProblem when it cannot be written."""
    try:
        path.write_text(to_toml(made), encoding="utf-8")
    except OSError as error:
        raise FileProblem(
            "riskofbias.not_written",
            "{name} could not be written to {folder} ({why}). Choose another folder.",
            name=path.name,
            folder=str(path.parent),
            why=error.strerror or "unknown reason",
        ) from error
    return path


def to_toml(made: Tool) -> str:
    """The tool as the text of a tool file, which `core.riskofbias.tools.load_own` reads back to the same tool."""
    head = ("id", "name", "title", "version", "date", "site", "citation", "licence", "unit", "reliability")
    lines = [f"{key} = {_quoted(getattr(made, key))}" for key in head]
    lines += ["", "[overall]", f"rule = {_quoted(made.overall_rule)}", f"shown = {str(made.overall_shown).lower()}"]
    for level in made.levels:
        lines += ["", "[[levels]]"]
        lines += [f"{key} = {_quoted(getattr(level, key))}" for key in ("id", "label", "symbol")]
        lines += [f"{key} = {_quoted(getattr(level, key))}" for key in ("colour", "colour_blind")]
        lines.append(f"rank = {level.rank}")
    for domain in made.domains:
        lines += ["", *_domain_lines(domain)]
    return "\n".join(lines) + "\n"


def _domain_lines(domain: Domain) -> list[str]:
    keys = ("id", "name", "short", "bias", "scope", "support")
    lines = ["[[domains]]", *(f"{key} = {_quoted(getattr(domain, key))}" for key in keys)]
    if domain.groups:
        lines.append(f"groups = {_listed(domain.groups)}")
    if domain.criteria:
        lines.append("[domains.criteria]")
        lines += [f"{criteria.level} = {_listed(criteria.sentences)}" for criteria in domain.criteria]
    return lines


def _quoted(text: str) -> str:
    """A basic string of TOML: what JSON writes, but that TOML has no raw DEL."""
    return json.dumps(str(text), ensure_ascii=False).replace("\x7f", "\\u007f")


def _listed(texts: Sequence[str]) -> str:
    return f"[{', '.join(map(_quoted, texts))}]"
