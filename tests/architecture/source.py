"""Reads the project's own source for the tests of its rules: which modules there are, and what they import."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def modules(package: str) -> list[Path]:
    """Every module of a package, as a path relative to the project."""
    return sorted(path.relative_to(ROOT) for path in (ROOT / package).rglob("*.py"))


@cache
def parse(module: Path) -> ast.Module:
    return ast.parse((ROOT / module).read_text(encoding="utf-8"))


def imports(module: Path) -> Iterator[str]:
    """The dotted names a module imports, anywhere in it; ``from a import b`` yields ``a.b``."""
    for node in ast.walk(parse(module)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = list(module.parent.parts)
            above = package[: len(package) - node.level + 1] if node.level else []
            for alias in node.names:
                yield ".".join([*above, *filter(None, [node.module]), alias.name])


def dotted(module: Path) -> str:
    """The name by which a module is imported."""
    parts = module.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def run_python(code: str) -> str:
    """Run code in a fresh interpreter at the top of the project; its output, with what it complained of on failure."""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@cache
def tracked_files() -> tuple[Path, ...]:
    """Every file of the project: those in version control, and new ones that it does not ignore."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\0")
    return tuple(Path(name) for name in listed if name and (ROOT / name).is_file())
