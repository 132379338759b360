"""The tables of a review.

Three kinds:

- *state tables* hold what the review is now. Each has a 16-byte ``id`` and a ``deleted`` mark; every change to them
  goes through the operation log. Rows with a natural key (a reviewer's decision on a record) have an id derived from
  that key, so that copies made apart agree on it and two reviewers never write the same row.
- *immutable tables* (records of an import, attachments) are written once with the batch that brought them.
- *log tables* hold the operations and their changes, and what belongs to this copy alone; see `core.store.log_tables`.

Column types are those both SQLite and PostgreSQL have; the order of columns carries no meaning.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
)
from sqlalchemy.types import TypeEngine

# Its tables are part of ``metadata``.
import core.store.log_tables  # noqa: F401  # pyright: ignore[reportUnusedImport]
from core.model import Area
from core.store.columns import flag, link, metadata, number, ref, state, text, whole

SCHEMA_VERSION = 2
APPLICATION_ID = 0x436F7073
"""Written into the SQLite header (``PRAGMA application_id``): the letters Cops."""


# --- the review and its people ---------------------------------------------------------------------------------------

review = state(
    "review",
    Area.REVIEW | Area.PROTOCOL,
    text("title"),
    text("registration"),
    text("population"),
    text("intervention"),
    text("comparator"),
    text("outcomes"),
    text("designs"),
    text("notice"),
    text("reveal_screening"),
    text("reveal_extraction"),
    text("risk_of_bias_tool"),
    whole("screeners_per_record", 2),
)

reviewer = state(
    "reviewer",
    Area.TEAM,
    text("name"),
    text("initials"),
    whole("position", 1),
    flag("is_lead"),
    flag("is_adjudicator"),
    flag("is_screener", True),
)

criterion = state("criterion", Area.PROTOCOL, text("kind"), text("text"), whole("position"))
exclusion_reason = state("exclusion_reason", Area.PROTOCOL, text("stage"), text("text"), whole("position"))
highlight_term = state("highlight_term", Area.PROTOCOL, text("kind"), text("text"), whole("position"))

# --- references ------------------------------------------------------------------------------------------------------

source = state(
    "source",
    Area.SOURCES,
    text("name"),
    text("kind"),
    text("platform"),
    text("searched_on"),
    text("query"),
    Column("hits", BigInteger, nullable=True),
    text("notice"),
    whole("position"),
)

import_batch = state(
    "import_batch",
    Area.RECORDS | Area.SOURCES,
    link("source_id", "source"),
    text("file_name"),
    text("file_hash"),
    text("format"),
    text("encoding"),
    whole("records"),
    whole("rejected"),
    text("content_hash"),
    # Imports made while an earlier round is still screened belong to it; an update of a finished search opens the next.
    whole("round", 1),
)

record = Table(
    "record",
    metadata,
    # n orders records as they came to this copy and is the row number of the search index; it is never merged.
    Column("n", Integer, primary_key=True, autoincrement=True),
    Column("id", LargeBinary(16), nullable=False, unique=True),
    Column("batch_id", LargeBinary(16), ref("import_batch"), nullable=False),
    whole("position"),
    text("kind"),
    text("title"),
    text("sort_title"),
    text("abstract"),
    Column("authors", JSON, nullable=False),
    text("first_author"),
    text("journal"),
    Column("year", Integer, nullable=True),
    text("volume"),
    text("issue"),
    text("pages"),
    text("doi"),
    text("pmid"),
    text("accession"),
    text("issn"),
    text("isbn"),
    text("language"),
    text("database"),
    text("notes"),
    Column("keywords", JSON, nullable=False),
    Column("urls", JSON, nullable=False),
    Column("extra", JSON, nullable=False),
    text("content_hash"),
    Index("record_by_batch", "batch_id", "position"),
    Index("record_by_year", "year", "n"),
    Index("record_by_title", "sort_title", "n"),
    info={"immutable": True},
)

rejected_entry = Table(
    "rejected_entry",
    metadata,
    Column("batch_id", LargeBinary(16), ref("import_batch"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("line", Integer, nullable=True),
    text("reason"),
    text("raw"),
    info={"immutable": True},
)

duplicate = state(
    "duplicate",
    Area.RECORDS,
    # The id is derived from record_id: a record follows at most one primary.
    Column("record_id", LargeBinary(16), nullable=False, index=True),
    Column("primary_id", LargeBinary(16), nullable=False, index=True),
    text("how"),
    together=("primary_id", "how"),
)

# --- screening -------------------------------------------------------------------------------------------------------

decision = state(
    "decision",
    Area.DECISIONS,
    Column("record_id", LargeBinary(16), nullable=False),
    text("stage"),
    link("reviewer_id", "reviewer"),
    text("verdict"),
    Column("reason_id", LargeBinary(16), nullable=True),
    whole("decided_at"),
    Index("decision_by_record", "record_id", "stage"),
    Index("decision_by_reviewer", "reviewer_id", "stage", "deleted", "verdict", "record_id"),
    author="reviewer_id",
    together=("verdict", "reason_id"),
)

screening_note = state(
    "screening_note",
    Area.DECISIONS,
    Column("record_id", LargeBinary(16), nullable=False, index=True),
    text("stage"),
    link("reviewer_id", "reviewer"),
    text("text"),
    author="reviewer_id",
    together=("text",),
)

resolution = state(
    "resolution",
    Area.RESOLUTIONS,
    Column("record_id", LargeBinary(16), nullable=False, index=True),
    text("stage"),
    link("resolver_id", "reviewer"),
    text("verdict"),
    Column("reason_id", LargeBinary(16), nullable=True),
    text("note"),
    whole("resolved_at"),
    together=("verdict", "reason_id", "resolver_id"),
)

report = state(
    "report",
    Area.REPORTS,
    # The id is derived from record_id. Records without a row here are sought as soon as they pass title/abstract.
    Column("record_id", LargeBinary(16), nullable=False, index=True),
    text("retrieval"),
    text("note"),
)

# --- studies and extraction ------------------------------------------------------------------------------------------

study = state(
    "study",
    Area.STUDIES,
    text("label"),
    text("status"),
    text("design"),
    Column("randomised", BigInteger, nullable=True),
    text("registration"),
    text("notice"),
    text("year"),
    # How its data came to be known, in RevMan's words: PUB, UNPUB, MIX, SOUGHT, NOTSOUGHT.
    text("data_source"),
    # False where the review's risk-of-bias tool does not fit, such as a study without randomisation under RoB 1.
    flag("risk_of_bias_applies", True),
    whole("position"),
)

study_report = state(
    "study_report",
    Area.STUDIES,
    link("study_id", "study"),
    Column("record_id", LargeBinary(16), nullable=False, index=True),
    flag("is_main"),
)

overlap = state(
    "overlap",
    Area.STUDIES,
    link("study_id", "study"),
    link("other_id", "study"),
    text("note"),
)

arm = state(
    "arm",
    Area.STUDIES | Area.EXTRACTION,
    link("study_id", "study"),
    text("label"),
    text("role"),
    text("description"),
    whole("position"),
)

population = state(
    "population",
    Area.STUDIES | Area.EXTRACTION,
    link("study_id", "study"),
    text("label"),
    text("description"),
    whole("position"),
)

outcome = state(
    "outcome",
    Area.PROTOCOL | Area.EXTRACTION,
    text("label"),
    text("kind"),
    text("unit"),
    text("better"),
    text("time_window"),
    text("definition"),
    whole("position"),
)

measurement = state(
    "measurement",
    Area.STUDIES | Area.EXTRACTION,
    link("study_id", "study"),
    link("outcome_id", "outcome"),
    text("instrument"),
    text("better"),
    text("definition"),
    whole("rank", 1),
)

result = state(
    "result",
    Area.EXTRACTION,
    # A place for values: study x arm (none for a contrast) x population x outcome x time point x period x kind.
    link("study_id", "study"),
    link("outcome_id", "outcome"),
    link("arm_id", "arm", optional=True),
    link("population_id", "population", optional=True),
    link("measurement_id", "measurement", optional=True),
    text("time_point"),
    text("period"),
    text("kind"),
    text("effect_measure"),
    text("notice"),
    whole("position"),
)

form_field = state(
    "form_field",
    Area.PROTOCOL | Area.EXTRACTION,
    text("section"),
    text("label"),
    text("kind"),
    Column("options", JSON, nullable=False),
    text("unit"),
    text("help"),
    flag("required"),
    whole("position"),
)

entry = state(
    "entry",
    Area.EXTRACTION,
    # subject_id is a result (field is a statistic) or a study (field is a form field's id in hexadecimal).
    link("study_id", "study"),
    Column("subject_id", LargeBinary(16), nullable=False),
    text("field"),
    link("reviewer_id", "reviewer"),
    number("number"),
    text("text"),
    flag("not_reported"),
    text("status"),
    text("source"),
    text("note"),
    whole("entered_at"),
    Index("entry_by_subject", "subject_id", "field"),
    author="reviewer_id",
    together=("number", "text", "not_reported", "status"),
)

consensus = state(
    "consensus",
    Area.CONSENSUS,
    link("study_id", "study"),
    Column("subject_id", LargeBinary(16), nullable=False),
    text("field"),
    number("number"),
    text("text"),
    flag("not_reported"),
    text("status"),
    text("source"),
    text("how"),
    link("settled_by", "reviewer"),
    text("note"),
    # What the entries said when this was settled, as a digest: tells when one of them has changed since.
    text("basis"),
    whole("settled_at"),
    Index("consensus_by_subject", "subject_id", "field"),
    together=("number", "text", "not_reported", "status", "how", "settled_by", "basis"),
)

extraction_finish = state(
    "extraction_finish",
    Area.EXTRACTION,
    link("study_id", "study"),
    link("reviewer_id", "reviewer"),
    author="reviewer_id",
)

# --- risk of bias ----------------------------------------------------------------------------------------------------

judgement = state(
    "judgement",
    Area.RISK_OF_BIAS,
    link("study_id", "study"),
    text("tool"),
    text("domain"),
    text("outcome_group"),
    link("reviewer_id", "reviewer"),
    text("level"),
    text("support"),
    whole("judged_at"),
    author="reviewer_id",
    together=("level", "support"),
)

judgement_consensus = state(
    "judgement_consensus",
    Area.RISK_OF_BIAS | Area.CONSENSUS,
    link("study_id", "study"),
    text("tool"),
    text("domain"),
    text("outcome_group"),
    text("level"),
    text("support"),
    text("how"),
    link("settled_by", "reviewer"),
    text("basis"),
    whole("settled_at"),
    together=("level", "support", "how", "settled_by", "basis"),
)

assessment_finish = state(
    "assessment_finish",
    Area.RISK_OF_BIAS,
    link("study_id", "study"),
    text("tool"),
    link("reviewer_id", "reviewer"),
    author="reviewer_id",
)

own_tool = state(
    "own_tool",
    Area.RISK_OF_BIAS | Area.PROTOCOL,
    # A risk-of-bias tool of the team's own, or that of an imported review, as the text of a tool file.
    text("name"),
    text("definition"),
)

# --- synthesis -------------------------------------------------------------------------------------------------------

comparison = state(
    "comparison",
    Area.ANALYSES,
    text("label"),
    text("experimental"),
    text("control"),
    whole("position"),
)

analysis = state(
    "analysis",
    Area.ANALYSES,
    link("comparison_id", "comparison"),
    link("outcome_id", "outcome", optional=True),
    text("label"),
    text("kind"),
    text("measure"),
    text("method"),
    text("model"),
    text("tau2"),
    text("ci"),
    text("pi"),
    text("compatibility"),
    Column("level", Float, nullable=False, default=0.95, server_default="0.95"),
    text("better"),
    flag("subgroup_test", True),
    flag("show_total", True),
    flag("show_weights", True),
    flag("show_events", True),
    flag("show_risk_of_bias", True),
    number("axis_lower"),
    number("axis_upper"),
    text("favours_left"),
    text("favours_right"),
    text("footnote"),
    text("notice"),
    # Names of the two sides where they are not those of the comparison.
    text("experimental"),
    text("control"),
    # What studies report, where that is none of the measures Copse knows ("Hazard ratio, adjusted").
    text("effect_label"),
    flag("show_subtotals", True),
    # Non-events are analysed in place of events.
    flag("swap_events"),
    # The confidence level of the studies where it is not that of the total.
    number("study_level"),
    # The group of outcomes (risk of bias) whose judgements stand beside the studies; empty for those of all.
    text("outcome_group"),
    # Headings of an analysis of texts.
    Column("columns", JSON, nullable=False, default=[], server_default="[]"),
    whole("position"),
)

subgroup = state("subgroup", Area.ANALYSES, link("analysis_id", "analysis"), text("label"), whole("position"))

analysis_row = state(
    "analysis_row",
    Area.ANALYSES,
    link("analysis_id", "analysis"),
    link("subgroup_id", "subgroup", optional=True),
    link("study_id", "study"),
    # Either two arm results, or one contrast result.
    link("experimental_id", "result", optional=True),
    link("control_id", "result", optional=True),
    link("contrast_id", "result", optional=True),
    text("footnote"),
    whole("position"),
)

override = state(
    "override",
    Area.ANALYSES,
    # A cell of an analysis typed over in the grid; the consensus value stays as it is.
    link("row_id", "analysis_row"),
    text("cell"),
    number("number"),
    text("reason"),
    link("reviewer_id", "reviewer"),
    whole("entered_at"),
    together=("number", "reason", "reviewer_id"),
)

# --- where the review came from --------------------------------------------------------------------------------------

origin = state(
    "origin",
    Area.REVIEW,
    # The file of another program that this review was made from; the file itself is an attachment of this row.
    text("format"),
    text("file_name"),
    text("version"),
    text("content_hash"),
    # What was read from it and what could not be placed, for people.
    Column("report", JSON, nullable=False, default=[], server_default="[]"),
)

# --- attachments -----------------------------------------------------------------------------------------------------

attachment = state(
    "attachment",
    Area.ATTACHMENTS,
    Column("subject_id", LargeBinary(16), nullable=False, index=True),
    text("name"),
    text("media_type"),
    text("content_hash"),
    whole("size"),
)

attachment_chunk = Table(
    "attachment_chunk",
    metadata,
    Column("content_hash", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("data", LargeBinary, nullable=False),
    info={"immutable": True},
)

STATE_TABLES: dict[str, Table] = {t.name: t for t in metadata.tables.values() if t.info.get("state")}
"""Every state table by name."""

ANALYSIS_SETTINGS = tuple(
    c.name for c in analysis.c if c.name not in {"id", "deleted", "comparison_id", "outcome_id", "position"}
)


def area_of(tables: Iterable[str]) -> Area:
    """The areas that a change to these state tables touches."""
    area = Area.NONE
    for name in tables:
        area |= STATE_TABLES[name].info["area"]
    return area


def column_type(table: str, field: str) -> TypeEngine[Any]:
    """The type of a state table's column; a KeyError names a field the schema does not have."""
    return STATE_TABLES[table].c[field].type
