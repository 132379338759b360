"""Risk of bias by two reviewers: judging, blinding, settling, and the summary bars."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from core.errors import Conflict, CopseError, InputError, NotAllowed
from core.model import Id, OutcomeKind, Reveal, Settlement, StudyStatus, new_id
from core.review import Review, Session
from core.riskofbias import tools
from core.riskofbias.own import Item, to_toml, tool_of
from core.riskofbias.tools import Cell, Tool
from core.session.riskofbias_rows import put_settled, put_tool
from core.store.log import Transaction
from core.store.queries.comparison import RowState
from core.store.schema import own_tool as own_tool_table
from core.store.schema import review
from tests.reviews import new_review, sessions
from tests.session.undoing import each_step_can_be_undone, kinds_done, kinds_there_are

DOMAINS = (
    "sequence", "concealment", "blinding_participants", "blinding_assessment", "attrition", "reporting", "other",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _own_register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPSE_DATA_DIR", str(tmp_path / "data"))


@dataclass(frozen=True)
class Two:
    """A review of two studies."""

    review: Review
    taylor: Id
    feder: Id

    @property
    def sessions(self) -> list[Session]:
        return sessions(self.review)


def set_up(review: Review) -> Two:
    lead = sessions(review)[0]
    return Two(review, *(lead.studies.create(label=label).value for label in ("Taylor 2018", "Feder 2014")))


@pytest.fixture
def two(tmp_path: Path) -> Any:
    made = set_up(new_review(tmp_path))
    yield made
    assert made.review.check() == []
    made.review.close()


def judge_all(session: Session, study: Id, level: str = "low", **other: str) -> None:
    for domain in DOMAINS:
        session.riskofbias.judge(study, domain, other.get(domain, level), f"{domain} by {session.reviewer.initials}")


def both_judge(two: Two, **toms: str) -> None:
    asha, tom, _ = two.sessions
    judge_all(asha, two.taylor)
    judge_all(tom, two.taylor, **toms)
    asha.riskofbias.finish(two.taylor)
    tom.riskofbias.finish(two.taylor)


def states(session: Session, study: Id) -> dict[str, RowState]:
    return {row.cell.domain: row.state for row in session.riskofbias.comparison(study).rows}


def test_the_table_has_a_row_for_each_study_and_a_column_for_each_domain(two: Two) -> None:
    asha = two.sessions[0].riskofbias
    assert tuple(c.domain for c in asha.cells()) == DOMAINS
    asha.judge(two.feder, "sequence", "unclear", " Says only “randomised” ")
    taylor, feder = asha.table()
    assert (taylor.label, dict(taylor.mine), feder.label) == ("Taylor 2018", {}, "Feder 2014")
    judgement = feder.mine[Cell("sequence")]
    assert (judgement.level, judgement.support) == ("unclear", "Says only “randomised”")
    asha.judge(two.feder, "sequence", "low")
    assert asha.mine(two.feder)[Cell("sequence")].level == "low"
    asha.clear(two.feder, "sequence")
    assert asha.mine(two.feder) == {}


@pytest.mark.parametrize(
    ("domain", "level", "group", "reason"),
    [
        ("sequence", "some concerns", "", "no level called “some concerns”"),
        ("randomisation", "low", "", "no domain called “randomisation”"),
        ("sequence", "low", "patient-reported", "judged once per study"),
    ],
)
def test_only_what_the_tool_has_can_be_judged(two: Two, domain: str, level: str, group: str, reason: str) -> None:
    asha = two.sessions[0].riskofbias
    with pytest.raises(InputError, match=reason):
        asha.judge(two.taylor, domain, level, outcome_group=group)
    assert asha.judgements() == ()


def test_only_reviewers_judge_and_only_studies_there_are(two: Two) -> None:
    asha, _, rosa = two.sessions
    with pytest.raises(NotAllowed):
        rosa.riskofbias.judge(two.taylor, "sequence", "low")
    asha.riskofbias.judge(two.taylor, "sequence", "high")
    asha.studies.remove(two.taylor)
    assert asha.riskofbias.judgements() == ()
    with pytest.raises(InputError, match="no longer in the review"):
        asha.riskofbias.judge(two.taylor, "sequence", "low")


def test_a_domain_may_be_judged_by_group_of_outcomes(two: Two) -> None:
    asha = two.sessions[0].riskofbias
    for group in ("objective", "patient-reported"):
        asha.judge(two.taylor, "attrition", "low" if group == "objective" else "high", outcome_group=group)
    assert Cell("attrition", "objective") in asha.cells()
    assert Cell("sequence") in asha.cells()
    with pytest.raises(InputError, match=r"Blinding of participants and personnel \(objective\)"):
        asha.finish(two.taylor)
    bars = {bar.cell: {level.id: n for level, n in bar.counts} for bar in asha.my_counts()}
    assert bars[Cell("attrition", "patient-reported")] == {"low": 0, "unclear": 0, "high": 1}


def test_all_domains_are_judged_before_finishing(two: Two) -> None:
    asha = two.sessions[0].riskofbias
    for domain in DOMAINS[:-1]:
        asha.judge(two.taylor, domain, "low")
    with pytest.raises(InputError, match=r"Taylor 2018 is not finished\. Still to be judged: Other bias"):
        asha.finish(two.taylor)
    asha.judge(two.taylor, "other", "high")
    asha.finish(two.taylor)
    assert asha.is_finished(two.taylor)
    for change in (lambda: asha.judge(two.taylor, "other", "low"), lambda: asha.clear(two.taylor, "other")):
        with pytest.raises(Conflict, match="marked Taylor 2018 as finished"):
            change()
    asha.reopen(two.taylor)
    asha.judge(two.taylor, "other", "low")


def test_judgements_show_when_both_have_finished(two: Two) -> None:
    asha, tom, rosa = two.sessions
    judge_all(asha, two.taylor)
    judge_all(tom, two.taylor, other="high")
    asha.riskofbias.finish(two.taylor)
    for session in (asha, tom, rosa):
        assert {j.reviewer_id for j in session.riskofbias.judgements()} <= {session.reviewer.id}
        assert not session.riskofbias.comparison(two.taylor).revealed
        assert session.riskofbias.revealed() == ()
    assert set(states(asha, two.taylor).values()) == {RowState.BLINDED}
    with pytest.raises(Conflict, match="stay hidden"):
        rosa.riskofbias.settle(two.taylor, "other", "high")
    tom.riskofbias.finish(two.taylor)
    for session in (asha, tom, rosa):
        assert session.riskofbias.revealed() == (two.taylor,)
        assert states(session, two.taylor) == dict.fromkeys(DOMAINS, RowState.EQUAL) | {"other": RowState.DIFFERS}


def test_equal_judgements_are_settled_in_one_step_and_the_rest_by_the_adjudicator(two: Two) -> None:
    both_judge(two, other="high", attrition="unclear")
    asha, tom, rosa = two.sessions
    with pytest.raises(NotAllowed):
        tom.riskofbias.settle_equal(two.taylor)
    assert rosa.riskofbias.settle_equal(two.taylor).value == 5
    rosa.riskofbias.settle(two.taylor, "other", "high", "Carry-over")
    settled = asha.riskofbias.consensus()[two.taylor]
    assert len(settled) == 6
    sequence, other = settled[Cell("sequence")], settled[Cell("other")]
    assert (sequence.level, sequence.how) == ("low", Settlement.EQUAL)
    assert sequence.support == "sequence by AM\nsequence by TB"
    assert (other.level, other.how, other.settled_by) == ("high", Settlement.ADJUDICATED, rosa.reviewer.id)
    assert states(rosa, two.taylor)["attrition"] is RowState.DIFFERS
    bars = {bar.cell.domain: bar for bar in asha.riskofbias.counts([two.taylor, two.feder])}
    assert {level.id: n for level, n in bars["other"].counts} == {"low": 0, "unclear": 0, "high": 1}
    assert (bars["other"].unjudged, bars["attrition"].unjudged) == (1, 2)
    assert asha.riskofbias.counts()[0].unjudged == 0
    rosa.riskofbias.unsettle(two.taylor, "other")
    assert states(rosa, two.taylor)["other"] is RowState.DIFFERS
    with pytest.raises(InputError, match="not settled"):
        rosa.riskofbias.unsettle(two.taylor, "other")


def test_a_judgement_changed_after_settlement_shows(two: Two) -> None:
    both_judge(two, other="high")
    _, tom, rosa = two.sessions
    rosa.riskofbias.settle(two.taylor, "other", "low", "As agreed")
    tom.riskofbias.reopen(two.taylor)
    tom.riskofbias.judge(two.taylor, "other", "low", "Other words")
    tom.riskofbias.finish(two.taylor)
    assert states(rosa, two.taylor)["other"] is RowState.CHANGED
    assert rosa.riskofbias.settle_equal(two.taylor).value == 7
    settled = rosa.riskofbias.consensus()[two.taylor][Cell("other")]
    assert (settled.how, settled.support) == (Settlement.EQUAL, "As agreed")
    # Support may be reworded without the judgement having changed.
    tom.riskofbias.reopen(two.taylor)
    tom.riskofbias.judge(two.taylor, "other", "low", "Yet other words")
    tom.riskofbias.finish(two.taylor)
    assert states(rosa, two.taylor)["other"] is RowState.SETTLED


def test_one_reviewer_alone_settles_single(tmp_path: Path) -> None:
    two = set_up(new_review(tmp_path, team=("Asha Menon",)))
    (asha,) = two.sessions
    judge_all(asha, two.taylor)
    asha.riskofbias.finish(two.taylor)
    assert asha.riskofbias.settle_equal(two.taylor).value == 7
    assert {j.how for j in asha.riskofbias.consensus()[two.taylor].values()} == {Settlement.SINGLE}
    two.review.close()


def test_a_study_the_tool_is_not_made_for_is_left_out_and_can_come_back(two: Two) -> None:
    asha, tom, rosa = two.sessions
    both_judge(two, other="high")
    rosa.riskofbias.settle_equal(two.taylor)
    assert {t.code: t.count for t in rosa.overview.todo()}["riskofbias.settle"] == 1
    before = asha.riskofbias.table()
    asha.studies.describe(two.taylor, risk_of_bias_applies=False)
    taylor, feder = rosa.riskofbias.table()
    assert (taylor.applies, dict(taylor.consensus), taylor.revealed, taylor.settled) == (False, {}, False, False)
    assert feder.applies
    assert "riskofbias.settle" not in {t.code for t in rosa.overview.todo()}
    assert [study.label for study in rosa.riskofbias.traffic_light().studies] == ["Feder 2014"]
    for change in (
        lambda: tom.riskofbias.judge(two.taylor, "other", "low"),
        lambda: rosa.riskofbias.settle(two.taylor, "other", "low"),
    ):
        with pytest.raises(Conflict, match="Taylor 2018 is marked as not assessed"):
            change()
    asha.undo()
    assert asha.riskofbias.table() == before


def test_only_included_studies_that_are_assessed_wait_to_be_judged(two: Two) -> None:
    asha = two.sessions[0]
    todo = {t.code: t.count for t in asha.overview.todo()}
    assert todo["riskofbias.judge"] == 2
    asha.studies.describe(two.taylor, risk_of_bias_applies=False)
    assert {t.code: t.count for t in asha.overview.todo()}["riskofbias.judge"] == 1
    assert asha.overview.team()[0].risk_of_bias.total == 1
    asha.studies.describe(two.feder, status=StudyStatus.EXCLUDED)
    assert [row.label for row in asha.riskofbias.table()] == ["Taylor 2018"]
    assert "riskofbias.judge" not in {t.code for t in asha.overview.todo()}


def test_a_row_says_how_far_its_study_is(two: Two) -> None:
    asha, tom, rosa = two.sessions
    both_judge(two, other="high")
    taylor, feder = asha.riskofbias.table()
    assert (taylor.finished, taylor.closed, taylor.revealed, taylor.settled) == (True, False, True, False)
    assert (feder.finished, feder.revealed, feder.settled) == (False, False, False)
    rosa.riskofbias.settle_equal(two.taylor)
    rosa.riskofbias.settle(two.taylor, "other", "high")
    assert tom.riskofbias.table()[0].settled
    assert [one.study_id for one in tom.riskofbias.comparisons().values()] == [two.taylor]
    assert tom.riskofbias.comparisons()[two.taylor] == tom.riskofbias.comparison(two.taylor)


def test_the_figure_shows_settled_judgements_or_ones_own(two: Two) -> None:
    asha, tom, rosa = two.sessions
    both_judge(two, other="high")
    rosa.riskofbias.settle_equal(two.taylor)
    settled = rosa.riskofbias.traffic_light()
    assert settled.domains[0] == "Random sequence generation (selection bias)"
    assert settled.studies[0].judgements == ("low",) * 6 + (None,)
    assert settled.studies[1].judgements == (None,) * 7
    assert settled.levels[2] == ("high", "High risk")
    assert tom.riskofbias.traffic_light(settled=False).studies[0].judgements[-1] == "high"
    assert asha.riskofbias.traffic_light(settled=False).studies[0].judgements[-1] == "low"


def test_every_operation_of_risk_of_bias_can_be_undone(two: Two) -> None:
    asha, tom, rosa = two.sessions
    a, t, r = asha.riskofbias, tom.riskofbias, rosa.riskofbias
    judge_all(asha, two.taylor)
    judge_all(tom, two.taylor, other="high")
    each_step_can_be_undone(two.review, [
        (asha, lambda: a.judge(two.taylor, "other", "unclear", "Carry-over")),
        (asha, lambda: a.clear(two.taylor, "other")),
        (asha, lambda: a.judge(two.taylor, "other", "low")),
        (asha, lambda: a.finish(two.taylor)),
        (tom, lambda: t.finish(two.taylor)),
        (rosa, lambda: r.settle(two.taylor, "sequence", "high", "Predictable")),
        (rosa, lambda: r.settle_equal(two.taylor)),
        (rosa, lambda: r.settle(two.taylor, "other", "high")),
        (rosa, lambda: r.unsettle(two.taylor, "other")),
        (tom, lambda: t.reopen(two.taylor)),
        (asha, lambda: a.add_tool(to_toml(own_tool()), "ours.toml")),
    ])  # fmt: skip
    assert kinds_done(two.review, "riskofbias.") == kinds_there_are("riskofbias.")


def own_tool(*domains: str) -> Tool:
    """A tool with these domains, the first judged for two groups of outcomes."""
    names = domains or ("Dropout", "Funding", "Baseline")
    items = [Item(str(n), name) for n, name in enumerate(names, 1)]
    items[0] = replace(items[0], by_group=True, groups=(("a", "Pain"), ("b", "Death")))
    made = tool_of(items)
    assert made is not None
    return made.tool


# --- blinding: what A can read does not depend on what B has answered -------------------------------------------------


def everything_readable(session: Session, two: Two) -> list[Any]:
    r = session.riskofbias
    return [
        r.table(),
        r.cells(),
        r.judgements(),
        r.revealed(),
        r.consensus(),
        r.counts(),
        r.my_counts(),
        *([r.mine(s), r.is_finished(s), r.judgements(s), r.comparison(s)] for s in (two.taylor, two.feder)),
        session.studies.work(),
        session.undo_state(),
        refusal(lambda: r.settle_equal(two.taylor)),
        refusal(lambda: r.settle(two.taylor, "other", "high")),
        refusal(lambda: r.unsettle(two.taylor, "other")),
    ]


def refusal(act: Callable[[], Any]) -> str:
    try:
        act()
    except CopseError as error:
        return error.message
    return "done"


LEVELS = st.lists(st.sampled_from(["low", "unclear", "high"]), min_size=3, max_size=3)


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(mine=LEVELS, theirs=LEVELS, swapped=LEVELS, lead=st.booleans(), finish=st.booleans(), group=st.booleans())
def test_what_one_reads_does_not_depend_on_hidden_judgements(
    tmp_path_factory: pytest.TempPathFactory,
    mine: list[str],
    theirs: list[str],
    swapped: list[str],
    lead: bool,
    finish: bool,
    group: bool,
) -> None:
    """A reads everything while B judges one way, then another: A, who has not finished, may notice nothing."""
    two = set_up(new_review(tmp_path_factory.mktemp("blind")))
    asha, tom, _ = two.sessions
    a, b = (asha, tom) if lead else (tom, asha)
    for domain, level in zip(DOMAINS, mine, strict=False):
        a.riskofbias.judge(two.taylor, domain, level)
    judge_all(b, two.taylor)
    seen = [everything_readable(a, two)] if not lead else []
    for levels in (theirs, swapped):
        for domain, level in zip(DOMAINS[3:], levels, strict=False):
            b.riskofbias.judge(two.taylor, domain, level, "hidden")
        if finish:
            b.riskofbias.finish(two.taylor)
        seen.append(everything_readable(a, two))
        if finish:
            b.riskofbias.reopen(two.taylor)
    if group:
        b.riskofbias.judge(two.taylor, "attrition", "high", "hidden", outcome_group="hidden")
        b.riskofbias.clear(two.taylor, "reporting")
        if not (lead and finish):
            seen.append(everything_readable(a, two))
    two.review.close()
    assert all(one == seen[0] for one in seen)
    assert "hidden" not in repr([s for s in seen[0] if not isinstance(s, str)])


def test_revealing_at_once_shows_the_domains_one_has_judged(two: Two) -> None:
    asha, tom, _ = two.sessions
    asha.protocol.settings(reveal_extraction=Reveal.AT_ONCE)
    judge_all(tom, two.taylor)
    asha.riskofbias.judge(two.taylor, "sequence", "high")
    assert {j.cell.domain for j in asha.riskofbias.judgements() if j.reviewer_id == tom.reviewer.id} == {"sequence"}
    assert states(asha, two.taylor)["sequence"] is RowState.DIFFERS
    assert states(asha, two.taylor)["other"] is RowState.BLINDED


# --- another tool ----------------------------------------------------------------------------------------------------


def test_marks_of_the_tool_before_reveal_nothing(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    both_judge(two)
    another = replace(tools.tool("rob1"), id="own", name="Our own")
    known = {**tools.tools(), "own": another}
    monkeypatch.setattr(tools, "tools", lambda: known)
    asha, tom, rosa = two.sessions
    asha.protocol.describe(risk_of_bias_tool="own")
    assert not asha.riskofbias.is_finished(two.taylor)
    judge_all(tom, two.taylor, "high")
    tom.riskofbias.finish(two.taylor)
    for person in (asha, rosa):
        assert person.riskofbias.judgements() == ()
        assert person.riskofbias.revealed() == ()
        assert not person.riskofbias.table()[0].finished
    assert not asha.studies.work()[two.taylor].assessment_finished
    assert {t.code: t.count for t in asha.overview.todo()}["riskofbias.judge"] == 2
    assert [(one.name, one.risk_of_bias.done) for one in asha.overview.team()] == [("Asha Menon", 0), ("Tom Brandt", 1)]
    history = [one for one in asha.history.recent() if one.kind.startswith("riskofbias.") and "Our own" in one.label]
    assert history == []
    judge_all(asha, two.taylor, "low")
    asha.riskofbias.finish(two.taylor)
    assert asha.riskofbias.revealed() == (two.taylor,)
    assert len(asha.riskofbias.judgements(two.taylor)) == 2 * len(DOMAINS)
    asha.protocol.describe(risk_of_bias_tool="rob1")
    assert {j.level for j in asha.riskofbias.judgements(two.taylor)} == {"low"}
    asha.protocol.describe(risk_of_bias_tool="rob1")


def test_a_tool_there_is_not_is_refused(two: Two) -> None:
    with pytest.raises(InputError, match="There is no risk-of-bias tool called “rob9”"):
        two.sessions[0].protocol.describe(risk_of_bias_tool="rob9")
    assert two.sessions[0].riskofbias.tool.id == "rob1"


# --- tools of the team's own -----------------------------------------------------------------------------------------


def test_the_lead_adds_a_tool_of_the_teams_own_and_may_choose_another(two: Two) -> None:
    asha, tom, _ = two.sessions
    with pytest.raises(NotAllowed):
        tom.riskofbias.add_tool(to_toml(own_tool()))
    made = asha.riskofbias.add_tool(to_toml(replace(own_tool(), title="Our items")), "ours.toml").value
    assert (tom.riskofbias.tool.id, tom.riskofbias.tool.title) == (made, "Our items")
    assert (made, "Our items") in tom.protocol.tools()
    names = [(tom.riskofbias.tool.domain(c.domain).name, c.group) for c in tom.riskofbias.cells()]
    assert names == [("Dropout", "Pain"), ("Dropout", "Death"), ("Funding", ""), ("Baseline", "")]
    asha.protocol.describe(risk_of_bias_tool="rob1")
    assert tom.riskofbias.tool.id == "rob1"
    asha.protocol.describe(risk_of_bias_tool=made)
    assert tom.riskofbias.tool.title == "Our items"


def test_an_unsound_tool_is_not_added(two: Two) -> None:
    asha = two.sessions[0]
    with pytest.raises(InputError, match=r"ours\.toml cannot be used. In the file: it is not TOML"):
        asha.riskofbias.add_tool("name: Ours", "ours.toml")
    assert [tool for tool, _ in asha.protocol.tools()] == ["rob1"]
    assert asha.riskofbias.tool.id == "rob1"


def test_domains_are_judged_for_their_own_groups_of_outcomes(two: Two) -> None:
    asha, tom, rosa = two.sessions
    asha.riskofbias.add_tool(to_toml(own_tool()))
    pain, death, funding, baseline = asha.riskofbias.cells()
    for session in (asha, tom):
        for cell in (pain, funding, baseline):
            session.riskofbias.judge(two.taylor, cell.domain, "low", outcome_group=cell.group)
        assert session.riskofbias.table()[0].missing == (death,)
        with pytest.raises(InputError, match=r"Still to be judged: Dropout \(Death\)\."):
            session.riskofbias.finish(two.taylor)
        with pytest.raises(InputError, match="judged for Pain, Death, and for no other outcomes"):
            session.riskofbias.judge(two.taylor, death.domain, "high", outcome_group="Sleep")
        session.riskofbias.judge(two.taylor, death.domain, "high", outcome_group="Death")
        session.riskofbias.finish(two.taylor)
    assert rosa.riskofbias.settle_equal(two.taylor).value == 4
    assert rosa.riskofbias.table()[0].settled
    figure = rosa.riskofbias.traffic_light()
    assert figure.domains == ("Dropout: Pain", "Dropout: Death", "Funding", "Baseline")
    assert figure.studies[0].judgements == ("low", "high", "low", "low")
    assert [bar.cell for bar in rosa.riskofbias.counts()] == [pain, death, funding, baseline]


def break_tool(two: Two, definition: str = "") -> None:
    """Another program has written this in place of the tool's text."""
    lead = two.sessions[0].reviewer.id
    row = two.review.store.reader.execute(select(own_tool_table.c.id)).scalar_one()
    two.review.store.write(lead, "test", "Test", lambda tx: tx.put("own_tool", row, definition=definition))


