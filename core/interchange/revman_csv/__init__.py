"""RevMan 5's "Export analysis data": one CSV with a line for every comparison, analysis, subgroup and study's row.

The person who exports chooses columns, separator and quotes. What a line is shows by its numbers: a comparison has
outcome 0, the first line of an outcome is its result, the first line of each subgroup above 0 the subgroup's, all
others are rows. Settings that the file has no column for (totals, confidence level, whether effects are logarithms) are
found from its numbers. Columns and their meaning: headings of a real export; numbers have eight decimals.
"""

from core.interchange.revman_csv.read import FORMAT, read, read_bytes, recognise
from core.interchange.revman_csv.write import write

__all__ = ["FORMAT", "read", "read_bytes", "recognise", "write"]
