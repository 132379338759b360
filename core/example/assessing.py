"""Risk of bias of the example's randomised trials: judged twice and settled."""

from __future__ import annotations

from core.example import data
from core.example.workbench import Workbench


def assess(bench: Workbench) -> None:
    """Every domain of every randomised trial, and what the reviewers differ on settled by the adjudicator. The tool is
    not made for the other studies, which are marked so."""
    bench.progress("Judging risk of bias", 0, 0)
    for left_out in data.toml("riskofbias")["not_assessed"]:
        bench.lead.studies.describe(bench.made["study", left_out["study"]], risk_of_bias_applies=False)
    domains = [d.id for d in bench.lead.riskofbias.tool.domains]
    for assessment in data.toml("riskofbias")["assessment"]:
        study_id = bench.made["study", assessment["study"]]
        for who, session in bench.judges.items():
            for domain in domains:
                judged = assessment[domain]
                session.riskofbias.judge(study_id, domain, judged.get(who, judged["level"]), _support(judged))
            session.riskofbias.finish(study_id)
        settle = bench.adjudicator.riskofbias
        settle.settle_equal(study_id)
        for domain in domains:
            judged = assessment[domain]
            if "asha" in judged:
                settle.settle(study_id, domain, judged["level"], _support(judged))


def _support(judged: dict[str, str]) -> str:
    basis = "As the published review judges." if judged["basis"] == "review" else "Judgement invented for the example."
    return f"{judged['support']} ({basis})"
