"""The data of the example review: made again they are the same, and they hold what the review reports."""

from __future__ import annotations

import csv
import math
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from core.references.dedupe import exact_groups
from core.references.reading import read_file
from core.references.record import ReferenceRecord

EXAMPLE = Path(__file__).parents[2] / "resources" / "example"
Z = 1.959963984540054


@cache
def data(name: str) -> dict[str, Any]:
    return tomllib.loads((EXAMPLE / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def table(name: str) -> list[dict[str, str]]:
    with (EXAMPLE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def delivered() -> dict[tuple[str, int], ReferenceRecord]:
    """Every record of every export by source and position, in the order of import."""
    return {
        (source["key"], position): record
        for source in data("protocol")["source"]
        for position, record in enumerate(read_file(EXAMPLE / "exports" / source["file"]).records, start=1)
    }


@cache
def primaries() -> dict[tuple[str, int], tuple[str, int]]:
    """For every record the one that stands for it after merging sure duplicates."""
    places = list(delivered())
    standing = {place: place for place in places}
    for group in exact_groups(list(delivered().values())):
        standing |= {places[member]: places[group.primary] for member in group.members}
    return standing


def place(row: dict[str, str]) -> tuple[str, int]:
    return row["source"], int(row["position"])


def study(key: str) -> dict[str, Any]:
    return next(s for s in data("studies")["study"] if s["key"] == key)


def consensus(study_key: str, result_key: str) -> dict[str, float]:
    result = next(r for r in study(study_key)["result"] if r["key"] == result_key)
    return {v["field"]: v.get("value", v.get("settled")) for v in result["values"] if not v.get("not_reported")}


def test_generator_writes_the_committed_files(tmp_path: Path) -> None:
    subprocess.run([sys.executable, EXAMPLE / "make_exports.py", "--out", tmp_path], check=True)
    made = sorted(p.relative_to(tmp_path) for p in tmp_path.rglob("*") if p.is_file())
    assert len(made) == 8
    for name in made:
        assert (tmp_path / name).read_bytes() == (EXAMPLE / name).read_bytes(), name


def test_exports_stay_small() -> None:
    sizes = [p.stat().st_size for p in (EXAMPLE / "exports").iterdir()]
    assert max(sizes) < 1_900_000
    assert sum(sizes) < 5_200_000


@pytest.mark.parametrize("source", data("protocol")["source"], ids=lambda s: s["key"])
def test_every_entry_is_read_and_counted(source: dict[str, Any]) -> None:
    parsed = read_file(EXAMPLE / "exports" / source["file"])
    assert not parsed.rejected
    assert len(parsed.records) == source.get("taken", source["hits"])


def test_sure_duplicates_merge_to_what_was_screened() -> None:
    assert len(delivered()) > 4_100
    assert len(set(primaries().values())) == 3127


def test_every_record_is_real_or_says_that_it_is_not() -> None:
    real = {e["doi"] for e in tomllib.loads((EXAMPLE / "generator/known.toml").read_text("utf-8"))["real"]}
    seen: set[str] = set()
    for at, record in delivered().items():
        if record.doi in real:
            seen.add(record.doi)
        else:
            assert "Invented example record" in (*record.keywords, record.abstract[:23]), at
            assert not record.doi or record.doi.lower().startswith("10.5555/copse"), at
    assert len(seen) == 8


def test_both_reviewers_answered_on_every_record() -> None:
    rows = table("screening")
    assert {primaries()[place(row)] for row in rows} == set(primaries().values())
    assert len(rows) == 3127
    assert {row["asha"] for row in rows} | {row["tom"] for row in rows} == {"include", "exclude", "maybe"}
    for row in rows:
        assert delivered()[place(row)].accession == row["accession"]


@pytest.mark.parametrize(
    ("name", "stage", "conflicts"), [("screening", "title_abstract", 38), ("fulltext", "full_text", 7)]
)
def test_conflicts_are_all_settled_and_reasons_are_the_protocols(name: str, stage: str, conflicts: int) -> None:
    known = {r["key"] for r in data("protocol")["reason"] if r["stage"] == stage}
    disputed = 0
    for row in table(name):
        answers = [
            (row[who] == "exclude", row[f"{who}_reason"] if stage == "full_text" else "") for who in ("asha", "tom")
        ]
        in_conflict = answers[0] != answers[1]
        disputed += in_conflict
        assert bool(row["settled"]) == bool(row["note"]) == in_conflict, row
        for who in ("asha", "tom", "settled"):
            assert (row[f"{who}_reason"] in known) == (row[who] == "exclude"), row
    assert disputed == conflicts


def included(row: dict[str, str]) -> bool:
    return (row["settled"] or row["asha"]) != "exclude"


def test_37_reports_are_read_and_8_included() -> None:
    passed = {place(row) for row in table("screening") if included(row)}
    reports = table("fulltext")
    assert {place(row) for row in reports} == passed
    assert len(reports) == 37
    assert {row["retrieval"] for row in reports} == {"retrieved"}
    named = {row["study"] for row in reports if included(row)}
    assert named == {s["key"] for s in data("studies")["study"] if s["status"] == "included"}
    assert len(named) == 8
    assert not any(row["study"] for row in reports if not included(row))


def test_standard_errors_follow_from_the_reported_intervals() -> None:
    checked = 0
    for one in data("studies")["study"]:
        for result in one.get("result", []):
            value = consensus(one["key"], result["key"])
            if "ci_upper" in value:
                scale = math.log if result["effect_measure"] == "OR" else float
                assert value["se"] == pytest.approx(
                    (scale(value["ci_upper"]) - scale(value["ci_lower"])) / (2 * Z), rel=1e-14
                )
                checked += 1
    assert checked == 7


def test_reported_values_of_the_analyses_are_the_entered_ones() -> None:
    generic = [a for a in data("analyses")["analysis"] if a["kind"] == "generic"]
    assert len(generic) == 10
    for analysis in generic:
        (row,) = analysis["rows"]
        value = consensus(row["study"], row["contrast"])
        reported = analysis["reported"]
        assert value["effect"] == reported["estimate"], analysis["number"]
        for name in reported.keys() & {"ci_lower", "ci_upper", "se"}:
            assert value[name] == reported[name], (analysis["number"], name)


def test_rows_name_results_of_the_analysis_outcome() -> None:
    analyses = data("analyses")["analysis"]
    assert [a["number"] for a in analyses] == [f"1.{n}" for n in range(1, 15)]
    for analysis in analyses:
        rows = [row for part in analysis.get("subgroup", [analysis]) for row in part["rows"]]
        for row in rows:
            results = {r["key"]: r for r in study(row["study"])["result"]}
            for name in row.keys() & {"experimental", "control", "contrast"}:
                assert results[row[name]]["outcome"] == analysis["outcome"], (analysis["number"], row)


def test_differences_are_settled_but_for_two_fields() -> None:
    unsettled = []
    for one in data("studies")["study"]:
        fields = [(one["key"], f["key"], f) for f in one.get("field", [])]
        fields += [(one["key"], f"{r['key']}.{v['field']}", v) for r in one.get("result", []) for v in r["values"]]
        for key, name, entered in fields:
            if "value" not in entered and not entered.get("not_reported"):
                assert entered["asha"] != entered["tom"], (key, name)
                if "settled" not in entered:
                    unsettled.append((key, name))
    assert unsettled == [("taylor2018", "age"), ("glue2018", "funding")]


def test_names_in_the_data_lead_somewhere() -> None:
    outcomes = {o["key"] for o in data("protocol")["outcome"]}
    form = {f["key"] for f in data("protocol")["field"]}
    for one in data("studies")["study"]:
        names = {kind: {x["key"] for x in one.get(kind, [])} for kind in ("arm", "population", "measurement")}
        assert {f["key"] for f in one.get("field", [])} <= form
        assert {m["outcome"] for m in one["measurement"]} <= outcomes
        for result in one.get("result", []):
            assert result["outcome"] in outcomes
            for kind, known in names.items():
                assert result.get(kind) is None or result[kind] in known, (one["key"], result["key"])
    for row in table("illustrative"):
        one = study(row["study"])
        for kind in ("arm", "population", "measurement"):
            assert row[kind] in {x["key"] for x in one[kind]}, row


def test_risk_of_bias_covers_the_randomised_trials() -> None:
    tool = tomllib.loads((EXAMPLE.parent / "riskofbias" / "rob1.toml").read_text("utf-8"))
    domains, levels = {d["id"] for d in tool["domains"]}, {level["id"] for level in tool["levels"]}
    judged = {a["study"]: a for a in data("riskofbias")["assessment"]}
    left_out = {n["study"] for n in data("riskofbias")["not_assessed"]}
    assert judged.keys() | left_out == {s["key"] for s in data("studies")["study"] if s["status"] == "included"}
    for key, assessment in judged.items():
        assert assessment.keys() - {"study"} == domains
        crossover = key != "dadabayev2020"
        assert assessment["other"]["level"] == ("high" if crossover else "low")
        for domain in domains:
            entry = assessment[domain]
            assert {entry["level"], entry.get("asha", "low"), entry.get("tom", "low")} <= levels
            assert entry["support"]
            assert entry["basis"] in {"review", "invented"}
