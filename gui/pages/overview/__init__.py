"""Overview: the flow and what is left to do."""
