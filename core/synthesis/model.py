"""An analysis as plain values: read from the store once, and all that grids, results and figures are computed from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.extraction.statistics import CONTRAST_MEASURES
from core.model import Id, OutcomeKind
from core.riskofbias.tools import Tool
from core.synthesis.settings import Settings


@dataclass(frozen=True, slots=True)
class Value:
    """A settled value of the extraction; ``number`` is None where the reports do not give it, and of a ``text``."""

    id: Id
    number: float | None
    status: str
    source: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A place of the extraction that a row takes its values from: one arm, or a contrast between arms.

    ``better`` is the direction of the study's own measurement (of the reported difference in a contrast), '' when not
    known. ``values`` are by statistic, see `core.extraction.statistics`.
    """

    id: Id
    arm: str
    population: str
    instrument: str
    better: str
    definition: str
    outcome: str
    outcome_better: str
    time_point: str
    period: str
    kind: str
    effect_measure: str
    notice: str
    values: Mapping[str, Value]

    @property
    def is_ratio(self) -> bool:
        """Whether the effect is reported as a ratio."""
        known = CONTRAST_MEASURES.get(self.effect_measure)
        return known is not None and known.ratio


@dataclass(frozen=True, slots=True)
class Override:
    """A cell typed over in the analysis."""

    number: float | None
    reason: str
    reviewer_id: Id
    entered_at: int


@dataclass(frozen=True, slots=True)
class Study:
    """The study of a row."""

    id: Id
    label: str
    design: str
    notice: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row: two arms or one contrast of a study. ``levels`` are the settled risk-of-bias levels by domain."""

    id: Id
    study: Study
    subgroup_id: Id | None
    experimental: Source | None
    control: Source | None
    contrast: Source | None
    footnote: str
    overrides: Mapping[str, Override]
    levels: Mapping[str, str]

    @property
    def source(self) -> Source | None:
        """The contrast, or the arm that speaks for both (population, time point and measurement are the same)."""
        return self.contrast or self.experimental or self.control


@dataclass(frozen=True, slots=True)
class Subgroup:
    """A subgroup of an analysis; ``number`` counts on from the analysis': 1.1.2."""

    id: Id
    number: str
    label: str


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two studies that share participants."""

    study_id: Id
    other_id: Id
    note: str


@dataclass(frozen=True, slots=True)
class Look:
    """How the analysis is drawn.

    ``show_events``: the sums of events, or of generic effects the participants of both sides. ``experimental`` and
    ``control`` are its own names of the sides, '' for the comparison's; ``effect_label`` names a generic effect;
    ``outcome_group`` is the group of outcomes whose risk of bias is shown; ``columns`` head an analysis of texts.
    """

    subgroup_test: bool = True
    show_total: bool = True
    show_weights: bool = True
    show_events: bool = True
    show_risk_of_bias: bool = True
    axis_lower: float | None = None
    axis_upper: float | None = None
    favours_left: str = ""
    favours_right: str = ""
    show_subtotals: bool = True
    experimental: str = ""
    control: str = ""
    effect_label: str = ""
    outcome_group: str = ""
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AnalysisData:
    """A frozen picture of one analysis. ``better`` is the direction its effect is expressed in ('' as reported);
    rows stand in the order of the plot. ``experimental`` and ``control`` name its sides, ``sides`` those of the
    comparison; ``outcome_groups`` are the groups of outcomes that the review's risk of bias tells apart.
    ``risk_of_bias_tool`` is None where the review's cannot be read."""

    id: Id
    number: str
    label: str
    comparison: str
    experimental: str
    control: str
    outcome_id: Id | None
    settings: Settings
    better: str
    look: Look
    footnote: str
    notice: str
    subgroups: tuple[Subgroup, ...]
    rows: tuple[Row, ...]
    overlaps: tuple[Overlap, ...]
    risk_of_bias_tool: Tool | None
    sides: tuple[str, str] = ("", "")
    outcome_groups: tuple[str, ...] = ()

    @property
    def pools(self) -> bool:
        """Whether anything is to be pooled; without subgroups there are no subtotals."""
        return self.look.show_total or (self.look.show_subtotals and bool(self.subgroups))

    @property
    def effect_label(self) -> str:
        """The analysis' own name of a generic effect, '' where the measure's stands."""
        named = self.settings.kind in (OutcomeKind.GENERIC, OutcomeKind.O_E)
        return self.look.effect_label if named else ""

    def rows_of(self, subgroup_id: Id | None) -> tuple[Row, ...]:
        """The rows of one subgroup."""
        return tuple(row for row in self.rows if row.subgroup_id == subgroup_id)
