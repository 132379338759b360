"""Extraction: which statistics a result needs, what is wrong with an entered value, and when two entries agree."""
