"""Text to services, diagnoses, facts and coverage: what questions and notes are read with."""
