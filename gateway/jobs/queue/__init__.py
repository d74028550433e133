"""The queue: its names, the engine behind it, and taking entries from it."""
