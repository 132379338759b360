"""What a reader of an analysis should know and no formula says: unit of analysis, shared participants, doubtful values.

The rules are general; each looks at what the extraction recorded about studies, results and values.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from core.language import Phrase, mark
from core.model import Id, OutcomeKind, Period, ValueKind, ValueStatus
from core.pooling.notes import Level
from core.synthesis.cells import Cell, Reported, reported_interval, shown_number
from core.synthesis.model import AnalysisData, Row

Cells = Mapping[Id, Mapping[str, Cell]]
"""The cells of each row, by row id and column."""


@dataclass(frozen=True, slots=True)
class Advice:
    """One piece of advice: the rows it is about, and what the figure's footnote says of it ('' for none)."""

    code: str
    level: Level
    text: str
    params: Mapping[str, object] = field(default_factory=dict[str, object])
    row_ids: tuple[Id, ...] = ()
    footnote: str = ""

    @property
    def message(self) -> Phrase:
        """The English sentence with its parameters filled in."""
        return Phrase(self.text, self.params)


_STATUSES = {
    ValueStatus.RECONSTRUCTED: mark("reconstructed from other reported results"),
    ValueStatus.ILLUSTRATIVE: mark("illustrative, not data"),
    ValueStatus.IMPUTED: mark("imputed"),
    ValueStatus.FIGURE: mark("read from a figure"),
}

_CROSSOVER = re.compile(r"cross[\s-]?over", re.IGNORECASE)
_CLUSTER = re.compile(r"\bcluster", re.IGNORECASE)


def advise(data: AnalysisData, rows: Sequence[Row], cells: Cells, turned: Iterable[Id]) -> tuple[Advice, ...]:
    """All advice on the rows that are pooled."""
    found = [*_turned(rows, frozenset(turned))]
    for rule in _RULES:
        found += rule(data, rows)
    found += _doubtful_values(rows, cells)
    found += _intervals(data, rows)
    typed_over = [row for row in rows if row.overrides]
    if typed_over:
        found.append(
            _about(
                "values.typed_over",
                "info",
                mark("Values were typed over in {studies}; the settled ones are kept beside them."),
                typed_over,
            )
        )
    return tuple(found)


def _names(rows: Iterable[Row]) -> str:
    return ", ".join(dict.fromkeys(row.study.label for row in rows))


def _about(code: str, level: Level, text: str, rows: Sequence[Row], footnote: str = "", **params: object) -> Advice:
    return Advice(code, level, text, {"studies": _names(rows), **params}, tuple(row.id for row in rows), footnote)


def _turned(rows: Sequence[Row], turned: frozenset[Id]) -> list[Advice]:
    found = [row for row in rows if row.id in turned]
    if not found:
        return []
    text = mark("The sign of {studies} was changed, because the measurement runs in the opposite direction.")
    return [_about("direction.turned", "info", text, found, "Sign changed: the measurement runs the other way.")]


def _crossover(_data: AnalysisData, rows: Sequence[Row]) -> list[Advice]:
    found = [
        row
        for row in rows
        if _CROSSOVER.search(row.study.design) and row.experimental and row.experimental.period != Period.FIRST
    ]
    if not found:
        return []
    text = mark(
        "{studies}: crossover trials entered as if the same participants were two separate groups. The pairing is "
        "lost, so intervals tend to be too wide, and carry-over is not excluded. Use the first period only, or the "
        "paired analysis as a generic effect."
    )
    footnote = "Crossover trial: its participants are counted in both arms as if the groups were independent."
    return [_about("unit.crossover", "caution", text, found, footnote)]


def _cluster(_data: AnalysisData, rows: Sequence[Row]) -> list[Advice]:
    found = [row for row in rows if _CLUSTER.search(row.study.design) and row.experimental]
    if not found:
        return []
    text = mark(
        "{studies}: cluster-randomised trials entered by participant. Unless the numbers are effective sample sizes, "
        "the intervals are too narrow."
    )
    return [_about("unit.cluster", "caution", text, found, "Cluster-randomised trial.")]


def _pools(data: AnalysisData, rows: Sequence[Row]) -> list[Sequence[Row]]:
    """The rows that are pooled with each other: all, or those of each subgroup when there is no total."""
    if data.look.show_total:
        return [rows]
    if not data.pools:
        return []
    return [[row for row in rows if row.subgroup_id == group.id] for group in data.subgroups]


def _same_study(data: AnalysisData, rows: Sequence[Row]) -> list[Advice]:
    found: dict[Id, list[Row]] = {}
    for pool in _pools(data, rows):
        by_study: dict[Id, list[Row]] = defaultdict(list)
        for row in pool:
            by_study[row.study.id].append(row)
        found.update({study: members for study, members in by_study.items() if len(members) > 1})
    text = mark(
        "{studies} stands in this pool more than once. If the same participants are in both rows, they are counted "
        "twice: combine the rows, or split a shared group."
    )
    return [_about("overlap.same_study", "caution", text, members) for members in found.values()]


