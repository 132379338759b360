"""Two-by-two tables of test accuracy from what papers print."""

from __future__ import annotations

import math

from core.errors import InputError
from core.language import mark
from core.pooling.conversions.base import (
    PARTICIPANTS,
    Conversion,
    Found,
    Output,
    positive,
    proportion,
    size,
)
from core.pooling.conversions.notes import note
from core.pooling.conversions.sources import ALTMAN_PREDICTIVE, ALTMAN_TESTS

GROUP = "accuracy"
SENSITIVITY, SPECIFICITY = (
    proportion("sensitivity", mark("Sensitivity")),
    proportion("specificity", mark("Specificity")),
)
TABLE = tuple(
    Output(key, title, PARTICIPANTS)
    for key, title in (
        ("tp", mark("True positives")),
        ("fp", mark("False positives")),
        ("fn", mark("False negatives")),
        ("tn", mark("True negatives")),
    )
)
ROUNDED = mark("The printed proportions were rounded, so the cells are the nearest whole numbers.")
_N = size("n", mark("Participants"), least=1)
_DISEASED = size("diseased", mark("Participants with the condition"), least=0)
_HEALTHY = size("healthy", mark("Participants without the condition"), least=0)


def _nearest(value: float) -> float:
    return float(math.floor(value + 0.5))


def _table(sensitivity: float, specificity: float, diseased: float, healthy: float) -> Found:
    """tp = sensitivity x diseased, tn = specificity x healthy, to whole numbers; a note when they are not near one."""
    if diseased + healthy <= 0:
        raise InputError("conversion.no-participants", "There are no participants. Enter their numbers.")
    exact_tp, exact_tn = sensitivity * diseased, specificity * healthy
    tp, tn = min(_nearest(exact_tp), diseased), min(_nearest(exact_tn), healthy)
    off = max(abs(tp - exact_tp), abs(tn - exact_tn))
    values = {"tp": tp, "fp": healthy - tn, "fn": diseased - tp, "tn": tn}
    return Found(values, (note("conversion.table-rounded", off=f"{off:.2f}"),) if off > 0.1 else ())


def _by_prevalence(sensitivity: float, specificity: float, n: float, prevalence: float) -> Found:
    diseased = min(_nearest(prevalence * n), n)
    found = _table(sensitivity, specificity, diseased, n - diseased)
    off = abs(diseased - prevalence * n)
    return (
        found
        if found.notes or off <= 0.1
        else Found(found.values, (note("conversion.prevalence-rounded", off=f"{off:.2f}"),))
    )


def _by_predictive(ppv: float, npv: float, positives: float, negatives: float) -> Found:
    """tp = PPV x positives, tn = NPV x negatives: the same table read the other way."""
    found = _table(ppv, npv, positives, negatives)
    values = dict(found.values)
    values["fp"], values["fn"] = positives - values["tp"], negatives - values["tn"]
    return Found(values, found.notes)


def _from_likelihood_ratios(lr_positive: float, lr_negative: float) -> Found:
    """specificity = (LR+ - 1) / (LR+ - LR-), sensitivity = LR+ (1 - specificity), from LR+ = sens / (1 - spec) and
    LR- = (1 - sens) / spec."""
    if not lr_negative < 1 < lr_positive:
        raise InputError(
            "conversion.likelihood-ratios",
            "A positive likelihood ratio lies above 1 and a negative one below 1 ({positive} and {negative} were "
            "given). If both are the wrong way round, exchange positive and negative test results.",
            positive=f"{lr_positive:.4g}",
            negative=f"{lr_negative:.4g}",
        )
    width = lr_positive - lr_negative
    specificity = (lr_positive - 1) / width
    return Found({"sensitivity": lr_positive * ((1 - lr_negative) / width), "specificity": specificity})


def _likelihood_ratios(sensitivity: float, specificity: float) -> Found:
    return Found(
        {
            "lr_positive": sensitivity / (1 - specificity),
            "lr_negative": (1 - sensitivity) / specificity,
            "dor": sensitivity / (1 - specificity) * (specificity / (1 - sensitivity)),
        }
    )


