"""The catalogues of texts: `python -m tests.tools.language` brings every .po in line with the code and compiles it.

Texts are found where they are said (`tr`, `counted`), marked (`mark`, `phrase`), raised (an error's or an operation's
dotted code is followed by its sentence), and in the risk-of-bias tools.
"""

from __future__ import annotations

import ast
import io
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from core.store.schema import STATE_TABLES

ROOT = Path(__file__).parent.parent.parent
FOLDER = ROOT / "resources" / "i18n"
_ENGLISH = ("core/cli/", "gui/gallery/", "core/example/")
"""English on purpose: the command line, the samples of the gallery, the example review."""
_ONE = {"tr", "mark", "phrase"}
_ERRORS = {"CopseError", "InputError", "NotAllowed", "Conflict", "FileProblem"}


@dataclass(frozen=True)
class Text:
    """One message: what the catalogue looks it up by, and the file it stands in."""

    file: str
    one: str
    many: str = ""
    context: str = ""

    @property
    def id(self) -> str | tuple[str, str]:
        """How Babel names it."""
        return (self.one, self.many) if self.many else self.one


def texts() -> list[Text]:
    """Every text of the program, in the order of the files."""
    found: list[Text] = []
    for path in sorted([ROOT / "main.py", *(ROOT / "core").rglob("*.py"), *(ROOT / "gui").rglob("*.py")]):
        name = path.relative_to(ROOT).as_posix()
        if not name.startswith(_ENGLISH):
            found += [Text(name, *parts) for parts in _of_module(ast.parse(path.read_text(encoding="utf-8")))]
    found += [Text("core/store/schema.py", table.replace("_", " ")) for table in STATE_TABLES]
    for path in sorted((ROOT / "resources" / "riskofbias").glob("*.toml")):
        tool = tomllib.loads(path.read_text(encoding="utf-8"))
        found += [Text(path.relative_to(ROOT).as_posix(), text) for text in _of_tool(tool)]
    return found


def _of_module(tree: ast.Module) -> Iterator[tuple[str, ...]]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        given = [_constants(argument) for argument in node.args]
        if name in _ONE and given:
            yield from ((text,) for text in given[0])
        elif (
            name in ("counted", "add") and len(node.args) >= 2
        ):  # `add` of what is left to do: code, number, page first
            places = (0, 1) if name == "counted" else (3, 4)
            if len(given) > places[1] and given[places[0]] and given[places[1]]:
                yield given[places[0]][0], given[places[1]][0]
        elif name == "pgettext" and len(given) == 2 and given[0] and given[1]:
            yield given[1][0], "", given[0][0]
        elif name in _ERRORS and len(given) >= 2:
            yield from ((text,) for text in given[1])
        elif name in ("_filled", "checked_label"):
            yield from ((text,) for texts_ in given for text in texts_)
        elif len(given) >= 2 and given[0] and "." in given[0][0] and " " not in given[0][0]:
            yield from ((text,) for text in given[1] if " " in text or name == "operation")


def _constants(node: ast.expr) -> list[str]:
    if isinstance(node, ast.Constant):
        return [node.value] if isinstance(node.value, str) and node.value else []
    if isinstance(node, ast.IfExp):
        return [*_constants(node.body), *_constants(node.orelse)]
    return []


def _of_tool(tool: dict[str, Any]) -> Iterator[str]:
    yield from (str(tool[key]) for key in ("title", "licence"))
    for level in tool["levels"]:
        yield level["label"]
        yield level["label"].removesuffix(" risk")
    for domain in tool["domains"]:
        yield from (domain[key] for key in ("name", "short", "bias", "support") if domain.get(key))
        yield from (sentence for sentences in domain["criteria"].values() for sentence in sentences)


def template() -> Catalog:
    """What a catalogue has to hold."""
    catalog = Catalog(project="Copse", charset="utf-8")
    for text in texts():
        catalog.add(text.id, locations=[(text.file, 0)], context=text.context or None)
    return catalog


def po_files() -> list[Path]:
    """The catalogue of each language."""
    return sorted(FOLDER.glob("*/LC_MESSAGES/copse.po"))


def read(path: Path) -> Catalog:
    """A catalogue from its file."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name)


def compiled(catalog: Catalog) -> bytes:
    """What gettext reads."""
    out = io.BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def update(path: Path) -> tuple[int, int]:
    """Bring a catalogue in line with the code; how many texts it holds, and how many lack their translation."""
    catalog = read(path)
    catalog.update(template(), no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete.clear()
    with path.open("wb") as file:
        write_po(file, catalog, width=120, include_lineno=False, ignore_obsolete=True)
    path.with_suffix(".mo").write_bytes(compiled(catalog))
    return len(catalog), len(missing(catalog))


def missing(catalog: Catalog) -> list[str]:
    """The texts without a translation, or with one that somebody has still to look at."""
    found: list[str] = []
    for message in catalog:
        if message.id:
            said = message.string if isinstance(message.string, tuple | list) else (message.string,)
            if message.fuzzy or not all(said):
                found.append(message.id if isinstance(message.id, str) else message.id[0])
    return found


def main() -> int:
    """Update all; says what is missing."""
    lacking = 0
    for path in po_files():
        total, lacks = update(path)
        lacking += lacks
        print(f"{path.parent.parent.name}: {total:,} texts, {lacks:,} without a translation")
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main())
