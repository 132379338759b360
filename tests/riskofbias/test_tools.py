"""Every tool that ships is sound (a new file is covered without touching this one), and an unsound one is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import InputError
from core.riskofbias.tools import TOOLS_FOLDER, Cell, Scope, Tool, load, tool, tools

EVERY_TOOL = [pytest.param(path, id=path.stem) for path in sorted(TOOLS_FOLDER.glob("*.toml"))]


@pytest.mark.parametrize("path", EVERY_TOOL)
class TestContract:
    """What holds for every tool file."""

    def test_is_found_by_its_id(self, path: Path) -> None:
        assert tool(path.stem) == load(path)
        assert path.stem in tools()

    def test_levels_run_from_the_least_to_the_most_serious(self, path: Path) -> None:
        ranks = [level.rank for level in load(path).levels]
        assert ranks == sorted(set(ranks))
        assert len(ranks) >= 2

    def test_every_domain_says_what_speaks_for_each_level(self, path: Path) -> None:
        read = load(path)
        for domain in read.domains:
            assert [criteria.level for criteria in domain.criteria] == [level.id for level in read.levels]
            assert all(sentence.endswith(".") for criteria in domain.criteria for sentence in criteria.sentences)

    def test_names_fit_where_they_are_shown(self, path: Path) -> None:
        for domain in load(path).domains:
            assert len(domain.short) <= 18  # the head of a column in the traffic-light table
            assert domain.title.startswith(domain.name)

    def test_says_whose_wording_it_is_and_where_the_official_one_stands(self, path: Path) -> None:
        read = load(path)
        assert "Copse's own" in read.licence
        assert read.site.startswith("https://")

    def test_signs_tell_levels_apart_without_colour(self, path: Path) -> None:
        symbols = [level.symbol for level in load(path).levels]
        assert len(set(symbols)) == len(symbols)


def test_rob1_has_the_seven_domains_and_the_signs_of_revman() -> None:
    rob1 = tool("rob1")
    assert [domain.title for domain in rob1.domains] == [
        "Random sequence generation (selection bias)",
        "Allocation concealment (selection bias)",
        "Blinding of participants and personnel (performance bias)",
        "Blinding of outcome assessment (detection bias)",
        "Incomplete outcome data (attrition bias)",
        "Selective reporting (reporting bias)",
        "Other bias",
    ]
    assert [(level.label, level.symbol) for level in rob1.levels] == [
        ("Low risk", "+"),
        ("Unclear risk", "?"),
        ("High risk", "−"),
    ]
    assert not rob1.overall_shown


def test_rob1_judges_blinding_and_attrition_by_group_of_outcomes() -> None:
    rob1 = tool("rob1")
    by_group = [domain.id for domain in rob1.domains if domain.scope is Scope.GROUP]
    assert by_group == ["blinding_participants", "blinding_assessment", "attrition"]
    assert rob1.cells() == tuple(Cell(domain.id) for domain in rob1.domains)
    cells = rob1.cells(["objective", "self-reported"])
    assert len(cells) == 4 + 2 * 3
    assert cells[2:4] == (Cell("blinding_participants", "objective"), Cell("blinding_participants", "self-reported"))


def test_unknown_names_are_refused_with_those_that_exist() -> None:
    rob1 = tool("rob1")
    with pytest.raises(InputError, match=r"no level called “medium”. It has: low, unclear, high"):
        rob1.level("medium")
    with pytest.raises(InputError, match="no domain called “luck”. It has: sequence, "):
        rob1.domain("luck")
    with pytest.raises(InputError, match=r"no risk-of-bias tool called “rob9”. Copse has: .*rob1"):
        tool("rob9")


OWN_TOOL = """
id = "own"
name = "Own"
title = "A team's own tool"
version = "1"
date = "2026-01-01"
site = "https://example.org/"
citation = "None"
licence = "The team's own"
unit = "study"
reliability = "Not checked"
[overall]
rule = "worst"
shown = true
[[levels]]
id = "bad"
label = "Bad"
symbol = "-"
colour = "#BF0000"
colour_blind = "#D95F0E"
rank = 1
[[levels]]
id = "good"
label = "Good"
symbol = "+"
colour = "#02C100"
colour_blind = "#FED98E"
rank = 0
[[domains]]
id = "only"
name = "Only domain"
short = "Only"
bias = ""
scope = "study"
support = "Why?"
[domains.criteria]
good = ["Nothing is wrong."]
bad = ["Something is wrong."]
"""


def read(folder: Path, text: str) -> Tool:
    path = folder / "own.toml"
    path.write_text(text, encoding="utf-8")
    return load(path)


def test_a_team_may_write_its_own_tool(tmp_path: Path) -> None:
    own = read(tmp_path, OWN_TOOL)
    assert own.overall_shown
    assert [level.id for level in own.levels] == ["good", "bad"]
    assert own.domain("only").criteria[1].sentences == ("Something is wrong.",)


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ('label = "Bad"\n', "", "In levels number 1: “label” is missing"),
        ('label = "Bad"', 'label = " "', "In levels number 1: “label” is empty"),
        ("rank = 0", 'rank = "0"', "In levels number 2: “rank” must be of type int, not str"),
        ("rank = 0", "rank = true", "“rank” must be of type int, not bool"),
        ("rank = 0", "rank = 1", "two ranks are called “1”"),
        ('id = "good"', 'id = "bad"', "two levels are called “bad”"),
        ('symbol = "+"', 'symbol = "-"', "two symbols are called “-”"),
        ("#02C100", "green", "“colour” is “green”, not a colour such as #02C100"),
        ('scope = "study"', 'scope = "person"', "“scope” is “person”; possible are study, group"),
        ('rule = "worst"', 'rule = "best"', "In the file, [overall]: “rule” is “best”; possible are worst"),
        ("shown = true", "shown = 1", "“shown” must be of type bool, not int"),
        ('short = "Only"', 'short = "Only"\nshrot = "x"', "In domains number 1: “shrot” is not known here"),
        ('bad = ["Something is wrong."]', "", "In domains number 1, [criteria]: “bad” is missing"),
        ('bad = ["Something is wrong."]', "bad = []", "“bad” must list one sentence or more"),
        ('id = "own"', 'id = "other"', "“id” must be the file's name, own"),
        ('id = "own"', "id = ", "In the file: it is not TOML"),
    ],
)
def test_an_unsound_tool_is_refused_with_the_place(tmp_path: Path, before: str, after: str, problem: str) -> None:
    assert before in OWN_TOOL
    with pytest.raises(InputError) as refusal:
        read(tmp_path, OWN_TOOL.replace(before, after, 1))
    assert problem in refusal.value.message
    assert "own.toml" in refusal.value.message


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_bytes(b"%PDF-1.7\xff\xfe")
    with pytest.raises(InputError, match="not TOML"):
        load(path)
