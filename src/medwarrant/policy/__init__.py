"""Policies as data: the criteria tree, packs and their loading, author checks, selection, prose."""
