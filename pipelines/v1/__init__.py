"""v1: a soulprint from a sample of the most recent conversations, or from chunks that are already stored."""
