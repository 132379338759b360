"""The pooling module: effect sizes, meta-analysis models, heterogeneity, subgroups. Numbers in, frozen results out.

    from core import pooling
    effects = pooling.effect_sizes("OR", ai=[8, 6], n1i=[12, 18], ci=[0, 0], n2i=[12, 17])
    pooled = pooling.pool(effects)
    pooled.display()

Results are on the analysis scale (logarithms for ratios). A caution is a ``Note``, a refusal an ``InputError``, and
what cannot be estimated is None.
"""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import TYPE_CHECKING

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
from core.pooling.compare import ComparedRow, Comparison, ZeroCells, compare
from core.pooling.effects import effect_sizes
from core.pooling.fail_safe import FailSafe, fail_safe_n
from core.pooling.fit import FitStatistics, fit_statistics, pool
from core.pooling.glmm import LIKELIHOODS as GLMM_LIKELIHOODS
from core.pooling.glmm import Glmm, GlmmSettings, glmm
from core.pooling.gosh import Gosh, GoshCancelled, gosh
from core.pooling.inference import Interval, prediction_interval
from core.pooling.influence import Baujat, BaujatPoint, Influence, StudyInfluence, baujat, influence
from core.pooling.mantel_haenszel import OddsRatioTests, odds_ratio_tests, risk_difference_se
from core.pooling.measures import MEASURES, measure
from core.pooling.measures.base import Column, EffectOptions, Measure
from core.pooling.models import o_minus_e_and_variance
from core.pooling.multilevel import LikelihoodRatio, ThreeLevel, three_level
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
from core.pooling.robust import Robust, robust
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
from core.pooling.selection import (
    VEVEA_WOODS_STEPS,
    VEVEA_WOODS_WEIGHTS,
    SelectionModel,
    SelectionWeight,
    selection_model,
)
from core.pooling.sensitivity import Cumulative, LeaveOneOut, Refit, cumulative, leave_one_out
from core.pooling.small_study import AsymmetryTest, RankTest, harbord_test, peters_test, rank_test
from core.pooling.subgroups import subgroups
from core.pooling.tau2_interval import HeterogeneityMeasure, Tau2Interval, tau2_interval
from core.pooling.trim_and_fill import TrimAndFill, trim_and_fill

if TYPE_CHECKING:
    from core.pooling import conversions

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
    "PREDICTORS",
    "REGRESSION_TEST_MODELS",
    "TAU2_ESTIMATORS",
    "VEVEA_WOODS_STEPS",
    "VEVEA_WOODS_WEIGHTS",
    "Accuracy",
    "AccuracySettings",
    "AsymmetryTest",
    "Baujat",
    "BaujatPoint",
    "Choice",
    "Coefficient",
    "Column",
    "Combination",
    "CommonTau2Subgroups",
    "ComparedRow",
    "Comparison",
    "Cumulative",
    "Difference",
    "Displayed",
    "EffectOptions",
    "EffectSizes",
    "FailSafe",
    "FitStatistics",
    "Glmm",
    "GlmmSettings",
    "Gosh",
    "GoshCancelled",
    "GroupEstimate",
    "HeterogeneityMeasure",
    "Hsroc",
    "Influence",
    "Interval",
    "LeaveOneOut",
    "LikelihoodRatio",
    "Line",
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
    "Proportion",
    "RankTest",
    "Refit",
    "RegressionSettings",
    "RegressionTest",
    "Robust",
    "SelectionModel",
    "SelectionWeight",
    "StudyAccuracy",
    "StudyInfluence",
    "Subgroup",
    "Subgroups",
    "Summarised",
    "Tau2Interval",
    "ThreeLevel",
    "TrimAndFill",
    "ZeroCells",
    "accuracy",
    "baujat",
    "combinations",
    "compare",
    "conversions",
    "cumulative",
    "effect_sizes",
    "fail_safe_n",
    "fit_statistics",
    "glmm",
    "gosh",
    "harbord_test",
    "influence",
    "leave_one_out",
    "measure",
    "meta_regression",
    "o_minus_e_and_variance",
    "odds_ratio_tests",
    "permutation_test",
    "pet_peese",
    "peters_test",
    "pool",
    "predict",
    "predict_line",
    "prediction_interval",
    "rank_test",
    "recommended",
    "regression_test",
    "risk_difference_se",
    "robust",
    "selection_model",
    "subgroups",
    "subgroups_common_tau2",
    "tau2_interval",
    "three_level",
    "trim_and_fill",
]


def __getattr__(name: str) -> ModuleType:
    """The conversions are read when they are first asked for: starting the program does not wait for them."""
    if name == "conversions":
        return importlib.import_module("core.pooling.conversions")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
