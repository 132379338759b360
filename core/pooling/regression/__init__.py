"""Meta-regression and what stands on it: predictions, permutation tests, subgroups with one tau2, Egger's test."""
