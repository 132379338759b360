"""The studies of the example: their reports, arms, populations, measurements and shared participants."""

from __future__ import annotations

from core.example import data
from core.example.data import Entry
from core.example.workbench import Workbench
from core.model import ArmRole, Direction, StudyStatus


def set_up_studies(bench: Workbench) -> None:
    """Every study with what it is made of, then who shares participants with whom."""
    part = bench.lead.studies
    reports = {
        r["study"]: bench.made["record", r["source"], r["position"]] for r in data.rows("fulltext") if r["study"]
    }
    for study in data.toml("studies")["study"]:
        bench.made["study", study["key"]] = part.create(
            [reports[key] for key in study["reports"]],
            study["label"],
            status=StudyStatus(study["status"]),
            design=study["design"],
            randomised=study.get("randomised"),
            registration=study["registration"],
            notice=study["notice"],
        ).value
        _set_up(bench, study)
    for link in data.toml("studies")["overlap"]:
        part.add_overlap(bench.made["study", link["study"]], bench.made["study", link["other"]], link["note"])


def _set_up(bench: Workbench, study: Entry) -> None:
    part, key = bench.lead.studies, study["key"]
    study_id = bench.made["study", key]
    for arm in study.get("arm", ()):
        added = part.add_arm(study_id, arm["label"], ArmRole(arm["role"]), arm["description"])
        bench.made["arm", key, arm["key"]] = added.value
    for population in study.get("population", ()):
        added = part.add_population(study_id, population["label"], population["description"])
        bench.made["population", key, population["key"]] = added.value
    for measurement in study.get("measurement", ()):
        bench.made["measurement", key, measurement["key"]] = part.add_measurement(
            study_id,
            bench.made["outcome", measurement["outcome"]],
            measurement["instrument"],
            better=Direction(measurement["better"]),
            definition=measurement["definition"],
            rank=measurement["rank"],
        ).value
