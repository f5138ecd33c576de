"""What was tried before, as a text tells it: a reader for each kind of event, and what they share."""
