"""Files of RevMan 5 (.rm5): read into a `ReviewFile`, and written again."""
