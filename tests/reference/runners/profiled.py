"""Q-profile intervals as metafor's confint() has them."""

from __future__ import annotations

from core import pooling
from tests.reference.runners.values import Case, Values, effects_of


def confint(case: Case) -> Values:
    options = case["options"]
    found = pooling.tau2_interval(effects_of(case), tau2=options["tau2_method"], level=options["level"] / 100)
    values = {"tau2": found.tau2, "tau": found.tau, "I2": found.i2, "H2": found.h2}
    return {key: None if value is None else [value.estimate, *value.ci] for key, value in values.items()}


METHODS = {"confint_qprofile": confint}
