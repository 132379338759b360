"""Every language has every text, with the same braces, and the compiled catalogue is the written one."""

from __future__ import annotations

import ast
import string
from pathlib import Path

import pytest

from core.language import ENGLISH, available
from tests.tools.language import ROOT, compiled, missing, po_files, read, template

SAYING = {"tr", "counted", "figure", "inside", "day"}
PO = {path.parent.parent.name: path for path in po_files()}


def braces(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def forms(text: str | tuple[str, ...] | list[str]) -> list[str]:
    return [text] if isinstance(text, str) else list(text)


def test_there_is_a_language_besides_english() -> None:
    assert available() == sorted(PO) != []
    assert ENGLISH not in PO


@pytest.mark.parametrize("code", PO)
def test_a_catalogue_holds_every_text_of_the_code_and_no_other(code: str) -> None:
    wanted = {(message.id, message.context) for message in template()}
    held = {(message.id, message.context) for message in read(PO[code])}
    assert wanted - held == set(), "run make language, then translate what is new"
    assert held - wanted == set(), "run make language"


@pytest.mark.parametrize("code", PO)
def test_every_text_is_translated(code: str) -> None:
    assert missing(read(PO[code])) == []


@pytest.mark.parametrize("code", PO)
def test_a_translation_fills_in_what_the_original_does(code: str) -> None:
    wrong: list[str] = []
    for message in read(PO[code]):
        if message.id:
            originals = [braces(text) for text in forms(message.id)]
            known, needed = set.union(*originals), set.intersection(*originals) - {"n"}
            wrong += [said for said in forms(message.string) if said and not needed <= braces(said) <= known]
    assert wrong == []


@pytest.mark.parametrize("code", PO)
def test_the_compiled_catalogue_is_the_written_one(code: str) -> None:
    path = PO[code]
    assert path.with_suffix(".mo").read_bytes() == compiled(read(path)), "run make language"


def test_core_says_nothing_as_it_is_imported() -> None:
    """The language is chosen after core is imported: a text said at the head of a module would stay English."""
    early = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in (ROOT / "core").rglob("*.py")
        for node in said_at_the_head(path)
    ]
    assert early == []


def said_at_the_head(path: Path) -> list[ast.Call]:
    found: list[ast.Call] = []
    waiting: list[ast.AST] = [ast.parse(path.read_text(encoding="utf-8"))]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in {"tr", "counted", "figure"}
        ):
            found.append(node)
        waiting += ast.iter_child_nodes(node)
    return found
