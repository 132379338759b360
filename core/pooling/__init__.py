"""The pooling module: effect sizes, meta-analysis models, heterogeneity, subgroups. Numbers in, frozen results out.

    from core import pooling
    effects = pooling.effect_sizes("OR", ai=[8, 6], n1i=[12, 18], ci=[0, 0], n2i=[12, 17])
    pooled = pooling.pool(effects)
    pooled.display()

Results are on the analysis scale (logarithms for ratios). A caution is a ``Note``, a refusal an ``InputError``, and
what cannot be estimated is None.
"""

from __future__ import annotations

from core.pooling.accuracy import (
    ACCURACY_METHODS,
    Accuracy,
    AccuracySettings,
    Hsroc,
    Line,
    Proportion,
    StudyAccuracy,
    Summarised,
    accuracy,
)
from core.pooling.effects import effect_sizes
from core.pooling.fit import FitStatistics, fit_statistics, pool
from core.pooling.glmm import LIKELIHOODS as GLMM_LIKELIHOODS
from core.pooling.glmm import Glmm, GlmmSettings, glmm
from core.pooling.inference import Interval, prediction_interval
from core.pooling.mantel_haenszel import OddsRatioTests, odds_ratio_tests, risk_difference_se
from core.pooling.measures import MEASURES, measure
from core.pooling.measures.base import Column, EffectOptions, Measure
from core.pooling.models import o_minus_e_and_variance
from core.pooling.notes import Note
from core.pooling.results import Difference, Displayed, EffectSizes, Pooled, PoolSettings, Subgroup, Subgroups
from core.pooling.rules import (
    COMPATIBILITIES,
    INTERVALS,
    LEGAL,
    METHODS,
    MODELS,
    PREDICTION_INTERVALS,
    TAU2_ESTIMATORS,
    Choice,
    Combination,
    combinations,
    recommended,
)
from core.pooling.subgroups import subgroups

__all__ = [
    "ACCURACY_METHODS",
    "COMPATIBILITIES",
    "GLMM_LIKELIHOODS",
    "INTERVALS",
    "LEGAL",
    "MEASURES",
    "METHODS",
    "MODELS",
    "PREDICTION_INTERVALS",
    "TAU2_ESTIMATORS",
    "Accuracy",
    "AccuracySettings",
    "Choice",
    "Column",
    "Combination",
    "Difference",
    "Displayed",
    "EffectOptions",
    "EffectSizes",
    "FitStatistics",
    "Glmm",
    "GlmmSettings",
    "Hsroc",
    "Interval",
    "Line",
    "Measure",
    "Note",
    "OddsRatioTests",
    "PoolSettings",
    "Pooled",
    "Proportion",
    "StudyAccuracy",
    "Subgroup",
    "Subgroups",
    "Summarised",
    "accuracy",
    "combinations",
    "effect_sizes",
    "fit_statistics",
    "glmm",
    "measure",
    "o_minus_e_and_variance",
    "odds_ratio_tests",
    "pool",
    "prediction_interval",
    "recommended",
    "risk_difference_se",
    "subgroups",
]
