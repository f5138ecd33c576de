"""Proposals of a language model: optional, off by default, and without effect until a person confirms."""
