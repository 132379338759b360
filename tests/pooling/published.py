"""Data of published meta-analyses, typed from the papers named; the numbers are facts, used to pin results."""

from __future__ import annotations

from core.errors import InputError
from core.pooling import EffectSizes, effect_sizes
from core.pooling.measures.base import Compatibility

# BCG vaccine against tuberculosis: Colditz et al. (1994) JAMA 271:698, as in Berkey et al. (1995) Stat Med 14:395.
BCG = {
    "ai": [4, 6, 3, 62, 33, 180, 8, 505, 29, 17, 186, 5, 27],
    "n1i": [123, 306, 231, 13598, 5069, 1541, 2545, 88391, 7499, 1716, 50634, 2498, 16913],
    "ci": [11, 29, 11, 248, 47, 372, 10, 499, 45, 65, 141, 3, 29],
    "n2i": [139, 303, 220, 12867, 5808, 1451, 629, 88391, 7277, 1665, 27338, 2341, 17854],
}
BCG_ALLOCATION = ["random"] * 4 + ["alternate"] * 2 + ["random"] * 3 + ["systematic"] * 4

# Beta blockers in infarction: Yusuf et al. (1985) Prog Cardiovasc Dis 27:335, table 6 (with double zeros).
YUSUF = {
    "ai": [14, 18, 15, 10, 21, 3, 2, 19, 15, 5, 0, 8, 3, 0, 1, 0, 14, 0, 8, 6, 3],
    "n1i": [56, 66, 100, 52, 226, 38, 20, 76, 106, 62, 9, 133, 48, 16, 42, 25, 221, 11, 259, 157, 177],
    "ci": [15, 19, 12, 12, 24, 6, 3, 15, 9, 4, 0, 11, 3, 0, 1, 3, 15, 0, 7, 4, 2],
    "n2i": [58, 64, 95, 47, 228, 31, 20, 67, 114, 57, 8, 127, 49, 13, 46, 25, 228, 11, 129, 158, 136],
}

# Length of hospital stay after stroke: Normand (1999) Stat Med 18:321, table II.
NORMAND = {
    "m1i": [55, 27, 64, 66, 14, 19, 52, 21, 30],
    "sd1i": [47, 7, 17, 20, 8, 7, 45, 16, 27],
    "n1i": [155, 31, 75, 18, 8, 57, 34, 110, 60],
    "m2i": [75, 29, 119, 137, 18, 18, 41, 31, 23],
    "sd2i": [64, 4, 29, 48, 11, 4, 34, 27, 20],
    "n2i": [156, 32, 71, 18, 13, 52, 33, 183, 52],
}

# Aspirin after myocardial infarction: Fleiss (1993) Stat Methods Med Res 2:121, table 1.
FLEISS = {
    "ai": [49, 44, 102, 32, 85, 246, 1570],
    "n1i": [615, 758, 832, 317, 810, 2267, 8587],
    "ci": [67, 64, 126, 38, 52, 219, 1720],
    "n2i": [624, 771, 850, 309, 406, 2257, 8600],
}

# Response to ketamine and to control: Whittaker et al. (2021) Ther Adv Psychopharmacol, figure 3; counts reconstructed.
SAD = {"labels": ["Glue 2017", "Taylor 2018"], "ai": [8, 6], "n1i": [12, 18], "ci": [0, 0], "n2i": [12, 17]}
PTSD = {
    "labels": ["Feder 2014", "Dadabayev 2020", "Pradhan 2017"],
    "ai": [9, 4, 5],
    "n1i": [22, 11, 5],
    "ci": [4, 3, 5],
    "n2i": [19, 10, 5],
}

# Conscientiousness and adherence to medication: Molloy et al. (2014) Ann Behav Med 47:92 (correlations).
MOLLOY = {
    "ri": [0.187, 0.162, 0.34, 0.32, 0.27, 0, 0.175, 0.05, 0.26, 0.01, -0.09, 0.37, 0, 0.15, 0.24, 0.04],
    "ni": [109, 749, 55, 107, 72, 65, 174, 326, 58, 771, 56, 91, 116, 537, 158, 65],
}

# Teachers' expectations and pupils' IQ: Raudenbush & Bryk (1985) J Educ Stat 10:75, table 1 (ties throughout).
RAUDENBUSH = {
    "yi": [
        *(0.03, 0.12, -0.14, 1.18, 0.26, -0.06, -0.02, -0.32, 0.27, 0.8),
        *(0.54, 0.18, -0.02, 0.23, -0.18, -0.06, 0.3, 0.07, -0.07),
    ],
    "vi": [
        *(0.0156, 0.0216, 0.0279, 0.1391, 0.1362, 0.0106, 0.0106, 0.0484, 0.0269, 0.063),
        *(0.0912, 0.0497, 0.0835, 0.0841, 0.0253, 0.0279, 0.0193, 0.0088, 0.0303),
    ],
}

# Zero cells of every kind: one arm, both arms (twice), all events, none.
ZEROS = {
    "ai": [0, 0, 5, 20, 3, 0],
    "n1i": [20, 30, 20, 20, 40, 15],
    "ci": [3, 0, 0, 20, 1, 0],
    "n2i": [20, 30, 22, 20, 38, 18],
}


def joined(*tables: dict[str, list[object]]) -> dict[str, list[object]]:
    """Several tables as one."""
    return {key: [value for table in tables for value in table[key]] for key in tables[0]}


def refusal(measure: str, compatibility: Compatibility = None, **columns: object) -> InputError:
    """The refusal that these inputs meet; an assertion error when they are accepted."""
    try:
        accepted: EffectSizes = effect_sizes(measure, compatibility=compatibility, **columns)  # type: ignore[arg-type]
    except InputError as error:
        return error
    raise AssertionError(f"accepted: {accepted}")
