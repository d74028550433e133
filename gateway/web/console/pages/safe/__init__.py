"""Is it safe?: what is known of the candidate, and what is not yet."""
