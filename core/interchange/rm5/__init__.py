"""Files of RevMan 5 (.rm5): read into a `ReviewFile`, and written again."""

from core.interchange.rm5.read import read
from core.interchange.rm5.write import write

__all__ = ["read", "write"]
