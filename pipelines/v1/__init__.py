"""v1: a soulprint from a sample of the most recent conversations, or from chunks that are already stored."""

NAME = "v1"
NEEDS_STORED_EXPORT = False  # it also takes an inline export, or none at all
