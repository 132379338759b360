"""The rooms of the house and the arrows between them (docs/ARCHITECTURE.md)."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.architecture.source import ROOT, dotted, imports, modules, parse, run_python

ROOMS = (
    "language",
    "explain",
    "errors",
    "model",
    "pooling",
    "references",
    "screening",
    "extraction",
    "riskofbias",
    "synthesis",
    "figures",
    "interchange",
    "report",
    "policy",
    "store",
    "session",
    "review",
    "example",
    "cli",
)
"""Each room of core/ imports only itself and rooms that stand before it here."""

POOLING_KNOWS = {"language", "errors", "pooling"}
"""The statistics stand by themselves: arrays in, frozen results out."""

SQL_ROOMS = {"store"}
"""Blinding and undo live in the store's queries and operations; SQL anywhere else would go around them."""

HANDLE = "sqlalchemy.Connection"
"""May be passed on to the store's queries by others; no SQL can be written with the name alone."""

NOT_IN_THE_WINDOW = {"sqlite3", "sqlalchemy", "numpy", "scipy", "pandas", "core.store"}

VALUES = ("core.store.queries", "core.store.staging")
"""What the session's reads return is declared beside the queries that fill it; the window names these types, and calls
no query: that would take a connection, which the session does not give away."""

SQL = re.compile(
    r"\s*(SELECT\b.+\bFROM|INSERT\s+INTO|UPDATE\b.+\bSET|DELETE\s+FROM|CREATE\s+(TABLE|INDEX)|DROP\s+TABLE|PRAGMA)\b",
    re.DOTALL,
)

HEAVY = ("pandas", "matplotlib", "scipy.stats", "sklearn")
"""Each costs half a second or more; they are imported inside the function that needs them."""

LONGEST_MODULE = 600


def room(name: str) -> str:
    """The room of core/ that a dotted name lies in; empty for the package itself."""
    return ".".join(name.split(".")[1:2])


def within(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def test_every_module_of_core_stands_in_a_room() -> None:
    assert {room(dotted(module)) for module in modules("core")} - {""} <= set(ROOMS)


def test_rooms_import_only_rooms_before_them() -> None:
    offences: list[str] = []
    for module in modules("core"):
        own = room(dotted(module))
        allowed = POOLING_KNOWS if own == "pooling" else set(ROOMS[: ROOMS.index(own) + 1]) if own else set[str]()
        known = {room(name) for name in imports(module) if within(name, "core")}
        offences += [f"{module} imports {other or 'core itself'}" for other in sorted(known - allowed)]
    assert offences == []


def test_core_names_neither_qt_nor_the_window() -> None:
    offences = [
        f"{module}: {name}"
        for module in modules("core")
        for name in imports(module)
        if within(name, "PySide6") or within(name, "gui") or within(name, "main")
    ]
    assert offences == []


def test_core_is_imported_where_there_is_no_qt() -> None:
    names = [dotted(module) for module in modules("core")]
    run_python(
        "import importlib, sys\n"
        "sys.modules['PySide6'] = None\n"
        f"for name in {names!r}:\n"
        "    importlib.import_module(name)\n"
    )


def test_sql_stays_in_the_store() -> None:
    offences = [
        f"{module}: {name}"
        for module in modules("core")
        if room(dotted(module)) not in SQL_ROOMS
        for name in imports(module)
        if (within(name, "sqlalchemy") or within(name, "sqlite3")) and name != HANDLE
    ]
    assert offences == []


def test_the_window_holds_no_numerics_and_no_sql() -> None:
    offences: list[str] = []
    for module in modules("gui"):
        named = [name for name in imports(module) if not name.startswith(VALUES)]
        offences += [f"{module}: {name}" for name in named if any(within(name, p) for p in NOT_IN_THE_WINDOW)]
        offences += [f"{module}:{line}: {text[:60]!r}" for line, text in texts(module) if SQL.match(text)]
    assert offences == []


def texts(module: Path) -> list[tuple[int, str]]:
    """The string constants of a module, with their lines."""
    return [
        (node.lineno, node.value)
        for node in ast.walk(parse(module))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]


def test_nothing_heavy_is_imported_at_start_up() -> None:
    names = ["main", *(dotted(module) for package in ("core", "gui") for module in modules(package))]
    loaded = run_python(
        "import importlib, sys\n"
        f"for name in {names!r}:\n"
        "    importlib.import_module(name)\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])\n"
    )
    assert loaded.strip() == "[]"


def test_modules_are_short_enough_to_read() -> None:
    lengths = {module: length(module) for module in [Path("main.py"), *modules("core"), *modules("gui")]}
    assert {str(module): lines for module, lines in lengths.items() if lines > LONGEST_MODULE} == {}
    assert lengths[Path("main.py")] < 30


def length(module: Path) -> int:
    return len((ROOT / module).read_text(encoding="utf-8").splitlines())
