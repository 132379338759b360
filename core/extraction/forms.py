"""The fields of a team's own form: what kinds there are, and which answers they take."""

from __future__ import annotations

import enum
import math
from collections.abc import Sequence

from core.errors import InputError
from core.extraction.compare import Value


class FieldKind(enum.StrEnum):
    """What a form field asks for."""

    TEXT = "text"
    NUMBER = "number"
    CHOICE = "choice"


def check_answer(kind: FieldKind, options: Sequence[str], value: Value, cell: str, place: str) -> None:
    """InputError unless the field takes this answer. That a study does not report it is an answer to any field."""
    if value.not_reported:
        return
    if kind is FieldKind.NUMBER:
        if value.number is None or not math.isfinite(value.number):
            raise InputError(
                "extraction.number_wanted",
                "“{cell}” of {place} takes a number. Nothing was changed.",
                cell=cell,
                place=place,
            )
    elif value.number is not None:
        raise InputError(
            "extraction.text_wanted",
            "“{cell}” of {place} takes a text, not a number. Nothing was changed.",
            cell=cell,
            place=place,
        )
    elif kind is FieldKind.CHOICE and value.text.strip() not in options:
        raise InputError(
            "extraction.no_such_choice",
            "“{answer}” is not one of the choices of “{cell}” ({place}): {options}. Nothing was changed.",
            answer=value.text.strip(),
            cell=cell,
            place=place,
            options=", ".join(options),
        )
