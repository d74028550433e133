"""Accepting: what an import gets, and the one commit that makes a job of it."""
