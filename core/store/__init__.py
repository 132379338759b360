"""The only room that speaks SQL: schema, operation log, undo, merge, search, attachments and the review's file."""