def _shared_participants(data: AnalysisData, rows: Sequence[Row]) -> list[Advice]:
    linked = {frozenset((entry.study_id, entry.other_id)): entry.note for entry in data.overlaps}
    found: dict[frozenset[Id], tuple[Row, Row]] = {}
    for pool in _pools(data, rows):
        for one, other in combinations(pool, 2):
            pair = frozenset((one.study.id, other.study.id))
            if pair in linked:
                found.setdefault(pair, (one, other))
    text = mark("{studies} share participants{note} and stand in one pool: these participants are counted twice.")
    return [
        _about("overlap.participants", "caution", text, rows, note=f" ({linked[pair]})" if linked[pair] else "")
        for pair, rows in found.items()
    ]


def _scales(data: AnalysisData, rows: Sequence[Row]) -> list[Advice]:
    """Mean differences on different scales are not in the same unit (Handbook 6.5.1.2)."""
    if data.settings.measure not in ("MD", "GEN"):
        return []
    names = {row.source.instrument.strip() for row in rows if row.source} - {""}
    if len({name.casefold() for name in names}) < 2:
        return []
    text = mark(
        "The rows are measured on different scales ({scales}). A mean difference has a meaning on one scale only; "
        "the standardised mean difference allows for different ones."
    )
    return [_about("scales.differ", "caution", text, rows, scales=", ".join(sorted(names)))]


def _kinds(data: AnalysisData, rows: Sequence[Row]) -> list[Advice]:
    """Changes and final values: not together in a standardised mean difference (Handbook 10.5.2)."""
    kinds = {row.source.kind for row in rows if row.source}
    if data.settings.kind is OutcomeKind.DICHOTOMOUS or len(kinds) < 2:
        return []
    if ValueKind.PERCENT_CHANGE in kinds:
        text = mark("Percent changes stand in one pool with other values; they are not in the same unit.")
    elif data.settings.measure == "SMD" and {ValueKind.POST, ValueKind.CHANGE} <= kinds:
        text = mark(
            "Changes from baseline and final values stand in one pool of standardised mean differences; their "
            "standard deviations do not mean the same."
        )
    else:
        return []
    return [_about("kinds.differ", "caution", text, rows)]


_RULES: tuple[Callable[[AnalysisData, Sequence[Row]], list[Advice]], ...] = (
    _crossover,
    _cluster,
    _same_study,
    _shared_participants,
    _scales,
    _kinds,
)


def _doubtful_values(rows: Sequence[Row], cells: Cells) -> list[Advice]:
    found: list[Advice] = []
    for status, words in _STATUSES.items():
        touched = [row for row in rows if any(cell.status == status for cell in cells[row.id].values())]
        if touched:
            text = mark("{studies}: values are {words}.")
            footnote = f"Values are {words}."
            found.append(_about(f"values.{status}", "caution", text, touched, footnote, words=words))
    return found


def _intervals(data: AnalysisData, rows: Sequence[Row]) -> list[Advice]:
    found: list[Advice] = []
    for row in rows:
        reported = reported_interval(row, data.settings.measure)
        if reported is None:
            continue
        if reported.asymmetric:
            found.append(_asymmetric(row, reported))
        elif reported.differs and reported.computed_lower is not None and reported.computed_upper is not None:
            text = mark(
                "{studies}: the reported interval is {lower} to {upper}; from the standard error it is "
                "{ours_lower:.2f} to {ours_upper:.2f}."
            )
            found.append(
                _about(
                    "interval.differs", "info", text, [row], lower=shown_number(reported.lower),
                    upper=shown_number(reported.upper), ours_lower=reported.computed_lower,
                    ours_upper=reported.computed_upper,
                )
            )  # fmt: skip
    return found


def _asymmetric(row: Row, reported: Reported) -> Advice:
    scale = mark(" on the log scale") if row.contrast and row.contrast.is_ratio else ""
    text = mark(
        "{studies}: the reported interval {lower} to {upper} is not symmetric around {estimate}{scale}. "
        "Check the paper; the limits shown follow from the standard error."
    )
    footnote = f"Reported as {reported.estimate:g} [{reported.lower:g}, {reported.upper:g}], which is not symmetric"
    return _about(
        "interval.asymmetric", "caution", text, [row], f"{footnote}{scale}.", lower=shown_number(reported.lower),
        upper=shown_number(reported.upper), estimate=shown_number(reported.estimate), scale=scale,
    )  # fmt: skip
