"""Reviews of other programs in the window: what was read from the file, whether its numbers match, its texts."""
