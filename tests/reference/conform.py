"""Run reference cases through the public API of core.pooling and write what it computes.

    python tests/reference/conform.py CASES.json --values OUT.json [--methods re,knha] [--measures OR,RR]
                                      [--estimators DL,REML] [--cases-out CHOSEN.json]

Each case is {id, method, measure, data, options}; its "expected" is never looked at. OUT.json maps case ids to values
under metafor's names, or to {"error": ...} where a method or measure is not built. ``--cases-out`` writes the chosen
cases, so that a comparison counts just those.

Copse and metafor sometimes *report* differently what they compute alike; the translation is here and nowhere else:
metafor prints Q = 0, I2 = 0, H2 = 1, tau2 = 0 for a single study and tau2 = 0 for a common effect, where Copse has "not
applicable" (None); rma.mh and rma.peto count every table with data in k and Q's degrees of freedom.
"""

from __future__ import annotations

import argparse
import json
import sys
import traceback
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from core.errors import InputError
from tests.reference.runners import gathered
from tests.reference.runners.values import Case, Values

METHODS = gathered()


def compute(case: Case) -> Values:
    """The values of one case, or {"error": ...} when Copse does not have the method, or refuses the input."""
    run = METHODS.get(case["method"])
    if run is None:
        return {"error": f"the method {case['method']} is not built yet"}
    try:
        return run({key: value for key, value in case.items() if key != "expected"})
    except InputError as refusal:
        return {"error": refusal.message}
    except Exception as defect:  # noqa: BLE001 - one case that breaks must not take the others along; it is named
        traceback.print_exc()
        return {"error": f"{type(defect).__name__}: {defect}"}


def chosen(case: Case, methods: str | None, measures: str | None, estimators: str | None) -> bool:
    kind = case.get("options", {}).get("tau2_method")
    return (
        (methods is None or case["method"] in methods.split(","))
        and (measures is None or case["measure"] in measures.split(","))
        and (estimators is None or kind is None or kind in estimators.split(","))
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", type=Path)
    parser.add_argument("--values", type=Path, required=True)
    parser.add_argument("--methods", help="comma-separated methods; all when left out")
    parser.add_argument("--measures", help="comma-separated measures; all when left out")
    parser.add_argument("--estimators", help="comma-separated tau2 estimators; all when left out")
    parser.add_argument("--cases-out", type=Path, help="write the chosen cases here")
    args = parser.parse_args()
    document = json.loads(args.cases.read_text(encoding="utf-8"))
    cases = [case for case in document["cases"] if chosen(case, args.methods, args.measures, args.estimators)]
    values = {case["id"]: compute(case) for case in cases}
    args.values.write_text(json.dumps(values, allow_nan=False), encoding="utf-8")
    if args.cases_out:
        args.cases_out.write_text(json.dumps(document | {"cases": cases}), encoding="utf-8")
    errors = sum("error" in found for found in values.values())
    print(f"{len(cases)} cases, {len(cases) - errors} computed, {errors} not built or refused")
    return 0


if __name__ == "__main__":
    sys.exit(main())
