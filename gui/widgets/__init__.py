"""The window's own widgets. Each reads `gui.theme` when it paints and knows nothing of a review."""
