"""Judges what the user holds, has settled and is going to do: beliefs, decisions, commitments and dates."""
