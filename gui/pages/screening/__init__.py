"""The screening page, and the parts it shares with the full-text page."""
