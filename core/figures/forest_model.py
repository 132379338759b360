"""What a forest plot shows, as plain values: numbers already computed, texts already worded.

Effects are on the analysis scale (the logarithm of a ratio); ``Axis`` says how they map to what is printed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

Kind = Literal["dichotomous", "continuous", "generic"]
"""Which colour the squares have; the columns are named by ``columns``."""


@dataclass(frozen=True, slots=True)
class ColumnGroup:
    """Columns under a common label, such as Events and Total under the name of an arm; the label may be empty."""

    label: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with its limits, on the analysis scale; all three finite."""

    estimate: float
    lo: float
    hi: float

    def __post_init__(self) -> None:
        if not all(map(math.isfinite, (self.estimate, self.lo, self.hi))) or self.lo > self.hi:
            raise ValueError(f"no interval to draw: {self}")


@dataclass(frozen=True, slots=True)
class ForestStudy:
    """One row. ``effect`` None: not estimable. ``weight`` in percent, None when the study has none. ``rob`` has one
    judgement (a key of ``discs.DISCS``) or None per domain. ``footnotes`` are numbers of ``ForestPlot.footnotes``."""

    label: str
    cells: tuple[str, ...]
    effect: Interval | None
    effect_text: str
    weight: float | None = None
    rob: tuple[str | None, ...] = ()
    footnotes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Prediction:
    """A prediction interval, on the analysis scale, and its text."""

    lo: float
    hi: float
    text: str
    label: str = "Prediction interval"


@dataclass(frozen=True, slots=True)
class ForestPooled:
    """A subtotal or total: its ``cells`` (totals of participants, the rest empty) and the row of events below it, under
    ``events_label``."""

    cells: tuple[str, ...]
    effect: Interval | None
    effect_text: str
    weight: float | None = None
    label: str = "Total (95% CI)"
    events: tuple[str, ...] | None = None
    prediction: Prediction | None = None
    events_label: str = "Total events:"


@dataclass(frozen=True, slots=True)
class ForestSubgroup:
    """A heading, its studies, its subtotal and the lines printed below that (heterogeneity, overall effect)."""

    label: str
    studies: tuple[ForestStudy, ...]
    subtotal: ForestPooled | None = None
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Axis:
    """The scale under the plot. ``lo``, ``hi`` and ``ticks`` are on the display scale; None chooses them.

    ``log`` says that effects are logarithms of what is displayed. ``no_effect`` draws the line at 1 or 0; a mean or a
    proportion has none.
    """

    log: bool
    lo: float | None = None
    hi: float | None = None
    ticks: tuple[float, ...] | None = None
    no_effect: bool = True


@dataclass(frozen=True, slots=True)
class RiskOfBiasColumns:
    """The discs right of the plot: (letter, name) per domain, and (judgement, name) per level for the legend."""

    domains: tuple[tuple[str, str], ...]
    levels: tuple[tuple[str, str], ...] = ()
    title: str = "Risk of Bias"


@dataclass(frozen=True, slots=True)
class ForestPlot:
    """A whole forest plot. ``studies`` stand before any ``subgroups``; either may be empty, and so may both."""

    kind: Kind
    columns: tuple[ColumnGroup, ...]
    effect_header: tuple[str, str]
    axis: Axis
    studies: tuple[ForestStudy, ...] = ()
    subgroups: tuple[ForestSubgroup, ...] = ()
    overall: ForestPooled | None = None
    overall_lines: tuple[str, ...] = ()
    favours: tuple[str, str] = ("", "")
    rob: RiskOfBiasColumns | None = None
    footnotes: tuple[str, ...] = ()
    show_weights: bool = True
    empty_message: str = "No studies with data yet"

    def all_studies(self) -> tuple[ForestStudy, ...]:
        """Every study, in the order of the rows."""
        return self.studies + tuple(study for group in self.subgroups for study in group.studies)


def dichotomous_columns(experimental: str, control: str, *, non_events: bool = False) -> tuple[ColumnGroup, ...]:
    """Events, or the participants without one, and Total per arm."""
    counted = "Non-events" if non_events else "Events"
    return tuple(ColumnGroup(label, (counted, "Total")) for label in (experimental, control))


def continuous_columns(experimental: str, control: str) -> tuple[ColumnGroup, ...]:
    """Mean, SD and Total per arm."""
    return tuple(ColumnGroup(label, ("Mean", "SD", "Total")) for label in (experimental, control))


def generic_columns(effect: str, totals: tuple[str, str] | None = None) -> tuple[ColumnGroup, ...]:
    """The effect (``"log[Odds Ratio]"``) and its SE; with ``totals`` also a Total column per arm."""
    columns = (ColumnGroup("", (effect,)), ColumnGroup("", ("SE",)))
    return columns + tuple(ColumnGroup(label, ("Total",)) for label in totals or ())


def o_e_columns() -> tuple[ColumnGroup, ...]:
    """Observed minus expected events and their variance."""
    return ColumnGroup("", ("O-E",)), ColumnGroup("", ("Variance",))
