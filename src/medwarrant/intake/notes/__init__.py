"""Clinical notes: sections, statements and facts, and how they join a request."""
