"""The pooling module stays cheap to import and knows nothing of the rest of the program."""

from __future__ import annotations

import subprocess
import sys

HEAVY = ("scipy.stats", "scipy.optimize", "scipy.special", "pandas", "matplotlib", "sklearn", "PySide6", "sqlalchemy")


def test_importing_pooling_loads_nothing_heavy_and_no_other_room():
    script = (
        "import sys; from core import pooling; "
        f"print([name for name in {HEAVY!r} if name in sys.modules], "
        "sorted({name.split('.')[1] for name in sys.modules if name.startswith('core.')}))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[] ['errors', 'language', 'pooling']"
