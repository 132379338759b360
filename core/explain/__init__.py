"""What each statistic, rule and word of a review means, in plain words: data only, one entry per topic.

    topic("measure.OR").text        # English; the window shows tr(...) of it
    find("study_status.ongoing")    # the entry itself, or that of the group it belongs to
    of_page("analysis")             # what one page lists, in order

A topic about one choice of a registry (a measure, a model, a level of a risk-of-bias tool) has the id "group.key".
"""

from __future__ import annotations

from core.explain import (
    conversions,
    estimators,
    exchange,
    extraction,
    flow,
    glmm,
    measures,
    measures_of_counts,
    measures_of_means,
    multilevel,
    pooling,
    regression,
    results,
    review,
    riskofbias,
    screening,
    sensitivity,
)
from core.explain.topic import Topic

TOPICS: tuple[Topic, ...] = (
    *flow.TOPICS,
    *review.TOPICS,
    *screening.TOPICS,
    *extraction.TOPICS,
    *riskofbias.TOPICS,
    *measures.TOPICS,
    *measures_of_counts.TOPICS,
    *measures_of_means.TOPICS,
    *pooling.TOPICS,
    *glmm.TOPICS,
    *estimators.TOPICS,
    *results.TOPICS,
    *regression.TOPICS,
    *conversions.TOPICS,
    *multilevel.TOPICS,
    *sensitivity.TOPICS,
    *exchange.TOPICS,
)
_BY_ID = {each.id: each for each in TOPICS}


def topic(topic_id: str) -> Topic:
    """The topic with this id; KeyError when there is none."""
    return _BY_ID[topic_id]


def find(topic_id: str) -> Topic | None:
    """The topic with this id, else that of its group ("pi.z" without an entry is "pi"); None when there is neither."""
    found = _BY_ID.get(topic_id)
    while found is None and "." in topic_id:
        topic_id = topic_id.rpartition(".")[0]
        found = _BY_ID.get(topic_id)
    return found


def of_page(page: str) -> tuple[Topic, ...]:
    """The topics that a page lists: those that are about it first, then those it shares with pages before it."""
    listed = [each for each in TOPICS if page in each.pages]
    return tuple(sorted(listed, key=lambda each: each.pages[0] != page))


__all__ = ["TOPICS", "Topic", "find", "of_page", "topic"]
