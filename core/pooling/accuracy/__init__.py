"""Accuracy of diagnostic tests: the bivariate model, its HSROC form, regions and curve; ``accuracy`` is the way in."""

from __future__ import annotations

from core.pooling.accuracy.fit import ACCURACY_METHODS, accuracy
from core.pooling.accuracy.results import Accuracy, AccuracySettings, Hsroc, Line, Summarised
from core.pooling.accuracy.tables import Proportion, StudyAccuracy

__all__ = [
    "ACCURACY_METHODS",
    "Accuracy",
    "AccuracySettings",
    "Hsroc",
    "Line",
    "Proportion",
    "StudyAccuracy",
    "Summarised",
    "accuracy",
]