def test_a_tool_that_cannot_be_read_is_said_and_can_be_replaced(two: Two) -> None:
    asha, tom, rosa = two.sessions
    made = asha.riskofbias.add_tool(to_toml(replace(own_tool(), title="Our items"))).value
    asha.riskofbias.judge(two.taylor, "item_2", "low")
    break_tool(two)
    for read in (asha.riskofbias.table, tom.riskofbias.cells, rosa.riskofbias.traffic_light):
        with pytest.raises(InputError, match="The risk-of-bias tool Our items cannot be used"):
            read()
    for session in two.sessions:
        session.overview.todo()
        session.studies.work()
    assert (made, "Our items") in asha.protocol.tools()
    with pytest.raises(InputError, match="cannot be used"):
        asha.protocol.describe(risk_of_bias_tool=made)
    asha.protocol.describe(risk_of_bias_tool="rob1")
    assert asha.riskofbias.table()[0].missing == tools.tool("rob1").cells()


def test_a_tool_that_was_taken_back_is_no_longer_offered_but_still_read(two: Two) -> None:
    asha = two.sessions[0]
    made = asha.riskofbias.add_tool(to_toml(own_tool())).value
    asha.riskofbias.judge(two.taylor, "item_2", "low")
    row = two.review.store.reader.execute(select(own_tool_table.c.id)).scalar_one()
    two.review.store.write(asha.reviewer.id, "test", "Test", lambda tx: tx.delete("own_tool", row))
    assert asha.riskofbias.tool.id == made
    assert asha.riskofbias.mine(two.taylor)[FUNDING].level == "low"
    assert [tool for tool, _ in asha.protocol.tools()] == ["rob1", made]
    asha.protocol.describe(risk_of_bias_tool="rob1")
    assert [tool for tool, _ in asha.protocol.tools()] == ["rob1"]
    with pytest.raises(InputError, match="is not kept in it"):
        asha.protocol.describe(risk_of_bias_tool="own-00")


