"""A flag document: its form, what the gateway reads of it, and the one that it begins with."""
