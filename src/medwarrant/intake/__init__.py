"""From what people give (questions, notes, structured files) to a Request."""
