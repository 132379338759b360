"""Everything the gallery shows. A new widget is one entry in one of these sections."""

from __future__ import annotations

from gui.gallery.chrome import CHROME, TABLES
from gui.gallery.colours import COLOURS, ICONS
from gui.gallery.controls import BUTTONS, FIELDS
from gui.gallery.entries import Section
from gui.gallery.figures import FIGURES
from gui.gallery.marks import MARKS, TEXT
from gui.gallery.numbers import NUMBERS
from gui.gallery.surfaces import MESSAGES, SURFACES
from gui.gallery.work import WORK

SECTIONS: tuple[Section, ...] = (
    BUTTONS,
    FIELDS,
    MARKS,
    MESSAGES,
    SURFACES,
    CHROME,
    TABLES,
    NUMBERS,
    WORK,
    FIGURES,
    TEXT,
    COLOURS,
    ICONS,
)
