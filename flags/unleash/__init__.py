"""Flags from an Unleash server: its API, its poll and what is reported to it."""
