"""Copse's core: everything a systematic review is and does, without a window."""
