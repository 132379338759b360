"""Analysis: comparisons and their analyses, the data grid, the settings, and the live forest plot."""
