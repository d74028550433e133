"""What is remembered of a user over imports: which fact is which, what ends it, what is told, what is forgotten."""