def _predictive(sensitivity: float, specificity: float, prevalence: float) -> Found:
    """Bayes’ theorem."""
    tp, fp = sensitivity * prevalence, (1 - specificity) * (1 - prevalence)
    fn, tn = (1 - sensitivity) * prevalence, specificity * (1 - prevalence)
    return Found({"ppv": tp / (tp + fp), "npv": tn / (tn + fn)})


CONVERSIONS = (
    Conversion(
        "accuracy_table",
        GROUP,
        mark("Two-by-two table from sensitivity, specificity and the two groups"),
        (SENSITIVITY, SPECIFICITY, _DISEASED, _HEALTHY),
        TABLE,
        mark("True positives = sensitivity × with the condition; true negatives = specificity × without"),
        ALTMAN_TESTS,
        _table,
        (ROUNDED,),
    ),
    Conversion(
        "accuracy_table_from_prevalence",
        GROUP,
        mark("Two-by-two table from sensitivity, specificity and prevalence"),
        (SENSITIVITY, SPECIFICITY, _N, proportion("prevalence", mark("Prevalence"))),
        TABLE,
        mark("With the condition = prevalence × participants; then as from the two groups"),
        ALTMAN_TESTS,
        _by_prevalence,
        (ROUNDED,),
    ),
    Conversion(
        "accuracy_table_from_predictive_values",
        GROUP,
        mark("Two-by-two table from predictive values"),
        (
            proportion("ppv", mark("Positive predictive value")),
            proportion("npv", mark("Negative predictive value")),
            size("positives", mark("Participants with a positive test"), least=0),
            size("negatives", mark("Participants with a negative test"), least=0),
        ),
        TABLE,
        mark("True positives = positive predictive value × positive tests; true negatives likewise"),
        ALTMAN_PREDICTIVE,
        _by_predictive,
        (ROUNDED,),
    ),
    Conversion(
        "accuracy_from_likelihood_ratios",
        GROUP,
        mark("Sensitivity and specificity from likelihood ratios"),
        (
            positive("lr_positive", mark("Positive likelihood ratio")),
            positive("lr_negative", mark("Negative likelihood ratio")),
        ),
        (Output("sensitivity", mark("Sensitivity")), Output("specificity", mark("Specificity"))),
        mark("Specificity = (LR+ − 1) / (LR+ − LR−), sensitivity = LR+ × (1 − specificity)"),
        mark("From the definitions LR+ = sensitivity/(1 − specificity) and LR− = (1 − sensitivity)/specificity."),
        _from_likelihood_ratios,
    ),
    Conversion(
        "likelihood_ratios",
        GROUP,
        mark("Likelihood ratios and diagnostic odds ratio"),
        (
            proportion("sensitivity", mark("Sensitivity"), ends=False),
            proportion("specificity", mark("Specificity"), ends=False),
        ),
        (
            Output("lr_positive", mark("Positive likelihood ratio")),
            Output("lr_negative", mark("Negative likelihood ratio")),
            Output("dor", mark("Diagnostic odds ratio")),
        ),
        mark("LR+ = sensitivity/(1 − specificity), LR− = (1 − sensitivity)/specificity, their ratio"),
        ALTMAN_TESTS,
        _likelihood_ratios,
    ),
    Conversion(
        "predictive_values",
        GROUP,
        mark("Predictive values at a prevalence"),
        (
            proportion("sensitivity", mark("Sensitivity"), ends=False),
            proportion("specificity", mark("Specificity"), ends=False),
            proportion("prevalence", mark("Prevalence"), ends=False),
        ),
        (Output("ppv", mark("Positive predictive value")), Output("npv", mark("Negative predictive value"))),
        mark("Bayes’ theorem"),
        ALTMAN_PREDICTIVE,
        _predictive,
        (mark("Sensitivity and specificity are the same at this prevalence."),),
    ),
)
