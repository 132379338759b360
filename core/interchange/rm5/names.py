"""The ids of RevMan 5: made of a name, and a name made of them."""

from __future__ import annotations

import re
from collections.abc import Container
from typing import Final

STUDY: Final = "STD"
REFERENCE: Final = "REF"

_KEPT = re.compile(r"[A-Za-z0-9]")
_ESCAPE = re.compile(r"(?:_x[0-9A-Fa-f]{4}_)+")
_UNIT = re.compile(r"_x([0-9A-Fa-f]{4})_")


def id_of(prefix: str, name: str) -> str:
    """The id that RevMan gives to `name`: ``STD-Smith-2001``; a sign that is no letter or digit of English stands as
    ``_x00e9_``, in two such parts when its number needs more than four digits.
    """
    return f"{prefix}-" + "".join(map(_written, name))


def _written(sign: str) -> str:
    if sign == " ":
        return "-"
    if _KEPT.fullmatch(sign):
        return sign
    units = sign.encode("utf-16-be", "surrogatepass")
    return "".join(f"_x{units[n : n + 2].hex()}_" for n in range(0, len(units), 2))


def name_of(id: str) -> str:
    """The name that an id was made of; what stands before the first hyphen is taken as its prefix."""
    return _ESCAPE.sub(_meant, id.partition("-")[2].replace("-", " ") or id)


def _meant(found: re.Match[str]) -> str:
    units = bytes.fromhex("".join(_UNIT.findall(found.group())))
    return units.decode("utf-16-be", "replace")


def reference_id(study_id: str, number: int) -> str:
    """The id of a study's reference, from 1: RevMan gives none to those."""
    return f"{study_id}.{number:02}"


def unique(id: str, taken: Container[str]) -> str:
    """`id`, or where that is taken the first free of ``id~2``, ``id~3`` ...: ids that a file uses twice."""
    number, found = 2, id
    while found in taken:
        found, number = f"{id}~{number}", number + 1
    return found
