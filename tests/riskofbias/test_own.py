"""Tools of the team's own: what the items of an imported review become, and their text."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InputError
from core.figures.discs import DISCS
from core.riskofbias.own import Item, MadeTool, short_name, to_toml, tool_of
from core.riskofbias.tools import DRAWN_LEVELS, Cell, Scope, Tool, load_own, tool

STANDARD = (
    Item("QIT-01", "Random sequence generation (selection bias)"),
    Item("QIT-02", "Allocation concealment (selection bias)"),
    Item("QIT-03", "Blinding of participants and personnel (performance bias)", by_group=True),
    Item("QIT-04", "Blinding of outcome assessment (detection bias)", by_group=True),
    Item("QIT-05", "Incomplete outcome data (attrition bias)", by_group=True),
    Item("QIT-06", "Selective reporting (reporting bias)"),
    Item("QIT-07", "Other bias"),
)
DOMAINS = ("sequence", "concealment", "blinding_participants", "blinding_assessment", "attrition", "reporting", "other")


def grouped(item: Item, *names: str) -> Item:
    groups = tuple((f"{item.id.replace('QIT', 'QIG')}.{n:02}", name) for n, name in enumerate(names, 1))
    return replace(item, by_group=True, groups=groups)


def standard(*changed: Item) -> list[Item]:
    by_id = {item.id: item for item in changed}
    return [by_id.get(item.id, item) for item in STANDARD]


def made(items: list[Item]) -> MadeTool:
    found = tool_of(items, "own-1")
    assert found is not None
    return found


def test_the_items_of_rob1_are_rob1() -> None:
    found = made(standard())
    assert (found.tool, found.is_own) == (tool("rob1"), False)
    assert found.domains == dict(zip((item.id for item in STANDARD), DOMAINS, strict=True))
    assert found.cell("QIT-05") == Cell("attrition")
    assert found.cell("QIT-09") is None


def test_names_are_known_whatever_their_spelling() -> None:
    spelt = [replace(item, name=f" {item.name.upper().replace(' (', '  (')} ") for item in STANDARD]
    assert not made(spelt).is_own
    assert not made([replace(item, by_group=False) for item in STANDARD]).is_own


def test_the_group_that_stands_for_all_outcomes_is_no_group() -> None:
    found = made(standard(*(grouped(item, "All outcomes") for item in STANDARD[2:5])))
    assert not found.is_own
    assert found.cell("QIT-03", "QIG-03.01") == found.cell("QIT-03") == Cell("blinding_participants")


def test_rob1_takes_groups_that_are_the_same_everywhere() -> None:
    found = made(standard(*(grouped(item, "Pain", "Death") for item in STANDARD[2:5])))
    assert not found.is_own
    assert found.cell("QIT-04", "QIG-04.02") == Cell("blinding_assessment", "Death")
    assert found.cell("QIT-04") is None
    assert found.cell("QIT-04", "QIG-03.01") is None


@pytest.mark.parametrize(
    "items",
    [
        pytest.param(standard()[:-1], id="one is missing"),
        pytest.param([*standard(), Item("QIT-08", "Funding")], id="one more"),
        pytest.param(standard(grouped(STANDARD[6], "Pain", "Death")), id="a domain of studies judged by group"),
        pytest.param(standard(grouped(STANDARD[2], "Pain", "Death")), id="groups in one domain only"),
        pytest.param(
            standard(
                grouped(STANDARD[2], "Pain", "Death"),
                grouped(STANDARD[3], "Pain", "Death"),
                grouped(STANDARD[4], "Pain"),
            ),
            id="other groups in one domain",
        ),
        pytest.param(standard(replace(STANDARD[0], name="Adequate sequence generation?")), id="an older name"),
    ],
)
def test_what_rob1_cannot_hold_makes_a_tool_of_the_teams_own(items: list[Item]) -> None:
    found = made(items)
    assert (found.is_own, found.tool.id) == (True, "own-1")
    assert found.tool.levels == tool("rob1").levels
    assert [domain.title for domain in found.tool.domains] == [item.name for item in items]
    places = [found.cell(i.id, g) for i in items for g in ([g for g, _ in i.groups] or [""])]
    # Every judgement has a place of its own, and nothing else has to be judged.
    assert sorted(map(repr, places)) == sorted(map(repr, found.tool.cells()))
    assert len(set(places)) == len(places)


def test_known_domains_keep_their_guidance_and_others_say_what_the_review_says() -> None:
    items = [
        Item("QIT-01", "Allocation concealment?"),
        Item("QIT-02", "Blinding (performance bias and detection bias)", "Who knew the treatment?"),
        Item("QIT-03", "Free of other bias?", "Stopped early?"),
        Item("QIT-04", "Other bias"),
    ]
    concealment, blinding, other, second = made(items).tool.domains
    rob1 = tool("rob1").domain("concealment")
    assert (concealment.id, concealment.short, concealment.criteria) == (rob1.id, rob1.short, rob1.criteria)
    assert (concealment.name, concealment.support) == ("Allocation concealment?", rob1.support)
    assert (blinding.name, blinding.bias, blinding.short) == (
        "Blinding",
        "performance bias and detection bias",
        "Blinding",
    )
    assert (blinding.support, blinding.criteria) == ("Who knew the treatment?", ())
    assert (other.id, other.support) == ("other", "Stopped early?")
    assert second.id not in (*DOMAINS, blinding.id)


def test_an_item_by_group_without_groups_is_left_out_once_others_are_judged() -> None:
    items = [Item("1", "Funding"), Item("2", "Blinding of carers", by_group=True, judged=False)]
    assert [domain.name for domain in made(items).tool.domains] == ["Funding"]
    assert made(items).cell("2") is None
    begun = [replace(item, judged=False) for item in items]
    assert [domain.scope for domain in made(begun).tool.domains] == [Scope.STUDY, Scope.GROUP]
    assert made(begun).cell("2") == Cell("item_2")
    assert tool_of([]) is None


def test_groups_of_one_name_stay_apart() -> None:
    found = made([grouped(Item("1", "Attrition of clusters"), "Pain", "Pain", "")])
    groups = [found.cell("1", f"1.{n:02}") for n in (1, 2, 3)]
    assert groups == [Cell("item_1", name) for name in ("Pain", "Pain (2)", "1.03")]


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Funding", "Funding"),
        ("Were baseline characteristics similar in all of the groups?", "Were baseline characteristics"),
        ("Blinding of outcome assessment and of the statisticians", "Blinding of outcome assessment"),
        ("Donaudampfschifffahrtsgesellschaftskapitän", "Donaudampfschifffahrtsgesellsch…"),
    ],
)
def test_short_names_end_with_a_word_that_says_something(name: str, short: str) -> None:
    assert short_name(name) == short


# --- the text --------------------------------------------------------------------------------------------------------

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=12)
ITEMS = st.lists(
    st.builds(
        Item,
        id=TEXTS,
        name=TEXTS,
        description=TEXTS,
        by_group=st.booleans(),
        groups=st.lists(st.tuples(TEXTS, TEXTS), max_size=3, unique_by=lambda g: g[0]).map(tuple),
        judged=st.booleans(),
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda item: item.id,
)


@given(ITEMS)
def test_whatever_the_items_say_their_tool_is_read_back_as_it_was(items: list[Item]) -> None:
    own = made(items).tool
    assert load_own(to_toml(own), "a file", own.id) == own


def test_rob1_can_be_written_and_read_too() -> None:
    assert load_own(to_toml(tool("rob1")), "a file", "rob1") == tool("rob1")


SMALL = """
name = "Ours"
title = "The tool of our team"
unit = "study"
[overall]
rule = "worst"
shown = false
[[levels]]
id = "low"
label = "Fine"
symbol = "+"
colour = "#02C100"
colour_blind = "#FED98E"
rank = 0
[[levels]]
id = "high"
label = "Not fine"
symbol = "-"
colour = "#BF0000"
colour_blind = "#D95F0E"
rank = 1
[[domains]]
id = "dropout"
name = "Dropout"
short = "Dropout"
scope = "group"
groups = ["Pain", "Death"]
[[domains]]
id = "funding"
name = "Funding"
short = "Funding"
scope = "study"
"""


def test_a_team_need_not_write_what_only_a_published_tool_has() -> None:
    ours = load_own(SMALL, "ours.toml", "own-2")
    assert (ours.id, ours.site, ours.licence, ours.domain("funding").criteria) == ("own-2", "", "", ())
    assert ours.cells(["Anything"]) == (Cell("dropout", "Pain"), Cell("dropout", "Death"), Cell("funding"))
    assert ours.cell("dropout", "Pain") == Cell("dropout", "Pain")
    for domain, group in (("dropout", ""), ("dropout", "Sleep"), ("funding", "Pain")):
        with pytest.raises(InputError):
            ours.cell(domain, group)


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ('symbol = "-"', 'symbol = "--"', "“symbol” is “--”; it must be one sign"),
        ('id = "high"', 'id = "hopeless"', "“id” is “hopeless”; possible are low, unclear,"),
        ('scope = "group"', 'scope = "study"', "“groups” are named, but “scope” is “study”"),
        ('groups = ["Pain", "Death"]', 'groups = ["Pain", "Pain"]', "two groups are called “Pain”"),
        ('groups = ["Pain", "Death"]', "groups = []", "“groups” must list one sentence or more"),
        ("name = ", "name =: ", "it is not TOML"),
        ('unit = "study"\n', "", "“unit” is missing"),
    ],
)
def test_an_unsound_own_tool_is_refused_with_the_place(before: str, after: str, problem: str) -> None:
    assert before in SMALL
    with pytest.raises(InputError) as refusal:
        load_own(SMALL.replace(before, after, 1), "ours.toml", "own-2")
    assert problem in refusal.value.message
    assert "ours.toml" in refusal.value.message


def test_every_level_a_team_may_use_can_be_drawn() -> None:
    assert set(DRAWN_LEVELS) == set(DISCS)


def test_shipped_tools_name_no_groups_of_their_own() -> None:
    rob1: Tool = tool("rob1")
    assert all(not domain.groups for domain in rob1.domains)
