"""The pooling module: effect sizes, meta-analysis models, heterogeneity, subgroups. Numbers in, frozen results out.

    from core import pooling
    effects = pooling.effect_sizes("OR", ai=[8, 6], n1i=[12, 18], ci=[0, 0], n2i=[12, 17])
    pooled = pooling.pool(effects)
    pooled.display()

Results are on the analysis scale (logarithms for ratios). A caution is a ``Note``, a refusal an ``InputError``, and
what cannot be estimated is None.
"""

from __future__ import annotations

from core.pooling.effects import effect_sizes
from core.pooling.fit import FitStatistics, fit_statistics, pool
from core.pooling.inference import Interval, prediction_interval
from core.pooling.mantel_haenszel import OddsRatioTests, odds_ratio_tests, risk_difference_se
from core.pooling.measures import MEASURES, measure
from core.pooling.measures.base import Column, EffectOptions, Measure
from core.pooling.models import o_minus_e_and_variance
from core.pooling.notes import Note
from core.pooling.regression.asymmetry import (
    PREDICTORS,
    REGRESSION_TEST_MODELS,
    PetPeese,
    PrecisionLine,
    RegressionTest,
    pet_peese,
    regression_test,
)
from core.pooling.regression.common_tau2 import CommonTau2Subgroups, GroupEstimate, subgroups_common_tau2
from core.pooling.regression.fit import meta_regression
from core.pooling.regression.permutation import PermutationTest, PermutedTest, permutation_test
from core.pooling.regression.predict import Prediction, predict, predict_line
from core.pooling.regression.results import Coefficient, MetaRegression, ModeratorTest, RegressionSettings
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
    "COMPATIBILITIES",
    "INTERVALS",
    "LEGAL",
    "MEASURES",
    "METHODS",
    "MODELS",
    "PREDICTION_INTERVALS",
    "PREDICTORS",
    "REGRESSION_TEST_MODELS",
    "TAU2_ESTIMATORS",
    "Choice",
    "Coefficient",
    "Column",
    "Combination",
    "CommonTau2Subgroups",
    "Difference",
    "Displayed",
    "EffectOptions",
    "EffectSizes",
    "FitStatistics",
    "GroupEstimate",
    "Interval",
    "Measure",
    "MetaRegression",
    "ModeratorTest",
    "Note",
    "OddsRatioTests",
    "PermutationTest",
    "PermutedTest",
    "PetPeese",
    "PoolSettings",
    "Pooled",
    "PrecisionLine",
    "Prediction",
    "RegressionSettings",
    "RegressionTest",
    "Subgroup",
    "Subgroups",
    "combinations",
    "effect_sizes",
    "fit_statistics",
    "measure",
    "meta_regression",
    "o_minus_e_and_variance",
    "odds_ratio_tests",
    "permutation_test",
    "pet_peese",
    "pool",
    "predict",
    "predict_line",
    "prediction_interval",
    "recommended",
    "regression_test",
    "risk_difference_se",
    "subgroups",
    "subgroups_common_tau2",
]
