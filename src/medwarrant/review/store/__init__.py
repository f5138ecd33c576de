"""Storage of the review desk: SQLite by default, PostgreSQL where it is named."""
