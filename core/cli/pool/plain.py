"""Results of core.pooling as JSON can hold them: every field at full precision, by its name."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from core.pooling import Displayed, EffectSizes, Note


def plain(value: Any) -> Any:
    """The value as dictionaries, lists, numbers and texts. NaN is null, infinity a text, an interval a list, a note its
    sentence; results that know how readers see them say that too, as "display"."""
    if isinstance(value, Note):
        return value.message
    if isinstance(value, np.ndarray):
        return [plain(entry) for entry in value.tolist()]
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else "Inf" if value > 0 else "-Inf"
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _fields(value)
    if isinstance(value, Mapping):
        return {str(key): plain(entry) for key, entry in value.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in value]  # pyright: ignore[reportUnknownVariableType]
    return value


def _fields(value: Any) -> dict[str, Any]:
    found = {
        field.name: plain(getattr(value, field.name))
        for field in dataclasses.fields(value)
        if not isinstance(getattr(value, field.name), EffectSizes)
    }
    shown = value.display() if callable(getattr(value, "display", None)) else None
    if isinstance(shown, Displayed):
        found["display"] = plain(shown)
    return found
