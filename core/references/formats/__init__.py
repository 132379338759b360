"""The formats of reference files Copse reads; a new one is one module and one line here."""

from __future__ import annotations

from core.references.formats import delimited, enw, nbib, ovid, refworks, ris, wos
from core.references.formats.base import Entry, Format

FORMATS: tuple[Format, ...] = (
    ris.FORMAT,
    nbib.FORMAT,
    ovid.FORMAT,
    wos.FORMAT,
    refworks.FORMAT,
    enw.FORMAT,
    delimited.FORMAT,
)

__all__ = ["FORMATS", "Entry", "Format"]
