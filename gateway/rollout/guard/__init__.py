"""Judges a pipeline that is being rolled out by what its jobs did, and may lower the dial; it never raises it."""
