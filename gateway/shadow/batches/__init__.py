"""Comparisons that ask by batches: put aside while a batch is under way, and taken up again when it has ended."""
