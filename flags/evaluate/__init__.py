"""Deciding from a document: compiled where the form is known, else by the SDK."""
