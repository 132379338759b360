"""A reviewer's session: what they can do to the review, an object per part of it, and what they may read."""
