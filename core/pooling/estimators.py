"""The estimators of the between-study variance: one entry each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from core.errors import InputError
from core.language import mark
from core.pooling import reproduction
from core.pooling.measures.base import FloatArray
from core.pooling.tau2 import (
    Estimated,
    dersimonian_laird,
    hedges,
    hunter_schmidt,
    hunter_schmidt_corrected,
    maximum_likelihood,
    paule_mandel,
    restricted_likelihood,
    sidik_jonkman,
)


@dataclass(frozen=True, slots=True)
class Estimator:
    """``estimate(y, v)`` gives (tau2, its standard error) for two or more studies."""

    key: str
    label: str
    estimate: Callable[[FloatArray, FloatArray], Estimated]


ESTIMATORS: tuple[Estimator, ...] = (
    Estimator("REML", mark("Restricted maximum likelihood"), restricted_likelihood),
    Estimator("DL", mark("DerSimonian-Laird"), dersimonian_laird),
    Estimator("PM", mark("Paule-Mandel"), paule_mandel),
    Estimator("ML", mark("Maximum likelihood"), maximum_likelihood),
    Estimator("EB", mark("Empirical Bayes"), paule_mandel),
    Estimator("HE", mark("Hedges"), hedges),
    Estimator("SJ", mark("Sidik-Jonkman"), sidik_jonkman),
    Estimator("HS", mark("Hunter-Schmidt"), hunter_schmidt),
    Estimator("HSk", mark("Corrected Hunter-Schmidt"), hunter_schmidt_corrected),
)
REPRODUCTIONS: tuple[Estimator, ...] = (
    Estimator("REML" + reproduction.SUFFIX, mark("REML, stopped as metafor does"), reproduction.restricted_likelihood),
    Estimator("PM" + reproduction.SUFFIX, mark("Paule-Mandel, stopped as metafor does"), reproduction.paule_mandel),
)
"""Not for new work, and in no list of choices: they repeat the digits of analyses made elsewhere."""
_BY_KEY = {entry.key: entry for entry in (*ESTIMATORS, *REPRODUCTIONS)}


def estimator(key: str) -> Estimator:
    """The estimator with this key; ``InputError`` naming the known ones when there is none."""
    if key not in _BY_KEY:
        raise InputError(
            "pooling.unknown-tau2",
            "There is no estimator {tau2} of the between-study variance. Known estimators: {known}.",
            tau2=key,
            known=", ".join(entry.key for entry in ESTIMATORS),
        )
    return _BY_KEY[key]
