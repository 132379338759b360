"""When two reviewers' entries for one cell agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.model import Id, derived_id


@dataclass(frozen=True, slots=True)
class Value:
    """What a cell holds: a number, a text, or that the paper does not report it."""

    number: float | None = None
    text: str = ""
    not_reported: bool = False

    @property
    def is_blank(self) -> bool:
        """Whether nothing is said."""
        return self.number is None and not self.text.strip() and not self.not_reported

    def same_as(self, other: Value) -> bool:
        """Numbers agree when they are numerically equal, texts when they are after stripping."""
        return (self.number, self.text.strip(), self.not_reported) == (
            other.number,
            other.text.strip(),
            other.not_reported,
        )


def agreed(values: Sequence[Value], needed: int) -> bool:
    """Whether as many as are needed have answered, and all the same."""
    return len(values) >= max(1, needed) and all(v.same_as(values[0]) for v in values)


def basis(values: Mapping[Id, Value]) -> str:
    """A digest of who had answered what; the same answers give the same digest on every copy."""
    parts: list[bytes | str] = []
    for reviewer_id in sorted(values):
        value = values[reviewer_id]
        number = "" if value.number is None else repr(value.number + 0.0)
        parts += [reviewer_id, number, value.text.strip(), "not reported" if value.not_reported else ""]
    return derived_id(*parts).hex()
