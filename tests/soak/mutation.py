"""Change one thing in a module at a time and see whether the fast tests notice.

    python -m tests.soak.mutation core/pooling/tau2.py [--only FUNCTION] [--processes 2] < tests.txt

A mutator of our own: the changes are a dozen rules on the syntax tree. The libraries for it need ten packages more,
copy the tree and start Python anew for each mutant, which would take an hour here; this one forks a process that has
pytest, numpy and scipy loaded, so that most mutants cost half a second. Prints one line of JSON for each.
Needs os.fork.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import copy
import gc
import importlib.abc
import importlib.machinery
import importlib.util
import io
import itertools
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, ModuleType

import pytest
import scipy.special  # noqa: F401 - loaded once, for all
from hypothesis import settings
from hypothesis import strategies as _  # noqa: F401

COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE), ast.LtE: (ast.Lt, ast.Gt), ast.Gt: (ast.GtE, ast.LtE), ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,), ast.NotIn: (ast.In,),
}  # fmt: skip
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Pow: ast.Mult, ast.MatMult: ast.Mult,
    ast.FloorDiv: ast.Div, ast.Mod: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip
SECONDS = 20
"""Processor time that a mutant may take; all tests take 3. A loop without end is noticed by this."""
OPTIONS = (
    "-x", "-q", "-c", os.devnull, "--rootdir", "tests/pooling", "--noconftest", "--assert=plain", "-W", "error",
    "--import-mode=importlib", "-p", "no:cacheprovider", "-p", "no:unraisableexception", "-p", "no:threadexception",
)  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """One change: where it is, in words that stay the same when lines move, and the module with it."""

    function: str
    line: int
    before: str
    after: str
    code: CodeType

    @property
    def name(self) -> str:
        return f"{self.function}: `{self.before}` -> `{self.after}`"


Change = Callable[[ast.AST], Iterator[ast.AST | None]]


def constants(node: ast.AST) -> Iterator[ast.AST]:
    """Other constants in place of a constant. Texts stay: what they say is not what these tests are about."""
    if isinstance(node, ast.Constant):
        if isinstance(node.value, bool):
            yield ast.Constant(not node.value)
        elif isinstance(node.value, int | float):
            yield ast.Constant(node.value + 1)
            if abs(node.value) not in (0, 1) or isinstance(node.value, float):
                yield ast.Constant(node.value * 0.5 if node.value else -1.0)


def operators(node: ast.AST) -> Iterator[ast.AST]:
    """Other operators in place of an operator, or none."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        for other in COMPARISONS[type(node.ops[0])]:
            yield ast.Compare(node.left, [other()], node.comparators)
    elif isinstance(node, ast.Compare):
        for i, op in enumerate(node.ops):
            for other in COMPARISONS[type(op)]:
                yield ast.Compare(node.left, [*node.ops[:i], other(), *node.ops[i + 1 :]], node.comparators)
    elif isinstance(node, ast.BinOp) and type(node.op) in ARITHMETIC:
        yield ast.BinOp(node.left, ARITHMETIC[type(node.op)](), node.right)
    elif isinstance(node, ast.AugAssign) and type(node.op) in ARITHMETIC:
        yield ast.AugAssign(node.target, ARITHMETIC[type(node.op)](), node.value)
    elif isinstance(node, ast.UnaryOp):
        yield node.operand
    elif isinstance(node, ast.BoolOp):
        yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)


def choices(node: ast.AST) -> Iterator[ast.AST]:
    """A condition that always or never holds."""
    if isinstance(node, ast.If | ast.IfExp | ast.While):
        for always in (True, False):
            changed = copy.copy(node)
            changed.test = ast.Constant(always)
            yield changed


def statements(node: ast.AST) -> Iterator[ast.AST]:
    """Nothing in place of a result, and a step left out."""
    if isinstance(node, ast.Return) and node.value is not None and not isinstance(node.value, ast.Constant):
        yield ast.Return(ast.Constant(None))
    kept = isinstance(node, ast.Assign) and all(isinstance(target, ast.Name) for target in node.targets)
    called = isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    if isinstance(node, ast.AugAssign) or called or (isinstance(node, ast.Assign) and not kept):
        yield ast.Pass()


CHANGES: tuple[Change, ...] = (constants, operators, choices, statements)


