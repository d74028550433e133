"""Frames for any verb or noun, where no closer frame has read the clause: I mentor teenagers."""
