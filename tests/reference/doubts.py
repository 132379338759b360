"""Proof, case by case, that a reference value is not what its own definition asks for.

metafor stops its iterations for Paule and Mandel's tau2 (metareg), for REML inside regtest and for the tetrachoric
correlation at a default tolerance of 1e-4 or 1e-5, and inverts X'WX, which costs digits where moderators are years.
Nothing here uses core.pooling: a closed case is computed again in rational arithmetic, an iterative one is held against
the equation that defines it.

    python tests/reference/doubts.py CASES.json    # lists the doubtful cases, and what each misses by
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

Case = dict[str, Any]

LIMITS = {"closed": 1e-10, "iter": 1e-6}
"""The relative tolerances of the cases."""


def doubt(case: Case) -> str | None:
    """Why the expected values of this case cannot be right to its tolerance; None when there is no reason."""
    method, options = case["method"], case["options"]
    if method == "metareg" and case["tol"] == "closed":
        return closed(case)
    if method == "metareg" and options["tau2_method"] == "PM":
        return paule_mandel(case)
    if method == "regtest" and options["model"] == "rma" and options["tau2_method"] == "REML":
        return restricted(case)
    if method == "escalc" and case["measure"] == "RTET":
        return tetrachoric(case)
    return None


def tetrachoric(case: Case) -> str | None:
    """The normal distribution cut at the table's margins puts exactly the observed share into the first cell."""
    from scipy.special import ndtri, owens_t

    data = case["data"]
    second, fourth = (data.get(key) or [] for key in ("bi", "di"))
    b = second or [n - a for n, a in zip(data["n1i"], data["ai"], strict=True)]
    d = fourth or [n - c for n, c in zip(data["n2i"], data["ci"], strict=True)]
    for row, cells in enumerate(zip(data["ai"], b, data["ci"], d, strict=True)):
        r = case["expected"]["yi"][row]
        if r is None or min(cells) == 0:
            continue
        n = sum(cells)
        h, k = ndtri((cells[0] + cells[1]) / n), ndtri((cells[0] + cells[2]) / n)
        if h == 0 or k == 0:
            continue
        root = np.sqrt(1 - r * r)
        # Owen 1956, Ann Math Stat 27:1075, eq. 2.1.
        parts = owens_t(h, (k / h - r) / root) + owens_t(k, (h / k - r) / root) + (0.5 if h * k < 0 else 0.0)
        share = ((cells[0] + cells[1]) / n + (cells[0] + cells[2]) / n) / 2 - parts
        density = np.exp(-(h * h - 2 * r * h * k + k * k) / (2 * root * root)) / (2 * np.pi * root)
        missing = (cells[0] / n - share) / density
        if abs(missing) > 1e-9:
            observed = cells[0] / n
            return f"yi[{row}] puts {share:.9g} into a cell that has {observed:.9g}: it is off by about {missing:.2g}"
    return None


def arrays(case: Case) -> tuple[np.ndarray, np.ndarray]:
    return np.array(case["data"]["yi"]), np.array(case["data"]["vi"])


def projection(x: np.ndarray, w: np.ndarray) -> np.ndarray:
    """P = W - WX (X'WX)^-1 X'W from an orthonormal basis of the weighted design."""
    root = np.sqrt(w)
    q = np.linalg.qr(root[:, None] * x)[0]
    return (np.eye(len(w)) - q @ q.T) * root[:, None] * root


def paule_mandel(case: Case) -> str | None:
    """Paule and Mandel's tau2 makes the generalised Q equal to its degrees of freedom: by how much does it not?"""
    x = np.array(case["expected"]["X"], dtype=float)
    y, v = arrays(case)
    tau2, df = case["expected"]["tau2"], len(y) - x.shape[1]
    p = projection(x / np.abs(x).max(axis=0), 1 / (v + tau2))
    excess, slope = y @ p @ y - df, -float((p @ y) @ (p @ y))
    missing = -excess / slope
    if tau2 > 0 and abs(missing) > LIMITS["iter"] * tau2:
        return f"Q is {excess + df:.9g} at tau2 = {tau2:.9g}, not {df}: tau2 is off by about {missing:.2g}"
    return None


