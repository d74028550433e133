"""Judges what was read: only a value that a person could read alone, and understand, is told."""
