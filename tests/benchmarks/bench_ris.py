"""How fast RIS is read, next to rispy where that is installed.

    python tests/benchmarks/bench_ris.py [RECORDS]

Prints records per second of processor time, so that other work on the machine does not count, and peak memory. Not
collected by pytest.
"""

from __future__ import annotations

import importlib.util
import random
import resource
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from core.references.reading import read_bytes

TEXT = (
    "anxiety depression ketamine placebo controlled trial of treatment effect patients symptoms scale response "
    "dose week baseline group outcome clinical severe resistant disorder randomised blinded crossover session "
    "remission rating"
)
WORDS = TEXT.split()


def entry(number: int, source: random.Random) -> str:
    """One entry with the tags and the length a database export has."""
    text = [source.choice(WORDS) for _ in range(190)]
    lines = ["TY  - JOUR", f"ID  - {number:08d}-A", f"T1  - {' '.join(text[:14]).capitalize()}"]
    lines += [f"A1  - {source.choice(WORDS).capitalize()}, {chr(65 + number % 26)}." for _ in range(5)]
    lines += [f"Y1  - {1980 + number % 45}//", f"N2  - {' '.join(text)}"]
    lines += [f"KW  - {word}" for word in text[:10]]
    lines += [f"JF  - Journal of {text[3]}", f"VL  - {number % 60}", f"IS  - {number % 12}", f"SP  - {number % 900}"]
    lines += [
        f"EP  - {number % 900 + 7}",
        "SN  - 0376-8716",
        f"DO  - http://dx.doi.org/10.1000/x{number}",
        "DB  - Embase",
    ]
    return "\n".join([*lines, "ER  - ", "", ""])


def main(records: int) -> None:
    source = random.Random(1)
    data = "".join(entry(number, source) for number in range(records)).encode()
    print(f"{records} records, {len(data) / 1e6:.0f} MB")
    begin = time.process_time()
    parsed = read_bytes(data, "bench.ris")
    took = time.process_time() - begin
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"copse  {len(parsed.records) / took:9.0f} records/s  {took:6.2f} s  peak {peak:.0f} MB")
    if importlib.util.find_spec("rispy") is None:
        print("rispy  not installed")
        return
    import rispy

    begin = time.process_time()
    count = len(rispy.loads(data.decode()))
    took = time.process_time() - begin
    print(f"rispy  {count / took:9.0f} records/s  {took:6.2f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
