"""Real reviews: everything in them is read, and every number is the one that the file has."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from core.interchange.formats import read_review_file, recognised
from core.interchange.model import DataKind, DataRow, Outcome, ReviewFile
from core.model import StudyStatus

Stored = dict[str, Any]
KINDS = {
    "DICH": DataKind.DICHOTOMOUS,
    "CONT": DataKind.CONTINUOUS,
    "IV": DataKind.GENERIC,
    "IPD": DataKind.O_E,
    "OTHER": DataKind.OTHER,
}


@pytest.fixture(scope="module")
def reviews(reference_data: Path) -> dict[str, ReviewFile]:
    paths = sorted((reference_data / "revman" / "files").glob("*.rm5"))
    assert all(recognised(path) for path in paths)
    return {path.name: read_review_file(path) for path in paths}


@pytest.fixture(scope="module")
def oracle(reference_data: Path) -> dict[str, list[Stored]]:
    """The outcomes that are known to be in each file."""
    found: dict[str, list[Stored]] = defaultdict(list)
    for outcome in json.loads((reference_data / "revman" / "oracle.json").read_text(encoding="utf-8")):
        found[outcome["file"]].append(outcome)
    return found


def test_as_many_outcomes_subgroups_and_rows(reviews: dict[str, ReviewFile], oracle: dict[str, list[Stored]]) -> None:
    counts = {
        name: (len(file.outcomes), sum(len(one.subgroups) for one in file.outcomes), _rows(file.outcomes))
        for name, file in reviews.items()
    }
    assert counts == {
        name: (
            len(outcomes),
            sum(len(one["subgroup_results"]) for one in outcomes),
            sum(
                len(one["studies"]) + sum(len(group["studies"]) for group in one["subgroup_results"])
                for one in outcomes
            ),
        )
        for name, outcomes in oracle.items()
    }
    assert sum(outcomes for outcomes, _, _ in counts.values()) == 226
    assert sum(groups for _, groups, _ in counts.values()) == 195


def _rows(outcomes: Sequence[Outcome]) -> int:
    return sum(len(one.all_rows) for one in outcomes)


def test_every_number_is_that_of_the_file(reviews: dict[str, ReviewFile], oracle: dict[str, list[Stored]]) -> None:
    compared = 0
    for name, outcomes in oracle.items():
        for found, stored in zip(reviews[name].outcomes, outcomes, strict=True):
            assert (found.id, found.name, found.kind) == (
                stored["outcome_id"],
                stored["outcome"],
                KINDS[stored["type"]],
            )
            compared += _same(found.stored, stored["pooled"])
            compared += _same_rows(found.rows, stored["studies"])
            for group, known in zip(found.subgroups, stored["subgroup_results"], strict=True):
                assert (group.id, group.name) == (known["subgroup_id"], known["subgroup"])
                compared += _same(group.stored, known["pooled"]) + _same_rows(group.rows, known["studies"])
    assert compared > 27_000


def _same_rows(rows: Sequence[DataRow], known: Sequence[Stored]) -> int:
    compared = 0
    for row, stored in zip(rows, known, strict=True):
        assert row.study_id == stored["study_id"]
        assert row.estimable == (stored["estimable"] == "YES")
        order = float(row.order) if row.order else None
        compared += _same({**row.stored, **row.data, "order": order}, stored)
    return compared


def _same(found: Mapping[str, float | None], known: Stored) -> int:
    """How many numbers there are, all of them equal; what is empty, NaN or infinite in the file is None."""
    names = [name for name in found if name in known]
    for name in names:
        value = known[name]
        assert found[name] == (value if value is not None and abs(value) < float("inf") else None), name
    assert {name for name, value in known.items() if isinstance(value, float)} <= set(found)
    return len(names)


def test_nothing_in_them_is_unknown(reviews: dict[str, ReviewFile]) -> None:
    remarks = [remark.what for file in reviews.values() for remark in file.remarks]
    assert all("more than one row here" in what for what in remarks)
    assert len(remarks) == 5


def test_settings_of_the_outcomes(reviews: dict[str, ReviewFile], oracle: dict[str, list[Stored]]) -> None:
    models = {"fixed": "common", "random": "random"}
    for name, outcomes in oracle.items():
        for found, stored in zip(reviews[name].outcomes, outcomes, strict=True):
            assert found.model == models[stored["model"]]
            assert (found.ci_study, found.ci_total) == (stored["ci_study"] / 100, stored["ci_total"] / 100)
            assert found.has_subgroups == (stored["subgroups"] == "YES")
            assert found.sort_by == stored["sort_by"].lower()
            assert found.scale == stored["scale"]
            labels = stored["labels"]
            assert found.group_labels == (labels["group_label_1"].strip(), labels["group_label_2"].strip())


def test_a_full_review_is_whole(reviews: dict[str, ReviewFile]) -> None:
    file = reviews["iebh_antibiotics_a.rm5"]
    assert (file.version, len(file.authors)) == ("5.2.11", 3)
    assert sum(study.status is StudyStatus.INCLUDED for study in file.studies) == 27
    assert sum(len(study.references) for study in file.studies) == 62
    assert sum(bool(study.characteristics) for study in file.studies) == 61
    assert len(file.other_references) == 23
    assert [len(item.judgements) for item in file.risk_of_bias if item.core] == [27] * 6
    assert len([part for part in file.parts if "<img" in part.html]) == 3
