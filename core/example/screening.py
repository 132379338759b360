"""First steps of the example: protocol, search exports, and both stages of screening with their conflicts settled."""

from __future__ import annotations

from core.example import data
from core.example.workbench import Workbench
from core.model import Direction, Id, OutcomeKind, RetrievalState, SourceKind, Stage, Verdict
from core.session.screening import ScreeningPart
from core.store.queries.records import RecordFilter


def write_protocol(bench: Workbench) -> None:
    """Question, criteria, reasons, terms, outcomes."""
    protocol, part = data.toml("protocol"), bench.lead.protocol
    texts = {k: v for k, v in protocol["review"].items() if k not in {"tool", "reveal_screening", "reveal_extraction"}}
    part.describe(**texts, risk_of_bias_tool=protocol["review"]["tool"])
    for kind in ("include", "exclude"):
        for text in protocol["criteria"][kind]:
            part.add_criterion(kind, text)
        for text in protocol["terms"][kind]:
            part.add_term(kind, text)
    for reason in protocol["reason"]:
        stage = Stage(reason["stage"])
        bench.made["reason", stage.value, reason["key"]] = part.add_reason(stage, reason["text"]).value
    for outcome in protocol["outcome"]:
        bench.made["outcome", outcome["key"]] = part.add_outcome(
            outcome["label"],
            OutcomeKind(outcome["kind"]),
            unit=outcome["unit"],
            better=Direction(outcome["better"]),
            time_window=outcome["time_window"],
            definition=outcome["definition"],
        ).value


def import_exports(bench: Workbench) -> None:
    """Every source with its export; each record is then known by source and position, duplicates by their primary."""
    part = bench.lead.references
    sources = data.toml("protocol")["source"]
    delivered: dict[tuple[str, ...], Id] = {}
    for number, source in enumerate(sources):
        bench.progress(f"Importing {source['name']}", number, len(sources))
        source_id = part.put_source(
            name=source["name"],
            kind=SourceKind(source["kind"]),
            platform=source["platform"],
            searched_on=source["searched_on"],
            query=source["query"],
            hits=source["hits"],
        ).value
        part.import_file(data.EXPORTS / source["file"], source_id)
        everything = RecordFilter(source_id=source_id, duplicates=True)
        for position, record_id in enumerate(part.ids(everything), start=1):
            delivered["record", source["key"], str(position)] = record_id
    views = part.rows(list(delivered.values()))
    bench.made |= {key: views[record_id].primary_id or record_id for key, record_id in delivered.items()}


def screen(bench: Workbench) -> None:
    """Title and abstract, then full text."""
    bench.progress("Screening titles and abstracts", 0, 0)
    _judge(bench, Stage.TITLE_ABSTRACT, "screening")
    for row in data.rows("fulltext"):
        bench.lead.fulltext.set_retrieval(_record(bench, row), RetrievalState(row["retrieval"]))
    bench.progress("Screening full texts", 0, 0)
    _judge(bench, Stage.FULL_TEXT, "fulltext")


def _judge(bench: Workbench, stage: Stage, table: str) -> None:
    rows = data.rows(table)
    for who, session in bench.judges.items():
        part = _part(session.screening, session.fulltext, stage)
        part.decide_many(
            [(_record(bench, r), Verdict(r[who]), _reason(bench, stage, r[f"{who}_reason"])) for r in rows]
        )
    settle = _part(bench.adjudicator.screening, bench.adjudicator.fulltext, stage)
    for row in rows:
        if row["settled"]:
            reason = _reason(bench, stage, row["settled_reason"])
            settle.resolve(_record(bench, row), Verdict(row["settled"]), reason, row["note"])


def _part(title_abstract: ScreeningPart, full_text: ScreeningPart, stage: Stage) -> ScreeningPart:
    return title_abstract if stage is Stage.TITLE_ABSTRACT else full_text


def _record(bench: Workbench, row: dict[str, str]) -> Id:
    return bench.made["record", row["source"], row["position"]]


def _reason(bench: Workbench, stage: Stage, key: str) -> Id | None:
    return bench.find("reason", stage.value, key)
