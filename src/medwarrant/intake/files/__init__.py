"""Files of several kinds to text, with the way back to the characters of the original."""
