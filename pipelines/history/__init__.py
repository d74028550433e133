"""A user's history: conversations counted, written down as transcripts, and cut into passages and chunks."""
