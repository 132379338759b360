"""What leaves the review: analyses as figures and as tables of numbers."""
