"""The literature that conversions rest on, in full."""

from __future__ import annotations

_HANDBOOK = (
    "In: Higgins JPT, Thomas J, Chandler J, Cumpston M, Li T, Page MJ, Welch VA (editors). Cochrane Handbook for "
    "Systematic Reviews of Interventions, version 6.5. Cochrane, 2024"
)
_CHAPTERS = {
    6: "Higgins JPT, Li T, Deeks JJ (editors). Chapter 6: Choosing effect measures and computing estimates of effect",
    10: "Deeks JJ, Higgins JPT, Altman DG, McKenzie JE, Veroniki AA (editors). Chapter 10: Analysing data and "
    "undertaking meta-analyses",
    15: "Schünemann HJ, Vist GE, Higgins JPT, et al. Chapter 15: Interpreting results and drawing conclusions",
    23: "Higgins JPT, Eldridge S, Li T (editors). Chapter 23: Including variants on randomized trials",
}


def handbook(section: str) -> str:
    """The Cochrane Handbook, at this section ("6.5.2.2")."""
    return f"{_CHAPTERS[int(section.split('.', maxsplit=1)[0])]}. {_HANDBOOK}: section {section}."


ABRAMS = (
    "Abrams KR, Gillies CL, Lambert PC. Meta-analysis of heterogeneously reported trials assessing change from "
    "baseline. Statistics in Medicine 2005;24:3823-3844."
)
ALTMAN_BLAND_P = "Altman DG, Bland JM. How to obtain the confidence interval from a P value. BMJ 2011;343:d2090."
ALTMAN_TESTS = "Altman DG, Bland JM. Diagnostic tests 1: sensitivity and specificity. BMJ 1994;308:1552."
ALTMAN_PREDICTIVE = "Altman DG, Bland JM. Diagnostic tests 2: predictive values. BMJ 1994;309:102."
BECKER_BALAGTAS = (
    "Becker MP, Balagtas CC. Marginal modeling of binary cross-over data. Biometrics 1993;49:997-1009; as used in: "
    "Elbourne DR, Altman DG, Higgins JPT, Curtin F, Worthington HV, Vail A. Meta-analyses involving cross-over trials: "
    "methodological issues. International Journal of Epidemiology 2002;31:140-149."
)
BORENSTEIN = (
    "Borenstein M, Hedges LV, Higgins JPT, Rothstein HR. Introduction to Meta-Analysis. Chichester: Wiley, 2009"
)
ELBOURNE = (
    "Elbourne DR, Altman DG, Higgins JPT, Curtin F, Worthington HV, Vail A. Meta-analyses involving cross-over trials: "
    "methodological issues. International Journal of Epidemiology 2002;31:140-149."
)
ELDRIDGE = (
    "Eldridge SM, Ashby D, Kerry S. Sample size for cluster randomized trials: effect of coefficient of variation of "
    "cluster size and analysis method. International Journal of Epidemiology 2006;35:1292-1300."
)
FISHER = (
    "Fisher RA. On the “probable error” of a coefficient of correlation deduced from a small sample. Metron "
    "1921;1:3-32."
)
FREEMAN_TUKEY = (
    "Freeman MF, Tukey JW. Transformations related to the angular and the square root. Annals of Mathematical "
    "Statistics 1950;21:607-611."
)
HEDGES = (
    "Hedges LV. Distribution theory for Glass's estimator of effect size and related estimators. Journal of "
    "Educational Statistics 1981;6:107-128, equation 6e."
)
HASSELBLAD_HEDGES = (
    "Hasselblad V, Hedges LV. Meta-analysis of screening and diagnostic tests. Psychological Bulletin "
    "1995;117:167-178; Chinn S. A simple method for converting an odds ratio to effect size for use in meta-analysis. "
    "Statistics in Medicine 2000;19:3127-3131; Cochrane Handbook version 6.5, section 10.6."
)
HOZO = (
    "Hozo SP, Djulbegovic B, Hozo I. Estimating the mean and variance from the median, range, and the size of a "
    "sample. BMC Medical Research Methodology 2005;5:13."
)
LUO = (
    "Luo D, Wan X, Liu J, Tong T. Optimally estimating the sample mean from the sample size, median, mid-range, and/or "
    "mid-quartile range. Statistical Methods in Medical Research 2018;27:1785-1805"
)
MCGRATH = (
    "McGrath S, Zhao X, Steele R, Thombs BD, Benedetti A. Estimating the sample mean and standard deviation from "
    "commonly reported quantiles in meta-analysis. Statistical Methods in Medical Research 2020;29:2520-2537."
)
MILLER = "Miller JJ. The inverse of the Freeman-Tukey double arcsine transformation. American Statistician 1978;32:138."
PARMAR = (
    "Parmar MKB, Torri V, Stewart L. Extracting summary statistics to perform meta-analyses of the published "
    "literature for survival endpoints. Statistics in Medicine 1998;17:2815-2834"
)
SHI_SD = (
    "Shi J, Luo D, Weng H, Zeng XT, Lin L, Chu H, Tong T. Optimally estimating the sample standard deviation from the "
    "five-number summary. Research Synthesis Methods 2020;11:641-654"
)
SHI_SKEWNESS = (
    "Shi J, Luo D, Wan X, Liu Y, Liu J, Bian Z, Tong T. Detecting the skewness of data from the five-number summary "
    "and its application in meta-analysis. Statistical Methods in Medical Research 2023;32:1338-1360."
)
TIERNEY = (
    "Tierney JF, Stewart LA, Ghersi D, Burdett S, Sydes MR. Practical methods for incorporating summary time-to-event "
    "data into meta-analysis. Trials 2007;8:16"
)
WAN = (
    "Wan X, Wang W, Liu J, Tong T. Estimating the sample mean and standard deviation from the sample size, median, "
    "range and/or interquartile range. BMC Medical Research Methodology 2014;14:135"
)
