"""Risk of bias: the tools as data, and what follows from reviewers' judgements."""
