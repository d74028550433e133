"""Everybody to the base: done, looked after, and undone."""
