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

from core.pooling.effects import effect_sizes
from core.pooling.fail_safe import FailSafe, fail_safe_n
from core.pooling.fit import FitStatistics, fit_statistics, pool
from core.pooling.inference import Interval, prediction_interval
from core.pooling.influence import Baujat, BaujatPoint, Influence, StudyInfluence, baujat, influence
from core.pooling.mantel_haenszel import OddsRatioTests, odds_ratio_tests, risk_difference_se
from core.pooling.measures import MEASURES, measure
from core.pooling.measures.base import Column, EffectOptions, Measure
from core.pooling.models import o_minus_e_and_variance
from core.pooling.multilevel import LikelihoodRatio, ThreeLevel, three_level
from core.pooling.notes import Note
from core.pooling.regression.asymmetry import PetPeese, PrecisionLine, RegressionTest, pet_peese, regression_test
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
from core.pooling.sensitivity import Cumulative, LeaveOneOut, Refit, cumulative, leave_one_out
from core.pooling.small_study import AsymmetryTest, RankTest, harbord_test, peters_test, rank_test
from core.pooling.subgroups import subgroups
from core.pooling.tau2_interval import HeterogeneityMeasure, Tau2Interval, tau2_interval

if TYPE_CHECKING:
    from core.pooling import conversions

__all__ = [
    "COMPATIBILITIES",
    "INTERVALS",
    "LEGAL",
    "MEASURES",
    "METHODS",
    "MODELS",
    "PREDICTION_INTERVALS",
    "TAU2_ESTIMATORS",
    "AsymmetryTest",
    "Baujat",
    "BaujatPoint",
    "Choice",
    "Coefficient",
    "Column",
    "Combination",
    "CommonTau2Subgroups",
    "Cumulative",
    "Difference",
    "Displayed",
    "EffectOptions",
    "EffectSizes",
    "FailSafe",
    "FitStatistics",
    "GroupEstimate",
    "HeterogeneityMeasure",
    "Influence",
    "Interval",
    "LeaveOneOut",
    "LikelihoodRatio",
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
    "RankTest",
    "Refit",
    "RegressionSettings",
    "RegressionTest",
    "Robust",
    "StudyInfluence",
    "Subgroup",
    "Subgroups",
    "Tau2Interval",
    "ThreeLevel",
    "baujat",
    "combinations",
    "conversions",
    "cumulative",
    "effect_sizes",
    "fail_safe_n",
    "fit_statistics",
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
    "subgroups",
    "subgroups_common_tau2",
    "tau2_interval",
    "three_level",
]


def __getattr__(name: str) -> ModuleType:
    """The conversions are read when they are first asked for: starting the program does not wait for them."""
    if name == "conversions":
        return importlib.import_module("core.pooling.conversions")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
