"""Whole reviews as other programs keep them: read into one model, checked, and written again."""
