"""Figures: each is laid out as positioned primitives by a pure function, then painted from those to screen or file."""
