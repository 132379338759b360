"""What ``accuracy`` returns."""

from __future__ import annotations

from dataclasses import dataclass

from core.pooling.accuracy.tables import StudyAccuracy
from core.pooling.inference import Interval
from core.pooling.measures.base import FloatArray
from core.pooling.notes import Note


@dataclass(frozen=True, slots=True)
class AccuracySettings:
    """What was asked of ``accuracy``. ``estimator`` is "REML" or "ML" (normal), "ML" (binomial)."""

    method: str
    estimator: str
    ci: str
    level: float


@dataclass(frozen=True, slots=True)
class Summarised:
    """A summary with its interval on the scale that readers see, and its value and standard error on the scale of
    analysis (logit for sensitivity and specificity, logarithm for ratios)."""

    estimate: float
    ci: Interval
    value: float
    se: float


@dataclass(frozen=True, slots=True)
class Hsroc:
    """Rutter & Gatsonis' parameters: accuracy Lambda, threshold Theta, shape beta, and the variances of the studies'
    accuracy and threshold."""

    accuracy: float
    threshold: float
    shape: float
    accuracy_variance: float
    threshold_variance: float


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """Points in ROC space: read-only arrays of specificity and sensitivity."""

    specificity: FloatArray
    sensitivity: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Accuracy:
    """Summary accuracy of a test.

    ``studies`` has one entry per row given. Everything else is None when the model cannot be fitted (see ``notes``).
    Variances and ``correlation`` are between studies, on the logit scale; the correlation, ``hsroc``, ``curve`` and
    ``auc`` are None when a variance is 0. ``covariance`` is that of the two estimated logits. The curve spans the
    observed specificities; ``auc`` is the area under all of it, also where no study lies. The regions are for the
    summary point and for the true point of a new study.
    """

    settings: AccuracySettings
    k: int
    studies: tuple[StudyAccuracy, ...]
    notes: tuple[Note, ...]
    sensitivity: Summarised | None = None
    specificity: Summarised | None = None
    covariance: float | None = None
    sensitivity_variance: float | None = None
    specificity_variance: float | None = None
    correlation: float | None = None
    log_likelihood: float | None = None
    positive_ratio: Summarised | None = None
    negative_ratio: Summarised | None = None
    odds_ratio: Summarised | None = None
    hsroc: Hsroc | None = None
    curve: Line | None = None
    auc: float | None = None
    confidence_region: Line | None = None
    prediction_region: Line | None = None

    @property
    def estimable(self) -> bool:
        """Whether there is a summary."""
        return self.sensitivity is not None
