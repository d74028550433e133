"""The last flags that were known, in memory and on disk."""
