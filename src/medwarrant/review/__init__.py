"""The review desk: cases, states, clocks, facts confirmed by people, decisions, letters, audit, storage."""
