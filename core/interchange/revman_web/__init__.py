"""RevMan Web's data package: the tables and lists of references that Cochrane publishes with each review."""
