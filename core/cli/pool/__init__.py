"""The parts of the command `pool`: the table, the pooled result, and one entry for each further analysis."""
