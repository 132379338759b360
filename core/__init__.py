"""Copse's core: everything a systematic review is and does, without a window."""

__version__ = "0.1.0"
