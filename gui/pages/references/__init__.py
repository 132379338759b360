"""References: import, the table of records, sources, duplicates."""
