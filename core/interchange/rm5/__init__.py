"""Files of RevMan 5 (.rm5): read into a `ReviewFile` (`rm5.read.read`), and written again (`rm5.write.write`).

Nothing is imported here: ids and words of the format are wanted without loading lxml.
"""
