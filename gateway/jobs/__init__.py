"""Jobs: what is kept of one, how it is accepted, queued, run and published."""