# --- judgements of an imported review --------------------------------------------------------------------------------


def place(two: Two, levels: dict[Cell, str]) -> Tool:
    """Judgements on Taylor 2018 that came with an imported review and its tool."""
    lead = two.sessions[0].reviewer.id

    def act(tx: Transaction) -> Tool:
        kept = put_tool(tx, new_id(), own_tool(), name="Items of Taylor’s review")
        for cell, level in levels.items():
            put_settled(tx, two.taylor, kept, cell, level, " As they had it ")
        tx.put("review", tx.connection.execute(select(review.c.id)).scalar_one(), risk_of_bias_tool=kept.id)
        return kept

    return two.review.store.write(lead, "test", "Test", act).value


PAIN, DEATH, FUNDING, BASELINE = (*(Cell("item_1", g) for g in ("Pain", "Death")), Cell("item_2"), Cell("item_3"))
PLACED = {PAIN: "low", DEATH: "high", FUNDING: "unclear", BASELINE: "low"}


def test_imported_judgements_are_settled_and_open_to_all(two: Two) -> None:
    kept = place(two, PLACED)
    for session in two.sessions:
        taylor, feder = session.riskofbias.table()
        assert session.riskofbias.tool == kept
        assert {cell: one.level for cell, one in taylor.consensus.items()} == PLACED
        assert {one.how for one in taylor.consensus.values()} == {Settlement.IMPORTED}
        assert {one.support for one in taylor.consensus.values()} == {"As they had it"}
        assert (taylor.settled, feder.settled) == (True, False)
        assert set(states(session, two.taylor).values()) == {RowState.SETTLED}
        assert session.riskofbias.traffic_light().studies[0].judgements == tuple(PLACED.values())


