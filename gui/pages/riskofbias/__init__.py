"""Risk of bias: judging studies domain by domain, and settling what the reviewers judged."""
