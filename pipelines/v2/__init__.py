"""v2: facts from every conversation, a MEMORY made of them, and five sections from the best conversations."""
