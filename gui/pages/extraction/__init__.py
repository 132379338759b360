"""Extraction: the studies, what one enters on each, the comparison of both reviewers' entries, and the team's form."""
