"""One module for each kind of reference case; its ``METHODS`` maps the methods of the cases to functions."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable

from tests.reference.runners.values import Case, Values


def gathered() -> dict[str, Callable[[Case], Values]]:
    """The functions of all modules here."""
    found: dict[str, Callable[[Case], Values]] = {}
    for entry in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{entry.name}")
        found.update(getattr(module, "METHODS", {}))
    return found
