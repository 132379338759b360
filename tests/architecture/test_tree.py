"""What the files of the project may and must say: no machine, no registry, the pins, the two commands."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

import pytest

from tests.architecture.source import ROOT, imports, modules, tracked_files

MACHINE_PATH = re.compile(rf"(?<![\w.])/({'|'.join(('home', 'root', 'Users', 'work', 'tmp'))})/\w")
DRIVE_PATH = re.compile(r"\b[A-Z]:\\Users\\\w")
REGISTRY = re.compile(rf"({'|'.join(('pypi', 'pythonhosted', 'npmjs', 'debian', 'proxy.golang'))})\.(org|com)\b")
TOP_LEVEL = {"LICENSE", "Makefile", "README.md", "core", "docs", "gui", "main.py", "pyproject.toml", "requirements",
             "resources", "tests"}  # fmt: skip
COMES_WITH = {"PySide6": "pyside6-essentials", "shiboken6": "pyside6-essentials"}
LOCKS = ("requirements/runtime.txt", "requirements/dev.txt")


def text(path: Path | str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def test_no_file_names_a_machine_or_a_registry() -> None:
    offences: list[str] = []
    for path in tracked_files():
        raw = (ROOT / path).read_bytes()
        if b"\0" in raw:
            continue
        for number, line in enumerate(raw.decode("utf-8", errors="replace").splitlines(), 1):
            if any(pattern.search(line) for pattern in (MACHINE_PATH, DRIVE_PATH, REGISTRY)):
                offences.append(f"{path}:{number}: {line.strip()[:100]}")
    assert offences == []


def test_the_top_of_the_tree_stays_tidy() -> None:
    found = {path.parts[0] for path in tracked_files()}
    assert {name for name in found if not name.startswith(".")} - TOP_LEVEL == set()


@pytest.mark.parametrize("lock", LOCKS)
def test_locks_hold_hashes_and_no_addresses(lock: str) -> None:
    pinned = re.split(r"\n(?=[a-z0-9])", re.sub(r"^\s*#.*\n", "", text(lock), flags=re.MULTILINE))
    assert "://" not in text(lock)
    assert not re.search(r"(?m)^\s*(-i|-f|-e|--(?!hash)\S+)", text(lock))
    assert len(pinned) > 10
    assert [entry for entry in pinned if "==" not in entry or "--hash=sha256:" not in entry] == []


def test_everything_asked_for_is_locked() -> None:
    asked = tomllib.loads(text("pyproject.toml"))
    for lock, wanted in zip(LOCKS, (asked["project"]["dependencies"], asked["dependency-groups"]["dev"]), strict=True):
        names = {distribution(requirement) for requirement in wanted}
        assert names <= set(re.findall(r"(?m)^([a-z0-9-]+)==", text(lock)))


def test_both_locks_pin_the_same_versions() -> None:
    pin = re.compile(r"(?m)^([a-z0-9-]+==\S+(?: ; [^\\\n]+)?)")
    runtime, development = (set(pin.findall(text(lock))) for lock in LOCKS)
    assert runtime <= development


def test_qt_is_capped_below_the_version_that_aborts() -> None:
    asked = tomllib.loads(text("pyproject.toml"))["project"]["dependencies"]
    assert "PySide6-Essentials>=6.10,<6.12" in asked
    for lock in LOCKS:
        assert re.search(r"(?m)^pyside6-essentials==6\.1[01]\.", text(lock))


def test_the_readme_starts_with_the_two_commands() -> None:
    quick_start = text("README.md").split("## Quick start", 1)[1].split("\n## ", 1)[0]
    assert re.findall(r"(?m)^make .*$", quick_start) == ["make demo", "make test"]
    assert "sudo apt-get install -y make python3 python3-venv" in quick_start


def test_the_readme_and_the_makefile_know_the_same_commands() -> None:
    targets = set(re.findall(r"(?m)^([a-z]+):", text("Makefile"))) - {"help"}
    assert targets == set(re.findall(r"(?m)(?:^|`)make ([a-z]+)", text("README.md")))


def test_every_package_that_is_imported_is_asked_for() -> None:
    asked = {distribution(wanted) for wanted in tomllib.loads(text("pyproject.toml"))["project"]["dependencies"]}
    source = [module for package in ("core", "gui") for module in modules(package)]
    imported = {name.split(".")[0] for module in source for name in imports(module)}
    foreign = imported - set(sys.stdlib_module_names) - {"core", "gui"}
    assert {COMES_WITH.get(name, name.lower().replace("_", "-")) for name in foreign} <= asked


def distribution(requirement: str) -> str:
    """The name of the package in a requirement such as ``numpy>=2``."""
    return re.split(r"[<>=~! ;\[]", requirement)[0].lower()
