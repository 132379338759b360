"""The window. It holds no statistics, no SQL and no rule of the domain: it asks a `core.review.Session`."""
