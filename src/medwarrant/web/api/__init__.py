"""JSON: the twins of the pages, and what only programs ask for."""
