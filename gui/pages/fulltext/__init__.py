"""The full-text page."""
