"""References: reading files of records, writing them, comparing them and finding duplicates. No SQL, no window."""
