"""v2: facts from every conversation, a MEMORY made of them, and five sections from the best conversations."""

NAME = "v2"
NEEDS_STORED_EXPORT = True
