"""Ctrl+K: one field that finds commands, pages, studies, analyses, records and recent reviews."""
