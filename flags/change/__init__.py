"""Changing flags: an edit of a document, its preview, and what can go wrong."""
