"""Comparing two results: what differs, in which field, and which is the better one. Knows no database and no clock."""
