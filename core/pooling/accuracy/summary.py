"""What follows from a fitted bivariate model: ratios, HSROC parameters, the curve and the regions."""

from __future__ import annotations

import math

import numpy as np

from core.pooling.accuracy.models import Bivariate
from core.pooling.accuracy.results import Hsroc, Line, Summarised
from core.pooling.inference import Interval, normal_interval
from core.pooling.measures.base import FloatArray, exponential

POINTS = 200
# How near to 0 and 1 the curve is drawn.
EDGE = 1e-6
# A correlation this near to +-1 is one.
PERFECT = 1e-6


def logistic(value: float) -> float:
    """1 / (1 + exp(-value)), without overflow."""
    return 1 / (1 + math.exp(-value)) if value >= 0 else 1 - 1 / (1 + math.exp(value))


def probability(value: float, se: float, level: float) -> Summarised:
    """A logit shown as a probability."""
    low, high = normal_interval(value, se, level)
    return Summarised(logistic(value), Interval(logistic(low), logistic(high)), value, se)


def ratios(means: FloatArray, covariance: FloatArray, level: float) -> tuple[Summarised, Summarised, Summarised]:
    """Positive and negative likelihood ratio and diagnostic odds ratio, intervals on the log scale by the delta
    method (as Harbord & Whiting 2009, Stata J 9:211)."""
    one, two = float(means[0]), float(means[1])
    sensitivity, specificity = logistic(one), logistic(two)
    log_sens, log_miss = -float(np.logaddexp(0, -one)), -float(np.logaddexp(0, one))
    log_spec, log_false = -float(np.logaddexp(0, -two)), -float(np.logaddexp(0, two))

    def shown(value: float, slope: tuple[float, float]) -> Summarised:
        at = np.array(slope)
        se = math.sqrt(float(at @ covariance @ at))
        low, high = normal_interval(value, se, level)
        return Summarised(exponential(value), Interval(exponential(low), exponential(high)), value, se)

    return (
        shown(log_sens - log_false, (1 - sensitivity, specificity)),
        shown(log_miss - log_spec, (-sensitivity, specificity - 1)),
        shown(one + two, (1.0, 1.0)),
    )


def hsroc(fit: Bivariate) -> Hsroc | None:
    """The parameters of Rutter & Gatsonis 2001 from those of the bivariate model (Harbord et al. 2007, Biostatistics
    8:239, section 3.2). None when a variance is 0."""
    first, second = math.sqrt(fit.between[0, 0]), math.sqrt(fit.between[1, 1])
    if not first * second > 0:
        return None
    sens, spec = float(fit.means[0]), float(fit.means[1])
    stretch = math.sqrt(second / first)
    shared = float(fit.between[0, 1])
    return Hsroc(
        stretch * sens + spec / stretch,
        (stretch * sens - spec / stretch) / 2,
        math.log(second / first),
        2 * _rest(first * second, shared),
        _rest(first * second, -shared) / 2,
    )


def _rest(product: float, shared: float) -> float:
    """product + shared; exactly 0 at a correlation of -1, where rounding would leave a remainder."""
    rest = product + shared
    return rest if rest > PERFECT * product else 0.0


def curve(found: Hsroc, specificity: FloatArray) -> Line:
    """The summary ROC curve: logit sensitivity = Lambda exp(-beta / 2) + exp(-beta) logit(1 - specificity), between the
    smallest and largest of the observed specificities."""
    from scipy.special import expit

    low, high = 1 - float(specificity.max()), 1 - float(specificity.min())
    false: FloatArray = np.clip(np.linspace(low, high, POINTS), EDGE, 1 - EDGE)
    return _line(1 - false, expit(_height(found, np.log(false) - np.log1p(-false))))


def _height(found: Hsroc, false: FloatArray) -> FloatArray:
    return found.accuracy * math.exp(-found.shape / 2) + math.exp(-found.shape) * false


def area(found: Hsroc) -> float:
    """The area under the whole curve, by the trapezoidal rule over logit(1 - specificity), which converges
    exponentially."""
    from scipy.special import expit

    false = np.linspace(-40, 40, 4001)
    weight = expit(false) * expit(-false)
    return float((expit(_height(found, false)) * weight).sum() / weight.sum())


def region(centre: FloatArray, covariance: FloatArray, k: int, level: float) -> Line | None:
    """The ellipse centre +- of (logit sensitivity, logit specificity) in ROC space: 2 F(2, k - 2) for ``level``
    (Harbord et al. 2007, section 2.3, after Douglas 1993). None without degrees of freedom or spread."""
    from scipy.special import expit, fdtri

    if k < 3 or not (covariance[0, 0] > 0 and covariance[1, 1] > 0):
        return None
    radius = math.sqrt(2 * float(fdtri(2, k - 2, level)))
    first, second = math.sqrt(covariance[0, 0]), math.sqrt(covariance[1, 1])
    along = max(-1.0, min(1.0, covariance[0, 1] / (first * second)))
    t = np.linspace(0, 2 * math.pi, POINTS + 1)
    sens: FloatArray = float(centre[0]) + radius * first * np.cos(t)
    spec: FloatArray = float(centre[1]) + radius * second * np.cos(t + math.acos(along))
    return _line(expit(spec), expit(sens))


def _line(specificity: FloatArray, sensitivity: FloatArray) -> Line:
    for values in (specificity, sensitivity):
        values.flags.writeable = False
    return Line(specificity, sensitivity)
