"""Cutting conversations into pieces: pure, deterministic, nothing of the text lost."""