def test_nobody_has_to_judge_what_came_settled(two: Two) -> None:
    place(two, PLACED)
    asha, tom, rosa = two.sessions
    for session in (asha, tom):
        assert {t.code: t.count for t in session.overview.todo()}["riskofbias.judge"] == 1
        assert [row.imported for row in session.riskofbias.table()] == [True, False]
    assert asha.overview.team()[0].risk_of_bias.total == 1
    # It stands beside what is revealed, without anybody's judgements.
    tom.riskofbias.judge(two.taylor, "item_2", "high")
    for session in (asha, rosa):
        compared = session.riskofbias.comparisons()[two.taylor]
        assert (compared.revealed, compared.reviewers) == (False, ())
        assert all(row.judgements == () for row in compared.rows)
    # Another tool knows nothing of it.
    asha.protocol.describe(risk_of_bias_tool="rob1")
    assert {t.code: t.count for t in asha.overview.todo()}["riskofbias.judge"] == 2


def test_a_forest_plot_has_the_discs_of_the_reviews_own_tool(two: Two) -> None:
    place(two, PLACED)
    asha = two.sessions[0]
    comparison = asha.synthesis.add_comparison("A v B", "A", "B").value
    analysis = asha.synthesis.add_analysis(comparison, "Response", kind=OutcomeKind.DICHOTOMOUS).value
    row = {"analysis_id": analysis, "study_id": two.taylor}
    two.review.store.write(asha.reviewer.id, "test", "Test", lambda tx: tx.put("analysis_row", new_id(), **row))
    plot = asha.synthesis.forest_plot(analysis)
    assert plot.rob is not None
    assert plot.rob.domains == (("A", "Dropout"), ("B", "Funding"), ("C", "Baseline"))
    # The analysis belongs to no group of outcomes, and those of Dropout differ.
    assert plot.studies[0].rob == (None, "unclear", "low")
    asha.synthesis.change_analysis(analysis, outcome_group="Death")
    assert asha.synthesis.forest_plot(analysis).studies[0].rob == ("high", "unclear", "low")
    break_tool(two)
    assert asha.synthesis.forest_plot(analysis).rob is None


