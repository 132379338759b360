"""`check`: whether a review's file is whole."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from core.cli.common import parser


def run(arguments: Sequence[str]) -> int:
    """Print what is wrong; exit code 1 when something is."""
    one = parser("check", "Check a review's file: its history must give exactly its contents. Shows no judgement.")
    one.add_argument("project", type=Path, metavar="PROJECT", help="the review's file (.copse)")
    options = one.parse_args(arguments)
    from core.review import Review

    review = Review.open(options.project)
    try:
        found = review.check()
    finally:
        review.close()
    print("\n".join(found) if found else f"{options.project.name}: all is well")
    return 1 if found else 0
