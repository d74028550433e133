"""Flags from a file that is watched."""
