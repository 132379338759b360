"""What is written and handed on: texts of an imported review, the check of its numbers, files for other programs."""
