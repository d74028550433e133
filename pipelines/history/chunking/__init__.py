"""Cutting conversations into pieces: deterministic, nothing of the text lost."""