def test_nothing_is_settled_that_the_tool_does_not_have(two: Two) -> None:
    for cell, level in ((PAIN, "some"), (Cell("item_1"), "low"), (Cell("item_1", "Sleep"), "low")):
        with pytest.raises(InputError):
            place(two, {cell: level})
    assert two.sessions[0].riskofbias.consensus() == {}


def test_what_came_settled_may_be_corrected_although_nobody_has_judged(two: Two) -> None:
    place(two, PLACED)
    asha, tom, rosa = two.sessions
    with pytest.raises(NotAllowed):
        tom.riskofbias.settle(two.taylor, "item_2", "low")
    for level in ("low", "high"):
        rosa.riskofbias.settle(two.taylor, "item_2", level, "Misread")
        settled = asha.riskofbias.consensus()[two.taylor][FUNDING]
        assert (settled.level, settled.how) == (level, Settlement.ADJUDICATED)
    # Only what came with the review: the other study waits for judgements.
    with pytest.raises(Conflict, match="stay hidden"):
        rosa.riskofbias.settle(two.feder, "item_2", "low")
    rosa.riskofbias.unsettle(two.taylor, "item_2")
    with pytest.raises(Conflict, match="stay hidden"):
        rosa.riskofbias.settle(two.taylor, "item_2", "low")


def test_what_came_settled_may_be_judged_anew(two: Two) -> None:
    place(two, PLACED)
    asha, tom, rosa = two.sessions
    for session in (asha, tom):
        for cell in PLACED:
            session.riskofbias.judge(two.taylor, cell.domain, "low", outcome_group=cell.group)
    rosa.riskofbias.settle(two.taylor, "item_3", "unclear")
    assert rosa.riskofbias.consensus()[two.taylor][BASELINE].how is Settlement.ADJUDICATED
    for session in (asha, tom):
        assert set(states(session, two.taylor).values()) <= {RowState.SETTLED}
        session.riskofbias.finish(two.taylor)
    assert set(states(rosa, two.taylor).values()) == {RowState.CHANGED}
    assert rosa.riskofbias.settle_equal(two.taylor).value == 1
    assert rosa.riskofbias.consensus()[two.taylor][PAIN].how is Settlement.EQUAL