def restricted(case: Case) -> str | None:
    """The tau2 that belongs to the slope's standard error, which grows with it; is the score of REML 0 there?"""
    y, v = arrays(case)
    sizes = np.array(case["data"].get("ni", np.ones(len(y))), dtype=float)
    values = {
        "sei": np.sqrt(v), "vi": v, "ni": sizes, "ninv": 1 / sizes, "sqrtni": np.sqrt(sizes),
        "sqrtninv": 1 / np.sqrt(sizes),
    }[case["options"]["predictor"]]  # fmt: skip
    x = np.column_stack([np.ones(len(y)), values / np.abs(values).max()])
    want = case["expected"]["slope_se"] * float(np.abs(values).max())

    def error(tau2: float) -> float:
        return float(np.sqrt(np.linalg.inv(x.T @ (x / (v + tau2)[:, None]))[1, 1]))

    low, high = 0.0, 1.0
    if want <= error(0.0) * (1 + 1e-12):
        return None
    while error(high) < want:
        high *= 2
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if error(middle) < want else (low, middle)
    p = projection(x, 1 / (v + high))
    score, information = float((p @ y) @ (p @ y) - np.trace(p)), float((p * p).sum())
    missing = score / information
    moved = abs(error(max(0.0, high + missing)) / want - 1)
    if moved > 1e-9:
        return f"the REML score is {score:.3g} at the tau2 used ({high:.9g}), not 0: tau2 is off by about {missing:.2g}"
    return None


def closed(case: Case) -> str | None:
    """Coefficients, fitted values, Q and DerSimonian and Laird's tau2 in rational arithmetic."""
    x = [[Fraction(value) for value in row] for row in case["expected"]["X"]]
    y, v = ([Fraction(value) for value in case["data"][key]] for key in ("yi", "vi"))
    k, p, expected = len(y), len(x[0]), case["expected"]
    w = [1 / value for value in v]
    b, inverse = weighted(x, y, w)
    residual = [y[i] - sum(x[i][a] * b[a] for a in range(p)) for i in range(k)]
    q = sum(w[i] * residual[i] ** 2 for i in range(k))
    leverage = [w[i] * sum(x[i][a] * inverse[a][c] * x[i][c] for a in range(p) for c in range(p)) for i in range(k)]
    tau2 = Fraction(0)
    if case["options"]["tau2_method"] == "DL":
        tau2 = max(tau2, (q - (k - p)) / sum(w[i] * (1 - leverage[i]) for i in range(k)))
        b = weighted(x, y, [1 / (value + tau2) for value in v])[0]
    fitted = [sum(x[i][a] * b[a] for a in range(p)) for i in range(k)]
    pairs = [("Q", expected["Q"], q), ("tau2", expected["tau2"], tau2)]
    pairs += [("beta", *pair) for pair in zip(expected["beta"], b, strict=True)]
    pairs += [("fitted", *pair) for pair in zip(expected["fitted"], fitted, strict=True)]
    for name, got, exact in pairs:
        distance = abs(Fraction(got) - exact)
        if distance > Fraction(LIMITS["closed"]) * abs(exact) and distance > Fraction(1e-12):
            return f"{name} is {float(exact):.17g} in exact arithmetic, not {got:.17g}"
    return None


def weighted(
    x: list[list[Fraction]], y: list[Fraction], w: list[Fraction]
) -> tuple[list[Fraction], list[list[Fraction]]]:
    """The coefficients of weighted least squares, and (X'WX)^-1."""
    k, p = len(y), len(x[0])
    table = [
        [sum(w[i] * x[i][a] * x[i][b] for i in range(k)) for b in range(p)]
        + [Fraction(int(a == b)) for b in range(p)]
        + [sum(w[i] * x[i][a] * y[i] for i in range(k))]
        for a in range(p)
    ]
    for a in range(p):
        pivot = next(b for b in range(a, p) if table[b][a] != 0)
        table[a], table[pivot] = table[pivot], table[a]
        table[a] = [value / table[a][a] for value in table[a]]
        for b in range(p):
            if b != a:
                table[b] = [one - table[b][a] * other for one, other in zip(table[b], table[a], strict=True)]
    return [row[-1] for row in table], [row[p : 2 * p] for row in table]


def doubts(cases: list[Case]) -> Iterator[tuple[str, str]]:
    """(id, reason) of every doubtful case."""
    for case in cases:
        reason = doubt(case)
        if reason is not None:
            yield case["id"], reason


def main() -> int:
    cases = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))["cases"]
    found = dict(doubts(cases))
    for case_id, reason in found.items():
        print(f"{case_id}: {reason}")
    print(f"{len(found)} doubtful cases of {len(cases)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
