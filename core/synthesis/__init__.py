"""Analyses: from settled values to pooled results. Pure: the store fills the values in, figures show them."""
