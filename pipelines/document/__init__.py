"""The documents that a person reads: Markdown made from sections, facts and counts."""