def mutants(path: Path, only: str | None = None) -> Iterator[Mutant]:
    """All mutants of a module's functions, or of one of them."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for function, owner in _functions(tree, ""):
        for place in _nodes(owner) if only in (None, function) else ():
            for change in CHANGES:
                for other in change(place.node):
                    place.put(ast.fix_missing_locations(ast.copy_location(other, place.node)))
                    changed = compile(tree, str(path), "exec")
                    place.put(place.node)
                    before, after, where = (_first_line(node) for node in (place.node, other, place.statement))
                    said = before if before == where else f"{before}` in `{where}"
                    yield Mutant(function, place.statement.lineno, said, after, changed)


def _first_line(node: ast.AST) -> str:
    return ast.unparse(node).split("\n")[0]


def _functions(node: ast.AST, prefix: str) -> Iterator[tuple[str, ast.FunctionDef]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef):
            yield prefix + child.name, child
        elif isinstance(child, ast.ClassDef):
            yield from _functions(child, f"{prefix}{child.name}.")


@dataclass(frozen=True)
class Place:
    """A node, the statement it belongs to, and where it hangs."""

    node: ast.AST
    statement: ast.stmt
    parent: ast.AST
    field: str
    index: int | None

    def put(self, node: ast.AST) -> None:
        """Hang another node there."""
        if self.index is None:
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.index] = node


def _nodes(function: ast.FunctionDef) -> Iterator[Place]:
    """All nodes in the body, and the defaults. Annotations and docstrings stay."""
    waiting = [Place(node, node, function, "body", i) for i, node in enumerate(function.body)]
    waiting += [Place(node, function, function.args, "defaults", i) for i, node in enumerate(function.args.defaults)]
    while waiting:
        place = waiting.pop(0)
        yield place
        for field, value in ast.iter_fields(place.node):
            if field in ("annotation", "returns", "decorator_list", "ctx", "op", "ops"):
                continue
            for i, child in enumerate(value if isinstance(value, list) else [value]):
                if isinstance(child, ast.AST):
                    statement = child if isinstance(child, ast.stmt) else place.statement
                    waiting.append(Place(child, statement, place.node, field, i if isinstance(value, list) else None))


class Mutated(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Loads a module from a tree instead of its file."""

    def __init__(self, name: str, path: Path, code: CodeType) -> None:
        self.name, self.path, self.code = name, path, code

    def find_spec(self, fullname: str, path: object, target: object = None) -> importlib.machinery.ModuleSpec | None:
        if fullname != self.name:
            return None
        return importlib.util.spec_from_loader(fullname, self, origin=str(self.path))

    def exec_module(self, module: ModuleType) -> None:
        exec(self.code, module.__dict__)


def start(mutant: Mutant, path: Path, tests: Sequence[str]) -> int:
    """The process in which the tests run on this mutant: its exit code is 0 when they notice nothing."""
    child = os.fork()
    if child:
        return child
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    name = ".".join(path.with_suffix("").parts)
    sys.meta_path.insert(0, Mutated(name, path, mutant.code))
    os._exit(run(tests))


def run(tests: Sequence[str]) -> int:
    """The exit code of pytest, up to the first failure; with few examples and without what takes time at its end."""
    settings.register_profile("mutation", max_examples=10, derandomize=True, database=None, deadline=None)
    settings.load_profile("mutation")
    return int(pytest.main([*OPTIONS, *tests]))


def judge(path: Path, tests: Sequence[str], processes: int, only: str | None) -> Iterator[dict[str, object]]:
    """Every mutant with what became of it, in the order in which they end."""
    running: dict[int, tuple[Mutant, float]] = {}
    waiting = mutants(path, only)
    while True:
        for mutant in itertools.islice(waiting, processes - len(running)):
            running[start(mutant, path, tests)] = (mutant, time.monotonic())
        if not running:
            return
        child, status = os.wait()
        mutant, began = running.pop(child)
        outcome = "survived" if status == 0 else "killed" if os.WIFEXITED(status) else "stopped"
        yield {"name": mutant.name, "line": mutant.line, "outcome": outcome, "seconds": time.monotonic() - began}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("module", type=Path)
    parser.add_argument("--only", help="mutants of this function only")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    args = parser.parse_args()
    tests = sys.stdin.read().split()
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    sys.dont_write_bytecode = False
    sys.pycache_prefix = tempfile.mkdtemp(prefix="copse-mutants-")
    with contextlib.redirect_stdout(io.StringIO()):
        pytest.main([*OPTIONS, "--collect-only", __file__])  # loads all of pytest
    gc.freeze()
    unchanged = Mutant("", 0, "", "", compile(args.module.read_bytes(), str(args.module), "exec"))
    if os.waitpid(start(unchanged, args.module, tests), 0)[1]:
        parser.error("the tests fail without any change")
    for found in judge(args.module, tests, args.processes, args.only):
        print(json.dumps(found), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
