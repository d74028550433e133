"""Jobs: what waits, runs, failed."""
