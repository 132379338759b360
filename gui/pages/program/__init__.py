"""What concerns the program and no review: its settings, and what it is made of."""
