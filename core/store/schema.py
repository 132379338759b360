"""The tables of a review.

Three kinds:

- *state tables* hold what the review is now. Each has a 16-byte ``id`` and a ``deleted`` mark; every change to them
  goes through the operation log. Rows with a natural key (a reviewer's decision on a record) have an id derived from
  that key, so that copies made apart agree on it and two reviewers never write the same row.
- *immutable tables* (records of an import, attachments) are written once with the batch that brought them.
- *log tables* hold the operations and their changes, and what belongs to this copy alone.

Column types are those both SQLite and PostgreSQL have; the order of columns carries no meaning.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeEngine

from core.model import Area

SCHEMA_VERSION = 1
APPLICATION_ID = 0x436F7073
"""Written into the SQLite header (``PRAGMA application_id``): the letters Cops."""

metadata = MetaData()


def _ref(table: str) -> ForeignKey:
    # Merging applies rows of all tables in one transaction in no particular order, hence deferred.
    return ForeignKey(f"{table}.id", deferrable=True, initially="DEFERRED")


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False, default="", server_default="")


def _link(name: str, table: str, *, optional: bool = False) -> Column[bytes]:
    return Column(name, LargeBinary(16), _ref(table), nullable=optional, index=True)


def _number(name: str) -> Column[float]:
    return Column(name, Float, nullable=True)


def _whole(name: str, default: int = 0) -> Column[int]:
    return Column(name, BigInteger, nullable=False, default=default, server_default=str(default))


def _flag(name: str, default: bool = False) -> Column[bool]:
    return Column(name, Boolean, nullable=False, default=default, server_default="1" if default else "0")


def _state(
    name: str,
    area: Area,
    *columns: Column[Any] | Index,
    author: str | None = None,
    together: tuple[str, ...] = (),
) -> Table:
    """A state table.

    ``author`` names the column holding the reviewer whose judgement a row is (blinding). ``together`` names fields that
    mean something only jointly: a change to one stamps them all, so that merging never mixes two people's answers.
    """
    return Table(
        name,
        metadata,
        Column("id", LargeBinary(16), primary_key=True),
        _flag("deleted"),
        *columns,
        info={"area": area, "author": author, "state": True, "together": together},
    )


# --- the review and its people ---------------------------------------------------------------------------------------

review = _state(
    "review",
    Area.REVIEW | Area.PROTOCOL,
    _text("title"),
    _text("registration"),
    _text("population"),
    _text("intervention"),
    _text("comparator"),
    _text("outcomes"),
    _text("designs"),
    _text("notice"),
    _text("reveal_screening"),
    _text("reveal_extraction"),
    _text("risk_of_bias_tool"),
    _whole("screeners_per_record", 2),
)

reviewer = _state(
    "reviewer",
    Area.TEAM,
    _text("name"),
    _text("initials"),
    _whole("position", 1),
    _flag("is_lead"),
    _flag("is_adjudicator"),
    _flag("is_screener", True),
)

criterion = _state("criterion", Area.PROTOCOL, _text("kind"), _text("text"), _whole("position"))
exclusion_reason = _state("exclusion_reason", Area.PROTOCOL, _text("stage"), _text("text"), _whole("position"))
highlight_term = _state("highlight_term", Area.PROTOCOL, _text("kind"), _text("text"), _whole("position"))

# --- references ------------------------------------------------------------------------------------------------------

source = _state(
    "source",
    Area.SOURCES,
    _text("name"),
    _text("kind"),
    _text("platform"),
    _text("searched_on"),
    _text("query"),
    Column("hits", BigInteger, nullable=True),
    _text("notice"),
    _whole("position"),
)

import_batch = _state(
    "import_batch",
    Area.RECORDS | Area.SOURCES,
    _link("source_id", "source"),
    _text("file_name"),
    _text("file_hash"),
    _text("format"),
    _text("encoding"),
    _whole("records"),
    _whole("rejected"),
    _text("content_hash"),
)

record = Table(
    "record",
    metadata,
    # n orders records as they came to this copy and is the row number of the search index; it is never merged.
    Column("n", Integer, primary_key=True, autoincrement=True),
    Column("id", LargeBinary(16), nullable=False, unique=True),
    Column("batch_id", LargeBinary(16), _ref("import_batch"), nullable=False),
    _whole("position"),
    _text("kind"),
    _text("title"),
    _text("sort_title"),
    _text("abstract"),
    Column("authors", JSON, nullable=False),
    _text("first_author"),
    _text("journal"),
    Column("year", Integer, nullable=True),
    _text("volume"),
    _text("issue"),
    _text("pages"),
    _text("doi"),
    _text("pmid"),
    _text("accession"),
    _text("issn"),
    _text("isbn"),
    _text("language"),
    _text("database"),
    _text("notes"),
    Column("keywords", JSON, nullable=False),
    Column("urls", JSON, nullable=False),
    Column("extra", JSON, nullable=False),
    _text("content_hash"),
    Index("record_by_batch", "batch_id", "position"),
    Index("record_by_year", "year", "n"),
    Index("record_by_title", "sort_title", "n"),
    info={"immutable": True},
)

rejected_entry = Table(
    "rejected_entry",
    metadata,
    Column("batch_id", LargeBinary(16), _ref("import_batch"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("line", Integer, nullable=True),
    _text("reason"),
    _text("raw"),
    info={"immutable": True},
)

duplicate = _state(
    "duplicate",
    Area.RECORDS,
    # The id is derived from record_id: a record follows at most one primary.
    Column("record_id", LargeBinary(16), nullable=False, index=True),
    Column("primary_id", LargeBinary(16), nullable=False, index=True),
    _text("how"),
)

# --- screening -------------------------------------------------------------------------------------------------------

decision = _state(
    "decision",
    Area.DECISIONS,
    Column("record_id", LargeBinary(16), nullable=False),
    _text("stage"),
    _link("reviewer_id", "reviewer"),
    _text("verdict"),
    Column("reason_id", LargeBinary(16), nullable=True),
    _whole("decided_at"),
    Index("decision_by_record", "record_id", "stage"),
    Index("decision_by_reviewer", "reviewer_id", "stage", "deleted", "verdict", "record_id"),
    author="reviewer_id",
    together=("verdict", "reason_id"),
)

screening_note = _state(
    "screening_note",
    Area.DECISIONS,
    Column("record_id", LargeBinary(16), nullable=False, index=True),
    _text("stage"),
    _link("reviewer_id", "reviewer"),
    _text("text"),
    author="reviewer_id",
)

resolution = _state(
    "resolution",
    Area.RESOLUTIONS,
    Column("record_id", LargeBinary(16), nullable=False, index=True),
    _text("stage"),
    _link("resolver_id", "reviewer"),
    _text("verdict"),
    Column("reason_id", LargeBinary(16), nullable=True),
    _text("note"),
    _whole("resolved_at"),
    together=("verdict", "reason_id", "resolver_id"),
)

report = _state(
    "report",
    Area.REPORTS,
    # The id is derived from record_id. Records without a row here are sought as soon as they pass title/abstract.
    Column("record_id", LargeBinary(16), nullable=False, index=True),
    _text("retrieval"),
    _text("note"),
)

# --- studies and extraction ------------------------------------------------------------------------------------------

study = _state(
    "study",
    Area.STUDIES,
    _text("label"),
    _text("status"),
    _text("design"),
    Column("randomised", BigInteger, nullable=True),
    _text("registration"),
    _text("notice"),
    _whole("position"),
)

study_report = _state(
    "study_report",
    Area.STUDIES,
    _link("study_id", "study"),
    Column("record_id", LargeBinary(16), nullable=False, index=True),
    _flag("is_main"),
)

overlap = _state(
    "overlap",
    Area.STUDIES,
    _link("study_id", "study"),
    _link("other_id", "study"),
    _text("note"),
)

arm = _state(
    "arm",
    Area.STUDIES | Area.EXTRACTION,
    _link("study_id", "study"),
    _text("label"),
    _text("role"),
    _text("description"),
    _whole("position"),
)

population = _state(
    "population",
    Area.STUDIES | Area.EXTRACTION,
    _link("study_id", "study"),
    _text("label"),
    _text("description"),
    _whole("position"),
)

outcome = _state(
    "outcome",
    Area.PROTOCOL | Area.EXTRACTION,
    _text("label"),
    _text("kind"),
    _text("unit"),
    _text("better"),
    _text("time_window"),
    _text("definition"),
    _whole("position"),
)

measurement = _state(
    "measurement",
    Area.STUDIES | Area.EXTRACTION,
    _link("study_id", "study"),
    _link("outcome_id", "outcome"),
    _text("instrument"),
    _text("better"),
    _text("definition"),
    _whole("rank", 1),
)

result = _state(
    "result",
    Area.EXTRACTION,
    # A place for values: study x arm (none for a contrast) x population x outcome x time point x period x kind.
    _link("study_id", "study"),
    _link("outcome_id", "outcome"),
    _link("arm_id", "arm", optional=True),
    _link("population_id", "population", optional=True),
    _link("measurement_id", "measurement", optional=True),
    _text("time_point"),
    _text("period"),
    _text("kind"),
    _text("effect_measure"),
    _text("notice"),
    _whole("position"),
)

form_field = _state(
    "form_field",
    Area.PROTOCOL | Area.EXTRACTION,
    _text("section"),
    _text("label"),
    _text("kind"),
    Column("options", JSON, nullable=False),
    _text("unit"),
    _text("help"),
    _flag("required"),
    _whole("position"),
)

entry = _state(
    "entry",
    Area.EXTRACTION,
    # subject_id is a result (field is a statistic) or a study (field is a form field's id in hexadecimal).
    _link("study_id", "study"),
    Column("subject_id", LargeBinary(16), nullable=False),
    _text("field"),
    _link("reviewer_id", "reviewer"),
    _number("number"),
    _text("text"),
    _flag("not_reported"),
    _text("status"),
    _text("source"),
    _text("note"),
    _whole("entered_at"),
    Index("entry_by_subject", "subject_id", "field"),
    author="reviewer_id",
    together=("number", "text", "not_reported", "status"),
)

consensus = _state(
    "consensus",
    Area.CONSENSUS,
    _link("study_id", "study"),
    Column("subject_id", LargeBinary(16), nullable=False),
    _text("field"),
    _number("number"),
    _text("text"),
    _flag("not_reported"),
    _text("status"),
    _text("source"),
    _text("how"),
    _link("settled_by", "reviewer"),
    _text("note"),
    # What the entries said when this was settled, as a digest: tells when one of them has changed since.
    _text("basis"),
    _whole("settled_at"),
    Index("consensus_by_subject", "subject_id", "field"),
    together=("number", "text", "not_reported", "status", "how", "settled_by", "basis"),
)

extraction_finish = _state(
    "extraction_finish",
    Area.EXTRACTION,
    _link("study_id", "study"),
    _link("reviewer_id", "reviewer"),
    author="reviewer_id",
)

# --- risk of bias ----------------------------------------------------------------------------------------------------

judgement = _state(
    "judgement",
    Area.RISK_OF_BIAS,
    _link("study_id", "study"),
    _text("tool"),
    _text("domain"),
    _text("outcome_group"),
    _link("reviewer_id", "reviewer"),
    _text("level"),
    _text("support"),
    _whole("judged_at"),
    author="reviewer_id",
)

judgement_consensus = _state(
    "judgement_consensus",
    Area.RISK_OF_BIAS | Area.CONSENSUS,
    _link("study_id", "study"),
    _text("tool"),
    _text("domain"),
    _text("outcome_group"),
    _text("level"),
    _text("support"),
    _text("how"),
    _link("settled_by", "reviewer"),
    _text("basis"),
    _whole("settled_at"),
    together=("level", "how", "settled_by", "basis"),
)

assessment_finish = _state(
    "assessment_finish",
    Area.RISK_OF_BIAS,
    _link("study_id", "study"),
    _text("tool"),
    _link("reviewer_id", "reviewer"),
    author="reviewer_id",
)

# --- synthesis -------------------------------------------------------------------------------------------------------

comparison = _state(
    "comparison",
    Area.ANALYSES,
    _text("label"),
    _text("experimental"),
    _text("control"),
    _whole("position"),
)

analysis = _state(
    "analysis",
    Area.ANALYSES,
    _link("comparison_id", "comparison"),
    _link("outcome_id", "outcome", optional=True),
    _text("label"),
    _text("kind"),
    _text("measure"),
    _text("method"),
    _text("model"),
    _text("tau2"),
    _text("ci"),
    _text("pi"),
    _text("compatibility"),
    Column("level", Float, nullable=False, default=0.95, server_default="0.95"),
    _text("better"),
    _flag("subgroup_test", True),
    _flag("show_total", True),
    _flag("show_weights", True),
    _flag("show_events", True),
    _flag("show_risk_of_bias", True),
    _number("axis_lower"),
    _number("axis_upper"),
    _text("favours_left"),
    _text("favours_right"),
    _text("footnote"),
    _text("notice"),
    _whole("position"),
)

subgroup = _state("subgroup", Area.ANALYSES, _link("analysis_id", "analysis"), _text("label"), _whole("position"))

analysis_row = _state(
    "analysis_row",
    Area.ANALYSES,
    _link("analysis_id", "analysis"),
    _link("subgroup_id", "subgroup", optional=True),
    _link("study_id", "study"),
    # Either two arm results, or one contrast result.
    _link("experimental_id", "result", optional=True),
    _link("control_id", "result", optional=True),
    _link("contrast_id", "result", optional=True),
    _text("footnote"),
    _whole("position"),
)

override = _state(
    "override",
    Area.ANALYSES,
    # A cell of an analysis typed over in the grid; the consensus value stays as it is.
    _link("row_id", "analysis_row"),
    _text("cell"),
    _number("number"),
    _text("reason"),
    _link("reviewer_id", "reviewer"),
    _whole("entered_at"),
)

# --- attachments -----------------------------------------------------------------------------------------------------

attachment = _state(
    "attachment",
    Area.ATTACHMENTS,
    Column("subject_id", LargeBinary(16), nullable=False, index=True),
    _text("name"),
    _text("media_type"),
    _text("content_hash"),
    _whole("size"),
)

attachment_chunk = Table(
    "attachment_chunk",
    metadata,
    Column("content_hash", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("data", LargeBinary, nullable=False),
    info={"immutable": True},
)

# --- the log, and what belongs to this copy alone --------------------------------------------------------------------

operation = Table(
    "operation",
    metadata,
    Column("id", LargeBinary(16), primary_key=True),
    Column("hlc", BigInteger, nullable=False),
    Column("device", LargeBinary(16), nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("reviewer_id", LargeBinary(16), nullable=False),
    Column("kind", Text, nullable=False),
    Column("label", Text, nullable=False),
    # 'base' (not to be undone), 'do', 'undo' or 'redo'; the last two name the 'do' whose changes they turn around.
    Column("role", Text, nullable=False),
    Column("target", LargeBinary(16), nullable=True, index=True),
    UniqueConstraint("device", "sequence"),
    Index("operation_by_time", "hlc", "device"),
    Index("operation_by_reviewer", "reviewer_id", "hlc"),
)

change = Table(
    "change",
    metadata,
    Column("operation_id", LargeBinary(16), ForeignKey("operation.id"), primary_key=True),
    Column("table_name", Text, primary_key=True),
    Column("row_id", LargeBinary(16), primary_key=True),
    # {field: [before, after]}, binary values in hexadecimal.
    Column("fields", JSON, nullable=False),
    Index("change_by_row", "table_name", "row_id"),
)

meta = Table("meta", metadata, Column("key", Text, primary_key=True), Column("value", Text, nullable=False))

merge_finding = Table(
    "merge_finding",
    metadata,
    # What both sides of a merge had changed without knowing of each other: for the lead to look at.
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("found_at", BigInteger, nullable=False),
    Column("table_name", Text, nullable=False),
    Column("row_id", LargeBinary(16), nullable=False),
    Column("field", Text, nullable=False),
    Column("kept", LargeBinary(16), nullable=False),
    Column("other", LargeBinary(16), nullable=False),
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
