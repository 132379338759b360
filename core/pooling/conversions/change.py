"""Changes from baseline: their SD from those of baseline and final values, and the correlation that needs.

There is no SD of a change in percent from group means: it does not follow from them.
"""

from __future__ import annotations

import math

from core.errors import InputError
from core.language import mark
from core.pooling.conversions.base import OUTCOME, Conversion, Found, Output, correlation, number, shown, spread
from core.pooling.conversions.notes import note
from core.pooling.conversions.sources import ABRAMS, handbook

GROUP = "change"
SENSITIVITY = {"sd_r05": 0.5, "sd_r07": 0.7, "sd_r09": 0.9}
IMPUTED = mark(
    "The correlation is that of another study or a guess, unless this study reports it: vary it in a sensitivity "
    "analysis."
)
SD_B, SD_F = spread("sd_baseline", mark("SD at baseline")), spread("sd_final", mark("SD at follow-up"))


def sd_of_difference(sd1: float, sd2: float, r: float) -> float:
    """sqrt(s1^2 + s2^2 - 2 r s1 s2), written so that nothing cancels when the two are alike and r is near 1."""
    return math.sqrt((sd1 - sd2) ** 2 + 2 * (1 - r) * sd1 * sd2)


def correlation_of(sd1: float, sd2: float, sd_difference: float, what: str) -> float:
    """(s1^2 + s2^2 - sd^2) / (2 s1 s2); refuses SDs that no correlation could give."""
    r = (sd1 / sd2 + sd2 / sd1 - sd_difference * sd_difference / (sd1 * sd2)) / 2
    if abs(r) > 1 + 1e-9:
        raise InputError(
            "conversion.impossible-correlation",
            "{what} of {sd} does not go with SDs of {sd1} and {sd2}: it must lie between {low} and {high}. It may be a "
            "standard error; correct one of the three.",
            what=what,
            sd=shown(sd_difference),
            sd1=shown(sd1),
            sd2=shown(sd2),
            low=f"{abs(sd1 - sd2):.4g}",
            high=f"{sd1 + sd2:.4g}",
        )
    return max(-1.0, min(1.0, r))


def _sd_of_change(sd_baseline: float, sd_final: float, r: float) -> Found:
    values = {"sd": sd_of_difference(sd_baseline, sd_final, r)}
    values |= {key: sd_of_difference(sd_baseline, sd_final, each) for key, each in SENSITIVITY.items()}
    return Found(values, (note("conversion.change-varies-more", r=shown(r)),) if values["sd"] > sd_final else ())


def _correlation_from_sds(sd_baseline: float, sd_final: float, sd_change: float) -> Found:
    return Found({"r": correlation_of(sd_baseline, sd_final, sd_change, mark("An SD of change"))})


def _mean_change(mean_baseline: float, mean_final: float) -> Found:
    return Found({"mean": mean_final - mean_baseline})


CONVERSIONS = (
    Conversion(
        "sd_of_change",
        GROUP,
        mark("SD of change from baseline"),
        (SD_B, SD_F, correlation(mark("Correlation of baseline and follow-up"))),
        (
            Output("sd", mark("SD of change"), OUTCOME),
            Output("sd_r05", mark("SD of change if the correlation were 0.5"), OUTCOME),
            Output("sd_r07", mark("SD of change if the correlation were 0.7"), OUTCOME),
            Output("sd_r09", mark("SD of change if the correlation were 0.9"), OUTCOME),
        ),
        mark("SD = √(SD baseline² + SD final² − 2·r·SD baseline·SD final)"),
        f"{handbook('6.5.2.8')} {ABRAMS}",
        _sd_of_change,
        (IMPUTED, mark("The same participants stand behind baseline and follow-up.")),
    ),
    Conversion(
        "correlation_from_sds",
        GROUP,
        mark("Correlation of baseline and follow-up from three SDs"),
        (SD_B, SD_F, spread("sd_change", mark("SD of change"), zero=True)),
        (Output("r", mark("Correlation")),),
        mark("r = (SD baseline² + SD final² − SD change²) / (2·SD baseline·SD final)"),
        f"{handbook('6.5.2.8')} {ABRAMS}",
        _correlation_from_sds,
        (mark("The three SDs are of the same participants."),),
    ),
    Conversion(
        "mean_change",
        GROUP,
        mark("Mean change from baseline"),
        (number("mean_baseline", mark("Mean at baseline")), number("mean_final", mark("Mean at follow-up"))),
        (Output("mean", mark("Mean change"), OUTCOME),),
        mark("Mean at follow-up minus mean at baseline"),
        handbook("6.5.2.8"),
        _mean_change,
        (mark("The same participants stand behind both means."),),
    ),
)
