"""The start page: recent reviews, New review, Open, the example review."""
