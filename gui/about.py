"""What this program is made of: its own version and licence, the libraries in use, fonts and icons that it ships."""

from __future__ import annotations

import platform
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import qVersion

from core import __version__
from core.language import tr

if TYPE_CHECKING:
    from importlib.metadata import Distribution

LICENSE = "MIT"
LIBRARIES = (
    "PySide6-Essentials", "shiboken6", "SQLAlchemy", "numpy", "scipy", "pandas", "matplotlib", "contourpy", "cycler",
    "kiwisolver", "pillow", "pyparsing", "packaging", "python-dateutil", "tzdata", "fonttools", "lxml", "openpyxl",
    "et_xmlfile", "charset-normalizer", "filelock", "platformdirs", "typing_extensions",
)  # fmt: skip
"""What requirements/runtime.txt installs, greatest first."""
_LONGEST_LICENSE = 60
_CLASSIFIER = "License :: "


@dataclass(frozen=True)
class Part:
    """One thing shipped with Copse. `version` is "" where it has none of its own."""

    name: str
    version: str
    license: str


def libraries() -> list[Part]:
    """The libraries in use as their installed metadata names them; one that is not installed is left out."""
    from importlib import metadata

    parts: list[Part] = []
    for name in LIBRARIES:
        try:
            found = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue
        parts.append(Part(name, found.version, _license(found)))
    return parts


def resources() -> list[Part]:
    """The fonts and icons in resources/, whose licences lie beside them."""
    return [
        Part("Liberation Sans", "2.1.5", "SIL Open Font License 1.1"),
        Part("Lucide icons", "", "ISC; those from Feather: MIT"),
    ]


def platform_line() -> str:
    """Python, Qt and the system, for reports of defects."""
    return f"Python {platform.python_version()}, Qt {qVersion()}, {platform.system()} {platform.release()}"


def as_text(parts: Sequence[Part]) -> str:
    """Everything About shows, to be copied."""
    lines = [f"Copse {__version__} ({LICENSE})", platform_line(), ""]
    lines += ["  ".join(filter(None, (part.name, part.version, part.license))) for part in parts]
    return "\n".join(lines)


def _license(found: Distribution) -> str:
    """The licence in one line: newer metadata has an expression, older a word, a classifier or a whole text."""
    said = found.metadata
    for field in ("License-Expression", "License"):
        value = said[field].strip() if field in said else ""
        if value and "\n" not in value and len(value) <= _LONGEST_LICENSE:
            return value
    classes = [each for each in said.get_all("Classifier") or () if each.startswith(_CLASSIFIER)]
    if classes:
        return re.sub(r"^OSI Approved :: ", "", classes[-1].removeprefix(_CLASSIFIER))
    return tr("see its licence file")
