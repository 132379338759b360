"""Everything that can be chosen or judged has its explanation, and every explanation keeps to its form."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

import pytest

from core.explain import TOPICS, find, of_page, topic
from core.extraction.statistics import CONTRAST_MEASURES, known_statistics, statistic_topic
from core.model import (
    ArmRole,
    Direction,
    OutcomeKind,
    Period,
    RetrievalState,
    Reveal,
    Settlement,
    SourceKind,
    Standing,
    StudyStatus,
    ValueKind,
    ValueStatus,
    Verdict,
)
from core.pooling import COMPATIBILITIES, INTERVALS, MEASURES, METHODS, MODELS, PREDICTION_INTERVALS, TAU2_ESTIMATORS
from core.riskofbias.tools import tools

PAGES = (
    "overview", "protocol", "references", "screening", "fulltext", "extraction", "riskofbias", "analysis", "report",
)  # fmt: skip
MOST_WORDS = 110


def registered() -> Iterator[str]:
    """An id for everything that core lets one choose; each needs an explanation of its own."""
    yield from (f"measure.{each.key}" for each in MEASURES)
    yield from (f"measure.{key}" for key in CONTRAST_MEASURES)
    for group, choices in (
        ("method", METHODS),
        ("model", MODELS),
        ("tau2", TAU2_ESTIMATORS),
        ("ci", INTERVALS),
        ("pi", PREDICTION_INTERVALS),
    ):
        yield from (f"{group}.{each.key}" for each in choices)
    yield from (f"rules.{each.key}" if each.key else "rules" for each in COMPATIBILITIES)
    yield from (f"decision.{each}" for each in Verdict)
    yield from sorted({statistic_topic(each) for each in (*known_statistics(), "text_1")})
    for tool in tools().values():
        yield f"tool.{tool.id}"
        yield from (f"domain.{tool.id}.{each.id}" for each in tool.domains)
        yield from (f"level.{tool.id}.{each.id}" for each in tool.levels)


@pytest.mark.parametrize("topic_id", sorted(set(registered())))
def test_what_can_be_chosen_is_explained(topic_id: str) -> None:
    assert topic(topic_id).text


TOLD_TOGETHER: tuple[tuple[str, type[StrEnum], dict[str, str]], ...] = (
    ("settlement", Settlement, {}),
    ("value_status", ValueStatus, {"authors": "from the authors", "figure": "read from a figure"}),
    ("period", Period, {"only": "Not a crossover"}),
    ("value_kind", ValueKind, {"post": "at the time point", "percent_change": "change in percent",
                               "responder": "had the event"}),
    ("retrieval", RetrievalState, {}),
    ("study_status", StudyStatus, {}),
    ("outcome_kind", OutcomeKind, {"dichotomous": "Events", "continuous": "Means", "generic": "Reported effects",
                                    "o_e": "O − E", "other": "Texts"}),
    ("direction", Direction, {}),
    ("arm", ArmRole, {}),
    ("source_kind", SourceKind, {"previous": "earlier version"}),
    ("standing", Standing, {}),
    ("reveal", Reveal, {"at_end": "when the stage is over", "at_once": "as soon as"}),
)  # fmt: skip


@pytest.mark.parametrize(("topic_id", "choices", "words"), TOLD_TOGETHER, ids=[each[0] for each in TOLD_TOGETHER])
def test_choices_explained_together_are_all_named(topic_id: str, choices: type[StrEnum], words: dict[str, str]) -> None:
    told = f"{topic(topic_id).text} {topic(topic_id).copse}".casefold()
    missing = [each for each in choices if words.get(each, each.replace("_", " ")).casefold() not in told]
    assert missing == []


def test_every_topic_keeps_to_the_form() -> None:
    wrong: list[str] = []
    for each in TOPICS:
        words = " ".join((each.text, each.copse, each.care)).split()
        if len(words) > MOST_WORDS:
            wrong.append(f"{each.id} has {len(words)} words")
        if not each.pages or not set(each.pages) <= set(PAGES):
            wrong.append(f"{each.id} stands on {each.pages}")
        for text in (each.text, each.copse, each.care):
            if text and not text.rstrip("”").endswith("."):
                wrong.append(f"{each.id} ends with {text[-12:]!r}")
        if "-" in each.formula:
            wrong.append(f"{each.id} has a hyphen for a minus")
    assert wrong == []
    assert len({each.id for each in TOPICS}) == len(TOPICS)


def test_related_topics_exist_and_are_others() -> None:
    wrong = [
        f"{each.id} -> {other}" for each in TOPICS for other in each.related if other not in {t.id for t in TOPICS}
    ]
    assert wrong == []
    assert [each.id for each in TOPICS if each.id in each.related] == []


def test_statistics_name_their_source() -> None:
    groups = ("measure.", "method.", "model.", "tau2.", "ci.", "pi.", "domain.", "level.", "tool.")
    assert [each.id for each in TOPICS if each.id.startswith(groups) and not each.source] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_page_has_explanations_of_its_own_first(page: str) -> None:
    listed = of_page(page)
    assert len(listed) >= 8
    assert listed[0].pages[0] == page


def test_a_choice_without_an_entry_falls_back_to_its_group() -> None:
    assert find("pi.") == topic("pi")
    assert find("level.rob1.low") == topic("level.rob1.low")
    assert find("study_status.ongoing") == topic("study_status")
    assert find("nothing.of.this.kind") is None
